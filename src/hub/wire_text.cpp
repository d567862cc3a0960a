// What texts of a request may be: e-mail addresses, web addresses, countries, placeholders.
#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "hub/wire_json.h"

namespace jangbu::hub {
namespace {

/// ISO 3166-1 alpha-2, the officially assigned codes.
constexpr std::string_view countries =
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV "
    "BW BY "
    "BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI "
    "FJ FK "
    "FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO "
    "IQ IR "
    "IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG "
    "MH MK "
    "ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK "
    "PL PM "
    "PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC "
    "TD TF "
    "TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW";

/// Domains to which sites without a real address write.
constexpr std::array placeholder_domains = {std::string_view("08liter.ai"),
                                            std::string_view("placeholder.08liter.ai")};

/// Dot-separated parts, none of them empty, each accepted by `test`.
template <typename Test>
bool all_parts(std::string_view text, Test test) {
  while (true) {
    const auto dot = text.find('.');
    const std::string_view part = text.substr(0, dot);
    if (part.empty() || !test(part)) return false;
    if (dot == std::string_view::npos) return true;
    text.remove_prefix(dot + 1);
  }
}

bool is_label(std::string_view part) {
  return part.size() <= 63 && part.front() != '-' && part.back() != '-' &&
         std::all_of(part.begin(), part.end(),
                     [](char c) { return is_letter(c) || is_digit(c) || c == '-'; });
}

/// A host with an optional port, as it stands behind "//".
bool is_authority(std::string_view text) {
  std::string_view port;
  std::string_view host = text;
  if (text.starts_with('[')) {
    const auto end = text.find(']');
    if (end == std::string_view::npos || end == 1) return false;
    host = text.substr(1, end - 1);
    if (!std::all_of(host.begin(), host.end(), [](char c) {
          return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || c == ':' || c == '.';
        }))
      return false;
    port = text.substr(end + 1);
  } else {
    const auto colon = text.find(':');
    if (colon != std::string_view::npos) {
      host = text.substr(0, colon);
      port = text.substr(colon);
    }
    if (host.ends_with('.')) host.remove_suffix(1);
    const auto is_part = [](std::string_view part) {
      return std::all_of(part.begin(), part.end(), [](char c) {
        return is_letter(c) || is_digit(c) || c == '-' || c == '_' || static_cast<unsigned char>(c) >= 0x80;
      });
    };
    if (!all_parts(host, is_part)) return false;
  }
  if (port.empty()) return true;
  return port.front() == ':' && port.size() >= 2 && port.size() <= 6 &&
         std::all_of(port.begin() + 1, port.end(), is_digit);
}

bool is_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

}  // namespace

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

bool is_email(std::string_view text) {
  if (text.size() > 254) return false;
  const auto at = text.find('@');
  if (at == std::string_view::npos || at > 64) return false;
  const std::string_view domain = text.substr(at + 1);
  const auto is_atom = [](std::string_view part) {
    constexpr std::string_view marks = "!#$%&'*+-/=?^_`{|}~";
    return std::all_of(part.begin(), part.end(), [&](char c) {
      return is_letter(c) || is_digit(c) || marks.find(c) != std::string_view::npos;
    });
  };
  const auto last_dot = domain.rfind('.');
  if (last_dot == std::string_view::npos || domain.size() - last_dot < 3) return false;
  return all_parts(text.substr(0, at), is_atom) && all_parts(domain, is_label) && !is_digit(domain.back());
}

bool is_web_url(std::string_view text) {
  if (text.size() > max_url_bytes) return false;
  if (std::any_of(text.begin(), text.end(), [](char c) {
        return static_cast<unsigned char>(c) <= 0x20 || c == 0x7f || c == '\\' || c == '<' || c == '>' ||
               c == '"';
      }))
    return false;
  const auto colon = text.find("://");
  if (colon == std::string_view::npos) return false;
  const std::string scheme = to_lower(text.substr(0, colon));
  if (scheme != "http" && scheme != "https") return false;
  const std::string_view rest = text.substr(colon + 3);
  return is_authority(rest.substr(0, rest.find_first_of("/?#")));
}

bool is_country(std::string_view code) {
  return code.size() == 2 && is_letter(code[0]) && is_letter(code[1]) &&
         countries.find(code) != std::string_view::npos;
}

bool is_placeholder(const PartnerForm& partner) {
  const std::string email = to_lower(partner.email);
  const std::string_view domain = std::string_view(email).substr(email.find('@') + 1);
  if (std::find(placeholder_domains.begin(), placeholder_domains.end(), domain) != placeholder_domains.end())
    return true;
  const auto is_unknown = [](std::string_view text) { return to_lower(text) == "unknown"; };
  return is_unknown(partner.name) || is_unknown(partner.phone) || partner.phone == "000-0000-0000";
}

}  // namespace jangbu::hub
