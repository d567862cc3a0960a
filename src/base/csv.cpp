#include "base/csv.h"

namespace jangbu {
namespace {

/// How formulas begin, also behind white space that a spreadsheet drops.
constexpr std::string_view formula_signs = "=+-@|%";
constexpr std::string_view dropped = " \t\r\n";
/// The same signs at full width, which some spreadsheets take as well.
constexpr std::string_view wide_signs[] = {"＝", "＋", "－", "＠"};

bool looks_like_formula(std::string_view text) {
  if (!text.empty() && (text.front() == '\t' || text.front() == '\r' || text.front() == '\n')) return true;
  const std::size_t begin = text.find_first_not_of(dropped);
  if (begin == std::string_view::npos) return false;
  const std::string_view rest = text.substr(begin);
  if (formula_signs.find(rest.front()) != std::string_view::npos) return true;
  for (const std::string_view sign : wide_signs)
    if (rest.starts_with(sign)) return true;
  return false;
}

}  // namespace

// Some spreadsheets take a semicolon or a tab for the end of a cell as well.
void append_csv_cell(std::string_view text, Quotes quotes, std::string& out) {
  std::string kept(text);
  std::erase(kept, '\0');
  const bool quoted = quotes == Quotes::always || kept.find_first_of(",;\"\t\r\n") != std::string::npos;
  if (quoted) out += '"';
  if (looks_like_formula(kept)) out += '\'';
  for (const char c : kept) {
    if (c == '"') out += '"';
    out += c;
  }
  if (quoted) out += '"';
}

}  // namespace jangbu
