// Which network addresses may be sent to.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

namespace jangbu::delivery {

enum class AddressKind : std::uint8_t {
  public_internet,
  loopback,  // 127/8, ::1, and what is mapped to them
  other,     // private, link-local, shared, multicast, reserved, documentation, transition
};

/// What an address is: 4 bytes (IPv4) or 16 (IPv6) in network order; other lengths are `other`. The address
/// inside a mapped (::ffff:0:0/96) or translated (64:ff9b::/96) one decides for it. Pure.
AddressKind classify_address(std::span<const std::uint8_t> bytes);

/// How far requests may go. `loopback_too` is for the sandbox: plain http and receivers on this machine.
enum class Reach : bool { public_https, loopback_too };

/// Whether requests may be sent to an address of this kind.
bool may_reach(AddressKind kind, Reach reach);

/// Whether a URL has the form of one that may be sent to: https (with `loopback_too` also http), a host, no
/// user or password, no fragment, no white space, control characters or bytes beyond ASCII, at most 2,000
/// bytes; and, when the host is a literal address in any of the forms that resolvers take ("0x7f.1",
/// "2130706433", "[::ffff:10.0.0.1]"), one that may be reached. What a name resolves to is checked at every
/// connection. Error: invalid_parameters with what is wrong.
Status check_url(std::string_view url, Reach reach);

/// Scheme, host and port as they stand in a URL that check_url() takes: "https://example.com:8443".
std::string_view origin_of(std::string_view url);

/// The address that a host means by itself, as resolvers read it: up to four parts in decimal, octal or
/// hexadecimal, or IPv6 without brackets. Empty: a name. An error, invalid_parameters: it ends in a number
/// and is no address.
Result<std::optional<Bytes>> literal_address(std::string_view host);

}  // namespace jangbu::delivery
