// The rows of the hub's tables, as decide, apply and the queries see them.
#pragma once

#include <cstdint>
#include <string>

#include "base/money.h"
#include "base/time.h"
#include "hub/requests.h"

namespace jangbu::hub {

/// Numbers are stored.
enum class OrderStatus : std::uint8_t {
  created = 1,
  paid = 2,
  consumed = 3,
  cancelled = 4,
  expired = 5,
  refunding = 6,
  refunded = 7,
};

/// Why people should look at an order.
enum class Attention : std::uint8_t {
  none = 0,
  unconsumed = 1,      // paid, and nothing was made from it in time
  onboard_failed = 2,  // it carried its onboarding, which could not be done
  refund_failed = 4,   // the acquirer refused to give the money back
};

struct OrderRow {
  AppId app = 0;
  OrderStatus status = OrderStatus::created;
  std::uint64_t checkout = 0;
  std::uint64_t record = 0;    // OrderCreated
  Instant paid_at;             // zero: not yet
  std::uint64_t consumed = 0;  // the record that consumed it; 0: none
  Attention attention = Attention::none;
  bool hook = false;     // somebody hears of it: it has a webhook
  bool carries = false;  // it carries its onboarding
};

struct PartnerRow {
  AppId app = 0;
  ManagerId manager = 0;  // the contact
  std::string company_name;
  std::string country;
  std::string business_number;
  std::string email;
  std::string name;
  std::string phone;
  bool placeholder = false;
  std::uint64_t moves = 0;  // of its deposit, so far
  std::uint64_t record = 0;
};

struct ManagerRow {
  PartnerId partner = 0;
  std::string email;
  std::string password_hash;  // empty: none yet
  InviteId invite = 0;        // the one that counts; 0: none
  bool pending = false;       // asked for access; neither invited nor let in until that is confirmed
  std::string name;           // as whoever brought the address gave it
  Instant since;              // when they were let in; zero: they wait
  bool withdrawn = false;     // may not come in any more; the address may be another manager's
};

struct InviteRow {
  ManagerId manager = 0;
  Instant expires_at;
  std::uint64_t event = 0;  // the mail in the outbox; 0: none
  bool used = false;
};

/// What an app sees of a campaign's status, and asks lists for; numbers are stored.
enum class Shown : std::uint8_t {
  all = 0,
  temporary_saved = 1,
  under_review = 2,
  ready = 3,
  in_progress = 4,
  revision_requested = 5,
  completed = 6,
  rejected = 7,
};
Shown shown_status(CampaignStatus status);

struct CampaignRow {
  AppId app = 0;
  std::uint64_t ordinal = 0;  // within the app, from 1
  PartnerId partner = 0;
  CampaignStatus status = CampaignStatus::temporary_saved;
  std::uint64_t record = 0;  // Onboarded or CampaignCreated
  OrderNumber order = 0;     // 0: made by the legacy call
  Instant start_at;
  Instant end_at;
  Instant due_at;
  Instant next_at;  // of its next step by the clock; zero: none
  Money reward;
  std::uint64_t offers = 0;
  Money held;              // what is left of its hold
  std::uint64_t paid = 0;  // rewards paid
  std::uint64_t a0801 = 0, a0802 = 0, a0803 = 0, a0804 = 0;
  std::uint64_t r1213 = 0, r1214 = 0, r1215 = 0, r1218 = 0, r1219 = 0;
  Instant updated_at;

  std::uint64_t& applies(ApplyState state);
  std::uint64_t& reviews(ReviewState state);
  [[nodiscard]] std::uint64_t selected() const { return a0802 + a0804; }
};

struct ApplyRow {
  CampaignId campaign = 0;
  std::string reviewer;
  ApplyState state = ApplyState::under_selection;
  ReviewId review = 0;  // 0: none yet
};

struct ReviewRow {
  ApplyId apply = 0;
  ReviewState state = ReviewState::draft;
  std::uint64_t record = 0;  // what it says now
  PartnerId partner = 0;     // whose campaign it is of
  CampaignId campaign = 0;
  std::uint64_t judged = 0;  // the record that judged what it says now; 0: nobody has
};

/// Numbers are stored.
enum class DepositMoveKind : std::uint8_t {
  charge = 1,
  reward = 2,
  refund = 3,
};

struct DepositMoveRow {
  Instant at;
  DepositMoveKind kind = DepositMoveKind::charge;
  Money amount;  // positive; the kind says which way
  std::uint64_t record = 0;
  CampaignId campaign = 0;
  OrderNumber order = 0;
};

struct AnswerRow {
  bool email_sent = false;
  Instant email_sent_at;
};

/// "HUBPAY-20260525-0001": the day (Korean time) and the order's number in base 32, at least four digits.
std::string order_code(OrderNumber number, Instant created_at);
/// 0 when the text is no order code. That the day fits is for the caller to check (by order_code()).
OrderNumber order_number_of(std::string_view code);

/// Names of ledger accounts; all in KRW.
std::string prepaid_account(AppId app);
std::string deposit_account(PartnerId partner);
std::string reviewer_account(std::string_view reviewer);
inline constexpr std::string_view won = "KRW";

}  // namespace jangbu::hub
