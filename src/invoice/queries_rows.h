// What the reads of invoices and of orders share; included by queries*.cpp alone.
#pragma once

#include <optional>

#include "engine/unit.h"
#include "invoice/queries.h"

namespace jangbu::invoice {

/// Nothing when there is none of that number.
Result<std::optional<OrderRow>> order_row(store::Session& session, OrderNumber number);
/// A row with what its record and its order say.
Result<InvoiceView> complete_invoice(store::Session& session, InvoiceRow row);

}  // namespace jangbu::invoice
