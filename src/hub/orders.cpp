// Decisions about orders.
#include "delivery/address.h"
#include "hub/decide.h"

namespace jangbu::hub {

using engine::Decision;
using engine::Refuse;
using engine::Unit;
using ledger::Floor;

namespace {

/// How long an order may be paid.
constexpr Duration order_life = Duration::days(1);

}  // namespace

Decision CreateOrder::decide_new(Unit& unit) {
  if (!order_.webhook_url.empty()) {
    if (const Status reachable = delivery::check_url(order_.webhook_url, state_.surroundings().reach);
        !reachable)
      return Refuse{reachable.error()};
  }
  if (const OrderNumber paid = state_.paid_order_of_lead(unit, keyed_.app, order_.lead_ref); paid != 0) {
    const auto earlier = said<OrderCreated>(unit.record(state_.order(unit, paid)->record));
    return refuse(Refused{.error = Errc::already_paid, .order_code = earlier->code});
  }
  if (order_.partner) {
    const PartnerRow* partner = state_.partner(unit, *order_.partner);
    if (partner == nullptr) return refuse(Errc::partner_not_found);
    if (partner->app != keyed_.app) return refuse(Errc::partner_not_owned);
  }
  OrderCreated created;
  created.keyed = keyed_;
  created.number = unit.counters().last(engine::Counter::hub_order) + 1;
  created.checkout = payment::State::next_checkout(unit);
  created.code = order_code(created.number, unit.now());
  created.order = order_;
  created.link_base = state_.link_base();
  created.expires_at = unit.now() + order_life;
  created.onboard_body = onboard_body_;
  return accept(order_created_kind, std::move(created));
}

OrderClosed OrderClosed::of(const engine::Record& record) {
  if (record.kind == order_cancelled_kind)
    return {said<OrderCancelled>(record)->code, OrderStatus::cancelled, Money()};
  const auto refund = said<RefundStarted>(record);
  return {refund->code, OrderStatus::refunding, refund->amount};
}

/// Takes back what a consumed order had made: the campaign's hold, and the money from the deposit. Errors:
/// order_consumed (only a part is asked for), reward_paid, and what the book says.
Status CloseOrder::unwind(Unit& unit, OrderNumber number, const OrderRow& row, Money amount,
                          ledger::EntryBuilder& entry, RefundStarted& refund) {
  const payment::Checkout* checkout = state_.payments().find(unit, row.checkout);
  if (amount != checkout->amount.minus(checkout->refunded).value())
    return Error(Errc::order_consumed, "a consumed order is refunded whole or not at all");
  const engine::Record consumed = unit.record(row.consumed);
  PartnerId partner = 0;
  if (consumed.kind == onboarded_kind) {
    const auto onboarded = said<Onboarded>(consumed);
    const CampaignRow* campaign = state_.campaign(unit, onboarded->campaign);
    if (campaign->paid != 0) return Errc::reward_paid;
    partner = onboarded->partner.id;
    refund.unwound = onboarded->campaign;
    const Money held = campaign->held;
    RETURN_IF_ERROR(entry.release(entry.account(deposit_account(partner), won, Floor::zero), held));
  } else {
    partner = *said<OrderCreated>(unit.record(state_.order(unit, number)->record))->order.partner;
  }
  const auto deposit = entry.account(deposit_account(partner), won, Floor::zero);
  return entry.transfer(deposit, entry.account(prepaid_account(row.app), won, Floor::zero), amount);
}

Decision CloseOrder::decide_new(Unit& unit) {
  const OrderNumber number = order_number_of(request_.order_code);
  const OrderRow* found = number == 0 ? nullptr : state_.order(unit, number);
  if (found == nullptr || (!by_operator_ && found->app != keyed_.app)) return refuse(Errc::order_not_found);
  const OrderRow row = *found;
  const std::string code = said<OrderCreated>(unit.record(row.record))->code;
  if (code != request_.order_code) return refuse(Errc::order_not_found);

  if (row.status == OrderStatus::created) {
    if (const Status may = state_.payments().may_cancel(unit, row.checkout); !may) return Refuse{may.error()};
    return accept(order_cancelled_kind, OrderCancelled{keyed_, number, code, request_.reason});
  }
  if (row.status == OrderStatus::consumed && !by_operator_) return refuse(Errc::order_consumed);
  if (row.status != OrderStatus::paid && row.status != OrderStatus::consumed)
    return refuse(Errc::order_state);

  const payment::Checkout checkout = *state_.payments().find(unit, row.checkout);
  RefundStarted refund;
  refund.keyed = keyed_;
  refund.order = number;
  refund.code = code;
  refund.attempt = payment::State::next_attempt(unit);
  refund.amount = request_.amount.value_or(checkout.amount.minus(checkout.refunded).value());
  refund.reason = request_.reason;
  refund.by_operator = by_operator_;
  if (const Status may = state_.payments().may_refund(unit, row.checkout, refund.amount); !may)
    return Refuse{may.error()};
  ledger::EntryBuilder entry(unit, state_.book());
  Status moved = row.status == OrderStatus::consumed ? unwind(unit, number, row, refund.amount, entry, refund)
                                                     : Status();
  if (moved) moved = entry.hold(entry.account(prepaid_account(row.app), won, Floor::zero), refund.amount);
  if (!moved) return Refuse{moved.error()};
  auto built = entry.build();
  if (!built && built.error().code == Errc::insufficient_balance)
    return Refuse{Error(Errc::order_consumed, "other campaigns hold what this order had paid in")};
  if (!built) return Refuse{built.error()};
  refund.entry = std::move(*built);
  return accept(refund_started_kind, std::move(refund));
}

Decision NoticeOrders::decide(Unit& unit) {
  OrdersNoticed noticed;
  noticed.due_at = row_.due_at;
  noticed.first = row_.first;
  noticed.last = row_.last;
  // The run has no more records than a batch, but may pass over payments of apps that wait longer.
  for (std::uint64_t at = row_.first; at <= row_.last; ++at) {
    const engine::Record paid = unit.record(at);
    const OrderNumber number = state_.waiting_order_of(unit, paid);
    if (number == 0) continue;
    const AppSet& app = *state_.apps().find(state_.order(unit, number)->app);
    const auto minutes = static_cast<std::int64_t>(app.unconsumed_minutes);
    const Instant later = paid.recorded_at + Duration::seconds(60 * minutes);
    if (later > unit.now() && unit.due().covering(unit.session(), later, row_.kind, at)) continue;
    noticed.orders.push_back(number);
  }
  noticed.done = true;
  return accept(orders_noticed_kind, std::move(noticed));
}

}  // namespace jangbu::hub
