#include "engine/integrity.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

namespace jangbu::engine {
namespace {

/// The first thing that a form of the pragma says; nothing when it says that all is well.
Result<std::optional<std::string>> first_fault(store::Session& session, const std::string& pragma) {
  std::string said;
  RETURN_IF_ERROR(session.query_text(pragma, {}, [&](const store::Row& row) {
    said = row.bytes(0);
    return false;
  }));
  if (said == "ok") return std::optional<std::string>();
  // "*** in database main ***" is a line of its own before what is said of pages.
  if (said.starts_with("***")) said.erase(0, std::min(said.find('\n'), said.size() - 1) + 1);
  return std::optional(said.substr(0, said.find('\n')));
}

std::string quoted(const std::string& name) {
  std::string out = "'";
  for (const char c : name) out.append(c == '\'' ? 2 : 1, c);
  return out + "'";
}

Result<std::vector<std::string>> table_names(store::Session& session) {
  static const store::Sql sql{"SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name"};
  std::vector<std::string> names;
  RETURN_IF_ERROR(session.query(sql, {}, [&](const store::Row& row) {
    names.emplace_back(row.bytes(0));
    return true;
  }));
  return names;
}

Error unsound(const std::string& where, const std::string& what) {
  return Error(Errc::verification_failed, where + ": " + what);
}

}  // namespace

Status check_integrity(store::Database& database) {
  if (database.engine() != store::Engine::sqlite) return {};
  ASSIGN_OR_RETURN(const auto session, database.open_reader());
  RETURN_IF_ERROR(session->begin_snapshot());
  // Of the whole file it looks at the free pages too, but it names pages by their numbers. So what is wrong
  // is looked for once more, table by table.
  const auto whole = first_fault(*session, "PRAGMA integrity_check(1)");
  if (whole && !*whole) return {};
  session->end_snapshot();  // after an error nothing more could be asked in it
  ASSIGN_OR_RETURN(const std::vector<std::string> tables, table_names(*session));
  for (const std::string& table : tables) {
    const auto fault = first_fault(*session, "PRAGMA integrity_check(" + quoted(table) + ")");
    if (!fault) return unsound(table, fault.error().detail);
    if (*fault) return unsound(table, **fault);
  }
  return whole ? unsound("the database file", **whole) : whole.error();
}

std::future<Status> start_integrity_check(store::Database& database, bool beside) {
  return std::async(beside ? std::launch::async : std::launch::deferred,
                    [&database] { return check_integrity(database); });
}

}  // namespace jangbu::engine
