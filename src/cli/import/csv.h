// CSV as RFC 4180 has it, record by record.
#pragma once

#include <cstdint>
#include <istream>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"

namespace jangbu::cli {

/// Reads from a stream that the caller keeps. Lines end with a line feed, with or without a carriage return
/// before it; a quoted field may hold both. A byte order mark at the start is passed over.
class CsvReader {
 public:
  explicit CsvReader(std::istream& in) : in_(in) {}
  /// The next record that is not an empty line; nothing at the end. Error: invalid_encoding naming the line,
  /// for a quote that is never closed, or that something follows.
  Result<std::optional<std::vector<std::string>>> next();
  /// The line on which the last record began, from 1.
  [[nodiscard]] std::uint64_t line() const { return line_; }

 private:
  Result<std::vector<std::string>> read_record();
  /// The rest of a field whose quote is open. Error: as above.
  Status read_quoted(std::string& field);
  int get();

  std::istream& in_;
  std::uint64_t line_ = 0;
  std::uint64_t next_line_ = 1;
};

}  // namespace jangbu::cli
