#include "store/migration.h"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

namespace jangbu::store {
namespace {

// The whole script is kept, not a digest of it: it says exactly what was run, and the comparison cannot
// collide.
constexpr std::string_view create_bookkeeping =
    "CREATE TABLE IF NOT EXISTS schema_migration ("
    "  module {TEXT_C} NOT NULL,"
    "  version BIGINT NOT NULL,"
    "  script {BLOB} NOT NULL,"
    "  PRIMARY KEY (module, version)"
    ") {WITHOUT_ROWID}";

constexpr Sql select_applied("SELECT module, version, script FROM schema_migration ORDER BY module, version");
constexpr Sql insert_applied("INSERT INTO schema_migration (module, version, script) VALUES ($1, $2, $3)");

/// module -> its applied scripts; the script of version v stands at v - 1.
using Applied = std::map<std::string, std::vector<std::string>, std::less<>>;

std::string name_of(std::string_view module, std::size_t version) {
  return std::string(module) + " " + std::to_string(version);
}

void check_list(std::span<const Migration> migrations) {
  std::map<std::string_view, int> last;
  for (const Migration& migration : migrations) {
    INVARIANT(migration.version == ++last[migration.module],
              "migrations of " + std::string(migration.module) + " are not numbered 1, 2, 3 ...");
  }
}

Result<Applied> load_applied(WriterSession& session) {
  Applied applied;
  bool gap = false;
  RETURN_IF_ERROR(session.query(select_applied, {}, [&](const Row& row) {
    std::vector<std::string>& scripts = applied[std::string(row.bytes(0))];
    scripts.emplace_back(row.bytes(2));
    gap = gap || row.integer(1) != static_cast<std::int64_t>(scripts.size());
    return true;
  }));
  if (gap) return Error(Errc::database_corrupt, "the list of applied migrations has a gap");
  return applied;
}

/// Refuses a database that this program must not write to.
Status check_applied(const Applied& applied, std::span<const Migration> migrations) {
  for (const auto& [module, scripts] : applied) {
    std::size_t known = 0;
    for (const Migration& migration : migrations) {
      if (migration.module != module) continue;
      ++known;
      if (known <= scripts.size() && scripts[known - 1] != migration.sql) {
        return Error(Errc::invalid_configuration, "migration " + name_of(module, known) +
                                                      " was applied with another text: released migrations"
                                                      " are never edited");
      }
    }
    if (scripts.size() > known) {
      return Error(Errc::invalid_configuration,
                   "the database knows migration " + name_of(module, scripts.size()) +
                       ", this program knows up to " + std::to_string(known) + ": use a newer program");
    }
  }
  return {};
}

bool is_missing(const Applied& applied, const Migration& migration) {
  const auto it = applied.find(migration.module);
  return it == applied.end() || it->second.size() < static_cast<std::size_t>(migration.version);
}

/// What is done inside the transaction.
Status apply_missing(WriterSession& session, std::span<const Migration> migrations,
                     const std::function<Status()>& make_anew) {
  RETURN_IF_ERROR(session.run_script(create_bookkeeping));
  ASSIGN_OR_RETURN(const Applied applied, load_applied(session));
  RETURN_IF_ERROR(check_applied(applied, migrations));
  bool anew = false;
  for (const Migration& migration : migrations) {
    if (!is_missing(applied, migration)) continue;
    if (const Status run = session.run_script(migration.sql); !run) {
      const std::string what =
          "migration " + name_of(migration.module, static_cast<std::size_t>(migration.version));
      return Error(run.error().code, what + ": " + run.error().detail);
    }
    RETURN_IF_ERROR(session.execute(
        insert_applied,
        {Value::text(migration.module), Value::integer(migration.version), Value::blob(migration.sql)}));
    anew = anew || migration.tables == Tables::made_anew;
  }
  return anew && make_anew ? make_anew() : Status{};
}

}  // namespace

Status migrate(WriterSession& session, std::span<const Migration> migrations,
               const std::function<Status()>& make_anew) {
  check_list(migrations);
  RETURN_IF_ERROR(session.begin_exclusive());
  if (const Status applied = apply_missing(session, migrations, make_anew); !applied) {
    session.rollback();
    return applied;
  }
  const CommitResult committed = session.commit();
  return committed.outcome == CommitOutcome::committed ? Status{} : *committed.error;
}

}  // namespace jangbu::store
