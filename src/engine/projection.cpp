#include "engine/projection.h"

#include <algorithm>

namespace jangbu::engine {

Status check_record(const Record& record, const Projections& projections) {
  const auto owner = std::ranges::find_if(
      projections, [&](const auto& projection) { return projection->owns(record.kind); });
  const bool is_owned = owner != projections.end();
  const bool is_to_be_sealed = is_owned && (*owner)->seals(record.kind);
  if (is_to_be_sealed == record.seal.empty())
    return Error(Errc::verification_failed,
                 "record " + std::to_string(record.number) +
                     (is_to_be_sealed ? ": it has no seal" : ": a seal where there is none to be"));
  return is_owned ? (*owner)->check(record) : Status();
}

}  // namespace jangbu::engine
