#include "engine/engine_records.h"

#include <algorithm>

namespace jangbu::engine {

Bytes genesis_payload(ByteView instance, Duration offset) {
  Bytes payload;
  ByteWriter writer(payload);
  writer.u16(format_version);
  writer.text(instance);
  writer.i64(offset.us);
  return payload;
}

Bytes epoch_payload(std::uint64_t epoch, Duration offset) {
  Bytes payload;
  ByteWriter writer(payload);
  writer.u64(epoch);
  writer.i64(offset.us);
  return payload;
}

void apply_engine_record(Unit& unit, const Record& record) {
  ByteReader reader(record.payload);
  switch (record.kind) {
    case genesis_kind: {
      const std::uint16_t version = reader.u16();
      reader.text();
      const Duration offset{reader.i64()};
      INVARIANT(reader.finish().ok() && version == format_version, "the genesis record is of a known format");
      unit.begin_epoch(1, offset);
      return;
    }
    case epoch_kind: {
      const std::uint64_t epoch = reader.u64();
      const Duration offset{reader.i64()};
      INVARIANT(reader.finish().ok(), "the epoch record is well formed");
      unit.begin_epoch(epoch, offset);
      return;
    }
    case clock_moved_kind: {
      const Duration by{reader.i64()};
      INVARIANT(reader.finish().ok(), "the clock record is well formed");
      unit.move_offset(by);
      return;
    }
    default:
      INVARIANT(false, "an engine record of unknown kind " + std::to_string(record.kind));
  }
}

Decision MoveClock::decide(Unit& unit) {
  const Instant now = std::max(unit.now(), unit.wall_now() + unit.head().offset);
  if (by_.us <= 0 || by_.us > latest_business_time.us - now.us)
    return Refuse{Error(Errc::invalid_parameters,
                        "the clock moves forward, to " + to_rfc3339(latest_business_time) + " at most")};
  Bytes payload;
  ByteWriter(payload).i64(by_.us);
  return Accept{clock_moved_kind, std::move(payload)};
}

}  // namespace jangbu::engine
