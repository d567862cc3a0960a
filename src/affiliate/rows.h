// The rows of the affiliate door's tables, as decide, apply and the queries see them.
#pragma once

#include <cstdint>
#include <string>

#include "affiliate/types.h"
#include "base/money.h"
#include "base/time.h"

namespace jangbu::affiliate {

/// What of a conversion can change: how much of it is left, and what is paid for that.
struct Amounts {
  std::uint64_t quantity = 0;
  Money price;  // won; negative in a correction, as all of these
  Money base;
  Money incentive;
  Money fee;

  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(quantity, price, base, incentive, fee);
  }
  friend bool operator==(const Amounts&, const Amounts&) = default;
  /// base + incentive. INVARIANT: the two stay far inside Money's range.
  [[nodiscard]] Money commission() const;
};

/// One product of an order, or one action.
struct ConversionRow {
  MerchantNumber merchant = 0;
  AffiliateNumber affiliate = 0;
  ProgramNumber program = 0;
  Day day = 0;  // on which it counts
  ConversionStatus status = ConversionStatus::normal;
  std::uint64_t record = 0;     // ConversionsTaken, which has its details ...
  std::uint64_t ordinal = 0;    // ... as the row of this index
  std::uint64_t changed = 0;    // the last record that changed it; at first the one that made it
  ConversionNumber origin = 0;  // the one that it corrects or is made of again; 0: none
  Amounts now;
  Money corrected;  // what corrections have taken back of its price
  Instant happened_at;
  Instant confirmed_at;  // zero: not yet
  Instant canceled_at;   // zero: not
  std::string order_code;
  std::string u_id;

  /// Whether it takes back from its origin, and is not the same conversion made again.
  [[nodiscard]] bool is_correction() const {
    return origin != 0 &&
           (now.price.is_negative() || now.commission().is_negative() || now.fee.is_negative());
  }
};

/// What an affiliate sold in a programme in a month: what was not cancelled.
struct MonthTotalRow {
  Money sales;
  std::uint64_t rows = 0;
};

}  // namespace jangbu::affiliate
