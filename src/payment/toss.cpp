#include "payment/toss.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <optional>

#include <spdlog/spdlog.h>

#include "base/json.h"
#include "payment/toss_http.h"

namespace jangbu::payment {
namespace {

/// What our customers are told for Toss's reasons; any other refusal is "declined".
struct Reason {
  std::string_view toss;
  std::string_view ours;
};
constexpr std::array reasons = {
    Reason{"INVALID_CARD_EXPIRATION", decline::expired_card},
    Reason{"INVALID_STOPPED_CARD", decline::card_declined},
    Reason{"NOT_ENOUGH_BALANCE", decline::insufficient_funds},
    Reason{"REJECT_ACCOUNT_PAYMENT", decline::insufficient_funds},
    Reason{"EXCEED_MAX_CARD_LIMIT", decline::insufficient_funds},
    Reason{"INVALID_PASSWORD", decline::authentication_failed},
    Reason{"INVALID_AUTHORIZE_AUTH", decline::authentication_failed},
};

/// Refusals after which the same request may still succeed, or may have succeeded, and those that are about
/// our credentials: nothing is known.
constexpr std::array<std::string_view, 12> not_final = {
    "ALREADY_PROCESSED_PAYMENT",
    "ALREADY_PROCESSING_REQUEST",
    "DUPLICATED_ORDER_ID",
    "IDEMPOTENT_REQUEST_PROCESSING",
    "PROVIDER_ERROR",
    "FAILED_INTERNAL_SYSTEM_PROCESSING",
    "TOO_MANY_REQUESTS",
    "FORBIDDEN_CONSECUTIVE_REQUEST",
    "INVALID_API_KEY",
    "UNAUTHORIZED_KEY",
    "FORBIDDEN_REQUEST",
    "INCORRECT_BASIC_AUTH_FORMAT",
};

std::string_view text_of(const json::Value* object, std::string_view name) {
  const json::Value* value = object == nullptr ? nullptr : object->find(name);
  return value != nullptr && value->is_string() ? value->text : std::string_view();
}

std::string_view number_of(const json::Value& object, std::string_view name) {
  const json::Value* value = object.find(name);
  return value != nullptr && value->is_number() ? value->text : std::string_view("nothing");
}

/// Whether a JSON number is this many units, exactly.
bool is_amount(const json::Value* value, Money amount) {
  if (value == nullptr || !value->is_number()) return false;
  const auto units = parse_decimal(value->text, 0, Exponent::refused);
  return units.ok() && *units == amount;
}

/// Ids of Toss's and ours go into paths as they are: they hold nothing else.
bool is_path_safe(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '=';
  });
}

std::string last_digits(std::string_view masked) {
  // "43301234****123*": Toss masks the last digit too, so these are what it shows at the end.
  std::string tail(masked.substr(masked.size() < 4 ? 0 : masked.size() - 4));
  return tail;
}

class TossAcquirer final : public Acquirer {
 public:
  explicit TossAcquirer(TossOptions options) : options_(std::move(options)) {}

  [[nodiscard]] std::string_view name() const override { return "toss"; }

  Outcome charge(const ChargeRequest& request) override {
    std::string body;
    json::Writer writer(body);
    writer.begin_object();
    std::string path = "/v1/payments/confirm";
    if (!request.billing_key.empty()) {
      if (!is_path_safe(request.billing_key)) return unusable();
      path = "/v1/billing/" + request.billing_key;
      writer.key("customerKey").string(request.customer_key).key("orderName").string(request.name);
    } else if (!request.payment_key.empty()) {
      writer.key("paymentKey").string(request.payment_key);
    } else {
      return unusable();
    }
    writer.key("orderId").string(request.order_id).key("amount").raw(request.amount.to_units_text());
    writer.end_object();
    return read_payment(post(path, std::move(body), request.order_id),
                        {request.order_id, request.amount, request.currency});
  }

  Outcome authenticate(const Question& question, const std::string&) override {
    return find(question);  // the customer authenticates in Toss's window
  }

  Outcome find(const Question& question) override {
    if (!is_path_safe(question.order_id)) return Outcome::unknown();
    const auto answer = look_up(question.order_id);
    Outcome outcome = read_payment(answer, question);
    // A question that is refused says nothing of the payment.
    const bool is_refused = answer && answer->status != 200 && outcome.kind == Outcome::Kind::declined;
    return is_refused ? Outcome::unknown() : outcome;
  }

