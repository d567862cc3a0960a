#include <optional>
#include <string>

#include <gtest/gtest.h>

#include "base/money.h"

namespace jangbu {
namespace {

constexpr Errc kNotANumber = Errc::invalid_number;
constexpr Errc kTooFine = Errc::too_many_fraction_digits;
constexpr Errc kOverflow = Errc::amount_overflow;

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
      {"", 0, {}, kNotANumber},
      {"-", 0, {}, kNotANumber},
      {"+1", 0, {}, kNotANumber},
      {"--1", 0, {}, kNotANumber},
      {"01", 0, {}, kNotANumber},
      {"-01", 0, {}, kNotANumber},
      {"00", 0, {}, kNotANumber},
      {".5", 1, {}, kNotANumber},
      {"5.", 1, {}, kNotANumber},
      {".", 1, {}, kNotANumber},
      {"1.2.3", 3, {}, kNotANumber},
      {" 1", 0, {}, kNotANumber},
      {"1 ", 0, {}, kNotANumber},
      {"1,000", 0, {}, kNotANumber},
      {"0x10", 0, {}, kNotANumber},
      {"NaN", 0, {}, kNotANumber},
      {"Infinity", 0, {}, kNotANumber},
      {"1_000", 0, {}, kNotANumber},
      {std::string("1\0", 2), 0, {}, kNotANumber},
      {"\xef\xbc\x91", 0, {}, kNotANumber},  // a full-width one
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
      {"3.456", 2, {}, kTooFine},
      {"3.450001", 2, {}, kTooFine},
      {"-3.456", 2, {}, kTooFine},
      {"0.001", 2, {}, kTooFine},
      {"1.0", 0, "1"},
      {"1.1", 0, {}, kTooFine},
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
      {"1.5e0", 0, {}, kTooFine},
      {"1500e-2", 0, "15"},
      {"1500e-3", 0, {}, kTooFine},
      {"1500e-3", 1, "15"},
      {"12.34e-2", 4, "1234"},
      {"0e999999999999999999999999", 0, "0"},
      {"0.000e-999999999999999999999999", 0, "0"},
      {"1e999999999999999999999999", 0, {}, kOverflow},
      {"1e-999999999999999999999999", 18, {}, kTooFine},
      {"1e38", 0, "1" + std::string(38, '0')},
      {"1e39", 0, {}, kOverflow},
      {"1e20", 18, "1" + std::string(38, '0')},
      {"1e21", 18, {}, kOverflow},
      {"0.00000000000000000000000000000000000001e76", 0, "1" + std::string(38, '0')},
      {"1e", 0, {}, kNotANumber},
      {"1e+", 0, {}, kNotANumber},
      {"1e-", 0, {}, kNotANumber},
      {"1e+-1", 0, {}, kNotANumber},
      {"1e1.0", 0, {}, kNotANumber},
      {"1e1e1", 0, {}, kNotANumber},
      {"e1", 0, {}, kNotANumber},
      {"1 e1", 0, {}, kNotANumber},
  };
  for (const Row& row : rows) {
    expect(row, parse_decimal(row.text, row.scale, Exponent::allowed));
    if (row.text.find_first_of("eE") != std::string::npos) {
      EXPECT_EQ(parse_decimal(row.text, row.scale, Exponent::refused).error().code, kNotANumber) << row.text;
    }
  }
  expect({"1e-999999999999999999999999", 18, "0"},
         parse_decimal_truncating("1e-999999999999999999999999", 18, Exponent::allowed));
  expect({"19e-1", 0, "1"}, parse_decimal_truncating("19e-1", 0, Exponent::allowed));
}

TEST(ParseDecimal, TheRangeIsExact) {
  const Row rows[] = {
      {"170141183460469231731687303715884105727", 0, "170141183460469231731687303715884105727"},
      {"170141183460469231731687303715884105728", 0, {}, kOverflow},
      {"-170141183460469231731687303715884105728", 0, "-170141183460469231731687303715884105728"},
      {"-170141183460469231731687303715884105729", 0, {}, kOverflow},
      {"170141183460469231731.687303715884105727", 18, "170141183460469231731687303715884105727"},
      {"170141183460469231731.687303715884105728", 18, {}, kOverflow},
      {"1.70141183460469231731687303715884105727", 38, "170141183460469231731687303715884105727"},
      {"1.70141183460469231731687303715884105728", 38, {}, kOverflow},
      {"340282366920938463463374607431768211456", 0, {}, kOverflow},  // 2^128 must not wrap to zero
      {"340282366920938463463374607431768211457", 0, {}, kOverflow},
      {"999999999999999999999999999999999999999", 0, {}, kOverflow},
      {"1" + std::string(5000, '0'), 0, {}, kOverflow},
      {"0." + std::string(5000, '0'), 18, "0"},
      {"1." + std::string(5000, '0'), 18, "1000000000000000000"},
      {"0." + std::string(5000, '0') + "1", 18, {}, kTooFine},
  };
  for (const Row& row : rows) expect(row, parse_decimal(row.text, row.scale, Exponent::refused));
}

TEST(ParseDecimal, AScaleOutsideMoneyIsABug) {
  EXPECT_THROW((void)parse_decimal("1", -1, Exponent::refused), InvariantViolation);
  EXPECT_THROW((void)parse_decimal("1", kMaxScale + 1, Exponent::refused), InvariantViolation);
  EXPECT_THROW((void)parse_decimal_truncating("1", -1, Exponent::refused), InvariantViolation);
}

}  // namespace
}  // namespace jangbu
