// Any bytes as an LPINFO: no crash; what is accepted says itself again, in a form that a cookie may hold.
#include <algorithm>
#include <cstdlib>

#include "affiliate/lpinfo.h"

namespace {

using namespace jangbu::affiliate;

void require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto parsed = parse_lpinfo(text);
  if (!parsed) return 0;
  require(size <= max_lpinfo_bytes);
  const std::string again = lpinfo_text(*parsed);
  require(again.size() <= size);
  require(std::count(again.begin(), again.end(), '|') == 4);
  require(std::all_of(again.begin(), again.end(), [](char c) { return c > ' ' && c < '\x7f' && c != ';'; }));
  require(parse_lpinfo(again) == parsed);
  return 0;
}
