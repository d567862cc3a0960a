#include <array>

#include "purchase/state.h"

namespace jangbu::purchase {

std::span<const store::Migration> State::migrations() const {
  static constexpr std::array list = {store::Migration{"purchase", 1, R"sql(
CREATE TABLE purchase_holders (
  id {ROWID_KEY},
  system {BLOB} NOT NULL,
  currency {BLOB} NOT NULL,
  waiting_s BIGINT NOT NULL,
  signer {BLOB} NOT NULL,
  open_registration BIGINT NOT NULL
);
-- Access keys rest as their SHA-256.
CREATE TABLE purchase_access_keys (
  digest {BLOB} PRIMARY KEY NOT NULL,
  holder BIGINT NOT NULL,
  revoked BIGINT NOT NULL,
  label {BLOB} NOT NULL
) {WITHOUT_ROWID};
CREATE TABLE purchase_rates (
  code {BLOB} PRIMARY KEY NOT NULL,
  points_per_unit {BLOB} NOT NULL
) {WITHOUT_ROWID};
CREATE TABLE purchase_settings (
  id BIGINT PRIMARY KEY,
  block_signer {BLOB} NOT NULL
);
CREATE TABLE purchase_shops (
  shop_id {BLOB} PRIMARY KEY NOT NULL,
  holder BIGINT NOT NULL,
  active BIGINT NOT NULL,
  issued BIGINT NOT NULL
) {WITHOUT_ROWID};
-- Wallets that chose what they earn, and phone hashes that belong to a wallet.
CREATE TABLE purchase_wallets (
  wallet {BLOB} PRIMARY KEY NOT NULL,
  loyalty_type BIGINT NOT NULL
) {WITHOUT_ROWID};
CREATE TABLE purchase_phones (
  phone_hash {BLOB} PRIMARY KEY NOT NULL,
  wallet {BLOB} NOT NULL
) {WITHOUT_ROWID};
-- Which records hold a holder's purchases: one row for each batch, so that lists cost purchases nothing.
CREATE TABLE purchase_runs (
  holder BIGINT NOT NULL,
  first BIGINT NOT NULL,
  last BIGINT NOT NULL,
  PRIMARY KEY (holder, first)
) {WITHOUT_ROWID};
-- Purchases that were cancelled before their points were provided, until that time has come.
CREATE TABLE purchase_voids (
  purchase {ROWID_KEY}
);
CREATE TABLE purchase_blocks (
  height {ROWID_KEY},
  hash {BLOB} NOT NULL,
  record BIGINT NOT NULL,
  first_record BIGINT NOT NULL,
  last_record BIGINT NOT NULL,
  first_sequence BIGINT NOT NULL,
  tx_count BIGINT NOT NULL
);
CREATE UNIQUE INDEX purchase_blocks_last ON purchase_blocks (last_record);
)sql"},
                                      store::Migration{"purchase", 2, R"sql(
-- Whose purchases some 256 of them are (purchase/spans.h), so that lists of one wallet or shop pass over the others.
CREATE TABLE purchase_spans (
  first {ROWID_KEY},
  last BIGINT NOT NULL,
  marks {BLOB} NOT NULL
);
)sql",
                                                       store::Tables::made_anew}};
  return list;
}

std::span<const engine::TableSpec> State::tables() const {
  static constexpr std::array list = {
      engine::TableSpec{"purchase_holders", "id, system*, currency*, waiting_s, signer*, open_registration"},
      engine::TableSpec{"purchase_access_keys", "digest*, holder, revoked, label*"},
      engine::TableSpec{"purchase_rates", "code*, points_per_unit*"},
      engine::TableSpec{"purchase_settings", "id, block_signer*"},
      engine::TableSpec{"purchase_shops", "shop_id*, holder, active, issued"},
      engine::TableSpec{"purchase_wallets", "wallet*, loyalty_type"},
      engine::TableSpec{"purchase_phones", "phone_hash*, wallet*"},
      engine::TableSpec{"purchase_runs", "holder, first, last", 2},
      engine::TableSpec{"purchase_voids", "purchase"},
      engine::TableSpec{"purchase_spans", "first, last, marks*"},
      engine::TableSpec{"purchase_blocks",
                        "height, hash*, record, first_record, last_record, first_sequence, tx_count"},
  };
  return list;
}

}  // namespace jangbu::purchase
