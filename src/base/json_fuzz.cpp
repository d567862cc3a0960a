// Any bytes: no crash; what is read is JSON again when it is written, with the same content; and an array
// taken apart has the items of the whole.
#include <cstdlib>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/json_items.h"

namespace {

using jangbu::json::Document;

/// What the items of an array are, taken one at a time, each compact; nothing when it is no array of JSON.
std::optional<std::vector<std::string>> taken_apart(std::string_view text) {
  std::vector<std::string> written;
  jangbu::json::Items items(text);
  while (true) {
    const auto item = items.next();
    if (!item) return std::nullopt;
    if (!*item) return written;
    const auto document = Document::parse(**item);
    if (!document) return std::nullopt;
    jangbu::json::append_value(written.emplace_back(), document->root());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto document = Document::parse(text);
  const auto items = taken_apart(text);
  if (!document) return 0;
  const auto& root = document->root();
  if (items.has_value() != (root.kind == jangbu::json::Kind::array)) std::abort();
  for (std::uint32_t i = 0; items && i < root.size; ++i) {
    std::string item;
    jangbu::json::append_value(item, root.items[i]);
    if (items->size() != root.size || items->at(i) != item) std::abort();
  }
  std::string written;
  jangbu::json::append_value(written, document->root());
  const auto again = Document::parse(written);
  if (!again) std::abort();
  std::string rewritten;
  jangbu::json::append_value(rewritten, again->root());
  if (rewritten != written) std::abort();
  return 0;
}
