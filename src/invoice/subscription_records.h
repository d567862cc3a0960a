// What subscriptions write into records: kinds 180 to 199 of the invoice door. A subscription begins with the
// payment of its invoice, in the record of that payment. Format: docs/formats/subscription-records.md.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/due.h"
#include "invoice/records.h"
#include "invoice/subscription_rows.h"
#include "ledger/entry.h"

namespace jangbu::invoice {

inline constexpr engine::RecordKind bills_due_kind = 180;             // BillsDue
inline constexpr engine::RecordKind bills_retried_kind = 181;         // BillsRetried
inline constexpr engine::RecordKind subscriptions_woken_kind = 182;   // SubscriptionsWoken
inline constexpr engine::RecordKind subscription_changed_kind = 183;  // SubscriptionChanged
inline constexpr engine::RecordKind subscription_ended_kind = 184;    // SubscriptionEnded
inline constexpr engine::RecordKind change_requested_kind = 185;      // ChangeRequested
inline constexpr engine::RecordKind change_rejected_kind = 186;       // ChangeRejected
inline constexpr engine::RecordKind card_asked_kind = 187;            // CardAsked
inline constexpr engine::RecordKind charged_on_demand_kind = 188;     // ChargedOnDemand
inline constexpr engine::RecordKind bill_changed_kind = 189;          // BillChanged
inline constexpr engine::RecordKind bills_woken_kind = 190;           // BillsWoken
inline constexpr engine::RecordKind first_subscription_kind = 180;
inline constexpr engine::RecordKind last_subscription_kind = 199;

/// A month's bill as it is made, ready for its day.
struct NextBill {
  BillNumber number = 0;
  std::uint32_t month = 0;
  Instant due_at;
  Money amount;

  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(number, month, due_at, amount);
  }
};

/// Stored.
enum class BillFate : std::uint8_t {
  charged = 1,  // the intent to charge the card stands here
  free = 2,     // it costs nothing and is done
  no_card = 3,  // there is no card to charge
};
struct DueBill {
  BillNumber bill = 0;
  BillFate fate = BillFate::charged;
  std::uint64_t checkout = 0;
  std::uint64_t attempt = 0;
  std::optional<NextBill> next;  // empty: this is the last month
  Instant ends_at;               // the end of the last month's service; zero: it is not the last

  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(bill, fate, checkout, attempt, next, ends_at);
  }
};

/// The bills first..last that are due at `due_at` were looked at, up to `rest`; those that can be charged
/// are.
struct BillsDue {
  Instant due_at;
  BillNumber first = 0;
  BillNumber last = 0;
  BillNumber rest = 0;  // the first that waits for another record; 0: none
  std::vector<DueBill> bills;

  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(due_at, first, last, rest, bills);
  }
};

struct RetriedBill {
  BillNumber bill = 0;
  std::uint64_t attempt = 0;  // 0: it cannot be charged now, and is looked at again at `later`
  Instant later;

  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(bill, attempt, later);
  }
};
/// The failed bills first..last that are due again at `due_at`.
struct BillsRetried {
  Instant due_at;
  BillNumber first = 0;
  BillNumber last = 0;
  BillNumber rest = 0;
  std::vector<RetriedBill> bills;

  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(due_at, first, last, rest, bills);
  }
};

struct WokenSubscription {
  SubscriptionNumber number = 0;
  bool ends = false;  // its months are over; else it goes on after a pause
  std::vector<Rest> rests;
  std::optional<NextBill> ready;

  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(number, ends, rests, ready);
  }
};
/// The subscriptions first..last that wake at `due_at`.
struct SubscriptionsWoken {
  Instant due_at;
  SubscriptionNumber first = 0;
  SubscriptionNumber last = 0;
  SubscriptionNumber rest = 0;
  std::vector<WokenSubscription> subscriptions;

  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(due_at, first, last, rest, subscriptions);
  }
};

/// Stored.
enum class SubscriptionAction : std::uint8_t {
  paused = 1,
  resumed = 2,
  updated = 3,
  adjusted = 4,
  transferred = 5,
};
/// A subscription as it stands after a change.
struct SubscriptionChanged {
  Keyed keyed;
  SubscriptionNumber number = 0;
  Instant started_at;  // the subscription's
  SubscriptionAction action = SubscriptionAction::updated;
  std::string reason;
  SubscriptionStatus status = SubscriptionStatus::active;
  Terms terms;
  Instant wakes_at;
  std::optional<NextBill> ready;  // the next bill as it now stands; empty: as it was
  ChangeNumber request = 0;       // that is approved with it; 0: none

  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(keyed, number, started_at, action, reason, status, terms, wakes_at, ready, request);
  }
};

