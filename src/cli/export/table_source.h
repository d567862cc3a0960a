// An export of a table: one statement, read by number.
#pragma once

#include <vector>

#include "base/money.h"
#include "cli/export/sources.h"

namespace jangbu::cli {

/// Rows of a page.
inline constexpr std::int64_t page_rows = 1024;

/// The cells of a row, read one after the other.
class Columns {
 public:
  explicit Columns(const store::Row& row) : row_(row) {}
  std::uint64_t number() { return row_.number(at_++); }
  Instant instant() { return Instant{row_.integer(at_++)}; }
  std::string text() { return std::string(row_.bytes(at_++)); }
  /// A damaged amount is an error of the whole page.
  Money money() {
    const auto amount = Money::from_sortable_bytes(row_.bytes(at_++));
    if (amount) return *amount;
    status_ = amount.error();
    return {};
  }
  [[nodiscard]] const Status& status() const { return status_; }

 private:
  const store::Row& row_;
  int at_ = 0;
  Status status_;
};

/// The first column is the number that the list is in the order of.
struct TableList {
  std::vector<std::string_view> columns;
  const store::Sql& last;
  const store::Sql& page;
  std::vector<Cell> (*cells)(std::uint64_t number, Columns& row);
};

class TableSource final : public ExportSource {
 public:
  explicit TableSource(TableList list) : list_(std::move(list)) {}

  [[nodiscard]] std::span<const std::string_view> columns() const override { return list_.columns; }
  Result<std::uint64_t> last(store::Session& session) override {
    std::uint64_t last = 0;
    RETURN_IF_ERROR(session.query(list_.last, {}, [&](const store::Row& row) {
      last = row.number(0);
      return false;
    }));
    return last;
  }
  Result<std::uint64_t> page(store::Session& session, std::uint64_t after, std::uint64_t last,
                             const PutRow& put) override {
    std::uint64_t came_to = after;
    std::int64_t rows = 0;
    Status told;
    RETURN_IF_ERROR(session.query(
        list_.page,
        {store::Value::number(after), store::Value::number(last), store::Value::integer(page_rows)},
        [&](const store::Row& row) {
          Columns columns(row);
          came_to = columns.number();
          ++rows;
          const std::vector<Cell> cells = list_.cells(came_to, columns);
          told = columns.status();
          if (told) told = put(cells);
          return told.ok();
        }));
    RETURN_IF_ERROR(told);
    return rows < page_rows ? last : came_to;
  }

 private:
  TableList list_;
};

}  // namespace jangbu::cli
