#include "affiliate/rows.h"
#include "cli/export/table_source.h"

namespace jangbu::cli {
namespace {

const store::Sql last_conversion{"SELECT COALESCE(MAX(number), 0) FROM affiliate_conversions"};
const store::Sql conversions_page{
    "SELECT number, merchant, affiliate, program, day, status, order_code, u_id, quantity, price, base, "
    "incentive, fee, origin, happened_at, confirmed_at, canceled_at, record FROM affiliate_conversions WHERE "
    "number > $1 AND number <= $2 ORDER BY number LIMIT $3"};

std::vector<Cell> cells_of(std::uint64_t number, Columns& row) {
  std::vector<Cell> cells{affiliate::trlog_id(number)};
  cells.emplace_back(row.number());  // the merchant's number
  cells.emplace_back(affiliate::affiliate_id(row.number()));
  for (int i = 0; i < 3; ++i) cells.emplace_back(row.number());  // programme, day, status
  cells.push_back(text_cell(row.text()));
  cells.push_back(text_cell(row.text()));
  cells.emplace_back(row.number());
  const Money price = row.money();
  const Money base = row.money();
  const Money incentive = row.money();
  for (const Money& amount : {price, base, incentive, row.money()})
    cells.emplace_back(Decimal{amount.to_units_text()});
  const std::uint64_t origin = row.number();
  cells.push_back(origin == 0 ? Cell() : Cell(affiliate::trlog_id(origin)));
  const Instant happened_at = row.instant();
  const Instant confirmed_at = row.instant();
  for (const Instant& at : {happened_at, confirmed_at, row.instant()}) cells.push_back(instant_cell(at));
  cells.emplace_back(row.number());
  return cells;
}

}  // namespace

std::unique_ptr<ExportSource> export_conversions() {
  return std::make_unique<TableSource>(TableList{
      {"trlog_id", "merchant", "affiliate_id", "program", "day", "status", "order_code", "u_id", "quantity",
       "price", "base", "incentive", "fee", "origin", "happened_at", "confirmed_at", "canceled_at", "record"},
      last_conversion,
      conversions_page,
      cells_of});
}

}  // namespace jangbu::cli