/// What leaving comes to.
struct Settlement {
  Money fee;
  Money unused;  // of the last payment
  Money final;   // fee and owed less unused: charged when above zero, given back when below
  Money owed;    // of the last month, when its charge failed, less its unused days; not stored

  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(fee, unused, final);
  }
};
struct FinalBill {
  BillNumber number = 0;
  std::uint64_t checkout = 0;
  std::uint64_t attempt = 0;  // 0: there is no card, and it is paid on its page

  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(number, checkout, attempt);
  }
};
struct FinalRefund {
  BillNumber bill = 0;
  std::uint64_t attempt = 0;
  Money amount;
  std::optional<CancelPart> cancel;  // of the first month, whose order it goes back by

  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(bill, attempt, amount, cancel);
  }
};
/// A subscription was left early or bought out: no more bills.
struct SubscriptionEnded {
  Keyed keyed;
  SubscriptionNumber number = 0;
  Instant started_at;
  SubscriptionStatus status = SubscriptionStatus::terminated;
  std::string reason;
  Instant ends_at;  // the end of the service
  Settlement settlement;
  BillKind kind = BillKind::fee;  // of the final bill
  std::optional<FinalBill> bill;
  std::optional<FinalRefund> refund;
  ledger::Entry entry;  // sets the refund aside
  ChangeNumber request = 0;

  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(keyed, number, started_at, status, reason, ends_at, settlement, kind, bill, refund, entry, request);
  }
};

/// The refund of the first month's order that begins with the end of a subscription. INVARIANT: one does.
RefundStarted order_refund_of(const SubscriptionEnded& ended, const SubscriptionRow& subscription);

/// Somebody asks for a change; a supervisor decides.
struct ChangeRequested {
  Keyed keyed;
  ChangeNumber request = 0;
  Instant made_at;
  SubscriptionNumber number = 0;
  Instant started_at;
  ChangeType type = ChangeType::termination;
  std::string reason;
  Instant ends_at;  // of the service, when it was said; zero: not
  Money price;      // of a purchase
  User user;        // of a transfer

  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(keyed, request, made_at, number, started_at, type, reason, ends_at, price, user);
  }
};
struct ChangeRejected {
  Keyed keyed;
  ChangeNumber request = 0;
  SubscriptionNumber number = 0;
  Instant started_at;
  std::string reason;

  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(keyed, request, number, started_at, reason);
  }
};

/// The customer is asked for another card, on a page of its own.
struct CardAsked {
  Keyed keyed;
  SubscriptionNumber number = 0;
  Instant started_at;
  std::uint64_t checkout = 0;
  Instant expires_at;
  std::string return_url;
  std::string link_base;  // public URL of the installation at that moment, so that the answer stays the same

  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(keyed, number, started_at, checkout, expires_at, return_url, link_base);
  }
};

/// A seller's server charges a kept card at once.
struct ChargedOnDemand {
  Keyed keyed;
  SubscriptionNumber number = 0;
  BillNumber bill = 0;
  std::uint64_t checkout = 0;
  std::uint64_t attempt = 0;
  Money amount;
  std::string metadata;

  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(keyed, number, bill, checkout, attempt, amount, metadata);
  }
};

/// A bill that is ready is moved to another day or amount; a failed one is charged again.
struct BillChanged {
  Keyed keyed;
  BillNumber bill = 0;
  Instant made_at;  // the bill's
  Instant due_at;
  Money amount;

  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(keyed, bill, made_at, due_at, amount);
  }
};

/// Where the look for overdue bills of a seller goes on: ready ones come before failed ones, each in the
/// order of their times.
struct OverduePlace {
  AppId app = 0;
  BillStatus status = BillStatus::ready;
  Instant at;           // due_at of the last ready one that was looked at, or retry_at of the last failed one
  BillNumber bill = 0;  // that one; 0: none

  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(app, status, at, bill);
  }
};

/// Sellers that were suspended are active again since `due_at`: these bills, whose day passed meanwhile, come
/// now.
struct BillsWoken {
  Instant due_at;
  engine::WorkKind work{};  // invoice_seller_wakes, or invoice_seller_wakes_on
  std::uint64_t first = 0;  // with last: the documents of the due row
  std::uint64_t last = 0;
  std::uint64_t rest = 0;            // the first of them that is left for another record; 0: none
  std::vector<OverduePlace> places;  // where another record goes on
  std::vector<BillNumber> bills;

  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(due_at, work, first, last, rest, places, bills);
  }
};

}  // namespace jangbu::invoice
