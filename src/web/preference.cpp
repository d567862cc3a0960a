#include "web/preference.h"

#include <algorithm>

#include "base/ascii.h"

namespace jangbu::web {
namespace {

constexpr int full_weight = 1000;

std::string_view trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

/// Takes what stands before the next `separator` off the front, and the separator with it.
std::string_view take_until(char separator, std::string_view& text) {
  const std::size_t end = std::min(text.find(separator), text.size());
  const std::string_view part = trimmed(text.substr(0, end));
  text.remove_prefix(std::min(end + 1, text.size()));
  return part;
}

bool equal_ignoring_case(std::string_view left, std::string_view right) {
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [](char a, char b) { return to_lower(a) == to_lower(b); });
}

/// "1", "0.8", "0.125"; 0 for anything else.
int parse_weight(std::string_view text) {
  if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1')) return 0;
  if (text.size() > 1 && text[1] != '.') return 0;
  int weight = (text[0] - '0') * full_weight;
  int unit = full_weight / 10;
  for (const char c : text.substr(std::min<std::size_t>(2, text.size()))) {
    if (c < '0' || c > '9') return 0;
    weight += (c - '0') * unit;
    unit /= 10;
  }
  return weight > full_weight ? 0 : weight;
}

bool is_named(std::string_view tag, std::string_view name, bool and_subtags) {
  if (equal_ignoring_case(tag, name)) return true;
  return and_subtags && tag.size() > name.size() && tag[name.size()] == '-' &&
         equal_ignoring_case(tag.substr(0, name.size()), name);
}

}  // namespace

int preference(std::string_view list, std::string_view name, bool and_subtags) {
  int best = 0;
  while (!list.empty()) {
    std::string_view item = take_until(',', list);
    if (!is_named(take_until(';', item), name, and_subtags)) continue;
    int weight = full_weight;
    while (!item.empty()) {
      const std::string_view parameter = take_until(';', item);
      if (parameter.starts_with("q=") || parameter.starts_with("Q="))
        weight = parse_weight(parameter.substr(2));
    }
    best = std::max(best, weight);
  }
  return best;
}

std::string_view preferred_language(const std::string* accept_language) {
  if (accept_language == nullptr || trimmed(*accept_language).empty()) return "ko";
  const int korean = preference(*accept_language, "ko", true);
  return korean > 0 && korean >= preference(*accept_language, "en", true) ? "ko" : "en";
}

bool takes_gzip(const std::string* accept_encoding) {
  return accept_encoding != nullptr && preference(*accept_encoding, "gzip", false) > 0;
}

}  // namespace jangbu::web
