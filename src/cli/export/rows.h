// Rows of an export as they are written: JSON lines, or CSV with a header line.
#pragma once

#include <cstdint>
#include <cstdio>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace jangbu::cli {

/// An amount as an exact decimal.
struct Decimal {
  std::string text;

  friend bool operator==(const Decimal&, const Decimal&) = default;
};

/// Nothing, a number of ours, a text, or an amount.
using Cell = std::variant<std::monostate, std::uint64_t, std::string, Decimal>;

/// An instant as RFC 3339; nothing for the two that mean "not yet" and "never".
Cell instant_cell(Instant at);
/// The text, or nothing when it is empty.
Cell text_cell(std::string_view text);
/// The number, or nothing when it is 0.
Cell number_cell(std::uint64_t number);

enum class Format : std::uint8_t { json_lines, csv };

/// One line for a row. Fields of CSV are quoted as RFC 4180 asks, lines end with a line feed, and nothing is
/// an empty field; no text is a formula (base/csv.h). In JSON an amount is a string, since readers would
/// round it. INVARIANT: as many cells as columns.
void append_row(Format format, std::span<const std::string_view> columns, std::span<const Cell> cells,
                std::string& out);
void append_header(std::span<const std::string_view> columns, std::string& out);

/// Writes rows to an open stream.
class RowFile {
 public:
  RowFile(std::FILE* file, Format format, std::vector<std::string_view> columns);
  /// Error: io_error.
  Status put(std::span<const Cell> cells);
  Status flush();
  [[nodiscard]] std::uint64_t rows() const { return rows_; }

 private:
  Status write();

  std::FILE* file_;
  Format format_;
  std::vector<std::string_view> columns_;
  std::string buffer_;
  std::uint64_t rows_ = 0;
};

}  // namespace jangbu::cli
