#include <algorithm>
#include <memory>
#include <string_view>
#include <utility>

#include <libpq-fe.h>

#include "store/postgres/connection.h"
#include "store/postgres/session.h"

namespace jangbu::store {
namespace postgres {
namespace {

using Role = PostgresSession::Role;

constexpr Sql sum_relations(
    "SELECT CAST(COALESCE(SUM(pg_total_relation_size(c.oid)), 0) AS BIGINT) FROM pg_catalog.pg_class AS c"
    " JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relkind = 'r'");

constexpr Sql any_table(
    "SELECT 1 FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace"
    " WHERE n.nspname = $1 AND c.relkind = 'r' LIMIT 1");

struct OptionsDeleter {
  void operator()(PQconninfoOption* options) const { PQconninfoFree(options); }
};

class PostgresDatabase final : public Database {
 public:
  PostgresDatabase(PostgresOptions options, std::string name)
      : options_(std::move(options)), name_(std::move(name)) {}

  Result<std::unique_ptr<WriterSession>> open_writer() override {
    ASSIGN_OR_RETURN(std::unique_ptr<PostgresSession> session, open(Role::writer));
    return std::unique_ptr<WriterSession>(std::move(session));
  }

  Result<std::unique_ptr<Session>> open_reader() override {
    ASSIGN_OR_RETURN(std::unique_ptr<PostgresSession> session, open(Role::reader));
    bool created = false;
    const Value schema[] = {Value::text(options_.schema)};
    RETURN_IF_ERROR(session->query(any_table, schema, [&created](const Row&) {
      created = true;
      return true;
    }));
    if (!created) return Error(Errc::database_unavailable, "there is no database in " + name_);
    return std::unique_ptr<Session>(std::move(session));
  }

  [[nodiscard]] Engine engine() const override { return Engine::postgres; }
  [[nodiscard]] std::string display_name() const override { return name_; }

  [[nodiscard]] std::uint64_t size_bytes() const override {
    // A connection of its own, because sessions belong to their threads; metrics ask seldom.
    const Result<std::unique_ptr<PostgresSession>> session = open(Role::reader);
    if (!session) return 0;
    std::uint64_t bytes = 0;
    const RowHandler take = [&bytes](const Row& row) {
      bytes = row.number(0);
      return true;
    };
    const Value schema[] = {Value::text(options_.schema)};
    return session.value()->query(sum_relations, schema, take) ? bytes : 0;
  }

 private:
  [[nodiscard]] Result<std::unique_ptr<PostgresSession>> open(Role role) const {
    ASSIGN_OR_RETURN(std::unique_ptr<Connection> connection, Connection::open(options_.connection));
    auto session = std::make_unique<PostgresSession>(role, options_.schema, std::move(connection));
    RETURN_IF_ERROR(session->configure());
    return session;
  }

  const PostgresOptions options_;
  const std::string name_;
};

/// A schema's name stands in SQL text, so only plain ones are taken.
bool is_plain_name(std::string_view name) {
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; };
  const auto is_plain = [&](char c) { return is_letter(c) || (c >= '0' && c <= '9'); };
  return !name.empty() && name.size() <= 63 && is_letter(name.front()) &&
         std::all_of(name.begin(), name.end(), is_plain);
}

/// "postgresql://host:port/database schema": what a log may say of a connection string. Empty when it cannot
/// be read.
std::string name_without_credentials(const PostgresOptions& options) {
  const std::unique_ptr<PQconninfoOption, OptionsDeleter> parsed(
      PQconninfoParse(options.connection.c_str(), nullptr));
  if (parsed == nullptr) return {};
  const auto value_of = [&parsed](std::string_view keyword) -> std::string {
    for (const PQconninfoOption* option = parsed.get(); option->keyword != nullptr; ++option) {
      if (option->keyword == keyword) return option->val != nullptr ? option->val : "";
    }
    return {};
  };
  std::string name = "postgresql://" + value_of("host");
  if (const std::string port = value_of("port"); !port.empty()) name += ":" + port;
  return name + "/" + value_of("dbname") + " schema " + options.schema;
}

}  // namespace
}  // namespace postgres

Result<std::unique_ptr<Database>> open_postgres(const PostgresOptions& options) {
  if (!postgres::is_plain_name(options.schema)) {
    return Error(Errc::invalid_configuration,
                 "a schema's name has lower-case letters, digits and _: " + options.schema);
  }
  std::string name = postgres::name_without_credentials(options);
  // libpq would quote the text that it cannot read, and a password with it.
  if (name.empty())
    return Error(Errc::invalid_configuration, "the PostgreSQL connection string cannot be read");
  return std::unique_ptr<Database>(std::make_unique<postgres::PostgresDatabase>(options, std::move(name)));
}

}  // namespace jangbu::store
