#include "console/desk_routes.h"

#include <array>
#include <map>

#include "base/json.h"
#include "door/api.h"
#include "engine/unit.h"
#include "http/json_body.h"
#include "ledger/days.h"
#include "ledger/queries.h"
#include "payment/records.h"

namespace jangbu::console {
namespace {

using http::Effect;
using http::Method;
using http::Responder;

constexpr ledger::DayNumber shown_days = 30;
constexpr std::size_t max_text_bytes = 200;
constexpr std::size_t max_found = 50;

enum class Side : bool { added, taken };

/// A figure of the overview: what moved on one side of the accounts of a family.
struct Measure {
  std::string_view door;
  std::string_view name;
  std::string_view family;
  Side side;
  std::string_view currency;
  /// Of records of this kind alone; 0: of any.
  engine::RecordKind kind = 0;
};

/// What customers pay moves with the end of an attempt, whatever the door.
constexpr engine::RecordKind paid = payment::attempt_ended_kind;

constexpr std::array measures = {
    Measure{"hub", "taken", "hub:*:prepaid", Side::added, "KRW", paid},
    Measure{"hub", "refunded", "hub:*:prepaid", Side::taken, "KRW", paid},
    Measure{"hub", "deposits", "partner:*:deposit", Side::added, "KRW"},
    Measure{"hub", "rewards", "reviewer:*:points", Side::added, "KRW"},
    Measure{"invoice", "taken", "seller:*:payable", Side::added, "KRW", paid},
    Measure{"invoice", "refunded", "seller:*:payable", Side::taken, "KRW", paid},
    Measure{"affiliate", "commissions", "affiliate:*:pending", Side::added, "KRW"},
    Measure{"affiliate", "settled", "affiliate:*:payable", Side::added, "KRW"},
    Measure{"purchase", "points", "shop:*:issued", Side::taken, "POINT"},
    Measure{"purchase", "taken_back", "shop:*:issued", Side::added, "POINT"},
};

bool is_of(const Measure& measure, const ledger::DayKey& key) {
  return key.family == measure.family && key.currency == measure.currency &&
         (measure.kind == 0 || measure.kind == key.kind);
}

/// The sums of a measure by day; a day of nothing has none.
std::map<ledger::DayNumber, Money> sums_of(const Measure& measure,
                                           const std::vector<ledger::DayLine>& lines) {
  std::map<ledger::DayNumber, Money> sums;
  for (const ledger::DayLine& line : lines) {
    if (!is_of(measure, line.key)) continue;
    const Money more = measure.side == Side::added ? line.sums.added : line.sums.taken;
    Money& sum = sums[line.key.day];
    if (const auto next = sum.plus(more)) sum = *next;
  }
  return sums;
}

void put_measure(json::Writer& out, const Measure& measure, const std::vector<ledger::DayLine>& lines,
                 ledger::DayNumber first, ledger::DayNumber last) {
  const auto sums = sums_of(measure, lines);
  const auto text = [&](Money amount) { return ledger::amount_text(amount, measure.currency); };
  Money total;
  out.begin_object().key("door").string(measure.door).key("name").string(measure.name);
  out.key("currency").string(measure.currency).key("days").begin_array();
  for (ledger::DayNumber day = first; day <= last; ++day) {
    const auto it = sums.find(day);
    const Money amount = it == sums.end() ? Money() : it->second;
    if (const auto next = total.plus(amount)) total = *next;
    out.string(text(amount));
  }
  const auto today = sums.find(last);
  out.end_array().key("today").string(text(today == sums.end() ? Money() : today->second));
  out.key("total").string(text(total)).end_object();
}

Result<std::string> overview_json(store::Session& session, const engine::Engine& engine,
                                  const std::vector<std::unique_ptr<door::Desk>>& desks) {
  const Instant now = engine.business_now();
  const ledger::DayNumber last = ledger::day_of(now);
  const ledger::DayNumber first = last - shown_days + 1;
  ASSIGN_OR_RETURN(const auto lines, ledger::lines_of_days(session, first, last));
  std::vector<door::Waiting> waiting;
  for (const auto& desk : desks) RETURN_IF_ERROR(desk->add_waiting(session, waiting));
  std::string body;
  json::Writer out(body);
  out.begin_object().key("now").string(to_rfc3339(now));
  out.key("firstDay").string(to_rfc3339(ledger::start_of(first))).key("measures").begin_array();
  for (const Measure& measure : measures) put_measure(out, measure, lines, first, last);
  out.end_array().key("waiting").begin_array();
  for (const door::Waiting& each : waiting) {
    out.begin_object().key("kind").string(each.kind).key("count").unsigned_number(each.count);
    out.key("more").boolean(each.more).end_object();
  }
  const engine::EngineStatus status = engine.status();
  out.end_array().key("queues").begin_object();
  out.key("commands").unsigned_number(status.queued_commands);
  out.key("reads").unsigned_number(status.waiting_reads).end_object().end_object();
  return body;
}

}  // namespace

void DeskRoutes::add_routes(http::Router& router) {
  router.add({Method::get, "/api/overview", Effect::read,
              [this](Responder responder) { overview(std::move(responder)); }});
  router.add({Method::get, "/api/search", Effect::read,
              [this](Responder responder) { search(std::move(responder)); }});
}

void DeskRoutes::overview(Responder responder) {
  door::show(engine_, std::move(responder),
             [this](store::Session& session) { return overview_json(session, engine_, desks_); });
}

void DeskRoutes::search(Responder responder) {
  std::string text;
  for (const auto& [name, value] : http::parse_query(responder.request().query()))
    if (name == "q") text = value;
  const auto first = text.find_first_not_of(" \t");
  const auto last = text.find_last_not_of(" \t");
  text = first == std::string::npos ? std::string() : text.substr(first, last - first + 1);
  if (text.empty() || text.size() > max_text_bytes)
    return responder.respond(
        http::api_error(Error(Errc::invalid_parameters, "q must be a text of at most 200 bytes")));
  door::show(engine_, std::move(responder), [this, text](store::Session& session) -> Result<std::string> {
    std::vector<door::Found> found;
    for (const auto& desk : desks_) RETURN_IF_ERROR(desk->find(session, text, found));
    if (found.size() > max_found) found.resize(max_found);
    std::string body;
    json::Writer out(body);
    out.begin_object().key("found").begin_array();
    for (const door::Found& each : found) {
      out.begin_object().key("kind").string(each.kind).key("id").string(each.id);
      out.key("title").string(each.title).end_object();
    }
    out.end_array().end_object();
    return body;
  });
}

}  // namespace jangbu::console
