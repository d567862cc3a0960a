#include <array>

#include "invoice/state.h"

namespace jangbu::invoice {

std::span<const store::Migration> State::migrations() const {
  static constexpr std::array list = {
      store::Migration{"invoice", 1, R"sql(
CREATE TABLE invoice_apps (
  id BIGINT PRIMARY KEY,
  fields {BLOB} NOT NULL
);
CREATE TABLE invoice_products (
  number {ROWID_KEY},
  app BIGINT NOT NULL,
  record BIGINT NOT NULL,
  deleted BIGINT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE INDEX invoice_products_app ON invoice_products (app, number) WHERE deleted = 0;
-- Products by their sellers' own ids.
CREATE TABLE invoice_product_ids (
  app BIGINT NOT NULL,
  product_id {BLOB} NOT NULL,
  number BIGINT NOT NULL,
  PRIMARY KEY (app, product_id)
) {WITHOUT_ROWID};
CREATE TABLE invoice_invoices (
  number {ROWID_KEY},
  app BIGINT NOT NULL,
  ordinal BIGINT NOT NULL,
  status BIGINT NOT NULL,
  checkout BIGINT NOT NULL,
  record BIGINT NOT NULL,
  order_number BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  paid_at BIGINT NOT NULL,
  product_type BIGINT NOT NULL,
  hook BIGINT NOT NULL,
  user_id {BLOB} NOT NULL,
  search {BLOB} NOT NULL
);
CREATE INDEX invoice_invoices_app ON invoice_invoices (app, ordinal);
CREATE INDEX invoice_invoices_user ON invoice_invoices (app, user_id, ordinal);
CREATE TABLE invoice_orders (
  number {ROWID_KEY},
  app BIGINT NOT NULL,
  invoice BIGINT NOT NULL,
  refunding BIGINT NOT NULL,
  attempt BIGINT NOT NULL,
  amount {BLOB} NOT NULL,
  refunded {BLOB} NOT NULL,
  purchased_at BIGINT NOT NULL,
  record BIGINT NOT NULL
);
CREATE INDEX invoice_orders_app ON invoice_orders (app, number);
-- Requests to cancel an order; `whole` asks for all that is left, whatever `amount` says.
CREATE TABLE invoice_cancels (
  number {ROWID_KEY},
  app BIGINT NOT NULL,
  order_number BIGINT NOT NULL,
  status BIGINT NOT NULL,
  whole BIGINT NOT NULL,
  amount {BLOB} NOT NULL,
  record BIGINT NOT NULL,
  attempt BIGINT NOT NULL,
  made_at BIGINT NOT NULL,
  closed_at BIGINT NOT NULL
);
CREATE INDEX invoice_cancels_app ON invoice_cancels (app, number);
CREATE INDEX invoice_cancels_order ON invoice_cancels (order_number, number);
CREATE TABLE invoice_totals (
  app BIGINT PRIMARY KEY,
  invoices BIGINT NOT NULL
);
)sql"},
      store::Migration{"invoice", 2, R"sql(
-- The record that says how an app's seller stands on documents.
CREATE TABLE invoice_sellers (
  app BIGINT PRIMARY KEY,
  record BIGINT NOT NULL
);
)sql"},
      // Few requests wait for a supervisor.
      store::Migration{"invoice", 3, R"sql(
CREATE INDEX invoice_cancels_waiting ON invoice_cancels (number) WHERE status = 1;
)sql"},
      // Fewer still were granted and then refused by the acquirer.
      store::Migration{"invoice", 4, R"sql(
CREATE INDEX invoice_cancels_refused ON invoice_cancels (number) WHERE status = 4;
)sql"},
      // How often a customer was asked to pay an invoice over a channel, on the last day of that.
      store::Migration{"invoice", 5, R"sql(
CREATE TABLE invoice_notices (
  invoice BIGINT NOT NULL,
  type BIGINT NOT NULL,
  day BIGINT NOT NULL,
  times BIGINT NOT NULL,
  PRIMARY KEY (invoice, type)
) {WITHOUT_ROWID};
)sql",
                       store::Tables::made_anew},
  };
  return list;
}

std::span<const engine::TableSpec> State::tables() const {
  static constexpr std::array list = {
      engine::TableSpec{"invoice_apps", "id, fields*"},
      engine::TableSpec{"invoice_products", "number, app, record, deleted, created_at"},
      engine::TableSpec{"invoice_product_ids", "app, product_id*, number", 2},
      engine::TableSpec{"invoice_invoices",
                        "number, app, ordinal, status, checkout, record, order_number, created_at, paid_at, "
                        "product_type, hook, user_id*, search*"},
      engine::TableSpec{"invoice_orders",
                        "number, app, invoice, refunding, attempt, amount*, refunded*, purchased_at, record"},
      engine::TableSpec{
          "invoice_cancels",
          "number, app, order_number, status, whole, amount*, record, attempt, made_at, closed_at"},
      engine::TableSpec{"invoice_totals", "app, invoices"},
      engine::TableSpec{"invoice_sellers", "app, record"},
      engine::TableSpec{"invoice_notices", "invoice, type, day, times", 2},
  };
  return list;
}

}  // namespace jangbu::invoice
