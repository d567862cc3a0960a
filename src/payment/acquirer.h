// The port to those who take money for us.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/money.h"
#include "base/result.h"
#include "base/time.h"
#include "payment/card.h"

namespace jangbu::payment {

/// What an acquirer says of a charge or a refund.
struct Outcome {
  enum class Kind : std::uint8_t {
    approved,
    declined,              // code, message
    needs_authentication,  // the customer must prove that the card is theirs: authenticate()
    absent,                // the acquirer does not know the order id
    unknown,               // no answer, or none that can be read: ask again
  };
  Kind kind = Kind::unknown;
  std::string reference;  // the acquirer's own name for it, for refunds and inquiries
  std::string code;       // one of decline_codes
  std::string message;    // for the customer
  std::string card_brand;
  std::string card_last4;

  [[nodiscard]] bool is_definite() const {
    return kind == Kind::approved || kind == Kind::declined || kind == Kind::absent;
  }
  static Outcome unknown() { return {}; }
  static Outcome absent();
  static Outcome declined(std::string code, std::string message);
};

/// Why charges are declined, whoever declines them.
namespace decline {
inline constexpr std::string_view card_declined = "card_declined";
inline constexpr std::string_view expired_card = "expired_card";
inline constexpr std::string_view insufficient_funds = "insufficient_funds";
inline constexpr std::string_view not_a_test_card = "not_a_test_card";
inline constexpr std::string_view authentication_failed = "authentication_failed";
inline constexpr std::string_view processing_error = "processing_error";
}  // namespace decline

/// How the customer pays: with a card of this form, through a window of the acquirer's own (payment_key), or
/// with a card that was kept (billing_key). One of them is set.
struct ChargeRequest {
  std::string order_id;
  Money amount;
  std::string currency;
  std::string name;  // of the goods
  Card card;
  std::string payment_key;
  std::string billing_key;
  std::string customer_key;  // with billing_key: whose it is
  bool unattended = false;   // with billing_key: the customer is not there, and cannot authenticate
};

/// What is asked of a charge that was begun: its name, and what was to be taken, so that an answer about
/// anything else is no answer.
struct Question {
  std::string order_id;
  Money amount;
  std::string currency;
};

struct RefundRequest {
  std::string order_id;         // of the refund: sent twice, it is done once
  std::string charge_order_id;  // of the charge that goes back
  std::string charge_reference;
  Money amount;
  std::string currency;
  std::string reason;
};

/// A card kept by the acquirer, to be charged again without the customer.
struct BillingKey {
  std::string key;
  std::string card_brand;
  std::string card_last4;
};
struct BillingKeyRequest {
  std::string customer_key;
  Card card;             // of a form of ours,
  std::string auth_key;  // or from a window of the acquirer's
};

/// All calls may block for the acquirer's time-outs, and throw nothing. Thread-safe. An order id names one
/// charge for ever: charge() with an order id that the acquirer knows answers with what became of it.
class Acquirer {
 public:
  virtual ~Acquirer() = default;
  /// Stands in records and accounts: "sandbox", "toss".
  [[nodiscard]] virtual std::string_view name() const = 0;

  virtual Outcome charge(const ChargeRequest& request) = 0;
  /// Goes on with a charge that needed authentication.
  virtual Outcome authenticate(const Question& question, const std::string& code) = 0;
  /// Never needs_authentication and never absent.
  virtual Outcome refund(const RefundRequest& request) = 0;
  /// What became of a charge.
  virtual Outcome find(const Question& question) = 0;

  /// Errors: card_refused (with the reason), acquirer_unavailable.
  virtual Result<BillingKey> issue_billing_key(const BillingKeyRequest& request) = 0;
  /// Deleting what is gone already succeeds. Error: acquirer_unavailable.
  virtual Status delete_billing_key(const std::string& key) = 0;

  /// Whoever is called when the acquirer, unasked, has news of a charge; any thread, must not block. News are
  /// a hint: what they say is asked for with find(). To be set before the first call.
  using News = std::function<void(const std::string& order_id)>;
  void on_news(News news) { news_ = std::move(news); }

 protected:
  void tell(const std::string& order_id) const {
    if (news_) news_(order_id);
  }

 private:
  News news_;
};

}  // namespace jangbu::payment
