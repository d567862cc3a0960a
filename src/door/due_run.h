// How due work looks at the documents of a due row, so much of it in one record.
#pragma once

#include <cstddef>
#include <cstdint>

#include "engine/due.h"

namespace jangbu::door {

/// Asks `look` of one document after the other whether it takes it, until `most_taken` are taken or
/// `most_looked` were looked at. The first document that is left, or 0 when the row is done.
template <typename Look>
std::uint64_t look_at(const engine::DueRow& row, std::size_t most_taken, std::size_t most_looked, Look look) {
  std::size_t looked = 0;
  std::size_t taken = 0;
  for (std::uint64_t number = row.first; number <= row.last; ++number) {
    if (taken == most_taken || looked == most_looked) return number;
    ++looked;
    if (look(number)) ++taken;
  }
  return 0;
}

}  // namespace jangbu::door
