#include "hub/password_rules.h"

#include <array>
#include <set>

#include "base/ascii.h"
#include "hub/wire_json.h"

namespace jangbu::hub {
namespace {

/// Shorter ones stand in good passwords by chance.
constexpr std::size_t least_personal = 4;

bool begins_character(char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }

/// Of UTF-8: a character of four bytes is two units.
std::size_t utf16_units(std::string_view text) {
  std::size_t units = 0;
  for (const char c : text)
    if (begins_character(c)) units += static_cast<unsigned char>(c) >= 0xf0 ? 2 : 1;
  return units;
}

std::size_t different_characters(std::string_view text) {
  std::set<std::string_view> seen;
  while (!text.empty()) {
    std::size_t size = 1;
    while (size < text.size() && !begins_character(text[size])) ++size;
    seen.insert(text.substr(0, size));
    text.remove_prefix(size);
  }
  return seen.size();
}

}  // namespace

std::string_view password_fault(std::string_view password, std::string_view email,
                                std::string_view company_name) {
  const std::size_t units = utf16_units(password);
  if (units < shortest_password) return "must have at least 10 characters";
  if (units > longest_password) return "must have at most 128 characters";
  if (different_characters(password) < least_variety) return "must have at least 5 different characters";
  const std::string folded = to_lower(password);
  const std::array personal = {email, email.substr(0, email.find('@')), company_name};
  for (const std::string_view each : personal) {
    const std::string part = to_lower(trimmed(each));
    if (utf16_units(part) >= least_personal && folded.find(part) != std::string::npos)
      return "must not contain the e-mail address or the company's name";
  }
  return {};
}

}  // namespace jangbu::hub
