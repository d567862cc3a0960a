#include "store/sqlite/connection.h"

#include <algorithm>
#include <mutex>

#include <sqlite3.h>

#include "store/migration.h"
#include "store/sqlite/page_cache.h"

namespace jangbu::store::sqlite {
namespace {

constexpr int busy_timeout_ms = 5000;

Errc errc_of(int code) {
  switch (code & 0xff) {
    case SQLITE_FULL:
      return Errc::disk_full;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return Errc::database_busy;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return Errc::database_corrupt;
    case SQLITE_IOERR:
      return Errc::io_error;
    case SQLITE_CONSTRAINT:
      return Errc::database_constraint;
    case SQLITE_CANTOPEN:
      return Errc::database_unavailable;
    default:
      return Errc::database_error;
  }
}

class StatementRow final : public Row {
 public:
  explicit StatementRow(sqlite3_stmt* statement) : statement_(statement) {}

  [[nodiscard]] bool is_null(int column) const override { return type(column) == SQLITE_NULL; }
  [[nodiscard]] std::int64_t integer(int column) const override {
    INVARIANT(type(column) == SQLITE_INTEGER, "the column is not an integer");
    return sqlite3_column_int64(statement_, column);
  }
  [[nodiscard]] ByteView bytes(int column) const override {
    const int found = type(column);
    INVARIANT(found == SQLITE_BLOB || found == SQLITE_TEXT || found == SQLITE_NULL,
              "the column is not text or bytes");
    const void* data = sqlite3_column_blob(statement_, column);
    if (data == nullptr) return {};
    return {static_cast<const char*>(data),
            static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
  }
  [[nodiscard]] bool is_blob(int column) const override { return type(column) == SQLITE_BLOB; }
  [[nodiscard]] int columns() const override { return sqlite3_column_count(statement_); }

 private:
  [[nodiscard]] int type(int column) const {
    INVARIANT(column >= 0 && column < columns(), "the row has no such column");
    return sqlite3_column_type(statement_, column);
  }
  sqlite3_stmt* statement_;
};

/// Leaves the statement unbound and reset whatever happens, because bound views die with the call.
class InUse {
 public:
  explicit InUse(sqlite3_stmt* statement) : statement_(statement) {}
  InUse(const InUse&) = delete;
  InUse& operator=(const InUse&) = delete;
  ~InUse() {
    sqlite3_reset(statement_);
    sqlite3_clear_bindings(statement_);
  }

