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
  payment_checkout = 5,
  payment_attempt = 6,
  payment_billing_key = 7,
  hub_app = 8,
  hub_order = 9,
  hub_partner = 10,
  hub_manager = 11,
  hub_campaign = 12,
  hub_apply = 13,
  hub_review = 14,
  hub_invite = 15,
  invoice_app = 16,
  invoice = 17,
  invoice_order = 18,
  invoice_subscription = 19,
  invoice_bill = 20,
  invoice_product = 21,
  invoice_cancel = 22,
  invoice_change = 23,
  affiliate_merchant = 24,
  affiliate_program = 25,
  affiliate = 26,
  affiliate_conversion = 27,
  affiliate_promo = 28,
  affiliate_payout = 29,
  console_operator = 30,
  purchase_large = 31,
};
inline constexpr std::size_t counter_slots = 32;

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
