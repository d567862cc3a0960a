#include "affiliate/settlement_calendar.h"

#include <gtest/gtest.h>

namespace jangbu::affiliate {
namespace {

TEST(SettlementCalendar, Months) {
  struct Row {
    Month month;
    const char* begins_at;
    const char* final_at;
  };
  const Row rows[] = {
      {202605, "2026-06-19T15:00:00Z", "2026-07-05T15:00:00Z"},
      {202611, "2026-12-19T15:00:00Z", "2027-01-05T15:00:00Z"},
      {202612, "2027-01-19T15:00:00Z", "2027-02-05T15:00:00Z"},
      {202801, "2028-02-19T15:00:00Z", "2028-03-05T15:00:00Z"},
      {202802, "2028-03-19T15:00:00Z", "2028-04-05T15:00:00Z"},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(to_rfc3339(settlement_begins_at(row.month)), row.begins_at) << row.month;
    EXPECT_EQ(to_rfc3339(settlement_final_at(row.month)), row.final_at) << row.month;
  }
}

TEST(SettlementCalendar, Days) {
  struct Row {
    Day day;
    Day next;
  };
  const Row rows[] = {{20260531, 20260601},
                      {20261231, 20270101},
                      {20280228, 20280229},
                      {20280229, 20280301},
                      {20270228, 20270301}};
  for (const Row& row : rows) {
    EXPECT_EQ(next_day(row.day), row.next);
    EXPECT_EQ(day_before(row.next), row.day);
  }
}

TEST(SettlementCalendar, ListsAreAskedForAtFour) {
  EXPECT_EQ(to_rfc3339(lists_asked_at(20260525)), "2026-05-24T19:00:00Z");
}

}  // namespace
}  // namespace jangbu::affiliate
