#include "delivery/address.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>

#include <arpa/inet.h>

namespace jangbu::delivery {
namespace {

constexpr std::size_t max_url_bytes = 2000;

/// Addresses whose first `bits` are those of `bytes`.
template <std::size_t size>
struct Prefix {
  std::array<std::uint8_t, size> bytes;
  int bits;

  [[nodiscard]] bool covers(std::span<const std::uint8_t> address) const {
    for (std::size_t i = 0; i < size; ++i) {
      const int left = bits - static_cast<int>(i) * 8;
      if (left <= 0) return true;
      const int mask = left >= 8 ? 0xff : (0xff << (8 - left)) & 0xff;
      if ((address[i] & mask) != (bytes[i] & mask)) return false;
    }
    return true;
  }
};

// The IANA registries of special-purpose addresses.
constexpr std::array special_v4 = {
    Prefix<4>{{0, 0, 0, 0}, 8},        // this network
    Prefix<4>{{10, 0, 0, 0}, 8},       // private
    Prefix<4>{{100, 64, 0, 0}, 10},    // shared by carriers
    Prefix<4>{{169, 254, 0, 0}, 16},   // link-local; cloud metadata
    Prefix<4>{{172, 16, 0, 0}, 12},    // private
    Prefix<4>{{192, 0, 0, 0}, 24},     // protocol assignments
    Prefix<4>{{192, 0, 2, 0}, 24},     // documentation
    Prefix<4>{{192, 88, 99, 0}, 24},   // 6to4 relays
    Prefix<4>{{192, 168, 0, 0}, 16},   // private
    Prefix<4>{{198, 18, 0, 0}, 15},    // benchmarks
    Prefix<4>{{198, 51, 100, 0}, 24},  // documentation
    Prefix<4>{{203, 0, 113, 0}, 24},   // documentation
    Prefix<4>{{224, 0, 0, 0}, 4},      // multicast
    Prefix<4>{{240, 0, 0, 0}, 4},      // reserved, broadcast
};
constexpr Prefix<4> loopback_v4{{127, 0, 0, 0}, 8};

constexpr Prefix<16> mapped_v6{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}, 96};
constexpr Prefix<16> translated_v6{{0, 0x64, 0xff, 0x9b}, 96};
constexpr Prefix<16> loopback_v6{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}, 128};
constexpr Prefix<16> global_v6{{0x20}, 3};
// Within the global unicast addresses.
constexpr std::array special_v6 = {
    Prefix<16>{{0x20, 0x01, 0x00}, 23},              // protocol assignments, Teredo, ORCHID
    Prefix<16>{{0x20, 0x01, 0x0d, 0xb8}, 32},        // documentation
    Prefix<16>{{0x20, 0x02}, 16},                    // 6to4
    Prefix<16>{{0x26, 0x20, 0x00, 0x4f, 0x80}, 48},  // AS112
    Prefix<16>{{0x3f, 0xff, 0x00}, 20},              // documentation
};

template <typename Prefixes>
bool any_covers(const Prefixes& prefixes, std::span<const std::uint8_t> address) {
  return std::any_of(prefixes.begin(), prefixes.end(), [&](const auto& p) { return p.covers(address); });
}

AddressKind classify_v4(std::span<const std::uint8_t> bytes) {
  if (loopback_v4.covers(bytes)) return AddressKind::loopback;
  return any_covers(special_v4, bytes) ? AddressKind::other : AddressKind::public_internet;
}

AddressKind classify_v6(std::span<const std::uint8_t> bytes) {
  if (mapped_v6.covers(bytes)) return classify_v4(bytes.subspan(12));
  if (translated_v6.covers(bytes)) {
    // A translator's loopback is not ours.
    const AddressKind inner = classify_v4(bytes.subspan(12));
    return inner == AddressKind::loopback ? AddressKind::other : inner;
  }
  if (loopback_v6.covers(bytes)) return AddressKind::loopback;
  if (!global_v6.covers(bytes) || any_covers(special_v6, bytes)) return AddressKind::other;
  return AddressKind::public_internet;
}

Error wrong_url(const char* what) { return Error(Errc::invalid_parameters, std::string("the URL ") + what); }

/// One part of an IPv4 address as inet_aton reads it: "0x7f", "0177", "127".
std::optional<std::uint64_t> parse_part(std::string_view part) {
  int base = 10;
  if (part.starts_with("0x") || part.starts_with("0X")) {
    base = 16;
    part.remove_prefix(2);
    if (part.empty()) return 0;
  } else if (part.size() > 1 && part.front() == '0') {
    base = 8;
  }
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), value, base);
  if (part.empty() || error != std::errc() || end != part.data() + part.size()) return std::nullopt;
  return value;
}

bool is_number(std::string_view label) {
  if (label.empty()) return false;
  if (std::all_of(label.begin(), label.end(), [](char c) { return c >= '0' && c <= '9'; })) return true;
  return (label.starts_with("0x") || label.starts_with("0X")) && parse_part(label).has_value();
}

