// The database port: one small interface over SQLite (embedded) and PostgreSQL (scale-out), one portable SQL
// text.
//
// The portable subset: parameters $1..$n in ascending order of first appearance; types BIGINT, BLOB (written
// as the macro {BLOB}) and TEXT ({TEXT_C} when it is compared or ordered: bytewise on both); `{ROWID_KEY}`
// for an integer primary key; `{WITHOUT_ROWID}` after a table whose key is its storage order; `{NOT_INDEXED}`
// after a table in FROM whose own copy of the columns is to be read, not an index's; INSERT ... ON CONFLICT;
// no AUTOINCREMENT or sequences, no arithmetic on money, no clock functions. SUM needs CAST(... AS BIGINT).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace jangbu::store {

/// One SQL statement of the program. Define each as a constant with static storage: sessions keep the
/// prepared statement by the address of this object.
struct Sql {
  const char* text;
  explicit constexpr Sql(const char* sql) : text(sql) {}
  Sql(const Sql&) = delete;
  Sql& operator=(const Sql&) = delete;
};

/// A parameter. Text and blobs are views: they must live until the call returns (the session copies what it
/// queues).
class Value {
 public:
  enum class Type : std::uint8_t { null, integer, text, blob };

  static Value null() { return Value(Type::null, 0, {}); }
  static Value integer(std::int64_t v) { return Value(Type::integer, v, {}); }
  /// A number of ours that is never above 2^63-1 (INVARIANT).
  static Value number(std::uint64_t v);
  static Value text(std::string_view v) { return Value(Type::text, 0, v); }
  static Value blob(ByteView v) { return Value(Type::blob, 0, v); }

  [[nodiscard]] Type type() const { return type_; }
  [[nodiscard]] std::int64_t as_integer() const { return integer_; }
  [[nodiscard]] std::string_view as_bytes() const { return bytes_; }

 private:
  Value(Type type, std::int64_t v, std::string_view bytes) : type_(type), integer_(v), bytes_(bytes) {}
  Type type_;
  std::int64_t integer_;
  std::string_view bytes_;
};

/// One row of a result, valid only inside the callback that receives it. Columns count from 0. Asking a
/// column for what it is not (the integer of NULL or of text, the bytes of an integer) breaks an INVARIANT;
/// the bytes of NULL are empty.
class Row {
 public:
  virtual ~Row() = default;
  [[nodiscard]] virtual bool is_null(int column) const = 0;
  [[nodiscard]] virtual std::int64_t integer(int column) const = 0;
  [[nodiscard]] std::uint64_t number(int column) const { return static_cast<std::uint64_t>(integer(column)); }
  /// TEXT or BLOB; the view dies with the row.
  [[nodiscard]] virtual ByteView bytes(int column) const = 0;
  [[nodiscard]] virtual int columns() const = 0;
  /// Whether this very value is a BLOB: on SQLite a column's type binds nobody, and to text no BLOB is equal.
  [[nodiscard]] virtual bool is_blob(int column) const = 0;
};

/// Called for each row in order; return false to stop early.
using RowHandler = std::function<bool(const Row&)>;

enum class CommitOutcome : std::uint8_t {
  committed,    // durable
  rolled_back,  // certainly not stored; the error says why
  unknown,      // connection lost or sync failed during COMMIT: open a new session and look
};

struct CommitResult {
  CommitOutcome outcome;
  std::optional<Error> error;  // set unless committed
};

/// One connection. Not thread-safe: one thread at a time. After an error inside a transaction only rollback()
/// is allowed; after `database_unavailable` or CommitOutcome::unknown the session is broken: destroy it, open
/// another.
///
/// execute() and commit() need a transaction (INVARIANT); query() works with and without one. A callback may
/// run other queries on its session, and may throw: the session stays usable.
///
/// Errors of every call: database_unavailable, database_busy, disk_full, database_constraint, database_error,
/// database_corrupt, io_error.
class Session {
 public:
  virtual ~Session() = default;

  /// A read-write transaction. On SQLite BEGIN IMMEDIATE; on PostgreSQL READ COMMITTED.
  virtual Status begin() = 0;
  /// A read-only snapshot of one moment: every query until end_snapshot() sees the same state. The moment is
  /// not before this call and not after the first query.
  virtual Status begin_snapshot() = 0;
  virtual void end_snapshot() = 0;
  /// Writes that execute() queued are part of the commit; their errors surface here as rolled_back.
  virtual CommitResult commit() = 0;
  /// Never fails; safe to call when no transaction is open.
  virtual void rollback() = 0;

  /// Runs a query now. Sees all earlier execute() calls of this transaction.
  virtual Status query(const Sql& sql, std::span<const Value> parameters, const RowHandler& on_row) = 0;
  Status query(const Sql& sql, std::initializer_list<Value> parameters, const RowHandler& on_row) {
    return query(sql, std::span<const Value>(parameters.begin(), parameters.size()), on_row);
  }

