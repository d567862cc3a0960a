// The invoice door's cached tables and their SQL; see state_tables.h.
#pragma once

#include "engine/columns.h"
#include "engine/table_set.h"
#include "invoice/columns.h"
#include "invoice/rows.h"

namespace jangbu::invoice {

using engine::NumberKey;
using engine::NumberRow;
using engine::OwnedTextKey;

struct AppsSql {
  static const store::Sql load;
  static const store::Sql upsert;
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
struct ProductIdTraits : OwnedTextKey, NumberRow {
  static const store::Sql load;
  static const store::Sql upsert;
  static const store::Sql remove;
  static Status write(store::Session& session, const Key& key, const Row& row);
  static Status erase(store::Session& session, const Key& key);
};

/// The record that says how an app's seller stands on documents.
struct SellerTraits : NumberKey, NumberRow {
  static const store::Sql load;
  static const store::Sql upsert;
  static Status write(store::Session& session, const Key& key, const Row& row);
};

/// How often a customer was asked again to pay an invoice, by channel.
struct NoticeTraits : engine::KeptRows {
  using Key = std::pair<InvoiceNumber, SendType>;
  using Row = NoticeCountRow;
  static const store::Sql load;
  static const store::Sql upsert;
  static std::size_t hash(const Key& key);
  static std::vector<store::Value> key_values(const Key& key);
  static Row read(const store::Row& row);
  static Status write(store::Session& session, const Key& key, const Row& row);
};

/// How many invoices an app has.
struct TotalTraits : NumberKey, NumberRow {
  static const store::Sql load;
  static const store::Sql upsert;
  static Status write(store::Session& session, const Key& key, const Row& row);
};

}  // namespace jangbu::invoice
