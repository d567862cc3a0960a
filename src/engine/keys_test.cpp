#include "engine/keys.h"

#include <atomic>
#include <map>
#include <random>
#include <string>
#include <thread>

#include <gtest/gtest.h>

#include "base/invariant.h"
#include "crypto/digest.h"
#include "engine/testing/tables.h"

namespace jangbu::engine {
namespace {

using testing::EmptyTables;

const store::Sql count_sql{"SELECT count(*) FROM engine_keys"};

std::uint64_t stored(store::Session& session) {
  std::uint64_t count = 0;
  EXPECT_TRUE(session
                  .query(count_sql, {},
                         [&](const store::Row& row) {
                           count = row.number(0);
                           return false;
                         })
                  .ok());
  return count;
}

KeyDigest digest_of(std::uint64_t i) { return key_digest(KeyScope::purchase, 1, std::to_string(i)); }

/// One batch that takes the keys of records first..last.
void commit_batch(EmptyTables& tables, Keys& keys, std::uint64_t first, std::uint64_t last) {
  for (std::uint64_t i = first; i <= last; ++i) keys.put(digest_of(i), i);
  keys.flush(*tables.session, last);
  tables.commit();
  keys.committed();
}

TEST(KeysTest, DigestIsTheFrontOfTheHashOfScopeOwnerAndText) {
  const Hash hash = crypto::sha256(Bytes("\x01\x00\x07\0\0\0\0\0\0\0abc", 13));
  EXPECT_EQ(to_hex(key_digest(KeyScope::purchase, 7, "abc").view()), to_hex(hash.view()).substr(0, 32));
  EXPECT_NE(key_digest(KeyScope::purchase, 7, "abc"), key_digest(KeyScope::purchase_cancel, 7, "abc"));
  EXPECT_NE(key_digest(KeyScope::purchase, 7, "abc"), key_digest(KeyScope::purchase, 8, "abc"));
  EXPECT_NE(key_digest(KeyScope::purchase, 7, "abc"), key_digest(KeyScope::purchase, 7, "abd"));
}

TEST(KeysTest, WithoutDeferralEveryBatchWritesItsOwn) {
  EmptyTables tables;
  Keys keys(0);
  EXPECT_FALSE(keys.defers());
  commit_batch(tables, keys, 1, 5);
  EXPECT_EQ(stored(*tables.session), 5U);
  EXPECT_EQ(keys.through(), 5U);
  EXPECT_FALSE(keys.through_moved()) << "the hint is not kept";
  EXPECT_EQ(keys.find(*tables.session, digest_of(3)), 3U);
  EXPECT_EQ(keys.find(*tables.session, digest_of(6)), std::nullopt);
  EXPECT_EQ(keys.find_committed(digest_of(3)), std::nullopt) << "readers find it in the table";
}

TEST(KeysTest, FoundWhereverItIs) {
  EmptyTables tables;
  Keys keys(40);
  keys.put(digest_of(1), 1);
  EXPECT_EQ(keys.find(*tables.session, digest_of(1)), 1U) << "in the open batch";
  EXPECT_EQ(keys.find_committed(digest_of(1)), std::nullopt) << "not for readers yet";
  keys.flush(*tables.session, 1);
  tables.commit();
  keys.committed();
  EXPECT_EQ(stored(*tables.session), 0U) << "it waits";
  EXPECT_EQ(keys.find_committed(digest_of(1)), 1U);

  commit_batch(tables, keys, 2, 40);
  EXPECT_EQ(stored(*tables.session), 0U) << "forty may wait";
  commit_batch(tables, keys, 41, 41);
  EXPECT_GE(stored(*tables.session), 1U) << "one more, and the first bucket is written";
  EXPECT_LT(stored(*tables.session), 41U);
  EXPECT_EQ(keys.through(), 0U) << "not all of them";
  std::uint64_t last = 41;
  while (keys.through() == 0) {
    ++last;
    commit_batch(tables, keys, last, last);
    ASSERT_LT(last, 200U) << "a round comes to its end";
  }
  EXPECT_GE(keys.through(), 40U) << "each bucket was written after the fortieth had come";
  for (std::uint64_t i = 1; i <= last; ++i) EXPECT_EQ(keys.find(*tables.session, digest_of(i)), i);
  for (std::uint64_t i = 1; i <= keys.through(); ++i)
    EXPECT_EQ(keys.find_committed(digest_of(i)), std::nullopt) << "it left memory for the table";
  EXPECT_EQ(keys.find_committed(digest_of(last)), last);
  EXPECT_GE(stored(*tables.session), last - 40);
}

TEST(KeysTest, PrefetchKnowsWhatIsThereAndWhatIsNot) {
  EmptyTables tables;
  Keys keys(0);
  commit_batch(tables, keys, 1, 3);
  for (const std::uint64_t i : {2U, 9U, 2U}) keys.want(digest_of(i));
  keys.prefetch(*tables.session);
  EXPECT_EQ(keys.find(*tables.session, digest_of(2)), 2U);
  EXPECT_EQ(keys.find(*tables.session, digest_of(9)), std::nullopt);
  keys.put(digest_of(9), 9);
  EXPECT_EQ(keys.find(*tables.session, digest_of(9)), 9U) << "the batch comes before what was fetched";
}

TEST(KeysTest, AKeyIsTakenOnceInABatch) {
  Keys keys(10);
  keys.put(digest_of(1), 1);
  EXPECT_THROW(keys.put(digest_of(1), 2), InvariantViolation);
}

TEST(KeysTest, DiscardDropsTheBatchAndKeepsTheCommitted) {
  EmptyTables tables;
  Keys keys(20);
  commit_batch(tables, keys, 1, 20);
  keys.put(digest_of(21), 21);
  keys.flush(*tables.session, 21);  // writes a bucket
  EXPECT_GE(stored(*tables.session), 1U);
  tables.rollback();
  keys.discard();
  EXPECT_FALSE(keys.through_moved());
  EXPECT_EQ(stored(*tables.session), 0U);
  EXPECT_EQ(keys.find(*tables.session, digest_of(21)), std::nullopt);
  for (std::uint64_t i = 1; i <= 20; ++i) EXPECT_EQ(keys.find(*tables.session, digest_of(i)), i);
  for (std::uint64_t i = 21; i <= 80; ++i) commit_batch(tables, keys, i, i);
  EXPECT_GE(stored(*tables.session), 60U) << "what was lost was written again";
  EXPECT_GE(keys.through(), 20U);
  for (std::uint64_t i = 1; i <= 80; ++i) EXPECT_EQ(keys.find(*tables.session, digest_of(i)), i);
}

TEST(KeysTest, FlushAllWritesWhatWaits) {
  EmptyTables tables;
  Keys keys(20);
  commit_batch(tables, keys, 1, 20);
  commit_batch(tables, keys, 21, 25);
  keys.flush_all(*tables.session);
  EXPECT_TRUE(keys.through_moved());
  tables.commit();
  keys.committed_all();
  EXPECT_EQ(stored(*tables.session), 25U);
  EXPECT_EQ(keys.through(), 25U);
  EXPECT_EQ(keys.find_committed(digest_of(25)), std::nullopt);
  for (std::uint64_t i = 1; i <= 25; ++i) EXPECT_EQ(keys.find(*tables.session, digest_of(i)), i);
  commit_batch(tables, keys, 26, 30);
  EXPECT_EQ(keys.find(*tables.session, digest_of(26)), 26U);
}

TEST(KeysTest, WhatARestartFoundIsWrittenDownBySmallShares) {
  EmptyTables tables;
  Keys keys(64);
  for (std::uint64_t i = 1; i <= 500; ++i) keys.recover(digest_of(i), i);
  commit_batch(tables, keys, 501, 501);
  EXPECT_LE(stored(*tables.session), 128U) << "not all at once: that batch would be slow";
  for (std::uint64_t i = 502; i <= 600; ++i) commit_batch(tables, keys, i, i);
  EXPECT_GE(stored(*tables.session), 536U);
  for (std::uint64_t i = 1; i <= 600; ++i) EXPECT_EQ(keys.find(*tables.session, digest_of(i)), i);
}

TEST(KeysTest, BucketsAreInTheOrderOfTheTable) {
  EmptyTables tables;
  Keys keys(4096);
  for (std::uint64_t i = 1; i <= 4096; ++i) keys.recover(digest_of(i), i);
  std::string before;
  for (std::uint64_t i = 4097; i <= 4400; ++i) {
    commit_batch(tables, keys, i, i);
    // Whatever is in memory, and came in the first round, is above all that is in the table.
    static const store::Sql last_sql{"SELECT max(digest) FROM engine_keys"};
    std::string last;
    store::test::must(tables.session->query(last_sql, {}, [&](const store::Row& row) {
      last = row.bytes(0);
      return false;
    }));
    EXPECT_GE(last, before);
    before = last;
  }
  for (std::uint64_t i = 1; i <= 4096; ++i)
    EXPECT_EQ(keys.find_committed(digest_of(i)).has_value(), Bytes(digest_of(i).view()) > before) << i;
}

TEST(KeysTest, TheHintMovesOnAlthoughBatchesFail) {
  EmptyTables tables;
  Keys keys(64);
  std::uint64_t stored_through = 0;
  for (std::uint64_t i = 1; i <= 2000; ++i) {
    keys.put(digest_of(i), i);
    keys.flush(*tables.session, i);
    if (keys.through_moved()) stored_through = keys.through();
    tables.commit();
    keys.committed();
    if (i % 20 != 0) continue;
    keys.put(digest_of(i + 1), i + 1);
    keys.flush(*tables.session, i + 1);
    tables.rollback();
    keys.discard();
    keys.set_through(stored_through);
  }
  EXPECT_GE(stored_through, 1700U);
}

// Random batches, failures and restarts against a map: an entry is never lost, never invisible and never
// there too soon, for the writer and for readers.
TEST(KeysTest, NeverLosesAnEntry) {
  for (const unsigned seed : {1U, 2U, 3U, 4U, 5U, 6U}) {
    SCOPED_TRACE(seed);
    std::mt19937 random(seed);
    const auto below = [&](std::uint32_t n) { return static_cast<std::uint32_t>(random() % n); };
    const std::size_t defer = 1 + below(120);
    EmptyTables tables;
    auto keys = std::make_unique<Keys>(defer);
    std::map<KeyDigest, std::uint64_t> model;
    std::uint64_t last = 0;
    std::uint64_t stored_through = 0;
    std::uint64_t next_text = 0;
    const auto expect_all = [&] {
      for (const auto& [digest, number] : model) {
        ASSERT_EQ(keys->find(*tables.session, digest), number);
        const auto waiting = keys->find_committed(digest);
        ASSERT_EQ(waiting ? waiting : Keys::find_stored(*tables.session, digest).value(), number);
      }
      ASSERT_EQ(keys->find(*tables.session, digest_of(next_text)), std::nullopt);
    };
    for (int round = 0; round < 150; ++round) {
      const std::uint32_t what = below(20);
      if (what == 0) {  // a crash
        tables.rollback();
        keys = std::make_unique<Keys>(defer);
        keys->set_through(stored_through);
        for (const auto& [digest, number] : model)
          if (number > keys->known_through() || number > stored_through) keys->recover(digest, number);
      } else if (what == 2) {  // a batch without records, which writes tokens alone
        keys->committed();
      } else if (what == 1) {  // a clean stop's last act, but the process goes on
        keys->flush_all(*tables.session);
        if (keys->through_moved()) stored_through = keys->through();
        tables.commit();
        keys->committed_all();
      } else {
        std::vector<std::pair<KeyDigest, std::uint64_t>> batch;
        const std::uint32_t size = below(30);
        std::uint64_t number = last;
        for (std::uint32_t i = 0; i < size; ++i) {
          // Not every record takes a key.
          number += 1 + below(2);
          batch.emplace_back(digest_of(next_text++), number);
          if (below(3) == 0) keys->want(batch.back().first);
        }
        keys->prefetch(*tables.session);
        for (const auto& [digest, n] : batch) keys->put(digest, n);
        keys->flush(*tables.session, number);
        const std::uint64_t through = keys->through();
        if (below(5) == 0) {
          tables.rollback();
          keys->discard();
          if (below(2) == 0) keys->set_through(stored_through);  // the writer loads again
        } else {
          if (keys->through_moved()) stored_through = through;
          tables.commit();
          keys->committed();
          model.insert(batch.begin(), batch.end());
          last = number;
        }
      }
      if (round % 7 == 0) expect_all();
      // What a restart would rely on: every entry up to the hint is in the table.
      for (const auto& [digest, number] : model) {
        if (number > stored_through) continue;
        ASSERT_EQ(Keys::find_stored(*tables.session, digest).value(), number);
      }
    }
    expect_all();
  }
}

TEST(KeysTest, ReadersLookWhileTheWriterWorks) {
  EmptyTables tables;
  Keys keys(64);
  std::atomic<std::uint64_t> committed{0};
  std::atomic<bool> stop{false};
  std::thread reader([&] {
    std::uint64_t i = 0;
    while (!stop) {
      // In memory or already in the table, but never another record's.
      i = i % (committed + 1) + 1;
      const auto found = keys.find_committed(digest_of(i));
      EXPECT_TRUE(!found || *found == i);
    }
  });
  for (std::uint64_t i = 0; i < 400; ++i) {
    commit_batch(tables, keys, i * 5 + 1, i * 5 + 5);
    committed = i * 5 + 5;
  }
  stop = true;
  reader.join();
}

}  // namespace
}  // namespace jangbu::engine
