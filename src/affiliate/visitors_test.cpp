#include "affiliate/visitors.h"

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace jangbu::affiliate {
namespace {

std::vector<std::uint64_t> some(std::size_t count, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<std::uint64_t> visitors(count);
  for (std::uint64_t& visitor : visitors) visitor = random();
  return visitors;
}
Visitors of(const std::vector<std::uint64_t>& list) {
  Visitors visitors;
  for (const std::uint64_t visitor : list) visitors.add(visitor);
  return visitors;
}

TEST(VisitorsTest, CountsFewOfThemExactly) {
  for (const std::size_t count : {std::size_t{0}, std::size_t{1}, std::size_t{50}, Visitors::max_exact}) {
    auto list = some(count, 1);
    const Visitors visitors = of(list);
    EXPECT_EQ(visitors.count(), count);
    EXPECT_EQ(visitors.bytes().size(), count * 8);
    list.insert(list.end(), list.begin(), list.end());
    EXPECT_EQ(of(list).count(), count) << "each comes twice";
  }
}

TEST(VisitorsTest, EstimatesMany) {
  for (const std::size_t count : {Visitors::max_exact + 1, std::size_t{1'000}, std::size_t{5'000},
                                  std::size_t{100'000}, std::size_t{1'000'000}}) {
    const Visitors visitors = of(some(count, 7));
    EXPECT_EQ(visitors.bytes().size(), Visitors::registers);
    const double wrong = std::abs(static_cast<double>(visitors.count()) / static_cast<double>(count) - 1);
    EXPECT_LT(wrong, 0.1) << count << " are counted as " << visitors.count();
  }
}

TEST(VisitorsTest, TheSameVisitorsGiveTheSameBytes) {
  for (const std::size_t count :
       {std::size_t{100}, Visitors::max_exact, Visitors::max_exact + 1, std::size_t{5'000}}) {
    auto list = some(count, 3);
    const Visitors forwards = of(list);
    std::reverse(list.begin(), list.end());
    EXPECT_EQ(of(list).bytes(), forwards.bytes());
    for (const std::size_t cut : {std::size_t{0}, std::size_t{1}, count / 2, count - 1, count}) {
      const auto middle = list.begin() + static_cast<std::ptrdiff_t>(cut);
      Visitors joined = of({list.begin(), middle});
      joined.add(of({middle, list.end()}));
      EXPECT_EQ(joined.bytes(), forwards.bytes()) << cut << " and the rest";
    }
    EXPECT_EQ(Visitors::from_bytes(forwards.bytes())->count(), forwards.count());
  }
}

TEST(VisitorsTest, RefusesBytesThatAreNone) {
  const Bytes one = "12345678";
  const Bytes other = "22345678";
  Bytes registers(Visitors::registers, '\0');
  EXPECT_TRUE(Visitors::from_bytes(one + other));
  EXPECT_TRUE(Visitors::from_bytes(registers));
  EXPECT_FALSE(Visitors::from_bytes(other + one)) << "not in order";
  EXPECT_FALSE(Visitors::from_bytes(one + one)) << "twice";
  EXPECT_FALSE(Visitors::from_bytes("1234567")) << "not whole";
  EXPECT_FALSE(Visitors::from_bytes(Bytes(Visitors::registers + 8, 'x'))) << "too long";
  registers[5] = 56;
  EXPECT_FALSE(Visitors::from_bytes(registers)) << "no rank";
}

TEST(VisitorsTest, TheLastRanks) {
  Visitors visitors = of(some(Visitors::max_exact + 1, 9));
  visitors.add(0);
  visitors.add(std::uint64_t{1} << 63U);
  EXPECT_TRUE(Visitors::from_bytes(visitors.bytes()));
}

}  // namespace
}  // namespace jangbu::affiliate
