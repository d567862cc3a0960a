#include "affiliate/judgements.h"

#include <algorithm>

#include "affiliate/earnings.h"
#include "affiliate/settlement_calendar.h"

namespace jangbu::affiliate {

using engine::Decision;
using engine::Unit;

namespace {

Result<Amounts> minus(const Amounts& a, const Amounts& b) {
  Amounts left;
  left.quantity = a.quantity > b.quantity ? a.quantity - b.quantity : 0;
  ASSIGN_OR_RETURN(left.price, a.price.minus(b.price));
  ASSIGN_OR_RETURN(left.base, a.base.minus(b.base));
  ASSIGN_OR_RETURN(left.incentive, a.incentive.minus(b.incentive));
  ASSIGN_OR_RETURN(left.fee, a.fee.minus(b.fee));
  return left;
}

/// A conversion as it stands, to be changed.
Judged as_it_stands(const Conversion& conversion) {
  const ConversionRow& row = conversion.row;
  Judged judged{conversion.number, row.status, {}, {}, row.now};
  if (row.confirmed_at != Instant()) judged.confirmed_at = row.confirmed_at;
  if (row.canceled_at != Instant()) judged.canceled_at = row.canceled_at;
  return judged;
}

/// Its key must be new: the same price may be taken back more than once in one moment.
bool is_known(Unit& unit, const Conversion& original, const ConversionPart& part) {
  const auto digest = correction_digest(original.row.merchant, original.row.order_code, part.product_code,
                                        part.price, part.corrected_at());
  return unit.keys().find(unit.session(), digest).has_value();
}

}  // namespace

Result<std::optional<ConversionPart>> correction_of(Unit& unit, State& state, ConversionNumber number,
                                                    const Conversion& original, const Amounts& left,
                                                    Instant canceled_at) {
  ASSIGN_OR_RETURN(const Amounts still, minus(original.row.now, state.taken_back(unit, original.number)));
  ASSIGN_OR_RETURN(const Amounts difference, minus(left, still));
  // What was given for nothing, as a registration is, has no price to take back.
  const bool was_free = original.row.now.price.is_zero();
  const bool takes_back = was_free ? difference.commission().is_negative() || difference.fee.is_negative()
                                   : difference.price.is_negative();
  if (!takes_back) return std::optional<ConversionPart>();
  const ConversionPart& was = original.part();
  ConversionPart part = was;
  part.number = number;
  part.corrects = original.number;
  part.at_first = difference;
  part.at_first.quantity = still.quantity - std::min(still.quantity, left.quantity);
  part.price = Money();
  if (!was_free) {
    ASSIGN_OR_RETURN(part.price, was.price.times_ratio(difference.price, was.at_first.price, Rounding::down));
  }
  part.happened_at = unit.now();
  part.day = day_of(unit.now());
  part.paid_at.reset();
  part.confirmed_at.reset();
  part.canceled_at = canceled_at;
  part.status = ConversionStatus::normal;
  while (is_known(unit, original, part)) *part.canceled_at = *part.canceled_at + Duration{1};
  return std::optional(std::move(part));
}

JudgedState JudgedState::of(const engine::Record& record) {
  if (record.kind == conversions_judged_kind) {
    const Judged judged = ledger::said<ConversionsJudged>(record)->judged.at(0);
    return {judged.number, judged.status, 0};
  }
  const auto order = ledger::said<ConversionsTaken>(record);
  return {order->rows.at(0).corrects, ConversionStatus::settled, order->rows.at(0).number};
}

Decision JudgeConversion::decide_new(Unit& unit) {
  const ConversionRow* row = state_.conversion(unit, number_);
  if (row == nullptr) return refuse(Errc::not_found);
  if (row->is_correction()) return refuse(Errc::order_state);
  const Conversion conversion = state_.details(unit, number_);
  return verdict_ == Verdict::confirm ? confirm(unit, conversion) : cancel(unit, conversion);
}

Decision JudgeConversion::judged(Unit& unit, const Conversion& conversion, Judged judged) {
  const MerchantSet* merchant = state_.config().merchant(conversion.row.merchant);
  INVARIANT(merchant != nullptr, "the merchant of a conversion is known");
  Money commission;
  Money fee;
  if (judged.status == ConversionStatus::cancelled) {
    const auto back = conversion.row.now.commission().negated();
    const auto fee_back = conversion.row.now.fee.negated();
    if (!back || !fee_back) return refuse(Errc::amount_overflow);
    commission = *back;
    fee = *fee_back;
  }
  auto entry = earned_entry(unit, state_.book(), merchant->id, conversion.row.affiliate, commission, fee);
  if (!entry) return refuse(entry.error());
  return ledger::accept(
      conversions_judged_kind,
      ConversionsJudged{
          conversion.row.merchant, JudgedBy::office, reason_, {std::move(judged)}, std::move(*entry)});
}

Decision JudgeConversion::confirm(Unit& unit, const Conversion& conversion) {
  Judged as_is = as_it_stands(conversion);
  if (as_is.status == ConversionStatus::cancelled) return refuse(Errc::order_state);
  const bool asks_cancel = as_is.status == ConversionStatus::cancel_requested;
  if (as_is.status == ConversionStatus::settled || (as_is.confirmed_at && !asks_cancel))
    return nothing_new(conversions_judged_kind, {number_, as_is.status, 0});
  if (asks_cancel) {
    const bool is_processed = settlement_begins_at(month_of(conversion.row.day)) <= unit.now();
    as_is.status = is_processed ? ConversionStatus::settling : ConversionStatus::normal;
    as_is.canceled_at.reset();
  }
  as_is.confirmed_at = unit.now();
  return judged(unit, conversion, std::move(as_is));
}

Decision JudgeConversion::cancel(Unit& unit, const Conversion& conversion) {
  Judged as_is = as_it_stands(conversion);
  if (as_is.status == ConversionStatus::cancelled)
    return nothing_new(conversions_judged_kind, {number_, as_is.status, 0});
  if (as_is.status == ConversionStatus::settled) {
    const ConversionNumber next = unit.counters().last(engine::Counter::affiliate_conversion) + 1;
    auto correction = correction_of(unit, state_, next, conversion, Amounts(), unit.now());
    if (!correction) return refuse(correction.error());
    if (!*correction) return nothing_new(conversions_taken_kind, {number_, as_is.status, 0});
    ConversionsTaken order = *conversion.order;
    order.rows = {std::move(**correction)};
    order.judged.clear();
    const Amounts& back = order.rows.front().at_first;
    auto entry = earned_entry(unit, state_.book(), state_.config().merchant(order.merchant)->id,
                              order.affiliate, back.commission(), back.fee);
    if (!entry) return refuse(entry.error());
    order.entry = std::move(*entry);
    return ledger::accept(conversions_taken_kind, std::move(order));
  }
  as_is.status = ConversionStatus::cancelled;
  as_is.canceled_at = unit.now();
  return judged(unit, conversion, std::move(as_is));
}

}  // namespace jangbu::affiliate
