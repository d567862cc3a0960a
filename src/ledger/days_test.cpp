// Days of Korean time, families of accounts, and sums.
#include "ledger/days.h"

#include <gtest/gtest.h>

namespace jangbu::ledger {
namespace {

TEST(Days, BeginAtKoreanMidnight) {
  const struct {
    const char* at;
    DayNumber day;
  } rows[] = {
      {"1970-01-01T00:00:00Z", 0}, {"1970-01-01T14:59:59.999999Z", 0},  {"1970-01-01T15:00:00Z", 1},
      {"1969-12-31T15:00:00Z", 0}, {"1969-12-31T14:59:59.999999Z", -1}, {"2026-05-25T00:00:00+09:00", 20598},
  };
  for (const auto& row : rows) {
    const Instant at = parse_rfc3339(row.at).value();
    EXPECT_EQ(day_of(at), row.day) << row.at;
    EXPECT_LE(start_of(row.day).us, at.us) << row.at;
    EXPECT_GT(start_of(row.day + 1).us, at.us) << row.at;
  }
}

TEST(Days, AccountsHaveFamilies) {
  const struct {
    const char* name;
    const char* family;
  } rows[] = {
      {"hub:7:prepaid", "hub:*:prepaid"},
      {"reviewer:a:b:points", "reviewer:*:points"},
      {"user:0x89e3b2d91ecaf08016eedb966c1feca1e326714e", "user:*"},
      {"house:exchange", "house:exchange"},
      {"house:", "house:"},
      {"house", "house"},
      {"::", ":*:"},
  };
  for (const auto& row : rows) EXPECT_EQ(family_of(row.name), row.family) << row.name;
}

TEST(Days, SumsStayInTheRangeOfMoney) {
  DaySums sums;
  const Money largest = Money::from_sortable_bytes(Bytes(16, '\xff')).value();
  for (const Money amount : {Money::from_units(5), Money::from_units(-3), largest}) sums.add(amount);
  EXPECT_EQ(sums.added, Money::from_units(5)) << "what would leave the range is left out";
  EXPECT_EQ(sums.taken, Money::from_units(3));
  EXPECT_EQ(sums.postings, 3);
}

}  // namespace
}  // namespace jangbu::ledger
