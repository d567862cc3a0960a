// What holds for every price, tried on random products.
#include <algorithm>
#include <ostream>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "invoice/pricing.h"

namespace jangbu::invoice {
namespace {

const Anchor anchor{Instant{1'779'670'800'000'000}, "Asia/Seoul"};  // 2026-05-25T10:00:00+09:00

rc::Gen<Money> any_won(std::int64_t most) {
  return rc::gen::map(rc::gen::inRange<std::int64_t>(0, most + 1),
                      [](std::int64_t amount) { return Money::from_units(amount); });
}

rc::Gen<Cycle> any_cycle() {
  return rc::gen::exec([] {
    Cycle cycle;
    cycle.type = *rc::gen::element(AdjustmentType::discount_percent, AdjustmentType::discount_price,
                                   AdjustmentType::setup_fee);
    cycle.months = *rc::gen::weightedElement<std::uint32_t>({{4, 1}, {3, 2}, {2, 5}, {1, 13}, {1, for_ever}});
    cycle.value = *any_won(cycle.type == AdjustmentType::discount_percent ? 10'000 : 30'000);
    if (*rc::gen::arbitrary<bool>()) cycle.min_value = *any_won(5'000);
    if (*rc::gen::arbitrary<bool>())
      cycle.max_value = cycle.min_value.value_or(Money()).plus(*any_won(20'000)).value();
    return cycle;
  });
}

/// A moment within two and a half years around the first bill, or none.
rc::Gen<std::optional<Instant>> any_moment() {
  return rc::gen::map(rc::gen::inRange(-200, 700), [](int day) -> std::optional<Instant> {
    if (day < -100) return std::nullopt;
    return anchor.first_due_at + Duration::days(day);
  });
}

rc::Gen<Adjustment> any_adjustment() {
  return rc::gen::exec([] {
    Adjustment adjustment;
    adjustment.start_at = *any_moment();
    adjustment.end_at = *any_moment();
    adjustment.cycles = *rc::gen::resize(4, rc::gen::container<std::vector<Cycle>>(any_cycle()));
    return adjustment;
  });
}

rc::Gen<PricedProduct> any_product() {
  return rc::gen::exec([] {
    PricedProduct product;
    product.unit_price = *any_won(50'000);
    product.quantity = *rc::gen::inRange<std::uint64_t>(1, 5);
    product.months = *rc::gen::element<std::uint32_t>(1, 2, 7, 24, for_ever);
    product.adjustments = *rc::gen::resize(3, rc::gen::container<std::vector<Adjustment>>(any_adjustment()));
    return product;
  });
}

std::vector<PricedProduct> some_products() {
  return *rc::gen::nonEmpty(
      rc::gen::resize(4, rc::gen::container<std::vector<PricedProduct>>(any_product())));
}

std::vector<Bill> bills(const std::vector<PricedProduct>& products) {
  return billing_schedule(products, anchor).value();
}

std::vector<Money> amounts(const std::vector<PricedProduct>& products) {
  std::vector<Money> out;
  for (const Bill& bill : bills(products)) out.push_back(bill.amount);
  return out;
}

template <typename T>
void shuffle(std::vector<T>& items) {
  for (std::size_t i = items.size(); i > 1; --i)
    std::swap(items[i - 1], items[*rc::gen::inRange<std::size_t>(0, i)]);
}

RC_GTEST_PROP(PricingProperty, NoBillIsNegativeAndLinesSumToIt, ()) {
  for (const Bill& bill : bills(some_products())) {
    RC_ASSERT(!bill.amount.is_negative());
    Money sum;
    for (const Line& line : bill.lines) sum = sum.plus(line.amount).value();
    RC_ASSERT(sum == bill.amount);
  }
}

RC_GTEST_PROP(PricingProperty, TheScheduleIsItsBills, ()) {
  const auto products = some_products();
  const auto schedule = bills(products);
  RC_ASSERT(schedule.size() == schedule_months(products));
  Money sum;
  Money sum_of_bills;
  for (const Bill& bill : schedule) {
    const auto alone = bill_of_month(products, anchor, bill.month);
    RC_ASSERT(*alone == bill);
    sum = sum.plus(bill.amount).value();
    sum_of_bills = sum_of_bills.plus(alone->amount).value();
  }
  RC_ASSERT(sum == sum_of_bills);
}

RC_GTEST_PROP(PricingProperty, ClampsHold, ()) {
  PricedProduct product = *any_product();
  Cycle cycle = *any_cycle();
  cycle.type = AdjustmentType::discount_percent;
  cycle.value = *any_won(10'000);
  product.adjustments = {Adjustment{"", "", {}, {}, {cycle}}};
  const auto schedule = bills({product});
  const Money base = base_price({product});
  const auto running =
      cycle.months == for_ever ? schedule.size() : std::min<std::size_t>(schedule.size(), cycle.months);
  for (std::size_t i = 0; i < schedule.size(); ++i) {
    Money off;
    for (const Line& line : schedule.at(i).lines)
      if (line.kind == LineKind::discount_percent) off = off.minus(line.amount).value();
    if (i >= running) {
      RC_ASSERT(off.is_zero());
      continue;
    }
    if (cycle.min_value) RC_ASSERT(off >= *cycle.min_value);
    if (cycle.max_value) RC_ASSERT(off <= *cycle.max_value);
    if (!cycle.min_value) RC_ASSERT(off <= base);
  }
}

RC_GTEST_PROP(PricingProperty, OrderOfProductsAdjustmentsAndFeesDoesNotMatter, ()) {
  const auto products = some_products();
  auto mixed = products;
  for (PricedProduct& product : mixed) {
    for (Adjustment& adjustment : product.adjustments) {
      // Discounts keep their order among themselves; a setup fee may stand anywhere between them.
      std::vector<Cycle> cycles;
      for (const Cycle& cycle : adjustment.cycles)
        if (cycle.type != AdjustmentType::setup_fee) cycles.push_back(cycle);
      for (const Cycle& cycle : adjustment.cycles) {
        if (cycle.type != AdjustmentType::setup_fee) continue;
        const auto place = *rc::gen::inRange<std::size_t>(0, cycles.size() + 1);
        cycles.insert(cycles.begin() + static_cast<std::ptrdiff_t>(place), cycle);
      }
      adjustment.cycles = std::move(cycles);
    }
    shuffle(product.adjustments);
  }
  shuffle(mixed);
  RC_ASSERT(amounts(mixed) == amounts(products));
}

RC_GTEST_PROP(PricingProperty, DiscountsOnlyLower, ()) {
  auto products = some_products();
  for (PricedProduct& product : products)
    for (Adjustment& adjustment : product.adjustments)
      std::erase_if(adjustment.cycles,
                    [](const Cycle& cycle) { return cycle.type == AdjustmentType::setup_fee; });
  auto plain = products;
  for (PricedProduct& product : plain) product.adjustments.clear();
  const auto with = amounts(products);
  const auto without = amounts(plain);
  for (std::size_t i = 0; i < with.size(); ++i) RC_ASSERT(with[i] <= without[i]);
}

}  // namespace
}  // namespace jangbu::invoice
