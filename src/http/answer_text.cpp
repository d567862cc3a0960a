#include "http/answer_text.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace jangbu::http {
namespace {

constexpr std::array<bool, 256> token_characters = [] {
  std::array<bool, 256> table{};
  for (const char c :
       std::string_view("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")) {
    table[static_cast<unsigned char>(c)] = true;
  }
  return table;
}();

bool is_token_char(char c) { return token_characters[static_cast<unsigned char>(c)]; }

bool is_field_value(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](char c) { return c == '\r' || c == '\n' || c == '\0'; });
}

void append_number(std::size_t number, std::string& out) {
  std::array<char, 24> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  out.append(digits.data(), end);
}

/// 204 and 304 end with their headers.
bool may_have_body(int status) { return status != 204 && status != 304; }

bool says(const Response& response, std::string_view name) {
  return std::any_of(response.headers.begin(), response.headers.end(),
                     [&](const Header& header) { return equals_caseless(header.name, name); });
}

}  // namespace

std::string_view reason_phrase(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 202:
      return "Accepted";
    case 204:
      return "No Content";
    case 301:
      return "Moved Permanently";
    case 302:
      return "Found";
    case 303:
      return "See Other";
    case 304:
      return "Not Modified";
    case 307:
      return "Temporary Redirect";
    case 308:
      return "Permanent Redirect";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 402:
      return "Payment Required";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 406:
      return "Not Acceptable";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 410:
      return "Gone";
    case 413:
      return "Payload Too Large";
    case 414:
      return "URI Too Long";
    case 415:
      return "Unsupported Media Type";
    case 422:
      return "Unprocessable Entity";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    case 502:
      return "Bad Gateway";
    case 503:
      return "Service Unavailable";
    case 504:
      return "Gateway Timeout";
    default:
      return "Status";
  }
}

bool is_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_token_char);
}

bool is_writable(const Response& response) {
  if (response.status < 200 || response.status > 599 || !is_field_value(response.content_type)) return false;
  return std::all_of(response.headers.begin(), response.headers.end(), [](const Header& header) {
    return is_token(header.name) && is_field_value(header.value);
  });
}

void add_privacy(std::string_view path, Response& response) {
  if (!path.starts_with("/api/") && !path.starts_with("/partner/api/")) return;
  if (!says(response, "Cache-Control")) response.headers.push_back({"Cache-Control", "no-store"});
  if (!says(response, "X-Content-Type-Options"))
    response.headers.push_back({"X-Content-Type-Options", "nosniff"});
}

bool has_body(const Response& response, const AnswerForm& form) {
  return !form.head_only && may_have_body(response.status) && !response.body.empty();
}

void append_head(const Response& response, const AnswerForm& form, std::string& out) {
  out += "HTTP/1.1 ";
  append_number(static_cast<std::size_t>(response.status), out);
  out += ' ';
  out += reason_phrase(response.status);
  out += "\r\n";
  if (form.close) {
    out += "Connection: close\r\n";
  } else if (form.say_keep_alive) {
    out += "Connection: keep-alive\r\n";
  }
  if (may_have_body(response.status)) {
    out += "Content-Length: ";
    append_number(response.body.size(), out);
    out += "\r\n";
    if (!response.content_type.empty()) {
      out += "Content-Type: ";
      out += response.content_type;
      out += "\r\n";
    }
  }
  if (form.strict_transport) out += "Strict-Transport-Security: max-age=31536000\r\n";
  for (const Header& header : response.headers) {
    out += header.name;
    out += ": ";
    out += header.value;
    out += "\r\n";
  }
  out += "\r\n";
}

}  // namespace jangbu::http
