// What subscriptions say of themselves in a walk back to where money came from.
#pragma once

#include "ledger/explain.h"
#include "store/database.h"

namespace jangbu::invoice {

/// Of a record of kinds 180 to 199. Error: internal for another.
Result<ledger::Told> tell_of_subscription(store::Session& session, const engine::Record& record);

}  // namespace jangbu::invoice
