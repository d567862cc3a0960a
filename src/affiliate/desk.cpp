#include "affiliate/desk.h"

#include <algorithm>

#include "affiliate/admin_queries.h"
#include "affiliate/clicks.h"
#include "affiliate/config.h"
#include "affiliate/list_queries.h"
#include "affiliate/lpinfo.h"
#include "affiliate/state.h"
#include "http/json_body.h"

namespace jangbu::affiliate {
namespace {

using door::Found;
using store::Session;
using store::Value;

/// What a search shows of one kind at most: an order's products are conversions each, and codes of programmes
/// are the merchants' own.
constexpr std::uint64_t max_of_a_kind = 10;

const store::Sql held_sql{"SELECT number FROM affiliate_payouts WHERE status = 1 ORDER BY number LIMIT $1"};
const store::Sql payout_sql{"SELECT affiliate, month FROM affiliate_payouts WHERE number = $1"};
const store::Sql statement_sql{"SELECT month FROM affiliate_statements WHERE affiliate = $1 AND month = $2"};
const store::Sql by_order_sql{
    "SELECT number FROM affiliate_conversions WHERE order_code = $1 ORDER BY number DESC LIMIT $2"};
const store::Sql by_user_sql{
    "SELECT number FROM affiliate_conversions WHERE u_id = $1 ORDER BY number DESC LIMIT $2"};

class Desk final : public door::Desk {
 public:
  Status add_waiting(Session& session, std::vector<door::Waiting>& list) const override {
    ASSIGN_OR_RETURN(const auto config, load_config(session));
    add_reward_requests(*config, list);
    ASSIGN_OR_RETURN(const UnpaidPage unpaid, list_unpaid(session, {}, door::max_counted));
    if (!unpaid.statements.empty())
      list.push_back({"affiliate.statements", unpaid.statements.size(), unpaid.next.has_value()});
    RETURN_IF_ERROR(door::count_waiting(session, held_sql, "affiliate.payouts", list));
    return door::count_waiting(session, merchants_behind_sql, "affiliate.lists", list);
  }

  Status find(Session& session, std::string_view text, std::vector<Found>& found) const override {
    ASSIGN_OR_RETURN(const auto config, load_config(session));
    find_set_up(*config, text, found);
    if (const auto number = http::whole_number(text, 1, INT64_MAX))
      RETURN_IF_ERROR(find_numbered(session, *config, *number, found));
    RETURN_IF_ERROR(find_click_of(session, *config, text, found));
    RETURN_IF_ERROR(find_statement(session, text, found));
    RETURN_IF_ERROR(find_conversions(session, by_order_sql, *config, text, found));
    return find_conversions(session, by_user_sql, *config, text, found);
  }

 private:
  static void add_reward_requests(const Config& config, std::vector<door::Waiting>& list) {
    const auto asks = std::count_if(config.affiliates.begin(), config.affiliates.end(), [](const auto& each) {
      return each.second->reward.status == RewardStatus::requested;
    });
    if (asks == 0) return;
    const auto count = static_cast<std::uint64_t>(asks);
    list.push_back(
        {"affiliate.reward_requests", std::min(count, door::max_counted), count > door::max_counted});
  }

  /// Merchants and affiliates by their ids, affiliates by their e-mail address, programmes by their codes.
  static void find_set_up(const Config& config, std::string_view text, std::vector<Found>& found) {
    if (const MerchantSet* merchant = config.merchant(text))
      found.push_back({"affiliate.merchant", merchant->id, merchant->name});
    if (const AffiliateSet* affiliate = config.affiliate(text)) add_affiliate(*affiliate, found);
    std::uint64_t shown = 0;
    for (const auto& [number, affiliate] : config.affiliates)
      if (affiliate->email == text && shown++ < max_of_a_kind) add_affiliate(*affiliate, found);
    shown = 0;
    for (const auto& [number, program] : config.programs)
      if (program->code == text && shown++ < max_of_a_kind) add_program(config, *program, found);
  }

  /// What is known by a number: conversions, programmes, payouts.
  static Status find_numbered(Session& session, const Config& config, std::uint64_t number,
                              std::vector<Found>& found) {
    if (const ConversionNumber conversion = conversion_of_trlog_id(number))
      RETURN_IF_ERROR(add_conversion(session, config, conversion, found));
    if (const ProgramSet* program = config.program(number)) add_program(config, *program, found);
    return session.query(payout_sql, {Value::number(number)}, [&](const store::Row& row) {
      found.push_back({"affiliate.payout", std::to_string(number),
                       affiliate_id(row.number(0)) + " " + std::to_string(row.number(1))});
      return false;
    });
  }

  static Status find_click_of(Session& session, const Config& config, std::string_view text,
                              std::vector<Found>& found) {
    const auto id = parse_click_id(text);
    if (!id) return {};
    ASSIGN_OR_RETURN(const auto click, find_click(session, *id));
    if (!click) return {};
    const MerchantSet* merchant = config.merchant(click->merchant);
    found.push_back({"affiliate.click", std::string(text),
                     affiliate_id(click->affiliate) + (merchant == nullptr ? "" : " " + merchant->id)});
    return {};
  }

  /// "A100000001/202605"
  static Status find_statement(Session& session, std::string_view text, std::vector<Found>& found) {
    const std::size_t slash = text.find('/');
    if (slash == std::string_view::npos) return {};
    const AffiliateNumber affiliate = affiliate_of_id(text.substr(0, slash));
    const auto month = http::whole_number(text.substr(slash + 1), 1, 999'912);
    if (affiliate == 0 || !month) return {};
    return session.query(
        statement_sql, {Value::number(affiliate), Value::number(*month)}, [&](const store::Row& row) {
          found.push_back({"affiliate.statement", affiliate_id(affiliate), std::to_string(row.number(0))});
          return false;
        });
  }

  static Status find_conversions(Session& session, const store::Sql& sql, const Config& config,
                                 std::string_view text, std::vector<Found>& found) {
    std::vector<ConversionNumber> numbers;
    RETURN_IF_ERROR(
        session.query(sql, {Value::blob(text), Value::number(max_of_a_kind)}, [&](const store::Row& row) {
          numbers.push_back(row.number(0));
          return true;
        }));
    for (const ConversionNumber number : numbers)
      RETURN_IF_ERROR(add_conversion(session, config, number, found));
    return {};
  }

  static void add_affiliate(const AffiliateSet& affiliate, std::vector<Found>& found) {
    found.push_back({"affiliate.affiliate", affiliate_id(affiliate.number), affiliate.name});
  }

  static void add_program(const Config& config, const ProgramSet& program, std::vector<Found>& found) {
    found.push_back({"affiliate.program", std::to_string(program.number),
                     config.merchant(program.merchant)->id + " " + program.name});
  }

  static Status add_conversion(Session& session, const Config& config, ConversionNumber number,
                               std::vector<Found>& found) {
    ASSIGN_OR_RETURN(const auto conversion, find_conversion(session, number));
    if (!conversion) return {};
    const MerchantSet* merchant = config.merchant(conversion->row.merchant);
    found.push_back({"affiliate.conversion", std::to_string(trlog_id(number)),
                     (merchant == nullptr ? "" : merchant->id + " ") + conversion->row.order_code});
    return {};
  }
};

}  // namespace

std::unique_ptr<door::Desk> make_desk() { return std::make_unique<Desk>(); }

}  // namespace jangbu::affiliate
