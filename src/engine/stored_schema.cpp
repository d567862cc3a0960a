#include "engine/stored_schema.h"

#include <map>
#include <string>
#include <utility>

namespace jangbu::engine {
namespace {

/// module -> how many of its migrations were applied.
using Versions = std::map<std::string, std::uint64_t>;

Result<Versions> read_versions(store::Session& session) {
  static const store::Sql sql{"SELECT module, count(*) FROM schema_migration GROUP BY module"};
  Versions schema;
  RETURN_IF_ERROR(session.query(sql, {}, [&](const store::Row& row) {
    schema.emplace(row.bytes(0), row.number(1));
    return true;
  }));
  return schema;
}

std::uint64_t number_of(const Versions& schema) {
  std::uint64_t number = 0;
  for (const auto& [module, version] : schema) number += version;
  return number;
}

/// What stands in a schema besides rows.
struct SchemaObject {
  std::string table;
  std::string text;  // that made it; empty where it cannot be compared

  friend bool operator==(const SchemaObject&, const SchemaObject&) = default;
};
/// {"table", "index", "view" or "trigger", name} -> the object.
using SchemaObjects = std::map<std::pair<std::string, std::string>, SchemaObject>;

bool is_sqlite_own(ByteView type, ByteView name) {
  return type == "table" ? name.starts_with("sqlite_stat") || name == "sqlite_sequence"
                         : type == "index" && name.starts_with("sqlite_autoindex_");
}

/// `like` is the engine that they will be compared with.
Result<SchemaObjects> sqlite_objects(store::Session& session, store::Engine like) {
  static const store::Sql sql{"SELECT type, name, tbl_name, sql FROM sqlite_schema"};
  SchemaObjects objects;
  RETURN_IF_ERROR(session.query(sql, {}, [&](const store::Row& row) {
    if (is_sqlite_own(row.bytes(0), row.bytes(1))) return true;
    SchemaObject& object = objects[{std::string(row.bytes(0)), std::string(row.bytes(1))}];
    object.table = row.bytes(2);
    if (like == store::Engine::sqlite) object.text = row.bytes(3);
    return true;
  }));
  return objects;
}

Result<SchemaObjects> postgres_objects(store::Session& session) {
  static const store::Sql sql{R"sql(
WITH ours AS (
  SELECT c.oid, c.relname, c.relkind FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname = current_schema()
)
SELECT CAST(CASE WHEN relkind IN ('r', 'p', 'f') THEN 'table' ELSE 'view' END AS TEXT), CAST(relname AS TEXT),
  CAST(relname AS TEXT)
FROM ours WHERE relkind IN ('r', 'p', 'f', 'v', 'm')
UNION ALL
SELECT 'index', CAST(ours.relname AS TEXT), CAST(t.relname AS TEXT)
FROM ours JOIN pg_index i ON i.indexrelid = ours.oid JOIN pg_class t ON t.oid = i.indrelid
WHERE i.indisvalid AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = ours.oid)
UNION ALL
SELECT 'trigger', CAST(g.tgname AS TEXT), CAST(ours.relname AS TEXT)
FROM ours JOIN pg_trigger g ON g.tgrelid = ours.oid WHERE NOT g.tgisinternal
)sql"};
  SchemaObjects objects;
  RETURN_IF_ERROR(session.query(sql, {}, [&](const store::Row& row) {
    objects[{std::string(row.bytes(0)), std::string(row.bytes(1))}] = {std::string(row.bytes(2)), {}};
    return true;
  }));
  return objects;
}

Result<SchemaObjects> stored_objects(store::Session& session, store::Engine engine) {
  return engine == store::Engine::sqlite ? sqlite_objects(session, engine) : postgres_objects(session);
}

/// "ledger_accounts: the index ledger_accounts_name WHAT".
Error wrong_object(const SchemaObjects::value_type& object, const std::string& what) {
  const auto& [type, name] = object.first;
  return Error(Errc::verification_failed,
               object.second.table + ": the " + type + (type == "table" ? "" : " " + name) + " " + what);
}

}  // namespace

Status check_schema_version(store::Session& stored, store::Session& rebuilt) {
  ASSIGN_OR_RETURN(const Versions book, read_versions(stored));
  ASSIGN_OR_RETURN(const Versions program, read_versions(rebuilt));
  const auto version_in = [](const Versions& schema, const std::string& module) {
    const auto it = schema.find(module);
    return it == schema.end() ? 0 : it->second;
  };
  Versions modules = program;
  modules.insert(book.begin(), book.end());
  std::string older;
  std::string newer;
  for (const auto& [module, unused] : modules) {
    const std::uint64_t has = version_in(book, module);
    const std::uint64_t should = version_in(program, module);
    std::string& list = has < should ? older : newer;
    if (has != should)
      list += (list.empty() ? "" : ", ") + module + " " + std::to_string(has) + " against " +
              std::to_string(should);
  }
  // Versions follow each other: what is both older and newer was changed by hand, and the table's comparison
  // names it.
  if (older.empty() == newer.empty()) return {};
  const std::string stands = "schema_migration: the book has schema " + std::to_string(number_of(book)) +
                             ", this program schema " + std::to_string(number_of(program)) + " (" +
                             (newer.empty() ? older : newer) + "): ";
  return Error(
      Errc::invalid_configuration,
      stands + (newer.empty() ? "start `jangbu serve` of this program on it first, which brings it up"
                              : "verify it with the program that serves it, or with a newer one"));
}

Status check_schema_objects(store::Session& stored, store::Engine engine, store::Session& rebuilt) {
  ASSIGN_OR_RETURN(const SchemaObjects are, stored_objects(stored, engine));
  ASSIGN_OR_RETURN(const SchemaObjects should_be, sqlite_objects(rebuilt, engine));
  for (const auto& object : should_be) {
    const auto found = are.find(object.first);
    if (found == are.end()) return wrong_object(object, "is missing");
    if (found->second != object.second)
      return wrong_object(object, "is not the one that this program's migrations make");
  }
  return {};
}

Status check_nothing_added(store::Session& stored, store::Engine engine, store::Session& rebuilt) {
  ASSIGN_OR_RETURN(const SchemaObjects are, stored_objects(stored, engine));
  ASSIGN_OR_RETURN(const SchemaObjects should_be, sqlite_objects(rebuilt, engine));
  for (const auto& object : are)
    if (!should_be.contains(object.first)) return wrong_object(object, "comes from no migration");
  return {};
}

}  // namespace jangbu::engine
