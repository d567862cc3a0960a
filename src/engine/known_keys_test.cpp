#include "engine/known_keys.h"

#include <string>
#include <thread>

#include <gtest/gtest.h>

#include "engine/keys.h"
#include "engine/testing/tables.h"
#include "store/test_database.h"

namespace jangbu::engine {
namespace {

KeyDigest known_digest(std::uint64_t i) { return key_digest(KeyScope::purchase, 1, std::to_string(i)); }

TEST(KeyFilterTest, HoldsAllThatWasAddedAndLittleElse) {
  constexpr std::uint64_t entries = 20'000;
  KeyFilter filter(entries);
  EXPECT_FALSE(filter.may_hold(KeyDigest{})) << "an empty filter holds nothing";
  for (std::uint64_t i = 0; i < entries; ++i) filter.add(known_digest(i));
  for (std::uint64_t i = 0; i < entries; ++i) ASSERT_TRUE(filter.may_hold(known_digest(i))) << i;
  std::uint64_t wrong = 0;
  for (std::uint64_t i = entries; i < 6 * entries; ++i) wrong += filter.may_hold(known_digest(i)) ? 1U : 0U;
  EXPECT_LT(wrong, 5 * entries / 500) << "one in a thousand, and some patience";
}

TEST(KeyFilterTest, ThreadsAddToTheSameBlocks) {
  constexpr std::uint64_t entries = 20'000;
  KeyFilter filter(1);  // all of them share a few blocks
  KeyFilter alone(1);
  std::thread other([&] {
    for (std::uint64_t i = 1; i < entries; i += 2) filter.add(known_digest(i));
  });
  for (std::uint64_t i = 0; i < entries; i += 2) filter.add(known_digest(i));
  other.join();
  for (std::uint64_t i = 0; i < entries; ++i) ASSERT_TRUE(filter.may_hold(known_digest(i))) << i;
}

/// An index on a table that can be read by a second session while it is written.
struct KnownKeysTest : ::testing::Test {
  void SetUp() override {
    ASSERT_TRUE(place.open("sqlite"));
    session = place.database().open_writer().value();
    ASSERT_TRUE(store::migrate(*session, migrations()).ok());
  }
  /// One batch that takes the keys of records first..last.
  void commit_batch(Keys& keys, std::uint64_t first, std::uint64_t last) {
    ASSERT_TRUE(session->begin().ok());
    for (std::uint64_t i = first; i <= last; ++i) keys.put(known_digest(i), i);
    keys.flush(*session, last);
    ASSERT_EQ(session->commit().outcome, store::CommitOutcome::committed);
    keys.committed();
  }
  /// Every key of records first..last is found, and is not excluded.
  void expect_found(Keys& keys, std::uint64_t first, std::uint64_t last) {
    for (std::uint64_t i = first; i <= last; ++i) {
      keys.want(known_digest(i));
      if (i % 3 == 0) keys.prefetch(*session);
      ASSERT_EQ(keys.find(*session, known_digest(i)), i);
    }
    keys.discard();
  }

  store::test::TestDatabase place;
  std::unique_ptr<store::WriterSession> session;
};

TEST_F(KnownKeysTest, NothingIsExcludedBeforeTheTableWasRead) {
  KnownKeys known(place.database());
  EXPECT_FALSE(known.excludes(known_digest(1))) << "it has not begun";
  known.learn(1);
  EXPECT_TRUE(known.wait_until_learned());
  EXPECT_TRUE(known.excludes(known_digest(1)));
  known.rest();
  EXPECT_FALSE(known.excludes(known_digest(1)));
}

TEST_F(KnownKeysTest, ANewBookNeedsNoReading) {
  KnownKeys known(place.database());
  known.learn(0);
  EXPECT_TRUE(known.excludes(known_digest(1)));
  known.add(known_digest(1));
  EXPECT_FALSE(known.excludes(known_digest(1)));
}

TEST_F(KnownKeysTest, LearnsATableOfManyPagesWhileItGrows) {
  constexpr std::uint64_t before = 45'000;  // three pages
  constexpr std::uint64_t after = 60'000;
  Keys first(0);
  commit_batch(first, 1, before);
  Keys keys(1000);
  KnownKeys known(place.database());
  keys.ask_first(known);
  keys.set_through(before);
  known.learn(before);
  for (std::uint64_t i = before + 1; i < after; i += 100) commit_batch(keys, i, i + 99);
  expect_found(keys, before - 100, after);
  EXPECT_TRUE(known.wait_until_learned());
  expect_found(keys, 1, after);
  EXPECT_TRUE(known.excludes(known_digest(after + 1)));
  EXPECT_EQ(keys.find(*session, known_digest(after + 1)), std::nullopt);
}

// What waits in memory comes to the table after the larger filter has read it.
TEST_F(KnownKeysTest, AFullFilterIsFollowedByALargerOne) {
  Keys keys(200);
  KnownKeys known(place.database(), 500);
  keys.ask_first(known);
  known.learn(0);
  std::uint64_t last = 0;
  for (; last < 20'000; last += 50) {
    commit_batch(keys, last + 1, last + 50);
    if (last % 1000 == 0) {
      EXPECT_TRUE(known.wait_until_learned());
    }
  }
  expect_found(keys, 1, last);
  EXPECT_TRUE(known.wait_until_learned());
  std::uint64_t wrong = 0;
  for (std::uint64_t i = 1; i <= 10'000; ++i) wrong += known.excludes(known_digest(last + i)) ? 0U : 1U;
  EXPECT_LT(wrong, 200U) << "one that held forty times what it was made for would exclude hardly any";
}

TEST_F(KnownKeysTest, WhatWasDiscardedMayBePutAgain) {
  Keys keys(10);
  KnownKeys known(place.database());
  keys.ask_first(known);
  known.learn(0);
  keys.put(known_digest(1), 1);
  keys.discard();
  EXPECT_EQ(keys.find(*session, known_digest(1)), std::nullopt);
  commit_batch(keys, 1, 1);
  expect_found(keys, 1, 1);
}

TEST_F(KnownKeysTest, StopsInTheMiddleOfATableThatCannotBeRead) {
  session.reset();
  store::test::TestDatabase elsewhere;
  ASSERT_TRUE(elsewhere.open("sqlite"));  // it has no tables
  KnownKeys known(elsewhere.database());
  known.learn(100);
  EXPECT_FALSE(known.excludes(known_digest(1)));
}

}  // namespace
}  // namespace jangbu::engine
