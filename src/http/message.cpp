#include "http/message.h"

#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "base/invariant.h"
#include "http/percent.h"

namespace jangbu::http {
namespace {

/// The value of a hexadecimal digit, or -1.
int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// Those that RFC 3986 leaves as they are in every part of a URL.
constexpr std::array<bool, 256> unreserved_characters = [] {
  std::array<bool, 256> table{};
  for (const char c :
       std::string_view("-_.~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")) {
    table[static_cast<unsigned char>(c)] = true;
  }
  return table;
}();

}  // namespace

std::string_view method_name(Method method) {
  switch (method) {
    case Method::get:
      return "GET";
    case Method::head:
      return "HEAD";
    case Method::post:
      return "POST";
    case Method::put:
      return "PUT";
    case Method::del:
      return "DELETE";
    case Method::patch:
      return "PATCH";
    case Method::options:
      return "OPTIONS";
    case Method::other:
      break;
  }
  return "OTHER";
}

bool percent_encoding_is_valid(std::string_view text) {
  for (std::size_t i = text.find('%'); i != std::string_view::npos; i = text.find('%', i + 3)) {
    if (i + 2 >= text.size() || hex_value(text[i + 1]) < 0 || hex_value(text[i + 2]) < 0) return false;
  }
  return true;
}

std::string percent_decode(std::string_view text, bool plus_is_space) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '%' && i + 2 < text.size() && hex_value(text[i + 1]) >= 0 && hex_value(text[i + 2]) >= 0) {
      decoded += static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]));
      i += 2;
    } else {
      decoded += plus_is_space && c == '+' ? ' ' : c;
    }
  }
  return decoded;
}

void append_percent_encoded(std::string_view text, std::string& out) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (unreserved_characters[byte]) {
      out += c;
    } else {
      const std::array<char, 3> escape = {'%', digits[byte >> 4U], digits[byte & 15U]};
      out.append(escape.data(), escape.size());
    }
  }
}

std::string percent_encode(std::string_view text) {
  std::string encoded;
  append_percent_encoded(text, encoded);
  return encoded;
}

std::vector<std::pair<std::string, std::string>> parse_query(std::string_view query) {
  std::vector<std::pair<std::string, std::string>> pairs;
  while (!query.empty()) {
    const std::size_t end = query.find('&');
    const std::string_view part = query.substr(0, end);
    query = end == std::string_view::npos ? std::string_view() : query.substr(end + 1);
    if (part.empty()) continue;
    const std::size_t equals = part.find('=');
    const std::string_view value = equals == std::string_view::npos ? "" : part.substr(equals + 1);
    pairs.emplace_back(percent_decode(part.substr(0, equals), true), percent_decode(value, true));
  }
  return pairs;
}

bool equals_caseless(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return to_lower(x) == to_lower(y); });
}

std::string_view cookie_of(const Request& request, std::string_view name) {
  const std::string* const header = request.header("Cookie");
  std::string_view rest = header == nullptr ? std::string_view() : *header;  // "a=1; b=2"
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(';'), rest.size());
    std::string_view pair = rest.substr(0, end);
    pair.remove_prefix(std::min(pair.find_first_not_of(" \t"), pair.size()));
    const std::size_t equals = pair.find('=');
    if (equals != std::string_view::npos && pair.substr(0, equals) == name) return pair.substr(equals + 1);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return {};
}

std::optional<std::string_view> credentials_of(std::string_view authorization, std::string_view scheme) {
  const std::size_t space = authorization.find(' ');
  if (space == std::string_view::npos || !equals_caseless(authorization.substr(0, space), scheme)) return {};
  return authorization.substr(space + 1);
}

void Responder::Channel::abandon() noexcept {
  Response response;
  response.status = 500;
  response.body = R"({"error":{"code":"internal","message":"internal error"}})";
  deliver(std::move(response));
}

Responder::~Responder() {
  if (channel_ && !answered_) channel_->abandon();
}

Responder& Responder::operator=(Responder&& other) noexcept {
  if (this != &other) {
    if (channel_ && !answered_) channel_->abandon();
    channel_ = std::move(other.channel_);
    answered_ = other.answered_;
  }
  return *this;
}

const Request& Responder::request() const {
  INVARIANT(channel_ != nullptr, "request() of a moved-from Responder");
  return channel_->request();
}

void Responder::respond(Response response) {
  INVARIANT(channel_ != nullptr, "respond() of a moved-from Responder");
  INVARIANT(!answered_, "a request was answered twice");
  answered_ = true;
  channel_->deliver(std::move(response));
}

}  // namespace jangbu::http
