#include "invoice/browser_answer.h"

#include <algorithm>

#include "base/ascii.h"
#include "http/html.h"
#include "invoice/browser_call.h"

namespace jangbu::invoice {
namespace {

constexpr std::string_view form_type = "application/x-www-form-urlencoded";
/// A longer sentence is cut: it travels in an address.
constexpr std::size_t max_message_bytes = 500;

void add(std::string& url, std::string_view name, std::string_view value) {
  if (value.empty()) return;
  url.append(url.find('?') == std::string::npos ? "?" : "&").append(name).append("=");
  url += http::percent_encode(value);
}

}  // namespace

bool is_browser_form(const http::Request& request) {
  const std::string* type = request.header("Content-Type");
  return type != nullptr && type->size() >= form_type.size() &&
         std::equal(form_type.begin(), form_type.end(), type->begin(),
                    [](char wanted, char c) { return wanted == to_lower(c); }) &&
         (type->size() == form_type.size() || type->at(form_type.size()) == ';' ||
          type->at(form_type.size()) == ' ');
}

std::string calling_origin(const http::Request& request, std::string_view claimed) {
  const std::string* origin = request.header("Origin");
  return std::string(origin != nullptr && is_web_origin(*origin) ? *origin : claimed);
}

http::Response lead_to_checkout(std::string_view token, const BrowserCaller& caller) {
  http::Response response;
  response.status = 303;
  response.content_type = "text/html; charset=utf-8";
  std::string location = "/checkout/" + http::percent_encode(token) + "?frame=1";
  add(location, "origin", caller.origin);
  add(location, "redirect_url", caller.redirect_url);
  response.headers.push_back({"Location", std::move(location)});
  response.headers.push_back({"Cache-Control", "no-store"});
  return response;
}

http::Response refuse_page(int status, std::string_view code, std::string_view message,
                           const BrowserCaller& caller) {
  std::string next = "/checkout/refused";
  add(next, "code", code);
  add(next, "message", message.substr(0, max_message_bytes));
  add(next, "request_id", caller.request_id);
  add(next, "origin", caller.origin);
  http::Response response;
  response.status = status;
  response.content_type = "text/html; charset=utf-8";
  response.body = "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>" +
                  http::escape_html(code) +
                  "</title><meta http-equiv=\"refresh\" content=\"0;url=" + http::escape_html(next) +
                  "\"></head><body><p>" + http::escape_html(code) + ": " + http::escape_html(message) +
                  "</p></body></html>\n";
  response.headers.push_back({"Cache-Control", "no-store"});
  response.headers.push_back({"X-Content-Type-Options", "nosniff"});
  response.headers.push_back(
      {"Content-Security-Policy", "default-src 'none'; base-uri 'none'; frame-ancestors http: https:"});
  return response;
}

}  // namespace jangbu::invoice