  /// Toss forgets an Idempotency-Key after some days, and would give back again what is sent again then. So
  /// the cancellation bears the refund's own order id, and is looked for before it is asked for.
  Outcome refund(const RefundRequest& request) override {
    if (!is_path_safe(request.charge_reference) || !is_path_safe(request.charge_order_id)) return unusable();
    const auto before = look_up(request.charge_order_id);
    if (!before) return Outcome::unknown();
    if (before->status != 200) {
      spdlog::error("Toss Payments answered {} when it was asked for {}: the refund {} waits", before->status,
                    request.charge_order_id, request.order_id);
      return Outcome::unknown();
    }
    if (auto done = read_cancellation(*before, request)) return *done;
    std::string body;
    json::Writer(body)
        .begin_object()
        .key("cancelReason")
        .string(reason_of(request))
        .key("cancelAmount")
        .raw(request.amount.to_units_text())
        .end_object();
    const auto answer =
        post("/v1/payments/" + request.charge_reference + "/cancel", std::move(body), request.order_id);
    if (!answer) return Outcome::unknown();
    if (answer->status == 200) {
      if (auto done = read_cancellation(*answer, request, Newest::is_ours)) return *done;
      spdlog::critical("Toss Payments took the refund {} and does not show it: it stays open",
                       request.order_id);
      return Outcome::unknown();
    }
    const auto document = json::Document::parse(answer->body);
    return document ? read_refusal(*answer, document->root()) : Outcome::unknown();
  }

  Result<BillingKey> issue_billing_key(const BillingKeyRequest& request) override {
    std::string body;
    json::Writer(body)
        .begin_object()
        .key("authKey")
        .string(request.auth_key)
        .key("customerKey")
        .string(request.customer_key)
        .end_object();
    ASSIGN_OR_RETURN(const auto answer, post("/v1/billing/authorizations/issue", std::move(body), {}));
    const auto document = json::Document::parse(answer.body);
    if (!document || answer.status >= 500) return Errc::acquirer_unavailable;
    if (answer.status != 200)
      return Error(Errc::card_refused, std::string(text_of(&document->root(), "message")));
    BillingKey key;
    key.key = text_of(&document->root(), "billingKey");
    if (!is_path_safe(key.key)) return Errc::acquirer_unavailable;
    const json::Value* card = document->root().find("card");
    key.card_brand = "card";
    key.card_last4 = last_digits(text_of(card, "number"));
    return key;
  }

  Status delete_billing_key(const std::string& key) override {
    if (!is_path_safe(key)) return {};
    ASSIGN_OR_RETURN(const auto answer, send({"DELETE", options_.base_url + "/v1/billing/" + key, {}, {}}));
    const bool gone = answer.status == 200 || answer.status == 404;
    return gone ? Status() : Status(Errc::acquirer_unavailable);
  }

 private:
  static Outcome unusable() {
    return Outcome::declined(std::string(decline::processing_error),
                             "This way of paying cannot be used here.");
  }

  [[nodiscard]] Result<TossAnswer> send(const TossCall& call) const {
    auto answer = call_toss(call, options_.secret_key, options_.connect_timeout_ms, options_.timeout_ms);
    if (!answer) spdlog::warn("Toss Payments did not answer: {}", to_string(answer.error()));
    return answer;
  }

  [[nodiscard]] Result<TossAnswer> post(const std::string& path, std::string body, std::string key) const {
    return send({"POST", options_.base_url + path, std::move(body), std::move(key)});
  }

  [[nodiscard]] Result<TossAnswer> look_up(const std::string& order_id) const {
    return send({"GET", options_.base_url + "/v1/payments/orders/" + order_id, {}, {}});
  }

  static std::string mark_of(const RefundRequest& request) { return "(" + request.order_id + ")"; }
  static std::string reason_of(const RefundRequest& request) {
    return request.reason + " " + mark_of(request);
  }

  /// Whether the last cancellation of an answer is the one that was asked for, whatever it is called: what
  /// was sent before cancellations had a mark is answered with its first answer.
  enum class Newest : bool { is_anybodys, is_ours };

  /// What a payment says of a refund: approved, unknown when it is not the payment, when another amount went
  /// back under its mark or when that is not done yet; nothing when it is not among the cancellations.
  static std::optional<Outcome> read_cancellation(const TossAnswer& answer, const RefundRequest& request,
                                                  Newest newest = Newest::is_anybodys) {
    const auto document = json::Document::parse(answer.body);
    if (!document) return Outcome::unknown();
    const json::Value& payment = document->root();
    if (text_of(&payment, "orderId") != request.charge_order_id) {
      spdlog::error("Toss Payments answered for another order than {}", request.charge_order_id);
      return Outcome::unknown();
    }
    const json::Value* cancels = payment.find("cancels");
    if (cancels == nullptr || cancels->kind != json::Kind::array) return std::nullopt;
    for (std::size_t i = 0; i < cancels->size; ++i) {
      const json::Value& cancel = cancels->items[i];
      const std::string_view reason = text_of(&cancel, "cancelReason");
      const bool is_unmarked_ours =
          newest == Newest::is_ours && i + 1 == cancels->size && reason == request.reason;
      if (reason.find(mark_of(request)) == std::string_view::npos && !is_unmarked_ours) continue;
      const std::string_view status = text_of(&cancel, "cancelStatus");
      if (!status.empty() && status != "DONE") return Outcome::unknown();
      if (!is_amount(cancel.find("cancelAmount"), request.amount)) {
        spdlog::critical("Toss Payments gave back {} for the refund {} of {}: it stays open",
                         number_of(cancel, "cancelAmount"), request.order_id, request.amount.to_units_text());
        return Outcome::unknown();
      }
      Outcome outcome;
      outcome.kind = Outcome::Kind::approved;
      outcome.reference = text_of(&cancel, "transactionKey");
      return outcome;
    }
    return std::nullopt;
  }

