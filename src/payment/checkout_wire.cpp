#include "payment/checkout_wire.h"

#include <algorithm>
#include <charconv>

#include "base/json.h"
#include "http/api.h"
#include "payment/decide.h"
#include "payment/kept_cards.h"
#include "payment/sandbox.h"

namespace jangbu::payment {
namespace {

constexpr std::size_t max_form_key = 64;
constexpr std::size_t max_code = 32;
constexpr std::size_t max_payment_key = 200;

Result<json::Document> read_object(std::string_view body) {
  ASSIGN_OR_RETURN(auto document, json::Document::parse(body));
  if (document.root().kind != json::Kind::object)
    return Error(Errc::invalid_parameters, "the body must be a JSON object");
  return document;
}

/// The text of a member, or empty.
std::string_view text_of(const json::Value& object, std::string_view name) {
  const json::Value* value = object.find(name);
  return value != nullptr && value->is_string() ? value->text : std::string_view();
}

bool was_paid(CheckoutStatus status) {
  return status == CheckoutStatus::paid || status == CheckoutStatus::refunding ||
         status == CheckoutStatus::refunded;
}

/// The status as of `now`: time passes before the books say so.
CheckoutStatus status_at(const Checkout& checkout, Instant now) {
  return checkout.status == CheckoutStatus::open && now >= checkout.expires_at ? CheckoutStatus::expired
                                                                               : checkout.status;
}

/// Its first character, and that something follows.
std::string first_of(std::string_view text) {
  if (text.empty()) return {};
  std::size_t end = 1;
  while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) ++end;
  return std::string(text.substr(0, end)) + "***";
}

/// "kim@shop.example" as "k***@s***.example".
std::string masked_address(std::string_view address) {
  const auto at = address.rfind('@');
  if (at == std::string_view::npos) return first_of(address);
  const std::string_view host = address.substr(at + 1);
  const auto dot = host.rfind('.');
  const std::string_view end = dot == std::string_view::npos ? std::string_view() : host.substr(dot);
  return first_of(address.substr(0, at)) + "@" + first_of(host.substr(0, host.size() - end.size())) +
         std::string(end);
}

void put_buyer(json::Writer& writer, const Buyer& buyer, LinkHolder holder) {
  const bool masked = holder == LinkHolder::page;
  writer.key("buyer").begin_object().key("name").string(masked ? first_of(buyer.name) : buyer.name);
  writer.key("email").string(masked ? masked_address(buyer.email) : buyer.email);
  if (masked) writer.key("masked").boolean(true);
  writer.end_object();
}

http::Response paid_response(const Checkout& checkout, int status) {
  std::string body;
  json::Writer(body)
      .begin_object()
      .key("status")
      .string("paid")
      .key("returnUrl")
      .string(paid_return_url(checkout))
      .end_object();
  return http::json_response(std::move(body), status);
}

http::Response status_response(int status, std::string_view name, std::string_view code,
                               std::string_view message) {
  std::string body;
  json::Writer writer(body);
  writer.begin_object().key("status").string(name);
  if (!code.empty()) writer.key("code").string(code);
  if (!message.empty()) writer.key("message").string(message);
  writer.end_object();
  return http::json_response(std::move(body), status);
}

http::Response render_refusal(const Error& error, const Checkout& checkout) {
  const auto code = error_text(error.code);
  const std::string message = error.detail.empty() ? std::string(error_message(error.code)) : error.detail;
  switch (error.code) {
    case Errc::already_paid:
      return paid_response(checkout, 409);
    case Errc::payment_in_progress:
      return status_response(409, "paying", code, message);
    case Errc::checkout_closed: {
      const auto status =
          checkout.status == CheckoutStatus::cancelled ? CheckoutStatus::cancelled : CheckoutStatus::expired;
      return status_response(409, checkout_status_name(status), code, message);
    }
    case Errc::too_many_attempts: {
      http::Response response = status_response(429, "too_many_attempts", code, message);
      response.headers.push_back({"Retry-After", std::to_string(declines_window.us / 1'000'000)});
      return response;
    }
    default:
      return http::api_error(error);
  }
}

}  // namespace

Result<PayForm> read_pay_form(std::string_view body, Instant now) {
  ASSIGN_OR_RETURN(const auto document, read_object(body));
  PayForm form;
  static constexpr json::Value nothing{};
  const json::Value* card = document.root().find("card");
  if (card == nullptr) card = &nothing;
  form.faults = read_card(text_of(*card, "number"), text_of(*card, "expiry"), text_of(*card, "cvc"),
                          text_of(*card, "holder"), now, form.card);
  form.key = text_of(document.root(), "key");
  if (form.key.empty() || form.key.size() > max_form_key)
    form.faults["key"] = "must be a text of 1 to 64 bytes, the same for the same form";
  return form;
}

Result<AuthenticateForm> read_authenticate_form(std::string_view body) {
  ASSIGN_OR_RETURN(const auto document, read_object(body));
  AuthenticateForm form;
  const json::Value* attempt = document.root().find("attempt");
  const auto digits = attempt != nullptr && (attempt->is_string() || attempt->is_number())
                          ? attempt->text
                          : std::string_view();
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), form.attempt);
  if (error != std::errc() || end != digits.data() + digits.size() || form.attempt > INT64_MAX)
    return Error(Errc::invalid_parameters, "attempt must be what the payment answered with");
  const auto code = text_of(document.root(), "code");
  if (code.empty() || code.size() > max_code)
    return Error(Errc::invalid_parameters, "code must be a text of 1 to 32 bytes");
  form.code = SecretText(code);
  return form;
}

