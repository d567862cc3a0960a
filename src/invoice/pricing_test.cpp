#include "invoice/pricing.h"

#include <gtest/gtest.h>

#include "invoice/test_values.h"

namespace jangbu::invoice {
namespace {

constexpr std::uint32_t ever = for_ever;

Money percent(std::int64_t whole) { return Money::from_units(whole * 100); }

Cycle percent_off(std::uint32_t months, std::int64_t whole, std::optional<std::int64_t> min = {},
                  std::optional<std::int64_t> max = {}) {
  Cycle cycle{AdjustmentType::discount_percent, "", months, percent(whole), {}, {}};
  if (min) cycle.min_value = won_of(*min);
  if (max) cycle.max_value = won_of(*max);
  return cycle;
}
Cycle off(std::uint32_t months, std::int64_t amount) {
  return {AdjustmentType::discount_price, "", months, won_of(amount), {}, {}};
}
Cycle fee(std::int64_t amount) { return {AdjustmentType::setup_fee, "", 1, won_of(amount), {}, {}}; }
Adjustment adjust(std::vector<Cycle> cycles, const char* from = nullptr, const char* to = nullptr) {
  Adjustment adjustment{"", "", {}, {}, std::move(cycles)};
  if (from != nullptr) adjustment.start_at = at(from);
  if (to != nullptr) adjustment.end_at = at(to);
  return adjustment;
}
PricedProduct product(std::int64_t price, std::uint32_t months, std::vector<Adjustment> adjustments = {},
                      std::uint64_t quantity = 1) {
  return {"Pro plan", won_of(price), quantity, months, std::move(adjustments)};
}

const Anchor seoul_anchor{at("2026-05-25T01:00:00Z"), "Asia/Seoul"};

std::vector<std::int64_t> monthly_amounts(const std::vector<PricedProduct>& products) {
  std::vector<std::int64_t> out;
  const auto schedule = billing_schedule(products, seoul_anchor);
  for (const Bill& bill : *schedule) out.push_back(static_cast<std::int64_t>(bill.amount.units()));
  return out;
}

/// Twelve months unless said otherwise: the first months as listed, the last of them again to the end.
std::vector<std::int64_t> months(std::vector<std::int64_t> first, std::size_t count = 12) {
  first.resize(count, first.back());
  return first;
}

TEST(Pricing, TheGuidesTable) {
  const std::vector<PricedProduct> pro{
      product(10'000, 24, {adjust({percent_off(1, 20, 100, 500), off(2, 100), fee(500)})})};
  const auto schedule = billing_schedule(pro, seoul_anchor);
  ASSERT_TRUE(schedule.ok());
  ASSERT_EQ(schedule->size(), 24U);
  const struct {
    std::uint32_t from, to;
    std::int64_t price;
    std::vector<std::int64_t> lines;
  } rows[] = {
      {1, 1, 10'000, {10'000, -500, 500}},
      {2, 3, 9'900, {10'000, -100}},
      {4, 24, 10'000, {10'000}},
  };
  for (const auto& row : rows) {
    for (std::uint32_t month = row.from; month <= row.to; ++month) {
      SCOPED_TRACE(month);
      const Bill& bill = schedule->at(month - 1);
      EXPECT_EQ(bill.month, month);
      EXPECT_EQ(bill.amount, won_of(row.price));
      std::vector<std::int64_t> lines;
      for (const Line& line : bill.lines) lines.push_back(static_cast<std::int64_t>(line.amount.units()));
      EXPECT_EQ(lines, row.lines);
    }
  }
  EXPECT_EQ(to_rfc3339(schedule->front().due_at), "2026-05-25T01:00:00Z");
  EXPECT_EQ(to_rfc3339(schedule->back().due_at), "2028-04-25T01:00:00Z");
}

TEST(Pricing, Rules) {
  const struct {
    const char* what;
    std::vector<PricedProduct> products;
    std::vector<std::int64_t> expected;
  } rows[] = {
      {"paid once", {product(10'000, 1)}, {10'000}},
      {"quantity counts", {product(1'000, 2, {}, 3)}, {3'000, 3'000}},
      {"without an end, a year is shown", {product(10'000, ever)}, months({10'000})},
      {"the longest product decides how many", {product(500, 1), product(1'000, 3)}, {1'500, 1'000, 1'000}},
      {"a year is not cut by one without an end",
       {product(1'000, 14), product(10, ever)},
       months({1'010}, 14)},

      {"a percent is rounded down", {product(9'999, 1, {adjust({percent_off(1, 33)})})}, {9'999 - 3'299}},
      {"a percent of the whole line", {product(99, 1, {adjust({percent_off(1, 10)})}, 5)}, {495 - 49}},
      {"at least the least", {product(1'000, 1, {adjust({percent_off(1, 1, 100)})})}, {900}},
      {"at least, when it is just that", {product(1'000, 1, {adjust({percent_off(1, 10, 100)})})}, {900}},
      {"at most the most", {product(1'000, 1, {adjust({percent_off(1, 50, {}, 300)})})}, {700}},
      {"at most, when it is just that", {product(1'000, 1, {adjust({percent_off(1, 30, {}, 300)})})}, {700}},
      {"nothing off", {product(1'000, 1, {adjust({percent_off(1, 0)})})}, {1'000}},
      {"all off", {product(1'000, 1, {adjust({percent_off(1, 100)})})}, {0}},

      {"cycles follow each other",
       {product(1'000, 6, {adjust({off(2, 100), off(1, 200), percent_off(2, 50)})})},
       {900, 900, 800, 500, 500, 1'000}},
      {"a cycle without an end hides what follows",
       {product(1'000, 3, {adjust({off(1, 100), off(ever, 200), off(1, 300)})})},
       {900, 800, 800}},
      {"a setup fee takes no time",
       {product(1'000, 3, {adjust({off(1, 100), fee(50), off(1, 200)})})},
       {950, 800, 1'000}},
      {"a setup fee stands anywhere", {product(1'000, 2, {adjust({fee(50), off(1, 100)})})}, {950, 1'000}},
      {"two setup fees", {product(1'000, 2, {adjust({fee(50), fee(70)})})}, {1'120, 1'000}},
      {"a setup fee is for the line, not for each piece", {product(10, 1, {adjust({fee(500)})}, 3)}, {530}},
      {"an amount off is for the line", {product(100, 1, {adjust({off(1, 30)})}, 3)}, {270}},

      {"side by side, each of the price before",
       {product(1'000, 2, {adjust({percent_off(1, 10)}), adjust({percent_off(2, 50)})})},
       {400, 500}},
      {"never below zero", {product(1'000, 2, {adjust({off(1, 1'500)})})}, {0, 1'000}},
      {"exactly zero", {product(1'000, 1, {adjust({off(1, 1'000)})})}, {0}},
      {"a fee is eaten before zero", {product(1'000, 1, {adjust({off(1, 1'200), fee(300)})})}, {100}},
      {"another product pays for it, within the bill",
       {product(1'000, 1, {adjust({off(1, 1'200)})}), product(500, 1)},
       {300}},

      {"starts with the first bill on its start",
       {product(1'000, 4, {adjust({off(2, 100), fee(50)}, "2026-06-25T01:00:00Z")})},
       {1'000, 950, 900, 1'000}},
      {"or the first one after it",
       {product(1'000, 4, {adjust({off(2, 100), fee(50)}, "2026-06-25T01:00:00.000001Z")})},
       {1'000, 1'000, 950, 900}},
      {"started before", {product(1'000, 2, {adjust({off(1, 100)}, "2020-01-01T00:00:00Z")})}, {900, 1'000}},
      {"starts after the last bill",
       {product(1'000, 2, {adjust({off(1, 100), fee(1)}, "2030-01-01T00:00:00Z")})},
       {1'000, 1'000}},
      {"stops at its end",
       {product(1'000, 4, {adjust({off(ever, 100)}, nullptr, "2026-07-25T01:00:00Z")})},
       {900, 900, 1'000, 1'000}},
      {"the end is just after a bill",
       {product(1'000, 3, {adjust({off(ever, 100)}, nullptr, "2026-07-25T01:00:00.000001Z")})},
       {900, 900, 900}},
      {"ended before the first bill",
       {product(1'000, 2, {adjust({off(ever, 100), fee(50)}, nullptr, "2026-05-25T01:00:00Z")})},
       {1'000, 1'000}},
      {"the end cuts cycles off",
       {product(1'000, 4, {adjust({off(1, 100), off(3, 200)}, nullptr, "2026-07-01T00:00:00Z")})},
       {900, 800, 1'000, 1'000}},
      {"no bill between start and end",
       {product(1'000, 3, {adjust({off(3, 100), fee(9)}, "2026-05-26T00:00:00Z", "2026-06-25T01:00:00Z")})},
       {1'000, 1'000, 1'000}},
      {"the largest monthly_amounts",
       {product(max_amount, 1, {adjust({percent_off(1, 99), fee(max_amount)})})},
       {max_amount / 100 + max_amount}},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.what);
    EXPECT_EQ(monthly_amounts(row.products), row.expected);
  }
}

TEST(Pricing, LinesSayWhatTheyAre) {
  Adjustment adjustment = adjust({off(1, 1'500), fee(100)});
  adjustment.id = "first-buy";
  adjustment.name = "First purchase";
  adjustment.cycles[0].name = "Welcome";
  const auto schedule = billing_schedule({product(1'000, 1, {adjustment})}, seoul_anchor);
  ASSERT_TRUE(schedule.ok());
  const std::vector<Line> expected{
      {LineKind::product, 0, "Pro plan", "", won_of(1'000)},
      {LineKind::discount_price, 0, "Welcome", "first-buy", won_of(-1'500)},
      {LineKind::setup_fee, 0, "First purchase", "first-buy", won_of(100)},
      {LineKind::zero_floor, 0, "", "", won_of(400)},
  };
  EXPECT_EQ(schedule->front().lines, expected);
}

TEST(Pricing, MonthsKeepTheAnchorsDay) {
  const Anchor last{at("2027-12-30T15:00:00Z"), "Asia/Seoul"};  // December 31st in Seoul
  const auto schedule = billing_schedule({product(1'000, 4)}, last);
  ASSERT_TRUE(schedule.ok());
  const std::vector<std::string> expected{"2027-12-30T15:00:00Z", "2028-01-30T15:00:00Z",
                                          "2028-02-28T15:00:00Z", "2028-03-30T15:00:00Z"};
  std::vector<std::string> due;
  for (const Bill& bill : *schedule) due.push_back(to_rfc3339(bill.due_at));
  EXPECT_EQ(due, expected);
}

TEST(Pricing, AnyMonthCanBeAskedFor) {
  const std::vector<PricedProduct> endless{product(1'000, for_ever, {adjust({off(30, 100)})})};
  EXPECT_EQ(bill_of_month(endless, seoul_anchor, 30)->amount, won_of(900));
  EXPECT_EQ(bill_of_month(endless, seoul_anchor, 31)->amount, won_of(1'000));
  const auto after = bill_of_month({product(1'000, 2)}, seoul_anchor, 3);
  EXPECT_TRUE(after->lines.empty());
  EXPECT_TRUE(after->amount.is_zero());
}

TEST(Pricing, NeedsAZone) {
  EXPECT_EQ(billing_schedule({product(1, 1)}, {seoul_anchor.first_due_at, "Mars/Olympus"}).error().code,
            Errc::invalid_parameters);
}

TEST(Schedule, BeginsWithThePaymentAndKeepsItsFirstBill) {
  const Instant made_at = *parse_rfc3339("2026-05-31T10:00:00+09:00");
  const Instant paid_at = *parse_rfc3339("2026-06-02T12:30:00+09:00");
  Adjustment june;
  june.start_at = *parse_rfc3339("2026-06-01T00:00:00+09:00");
  june.cycles = {{AdjustmentType::setup_fee, "", 1, Money::from_units(500), {}, {}},
                 {AdjustmentType::discount_price, "", 1, Money::from_units(100), {}, {}}};
  PricedProduct pro;
  pro.unit_price = Money::from_units(10'000);
  pro.months = 3;
  pro.adjustments = {june};
  const Anchor made{made_at, "Asia/Seoul"};
  const auto rows_of = [](const std::vector<Bill>& bills) {
    std::vector<std::pair<std::string, std::string>> rows;
    for (const Bill& bill : bills) rows.emplace_back(to_rfc3339(bill.due_at), bill.amount.to_units_text());
    return rows;
  };
  using Rows = std::vector<std::pair<std::string, std::string>>;
  EXPECT_EQ(rows_of(*schedule_from({pro}, made, made_at)), (Rows{{"2026-05-31T01:00:00Z", "10000"},
                                                                 {"2026-06-30T01:00:00Z", "10400"},
                                                                 {"2026-07-31T01:00:00Z", "10000"}}));
  // What began between the invoice and its payment begins with the second bill: the first was made without.
  EXPECT_EQ(rows_of(*schedule_from({pro}, made, paid_at)), (Rows{{"2026-06-02T03:30:00Z", "10000"},
                                                                 {"2026-07-02T03:30:00Z", "10400"},
                                                                 {"2026-08-02T03:30:00Z", "10000"}}));
}

}  // namespace
}  // namespace jangbu::invoice
