#include "door/turn.h"

#include <gtest/gtest.h>

namespace jangbu::door {
namespace {

TEST(Turns, AreHadByOneAtATime) {
  Turns turns;
  Turn first = turns.take();
  ASSERT_NE(first, nullptr);
  EXPECT_EQ(turns.take(), nullptr);
  Turn copy = first;
  first.reset();
  EXPECT_EQ(turns.take(), nullptr) << "a copy is left";
  copy.reset();
  EXPECT_NE(turns.take(), nullptr) << "and was given back at once";
  EXPECT_NE(turns.take(), nullptr);
}

}  // namespace
}  // namespace jangbu::door
