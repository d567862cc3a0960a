// Who a request comes from when proxies stand between.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace jangbu::http {

/// The proxies whose word about their clients is taken. Nobody by default: X-Forwarded-For is a header like
/// any other, and whoever sends a request can write one. Immutable once the server runs.
class TrustedProxies {
 public:
  /// Adds an address ("127.0.0.1", "::1") or a network ("10.0.0.0/8", "fd00::/8"). Error:
  /// invalid_configuration with what is wrong, also when bits of the address lie outside its network.
  Status add(std::string_view text);

  /// Whom a request comes from, as the text of an address in its shortest form: `direct`, the other end of
  /// the connection, unless that is trusted; then the last address in `forwarded` (all values of
  /// X-Forwarded-For, joined by commas in their order) that is not trusted, since every proxy appends whom it
  /// heard. What stands before that one is the client's own word and is not read. The last one known when the
  /// list ends, or goes on with something that is no address.
  [[nodiscard]] std::string client_of(std::string_view direct, std::string_view forwarded) const;

  /// Whether an address, in any form of its text, is one of them or in one of their networks.
  [[nodiscard]] bool contains(std::string_view address) const;

 private:
  struct Network {
    std::array<std::uint8_t, 16> address{};
    int bits = 128;
  };
  [[nodiscard]] bool trusts(const std::array<std::uint8_t, 16>& address) const;

  std::vector<Network> networks_;
};

/// What limits count an address as: itself, an IPv6 address as the /64 around it ("2001:db8::/64"), which
/// whoever has one address of it has whole.
std::string network_of(std::string_view address);

}  // namespace jangbu::http
