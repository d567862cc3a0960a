// What the sandbox's acquirer remembers: one row for each charge and for each card that it keeps.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"
#include "payment/acquirer.h"
#include "store/database.h"

namespace jangbu::payment::sandbox {

/// How a test card behaves; stored.
enum class Behaviour : std::uint8_t {
  succeeds = 0,
  is_declined = 1,
  is_expired = 2,
  lacks_funds = 3,
  asks_for_authentication = 4,
  times_out_charged = 5,
  times_out_not_charged = 6,
  answers_twice = 7,
  lacks_funds_unattended = 8,
  succeeds_every_other_time = 9,  // of the charges without the customer
};

/// One row: a charge, or a card that is kept.
struct Memory {
  /// Stored.
  enum class State : std::uint8_t { approved = 0, declined = 1, waits = 2, kept_card = 3, deleted_card = 4 };
  State state = State::approved;
  Behaviour behaviour = Behaviour::succeeds;
  Instant at;
  Money amount;
  std::string reference;
  std::string code;
  std::string message;
  std::string card_brand;
  std::string card_last4;
  std::map<std::string, Money> refunds;  // by the order id of the refund
  std::uint64_t charges = 0;             // of a kept card: those without the customer

  void decline(std::string_view why, std::string_view text);
  [[nodiscard]] Outcome outcome() const;
  [[nodiscard]] Money refunded() const;
};

/// Under which name a kept card is remembered.
std::string key_row(std::string_view billing_key);

/// Nothing when there is no such row. Error: invalid_encoding, and the session's.
Result<std::optional<Memory>> recall(store::Session& session, std::string_view name);
/// In the transaction of the session.
Status remember(store::Session& session, std::string_view name, const Memory& memory);

}  // namespace jangbu::payment::sandbox
