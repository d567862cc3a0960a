#include "purchase/loyalty.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace jangbu::purchase {
namespace {

Money amount(std::string_view text) { return parse_decimal(text, amount_scale, Exponent::refused).value(); }

struct Line {
  std::string amount;
  std::uint64_t percent;
};

struct Row {
  std::string name;
  std::vector<Line> lines;
  std::string total;
  std::string cash;
  std::string value;  // units
};

class LoyaltyValue : public testing::TestWithParam<Row> {};

TEST_P(LoyaltyValue, IsExact) {
  std::vector<Detail> details;
  for (const Line& line : GetParam().lines) details.push_back({"p", amount(line.amount), line.percent});
  const auto value = loyalty_value(details, amount(GetParam().total), amount(GetParam().cash));
  ASSERT_TRUE(value.ok());
  EXPECT_EQ(value->to_units_text(), GetParam().value);
}

const std::vector<Line> six_lines = {{"6600", 170},  {"6300", 850}, {"900", 570},
                                     {"15200", 420}, {"6800", 100}, {"8600", 570}};

INSTANTIATE_TEST_SUITE_P(
    Rows, LoyaltyValue,
    testing::Values(Row{"published_example", six_lines, "44400", "44400", "1895600000000000000000"},
                    Row{"part_in_cash", six_lines, "44400", "12345", "527053648648000000000"},
                    Row{"no_cash", six_lines, "44400", "0", "0"},
                    Row{"no_total", {{"0", 100}}, "0", "0", "0"},
                    Row{"usd", {{"1.56", 350}}, "1.56", "1.56", "54600000000000000"},
                    Row{"usd_third_in_cash", {{"3", 333}}, "3", "1", "33300000000000000"},
                    Row{"usd_10_25", {{"10.25", 325}}, "10.25", "10.25", "333125000000000000"},
                    Row{"percent_8_29", {{"10000", 829}}, "10000", "10000", "829000000000000000000"},
                    Row{"percent_1_1", {{"1000", 110}}, "1000", "1000", "11000000000000000000"},
                    Row{"percent_zero", {{"1000", 0}}, "1000", "1000", "0"},
                    Row{"whole", {{"1000", 10000}}, "1000", "1000", "1000000000000000000000"},
                    Row{"nine_lowest_digits_cut",
                        {{"0.000000001999999999", 10000}},
                        "0.000000001999999999",
                        "0.000000001999999999",
                        "1000000000"},
                    Row{"less_than_the_step",
                        {{"0.000000000999999999", 10000}},
                        "0.000000000999999999",
                        "0.000000000999999999",
                        "0"},
                    Row{"largest",
                        {{"1000000000000000", 10000}},
                        "1000000000000000",
                        "1000000000000000",
                        "1000000000000000000000000000000000"}),
    [](const auto& row) { return row.param.name; });

TEST(LoyaltyValue, OverflowIsAnError) {
  const Money largest = Money::from_units(static_cast<int128>(~uint128{0} >> 1));
  const std::vector<Detail> details(3, Detail{"p", largest, 10000});
  const auto value = loyalty_value(details, Money::from_units(1), largest);
  ASSERT_FALSE(value.ok());
  EXPECT_EQ(value.error().code, Errc::amount_overflow);
}

TEST(Rates, RoundDown) {
  EXPECT_EQ(value_in_points(amount("0.0546"), amount("1330")).value(), amount("72.618"));
  EXPECT_EQ(value_in_points(amount("0.333125"), amount("1330")).value(), amount("443.05625"));
  EXPECT_EQ(value_in_points(Money::from_units(1), amount("0.999999999999999999")).value(), Money());
  EXPECT_EQ(value_in_points(amount("18.956"), amount("1")).value(), amount("18.956"));
  EXPECT_EQ(points_in_tokens(amount("1"), amount("3")).value(), amount("0.333333333333333333"));
  EXPECT_EQ(points_in_tokens(amount("100"), amount("100")).value(), amount("1"));
}

TEST(Rates, OfZeroAreAnError) {
  const auto tokens = points_in_tokens(amount("1"), Money());
  ASSERT_FALSE(tokens.ok());
  EXPECT_EQ(tokens.error().code, Errc::division_by_zero);
}

/// A purchase as the door lets it in: amounts up to 10^33 units, percents up to 100.
struct Purchase {
  std::vector<Detail> details;
  Money total;
  Money cash;
  std::uint64_t largest_percent = 0;
};

Purchase arbitrary_purchase(const std::vector<std::pair<std::uint64_t, std::uint16_t>>& lines,
                            std::uint64_t scale, std::uint16_t cash_share) {
  Purchase purchase;
  int128 sum = 0;
  for (const auto& [number, percent] : lines) {
    const int128 line = int128{number} * (1 + scale % 50'000'000'000'000);
    sum += line;
    purchase.details.push_back({"p", Money::from_units(line), percent % 10'001u});
    purchase.largest_percent = std::max(purchase.largest_percent, purchase.details.back().provide_percent);
  }
  purchase.total = Money::from_units(sum);
  purchase.cash =
      purchase.total.times_ratio(Money::from_units(cash_share), Money::from_units(65535), Rounding::down)
          .value();
  return purchase;
}

using Lines = std::vector<std::pair<std::uint64_t, std::uint16_t>>;

RC_GTEST_PROP(LoyaltyProperty, IsNeverMoreThanTheCashTimesTheLargestPercent,
              (const Lines& lines, std::uint64_t scale, std::uint16_t cash_share)) {
  const Purchase purchase = arbitrary_purchase(lines, scale, cash_share);
  const Money value = loyalty_value(purchase.details, purchase.total, purchase.cash).value();
  const Money bound = purchase.cash
                          .times_ratio(Money::from_units(static_cast<int128>(purchase.largest_percent)),
                                       Money::from_units(10'000), Rounding::down)
                          .value();
  RC_ASSERT(!value.is_negative());
  RC_ASSERT(value <= bound);
  RC_ASSERT(value.units() % 1'000'000'000 == 0);
}

RC_GTEST_PROP(LoyaltyProperty, GrowsWithTheCashAndThePercent,
              (const Lines& lines, std::uint64_t scale, std::uint16_t share, std::uint16_t other_share)) {
  const Purchase less = arbitrary_purchase(lines, scale, std::min(share, other_share));
  Purchase more = arbitrary_purchase(lines, scale, std::max(share, other_share));
  const Money value = loyalty_value(less.details, less.total, less.cash).value();
  RC_ASSERT(value <= loyalty_value(more.details, more.total, more.cash).value());
  for (Detail& detail : more.details) ++detail.provide_percent;
  RC_ASSERT(value <= loyalty_value(more.details, more.total, more.cash).value());
}

RC_GTEST_PROP(LoyaltyProperty, DoesNotDependOnTheOrder,
              (const Lines& lines, std::uint64_t scale, std::uint16_t share)) {
  const Purchase purchase = arbitrary_purchase(lines, scale, share);
  const std::vector<Detail> reversed(purchase.details.rbegin(), purchase.details.rend());
  RC_ASSERT(loyalty_value(purchase.details, purchase.total, purchase.cash).value() ==
            loyalty_value(reversed, purchase.total, purchase.cash).value());
}

}  // namespace
}  // namespace jangbu::purchase
