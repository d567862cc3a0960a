// What moved on each day, by the kind of record and the family of accounts: sums that pages and plots need at
// once, whatever the number of entries behind them. A projection like the balances.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/money.h"
#include "base/time.h"
#include "engine/record.h"
#include "engine/table.h"
#include "store/database.h"

namespace jangbu::ledger {

/// Days since 1970-01-01 in Korean time, which has no daylight saving.
using DayNumber = std::int64_t;
DayNumber day_of(Instant at);
Instant start_of(DayNumber day);

/// "hub:7:prepaid" is of the family "hub:*:prepaid", and "user:0x89e3..." of "user:*": of two parts the
/// second is somebody's when it begins with a digit. Other names are their own family, as "network:bank".
std::string family_of(std::string_view account_name);

struct DayKey {
  DayNumber day = 0;
  engine::RecordKind kind = 0;
  std::string family;
  std::string currency;

  friend auto operator<=>(const DayKey&, const DayKey&) = default;
};

struct DaySums {
  Money added;                 // of the postings above zero
  Money taken;                 // of those below, without the sign
  std::uint64_t postings = 0;  // of both

  /// A sum that would leave the range of money stays at its end: it decides nothing.
  void add(Money amount);
};

struct DayTraits {
  using Key = DayKey;
  using Row = DaySums;
  static const store::Sql load;
  static std::size_t hash(const Key& key);
  static std::vector<store::Value> key_values(const Key& key);
  static Row read(const store::Row& row);
  static Status write(store::Session& session, const Key& key, const Row& row);
  static Status erase(store::Session&, const Key&) { INVARIANT(false, "days are never removed"); }
};

struct DayLine {
  DayKey key;
  DaySums sums;
};
/// All of the days from `first` to `last`, in order. Any reader thread.
Result<std::vector<DayLine>> lines_of_days(store::Session& session, DayNumber first, DayNumber last);

}  // namespace jangbu::ledger
