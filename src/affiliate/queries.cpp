#include "affiliate/queries.h"

#include <algorithm>
#include <array>
#include <map>
#include <vector>

#include "affiliate/admin_wire.h"
#include "affiliate/columns.h"
#include "affiliate/explain.h"
#include "engine/unit.h"
#include "http/json_body.h"
#include "http/message.h"
#include "ledger/explain.h"
#include "ledger/queries.h"

namespace jangbu::affiliate {
namespace {

using store::Session;
using store::Value;

constexpr std::uint64_t max_scanned = 5000;
constexpr std::uint64_t max_conversions = 500;

#define JANGBU_AFFILIATE_ROWS \
  "SELECT number, " JANGBU_AFFILIATE_CONVERSION_COLUMNS " FROM affiliate_conversions "
const store::Sql by_number{JANGBU_AFFILIATE_ROWS "WHERE number < $1 ORDER BY number DESC LIMIT $2"};
const store::Sql by_order{JANGBU_AFFILIATE_ROWS
                          "WHERE order_code = $1 AND number < $2 ORDER BY number DESC LIMIT $3"};
const store::Sql by_user{JANGBU_AFFILIATE_ROWS
                         "WHERE u_id = $1 AND number < $2 ORDER BY number DESC LIMIT $3"};
const store::Sql by_affiliate{
    JANGBU_AFFILIATE_ROWS
    "WHERE affiliate = $1 AND day >= $2 AND day <= $3 AND (day < $4 OR number < $5) "
    "ORDER BY day DESC, number DESC LIMIT $6"};
const store::Sql by_merchant{JANGBU_AFFILIATE_ROWS
                             "WHERE merchant = $1 AND day >= $2 AND day <= $3 AND (day < $4 OR number < $5) "
                             "ORDER BY day DESC, number DESC LIMIT $6"};
#undef JANGBU_AFFILIATE_ROWS

struct FoundRow {
  ConversionNumber number = 0;
  ConversionRow row;
};

/// The merchant and the affiliate that a list names, as numbers; 0: any.
struct Whose {
  MerchantNumber merchant = 0;
  AffiliateNumber affiliate = 0;
};

bool fits(const ConversionRow& row, const ConversionList& list, const Whose& whose) {
  return (whose.merchant == 0 || row.merchant == whose.merchant) &&
         (whose.affiliate == 0 || row.affiliate == whose.affiliate) &&
         (list.order_code.empty() || row.order_code == list.order_code) &&
         (list.u_id.empty() || row.u_id == list.u_id) && (!list.status || row.status == *list.status) &&
         row.day >= list.from && row.day <= list.to;
}

/// The narrowest way through the rows.
std::pair<const store::Sql*, std::vector<Value>> plan(const ConversionList& list, const Whose& whose) {
  const Value limit = Value::number(max_scanned + 1);
  const Value number = Value::number(list.before.second);
  if (!list.order_code.empty()) return {&by_order, {Value::blob(list.order_code), number, limit}};
  if (!list.u_id.empty()) return {&by_user, {Value::blob(list.u_id), number, limit}};
  if (whose.affiliate == 0 && whose.merchant == 0) return {&by_number, {number, limit}};
  const Day last = std::min(list.to, list.before.first);
  // A page that begins within a day goes on behind a number; one that does not takes all of its first day.
  const Value first_whole = Value::number(list.to < list.before.first ? last + 1 : list.before.first);
  std::vector<Value> values = {Value::number(whose.affiliate != 0 ? whose.affiliate : whose.merchant),
                               Value::number(list.from),
                               Value::number(last),
                               first_whole,
                               number,
                               limit};
  return {whose.affiliate != 0 ? &by_affiliate : &by_merchant, std::move(values)};
}

void put_moment(json::Writer& out, std::string_view name, Instant at) {
  out.key(name);
  at == Instant() ? out.null() : out.string(to_rfc3339(at));
}

std::string_view source_name(Source source) {
  switch (source) {
    case Source::cps:
      return "cps";
    case Source::cpa:
      return "cpa";
    case Source::promo:
      return "promo";
    case Source::restored:
      return "restored";
  }
  return "";
}

void put_marks(json::Writer& out, std::uint64_t marks) {
  constexpr std::array<std::pair<Mark, std::string_view>, 4> names = {{{mark_click_lost, "click_lost"},
                                                                       {mark_click_foreign, "click_foreign"},
                                                                       {mark_robot, "robot"},
                                                                       {mark_paid_early, "paid_early"}}};
  out.key("marks").begin_array();
  for (const auto& [mark, name] : names)
    if ((marks & mark) != 0) out.string(name);
  out.end_array();
}

void put_money(json::Writer& out, const Conversion& conversion) {
  const Amounts& now = conversion.row.now;
  const ConversionPart& part = conversion.part();
  out.key("quantity").unsigned_number(now.quantity).key("price").raw(now.price.to_units_text());
  out.key("currency").string(conversion.order->currency);
  out.key("sent_price").string(part.price.to_decimal_text(price_scale));
  out.key("base_commission").string(rate_text(part.base));
  out.key("incentive_commission")
      .string(rate_text(part.incentive))
      .key("fee_rate")
      .string(rate_text(part.fee));
  out.key("base").raw(now.base.to_units_text()).key("incentive").raw(now.incentive.to_units_text());
  out.key("commission").raw(now.commission().to_units_text()).key("fee").raw(now.fee.to_units_text());
  out.key("corrected").raw(conversion.row.corrected.to_units_text());
}

/// The members of a conversion, into an object that is open.
void put_conversion(json::Writer& out, const Config& config, const Conversion& conversion) {
  const ConversionRow& row = conversion.row;
  const ConversionsTaken& order = *conversion.order;
  const ConversionPart& part = conversion.part();
  const ProgramSet* program = config.program(row.program);
  out.key("trlog_id").unsigned_number(trlog_id(conversion.number));
  out.key("merchant_id").string(config.merchant(row.merchant)->id);
  out.key("affiliate_id").string(affiliate_id(row.affiliate));
  out.key("program").unsigned_number(row.program).key("program_code").string(program->code);
  out.key("status").number(static_cast<int>(row.status));
  out.key("date").string(day_text(row.day)).key("order_code").string(row.order_code);
  out.key("product_code").string(part.product_code).key("product_name").string(part.product_name);
  out.key("category_code").string(part.category_code);
  put_money(out, conversion);
  out.key("u_id").string(row.u_id).key("device_type").string(device_name(order.device));
  out.key("source").string(source_name(order.source));
  put_marks(out, order.marks);
  out.key("click_id");
  order.click.empty() ? out.null() : out.string(order.click);
  out.key("origin");
  row.origin == 0 ? out.null() : out.unsigned_number(trlog_id(row.origin));
  put_moment(out, "happened_at", row.happened_at);
  put_moment(out, "confirmed_at", row.confirmed_at);
  put_moment(out, "canceled_at", row.canceled_at);
  out.key("record").unsigned_number(row.record);
}

/// Reads the details of rows; those of one order stand in one record.
class Details {
 public:
  explicit Details(Session& session) : session_(session) {}
  Result<Conversion> of(FoundRow found) {
    if (found.row.record != record_) {
      ASSIGN_OR_RETURN(const engine::Record record, engine::load_record(session_, found.row.record));
      order_ = said<ConversionsTaken>(record);
      record_ = found.row.record;
    }
    return Conversion{found.number, std::move(found.row), order_};
  }

