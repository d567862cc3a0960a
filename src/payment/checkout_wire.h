// The checkout page's JSON, both ways; pure.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "http/message.h"
#include "payment/card.h"
#include "payment/cashier.h"
#include "payment/checkout_link.h"
#include "payment/payment.h"

namespace jangbu::payment {

/// What the page may offer.
struct PayMethods {
  bool card = false;
  std::string toss_client_key;  // empty: none
  bool sandbox = false;         // test cards are shown
};

/// What a form sent, or what is wrong with its fields by their names.
struct PayForm {
  Card card;
  std::string key;
  std::map<std::string, std::string> faults;
};
/// Error: malformed_json, invalid_parameters (no JSON object).
Result<PayForm> read_pay_form(std::string_view body, Instant now);

struct AuthenticateForm {
  AttemptNumber attempt = 0;
  SecretText code;
};
Result<AuthenticateForm> read_authenticate_form(std::string_view body);

/// What a window of Toss handed to the page: a payment, or (auth_key) a card that may be kept.
struct TossForm {
  std::string payment_key;
  std::string order_id;
  Money amount;
  std::string auth_key;
  std::string customer_key;
};
Result<TossForm> read_toss_form(std::string_view body);

/// The order id that a notice of Toss is about; nothing when it is about something else.
std::optional<std::string> read_toss_notice(std::string_view body);

/// A page's link is told of the buyer only what the customer knows again: "K***", "k***@e***.com".
std::string render_session(const Checkout& checkout, Instant now, const PayMethods& methods,
                           LinkHolder holder);
http::Response render_answer(const PayAnswer& answer, const Checkout& checkout);
http::Response render_faults(const std::map<std::string, std::string>& faults);

/// The checkout's return_url with orderCode and status=PAID added to its query; empty when it has none.
std::string paid_return_url(const Checkout& checkout);

}  // namespace jangbu::payment
