#include "hub/password_rules.h"

#include <algorithm>
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

/// Of 10 characters or more, or shorter with digits and signs behind them: what lists of leaked passwords
/// begin with, here and elsewhere. Some are Korean words as an English keyboard writes them.
constexpr std::array common_words = {
    "password",   "passw0rd", "passwords",    "p@ssword",   "p@ssw0rd",    "mypassword", "qwerty",
    "qwertyuiop", "qwertyui", "qwertz",       "azerty",     "asdfgh",      "asdfghjk",   "asdfghjkl",
    "zxcvbnm",    "abcdef",   "abcdefg",      "abcdefgh",   "abcdefghij",  "admin",      "administrator",
    "root",       "welcome",  "letmein",      "iloveyou",   "changeme",    "trustno",    "monkey",
    "dragon",     "football", "baseball",     "basketball", "princess",    "sunshine",   "superman",
    "starwars",   "computer", "internet",     "shadow",     "master",      "michael",    "samsung",
    "secret",     "default",  "login",        "guest",      "korea",       "seoul",      "tkfkdgo",
    "tkfkdgody",  "dkssud",   "dkssudgktpdy", "qlalfqjsgh", "eogksalsrnr", "gksrnr",
};
constexpr std::array common_passwords = {
    "1q2w3e4r5t",   "1q2w3e4r5t6y", "q1w2e3r4t5",   "q1w2e3r4t5y6", "1qaz2wsx3edc", "1qazxsw23edc",
    "zaq12wsxcde3", "qwer1234asdf", "asdf1234qwer", "1234qwerasdf", "qwerasdfzxcv", "qwerasdf1234",
    "qazwsxedcrfv", "a123456789",   "a1234567890",  "a12345678a",   "abcd123456",   "abcd1234567",
    "abcd12345678", "abc1234567",   "abc123456789", "aa12345678",   "aa123456789",  "qwer123456",
    "qwer12345678", "asdf123456",   "asdf12345678", "1234567890a",  "123456789a",   "123456789q",
    "123456789abc", "1234567890q",  "12345qwert",   "123456qwerty", "123qweasdzxc", "123qwe123qwe",
    "qwe123qwe123", "1a2b3c4d5e",   "a1b2c3d4e5",   "asdfghjkl;",   "poiuytrewq",   "zxcvbnm,./",
};

/// Digits that go up or down by one: 1234567890, 98765432101.
bool is_staircase(std::string_view text) {
  for (const int step : {1, 9}) {
    bool goes = true;
    for (std::size_t at = 0; goes && at < text.size(); ++at) {
      goes = text[at] >= '0' && text[at] <= '9';
      if (goes && at > 0) goes = (text[at - 1] - '0' + step) % 10 == text[at] - '0';
    }
    if (goes) return true;
  }
  return false;
}

/// `folded`: in lower case.
bool is_common(std::string_view folded) {
  if (is_staircase(folded)) return true;
  const auto is = [&](std::string_view each) { return each == folded; };
  if (std::any_of(common_passwords.begin(), common_passwords.end(), is)) return true;
  const std::size_t end = folded.find_last_not_of("0123456789!@#$%^&*()-_=+.,?~ ");
  const std::string_view word = folded.substr(0, end == std::string_view::npos ? 0 : end + 1);
  return std::any_of(common_words.begin(), common_words.end(),
                     [&](std::string_view each) { return each == word; });
}

}  // namespace

std::string_view password_fault(std::string_view password, std::string_view email,
                                std::string_view company_name) {
  const std::size_t units = utf16_units(password);
  if (units < shortest_password) return "must have at least 10 characters";
  if (units > longest_password) return "must have at most 128 characters";
  if (different_characters(password) < least_variety) return "must have at least 5 different characters";
  const std::string folded = to_lower(password);
  if (is_common(folded)) return "must not be one of those that everybody tries first";
  const std::array personal = {email, email.substr(0, email.find('@')), company_name};
  for (const std::string_view each : personal) {
    const std::string part = to_lower(trimmed(each));
    if (utf16_units(part) >= least_personal && folded.find(part) != std::string::npos)
      return "must not contain the e-mail address or the company's name";
  }
  return {};
}

}  // namespace jangbu::hub
