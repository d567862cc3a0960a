#include "cli/export/rows.h"

#include "base/csv.h"
#include "base/invariant.h"
#include "base/json.h"

namespace jangbu::cli {
namespace {

constexpr std::size_t buffer_bytes = 64 * 1024;

void append_csv(const Cell& cell, std::string& out) {
  if (const auto* number = std::get_if<std::uint64_t>(&cell)) out += std::to_string(*number);
  if (const auto* text = std::get_if<std::string>(&cell)) append_csv_cell(*text, Quotes::where_needed, out);
  if (const auto* amount = std::get_if<Decimal>(&cell)) out += amount->text;
}

void append_json(const Cell& cell, std::string& out) {
  if (const auto* number = std::get_if<std::uint64_t>(&cell)) {
    out += std::to_string(*number);
  } else if (const auto* text = std::get_if<std::string>(&cell)) {
    json::append_string(out, *text);
  } else if (const auto* amount = std::get_if<Decimal>(&cell)) {
    json::append_string(out, amount->text);
  } else {
    out += "null";
  }
}

}  // namespace

Cell instant_cell(Instant at) {
  if (at.us == 0 || at.us == INT64_MAX) return {};
  return to_rfc3339(at);
}

Cell text_cell(std::string_view text) { return text.empty() ? Cell() : Cell(std::string(text)); }

Cell number_cell(std::uint64_t number) { return number == 0 ? Cell() : Cell(number); }

void append_header(std::span<const std::string_view> columns, std::string& out) {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (i != 0) out += ',';
    out += columns[i];
  }
  out += '\n';
}

void append_row(Format format, std::span<const std::string_view> columns, std::span<const Cell> cells,
                std::string& out) {
  INVARIANT(cells.size() == columns.size(), "a row of an export has other cells than columns");
  const bool json = format == Format::json_lines;
  if (json) out += '{';
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i != 0) out += ',';
    if (json) {
      json::append_string(out, columns[i]);
      out += ':';
      append_json(cells[i], out);
    } else {
      append_csv(cells[i], out);
    }
  }
  out += json ? "}\n" : "\n";
}

RowFile::RowFile(std::FILE* file, Format format, std::vector<std::string_view> columns)
    : file_(file), format_(format), columns_(std::move(columns)) {
  if (format_ == Format::csv) append_header(columns_, buffer_);
}

Status RowFile::put(std::span<const Cell> cells) {
  append_row(format_, columns_, cells, buffer_);
  ++rows_;
  return buffer_.size() < buffer_bytes ? Status() : write();
}

Status RowFile::write() {
  const bool written = std::fwrite(buffer_.data(), 1, buffer_.size(), file_) == buffer_.size();
  buffer_.clear();
  return written ? Status() : Status(Error(Errc::io_error, "the export could not be written"));
}

Status RowFile::flush() {
  RETURN_IF_ERROR(write());
  return std::fflush(file_) == 0 ? Status()
                                 : Status(Error(Errc::io_error, "the export could not be written"));
}

}  // namespace jangbu::cli
