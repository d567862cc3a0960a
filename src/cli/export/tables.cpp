// Exports of tables: one statement each, read by number.
#include "cli/export/table_source.h"
#include "delivery/admin_read.h"
#include "delivery/queries.h"
#include "hub/wire.h"
#include "invoice/rows.h"
#include "invoice/subscription_rows.h"
#include "invoice/wire_names.h"
#include "ledger/queries.h"

namespace jangbu::cli {
namespace {

using store::Row;
using store::Sql;

// ---- the ledger

const Sql accounts_last{"SELECT COALESCE(MAX(ref), 0) FROM ledger_accounts"};
const Sql accounts_page{
    "SELECT ref, name, currency, floor, posted, held FROM ledger_accounts WHERE ref > $1 AND ref <= $2 "
    "ORDER BY ref LIMIT $3"};

std::unique_ptr<ExportSource> accounts() {
  return std::make_unique<TableSource>(
      TableList{{"ref", "name", "currency", "floor", "posted", "held", "available"},
                accounts_last,
                accounts_page,
                [](std::uint64_t number, Columns& row) -> std::vector<Cell> {
                  ledger::Account account;
                  account.name = row.text();
                  account.currency = row.text();
                  account.floor = static_cast<ledger::Floor>(row.number());
                  account.posted = row.money();
                  account.held = row.money();
                  const auto amount = [&](Money value) {
                    return Decimal{ledger::amount_text(value, account.currency)};
                  };
                  return {number,
                          account.name,
                          account.currency,
                          std::string(account.floor == ledger::Floor::zero ? "zero" : "none"),
                          amount(account.posted),
                          amount(account.held),
                          amount(account.available())};
                }});
}

// ---- the hub

const Sql orders_last{"SELECT COALESCE(MAX(number), 0) FROM hub_orders"};
const Sql orders_page{
    "SELECT o.number, c.reference, o.app, o.status, c.name, c.amount, c.currency, c.refunded, c.buyer_name, "
    "c.buyer_email, c.buyer_phone, o.paid_at, o.attention, o.record FROM hub_orders o JOIN "
    "payment_checkouts c ON c.number = o.checkout WHERE o.number > $1 AND o.number <= $2 ORDER BY o.number "
    "LIMIT $3"};

std::unique_ptr<ExportSource> orders() {
  return std::make_unique<TableSource>(
      TableList{{"number", "order_code", "app", "status", "product_name", "amount", "currency", "refunded",
                 "buyer_name", "buyer_email", "buyer_phone", "paid_at", "attention", "record"},
                orders_last,
                orders_page,
                [](std::uint64_t number, Columns& row) -> std::vector<Cell> {
                  std::string code = row.text();
                  const std::uint64_t app = row.number();
                  const auto status = static_cast<hub::OrderStatus>(row.number());
                  std::string name = row.text();
                  const Money amount = row.money();
                  std::string currency = row.text();
                  const Money refunded = row.money();
                  std::string buyer_name = row.text();
                  std::string buyer_email = row.text();
                  std::string buyer_phone = row.text();
                  const Instant paid_at = row.instant();
                  const auto attention = static_cast<hub::Attention>(row.number());
                  return {number,
                          std::move(code),
                          app,
                          std::string(hub::order_status_name(status)),
                          std::move(name),
                          Decimal{amount.to_units_text()},
                          std::move(currency),
                          Decimal{refunded.to_units_text()},
                          std::move(buyer_name),
                          std::move(buyer_email),
                          std::move(buyer_phone),
                          instant_cell(paid_at),
                          text_cell(hub::attention_name(attention)),
                          row.number()};
                }});
}

const Sql campaigns_last{"SELECT COALESCE(MAX(id), 0) FROM hub_campaigns"};
const Sql campaigns_page{
    "SELECT id, app, ordinal, partner, shown, start_at, end_at, due_at, reward, offers, held, paid, "
    "order_number, record, updated_at FROM hub_campaigns WHERE id > $1 AND id <= $2 ORDER BY id LIMIT $3"};

std::unique_ptr<ExportSource> campaigns() {
  return std::make_unique<TableSource>(
      TableList{{"number", "app", "campaign_id", "partner", "status", "start_at", "end_at", "due_at",
                 "reward", "offers", "held", "paid", "order", "record", "updated_at"},
                campaigns_last,
                campaigns_page,
                [](std::uint64_t number, Columns& row) -> std::vector<Cell> {
                  const std::uint64_t app = row.number();
                  const std::uint64_t ordinal = row.number();
                  const std::uint64_t partner = row.number();
                  const auto shown = static_cast<hub::Shown>(row.number());
                  const Instant start_at = row.instant();
                  const Instant end_at = row.instant();
                  const Instant due_at = row.instant();
                  const Money reward = row.money();
                  const std::uint64_t offers = row.number();
                  const Money held = row.money();
                  const std::uint64_t paid = row.number();
                  const std::uint64_t order = row.number();
                  const std::uint64_t record = row.number();
                  return {number,
                          app,
                          ordinal,
                          partner,
                          std::string(hub::shown_name(shown)),
                          instant_cell(start_at),
                          instant_cell(end_at),
                          instant_cell(due_at),
                          Decimal{reward.to_units_text()},
                          offers,
                          Decimal{held.to_units_text()},
                          paid,
                          number_cell(order),
                          record,
                          instant_cell(row.instant())};
                }});
}

// ---- invoices

const Sql invoices_last{"SELECT COALESCE(MAX(number), 0) FROM invoice_invoices"};
const Sql invoices_page{
    "SELECT i.number, i.app, i.status, i.created_at, c.name, c.amount, c.currency, c.refunded, i.user_id, "
    "i.paid_at, i.order_number, i.record FROM invoice_invoices i JOIN payment_checkouts c ON c.number = "
    "i.checkout WHERE i.number > $1 AND i.number <= $2 ORDER BY i.number LIMIT $3"};

std::unique_ptr<ExportSource> invoices() {
  return std::make_unique<TableSource>(
      TableList{{"number", "invoice_id", "app", "status", "created_at", "title", "amount", "currency",
                 "refunded", "user_id", "paid_at", "order", "record"},
                invoices_last,
                invoices_page,
                [](std::uint64_t number, Columns& row) -> std::vector<Cell> {
                  const std::uint64_t app = row.number();
                  const auto status = static_cast<invoice::InvoiceStatus>(row.number());
                  const Instant created_at = row.instant();
                  std::string title = row.text();
                  const Money amount = row.money();
                  std::string currency = row.text();
                  const Money refunded = row.money();
                  std::string user_id = row.text();
                  const Instant paid_at = row.instant();
                  const std::uint64_t order = row.number();
                  return {number,
                          invoice::object_id(invoice::IdKind::invoice, created_at, number),
                          app,
                          std::string(invoice::status_name(status)),
                          instant_cell(created_at),
                          std::move(title),
                          Decimal{amount.to_units_text()},
                          std::move(currency),
                          Decimal{refunded.to_units_text()},
                          text_cell(user_id),
                          instant_cell(paid_at),
                          number_cell(order),
                          row.number()};
                }});
}

std::string_view bill_status_name(invoice::BillStatus status) {
  using invoice::BillStatus;
  switch (status) {
    case BillStatus::ready:
      return "ready";
    case BillStatus::charging:
      return "charging";
    case BillStatus::done:
      return "done";
    case BillStatus::failed:
      return "failed";
    case BillStatus::cancelled:
      return "cancelled";
    case BillStatus::terminated:
      return "terminated";
  }
  return "unknown";
}

const Sql bills_last{"SELECT COALESCE(MAX(number), 0) FROM invoice_subscription_bills"};
const Sql bills_page{
    "SELECT number, app, subscription, month, status, amount, refunded, tries, made_at, due_at, paid_at, "
    "failed_at, code, record FROM invoice_subscription_bills WHERE number > $1 AND number <= $2 ORDER BY "
    "number LIMIT $3"};

std::unique_ptr<ExportSource> bills() {
  return std::make_unique<TableSource>(
      TableList{{"number", "bill_id", "app", "subscription", "month", "status", "amount", "currency",
                 "refunded", "tries", "made_at", "due_at", "paid_at", "failed_at", "code", "record"},
                bills_last,
                bills_page,
                [](std::uint64_t number, Columns& row) -> std::vector<Cell> {
                  const std::uint64_t app = row.number();
                  const std::uint64_t subscription = row.number();
                  const std::uint64_t month = row.number();
                  const auto status = static_cast<invoice::BillStatus>(row.number());
                  const Money amount = row.money();
                  const Money refunded = row.money();
                  const std::uint64_t tries = row.number();
                  const Instant made_at = row.instant();
                  const Instant due_at = row.instant();
                  const Instant paid_at = row.instant();
                  const Instant failed_at = row.instant();
                  std::string code = row.text();
                  return {number,
                          invoice::object_id(invoice::IdKind::bill, made_at, number),
                          app,
                          subscription,
                          number_cell(month),
                          std::string(bill_status_name(status)),
                          Decimal{amount.to_units_text()},
                          std::string(invoice::won),
                          Decimal{refunded.to_units_text()},
                          tries,
                          instant_cell(made_at),
                          instant_cell(due_at),
                          instant_cell(paid_at),
                          instant_cell(failed_at),
                          text_cell(code),
                          row.number()};
                }});
}

// ---- deliveries

const Sql deliveries_last{"SELECT COALESCE(MAX(id), 0) FROM engine_outbox"};

/// What the postman delivers, and how far it came.
class Deliveries final : public ExportSource {
 public:
  [[nodiscard]] std::span<const std::string_view> columns() const override {
    static constexpr std::string_view names[] = {"id",       "at",     "kind",        "topic",
                                                 "document", "status", "finished_at", "record"};
    return names;
  }
  Result<std::uint64_t> last(store::Session& session) override {
    std::uint64_t last = 0;
    RETURN_IF_ERROR(session.query(deliveries_last, {}, [&](const Row& row) {
      last = row.number(0);
      return false;
    }));
    return last;
  }
  Result<std::uint64_t> page(store::Session& session, std::uint64_t after, std::uint64_t last,
                             const PutRow& put) override {
    ASSIGN_OR_RETURN(const auto rows, delivery::read_after(session, after, page_rows));
    for (const delivery::DeliveryRow& row : rows) {
      const engine::PlacedEvent& placed = row.event;
      if (placed.id > last) return last;
      const auto channel = delivery::channel_of(placed.event.destination);
      const Cell cells[] = {placed.id,
                            instant_cell(placed.at),
                            channel ? text_cell(delivery::channel_name(*channel)) : Cell(),
                            text_cell(placed.event.topic),
                            text_cell(placed.event.document),
                            std::string(delivery::state_name(row.state)),
                            instant_cell(row.finished_at),
                            placed.record};
      RETURN_IF_ERROR(put(cells));
    }
    return rows.size() < static_cast<std::size_t>(page_rows) ? last : rows.back().event.id;
  }
};

std::unique_ptr<ExportSource> deliveries() { return std::make_unique<Deliveries>(); }

}  // namespace

std::span<const ExportList> export_lists() {
  static constexpr ExportList lists[] = {
      {"entries", "Every posting and hold of the ledger, with the record that made it", export_entries},
      {"accounts", "The accounts of the ledger with their balances", accounts},
      {"purchases", "The signed transactions of the purchase door", export_purchases},
      {"orders", "The orders of the hub", orders},
      {"campaigns", "The campaigns of the hub", campaigns},
      {"invoices", "The invoices of the invoice door", invoices},
      {"bills", "The bills of subscriptions", bills},
      {"conversions", "The conversions of the affiliate door", export_conversions},
      {"deliveries", "Webhooks, postbacks, mail and messages", deliveries},
  };
  return lists;
}

}  // namespace jangbu::cli
