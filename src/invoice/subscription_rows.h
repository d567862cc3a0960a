// The rows of subscriptions and their bills, as decide, apply and the queries see them.
#pragma once

#include <cstdint>
#include <string>

#include "invoice/rows.h"
#include "invoice/subscription_terms.h"
#include "payment/payment.h"

namespace jangbu::invoice {

using SubscriptionNumber = std::uint64_t;
using BillNumber = std::uint64_t;
using ChangeNumber = std::uint64_t;

/// Stored.
enum class SubscriptionStatus : std::uint8_t {
  active = 1,
  paused = 2,
  held = 3,        // a bill was given up: nothing more is billed until it is paid
  ended = 4,       // its months are over, or it was bought out
  terminated = 5,  // it was left early
};

struct SubscriptionRow {
  AppId app = 0;
  std::uint64_t ordinal = 0;  // within the app, from 1
  SubscriptionStatus status = SubscriptionStatus::active;
  InvoiceNumber invoice = 0;
  OrderNumber order = 0;
  payment::BillingKeyNumber card = 0;  // 0: none
  std::uint32_t month = 1;             // the last one whose bill fell due
  BillNumber last_bill = 0;            // of that month
  BillNumber ready = 0;                // of the next month; 0: there is none
  BillNumber failed = 0;               // owed: being charged, tried again, or given up; 0: none
  ChangeNumber request = 0;            // a change that waits for a supervisor; 0: none
  Instant started_at;
  Instant paid_at;    // the last payment
  Instant failed_at;  // the last failure; zero: none
  Instant wakes_at;   // when it goes on, or when its months are over; zero: not known
  Instant ended_at;   // the end of the service; zero: not yet
  Instant paused_at;  // when the pause began that is not over; zero: there is none
  Duration rested;    // in pauses since the last bill fell due
  payment::CheckoutNumber card_pages_from =
      0;              // those before it were opened for an owner before; 0: for none
  bool hook = false;  // somebody hears of it: it has a webhook
  std::string user_id;
  std::string search;
  Terms terms;
};

/// Stored.
enum class BillStatus : std::uint8_t {
  ready = 1,
  charging = 2,
  done = 3,
  failed = 4,     // tried again at retry_at, or given up
  cancelled = 5,  // given back whole
  terminated = 6,
};
/// Stored.
enum class BillKind : std::uint8_t {
  month = 1,
  fee = 2,        // of leaving
  on_demand = 3,  // a seller's server asked for it
  purchase = 4,   // the contract is bought out
};

struct BillRow {
  AppId app = 0;
  SubscriptionNumber subscription = 0;
  std::uint32_t month = 0;  // 0: of no month
  BillKind kind = BillKind::month;
  BillStatus status = BillStatus::ready;
  Money amount;
  Money refunded;
  std::uint64_t checkout = 0;  // 0: it was not charged yet, or costs nothing
  std::uint64_t attempt = 0;   // the charge that paid it; 0: none
  std::uint32_t tries = 0;     // that failed
  Instant made_at;
  Instant due_at;
  Instant retry_at;  // of the next try, or of the one under way after the first; zero: none

  Instant paid_at;           // zero: not yet
  Instant failed_at;         // zero: never
  std::string code;          // why it failed
  std::uint64_t record = 0;  // of a bill on demand: what else was said of it
};

/// What a customer may ask for; stored, and the wire's number.
enum class ChangeType : std::uint8_t { pause = 1, resume = 2, termination = 3, transfer = 4, purchase = 5 };
/// Stored.
enum class ChangeStatus : std::uint8_t { requested = 1, approved = 2, rejected = 3 };

struct ChangeRow {
  AppId app = 0;
  SubscriptionNumber subscription = 0;
  ChangeType type = ChangeType::termination;
  ChangeStatus status = ChangeStatus::requested;
  std::uint64_t record = 0;  // ChangeRequested
  Instant made_at;
  Instant closed_at;  // zero: not yet
};

/// Charges of bills, as people see them at acquirers.
payment::Checkout checkout_of_bill(const SubscriptionRow& subscription, const BillRow& bill,
                                   BillNumber number, std::uint64_t checkout);

}  // namespace jangbu::invoice
