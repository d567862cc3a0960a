// What the hub's readers ask of a snapshot: campaigns, orders, deposits. Any reader thread.
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "hub/wire_write.h"
#include "store/database.h"

namespace jangbu::hub {

struct CampaignPage {
  std::vector<CampaignView> campaigns;  // the newest first
  std::uint64_t total = 0;              // of all pages, exact
};
/// An app's campaigns. A page beyond the last is empty.
Result<CampaignPage> campaigns_of_app(store::Session& session, AppId app, const PageRequest& page);
/// Errors: campaign_not_found, campaign_not_owned.
Result<CampaignRow> campaign_row(store::Session& session, AppId app, CampaignId id);
Result<CampaignView> campaign_of_app(store::Session& session, AppId app, CampaignId id);

/// An order by its code. Error: order_not_found (also when it is another app's).
Result<OrderView> order_of_app(store::Session& session, AppId app, std::string_view code);
/// What went back of an order so far.
Result<Money> refunded_of(store::Session& session, const OrderRow& row);
struct OrderPage {
  std::vector<OrderView> orders;  // the newest first
  OrderNumber next = 0;           // cursor of the next page; 0: there is none
};
Result<OrderPage> orders_of_app(store::Session& session, AppId app, const OrderListRequest& list);

struct DepositMove {
  std::uint64_t number = 0;  // within the partner, from 1
  DepositMoveRow row;
};
/// What moved a partner's deposit, numbers below `before` (0: from the newest), the newest first.
Result<std::vector<DepositMove>> deposit_moves(store::Session& session, PartnerId partner,
                                               std::uint64_t before, std::uint64_t limit);

struct ApplyView {
  ApplyId id = 0;
  ApplyRow row;
};
/// A campaign's applications with ids above `after`, in order.
Result<std::vector<ApplyView>> applies_of_campaign(store::Session& session, CampaignId campaign,
                                                   ApplyId after, std::uint64_t limit);

}  // namespace jangbu::hub
