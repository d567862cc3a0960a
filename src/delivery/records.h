// What the book holds about deliveries: which events were delivered, given up, or sent again by hand.
#pragma once

#include <cstdint>
#include <vector>

#include "base/bytes.h"
#include "engine/record.h"

namespace jangbu::delivery {

inline constexpr engine::RecordKind delivered_kind = 32;
inline constexpr engine::RecordKind given_up_kind = 33;
inline constexpr engine::RecordKind resend_kind = 34;

/// Most events that one record speaks of.
inline constexpr std::size_t max_record_events = 1000;

/// The payload of all three kinds: event ids, ascending, each once (INVARIANT), 1 to max_record_events.
Bytes encode_ids(const std::vector<std::uint64_t>& ids);
/// Error: invalid_encoding.
Result<std::vector<std::uint64_t>> decode_ids(ByteView payload);

}  // namespace jangbu::delivery
