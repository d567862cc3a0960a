#include "invoice/subscription_tables.h"

#include <array>

#include "ledger/columns.h"
#include "ledger/fields.h"

namespace jangbu::invoice {
namespace {

using engine::code;
using engine::flag;
using engine::moment;
using engine::read_code;
using engine::read_flag;
using engine::read_moment;
using ledger::MoneyColumn;
using ledger::read_money;
using store::Value;

}  // namespace

SubscriptionRow read_subscription(const store::Row& row, int first) {
  SubscriptionRow read;
  int at = first;
  read.app = row.number(at++);
  read.ordinal = row.number(at++);
  read.status = read_code<SubscriptionStatus>(row, at++);
  read.invoice = row.number(at++);
  read.order = row.number(at++);
  read.card = row.number(at++);
  read.month = static_cast<std::uint32_t>(row.number(at++));
  read.last_bill = row.number(at++);
  read.ready = row.number(at++);
  read.failed = row.number(at++);
  read.request = row.number(at++);
  read.started_at = read_moment(row, at++);
  read.paid_at = read_moment(row, at++);
  read.failed_at = read_moment(row, at++);
  read.wakes_at = read_moment(row, at++);
  read.ended_at = read_moment(row, at++);
  read.paused_at = read_moment(row, at++);
  read.rested = Duration{row.integer(at++)};
  read.card_pages_from = row.number(at++);
  read.hook = read_flag(row, at++);
  read.user_id = row.bytes(at++);
  read.search = row.bytes(at++);
  INVARIANT(ledger::decode_fields_into(row.bytes(at), read.terms).ok(), "the terms of a subscription read");
  return read;
}

BillRow read_bill(const store::Row& row, int first) {
  BillRow read;
  int at = first;
  read.app = row.number(at++);
  read.subscription = row.number(at++);
  read.month = static_cast<std::uint32_t>(row.number(at++));
  read.kind = read_code<BillKind>(row, at++);
  read.status = read_code<BillStatus>(row, at++);
  read.amount = read_money(row, at++);
  read.refunded = read_money(row, at++);
  read.checkout = row.number(at++);
  read.attempt = row.number(at++);
  read.tries = static_cast<std::uint32_t>(row.number(at++));
  read.made_at = read_moment(row, at++);
  read.due_at = read_moment(row, at++);
  read.retry_at = read_moment(row, at++);
  read.paid_at = read_moment(row, at++);
  read.failed_at = read_moment(row, at++);
  read.code = row.bytes(at++);
  read.record = row.number(at);
  return read;
}

ChangeRow read_change(const store::Row& row, int first) {
  ChangeRow read;
  int at = first;
  read.app = row.number(at++);
  read.subscription = row.number(at++);
  read.type = read_code<ChangeType>(row, at++);
  read.status = read_code<ChangeStatus>(row, at++);
  read.record = row.number(at++);
  read.made_at = read_moment(row, at++);
  read.closed_at = read_moment(row, at);
  return read;
}

const store::Sql SubscriptionTraits::load{"SELECT " JANGBU_SUBSCRIPTION_COLUMNS
                                          " FROM invoice_subscriptions WHERE number = $1"};
const store::Sql SubscriptionTraits::upsert{
    "INSERT INTO invoice_subscriptions (number, " JANGBU_SUBSCRIPTION_COLUMNS
    ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, "
    "$21, $22, $23, $24) "
    "ON CONFLICT (number) DO UPDATE SET status = excluded.status, card = excluded.card, month = "
    "excluded.month, last_bill = excluded.last_bill, ready = excluded.ready, failed = excluded.failed, "
    "request "
    "= excluded.request, paid_at = excluded.paid_at, failed_at = excluded.failed_at, wakes_at = "
    "excluded.wakes_at, ended_at = excluded.ended_at, paused_at = excluded.paused_at, rested = "
    "excluded.rested, card_pages_from = excluded.card_pages_from, user_id = excluded.user_id, search = "
    "excluded.search, "
    "terms = excluded.terms"};
Status SubscriptionTraits::write(store::Session& session, const Key& key, const Row& row) {
  const Bytes terms = ledger::encode_fields(row.terms);
  return session.execute(upsert, {Value::number(key),
                                  Value::number(row.app),
                                  Value::number(row.ordinal),
                                  code(row.status),
                                  Value::number(row.invoice),
                                  Value::number(row.order),
                                  Value::number(row.card),
                                  Value::number(row.month),
                                  Value::number(row.last_bill),
                                  Value::number(row.ready),
                                  Value::number(row.failed),
                                  Value::number(row.request),
                                  moment(row.started_at),
                                  moment(row.paid_at),
                                  moment(row.failed_at),
                                  moment(row.wakes_at),
                                  moment(row.ended_at),
                                  moment(row.paused_at),
                                  Value::integer(row.rested.us),
                                  Value::number(row.card_pages_from),
                                  flag(row.hook),
                                  Value::blob(row.user_id),
                                  Value::blob(row.search),
                                  Value::blob(terms)});
}

const store::Sql BillTraits::load{"SELECT " JANGBU_BILL_COLUMNS
                                  " FROM invoice_subscription_bills WHERE number = $1"};
const store::Sql BillTraits::upsert{
    "INSERT INTO invoice_subscription_bills (number, " JANGBU_BILL_COLUMNS
    ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18) ON CONFLICT "
    "(number) DO UPDATE SET status = excluded.status, amount = excluded.amount, refunded = "
    "excluded.refunded, "
    "checkout = excluded.checkout, attempt = excluded.attempt, tries = excluded.tries, due_at = "
    "excluded.due_at, retry_at = excluded.retry_at, paid_at = excluded.paid_at, failed_at = "
    "excluded.failed_at, code = excluded.code, record = excluded.record"};
