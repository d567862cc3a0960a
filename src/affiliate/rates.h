// What a conversion earns: which rates it has, and what they come to. Pure.
#pragma once

#include <cstdint>
#include <string_view>

#include "affiliate/config.h"
#include "affiliate/rows.h"
#include "affiliate/types.h"
#include "base/money.h"
#include "base/result.h"

namespace jangbu::affiliate {

struct Terms {
  Rate base;
  Rate incentive;
  Rate fee;

  friend bool operator==(const Terms&, const Terms&) = default;
};

/// The rates of a programme for one row: those of its product, else of its category, else of the highest tier
/// that `sales`, the affiliate's of the month before this row, has reached, else the programme's own.
Terms terms_of(const ProgramSet& program, std::string_view product_code, std::string_view category_code,
               Money sales);

/// A share of `price`, or so much for each item; rounded towards zero to the won. Of a negative price, which
/// takes back, the share is negative, and so is what is paid for its items. Error: amount_overflow.
Result<Money> paid_by(const Rate& rate, Money price, std::uint64_t quantity);

/// All that is paid for a row; each part is rounded by itself. Error: amount_overflow.
Result<Amounts> amounts_of(const Terms& terms, Money price, std::uint64_t quantity);

/// A price as sent, in units of 10^-price_scale, in won, rounded towards zero. `won_per_unit` is in units of
/// 10^-exchange_scale. Error: amount_overflow.
Result<Money> in_won(Money price, Money won_per_unit);
/// What one won is in won, at that scale.
Money par();

}  // namespace jangbu::affiliate
