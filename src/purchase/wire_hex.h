// Hexadecimal text appended where it is needed: answers and signed bytes hold several such texts each, and
// none of them should cost an allocation of its own.
#pragma once

#include <array>
#include <cstddef>
#include <string>

#include "base/bytes.h"

namespace jangbu::purchase {

/// Appends "0x" and two lower-case digits for each byte.
inline void append_hex_0x(std::string& out, ByteView bytes) {
  static constexpr std::array<char, 16> digits = {'0', '1', '2', '3', '4', '5', '6', '7',
                                                  '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'};
  const std::size_t start = out.size();
  out.resize(start + 2 + 2 * bytes.size());
  char* next = out.data() + start;
  *next++ = '0';
  *next++ = 'x';
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    *next++ = digits[byte >> 4];
    *next++ = digits[byte & 0xf];
  }
}

}  // namespace jangbu::purchase
