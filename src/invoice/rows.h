// The rows of the invoice door's tables, as decide, apply and the queries see them; and the ids under which
// clients know them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/money.h"
#include "base/time.h"
#include "invoice/requests.h"

namespace jangbu::invoice {

/// Numbers are stored. A paid invoice stays paid after a part of it went back.
enum class InvoiceStatus : std::uint8_t {
  ready = 1,
  paid = 2,
  cancelled = 3,
  expired = 4,
  refunding = 5,
  refunded = 6,
};
inline constexpr InvoiceStatus invoice_statuses[] = {InvoiceStatus::ready,     InvoiceStatus::paid,
                                                     InvoiceStatus::cancelled, InvoiceStatus::expired,
                                                     InvoiceStatus::refunding, InvoiceStatus::refunded};

struct InvoiceRow {
  AppId app = 0;
  std::uint64_t ordinal = 0;  // within the app, from 1
  InvoiceStatus status = InvoiceStatus::ready;
  std::uint64_t checkout = 0;  // 0: there is nothing to pay
  std::uint64_t record = 0;    // InvoiceCreated
  OrderNumber order = 0;       // 0: not paid yet
  Instant created_at;
  Instant paid_at;  // zero: not yet
  std::uint64_t product_type = 0;
  bool hook = false;    // somebody hears of it: it has a webhook
  std::string user_id;  // the seller's own
  std::string search;   // what a keyword is looked for in, in lower case
};

/// What was paid for an invoice, once.
struct OrderRow {
  AppId app = 0;
  InvoiceNumber invoice = 0;
  CancelNumber refunding = 0;  // whose refund is under way; 0: none
  std::uint64_t attempt = 0;   // the charge; 0: there was nothing to pay
  Money amount;
  Money refunded;
  Instant purchased_at;
  std::uint64_t record = 0;  // in which it was made

  [[nodiscard]] bool is_refunded() const { return amount.is_positive() && refunded == amount; }
  [[nodiscard]] Money left() const { return amount.minus(refunded).value(); }
};

/// Stored.
enum class CancelStatus : std::uint8_t {
  requested = 1,
  refunding = 2,
  done = 3,
  failed = 4,  // the acquirer does not give the money back
  rejected = 5,
  withdrawn = 6,
};

/// Somebody asked for an order to be cancelled.
struct CancelRow {
  AppId app = 0;
  OrderNumber order = 0;
  CancelStatus status = CancelStatus::requested;
  std::optional<Money> amount;  // empty: all that is left
  std::uint64_t record = 0;     // CancelRequested or RefundStarted: what it says now
  std::uint64_t attempt = 0;    // the refund; 0: none yet
  Instant made_at;
  Instant closed_at;  // zero: not yet
};

struct ProductRow {
  AppId app = 0;
  std::uint64_t record = 0;  // ProductSet: what it says now
  bool deleted = false;
  Instant created_at;
};

/// How often somebody was asked again to pay an invoice over a channel, on one day.
struct NoticeCountRow {
  std::int64_t day = 0;  // ledger::DayNumber: the last on which that was
  std::uint64_t times = 0;
};

/// What has an id of 24 hexadecimal digits; part of the id.
enum class IdKind : std::uint8_t {
  invoice = 1,
  order = 2,
  receipt = 3,
  product = 4,
  cancel = 5,
  subscription = 6,
  bill = 7,
  change = 8,
  adjustment = 9
};

/// Twelve bytes: the second in which it was made, the kind, the number. Ids are no secrets.
std::string object_id(IdKind kind, Instant made_at, std::uint64_t number);
/// The number in an id of that kind; nothing when the text is none. That the second fits is for the caller to
/// check (by object_id()).
std::optional<std::uint64_t> number_of_id(IdKind kind, std::string_view id);

/// "20260525000042": the day (Korean time) and the order's number, at least six digits.
std::string order_code(OrderNumber number, Instant purchased_at);
/// 0 when the text is no order number. That the day fits is for the caller to check (by order_code()).
OrderNumber order_number_of(std::string_view code);

/// What the house collected for a seller and has not paid out. Floor::zero.
std::string payable_account(AppId app);
inline constexpr std::string_view won = "KRW";

}  // namespace jangbu::invoice
