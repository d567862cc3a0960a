// One SQLite connection with its prepared statements. sqlite3.h stays in the .cpp files of this folder.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/result.h"
#include "store/database.h"

struct sqlite3;
struct sqlite3_stmt;

namespace jangbu::store::sqlite {

/// What SQLite's result code and message mean to our callers. `db` may be null.
Error error_of(sqlite3* db, int code);

struct StatementDeleter {
  void operator()(sqlite3_stmt* statement) const;
};
using Statement = std::unique_ptr<sqlite3_stmt, StatementDeleter>;

enum class Access : std::uint8_t {
  create,     // read and write, the file is created when missing
  existing,   // the same, but the file must exist
  read_only,  // never writes the database; may rebuild the shared-memory index beside it
  immutable,  // reads the file without locks or index: nobody may write it meanwhile
};

struct ConnectionOptions {
  std::string path;  // a file, or "/name" with the vfs "memdb"
  std::string vfs;   // empty: the system's
  Access access = Access::existing;
  bool synchronous_full = true;
  std::int64_t page_cache_kib = 16 * 1024;
  /// Whether closing the last connection may copy the write-ahead log into the database: only the writer's
  /// may.
  bool checkpoint_on_close = false;
  /// Refuses every statement that writes.
  bool query_only = false;
};

/// Not thread-safe: one thread at a time.
class Connection {
 public:
  static Result<std::unique_ptr<Connection>> open(const ConnectionOptions& options);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection();

  /// Binds, steps to the end or until `on_row` returns false, and leaves the statement ready for its next
  /// use, also when `on_row` throws.
  Status run(const Sql& sql, std::span<const Value> parameters, const RowHandler* on_row);
  /// The same for a text that is not kept.
  Status run_text(std::string_view sql, std::span<const Value> parameters, const RowHandler* on_row);
  Status run_script(std::string_view sql);
  /// One plain statement of our own, without macros.
  Status pragma(const std::string& sql);

  /// Whether SQLite itself still has a transaction open.
  [[nodiscard]] bool in_transaction() const;
  /// The last result code, with its extended part.
  [[nodiscard]] int last_code() const;
  /// Raises or lowers what a database of the vfs "memdb" may hold.
  Status limit_memory(std::int64_t bytes);
  /// Writes every byte of the write-ahead log again, the same as it is, and syncs it. Inside a transaction
  /// that writes, so that nobody else does.
  ///
  /// A sync that fails tells it once: the kernel then takes what it could not write for written, keeps it in
  /// memory only, and the next sync succeeds without it. What is written anew through a file that was opened
  /// since, and synced through that, is on the disk. A checkpoint would not do in its place: it would copy
  /// the newest pages into the database while the log on the disk may end before them, and after a power loss
  /// the older pages of that log would hide some of them.
  Status rewrite_log();
  /// From now on closing never checkpoints: the state of the files is not known.
  void forbid_checkpoint_on_close();
  [[nodiscard]] sqlite3* handle() const { return db_; }

 private:
  explicit Connection(sqlite3* db) : db_(db) {}
  Result<Statement> prepare(std::string_view sql, bool keep);
  Status configure(const ConnectionOptions& options);
  Status step_through(sqlite3_stmt* statement, std::span<const Value> parameters, const RowHandler* on_row);

  sqlite3* db_;
  std::unordered_map<const Sql*, Statement> statements_;
};

}  // namespace jangbu::store::sqlite
