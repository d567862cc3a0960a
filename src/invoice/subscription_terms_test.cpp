#include "invoice/subscription_terms.h"

#include <gtest/gtest.h>

#include "invoice/test_values.h"

namespace jangbu::invoice {
namespace {

Terms terms(const char* first, const char* zone = "Asia/Seoul", std::uint32_t months = 12,
            std::int64_t price = 10'000) {
  Terms made;
  made.name = "Pro";
  made.anchor = {at(first), zone};
  made.products = {{"Pro plan", won_of(price), 1, months, {}}};
  return made;
}
RunningAdjustment adjust(std::uint32_t from, std::uint32_t to, std::int64_t amount) {
  RunningAdjustment adjustment;
  adjustment.number = 1;
  adjustment.first_month = from;
  adjustment.last_month = to;
  adjustment.amount = won_of(amount);
  return adjustment;
}

TEST(SubscriptionTerms, AnotherLength) {
  const struct {
    const char* name;
    std::vector<std::uint32_t> before;
    std::uint32_t months;
    std::vector<std::uint32_t> after;
  } rows[] = {
      {"what is paid once stays so", {1, 12}, 24, {1, 24}},
      {"what ends before stays", {6, 12, 12}, 24, {6, 24, 24}},
      {"and is cut", {6, 12}, 4, {4, 4}},
      {"without an end", {1, 12}, for_ever, {1, for_ever}},
      {"with an end again", {1, 6, for_ever}, 5, {1, 5, 5}},
      {"with a later one", {1, 6, for_ever}, 9, {1, 6, 9}},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    Terms made = terms("2026-01-31T10:00:00+09:00");
    made.products.clear();
    for (const std::uint32_t months : row.before)
      made.products.push_back({"x", won_of(1'000), 1, months, {}});
    set_months(made, row.months);
    std::vector<std::uint32_t> after;
    for (const PricedProduct& product : made.products) after.push_back(product.months);
    EXPECT_EQ(after, row.after);
  }
}

TEST(SubscriptionTerms, DueDays) {
  const struct {
    const char* name;
    const char* first;
    const char* zone;
    std::uint32_t month;
    const char* due;
  } rows[] = {
      {"the next month", "2026-05-25T10:00:00+09:00", "Asia/Seoul", 2, "2026-06-25T10:00:00+09:00"},
      {"a 31st is the last day", "2026-01-31T10:00:00+09:00", "Asia/Seoul", 2, "2026-02-28T10:00:00+09:00"},
      {"and comes back", "2026-01-31T10:00:00+09:00", "Asia/Seoul", 3, "2026-03-31T10:00:00+09:00"},
      {"a 30th in February", "2026-11-30T10:00:00+09:00", "Asia/Seoul", 4, "2027-02-28T10:00:00+09:00"},
      {"a leap year's February", "2027-12-31T10:00:00+09:00", "Asia/Seoul", 3, "2028-02-29T10:00:00+09:00"},
      {"a leap day a year later", "2028-02-29T10:00:00+09:00", "Asia/Seoul", 13, "2029-02-28T10:00:00+09:00"},
      {"and four years later", "2028-02-29T10:00:00+09:00", "Asia/Seoul", 49, "2032-02-29T10:00:00+09:00"},
      {"the day is Korea's, not UTC's", "2026-01-31T08:30:00+09:00", "Asia/Seoul", 2,
       "2026-02-28T08:30:00+09:00"},
      {"summer time begins", "2026-02-15T02:30:00+01:00", "Europe/Berlin", 2, "2026-03-15T02:30:00+01:00"},
      {"an hour that is skipped", "2026-02-28T02:30:00+01:00", "Europe/Berlin", 2,
       "2026-03-28T02:30:00+01:00"},
      {"the skipped hour itself", "2026-01-29T02:30:00+01:00", "Europe/Berlin", 3,
       "2026-03-29T03:00:00+02:00"},
      {"the same clock in summer", "2026-01-30T10:00:00+01:00", "Europe/Berlin", 4,
       "2026-04-30T10:00:00+02:00"},
      {"an hour that comes twice is the first", "2026-09-25T02:30:00+02:00", "Europe/Berlin", 2,
       "2026-10-25T02:30:00+02:00"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    const auto due = due_of_terms(terms(row.first, row.zone), row.month);
    ASSERT_TRUE(due.ok());
    EXPECT_EQ(to_rfc3339(*due), to_rfc3339(at(row.due)));
  }
}

TEST(SubscriptionTerms, AContractRestsUntilItsNextDay) {
  const struct {
    const char* name;
    const char* now;
    const char* due;  // of month 3
    std::size_t rests;
  } rows[] = {
      {"before its day", "2026-03-30T10:00:00+09:00", "2026-03-31T10:00:00+09:00", 0},
      {"on its day", "2026-03-31T10:00:00+09:00", "2026-04-30T10:00:00+09:00", 1},
      {"two months later", "2026-05-15T10:00:00+09:00", "2026-05-31T10:00:00+09:00", 1},
      {"a year later", "2027-03-31T10:00:00+09:00", "2027-04-30T10:00:00+09:00", 1},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    Terms made = terms("2026-01-31T10:00:00+09:00");
    ASSERT_TRUE(rest_until(made, 3, at(row.now)).ok());
    EXPECT_EQ(to_rfc3339(*due_of_terms(made, 3)), to_rfc3339(at(row.due)));
    EXPECT_EQ(made.rests.size(), row.rests);
    EXPECT_EQ(to_rfc3339(*due_of_terms(made, 2)), "2026-02-28T01:00:00Z") << "what was billed stays";
  }
}

TEST(SubscriptionTerms, AContractRestsForWholeMonthsOfAPause) {
  const struct {
    const char* name;
    const char* since;
    const char* now;
    const char* due;  // of month 3
  } rows[] = {
      {"before its day", "2026-03-01T10:00:00+09:00", "2026-03-31T09:59:59+09:00",
       "2026-03-31T10:00:00+09:00"},
      {"minutes around it", "2026-03-31T09:50:00+09:00", "2026-03-31T10:10:00+09:00",
       "2026-03-31T10:00:00+09:00"},
      {"a month less a second", "2026-03-15T10:00:00+09:00", "2026-04-15T09:59:59+09:00",
       "2026-03-31T10:00:00+09:00"},
      {"a month", "2026-03-15T10:00:00+09:00", "2026-04-15T10:00:00+09:00", "2026-04-30T10:00:00+09:00"},
      {"two months, before the second day", "2026-03-01T10:00:00+09:00", "2026-05-01T10:00:00+09:00",
       "2026-05-31T10:00:00+09:00"},
      {"no longer than until its day comes", "2026-03-01T10:00:00+09:00", "2026-04-02T10:00:00+09:00",
       "2026-04-30T10:00:00+09:00"},
      {"a year", "2026-03-15T10:00:00+09:00", "2027-03-15T10:00:00+09:00", "2027-03-31T10:00:00+09:00"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    Terms made = terms("2026-01-31T10:00:00+09:00");
    ASSERT_TRUE(rest_paused(made, 3, at(row.since), at(row.now)).ok());
    EXPECT_EQ(to_rfc3339(*due_of_terms(made, 3)), to_rfc3339(at(row.due)));
    EXPECT_EQ(to_rfc3339(*end_of_paid(made, 2)), "2026-03-31T01:00:00Z") << "what was paid ends on its day";
  }
}

TEST(SubscriptionTerms, RestsDoNotUseUpDiscounts) {
  Terms made = terms("2026-01-15T10:00:00+09:00");
  Adjustment spring{"spring", "Spring", at("2026-03-01T00:00:00+09:00"), {}, {}};
  spring.cycles = {{AdjustmentType::discount_price, "", 2, won_of(1'000), {}, {}}};
  made.products[0].adjustments = {spring};
  const auto amount = [&made](std::uint32_t month) {
    return static_cast<std::int64_t>(bill_of_terms(made, month)->bill.amount.units());
  };
  EXPECT_EQ(amount(2), 10'000);
  EXPECT_EQ(amount(3), 9'000);
  ASSERT_TRUE(rest_until(made, 4, at("2026-06-20T00:00:00+09:00")).ok());
  EXPECT_EQ(amount(2), 10'000);
  EXPECT_EQ(amount(3), 9'000);
  EXPECT_EQ(amount(4), 9'000) << "the second month of the discount comes later, too";
  EXPECT_EQ(amount(5), 10'000);
}

TEST(SubscriptionTerms, RunningAdjustments) {
  const struct {
    const char* name;
    RunningAdjustment adjustment;
    std::uint32_t month;
    std::int64_t amount;
    bool below_zero;
  } rows[] = {
      {"before it", adjust(3, 5, -1'000), 2, 10'000, false},
      {"its first", adjust(3, 5, -1'000), 3, 9'000, false},
      {"its last", adjust(3, 5, -1'000), 5, 9'000, false},
      {"after it", adjust(3, 5, -1'000), 6, 10'000, false},
      {"for ever", adjust(3, for_ever, 500), 12, 10'500, false},
      {"to nothing", adjust(2, 2, -10'000), 2, 0, false},
      {"below nothing", adjust(2, 2, -10'001), 2, 0, true},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    Terms made = terms("2026-01-15T10:00:00+09:00");
    made.adjustments = {row.adjustment};
    const auto bill = bill_of_terms(made, row.month);
    ASSERT_TRUE(bill.ok());
    EXPECT_EQ(bill->bill.amount, won_of(row.amount));
    EXPECT_EQ(bill->is_below_zero, row.below_zero);
    Money sum;
    for (const Line& line : bill->bill.lines) sum = sum.plus(line.amount).value();
    EXPECT_EQ(sum, bill->bill.amount) << "lines sum to the amount";
  }
}

TEST(SubscriptionTerms, ANewPriceKeepsTheDiscountsOfTheProducts) {
  Terms made = terms("2026-01-15T10:00:00+09:00");
  made.products.push_back({"Support", won_of(2'000), 3, 6, {}});
  Adjustment half{
      "half", "Half", {}, {}, {{AdjustmentType::discount_percent, "", for_ever, won_of(5'000), {}, {}}}};
  made.products[0].adjustments = {half};
  EXPECT_EQ(bill_of_terms(made, 2)->bill.amount, won_of(11'000));
  set_price(made, won_of(20'000));
  EXPECT_EQ(total_months(made), 12U);
  EXPECT_EQ(bill_of_terms(made, 2)->bill.amount, won_of(10'000));
  EXPECT_EQ(bill_of_terms(made, 12)->bill.amount, won_of(10'000));
  EXPECT_TRUE(bill_of_terms(made, 13)->bill.lines.empty());
}

TEST(SubscriptionTerms, WhenToTryAgain) {
  std::int64_t day = 0;
  std::vector<std::int64_t> days;
  for (std::uint32_t tries = 1; const auto delay = retry_delay(tries); ++tries)
    days.push_back(day += delay->us / 86'400'000'000);
  EXPECT_EQ(days, (std::vector<std::int64_t>{1, 3, 5, 7}));
  EXPECT_THROW(retry_delay(0), InvariantViolation);
  EXPECT_EQ(last_try(Instant{}), Instant{} + Duration::days(day));
}

TEST(SubscriptionTerms, UnusedDays) {
  const struct {
    const char* name;
    const char* at;
    std::int64_t unused;
  } rows[] = {
      {"before it began", "2026-03-01T00:00:00Z", 31'000}, {"at once", "2026-03-31T00:00:00Z", 31'000},
      {"a second later", "2026-03-31T00:00:01Z", 29'966},  {"half way", "2026-04-15T00:00:00Z", 15'500},
      {"the last day", "2026-04-29T00:00:01Z", 0},         {"after it", "2026-06-01T00:00:00Z", 0},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    EXPECT_EQ(unused_part(won_of(31'000), at("2026-03-31T00:00:00Z"), at("2026-04-30T00:00:00Z"), at(row.at)),
              won_of(row.unused));
  }
  // A month of 31 days less an hour is one of 31 days.
  EXPECT_EQ(unused_part(won_of(31'000), at("2026-03-15T01:00:00Z"), at("2026-04-15T00:00:00Z"),
                        at("2026-03-16T00:30:00Z")),
            won_of(29'000));
}

TEST(SubscriptionTerms, WhatLeavingCosts) {
  Terms made = terms("2026-01-15T10:00:00+09:00", "Asia/Seoul", 12, 9'999);
  EXPECT_EQ(*termination_fee(made, 1), won_of(10'998)) << "a tenth of eleven months, rounded down";
  EXPECT_EQ(*termination_fee(made, 11), won_of(999));
  EXPECT_EQ(*termination_fee(made, 12), won_of(0));
  made.adjustments = {adjust(12, 12, -9'999)};
  EXPECT_EQ(*termination_fee(made, 11), won_of(0));
  made.products[0].months = for_ever;
  EXPECT_EQ(*termination_fee(made, 1), won_of(0));
}

TEST(SubscriptionTerms, HowManyLinesAdjustmentsAdd) {
  Terms made = terms("2026-01-15T10:00:00+09:00", "Asia/Seoul", 24);
  EXPECT_EQ(running_lines(made, 2), 0U);
  made.adjustments = {adjust(3, 5, -1), adjust(20, for_ever, 1), adjust(1, 1, 1)};
  EXPECT_EQ(running_lines(made, 1), 3U + 5U + 1U);
  EXPECT_EQ(running_lines(made, 2), 3U + 5U) << "of what is not billed yet";
  EXPECT_EQ(running_lines(made, 5), 1U + 5U);
  EXPECT_EQ(running_lines(made, 24), 1U);
  EXPECT_EQ(running_lines(made, 25), 0U);
  made.products[0].months = for_ever;
  EXPECT_EQ(running_lines(made, 2), 3U + 41U) << "to the sixtieth";
  made.adjustments[0].name = "spring";
  made.adjustments[1].name = "on";
  EXPECT_EQ(running_name_bytes(made), 8U);
  made.adjustments = {adjust(3, 3, -10'001)};
  EXPECT_EQ(*sums_of_terms(made, 2, 4), (std::vector<Money>{won_of(10'000), won_of(-1), won_of(10'000)}));
}

TEST(SubscriptionTerms, HowFarAdjustmentsReach) {
  EXPECT_EQ(last_adjustable_month(terms("2026-01-15T10:00:00+09:00", "Asia/Seoul", 24)), 24U);
  EXPECT_EQ(last_adjustable_month(terms("2026-01-15T10:00:00+09:00", "Asia/Seoul", for_ever)), 60U);
}

}  // namespace
}  // namespace jangbu::invoice
