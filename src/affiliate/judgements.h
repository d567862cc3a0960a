// What the office and the merchants' lists say of conversions that are there: confirmed, cancelled, in part
// or whole.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "affiliate/configure.h"
#include "affiliate/state.h"

namespace jangbu::affiliate {

/// The row under `number` that takes back from a settled conversion what is more than `left`, on the same
/// order, as a request of the merchant would; it counts today. Nothing when nothing is more. Error:
/// amount_overflow.
Result<std::optional<ConversionPart>> correction_of(engine::Unit& unit, State& state, ConversionNumber number,
                                                    const Conversion& original, const Amounts& left,
                                                    Instant canceled_at);

enum class Verdict : std::uint8_t { confirm, cancel };

/// A conversion as a judgement leaves it.
struct JudgedState {
  ConversionNumber number = 0;
  ConversionStatus status = ConversionStatus::normal;
  ConversionNumber correction = 0;  // the row that was made for it; 0: none

  static JudgedState of(const engine::Record& record);
  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(number, status, correction);
  }
};

/// The office's word. A cancelled conversion is cancelled at once, with all that it moved; of one that is
/// settled a correction takes back what is left. Errors: not_found, order_state (what is cancelled cannot be
/// confirmed; corrections are not judged).
class JudgeConversion final : public Write<JudgedState> {
 public:
  JudgeConversion(State& state, ConversionNumber number, Verdict verdict, std::string reason,
                  door::Render<JudgedState> render, Answered answered)
      : Write(state, {}, std::move(render), std::move(answered)),
        number_(number),
        verdict_(verdict),
        reason_(std::move(reason)) {}

 private:
  engine::Decision decide_new(engine::Unit& unit) override;
  engine::Decision confirm(engine::Unit& unit, const Conversion& conversion);
  engine::Decision cancel(engine::Unit& unit, const Conversion& conversion);
  engine::Decision judged(engine::Unit& unit, const Conversion& conversion, Judged judged);

  ConversionNumber number_;
  Verdict verdict_;
  std::string reason_;
};

}  // namespace jangbu::affiliate