/// Scheme, host and port of a URL; the views are parts of it.
struct Parts {
  bool https = false;
  bool bracketed = false;
  std::string_view host;  // without brackets
  std::string_view origin;
};

Result<Parts> split(std::string_view url) {
  Parts parts;
  std::size_t begin = 0;
  if (url.starts_with("https://")) {
    parts.https = true;
    begin = 8;
  } else if (url.starts_with("http://")) {
    begin = 7;
  } else {
    return wrong_url("must begin with https://");
  }
  const std::size_t end = std::min(url.find_first_of("/?", begin), url.size());
  const std::string_view authority = url.substr(begin, end - begin);
  parts.origin = url.substr(0, end);
  if (authority.find('@') != std::string_view::npos) return wrong_url("must not have a user or password");
  std::string_view port;
  if (authority.starts_with('[')) {
    const std::size_t close = authority.find(']');
    if (close == std::string_view::npos) return wrong_url("has no valid host");
    parts.bracketed = true;
    parts.host = authority.substr(1, close - 1);
    port = authority.substr(close + 1);
  } else {
    const std::size_t colon = std::min(authority.find(':'), authority.size());
    parts.host = authority.substr(0, colon);
    port = authority.substr(colon);
  }
  if (!port.empty()) {
    std::uint16_t number = 0;
    const auto [last, error] = std::from_chars(port.data() + 1, port.data() + port.size(), number);
    if (port.front() != ':' || error != std::errc() || last != port.data() + port.size() || number == 0)
      return wrong_url("has no valid port");
  }
  return parts;
}

}  // namespace

AddressKind classify_address(std::span<const std::uint8_t> bytes) {
  if (bytes.size() == 4) return classify_v4(bytes);
  if (bytes.size() == 16) return classify_v6(bytes);
  return AddressKind::other;
}

bool may_reach(AddressKind kind, Reach reach) {
  return kind == AddressKind::public_internet ||
         (kind == AddressKind::loopback && reach == Reach::loopback_too);
}

Result<std::optional<Bytes>> literal_address(std::string_view host) {
  if (host.find(':') != std::string_view::npos) {
    in6_addr address{};
    if (inet_pton(AF_INET6, std::string(host).c_str(), &address) != 1) return wrong_url("has no valid host");
    return std::optional(Bytes(reinterpret_cast<const char*>(&address), sizeof address));
  }
  if (host.ends_with('.')) host.remove_suffix(1);
  const std::size_t last_dot = host.rfind('.');
  if (!is_number(last_dot == std::string_view::npos ? host : host.substr(last_dot + 1)))
    return std::optional<Bytes>();
  std::uint64_t address = 0;
  int parts = 0;
  for (std::string_view rest = host;; ++parts) {
    const std::size_t dot = std::min(rest.find('.'), rest.size());
    const auto part = parse_part(rest.substr(0, dot));
    const bool is_last = dot == rest.size();
    // The last part fills all bytes that are left.
    const std::uint64_t limit = is_last ? 1ULL << (8 * (4 - parts)) : 256;
    if (!part || parts > 3 || *part >= limit) return wrong_url("has no valid host");
    address |= is_last ? *part : *part << (8 * (3 - parts));
    if (is_last) break;
    rest.remove_prefix(dot + 1);
  }
  Bytes bytes;
  for (int shift = 24; shift >= 0; shift -= 8) bytes.push_back(static_cast<char>(address >> shift & 0xff));
  return std::optional(std::move(bytes));
}

Status check_url(std::string_view url, Reach reach) {
  if (url.size() > max_url_bytes) return wrong_url("is longer than 2000 bytes");
  const bool has_odd_bytes = std::any_of(url.begin(), url.end(), [](char c) {
    return c <= ' ' || static_cast<unsigned char>(c) >= 0x7f || c == '\\' || c == '"' || c == '<' || c == '>';
  });
  if (has_odd_bytes) return wrong_url("must be printable ASCII without spaces, percent-encoded where needed");
  if (url.find('#') != std::string_view::npos) return wrong_url("must not have a fragment");
  ASSIGN_OR_RETURN(const Parts parts, split(url));
  if (!parts.https && reach != Reach::loopback_too) return wrong_url("must begin with https://");
  const bool is_host = !parts.host.empty() && parts.host.size() <= 253 && parts.host.front() != '.' &&
                       std::all_of(parts.host.begin(), parts.host.end(), [&](char c) {
                         return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                                c == '-' || c == '.' || c == '_' || (c == ':' && parts.bracketed);
                       });
  if (!is_host || (parts.bracketed && parts.host.find(':') == std::string_view::npos))
    return wrong_url("has no valid host");
  ASSIGN_OR_RETURN(const auto literal, literal_address(parts.host));
  if (!literal) return {};
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(literal->data());
  if (!may_reach(classify_address({bytes, literal->size()}), reach))
    return wrong_url("points to an address that is not public");
  return {};
}

std::string_view origin_of(std::string_view url) {
  const auto parts = split(url);
  INVARIANT(parts.ok(), "the origin of a URL that was checked");
  return parts->origin;
}

}  // namespace jangbu::delivery
