#include "base/json_items.h"

#include <algorithm>
#include <string>

namespace jangbu::json {
namespace {

constexpr std::string_view white_space = " \t\r\n";

}  // namespace

Error Items::malformed() const {
  return {Errc::malformed_json, "at offset " + std::to_string(at_) + ": this is no array."};
}

void Items::skip_space() { at_ = std::min(text_.find_first_not_of(white_space, at_), text_.size()); }

std::string_view Items::take_item() {
  const std::size_t begin = at_;
  std::size_t depth = 0;
  bool in_string = false;
  for (; at_ < text_.size(); ++at_) {
    const char c = text_[at_];
    if (in_string) {
      if (c == '\\') ++at_;
      in_string = c != '"';
    } else if (c == '"') {
      in_string = true;
    } else if (c == '[' || c == '{') {
      ++depth;
    } else if (depth == 0 && (c == ',' || c == ']')) {
      break;
    } else if ((c == ']' || c == '}') && depth > 0) {
      --depth;
    }
  }
  at_ = std::min(at_, text_.size());  // a text may end with a backslash
  const std::string_view item = text_.substr(begin, at_ - begin);
  return item.substr(0, item.find_last_not_of(white_space) + 1);
}

Result<std::optional<std::string_view>> Items::next() {
  if (has_ended_) return std::optional<std::string_view>();
  skip_space();
  const bool is_first = !has_begun_;
  if (is_first) {
    if (at_ == text_.size() || text_[at_] != '[') return malformed();
    has_begun_ = true;
    ++at_;
    skip_space();
  }
  if (at_ == text_.size()) return malformed();
  const bool is_over = text_[at_] == ']';
  if (!is_first && !is_over) {  // a comma, at which the item before ended
    ++at_;
    skip_space();
  }
  if (is_over) {
    ++at_;
    skip_space();
    if (at_ != text_.size()) return malformed();
    has_ended_ = true;
    return std::optional<std::string_view>();
  }
  const std::string_view item = take_item();
  if (item.empty() || at_ == text_.size()) return malformed();
  return std::optional(item);
}

}  // namespace jangbu::json
