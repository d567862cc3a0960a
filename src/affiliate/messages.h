// What affiliates hear of conversions: their reward postbacks.
#pragma once

#include <optional>
#include <string>

#include "affiliate/config.h"
#include "affiliate/records.h"
#include "engine/outbox.h"

namespace jangbu::affiliate {

/// The postback of a new conversion; nothing when its affiliate's receiver is not approved at that moment, or
/// when the conversion came cancelled. From apply().
std::optional<engine::OutboxEvent> conversion_event(const Config& config, const ConversionsTaken& order,
                                                    const ConversionPart& part);

/// Why a postback in the outbox must not reach its affiliate's receiver any more, for the log: it was not
/// approved, or is not any more. Nothing for a test and for what is no postback.
std::optional<std::string> withdrawn_postback(const Config& config, const engine::OutboxEvent& event);

}  // namespace jangbu::affiliate
