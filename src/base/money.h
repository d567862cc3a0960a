// Money: exact integers, never a binary float.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

namespace jangbu {

// NOLINTBEGIN(modernize-use-using): __extension__ has no place in a using-declaration.
__extension__ typedef __int128 int128;
__extension__ typedef unsigned __int128 uint128;
// NOLINTEND(modernize-use-using)

/// What happens to the part below one unit when a product or quotient is not whole.
enum class Rounding : std::uint8_t {
  down,       // towards zero
  up,         // away from zero
  half_up,    // to the nearest, halves away from zero
  half_even,  // to the nearest, halves to the even neighbour
};

/// The largest scale: 10^38 is the last power of ten below 2^127.
inline constexpr int max_scale = 38;

/// A signed count of a currency's smallest unit. The currency and its scale (how many decimal places one unit
/// is) stand beside it: in the posting, the account, the purchase. No operators: arithmetic names its failure
/// and its rounding. Range: -(2^127) .. 2^127-1 units.
class Money {
 public:
  constexpr Money() = default;
  static constexpr Money from_units(int128 units) { return Money(units); }
  [[nodiscard]] constexpr int128 units() const { return units_; }

  /// Errors of the arithmetic: amount_overflow, division_by_zero.
  [[nodiscard]] Result<Money> plus(Money other) const;
  [[nodiscard]] Result<Money> minus(Money other) const;
  [[nodiscard]] Result<Money> negated() const;
  /// this * numerator / denominator with a 256-bit intermediate, rounded once at the end.
  [[nodiscard]] Result<Money> times_ratio(Money numerator, Money denominator, Rounding rounding) const;
  /// this cut towards zero to a multiple of `step` units; step > 0.
  [[nodiscard]] Money cut_to_multiple(std::uint64_t step) const;

  [[nodiscard]] constexpr bool is_zero() const { return units_ == 0; }
  [[nodiscard]] constexpr bool is_negative() const { return units_ < 0; }
  [[nodiscard]] constexpr bool is_positive() const { return units_ > 0; }
  friend constexpr bool operator==(Money, Money) = default;
  friend constexpr auto operator<=>(Money, Money) = default;  // NOLINT(modernize-use-nullptr)

  /// The units as decimal digits, "-" in front when negative: "44400000000000000000000".
  [[nodiscard]] std::string to_units_text() const;
  /// The shortest decimal text of units / 10^scale: scale 18, 1560000000000000000 -> "1.56".
  [[nodiscard]] std::string to_decimal_text(int scale) const;
  /// Appends to_units_text() to `out` without an allocation of its own.
  void append_units_text(std::string& out) const;

  /// Big-endian bytes without leading zeros, one zero byte for 0. Only for values >= 0 (INVARIANT).
  void append_minimal_big_endian(Bytes& out) const;

  /// 16 bytes, big-endian, sign bit flipped: their byte order is the numeric order. The form kept in
  /// databases.
  [[nodiscard]] std::array<char, 16> to_sortable_bytes() const;
  static Result<Money> from_sortable_bytes(ByteView bytes);

 private:
  explicit constexpr Money(int128 units) : units_(units) {}
  int128 units_ = 0;
};

/// floor(sum(a[i] * b[i])), kept exactly in 256 bits, then * numerator / denominator / divisor, rounded once.
/// The purchase door's loyalty value is this. All inputs are >= 0 (INVARIANT).
/// Errors: amount_overflow when the result leaves Money's range, division_by_zero.
class WideSum {
 public:
  void add_product(Money a, std::uint64_t b);
  [[nodiscard]] Result<Money> times_ratio(Money numerator, Money denominator, std::uint64_t divisor) const;

 private:
  std::array<std::uint64_t, 4> limbs_{};  // the least significant first
};

/// Whether "1e3" is a number: JSON numbers may have an exponent, decimal texts may not.
enum class Exponent : bool { refused, allowed };

/// Reads decimal text exactly into units of 10^-scale: "1.56" at scale 18 is 1560000000000000000 units.
/// Optional leading "-"; digits on both sides of a point; no "+", no spaces, no leading zeros beyond one
/// ("01" is refused). Fraction digits beyond `scale` must be zeros, otherwise too_many_fraction_digits.
/// `scale` is 0..max_scale (INVARIANT). Errors: invalid_number, too_many_fraction_digits, amount_overflow.
Result<Money> parse_decimal(std::string_view text, int scale, Exponent exponent);

/// The same, but digits beyond `scale` are dropped (towards zero): 3.456 at scale 2 -> 345.
Result<Money> parse_decimal_truncating(std::string_view text, int scale, Exponent exponent);

}  // namespace jangbu
