#include "affiliate/admin_queries.h"

#include <optional>

#include "affiliate/admin_wire.h"
#include "affiliate/columns.h"
#include "affiliate/reward_api.h"
#include "affiliate/settlement_tables.h"
#include "http/message.h"
#include "ledger/fields.h"

namespace jangbu::affiliate {
namespace {

using store::Value;

const store::Sql merchants_sql{
    "SELECT number, fields FROM affiliate_merchants WHERE number > $1 ORDER BY number LIMIT $2"};
const store::Sql programs_sql{
    "SELECT number, fields FROM affiliate_programs WHERE number > $1 ORDER BY number LIMIT $2"};
const store::Sql programs_of_sql{
    "SELECT number, fields FROM affiliate_programs WHERE merchant = $1 AND number > $2 ORDER BY number LIMIT "
    "$3"};
const store::Sql affiliates_sql{
    "SELECT number, fields FROM affiliate_affiliates WHERE number > $1 ORDER BY number LIMIT $2"};
const store::Sql promos_sql{
    "SELECT number, fields FROM affiliate_promos WHERE number > $1 ORDER BY number LIMIT $2"};
const store::Sql promos_of_affiliate_sql{
    "SELECT number, fields FROM affiliate_promos WHERE affiliate = $1 AND number > $2 ORDER BY number LIMIT "
    "$3"};
const store::Sql rates_sql{
    "SELECT day, won_per_unit FROM affiliate_exchange_rates WHERE currency = $1 AND day < $2 ORDER BY day "
    "DESC "
    "LIMIT $3"};

// There is one row for each merchant that has lists.
#define JANGBU_AFFILIATE_BEHIND "p.asked > p.done AND p.due_at <> 0"
const store::Sql merchants_of_lists_sql{
    "SELECT m.number, m.fields FROM affiliate_list_progress p JOIN affiliate_merchants m ON m.number = "
    "p.merchant "
    "WHERE " JANGBU_AFFILIATE_BEHIND " AND m.number > $1 ORDER BY m.number LIMIT $2"};

constexpr std::int64_t max_won_a_unit = 1'000'000;
constexpr Day after_all_days = 99'999'999;

/// Collects what is wrong with a query.
class Faults {
 public:
  void add(std::string_view name, std::string_view what) {
    if (!text_.empty()) text_ += "; ";
    text_.append(name).append(" ").append(what);
  }
  [[nodiscard]] std::optional<Error> error() const {
    return text_.empty() ? std::nullopt : std::optional(Error(Errc::invalid_parameters, text_));
  }

