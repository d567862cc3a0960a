// Decisions about orders: requests to cancel, and refunds.
#include "invoice/decide.h"

namespace jangbu::invoice {

using engine::Decision;
using engine::Refuse;
using engine::Unit;
using ledger::Floor;

namespace {

/// A new request to cancel an order.
CancelPart new_cancel(Unit& unit, OrderNumber number, const OrderRow& order, const CancelRequest& request) {
  CancelPart cancel;
  cancel.number = unit.counters().last(engine::Counter::invoice_cancel) + 1;
  cancel.made_at = unit.now();
  cancel.order = number;
  cancel.purchased_at = order.purchased_at;
  cancel.amount = request.amount;
  cancel.reason = request.reason;
  return cancel;
}

/// A request to cancel as it stands, with what its record says.
CancelPart cancel_part(Unit& unit, const CancelRow& row) { return cancel_part_of(unit.record(row.record)); }

}  // namespace

Decision start_refund(State& state, Unit& unit, const Keyed& keyed, OrderNumber number,
                      const CancelRequest& request, const CancelPart* granted) {
  const OrderRow* found = state.order(unit, number);
  if (found == nullptr || found->app != keyed.app) return Refuse{Errc::order_not_found};
  const OrderRow order = *found;
  if (order.attempt == 0) return Refuse{Error(Errc::not_paid, "nothing was paid for this order")};
  const InvoiceRow invoice = *state.invoice(unit, order.invoice);
  RefundStarted refund;
  refund.keyed = keyed;
  refund.made = granted == nullptr;
  refund.cancel = granted == nullptr ? new_cancel(unit, number, order, request) : *granted;
  const Money amount = request.amount.value_or(order.left());
  refund.cancel.amount = amount;
  refund.invoice = order.invoice;
  refund.invoice_made_at = invoice.created_at;
  refund.attempt = payment::State::next_attempt(unit);
  if (const Status may = state.payments().may_refund(unit, invoice.checkout, amount); !may)
    return Refuse{may.error()};
  ledger::EntryBuilder entry(unit, state.book());
  if (const Status held = entry.hold(entry.account(payable_account(order.app), won, Floor::zero), amount);
      !held)
    return Refuse{held.error()};
  auto built = entry.build();
  if (!built) return Refuse{built.error()};
  refund.entry = std::move(*built);
  return accept(refund_started_kind, std::move(refund));
}

CancelTold CancelTold::of(const engine::Record& record) {
  switch (record.kind) {
    case cancel_requested_kind:
      return {said<CancelRequested>(record)->cancel, CancelStatus::requested};
    case cancel_closed_kind: {
      const auto closed = said<CancelClosed>(record);
      return {closed->cancel, closed->status};
    }
    default:
      return {said<RefundStarted>(record)->cancel, CancelStatus::refunding};
  }
}

Decision RequestCancel::decide_new(Unit& unit) {
  if (at_once_) return start_refund(state_, unit, keyed_, order_, request_);
  const OrderRow* found = state_.order(unit, order_);
  if (found == nullptr || found->app != keyed_.app) return refuse(Errc::order_not_found);
  const OrderRow order = *found;
  if (order.attempt == 0) return refuse(Error(Errc::not_paid, "nothing was paid for this order"));
  const bool asks_for_nothing = request_.amount && request_.amount->is_zero();
  if (asks_for_nothing) return refuse(Error(Errc::invalid_parameters, "a refund is above zero"));
  if (order.is_refunded() || request_.amount.value_or(order.left()) > order.left())
    return refuse(Errc::refund_exceeds_payment);
  return accept(cancel_requested_kind, CancelRequested{keyed_, new_cancel(unit, order_, order, request_)});
}

Decision ApproveCancel::decide_new(Unit& unit) {
  const CancelRow* row = state_.cancel(unit, cancel_);
  if (row == nullptr || row->app != keyed_.app) return refuse(Errc::cancel_not_found);
  if (row->status != CancelStatus::requested && row->status != CancelStatus::failed)
    return refuse(Errc::cancel_closed);
  const CancelRow cancel = *row;
  const CancelPart asked = cancel_part(unit, cancel);
  return start_refund(state_, unit, keyed_, cancel.order, {amount_ ? amount_ : cancel.amount, asked.reason},
                      &asked);
}

Decision CloseCancel::decide_new(Unit& unit) {
  const CancelRow* row = state_.cancel(unit, cancel_);
  if (row == nullptr || row->app != keyed_.app) return refuse(Errc::cancel_not_found);
  if (row->status != CancelStatus::requested && row->status != CancelStatus::failed)
    return refuse(Errc::cancel_closed);
  return accept(cancel_closed_kind, CancelClosed{keyed_, cancel_part(unit, *row), status_, message_});
}

}  // namespace jangbu::invoice
