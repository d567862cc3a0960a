#include "base/ascii.h"
#include "base/money.h"

namespace jangbu {
namespace {

/// A decimal text taken apart: whole.fraction * 10^exponent.
struct DecimalParts {
  bool negative = false;
  std::string_view whole;
  std::string_view fraction;
  std::int64_t exponent = 0;
};

/// Beyond this an exponent moves every digit of any text that fits in memory out of range; larger ones count
/// the same.
constexpr std::int64_t far_exponent = 1'000'000'000'000'000;

/// Cuts the digits at the front off `text`.
std::string_view take_digits(std::string_view& text) {
  std::size_t count = 0;
  while (count < text.size() && is_digit(text[count])) ++count;
  const std::string_view digits = text.substr(0, count);
  text.remove_prefix(count);
  return digits;
}

bool take(std::string_view& text, char c) {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

/// JSON's grammar of numbers, with the exponent as the caller wants it.
Result<DecimalParts> take_apart(std::string_view text, Exponent exponent) {
  DecimalParts parts;
  parts.negative = take(text, '-');
  parts.whole = take_digits(text);
  if (parts.whole.empty() || (parts.whole.size() > 1 && parts.whole.front() == '0'))
    return Errc::invalid_number;
  if (take(text, '.')) {
    parts.fraction = take_digits(text);
    if (parts.fraction.empty()) return Errc::invalid_number;
  }
  if (exponent == Exponent::allowed && (take(text, 'e') || take(text, 'E'))) {
    const bool down = take(text, '-');
    if (!down) take(text, '+');
    const std::string_view digits = take_digits(text);
    if (digits.empty()) return Errc::invalid_number;
    for (const char digit : digits) {
      if (parts.exponent < far_exponent) parts.exponent = parts.exponent * 10 + (digit - '0');
    }
    if (down) parts.exponent = -parts.exponent;
  }
  if (!text.empty()) return Errc::invalid_number;
  return parts;
}

/// A magnitude that grows digit by digit, as far as Money goes on its side of zero.
class Magnitude {
 public:
  explicit Magnitude(bool negative)
      : negative_(negative), largest_((uint128{1} << 127) - (negative ? 0 : 1)) {}

  /// False when the magnitude would leave the range.
  bool append(unsigned digit) {
    constexpr uint128 largest_before_a_digit = (uint128{1} << 127) / 10;  // on both sides of zero
    if (value_ > largest_before_a_digit) return false;
    value_ = value_ * 10 + digit;
    return value_ <= largest_;
  }
  [[nodiscard]] bool is_zero() const { return value_ == 0; }
  [[nodiscard]] Money with_sign() const {
    return Money::from_units(static_cast<int128>(negative_ ? ~value_ + 1 : value_));
  }

 private:
  bool negative_;
  uint128 largest_;
  uint128 value_ = 0;
};

enum class BeyondScale : bool { refused, dropped };

Result<Money> parse(std::string_view text, int scale, Exponent exponent, BeyondScale beyond_scale) {
  INVARIANT(scale >= 0 && scale <= max_scale, "a scale that Money does not have");
  ASSIGN_OR_RETURN(const DecimalParts parts, take_apart(text, exponent));

  // How many of the written digits count whole units; it may be negative, or more than were written.
  const std::int64_t unit_digits = static_cast<std::int64_t>(parts.whole.size()) + parts.exponent + scale;
  std::int64_t position = 0;
  Magnitude magnitude(parts.negative);
  for (const std::string_view digits : {parts.whole, parts.fraction}) {
    for (const char digit : digits) {
      if (position++ < unit_digits) {
        if (!magnitude.append(static_cast<unsigned>(digit - '0'))) return Errc::amount_overflow;
      } else if (digit != '0' && beyond_scale == BeyondScale::refused) {
        return Errc::too_many_fraction_digits;
      }
    }
  }
  // A magnitude above zero leaves its range after 39 steps, so a far exponent ends this soon.
  for (; position < unit_digits && !magnitude.is_zero(); ++position) {
    if (!magnitude.append(0)) return Errc::amount_overflow;
  }
  return magnitude.with_sign();
}

}  // namespace

Result<Money> parse_decimal(std::string_view text, int scale, Exponent exponent) {
  return parse(text, scale, exponent, BeyondScale::refused);
}

Result<Money> parse_decimal_truncating(std::string_view text, int scale, Exponent exponent) {
  return parse(text, scale, exponent, BeyondScale::dropped);
}

}  // namespace jangbu
