#include "engine/counters.h"

#include <gtest/gtest.h>

#include "base/invariant.h"
#include "engine/store_failure.h"
#include "engine/testing/tables.h"

namespace jangbu::engine {
namespace {

TEST(CountersTest, StartAtZeroAndSurvive) {
  testing::EmptyTables tables;
  Counters counters;
  counters.load(*tables.session);
  EXPECT_EQ(counters.last(Counter::purchase_sequence), 0U);
  counters.set(Counter::purchase_sequence, 3);
  counters.set(Counter::outbox_event, std::uint64_t{1} << 62);
  counters.flush(*tables.session);
  counters.committed();
  tables.commit();

  Counters again;
  again.load(*tables.session);
  EXPECT_EQ(again.last(Counter::purchase_sequence), 3U);
  EXPECT_EQ(again.last(Counter::outbox_event), std::uint64_t{1} << 62);
  EXPECT_EQ(again.last(Counter::ledger_account), 0U);
}

TEST(CountersTest, NeverGoBack) {
  Counters counters;
  counters.set(Counter::ledger_account, 5);
  counters.set(Counter::ledger_account, 5);
  EXPECT_THROW(counters.set(Counter::ledger_account, 4), InvariantViolation);
}

TEST(CountersTest, ARefusedBatchIsForgottenByLoading) {
  testing::EmptyTables tables;
  Counters counters;
  counters.set(Counter::purchase_holder, 2);
  counters.flush(*tables.session);
  counters.committed();
  tables.commit();
  counters.set(Counter::purchase_holder, 9);
  counters.discard();
  counters.load(*tables.session);
  EXPECT_EQ(counters.last(Counter::purchase_holder), 2U);
}

TEST(CountersTest, ACounterThatNobodyKnowsIsADamagedDatabase) {
  testing::EmptyTables tables;
  ASSERT_TRUE(tables.session
                  ->run_script("INSERT INTO engine_counters (id, value) VALUES (" +
                               std::to_string(counter_slots) + ", 1)")
                  .ok());
  Counters counters;
  try {
    counters.load(*tables.session);
    FAIL() << "a counter beyond the last was read";
  } catch (const StoreFailure& failure) {
    EXPECT_EQ(failure.error().code, Errc::database_corrupt);
  }
}

}  // namespace
}  // namespace jangbu::engine
