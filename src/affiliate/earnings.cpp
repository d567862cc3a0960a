#include "affiliate/earnings.h"

#include <algorithm>

#include "affiliate/rates.h"
#include "affiliate/settlement_calendar.h"

namespace jangbu::affiliate {
Result<ledger::Entry> earned_entry(engine::Unit& unit, ledger::Book& book, std::string_view merchant_id,
                                   AffiliateNumber affiliate, Money commission, Money fee) {
  return earned_entry(unit, book, merchant_id, std::map<AffiliateNumber, Money>{{affiliate, commission}},
                      fee);
}

Result<ledger::Entry> earned_entry(engine::Unit& unit, ledger::Book& book, std::string_view merchant_id,
                                   const std::map<AffiliateNumber, Money>& commissions, Money fee) {
  ledger::EntryBuilder entry(unit, book);
  const auto post = [&](std::string_view account, Money amount) -> Status {
    if (amount.is_zero()) return {};
    return entry.post(entry.account(account, won, ledger::Floor::none), amount);
  };
  Money all = fee;
  for (const auto& [affiliate, commission] : commissions) {
    ASSIGN_OR_RETURN(all, all.plus(commission));
  }
  ASSIGN_OR_RETURN(const Money cost, all.negated());
  RETURN_IF_ERROR(post(adcost_account(merchant_id), cost));
  for (const auto& [affiliate, commission] : commissions)
    RETURN_IF_ERROR(post(pending_account(affiliate), commission));
  RETURN_IF_ERROR(post(fee_account, fee));
  return entry.build();
}

Day counting_day(Instant happened_at, Instant now) {
  const Day happened = day_of(happened_at);
  const Day today = day_of(now);
  return today >= in_month_after(month_of(happened) * 100 + settlement_begins_on, 1) ? today : happened;
}

Result<Amounts> left_after_cancel(const ConversionPart& part, const Amounts& whole, const ProductForm& form,
                                  Money worth) {
  const std::uint64_t gone = std::min(form.canceled_quantity.value_or(whole.quantity), whole.quantity);
  const bool is_part = form.canceled_price || (form.canceled_quantity && gone < whole.quantity);
  if (!is_part) return Amounts();
  const std::uint64_t quantity = form.canceled_quantity ? whole.quantity - gone : whole.quantity;
  Money price;
  if (form.canceled_price) {
    ASSIGN_OR_RETURN(const Money canceled, in_won(*form.canceled_price, worth));
    ASSIGN_OR_RETURN(price,
                     whole.price.minus(canceled.is_negative() ? canceled.negated().value() : canceled));
  } else {
    ASSIGN_OR_RETURN(price, whole.price.times_ratio(Money::from_units(static_cast<int128>(quantity)),
                                                    Money::from_units(static_cast<int128>(whole.quantity)),
                                                    Rounding::down));
  }
  const bool no_items_are_left = quantity == 0 && whole.quantity != 0;
  if (no_items_are_left || !price.is_positive()) return Amounts();
  return amounts_of({part.base, part.incentive, part.fee}, price, quantity);
}

Result<Amounts> taken_back_by(const ConversionPart& part, const Amounts& now, const Amounts& gone,
                              Money price, std::uint64_t quantity) {
  const std::uint64_t items = now.quantity - std::min(now.quantity, gone.quantity);
  ASSIGN_OR_RETURN(const Money cancelled, gone.price.minus(price));
  Amounts all = now;
  Amounts back;
  back.price = price;
  back.quantity = items;
  if (cancelled < now.price) {
    back.quantity = std::min(quantity, items);
    ASSIGN_OR_RETURN(all, amounts_of({part.base, part.incentive, part.fee}, cancelled,
                                     now.quantity - items + back.quantity));
  }
  // Nothing is given: what went before in another way may have been more.
  const auto rest = [](Money before, Money together) {
    return std::min(Money(), before.minus(together).value());
  };
  back.base = rest(gone.base, all.base);
  back.incentive = rest(gone.incentive, all.incentive);
  back.fee = rest(gone.fee, all.fee);
  return back;
}

std::optional<Judged> judge(const Conversion& conversion, const ProductForm& form,
                            std::optional<Money> worth) {
  const ConversionRow& row = conversion.row;
  if (row.status != ConversionStatus::normal && row.status != ConversionStatus::settling) return std::nullopt;
  Judged judged{conversion.number, row.status, {}, {}, row.now};
  if (row.confirmed_at != Instant()) judged.confirmed_at = row.confirmed_at;
  if (row.canceled_at != Instant()) judged.canceled_at = row.canceled_at;
  bool changes = false;
  if (form.confirmed_at && !judged.confirmed_at) {
    judged.confirmed_at = form.confirmed_at;
    changes = true;
  }
  // What was corrected is taken back by rows of its own.
  if (form.canceled_at && row.corrected.is_zero()) {
    const auto left =
        left_after_cancel(conversion.part(), conversion.part().at_first, form, worth.value_or(Money()));
    if (!left || (!worth && !left->price.is_zero())) return changes ? std::optional(judged) : std::nullopt;
    const bool is_less = left->price < row.now.price || left->quantity < row.now.quantity;
    if (left->price.is_zero()) {
      judged.status = ConversionStatus::cancel_requested;
      judged.canceled_at = form.canceled_at;
      changes = true;
    } else if (is_less && left->price <= row.now.price && left->quantity <= row.now.quantity) {
      judged.now = *left;
      judged.canceled_at = form.canceled_at;
      changes = true;
    }
  }
  return changes ? std::optional(judged) : std::nullopt;
}

}  // namespace jangbu::affiliate
