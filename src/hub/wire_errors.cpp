// Errors of the hub: the one place where an error becomes a status and a code of this protocol.

#include "base/json.h"
#include "hub/wire_write.h"

namespace jangbu::hub {
namespace {

using json::Writer;

/// How an error is told. `always_plain`: no book was asked about it, and every path says it the same way.
struct Telling {
  int status;
  bool always_plain = false;
};

Telling telling_of(Errc code) {
  switch (code) {
    case Errc::malformed_json:
    case Errc::invalid_parameters:
      return {400, true};
    case Errc::token_missing:
    case Errc::token_malformed:
    case Errc::token_invalid:
    case Errc::token_expired:
    case Errc::token_replayed:
    case Errc::not_authenticated:
      return {401, true};
    case Errc::service_not_allowed:
      return {403, true};
    case Errc::rate_limited:
      return {429, true};
    case Errc::idempotency_conflict:
      return {409, true};
    case Errc::insufficient_deposit:
      return {402};
    case Errc::partner_not_owned:
    case Errc::campaign_not_owned:
      return {403};
    case Errc::not_found:
    case Errc::order_not_found:
    case Errc::partner_not_found:
    case Errc::campaign_not_found:
    case Errc::apply_not_found:
    case Errc::review_not_found:
      return {404};
    case Errc::invite_ended:
      return {410};
    case Errc::checkout_closed:
    case Errc::not_paid:
      return {409};
    default:
      break;
  }
  switch (error_class(code)) {
    case ErrorClass::malformed:
      return {400};
    case ErrorClass::refused:
      return {422};
    case ErrorClass::conflict:
      return {409};
    case ErrorClass::retry:
      return {503, true};
    case ErrorClass::internal:
      break;
  }
  return {500, true};
}

std::string code_of(Errc code, int status) {
  if (status == 500) return "INTERNAL_ERROR";
  std::string text(error_text(code));
  for (char& c : text)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return text;
}

/// What is wrong inside of us is not for clients.
std::string_view sentence_of(const Error& error, int status) {
  if (status == 500) return error_message(Errc::internal);
  return error.detail.empty() ? error_message(error.code) : std::string_view(error.detail);
}

/// The facts that an answer names, if it names any.
std::string details_of(const Refused& refused) {
  std::string details;
  Writer out(details);
  if (refused.gate) {
    out.begin_object().key("required").raw(refused.gate->required.to_units_text());
    out.key("available").raw(refused.gate->available.to_units_text());
    out.key("shortfall").raw(refused.gate->shortfall().to_units_text()).end_object();
  } else if (refused.order_code) {
    out.begin_object().key("orderCode").string(*refused.order_code).end_object();
  }
  return details;
}

http::Response respond(int status, std::string body) {
  http::Response response;
  response.status = status;
  response.body = std::move(body);
  constexpr std::string_view retry_after_s = "1";
  if (status == 429 || status == 503) response.headers.push_back({"Retry-After", std::string(retry_after_s)});
  return response;
}

}  // namespace

http::Response issues_response(const Issues& issues) {
  std::string body;
  Writer out(body);
  out.begin_object().key("code").string("INVALID_PAYLOAD");
  out.key("message").string("the request is not valid: detail.issues says why");
  out.key("detail").begin_object().key("issues").begin_array();
  for (const Issue& issue : issues) {
    out.begin_object().key("path").begin_array();
    for (const std::string& name : issue.path) out.string(name);
    out.end_array().key("code").string(issue.code).key("message").string(issue.message).end_object();
  }
  out.end_array().end_object().end_object();
  return respond(400, std::move(body));
}

http::Response error_response(const Refused& refused, Dialect dialect) {
  const Error& error = refused.error;
  if (error.code == Errc::invalid_parameters || error.code == Errc::malformed_json)
    return issues_response({{refused.path, "custom", std::string(sentence_of(error, 400))}});
  const Telling telling = telling_of(error.code);
  const std::string details = details_of(refused);
  const bool is_nested = dialect == Dialect::nested && !telling.always_plain;
  std::string body;
  Writer out(body);
  out.begin_object();
  if (is_nested) out.key("error").begin_object();
  out.key("code").string(code_of(error.code, telling.status));
  out.key("message").string(sentence_of(error, telling.status));
  if (is_nested) {
    out.key("details").raw(details.empty() ? "{}" : details).end_object();
  } else if (!details.empty()) {
    out.key("detail").raw(details);
  }
  out.end_object();
  return respond(telling.status, std::move(body));
}

http::Response status_response(int status, std::string_view message) {
  const char* code = status == 404   ? "NOT_FOUND"
                     : status == 405 ? "METHOD_NOT_ALLOWED"
                     : status == 413 ? "BODY_TOO_LONG"
                     : status == 400 ? "MALFORMED_REQUEST"
                     : status == 503 ? "OVERLOADED"
                                     : "INTERNAL_ERROR";
  std::string body;
  Writer(body).begin_object().key("code").string(code).key("message").string(message).end_object();
  return respond(status, std::move(body));
}

http::Response answer_response(Answer answer, bool replayed) {
  http::Response response = respond(answer.status, std::move(answer.body));
  if (replayed) response.headers.push_back({"Idempotent-Replayed", "true"});
  return response;
}

}  // namespace jangbu::hub
