#include <array>

#include "affiliate/state.h"

namespace jangbu::affiliate {

std::span<const store::Migration> State::migrations() const {
  static constexpr std::array list = {
      store::Migration{"affiliate", 1, R"sql(
CREATE TABLE affiliate_merchants (
  number {ROWID_KEY},
  fields {BLOB} NOT NULL
);
CREATE TABLE affiliate_programs (
  number {ROWID_KEY},
  merchant BIGINT NOT NULL,
  fields {BLOB} NOT NULL
);
CREATE INDEX affiliate_programs_merchant ON affiliate_programs (merchant, number);
CREATE TABLE affiliate_affiliates (
  number {ROWID_KEY},
  fields {BLOB} NOT NULL
);
CREATE TABLE affiliate_promos (
  merchant BIGINT NOT NULL,
  event_code {BLOB} NOT NULL,
  promo_code {BLOB} NOT NULL,
  number BIGINT NOT NULL,
  fields {BLOB} NOT NULL,
  PRIMARY KEY (merchant, event_code, promo_code)
) {WITHOUT_ROWID};
CREATE INDEX affiliate_promos_number ON affiliate_promos (number);
CREATE TABLE affiliate_exchange_rates (
  currency {BLOB} NOT NULL,
  day BIGINT NOT NULL,
  won_per_unit {BLOB} NOT NULL,
  PRIMARY KEY (currency, day)
) {WITHOUT_ROWID};
CREATE TABLE affiliate_conversions (
  number {ROWID_KEY},
  merchant BIGINT NOT NULL,
  affiliate BIGINT NOT NULL,
  program BIGINT NOT NULL,
  day BIGINT NOT NULL,
  status BIGINT NOT NULL,
  record BIGINT NOT NULL,
  ordinal BIGINT NOT NULL,
  changed BIGINT NOT NULL,
  origin BIGINT NOT NULL,
  quantity BIGINT NOT NULL,
  price {BLOB} NOT NULL,
  base {BLOB} NOT NULL,
  incentive {BLOB} NOT NULL,
  fee {BLOB} NOT NULL,
  corrected {BLOB} NOT NULL,
  happened_at BIGINT NOT NULL,
  confirmed_at BIGINT NOT NULL,
  canceled_at BIGINT NOT NULL,
  order_code {BLOB} NOT NULL,
  u_id {BLOB} NOT NULL
);
CREATE INDEX affiliate_conversions_affiliate ON affiliate_conversions (affiliate, day, number);
CREATE INDEX affiliate_conversions_merchant ON affiliate_conversions (merchant, day, number);
CREATE INDEX affiliate_conversions_order ON affiliate_conversions (order_code, number);
CREATE INDEX affiliate_conversions_user ON affiliate_conversions (u_id, number);
CREATE TABLE affiliate_month_totals (
  affiliate BIGINT NOT NULL,
  program BIGINT NOT NULL,
  month BIGINT NOT NULL,
  sales {BLOB} NOT NULL,
  row_count BIGINT NOT NULL,
  PRIMARY KEY (affiliate, program, month)
) {WITHOUT_ROWID};
)sql"},
      // An affiliate's own codes.
      store::Migration{"affiliate", 2, R"sql(
DROP TABLE affiliate_promos;
CREATE TABLE affiliate_promos (
  merchant BIGINT NOT NULL,
  event_code {BLOB} NOT NULL,
  promo_code {BLOB} NOT NULL,
  number BIGINT NOT NULL,
  affiliate BIGINT NOT NULL,
  fields {BLOB} NOT NULL,
  PRIMARY KEY (merchant, event_code, promo_code)
) {WITHOUT_ROWID};
CREATE INDEX affiliate_promos_number ON affiliate_promos (number);
CREATE INDEX affiliate_promos_affiliate ON affiliate_promos (affiliate, number);
)sql",
                       store::Tables::made_anew},
  };
  return list;
}

std::span<const engine::TableSpec> State::tables() const {
  static constexpr std::array list = {
      engine::TableSpec{"affiliate_merchants", "number, fields*"},
      engine::TableSpec{"affiliate_programs", "number, merchant, fields*"},
      engine::TableSpec{"affiliate_affiliates", "number, fields*"},
      engine::TableSpec{"affiliate_promos", "merchant, event_code*, promo_code*, number, affiliate, fields*",
                        3},
      engine::TableSpec{"affiliate_exchange_rates", "currency*, day, won_per_unit*", 2},
      engine::TableSpec{
          "affiliate_conversions",
          "number, merchant, affiliate, program, day, status, record, ordinal, changed, origin, "
          "quantity, price*, base*, incentive*, fee*, corrected*, happened_at, confirmed_at, "
          "canceled_at, order_code*, u_id*"},
      engine::TableSpec{"affiliate_month_totals", "affiliate, program, month, sales*, row_count", 3},
  };
  return list;
}

}  // namespace jangbu::affiliate
