#include "base/money.h"

#include <optional>
#include <string>

#include <gtest/gtest.h>

namespace jangbu {
namespace {

const char* const max_text = "170141183460469231731687303715884105727";
const char* const min_text = "-170141183460469231731687303715884105728";

Money units(std::string_view text) { return parse_decimal(text, 0, Exponent::refused).value(); }

static_assert(!std::is_convertible_v<std::int64_t, Money>);
static_assert(!std::is_constructible_v<Money, std::int64_t>);

/// The result's units as text, or its error's.
std::string shown(const Result<Money>& result) {
  return result ? result->to_units_text() : std::string(error_text(result.error().code));
}

TEST(Money, AddsAndSubtractsExactly) {
  const struct {
    const char* a;
    const char* b;
    const char* sum;
    const char* difference;
  } rows[] = {
      {"0", "0", "0", "0"},
      {"1", "2", "3", "-1"},
      {"-5", "3", "-2", "-8"},
      {max_text, "0", max_text, max_text},
      {max_text, "1", "amount_overflow", "170141183460469231731687303715884105726"},
      {min_text, "1", "-170141183460469231731687303715884105727", "amount_overflow"},
      {max_text, min_text, "-1", "amount_overflow"},
      {"-1", min_text, "amount_overflow", max_text},
      {"0", min_text, min_text, "amount_overflow"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(std::string(row.a) + " and " + row.b);
    EXPECT_EQ(shown(units(row.a).plus(units(row.b))), row.sum);
    EXPECT_EQ(shown(units(row.a).minus(units(row.b))), row.difference);
  }
  EXPECT_EQ(shown(units("7").negated()), "-7");
  EXPECT_EQ(shown(units(max_text).negated()), "-170141183460469231731687303715884105727");
  EXPECT_EQ(shown(units(min_text).negated()), "amount_overflow");
}

TEST(Money, KnowsItsSignAndOrder) {
  EXPECT_TRUE(Money().is_zero());
  EXPECT_TRUE(units("-1").is_negative());
  EXPECT_FALSE(units("0").is_negative());
  EXPECT_TRUE(units("1").is_positive());
  EXPECT_FALSE(units("0").is_positive());
  EXPECT_LT(units(min_text), units("-1"));
  EXPECT_LT(units("-1"), units("0"));
  EXPECT_LT(units("18446744073709551615"), units("18446744073709551616"));
  EXPECT_EQ(units("5"), Money::from_units(5));
}

TEST(Money, RatioRounding) {
  // a / 4 and a / 3 on both sides of zero: below, at and above a half, odd and even neighbours.
  const struct {
    int units;
    int denominator;
    int down, up, half_up, half_even;
  } rows[] = {
      {0, 4, 0, 0, 0, 0},          {1, 4, 0, 1, 0, 0},           {2, 4, 0, 1, 1, 0},
      {3, 4, 0, 1, 1, 1},          {4, 4, 1, 1, 1, 1},           {5, 4, 1, 2, 1, 1},
      {6, 4, 1, 2, 2, 2},          {7, 4, 1, 2, 2, 2},           {10, 4, 2, 3, 3, 2},
      {-1, 4, 0, -1, 0, 0},        {-2, 4, 0, -1, -1, 0},        {-3, 4, 0, -1, -1, -1},
      {-6, 4, -1, -2, -2, -2},     {-10, 4, -2, -3, -3, -2},     {1, 3, 0, 1, 0, 0},
      {2, 3, 0, 1, 1, 1},          {10, -4, -2, -3, -3, -2},     {-10, -4, 2, 3, 3, 2},
      {-4, -4, 1, 1, 1, 1},        {36, 4, 9, 9, 9, 9},          {37, 4, 9, 10, 9, 9},
      {38, 4, 9, 10, 10, 10},      {39, 4, 9, 10, 10, 10},       {42, 4, 10, 11, 11, 10},
      {-38, 4, -9, -10, -10, -10}, {-42, 4, -10, -11, -11, -10}, {40, -3, -13, -14, -13, -13},
  };
  const Money one = Money::from_units(1);
  for (const auto& row : rows) {
    SCOPED_TRACE(std::to_string(row.units) + "/" + std::to_string(row.denominator));
    const Money a = Money::from_units(row.units);
    const Money b = Money::from_units(row.denominator);
    // The same ratio, multiplied by 10^37 above and below: the product of the last rows is beyond 128 bits.
    const Money large_a = units(std::to_string(row.units) + (row.units == 0 ? "" : std::string(18, '0')));
    const Money large_one = units("1" + std::string(19, '0'));
    const Money large_b = units(std::to_string(row.denominator) + std::string(37, '0'));
    const std::pair<Rounding, int> expectations[] = {{Rounding::down, row.down},
                                                     {Rounding::up, row.up},
                                                     {Rounding::half_up, row.half_up},
                                                     {Rounding::half_even, row.half_even}};
    for (const auto& [rounding, expected] : expectations) {
      EXPECT_EQ(shown(a.times_ratio(one, b, rounding)), std::to_string(expected));
      EXPECT_EQ(shown(large_a.times_ratio(large_one, large_b, rounding)), std::to_string(expected));
    }
  }
}

TEST(Money, RatioAtTheEdges) {
  const struct {
    const char* name;
    const char* units;
    const char* numerator;
    const char* denominator;
    const char* expected;
  } rows[] = {
      {"by zero", "1", "1", "0", "division_by_zero"},
      {"zero by zero", "0", "0", "0", "division_by_zero"},
      {"zero", "0", max_text, "1", "0"},
      {"largest times one", max_text, "1", "1", max_text},
      {"largest, wide", max_text, max_text, max_text, max_text},
      {"smallest, wide", min_text, max_text, max_text, min_text},
      {"smallest by minus one", min_text, "1", "-1", "amount_overflow"},
      {"smallest by itself", min_text, min_text, min_text, min_text},
      {"one past the largest", max_text, "170141183460469231731687303715884105727",
       "170141183460469231731687303715884105726", "amount_overflow"},
      {"doubled", max_text, "2", "1", "amount_overflow"},
      {"squared", max_text, max_text, "1", "amount_overflow"},
      {"smallest squared", min_text, min_text, "1", "amount_overflow"},
      {"smallest squared by smallest", min_text, min_text, min_text, min_text},
      {"product is 2^128", "18446744073709551616", "18446744073709551616", "18446744073709551616",
       "18446744073709551616"},
      {"product is 2^128 - 1", "340282366920938463463374607431768211455", "1", "2", "amount_overflow"},
      {"dollars in points", "44400000000000000000000", "1330000000000000000000", "1000000000000000000",
       "59052000000000000000000000"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    const Result<Money> a = parse_decimal(row.units, 0, Exponent::refused);
    if (!a) {
      EXPECT_EQ(shown(a), row.expected);
      continue;
    }
    EXPECT_EQ(shown(a->times_ratio(units(row.numerator), units(row.denominator), Rounding::down)),
              row.expected);
  }
  // Rounding up may leave the range that the quotient itself is in.
  EXPECT_EQ(shown(units(max_text).times_ratio(units("3"), units("3"), Rounding::up)), max_text);
  EXPECT_EQ(shown(units("-170141183460469231731687303715884105727")
                      .times_ratio(units("170141183460469231731687303715884105727"),
                                   units("170141183460469231731687303715884105726"), Rounding::up)),
            "amount_overflow");
  EXPECT_EQ(shown(units("-170141183460469231731687303715884105726")
                      .times_ratio(units("170141183460469231731687303715884105727"),
                                   units("170141183460469231731687303715884105726"), Rounding::up)),
            "-170141183460469231731687303715884105727");
}

TEST(Money, CutsTowardsZero) {
  EXPECT_EQ(units("1999999999").cut_to_multiple(1'000'000'000).to_units_text(), "1000000000");
  EXPECT_EQ(units("1000000000").cut_to_multiple(1'000'000'000).to_units_text(), "1000000000");
  EXPECT_EQ(units("999999999").cut_to_multiple(1'000'000'000).to_units_text(), "0");
  EXPECT_EQ(units("-1999999999").cut_to_multiple(1'000'000'000).to_units_text(), "-1000000000");
  EXPECT_EQ(units("5").cut_to_multiple(1).to_units_text(), "5");
  EXPECT_EQ(units("18446744073709551616").cut_to_multiple(~std::uint64_t{0}).to_units_text(),
            "18446744073709551615");
  EXPECT_THROW((void)units("5").cut_to_multiple(0), InvariantViolation);
}

TEST(Money, UnitsText) {
  for (const char* text : {"0",
                           "1",
                           "9",
                           "10",
                           "99",
                           "100",
                           "-1",
                           "-10",
                           "44400000000000000000000",
                           "9999999999999999999",
                           "10000000000000000000",
                           "18446744073709551615",
                           "18446744073709551616",
                           "18446744073709551617",
                           "99999999999999999999999999999999999999",
                           "100000000000000000000000000000000000000",
                           "100000000000000000000000000000000000001",
                           "100000000000000000010000000000000000000",
                           "30000000000000000000000000000000000007",
                           max_text,
                           min_text}) {
    EXPECT_EQ(units(text).to_units_text(), text);
  }
  std::string out = "x=";
  units("-120").append_units_text(out);
  EXPECT_EQ(out, "x=-120");
}

TEST(Money, DecimalText) {
  const struct {
    const char* units;
    int scale;
    const char* expected;
  } rows[] = {
      {"0", 0, "0"},
      {"0", 18, "0"},
      {"5", 0, "5"},
      {"500", 0, "500"},
      {"1560000000000000000", 18, "1.56"},
      {"1000000000000000000", 18, "1"},
      {"100000000000000000", 18, "0.1"},
      {"1", 18, "0.000000000000000001"},
      {"-1", 18, "-0.000000000000000001"},
      {"-150", 2, "-1.5"},
      {"-100", 2, "-1"},
      {"1001", 2, "10.01"},
      {"1000", 2, "10"},
      {"44400000000000000000000", 18, "44400"},
      {max_text, 38, "1.70141183460469231731687303715884105727"},
      {min_text, 18, "-170141183460469231731.687303715884105728"},
      {"1", 38, "0.00000000000000000000000000000000000001"},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(units(row.units).to_decimal_text(row.scale), row.expected);
    EXPECT_EQ(parse_decimal(row.expected, row.scale, Exponent::refused).value(), units(row.units))
        << row.expected;
  }
  EXPECT_THROW((void)Money().to_decimal_text(-1), InvariantViolation);
  EXPECT_THROW((void)Money().to_decimal_text(max_scale + 1), InvariantViolation);
}

TEST(Money, MinimalBigEndian) {
  const struct {
    const char* units;
    const char* hex;
  } rows[] = {
      {"0", "00"},
      {"1", "01"},
      {"255", "ff"},
      {"256", "0100"},
      {"44400000000000000000000", "0966edc756b7cfc00000"},
      {max_text, "7fffffffffffffffffffffffffffffff"},
  };
  for (const auto& row : rows) {
    Bytes out = "#";
    units(row.units).append_minimal_big_endian(out);
    EXPECT_EQ(to_hex(ByteView(out).substr(1)), row.hex);
    EXPECT_EQ(out.front(), '#');
  }
  Bytes out;
  EXPECT_THROW(units("-1").append_minimal_big_endian(out), InvariantViolation);
}

TEST(Money, SortableBytes) {
  const struct {
    const char* units;
    const char* hex;
  } rows[] = {
      {min_text, "00000000000000000000000000000000"}, {"-1", "7fffffffffffffffffffffffffffffff"},
      {"0", "80000000000000000000000000000000"},      {"1", "80000000000000000000000000000001"},
      {max_text, "ffffffffffffffffffffffffffffffff"},
  };
  for (const auto& row : rows) {
    const std::array<char, 16> bytes = units(row.units).to_sortable_bytes();
    EXPECT_EQ(to_hex({bytes.data(), bytes.size()}), row.hex);
    EXPECT_EQ(Money::from_sortable_bytes({bytes.data(), bytes.size()}).value(), units(row.units));
  }
  EXPECT_EQ(Money::from_sortable_bytes(Bytes(15, '\0')).error().code, Errc::invalid_encoding);
  EXPECT_EQ(Money::from_sortable_bytes(Bytes(17, '\0')).error().code, Errc::invalid_encoding);
  EXPECT_EQ(Money::from_sortable_bytes("").error().code, Errc::invalid_encoding);
}

TEST(WideSum, SumsExactlyAndRoundsOnce) {
  WideSum sum;
  EXPECT_EQ(shown(sum.times_ratio(units("1"), units("1"), 1)), "0");
  sum.add_product(units("333"), 10);
  sum.add_product(units("333"), 20);  // 9990
  EXPECT_EQ(shown(sum.times_ratio(units("1"), units("1"), 10000)), "0");
  EXPECT_EQ(shown(sum.times_ratio(units("3"), units("1"), 10000)), "2");
  EXPECT_EQ(shown(sum.times_ratio(units("2"), units("3"), 100)), "66");
  EXPECT_EQ(shown(sum.times_ratio(units("0"), units("3"), 100)), "0");
  EXPECT_EQ(shown(sum.times_ratio(units("5"), units("5"), 100)), "99");
}

TEST(WideSum, BothWaysOfComputingAgree) {
  // 44,400 won at 4.27%, paid to three quarters in cash: the sum times the cash is near 2^163.
  WideSum sum;
  sum.add_product(units("44400000000000000000000"), 427);
  EXPECT_EQ(shown(sum.times_ratio(units("33300000000000000000000"), units("44400000000000000000000"), 10000)),
            "1421910000000000000000");
  EXPECT_EQ(shown(sum.times_ratio(units("3"), units("4"), 10000)), "1421910000000000000000");
  EXPECT_EQ(shown(sum.times_ratio(units("44400000000000000000000"), units("44400000000000000000000"), 10000)),
            "1895880000000000000000");
}

TEST(WideSum, Edges) {
  WideSum sum;
  for (int i = 0; i < 1000; ++i) sum.add_product(units(max_text), ~std::uint64_t{0});
  // 1000 * (2^127 - 1) * (2^64 - 1)
  EXPECT_EQ(shown(sum.times_ratio(units("1"), units("1"), ~std::uint64_t{0})), "amount_overflow");
  EXPECT_EQ(shown(sum.times_ratio(units("1"), units("1000"), ~std::uint64_t{0})), max_text);
  EXPECT_EQ(shown(sum.times_ratio(units("1"), units("999"), ~std::uint64_t{0})), "amount_overflow");
  EXPECT_EQ(shown(sum.times_ratio(units(max_text), units(max_text), 1)), "amount_overflow");
  EXPECT_EQ(shown(sum.times_ratio(units("1"), units(max_text), 1)), "18446744073709551615000");
  EXPECT_EQ(shown(sum.times_ratio(units("1"), units(max_text), ~std::uint64_t{0})), "1000");
  EXPECT_EQ(shown(sum.times_ratio(units("1"), units("0"), 1)), "division_by_zero");
  EXPECT_EQ(shown(sum.times_ratio(units("1"), units("1"), 0)), "division_by_zero");
}

TEST(WideSum, NegativeInputsAreABug) {
  WideSum sum;
  EXPECT_THROW(sum.add_product(units("-1"), 1), InvariantViolation);
  EXPECT_THROW((void)sum.times_ratio(units("-1"), units("1"), 1), InvariantViolation);
  EXPECT_THROW((void)sum.times_ratio(units("1"), units("-1"), 1), InvariantViolation);
}

}  // namespace
}  // namespace jangbu
