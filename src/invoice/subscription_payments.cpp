// How bills, and pages that keep a card, hear of their checkouts.
#include "invoice/subscription_tables.h"

namespace jangbu::invoice {

using engine::Record;
using engine::Unit;
using engine::WorkKind;
using ledger::Floor;

namespace {

/// A charge of which the acquirer never heard is tried again soon: nobody declined it.
constexpr Duration unheard_pause = Duration::seconds(3600);

}  // namespace

Status SubscriptionBook::may_pay(Unit& unit, const payment::Checkout& checkout) {
  const bool keeps = checkout.purpose == payment::Purpose::keep;
  const SubscriptionRow& row =
      *subscription(unit, keeps ? checkout.document : bill(unit, checkout.document)->subscription);
  if (rests(row.app)) return Error(Errc::checkout_closed, "the seller takes no payments at present");
  if (keeps) {
    const bool over = is_over(row.status) && row.failed == 0;  // what is owed may still be paid by another
    const bool is_of_another = checkout.number < row.card_pages_from;
    return over || is_of_another ? Status(Errc::checkout_closed) : Status();
  }
  switch (bill(unit, checkout.document)->status) {
    case BillStatus::failed:
      return {};
    case BillStatus::charging:
      return Errc::payment_in_progress;
    case BillStatus::done:
    case BillStatus::cancelled:
      return Errc::already_paid;
    default:
      return Errc::checkout_closed;
  }
}

Result<Bytes> SubscriptionBook::decide_paid(Unit& unit, const payment::Checkout& checkout,
                                            ledger::EntryBuilder& entry) {
  const BillRow& row = *bill(unit, checkout.document);
  if (row.status == BillStatus::terminated) return Errc::checkout_closed;
  RETURN_IF_ERROR(entry.post(entry.account(payable_account(row.app), won, Floor::zero), checkout.amount));
  return Bytes();
}

void SubscriptionBook::apply_paid(Unit& unit, const Record& record, const payment::Checkout& checkout,
                                  ByteView) {
  const BillNumber number = checkout.document;
  if (!watched_.empty()) settled_.push_back(number);
  BillRow& row = edit_bill(unit, number);
  row.status = BillStatus::done;
  row.attempt = checkout.charge;
  row.paid_at = unit.now();
  row.retry_at = Instant{};
  SubscriptionRow& of = edit(unit, row.subscription);
  of.paid_at = unit.now();
  if (of.failed == number) of.failed = 0;
  if (row.kind != BillKind::on_demand) after_settled(unit, row.subscription);
  if (is_over(of.status) && row.kind != BillKind::on_demand) let_card_go(unit, record, row.subscription);
  tell(unit, record, number, "PAYMENT_COMPLETED", checkout.amount);
}

void SubscriptionBook::apply_not_charged(Unit& unit, const Record& record, const payment::Checkout& checkout,
                                         const payment::Attempt& attempt) {
  const BillNumber number = checkout.document;
  const BillRow& row = *bill(unit, number);
  if (row.status != BillStatus::charging) return;  // it was ended while its charge was under way
  const bool was_declined = attempt.status == payment::AttemptStatus::declined;
  const Instant scheduled = row.retry_at == Instant{} ? row.due_at : row.retry_at;
  std::optional<Instant> again = retry_time(row.tries + 1, scheduled, unit.now());
  if (again && !was_declined) again = unit.now() + unheard_pause;
  if (row.kind == BillKind::on_demand) again = std::nullopt;
  fail(unit, record, number, was_declined ? attempt.code : std::string(attempt_status_name(attempt.status)),
       again);
}

void SubscriptionBook::apply_card_kept(Unit& unit, const Record& record, const payment::Checkout& checkout,
                                       const payment::KeptCard& card) {
  const SubscriptionNumber number = checkout.document;
  SubscriptionRow& row = edit(unit, number);
  if (is_over(row.status) && row.failed == 0) return payments_.forget_card(unit, record, card.number);
  if (row.card != 0) payments_.forget_card(unit, record, row.card);
  row.card = card.number;
  if (row.failed != 0) {
    // What the old card did not pay the new one does, at once.
    BillRow& bill = edit_bill(unit, row.failed);
    if (bill.status != BillStatus::failed) return;
    bill.tries = 0;
    bill.retry_at = unit.now();
    unit.due().add(bill.retry_at, WorkKind::invoice_bill_retry, row.failed);
  } else if (row.status == SubscriptionStatus::held) {
    go_on(unit, number);
  }
}

Bytes SubscriptionBook::decide_refunded(Unit& unit, const payment::Checkout& checkout,
                                        const payment::Attempt& refund, ledger::EntryBuilder& entry) {
  const auto payable = entry.account(payable_account(bill(unit, checkout.document)->app), won, Floor::zero);
  Status moved = entry.hold(payable, refund.amount.negated().value());
  if (moved) moved = entry.post(payable, refund.amount.negated().value());
  INVARIANT(moved.ok(), "what was set aside for a refund can be given back");
  return {};
}

void SubscriptionBook::apply_refunded(Unit& unit, const Record& record, const payment::Checkout& checkout,
                                      const payment::Attempt& refund, ByteView) {
  const bool whole = checkout.status == payment::CheckoutStatus::refunded;
  BillRow& row = edit_bill(unit, checkout.document);
  row.refunded = checkout.refunded;
  if (whole) row.status = BillStatus::cancelled;
  tell(unit, record, checkout.document, whole ? "PAYMENT_CANCELLED" : "PAYMENT_PARTIAL_CANCELLED",
       refund.amount);
}

Bytes SubscriptionBook::decide_refund_failed(Unit& unit, const payment::Checkout& checkout,
                                             const payment::Attempt& refund, ledger::EntryBuilder& entry) {
  const auto payable = entry.account(payable_account(bill(unit, checkout.document)->app), won, Floor::zero);
  INVARIANT(entry.hold(payable, refund.amount.negated().value()).ok(),
            "what was set aside can be given free");
  return {};
}

void SubscriptionBook::apply_refund_failed(Unit&, const Record&, const payment::Checkout&,
                                           const payment::Attempt&, ByteView) {}

}  // namespace jangbu::invoice
