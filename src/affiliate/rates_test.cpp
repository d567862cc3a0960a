#include "affiliate/rates.h"

#include <gtest/gtest.h>

namespace jangbu::affiliate {
namespace {

Money units(std::int64_t value) { return Money::from_units(value); }
Rate rate(const char* text) { return parse_rate(text).value(); }

TEST(AffiliateRates, WhatARatePays) {
  const struct {
    const char* name;
    const char* rate;
    std::int64_t price;
    std::uint64_t quantity;
    std::int64_t paid;
  } rows[] = {
      {"8% of 20,000", "8%", 20'000, 1, 1'600},
      {"a share does not ask for items", "8%", 20'000, 7, 1'600},
      {"down to the won", "0.5%", 1'999, 1, 9},
      {"just a won", "0.5%", 200, 1, 1},
      {"just below a won", "0.5%", 199, 1, 0},
      {"the smallest share", "0.0001%", 1'000'000, 1, 1},
      {"all of it", "100%", 33, 1, 33},
      {"nothing", "0%", 20'000, 1, 0},
      {"of nothing", "8%", 0, 1, 0},
      {"won for each item", "500KRW", 20'000, 3, 1'500},
      {"also when nothing was paid", "500KRW", 0, 1, 500},
      {"of no item", "500KRW", 20'000, 0, 0},
      {"what goes back, towards zero", "0.5%", -1'999, 1, -9},
      {"items that go back", "500KRW", -1, 2, -1'000},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    EXPECT_EQ(paid_by(rate(row.rate), units(row.price), row.quantity).value(), units(row.paid));
  }
  const Money huge = Money::from_units((int128{1} << 126));
  EXPECT_EQ(paid_by(rate("100%"), huge, 1).value(), huge);
}

TEST(AffiliateRates, BaseAndIncentiveAreRoundedByThemselves) {
  const Terms terms{rate("8%"), rate("1%"), rate("0.3%")};
  const Amounts amounts = amounts_of(terms, units(20'000), 1).value();
  EXPECT_EQ(amounts.base, units(1'600));
  EXPECT_EQ(amounts.incentive, units(200));
  EXPECT_EQ(amounts.fee, units(60));
  EXPECT_EQ(amounts.commission(), units(1'800));
  const Amounts two = amounts_of({rate("0.5%"), rate("0.5%"), Rate()}, units(199), 1).value();
  EXPECT_EQ(two.commission(), units(0)) << "a half and a half are no won";
  const Amounts mixed = amounts_of({rate("8%"), rate("500KRW"), Rate()}, units(20'000), 2).value();
  EXPECT_EQ(mixed.commission(), units(2'600));
}

TEST(AffiliateRates, TheNearestRateCounts) {
  ProgramSet program;
  program.base = rate("1%");
  program.incentive = rate("2%");
  program.fee = rate("3%");
  program.by_product = {{"p", rate("4%"), rate("5%")}};
  program.by_category = {{"c", rate("6%"), rate("7%")}};
  program.tiers = {{units(100), rate("8%"), rate("9%")}, {units(200), rate("10%"), rate("11%")}};
  const struct {
    const char* name;
    const char* product;
    const char* category;
    std::int64_t sales;
    const char* base;
    const char* incentive;
  } rows[] = {
      {"the programme's own", "x", "x", 99, "1%", "2%"},
      {"the first tier", "x", "x", 100, "8%", "9%"},
      {"just below the second", "x", "x", 199, "8%", "9%"},
      {"the second", "x", "x", 200, "10%", "11%"},
      {"the category before a tier", "x", "c", 200, "6%", "7%"},
      {"the product before the category", "p", "c", 200, "4%", "5%"},
      {"codes are told apart by case", "P", "C", 0, "1%", "2%"},
      {"sales may have gone back", "x", "x", -1, "1%", "2%"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    const Terms terms = terms_of(program, row.product, row.category, units(row.sales));
    EXPECT_EQ(terms, (Terms{rate(row.base), rate(row.incentive), rate("3%")}));
  }
  std::swap(program.tiers[0], program.tiers[1]);
  EXPECT_EQ(terms_of(program, "x", "x", units(200)).base, rate("10%")) << "in whatever order they stand";
}

TEST(AffiliateRates, PricesInWon) {
  const struct {
    const char* name;
    const char* price;
    const char* won_per_unit;
    std::int64_t paid;
  } rows[] = {
      {"won", "20000", "1", 20'000},
      {"a fraction of a won is dropped", "12687.5", "1", 12'687},
      {"dollars", "12.34", "1330.5", 16'418},
      {"dong", "100000", "0.0538", 5'380},
      {"just a won", "0.0001", "10000", 1},
      {"just below a won", "0.0001", "9999.999999", 0},
      {"what goes back, towards zero", "-12.34", "1330.5", -16'418},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    const Money price = parse_decimal(row.price, price_scale, Exponent::refused).value();
    const Money worth = parse_decimal(row.won_per_unit, exchange_scale, Exponent::refused).value();
    EXPECT_EQ(in_won(price, worth).value(), units(row.paid));
  }
  EXPECT_EQ(in_won(units(10'000), par()).value(), units(1));
}

}  // namespace
}  // namespace jangbu::affiliate
