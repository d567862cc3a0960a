// The purchase door's cached tables and their SQL; included by state.cpp alone.
#pragma once

#include <array>
#include <string>
#include <utility>
#include <vector>

#include "engine/table.h"
#include "purchase/columns.h"
#include "purchase/state.h"

namespace jangbu::purchase {

/// Tables whose key is a run of bytes.
struct BytesKey {
  using Key = std::string;
  static std::size_t hash(const Key& key) { return std::hash<std::string>{}(key); }
  static std::vector<store::Value> key_values(const Key& key) { return {store::Value::blob(key)}; }
};

struct ShopTraits : BytesKey {
  using Row = Shop;
  static const store::Sql load;
  static const store::Sql upsert;
  static Row read(const store::Row& row) { return {row.number(0), row.integer(1) != 0, row.number(2)}; }
  static Status write(store::Session& session, const Key& key, const Row& row) {
    return session.execute(upsert,
                           {store::Value::blob(key), store::Value::number(row.holder),
                            store::Value::integer(row.active ? 1 : 0), store::Value::number(row.issued)});
  }
  static Status erase(store::Session&, const Key&) { INVARIANT(false, "shops are never removed"); }
};
inline const store::Sql ShopTraits::load{
    "SELECT holder, active, issued FROM purchase_shops WHERE shop_id = $1"};
inline const store::Sql ShopTraits::upsert{
    "INSERT INTO purchase_shops (shop_id, holder, active, issued) VALUES ($1, $2, $3, $4) ON CONFLICT "
    "(shop_id) DO UPDATE SET "
    "holder = excluded.holder, active = excluded.active"};

struct WalletTraits : BytesKey {
  using Row = std::uint8_t;
  static const store::Sql load;
  static const store::Sql upsert;
  static Row read(const store::Row& row) { return static_cast<Row>(row.integer(0)); }
  static Status write(store::Session& session, const Key& key, const Row& row) {
    return session.execute(upsert, {store::Value::blob(key), store::Value::integer(row)});
  }
  static Status erase(store::Session&, const Key&) { INVARIANT(false, "wallets are never removed"); }
};
inline const store::Sql WalletTraits::load{"SELECT loyalty_type FROM purchase_wallets WHERE wallet = $1"};
inline const store::Sql WalletTraits::upsert{
    "INSERT INTO purchase_wallets (wallet, loyalty_type) VALUES ($1, $2) ON CONFLICT (wallet) DO UPDATE SET "
    "loyalty_type = "
    "excluded.loyalty_type"};

struct PhoneTraits : BytesKey {
  using Row = std::string;
  static const store::Sql load;
  static const store::Sql upsert;
  static Row read(const store::Row& row) { return std::string(row.bytes(0)); }
  static Status write(store::Session& session, const Key& key, const Row& row) {
    return session.execute(upsert, {store::Value::blob(key), store::Value::blob(row)});
  }
  static Status erase(store::Session&, const Key&) { INVARIANT(false, "phones are never removed"); }
};
inline const store::Sql PhoneTraits::load{"SELECT wallet FROM purchase_phones WHERE phone_hash = $1"};
inline const store::Sql PhoneTraits::upsert{
    "INSERT INTO purchase_phones (phone_hash, wallet) VALUES ($1, $2) ON CONFLICT (phone_hash) DO UPDATE SET "
    "wallet = "
    "excluded.wallet"};

}  // namespace jangbu::purchase
