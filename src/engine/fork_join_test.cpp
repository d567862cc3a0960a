#include "engine/fork_join.h"

#include <atomic>
#include <stdexcept>

#include <gtest/gtest.h>

namespace jangbu::engine {
namespace {

class ForkJoinTest : public ::testing::TestWithParam<int> {};

TEST_P(ForkJoinTest, EachTaskRunsOnce) {
  ForkJoin fork_join(GetParam());
  for (const std::size_t count : {0U, 1U, 2U, 3U, 17U, 1000U}) {
    std::vector<std::atomic<int>> runs(count);
    fork_join.run(count, [&](std::size_t i) { ++runs.at(i); });
    for (const auto& each : runs) EXPECT_EQ(each, 1);
  }
}

TEST_P(ForkJoinTest, ManyRoundsOneAfterTheOther) {
  ForkJoin fork_join(GetParam());
  std::vector<std::size_t> values(5);
  for (std::size_t round = 0; round < 5000; ++round) {
    // What one round wrote the next may read: a round has ended when run() returns.
    fork_join.run(values.size(), [&](std::size_t i) {
      if (values[i] != round) throw std::logic_error("a round met another");
      ++values[i];
    });
  }
  for (const std::size_t value : values) EXPECT_EQ(value, 5000U);
}

TEST_P(ForkJoinTest, AnExceptionComesBackAfterAllTasksRan) {
  ForkJoin fork_join(GetParam());
  for (const std::size_t count : {1U, 2U, 64U}) {
    std::atomic<std::size_t> runs{0};
    EXPECT_THROW(fork_join.run(count,
                               [&](std::size_t i) {
                                 ++runs;
                                 if (i == 0) throw std::runtime_error("the first");
                               }),
                 std::runtime_error);
    EXPECT_EQ(runs, count);
    runs = 0;
    fork_join.run(count, [&](std::size_t) { ++runs; });
    EXPECT_EQ(runs, count) << "the next round does not hear of it";
  }
}

INSTANTIATE_TEST_SUITE_P(Helpers, ForkJoinTest, ::testing::Values(0, 1, 3));

}  // namespace
}  // namespace jangbu::engine
