// What the affiliate door's records do to its tables.
#include <algorithm>

#include "affiliate/messages.h"
#include "affiliate/state_tables.h"

namespace jangbu::affiliate {

using engine::Record;
using engine::Unit;

void State::apply(Unit& unit, const Record& record) {
  switch (record.kind) {
    case merchant_kind:
      return apply_merchant(unit, record);
    case program_kind:
      return apply_program(unit, record);
    case affiliate_kind:
      return apply_affiliate(unit, record);
    case promo_kind:
      return apply_promo(unit, record);
    case exchange_rate_kind:
      return apply_exchange_rate(unit, record);
    case conversions_taken_kind:
      return apply_taken(unit, record);
    case conversions_judged_kind:
      return apply_conversions_judged(unit, record);
    default:
      INVARIANT(false, "the affiliate door has no records of kind " + std::to_string(record.kind));
  }
}

void State::apply_merchant(Unit& unit, const Record& record) {
  const auto merchant = said<MerchantSet>(record);
  if (config_->merchant(merchant->number) == nullptr)
    unit.take(engine::Counter::affiliate_merchant, merchant->number);
  edit_config().put(*merchant);
  tables_->changed_merchants.insert(merchant->number);
  if (listener_ != nullptr) listener_->merchant_set(unit, *merchant);
}

void State::apply_program(Unit& unit, const Record& record) {
  const auto program = said<ProgramSet>(record);
  if (config_->program(program->number) == nullptr)
    unit.take(engine::Counter::affiliate_program, program->number);
  edit_config().put(*program);
  tables_->changed_programs.insert(program->number);
}

void State::apply_affiliate(Unit& unit, const Record& record) {
  const auto affiliate = said<AffiliateSet>(record);
  if (config_->affiliate(affiliate->number) == nullptr)
    unit.take(engine::Counter::affiliate, affiliate->number);
  put_affiliate(*affiliate);
}

void State::put_affiliate(AffiliateSet affiliate) {
  tables_->changed_affiliates.insert(affiliate.number);
  edit_config().put(std::move(affiliate));
}

void State::apply_promo(Unit& unit, const Record& record) {
  const auto set = said<PromoSet>(record);
  if (promo(unit, set->merchant, set->event_code, set->promo_code) == nullptr)
    unit.take(engine::Counter::affiliate_promo, set->number);
  tables_->promos.put({set->merchant, set->event_code, set->promo_code}, *set);
}

void State::apply_exchange_rate(Unit&, const Record& record) {
  const auto set = said<ExchangeRateSet>(record);
  tables_->exchange_rates.put({set->currency, set->day}, set->won_per_unit);
}

// ---- conversions

void State::count(Unit& unit, const ConversionRow& row, bool adds) {
  if (row.status == ConversionStatus::cancelled) return;
  MonthTotalRow total = month_total(unit, row.affiliate, row.program, month_of(row.day));
  total.sales = (adds ? total.sales.plus(row.now.price) : total.sales.minus(row.now.price)).value();
  adds ? ++total.rows : --total.rows;
  tables_->month_totals.put({row.affiliate, row.program, month_of(row.day)}, total);
}

void State::begin_conversion(Unit& unit, ConversionNumber number, ConversionRow row) {
  unit.take(engine::Counter::affiliate_conversion, number);
  count(unit, row, true);
  tables_->conversions.put(number, row);
  if (listener_ != nullptr) listener_->conversion_begun(unit, number, row);
}

void State::change_conversion(Unit& unit, ConversionNumber number, ConversionRow row) {
  const ConversionRow* before = conversion(unit, number);
  INVARIANT(before != nullptr, "a conversion that is changed exists");
  count(unit, *before, false);
  count(unit, row, true);
  tables_->conversions.put(number, std::move(row));
}

void State::apply_judged(Unit& unit, const Record& record, const Judged& judged) {
  const ConversionRow* before = conversion(unit, judged.number);
  INVARIANT(before != nullptr, "a conversion that is judged exists");
  ConversionRow row = *before;
  row.status = judged.status;
  row.changed = record.number;
  row.confirmed_at = judged.confirmed_at.value_or(Instant());
  row.canceled_at = judged.canceled_at.value_or(Instant());
  row.now = judged.now;
  change_conversion(unit, judged.number, std::move(row));
}

void State::apply_taken(Unit& unit, const Record& record) {
  const auto taken = said<ConversionsTaken>(record);
  book_.post(unit, taken->entry);
  for (std::size_t i = 0; i < taken->rows.size(); ++i) {
    const ConversionPart& part = taken->rows[i];
    ConversionRow row;
    row.merchant = taken->merchant;
    row.affiliate = taken->affiliate;
    row.program = part.program;
    row.day = part.day;
    row.status = part.status;
    row.record = row.changed = record.number;
    row.ordinal = i;
    row.origin = part.corrects;
    row.now = part.at_first;
    row.happened_at = part.happened_at;
    row.confirmed_at = part.confirmed_at.value_or(Instant());
    row.canceled_at = part.canceled_at.value_or(Instant());
    row.order_code = taken->order_code;
    row.u_id = taken->u_id;
    begin_conversion(unit, part.number, std::move(row));
    // A receiver hears of what is left of it, where a part is cancelled already.
    const auto judged = std::find_if(taken->judged.begin(), taken->judged.end(),
                                     [&](const Judged& one) { return one.number == part.number; });
    const Amounts& now = judged == taken->judged.end() ? part.at_first : judged->now;
    if (auto event = conversion_event(*config_, *taken, part, now)) unit.emit(std::move(*event));
    if (part.corrects == 0) continue;
    ConversionRow& corrected = tables_->conversions.edit(unit.session(), part.corrects);
    corrected.corrected = corrected.corrected.minus(part.at_first.price).value();
  }
  for (const Judged& judged : taken->judged) apply_judged(unit, record, judged);
}

void State::apply_conversions_judged(Unit& unit, const Record& record) {
  const auto judged = said<ConversionsJudged>(record);
  book_.post(unit, judged->entry);
  for (const Judged& one : judged->judged) apply_judged(unit, record, one);
}

}  // namespace jangbu::affiliate