 private:
  sqlite3_stmt* statement_;
};

int bind(sqlite3_stmt* statement, int index, const Value& value) {
  const std::string_view bytes = value.as_bytes();
  // A null pointer would be stored as NULL, but an empty value is a value.
  const char* data = bytes.data() == nullptr ? "" : bytes.data();
  switch (value.type()) {
    case Value::Type::null:
      return SQLITE_OK;  // bindings are cleared after each use
    case Value::Type::integer:
      return sqlite3_bind_int64(statement, index, value.as_integer());
    case Value::Type::text:
      return sqlite3_bind_text64(statement, index, data, bytes.size(), SQLITE_STATIC, SQLITE_UTF8);
    case Value::Type::blob:
      return sqlite3_bind_blob64(statement, index, data, bytes.size(), SQLITE_STATIC);
  }
  return SQLITE_MISUSE;
}

void configure_library_once() {
  static std::once_flag once;
  // Allocation statistics cost a global mutex at every allocation and nobody reads them.
  std::call_once(once, [] {
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    spare_page_cache_walks();
  });
}

std::string uri_of(const ConnectionOptions& options) {
  std::string uri = "file:";
  static constexpr char digits[] = "0123456789ABCDEF";
  for (const char c : options.path) {
    if (c == '%' || c == '?' || c == '#') {
      const auto byte = static_cast<unsigned char>(c);
      uri += '%';
      uri += digits[byte >> 4];
      uri += digits[byte & 15];
    } else {
      uri += c;
    }
  }
  if (options.access == Access::immutable) uri += "?immutable=1";
  return uri;
}

int open_flags(Access access) {
  const int common = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_URI | SQLITE_OPEN_EXRESCODE;
  switch (access) {
    case Access::create:
      return common | SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    case Access::existing:
      return common | SQLITE_OPEN_READWRITE;
    default:
      return common | SQLITE_OPEN_READONLY;
  }
}

}  // namespace

Error error_of(sqlite3* db, int code) {
  const char* text = db != nullptr ? sqlite3_errmsg(db) : sqlite3_errstr(code);
  return Error(errc_of(code), std::string(text) + " (sqlite " + std::to_string(code) + ")");
}

void StatementDeleter::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }

Result<std::unique_ptr<Connection>> Connection::open(const ConnectionOptions& options) {
  configure_library_once();
  sqlite3* db = nullptr;
  const char* vfs = options.vfs.empty() ? nullptr : options.vfs.c_str();
  const int code = sqlite3_open_v2(uri_of(options).c_str(), &db, open_flags(options.access), vfs);
  std::unique_ptr<Connection> connection(new Connection(db));
  if (code != SQLITE_OK) {
    Error error = error_of(db, code);
    error.detail = options.path + ": " + error.detail;
    return error;
  }
  RETURN_IF_ERROR(connection->configure(options));
  return connection;
}

Connection::~Connection() {
  statements_.clear();
  sqlite3_close_v2(db_);
}

Status Connection::configure(const ConnectionOptions& options) {
  sqlite3_busy_timeout(db_, busy_timeout_ms);
  sqlite3_db_config(db_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(db_, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_db_config(db_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, options.checkpoint_on_close ? 0 : 1, nullptr);
  sqlite3_wal_autocheckpoint(db_, 0);
  RETURN_IF_ERROR(pragma("PRAGMA mmap_size=0"));
  RETURN_IF_ERROR(pragma("PRAGMA temp_store=MEMORY"));
  RETURN_IF_ERROR(pragma("PRAGMA foreign_keys=OFF"));
  RETURN_IF_ERROR(pragma("PRAGMA cache_size=-" + std::to_string(options.page_cache_kib)));
  // Debian's build overwrites deleted rows with zeros even where that costs extra page writes.
  RETURN_IF_ERROR(pragma("PRAGMA secure_delete=FAST"));
  RETURN_IF_ERROR(pragma(options.synchronous_full ? "PRAGMA synchronous=FULL" : "PRAGMA synchronous=NORMAL"));
  if (options.query_only) RETURN_IF_ERROR(pragma("PRAGMA query_only=ON"));
  return {};
}

Result<Statement> Connection::prepare(std::string_view sql, bool keep) {
  RETURN_IF_ERROR(check_portable(sql));
  const std::string text = expand_macros(sql, Engine::sqlite);
  sqlite3_stmt* raw = nullptr;
  const char* tail = nullptr;
  const unsigned flags = keep ? SQLITE_PREPARE_PERSISTENT : 0;
  const int code =
      sqlite3_prepare_v3(db_, text.data(), static_cast<int>(text.size() + 1), flags, &raw, &tail);
  Statement statement(raw);
  if (code != SQLITE_OK) {
    Error error = error_of(db_, code);
    error.detail += ": " + text;
    return error;
  }
  const std::string_view rest(tail);
  if (raw == nullptr || rest.find_first_not_of(" \t\r\n;") != std::string_view::npos) {
    return Error(Errc::database_error, "not exactly one statement: " + text);
  }
  return statement;
}

Status Connection::step_through(sqlite3_stmt* statement, std::span<const Value> parameters,
                                const RowHandler* on_row) {
  INVARIANT(static_cast<std::size_t>(sqlite3_bind_parameter_count(statement)) == parameters.size(),
            std::string("wrong number of parameters: ") + sqlite3_sql(statement));
  const InUse in_use(statement);
  int index = 0;
  for (const Value& value : parameters) {
    if (const int code = bind(statement, ++index, value); code != SQLITE_OK) return error_of(db_, code);
  }
  const StatementRow row(statement);
  int code = sqlite3_step(statement);
  for (bool wanted = on_row != nullptr; code == SQLITE_ROW; code = sqlite3_step(statement)) {
    if (wanted && !(*on_row)(row)) {
      wanted = false;
      // What writes is stepped to its end, or its later rows would not be written.
      if (sqlite3_stmt_readonly(statement) != 0) return {};
    }
  }
  if (code != SQLITE_DONE) return error_of(db_, code);
  return {};
}

Status Connection::run(const Sql& sql, std::span<const Value> parameters, const RowHandler* on_row) {
  const auto it = statements_.try_emplace(&sql).first;
  if (it->second == nullptr) {
    Result<Statement> prepared = prepare(sql.text, true);
    if (!prepared) return prepared.error();
    it->second = std::move(prepared).value();
  }
  sqlite3_stmt* statement = it->second.get();
  // A callback of this very statement asks it again: that one gets a statement of its own.
  if (sqlite3_stmt_busy(statement) != 0) return run_text(sql.text, parameters, on_row);
  return step_through(statement, parameters, on_row);
}

Status Connection::run_text(std::string_view sql, std::span<const Value> parameters,
                            const RowHandler* on_row) {
  ASSIGN_OR_RETURN(const Statement statement, prepare(sql, false));
  return step_through(statement.get(), parameters, on_row);
}

Status Connection::run_script(std::string_view sql) { return pragma(expand_macros(sql, Engine::sqlite)); }

Status Connection::pragma(const std::string& sql) {
  const int code = sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return error_of(db_, code);
  return {};
}

bool Connection::in_transaction() const { return sqlite3_get_autocommit(db_) == 0; }

int Connection::last_code() const { return sqlite3_extended_errcode(db_); }

Status Connection::limit_memory(std::int64_t bytes) {
  sqlite3_int64 limit = bytes;
  const int code = sqlite3_file_control(db_, nullptr, SQLITE_FCNTL_SIZE_LIMIT, &limit);
  if (code != SQLITE_OK) return error_of(db_, code);
  return {};
}

Status Connection::rewrite_log() {
  INVARIANT(in_transaction(), "the log is rewritten under the lock of a transaction");
  sqlite3_file* log = nullptr;
  if (const int code = sqlite3_file_control(db_, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log);
      code != SQLITE_OK)
    return error_of(db_, code);
  INVARIANT(log != nullptr && log->pMethods != nullptr, "a transaction has opened the log");
  sqlite3_int64 size = 0;
  if (const int code = log->pMethods->xFileSize(log, &size); code != SQLITE_OK)
    return error_of(nullptr, code);
  constexpr sqlite3_int64 piece_bytes = 1 << 16;  // the largest page; SQLite's VFS takes less than 128 KiB
  std::string piece;
  for (sqlite3_int64 at = 0; at < size; at += piece_bytes) {
    const auto count = static_cast<int>(std::min(piece_bytes, size - at));
    piece.resize(static_cast<std::size_t>(count));
    int code = log->pMethods->xRead(log, piece.data(), count, at);
    if (code == SQLITE_OK) code = log->pMethods->xWrite(log, piece.data(), count, at);
    if (code != SQLITE_OK) return error_of(nullptr, code);
  }
  const int code = log->pMethods->xSync(log, SQLITE_SYNC_NORMAL);
  return code == SQLITE_OK ? Status() : Status(error_of(nullptr, code));
}

void Connection::forbid_checkpoint_on_close() {
  sqlite3_db_config(db_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
}

}  // namespace jangbu::store::sqlite
