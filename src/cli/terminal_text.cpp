#include "cli/terminal_text.h"

#include <cstdint>

#include "base/json.h"
#include "delivery/utf8.h"

namespace jangbu::cli {
namespace {

/// The first character of `text`, which is not empty and UTF-8, and how many bytes it has.
struct Character {
  std::uint32_t code;
  std::size_t size;
};

Character first_character(std::string_view text) {
  const auto byte = [text](std::size_t i) {
    return static_cast<std::uint32_t>(static_cast<unsigned char>(text[i]));
  };
  const std::uint32_t lead = byte(0);
  const std::size_t size = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  std::uint32_t code = size == 1 ? lead : lead & (0x7fU >> size);
  for (std::size_t i = 1; i < size; ++i) code = code << 6 | (byte(i) & 0x3f);
  return {code, size};
}

bool is_acted_on(std::uint32_t code) {
  return code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0x061c || code == 0x200e || code == 0x200f ||
         (code >= 0x2028 && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
}

}  // namespace

std::string on_one_line(std::string_view text) {
  constexpr std::string_view hex_digits = "0123456789abcdef";
  const std::string valid(delivery::valid_utf8(text));
  std::string out;
  for (std::string_view rest = valid; !rest.empty();) {
    const auto [code, size] = first_character(rest);
    if (is_acted_on(code)) {
      out += "\\u";
      for (int shift = 12; shift >= 0; shift -= 4) out += hex_digits[code >> shift & 0xf];
    } else {
      out += rest.substr(0, size);
    }
    rest.remove_prefix(size);
  }
  return out;
}

std::string in_quotes(std::string_view text) {
  std::string quoted_text;
  json::append_string(quoted_text, text);
  return on_one_line(quoted_text);
}

}  // namespace jangbu::cli
