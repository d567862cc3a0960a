// What readers of subscriptions ask of a snapshot. Any reader thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "invoice/queries.h"
#include "invoice/subscription_decide.h"
#include "invoice/subscription_wire.h"
#include "store/database.h"

namespace jangbu::invoice {

/// How many rows a list looks at one by one, from the newest: where it is of a keyword, of a user or of one
/// subscription's bills. What lies behind them is not in its count. All other lists are whole.
inline constexpr std::uint64_t max_searched = 25'000;

/// By its id, or by the number or id of its order. Error: subscription_not_found (also when it is another
/// app's).
Result<SubscriptionNumber> subscription_number(store::Session& session, AppId app, std::string_view id);
Result<SubscriptionView> subscription_of_app(store::Session& session, AppId app, std::string_view id);
Result<SubscriptionView> subscription_by_number(store::Session& session, SubscriptionNumber number);
Result<Page<SubscriptionView>> subscriptions_of_app(store::Session& session, AppId app,
                                                    const SubscriptionList& list);

/// Error: bill_not_found.
Result<BillNumber> bill_number(store::Session& session, AppId app, std::string_view id);
Result<BillView> bill_by_number(store::Session& session, BillNumber number);
Result<Page<BillView>> bills_of_app(store::Session& session, AppId app, const BillList& list);

/// Error: change_not_found.
Result<ChangeView> change_of_app(store::Session& session, AppId app, std::string_view id);
Result<ChangeView> change_by_number(store::Session& session, ChangeNumber number);
Result<Page<ChangeView>> changes_of_app(store::Session& session, AppId app, const ChangeList& list);

/// What leaving now would come to, without any engine: of a snapshot.
Result<Settlement> settlement_of(store::Session& session, SubscriptionNumber number, Instant now);

/// The record in which the checkout of a bill, or of a page that keeps a card, was opened; 0: not known.
Result<std::uint64_t> bill_record(store::Session& session, BillNumber number);

}  // namespace jangbu::invoice
