#include "engine/due.h"

#include <random>
#include <set>

#include <gtest/gtest.h>

#include "engine/testing/tables.h"

namespace jangbu::engine {
namespace {

using testing::EmptyTables;

constexpr auto provide = WorkKind::purchase_provide;

struct DueTest : ::testing::Test {
  void commit() {
    due.flush(*tables.session);
    tables.commit();
    due.committed();
  }
  void drop() {
    tables.rollback();
    due.discard();
  }
  std::optional<DueRow> earliest() { return due.earliest(*tables.session); }
  void expect_earliest(std::int64_t at, std::uint64_t first, std::uint64_t last) {
    const auto row = earliest();
    ASSERT_TRUE(row.has_value());
    EXPECT_EQ(row->due_at.us, at);
    EXPECT_EQ(row->first, first);
    EXPECT_EQ(row->last, last);
  }

  EmptyTables tables;
  Due due;
};

TEST_F(DueTest, NothingAtFirst) {
  EXPECT_FALSE(earliest().has_value());
  commit();
  EXPECT_FALSE(earliest().has_value());
}

TEST_F(DueTest, RecordsOfABatchThatFallDueTogetherAreOneRow) {
  for (std::uint64_t number = 5; number <= 8; ++number) due.add(Instant{100}, provide, number);
  due.add(Instant{90}, provide, 9);
  due.add(Instant{100}, provide, 10);
  expect_earliest(90, 9, 9);
  commit();
  expect_earliest(90, 9, 9);
  due.remove({Instant{90}, provide, 9, 9});
  expect_earliest(100, 5, 10);
  // The next batch has a row of its own.
  due.add(Instant{100}, provide, 11);
  commit();
  expect_earliest(100, 5, 10);
  due.remove({Instant{100}, provide, 5, 10});
  expect_earliest(100, 11, 11);
}

// Retries of bills were lost: outcomes come in any order, and the row forgot those that came before a lower
// one.
TEST_F(DueTest, NumbersOfABatchComeInAnyOrder) {
  const std::vector<std::vector<std::uint64_t>> orders = {{5, 9, 7}, {9, 7, 5}, {7, 5, 9},
                                                          {9, 5, 7}, {5, 5, 9}, {9, 9, 5}};
  std::int64_t at = 100;
  for (const auto& order : orders) {
    for (const std::uint64_t number : order) due.add(Instant{at}, provide, number);
    expect_earliest(at, 5, 9);
    commit();
    expect_earliest(at, 5, 9);
    due.remove({Instant{at}, provide, 5, 9});
    commit();
    EXPECT_FALSE(earliest().has_value());
    ++at;
  }
}

TEST_F(DueTest, WhatIsScheduledAgainBeforeItsTimeIsOneRow) {
  struct Row {
    std::vector<std::uint64_t> first, again;
    std::uint64_t last;
  };
  for (const Row& row :
       {Row{{5}, {5}, 5}, Row{{5, 9}, {5}, 9}, Row{{5}, {5, 9}, 9}, Row{{5, 7}, {9, 5}, 9}}) {
    for (const std::uint64_t number : row.first) due.add(Instant{100}, provide, number);
    commit();
    expect_earliest(100, 5, row.first.back());
    for (const std::uint64_t number : row.again) due.add(Instant{100}, provide, number);
    commit();
    expect_earliest(100, 5, row.last);
    due.remove({Instant{100}, provide, 5, row.last});
    commit();
    EXPECT_FALSE(earliest().has_value());
  }
}

TEST_F(DueTest, ARowThatIsAddedAndDoneInOneBatchLeavesNothing) {
  due.add(Instant{10}, provide, 1);
  expect_earliest(10, 1, 1);
  due.remove({Instant{10}, provide, 1, 1});
  EXPECT_FALSE(earliest().has_value());
  commit();
  EXPECT_FALSE(earliest().has_value());
}

TEST_F(DueTest, ABatchMayRemoveAnyNumberOfRows) {
  for (std::uint64_t number = 1; number <= 200; ++number)
    due.add(Instant{static_cast<std::int64_t>(number)}, provide, number);
  commit();
  for (std::uint64_t number = 1; number < 200; ++number) {
    expect_earliest(static_cast<std::int64_t>(number), number, number);
    due.remove({Instant{static_cast<std::int64_t>(number)}, provide, number, number});
  }
  expect_earliest(200, 200, 200);
  drop();
  expect_earliest(1, 1, 1);
}

TEST_F(DueTest, CoveringFindsTheRowUntilItIsDone) {
  for (const std::uint64_t number : {5U, 6U, 8U}) due.add(Instant{100}, provide, number);
  due.add(Instant{200}, provide, 7);
  const auto expect = [&](std::int64_t at, std::uint64_t number, bool covered) {
    EXPECT_EQ(due.covering(*tables.session, Instant{at}, provide, number).has_value(), covered)
        << at << " " << number;
  };
  for (int stored = 0; stored < 2; ++stored) {
    expect(100, 4, false);
    expect(100, 5, true);
    expect(100, 8, true);
    expect(100, 9, false);
    expect(200, 7, true);
    expect(201, 7, false);
    if (stored == 0) {
      EXPECT_FALSE(Due::find_stored(*tables.session, Instant{100}, provide, 5).value().has_value());
      commit();
    }
  }
  EXPECT_TRUE(Due::find_stored(*tables.session, Instant{100}, provide, 5).value().has_value());
  due.remove({Instant{100}, provide, 5, 8});
  expect(100, 6, false);
  expect(200, 7, true);
  drop();
  expect(100, 6, true);
}

TEST_F(DueTest, DiscardForgetsTheBatch) {
  due.add(Instant{50}, provide, 1);
  commit();
  expect_earliest(50, 1, 1);
  due.add(Instant{40}, provide, 2);
  due.remove({Instant{50}, provide, 1, 1});
  drop();
  expect_earliest(50, 1, 1);
}

TEST_F(DueTest, KeepsTheOrderOfASetThroughRandomBatches) {
  std::mt19937 random(11);
  const auto below = [&](std::uint32_t n) { return static_cast<std::uint32_t>(random() % n); };
  using Key = std::tuple<std::int64_t, std::uint64_t, std::uint64_t>;
  std::set<Key> model;
  std::uint64_t number = 0;
  for (int round = 0; round < 400; ++round) {
    std::set<Key> batch = model;
    std::map<std::int64_t, Key> joined;
    for (std::uint32_t i = below(4); i > 0; --i) {
      const std::int64_t at = 100 + below(30);
      due.add(Instant{at}, provide, ++number);
      auto [it, fresh] = joined.try_emplace(at, at, number, number);
      if (!fresh) {
        batch.erase(it->second);
        std::get<2>(it->second) = number;
      }
      batch.insert(it->second);
    }
    for (std::uint32_t i = below(4); i > 0 && !batch.empty(); --i) {
      const auto [at, first, last] = *batch.begin();
      expect_earliest(at, first, last);
      due.remove({Instant{at}, provide, first, last});
      batch.erase(batch.begin());
    }
    if (below(4) == 0) {
      drop();
      number += 1000;  // numbers of a dropped batch need not come again here
    } else {
      commit();
      model = batch;
    }
    const auto row = earliest();
    ASSERT_EQ(row.has_value(), !model.empty());
    if (!row) continue;
    ASSERT_EQ(Key(row->due_at.us, row->first, row->last), *model.begin());
  }
}

}  // namespace
}  // namespace jangbu::engine
