#include "console/queries.h"

#include <algorithm>

#include "base/ascii.h"
#include "http/json_body.h"
#include "hub/wire_json.h"

namespace jangbu::console {
namespace {

using store::Value;

constexpr std::uint64_t max_limit = 100;
/// Lines that one page looks at.
constexpr std::uint64_t max_scanned = 5000;

const store::Sql all_sql{"SELECT fields FROM console_operators ORDER BY id"};
const store::Sql by_id_sql{"SELECT fields FROM console_operators WHERE id = $1"};
const store::Sql by_email_sql{"SELECT fields FROM console_operators WHERE email = $1"};

#define JANGBU_ACTION_COLUMNS "number, at, wall_at, actor, method, path, document, address, status"
// Business time never goes back, so that the order of times is the order of numbers.
const store::Sql audit_sql{"SELECT " JANGBU_ACTION_COLUMNS
                           " FROM console_actions WHERE number < $1 ORDER BY number DESC LIMIT $2"};
const store::Sql audit_of_actor_sql{
    "SELECT " JANGBU_ACTION_COLUMNS
    " FROM console_actions WHERE actor = $1 AND number < $2 ORDER BY number DESC LIMIT $3"};
const store::Sql first_at_sql{
    "SELECT number FROM console_actions WHERE at >= $1 ORDER BY at, number LIMIT 1"};

Result<OperatorSet> find(store::Session& session, const store::Sql& sql, const Value& key) {
  Result<OperatorSet> found = Errc::not_found;
  RETURN_IF_ERROR(session.query(sql, {key}, [&](const store::Row& row) {
    found = ledger::decode_fields<OperatorSet>(row.bytes(0));
    return false;
  }));
  return found;
}

AuditLine read_line(const store::Row& row) {
  AuditLine line;
  line.number = row.number(0);
  line.at = Instant{row.integer(1)};
  line.wall_at = Instant{row.integer(2)};
  line.action = {row.number(3), std::string(row.bytes(4)), std::string(row.bytes(5)),
                 std::string(row.bytes(6)), std::string(row.bytes(7))};
  line.status = row.number(8);
  return line;
}

bool contains(std::string_view text, std::string_view part) {
  return to_lower(text).find(part) != std::string::npos;
}

bool fits(const AuditLine& line, const AuditList& list) {
  if (list.text.empty()) return true;
  const std::string part = to_lower(list.text);
  const Action& action = line.action;
  return contains(action.path, part) || contains(action.document, part) || contains(action.address, part);
}

Status read_parameter(const std::string& name, const std::string& value, AuditList& list) {
  const auto wrong = [&](const char* what) {
    return Error(Errc::invalid_parameters, name + " must be " + what);
  };
  if (name == "q") {
    list.text = value;
  } else if (name == "actor") {
    list.actor = http::whole_number(value, 0, INT64_MAX);
    if (!list.actor) list.actor_email = to_lower(value);
  } else if (name == "from" || name == "to") {
    const auto at = parse_rfc3339(value);
    if (!at) return wrong("a moment such as 2026-05-25T10:00:00+09:00");
    (name == "from" ? list.from : list.to) = *at;
  } else if (name == "cursor") {
    const auto before = http::whole_number(value, 1, INT64_MAX);
    if (!before) return wrong("that of another page");
    list.before = *before;
  } else if (name == "limit") {
    const auto limit = http::whole_number(value, 1, max_limit);
    if (!limit) return wrong("a whole number from 1 to 100");
    list.limit = *limit;
  } else {
    return Error(Errc::invalid_parameters, name + " is no parameter of this list");
  }
  return {};
}

/// The numbers below which lines are older than `to`.
Result<std::uint64_t> upper_end(store::Session& session, const AuditList& list) {
  std::uint64_t before = list.before == 0 ? INT64_MAX : list.before;
  if (!list.to) return before;
  RETURN_IF_ERROR(session.query(first_at_sql, {Value::integer(list.to->us)}, [&](const store::Row& row) {
    before = std::min(before, row.number(0));
    return false;
  }));
  return before;
}

}  // namespace

Result<std::vector<OperatorSet>> all_operators(store::Session& session) {
  std::vector<OperatorSet> all;
  Status read;
  RETURN_IF_ERROR(session.query(all_sql, {}, [&](const store::Row& row) {
    read = ledger::decode_fields_into(row.bytes(0), all.emplace_back());
    return read.ok();
  }));
  RETURN_IF_ERROR(read);
  return all;
}

Result<OperatorSet> find_operator(store::Session& session, OperatorId id) {
  return find(session, by_id_sql, Value::number(id));
}

Result<OperatorSet> find_operator(store::Session& session, std::string_view email) {
  return find(session, by_email_sql, Value::blob(email));
}

Result<AuditList> read_audit_list(std::string_view query) {
  AuditList list;
  for (const auto& [name, value] : http::parse_query(query))
    RETURN_IF_ERROR(read_parameter(name, value, list));
  return list;
}

Result<AuditPage> audit_of(store::Session& session, const AuditList& list) {
  AuditPage page;
  std::optional<OperatorId> actor = list.actor;
  if (!list.actor_email.empty()) {
    const auto found = find_operator(session, list.actor_email);
    if (!found && found.error().code == Errc::not_found) return page;
    if (!found) return found.error();
    actor = found->id;
  }
  ASSIGN_OR_RETURN(const std::uint64_t before, upper_end(session, list));
  std::uint64_t last = 0;
  std::uint64_t seen = 0;
  const auto each = [&](const store::Row& row) {
    AuditLine line = read_line(row);
    if (list.from && line.at < *list.from) return false;
    const bool fitting = fits(line, list);
    if (seen == max_scanned || (fitting && page.lines.size() == list.limit)) {
      page.next = last;
      return false;
    }
    ++seen;
    last = line.number;
    if (fitting) page.lines.push_back(std::move(line));
    return true;
  };
  const Value most = Value::number(max_scanned + 1);
  RETURN_IF_ERROR(
      actor ? session.query(audit_of_actor_sql, {Value::number(*actor), Value::number(before), most}, each)
            : session.query(audit_sql, {Value::number(before), most}, each));
  return page;
}

}  // namespace jangbu::console
