#include "affiliate/click_link.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/ascii.h"
#include "delivery/utf8.h"
#include "http/message.h"
#include "http/percent.h"

namespace jangbu::affiliate {
namespace {

constexpr std::size_t max_host_bytes = 253;
constexpr std::size_t max_label_bytes = 63;

Error bad(const char* why) { return {Errc::invalid_parameters, why}; }

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == '\x7f'; }
bool is_lower_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

bool is_label(std::string_view label) {
  return !label.empty() && label.size() <= max_label_bytes && label.front() != '-' && label.back() != '-' &&
         std::all_of(label.begin(), label.end(), [](char c) { return is_lower_or_digit(c) || c == '-'; });
}

/// Labels in small letters with single dots between them, and no dot at the end.
bool is_host_name(std::string_view name) {
  if (name.empty() || name.size() > max_host_bytes) return false;
  while (true) {
    const std::size_t dot = name.find('.');
    if (!is_label(name.substr(0, dot))) return false;
    if (dot == std::string_view::npos) return true;
    name.remove_prefix(dot + 1);
  }
}

/// A port as it is usually written: digits, without zeros in front.
std::optional<unsigned> parse_port(std::string_view text) {
  unsigned port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (text.empty() || text.front() == '0' || error != std::errc() || end != text.data() + text.size() ||
      port > 65535)
    return std::nullopt;
  return port;
}

/// The scheme's own port, after the scheme has been taken off; 0 when it is neither http nor https.
unsigned take_scheme(std::string_view& url) {
  for (const auto& [scheme, port] : {std::pair<std::string_view, unsigned>{"https://", 443}, {"http://", 80}})
    if (http::equals_caseless(url.substr(0, scheme.size()), scheme)) {
      url.remove_prefix(scheme.size());
      return port;
    }
  return 0;
}

/// "shop.example" or "shop.example:8443" in small letters, or why there is no such thing. `scheme_port` need
/// not be written and is left out.
Result<std::string> host_of(std::string_view authority, unsigned scheme_port) {
  const std::size_t colon = authority.find(':');
  std::string host = to_lower(authority.substr(0, colon));
  if (!is_host_name(host)) return bad("the host is not a plain name");
  if (colon == std::string_view::npos) return host;
  const auto port = parse_port(authority.substr(colon + 1));
  if (!port) return bad("the port is not a number");
  if (*port != scheme_port) host += ":" + std::to_string(*port);
  return host;
}

/// Whether an escape in it stands for a control character or a backslash, which a gateway that decodes it
/// might act on.
bool has_harmful_escape(std::string_view text) {
  for (std::size_t i = text.find('%'); i != std::string_view::npos; i = text.find('%', i + 1)) {
    const std::string decoded = http::percent_decode(text.substr(i, 3), false);
    if (decoded.size() == 1 && (is_control(decoded[0]) || decoded[0] == '\\')) return true;
  }
  return false;
}

/// What follows the authority of a URL whose scheme has been taken off.
std::string_view take_authority(std::string_view& url) {
  const std::size_t end = std::min(url.find_first_of("/?#"), url.size());
  const std::string_view authority = url.substr(0, end);
  url.remove_prefix(end);
  return authority;
}

Status check_link(const ClickLink& link) {
  if (!is_merchant_id(link.merchant_id)) return bad("m is not a merchant's id");
  if (!is_link_kind(link.l)) return bad("l is not 1 to 4 letters and digits");
  if (!is_link_code(link.l_cd1)) return bad("l_cd1 is too long, or holds what no LPINFO can");
  if (!is_link_code(link.l_cd2)) return bad("l_cd2 is too long, or holds what no LPINFO can");
  if (link.user_id.size() > max_user_id_bytes) return bad("u_id is longer than 500 bytes");
  if (!delivery::is_utf8(link.user_id)) return bad("u_id is not UTF-8");
  if (link.is_deeplink() && link.l != deeplink_kind) return bad("tu needs l=9999");
  return {};
}

}  // namespace

std::string click_query(const ClickLink& link) {
  std::string query = "m=" + http::percent_encode(link.merchant_id) + "&a=" + affiliate_id(link.affiliate) +
                      "&l=" + http::percent_encode(link.l);
  const auto add = [&](std::string_view name, std::string_view value) {
    if (!value.empty()) query.append("&").append(name).append("=").append(http::percent_encode(value));
  };
  add("l_cd1", link.l_cd1);
  add("l_cd2", link.l_cd2);
  add("u_id", link.user_id);
  add("tu", link.target);
  return query;
}

