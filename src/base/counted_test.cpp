#include "base/counted.h"

#include <gtest/gtest.h>

namespace jangbu {
namespace {

TEST(CountedTest, OneIsOne) {
  EXPECT_EQ(counted(0, "record"), "0 records");
  EXPECT_EQ(counted(1, "record"), "1 record");
  EXPECT_EQ(counted(2, "record"), "2 records");
  EXPECT_EQ(counted(11, "record"), "11 records");
  EXPECT_EQ(counted(UINT64_MAX, "record"), "18446744073709551615 records");
  EXPECT_EQ(noun_for(1, "purchase"), "purchase");
  EXPECT_EQ(noun_for(1'000'000, "purchase"), "purchases");
}

}  // namespace
}  // namespace jangbu
