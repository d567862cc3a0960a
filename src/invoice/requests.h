// What sellers' servers, their shops' pages and operators ask of the invoice door: typed, checked against
// their schema, not yet against the books. Amounts are whole won.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/money.h"
#include "base/time.h"
#include "door/keyed.h"
#include "invoice/pricing.h"

namespace jangbu::invoice {

using door::Keyed;

using AppId = std::uint64_t;
using InvoiceNumber = std::uint64_t;
using OrderNumber = std::uint64_t;
using ProductNumber = std::uint64_t;
using CancelNumber = std::uint64_t;

/// Limits of what a request may say; one more is refused.
inline constexpr std::size_t max_text_bytes = 1000;
inline constexpr std::size_t max_memo_bytes = 10'000;
inline constexpr std::size_t max_url_bytes = 2048;
inline constexpr std::size_t max_id_bytes = 255;  // request_id, product_id, Idempotency-Key and the like
inline constexpr std::size_t max_metadata_bytes = 16 * 1024;
inline constexpr std::size_t max_options = 100;  // of one product

/// Who is billed. `extra` keeps what else the seller said of them.
struct User {
  std::string id;  // the seller's own
  std::string name;
  std::string phone;
  std::string email;
  std::string membership_type;
  std::string push_token;  // of the device that takes push messages
  std::string extra;       // compact JSON of the object as sent; empty: none

  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(id, name, phone, email, membership_type, push_token, extra);
  }
};

/// One product of an invoice, as asked for.
struct ProductForm {
  std::string product_id;  // ours or the seller's own; empty: a price alone
  std::string option_id;
  std::string name;
  std::optional<Money> price;  // of one, for one month; the catalogue decides where the product is registered
  std::uint64_t quantity = 1;
  std::uint32_t months = 1;  // or for_ever
  std::vector<Adjustment> adjustments;

  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(product_id, option_id, name, price, quantity, months, adjustments);
  }
};

/// The channels of a notice, by their wire numbers; stored.
enum class SendType : std::uint8_t { sms = 1, kakao = 2, email = 3, push = 4 };

/// POST /v1/invoices
struct NewInvoice {
  std::string request_id;  // empty: none was sent, and nothing protects against a duplicate
  std::string name;
  std::string title;
  std::string memo;
  std::optional<Money> price;  // a month's amount before adjustments
  Money tax_free_price;
  User user;
  std::vector<ProductForm> products;
  std::string redirect_url;
  bool use_redirect = false;
  std::string webhook_url;            // empty: the app's
  std::string metadata;               // compact JSON of an object; empty: none
  std::optional<Instant> expires_at;  // empty: the house's usual time
  std::optional<Duration> expires_in;
  std::vector<SendType> send_types;
  bool notify = false;  // tell the customer at once
  std::string seller_order_id;

  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(request_id, name, title, memo, price, tax_free_price, user, products, redirect_url, use_redirect,
          webhook_url, metadata, expires_at, expires_in, send_types, notify, seller_order_id);
  }
};

/// A shop's page asks for the checkout of an invoice. Made by browser_call.h from what the browser posted;
/// not one byte of it is to be trusted.
struct BrowserCall {
  std::string client_key;
  std::string request_id;
  std::string origin;  // of the page that calls, "https://shop.example"; empty: not said
  /// Whether the call carried anything of a price (price, products with prices or adjustments, discounts):
  /// such a call is refused where a server made the invoice.
  bool says_price = false;
  /// Whether it carried discounts or adjustments: such a call is always refused.
  bool says_discount = false;
  /// What a direct call without a server's invoice asks for. Used only when there is none.
  NewInvoice form;
};

/// A product of a seller's catalogue.
struct ProductOption {
  std::string id;
  std::string name;
  Money price;  // of one with this option, instead of the product's

  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(id, name, price);
  }
};
struct CatalogueProduct {
  std::string seller_id;  // "ex_uid": the seller's own id; empty: none
  std::string name;
  std::string description;
  Money price;  // "display_price": of one, for one month
  Money tax_free_price;
  std::uint64_t type = 0;
  bool on_sale = true;    // "status_sale"
  bool displayed = true;  // "status_display"
  std::vector<ProductOption> options;

  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(seller_id, name, description, price, tax_free_price, type, on_sale, displayed, options);
  }
};

/// A part of an order that a call wants cancelled: a product of it, or a bill of its subscription.
struct CancelledPart {
  std::string path;  // of its id in the call
  bool is_bill = false;
  std::string id;                         // of a product: as the invoice said it, the seller's own or ours
  std::optional<std::uint64_t> quantity;  // empty: all of it
  std::optional<Money> price;             // empty: what was paid for it
};

/// Cancel an invoice that is not paid, or give back what was paid for it, whole or in part.
struct CancelRequest {
  std::optional<Money> amount;  // empty: what its parts come to, and without parts all that is left
  std::string reason;
  std::vector<CancelledPart> parts = {};
};

}  // namespace jangbu::invoice
