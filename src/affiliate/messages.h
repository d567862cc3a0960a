// What affiliates hear of conversions: their reward postbacks.
#pragma once

#include <optional>

#include "affiliate/config.h"
#include "affiliate/records.h"
#include "engine/outbox.h"

namespace jangbu::affiliate {

/// The postback of a new conversion; nothing when its affiliate's receiver is not approved at that moment, or
/// when the conversion came cancelled. From apply().
std::optional<engine::OutboxEvent> conversion_event(const Config& config, const ConversionsTaken& order,
                                                    const ConversionPart& part);

}  // namespace jangbu::affiliate
