// Decisions about orders: requests to cancel, and refunds.
#include <algorithm>

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

/// What was paid for the products of an order, and what of it the parts of a request come to.
class PaidLines {
 public:
  PaidLines(State& state, Unit& unit, const OrderRow& order)
      : state_(state),
        unit_(unit),
        app_(order.app),
        left_(order.left()),
        created_(said<InvoiceCreated>(unit.record(state.invoice(unit, order.invoice)->record))),
        cancelled_(created_->items.size()) {
    paid_.resize(created_->items.size());
    const auto bill = bill_of_month(priced_products(created_->items), created_->anchor, 1);
    INVARIANT(bill.ok(), "the first bill of an order was made");
    for (const Line& line : bill->lines)
      if (line.kind != LineKind::zero_floor)
        paid_[line.product] = paid_[line.product].plus(line.amount).value();
  }

  /// What the part comes to; what is wrong with it goes to the issues.
  Money cancel(const CancelledPart& part, Issues& issues) {
    if (part.is_bill) return part.price.value_or(left_);
    const ProductNumber product = registered(part.id);
    const auto is_meant = [&](const PricedItem& item) {
      return item.product_id == part.id || (product != 0 && item.product == product);
    };
    std::uint64_t left = 0;
    bool is_there = false;
    for (std::size_t i = 0; i < cancelled_.size(); ++i) {
      if (!is_meant(created_->items[i])) continue;
      is_there = true;
      left += created_->items[i].priced.quantity - cancelled_[i];
    }
    if (!is_there) {
      issues.push_back({part.path, "not_found", "the order has no such product"});
    } else if (left == 0 || part.quantity.value_or(left) > left) {
      issues.push_back({part.path, "too_big", "the order has not so many of it"});
    } else {
      const Money paid = take(is_meant, part.quantity.value_or(left));
      return part.price.value_or(paid);
    }
    return {};
  }

 private:
  /// The product of the catalogue, sold or not any more, that an id stands for; 0: none.
  ProductNumber registered(const std::string& id) {
    if (const ProductNumber found = state_.product_of_id(unit_, app_, id); found != 0) return found;
    const ProductNumber number = number_of_id(IdKind::product, id).value_or(0);
    const ProductRow* row = number == 0 ? nullptr : state_.product(unit_, number);
    return row != nullptr && object_id(IdKind::product, row->created_at, number) == id ? number : 0;
  }

  /// Marks so many of a product as cancelled; what was paid for them, its discounts and fees in proportion.
  template <typename IsMeant>
  Money take(const IsMeant& is_meant, std::uint64_t quantity) {
    Money sum;
    for (std::size_t i = 0; i < cancelled_.size() && quantity > 0; ++i) {
      const PricedItem& item = created_->items[i];
      if (!is_meant(item)) continue;
      const std::uint64_t taken = std::min(quantity, item.priced.quantity - cancelled_[i]);
      cancelled_[i] += taken;
      quantity -= taken;
      if (!paid_[i].is_positive()) continue;
      const auto units = [](std::uint64_t count) { return Money::from_units(static_cast<int128>(count)); };
      const auto part = paid_[i].times_ratio(units(taken), units(item.priced.quantity), Rounding::down);
      sum = sum.plus(part.value()).value();
    }
    return sum;
  }

  State& state_;
  Unit& unit_;
  AppId app_;
  Money left_;
  std::shared_ptr<const InvoiceCreated> created_;
  std::vector<std::uint64_t> cancelled_;  // of each item
  std::vector<Money> paid_;               // for each item, with the first bill
};

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
  const OrderRow* found = state_.order(unit, order_);
  if (found == nullptr || found->app != keyed_.app) return refuse(Errc::order_not_found);
  const OrderRow order = *found;
  if (order.attempt == 0) return refuse(Error(Errc::not_paid, "nothing was paid for this order"));
  CancelRequest request = request_;
  if (!request.parts.empty()) {
    PaidLines lines(state_, unit, order);
    Issues issues;
    Money sum;
    for (const CancelledPart& part : request.parts) sum = sum.plus(lines.cancel(part, issues)).value();
    if (!issues.empty()) return refuse(Refused{Errc::invalid_parameters, std::move(issues)});
    if (!request.amount) request.amount = sum;
  }
  if (at_once_) return start_refund(state_, unit, keyed_, order_, request);
  const bool asks_for_nothing = request.amount && request.amount->is_zero();
  if (asks_for_nothing) return refuse(Error(Errc::invalid_parameters, "a refund is above zero"));
  if (order.is_refunded() || request.amount.value_or(order.left()) > order.left())
    return refuse(Errc::refund_exceeds_payment);
  return accept(cancel_requested_kind, CancelRequested{keyed_, new_cancel(unit, order_, order, request)});
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
