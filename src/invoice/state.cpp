#include "invoice/state.h"

#include "invoice/decide.h"
#include "invoice/queries.h"
#include "invoice/state_tables.h"

namespace jangbu::invoice {
namespace {

using engine::throw_if_failed;
using engine::Unit;
using store::Value;

const store::Sql write_app_sql{
    "INSERT INTO invoice_apps (id, fields) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET fields = "
    "excluded.fields"};

}  // namespace

State::State(ledger::Book& book, payment::State& payments, AppBoard* board, WebhookKeys* keys,
             Surroundings surroundings)
    : book_(book),
      payments_(payments),
      board_(board),
      keys_(keys),
      surroundings_(surroundings),
      tables_(std::make_unique<Tables>()) {
  payments_.listen(payment::Door::invoice, *this);
}
State::~State() = default;

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

void State::prefetch(Unit& unit) {
  tables_->visit([&](auto& table) { table.prefetch(unit.session()); });
}

void State::flush(Unit& unit) {
  store::Session& session = unit.session();
  tables_->visit([&](auto& table) { table.flush(session); });
  for (const AppId id : tables_->changed_apps) {
    const Bytes fields = ledger::encode_fields(apps_->by_id.at(id));
    throw_if_failed(session.execute(write_app_sql, {Value::number(id), Value::blob(fields)}));
  }
}

void State::committed() {
  tables_->visit([](auto& table) { table.committed(); });
  tables_->changed_apps.clear();
  if (apps_changed_ && board_ != nullptr) board_->publish(apps_);
  apps_changed_ = false;
}

void State::discard() {
  tables_->visit([](auto& table) { table.discard(); });
  tables_->changed_apps.clear();
  apps_ = std::make_shared<Apps>();
  apps_changed_ = false;
}

void State::load(Unit& unit) {
  if (keys_ != nullptr) throw_if_failed(keys_->load(unit.session()));
  const auto apps = all_apps(unit.session());
  if (!apps) throw engine::StoreFailure(apps.error());
  apps_ = std::make_shared<Apps>(**apps);
  if (board_ != nullptr) board_->publish(apps_);
}

void State::keys_of(const engine::Record& record, std::vector<engine::KeyDigest>& out) const {
  if (const Keyed keyed = keyed_of(record); !keyed.key.empty()) out.push_back(idempotency_digest(keyed));
  if (record.kind != invoice_created_kind) return;
  const auto created = said<InvoiceCreated>(record);
  if (!created->form.request_id.empty())
    out.push_back(request_digest(created->keyed.app, created->form.request_id, created->by_browser));
}

}  // namespace jangbu::invoice
