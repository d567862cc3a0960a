// Reads of orders, requests to cancel, and products.
#include <algorithm>
#include <optional>

#include "base/ascii.h"
#include "invoice/columns.h"
#include "invoice/messages.h"
#include "invoice/paging.h"
#include "invoice/queries_rows.h"
#include "invoice/wire_names.h"

namespace jangbu::invoice {
namespace {

using store::Row;
using store::Session;
using store::Value;

constexpr std::uint64_t max_cancels = 100;

const store::Sql order_sql{"SELECT " JANGBU_INVOICE_ORDER_COLUMNS " FROM invoice_orders WHERE number = $1"};
const store::Sql scan_orders_sql{"SELECT number, " JANGBU_INVOICE_ORDER_COLUMNS
                                 " FROM invoice_orders WHERE app = $1 ORDER BY number DESC LIMIT $2"};
const store::Sql count_orders_sql{"SELECT count(*) FROM invoice_orders WHERE app = $1"};
const store::Sql page_orders_sql{
    "SELECT number FROM invoice_orders WHERE app = $1 ORDER BY number DESC LIMIT $2 OFFSET $3"};
const store::Sql search_sql{"SELECT user_id, search FROM invoice_invoices WHERE number = $1"};
const store::Sql cancel_sql{"SELECT " JANGBU_INVOICE_CANCEL_COLUMNS
                            " FROM invoice_cancels WHERE number = $1"};
const store::Sql cancels_sql{"SELECT number, " JANGBU_INVOICE_CANCEL_COLUMNS
                             " FROM invoice_cancels WHERE app = $1 ORDER BY number DESC LIMIT $2"};
const store::Sql cancels_of_order_sql{
    "SELECT number, " JANGBU_INVOICE_CANCEL_COLUMNS
    " FROM invoice_cancels WHERE order_number = $1 ORDER BY number DESC LIMIT "
    "$2"};
const store::Sql product_sql{"SELECT " JANGBU_INVOICE_PRODUCT_COLUMNS
                             " FROM invoice_products WHERE number = $1"};
const store::Sql product_id_sql{"SELECT number FROM invoice_product_ids WHERE app = $1 AND product_id = $2"};
const store::Sql products_sql{
    "SELECT number, " JANGBU_INVOICE_PRODUCT_COLUMNS
    " FROM invoice_products WHERE app = $1 AND deleted = 0 ORDER BY number DESC LIMIT $2"};

const store::Sql count_products_sql{"SELECT count(*) FROM invoice_products WHERE app = $1 AND deleted = 0"};
const store::Sql page_products_sql{
    "SELECT number FROM invoice_products WHERE app = $1 AND deleted = 0 ORDER BY number DESC LIMIT $2 OFFSET "
    "$3"};

template <typename T>
Result<T> record_of(Session& session, std::uint64_t number) {
  ASSIGN_OR_RETURN(const engine::Record record, engine::load_record(session, number));
  return ledger::decode_fields<T>(record.payload);
}

bool fits(const OrderRow& order, const OrderList& list) {
  if (list.from && order.purchased_at < *list.from) return false;
  if (list.to && order.purchased_at >= *list.to) return false;
  return list.statuses.empty() ||
         std::find(list.statuses.begin(), list.statuses.end(), status_number(order)) != list.statuses.end();
}

/// Whether the invoice of an order is of the user and has the keyword.
Result<bool> fits_invoice(Session& session, const OrderRow& order, const OrderList& list) {
  if (list.keyword.empty() && list.user_id.empty()) return true;
  bool does = false;
  RETURN_IF_ERROR(session.query(search_sql, {Value::number(order.invoice)}, [&](const Row& row) {
    does = (list.user_id.empty() || row.bytes(0) == list.user_id) &&
           (list.keyword.empty() || row.bytes(1).find(list.keyword) != ByteView::npos);
    return false;
  }));
  return does;
}

Result<OrderView> order_view(Session& session, OrderNumber number, InvoiceNumber invoice) {
  ASSIGN_OR_RETURN(InvoiceView view, invoice_by_number(session, invoice));
  return OrderView{number, std::move(view)};
}

Result<CancelView> cancel_view(Session& session, CancelNumber number, const CancelRow& row) {
  ASSIGN_OR_RETURN(const engine::Record record, engine::load_record(session, row.record));
  CancelView view{number, row, {}};
  view.part = cancel_part_of(record);
  return view;
}

Result<ProductView> product_view(Session& session, ProductNumber number, const ProductRow& row) {
  ASSIGN_OR_RETURN(const engine::Record record, engine::load_record(session, row.record));
  ASSIGN_OR_RETURN(ProductSet set, ledger::decode_fields<ProductSet>(record.payload));
  return ProductView{number, set.created_at, set.updated_at, std::move(set.product)};
}

Result<std::optional<ProductRow>> product_row(Session& session, ProductNumber number) {
  std::optional<ProductRow> found;
  if (number > INT64_MAX) return found;
  RETURN_IF_ERROR(session.query(product_sql, {Value::number(number)}, [&](const Row& row) {
    found = read_product(row, 0);
    return false;
  }));
  return found;
}

}  // namespace

// ---- orders

Result<std::optional<OrderRow>> order_row(Session& session, OrderNumber number) {
  std::optional<OrderRow> found;
  if (number > INT64_MAX) return found;
  RETURN_IF_ERROR(session.query(order_sql, {Value::number(number)}, [&](const Row& row) {
    found = read_order(row, 0);
    return false;
  }));
  return found;
}

Result<OrderNumber> order_number(Session& session, AppId app, std::string_view id) {
  const OrderNumber number = number_of_id(IdKind::order, id).value_or(order_number_of(id));
  ASSIGN_OR_RETURN(const std::optional<OrderRow> row, order_row(session, number));
  if (!row || row->app != app) return Errc::order_not_found;
  if (id != order_code(number, row->purchased_at) &&
      id != object_id(IdKind::order, row->purchased_at, number))
    return Errc::order_not_found;
  return number;
}

Result<OrderView> order_of_app(Session& session, AppId app, std::string_view id) {
  ASSIGN_OR_RETURN(const OrderNumber number, order_number(session, app, id));
  ASSIGN_OR_RETURN(const std::optional<OrderRow> row, order_row(session, number));
  return order_view(session, number, row->invoice);
}

namespace {

Result<Numbers> find_orders(Session& session, AppId app, const OrderList& list) {
  if (!list.has_filter())
    return page_in_index(session, count_orders_sql, page_orders_sql, {Value::number(app)}, slice_of(list));
  Numbers page;
  std::uint64_t scanned = 0;
  Status read;
  const std::uint64_t skipped = (list.page - 1) * list.limit;
  RETURN_IF_ERROR(session.query(scan_orders_sql, {Value::number(app), Value::number(max_scanned + 1)},
                                [&](const Row& row) {
                                  if (++scanned > max_scanned) {
                                    page.complete = false;
                                    return false;
                                  }
                                  const OrderNumber number = row.number(0);
                                  const OrderRow order = read_order(row, 1);
                                  if (!fits(order, list)) return true;
                                  const auto does = fits_invoice(session, order, list);
                                  if (!does) {
                                    read = does.error();
                                    return false;
                                  }
                                  if (!*does) return true;
                                  if (page.count >= skipped && page.items.size() < list.limit)
                                    page.items.push_back(number);
                                  ++page.count;
                                  return true;
                                }));
  RETURN_IF_ERROR(read);
  return page;
}

}  // namespace

Result<Page<OrderView>> orders_of_app(Session& session, AppId app, const OrderList& list) {
  ASSIGN_OR_RETURN(const Numbers found, find_orders(session, app, list));
  Page<OrderView> page;
  page.count = found.count;
  page.complete = found.complete;
  for (const OrderNumber number : found.items) {
    ASSIGN_OR_RETURN(const std::optional<OrderRow> row, order_row(session, number));
    ASSIGN_OR_RETURN(OrderView view, order_view(session, number, row->invoice));
    page.items.push_back(std::move(view));
  }
  return page;
}

// ---- requests to cancel

Result<std::pair<CancelNumber, AppId>> cancel_of_id(Session& session, std::string_view id) {
  const auto number = number_of_id(IdKind::cancel, id);
  if (!number || *number > INT64_MAX) return Errc::cancel_not_found;
  Result<std::pair<CancelNumber, AppId>> found = Errc::cancel_not_found;
  RETURN_IF_ERROR(session.query(cancel_sql, {Value::number(*number)}, [&](const Row& row) {
    const CancelRow cancel = read_cancel(row, 0);
    if (object_id(IdKind::cancel, cancel.made_at, *number) == id) found = std::pair(*number, cancel.app);
    return false;
  }));
  return found;
}

Result<CancelNumber> cancel_number(Session& session, AppId app, std::string_view id) {
  ASSIGN_OR_RETURN(const auto found, cancel_of_id(session, id));
  if (found.second != app) return Errc::cancel_not_found;
  return found.first;
}

Result<std::vector<CancelView>> cancels_of_app(Session& session, AppId app, std::string_view order) {
  std::vector<std::pair<CancelNumber, CancelRow>> rows;
  const auto collect = [&](const Row& row) {
    rows.emplace_back(row.number(0), read_cancel(row, 1));
    return true;
  };
  if (order.empty()) {
    RETURN_IF_ERROR(session.query(cancels_sql, {Value::number(app), Value::number(max_cancels)}, collect));
  } else {
    ASSIGN_OR_RETURN(const OrderNumber number, order_number(session, app, order));
    RETURN_IF_ERROR(
        session.query(cancels_of_order_sql, {Value::number(number), Value::number(max_cancels)}, collect));
  }
  std::vector<CancelView> views;
  for (const auto& [number, row] : rows) {
    ASSIGN_OR_RETURN(CancelView view, cancel_view(session, number, row));
    views.push_back(std::move(view));
  }
  return views;
}

// ---- products

Result<ProductNumber> product_number(Session& session, AppId app, std::string_view id) {
  ProductNumber number = 0;
  RETURN_IF_ERROR(session.query(product_id_sql, {Value::number(app), Value::blob(id)}, [&](const Row& row) {
    number = row.number(0);
    return false;
  }));
  const bool is_ours = number == 0;
  if (is_ours) number = number_of_id(IdKind::product, id).value_or(0);
  ASSIGN_OR_RETURN(const std::optional<ProductRow> row, product_row(session, number));
  if (!row || row->app != app || row->deleted) return Errc::product_not_found;
  if (is_ours && object_id(IdKind::product, row->created_at, number) != id) return Errc::product_not_found;
  return number;
}

Result<ProductView> product_of_app(Session& session, AppId app, std::string_view id) {
  ASSIGN_OR_RETURN(const ProductNumber number, product_number(session, app, id));
  ASSIGN_OR_RETURN(const std::optional<ProductRow> row, product_row(session, number));
  return product_view(session, number, *row);
}

namespace {

/// What fits among the newest products: their names stand in their records.
Result<Page<ProductView>> search_products(Session& session, AppId app, const ProductList& list) {
  std::vector<std::pair<ProductNumber, ProductRow>> rows;
  Page<ProductView> page;
  RETURN_IF_ERROR(
      session.query(products_sql, {Value::number(app), Value::number(max_scanned + 1)}, [&](const Row& row) {
        rows.emplace_back(row.number(0), read_product(row, 1));
        return true;
      }));
  page.complete = rows.size() <= max_scanned;
  if (!page.complete) rows.resize(max_scanned);
  const Slice slice = slice_of(list);
  for (const auto& [number, row] : rows) {
    ASSIGN_OR_RETURN(ProductView view, product_view(session, number, row));
    const bool fits =
        (list.seller_id.empty() || view.product.seller_id == list.seller_id) &&
        (list.keyword.empty() || to_lower(view.product.name).find(list.keyword) != std::string::npos);
    if (!fits) continue;
    if (page.count >= slice.skipped && page.items.size() < slice.limit) page.items.push_back(std::move(view));
    ++page.count;
  }
  return page;
}

}  // namespace

Result<Page<ProductView>> products_of_app(Session& session, AppId app, const ProductList& list) {
  if (!list.keyword.empty() || !list.seller_id.empty()) return search_products(session, app, list);
  ASSIGN_OR_RETURN(const Numbers found, page_in_index(session, count_products_sql, page_products_sql,
                                                      {Value::number(app)}, slice_of(list)));
  Page<ProductView> page;
  page.count = found.count;
  for (const ProductNumber number : found.items) {
    ASSIGN_OR_RETURN(const std::optional<ProductRow> row, product_row(session, number));
    ASSIGN_OR_RETURN(ProductView view, product_view(session, number, *row));
    page.items.push_back(std::move(view));
  }
  return page;
}

}  // namespace jangbu::invoice
