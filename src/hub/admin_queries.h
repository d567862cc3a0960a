// What the operator asks of a snapshot, over all apps.
#pragma once

#include <memory>

#include "hub/admin_wire.h"

namespace jangbu::hub {

Result<std::shared_ptr<Apps>> all_apps(store::Session& session);
/// The newest first. A page looks at a bounded number of orders: it may be short, or empty, and still have a
/// next one.
Result<AdminOrderPage> all_orders(store::Session& session, const AdminOrderList& list);
/// Error: partner_not_found.
Result<AdminPartner> partner_for_admin(store::Session& session, PartnerId id);

}  // namespace jangbu::hub
