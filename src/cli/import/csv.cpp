#include "cli/import/csv.h"

#include "base/csv.h"

namespace jangbu::cli {
namespace {

constexpr int end_of_file = std::istream::traits_type::eof();

}  // namespace

int CsvReader::get() {
  const int letter = in_.get();
  if (letter == '\n') ++next_line_;
  return letter;
}

Status CsvReader::read_quoted(std::string& field) {
  while (true) {
    const int letter = get();
    if (letter == end_of_file)
      return Error(Errc::invalid_encoding, "line " + std::to_string(line_) + ": a quote is not closed");
    if (letter != '"') {
      field += static_cast<char>(letter);
      continue;
    }
    if (in_.peek() != '"') return {};
    field += static_cast<char>(get());
  }
}

Result<std::vector<std::string>> CsvReader::read_record() {
  std::vector<std::string> fields(1);
  bool was_quoted = false;
  while (true) {
    const int letter = get();
    if (letter == end_of_file || letter == '\n') return fields;
    if (letter == '\r' && (in_.peek() == '\n' || in_.peek() == end_of_file)) continue;
    if (letter == ',') {
      fields.emplace_back();
      was_quoted = false;
    } else if (letter == '"' && fields.back().empty() && !was_quoted) {
      was_quoted = true;
      RETURN_IF_ERROR(read_quoted(fields.back()));
    } else if (was_quoted) {
      return Error(Errc::invalid_encoding, "line " + std::to_string(line_) + ": something follows a quote");
    } else {
      fields.back() += static_cast<char>(letter);
    }
  }
}

Result<std::optional<std::vector<std::string>>> CsvReader::next() {
  while (in_.peek() != end_of_file) {
    line_ = next_line_;
    ASSIGN_OR_RETURN(auto fields, read_record());
    if (line_ == 1 && fields.front().starts_with(byte_order_mark))
      fields.front().erase(0, byte_order_mark.size());
    if (fields.size() > 1 || !fields.front().empty())
      return std::optional<std::vector<std::string>>(std::move(fields));
  }
  return std::optional<std::vector<std::string>>();
}

}  // namespace jangbu::cli
