// What was noted of a book elsewhere, and must be in it still. The chain of hashes has no key: whoever writes
// the book anew, or leaves its newest records out, makes a chain that is as good. A hash that was kept where
// they cannot write tells.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "engine/backup_file.h"
#include "engine/record.h"

namespace jangbu::engine {

/// A record and its hash, which covers all records before it. People write it "22:0xb3b6...".
struct Checkpoint {
  std::uint64_t number = 0;
  Hash hash;

  friend bool operator==(const Checkpoint&, const Checkpoint&) = default;
};

std::string to_string(const Checkpoint& checkpoint);
/// Error: invalid_encoding.
Result<Checkpoint> parse_checkpoint(std::string_view text);

/// Compares records, as they pass by in order from the first on, with checkpoints and with an earlier backup.
class Checkpoints {
 public:
  void add(const Checkpoint& checkpoint);
  /// Every record of this backup. Errors: those of BackupReader::open.
  Status add_backup(const std::string& path);

  /// The next record. Errors: verification_failed naming it; those of BackupReader.
  Status check(const Record& record);
  /// The record of number `last` was the last one. Errors: verification_failed naming a record that is
  /// missing; those of BackupReader.
  Status finish(std::uint64_t last);

 private:
  std::multimap<std::uint64_t, Hash> noted_;  // those that did not pass by yet
  std::string backup_path_;
  std::unique_ptr<BackupReader> backup_;  // until it is read through
};

}  // namespace jangbu::engine
