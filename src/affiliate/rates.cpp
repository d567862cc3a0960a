#include "affiliate/rates.h"

#include <algorithm>

namespace jangbu::affiliate {
namespace {

constexpr std::int64_t price_units = 10'000;  // 10^price_scale
static_assert(price_scale == 4 && exchange_scale == 6);

const CodeRate* rate_of(const std::vector<CodeRate>& rates, std::string_view code) {
  const auto it =
      std::find_if(rates.begin(), rates.end(), [&](const CodeRate& rate) { return rate.code == code; });
  return it == rates.end() ? nullptr : &*it;
}

}  // namespace

Terms terms_of(const ProgramSet& program, std::string_view product_code, std::string_view category_code,
               Money sales) {
  if (const CodeRate* product = rate_of(program.by_product, product_code))
    return {product->base, product->incentive, program.fee};
  if (const CodeRate* category = rate_of(program.by_category, category_code))
    return {category->base, category->incentive, program.fee};
  const Tier* reached = nullptr;
  for (const Tier& tier : program.tiers)
    if (tier.from_sales <= sales && (reached == nullptr || reached->from_sales <= tier.from_sales))
      reached = &tier;
  if (reached != nullptr) return {reached->base, reached->incentive, program.fee};
  return {program.base, program.incentive, program.fee};
}

Result<Money> paid_by(const Rate& rate, Money price, std::uint64_t quantity) {
  const Money value = Money::from_units(static_cast<int128>(rate.value));
  if (rate.unit == Rate::Unit::percent)
    return price.times_ratio(value, Money::from_units(static_cast<int128>(max_percent_value)),
                             Rounding::down);
  ASSIGN_OR_RETURN(const Money paid, value.times_ratio(Money::from_units(static_cast<int128>(quantity)),
                                                       Money::from_units(1), Rounding::down));
  return price.is_negative() ? paid.negated() : Result<Money>(paid);
}

Result<Amounts> amounts_of(const Terms& terms, Money price, std::uint64_t quantity) {
  Amounts amounts;
  amounts.quantity = quantity;
  amounts.price = price;
  ASSIGN_OR_RETURN(amounts.base, paid_by(terms.base, price, quantity));
  ASSIGN_OR_RETURN(amounts.incentive, paid_by(terms.incentive, price, quantity));
  ASSIGN_OR_RETURN(amounts.fee, paid_by(terms.fee, price, quantity));
  return amounts;
}

Result<Money> in_won(Money price, Money won_per_unit) {
  return price.times_ratio(won_per_unit, Money::from_units(int128{price_units} * exchange_units),
                           Rounding::down);
}

Money par() { return Money::from_units(exchange_units); }

}  // namespace jangbu::affiliate
