// The affiliate door's cached tables and their SQL; see state_tables.h.
#pragma once

#include <functional>
#include <string>
#include <tuple>
#include <vector>

#include "affiliate/columns.h"
#include "affiliate/records.h"
#include "affiliate/rows.h"
#include "engine/columns.h"
#include "engine/table.h"

namespace jangbu::affiliate {

struct ConversionTraits : engine::NumberKey {
  using Row = ConversionRow;
  static const store::Sql load;
  static const store::Sql upsert;
  static Row read(const store::Row& row) { return read_conversion(row, 0); }
  static Status write(store::Session& session, Key key, const Row& row);
};

/// Sales by affiliate, programme and month.
struct MonthTotalTraits : engine::KeptRows {
  using Key = std::tuple<AffiliateNumber, ProgramNumber, Month>;
  using Row = MonthTotalRow;
  static const store::Sql load;
  static const store::Sql upsert;
  static std::size_t hash(const Key& key);
  static std::vector<store::Value> key_values(const Key& key);
  static Row read(const store::Row& row);
  static Status write(store::Session& session, const Key& key, const Row& row);
};

/// Promotions by merchant, event code and promotion code.
struct PromoTraits : engine::KeptRows {
  using Key = std::tuple<MerchantNumber, std::string, std::string>;
  using Row = PromoSet;
  static const store::Sql load;
  static const store::Sql upsert;
  static std::size_t hash(const Key& key);
  static std::vector<store::Value> key_values(const Key& key);
  static Row read(const store::Row& row);
  static Status write(store::Session& session, const Key& key, const Row& row);
};

/// What a currency was worth by currency and day.
struct ExchangeRateTraits : engine::KeptRows {
  using Key = std::pair<std::string, Day>;
  using Row = Money;
  static const store::Sql load;
  static const store::Sql upsert;
  static std::size_t hash(const Key& key);
  static std::vector<store::Value> key_values(const Key& key);
  static Row read(const store::Row& row) { return read_money(row, 0); }
  static Status write(store::Session& session, const Key& key, const Row& row);
};

}  // namespace jangbu::affiliate