Result<ClickLink> parse_click(std::string_view query) {
  ClickLink link;
  std::string affiliate;
  std::string alias;
  std::string unknown;
  while (!query.empty()) {
    const std::size_t end = query.find('&');
    const std::string_view pair = query.substr(0, end);
    query = end == std::string_view::npos ? std::string_view() : query.substr(end + 1);
    const std::size_t equals = std::min(pair.find('='), pair.size());
    const std::string_view name = pair.substr(0, equals);
    const std::string_view value = pair.substr(std::min(equals + 1, pair.size()));
    std::string* const field = name == "m"       ? &link.merchant_id
                               : name == "a"     ? &affiliate
                               : name == "l"     ? &link.l
                               : name == "l_cd1" ? &link.l_cd1
                               : name == "l_cd2" ? &link.l_cd2
                               : name == "u_id"  ? &link.user_id
                               : name == "u"     ? &alias
                               : name == "tu"    ? &link.target
                                                 : nullptr;
    if (field == nullptr) continue;
    if (std::none_of(value.begin(), value.end(), [](char c) { return c == '%' || c == '+'; })) {
      field->assign(value);
    } else {
      *field = http::percent_decode(value, true);
    }
  }
  if (link.user_id.empty()) link.user_id = std::move(alias);
  if (link.l.empty()) link.l = default_link_kind;
  link.affiliate = affiliate_of_id(affiliate);
  if (link.affiliate == 0) return bad("a is not an affiliate's id");
  RETURN_IF_ERROR(check_link(link));
  return link;
}

Status check_own_host(std::string_view host) {
  if (host != to_lower(host)) return bad("a host is written in small letters");
  ASSIGN_OR_RETURN(const std::string read, host_of(host, 0));
  if (read != host || read.ends_with(":80") || read.ends_with(":443"))
    return bad("a scheme's own port is not written");
  return {};
}

Status check_target(std::string_view target, std::span<const std::string> own_hosts) {
  if (target.size() > max_target_bytes) return bad("tu is too long");
  if (!delivery::is_utf8(target)) return bad("tu is not UTF-8");
  if (std::any_of(target.begin(), target.end(),
                  [](char c) { return c == ' ' || c == '\\' || is_control(c); }))
    return bad("tu holds a space, a backslash or a control character");
  if (has_harmful_escape(target)) return bad("tu holds an encoded control character or backslash");
  const unsigned port = take_scheme(target);
  if (port == 0) return bad("tu is not an absolute http or https URL");
  ASSIGN_OR_RETURN(const std::string host, host_of(take_authority(target), port));
  if (std::find(own_hosts.begin(), own_hosts.end(), host) == own_hosts.end())
    return bad("tu is not at a host of the merchant");
  return {};
}

Status check_gateway_template(std::string_view gateway) {
  if (gateway.size() > max_gateway_template_bytes) return bad("the gateway's URL is too long");
  if (std::any_of(gateway.begin(), gateway.end(), [](char c) {
        return c <= ' ' || c >= '\x7f' || std::string_view("\\\"<>^`").find(c) != std::string_view::npos;
      }))
    return bad("the gateway's URL is not printable ASCII");
  std::string_view rest = gateway;
  const unsigned port = take_scheme(rest);
  if (port == 0) return bad("the gateway is not an absolute http or https URL");
  RETURN_IF_ERROR(host_of(take_authority(rest), port));
  if (rest.find("{lpinfo}") == std::string_view::npos) return bad("{lpinfo} does not stand behind the host");
  std::string filled;
  append_gateway_url(rest, "", "", 0, filled);
  if (filled.find_first_of("{}") != std::string::npos)
    return bad("only {lpinfo}, {url} and {rd} may stand in braces");
  return {};
}

void append_gateway_url(std::string_view gateway, std::string_view lpinfo, std::string_view target,
                        std::uint64_t return_days, std::string& out) {
  while (true) {
    const std::size_t brace = gateway.find('{');
    out += gateway.substr(0, brace);
    if (brace == std::string_view::npos) return;
    gateway.remove_prefix(brace);
    const auto take = [&](std::string_view word) {
      const bool is_it = gateway.starts_with(word);
      if (is_it) gateway.remove_prefix(word.size());
      return is_it;
    };
    if (take("{lpinfo}")) {
      http::append_percent_encoded(lpinfo, out);
    } else if (take("{url}")) {
      http::append_percent_encoded(target, out);
    } else if (take("{rd}")) {
      out += std::to_string(return_days);
    } else {
      out += '{';
      gateway.remove_prefix(1);
    }
  }
}

}  // namespace jangbu::affiliate
