#include "engine/table.h"

#include <functional>
#include <string>

#include <gtest/gtest.h>

#include "engine/testing/tables.h"

namespace jangbu::engine {
namespace {

using testing::EmptyTables;

std::string log;  // what reached the database, in order

/// Rows of engine_counters, which are the simplest.
struct CounterTraits {
  using Key = std::uint64_t;
  using Row = std::uint64_t;
  static std::size_t hash(Key key) { return std::hash<Key>{}(key); }
  static const store::Sql load;
  static const store::Sql insert;
  static const store::Sql remove;
  static std::vector<store::Value> key_values(const Key& key) { return {store::Value::number(key)}; }
  static Row read(const store::Row& row) { return row.number(0); }
  static Status write(store::Session& session, const Key& key, const Row& row) {
    log += "write " + std::to_string(key) + "=" + std::to_string(row) + "; ";
    return session.execute(insert, {store::Value::number(key), store::Value::number(row)});
  }
  static Status erase(store::Session& session, const Key& key) {
    log += "erase " + std::to_string(key) + "; ";
    return session.execute(remove, {store::Value::number(key)});
  }
};
const store::Sql CounterTraits::load{"SELECT value FROM engine_counters WHERE id = $1"};
const store::Sql CounterTraits::insert{
    "INSERT INTO engine_counters (id, value) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET value = "
    "excluded.value"};
const store::Sql CounterTraits::remove{"DELETE FROM engine_counters WHERE id = $1"};

struct CachedTableTest : ::testing::Test {
  CachedTableTest() { log.clear(); }
  /// Ends a batch; what it wrote.
  std::string batch(CachedTable<CounterTraits>& table) {
    table.flush(*tables.session);
    tables.commit();
    table.committed();
    return std::exchange(log, {});
  }
  std::uint64_t value(CachedTable<CounterTraits>& table, std::uint64_t key) {
    const auto* row = table.find(*tables.session, key);
    return row == nullptr ? 0 : *row;
  }

  EmptyTables tables;
};

TEST_F(CachedTableTest, WritesWhatTheBatchChangedOnceAndInOrder) {
  CachedTable<CounterTraits> table(100);
  for (const std::uint64_t key : {9U, 3U, 7U, 3U}) table.put(key, key * 10);
  table.edit(*tables.session, 7) += 1;
  EXPECT_EQ(batch(table), "write 3=30; write 7=71; write 9=90; ");
  EXPECT_EQ(batch(table), "") << "nothing changed since";
  table.edit(*tables.session, 9) = 5;
  EXPECT_EQ(value(table, 3), 30U);
  EXPECT_EQ(batch(table), "write 9=5; ");
}

TEST_F(CachedTableTest, ErasesAndPutsAgain) {
  CachedTable<CounterTraits> table(100);
  table.put(1, 10);
  table.put(2, 20);
  batch(table);
  table.erase(1);
  table.erase(2);
  table.put(2, 21);
  EXPECT_EQ(value(table, 1), 0U);
  EXPECT_EQ(batch(table), "erase 1; write 2=21; ");
  CachedTable<CounterTraits> fresh(100);
  EXPECT_EQ(value(fresh, 1), 0U);
  EXPECT_EQ(value(fresh, 2), 21U);
}

TEST_F(CachedTableTest, ForgetsCleanRowsBeyondItsCapacity) {
  CachedTable<CounterTraits> table(2);
  for (std::uint64_t key = 1; key <= 3; ++key) table.put(key, key);
  EXPECT_EQ(batch(table), "write 1=1; write 2=2; write 3=3; ");
  // They come from the database again, and changes of them are still seen.
  table.edit(*tables.session, 2) = 22;
  EXPECT_EQ(batch(table), "write 2=22; ");
}

TEST_F(CachedTableTest, ForgetsABatchThatFailed) {
  CachedTable<CounterTraits> table(100);
  table.put(1, 10);
  batch(table);
  table.edit(*tables.session, 1) = 99;
  table.put(2, 99);
  table.flush(*tables.session);
  tables.rollback();
  table.discard();
  log.clear();
  EXPECT_EQ(value(table, 1), 10U);
  EXPECT_EQ(value(table, 2), 0U);
  EXPECT_EQ(batch(table), "");
}

TEST_F(CachedTableTest, PrefetchesWhatIsWantedAndNotKnown) {
  CachedTable<CounterTraits> table(100);
  table.put(1, 10);
  batch(table);
  CachedTable<CounterTraits> fresh(100);
  fresh.put(2, 20);
  for (std::uint64_t key = 1; key <= 3; ++key) fresh.want(key);
  fresh.prefetch(*tables.session);
  EXPECT_EQ(value(fresh, 1), 10U);
  EXPECT_EQ(value(fresh, 2), 20U) << "what the batch changed stands over the database";
  EXPECT_EQ(value(fresh, 3), 0U);
  EXPECT_EQ(batch(fresh), "write 2=20; ");
}

}  // namespace
}  // namespace jangbu::engine
