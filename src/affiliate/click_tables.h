// The tables of clicks and their SQL.
#pragma once

#include <functional>
#include <tuple>
#include <vector>

#include "affiliate/click_records.h"
#include "affiliate/visitors.h"
#include "engine/table.h"

namespace jangbu::affiliate {

/// The clicks of a day for one affiliate and merchant.
struct ClickDayRow {
  std::uint64_t clicks = 0;
  std::uint64_t marked = 0;
  Visitors visitors;
};

struct ClickDayTraits {
  using Key = std::tuple<Day, AffiliateNumber, MerchantNumber>;
  using Row = ClickDayRow;
  static const store::Sql load;
  static const store::Sql upsert;
  static std::size_t hash(const Key& key);
  static std::vector<store::Value> key_values(const Key& key);
  static Row read(const store::Row& row) { return read_from(row, 0); }
  /// From column `first` of the result on. INVARIANT: the visitors read.
  static Row read_from(const store::Row& row, int first);
  static Status write(store::Session& session, const Key& key, const Row& row);
  static Status erase(store::Session&, const Key&) { INVARIANT(false, "counts are never removed"); }
};

}  // namespace jangbu::affiliate
