#include "invoice/subscription_due.h"

#include <algorithm>

#include "door/due_run.h"
#include "invoice/decide.h"

namespace jangbu::invoice {

using engine::Decision;
using engine::Unit;

namespace {

/// How long a bill waits that somebody is paying just now.
constexpr Duration busy_pause = Duration::seconds(3600);

}  // namespace

Decision MakeBillsDue::decide(Unit& unit) {
  BillsDue due{row_.due_at, row_.first, row_.last, 0, {}};
  std::uint64_t checkout = payment::State::next_checkout(unit);
  std::uint64_t attempt = payment::State::next_attempt(unit);
  BillNumber next = unit.counters().last(engine::Counter::invoice_bill) + 1;
  due.rest = door::look_at(row_, bills_of_a_record, looked_at_by_a_record, [&](BillNumber number) {
    const BillRow* found = book_.bill(unit, number);
    INVARIANT(found != nullptr, "bills are numbered without gaps");
    if (found->status != BillStatus::ready || found->due_at != row_.due_at) return false;
    const BillRow bill = *found;
    if (book_.rests(bill.app)) return false;
    const SubscriptionRow& subscription = *book_.subscription(unit, bill.subscription);
    if (subscription.status != SubscriptionStatus::active || subscription.ready != number) return false;
    if (subscription.failed != 0) return false;  // it comes when that is settled
    DueBill item;
    item.bill = number;
    item.next = next_bill(subscription.terms, bill.month + 1, next);
    if (item.next) {
      ++next;
    } else {
      const auto end = due_of_terms(subscription.terms, bill.month + 1);
      item.ends_at = end ? *end : payment::never;
    }
    const payment::KeptCard* card =
        subscription.card == 0 ? nullptr : book_.payments().kept_card(unit, subscription.card);
    if (bill.amount.is_zero()) {
      item.fate = BillFate::free;
    } else {
      item.checkout = checkout++;
      const bool has_card = card != nullptr && card->status == payment::KeptCardStatus::kept;
      item.fate = has_card ? BillFate::charged : BillFate::no_card;
      if (has_card) item.attempt = attempt++;
    }
    due.bills.push_back(std::move(item));
    return true;
  });
  return accept(bills_due_kind, std::move(due));
}

Decision RetryBills::decide(Unit& unit) {
  BillsRetried retried{row_.due_at, row_.first, row_.last, 0, {}};
  std::uint64_t attempt = payment::State::next_attempt(unit);
  retried.rest = door::look_at(row_, bills_of_a_record, looked_at_by_a_record, [&](BillNumber number) {
    const BillRow* found = book_.bill(unit, number);
    INVARIANT(found != nullptr, "bills are numbered without gaps");
    if (found->status != BillStatus::failed || found->retry_at != row_.due_at) return false;
    const BillRow bill = *found;
    if (book_.rests(bill.app)) return false;
    RetriedBill item;
    item.bill = number;
    const Status may =
        book_.payments().may_charge(unit, bill.checkout, book_.subscription(unit, bill.subscription)->card);
    if (may) {
      item.attempt = attempt++;
    } else if (may.error().code == Errc::payment_in_progress) {
      item.later = unit.now() + busy_pause;
    }
    retried.bills.push_back(item);
    return true;
  });
  return accept(bills_retried_kind, std::move(retried));
}

Decision WakeBills::decide(Unit& unit) {
  BillsWoken woken{row_.due_at, row_.kind, row_.first, row_.last, 0, {}, {}};
  std::size_t looks = looked_at_by_a_record;
  const auto look = [&](const OverduePlace& from) {
    if (book_.rests(from.app)) return;
    const auto left = book_.look_for_overdue(unit, from, row_.due_at, bills_of_a_record, looks, woken.bills);
    if (left) woken.places.push_back(*left);
  };
  if (row_.kind == engine::WorkKind::invoice_seller_wakes) {
    woken.rest = door::look_at(row_, 1, looked_at_by_a_record, [&](AppId app) {
      look(OverduePlace{app, BillStatus::ready, {}, 0});
      return !woken.places.empty();
    });
  } else {
    // A run of records is of one batch; others may lie between them.
    unit.each_record(row_.first, row_.last, [&](const engine::Record& record) {
      if (record.kind != bills_woken_kind) return;
      const auto before = said<BillsWoken>(record);
      if (before->due_at == row_.due_at) std::ranges::for_each(before->places, look);
    });
  }
  return accept(bills_woken_kind, std::move(woken));
}

Decision WakeSubscriptions::decide(Unit& unit) {
  SubscriptionsWoken woken{row_.due_at, row_.first, row_.last, 0, {}};
  woken.rest = door::look_at(row_, bills_of_a_record, looked_at_by_a_record, [&](SubscriptionNumber number) {
    const SubscriptionRow* found = book_.subscription(unit, number);
    INVARIANT(found != nullptr, "subscriptions are numbered without gaps");
    if (found->wakes_at != row_.due_at) return false;
    const bool ends = found->status == SubscriptionStatus::active && found->ready == 0;
    if (!ends && found->status != SubscriptionStatus::paused) return false;
    if (ends && found->failed != 0) return false;  // it ends when that is settled
    WokenSubscription item;
    item.number = number;
    item.ends = ends;
    if (!ends && found->ready != 0) {
      Terms terms = found->terms;
      const Instant since = found->paused_at;
      const BillNumber ready = found->ready;
      item.ready = ready_after_pause(terms, *book_.bill(unit, ready), ready, since, unit.now());
      if (item.ready) item.rests = terms.rests;
    }
    woken.subscriptions.push_back(std::move(item));
    return true;
  });
  return accept(subscriptions_woken_kind, std::move(woken));
}

}  // namespace jangbu::invoice