Status BillTraits::write(store::Session& session, const Key& key, const Row& row) {
  return session.execute(
      upsert, {Value::number(key), Value::number(row.app), Value::number(row.subscription),
               Value::number(row.month), code(row.kind), code(row.status), MoneyColumn(row.amount),
               MoneyColumn(row.refunded), Value::number(row.checkout), Value::number(row.attempt),
               Value::number(row.tries), moment(row.made_at), moment(row.due_at), moment(row.retry_at),
               moment(row.paid_at), moment(row.failed_at), Value::blob(row.code), Value::number(row.record)});
}

const store::Sql ChangeTraits::load{"SELECT " JANGBU_CHANGE_COLUMNS
                                    " FROM invoice_subscription_changes WHERE number = $1"};
const store::Sql ChangeTraits::upsert{
    "INSERT INTO invoice_subscription_changes (number, " JANGBU_CHANGE_COLUMNS
    ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (number) DO UPDATE SET status = excluded.status, "
    "closed_at = excluded.closed_at"};
Status ChangeTraits::write(store::Session& session, const Key& key, const Row& row) {
  return session.execute(
      upsert, {Value::number(key), Value::number(row.app), Value::number(row.subscription), code(row.type),
               code(row.status), Value::number(row.record), moment(row.made_at), moment(row.closed_at)});
}

const store::Sql SubscriptionTotalTraits::load{
    "SELECT total FROM invoice_subscription_totals WHERE app = $1"};
const store::Sql SubscriptionTotalTraits::upsert{
    "INSERT INTO invoice_subscription_totals (app, total) VALUES ($1, $2) ON CONFLICT (app) DO UPDATE SET "
    "total = excluded.total"};
Status SubscriptionTotalTraits::write(store::Session& session, const Key& key, const Row& row) {
  return session.execute(upsert, {Value::number(key), Value::number(row)});
}

const store::Sql overdue_sql{
    "SELECT * FROM (SELECT due_at, number FROM invoice_subscription_bills WHERE app = $1 AND status = 1 AND "
    "due_at = $2 AND number > $3 ORDER BY number LIMIT $4) AS same UNION ALL SELECT * FROM (SELECT due_at, "
    "number "
    "FROM invoice_subscription_bills WHERE app = $1 AND status = 1 AND due_at > $2 AND due_at <= $5 ORDER BY "
    "due_at, number LIMIT $4) AS later ORDER BY 1, 2 LIMIT $4"};
const store::Sql overdue_again_sql{
    "SELECT * FROM (SELECT retry_at, number FROM invoice_subscription_bills WHERE app = $1 AND status = 4 "
    "AND "
    "retry_at = $2 AND number > $3 ORDER BY number LIMIT $4) AS same UNION ALL SELECT * FROM (SELECT "
    "retry_at, "
    "number FROM invoice_subscription_bills WHERE app = $1 AND status = 4 AND retry_at > $2 AND retry_at <= "
    "$5 "
    "ORDER BY retry_at, number LIMIT $4) AS later ORDER BY 1, 2 LIMIT $4"};

