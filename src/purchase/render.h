// The JSON of reads: purchases with their state, receipts, block headers. The answers of writes are in
// wire.h.
#pragma once

#include <vector>

#include "base/json.h"
#include "engine/record.h"
#include "purchase/queries.h"

namespace jangbu::purchase {

/// {"tx", "loyalty", "status", "recordedAt", "waiting"[, "cancel"]: the object is left open, for what the
/// caller adds.
void render_purchase(json::Writer& writer, const engine::Record& record, const Recorded& purchase,
                     PurchaseStatus status, const engine::Record* cancel);
/// Everything that proves a purchase without this server: docs/formats/blocks.md.
void render_receipt(json::Writer& writer, const engine::Record& record, const Recorded& purchase,
                    const Hash& leaf, std::uint64_t index, const std::vector<Hash>& path,
                    const StoredBlock& block);
void render_header(json::Writer& writer, const StoredBlock& block);

}  // namespace jangbu::purchase