  /// Runs the same query once for each parameter set, in one round trip where the database has round trips.
  /// `on_row` gets the index of the parameter set.
  virtual Status query_each(const Sql& sql, std::span<const std::vector<Value>> parameter_sets,
                            const std::function<void(std::size_t, const Row&)>& on_row) = 0;

  /// Queues a write; its rows and errors are not waited for. SQLite runs it at once, PostgreSQL sends it in
  /// the pipeline. An error may surface here, at the next query() or at commit().
  virtual Status execute(const Sql& sql, std::span<const Value> parameters) = 0;
  Status execute(const Sql& sql, std::initializer_list<Value> parameters) {
    return execute(sql, std::span<const Value>(parameters.begin(), parameters.size()));
  }

  /// Runs SQL text that is not a constant of the program (migrations, checks): one or more statements, no
  /// parameters, not prepared, not cached, macros expanded.
  virtual Status run_script(std::string_view sql) = 0;
  /// A query whose text is made at run time (table comparison in verify). Not cached.
  virtual Status query_text(std::string_view sql, std::span<const Value> parameters,
                            const RowHandler& on_row) = 0;
};

/// What the writer's session can do beyond a Session.
class WriterSession : public Session {
 public:
  /// Whether this session (still) holds the exclusive right to write. SQLite: the data directory's lock file,
  /// held by this process. PostgreSQL: a session-level advisory lock, so that a dead writer loses it with its
  /// connection and no transaction can outlive the right it was started under.
  [[nodiscard]] virtual bool holds_write_lock() const = 0;
  /// Tries once to get the right. true when this session holds it now.
  virtual Result<bool> try_write_lock() = 0;
  /// Like begin(), but waits until no other session is in a transaction of this kind: for migrations, which
  /// several nodes may start at once. Error database_busy when another one takes longer than a minute.
  virtual Status begin_exclusive() = 0;
  /// Makes all that this session can see as durable as a commit of its own. Needed before anybody is told of
  /// what an earlier session or process left behind: what can be read was not therefore made durable. Between
  /// transactions. After an error nothing is known, and only a new session may try again.
  virtual Status make_durable() = 0;
  /// Called by the engine between transactions, whether or not anything was committed: time for checkpoints.
  /// Short, because clients may be waiting.
  virtual void after_commit() = 0;
};

enum class Engine : std::uint8_t { sqlite, postgres };

/// A database that sessions can be opened on. Thread-safe.
class Database {
 public:
  virtual ~Database() = default;
  /// SQLite: takes the directory's lock; error database_busy when another writer session (of this or any
  /// other process) or an offline reader has it, because two writers can never take turns there. PostgreSQL:
  /// only connects; the right to write comes with try_write_lock().
  virtual Result<std::unique_ptr<WriterSession>> open_writer() = 0;
  /// A session that can only read. Error database_unavailable until a writer has created the database: on
  /// SQLite its file, on PostgreSQL a table in its schema.
  virtual Result<std::unique_ptr<Session>> open_reader() = 0;
  [[nodiscard]] virtual Engine engine() const = 0;
  /// For logs: without credentials.
  [[nodiscard]] virtual std::string display_name() const = 0;
  /// Bytes stored, for metrics. Zero when not known.
  [[nodiscard]] virtual std::uint64_t size_bytes() const = 0;
};

/// Settings of the embedded database; the defaults are the safe ones.
struct SqliteOptions {
  /// The directory is created (0700) when it does not exist; the file is `jangbu.db` in it.
  std::string directory;
  /// A name registered with sqlite3_vfs_register, for fault injection in tests; empty: the system's.
  std::string vfs;
  /// Only tests set this to false, to show that the power-loss test bites.
  bool synchronous_full = true;
  /// Opens an existing database without ever writing to it (verify, export): beside a running server as one
  /// more reader; while none runs, no server can start on the directory until this Database and its sessions
  /// are gone.
  bool read_only = false;
  std::int64_t page_cache_kib = 16 * 1024;
};
Result<std::unique_ptr<Database>> open_sqlite(const SqliteOptions& options);

/// A throw-away database in memory with the same interface: scratch for verify, and for unit tests. The data
/// live as long as the Database and hold at most 2 GiB (disk_full beyond). Sessions share them, but without
/// the file's isolation: a query waits while another session writes and a commit waits for open snapshots to
/// end (database_busy after 5 s), so one thread must not do both at once on two sessions.
Result<std::unique_ptr<Database>> open_sqlite_in_memory();

struct PostgresOptions {
  /// A libpq URL or keyword string.
  std::string connection;
  /// The schema that holds the tables; created when missing.
  std::string schema = "jangbu";
};
Result<std::unique_ptr<Database>> open_postgres(const PostgresOptions& options);

}  // namespace jangbu::store
