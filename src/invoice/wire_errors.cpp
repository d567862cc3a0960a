// Errors of the invoice door: the one place where an error becomes a status, a number and a code of this
// protocol.
#include "base/json.h"
#include "invoice/wire_write.h"

namespace jangbu::invoice {
namespace {

using json::Writer;

/// The HTTP status and the number of an error; an error of another class has the class's.
struct Telling {
  int status;
  int code;
};

Telling telling_of(Errc code) {
  switch (code) {
    case Errc::malformed_json:
      return {400, 1000};
    case Errc::invalid_parameters:
      return {400, 1001};
    case Errc::token_missing:
      return {401, 1100};
    case Errc::token_malformed:
      return {401, 1101};
    case Errc::token_invalid:
      return {401, 1102};
    case Errc::not_authenticated:
      return {401, 1103};
    case Errc::service_not_allowed:
      return {403, 1104};
    case Errc::rate_limited:
      return {429, 1105};
    case Errc::origin_not_allowed:
      return {403, 1106};
    case Errc::idempotency_conflict:
      return {409, 1200};
    case Errc::order_not_found:
      return {404, 3500};
    case Errc::cancel_not_found:
      return {404, 3501};
    case Errc::cancel_closed:
      return {409, 3502};
    case Errc::refund_exceeds_payment:
      return {409, 3503};
    case Errc::not_paid:
      return {409, 3504};
    case Errc::insufficient_balance:
      return {409, 3505};
    case Errc::product_not_found:
      return {404, 3600};
    case Errc::already_exists:
      return {409, 3601};
    case Errc::invoice_not_found:
      return {404, 3700};
    case Errc::request_id_conflict:
      return {409, 3701};
    case Errc::invoice_expired:
      return {410, 3702};
    case Errc::invoice_cancelled:
      return {409, 3703};
    case Errc::already_paid:
      return {409, 3704};
    case Errc::payment_in_progress:
      return {409, 3705};
    case Errc::price_from_browser:
      return {403, 3706};
    case Errc::card_refused:
      return {402, 3800};
    case Errc::card_not_kept:
      return {409, 3802};
    case Errc::subscription_not_found:
      return {404, 3900};
    case Errc::subscription_state:
      return {409, 3901};
    case Errc::bill_not_found:
      return {404, 3902};
    case Errc::bill_state:
      return {409, 3903};
    case Errc::change_not_found:
      return {404, 3904};
    case Errc::change_waiting:
      return {409, 3905};
    case Errc::charge_key_revoked:
      return {403, 3906};
    case Errc::role_required:
      return {403, 1107};
    case Errc::too_many_attempts:
      return {429, 3801};
    default:
      break;
  }
  switch (error_class(code)) {
    case ErrorClass::malformed:
      return {400, 1001};
    case ErrorClass::refused:
      return {422, 1002};
    case ErrorClass::conflict:
      return {409, 1201};
    case ErrorClass::retry:
      return {503, 9001};
    case ErrorClass::internal:
      break;
  }
  return {500, 9000};
}

std::string upper(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return out;
}

http::Response respond(int status, std::string body) {
  http::Response response;
  response.status = status;
  response.body = std::move(body);
  if (status == 429 || status == 503) response.headers.push_back({"Retry-After", "1"});
  return response;
}

http::Response error_object(const ToldError& error, const Issues& issues) {
  std::string body;
  Writer out(body);
  out.begin_object().key("status").number(error.status).key("code").number(error.code);
  out.key("error_code").string(error.error_code).key("message").string(error.message).key("data");
  if (issues.empty()) {
    out.null();
  } else {
    out.begin_object().key("issues").begin_array();
    for (const Issue& issue : issues) {
      out.begin_object().key("path").string(issue.path).key("code").string(issue.code);
      out.key("message").string(issue.message).end_object();
    }
    out.end_array().end_object();
  }
  out.end_object();
  return respond(error.status, std::move(body));
}

ToldError tell_issues(const Issues& issues) {
  const bool is_no_json = issues.size() == 1 && issues.front().code == "malformed_json";
  const Errc code = is_no_json ? Errc::malformed_json : Errc::invalid_parameters;
  const Telling telling = telling_of(code);
  ToldError told{telling.status, telling.code, upper(error_text(code)), {}};
  for (const Issue& issue : issues) {
    if (!told.message.empty()) told.message += "; ";
    told.message += issue.path.empty() ? issue.message : issue.path + ": " + issue.message;
  }
  return told;
}

}  // namespace

ToldError tell_error(const Refused& refused) {
  if (!refused.issues.empty()) return tell_issues(refused.issues);
  const Error& error = refused.error;
  const Telling telling = telling_of(error.code);
  // What is wrong inside of us is not for clients.
  if (telling.status == 500)
    return {500, telling.code, "INTERNAL_ERROR", std::string(error_message(Errc::internal))};
  return {telling.status, telling.code, upper(error_text(error.code)),
          error.detail.empty() ? std::string(error_message(error.code)) : error.detail};
}

http::Response issues_response(const Issues& issues) { return error_object(tell_issues(issues), issues); }

http::Response error_response(const Refused& refused) {
  return error_object(tell_error(refused), refused.issues);
}

http::Response status_response(int status, std::string_view message) {
  const char* code = status == 404   ? "NOT_FOUND"
                     : status == 405 ? "METHOD_NOT_ALLOWED"
                     : status == 413 ? "BODY_TOO_LONG"
                     : status == 415 ? "UNSUPPORTED_CONTENT_TYPE"
                     : status == 400 ? "MALFORMED_REQUEST"
                     : status == 503 ? "OVERLOADED"
                                     : "INTERNAL_ERROR";
  return error_object({status, status * 10, code, std::string(message)}, {});
}

http::Response answer_response(Answer answer, bool replayed) {
  http::Response response = respond(answer.status, std::move(answer.body));
  if (replayed) response.headers.push_back({"Idempotent-Replayed", "true"});
  return response;
}

}  // namespace jangbu::invoice
