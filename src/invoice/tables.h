// The invoice door's cached tables and their SQL; see state_tables.h.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "engine/table.h"
#include "invoice/columns.h"
#include "invoice/rows.h"

namespace jangbu::invoice {

struct NumberKey {
  using Key = std::uint64_t;
  static std::size_t hash(Key key) { return std::hash<Key>{}(key); }
  static std::vector<store::Value> key_values(const Key& key) { return {store::Value::number(key)}; }
  static Status erase(store::Session&, Key) { INVARIANT(false, "rows of invoices are never removed"); }
};

struct InvoiceTraits : NumberKey {
  using Row = InvoiceRow;
  static const store::Sql load;
  static const store::Sql upsert;
  static Row read(const store::Row& row) { return read_invoice(row, 0); }
  static Status write(store::Session& session, const Key& key, const Row& row);
};

struct OrderTraits : NumberKey {
  using Row = OrderRow;
  static const store::Sql load;
  static const store::Sql upsert;
  static Row read(const store::Row& row) { return read_order(row, 0); }
  static Status write(store::Session& session, const Key& key, const Row& row);
};

struct CancelTraits : NumberKey {
  using Row = CancelRow;
  static const store::Sql load;
  static const store::Sql upsert;
  static Row read(const store::Row& row) { return read_cancel(row, 0); }
  static Status write(store::Session& session, const Key& key, const Row& row);
};

struct ProductTraits : NumberKey {
  using Row = ProductRow;
  static const store::Sql load;
  static const store::Sql upsert;
  static Row read(const store::Row& row) { return read_product(row, 0); }
  static Status write(store::Session& session, const Key& key, const Row& row);
};

/// A product's number by the seller's own id for it.
struct ProductIdTraits {
  using Key = std::pair<std::uint64_t, std::string>;  // app, id
  using Row = ProductNumber;
  static std::size_t hash(const Key& key) {
    return std::hash<std::string>{}(key.second) ^ (key.first * 0x9e3779b97f4a7c15U);
  }
  static std::vector<store::Value> key_values(const Key& key) {
    return {store::Value::number(key.first), store::Value::blob(key.second)};
  }
  static const store::Sql load;
  static const store::Sql upsert;
  static const store::Sql remove;
  static Row read(const store::Row& row) { return row.number(0); }
  static Status write(store::Session& session, const Key& key, const Row& row);
  static Status erase(store::Session& session, const Key& key);
};

/// The record that says how an app's seller stands on documents.
struct SellerTraits : NumberKey {
  using Row = std::uint64_t;
  static const store::Sql load;
  static const store::Sql upsert;
  static Row read(const store::Row& row) { return row.number(0); }
  static Status write(store::Session& session, const Key& key, const Row& row);
};

/// How many invoices an app has.
struct TotalTraits : NumberKey {
  using Row = std::uint64_t;
  static const store::Sql load;
  static const store::Sql upsert;
  static Row read(const store::Row& row) { return row.number(0); }
  static Status write(store::Session& session, const Key& key, const Row& row);
};

}  // namespace jangbu::invoice
