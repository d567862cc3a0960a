#include <filesystem>

#include "base/counted.h"
#include "cli/doctor/checks.h"
#include "cli/installation.h"
#include "engine/unit.h"

namespace jangbu::cli {
namespace {

Result<std::string> one_text(store::Session& session, std::string_view sql) {
  std::string text;
  RETURN_IF_ERROR(session.query_text(sql, {}, [&](const store::Row& row) {
    text = row.bytes(0);
    return false;
  }));
  return text;
}

/// What PostgreSQL must not have switched off: an answer of success is durable.
Findings check_postgres(store::Session& session) {
  Findings findings;
  const auto version = one_text(session, "SELECT current_setting('server_version')");
  if (!version) return {{Health::bad, to_string(version.error())}};
  findings.push_back({Health::good, "PostgreSQL " + *version});
  for (const char* name : {"fsync", "full_page_writes", "synchronous_commit"}) {
    const auto value = one_text(session, std::string("SELECT current_setting('") + name + "')");
    if (!value) return {{Health::bad, to_string(value.error())}};
    const bool off = *value == "off" || (std::string_view(name) == "synchronous_commit" && *value == "local");
    findings.push_back({off ? Health::bad : Health::good, std::string(name) + " is " + *value});
  }
  return findings;
}

}  // namespace

Findings check_book(const Patient& patient) {
  const bool is_url = is_database_url(patient.place);
  if (!is_url && !std::filesystem::exists(patient.place + "/jangbu.db"))
    return {{Health::doubtful, "there is no book yet: the first start makes one"}};
  const auto database = open_database(patient.place, Access::read_only);
  if (!database) return {{Health::bad, to_string(database.error())}};
  const auto session = (*database)->open_reader();
  if (!session) return {{Health::doubtful, "there is no book yet: " + to_string(session.error())}};
  Findings findings;
  if ((*database)->engine() == store::Engine::postgres) {
    findings = check_postgres(**session);
  } else if (const auto version = one_text(**session, "SELECT sqlite_version()")) {
    findings.push_back({Health::good, "SQLite " + *version});
  }
  const auto head = engine::load_head(**session);
  if (!head) {
    findings.push_back({Health::doubtful, "there is no book yet"});
    return findings;
  }
  findings.push_back({Health::good, "epoch " + std::to_string(head->epoch) + ", " +
                                        counted(head->number, "record") + ", " +
                                        std::to_string((*database)->size_bytes() / 1024) + " KiB"});
  const auto last = engine::load_record(**session, head->number);
  if (last && last->wall_at > SystemClock().wall_now())
    findings.push_back({Health::bad, "the last record was made at " + to_rfc3339(last->wall_at) +
                                         ", which is still to come: this clock has gone back"});
  return findings;
}

}  // namespace jangbu::cli
