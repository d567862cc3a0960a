#include "http/links.h"

#include "crypto/digest.h"

namespace jangbu::http {
namespace {

constexpr std::string_view alphabet = "abcdefghijklmnopqrstuvwxyz234567";
constexpr std::size_t number_bytes = 8;
constexpr std::size_t mac_bytes = 12;
/// 20 bytes are 32 digits of five bits: no padding, one form for each token.
constexpr std::size_t token_length = (number_bytes + mac_bytes) * 8 / 5;

std::string to_base32(ByteView bytes) {
  std::string out;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char byte : bytes) {
    bits = bits << 8 | static_cast<std::uint8_t>(byte);
    for (count += 8; count >= 5; count -= 5) out.push_back(alphabet[bits >> (count - 5) & 31]);
  }
  return out;
}

std::optional<Bytes> from_base32(std::string_view text) {
  Bytes out;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : text) {
    const auto digit = alphabet.find(c);
    if (digit == std::string_view::npos) return std::nullopt;
    bits = bits << 5 | static_cast<std::uint32_t>(digit);
    count += 5;
    if (count >= 8) {
      count -= 8;
      out.push_back(static_cast<char>(bits >> count & 0xff));
    }
  }
  return out;
}

}  // namespace

Bytes Links::signed_bytes(std::string_view purpose, std::uint64_t number) const {
  Bytes bytes;
  for (std::size_t i = number_bytes; i-- > 0;) bytes.push_back(static_cast<char>(number >> 8 * i & 0xff));
  Bytes message = bytes;
  message += purpose;
  bytes += crypto::hmac_sha256(key_.view(), message).view().substr(0, mac_bytes);
  return bytes;
}

std::string Links::token(std::string_view purpose, std::uint64_t number) const {
  return to_base32(signed_bytes(purpose, number));
}

std::optional<std::uint64_t> Links::open(std::string_view purpose, std::string_view token) const {
  if (token.size() != token_length) return std::nullopt;
  const auto bytes = from_base32(token);
  if (!bytes) return std::nullopt;
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < number_bytes; ++i)
    number = number << 8 | static_cast<std::uint8_t>((*bytes)[i]);
  if (number > INT64_MAX || !crypto::equal_constant_time(*bytes, signed_bytes(purpose, number)))
    return std::nullopt;
  return number;
}

std::string Links::base_url() const {
  const std::lock_guard lock(mutex_);
  return base_url_;
}

void Links::serve_at(std::string base_url) {
  const std::lock_guard lock(mutex_);
  base_url_ = std::move(base_url);
}

std::string Links::url(std::string_view path, std::string_view purpose, std::uint64_t number) const {
  return base_url() + std::string(path) + token(purpose, number);
}

std::string Links::checkout_url(std::uint64_t checkout) const {
  return url("/checkout/", checkout_purpose, checkout);
}

}  // namespace jangbu::http
