#include "base/money.h"

#include <algorithm>

#include <boost/multiprecision/cpp_int.hpp>

namespace jangbu {
namespace {

namespace mp = boost::multiprecision;

/// Fixed sizes, so nothing is allocated. Every use below states why its values fit.
using Wide256 = mp::number<mp::cpp_int_backend<256, 256, mp::unsigned_magnitude, mp::unchecked, void>>;
using Wide512 = mp::number<mp::cpp_int_backend<512, 512, mp::unsigned_magnitude, mp::unchecked, void>>;

constexpr uint128 largest_positive = ~uint128{0} >> 1;
constexpr uint128 largest_negative_magnitude = largest_positive + 1;

constexpr uint128 magnitude_of(int128 value) {
  return value < 0 ? ~static_cast<uint128>(value) + 1 : static_cast<uint128>(value);
}

Result<Money> with_sign(uint128 magnitude, bool negative) {
  if (magnitude > (negative ? largest_negative_magnitude : largest_positive)) return Errc::amount_overflow;
  return Money::from_units(static_cast<int128>(negative ? ~magnitude + 1 : magnitude));
}

/// Whether a quotient moves one unit away from zero. `doubled_remainder` is 2 * remainder, which both callers
/// have room for.
template <typename Integer>
bool rounds_away(Rounding rounding, const Integer& doubled_remainder, const Integer& denominator,
                 bool quotient_is_odd) {
  switch (rounding) {
    case Rounding::down:
      return false;
    case Rounding::up:
      return doubled_remainder != 0;
    case Rounding::half_up:
      return doubled_remainder >= denominator;
    case Rounding::half_even:
      return doubled_remainder > denominator || (doubled_remainder == denominator && quotient_is_odd);
  }
  INVARIANT(false, "an unknown rounding");
}

/// a * b / c; a, b <= 2^127, 0 < c <= 2^127. The result saturates above 2^127, which no caller accepts.
uint128 multiply_divide(uint128 a, uint128 b, uint128 c, Rounding rounding) {
  uint128 product;
  if (!__builtin_mul_overflow(a, b, &product)) {
    const uint128 quotient = product / c;
    const uint128 doubled_remainder = (product % c) << 1;  // remainder < c <= 2^127: no bit is lost
    if (!rounds_away(rounding, doubled_remainder, c, (quotient & 1) != 0)) return quotient;
    return quotient == ~uint128{0} ? quotient : quotient + 1;
  }
  const Wide256 wide_product = Wide256(a) * b;  // at most 2^254
  const Wide256 divisor(c);
  Wide256 quotient;
  Wide256 remainder;
  mp::divide_qr(wide_product, divisor, quotient, remainder);
  remainder <<= 1;
  if (rounds_away(rounding, remainder, divisor, mp::bit_test(quotient, 0))) ++quotient;
  return quotient > largest_negative_magnitude ? ~uint128{0} : static_cast<uint128>(quotient);
}

constexpr std::array<char, 200> make_digit_pairs() {
  std::array<char, 200> pairs{};
  for (std::size_t i = 0; i < 100; ++i) {
    pairs[2 * i] = static_cast<char>('0' + i / 10);
    pairs[2 * i + 1] = static_cast<char>('0' + i % 10);
  }
  return pairs;
}

constexpr std::array<char, 200> digit_pairs = make_digit_pairs();

/// Writes the digits of `value` so that they end before `end`; returns where they start. Zero has no digits.
char* write_digits_backwards(char* end, std::uint64_t value) {
  while (value >= 10) {
    const std::size_t pair = static_cast<std::size_t>(value % 100);
    value /= 100;
    *--end = digit_pairs[2 * pair + 1];
    *--end = digit_pairs[2 * pair];
  }
  if (value != 0) *--end = static_cast<char>('0' + value);
  return end;
}

/// The digits of a magnitude, right-aligned in a buffer. 2^127 has 39 of them.
class Digits {
 public:
  explicit Digits(uint128 value) : first_(buffer_.data() + buffer_.size()) {
    constexpr std::uint64_t chunk = 10'000'000'000'000'000'000U;  // 10^19, the largest power in 64 bits
    char* const end = first_;
    std::size_t chunks = 0;
    while (value > ~std::uint64_t{0}) {
      first_ = write_digits_backwards(first_, static_cast<std::uint64_t>(value % chunk));
      value /= chunk;
      ++chunks;
      char* const chunk_start = end - 19 * chunks;
      while (first_ > chunk_start) *--first_ = '0';
    }
    first_ = write_digits_backwards(first_, static_cast<std::uint64_t>(value));
    if (first_ == end) *--first_ = '0';
  }
  [[nodiscard]] std::string_view view() const {
    return {first_, static_cast<std::size_t>(buffer_.data() + buffer_.size() - first_)};
  }

