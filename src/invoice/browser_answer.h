// What a shop's page gets for its form: not JSON, but something that a browser can show in a frame or as a
// page.
#pragma once

#include <string>
#include <string_view>

#include "http/message.h"

namespace jangbu::invoice {

/// Whether the request is a form of a page, and not the JSON of a server.
bool is_browser_form(const http::Request& request);

/// Where the calling page is: what its browser says in Origin, which no script can change; else (a page that
/// hides it) what the call says of itself, `claimed`. Empty: nobody says.
std::string calling_origin(const http::Request& request, std::string_view claimed);

/// Who called, as far as an answer must know.
struct BrowserCaller {
  std::string origin;        // see calling_origin()
  std::string request_id;    // empty when the form could not be read
  std::string redirect_url;  // where the page wants the customer to go; empty: nowhere
};

/// 303 to the checkout. Its page finds the caller in the query, and checks it against what the app has
/// registered before it tells anything.
http::Response lead_to_checkout(std::string_view token, const BrowserCaller& caller);

/// `status`, and a page that leads on to /checkout/refused, which tells the customer and the calling page.
http::Response refuse_page(int status, std::string_view code, std::string_view message,
                           const BrowserCaller& caller);

}  // namespace jangbu::invoice