 private:
  std::string text_;
};

void read_number(Faults& faults, std::string_view name, std::string_view value, std::uint64_t low,
                 std::uint64_t high, std::uint64_t& into) {
  const auto number = http::whole_number(value, low, high);
  number ? void(into = *number)
         : faults.add(name,
                      "must be a whole number from " + std::to_string(low) + " to " + std::to_string(high));
}

/// One page of rows that are written by `put`, and the cursor of the next.
template <typename Set, typename Put>
Result<std::string> list(store::Session& session, std::string_view name, const store::Sql& sql,
                         std::vector<Value> values, const Page& page, const Put& put) {
  std::string body;
  json::Writer out(body);
  out.begin_object().key(name).begin_array();
  std::uint64_t count = 0;
  std::uint64_t last = 0;
  bool more = false;
  Status decoded;
  values.push_back(Value::number(page.after));
  values.push_back(Value::number(page.limit + 1));
  RETURN_IF_ERROR(session.query(sql, values, [&](const store::Row& row) {
    if (count == page.limit) {
      more = true;
      return false;
    }
    const auto set = ledger::decode_fields<Set>(row.bytes(1));
    if (!set) {
      decoded = set.error();
      return false;
    }
    put(out, *set);
    last = row.number(0);
    ++count;
    return true;
  }));
  RETURN_IF_ERROR(decoded);
  out.end_array().key("next");
  more ? out.unsigned_number(last) : out.null();
  out.end_object();
  return body;
}

}  // namespace

const store::Sql merchants_behind_sql{
    "SELECT p.merchant FROM affiliate_list_progress p WHERE " JANGBU_AFFILIATE_BEHIND
    " ORDER BY p.merchant LIMIT $1"};
#undef JANGBU_AFFILIATE_BEHIND

Result<std::optional<ListProgressRow>> list_progress_of(store::Session& session, MerchantNumber merchant) {
  std::optional<ListProgressRow> found;
  RETURN_IF_ERROR(
      session.query(ListProgressTraits::load, {Value::number(merchant)}, [&](const store::Row& row) {
        found = ListProgressTraits::read(row);
        return false;
      }));
  if (found && found->due_at == Instant()) found.reset();
  return found;
}

Money max_won_per_unit() { return Money::from_units(int128{max_won_a_unit} * exchange_units); }

Result<Page> read_page(std::string_view query, std::string_view filter) {
  Page page;
  Faults faults;
  for (const auto& [name, value] : http::parse_query(query)) {
    if (name == "after") read_number(faults, name, value, 0, INT64_MAX, page.after);
    if (name == "limit") read_number(faults, name, value, 1, max_page_rows, page.limit);
    if (name != "after" && name != "limit" && name != filter)
      faults.add(name, "is no parameter of this list");
    if (name == "merchant") page.merchant = value;
    if (name == "reward" && !value.empty()) {
      page.reward = reward_status_of(value);
      if (!page.reward) faults.add(name, "must be NONE, REQUESTED, APPROVED or REJECTED");
    }
    if (name == "lists" && !value.empty()) {
      page.lists_behind = value == "behind";
      if (!page.lists_behind) faults.add(name, "must be behind");
    }
  }
  if (const auto error = faults.error()) return *error;
  return page;
}

Result<RatePage> read_rate_page(std::string_view query) {
  RatePage page;
  page.before = after_all_days;
  Faults faults;
  for (const auto& [name, value] : http::parse_query(query)) {
    if (name == "limit") read_number(faults, name, value, 1, max_page_rows, page.limit);
    if (name == "currency") page.currency = value;
    if (name != "limit" && name != "currency" && name != "before")
      faults.add(name, "is no parameter of this list");
    if (name != "before") continue;
    page.before = parse_day(value);
    if (page.before == 0) faults.add(name, "must be a day such as 2026-05-25");
  }
  if (!is_currency(page.currency)) faults.add("currency", "must be a currency such as USD");
  if (const auto error = faults.error()) return *error;
  return page;
}

Result<std::string> merchants_json(store::Session& session, const Page& page) {
  const store::Sql& sql = page.lists_behind ? merchants_of_lists_sql : merchants_sql;
  return list<MerchantSet>(session, "merchants", sql, {}, page,
                           [](json::Writer& out, const MerchantSet& set) { put_merchant(out, set); });
}

Result<std::string> programs_json(store::Session& session, const Page& page) {
  ASSIGN_OR_RETURN(const auto config, load_config(session));
  const auto put = [&](json::Writer& out, const ProgramSet& set) { put_program(out, *config, set); };
  if (page.merchant.empty()) return list<ProgramSet>(session, "programs", programs_sql, {}, page, put);
  const MerchantSet* merchant = config->merchant(page.merchant);
  if (merchant == nullptr) return Error(Errc::not_found, "there is no such merchant");
  return list<ProgramSet>(session, "programs", programs_of_sql, {Value::number(merchant->number)}, page, put);
}

Result<std::string> affiliates_json(store::Session& session, const Page& page) {
  ASSIGN_OR_RETURN(const auto config, load_config(session));
  const auto put = [&](json::Writer& out, const AffiliateSet& set) {
    out.begin_object();
    put_affiliate(out, *config, set);
    out.end_object();
  };
  if (!page.reward) return list<AffiliateSet>(session, "affiliates", affiliates_sql, {}, page, put);
  std::string body;
  json::Writer out(body);
  out.begin_object().key("affiliates").begin_array();
  std::uint64_t count = 0;
  std::optional<AffiliateNumber> next;
  AffiliateNumber last = 0;
  for (auto it = config->affiliates.upper_bound(page.after); it != config->affiliates.end() && !next; ++it) {
    if (it->second->reward.status != *page.reward) continue;
    if (count == page.limit) {
      next = last;
    } else {
      put(out, *it->second);
      last = it->first;
      ++count;
    }
  }
  out.end_array().key("next");
  next ? out.unsigned_number(*next) : out.null();
  out.end_object();
  return body;
}

Result<std::string> promos_json(store::Session& session, const Page& page) {
  ASSIGN_OR_RETURN(const auto config, load_config(session));
  return list<PromoSet>(session, "promos", promos_sql, {}, page,
                        [&](json::Writer& out, const PromoSet& set) { put_promo(out, *config, set); });
}

Result<std::string> promos_of_affiliate_json(store::Session& session, const Config& config,
                                             AffiliateNumber affiliate, const Page& page) {
  return list<PromoSet>(session, "promos", promos_of_affiliate_sql, {Value::number(affiliate)}, page,
                        [&](json::Writer& out, const PromoSet& set) { put_promo(out, config, set); });
}

Result<std::string> exchange_rates_json(store::Session& session, const RatePage& page) {
  std::string body;
  json::Writer out(body);
  out.begin_object().key("rates").begin_array();
  std::uint64_t count = 0;
  Day last = 0;
  bool more = false;
  RETURN_IF_ERROR(session.query(
      rates_sql, {Value::blob(page.currency), Value::number(page.before), Value::number(page.limit + 1)},
      [&](const store::Row& row) {
        more = count == page.limit;
        if (more) return false;
        last = static_cast<Day>(row.number(0));
        put_exchange_rate(out, {page.currency, last, read_money(row, 1)});
        ++count;
        return true;
      }));
  out.end_array().key("next");
  more ? out.string(day_text(last)) : out.null();
  out.end_object();
  return body;
}

}  // namespace jangbu::affiliate
