#include "invoice/tables.h"

#include "ledger/columns.h"

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

const store::Sql AppsSql::load{"SELECT fields FROM invoice_apps ORDER BY id"};
const store::Sql AppsSql::upsert{
    "INSERT INTO invoice_apps (id, fields) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET fields = "
    "excluded.fields"};

InvoiceRow read_invoice(const store::Row& row, int first) {
  InvoiceRow invoice;
  invoice.app = row.number(first);
  invoice.ordinal = row.number(first + 1);
  invoice.status = read_code<InvoiceStatus>(row, first + 2);
  invoice.checkout = row.number(first + 3);
  invoice.record = row.number(first + 4);
  invoice.order = row.number(first + 5);
  invoice.created_at = read_moment(row, first + 6);
  invoice.paid_at = read_moment(row, first + 7);
  invoice.product_type = row.number(first + 8);
  invoice.hook = read_flag(row, first + 9);
  invoice.user_id = row.bytes(first + 10);
  invoice.search = row.bytes(first + 11);
  return invoice;
}

OrderRow read_order(const store::Row& row, int first) {
  OrderRow order;
  order.app = row.number(first);
  order.invoice = row.number(first + 1);
  order.refunding = row.number(first + 2);
  order.attempt = row.number(first + 3);
  order.amount = read_money(row, first + 4);
  order.refunded = read_money(row, first + 5);
  order.purchased_at = read_moment(row, first + 6);
  order.record = row.number(first + 7);
  return order;
}

CancelRow read_cancel(const store::Row& row, int first) {
  CancelRow cancel;
  cancel.app = row.number(first);
  cancel.order = row.number(first + 1);
  cancel.status = read_code<CancelStatus>(row, first + 2);
  if (!read_flag(row, first + 3)) cancel.amount = read_money(row, first + 4);
  cancel.record = row.number(first + 5);
  cancel.attempt = row.number(first + 6);
  cancel.made_at = read_moment(row, first + 7);
  cancel.closed_at = read_moment(row, first + 8);
  return cancel;
}

ProductRow read_product(const store::Row& row, int first) {
  return {row.number(first), row.number(first + 1), read_flag(row, first + 2), read_moment(row, first + 3)};
}

const store::Sql InvoiceTraits::load{"SELECT " JANGBU_INVOICE_COLUMNS
                                     " FROM invoice_invoices WHERE number = $1"};
const store::Sql InvoiceTraits::upsert{
    "INSERT INTO invoice_invoices (number, " JANGBU_INVOICE_COLUMNS
    ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT (number) DO UPDATE SET "
    "status = excluded.status, order_number = excluded.order_number, paid_at = excluded.paid_at"};
Status InvoiceTraits::write(store::Session& session, const Key& key, const Row& row) {
  return session.execute(
      upsert, {Value::number(key), Value::number(row.app), Value::number(row.ordinal), code(row.status),
               Value::number(row.checkout), Value::number(row.record), Value::number(row.order),
               moment(row.created_at), moment(row.paid_at), Value::number(row.product_type), flag(row.hook),
               Value::blob(row.user_id), Value::blob(row.search)});
}

const store::Sql OrderTraits::load{"SELECT " JANGBU_INVOICE_ORDER_COLUMNS
                                   " FROM invoice_orders WHERE number = $1"};
const store::Sql OrderTraits::upsert{
    "INSERT INTO invoice_orders (number, " JANGBU_INVOICE_ORDER_COLUMNS
    ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (number) DO UPDATE SET refunding = "
    "excluded.refunding, refunded = excluded.refunded"};
Status OrderTraits::write(store::Session& session, const Key& key, const Row& row) {
  return session.execute(upsert,
                         {Value::number(key), Value::number(row.app), Value::number(row.invoice),
                          Value::number(row.refunding), Value::number(row.attempt), MoneyColumn(row.amount),
                          MoneyColumn(row.refunded), moment(row.purchased_at), Value::number(row.record)});
}

const store::Sql CancelTraits::load{"SELECT " JANGBU_INVOICE_CANCEL_COLUMNS
                                    " FROM invoice_cancels WHERE number = $1"};
