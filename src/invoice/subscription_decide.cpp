#include "invoice/subscription_decide.h"

#include <algorithm>

namespace jangbu::invoice {

using engine::Decision;
using engine::Unit;
using ledger::Floor;

namespace {

/// How long a customer has to give another card.
constexpr Duration card_time = Duration::days(7);

Error state_error(const char* text) { return Error(Errc::subscription_state, text); }
Error fault(const char* text) { return Error(Errc::invalid_parameters, text); }

/// The subscription as it would stand unchanged.
SubscriptionChanged unchanged(const Keyed& keyed, SubscriptionNumber number, const SubscriptionRow& row,
                              SubscriptionAction action, std::string reason) {
  SubscriptionChanged changed;
  changed.keyed = keyed;
  changed.number = number;
  changed.started_at = row.started_at;
  changed.action = action;
  changed.reason = std::move(reason);
  changed.status = row.status;
  changed.terms = row.terms;
  changed.wakes_at = row.wakes_at;
  return changed;
}

/// The bill that is ready, priced anew; on the day on which it was due. The answer tells of it.
void price_ready(SubscriptionBook& book, Unit& unit, const SubscriptionRow& row,
                 SubscriptionChanged& changed) {
  if (row.ready == 0) return;
  const BillRow ready = *book.bill(unit, row.ready);
  changed.ready = NextBill{row.ready, ready.month, ready.due_at,
                           amount_after(row.terms, changed.terms, ready.month, ready.amount)};
}

/// Whether every bill from `first` on stands between zero and the limit of an amount, as far as bills can be
/// adjusted.
Status check_bills(const Terms& terms, std::uint32_t first) {
  if (running_lines(terms, first) > max_schedule_lines)
    return Error(Errc::invalid_parameters, "the adjustments of all months would have too many lines");
  ASSIGN_OR_RETURN(const auto sums, sums_of_terms(terms, first, last_adjustable_month(terms)));
  for (const Money sum : sums) {
    if (sum.is_negative())
      return Error(Errc::invalid_parameters, "the bill of a month would fall below zero");
    if (sum > Money::from_units(max_amount))
      return Error(Errc::invalid_parameters, "the bill of a month would be above the limit of an amount");
  }
  return {};
}

}  // namespace

Decision PauseSubscription::decide_new(Unit& unit) {
  const auto row = own(unit);
  if (!row) return refuse(Errc::subscription_not_found);
  if (row->status != SubscriptionStatus::active)
    return refuse(state_error("only what is active can be paused"));
  if (row->ready == 0) return refuse(state_error("its last month is billed: it ends by itself"));
  if (request_.from && *request_.from > unit.now() + Duration::days(1))
    return refuse(fault("a pause begins now"));
  if (request_.until && *request_.until <= unit.now()) return refuse(fault("it must go on later than now"));
  auto changed = unchanged(keyed_, number_, *row, SubscriptionAction::paused, request_.reason);
  changed.status = SubscriptionStatus::paused;
  changed.wakes_at = request_.until.value_or(Instant{});
  price_ready(book_, unit, *row, changed);
  return accept(subscription_changed_kind, std::move(changed));
}

Decision ResumeSubscription::decide_new(Unit& unit) {
  const auto row = own(unit);
  if (!row) return refuse(Errc::subscription_not_found);
  if (row->status != SubscriptionStatus::paused) return refuse(state_error("only what is paused goes on"));
  if (request_.at && *request_.at > unit.now() + Duration::days(1))
    return refuse(fault("it goes on now; expected_resume_at of a pause says when it goes on by itself"));
  auto changed = unchanged(keyed_, number_, *row, SubscriptionAction::resumed, request_.reason);
  changed.status = book_.is_given_up(unit, *row) ? SubscriptionStatus::held : SubscriptionStatus::active;
  changed.wakes_at = Instant{};
  price_ready(book_, unit, *row, changed);
  if (row->ready != 0) {
    const BillRow ready = *book_.bill(unit, row->ready);
    const auto again = ready_after_pause(changed.terms, ready, row->ready, row->paused_at, unit.now());
    if (again) changed.ready = again;
  }
  return accept(subscription_changed_kind, std::move(changed));
}

Decision UpdateSubscription::decide_new(Unit& unit) {
  const auto row = own(unit);
  if (!row) return refuse(Errc::subscription_not_found);
  if (is_over(row->status)) return refuse(state_error("the subscription is over"));
  auto changed = unchanged(keyed_, number_, *row, SubscriptionAction::updated, update_.memo);
  Terms& terms = changed.terms;
  if (update_.revokes_charge_key) {
    if (terms.charge_keys_revoked != update_.charge_key) return refuse(Errc::charge_key_revoked);
    if (terms.charge_keys_revoked + 1 >= keys_of_subscription)
      return refuse(state_error("this is the last of the contract's 1,000 charge keys"));
    ++terms.charge_keys_revoked;
  }
  if (update_.name) terms.name = *update_.name;
  if (update_.user_name) terms.user.name = *update_.user_name;
  if (update_.user_phone) terms.user.phone = *update_.user_phone;
  if (update_.user_email) terms.user.email = *update_.user_email;
  if (update_.price) {
    if (!update_.price->is_positive()) return refuse(fault("price must be above zero"));
    set_price(terms, *update_.price);
  }
  if (update_.months) {
    if (*update_.months != for_ever && *update_.months < row->month)
      return refuse(fault("more months were billed than that"));
    if (row->ready == 0 || (*update_.months != for_ever && *update_.months == row->month))
      return refuse(state_error("its last month is billed: it ends by itself"));
    set_months(terms, *update_.months);
  }
  if (update_.price || update_.months) {
    if (schedule_lines(terms.products) > max_schedule_lines)
      return refuse(fault("the bills of the contract would have too many lines"));
    if (const Status fits = check_bills(terms, row->month + 1); !fits) return refuse(fits.error());
  }
  price_ready(book_, unit, *row, changed);
  if (update_.next_due_at) {
    if (!changed.ready) return refuse(state_error("there is no bill that could be moved"));
    const auto after = due_of_terms(terms, changed.ready->month + 1);
    if (*update_.next_due_at <= unit.now() || (after && *update_.next_due_at >= *after))
      return refuse(fault("the next bill is due after now and before the one that follows it"));
    changed.ready->due_at = *update_.next_due_at;
  }
  return accept(subscription_changed_kind, std::move(changed));
}

Status AdjustSubscription::apply_to(Terms& terms, Unit& unit, std::uint32_t first_open) const {
  const auto add = [&](RunningAdjustment adjustment) {
    adjustment.number = ++terms.adjustments_made;
    adjustment.made_at = unit.now();
    terms.adjustments.push_back(std::move(adjustment));
  };
  const std::uint32_t limit = last_adjustable_month(terms);
  const auto is_open = [&](std::uint32_t month) { return month >= first_open && month <= limit; };
  if (change_.kind == AdjustmentChange::Kind::remove) {
    const auto it =
        std::find_if(terms.adjustments.begin(), terms.adjustments.end(),
                     [&](const RunningAdjustment& each) { return each.number == change_.number; });
    if (it == terms.adjustments.end()) return Error(Errc::not_found, "there is no such adjustment");
    if (it->last_month != for_ever && it->last_month < first_open)
      return Error(Errc::invalid_parameters, "its months are billed already");
    if (it->first_month < first_open) {
      it->last_month = first_open - 1;  // what was billed keeps it
    } else {
      terms.adjustments.erase(it);
    }
    return {};
  }
  if (change_.kind == AdjustmentChange::Kind::replace) {
    if (!is_open(change_.month))
      return Error(Errc::invalid_parameters, "this month cannot be adjusted any more");
    std::erase_if(terms.adjustments, [&](const RunningAdjustment& each) {
      return each.first_month == change_.month && each.last_month == change_.month;
    });
  }
  for (const RunningAdjustment& each : change_.adjustments) {
    const std::uint32_t last = each.last_month == for_ever ? each.first_month : each.last_month;
    if (!is_open(each.first_month) || !is_open(last) || last < each.first_month)
      return Error(Errc::invalid_parameters, "an adjustment is for months that are not billed yet");
    if (each.last_month == for_ever) {
      add(each);
      continue;
    }
    for (std::uint32_t month = each.first_month; month <= last; ++month) {
      RunningAdjustment one = each;
      one.first_month = one.last_month = month;
      add(std::move(one));
    }
  }
  if (terms.adjustments.size() > max_running_adjustments)
    return Error(Errc::invalid_parameters, "there are too many adjustments");
  if (running_name_bytes(terms) > max_running_name_bytes)
    return Error(Errc::invalid_parameters, "the names of the adjustments are too long together");
  return {};
}

Decision AdjustSubscription::decide_new(Unit& unit) {
  const auto row = own(unit);
  if (!row) return refuse(Errc::subscription_not_found);
  if (is_over(row->status)) return refuse(state_error("the subscription is over"));
  auto changed = unchanged(keyed_, number_, *row, SubscriptionAction::adjusted, {});
  if (const Status done = apply_to(changed.terms, unit, row->month + 1); !done) return refuse(done.error());
  if (const Status fits = check_bills(changed.terms, row->month + 1); !fits) return refuse(fits.error());
  price_ready(book_, unit, *row, changed);
  return accept(subscription_changed_kind, std::move(changed));
}

// ---- the end

std::optional<Instant> asked_end(const ChangeRequested& asked) {
  if (asked.ends_at == Instant{}) return std::nullopt;
  return std::max(asked.ends_at, asked.made_at);
}

BillRow as_refunded(BillRow bill, const OrderRow& order) {
  if (bill.month == 1) bill.refunded = order.refunded;
  if (bill.refunded.is_positive() && bill.refunded == bill.amount) bill.status = BillStatus::cancelled;
  return bill;
}

namespace {

/// Until when the last month would have been used by `at`, had it begun later by the time that was paused.
Instant used_until(const SubscriptionRow& row, Instant at) {
  if (row.status == SubscriptionStatus::paused) at = std::min(at, row.paused_at);
  return at - row.rested;
}

}  // namespace

Result<Settlement> settle(const SubscriptionRow& row, const BillRow& last, Instant now,
                          const Leaving& leaving) {
  Settlement settlement;
  if (leaving.purchase) {
    settlement.fee = settlement.final = *leaving.purchase;
    return settlement;
  }
  const Instant ends_at = leaving.ends_at.value_or(now);
  if (leaving.fee) {
    settlement.fee = *leaving.fee;
  } else {
    ASSIGN_OR_RETURN(settlement.fee, termination_fee(row.terms, row.month));
  }
  const auto unused_of = [&](Money amount) -> Result<Money> {
    ASSIGN_OR_RETURN(const Instant end, end_of_paid(row.terms, row.month));
    return unused_part(amount, last.due_at, end, used_until(row, ends_at));
  };
  if (last.status == BillStatus::failed) {
    ASSIGN_OR_RETURN(const Money unused, unused_of(last.amount));
    settlement.owed = last.amount.minus(unused).value();
  }
  const Money left = last.status == BillStatus::done ? last.amount.minus(last.refunded).value() : Money();
  if (leaving.unused) {
    settlement.unused = *leaving.unused;
  } else {
    ASSIGN_OR_RETURN(settlement.unused, unused_of(left));
  }
  ASSIGN_OR_RETURN(const Money due, settlement.fee.plus(settlement.owed));
  ASSIGN_OR_RETURN(settlement.final, due.minus(settlement.unused));
  if (leaving.final) settlement.final = *leaving.final;
  if (settlement.fee.is_negative() || settlement.unused.is_negative() ||
      settlement.final.negated().value() > left)
    return Error(Errc::invalid_parameters, "more would be given back than is left of the last payment");
  return settlement;
}

namespace {

/// The end of a contract, with its final bill or refund.
Result<SubscriptionEnded> end_of(SubscriptionBook& book, Unit& unit, const Keyed& keyed,
                                 SubscriptionNumber number, const SubscriptionRow& row,
                                 const Leaving& leaving) {
  if (is_over(row.status)) return state_error("the subscription is over already");
  const BillRow last = *book.bill(unit, row.last_bill);
  if (last.status == BillStatus::charging ||
      (row.failed != 0 && book.bill(unit, row.failed)->status == BillStatus::charging))
    return Errc::payment_in_progress;
  SubscriptionEnded ended;
  ended.keyed = keyed;
  ended.number = number;
  ended.started_at = row.started_at;
  ended.reason = leaving.reason;
  ended.ends_at = std::max(leaving.ends_at.value_or(unit.now()), row.started_at);
  if (leaving.purchase) {
    ended.status = SubscriptionStatus::ended;
    ended.kind = BillKind::purchase;
  }
  ASSIGN_OR_RETURN(ended.settlement, settle(row, as_refunded(last, *book.invoices().order(unit, row.order)),
                                            unit.now(), leaving));
  const Money final = ended.settlement.final;
  if (final.is_positive()) {
    FinalBill bill;
    bill.number = unit.counters().last(engine::Counter::invoice_bill) + 1;
    bill.checkout = payment::State::next_checkout(unit);
    const payment::KeptCard* card = row.card == 0 ? nullptr : book.payments().kept_card(unit, row.card);
    if (card != nullptr && card->status == payment::KeptCardStatus::kept)
      bill.attempt = payment::State::next_attempt(unit);
    ended.bill = bill;
  } else if (final.is_negative() && last.checkout != 0) {
    const Money back = final.negated().value();
    RETURN_IF_ERROR(book.payments().may_refund(unit, last.checkout, back));
    FinalRefund refund{row.last_bill, payment::State::next_attempt(unit), back, {}};
    if (last.month == 1) {
      const OrderRow order = *book.invoices().order(unit, row.order);
      if (order.refunding != 0) return Errc::payment_in_progress;
      CancelPart cancel;
      cancel.number = unit.counters().last(engine::Counter::invoice_cancel) + 1;
      cancel.made_at = unit.now();
      cancel.order = row.order;
      cancel.purchased_at = order.purchased_at;
      cancel.amount = back;
      cancel.reason = leaving.reason;
      refund.cancel = std::move(cancel);
    }
    ledger::EntryBuilder entry(unit, book.book());
    RETURN_IF_ERROR(entry.hold(entry.account(payable_account(row.app), won, Floor::zero), back));
    ASSIGN_OR_RETURN(ended.entry, entry.build());
    ended.refund = std::move(refund);
  }
  return ended;
}

}  // namespace

Decision EndSubscription::decide_new(Unit& unit) {
  const auto row = own(unit);
  if (!row) return refuse(Errc::subscription_not_found);
  auto ended = end_of(book_, unit, keyed_, number_, *row, leaving_);
  if (!ended) return refuse(ended.error());
  ended->request = row->request;
  return accept(subscription_ended_kind, std::move(*ended));
}

// ---- requests

Decision RequestChange::decide_new(Unit& unit) {
  const auto row = own(unit);
  if (!row) return refuse(Errc::subscription_not_found);
  if (is_over(row->status)) return refuse(state_error("the subscription is over"));
  if (row->request != 0) return refuse(Errc::change_waiting);
  if (requested_.type == ChangeType::purchase && !requested_.price.is_positive())
    return refuse(fault("price must be above zero"));
  if (requested_.ends_at != Instant{} && requested_.ends_at + Duration::days(1) <= unit.now())
    return refuse(fault("a customer leaves now or later"));
  ChangeRequested requested = requested_;
  requested.request = unit.counters().last(engine::Counter::invoice_change) + 1;
  requested.started_at = row->started_at;
  requested.made_at = unit.now();
  requested.ends_at = asked_end(requested).value_or(Instant{});
  return accept(change_requested_kind, std::move(requested));
}

ChangeJudged ChangeJudged::of(const engine::Record& record) {
  const auto judged = [](const auto& change, bool granted) {
    return ChangeJudged{change.number, change.started_at, change.request, granted, change.reason};
  };
  switch (record.kind) {
    case change_rejected_kind:
      return judged(*said<ChangeRejected>(record), false);
    case subscription_ended_kind:
      return judged(*said<SubscriptionEnded>(record), true);
    default:
      return judged(*said<SubscriptionChanged>(record), true);
  }
}

Decision JudgeChange::decide_new(Unit& unit) {
  const auto row = own(unit);
  if (!row) return refuse(Errc::subscription_not_found);
  if (row->request == 0 || (request_ != 0 && row->request != request_)) return refuse(Errc::change_not_found);
  if (!approve_)
    return accept(change_rejected_kind,
                  ChangeRejected{keyed_, row->request, number_, row->started_at, leaving_.reason});
  const auto asked = said<ChangeRequested>(unit.record(book_.change(unit, row->request)->record));
  Leaving leaving = leaving_;
  if (leaving.reason.empty()) leaving.reason = asked->reason;
  if (asked->type == ChangeType::transfer) {
    auto changed = unchanged(keyed_, number_, *row, SubscriptionAction::transferred, leaving.reason);
    changed.terms.user = asked->user;
    changed.request = row->request;
    return accept(subscription_changed_kind, std::move(changed));
  }
  if (!leaving.ends_at) leaving.ends_at = asked_end(*asked);
  if (asked->type == ChangeType::purchase && !leaving.purchase) leaving.purchase = asked->price;
  if (asked->type != ChangeType::purchase) leaving.purchase = std::nullopt;
  auto ended = end_of(book_, unit, keyed_, number_, *row, leaving);
  if (!ended) return refuse(ended.error());
  if (book_.rests(row->app) && ended->settlement.final.is_positive())
    return refuse(state_error("the seller is suspended: what is still to be paid cannot be charged"));
  ended->request = row->request;
  return accept(subscription_ended_kind, std::move(*ended));
}

// ---- cards and bills

Decision AskCard::decide_new(Unit& unit) {
  const auto row = own(unit);
  if (!row) return refuse(Errc::subscription_not_found);
  if (is_over(row->status) && row->failed == 0) return refuse(state_error("the subscription is over"));
  CardAsked asked{keyed_,
                  number_,
                  row->started_at,
                  payment::State::next_checkout(unit),
                  unit.now() + card_time,
                  return_url_,
                  book_.invoices().link_base()};
  return accept(card_asked_kind, std::move(asked));
}

Decision ChargeOnDemand::decide_new(Unit& unit) {
  const auto row = own(unit);
  if (!row) return refuse(Errc::subscription_not_found);
  if (is_over(row->status)) return refuse(state_error("the subscription is over"));
  if (row->terms.charge_keys_revoked != revoked_) return refuse(Errc::charge_key_revoked);
  if (!amount_.is_positive()) return refuse(fault("price must be above zero"));
  const payment::KeptCard* card = row->card == 0 ? nullptr : book_.payments().kept_card(unit, row->card);
  if (card == nullptr || card->status != payment::KeptCardStatus::kept) return refuse(Errc::card_not_kept);
  ChargedOnDemand charged;
  charged.keyed = keyed_;
  charged.number = number_;
  charged.bill = unit.counters().last(engine::Counter::invoice_bill) + 1;
  charged.checkout = payment::State::next_checkout(unit);
  charged.attempt = payment::State::next_attempt(unit);
  charged.amount = amount_;
  charged.metadata = metadata_;
  return accept(charged_on_demand_kind, std::move(charged));
}

Decision ChangeBill::decide_new(Unit& unit) {
  const BillRow* found = book_.bill(unit, bill_);
  if (found == nullptr || found->app != keyed_.app) return refuse(Errc::bill_not_found);
  const BillRow bill = *found;
  const SubscriptionRow row = *book_.subscription(unit, bill.subscription);
  BillChanged changed{keyed_, bill_, bill.made_at, due_at_.value_or(bill.due_at),
                      amount_.value_or(bill.amount)};
  if (bill.status == BillStatus::ready) {
    const auto after = due_of_terms(row.terms, bill.month + 1);
    if (due_at_ && (*due_at_ <= unit.now() || (after && *due_at_ >= *after)))
      return refuse(fault("the bill is due after now and before the one that follows it"));
    if (changed.amount.is_negative()) return refuse(fault("a bill is never below zero"));
    return accept(bill_changed_kind, std::move(changed));
  }
  if (bill.status != BillStatus::failed || bill.kind == BillKind::on_demand) return refuse(Errc::bill_state);
  if (amount_ && *amount_ != bill.amount)
    return refuse(fault("the amount of a bill that was asked for stays"));
  changed.due_at = std::max(due_at_.value_or(unit.now()), unit.now());
  if (!by_supervisor_ && changed.due_at > std::max(last_try(bill.due_at), unit.now()))
    return refuse(fault("a customer puts a failed bill off no further than its last try"));
  return accept(bill_changed_kind, std::move(changed));
}

}  // namespace jangbu::invoice
