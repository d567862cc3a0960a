// One change at a time of what is changed as a whole, from how it stands.
#pragma once

#include <atomic>
#include <memory>

namespace jangbu::door {

/// Held from the look at how it stands until the change is durable or refused; ends with the last copy.
using Turn = std::shared_ptr<void>;

/// Thread-safe; outlives its turns.
class Turns {
 public:
  /// Nothing while somebody else has it: they are to be told `overloaded`.
  [[nodiscard]] Turn take() {
    if (taken_.exchange(true)) return nullptr;
    return {this, [](Turns* turns) { turns->taken_ = false; }};
  }

 private:
  std::atomic<bool> taken_ = false;
};

}  // namespace jangbu::door
