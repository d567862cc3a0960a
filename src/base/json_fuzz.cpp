// Any bytes: no crash; and what is read is JSON again when it is written, with the same content.
#include <cstdlib>

#include "base/json.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using jangbu::json::Document;
  const auto document = Document::parse({reinterpret_cast<const char*>(data), size});
  if (!document) return 0;
  std::string written;
  jangbu::json::append_value(written, document->root());
  const auto again = Document::parse(written);
  if (!again) std::abort();
  std::string rewritten;
  jangbu::json::append_value(rewritten, again->root());
  if (rewritten != written) std::abort();
  return 0;
}
