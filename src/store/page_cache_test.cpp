// Which pages a commit may find beyond the end of the database.
#include "store/sqlite/page_cache.h"

#include <gtest/gtest.h>

namespace jangbu::store::sqlite {
namespace {

constexpr unsigned parking = 262'145;  // the page of byte 2^30, with pages of 4 KiB

TEST(HighestPage, IsTheHighestThatWasFetched) {
  HighestPage highest;
  EXPECT_FALSE(highest.may_reach(1));
  highest.fetched(7);
  highest.fetched(3);
  EXPECT_TRUE(highest.may_reach(7));
  EXPECT_FALSE(highest.may_reach(8));
}

TEST(HighestPage, ForgetsAPageThatWasParked) {
  HighestPage highest;
  for (const unsigned number : {1U, 2U, 3U}) highest.fetched(number);
  highest.renumbered(3, parking);
  EXPECT_TRUE(highest.may_reach(4)) << "it is still there";
  highest.renumbered(2, 3);
  highest.renumbered(parking, 2);
  EXPECT_FALSE(highest.may_reach(4));
}

TEST(HighestPage, KeepsAPageThatStayed) {
  HighestPage highest;
  highest.fetched(3);
  highest.renumbered(3, parking);
  highest.renumbered(2, parking + 1);
  highest.renumbered(parking, 3);
  EXPECT_TRUE(highest.may_reach(parking + 1)) << "the second of two was not taken back";
}

TEST(HighestPage, FallsWithATruncation) {
  HighestPage highest;
  highest.fetched(9);
  highest.renumbered(8, parking);
  highest.truncated(5);
  EXPECT_TRUE(highest.may_reach(4));
  EXPECT_FALSE(highest.may_reach(5));
  highest.truncated(0);
  EXPECT_FALSE(highest.may_reach(1));
}

TEST(HighestPage, KeepsWhatATruncationLeaves) {
  HighestPage highest;
  highest.fetched(9);
  highest.renumbered(8, 20);
  highest.truncated(21);
  EXPECT_TRUE(highest.may_reach(20));
}

}  // namespace
}  // namespace jangbu::store::sqlite
