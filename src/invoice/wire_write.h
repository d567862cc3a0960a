// Answers and errors of the invoice door's protocol. Pure; any thread.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/message.h"
#include "invoice/decide.h"
#include "invoice/wire.h"

namespace jangbu::invoice {

/// Where the link of a checkout leads. `link_base` is the public URL that the record keeps.
using CheckoutLink = std::function<std::string(std::string_view link_base, std::uint64_t checkout)>;

/// An invoice as it stands.
struct InvoiceView {
  InvoiceRow row;
  std::shared_ptr<const InvoiceCreated> created;
  std::optional<OrderRow> order;
  std::string method;                       // how it was paid
  std::shared_ptr<const SellerSet> seller;  // for its document; null: not looked for, or not said
};
/// An order with the invoice that it paid.
struct OrderView {
  OrderNumber number = 0;
  InvoiceView invoice;
};
struct CancelView {
  CancelNumber number = 0;
  CancelRow row;
  CancelPart part;
};
struct ProductView {
  ProductNumber number = 0;
  Instant created_at;
  Instant updated_at;
  CatalogueProduct product;
};

/// How an invoice stands when it was just made.
InvoiceView view_of(const InvoiceCreated& created);
/// When its months begin: with its payment, and as long as it can be paid on the day of `now`.
Instant months_begin(const InvoiceView& invoice, Instant now);

Answer render_token(const AccessToken& token);
/// `now`: the schedule of one that is not paid is that of a payment on this day.
Answer render_invoice(const InvoiceView& invoice, Instant now, const CheckoutLink& link);
/// `count`: of all pages. `complete`: false when it stopped at the bound of what one request looks at.
Answer render_invoices(const std::vector<InvoiceView>& invoices, std::uint64_t count, bool complete,
                       const CheckoutLink& link);
Answer render_invoice_closed(const InvoiceClosed& closed);
Answer render_notified(const InvoiceNotified& notified);
/// {"receipt_id","order_id","status","price", ...}: the payment of an invoice.
Answer render_paid(const InvoiceView& invoice);

Answer render_order(const OrderView& order);
Answer render_orders(const std::vector<OrderView>& orders, std::uint64_t count, bool complete);
Answer render_cancel(const CancelTold& told);
Answer render_cancels(const std::vector<CancelView>& cancels);

Answer render_webhook_tried(const WebhookTried& tried);

Answer render_product(const ProductView& product);
Answer render_product_set(const ProductSet& set);
Answer render_products(const std::vector<ProductView>& products, std::uint64_t count, bool complete);

/// What the checkout page shows of an invoice beside the session: its seller, its schedule, and what the page
/// tells its parent when it is paid (`done`).
/// `sandbox`: any page may show the checkout of an app that has registered none.
std::string render_checkout(const InvoiceView& invoice, const AppSet& app, bool sandbox, Instant now,
                            std::string_view pdf_url);
/// The payload of the page's event `done`; INVARIANT: the invoice is paid.
void put_done(json::Writer& out, const InvoiceView& invoice);

/// An error as this protocol tells it.
struct ToldError {
  int status = 500;
  int code = 0;
  std::string error_code;  // "INVOICE_NOT_FOUND"
  std::string message;
};
ToldError tell_error(const Refused& refused);
/// The one error object. `issues`: data.issues, each with its path.
http::Response error_response(const Refused& refused);
http::Response issues_response(const Issues& issues);
/// What has only an HTTP status (404, 405, 413, 415, 500, 503).
http::Response status_response(int status, std::string_view message);
http::Response answer_response(Answer answer, bool replayed = false);

}  // namespace jangbu::invoice
