#include "delivery/records.h"

namespace jangbu::delivery {

Bytes encode_ids(const std::vector<std::uint64_t>& ids) {
  INVARIANT(!ids.empty() && ids.size() <= max_record_events, "a record speaks of 1 to 1000 events");
  Bytes payload;
  ByteWriter out(payload);
  out.varint(ids.size());
  std::uint64_t previous = 0;
  for (const std::uint64_t id : ids) {
    INVARIANT(id > previous, "events stand in their order");
    out.varint(id - previous);
    previous = id;
  }
  return payload;
}

Result<std::vector<std::uint64_t>> decode_ids(ByteView payload) {
  ByteReader in(payload);
  const std::uint64_t count = in.varint();
  if (count == 0 || count > max_record_events) in.fail();
  std::vector<std::uint64_t> ids;
  std::uint64_t previous = 0;
  for (std::uint64_t i = 0; i < count && in.ok(); ++i) {
    const std::uint64_t step = in.varint();
    if (step == 0 || step > static_cast<std::uint64_t>(INT64_MAX) - previous) in.fail();
    previous += step;
    ids.push_back(previous);
  }
  RETURN_IF_ERROR(in.finish());
  return ids;
}

}  // namespace jangbu::delivery
