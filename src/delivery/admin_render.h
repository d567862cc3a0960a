// Deliveries as the operator sees them.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "delivery/queries.h"
#include "delivery/template.h"

namespace jangbu::delivery {

/// {"deliveries":[...],"next":cursor or null}
std::string render_page(const DeliveryPage& page, const Hash& id_key);
/// One delivery with what it says and its attempts, the newest first. What it says names its secret and never
/// holds it; receivers of messages are masked.
std::string render_one(const DeliveryRow& row, std::span<const Attempt> attempts, const Templates& templates,
                       const Hash& id_key);

}  // namespace jangbu::delivery
