// TableSet: the tables of a projection, which go through the life of a batch together.
#pragma once

#include <vector>

#include "engine/table.h"

namespace jangbu::engine {

/// A table whose changes wait for the flush, as the life of a batch drives it. Single-threaded: it belongs to
/// the writer.
class BatchTable {
 public:
  BatchTable() = default;
  BatchTable(const BatchTable&) = delete;
  BatchTable& operator=(const BatchTable&) = delete;

  virtual void prefetch(store::Session&) {}
  virtual void flush(store::Session& session) = 0;
  virtual void committed() = 0;
  virtual void discard() = 0;

 protected:
  ~BatchTable() = default;
};

/// In the order in which they were added: what becomes of a batch becomes of each.
///   struct State::Tables : engine::TableSet {
///     engine::TableOfSet<OrderTraits> orders{*this, cached_rows};
///   };
class TableSet {
 public:
  TableSet() = default;
  TableSet(const TableSet&) = delete;
  TableSet& operator=(const TableSet&) = delete;

  /// The table must live as long as this set.
  void add(BatchTable& table) { tables_.push_back(&table); }
  void prefetch(store::Session& session) {
    for (BatchTable* table : tables_) table->prefetch(session);
  }
  void flush(store::Session& session) {
    for (BatchTable* table : tables_) table->flush(session);
  }
  void committed() {
    for (BatchTable* table : tables_) table->committed();
  }
  void discard() {
    for (BatchTable* table : tables_) table->discard();
  }

 private:
  std::vector<BatchTable*> tables_;
};

/// A CachedTable that is of a set.
template <typename Traits>
class TableOfSet final : public CachedTable<Traits>, public BatchTable {
 public:
  TableOfSet(TableSet& set, std::size_t capacity) : CachedTable<Traits>(capacity) { set.add(*this); }

  void prefetch(store::Session& session) override { CachedTable<Traits>::prefetch(session); }
  void flush(store::Session& session) override { CachedTable<Traits>::flush(session); }
  void committed() override { CachedTable<Traits>::committed(); }
  void discard() override { CachedTable<Traits>::discard(); }
};

}  // namespace jangbu::engine