std::span<const store::Migration> SubscriptionBook::migrations() const {
  static constexpr std::array list = {store::Migration{"invoice_subscriptions", 1, R"sql(
CREATE TABLE invoice_subscriptions (
  number {ROWID_KEY},
  app BIGINT NOT NULL,
  ordinal BIGINT NOT NULL,
  status BIGINT NOT NULL,
  invoice BIGINT NOT NULL,
  order_number BIGINT NOT NULL,
  card BIGINT NOT NULL,
  month BIGINT NOT NULL,
  last_bill BIGINT NOT NULL,
  ready BIGINT NOT NULL,
  failed BIGINT NOT NULL,
  request BIGINT NOT NULL,
  started_at BIGINT NOT NULL,
  paid_at BIGINT NOT NULL,
  failed_at BIGINT NOT NULL,
  wakes_at BIGINT NOT NULL,
  ended_at BIGINT NOT NULL,
  hook BIGINT NOT NULL,
  user_id {BLOB} NOT NULL,
  search {BLOB} NOT NULL,
  terms {BLOB} NOT NULL
);
CREATE INDEX invoice_subscriptions_app ON invoice_subscriptions (app, ordinal);
CREATE INDEX invoice_subscriptions_user ON invoice_subscriptions (app, user_id, ordinal);
CREATE INDEX invoice_subscriptions_order ON invoice_subscriptions (order_number);
CREATE TABLE invoice_subscription_bills (
  number {ROWID_KEY},
  app BIGINT NOT NULL,
  subscription BIGINT NOT NULL,
  month BIGINT NOT NULL,
  kind BIGINT NOT NULL,
  status BIGINT NOT NULL,
  amount {BLOB} NOT NULL,
  refunded {BLOB} NOT NULL,
  checkout BIGINT NOT NULL,
  attempt BIGINT NOT NULL,
  tries BIGINT NOT NULL,
  made_at BIGINT NOT NULL,
  due_at BIGINT NOT NULL,
  retry_at BIGINT NOT NULL,
  paid_at BIGINT NOT NULL,
  failed_at BIGINT NOT NULL,
  code {BLOB} NOT NULL,
  record BIGINT NOT NULL
);
CREATE INDEX invoice_subscription_bills_app ON invoice_subscription_bills (app, number);
CREATE INDEX invoice_subscription_bills_of ON invoice_subscription_bills (subscription, number);
CREATE TABLE invoice_subscription_changes (
  number {ROWID_KEY},
  app BIGINT NOT NULL,
  subscription BIGINT NOT NULL,
  type BIGINT NOT NULL,
  status BIGINT NOT NULL,
  record BIGINT NOT NULL,
  made_at BIGINT NOT NULL,
  closed_at BIGINT NOT NULL
);
CREATE INDEX invoice_subscription_changes_app ON invoice_subscription_changes (app, number);
CREATE TABLE invoice_subscription_totals (
  app {ROWID_KEY},
  total BIGINT NOT NULL
);
)sql"},
                                      // Few bills have failed, and few changes wait.
                                      store::Migration{"invoice_subscriptions", 2, R"sql(
CREATE INDEX invoice_subscription_bills_failed ON invoice_subscription_bills (number) WHERE status = 4;
CREATE INDEX invoice_subscription_changes_waiting ON invoice_subscription_changes (number) WHERE status = 1;
)sql"},
                                      // What waits for a seller that is active again.
                                      store::Migration{"invoice_subscriptions", 3, R"sql(
CREATE INDEX invoice_subscription_bills_due ON invoice_subscription_bills (app, due_at, number)
  WHERE status = 1;
CREATE INDEX invoice_subscription_bills_retry ON invoice_subscription_bills (app, retry_at, number)
  WHERE status = 4;
)sql"},
                                      // Time that is paused is not used.
                                      store::Migration{"invoice_subscriptions", 4, R"sql(
ALTER TABLE invoice_subscriptions ADD COLUMN paused_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE invoice_subscriptions ADD COLUMN rested BIGINT NOT NULL DEFAULT 0;
)sql",
                                                       store::Tables::made_anew},
                                      // Lists that are narrowed by what the index itself says.
                                      store::Migration{"invoice_subscriptions", 5, R"sql(
CREATE INDEX invoice_subscriptions_status ON invoice_subscriptions (app, status, ordinal);
DROP INDEX invoice_subscription_bills_app;
CREATE INDEX invoice_subscription_bills_listed ON invoice_subscription_bills (app, number, status);
DROP INDEX invoice_subscription_changes_app;
CREATE INDEX invoice_subscription_changes_listed ON invoice_subscription_changes (app, number, status, type);
CREATE INDEX invoice_subscription_changes_of ON invoice_subscription_changes (subscription, number);
)sql"},
                                      // Of a contract that was handed on.
                                      store::Migration{"invoice_subscriptions", 6, R"sql(
ALTER TABLE invoice_subscriptions ADD COLUMN card_pages_from BIGINT NOT NULL DEFAULT 0;
)sql",
                                                       store::Tables::made_anew}};
  return list;
}

std::span<const engine::TableSpec> SubscriptionBook::tables() const {
  static constexpr std::array list = {
      engine::TableSpec{
          "invoice_subscriptions",
          "number, app, ordinal, status, invoice, order_number, card, month, last_bill, ready, failed, "
          "request, started_at, paid_at, failed_at, wakes_at, ended_at, paused_at, rested, card_pages_from, "
          "hook, user_id*, "
          "search*, terms*"},
      engine::TableSpec{
          "invoice_subscription_bills",
          "number, app, subscription, month, kind, status, amount*, refunded*, checkout, attempt, tries, "
          "made_at, due_at, retry_at, paid_at, failed_at, code*, record"},
      engine::TableSpec{"invoice_subscription_changes",
                        "number, app, subscription, type, status, record, made_at, closed_at"},
      engine::TableSpec{"invoice_subscription_totals", "app, total"},
  };
  return list;
}

}  // namespace jangbu::invoice
