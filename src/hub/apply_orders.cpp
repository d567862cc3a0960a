// What records do to orders, and how orders hear of their checkouts.
#include "hub/messages.h"
#include "hub/state_tables.h"

namespace jangbu::hub {

using engine::Record;
using engine::Unit;
using ledger::Floor;

namespace {

/// The payment's note for apply_paid(): whether the order topped up a deposit, which consumes it at once.
constexpr std::string_view note_top_up = "top-up";

/// Has operators told when the order that this record leaves paid is not consumed in its app's time.
void notice_later(Unit& unit, const Record& record, const AppSet& app) {
  const auto minutes = static_cast<std::int64_t>(app.unconsumed_minutes);
  unit.due().add(unit.now() + Duration::seconds(60 * minutes), engine::WorkKind::hub_order_waits,
                 record.number);
}

}  // namespace

void State::apply_order_created(Unit& unit, const Record& record) {
  const auto created = said<OrderCreated>(record);
  unit.take(engine::Counter::hub_order, created->number);
  payment::Checkout checkout;
  checkout.number = created->checkout;
  checkout.door = payment::Door::hub;
  checkout.document = created->number;
  checkout.reference = created->code;
  checkout.amount = created->order.amount;
  checkout.name = created->order.product_name;
  checkout.buyer = {created->order.buyer.name, created->order.buyer.email, created->order.buyer.phone};
  checkout.return_url = created->order.return_url;
  checkout.expires_at = created->expires_at;
  payments_.open(unit, record, std::move(checkout));
  OrderRow row;
  row.app = created->keyed.app;
  row.checkout = created->checkout;
  row.record = record.number;
  row.hook = !created->order.webhook_url.empty();
  row.carries = created->order.onboard.has_value();
  tables_->orders.put(created->number, row);
  if (!created->order.lead_ref.empty()) tables_->order_leads.put(created->number, created->order.lead_ref);
}

void State::apply_order_cancelled(Unit& unit, const Record& record) {
  const auto cancelled = said<OrderCancelled>(record);
  payments_.cancel(unit, record, order(unit, cancelled->order)->checkout);
  tables_->orders.edit(unit.session(), cancelled->order).status = OrderStatus::cancelled;
  tell(unit, cancelled->order, "order.cancelled");
}

void State::apply_refund_started(Unit& unit, const Record& record) {
  const auto refund = said<RefundStarted>(record);
  book_.post(unit, refund->entry);
  OrderRow& row = tables_->orders.edit(unit.session(), refund->order);
  row.status = OrderStatus::refunding;
  if (row.consumed != 0) {  // what it had made is undone with this record
    PartnerId partner = 0;
    if (refund->unwound) {
      CampaignRow& campaign = tables_->campaigns.edit(unit.session(), *refund->unwound);
      campaign.held = Money();
      partner = campaign.partner;
      set_status(unit, record, *refund->unwound, CampaignStatus::rejected);
    } else {
      partner = *said<OrderCreated>(unit.record(row.record))->order.partner;
    }
    DepositMoveRow move;
    move.kind = DepositMoveKind::refund;
    move.amount = refund->amount;
    move.record = record.number;
    move.campaign = refund->unwound.value_or(0);
    move.order = refund->order;
    note_deposit(unit, partner, move);
  }
  payments_.begin_refund(unit, record, tables_->orders.find(unit.session(), refund->order)->checkout,
                         refund->amount, refund->attempt);
}

void State::apply_onboard_failed(Unit& unit, const Record& record) {
  const auto failed = said<OnboardFailed>(record);
  tables_->orders.edit(unit.session(), failed->order).attention = Attention::onboard_failed;
  tell(unit, failed->order, "order.onboard_failed");
}

void State::apply_orders_noticed(Unit& unit, const Record& record) {
  const auto noticed = said<OrdersNoticed>(record);
  if (noticed->done)
    unit.due().remove({noticed->due_at, engine::WorkKind::hub_order_waits, noticed->first, noticed->last});
  for (const OrderNumber number : noticed->orders) {
    tables_->orders.edit(unit.session(), number).attention = Attention::unconsumed;
    tell(unit, number, "order.unconsumed");
  }
}

Status State::may_pay(Unit& unit, const payment::Checkout& checkout) {
  if (apps().find(order(unit, checkout.document)->app)->suspended) return Errc::checkout_closed;
  return may_take(unit, checkout);
}

Status State::may_take(Unit& unit, const payment::Checkout& checkout) {
  const OrderRow row = *order(unit, checkout.document);
  if (row.status != OrderStatus::created) return Errc::checkout_closed;
  const auto created = said<OrderCreated>(unit.record(row.record));
  if (paid_order_of_lead(unit, row.app, created->order.lead_ref) != 0) return Errc::already_paid;
  return {};
}

Result<Bytes> State::decide_paid(Unit& unit, const payment::Checkout& checkout, ledger::EntryBuilder& entry) {
  RETURN_IF_ERROR(may_take(unit, checkout));
  const OrderRow row = *order(unit, checkout.document);
  const auto created = said<OrderCreated>(unit.record(row.record));
  if (created->order.partner) {
    RETURN_IF_ERROR(entry.post(entry.account(deposit_account(*created->order.partner), won, Floor::zero),
                               checkout.amount));
    return Bytes(note_top_up);
  }
  RETURN_IF_ERROR(entry.post(entry.account(prepaid_account(row.app), won, Floor::zero), checkout.amount));
  return Bytes();
}

void State::apply_paid(Unit& unit, const Record& record, const payment::Checkout& checkout, ByteView note) {
  const OrderNumber number = checkout.document;
  const auto created = said<OrderCreated>(unit.record(order(unit, number)->record));
  OrderRow& row = tables_->orders.edit(unit.session(), number);
  row.status = OrderStatus::paid;
  row.paid_at = unit.now();
  const AppId app = row.app;
  if (!created->order.lead_ref.empty()) tables_->leads.put({app, created->order.lead_ref}, number);
  if (note == note_top_up) {
    row.status = OrderStatus::consumed;
    row.consumed = record.number;
    DepositMoveRow move;
    move.amount = checkout.amount;
    move.record = record.number;
    move.order = number;
    note_deposit(unit, *created->order.partner, move);
  } else {
    if (row.carries) onboard_next_.push_back(number);
    notice_later(unit, record, *apps().find(app));
  }
  tell(unit, number, "order.paid");
}

Bytes State::decide_refunded(Unit& unit, const payment::Checkout& checkout, const payment::Attempt& refund,
                             ledger::EntryBuilder& entry) {
  const auto prepaid = entry.account(prepaid_account(order(unit, checkout.document)->app), won, Floor::zero);
  Status moved = entry.release(prepaid, refund.amount);
  if (moved) moved = entry.take(prepaid, refund.amount);
  INVARIANT(moved.ok(), "what was set aside for a refund can be given back");
  return {};
}

void State::apply_refunded(Unit& unit, const Record& record, const payment::Checkout& checkout,
                           const payment::Attempt&, ByteView) {
  const bool whole = checkout.status == payment::CheckoutStatus::refunded;
  OrderRow& row = tables_->orders.edit(unit.session(), checkout.document);
  row.status = whole ? OrderStatus::refunded : OrderStatus::paid;
  // Its time may have come while the refund was under way.
  if (!whole) notice_later(unit, record, *apps().find(row.app));
  tell(unit, checkout.document, "order.refunded");
}

Bytes State::decide_refund_failed(Unit& unit, const payment::Checkout& checkout,
                                  const payment::Attempt& refund, ledger::EntryBuilder& entry) {
  const auto prepaid = entry.account(prepaid_account(order(unit, checkout.document)->app), won, Floor::zero);
  const Status moved = entry.release(prepaid, refund.amount);
  INVARIANT(moved.ok(), "what was set aside for a refund can be given free");
  return {};
}

void State::apply_refund_failed(Unit& unit, const Record&, const payment::Checkout& checkout,
                                const payment::Attempt&, ByteView) {
  OrderRow& row = tables_->orders.edit(unit.session(), checkout.document);
  row.status = OrderStatus::paid;
  row.consumed = 0;  // what it had made was undone when the refund began
  row.attention = Attention::refund_failed;
  tell(unit, checkout.document, "order.refund_failed");
}

void State::apply_expired(Unit& unit, const Record&, const payment::Checkout& checkout) {
  tables_->orders.edit(unit.session(), checkout.document).status = OrderStatus::expired;
  tell(unit, checkout.document, "order.expired");
}

void State::tell(Unit& unit, OrderNumber number, std::string_view topic) {
  const OrderRow row = *order(unit, number);
  if (!row.hook) return;
  const auto created = said<OrderCreated>(unit.record(row.record));
  unit.emit(order_event(*created, row, topic, unit.now()));
}

}  // namespace jangbu::hub