 private:
  Session& session_;
  std::uint64_t record_ = 0;
  std::shared_ptr<const ConversionsTaken> order_;
};

struct Scan {
  std::vector<FoundRow> rows;
  std::optional<std::pair<Day, ConversionNumber>> next;
};

Result<Scan> scan(Session& session, const ConversionList& list, const Whose& whose) {
  Scan scan;
  std::uint64_t seen = 0;
  std::pair<Day, ConversionNumber> last;
  const auto [sql, values] = plan(list, whose);
  RETURN_IF_ERROR(session.query(*sql, values, [&](const store::Row& row) {
    FoundRow found{row.number(0), read_conversion(row, 1)};
    const bool wanted = fits(found.row, list, whose);
    if (seen == max_scanned || (wanted && scan.rows.size() == list.limit)) {
      scan.next = last;
      return false;
    }
    ++seen;
    last = {found.row.day, found.number};
    if (wanted) scan.rows.push_back(std::move(found));
    return true;
  }));
  return scan;
}

Result<Whose> whose(const Config& config, const ConversionList& list) {
  Whose found;
  if (!list.merchant.empty()) {
    const MerchantSet* merchant = config.merchant(list.merchant);
    if (merchant == nullptr) return Error(Errc::not_found, "there is no such merchant");
    found.merchant = merchant->number;
  }
  if (!list.affiliate.empty()) {
    const AffiliateSet* affiliate = config.affiliate(list.affiliate);
    if (affiliate == nullptr) return Error(Errc::not_found, "there is no such affiliate");
    found.affiliate = affiliate->number;
  }
  return found;
}

Status put_entry(Session& session, json::Writer& out, const ledger::Entry& entry) {
  out.key("postings").begin_array();
  for (const ledger::Posting& posting : entry.postings) {
    ASSIGN_OR_RETURN(const auto account, ledger::find_account(session, posting.account));
    out.begin_object()
        .key("account")
        .string(account.account.name)
        .key("currency")
        .string(account.account.currency);
    out.key("amount").string(ledger::amount_text(posting.amount, account.account.currency)).end_object();
  }
  out.end_array();
  return {};
}

}  // namespace

Result<ConversionList> read_conversion_list(std::string_view query) {
  constexpr std::string_view parameters[] = {"merchant", "site", "affiliate", "order_code", "u_id",
                                             "from",     "to",   "limit",     "status",     "before"};
  ConversionList list;
  std::string faults;
  const auto fail = [&](std::string_view name, std::string_view what) {
    if (!faults.empty()) faults += "; ";
    faults.append(name).append(" ").append(what);
  };
  const auto day = [&](std::string_view name, std::string_view value, Day otherwise) {
    const Day parsed = parse_day(value);
    if (parsed == 0) fail(name, "must be a day such as 2026-05-25");
    return parsed == 0 ? otherwise : parsed;
  };
  for (const auto& [name, value] : http::parse_query(query)) {
    if (std::find(std::begin(parameters), std::end(parameters), name) == std::end(parameters)) {
      fail(name, "is no parameter of this list");
      continue;
    }
    if (value.empty()) continue;
    if (name == "merchant") list.merchant = value;
    if (name == "site" || name == "affiliate") list.affiliate = value;
    if (name == "order_code") list.order_code = value;
    if (name == "u_id") list.u_id = value;
    if (name == "from") list.from = day(name, value, list.from);
    if (name == "to") list.to = day(name, value, list.to);
    if (name == "limit") {
      const auto limit = http::whole_number(value, 1, max_conversions);
      limit ? void(list.limit = *limit) : fail(name, "must be a whole number from 1 to 500");
    }
    if (name == "status") {
      const auto number = http::whole_number(value, 0, 999);
      list.status = number ? status_of(*number) : std::nullopt;
      if (!list.status) fail(name, "must be 100, 200, 210, 300 or 310");
    }
    if (name == "before") {
      const auto dash = value.find('-');
      const auto date = http::whole_number(value.substr(0, dash), 0, 99'999'999);
      const auto number =
          dash == std::string::npos ? std::nullopt : http::whole_number(value.substr(dash + 1), 0, INT64_MAX);
      date&& number ? void(list.before = {static_cast<Day>(*date), *number})
                    : fail(name, "must be the cursor of a page");
    }
  }
  if (!faults.empty()) return Error(Errc::invalid_parameters, faults);
  return list;
}

Result<std::string> conversions_json(Session& session, const ConversionList& list) {
  ASSIGN_OR_RETURN(const auto config, load_config(session));
  ASSIGN_OR_RETURN(const Whose of, whose(*config, list));
  ASSIGN_OR_RETURN(auto found, scan(session, list, of));
  std::string body;
  json::Writer out(body);
  out.begin_object().key("conversions").begin_array();
  Details details(session);
  for (FoundRow& one : found.rows) {
    ASSIGN_OR_RETURN(const Conversion conversion, details.of(std::move(one)));
    out.begin_object();
    put_conversion(out, *config, conversion);
    out.end_object();
  }
  out.end_array().key("next");
  found.next ? out.string(std::to_string(found.next->first) + "-" + std::to_string(found.next->second))
             : out.null();
  out.end_object();
  return body;
}

Result<std::string> conversion_json(Session& session, ConversionNumber number) {
  ASSIGN_OR_RETURN(const auto conversion, find_conversion(session, number));
  if (!conversion) return Error(Errc::not_found, "there is no such conversion");
  ASSIGN_OR_RETURN(const auto config, load_config(session));
  const Explainer explainer;
  const std::array<const ledger::Explainer*, 1> explainers = {&explainer};
  ASSIGN_OR_RETURN(const auto explanation, ledger::explain(session, explainers, conversion->row.changed));
  std::string body;
  json::Writer out(body);
  out.begin_object();
  put_conversion(out, *config, *conversion);
  out.key("explanation").begin_array();
  for (const ledger::Step& step : explanation.path) {
    out.begin_object().key("record").unsigned_number(step.record).key("at").string(to_rfc3339(step.at));
    out.key("kind").string(step.told.kind).key("what").string(step.told.what.en);
    RETURN_IF_ERROR(put_entry(session, out, step.told.entry));
    out.end_object();
  }
  out.end_array().end_object();
  return body;
}

}  // namespace jangbu::affiliate
