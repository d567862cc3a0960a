// The hub's protocol: request bytes to typed requests, answers and errors to bytes. Pure; any thread.
// Contract: the published integration guide of the hub; docs/formats/hub-api.md says where it is silent and
// we decide.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "hub/requests.h"
#include "hub/rows.h"

namespace jangbu::hub {

/// One fault of a request, in the form of Zod, which the published server validates with.
struct Issue {
  std::vector<std::string> path;  // {"partner", "contactEmail"}
  std::string code;               // "invalid_type", "too_small", "too_big", "invalid_string" ...
  std::string message;

  friend bool operator==(const Issue&, const Issue&) = default;
};
using Issues = std::vector<Issue>;

/// A request that is valid in itself, or all that is wrong with it.
template <typename T>
using Parsed = std::variant<T, Issues>;

/// Bodies. Members that are not known are ignored; an empty body counts as an empty object; a null is like a
/// member that is not there. Amounts are JSON numbers that are whole won, in any notation ("2e3").
Parsed<Onboard> parse_onboard(std::string_view body);
Parsed<NewOrder> parse_new_order(std::string_view body);
Parsed<CancelOrder> parse_cancel(std::string_view body, std::string order_code);
/// POST /v1/partners/ensure, with its own names for the same things.
Parsed<PartnerForm> parse_ensure(std::string_view body);
Parsed<NewCampaign> parse_new_campaign(std::string_view body);
/// {"reviewerId": ...}
Parsed<std::string> parse_apply(std::string_view body);
/// {"state": "0802"}
Parsed<ApplyState> parse_apply_set(std::string_view body);
/// {"state": "1213" or "1218", "url": ..., "text": ...}
Parsed<ReviewForm> parse_review(std::string_view body);
/// {"state": "1214", "1215" or "1219"}
Parsed<ReviewState> parse_review_judge(std::string_view body);
Parsed<ContactInfo> parse_contact_info(std::string_view body);

/// The Idempotency-Key header: 1 to max_key_bytes visible ASCII characters; nullptr (none was sent) reads
/// empty.
Parsed<std::string> parse_idempotency_key(const std::string* header);

/// A page of a campaign list. Numbers out of range are clamped; what is no number reads as the default.
struct PageRequest {
  std::uint64_t page = 1;  // from 1
  std::uint64_t page_size = 25;
  Shown status = Shown::all;
};
/// What stands for a Korean business number that nobody gave.
inline constexpr std::string_view unknown_business_number = "000-00-00000";

inline constexpr std::uint64_t max_page_size = 100;
inline constexpr std::uint64_t max_page = 100'000'000;
/// From "page=2&page_size=25&status=READY". Error: invalid_status.
Result<PageRequest> parse_page(std::string_view query);

/// GET /v1/pay/orders: the newest first, those before a cursor.
struct OrderListRequest {
  std::optional<OrderStatus> status;
  bool attention = false;    // only those that people should look at
  std::uint64_t before = 0;  // an order number; 0: from the newest
  std::uint64_t limit = 25;
};
/// From "status=PAID&limit=50&cursor=...". Errors: invalid_status, invalid_id (the cursor).
Result<OrderListRequest> parse_order_list(std::string_view query);

/// An id in a path or a body: digits as they are printed, 1 to 2^63-1. Error: invalid_id.
Result<std::uint64_t> parse_id(std::string_view text);

/// SHA-256 of a body's canonical JSON: members sorted by name, of repeated ones the last, numbers by their
/// value, no white space. An empty body is an empty object. Error: malformed_json.
Result<Hash> canonical_body_hash(std::string_view body);
/// The same of an onboarding without its "payment": of the part that an order can carry.
Result<Hash> canonical_onboard_hash(std::string_view onboard_body);
/// The same of the "onboard" of an order's body; zero when it has none.
Result<Hash> canonical_carried_onboard_hash(std::string_view order_body);

/// Names and codes of the wire.
std::string_view shown_name(Shown shown);   // "IN_PROGRESS"; INVARIANT: not Shown::all
std::string_view shown_label(Shown shown);  // in Korean
std::optional<Shown> shown_from_name(std::string_view name);
std::string_view order_status_name(OrderStatus status);  // "PAID"
std::optional<OrderStatus> order_status_from_name(std::string_view name);
std::string_view attention_name(Attention attention);  // "UNCONSUMED"; empty for none
/// Four digits: "0802", "1209".
std::string code_text(ApplyState state);
std::string code_text(ReviewState state);
std::string code_text(CampaignStatus status);

}  // namespace jangbu::hub
