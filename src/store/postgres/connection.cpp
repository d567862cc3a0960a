#include "store/postgres/connection.h"

#include <bit>
#include <cerrno>
#include <cstring>
#include <utility>

#include <libpq-fe.h>
#include <poll.h>

#include "store/migration.h"

namespace jangbu::store::postgres {
namespace {

// The object identifiers of built-in types never change (pg_type.dat).
constexpr Oid bool_oid = 16;
constexpr Oid bytea_oid = 17;
constexpr Oid name_oid = 19;
constexpr Oid int8_oid = 20;
constexpr Oid int2_oid = 21;
constexpr Oid int4_oid = 23;
constexpr Oid text_oid = 25;
constexpr Oid varchar_oid = 1043;
constexpr Oid unspecified_oid = 0;

constexpr int binary = 1;
// The sessions' statement_timeout is 30 s: this only cuts off a server that does not even say so.
constexpr int bounded_wait_ms = 45'000;
// What may wait in our memory before the socket gets its turn.
constexpr std::size_t flush_bytes = std::size_t{1} << 20;

std::uint64_t big_endian(std::uint64_t value) {
  if constexpr (std::endian::native == std::endian::little) return __builtin_bswap64(value);
  return value;
}

Oid oid_of(Value::Type type) {
  switch (type) {
    case Value::Type::null:
      return unspecified_oid;
    case Value::Type::integer:
      return int8_oid;
    case Value::Type::text:
      return text_oid;
    case Value::Type::blob:
      return bytea_oid;
  }
  return unspecified_oid;
}

std::vector<unsigned> types_of(std::span<const Value> parameters) {
  std::vector<unsigned> types;
  types.reserve(parameters.size());
  for (const Value& value : parameters) types.push_back(oid_of(value.type()));
  return types;
}

/// Classes and codes of errcodes.txt.
Errc errc_of(std::string_view state) {
  const std::string_view error_class = state.substr(0, 2);
  if (state == "40001" || state == "40P01" || state == "55P03" || state == "57014")
    return Errc::database_busy;
  if (state == "53100") return Errc::disk_full;
  if (error_class == "08" || error_class == "53" || state.starts_with("57P0") || state == "25P03") {
    return Errc::database_unavailable;
  }
  if (error_class == "23") return Errc::database_constraint;
  if (error_class == "58") return Errc::io_error;
  if (error_class == "XX") return state == "XX000" ? Errc::database_error : Errc::database_corrupt;
  return Errc::database_error;
}

/// The detail and hint are left out: they quote rows.
Error error_of(const PGresult& result) {
  const char* state = PQresultErrorField(&result, PG_DIAG_SQLSTATE);
  const char* message = PQresultErrorField(&result, PG_DIAG_MESSAGE_PRIMARY);
  const std::string code = state != nullptr ? state : "";
  return Error(errc_of(code),
               std::string(message != nullptr ? message : "no message") + " (postgresql " + code + ")");
}

std::string trimmed(const char* message) {
  std::string text = message != nullptr ? message : "";
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
  return text;
}

class ResultRow final : public Row {
 public:
  explicit ResultRow(const PGresult& result) : result_(&result) {}
  void move_to(int row) { row_ = row; }

  [[nodiscard]] bool is_null(int column) const override {
    check(column);
    return PQgetisnull(result_, row_, column) != 0;
  }
  [[nodiscard]] std::int64_t integer(int column) const override {
    INVARIANT(!is_null(column), "the column is not an integer");
    const char* value = PQgetvalue(result_, row_, column);
    const auto size = static_cast<std::size_t>(PQgetlength(result_, row_, column));
    const Oid type = PQftype(result_, column);
    INVARIANT(type == int8_oid || type == int4_oid || type == int2_oid || type == bool_oid,
              "the column is not an integer");
    // Big-endian two's complement of 1, 2, 4 or 8 bytes; a boolean is one byte, 0 or 1.
    auto wide = static_cast<std::uint64_t>(static_cast<std::int64_t>(static_cast<signed char>(value[0])));
    for (std::size_t i = 1; i < size; ++i) wide = wide << 8 | static_cast<unsigned char>(value[i]);
    return static_cast<std::int64_t>(wide);
  }
  [[nodiscard]] ByteView bytes(int column) const override {
    check(column);
    const Oid type = PQftype(result_, column);
    INVARIANT(
        type == bytea_oid || type == text_oid || type == varchar_oid || type == name_oid || is_null(column),
        "the column is not text or bytes");
    return {PQgetvalue(result_, row_, column), static_cast<std::size_t>(PQgetlength(result_, row_, column))};
  }
  [[nodiscard]] bool is_blob(int column) const override {
    return !is_null(column) && PQftype(result_, column) == bytea_oid;
  }
  [[nodiscard]] int columns() const override { return PQnfields(result_); }

