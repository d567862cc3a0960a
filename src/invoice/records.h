// What the invoice door writes into records: one struct for each kind, with its fields in their canonical
// order. Format: docs/formats/invoice-records.md.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/record.h"
#include "invoice/apps.h"
#include "invoice/requests.h"
#include "invoice/rows.h"
#include "ledger/entry.h"
#include "ledger/fields.h"
#include "ledger/said.h"

namespace jangbu::invoice {

using ledger::accept;
using ledger::said;

inline constexpr engine::RecordKind app_kind = 160;                // AppSet
inline constexpr engine::RecordKind product_kind = 161;            // ProductSet
inline constexpr engine::RecordKind invoice_created_kind = 162;    // InvoiceCreated
inline constexpr engine::RecordKind invoice_cancelled_kind = 163;  // InvoiceCancelled
inline constexpr engine::RecordKind invoice_notified_kind = 164;   // InvoiceNotified
inline constexpr engine::RecordKind cancel_requested_kind = 165;   // CancelRequested
inline constexpr engine::RecordKind cancel_closed_kind = 166;      // CancelClosed
inline constexpr engine::RecordKind refund_started_kind = 167;     // RefundStarted
inline constexpr engine::RecordKind webhook_tried_kind = 168;      // WebhookTried
inline constexpr engine::RecordKind seller_kind = 169;             // SellerSet
/// 160 to 179 are these; 180 to 199 are those of subscriptions (subscription_records.h).
inline constexpr engine::RecordKind app_resumed_kind = 170;  // AppSet: it was suspended, and is not any more
inline constexpr engine::RecordKind first_kind = 160;
inline constexpr engine::RecordKind last_kind = 179;

/// A product of a seller's catalogue was registered or changed: the whole of it.
struct ProductSet {
  Keyed keyed;
  ProductNumber number = 0;
  bool deleted = false;
  Instant created_at;
  Instant updated_at;
  CatalogueProduct product;

  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(keyed, number, deleted, created_at, updated_at, product);
  }
};

/// One product of an invoice with the price that was decided for it.
struct PricedItem {
  std::string product_id;  // as sent
  std::string option_id;
  ProductNumber product = 0;  // of the catalogue, whose price it is; 0: it is not registered
  PricedProduct priced;

  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(product_id, option_id, product, priced);
  }
};

/// A channel of a notice, and what became of it. Numbers are stored.
enum class NoticeState : std::uint8_t {
  queued = 1,
  no_address = 2,      // the invoice has none for this channel
  unavailable = 3,     // this installation has no such channel
  nothing_to_pay = 4,  // it costs nothing, or is paid, cancelled or expired: nobody is asked to pay
};
struct Notice {
  SendType type = SendType::email;
  NoticeState state = NoticeState::queued;

  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(type, state);
  }
};

/// An invoice was made; its checkout is opened with it.
struct InvoiceCreated {
  Keyed keyed;  // `body` is what the same request_id is compared by
  InvoiceNumber number = 0;
  std::uint64_t checkout = 0;  // 0: the first bill is nothing, and the invoice is paid at once
  OrderNumber order = 0;       // when it is paid at once
  bool by_browser = false;     // a direct call of a shop's page made it
  InvoiceNumber replaces = 0;  // the page's own, unpaid, of the same request_id; 0: none
  NewInvoice form;             // without its products
  std::vector<PricedItem> items;
  Money price;    // of a month, before adjustments
  Money amount;   // of the first bill: what is paid now
  Anchor anchor;  // of its months
  Instant expires_at;
  std::string link_base;  // public URL of the installation at that moment, so that the answer stays the same
  std::vector<Notice> notices;  // when the customer is told at once
  bool receipt = false;         // the customer is sent one when it is paid

  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(keyed, number, checkout, order, by_browser, replaces, form, items, price, amount, anchor,
          expires_at, link_base, notices, receipt);
  }
};

/// An invoice was cancelled before it was paid.
struct InvoiceCancelled {
  Keyed keyed;
  InvoiceNumber invoice = 0;
  Instant made_at;  // the invoice's
  std::string reason;

  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(keyed, invoice, made_at, reason);
  }
};

/// The customer was told of an invoice again.
struct InvoiceNotified {
  Keyed keyed;
  InvoiceNumber invoice = 0;
  Instant made_at;  // the invoice's
  std::vector<Notice> notices;

  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(keyed, invoice, made_at, notices);
  }
};

/// A seller tries its webhook: it is told of something that did not happen.
struct WebhookTried {
  Keyed keyed;
  std::string url;

  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(keyed, url);
  }
};

/// What an operator says of a seller for its documents: the whole of it. Empty: not said.
struct SellerSet {
  AppId app = 0;
  std::string registration_number;  // of the business
  std::string representative;
  std::string address;
  std::string email;
  std::string phone;

  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(app, registration_number, representative, address, email, phone);
  }
};

/// A request to cancel an order, with what its ids are made of.
struct CancelPart {
  CancelNumber number = 0;
  Instant made_at;
  OrderNumber order = 0;
  Instant purchased_at;
  std::optional<Money> amount;  // empty: all that is left
  std::string reason;

  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(number, made_at, order, purchased_at, amount, reason);
  }
};

/// Somebody asks for an order to be cancelled; a supervisor decides.
struct CancelRequested {
  Keyed keyed;
  CancelPart cancel;

  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(keyed, cancel);
  }
};

/// A request to cancel was rejected or withdrawn.
struct CancelClosed {
  Keyed keyed;
  CancelPart cancel;
  CancelStatus status = CancelStatus::rejected;
  std::string message;

  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(keyed, cancel, status, message);
  }
};

/// A refund is under way; the acquirer is asked after this is durable. What goes back is set aside on the
/// seller's account.
struct RefundStarted {
  Keyed keyed;
  CancelPart cancel;  // its amount is what goes back
  bool made = false;  // the request to cancel begins with this record
  InvoiceNumber invoice = 0;
  Instant invoice_made_at;
  std::uint64_t attempt = 0;
  ledger::Entry entry;

  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(keyed, cancel, made, invoice, invoice_made_at, attempt, entry);
  }
};

/// The request to cancel that a record speaks of: one that was made, or one whose refund begins with it.
CancelPart cancel_part_of(const engine::Record& record);

/// The products of an invoice as pricing.h takes them.
std::vector<PricedProduct> priced_products(const std::vector<PricedItem>& items);

}  // namespace jangbu::invoice
