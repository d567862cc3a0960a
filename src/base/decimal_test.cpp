#include <optional>
#include <string>

#include <gtest/gtest.h>

#include "base/money.h"

namespace jangbu {
namespace {

constexpr Errc not_a_number = Errc::invalid_number;
constexpr Errc too_fine = Errc::too_many_fraction_digits;
constexpr Errc overflow = Errc::amount_overflow;

struct Row {
  std::string text;
  int scale;
  std::optional<std::string> units;
  Errc error = Errc::internal;
};

void expect(const Row& row, const Result<Money>& parsed) {
  SCOPED_TRACE(row.text.substr(0, 60) + " at scale " + std::to_string(row.scale));
  ASSERT_EQ(parsed.ok(), row.units.has_value());
  if (row.units) {
    EXPECT_EQ(parsed->to_units_text(), *row.units);
  } else {
    EXPECT_EQ(error_text(parsed.error().code), error_text(row.error));
  }
}

TEST(ParseDecimal, Grammar) {
  const Row rows[] = {
      {"0", 0, "0"},
      {"-0", 0, "0"},
      {"7", 0, "7"},
      {"10", 0, "10"},
      {"-7", 0, "-7"},
      {"0.5", 1, "5"},
      {"-0.5", 1, "-5"},
      {"1.56", 18, "1560000000000000000"},
      {"44400", 18, "44400000000000000000000"},
      {"0.000000000000000001", 18, "1"},
      {"", 0, {}, not_a_number},
      {"-", 0, {}, not_a_number},
      {"+1", 0, {}, not_a_number},
      {"--1", 0, {}, not_a_number},
      {"01", 0, {}, not_a_number},
      {"-01", 0, {}, not_a_number},
      {"00", 0, {}, not_a_number},
      {".5", 1, {}, not_a_number},
      {"5.", 1, {}, not_a_number},
      {".", 1, {}, not_a_number},
      {"1.2.3", 3, {}, not_a_number},
      {" 1", 0, {}, not_a_number},
      {"1 ", 0, {}, not_a_number},
      {"1,000", 0, {}, not_a_number},
      {"0x10", 0, {}, not_a_number},
      {"NaN", 0, {}, not_a_number},
      {"Infinity", 0, {}, not_a_number},
      {"1_000", 0, {}, not_a_number},
      {std::string("1\0", 2), 0, {}, not_a_number},
      {"\xef\xbc\x91", 0, {}, not_a_number},  // a full-width one
  };
  for (const Row& row : rows) {
    expect(row, parse_decimal(row.text, row.scale, Exponent::refused));
    expect(row, parse_decimal(row.text, row.scale, Exponent::allowed));
    expect(row, parse_decimal_truncating(row.text, row.scale, Exponent::refused));
  }
}

TEST(ParseDecimal, DigitsBeyondTheScale) {
  const Row rows[] = {
      {"3.45", 2, "345"},
      {"3.450000", 2, "345"},
      {"3.456", 2, {}, too_fine},
      {"3.450001", 2, {}, too_fine},
      {"-3.456", 2, {}, too_fine},
      {"0.001", 2, {}, too_fine},
      {"1.0", 0, "1"},
      {"1.1", 0, {}, too_fine},
  };
  for (const Row& row : rows) expect(row, parse_decimal(row.text, row.scale, Exponent::refused));

  const Row truncated[] = {
      {"3.456", 2, "345"}, {"-3.456", 2, "-345"}, {"3.459999999999", 2, "345"},
      {"0.009", 2, "0"},   {"-0.009", 2, "0"},    {"1.9", 0, "1"},
  };
  for (const Row& row : truncated)
    expect(row, parse_decimal_truncating(row.text, row.scale, Exponent::refused));
}

TEST(ParseDecimal, Exponents) {
  const Row rows[] = {
      {"1e3", 0, "1000"},
      {"1E3", 0, "1000"},
      {"1e+3", 0, "1000"},
      {"1e0", 0, "1"},
      {"1e-0", 0, "1"},
      {"1e003", 0, "1000"},
      {"1.5e1", 0, "15"},
      {"1.5e0", 0, {}, too_fine},
      {"1500e-2", 0, "15"},
      {"1500e-3", 0, {}, too_fine},
      {"1500e-3", 1, "15"},
      {"12.34e-2", 4, "1234"},
      {"0e999999999999999999999999", 0, "0"},
      {"0.000e-999999999999999999999999", 0, "0"},
      {"1e999999999999999999999999", 0, {}, overflow},
      {"1e-999999999999999999999999", 18, {}, too_fine},
      {"1e38", 0, "1" + std::string(38, '0')},
      {"1e39", 0, {}, overflow},
      {"1e20", 18, "1" + std::string(38, '0')},
      {"1e21", 18, {}, overflow},
      {"0.00000000000000000000000000000000000001e76", 0, "1" + std::string(38, '0')},
      {"1e", 0, {}, not_a_number},
      {"1e+", 0, {}, not_a_number},
      {"1e-", 0, {}, not_a_number},
      {"1e+-1", 0, {}, not_a_number},
      {"1e1.0", 0, {}, not_a_number},
      {"1e1e1", 0, {}, not_a_number},
      {"e1", 0, {}, not_a_number},
      {"1 e1", 0, {}, not_a_number},
  };
  for (const Row& row : rows) {
    expect(row, parse_decimal(row.text, row.scale, Exponent::allowed));
    if (row.text.find_first_of("eE") != std::string::npos) {
      EXPECT_EQ(parse_decimal(row.text, row.scale, Exponent::refused).error().code, not_a_number) << row.text;
    }
  }
  expect({"1e-999999999999999999999999", 18, "0"},
         parse_decimal_truncating("1e-999999999999999999999999", 18, Exponent::allowed));
  expect({"19e-1", 0, "1"}, parse_decimal_truncating("19e-1", 0, Exponent::allowed));
}

TEST(ParseDecimal, TheRangeIsExact) {
  const Row rows[] = {
      {"170141183460469231731687303715884105727", 0, "170141183460469231731687303715884105727"},
      {"170141183460469231731687303715884105728", 0, {}, overflow},
      {"-170141183460469231731687303715884105728", 0, "-170141183460469231731687303715884105728"},
      {"-170141183460469231731687303715884105729", 0, {}, overflow},
      {"170141183460469231731.687303715884105727", 18, "170141183460469231731687303715884105727"},
      {"170141183460469231731.687303715884105728", 18, {}, overflow},
      {"1.70141183460469231731687303715884105727", 38, "170141183460469231731687303715884105727"},
      {"1.70141183460469231731687303715884105728", 38, {}, overflow},
      {"170141183460469231731687303715884105728.5", 0, {}, overflow},  // both wrong: the overflow comes first
      {"-170141183460469231731687303715884105728.5", 0, {}, too_fine},
      {"340282366920938463463374607431768211456", 0, {}, overflow},  // 2^128 must not wrap to zero
      {"340282366920938463463374607431768211457", 0, {}, overflow},
      {"999999999999999999999999999999999999999", 0, {}, overflow},
      {"1" + std::string(5000, '0'), 0, {}, overflow},
      {"0." + std::string(5000, '0'), 18, "0"},
      {"1." + std::string(5000, '0'), 18, "1000000000000000000"},
      {"0." + std::string(5000, '0') + "1", 18, {}, too_fine},
  };
  for (const Row& row : rows) expect(row, parse_decimal(row.text, row.scale, Exponent::refused));
}

TEST(ParseDecimal, AScaleOutsideMoneyIsABug) {
  EXPECT_THROW((void)parse_decimal("1", -1, Exponent::refused), InvariantViolation);
  EXPECT_THROW((void)parse_decimal("1", max_scale + 1, Exponent::refused), InvariantViolation);
  EXPECT_THROW((void)parse_decimal_truncating("1", -1, Exponent::refused), InvariantViolation);
}

}  // namespace
}  // namespace jangbu