 private:
  void check(int column) const { INVARIANT(column >= 0 && column < columns(), "the row has no such column"); }
  const PGresult* result_;
  int row_ = 0;
};

/// What the server says besides results. Nothing of it is an error; what matters is asked for.
void drop_notice(void* /*context*/, const PGresult* /*notice*/) {}

}  // namespace

void ResultDeleter::operator()(pg_result* result) const { PQclear(result); }

void for_each_row(const pg_result& result, const RowHandler& on_row) {
  ResultRow row(result);
  for (int i = 0; i < PQntuples(&result); ++i) {
    row.move_to(i);
    if (!on_row(row)) return;
  }
}

Result<std::unique_ptr<Connection>> Connection::open(const std::string& connection) {
  // Those in front of the connection string are defaults that it may change. A dead server is noticed within
  // seconds.
  const char* const names[] = {
      "connect_timeout",  "keepalives",       "keepalives_idle", "keepalives_interval", "keepalives_count",
      "tcp_user_timeout", "application_name", "dbname",          "client_encoding",     nullptr};
  const char* const values[] = {"10",   "1",    "5", "2", "3", "10000", "jangbu", connection.c_str(),
                                "UTF8", nullptr};
  std::unique_ptr<Connection> opened(new Connection(PQconnectdbParams(names, values, 1)));
  PGconn* raw = opened->connection_;
  if (PQstatus(raw) != CONNECTION_OK) return Error(Errc::database_unavailable, trimmed(PQerrorMessage(raw)));
  PQsetNoticeReceiver(raw, drop_notice, nullptr);
  if (PQsetnonblocking(raw, 1) != 0 || PQenterPipelineMode(raw) == 0) {
    return Error(Errc::database_unavailable, trimmed(PQerrorMessage(raw)));
  }
  return opened;
}

Connection::~Connection() { PQfinish(connection_); }

void Connection::lose(const std::string& why) {
  if (lost_) return;
  const std::string said = trimmed(PQerrorMessage(connection_));
  lost_ = Error(Errc::database_unavailable, said.empty() ? why : said);
  pending_.clear();
}

void Connection::Parameters::set(std::span<const Value> parameters) {
  const std::size_t count = parameters.size();
  values.assign(count, nullptr);
  lengths.assign(count, 0);
  formats.assign(count, binary);
  integers.assign(count, 0);
  bytes = 64;
  for (std::size_t i = 0; i < count; ++i) {
    const Value& value = parameters[i];
    if (value.type() == Value::Type::null) continue;
    if (value.type() == Value::Type::integer) {
      integers[i] = big_endian(static_cast<std::uint64_t>(value.as_integer()));
      values[i] = reinterpret_cast<const char*>(&integers[i]);
      lengths[i] = sizeof(std::uint64_t);
    } else {
      const std::string_view content = value.as_bytes();
      // A null pointer would be NULL, but an empty value is a value.
      values[i] = content.data() == nullptr ? "" : content.data();
      lengths[i] = static_cast<int>(content.size());
      bytes += content.size();
    }
  }
}

/// Notes what libpq has taken, and lets the socket work when much waits.
void Connection::queued(Prepared* prepares, Answer answer, int sent, std::size_t bytes) {
  if (sent == 0) {
    lose("the command could not be queued");
    return;
  }
  pending_.push_back({prepares, answer});
  unflushed_bytes_ += bytes;
  if (unflushed_bytes_ > flush_bytes) flush(Patience::bounded);
}

Status Connection::send(const Sql& sql, std::span<const Value> parameters, Answer answer) {
  if (lost_) return *lost_;
  Prepared& prepared = prepared_[&sql];
  if (!prepared.sent) {
    ASSIGN_OR_RETURN(const std::size_t count, count_parameters(sql.text));
    INVARIANT(count == parameters.size(), std::string("wrong number of parameters: ") + sql.text);
    if (prepared.name.empty()) prepared.name = "s" + std::to_string(prepared_.size());
    prepared.types = types_of(parameters);
    prepared.sent = true;
    const std::string text = expand_macros(sql.text, Engine::postgres);
    const int sent = PQsendPrepare(connection_, prepared.name.c_str(), text.c_str(),
                                   static_cast<int>(parameters.size()), prepared.types.data());
    queued(&prepared, Answer::ignore, sent, text.size());
    if (lost_) return *lost_;
  }
  INVARIANT(prepared.types.size() == parameters.size(),
            std::string("wrong number of parameters: ") + sql.text);
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const Oid type = oid_of(parameters[i].type());
    INVARIANT(type == unspecified_oid || prepared.types[i] == unspecified_oid || type == prepared.types[i],
              "parameter " + std::to_string(i + 1) + " had another type before: " + sql.text);
  }
  parameters_.set(parameters);
  const int sent = PQsendQueryPrepared(connection_, prepared.name.c_str(),
                                       static_cast<int>(parameters.size()), parameters_.values.data(),
                                       parameters_.lengths.data(), parameters_.formats.data(), binary);
  queued(nullptr, answer, sent, parameters_.bytes);
  if (lost_) return *lost_;
  return {};
}

