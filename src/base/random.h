// Randomness is injected like time: nothing but SystemRandom asks the operating system.
#pragma once

#include <cstddef>
#include <string>

#include "base/bytes.h"

namespace jangbu {

/// A source of unpredictable bytes. Thread-safe.
class Random {
 public:
  virtual ~Random() = default;
  virtual Bytes bytes(std::size_t count) = 0;
};

/// getrandom(2). Ends the process when the kernel has none to give, because nothing safe can be done then.
class SystemRandom final : public Random {
 public:
  Bytes bytes(std::size_t count) override;
};

}  // namespace jangbu
