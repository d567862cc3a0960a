// What is UTF-8 and what is not: receivers answer with any bytes.
#pragma once

#include <string>
#include <string_view>

namespace jangbu::delivery {

bool is_utf8(std::string_view text);
/// The text with "\ufffd" in the place of every byte that is no part of a character.
std::string valid_utf8(std::string_view text);

}  // namespace jangbu::delivery
