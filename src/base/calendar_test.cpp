#include "base/calendar.h"

#include <gtest/gtest.h>

namespace jangbu {
namespace {

TEST(Calendar, KnowsTimeZones) {
  for (const char* zone : {"Asia/Seoul", "UTC", "Europe/Berlin", "America/New_York"})
    EXPECT_TRUE(is_time_zone(zone)) << zone;
  for (const char* zone : {"", "Seoul", "asia/seoul", "Asia/Seoul ", "+09:00", "../etc/passwd"})
    EXPECT_FALSE(is_time_zone(zone)) << zone;
}

TEST(Calendar, AddsMonths) {
  const struct {
    const char* what;
    const char* from;
    std::uint32_t months;
    const char* zone;
    const char* expected;
  } rows[] = {
      {"none", "2026-05-25T01:00:00.5Z", 0, "Asia/Seoul", "2026-05-25T01:00:00.5Z"},
      {"one", "2026-05-25T01:00:00Z", 1, "Asia/Seoul", "2026-06-25T01:00:00Z"},
      {"over the year", "2026-12-01T01:00:00Z", 2, "Asia/Seoul", "2027-02-01T01:00:00Z"},
      {"two years", "2026-05-25T01:00:00Z", 24, "Asia/Seoul", "2028-05-25T01:00:00Z"},
      {"a 31st to a month of 30 days", "2026-03-31T01:00:00Z", 1, "Asia/Seoul", "2026-04-30T01:00:00Z"},
      {"a 31st to February", "2026-01-31T01:00:00Z", 1, "Asia/Seoul", "2026-02-28T01:00:00Z"},
      {"a 31st to February of a leap year", "2028-01-31T01:00:00Z", 1, "Asia/Seoul", "2028-02-29T01:00:00Z"},
      {"a leap day to the year after", "2028-02-29T01:00:00Z", 12, "Asia/Seoul", "2029-02-28T01:00:00Z"},
      {"the 31st in Seoul, the 30th in UTC", "2026-01-30T15:00:00Z", 1, "Asia/Seoul", "2026-02-27T15:00:00Z"},
      {"the same moment, counted in UTC", "2026-01-30T15:00:00Z", 1, "UTC", "2026-02-28T15:00:00Z"},
      {"summer time begins", "2026-02-15T11:00:00Z", 2, "Europe/Berlin", "2026-04-15T10:00:00Z"},
      {"a local time that is skipped", "2026-02-28T01:30:00Z", 1, "Europe/Berlin", "2026-03-28T01:30:00Z"},
      {"on the day that skips it", "2026-01-29T01:30:00Z", 2, "Europe/Berlin", "2026-03-29T01:00:00Z"},
      {"a local time that comes twice", "2026-09-25T00:30:00Z", 1, "Europe/Berlin", "2026-10-25T00:30:00Z"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.what);
    const auto moved = plus_months(*parse_rfc3339(row.from), row.months, row.zone);
    ASSERT_TRUE(moved.ok());
    EXPECT_EQ(to_rfc3339(*moved), row.expected);
  }
}

TEST(Calendar, RefusesWhatIsNoMonth) {
  const Instant late = *parse_rfc3339("9999-11-30T00:00:00Z");
  EXPECT_TRUE(plus_months(late, 1, "UTC").ok());
  EXPECT_EQ(plus_months(late, 2, "UTC").error().code, Errc::invalid_parameters);
  EXPECT_EQ(plus_months(late, 4'000'000'000, "UTC").error().code, Errc::invalid_parameters);
  EXPECT_EQ(plus_months(Instant{}, 1, "Nowhere/Land").error().code, Errc::invalid_parameters);
}

TEST(Calendar, FindsTheStartOfADay) {
  const struct {
    const char* day;
    std::uint32_t days;
    const char* zone;
    const char* expected;  // nullptr: refused
  } rows[] = {
      {"2026-05-25", 0, "Asia/Seoul", "2026-05-24T15:00:00Z"},
      {"2026-05-25", 1, "Asia/Seoul", "2026-05-25T15:00:00Z"},
      {"2026-12-31", 1, "UTC", "2027-01-01T00:00:00Z"},
      {"2028-02-29", 0, "UTC", "2028-02-29T00:00:00Z"},
      {"2026-03-29", 1, "Europe/Berlin", "2026-03-29T22:00:00Z"},
      {"2026-02-29", 0, "UTC", nullptr},
      {"2026-5-25", 0, "UTC", nullptr},
      {"2026-05-25 ", 0, "UTC", nullptr},
      {"", 0, "UTC", nullptr},
      {"2026-05-25", 0, "Seoul", nullptr},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.day);
    const auto start = start_of_day(row.day, row.days, row.zone);
    ASSERT_EQ(start.ok(), row.expected != nullptr);
    if (start) {
      EXPECT_EQ(to_rfc3339(*start), row.expected);
    } else {
      EXPECT_EQ(start.error().code, Errc::invalid_parameters);
    }
  }
}

TEST(Calendar, DaysOfMoments) {
  const struct {
    const char* at;
    const char* zone;
    const char* expected;
  } rows[] = {
      {"2026-05-24T14:59:59Z", "Asia/Seoul", "2026-05-24"},
      {"2026-05-24T15:00:00Z", "Asia/Seoul", "2026-05-25"},
      {"2028-02-29T23:59:59Z", "UTC", "2028-02-29"},
      {"2027-01-01T04:59:59Z", "America/New_York", "2026-12-31"},
  };
  for (const auto& row : rows)
    EXPECT_EQ(*local_day(*parse_rfc3339(row.at), row.zone), row.expected) << row.at;
  EXPECT_EQ(local_day({}, "Seoul").error().code, Errc::invalid_parameters);
}

TEST(Calendar, ReadsLocalTimes) {
  const struct {
    const char* local;
    const char* zone;
    const char* expected;
  } rows[] = {
      {"2026-05-25T10:00:00Z", "Asia/Seoul", "2026-05-25T01:00:00Z"},
      {"2026-07-01T12:00:00Z", "Europe/Berlin", "2026-07-01T10:00:00Z"},
      {"2026-03-29T02:30:00Z", "Europe/Berlin", "2026-03-29T01:00:00Z"},
      {"2026-10-25T02:30:00Z", "Europe/Berlin", "2026-10-25T00:30:00Z"},
  };
  for (const auto& row : rows)
    EXPECT_EQ(to_rfc3339(*from_local(*parse_rfc3339(row.local), row.zone)), row.expected) << row.local;
  EXPECT_EQ(from_local(Instant{}, "Nowhere/Land").error().code, Errc::invalid_parameters);
}

}  // namespace
}  // namespace jangbu
