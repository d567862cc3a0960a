// What the records of subscriptions do to their tables.
#include <utility>

#include "base/ascii.h"
#include "invoice/decide.h"
#include "invoice/messages.h"
#include "invoice/subscription_messages.h"
#include "invoice/subscription_tables.h"

namespace jangbu::invoice {

using engine::Record;
using engine::Unit;
using engine::WorkKind;

namespace {

std::string search_text(const Terms& terms, const std::string& request_id) {
  std::string text;
  for (const std::string* part :
       {&terms.name, &request_id, &terms.user.name, &terms.user.phone, &terms.user.email, &terms.user.id}) {
    if (part->empty()) continue;
    if (!text.empty()) text += '\n';
    text += *part;
  }
  return to_lower(text);
}

void end_pause(SubscriptionRow& row, Instant now) {
  row.rested.us += (now - row.paused_at).us;
  row.paused_at = Instant{};
}

}  // namespace

void SubscriptionBook::apply(Unit& unit, const Record& record) {
  switch (record.kind) {
    case bills_due_kind:
      return apply_due(unit, record);
    case bills_retried_kind:
      return apply_retried(unit, record);
    case subscriptions_woken_kind:
      return apply_woken(unit, record);
    case bills_woken_kind:
      return apply_bills_woken(unit, record);
    case subscription_changed_kind:
      return apply_changed(unit, record);
    case subscription_ended_kind:
      return apply_ended(unit, record);
    case change_requested_kind:
      return apply_requested(unit, record);
    case change_rejected_kind:
      return apply_rejected(unit, record);
    case card_asked_kind:
      return apply_card_asked(unit, record);
    case charged_on_demand_kind:
      return apply_on_demand(unit, record);
    case bill_changed_kind:
      return apply_bill_changed(unit, record);
    default:
      INVARIANT(false, "subscriptions have no records of kind " + std::to_string(record.kind));
  }
}

// ---- bills

void SubscriptionBook::put_bill(Unit& unit, BillNumber number, BillRow bill) {
  unit.take(engine::Counter::invoice_bill, number);
  tables_->bills.put(number, std::move(bill));
}

void SubscriptionBook::make_ready(Unit& unit, SubscriptionNumber number, const NextBill& next) {
  SubscriptionRow& row = edit(unit, number);
  row.ready = next.number;
  BillRow bill;
  bill.app = row.app;
  bill.subscription = number;
  bill.month = next.month;
  bill.amount = next.amount;
  bill.made_at = unit.now();
  bill.due_at = next.due_at;
  put_bill(unit, next.number, bill);
  unit.due().add(next.due_at, WorkKind::invoice_bill, next.number);
}

void SubscriptionBook::move_ready(Unit& unit, const NextBill& ready) {
  BillRow& bill = edit_bill(unit, ready.number);
  bill.amount = ready.amount;
  if (bill.due_at == ready.due_at) return;
  bill.due_at = ready.due_at;
  unit.due().add(ready.due_at, WorkKind::invoice_bill, ready.number);
}

/// Opens the page on which a bill can be paid, and begins to charge the card when there is an attempt.
void SubscriptionBook::open_bill(Unit& unit, const Record& record, BillNumber number, std::uint64_t checkout,
                                 std::uint64_t attempt) {
  BillRow& bill = edit_bill(unit, number);
  bill.checkout = checkout;
  bill.record = record.number;
  if (attempt != 0 && bill.kind == BillKind::month) edit(unit, bill.subscription).failed = number;
  const SubscriptionRow& row = *subscription(unit, bill.subscription);
  payments_.open(unit, record, checkout_of_bill(row, bill, number, checkout));
  if (attempt == 0) return;
  bill.status = BillStatus::charging;
  payments_.begin_charge(unit, record, checkout, row.card, attempt);
}

void SubscriptionBook::apply_first_paid(Unit& unit, const Record& record, const FirstPayment& payment) {
  const InvoiceCreated& created = *payment.created;
  const SubscriptionNumber number = unit.counters().last(engine::Counter::invoice_subscription) + 1;
  unit.take(engine::Counter::invoice_subscription, number);
  SubscriptionRow row;
  row.app = created.keyed.app;
  const std::uint64_t* total = tables_->totals.find(unit.session(), row.app);
  row.ordinal = total == nullptr ? 1 : *total + 1;
  tables_->totals.put(row.app, row.ordinal);
  row.invoice = payment.invoice;
  row.order = payment.order;
  if (created.checkout != 0) row.card = payments_.find(unit, created.checkout)->billing_key;
  row.started_at = row.paid_at = payment.paid_at;
  row.hook = !created.form.webhook_url.empty();
  row.terms.name = created.form.name;
  row.terms.user = created.form.user;
  row.terms.anchor = {whole_minute(payment.paid_at), created.anchor.zone};
  row.terms.products = after_first_bill(priced_products(created.items), created.anchor.first_due_at,
                                        row.terms.anchor.first_due_at);
  row.user_id = created.form.user.id;
  row.search = search_text(row.terms, created.form.request_id);
  const BillNumber first = unit.counters().last(engine::Counter::invoice_bill) + 1;
  row.last_bill = first;
  const auto next = next_bill(row.terms, 2, first + 1);
  const auto end = due_of_terms(row.terms, 2);
  tables_->subscriptions.put(number, row);

  BillRow bill;
  bill.app = row.app;
  bill.subscription = number;
  bill.month = 1;
  bill.status = BillStatus::done;
  bill.amount = created.amount;
  bill.checkout = created.checkout;
  bill.attempt = payment.attempt;
  bill.made_at = bill.paid_at = payment.paid_at;
  bill.due_at = row.terms.anchor.first_due_at;
  bill.record = record.number;
  put_bill(unit, first, bill);
  if (next) return make_ready(unit, number, *next);
  edit(unit, number).wakes_at = end ? *end : payment::never;
}

void SubscriptionBook::apply_due(Unit& unit, const Record& record) {
  const auto due = said<BillsDue>(record);
  unit.due().remove({due->due_at, WorkKind::invoice_bill, due->first, due->last});
  if (due->rest != 0) {
    for (BillNumber number = due->rest; number <= due->last; ++number)
      unit.due().add(due->due_at, WorkKind::invoice_bill, number);
  }
  for (const DueBill& each : due->bills) apply_due_bill(unit, record, each);
}

void SubscriptionBook::apply_due_bill(Unit& unit, const Record& record, const DueBill& due) {
  const SubscriptionNumber number = bill(unit, due.bill)->subscription;
  {
    SubscriptionRow& row = edit(unit, number);
    row.month = bill(unit, due.bill)->month;
    row.last_bill = due.bill;
    row.ready = 0;
    row.rested = Duration{};
  }
  if (due.next) {
    make_ready(unit, number, *due.next);
  } else {
    edit(unit, number).wakes_at = due.ends_at;
    unit.due().add(due.ends_at, WorkKind::invoice_subscription_wakes, number);
  }
  switch (due.fate) {
    case BillFate::charged:
      return open_bill(unit, record, due.bill, due.checkout, due.attempt);
    case BillFate::free: {
      BillRow& paid = edit_bill(unit, due.bill);
      paid.status = BillStatus::done;
      paid.paid_at = unit.now();
      paid.record = record.number;
      return tell(unit, record, due.bill, "PAYMENT_COMPLETED", Money());
    }
    case BillFate::no_card:
      open_bill(unit, record, due.bill, due.checkout, 0);
      return fail(unit, record, due.bill, "no_card", std::nullopt);
  }
}

void SubscriptionBook::apply_retried(Unit& unit, const Record& record) {
  const auto retried = said<BillsRetried>(record);
  unit.due().remove({retried->due_at, WorkKind::invoice_bill_retry, retried->first, retried->last});
  if (retried->rest != 0) {
    for (BillNumber number = retried->rest; number <= retried->last; ++number)
      unit.due().add(retried->due_at, WorkKind::invoice_bill_retry, number);
  }
  for (const RetriedBill& each : retried->bills) {
    BillRow& row = edit_bill(unit, each.bill);
    row.retry_at = each.attempt != 0 ? retried->due_at : each.later;
    if (each.attempt != 0) {
      row.status = BillStatus::charging;
      payments_.begin_charge(unit, record, row.checkout, subscription(unit, row.subscription)->card,
                             each.attempt);
    } else if (each.later != Instant{}) {
      unit.due().add(each.later, WorkKind::invoice_bill_retry, each.bill);
    } else {
      give_up(unit, record, each.bill);
    }
  }
}

/// `again`: when it is charged again; nothing: it is given up.
void SubscriptionBook::fail(Unit& unit, const Record& record, BillNumber number, std::string code,
                            std::optional<Instant> again) {
  if (!watched_.empty()) settled_.push_back(number);
  BillRow& row = edit_bill(unit, number);
  row.status = BillStatus::failed;
  ++row.tries;
  row.failed_at = unit.now();
  row.code = std::move(code);
  row.retry_at = again.value_or(Instant{});
  const Money amount = row.amount;
  if (again) unit.due().add(row.retry_at, WorkKind::invoice_bill_retry, number);
  SubscriptionRow& of = edit(unit, row.subscription);
  of.failed_at = unit.now();
  if (row.kind != BillKind::on_demand) of.failed = number;
  tell(unit, record, number, "PAYMENT_REQUEST_FAILED", amount);
  if (!again) give_up(unit, record, number);
}

/// Nobody charges this bill any more by itself. One of a month holds its contract, until somebody pays it.
void SubscriptionBook::give_up(Unit& unit, const Record& record, BillNumber number) {
  const BillRow& row = *bill(unit, number);
  if (row.kind == BillKind::on_demand) {
    if (payments_.may_cancel(unit, row.checkout)) payments_.cancel(unit, record, row.checkout);
    return;
  }
  SubscriptionRow& of = edit(unit, row.subscription);
  if (of.status == SubscriptionStatus::active && row.kind == BillKind::month)
    of.status = SubscriptionStatus::held;
  if (is_over(of.status)) let_card_go(unit, record, row.subscription);
}

void SubscriptionBook::go_on(Unit& unit, SubscriptionNumber number) {
  SubscriptionRow& row = edit(unit, number);
  row.status = SubscriptionStatus::active;
  if (row.ready != 0) {
    if (const auto ready = ready_again(row.terms, *bill(unit, row.ready), row.ready, unit.now()))
      move_ready(unit, *ready);
  } else if (row.wakes_at <= unit.now()) {
    row.wakes_at = unit.now();
    unit.due().add(row.wakes_at, WorkKind::invoice_subscription_wakes, number);
  }
}

void SubscriptionBook::after_settled(Unit& unit, SubscriptionNumber number) {
  const SubscriptionRow& row = *subscription(unit, number);
  if (row.failed != 0) return;
  if (row.status == SubscriptionStatus::held) return go_on(unit, number);
  if (row.status != SubscriptionStatus::active) return;
  if (row.ready != 0) {
    if (const Instant due_at = bill(unit, row.ready)->due_at; due_at <= unit.now())
      unit.due().add(due_at, WorkKind::invoice_bill, row.ready);
  } else if (row.wakes_at != Instant{} && row.wakes_at <= unit.now()) {
    unit.due().add(row.wakes_at, WorkKind::invoice_subscription_wakes, number);
  }
}

void SubscriptionBook::let_card_go(Unit& unit, const Record& record, SubscriptionNumber number) {
  SubscriptionRow& row = edit(unit, number);
  if (row.card != 0) payments_.forget_card(unit, record, row.card);
}

void SubscriptionBook::apply_resumed(Unit& unit, AppId app) {
  unit.due().add(unit.now(), engine::WorkKind::invoice_seller_wakes, app);
}

void SubscriptionBook::apply_bills_woken(Unit& unit, const Record& record) {
  const auto woken = said<BillsWoken>(record);
  unit.due().remove({woken->due_at, woken->work, woken->first, woken->last});
  if (woken->rest != 0) {
    for (AppId app = woken->rest; app <= woken->last; ++app)
      unit.due().add(woken->due_at, engine::WorkKind::invoice_seller_wakes, app);
  }
  if (!woken->places.empty()) unit.due().add(woken->due_at, WorkKind::invoice_seller_wakes_on, record.number);
  for (const BillNumber number : woken->bills) {
    const BillRow& row = *bill(unit, number);
    if (row.status == BillStatus::ready) {
      unit.due().add(row.due_at, WorkKind::invoice_bill, number);
    } else {
      unit.due().add(row.retry_at, WorkKind::invoice_bill_retry, number);
    }
  }
}

// ---- contracts

void SubscriptionBook::apply_woken(Unit& unit, const Record& record) {
  const auto woken = said<SubscriptionsWoken>(record);
  unit.due().remove({woken->due_at, WorkKind::invoice_subscription_wakes, woken->first, woken->last});
  if (woken->rest != 0) {
    for (SubscriptionNumber number = woken->rest; number <= woken->last; ++number)
      unit.due().add(woken->due_at, WorkKind::invoice_subscription_wakes, number);
  }
  for (const WokenSubscription& each : woken->subscriptions) {
    SubscriptionRow& row = edit(unit, each.number);
    row.wakes_at = Instant{};
    if (each.ends) {
      row.status = SubscriptionStatus::ended;
      row.ended_at = unit.now();
      let_card_go(unit, record, each.number);
      continue;
    }
    end_pause(row, unit.now());
    row.status = is_given_up(unit, row) ? SubscriptionStatus::held : SubscriptionStatus::active;
    if (each.ready) {
      row.terms.rests = each.rests;
      move_ready(unit, *each.ready);
    }
    after_settled(unit, each.number);
  }
}

void SubscriptionBook::close_request(Unit& unit, SubscriptionNumber number, ChangeNumber request,
                                     ChangeStatus status) {
  if (request == 0) return;
  ChangeRow& change = tables_->changes.edit(unit.session(), request);
  change.status = status;
  change.closed_at = unit.now();
  SubscriptionRow& row = edit(unit, number);
  if (row.request == request) row.request = 0;
}

void SubscriptionBook::apply_changed(Unit& unit, const Record& record) {
  const auto changed = said<SubscriptionChanged>(record);
  SubscriptionRow& row = edit(unit, changed->number);
  row.status = changed->status;
  row.terms = changed->terms;
  row.wakes_at = changed->wakes_at;
  if (changed->action == SubscriptionAction::paused) row.paused_at = unit.now();
  if (changed->action == SubscriptionAction::resumed) end_pause(row, unit.now());
  row.user_id = changed->terms.user.id;
  const auto made = said<InvoiceCreated>(unit.record(invoices_.invoice(unit, row.invoice)->record));
  row.search = search_text(changed->terms, made->form.request_id);
  const bool wakes = changed->action == SubscriptionAction::paused && row.wakes_at != Instant{};
  if (wakes) unit.due().add(row.wakes_at, WorkKind::invoice_subscription_wakes, changed->number);
  if (changed->ready) move_ready(unit, *changed->ready);
  if (changed->action == SubscriptionAction::transferred) {
    let_card_go(unit, record, changed->number);  // it is the old owner's
    SubscriptionRow& handed = edit(unit, changed->number);
    handed.card = 0;
    handed.card_pages_from = payment::State::next_checkout(unit);
  }
  close_request(unit, changed->number, changed->request, ChangeStatus::approved);
}

void SubscriptionBook::apply_ended(Unit& unit, const Record& record) {
  const auto ended = said<SubscriptionEnded>(record);
  {
    SubscriptionRow& row = edit(unit, ended->number);
    row.status = ended->status;
    row.ended_at = ended->ends_at;
    row.wakes_at = Instant{};
    for (const BillNumber open : {std::exchange(row.ready, 0), std::exchange(row.failed, 0)}) {
      if (open == 0) continue;
      BillRow& bill = edit_bill(unit, open);
      bill.status = BillStatus::terminated;
      bill.retry_at = Instant{};
      if (bill.checkout != 0 && payments_.may_cancel(unit, bill.checkout))
        payments_.cancel(unit, record, bill.checkout);
    }
  }
  book_.post(unit, ended->entry);
  if (ended->refund) {
    const FinalRefund& refund = *ended->refund;
    if (refund.cancel) {
      invoices_.begin_refund(unit, record, order_refund_of(*ended, *subscription(unit, ended->number)));
    } else {
      payments_.begin_refund(unit, record, bill(unit, refund.bill)->checkout, refund.amount, refund.attempt);
    }
  }
  const SubscriptionRow& row = *subscription(unit, ended->number);
  if (ended->bill) {
    BillRow last;
    last.app = row.app;
    last.subscription = ended->number;
    last.kind = ended->kind;
    last.status = BillStatus::failed;  // until its charge begins, which it does not without a card
    last.amount = ended->settlement.final;
    last.made_at = last.due_at = unit.now();
    put_bill(unit, ended->bill->number, last);
    open_bill(unit, record, ended->bill->number, ended->bill->checkout, ended->bill->attempt);
    if (ended->bill->attempt == 0) edit(unit, ended->number).failed = ended->bill->number;
  } else {
    let_card_go(unit, record, ended->number);
  }
  close_request(unit, ended->number, ended->request, ChangeStatus::approved);
}

void SubscriptionBook::apply_requested(Unit& unit, const Record& record) {
  const auto requested = said<ChangeRequested>(record);
  unit.take(engine::Counter::invoice_change, requested->request);
  ChangeRow change;
  SubscriptionRow& row = edit(unit, requested->number);
  change.app = row.app;
  change.subscription = requested->number;
  change.type = requested->type;
  change.record = record.number;
  change.made_at = unit.now();
  row.request = requested->request;
  tables_->changes.put(requested->request, change);
}

void SubscriptionBook::apply_rejected(Unit& unit, const Record& record) {
  const auto rejected = said<ChangeRejected>(record);
  close_request(unit, rejected->number, rejected->request, ChangeStatus::rejected);
}

void SubscriptionBook::apply_card_asked(Unit& unit, const Record& record) {
  const auto asked = said<CardAsked>(record);
  const SubscriptionRow& row = *subscription(unit, asked->number);
  payment::Checkout checkout;
  checkout.number = asked->checkout;
  checkout.door = payment::Door::subscription;
  checkout.purpose = payment::Purpose::keep;
  checkout.document = asked->number;
  checkout.reference = object_id(IdKind::subscription, row.started_at, asked->number);
  checkout.currency = won;
  checkout.name = row.terms.name;
  checkout.buyer = {row.terms.user.name, row.terms.user.email, row.terms.user.phone};
  checkout.return_url = asked->return_url;
  checkout.expires_at = asked->expires_at;
  payments_.open(unit, record, std::move(checkout));
}

void SubscriptionBook::apply_on_demand(Unit& unit, const Record& record) {
  const auto charged = said<ChargedOnDemand>(record);
  BillRow bill;
  bill.app = subscription(unit, charged->number)->app;
  bill.subscription = charged->number;
  bill.kind = BillKind::on_demand;
  bill.amount = charged->amount;
  bill.made_at = bill.due_at = unit.now();
  put_bill(unit, charged->bill, bill);
  open_bill(unit, record, charged->bill, charged->checkout, charged->attempt);
}

void SubscriptionBook::apply_bill_changed(Unit& unit, const Record& record) {
  const auto changed = said<BillChanged>(record);
  BillRow& row = edit_bill(unit, changed->bill);
  if (row.status == BillStatus::ready)
    return move_ready(unit, {changed->bill, row.month, changed->due_at, changed->amount});
  row.retry_at = changed->due_at;
  unit.due().add(row.retry_at, WorkKind::invoice_bill_retry, changed->bill);
}

void SubscriptionBook::tell(Unit& unit, const Record& record, BillNumber number,
                            std::string_view webhook_type, Money price) {
  BillEvent event;
  event.bill = *bill(unit, number);
  event.number = number;
  event.subscription = *subscription(unit, event.bill.subscription);
  if (!event.subscription.hook) return;
  event.invoice = *invoices_.invoice(unit, event.subscription.invoice);
  event.order = *invoices_.order(unit, event.subscription.order);
  event.created = said<InvoiceCreated>(unit.record(event.invoice.record));
  if (event.bill.attempt != 0) event.method = method_of(*payments_.attempt(unit, event.bill.attempt));
  event.record = record.number;
  event.webhook_type = webhook_type;
  event.price = price;
  unit.emit(bill_event(event));
}

}  // namespace jangbu::invoice
