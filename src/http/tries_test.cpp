#include "http/tries.h"

#include <gtest/gtest.h>

namespace jangbu::http {
namespace {

class HandClock final : public Clock {
 public:
  Instant wall_now() const override { return now; }
  std::int64_t monotonic_us() const override { return now.us; }
  Instant now{1'000'000'000};
};

TEST(TriesTest, CountsEachNameForItself) {
  HandClock clock;
  Tries tries(clock, 2, Duration::seconds(60));
  EXPECT_TRUE(tries.take("a"));
  EXPECT_TRUE(tries.take("a"));
  EXPECT_FALSE(tries.take("a"));
  EXPECT_TRUE(tries.take("b"));
}

TEST(TriesTest, ForgetsAfterTheWindow) {
  HandClock clock;
  Tries tries(clock, 1, Duration::seconds(60));
  EXPECT_TRUE(tries.take("a"));
  clock.now = clock.now + Duration::microseconds(59'999'999);
  EXPECT_FALSE(tries.take("a"));
  clock.now = clock.now + Duration::microseconds(1);
  EXPECT_TRUE(tries.take("a"));
}

TEST(TriesTest, WhatCameToNothingCountsNoMore) {
  HandClock clock;
  Tries tries(clock, 2, Duration::seconds(60));
  tries.give_back("a");
  EXPECT_TRUE(tries.take("a"));
  EXPECT_TRUE(tries.take("a"));
  tries.give_back("b");
  EXPECT_FALSE(tries.take("a"));
  tries.give_back("a");
  EXPECT_TRUE(tries.take("a"));
  EXPECT_FALSE(tries.take("a"));
}

TEST(TriesTest, WhenFullTheOldestIsForgottenAndNobodyElse) {
  HandClock clock;
  Tries tries(clock, 1, Duration::seconds(60), 3);
  for (const char* name : {"a", "b", "c"}) {
    EXPECT_TRUE(tries.take(name));
    clock.now = clock.now + Duration::seconds(1);
  }
  EXPECT_TRUE(tries.take("d"));
  EXPECT_FALSE(tries.take("b"));
  EXPECT_FALSE(tries.take("c"));
  EXPECT_TRUE(tries.take("a")) << "the oldest made room for d";
  EXPECT_FALSE(tries.take("c"));
}

TEST(TriesTest, WhatBeginsAnewIsNoLongerTheOldest) {
  HandClock clock;
  Tries tries(clock, 1, Duration::seconds(60), 2);
  EXPECT_TRUE(tries.take("a"));
  clock.now = clock.now + Duration::seconds(30);
  EXPECT_TRUE(tries.take("b"));
  clock.now = clock.now + Duration::seconds(30);
  EXPECT_TRUE(tries.take("a"));
  EXPECT_TRUE(tries.take("c")) << "instead of b";
  EXPECT_FALSE(tries.take("a"));
}

TEST(TriesTest, TellsWhatCounts) {
  HandClock clock;
  Tries tries(clock, 1, Duration::seconds(60));
  EXPECT_FALSE(tries.counts("a"));
  EXPECT_TRUE(tries.take("a"));
  EXPECT_TRUE(tries.counts("a"));
  clock.now = clock.now + Duration::seconds(60);
  EXPECT_FALSE(tries.counts("a"));
}

TEST(TriesTest, SaysWhenToTryAgain) {
  HandClock clock;
  const Response response = Tries(clock, 1, Duration::seconds(90)).too_many();
  EXPECT_EQ(response.status, 429);
  ASSERT_EQ(response.headers.size(), 1U);
  EXPECT_EQ(response.headers[0].name, "Retry-After");
  EXPECT_EQ(response.headers[0].value, "90");
  EXPECT_NE(response.body.find("too many tries"), std::string::npos);
}

}  // namespace
}  // namespace jangbu::http