const store::Sql CancelTraits::upsert{
    "INSERT INTO invoice_cancels (number, " JANGBU_INVOICE_CANCEL_COLUMNS
    ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (number) DO UPDATE SET status = "
    "excluded.status, whole = excluded.whole, amount = excluded.amount, record = excluded.record, attempt = "
    "excluded.attempt, closed_at = excluded.closed_at"};
Status CancelTraits::write(store::Session& session, const Key& key, const Row& row) {
  return session.execute(
      upsert, {Value::number(key), Value::number(row.app), Value::number(row.order), code(row.status),
               flag(!row.amount), MoneyColumn(row.amount.value_or(Money())), Value::number(row.record),
               Value::number(row.attempt), moment(row.made_at), moment(row.closed_at)});
}

const store::Sql ProductTraits::load{"SELECT " JANGBU_INVOICE_PRODUCT_COLUMNS
                                     " FROM invoice_products WHERE number = $1"};
const store::Sql ProductTraits::upsert{
    "INSERT INTO invoice_products (number, " JANGBU_INVOICE_PRODUCT_COLUMNS
    ") VALUES ($1, $2, $3, $4, $5) ON CONFLICT (number) DO UPDATE SET record = excluded.record, deleted = "
    "excluded.deleted"};
Status ProductTraits::write(store::Session& session, const Key& key, const Row& row) {
  return session.execute(upsert, {Value::number(key), Value::number(row.app), Value::number(row.record),
                                  flag(row.deleted), moment(row.created_at)});
}

const store::Sql ProductIdTraits::load{
    "SELECT number FROM invoice_product_ids WHERE app = $1 AND product_id = $2"};
const store::Sql ProductIdTraits::upsert{
    "INSERT INTO invoice_product_ids (app, product_id, number) VALUES ($1, $2, $3) ON CONFLICT (app, "
    "product_id) DO UPDATE SET number = excluded.number"};
const store::Sql ProductIdTraits::remove{
    "DELETE FROM invoice_product_ids WHERE app = $1 AND product_id = $2"};
Status ProductIdTraits::write(store::Session& session, const Key& key, const Row& row) {
  return session.execute(upsert, {Value::number(key.first), Value::blob(key.second), Value::number(row)});
}
Status ProductIdTraits::erase(store::Session& session, const Key& key) {
  return session.execute(remove, {Value::number(key.first), Value::blob(key.second)});
}

const store::Sql SellerTraits::load{"SELECT record FROM invoice_sellers WHERE app = $1"};
const store::Sql SellerTraits::upsert{
    "INSERT INTO invoice_sellers (app, record) VALUES ($1, $2) ON CONFLICT (app) DO UPDATE SET record = "
    "excluded.record"};
Status SellerTraits::write(store::Session& session, const Key& key, const Row& row) {
  return session.execute(upsert, {Value::number(key), Value::number(row)});
}

const store::Sql NoticeTraits::load{
    "SELECT day, times FROM invoice_notices WHERE invoice = $1 AND type = $2"};
const store::Sql NoticeTraits::upsert{
    "INSERT INTO invoice_notices (invoice, type, day, times) VALUES ($1, $2, $3, $4) ON CONFLICT (invoice, "
    "type) DO UPDATE SET day = excluded.day, times = excluded.times"};
std::size_t NoticeTraits::hash(const Key& key) {
  return std::hash<InvoiceNumber>{}(key.first) * 8 + static_cast<std::size_t>(key.second);
}
std::vector<Value> NoticeTraits::key_values(const Key& key) {
  return {Value::number(key.first), code(key.second)};
}
NoticeCountRow NoticeTraits::read(const store::Row& row) { return {row.integer(0), row.number(1)}; }
Status NoticeTraits::write(store::Session& session, const Key& key, const Row& row) {
  return session.execute(upsert, {Value::number(key.first), code(key.second), Value::integer(row.day),
                                  Value::number(row.times)});
}

const store::Sql TotalTraits::load{"SELECT invoices FROM invoice_totals WHERE app = $1"};
const store::Sql TotalTraits::upsert{
    "INSERT INTO invoice_totals (app, invoices) VALUES ($1, $2) ON CONFLICT (app) DO UPDATE SET invoices = "
    "excluded.invoices"};
Status TotalTraits::write(store::Session& session, const Key& key, const Row& row) {
  return session.execute(upsert, {Value::number(key), Value::number(row)});
}

}  // namespace jangbu::invoice
