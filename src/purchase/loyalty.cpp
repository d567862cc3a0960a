#include "purchase/loyalty.h"

namespace jangbu::purchase {
namespace {

constexpr Money one = Money::from_units(1'000'000'000'000'000'000);
/// provide_percent counts hundredths of a percent.
constexpr std::uint64_t percent_denominator = 10'000;
/// The public servers keep only nine of the eighteen decimal places.
constexpr std::uint64_t loyalty_step = 1'000'000'000;

}  // namespace

Result<Money> loyalty_value(const std::vector<Detail>& details, Money total_amount, Money cash_amount) {
  if (total_amount.is_zero() || cash_amount.is_zero()) return Money();
  WideSum earned;
  for (const Detail& detail : details) earned.add_product(detail.amount, detail.provide_percent);
  ASSIGN_OR_RETURN(const Money value, earned.times_ratio(cash_amount, total_amount, percent_denominator));
  return value.cut_to_multiple(loyalty_step);
}

Result<Money> value_in_points(Money value, Money points_per_unit) {
  return value.times_ratio(points_per_unit, one, Rounding::down);
}

Result<Money> points_in_tokens(Money points, Money points_per_token) {
  return points.times_ratio(one, points_per_token, Rounding::down);
}

}  // namespace jangbu::purchase
