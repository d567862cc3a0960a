// The invoice door's protocol: request bytes to typed requests. Pure; any thread.
// Contract: the published integration guide of the invoice API; docs/formats/invoice-api.md says where it is
// silent and we decide.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/json.h"
#include "invoice/decide.h"
#include "invoice/requests.h"

namespace jangbu::invoice {

/// A request that is valid in itself, or all that is wrong with it.
template <typename T>
using Parsed = std::variant<T, Issues>;

/// Bodies. Members that are not known are ignored; an empty body counts as an empty object; a null is like a
/// member that is not there. `zone`: the app's, for times without an offset.
Parsed<NewInvoice> parse_new_invoice(std::string_view body, std::string_view zone);
/// {"client_key": ..., "secret_key": ...}; nothing when one of them is not there.
Parsed<std::optional<Credentials>> parse_token_request(std::string_view body);
/// {"send_types": [1, 3]}; empty: the invoice's own.
Parsed<std::vector<SendType>> parse_notify(std::string_view body);
/// {"price": 1000, "reason": ...}: POST /v1/invoices/{id}/cancel
Parsed<CancelRequest> parse_cancel(std::string_view body);

/// POST /v1/order/cancel
struct OrderCancel {
  std::string order;  // number or id, as sent
  CancelRequest request;
  bool is_supervisor = false;
};
Parsed<OrderCancel> parse_order_cancel(std::string_view body);
/// {"message": ..., "refund_price": 1000}: PUT /v1/order/cancel/{id}/approve and the others.
struct CancelDecision {
  std::string message;
  std::optional<Money> amount;
};
Parsed<CancelDecision> parse_cancel_decision(std::string_view body);

/// What a body changes of a product: the members that it has. `is_new`: it must name the product and its
/// price.
using ProductChange = std::function<void(CatalogueProduct&)>;
Parsed<ProductChange> parse_product(std::string_view body, bool is_new);

/// The members of an object that was parsed before: for the calls of pages.
NewInvoice read_new_invoice(const json::Value& object, std::string_view zone, Issues& issues);

/// Which invoices a list shows.
struct InvoiceList {
  std::uint64_t page = 1;
  std::uint64_t limit = 24;
  std::string keyword;  // in lower case; empty: any
  std::string user_id;
  std::optional<std::uint64_t> product_type;
  bool by_payment = false;      // the times are those of payments
  std::optional<Instant> from;  // inclusive
  std::optional<Instant> to;    // exclusive

  /// Whether more is asked than an app's invoices in their order.
  [[nodiscard]] bool has_filter() const {
    return !keyword.empty() || !user_id.empty() || product_type || from || to;
  }
};
Parsed<InvoiceList> parse_invoice_list(std::string_view query, std::string_view zone);

struct OrderList {
  std::uint64_t page = 1;
  std::uint64_t limit = 20;
  std::string keyword;
  std::string user_id;
  std::vector<std::int64_t> statuses;  // empty: any
  std::optional<Instant> from;
  std::optional<Instant> to;

  [[nodiscard]] bool has_filter() const {
    return !keyword.empty() || !user_id.empty() || !statuses.empty() || from || to;
  }
};
Parsed<OrderList> parse_order_list(std::string_view query, std::string_view zone);
/// The orders of a month, {"search_date": "2026-05", "user_group_id"}: users have no groups here, and a
/// user's own id stands for one.
Parsed<OrderList> parse_order_month(std::string_view query, std::string_view zone);

struct ProductList {
  std::uint64_t page = 1;
  std::uint64_t limit = 20;
  std::string keyword;
  std::string seller_id;  // "ex_uid"
};
Parsed<ProductList> parse_product_list(std::string_view query);

/// The order whose requests to cancel are asked for, as sent; empty: all.
std::string parse_cancel_list(std::string_view query);

/// The value of Idempotency-Key: 1 to 255 printable characters; empty when there is none.
Parsed<std::string> parse_idempotency_key(const std::string* header);

}  // namespace jangbu::invoice
