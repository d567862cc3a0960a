// The reward postback: what an affiliate's server is told of a conversion. Pure. The fields, their order,
// their names ("commision") and their sizes are the contract with receivers that exist.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/money.h"
#include "base/time.h"
#include "delivery/events.h"

namespace jangbu::affiliate {

/// One row of a conversion, as receivers know it. Texts are what the merchant and the click said, decoded.
struct Postback {
  Instant at;  // of the purchase; told as day and time in Seoul
  std::string merchant_id;
  std::string order_code;
  std::string product_code;
  std::string product_name;
  std::string category_code;
  std::int64_t item_count = 0;  // of a correction negative
  Money price;                  // won
  Money commission;             // won
  std::string affiliate_id;     // "A100000000"
  std::string affiliate_user_id;
  std::uint64_t trlog_id = 0;
  std::string base_commission;       // "8%", "500KRW"
  std::string incentive_commission;  // the same
  /// 13 characters that all rows of a purchase share; empty: the receiver does not want them.
  std::string uniq_id;

  friend bool operator==(const Postback&, const Postback&) = default;
};

inline constexpr std::size_t max_product_name_characters = 300;

/// The JSON object that is sent, byte for byte. product_name is cut to 300 characters and percent-encoded
/// then; all else stands as it is.
std::string postback_json(const Postback& postback);

/// What groups the rows of one purchase: the same for every request about it, and nothing can be read from
/// it.
std::string uniq_id_of(std::string_view merchant_id, std::string_view order_code);

/// The text's first characters (not bytes) of UTF-8. A byte that is none counts as one.
std::string_view first_characters(std::string_view text, std::size_t count);

/// The topic of a postback, and of a test.
inline constexpr std::string_view postback_topic = "reward";
inline constexpr std::string_view test_topic = "reward.test";
/// What stands before the affiliate's id in the destination of its postbacks.
inline constexpr std::string_view postback_destination = "reward:";

/// The event of a postback to an approved receiver. Ten attempts; done is any 2xx within ten seconds.
delivery::Webhook postback_webhook(const std::string& url, const Postback& postback,
                                   delivery::Retry retry = delivery::ten_attempts);
engine::OutboxEvent postback_event(const std::string& url, const Postback& postback,
                                   delivery::Retry retry = delivery::ten_attempts);

/// What the test button sends: one fixed row that belongs to no conversion (trlog_id 0).
Postback sample_postback(std::string_view affiliate_id, bool with_uniq_id);

/// Puts in the template that the events above name.
void add_postback_template(delivery::Templates& templates);

}  // namespace jangbu::affiliate
