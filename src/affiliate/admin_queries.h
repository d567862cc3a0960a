// What the operator's lists show, from a snapshot: pages by keyset.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "affiliate/config.h"
#include "affiliate/settlement_rows.h"
#include "affiliate/types.h"
#include "base/result.h"
#include "store/database.h"

namespace jangbu::affiliate {

inline constexpr std::uint64_t default_page_rows = 50;
inline constexpr std::uint64_t max_page_rows = 500;

/// ?after=<cursor>&limit=, and the one filter that a list may have: merchant=<merchant_id>, reward= or lists=
struct Page {
  std::uint64_t after = 0;
  std::uint64_t limit = default_page_rows;
  std::string merchant;                // programmes of this one; empty: of all
  std::optional<RewardStatus> reward;  // affiliates whose rewards stand so
  bool lists_behind = false;           // merchants of whose lists some could not be fetched yet
};
/// `filter`: the list's, or "". Error: invalid_parameters, naming all that is wrong.
Result<Page> read_page(std::string_view query, std::string_view filter);

/// ?currency=&before=<date>&limit=
struct RatePage {
  std::string currency;
  Day before = 0;  // 0: from the newest
  std::uint64_t limit = default_page_rows;
};
Result<RatePage> read_rate_page(std::string_view query);

/// {"merchants":[...],"next":<cursor or null>}. Errors: not_found (the merchant), and the session's.
Result<std::string> merchants_json(store::Session& session, const Page& page);
Result<std::string> programs_json(store::Session& session, const Page& page);
Result<std::string> affiliates_json(store::Session& session, const Page& page);
Result<std::string> promos_json(store::Session& session, const Page& page);
/// The same of the codes that an affiliate has now.
Result<std::string> promos_of_affiliate_json(store::Session& session, const Config& config,
                                             AffiliateNumber affiliate, const Page& page);
/// The newest first.
Result<std::string> exchange_rates_json(store::Session& session, const RatePage& page);

/// The merchants of whose lists some could not be fetched yet: SELECT number ... LIMIT $1.
extern const store::Sql merchants_behind_sql;
/// How far a merchant's lists were asked for and are in the books; nothing when it has none.
Result<std::optional<ListProgressRow>> list_progress_of(store::Session& session, MerchantNumber merchant);

/// The highest exchange rate that is taken.
Money max_won_per_unit();

}  // namespace jangbu::affiliate
