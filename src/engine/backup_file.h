// The file of a backup: a book's records and secrets in a form that belongs to no database.
// Format: docs/formats/backup.md.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"
#include "crypto/digest.h"
#include "engine/record.h"
#include "engine/secrets.h"

namespace jangbu::engine {

inline constexpr std::uint16_t backup_version = 1;

/// What a backup says about itself.
struct BackupManifest {
  Instant created_at;    // wall time
  std::string database;  // what it was read from: "sqlite" or "postgres"
  std::uint64_t epoch = 0;
  std::uint64_t records = 0;  // the number of the last one
  Hash root_hash;             // its hash, which covers all records
  Instant business_at;

  friend bool operator==(const BackupManifest&, const BackupManifest&) = default;
};

enum class Overwrite : bool { no, yes };

/// Renames a finished file and makes the new name durable. Errors: already_exists (nothing is changed),
/// io_error.
Status move_into_place(const std::string& from, const std::string& to, Overwrite overwrite);

/// Writes PATH.new, which becomes PATH with finish(). One thread. After an error only the destructor may
/// follow; it removes what was not finished.
class BackupWriter {
 public:
  /// Errors: already_exists when PATH does, database_busy when another process writes PATH.new, io_error.
  static Result<std::unique_ptr<BackupWriter>> create(const std::string& path, Overwrite overwrite);
  ~BackupWriter();
  BackupWriter(const BackupWriter&) = delete;
  BackupWriter& operator=(const BackupWriter&) = delete;

  /// To be called first, once.
  Status begin(const BackupManifest& manifest, std::span<const Secret> secrets);
  /// Every record in order, the first one first.
  Status add(const Record& record);
  /// Ends the file, makes it durable and gives it its name. Error: already_exists when somebody else took
  /// the name meanwhile, io_error.
  Status finish();

 private:
  BackupWriter(std::string path, Overwrite overwrite, int descriptor);
  Status put(ByteView bytes);
  Status put_frame(ByteView content);
  Status flush();

  std::string path_;
  Overwrite overwrite_;
  int descriptor_;
  bool finished_ = false;
  Bytes buffer_;  // not yet written
  Bytes frame_;
  std::uint64_t count_ = 0;
  crypto::Sha256Stream digest_;
};

/// Reads a backup and checks it on the way. Nothing read is proven before next() has said that there is no
/// more: whoever acts on it earlier must be able to take that back. One thread; nothing may follow an error.
///
/// Errors: verification_failed saying what is wrong and where, invalid_encoding when this is no backup of a
/// known version, io_error.
class BackupReader {
 public:
  static Result<std::unique_ptr<BackupReader>> open(const std::string& path);
  ~BackupReader();
  BackupReader(const BackupReader&) = delete;
  BackupReader& operator=(const BackupReader&) = delete;

  [[nodiscard]] const BackupManifest& manifest() const { return manifest_; }
  [[nodiscard]] const std::vector<Secret>& secrets() const { return secrets_; }
  /// The next record, whose hash follows from all before it; nothing at the end, once the whole file agrees
  /// with its digest and its manifest.
  Result<std::optional<Record>> next();

 private:
  BackupReader(std::string path, int descriptor);
  Status read_start();
  Status read_secrets();
  Status read_end();
  /// Exactly `size` bytes; `where` is what they belong to. The view lives until the next call.
  Result<ByteView> take(std::size_t size, const std::string& where);
  Result<ByteView> take_frame(const std::string& where);
  [[nodiscard]] Error wrong(const std::string& what) const;

  std::string path_;
  int descriptor_;
  Bytes buffer_;
  std::size_t position_ = 0;  // in the buffer: what is before was taken
  BackupManifest manifest_;
  std::vector<Secret> secrets_;
  std::uint64_t number_ = 0;
  Hash hash_;
  crypto::Sha256Stream digest_;
};

/// Whether the file begins as a backup does, of whatever version.
bool is_backup_file(const std::string& path);

}  // namespace jangbu::engine
