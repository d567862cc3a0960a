#include "invoice/state.h"

#include "invoice/decide.h"
#include "invoice/state_tables.h"
#include "ledger/days.h"

namespace jangbu::invoice {
using engine::throw_if_failed;
using engine::Unit;

State::State(ledger::Book& book, payment::State& payments, AppBoard* board, WebhookKeys* keys,
             Surroundings surroundings)
    : book_(book),
      payments_(payments),
      keys_(keys),
      surroundings_(surroundings),
      tables_(std::make_unique<Tables>(board)) {
  payments_.listen(payment::Door::invoice, *this);
}
State::~State() = default;

const Apps& State::apps() const { return tables_->apps.current(); }
const InvoiceRow* State::invoice(Unit& unit, InvoiceNumber number) {
  return tables_->invoices.find(unit.session(), number);
}
const OrderRow* State::order(Unit& unit, OrderNumber number) {
  return tables_->orders.find(unit.session(), number);
}
const CancelRow* State::cancel(Unit& unit, CancelNumber number) {
  return tables_->cancels.find(unit.session(), number);
}
const ProductRow* State::product(Unit& unit, ProductNumber number) {
  return tables_->products.find(unit.session(), number);
}
ProductNumber State::product_of_id(Unit& unit, AppId app, const std::string& id) {
  const ProductNumber* number = tables_->product_ids.find(unit.session(), {app, id});
  return number == nullptr ? 0 : *number;
}

namespace {

/// Who is asked for an invoice is the seller's word alone, and the mails are the house's.
constexpr std::uint64_t max_notices_a_day = 5;

}  // namespace

bool State::may_ask_to_pay(Unit& unit, InvoiceNumber invoice, SendType type) {
  const NoticeCountRow* row = tables_->notices.find(unit.session(), {invoice, type});
  return row == nullptr || row->day != ledger::day_of(unit.now()) || row->times < max_notices_a_day;
}

void State::prefetch(Unit& unit) { tables_->prefetch(unit.session()); }
void State::flush(Unit& unit) { tables_->flush(unit.session()); }
void State::committed() { tables_->committed(); }
void State::discard() { tables_->discard(); }
void State::load(Unit& unit) {
  if (keys_ != nullptr) throw_if_failed(keys_->load(unit.session()));
  tables_->apps.load(unit.session());
}

void State::keys_of(const engine::Record& record, std::vector<engine::KeyDigest>& out) const {
  door::take_key(InvoiceDoor::key_scope, InvoiceDoor::keyed_of(record), out);
  if (record.kind != invoice_created_kind) return;
  const auto created = said<InvoiceCreated>(record);
  if (!created->form.request_id.empty())
    out.push_back(request_digest(created->keyed.app, created->form.request_id, created->by_browser));
}

}  // namespace jangbu::invoice
