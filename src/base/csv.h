// Texts as cells of CSV (RFC 4180) that spreadsheets show and never compute.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace jangbu {

/// In front of a file by which spreadsheets know UTF-8, and of bodies that some clients send.
inline constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";

enum class Quotes : std::uint8_t { always, where_needed };

/// Writes the text as a cell, with an apostrophe in front of what a spreadsheet would take for a formula. NUL
/// characters are left out. Not for numbers: a minus would get its apostrophe, too.
void append_csv_cell(std::string_view text, Quotes quotes, std::string& out);

}  // namespace jangbu
