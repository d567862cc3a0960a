#include "cli/bench/postgres.h"

#include <algorithm>
#include <array>
#include <memory>

#include <libpq-fe.h>

#include "cli/bench/interrupt.h"

namespace jangbu::cli::bench {
namespace {

/// What a purchase with six details takes in the table of records.
constexpr std::size_t row_bytes = 500;
constexpr std::int64_t us_per_s = 1'000'000;
constexpr const char* insert_name = "insert";

using Connection = std::unique_ptr<PGconn, decltype(&PQfinish)>;
using Answer = std::unique_ptr<PGresult, decltype(&PQclear)>;

Error error_of(const Connection& connection) {
  const bool lost = PQstatus(connection.get()) != CONNECTION_OK;
  return Error(lost ? Errc::database_unavailable : Errc::database_error, PQerrorMessage(connection.get()));
}

Result<Connection> connect(const std::string& url) {
  Connection connection(PQconnectdb(url.c_str()), PQfinish);
  if (PQstatus(connection.get()) != CONNECTION_OK) return error_of(connection);
  PQsetNoticeProcessor(
      connection.get(), [](void*, const char*) {}, nullptr);  // that there is no table to drop
  return connection;
}

Status run(const Connection& connection, const char* sql) {
  const Answer answer(PQexec(connection.get(), sql), PQclear);
  return PQresultStatus(answer.get()) == PGRES_COMMAND_OK ? Status() : Status(error_of(connection));
}

Status insert_row(const Connection& connection, std::uint64_t number, const std::string& row) {
  const std::string number_text = std::to_string(number);
  const std::array<const char*, 2> values = {number_text.c_str(), row.data()};
  const std::array<int, 2> lengths = {0, static_cast<int>(row.size())};
  const std::array<int, 2> formats = {0, 1};  // text, binary
  const Answer answer(PQexecPrepared(connection.get(), insert_name, static_cast<int>(values.size()),
                                     values.data(), lengths.data(), formats.data(), 1),
                      PQclear);
  return PQresultStatus(answer.get()) == PGRES_COMMAND_OK ? Status() : Status(error_of(connection));
}

Result<std::uint64_t> insert_rows(const Connection& connection, const Clock& clock,
                                  std::int64_t duration_us) {
  const Answer prepared(
      PQprepare(connection.get(), insert_name,
                "INSERT INTO jangbu_bench_one_by_one (number, record) VALUES ($1, $2)", 2, nullptr),
      PQclear);
  if (PQresultStatus(prepared.get()) != PGRES_COMMAND_OK) return error_of(connection);
  const std::string row(row_bytes, 'r');
  const std::int64_t start_us = clock.monotonic_us();
  std::int64_t elapsed_us = 0;
  std::uint64_t count = 0;
  while (elapsed_us < duration_us) {
    RETURN_IF_ERROR(insert_row(connection, ++count, row));
    if (interrupted()) return Error(Errc::io_error, "interrupted");
    elapsed_us = clock.monotonic_us() - start_us;
  }
  return count * us_per_s / static_cast<std::uint64_t>(std::max<std::int64_t>(1, elapsed_us));
}

}  // namespace

Result<std::uint64_t> postgres_one_by_one_per_s(const std::string& url, const Clock& clock,
                                                std::int64_t duration_us) {
  ASSIGN_OR_RETURN(const Connection connection, connect(url));
  RETURN_IF_ERROR(run(connection, "DROP TABLE IF EXISTS jangbu_bench_one_by_one"));
  RETURN_IF_ERROR(run(connection,
                      "CREATE TABLE jangbu_bench_one_by_one (number BIGINT PRIMARY KEY, record BYTEA NOT "
                      "NULL)"));
  auto rate = insert_rows(connection, clock, duration_us);
  RETURN_IF_ERROR(run(connection, "DROP TABLE jangbu_bench_one_by_one"));
  return rate;
}

}  // namespace jangbu::cli::bench
