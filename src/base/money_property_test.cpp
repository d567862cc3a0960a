// What holds for every amount, tried on random ones of every size.
#include <cstring>
#include <ostream>

#include <boost/multiprecision/cpp_int.hpp>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/money.h"

namespace jangbu {

/// How RapidCheck names a counterexample.
void showValue(Money money, std::ostream& out) { out << money.to_units_text(); }  // NOLINT: its name

namespace {

using boost::multiprecision::cpp_int;

/// An amount of any size: a random number of random bits, so that small ones are as frequent as large ones.
/// Size 127 has both ends of the range in reach.
rc::Gen<Money> any_money() {
  return rc::gen::map(rc::gen::tuple(rc::gen::arbitrary<bool>(), rc::gen::inRange(0, 128),
                                     rc::gen::resize(rc::kNominalSize, rc::gen::arbitrary<std::uint64_t>()),
                                     rc::gen::resize(rc::kNominalSize, rc::gen::arbitrary<std::uint64_t>())),
                      [](const auto& parts) {
                        const auto& [complement, bits, high, low] = parts;
                        const uint128 mask = (uint128{1} << bits) - 1;
                        const uint128 value = (uint128{high} << 64 | low) & mask;
                        return Money::from_units(static_cast<int128>(complement ? ~value : value));
                      });
}

rc::Gen<Money> any_amount() {
  return rc::gen::suchThat(any_money(), [](Money money) { return !money.is_negative(); });
}

cpp_int exact(Money money) { return cpp_int(money.units()); }

bool in_range(const cpp_int& value) {
  const cpp_int end = cpp_int(1) << 127;
  return value >= -end && value < end;
}

void expect_exactly(const Result<Money>& result, const cpp_int& expected) {
  if (in_range(expected)) {
    RC_ASSERT(result.ok());
    RC_ASSERT(exact(*result) == expected);
  } else {
    RC_ASSERT(!result.ok());
    RC_ASSERT(result.error().code == Errc::amount_overflow);
  }
}

cpp_int rounded(const cpp_int& dividend, const cpp_int& divisor, Rounding rounding) {
  const bool negative = (dividend < 0) != (divisor < 0);
  const cpp_int a = abs(dividend);
  const cpp_int b = abs(divisor);
  cpp_int quotient = a / b;
  const cpp_int rest = a % b;
  const int half = cpp_int(2 * rest).compare(b);
  const bool away = rounding == Rounding::up          ? rest != 0
                    : rounding == Rounding::half_up   ? half >= 0
                    : rounding == Rounding::half_even ? half > 0 || (half == 0 && quotient % 2 == 1)
                                                      : false;
  if (away) ++quotient;
  return negative ? cpp_int(-quotient) : quotient;
}

rc::Gen<Rounding> any_rounding() {
  return rc::gen::element(Rounding::down, Rounding::up, Rounding::half_up, Rounding::half_even);
}

RC_GTEST_PROP(MoneyProperty, SumsAndDifferencesAreExact, ()) {
  const Money a = *any_money();
  const Money b = *any_money();
  expect_exactly(a.plus(b), exact(a) + exact(b));
  expect_exactly(a.minus(b), exact(a) - exact(b));
  expect_exactly(a.negated(), -exact(a));
}

RC_GTEST_PROP(MoneyProperty, RatiosAreExactAndRoundOnce, ()) {
  const Money a = *any_money();
  const Money numerator = *any_money();
  const Money denominator = *rc::gen::suchThat(any_money(), [](Money money) { return !money.is_zero(); });
  const Rounding rounding = *any_rounding();
  expect_exactly(a.times_ratio(numerator, denominator, rounding),
                 rounded(exact(a) * exact(numerator), exact(denominator), rounding));
}

RC_GTEST_PROP(MoneyProperty, TiesAreFound, ()) {
  // Random numbers seldom meet a half: this makes one, of any size.
  const Money half =
      *rc::gen::suchThat(any_money(), [](Money money) { return !money.is_zero() && money.plus(money).ok(); });
  const Money denominator = *half.plus(half);
  const Money odd = Money::from_units(2 * int128{*rc::gen::arbitrary<std::int32_t>()} + 1);
  const Rounding rounding = *any_rounding();
  expect_exactly(odd.times_ratio(half, denominator, rounding),
                 rounded(exact(odd) * exact(half), exact(denominator), rounding));
}

RC_GTEST_PROP(MoneyProperty, WideSumsAreExact, ()) {
  WideSum sum;
  cpp_int expected = 0;
  const auto count = *rc::gen::inRange(0, 20);
  for (int i = 0; i < count; ++i) {
    const Money a = *any_amount();
    const auto b = static_cast<std::uint64_t>((*any_amount()).units());
    sum.add_product(a, b);
    expected += exact(a) * b;
  }
  const Money numerator = *any_amount();
  const Money denominator = *rc::gen::suchThat(any_amount(), [](Money money) { return !money.is_zero(); });
  const auto divisor =
      *rc::gen::suchThat(rc::gen::arbitrary<std::uint64_t>(), [](std::uint64_t n) { return n != 0; });
  expect_exactly(sum.times_ratio(numerator, denominator, divisor),
                 expected * exact(numerator) / (exact(denominator) * divisor));
  expect_exactly(sum.times_ratio(denominator, denominator, divisor), expected / divisor);
}

RC_GTEST_PROP(MoneyProperty, SortableBytesKeepTheOrderAndComeBack, ()) {
  const Money a = *any_money();
  const Money b = *any_money();
  const auto bytes_a = a.to_sortable_bytes();
  const auto bytes_b = b.to_sortable_bytes();
  RC_ASSERT((std::memcmp(bytes_a.data(), bytes_b.data(), 16) < 0) == (a < b));
  RC_ASSERT(*Money::from_sortable_bytes({bytes_a.data(), bytes_a.size()}) == a);
}

RC_GTEST_PROP(MoneyProperty, MinimalBytesAreTheValueWithoutLeadingZeros, ()) {
  const Money amount = *any_amount();
  Bytes bytes;
  amount.append_minimal_big_endian(bytes);
  cpp_int value = 0;
  for (const char byte : bytes) value = value * 256 + static_cast<std::uint8_t>(byte);
  RC_ASSERT(value == exact(amount));
  RC_ASSERT(bytes.size() == 1 || bytes.front() != '\0');
}

RC_GTEST_PROP(MoneyProperty, TextsComeBack, ()) {
  const Money money = *any_money();
  const int scale = *rc::gen::inRange(0, max_scale + 1);
  RC_ASSERT(money.to_units_text() == exact(money).str());
  const std::string text = money.to_decimal_text(scale);
  RC_ASSERT(*parse_decimal(text, scale, Exponent::refused) == money);
  RC_ASSERT(*parse_decimal(text + "e0", scale, Exponent::allowed) == money);
  RC_ASSERT(*parse_decimal(money.to_units_text() + "e-" + std::to_string(scale), scale, Exponent::allowed) ==
            money);
  // The shortest: no point or zero at the end could go.
  RC_ASSERT(text.find('.') == std::string::npos || (text.back() != '0' && text.back() != '.'));
}

RC_GTEST_PROP(MoneyProperty, TruncatingIsDivisionTowardsZero, ()) {
  const Money money = *any_money();
  const int places = *rc::gen::inRange(0, max_scale + 1);
  const Result<Money> truncated =
      parse_decimal_truncating(money.to_decimal_text(places), 0, Exponent::refused);
  RC_ASSERT(exact(*truncated) == exact(money) / pow(cpp_int(10), static_cast<unsigned>(places)));
}

RC_GTEST_PROP(MoneyProperty, CuttingLeavesAMultipleAndLessThanAStep, ()) {
  const Money money = *any_money();
  const auto step =
      *rc::gen::suchThat(rc::gen::arbitrary<std::uint64_t>(), [](std::uint64_t n) { return n != 0; });
  const Money cut = money.cut_to_multiple(step);
  RC_ASSERT(exact(cut) % step == 0);
  RC_ASSERT(abs(exact(money)) >= abs(exact(cut)));
  RC_ASSERT(abs(exact(money)) - abs(exact(cut)) < step);
}

}  // namespace
}  // namespace jangbu
