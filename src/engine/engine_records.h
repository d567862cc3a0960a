// The engine's own records: the first one of a book, moves of the business clock, new epochs.
#pragma once

#include "engine/command.h"
#include "engine/record.h"
#include "engine/unit.h"

namespace jangbu::engine {

inline constexpr std::uint16_t format_version = 1;

inline bool is_engine_kind(RecordKind kind) { return kind < 16; }

/// `instance`: 16 random bytes that name this book; `offset`: business time minus wall time at the start.
Bytes genesis_payload(ByteView instance, Duration offset);
/// A restored book goes on as `epoch`; business time keeps its offset.
Bytes epoch_payload(std::uint64_t epoch, Duration offset);

/// INVARIANT: the record is well formed and of an engine kind.
void apply_engine_record(Unit& unit, const Record& record);

/// 2100-01-01T00:00:00Z: what falls due decades later still has a date of four digits.
inline constexpr Instant latest_business_time{4'102'444'800'000'000};

/// Moves business time forward (sandbox). The due work that this uncovers runs after it, in order.
class MoveClock : public Command {
 public:
  /// Refused (invalid_parameters) when `by` is not above zero, or leads beyond latest_business_time.
  explicit MoveClock(Duration by) : by_(by) {}
  Decision decide(Unit& unit) override;

 private:
  Duration by_;
};

}  // namespace jangbu::engine