 private:
  std::array<char, 40> buffer_{};
  char* first_;
};

}  // namespace

Result<Money> Money::plus(Money other) const {
  int128 sum;
  if (__builtin_add_overflow(units_, other.units_, &sum)) return Errc::amount_overflow;
  return Money(sum);
}

Result<Money> Money::minus(Money other) const {
  int128 difference;
  if (__builtin_sub_overflow(units_, other.units_, &difference)) return Errc::amount_overflow;
  return Money(difference);
}

Result<Money> Money::negated() const { return Money().minus(*this); }

Result<Money> Money::times_ratio(Money numerator, Money denominator, Rounding rounding) const {
  if (denominator.is_zero()) return Errc::division_by_zero;
  const uint128 magnitude = multiply_divide(magnitude_of(units_), magnitude_of(numerator.units_),
                                            magnitude_of(denominator.units_), rounding);
  const bool negative = (is_negative() != numerator.is_negative()) != denominator.is_negative();
  return with_sign(magnitude, negative);
}

Money Money::cut_to_multiple(std::uint64_t step) const {
  INVARIANT(step > 0, "a step of zero has no multiples");
  return Money(units_ - units_ % static_cast<int128>(step));
}

void Money::append_units_text(std::string& out) const {
  if (is_negative()) out.push_back('-');
  out.append(Digits(magnitude_of(units_)).view());
}

std::string Money::to_units_text() const {
  std::string text;
  append_units_text(text);
  return text;
}

std::string Money::to_decimal_text(int scale) const {
  INVARIANT(scale >= 0 && scale <= max_scale, "a scale that Money does not have");
  const auto places = static_cast<std::size_t>(scale);
  const Digits digits(magnitude_of(units_));
  std::string_view fraction = digits.view();
  std::string_view whole;
  std::size_t leading_zeros = 0;
  if (fraction.size() > places) {
    whole = fraction.substr(0, fraction.size() - places);
    fraction.remove_prefix(whole.size());
  } else {
    whole = "0";
    leading_zeros = places - fraction.size();
  }
  const std::size_t last = fraction.find_last_not_of('0');
  fraction = last == std::string_view::npos ? std::string_view() : fraction.substr(0, last + 1);

  std::string text;
  if (is_negative()) text.push_back('-');
  text.append(whole);
  if (!fraction.empty()) {
    text.push_back('.');
    text.append(leading_zeros, '0');
    text.append(fraction);
  }
  return text;
}

void Money::append_minimal_big_endian(Bytes& out) const {
  INVARIANT(!is_negative(), "a negative amount has no minimal form");
  std::array<char, 16> bytes;
  std::size_t first = bytes.size();
  auto rest = static_cast<uint128>(units_);
  do {
    bytes[--first] = static_cast<char>(rest & 0xff);
    rest >>= 8;
  } while (rest != 0);
  out.append(bytes.data() + first, bytes.size() - first);
}

std::array<char, 16> Money::to_sortable_bytes() const {
  std::array<char, 16> bytes;
  uint128 rest = static_cast<uint128>(units_) ^ largest_negative_magnitude;
  for (std::size_t i = bytes.size(); i-- > 0; rest >>= 8) bytes[i] = static_cast<char>(rest & 0xff);
  return bytes;
}

Result<Money> Money::from_sortable_bytes(ByteView bytes) {
  if (bytes.size() != 16) return Errc::invalid_encoding;
  uint128 value = 0;
  for (const char byte : bytes) value = value << 8 | static_cast<std::uint8_t>(byte);
  return Money(static_cast<int128>(value ^ largest_negative_magnitude));
}

void WideSum::add_product(Money a, std::uint64_t b) {
  INVARIANT(!a.is_negative(), "a wide sum has no negative terms");
  const auto units = static_cast<uint128>(a.units());
  const uint128 low = uint128{static_cast<std::uint64_t>(units)} * b;
  const uint128 high = (units >> 64) * b + (low >> 64);  // (2^63 - 1) * (2^64 - 1) + 2^64 fits 128 bits
  const std::array<std::uint64_t, 4> product = {static_cast<std::uint64_t>(low),
                                                static_cast<std::uint64_t>(high),
                                                static_cast<std::uint64_t>(high >> 64), 0};
  // A product is below 2^191, so the sum stays below 2^256 for 2^65 of them: no carry leaves the last limb.
  uint128 carry = 0;
  for (std::size_t i = 0; i < limbs_.size(); ++i) {
    carry += uint128{limbs_[i]} + product[i];
    limbs_[i] = static_cast<std::uint64_t>(carry);
    carry >>= 64;
  }
}

Result<Money> WideSum::times_ratio(Money numerator, Money denominator, std::uint64_t divisor) const {
  INVARIANT(!numerator.is_negative() && !denominator.is_negative(), "a wide sum has no negative ratio");
  if (denominator.is_zero() || divisor == 0) return Errc::division_by_zero;
  if (limbs_[2] == 0 && limbs_[3] == 0) {
    const uint128 sum = uint128{limbs_[1]} << 64 | limbs_[0];
    // A purchase that is all cash has the ratio 1.
    if (numerator == denominator) return with_sign(sum / divisor, false);
    uint128 product;
    uint128 whole_divisor;
    if (!__builtin_mul_overflow(sum, static_cast<uint128>(numerator.units()), &product) &&
        !__builtin_mul_overflow(static_cast<uint128>(denominator.units()), uint128{divisor},
                                &whole_divisor)) {
      return with_sign(product / whole_divisor, false);
    }
  }
  Wide512 product;
  mp::import_bits(product, limbs_.begin(), limbs_.end(), 64, false);
  product *= static_cast<uint128>(numerator.units());  // below 2^(256 + 127)
  const Wide512 whole_divisor = Wide512(static_cast<uint128>(denominator.units())) * divisor;
  const Wide512 quotient = product / whole_divisor;
  if (quotient > largest_positive) return Errc::amount_overflow;
  return with_sign(static_cast<uint128>(quotient), false);
}

}  // namespace jangbu
