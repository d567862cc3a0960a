// What a purchase earns.
#pragma once

#include "base/money.h"
#include "base/result.h"
#include "purchase/transaction.h"

namespace jangbu::purchase {

/// floor(sum(amount x percent) x cash / total / 10000), cut to a multiple of 10^9; in units of the purchase's
/// currency. Zero when total or cash is zero. Error: amount_overflow.
Result<Money> loyalty_value(const std::vector<Detail>& details, Money total_amount, Money cash_amount);

/// Value in points: value x rate, rounded down. `points_per_unit` has 18 decimal places (usd 1330 -> 1330 x
/// 10^18).
Result<Money> value_in_points(Money value, Money points_per_unit);

/// Points in tokens: points / rate, rounded down. `points_per_token` has 18 decimal places.
Result<Money> points_in_tokens(Money points, Money points_per_token);

}  // namespace jangbu::purchase
