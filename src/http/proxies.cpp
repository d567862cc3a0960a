#include "http/proxies.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include <arpa/inet.h>

namespace jangbu::http {
namespace {

/// IPv6, or IPv4 as it is mapped into it: one form for both, so that an address has one text and one network.
using Ipv6 = std::array<std::uint8_t, 16>;

constexpr int mapped_bits = 96;
constexpr Ipv6 mapped_prefix = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

bool is_ipv4(const Ipv6& address) {
  return std::equal(mapped_prefix.begin(), mapped_prefix.begin() + mapped_bits / 8, address.begin());
}

std::optional<Ipv6> parse_address(std::string_view text) {
  const std::string terminated(text);
  Ipv6 address = mapped_prefix;
  if (inet_pton(AF_INET, terminated.c_str(), address.data() + mapped_bits / 8) == 1) return address;
  if (inet_pton(AF_INET6, terminated.c_str(), address.data()) == 1) return address;
  return std::nullopt;
}

std::string text_of(const Ipv6& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (is_ipv4(address)) {
    inet_ntop(AF_INET, address.data() + mapped_bits / 8, text.data(), text.size());
  } else {
    inet_ntop(AF_INET6, address.data(), text.data(), text.size());
  }
  return text.data();
}

/// Whether the first `bits` of both are the same.
bool share_prefix(const Ipv6& a, const Ipv6& b, int bits) {
  const int whole = bits / 8;
  if (!std::equal(a.begin(), a.begin() + whole, b.begin())) return false;
  if (bits % 8 == 0) return true;
  const auto at = static_cast<std::size_t>(whole);
  return ((a[at] ^ b[at]) >> (8 - bits % 8)) == 0;
}

std::string_view without_blanks(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

}  // namespace

Status TrustedProxies::add(std::string_view text) {
  const auto wrong = [&](std::string_view what) {
    return Error(Errc::invalid_configuration,
                 "a trusted proxy is an address or a network such as 10.0.0.0/8, and \"" + std::string(text) +
                     "\" " + std::string(what));
  };
  const auto slash = text.find('/');
  const auto address = parse_address(text.substr(0, slash));
  if (!address) return wrong("has no numeric address");
  Network network{*address, 128};
  if (slash != std::string_view::npos) {
    const std::string_view length = text.substr(slash + 1);
    const int most = is_ipv4(*address) && text.find(':') == std::string_view::npos ? 32 : 128;
    int bits = 0;
    const auto [end, error] = std::from_chars(length.data(), length.data() + length.size(), bits);
    if (error != std::errc() || end != length.data() + length.size() || bits < 0 || bits > most)
      return wrong("has no prefix length from 0 to " + std::to_string(most));
    network.bits = 128 - most + bits;
  }
  Ipv6 first = network.address;
  for (int bit = network.bits; bit < 128; ++bit)
    first[static_cast<std::size_t>(bit / 8)] &= static_cast<std::uint8_t>(~(0x80U >> (bit % 8)));
  if (first != network.address) return wrong("has bits outside its network");
  networks_.push_back(network);
  return {};
}

bool TrustedProxies::trusts(const Ipv6& address) const {
  return std::ranges::any_of(networks_, [&](const Network& network) {
    return share_prefix(network.address, address, network.bits);
  });
}

bool TrustedProxies::contains(std::string_view text) const {
  const auto address = parse_address(text);
  return address && trusts(*address);
}

std::string TrustedProxies::client_of(std::string_view direct, std::string_view forwarded) const {
  auto client = parse_address(direct);
  if (!client) return std::string(direct);
  while (!forwarded.empty() && trusts(*client)) {
    const auto comma = forwarded.rfind(',');
    const bool is_first = comma == std::string_view::npos;
    const auto before = parse_address(without_blanks(is_first ? forwarded : forwarded.substr(comma + 1)));
    if (!before) break;
    client = before;
    forwarded = is_first ? std::string_view() : forwarded.substr(0, comma);
  }
  return text_of(*client);
}

std::string network_of(std::string_view address) {
  auto parsed = parse_address(address);
  if (!parsed) return std::string(address);
  if (is_ipv4(*parsed)) return text_of(*parsed);
  std::fill(parsed->begin() + 8, parsed->end(), std::uint8_t{0});
  return text_of(*parsed) + "/64";
}

}  // namespace jangbu::http
