#include "invoice/subscriptions.h"

#include "engine/store_failure.h"
#include "invoice/decide.h"
#include "invoice/subscription_due.h"
#include "invoice/subscription_tables.h"

namespace jangbu::invoice {

using engine::Unit;
using store::Value;

namespace {

const store::Sql overdue_sql{
    "SELECT s.ordinal, b.number FROM invoice_subscriptions s JOIN invoice_subscription_bills b ON b.number = "
    "s.ready WHERE s.app = $1 AND s.ordinal > $2 AND s.status = 1 AND s.failed = 0 AND b.status = 1 AND "
    "b.due_at <= $3 ORDER BY s.ordinal LIMIT $4"};
const store::Sql overdue_again_sql{
    "SELECT number, number FROM invoice_subscription_bills WHERE app = $1 AND number > $2 AND status = 4 AND "
    "retry_at <> 0 AND retry_at <= $3 ORDER BY number LIMIT $4"};

}  // namespace

SubscriptionBook::SubscriptionBook(ledger::Book& book, payment::State& payments, State& invoices)
    : book_(book), payments_(payments), invoices_(invoices), tables_(std::make_unique<Tables>()) {
  payments_.listen(payment::Door::subscription, *this);
  invoices_.listen(*this);
}
SubscriptionBook::~SubscriptionBook() = default;

bool SubscriptionBook::owns(engine::WorkKind kind) const {
  return kind == engine::WorkKind::invoice_bill || kind == engine::WorkKind::invoice_bill_retry ||
         kind == engine::WorkKind::invoice_subscription_wakes || kind == seller_wakes_work;
}

std::unique_ptr<engine::Command> SubscriptionBook::due_work(Unit&, const engine::DueRow& row) {
  if (row.kind == seller_wakes_work) return std::make_unique<WakeBills>(*this, row);
  switch (row.kind) {
    case engine::WorkKind::invoice_bill:
      return std::make_unique<MakeBillsDue>(*this, row);
    case engine::WorkKind::invoice_bill_retry:
      return std::make_unique<RetryBills>(*this, row);
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

std::vector<BillNumber> SubscriptionBook::overdue(Unit& unit, AppId app, Instant until, std::size_t most) {
  std::vector<BillNumber> found;
  const auto page_rows = static_cast<std::int64_t>(most);
  // What the open batch has changed is not in the tables yet.
  const auto is_overdue = [&](BillNumber number) {
    const BillRow row = *bill(unit, number);
    if (row.status == BillStatus::failed) return row.retry_at != Instant{} && row.retry_at <= until;
    if (row.status != BillStatus::ready || row.due_at > until) return false;
    const SubscriptionRow& of = *subscription(unit, row.subscription);
    return of.status == SubscriptionStatus::active && of.ready == number && of.failed == 0;
  };
  for (const store::Sql* sql : {&overdue_sql, &overdue_again_sql}) {
    std::uint64_t after = 0;
    for (bool is_last = false; !is_last && found.size() < most;) {
      std::vector<std::pair<std::uint64_t, BillNumber>> page;
      engine::throw_if_failed(unit.session().query(
          *sql,
          {Value::number(app), Value::number(after), Value::integer(until.us), Value::integer(page_rows)},
          [&](const store::Row& row) {
            page.emplace_back(row.number(0), row.number(1));
            return true;
          }));
      is_last = page.size() < most;
      for (const auto& [place, number] : page) {
        after = place;
        if (found.size() < most && is_overdue(number)) found.push_back(number);
      }
    }
  }
  return found;
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
  auto again = next_bill(terms, ready.month, number);
  if (again) again->amount = amount_after(before, terms, ready.month, ready.amount);
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
