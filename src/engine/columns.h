// Keys and values of tables as a projection's traits write them (see CachedTable). Money is ledger/columns.h.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "base/invariant.h"
#include "base/time.h"
#include "store/database.h"

namespace jangbu::engine {

inline store::Value flag(bool value) { return store::Value::integer(value ? 1 : 0); }
inline store::Value moment(Instant value) { return store::Value::integer(value.us); }
template <typename Enum>
store::Value code(Enum value) {
  return store::Value::integer(static_cast<std::int64_t>(value));
}

inline bool read_flag(const store::Row& row, int column) { return row.integer(column) != 0; }
inline Instant read_moment(const store::Row& row, int column) { return Instant{row.integer(column)}; }
template <typename Enum>
Enum read_code(const store::Row& row, int column) {
  return static_cast<Enum>(row.integer(column));
}

/// Bases of traits. Rows are never removed, unless the traits have an erase() of their own.
struct KeptRows {
  template <typename Key>
  static Status erase(store::Session&, const Key&) {
    INVARIANT(false, "rows of this table are never removed");
  }
};

struct NumberKey : KeptRows {
  using Key = std::uint64_t;
  static std::size_t hash(Key key) { return std::hash<Key>{}(key); }
  static std::vector<store::Value> key_values(const Key& key) { return {store::Value::number(key)}; }
};

struct TextKey : KeptRows {
  using Key = std::string;
  static std::size_t hash(const Key& key) { return std::hash<Key>{}(key); }
  static std::vector<store::Value> key_values(const Key& key) { return {store::Value::blob(key)}; }
};

/// A text that is an owner's own: app and lead, merchant and click.
struct OwnedTextKey : KeptRows {
  using Key = std::pair<std::uint64_t, std::string>;
  static std::size_t hash(const Key& key) {
    return std::hash<std::string>{}(key.second) ^ (key.first * 0x9e3779b97f4a7c15U);
  }
  static std::vector<store::Value> key_values(const Key& key) {
    return {store::Value::number(key.first), store::Value::blob(key.second)};
  }
};

/// A number that stands in the only column that is read: how many there are, or whose an id is.
struct NumberRow {
  using Row = std::uint64_t;
  static Row read(const store::Row& row) { return row.number(0); }
};

}  // namespace jangbu::engine
