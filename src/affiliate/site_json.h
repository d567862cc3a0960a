// The JSON of /api about affiliates' rewards, statements and payouts. Pure.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "affiliate/click_link.h"
#include "affiliate/config.h"
#include "affiliate/list_queries.h"
#include "affiliate/payouts.h"
#include "affiliate/reward_api.h"
#include "delivery/queries.h"

namespace jangbu::affiliate {

std::string reward_json(AffiliateNumber affiliate, const Reward& reward);
/// What became of a test: its delivery, and how the receiver answered.
std::string reward_test_json(const delivery::DeliveryRow& row);
std::string statements_json(AffiliateNumber affiliate, const std::vector<Statement>& statements);
/// An account number shows its last four characters.
/// Of an account number the last four characters.
std::string masked_account(std::string_view account);
std::string bank_account_json(const BankAccountRow& account);
std::string payout_json(const PayoutState& payout);
/// Of a snapshot, with the record that it was changed by last.
std::string payout_json(PayoutNumber number, const PayoutRow& payout, const std::string& name);
std::string unpaid_json(const UnpaidPage& page, const Config& config);
std::string payouts_json(const std::vector<std::pair<PayoutNumber, PayoutRow>>& payouts, PayoutNumber next);

/// GET /ci/service/all_merchant/...: the merchants of a kind of programme as an affiliate sees them.
struct MerchantListQuery {
  bool approved_only = false;
  ProgramKind kind = ProgramKind::cps;
  bool detail = false;
};
std::string merchant_list_json(const Config& config, const AffiliateSet& affiliate,
                               const MerchantListQuery& query, Instant now, std::string_view base_url);

/// ?after=&limit=&q=
struct PromotableQuery {
  MerchantNumber after = 0;
  std::uint64_t limit = 50;
  std::string text;  // in the id or the name, in any case
};
/// Error: invalid_parameters.
Result<PromotableQuery> read_promotable_query(std::string_view query);
/// The merchants that an affiliate may promote, with what their programmes of now pay it.
std::string promotable_json(const Config& config, const AffiliateSet& affiliate, const PromotableQuery& query,
                            Instant now);

/// ?merchant_id=&target=&u_id= as a link. Error: invalid_parameters (another parameter).
Result<ClickLink> read_link_form(std::string_view query, AffiliateNumber affiliate);

}  // namespace jangbu::affiliate