  static Outcome read_payment(const Result<TossAnswer>& answer, const Question& asked) {
    if (!answer) return Outcome::unknown();
    const auto document = json::Document::parse(answer->body);
    if (!document) return Outcome::unknown();
    const json::Value& payment = document->root();
    if (answer->status != 200) return read_refusal(*answer, payment);
    if (text_of(&payment, "orderId") != asked.order_id) {
      spdlog::error("Toss Payments answered for another order than {}", asked.order_id);
      return Outcome::unknown();
    }
    if (!is_amount(payment.find("totalAmount"), asked.amount) ||
        text_of(&payment, "currency") != asked.currency) {
      // Somebody has to look: neither is this what the books ask for, nor has nothing been taken.
      spdlog::critical("Toss Payments answered for {} with {} {} instead of {} {}: the attempt stays open",
                       asked.order_id, number_of(payment, "totalAmount"), text_of(&payment, "currency"),
                       asked.amount.to_units_text(), asked.currency);
      return Outcome::unknown();
    }
    Outcome outcome;
    outcome.reference = text_of(&payment, "paymentKey");
    const json::Value* card = payment.find("card");
    if (card != nullptr && card->kind == json::Kind::object) {
      outcome.card_brand = "card";
      outcome.card_last4 = last_digits(text_of(card, "number"));
    }
    const auto status = text_of(&payment, "status");
    if (status == "DONE" || status == "PARTIAL_CANCELED") {
      outcome.kind = Outcome::Kind::approved;
      // Ours come after the approval is in the books: this one was made in Toss's own console.
      if (status == "PARTIAL_CANCELED")
        spdlog::critical("a part of {} has gone back at Toss Payments, and the books do not know",
                         asked.order_id);
    } else if (status == "ABORTED" || status == "EXPIRED" || status == "CANCELED") {
      outcome.kind = Outcome::Kind::declined;
      const json::Value* failure = payment.find("failure");
      outcome.code = decline::card_declined;
      outcome.message = text_of(failure, "message");
      if (outcome.message.empty()) outcome.message = "The payment was not completed.";
    }  // READY, IN_PROGRESS, WAITING_FOR_DEPOSIT: on its way; Toss expires what is not confirmed
    return outcome;
  }

  static Outcome read_refusal(const TossAnswer& answer, const json::Value& error) {
    const auto code = text_of(&error, "code");
    if (answer.status == 404 && (code == "NOT_FOUND_PAYMENT" || code == "NOT_FOUND")) {
      Outcome absent;
      absent.kind = Outcome::Kind::absent;
      return absent;
    }
    const bool is_open = answer.status >= 500 || answer.status == 401 || answer.status == 408 ||
                         answer.status == 409 || answer.status == 429 || answer.status < 400 ||
                         code.empty() ||
                         std::find(not_final.begin(), not_final.end(), code) != not_final.end();
    if (is_open) {
      spdlog::warn("Toss Payments answered {} {}: it will be asked again", answer.status, code);
      return Outcome::unknown();
    }
    const auto reason = std::find_if(reasons.begin(), reasons.end(),
                                     [code](const Reason& each) { return each.toss == code; });
    return Outcome::declined(std::string(reason == reasons.end() ? decline::card_declined : reason->ours),
                             std::string(text_of(&error, "message")));
  }

  TossOptions options_;
};

}  // namespace

Result<TossOptions> TossOptions::from_environment() {
  TossOptions options;
  // NOLINTBEGIN(concurrency-mt-unsafe): nothing here changes the environment
  if (const char* key = std::getenv("JANGBU_TOSS_SECRET_KEY")) options.secret_key = key;
  if (const char* url = std::getenv("JANGBU_TOSS_URL")) options.base_url = url;
  // NOLINTEND(concurrency-mt-unsafe)
  const bool is_safe = options.base_url.starts_with("https://") ||
                       options.base_url.starts_with("http://127.0.0.1:") ||
                       options.base_url.starts_with("http://[::1]:");
  if (!is_safe)
    return Error(Errc::invalid_configuration, "JANGBU_TOSS_URL must be https, or on this machine");
  return options;
}

std::unique_ptr<Acquirer> make_toss_acquirer(TossOptions options) {
  return std::make_unique<TossAcquirer>(std::move(options));
}

}  // namespace jangbu::payment
