#include "affiliate/click_tables.h"

#include <array>

#include "affiliate/clicks.h"

namespace jangbu::affiliate {

const store::Sql ClickDayTraits::load{
    "SELECT clicks, marked, visitors FROM affiliate_click_days WHERE day = $1 AND affiliate = $2 AND "
    "merchant "
    "= $3"};
const store::Sql ClickDayTraits::upsert{
    "INSERT INTO affiliate_click_days (day, affiliate, merchant, clicks, marked, visitors) VALUES ($1, $2, "
    "$3, $4, $5, $6) ON CONFLICT (day, affiliate, merchant) DO UPDATE SET clicks = excluded.clicks, marked = "
    "excluded.marked, visitors = excluded.visitors"};

std::size_t ClickDayTraits::hash(const Key& key) {
  const auto [day, affiliate, merchant] = key;
  return std::hash<std::uint64_t>{}((affiliate * 0x9e3779b97f4a7c15U) ^ (merchant * 0xc2b2ae3d27d4eb4fU) ^
                                    day);
}

std::vector<store::Value> ClickDayTraits::key_values(const Key& key) {
  const auto [day, affiliate, merchant] = key;
  return {store::Value::number(day), store::Value::number(affiliate), store::Value::number(merchant)};
}

ClickDayRow ClickDayTraits::read_from(const store::Row& row, int first) {
  auto visitors = Visitors::from_bytes(row.bytes(first + 2));
  INVARIANT(visitors.ok(), "the visitors of a day read");
  return {row.number(first), row.number(first + 1), std::move(*visitors)};
}

Status ClickDayTraits::write(store::Session& session, const Key& key, const Row& row) {
  const auto [day, affiliate, merchant] = key;
  return session.execute(
      upsert, {store::Value::number(day), store::Value::number(affiliate), store::Value::number(merchant),
               store::Value::number(row.clicks), store::Value::number(row.marked),
               store::Value::blob(row.visitors.bytes())});
}

std::span<const store::Migration> ClickBook::migrations() const {
  static constexpr std::array list = {store::Migration{"affiliate_clicks", 1, R"sql(
-- Which record holds which clicks: one row for each flush. The masks tell which records a search may pass over.
CREATE TABLE affiliate_click_runs (
  minute BIGINT NOT NULL,
  record BIGINT NOT NULL,
  first BIGINT NOT NULL,
  last BIGINT NOT NULL,
  affiliates BIGINT NOT NULL,
  merchants BIGINT NOT NULL,
  PRIMARY KEY (minute, record)
) {WITHOUT_ROWID};
CREATE UNIQUE INDEX affiliate_click_runs_first ON affiliate_click_runs (minute, first);
CREATE TABLE affiliate_click_days (
  day BIGINT NOT NULL,
  affiliate BIGINT NOT NULL,
  merchant BIGINT NOT NULL,
  clicks BIGINT NOT NULL,
  marked BIGINT NOT NULL,
  visitors {BLOB} NOT NULL,
  PRIMARY KEY (day, affiliate, merchant)
) {WITHOUT_ROWID};
CREATE INDEX affiliate_click_days_affiliate ON affiliate_click_days (affiliate, day, merchant);
CREATE INDEX affiliate_click_days_merchant ON affiliate_click_days (merchant, day, affiliate);
)sql"}};
  return list;
}

std::span<const engine::TableSpec> ClickBook::tables() const {
  static constexpr std::array list = {
      engine::TableSpec{"affiliate_click_runs", "minute, record, first, last, affiliates, merchants", 2},
      engine::TableSpec{"affiliate_click_days", "day, affiliate, merchant, clicks, marked, visitors*", 3},
  };
  return list;
}

}  // namespace jangbu::affiliate
