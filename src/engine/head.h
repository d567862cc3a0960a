// The head: where the book stands. One row, written by every batch.
#pragma once

#include <cstdint>

#include "base/bytes.h"
#include "base/time.h"

namespace jangbu::engine {

struct Head {
  std::uint64_t epoch = 0;   // grows when a backup is restored
  std::uint64_t batch = 0;   // the last batch
  std::uint64_t number = 0;  // the last record
  Hash hash;                 // its hash
  Instant business_at;       // business time of the last batch; never goes back
  Duration offset;           // business time minus wall time; only grows
};

}  // namespace jangbu::engine
