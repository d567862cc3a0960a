// The dialect of the house's own API (/api, /sandbox): plain JSON with HTTP status codes.
#pragma once

#include <functional>
#include <string>

#include "base/result.h"
#include "http/message.h"

namespace jangbu::http {

/// Whether a request that has come to a handler may use the operator's API; asked on the handler's thread.
using Authorize = std::function<bool(const Request&)>;

Response json_response(std::string body, int status = 200);
/// {"error":{"code":"not_found","message":"..."}}; malformed 400, what is not found 404, not_authenticated
/// 401, header_missing and role_not_allowed 403, invite_ended 410, other refusals 422, conflict 409, retry
/// 503 with Retry-After, internal 500.
Response api_error(const Error& error);
/// The same form for what has only an HTTP status.
Response api_status(int status, std::string_view message);

}  // namespace jangbu::http
