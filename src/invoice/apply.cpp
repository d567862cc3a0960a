// What the invoice door's records do to its tables, and how its invoices hear of their checkouts.
#include <utility>

#include "base/ascii.h"
#include "invoice/decide.h"
#include "invoice/messages.h"
#include "invoice/state_tables.h"
#include "ledger/days.h"

namespace jangbu::invoice {

using engine::Record;
using engine::Unit;
using ledger::Floor;

namespace {

/// What of an invoice a keyword is looked for in.
std::string search_text(const NewInvoice& form) {
  std::string text;
  for (const std::string* part : {&form.name, &form.title, &form.request_id, &form.user.name,
                                  &form.user.phone, &form.user.email, &form.user.id}) {
    if (part->empty()) continue;
    if (!text.empty()) text += '\n';
    text += *part;
  }
  return to_lower(text);
}

/// What the record of a payment says to apply_paid(): the number of the order that it makes.
Bytes note_of(OrderNumber order) {
  Bytes note;
  ByteWriter(note).varint(order);
  return note;
}
OrderNumber order_of(ByteView note) {
  ByteReader in(note);
  const OrderNumber order = in.varint();
  INVARIANT(in.finish().ok(), "a payment of an invoice names its order");
  return order;
}

}  // namespace

void State::apply(Unit& unit, const Record& record) {
  switch (record.kind) {
    case app_kind:
      return apply_app(unit, record);
    case app_resumed_kind:
      apply_app(unit, record);
      if (subscriptions_ != nullptr) subscriptions_->apply_resumed(unit, said<AppSet>(record)->id);
      return;
    case seller_kind:
      tables_->sellers.put(said<SellerSet>(record)->app, record.number);
      return;
    case product_kind:
      return apply_product(unit, record);
    case invoice_created_kind:
      return apply_created(unit, record);
    case invoice_cancelled_kind:
      return apply_cancelled(unit, record);
    case invoice_notified_kind:
      return apply_notified(unit, record);
    case webhook_tried_kind:
      unit.emit(trial_event(*said<WebhookTried>(record), record.number));
      return;
    case cancel_requested_kind:
      return apply_cancel_requested(unit, record);
    case cancel_closed_kind:
      return apply_cancel_closed(unit, record);
    case refund_started_kind:
      return apply_refund_started(unit, record);
    default:
      INVARIANT(false, "the invoice door has no records of kind " + std::to_string(record.kind));
  }
}

// ---- apps and products

void State::apply_app(Unit& unit, const Record& record) {
  const auto app = said<AppSet>(record);
  if (apps().find(app->id) == nullptr) unit.take(engine::Counter::invoice_app, app->id);
  tables_->apps.put(*app);
}

void State::apply_product(Unit& unit, const Record& record) {
  const auto set = said<ProductSet>(record);
  const AppId app = set->keyed.app;
  if (const ProductRow* before = product(unit, set->number)) {
    const auto was = said<ProductSet>(unit.record(before->record));
    if (!was->product.seller_id.empty()) tables_->product_ids.erase({app, was->product.seller_id});
  } else {
    unit.take(engine::Counter::invoice_product, set->number);
  }
  tables_->products.put(set->number, ProductRow{app, record.number, set->deleted, set->created_at});
  if (!set->deleted && !set->product.seller_id.empty())
    tables_->product_ids.put({app, set->product.seller_id}, set->number);
}

// ---- invoices

void State::apply_created(Unit& unit, const Record& record) {
  const auto created = said<InvoiceCreated>(record);
  unit.take(engine::Counter::invoice, created->number);
  const AppId app = created->keyed.app;
  if (created->replaces != 0) {
    payments_.cancel(unit, record, invoice(unit, created->replaces)->checkout);
    tables_->invoices.edit(unit.session(), created->replaces).status = InvoiceStatus::cancelled;
  }
  InvoiceRow row;
  row.app = app;
  const std::uint64_t* total = tables_->totals.find(unit.session(), app);
  row.ordinal = total == nullptr ? 1 : *total + 1;
  tables_->totals.put(app, row.ordinal);
  row.checkout = created->checkout;
  row.record = record.number;
  row.created_at = unit.now();
  row.product_type = product_type_of(*created);
  row.hook = !created->form.webhook_url.empty();
  row.user_id = created->form.user.id;
  row.search = search_text(created->form);
  tables_->invoices.put(created->number, row);
  if (created->checkout != 0) {
    payments_.open(unit, record, checkout_of(*created, unit.now()));
  } else {
    put_order(unit, record, created->number, created->order, 0, Money());
  }
  send_notices(unit, *created, created->notices);
}

void State::apply_cancelled(Unit& unit, const Record& record) {
  const auto cancelled = said<InvoiceCancelled>(record);
  payments_.cancel(unit, record, invoice(unit, cancelled->invoice)->checkout);
  tables_->invoices.edit(unit.session(), cancelled->invoice).status = InvoiceStatus::cancelled;
}

void State::apply_notified(Unit& unit, const Record& record) {
  const auto notified = said<InvoiceNotified>(record);
  const auto created = said<InvoiceCreated>(unit.record(invoice(unit, notified->invoice)->record));
  send_notices(unit, *created, notified->notices);
  const ledger::DayNumber today = ledger::day_of(record.recorded_at);
  for (const Notice& notice : notified->notices) {
    if (notice.state != NoticeState::queued) continue;
    const NoticeCountRow* row = tables_->notices.find(unit.session(), {notified->invoice, notice.type});
    const std::uint64_t before = row != nullptr && row->day == today ? row->times : 0;
    tables_->notices.put({notified->invoice, notice.type}, {today, before + 1});
  }
}

void State::send_notices(Unit& unit, const InvoiceCreated& created, const std::vector<Notice>& notices) {
  for (const Notice& notice : notices) {
    if (notice.state != NoticeState::queued) continue;
    unit.emit(notice_event(apps().by_id.at(created.keyed.app), created, notice.type));
  }
}

void State::put_order(Unit& unit, const Record& record, InvoiceNumber number, OrderNumber order_number,
                      std::uint64_t attempt, Money amount) {
  unit.take(engine::Counter::invoice_order, order_number);
  InvoiceRow& row = tables_->invoices.edit(unit.session(), number);
  row.status = InvoiceStatus::paid;
  row.paid_at = unit.now();
  row.order = order_number;
  OrderRow order;
  order.app = row.app;
  order.invoice = number;
  order.attempt = attempt;
  order.amount = amount;
  order.purchased_at = unit.now();
  order.record = record.number;
  tables_->orders.put(order_number, order);
  const auto created = said<InvoiceCreated>(unit.record(row.record));
  tell(unit, record, number, "PAYMENT_COMPLETED", amount);
  if (created->receipt) unit.emit(receipt_mail(apps().by_id.at(order.app), *created, order_number, order));
  if (subscriptions_ != nullptr && is_subscription(priced_products(created->items)))
    subscriptions_->apply_first_paid(unit, record,
                                     FirstPayment{number, order_number, attempt, unit.now(), created});
}

// ---- orders

void State::put_cancel(Unit& unit, const Record& record, const CancelPart& part) {
  unit.take(engine::Counter::invoice_cancel, part.number);
  CancelRow row;
  row.app = order(unit, part.order)->app;
  row.order = part.order;
  row.amount = part.amount;
  row.record = record.number;
  row.made_at = part.made_at;
  tables_->cancels.put(part.number, row);
}

void State::apply_cancel_requested(Unit& unit, const Record& record) {
  put_cancel(unit, record, said<CancelRequested>(record)->cancel);
}

void State::apply_cancel_closed(Unit& unit, const Record& record) {
  const auto closed = said<CancelClosed>(record);
  CancelRow& row = tables_->cancels.edit(unit.session(), closed->cancel.number);
  row.status = closed->status;
  row.closed_at = unit.now();
}

void State::apply_refund_started(Unit& unit, const Record& record) {
  const auto refund = said<RefundStarted>(record);
  book_.post(unit, refund->entry);
  begin_refund(unit, record, *refund);
}

void State::begin_refund(Unit& unit, const Record& record, const RefundStarted& refund) {
  if (refund.made) put_cancel(unit, record, refund.cancel);
  CancelRow& cancel = tables_->cancels.edit(unit.session(), refund.cancel.number);
  cancel.status = CancelStatus::refunding;
  cancel.amount = refund.cancel.amount;
  cancel.record = record.number;
  cancel.attempt = refund.attempt;
  cancel.closed_at = Instant{};
  tables_->orders.edit(unit.session(), refund.cancel.order).refunding = refund.cancel.number;
  InvoiceRow& row = tables_->invoices.edit(unit.session(), refund.invoice);
  row.status = InvoiceStatus::refunding;
  payments_.begin_refund(unit, record, row.checkout, *refund.cancel.amount, refund.attempt);
}

// ---- what payment asks and tells

namespace {

Status may_be_paid(InvoiceStatus status) {
  switch (status) {
    case InvoiceStatus::ready:
      return {};
    case InvoiceStatus::cancelled:
      return Errc::invoice_cancelled;
    case InvoiceStatus::expired:
      return Errc::invoice_expired;
    default:
      return Errc::already_paid;
  }
}

}  // namespace

Status State::may_pay(Unit& unit, const payment::Checkout& checkout) {
  const InvoiceRow& row = *invoice(unit, checkout.document);
  RETURN_IF_ERROR(may_be_paid(row.status));
  // It could not give the money back.
  const AppSet* app = apps().find(row.app);
  INVARIANT(app != nullptr, "an invoice is of an app");
  if (app->suspended) return Error(Errc::checkout_closed, "the seller takes no payments at present");
  return {};
}

/// What was charged before the seller was suspended counts.
Result<Bytes> State::decide_paid(Unit& unit, const payment::Checkout& checkout, ledger::EntryBuilder& entry) {
  RETURN_IF_ERROR(may_be_paid(invoice(unit, checkout.document)->status));
  const AppId app = invoice(unit, checkout.document)->app;
  RETURN_IF_ERROR(entry.post(entry.account(payable_account(app), won, Floor::zero), checkout.amount));
  return note_of(unit.counters().last(engine::Counter::invoice_order) + 1);
}

void State::apply_paid(Unit& unit, const Record& record, const payment::Checkout& checkout, ByteView note) {
  put_order(unit, record, checkout.document, order_of(note), checkout.charge, checkout.amount);
}

Bytes State::decide_refunded(Unit& unit, const payment::Checkout& checkout, const payment::Attempt& refund,
                             ledger::EntryBuilder& entry) {
  const auto payable =
      entry.account(payable_account(invoice(unit, checkout.document)->app), won, Floor::zero);
  Status moved = entry.hold(payable, refund.amount.negated().value());
  if (moved) moved = entry.post(payable, refund.amount.negated().value());
  INVARIANT(moved.ok(), "what was set aside for a refund can be given back");
  return {};
}

void State::close_refund(Unit& unit, const payment::Checkout& checkout, CancelStatus status) {
  InvoiceRow& row = tables_->invoices.edit(unit.session(), checkout.document);
  const bool whole = checkout.status == payment::CheckoutStatus::refunded;
  row.status = whole ? InvoiceStatus::refunded : InvoiceStatus::paid;
  OrderRow& order = tables_->orders.edit(unit.session(), row.order);
  order.refunded = checkout.refunded;
  CancelRow& cancel = tables_->cancels.edit(unit.session(), std::exchange(order.refunding, 0));
  cancel.status = status;
  cancel.closed_at = unit.now();
}

void State::apply_refunded(Unit& unit, const Record& record, const payment::Checkout& checkout,
                           const payment::Attempt& refund, ByteView) {
  close_refund(unit, checkout, CancelStatus::done);
  const bool whole = checkout.status == payment::CheckoutStatus::refunded;
  tell(unit, record, checkout.document, whole ? "PAYMENT_CANCELLED" : "PAYMENT_PARTIAL_CANCELLED",
       refund.amount);
}

Bytes State::decide_refund_failed(Unit& unit, const payment::Checkout& checkout,
                                  const payment::Attempt& refund, ledger::EntryBuilder& entry) {
  const auto payable =
      entry.account(payable_account(invoice(unit, checkout.document)->app), won, Floor::zero);
  const Status moved = entry.hold(payable, refund.amount.negated().value());
  INVARIANT(moved.ok(), "what was set aside for a refund can be given free");
  return {};
}

void State::apply_refund_failed(Unit& unit, const Record&, const payment::Checkout& checkout,
                                const payment::Attempt&, ByteView) {
  close_refund(unit, checkout, CancelStatus::failed);
}

void State::apply_declined(Unit& unit, const Record& record, const payment::Checkout& checkout,
                           const payment::Attempt& charge) {
  tell(unit, record, checkout.document, "PAYMENT_REQUEST_FAILED", charge.amount);
}

/// The first month costs nothing, and the card for the later ones is kept.
void State::apply_card_kept(Unit& unit, const Record& record, const payment::Checkout& checkout,
                            const payment::KeptCard&) {
  put_order(unit, record, checkout.document, unit.counters().last(engine::Counter::invoice_order) + 1, 0,
            Money());
}

void State::apply_expired(Unit& unit, const Record& record, const payment::Checkout& checkout) {
  tables_->invoices.edit(unit.session(), checkout.document).status = InvoiceStatus::expired;
  tell(unit, record, checkout.document, "PAYMENT_EXPIRED", checkout.amount);
}

void State::tell(Unit& unit, const Record& record, InvoiceNumber number, std::string_view webhook_type,
                 Money price) {
  const InvoiceRow row = *invoice(unit, number);
  if (!row.hook) return;
  InvoiceEvent event;
  event.created = said<InvoiceCreated>(unit.record(row.record));
  event.row = row;
  event.record = record.number;
  event.webhook_type = webhook_type;
  event.price = price;
  if (row.order != 0) {
    event.order = *order(unit, row.order);
    if (event.order->attempt != 0) event.method = method_of(*payments_.attempt(unit, event.order->attempt));
  }
  unit.emit(invoice_event(event));
}

}  // namespace jangbu::invoice
