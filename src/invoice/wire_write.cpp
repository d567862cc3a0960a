// Answers about invoices and tokens.
#include "invoice/wire_write.h"

#include <algorithm>

#include "base/json.h"
#include "door/answer.h"
#include "invoice/messages.h"
#include "invoice/wire_names.h"

namespace jangbu::invoice {
namespace {

using json::Writer;

void put_time_or_null(Writer& out, std::string_view name, const std::optional<Instant>& at) {
  out.key(name);
  at ? out.string(to_rfc3339(*at)) : out.null();
}

void put_won_or_null(Writer& out, std::string_view name, const std::optional<Money>& amount) {
  out.key(name);
  amount ? out.raw(amount->to_units_text()) : out.null();
}

void put_months(Writer& out, std::uint32_t months) {
  out.key("duration").number(months == for_ever ? -1 : static_cast<std::int64_t>(months));
}

void put_user(Writer& out, const User& user) {
  out.key("user").begin_object();
  door::put_text_or_null(out, "user_id", user.id);
  door::put_text_or_null(out, "name", user.name);
  door::put_text_or_null(out, "phone", user.phone);
  door::put_text_or_null(out, "email", user.email);
  door::put_text_or_null(out, "membership_type", user.membership_type);
  door::put_text_or_null(out, "push_token", user.push_token);
  // What else the seller said of them.
  if (!user.extra.empty()) {
    if (const auto extra = json::Document::parse(user.extra)) {
      for (std::uint32_t i = 0; i < extra->root().size; ++i) {
        const json::Member& member = extra->root().members[i];
        constexpr std::string_view said[] = {"user_id",         "name",      "phone", "email",
                                             "membership_type", "push_token"};
        if (std::find(std::begin(said), std::end(said), member.name) != std::end(said)) continue;
        std::string text;
        json::append_value(text, member.value);
        out.key(member.name).raw(text);
      }
    }
  }
  out.end_object();
}

void put_cycle(Writer& out, const Cycle& cycle) {
  out.begin_object();
  put_months(out, cycle.months);
  out.key("adjustment_type").string(adjustment_type_name(cycle.type)).key("name").string(cycle.name);
  const bool is_percent = cycle.type == AdjustmentType::discount_percent;
  out.key("value").raw(cycle.value.to_decimal_text(is_percent ? 2 : 0));
  put_won_or_null(out, "min_value", cycle.min_value);
  put_won_or_null(out, "max_value", cycle.max_value);
  out.end_object();
}

void put_adjustment(Writer& out, const Adjustment& adjustment) {
  out.begin_object();
  door::put_text_or_null(out, "price_adjustment_id", adjustment.id);
  out.key("name").string(adjustment.name);
  put_time_or_null(out, "start_at", adjustment.start_at);
  put_time_or_null(out, "end_at", adjustment.end_at);
  out.key("cycles").begin_array();
  for (const Cycle& cycle : adjustment.cycles) put_cycle(out, cycle);
  out.end_array().end_object();
}

void put_item(Writer& out, const PricedItem& item) {
  const PricedProduct& product = item.priced;
  out.begin_object();
  door::put_text_or_null(out, "product_id", item.product_id);
  door::put_text_or_null(out, "product_option_id", item.option_id);
  out.key("name").string(product.name);
  door::put_won(out, "price", product.unit_price);
  out.key("quantity").unsigned_number(product.quantity);
  put_months(out, product.months);
  out.key("registered").boolean(item.product != 0).key("price_adjustments").begin_array();
  for (const Adjustment& adjustment : product.adjustments) put_adjustment(out, adjustment);
  out.end_array().end_object();
}

void put_bill(Writer& out, const Bill& bill) {
  out.begin_object().key("month").unsigned_number(bill.month);
  out.key("due_at").string(to_rfc3339(bill.due_at));
  door::put_won(out, "price", bill.amount);
  out.key("lines").begin_array();
  for (const Line& line : bill.lines) {
    out.begin_object().key("type").string(line_kind_name(line.kind)).key("name").string(line.name);
    if (line.kind != LineKind::zero_floor) out.key("product").unsigned_number(line.product);
    if (!line.adjustment_id.empty()) out.key("price_adjustment_id").string(line.adjustment_id);
    door::put_won(out, "price", line.amount);
    out.end_object();
  }
  out.end_array().end_object();
}

/// The zone is one that was there when the invoice was made; without it there are no rows.
void put_schedule(Writer& out, const InvoiceView& invoice, Instant now) {
  const InvoiceCreated& created = *invoice.created;
  out.key("billing_schedule").begin_array();
  if (const auto bills =
          schedule_from(priced_products(created.items), created.anchor, months_begin(invoice, now)))
    for (const Bill& bill : *bills) put_bill(out, bill);
  out.end_array();
}

std::string invoice_id_of(const InvoiceView& invoice) {
  return object_id(IdKind::invoice, invoice.row.created_at, invoice.created->number);
}

std::string request_id_of(const InvoiceView& invoice) {
  const std::string& request_id = invoice.created->form.request_id;
  return request_id.empty() ? invoice_id_of(invoice) : request_id;
}

/// Everything but the schedule, which lists leave out.
void put_invoice(Writer& out, const InvoiceView& invoice, const CheckoutLink& link) {
  const InvoiceCreated& created = *invoice.created;
  const NewInvoice& form = created.form;
  out.key("invoice_id").string(invoice_id_of(invoice)).key("request_id").string(request_id_of(invoice));
  out.key("name").string(form.name);
  door::put_text_or_null(out, "title", form.title);
  door::put_text_or_null(out, "memo", form.memo);
  out.key("status").number(status_number(invoice.row.status));
  out.key("status_name").string(status_name(invoice.row.status));
  door::put_won(out, "price", created.price);
  door::put_won(out, "payment_price", created.amount);
  door::put_won(out, "tax_free_price", form.tax_free_price);
  out.key("currency").string(won).key("product_type").unsigned_number(invoice.row.product_type);
  door::put_text_or_null(out, "user_id", form.user.id);
  put_user(out, form.user);
  out.key("products").begin_array();
  for (const PricedItem& item : created.items) put_item(out, item);
  out.end_array().key("payment_url");
  created.checkout == 0 ? out.null() : out.string(link(created.link_base, created.checkout));
  door::put_text_or_null(out, "redirect_url", form.redirect_url);
  out.key("use_redirect").boolean(form.use_redirect);
  door::put_text_or_null(out, "webhook_url", form.webhook_url);
  out.key("metadata").raw(form.metadata.empty() ? "{}" : form.metadata).key("send_types").begin_array();
  for (const SendType type : form.send_types) out.number(static_cast<std::int64_t>(type));
  out.end_array();
  door::put_text_or_null(out, "seller_order_id", form.seller_order_id);
  out.key("made_by").string(created.by_browser ? "browser" : "server");
  out.key("created_at").string(to_rfc3339(invoice.row.created_at));
  out.key("expired_at").string(to_rfc3339(created.expires_at));
  put_payment(out, invoice.row, invoice.order, invoice.method);
  door::put_won(out, "refunded_price", invoice.order ? invoice.order->refunded : Money());
}

}  // namespace

InvoiceView view_of(const InvoiceCreated& created) {
  InvoiceView view;
  view.created = std::make_shared<const InvoiceCreated>(created);
  view.row.app = created.keyed.app;
  view.row.checkout = created.checkout;
  view.row.created_at = created.anchor.first_due_at;
  view.row.product_type = product_type_of(created);
  if (created.checkout == 0) {  // paid as it was made
    view.row.status = InvoiceStatus::paid;
    view.row.order = created.order;
    view.order.emplace().purchased_at = created.anchor.first_due_at;
  }
  return view;
}

Instant months_begin(const InvoiceView& invoice, Instant now) {
  const Instant made_at = invoice.created->anchor.first_due_at;
  if (invoice.order) return whole_minute(invoice.order->purchased_at);
  if (invoice.row.status != InvoiceStatus::ready || now <= made_at) return made_at;
  constexpr std::int64_t day_us = 86'400'000'000;
  return Instant{now.us - (now - made_at).us % day_us};
}

Answer render_token(const AccessToken& token) {
  Answer answer;
  Writer(answer.body)
      .begin_object()
      .key("access_token")
      .string(token.text)
      .key("expire_in")
      .number(token.left.us / 1'000'000)
      .key("expired_at")
      .string(to_rfc3339(token.expires_at))
      .end_object();
  return answer;
}

Answer render_invoice(const InvoiceView& invoice, Instant now, const CheckoutLink& link) {
  Answer answer;
  Writer out(answer.body);
  out.begin_object();
  put_invoice(out, invoice, link);
  put_schedule(out, invoice, now);
  out.end_object();
  return answer;
}

Answer render_invoices(const std::vector<InvoiceView>& invoices, std::uint64_t count, bool complete,
                       const CheckoutLink& link) {
  Answer answer;
  Writer out(answer.body);
  out.begin_object().key("list").begin_array();
  for (const InvoiceView& invoice : invoices) {
    out.begin_object();
    put_invoice(out, invoice, link);
    out.end_object();
  }
  out.end_array().key("count").unsigned_number(count).key("complete").boolean(complete).end_object();
  return answer;
}

Answer render_invoice_closed(const InvoiceClosed& closed) {
  Answer answer;
  Writer out(answer.body);
  out.begin_object();
  out.key("invoice_id").string(object_id(IdKind::invoice, closed.made_at, closed.invoice));
  out.key("status")
      .number(status_number(closed.status))
      .key("status_name")
      .string(status_name(closed.status));
  out.key("order_cancellation_request_id");
  closed.refund ? out.string(object_id(IdKind::cancel, closed.refund->made_at, closed.refund->number))
                : out.null();
  door::put_won(out, "refund_price", closed.refund ? closed.refund->amount.value_or(Money()) : Money());
  out.end_object();
  return answer;
}

Answer render_notified(const InvoiceNotified& notified) {
  Answer answer;
  Writer out(answer.body);
  out.begin_object().key("success").boolean(true);
  out.key("invoice_id").string(object_id(IdKind::invoice, notified.made_at, notified.invoice));
  out.key("results").begin_array();
  for (const Notice& notice : notified.notices) {
    out.begin_object().key("send_type").number(static_cast<std::int64_t>(notice.type));
    out.key("channel").string(send_type_name(notice.type));
    out.key("status").string(notice_state_name(notice.state)).end_object();
  }
  out.end_array().end_object();
  return answer;
}

Answer render_webhook_tried(const WebhookTried& tried) {
  Answer answer;
  Writer out(answer.body);
  out.begin_object().key("success").boolean(true).key("webhook_type").string("WEBHOOK_TEST");
  out.key("webhook_url").string(tried.url).end_object();
  return answer;
}

void put_done(Writer& out, const InvoiceView& invoice) {
  INVARIANT(invoice.order.has_value(), "what is done is paid");
  const OrderRow& order = *invoice.order;
  const InvoiceCreated& created = *invoice.created;
  const std::string order_id = object_id(IdKind::order, order.purchased_at, invoice.row.order);
  out.begin_object().key("request_id").string(request_id_of(invoice));
  out.key("invoice_id").string(invoice_id_of(invoice));
  out.key("metadata").raw(created.form.metadata.empty() ? "{}" : created.form.metadata);
  put_payment(out, invoice.row, invoice.order, invoice.method);
  out.key("order_name").string(created.form.name);
  door::put_won(out, "price", order.amount);
  out.key("status").number(status_number(order)).key("receipt_success_data").begin_object();
  out.key("receipt_id");
  order.attempt == 0 ? out.null() : out.string(receipt_id(order));
  out.key("order_id").string(order_id);
  door::put_won(out, "price", order.amount);
  door::put_text_or_null(out, "method", invoice.method);
  out.key("status").number(status_number(order));
  out.key("purchased_at").string(to_rfc3339(order.purchased_at)).end_object().end_object();
}

Answer render_paid(const InvoiceView& invoice) {
  Answer answer;
  Writer out(answer.body);
  put_done(out, invoice);
  return answer;
}

std::string render_checkout(const InvoiceView& invoice, const AppSet& app, bool sandbox, Instant now,
                            std::string_view pdf_url) {
  const InvoiceCreated& created = *invoice.created;
  // Time passes before the books say so.
  const bool has_passed = invoice.row.status == InvoiceStatus::ready && now >= created.expires_at;
  const InvoiceStatus status = has_passed ? InvoiceStatus::expired : invoice.row.status;
  std::string body;
  Writer out(body);
  out.begin_object().key("invoice_id").string(invoice_id_of(invoice));
  out.key("request_id").string(request_id_of(invoice)).key("name").string(created.form.name);
  out.key("seller").begin_object().key("name").string(app.name).end_object();
  out.key("status").number(status_number(status)).key("status_name").string(status_name(status));
  door::put_won(out, "price", created.price);
  door::put_won(out, "payment_price", created.amount);
  out.key("currency").string(won);
  put_schedule(out, invoice, now);
  out.key("subscription").boolean(is_subscription(priced_products(created.items)));
  out.key("embed").begin_object().key("origins").begin_array();
  for (const std::string& origin : app.origins) out.string(origin);
  out.end_array().key("any").boolean(sandbox && app.origins.empty()).end_object();
  out.key("pdf_url").string(pdf_url);
  door::put_text_or_null(out, "redirect_url", created.form.redirect_url);
  out.key("use_redirect").boolean(created.form.use_redirect).key("done");
  invoice.order ? put_done(out, invoice) : static_cast<void>(out.null());
  out.end_object();
  return body;
}

}  // namespace jangbu::invoice
