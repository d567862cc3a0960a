// Any bytes as a decimal text. The first byte chooses the scale and the exponent.
#include <cstdint>
#include <string>
#include <string_view>

#include "base/money.h"

namespace {

using jangbu::Errc;
using jangbu::Exponent;
using jangbu::Money;
using jangbu::Result;

void check(std::string_view text, int scale, Exponent exponent) {
  const Result<Money> exact = jangbu::parse_decimal(text, scale, exponent);
  const Result<Money> truncated = jangbu::parse_decimal_truncating(text, scale, exponent);
  if (exact) {
    INVARIANT(truncated.ok() && *truncated == *exact, "nothing had to be dropped");
    const std::string written = exact->to_decimal_text(scale);
    const Result<Money> again = jangbu::parse_decimal(written, scale, Exponent::refused);
    INVARIANT(again.ok() && *again == *exact, "what was written reads as the same amount");
    return;
  }
  switch (exact.error().code) {
    case Errc::invalid_number:
    case Errc::amount_overflow:
      INVARIANT(!truncated.ok() && truncated.error().code == exact.error().code,
                "dropping digits mends neither");
      return;
    case Errc::too_many_fraction_digits:
      INVARIANT(truncated.ok(), "dropping digits mends this");
      return;
    default:
      INVARIANT(false, "an error that is not in the contract");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const int scale = (data[0] >> 1) % (jangbu::max_scale + 1);
  const Exponent exponent = (data[0] & 1) != 0 ? Exponent::allowed : Exponent::refused;
  check({reinterpret_cast<const char*>(data) + 1, size - 1}, scale, exponent);
  return 0;
}
