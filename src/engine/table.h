// CachedTable: one table as decide and apply see it. Reads go through to the database once; writes stay in
// memory until the batch is flushed, so that later commands of the batch see them; sorted, so that neighbours
// share pages.
#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

#include "engine/store_failure.h"
#include "store/database.h"

namespace jangbu::engine {

/// `Traits` says how rows meet the database:
///   using Key; using Row;                                 // Key is ordered by <
///   static const store::Sql load;                         // SELECT ... WHERE <key>
///   static std::size_t hash(const Key&);
///   static std::vector<store::Value> key_values(const Key&);
///   static Row read(const store::Row&);
///   static Status write(store::Session&, const Key&, const Row&);   // upsert
///   static Status erase(store::Session&, const Key&);
/// Single-threaded: it belongs to the writer.
template <typename Traits>
class CachedTable {
 public:
  using Key = typename Traits::Key;
  using Row = typename Traits::Row;

  /// All rows are forgotten at the end of a batch that leaves more than `capacity`.
  explicit CachedTable(std::size_t capacity) : capacity_(capacity) {}

  /// The row, or nullptr when there is none. The pointer is good until the row is changed or the batch ends
  /// with committed() or discard(), whatever else is looked up.
  const Row* find(store::Session& session, const Key& key) {
    auto it = slots_.find(key);
    if (it == slots_.end()) it = slots_.emplace(key, Slot{load(session, key), false}).first;
    return it->second.row.has_value() ? &*it->second.row : nullptr;
  }

  /// The row, to be changed in place; it is written with the batch. INVARIANT: there is one.
  Row& edit(store::Session& session, const Key& key) {
    INVARIANT(find(session, key) != nullptr, "a row that is changed exists");
    auto& entry = *slots_.find(key);
    mark(entry);
    return *entry.second.row;
  }

  void put(const Key& key, Row row) { change(key, std::move(row)); }
  void erase(const Key& key) { change(key, std::nullopt); }

  /// Notes that find(key) will come soon; prefetch() then asks for all noted keys in one round trip.
  void want(const Key& key) {
    if (!slots_.contains(key)) wanted_.insert(key);
  }
  void prefetch(store::Session& session) {
    if (wanted_.empty()) return;
    std::vector<Key> keys(wanted_.begin(), wanted_.end());
    wanted_.clear();
    std::vector<std::vector<store::Value>> parameters;
    parameters.reserve(keys.size());
    for (const Key& key : keys) parameters.push_back(Traits::key_values(key));
    std::vector<std::optional<Row>> rows(keys.size());
    throw_if_failed(session.query_each(Traits::load, parameters, [&](std::size_t i, const store::Row& row) {
      rows[i] = Traits::read(row);
    }));
    for (std::size_t i = 0; i < keys.size(); ++i)
      slots_.emplace(std::move(keys[i]), Slot{std::move(rows[i]), false});
  }

  /// Writes every changed row, in key order. Its cost follows the changes of the batch, not what is cached.
  void flush(store::Session& session) {
    std::sort(dirty_.begin(), dirty_.end(), [](const auto* a, const auto* b) { return a->first < b->first; });
    for (const auto* entry : dirty_)
      throw_if_failed(entry->second.row ? Traits::write(session, entry->first, *entry->second.row)
                                        : Traits::erase(session, entry->first));
  }

  void committed() {
    for (auto* entry : dirty_) entry->second.dirty = false;
    dirty_.clear();
    if (slots_.size() > capacity_) slots_.clear();
  }
  void discard() {
    dirty_.clear();
    slots_.clear();
    wanted_.clear();
  }

 private:
  struct Slot {
    std::optional<Row> row;
    bool dirty;  // whether it stands in dirty_
  };
  struct KeyHash {
    std::size_t operator()(const Key& key) const { return Traits::hash(key); }
  };
  using Slots = std::unordered_map<Key, Slot, KeyHash>;

  void mark(typename Slots::value_type& entry) {
    if (!std::exchange(entry.second.dirty, true)) dirty_.push_back(&entry);
  }
  void change(const Key& key, std::optional<Row> row) {
    auto& entry = *slots_.try_emplace(key, Slot{std::nullopt, false}).first;
    entry.second.row = std::move(row);
    mark(entry);
  }

  std::optional<Row> load(store::Session& session, const Key& key) {
    std::optional<Row> found;
    const auto values = Traits::key_values(key);
    throw_if_failed(session.query(Traits::load, values, [&](const store::Row& row) {
      found = Traits::read(row);
      return false;
    }));
    return found;
  }

  Slots slots_;
  std::vector<typename Slots::value_type*> dirty_;  // a map's entries keep their addresses
  std::set<Key> wanted_;
  std::size_t capacity_;
};

}  // namespace jangbu::engine
