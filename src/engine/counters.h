// Counters: numbers that the book hands out. They come from here, never from SQL sequences, so that a rebuild
// gives the same.
#pragma once

#include <array>
#include <cstdint>

#include "store/database.h"

namespace jangbu::engine {

/// Which number; stored.
enum class Counter : std::uint8_t {
  purchase_sequence = 1,
  ledger_account = 2,
  purchase_holder = 3,
  outbox_event = 4,
};
inline constexpr std::size_t counter_slots = 16;

/// Writer thread.
class Counters {
 public:
  /// The last number handed out; 0 at first.
  [[nodiscard]] std::uint64_t last(Counter counter) const {
    return values_.at(static_cast<std::size_t>(counter));
  }
  void set(Counter counter, std::uint64_t value);

  void load(store::Session& session);
  void flush(store::Session& session);
  void committed() { dirty_ = {}; }
  void discard() { dirty_ = {}; }

 private:
  std::array<std::uint64_t, counter_slots> values_{};
  std::array<bool, counter_slots> dirty_{};
};

}  // namespace jangbu::engine
