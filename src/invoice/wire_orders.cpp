// Answers about orders, requests to cancel, and products.
#include "base/json.h"
#include "door/answer.h"
#include "invoice/wire_names.h"
#include "invoice/wire_write.h"

namespace jangbu::invoice {
namespace {

using json::Writer;

void put_order(Writer& out, const OrderView& view) {
  const InvoiceView& invoice = view.invoice;
  const OrderRow& order = *invoice.order;
  const InvoiceCreated& created = *invoice.created;
  out.begin_object();
  put_payment(out, invoice.row, invoice.order, invoice.method);
  out.key("invoice_id").string(object_id(IdKind::invoice, invoice.row.created_at, created.number));
  out.key("request_id").string(created.form.request_id);
  out.key("name").string(created.form.name).key("user_id").string(created.form.user.id);
  out.key("status").number(status_number(order));
  out.key("is_subscription").boolean(is_subscription(priced_products(created.items)));
  door::put_won(out, "price", order.amount);
  door::put_won(out, "total_price", order.amount);
  door::put_won(out, "cancelled_price", order.refunded);
  door::put_won(out, "tax_free_price", created.form.tax_free_price);
  out.key("payment_method").string(invoice.method).key("currency").string(won);
  out.key("refund_in_progress").boolean(order.refunding != 0);
  out.key("metadata").raw(created.form.metadata.empty() ? "{}" : created.form.metadata);
  out.key("created_at").string(to_rfc3339(order.purchased_at)).end_object();
}

void put_cancel(Writer& out, const CancelPart& part, CancelStatus status, Instant closed_at) {
  const std::string id = object_id(IdKind::cancel, part.made_at, part.number);
  out.begin_object().key("order_cancellation_request_id").string(id);
  out.key("order_cancel_request_history_id").string(id);  // the older name of the same
  out.key("order_id").string(object_id(IdKind::order, part.purchased_at, part.order));
  out.key("order_number").string(order_code(part.order, part.purchased_at));
  out.key("status").number(status_number(status)).key("status_name").string(status_name(status));
  out.key("cancel_reason").string(part.reason).key("refund_price");
  part.amount ? out.raw(part.amount->to_units_text()) : out.null();
  out.key("requested_at").string(to_rfc3339(part.made_at)).key("processed_at");
  closed_at == Instant{} ? out.null() : out.string(to_rfc3339(closed_at));
  out.end_object();
}

void put_product(Writer& out, const ProductView& view) {
  const CatalogueProduct& product = view.product;
  out.begin_object().key("product_id").string(object_id(IdKind::product, view.created_at, view.number));
  out.key("ex_uid");
  product.seller_id.empty() ? out.null() : out.string(product.seller_id);
  out.key("name").string(product.name).key("description").string(product.description);
  out.key("type").unsigned_number(product.type);
  door::put_won(out, "display_price", product.price);
  door::put_won(out, "price", product.price);
  door::put_won(out, "tax_free_price", product.tax_free_price);
  out.key("status_sale").boolean(product.on_sale).key("status_display").boolean(product.displayed);
  out.key("options").begin_array();
  for (const ProductOption& option : product.options) {
    out.begin_object().key("option_id").string(option.id).key("name").string(option.name);
    door::put_won(out, "price", option.price);
    out.end_object();
  }
  out.end_array().key("created_at").string(to_rfc3339(view.created_at));
  out.key("updated_at").string(to_rfc3339(view.updated_at)).end_object();
}

/// {"list": [...], "count": N, "complete": true}
template <typename Items, typename Put>
Answer list_of(const Items& items, std::uint64_t count, bool complete, const Put& put) {
  Answer answer;
  Writer out(answer.body);
  out.begin_object().key("list").begin_array();
  for (const auto& item : items) put(out, item);
  out.end_array().key("count").unsigned_number(count).key("complete").boolean(complete).end_object();
  return answer;
}

}  // namespace

Answer render_order(const OrderView& order) {
  Answer answer;
  Writer out(answer.body);
  put_order(out, order);
  return answer;
}

Answer render_orders(const std::vector<OrderView>& orders, std::uint64_t count, bool complete) {
  return list_of(orders, count, complete, put_order);
}

Answer render_cancel(const CancelTold& told) {
  Answer answer;
  Writer out(answer.body);
  put_cancel(out, told.cancel, told.status, {});
  return answer;
}

Answer render_cancels(const std::vector<CancelView>& cancels) {
  return list_of(cancels, cancels.size(), true, [](Writer& out, const CancelView& cancel) {
    put_cancel(out, cancel.part, cancel.row.status, cancel.row.closed_at);
  });
}

Answer render_product(const ProductView& product) {
  Answer answer;
  Writer out(answer.body);
  put_product(out, product);
  return answer;
}

Answer render_product_set(const ProductSet& set) {
  return render_product({set.number, set.created_at, set.updated_at, set.product});
}

Answer render_products(const std::vector<ProductView>& products, std::uint64_t count, bool complete) {
  return list_of(products, count, complete, put_product);
}

}  // namespace jangbu::invoice