Status Connection::send_text(std::string_view sql, std::span<const Value> parameters, Answer answer) {
  if (lost_) return *lost_;
  RETURN_IF_ERROR(check_portable(sql));
  const std::string text = expand_macros(sql, Engine::postgres);
  const std::vector<unsigned> types = types_of(parameters);
  parameters_.set(parameters);
  const int sent = PQsendQueryParams(connection_, text.c_str(), static_cast<int>(parameters.size()),
                                     types.data(), parameters_.values.data(), parameters_.lengths.data(),
                                     parameters_.formats.data(), binary);
  queued(nullptr, answer, sent, parameters_.bytes + text.size());
  if (lost_) return *lost_;
  return {};
}

bool Connection::wait_for(short events, Patience patience) {
  pollfd socket{PQsocket(connection_), events, 0};
  if (socket.fd < 0) {
    lose("the connection was lost");
    return false;
  }
  for (;;) {
    const int ready = poll(&socket, 1, patience == Patience::bounded ? bounded_wait_ms : -1);
    if (ready > 0) break;
    if (ready < 0 && errno == EINTR) continue;
    lose(ready == 0 ? "the server does not answer" : std::strerror(errno));
    return false;
  }
  // Reading is never put off: the server may be waiting for us to read before it reads what we send.
  if ((socket.revents & ~POLLOUT) != 0 && PQconsumeInput(connection_) == 0) {
    // The server's last words may have been read: they are results still, and next_result() hands them out.
    if (PQstatus(connection_) == CONNECTION_BAD && PQisBusy(connection_) != 0)
      lose("the connection was lost");
    return !lost_;
  }
  return true;
}

bool Connection::flush(Patience patience) {
  unflushed_bytes_ = 0;
  for (;;) {
    const int unsent = PQflush(connection_);
    if (unsent == 0) return true;
    // A failed write is no loss yet: what the server said before it went is still to be read.
    if (unsent < 0) return false;
    if (!wait_for(POLLIN | POLLOUT, patience)) return false;
  }
}

/// The next result, or null at the end of a command or when the connection was lost.
ResultPtr Connection::next_result(Patience patience) {
  while (PQisBusy(connection_) != 0) {
    if (!wait_for(POLLIN, patience)) return nullptr;
  }
  return ResultPtr(PQgetResult(connection_));
}

void Connection::take(ResultPtr result, const Pending& command, Answers& answers) {
  switch (PQresultStatus(result.get())) {
    case PGRES_COMMAND_OK:
    case PGRES_TUPLES_OK:
      ++answers.succeeded;
      if (command.answer == Answer::keep) answers.kept.push_back(std::move(result));
      return;
    default:
      break;
  }
  if (command.prepares != nullptr) command.prepares->sent = false;
  if (answers.error) return;
  answers.error = error_of(*result);
  // libpq's own report that the connection is gone carries no code of the server's.
  answers.silent_loss = PQresultErrorField(result.get(), PG_DIAG_SQLSTATE) == nullptr;
}

void Connection::read_command(const Pending& command, Answers& answers, Patience patience) {
  while (ResultPtr result = next_result(patience)) take(std::move(result), command, answers);
  if (PQstatus(connection_) == CONNECTION_BAD) lose("the connection was lost");
}

Answers Connection::sync(Patience patience) {
  Answers answers;
  if (!lost_) {
    if (PQpipelineSync(connection_) == 0) lose("the pipeline could not be ended");
  }
  if (!lost_) flush(patience);
  const std::vector<Pending> commands = std::exchange(pending_, {});
  for (std::size_t i = 0; i < commands.size() && !lost_; ++i) read_command(commands[i], answers, patience);
  if (!lost_) {
    const ResultPtr end = next_result(patience);
    if (end == nullptr || PQresultStatus(end.get()) != PGRES_PIPELINE_SYNC)
      lose("the pipeline lost its order");
  }
  if (lost_ && (!answers.error || answers.silent_loss)) {
    answers.error = *lost_;
    answers.silent_loss = true;
  }
  return answers;
}

Status Connection::run_script(const std::string& sql) {
  INVARIANT(pending_.empty(), "a script cannot run while commands are queued");
  if (lost_) return *lost_;
  if (PQexitPipelineMode(connection_) == 0 || PQsendQuery(connection_, sql.c_str()) == 0) {
    lose("the script could not be sent");
    return *lost_;
  }
  flush(Patience::unbounded);
  Answers answers;
  read_command({nullptr, Answer::ignore}, answers, Patience::unbounded);
  if (!lost_ && PQenterPipelineMode(connection_) == 0) lose("the pipeline could not be entered again");
  if (answers.error && !answers.silent_loss) return *answers.error;
  if (lost_) return *lost_;
  return {};
}

}  // namespace jangbu::store::postgres
