// The items of a long JSON array one after another: each is parsed by itself, so that no tree of them all
// ever stands in memory.
#pragma once

#include <optional>
#include <string_view>

#include "base/result.h"

namespace jangbu::json {

/// Takes an array's text apart. The items are not looked into: each one's text is for Document::parse(),
/// which says whether it is JSON. When every item is, and next() came to the end, the whole was.
class Items {
 public:
  /// `text` must stay for as long as its items are read.
  explicit Items(std::string_view text) : text_(text) {}

  /// The text of the next item, without the white space around it; nothing at the array's end. Error:
  /// malformed_json with the offset, when this is no array, or something stands behind it; it is the last
  /// call.
  Result<std::optional<std::string_view>> next();

 private:
  void skip_space();
  [[nodiscard]] Error malformed() const;
  /// Goes to the comma or the bracket behind the item; its text.
  std::string_view take_item();

  std::string_view text_;
  std::size_t at_ = 0;
  bool has_begun_ = false;
  bool has_ended_ = false;
};

}  // namespace jangbu::json
