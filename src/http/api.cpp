#include "http/api.h"

#include "base/json.h"

namespace jangbu::http {
namespace {

int status_of(Errc code) {
  switch (code) {
    case Errc::not_found:
    case Errc::order_not_found:
    case Errc::partner_not_found:
    case Errc::campaign_not_found:
    case Errc::apply_not_found:
    case Errc::review_not_found:
      return 404;
    case Errc::not_authenticated:
      return 401;
    case Errc::header_missing:
    case Errc::role_not_allowed:
      return 403;
    case Errc::invite_ended:
      return 410;
    default:
      break;
  }
  switch (error_class(code)) {
    case ErrorClass::malformed:
      return 400;
    case ErrorClass::refused:
      return 422;
    case ErrorClass::conflict:
      return 409;
    case ErrorClass::retry:
      return 503;
    case ErrorClass::internal:
      return 500;
  }
  return 500;
}

Response render(int status, std::string_view code, std::string_view message) {
  Response response;
  response.status = status;
  json::Writer(response.body)
      .begin_object()
      .key("error")
      .begin_object()
      .key("code")
      .string(code)
      .key("message")
      .string(message)
      .end_object()
      .end_object();
  if (status == 503) response.headers.push_back({"Retry-After", "1"});
  return response;
}

}  // namespace

Response json_response(std::string body, int status) {
  Response response;
  response.status = status;
  response.body = std::move(body);
  return response;
}

Response api_error(const Error& error) {
  return render(status_of(error.code), error_text(error.code),
                error.detail.empty() ? error_message(error.code) : std::string_view(error.detail));
}

Response api_status(int status, std::string_view message) {
  const char* code = status == 404   ? "not_found"
                     : status == 405 ? "method_not_allowed"
                     : status == 413 ? "body_too_long"
                     : status == 400 ? "malformed_request"
                     : status == 503 ? "overloaded"
                                     : "internal";
  return render(status, code, message);
}

}  // namespace jangbu::http
