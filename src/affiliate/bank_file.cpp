#include "affiliate/bank_file.h"

namespace jangbu::affiliate {
namespace {

constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
constexpr std::string_view names = "payout,month,affiliate,name,bank,account,holder,amount\r\n";
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

std::string csv_cell(std::string_view text) {
  std::string kept(text);
  std::erase(kept, '\0');
  std::string cell = "\"";
  if (looks_like_formula(kept)) cell += '\'';
  for (const char c : kept) {
    if (c == '"') cell += '"';
    cell += c;
  }
  cell += '"';
  return cell;
}

std::string bank_file(const std::vector<Transfer>& transfers) {
  std::string file(byte_order_mark);
  file += names;
  for (const Transfer& transfer : transfers) {
    file += std::to_string(transfer.payout) + "," + std::to_string(transfer.month);
    for (const std::string* text : {&transfer.affiliate_id, &transfer.affiliate_name, &transfer.bank,
                                    &transfer.account, &transfer.holder})
      file += "," + csv_cell(*text);
    file += "," + transfer.amount.to_units_text() + "\r\n";
  }
  return file;
}

}  // namespace jangbu::affiliate
