// The protocol of subscriptions: bodies and queries in, answers out. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "invoice/subscription_decide.h"
#include "invoice/wire.h"
#include "invoice/wire_write.h"

namespace jangbu::invoice {

/// What the wire says of a contract that has no last month.
inline constexpr std::int64_t without_end = -1;

/// Which subscription a call means when the path does not say it: {"order_subscription_id" | "order_number"}.
struct Named {
  std::string id;  // as sent
};

struct PauseCall : Named {
  PauseSubscription::Request request;
};
/// `zone`: for times without an offset. `named`: the body must name the subscription.
Parsed<PauseCall> parse_pause(std::string_view body, std::string_view zone, bool named);
struct ResumeCall : Named {
  ResumeSubscription::Request request;
};
Parsed<ResumeCall> parse_resume(std::string_view body, std::string_view zone, bool named);
struct LeavingCall : Named {
  Leaving leaving;
};
/// Of the customer only the reason, the end of the service and, of a purchase, the price count: what leaving
/// costs is computed here.
Parsed<LeavingCall> parse_leaving(std::string_view body, std::string_view zone, bool named);
struct TransferCall : Named {
  std::string reason;
  User user;
};
Parsed<TransferCall> parse_transfer(std::string_view body);
Parsed<SubscriptionUpdate> parse_subscription_update(std::string_view body, std::string_view zone);
/// POST adds, PUT replaces.
Parsed<AdjustmentChange> parse_adjustment(std::string_view body);
Parsed<AdjustmentChange> parse_adjustments_of_month(std::string_view body);
/// {"order_subscription_adjustment_id"} in the body or in the query.
Parsed<AdjustmentChange> parse_adjustment_removal(std::string_view body, std::string_view query);
struct ChargeCall {
  std::string charge_key;
  Money price;
  std::string metadata;
};
Parsed<ChargeCall> parse_charge(std::string_view body, bool revokes);
struct BillCall {
  std::optional<Instant> due_at;
  std::optional<Money> amount;
};
Parsed<BillCall> parse_bill_change(std::string_view body, std::string_view zone);
struct JudgeCall {
  bool approve = false;
  Leaving leaving;
};
/// `approve`: the path says so already.
Parsed<JudgeCall> parse_judgement(std::string_view body, std::string_view zone, std::optional<bool> approve);
/// {"return_url"}
Parsed<std::string> parse_card_call(std::string_view body);

struct SubscriptionList {
  std::uint64_t page = 1;
  std::uint64_t limit = 20;
  std::string keyword;
  std::string user_id;
  std::string order;
  std::optional<std::int64_t> status;
  std::optional<Instant> from;
  std::optional<Instant> to;
};
Parsed<SubscriptionList> parse_subscription_list(std::string_view query, std::string_view zone);
struct BillList {
  std::uint64_t page = 1;
  std::uint64_t limit = 20;
  std::string subscription;  // its id; empty: of all
  std::string keyword;
  std::vector<std::int64_t> statuses;  // empty: any
};
Parsed<BillList> parse_bill_list(std::string_view query);
struct ChangeList {
  std::uint64_t page = 1;
  std::uint64_t limit = 20;
  std::string subscription;
  std::optional<std::int64_t> status;
  std::optional<std::uint64_t> type;
};
Parsed<ChangeList> parse_change_list(std::string_view query);
/// Which subscription a query names.
Parsed<std::string> parse_named_query(std::string_view query);

/// A subscription as it stands.
struct SubscriptionView {
  SubscriptionNumber number = 0;
  SubscriptionRow row;
  OrderRow order;
  InvoiceRow invoice;
  std::string request_id;
  std::optional<BillRow> ready;
  std::optional<payment::KeptCard> card;  // while it is kept
};
struct BillView {
  BillNumber number = 0;
  BillRow row;
  SubscriptionView subscription;  // without its ready bill and its card
};
struct ChangeView {
  ChangeNumber number = 0;
  ChangeRow row;
  std::shared_ptr<const ChangeRequested> requested;
};

/// `charge_key`: for supervisors; empty: not told.
Answer render_subscription(const SubscriptionView& view, std::string_view charge_key);
Answer render_subscriptions(const std::vector<SubscriptionView>& views, std::uint64_t count, bool complete);
Answer render_changed(const SubscriptionChanged& changed);
Answer render_ended(const SubscriptionEnded& ended);
Answer render_settlement(const Settlement& settlement);
/// `pay_url`: where a bill that failed can be paid; empty: nowhere.
Answer render_bill(const BillView& view, std::string_view pay_url);
Answer render_bills(const std::vector<BillView>& views, std::uint64_t count, bool complete);
Answer render_bill_changed(const BillChanged& changed);
Answer render_change(const ChangeView& view);
Answer render_changes(const std::vector<ChangeView>& views, std::uint64_t count, bool complete);
Answer render_requested(const ChangeRequested& requested);
Answer render_judged(const ChangeJudged& judged);
Answer render_card_asked(const CardAsked& asked, const CheckoutLink& link);
/// What a charge on demand came to.
Answer render_charged(const BillView& view, std::string_view charge_key);
Answer render_revoked(std::string_view charge_key, Instant at);

}  // namespace jangbu::invoice
