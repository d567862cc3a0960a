// Columns of the hub's tables that the writer and the queries read alike.
#pragma once

#include "hub/rows.h"
#include "ledger/columns.h"

namespace jangbu::hub {

using ledger::read_money;

#define JANGBU_HUB_ORDER_COLUMNS "app, status, checkout, record, paid_at, consumed, attention, hook, carries"
#define JANGBU_HUB_MANAGER_COLUMNS "partner, email, password_hash, invite, pending, name, since, withdrawn"
#define JANGBU_HUB_CAMPAIGN_COLUMNS                                                                  \
  "app, ordinal, partner, status, record, order_number, start_at, end_at, due_at, next_at, reward, " \
  "offers, held, paid, a0801, a0802, a0803, a0804, r1213, r1214, r1215, r1218, r1219, updated_at"

/// The columns above, from column `first` of the result on.
OrderRow read_order(const store::Row& row, int first);
ManagerRow read_manager(const store::Row& row, int first);
CampaignRow read_campaign(const store::Row& row, int first);

}  // namespace jangbu::hub
