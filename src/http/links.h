// Links that are secrets: whoever has one may use it, and nobody can make one up.
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace jangbu::http {

/// Tokens of 32 characters for numbered things (a checkout, an invitation): the number and a MAC over it and
/// its purpose, in lower-case base32 (RFC 4648). Nothing is stored for a link, and every node of an
/// installation makes the same one. Thread-safe.
class Links {
 public:
  /// `base_url`: how people reach this installation, "https://pay.example.com", without a slash at its end.
  Links(std::string base_url, const Hash& key) : base_url_(std::move(base_url)), key_(key) {}

  /// `purpose` is part of the MAC: a token for one thing opens no other. `number` is below 2^63.
  [[nodiscard]] std::string token(std::string_view purpose, std::uint64_t number) const;
  /// The number, or nothing when the token was not made here for this purpose.
  [[nodiscard]] std::optional<std::uint64_t> open(std::string_view purpose, std::string_view token) const;
  /// The whole link: base URL, path ("/checkout/") and token.
  [[nodiscard]] std::string url(std::string_view path, std::string_view purpose, std::uint64_t number) const;
  [[nodiscard]] std::string base_url() const;
  /// For a server that learns its own address when it listens.
  void serve_at(std::string base_url);

  /// "https://.../checkout/{token}".
  [[nodiscard]] std::string checkout_url(std::uint64_t checkout) const;
  static constexpr std::string_view checkout_purpose = "checkout";

 private:
  [[nodiscard]] Bytes signed_bytes(std::string_view purpose, std::uint64_t number) const;

  mutable std::mutex mutex_;  // guards base_url_
  std::string base_url_;
  Hash key_;
};

}  // namespace jangbu::http