Result<TossForm> read_toss_form(std::string_view body) {
  ASSIGN_OR_RETURN(const auto document, read_object(body));
  TossForm form;
  form.auth_key = text_of(document.root(), "authKey");
  if (!form.auth_key.empty()) {
    form.customer_key = text_of(document.root(), "customerKey");
    if (form.auth_key.size() > max_payment_key || form.customer_key.empty())
      return Error(Errc::invalid_parameters, "authKey and customerKey are required");
    return form;
  }
  form.payment_key = text_of(document.root(), "paymentKey");
  form.order_id = text_of(document.root(), "orderId");
  const json::Value* amount = document.root().find("amount");
  if (form.payment_key.empty() || form.payment_key.size() > max_payment_key || form.order_id.empty() ||
      amount == nullptr || !(amount->is_number() || amount->is_string()))
    return Error(Errc::invalid_parameters, "paymentKey, orderId and amount are required");
  ASSIGN_OR_RETURN(form.amount, parse_decimal(amount->text, 0, Exponent::refused));
  return form;
}

std::optional<std::string> read_toss_notice(std::string_view body) {
  const auto document = read_object(body);
  if (!document) return std::nullopt;
  const json::Value* data = document->root().find("data");
  if (data == nullptr || text_of(document->root(), "eventType") != "PAYMENT_STATUS_CHANGED")
    return std::nullopt;
  const auto order_id = text_of(*data, "orderId");
  if (order_id.empty() || order_id.size() > max_form_key) return std::nullopt;
  return std::string(order_id);
}

std::string paid_return_url(const Checkout& checkout) {
  if (checkout.return_url.empty()) return {};
  std::string url = checkout.return_url;
  const auto hash = url.find('#');
  const std::string fragment = hash == std::string::npos ? std::string() : url.substr(hash);
  if (hash != std::string::npos) url.resize(hash);
  const auto question = url.find('?');
  if (question == std::string::npos) {
    url.push_back('?');
  } else if (url.back() != '?' && url.back() != '&') {
    url.push_back('&');
  }
  return url + "orderCode=" + http::percent_encode(checkout.reference) + "&status=PAID" + fragment;
}

std::string render_session(const Checkout& checkout, Instant now, const PayMethods& methods,
                           LinkHolder holder) {
  std::string out;
  json::Writer writer(out);
  const auto status = status_at(checkout, now);
  writer.begin_object().key("reference").string(checkout.reference).key("name").string(checkout.name);
  writer.key("items").begin_array();
  for (const Item& item : checkout.items) {
    writer.begin_object().key("name").string(item.name);
    writer.key("quantity").unsigned_number(item.quantity);
    writer.key("amount").raw(item.amount.to_units_text()).end_object();
  }
  writer.end_array();
  writer.key("purpose").string(purpose_name(checkout.purpose));
  writer.key("amount").raw(checkout.amount.to_units_text()).key("currency").string(checkout.currency);
  writer.key("refunded").raw(checkout.refunded.to_units_text());
  writer.key("status").string(checkout_status_name(status));
  put_buyer(writer, checkout.buyer, holder);
  writer.key("returnUrl").string(was_paid(status) ? paid_return_url(checkout) : checkout.return_url);
  writer.key("cancelUrl").string(checkout.cancel_url);
  writer.key("expiresAt");
  checkout.expires_at == never ? writer.null() : writer.string(to_rfc3339(checkout.expires_at));
  writer.key("now").string(to_rfc3339(now));
  writer.key("methods").begin_array();
  if (methods.card) writer.begin_object().key("type").string("card").end_object();
  if (!methods.toss_client_key.empty()) {
    writer.begin_object().key("type").string("toss").key("clientKey").string(methods.toss_client_key);
    writer.key("orderId").string(next_order_id(checkout));
    if (checkout.purpose != Purpose::pay) writer.key("customerKey").string(customer_key_of(checkout));
    writer.end_object();
  }
  writer.end_array().key("sandbox").boolean(methods.sandbox).key("testCards").begin_array();
  if (methods.sandbox) {
    for (const TestCard& card : test_cards()) {
      if (card.differs_later && checkout.purpose == Purpose::pay) continue;
      writer.begin_object().key("number").string(card.number);
      writer.key("outcome").string(card.outcome).end_object();
    }
  }
  writer.end_array().end_object();
  return out;
}

http::Response render_answer(const PayAnswer& answer, const Checkout& checkout) {
  switch (answer.kind) {
    case PayAnswer::Kind::paid:
      return paid_response(checkout, 200);
    case PayAnswer::Kind::declined:
      return status_response(402, "declined", answer.code, answer.message);
    case PayAnswer::Kind::needs_authentication: {
      std::string body;
      json::Writer(body)
          .begin_object()
          .key("status")
          .string("needs_authentication")
          .key("attempt")
          .string(std::to_string(answer.attempt))
          .end_object();
      return http::json_response(std::move(body), 202);
    }
    case PayAnswer::Kind::pending:
      return status_response(202, "pending", {}, {});
    case PayAnswer::Kind::refused:
      return render_refusal(answer.error, checkout);
  }
  INVARIANT(false, "an answer is of a kind");
}

http::Response render_faults(const std::map<std::string, std::string>& faults) {
  std::string body;
  json::Writer writer(body);
  writer.begin_object().key("status").string("invalid").key("fields").begin_object();
  for (const auto& [name, fault] : faults) writer.key(name).string(fault);
  writer.end_object().end_object();
  return http::json_response(std::move(body), 422);
}

}  // namespace jangbu::payment
