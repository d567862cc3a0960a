#include "invoice/subscriptions.h"

#include <algorithm>

#include "engine/store_failure.h"
#include "invoice/decide.h"
#include "invoice/subscription_due.h"
#include "invoice/subscription_tables.h"

namespace jangbu::invoice {

using engine::Unit;
using store::Value;

namespace {

/// A bill that was given up has the time 0.
constexpr Instant behind_given_up{1};

/// The bill that is ready after its contract has rested.
std::optional<NextBill> as_rested(const Terms& before, const Terms& terms, const BillRow& ready,
                                  BillNumber number) {
  auto again = next_bill(terms, ready.month, number);
  if (again) again->amount = amount_after(before, terms, ready.month, ready.amount);
  return again;
}

}  // namespace

SubscriptionBook::SubscriptionBook(ledger::Book& book, payment::State& payments, State& invoices)
    : book_(book), payments_(payments), invoices_(invoices), tables_(std::make_unique<Tables>()) {
  payments_.listen(payment::Door::subscription, *this);
  invoices_.listen(*this);
}
SubscriptionBook::~SubscriptionBook() = default;

bool SubscriptionBook::owns(engine::WorkKind kind) const {
  return kind == engine::WorkKind::invoice_bill || kind == engine::WorkKind::invoice_bill_retry ||
         kind == engine::WorkKind::invoice_subscription_wakes ||
         kind == engine::WorkKind::invoice_seller_wakes || kind == engine::WorkKind::invoice_seller_wakes_on;
}

std::unique_ptr<engine::Command> SubscriptionBook::due_work(Unit&, const engine::DueRow& row) {
  switch (row.kind) {
    case engine::WorkKind::invoice_bill:
      return std::make_unique<MakeBillsDue>(*this, row);
    case engine::WorkKind::invoice_bill_retry:
      return std::make_unique<RetryBills>(*this, row);
    case engine::WorkKind::invoice_seller_wakes:
    case engine::WorkKind::invoice_seller_wakes_on:
      return std::make_unique<WakeBills>(*this, row);
    default:
      return std::make_unique<WakeSubscriptions>(*this, row);
  }
}

const SubscriptionRow* SubscriptionBook::subscription(Unit& unit, SubscriptionNumber number) {
  return tables_->subscriptions.find(unit.session(), number);
}
const BillRow* SubscriptionBook::bill(Unit& unit, BillNumber number) {
  return tables_->bills.find(unit.session(), number);
}
const ChangeRow* SubscriptionBook::change(Unit& unit, ChangeNumber number) {
  return tables_->changes.find(unit.session(), number);
}
bool SubscriptionBook::rests(AppId app) const {
  const AppSet* of = invoices_.apps().find(app);
  return of != nullptr && of->suspended;
}

std::optional<OverduePlace> SubscriptionBook::look_for_overdue(Unit& unit, OverduePlace place, Instant until,
                                                               std::size_t most, std::size_t& looks,
                                                               std::vector<BillNumber>& found) {
  // What the open batch has changed is not in the tables yet.
  const auto is_overdue = [&](BillNumber number) {
    const BillRow row = *bill(unit, number);
    if (row.status == BillStatus::failed) return row.retry_at != Instant{} && row.retry_at <= until;
    if (row.status != BillStatus::ready || row.due_at > until) return false;
    const SubscriptionRow& of = *subscription(unit, row.subscription);
    return of.status == SubscriptionStatus::active && of.ready == number && of.failed == 0;
  };
  while (looks > 0 && found.size() < most) {
    const std::size_t page_rows = std::min(looks, most - found.size());
    std::vector<std::pair<Instant, BillNumber>> page;
    engine::throw_if_failed(
        unit.session().query(place.status == BillStatus::ready ? overdue_sql : overdue_again_sql,
                             {Value::number(place.app), Value::integer(place.at.us),
                              Value::number(place.bill), Value::number(page_rows), Value::integer(until.us)},
                             [&](const store::Row& row) {
                               page.emplace_back(Instant{row.integer(0)}, row.number(1));
                               return true;
                             }));
    for (const auto& [at, number] : page) {
      place.at = at;
      place.bill = number;
      if (is_overdue(number)) found.push_back(number);
    }
    looks -= std::max<std::size_t>(page.size(), 1);  // what is not there was looked for, too
    if (page.size() == page_rows) continue;
    if (place.status == BillStatus::failed) return std::nullopt;
    place = {place.app, BillStatus::failed, behind_given_up, 0};
  }
  return place;
}

SubscriptionRow& SubscriptionBook::edit(Unit& unit, SubscriptionNumber number) {
  return tables_->subscriptions.edit(unit.session(), number);
}
BillRow& SubscriptionBook::edit_bill(Unit& unit, BillNumber number) {
  return tables_->bills.edit(unit.session(), number);
}

void SubscriptionBook::prefetch(Unit& unit) { tables_->prefetch(unit.session()); }
void SubscriptionBook::flush(Unit& unit) { tables_->flush(unit.session()); }
void SubscriptionBook::committed() {
  tables_->committed();
  for (const BillNumber bill : std::exchange(settled_, {})) {
    for (auto it = watched_.find(bill); it != watched_.end(); it = watched_.find(bill)) {
      const std::function<void()> settled = std::move(it->second);
      watched_.erase(it);
      settled();
    }
  }
}
void SubscriptionBook::discard() {
  tables_->discard();
  watched_.clear();
  settled_.clear();
}

void SubscriptionBook::when_settled(BillNumber bill, std::function<void()> settled) {
  watched_.emplace(bill, std::move(settled));
}

void SubscriptionBook::keys_of(const engine::Record& record, std::vector<engine::KeyDigest>& out) const {
  door::take_key(InvoiceDoor::key_scope, InvoiceDoor::keyed_of(record), out);
}

RefundStarted order_refund_of(const SubscriptionEnded& ended, const SubscriptionRow& subscription) {
  RefundStarted refund;
  refund.cancel = ended.refund->cancel.value();
  refund.made = true;
  refund.invoice = subscription.invoice;
  refund.attempt = ended.refund->attempt;
  return refund;
}

bool SubscriptionBook::is_given_up(Unit& unit, const SubscriptionRow& row) {
  if (row.failed == 0) return false;
  const BillRow& owed = *bill(unit, row.failed);
  return owed.kind == BillKind::month && owed.status == BillStatus::failed && owed.retry_at == Instant{};
}

std::optional<NextBill> ready_again(Terms& terms, const BillRow& ready, BillNumber number, Instant now) {
  if (ready.due_at > now) return std::nullopt;
  const Terms before = terms;
  if (!rest_until(terms, ready.month, now)) return std::nullopt;  // the year 9999 is over
  return as_rested(before, terms, ready, number);
}

std::optional<NextBill> ready_after_pause(Terms& terms, const BillRow& ready, BillNumber number,
                                          Instant since, Instant now) {
  if (ready.due_at > now) return std::nullopt;
  const Terms before = terms;
  if (!rest_paused(terms, ready.month, since, now)) return std::nullopt;  // the year 9999 is over
  auto again = as_rested(before, terms, ready, number);
  // Never the time that it had: what was due then is taken off already.
  if (again && again->due_at <= now) again->due_at = std::max(now, ready.due_at + Duration::microseconds(1));
  return again;
}

bool is_over(SubscriptionStatus status) {
  return status == SubscriptionStatus::ended || status == SubscriptionStatus::terminated;
}

std::optional<NextBill> next_bill(const Terms& terms, std::uint32_t month, BillNumber number) {
  const std::uint32_t total = total_months(terms);
  if (total != for_ever && month > total) return std::nullopt;
  const auto made = bill_of_terms(terms, month);
  if (!made) return std::nullopt;  // the year 9999 is over
  return NextBill{number, month, made->bill.due_at, made->bill.amount};
}

payment::Checkout checkout_of_bill(const SubscriptionRow& subscription, const BillRow& bill,
                                   BillNumber number, std::uint64_t checkout_number) {
  payment::Checkout checkout;
  checkout.number = checkout_number;
  checkout.door = payment::Door::subscription;
  checkout.document = number;
  checkout.reference = object_id(IdKind::bill, bill.made_at, number);
  checkout.amount = bill.amount;
  checkout.currency = won;
  checkout.name = subscription.terms.name;
  const User& user = subscription.terms.user;
  checkout.buyer = {user.name, user.email, user.phone};
  checkout.expires_at = payment::never;
  return checkout;
}

}  // namespace jangbu::invoice
