#include "base/time.h"

#include <limits>
#include <optional>

#include <gtest/gtest.h>

#include "base/random.h"

namespace jangbu {
namespace {

TEST(Rfc3339, BothWays) {
  const struct {
    const char* text;
    std::int64_t us;
  } rows[] = {
      {"1970-01-01T00:00:00Z", 0},
      {"1970-01-01T00:00:00.000001Z", 1},
      {"1969-12-31T23:59:59.999999Z", -1},
      {"1970-01-01T00:00:01.5Z", 1'500'000},
      {"2026-05-25T01:00:00Z", 1'779'670'800'000'000},
      {"2024-02-29T12:34:56.000789Z", 1'709'210'096'000'789},
      {"2000-02-29T00:00:00Z", 951'782'400'000'000},
      {"2100-03-01T00:00:00Z", 4'107'542'400'000'000},
      {"0000-01-01T00:00:00Z", -62'167'219'200'000'000},
      {"9999-12-31T23:59:59.999999Z", 253'402'300'799'999'999},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.text);
    EXPECT_EQ(to_rfc3339(Instant{row.us}), row.text);
    const Result<Instant> parsed = parse_rfc3339(row.text);
    ASSERT_TRUE(parsed.ok());
    EXPECT_EQ(parsed->us, row.us);
  }
}

TEST(Rfc3339, ReadsOtherForms) {
  const struct {
    const char* text;
    const char* same_as;
  } rows[] = {
      {"2026-05-25T10:00:00+09:00", "2026-05-25T01:00:00Z"},
      {"2026-05-24T19:30:00-05:30", "2026-05-25T01:00:00Z"},
      {"2026-05-25T01:00:00+00:00", "2026-05-25T01:00:00Z"},
      {"2026-05-25T01:00:00-00:00", "2026-05-25T01:00:00Z"},
      {"2026-05-25t01:00:00z", "2026-05-25T01:00:00Z"},
      {"2026-05-25T01:00:00.000Z", "2026-05-25T01:00:00Z"},
      {"2026-05-25T01:00:00.1234569Z", "2026-05-25T01:00:00.123456Z"},
      {"2026-05-25T01:00:00.12+00:00", "2026-05-25T01:00:00.12Z"},
      {"2026-01-01T00:30:00+23:59", "2025-12-31T00:31:00Z"},
  };
  for (const auto& row : rows) {
    const Result<Instant> parsed = parse_rfc3339(row.text);
    ASSERT_TRUE(parsed.ok()) << row.text;
    EXPECT_EQ(to_rfc3339(*parsed), row.same_as) << row.text;
  }
}

TEST(Rfc3339, RefusesTheRest) {
  for (const char* text : {"",
                           "2026",
                           "2026-05-25",
                           "2026-05-25T01:00:00",
                           "2026-05-25 01:00:00Z",
                           "2026-05-25T01:00Z",
                           "2026-05-25T01:00:00ZZ",
                           "2026-05-25T01:00:00.Z",
                           "2026-05-25T01:00:00,5Z",
                           "2026-05-25T24:00:00Z",
                           "2026-05-25T23:60:00Z",
                           "2026-05-25T23:59:60Z",
                           "2026-13-01T00:00:00Z",
                           "2026-00-01T00:00:00Z",
                           "2026-01-00T00:00:00Z",
                           "2026-01-32T00:00:00Z",
                           "2026-02-29T00:00:00Z",
                           "2100-02-29T00:00:00Z",
                           "2026-04-31T00:00:00Z",
                           "2026-5-25T01:00:00Z",
                           "+2026-05-25T01:00:00Z",
                           "12026-05-25T01:00:00Z",
                           "-026-05-25T01:00:00Z",
                           "2026-05-25T01:00:00+9:00",
                           "2026-05-25T01:00:00+0900",
                           "2026-05-25T01:00:00+24:00",
                           "2026-05-25T01:00:00+09:60",
                           "2026-05-25T01:00:00 09:00",
                           "2026-05-25T01:00:0xZ",
                           "0000-01-01T00:00:00+00:01",
                           "9999-12-31T23:59:59-00:01"}) {
    const Result<Instant> parsed = parse_rfc3339(text);
    ASSERT_FALSE(parsed.ok()) << text;
    EXPECT_EQ(parsed.error().code, Errc::invalid_parameters) << text;
  }
}

TEST(Rfc3339, YearsThatItCannotWriteAreABug) {
  const Instant last = parse_rfc3339("9999-12-31T23:59:59.999999Z").value();
  const Instant first = parse_rfc3339("0000-01-01T00:00:00Z").value();
  EXPECT_THROW((void)to_rfc3339(last + Duration::microseconds(1)), InvariantViolation);
  EXPECT_THROW((void)to_rfc3339(first - Duration::microseconds(1)), InvariantViolation);
  EXPECT_THROW((void)to_rfc3339(Instant{std::numeric_limits<std::int64_t>::max()}), InvariantViolation);
  EXPECT_THROW((void)to_rfc3339(Instant{std::numeric_limits<std::int64_t>::min()}), InvariantViolation);
}

TEST(Rfc3339, EveryDayOfFourCenturiesComesBack) {
  const Instant start = parse_rfc3339("1900-01-01T15:04:05.000006Z").value();
  std::string previous;
  for (std::int64_t day = 0; day < 146'097; ++day) {
    const Instant instant = start + Duration::days(day);
    const std::string text = to_rfc3339(instant);
    ASSERT_LT(previous, text);
    ASSERT_EQ(parse_rfc3339(text).value(), instant) << text;
    previous = text;
  }
}

TEST(InstantType, UnixSecondsRoundTowardsThePast) {
  EXPECT_EQ(Instant{0}.unix_seconds(), 0);
  EXPECT_EQ(Instant{999'999}.unix_seconds(), 0);
  EXPECT_EQ(Instant{1'000'000}.unix_seconds(), 1);
  EXPECT_EQ(Instant{-1}.unix_seconds(), -1);
  EXPECT_EQ(Instant{-1'000'000}.unix_seconds(), -1);
  EXPECT_EQ(Instant{-1'000'001}.unix_seconds(), -2);
}

TEST(ParseDuration, Rows) {
  const struct {
    const char* text;
    std::optional<std::int64_t> us;
  } rows[] = {
      {"1s", 1'000'000},
      {"10s", 10'000'000},
      {"5m", 300'000'000},
      {"12h", 43'200'000'000},
      {"30d", 2'592'000'000'000},
      {"1d12h", 129'600'000'000},
      {"1d1h1m1s", 90'061'000'000},
      {"1d1s", 86'401'000'000},
      {"90m", 5'400'000'000},
      {"9223372036854s", 9'223'372'036'854'000'000},
      {"9223372036855s", std::nullopt},
      {"106751991d", 9'223'372'022'400'000'000},
      {"106751992d", std::nullopt},
      {"106751991d14454s", 9'223'372'036'854'000'000},
      {"106751991d14455s", std::nullopt},
      {"99999999999999999999s", std::nullopt},
      {"", std::nullopt},
      {"s", std::nullopt},
      {"10", std::nullopt},
      {"0s", std::nullopt},
      {"1d0h", std::nullopt},
      {"-1d", std::nullopt},
      {"+1d", std::nullopt},
      {"1d-1h", std::nullopt},
      {"1.5h", std::nullopt},
      {"1 d", std::nullopt},
      {" 1d", std::nullopt},
      {"1d ", std::nullopt},
      {"1w", std::nullopt},
      {"1ms", std::nullopt},
      {"1D", std::nullopt},
      {"1h1d", std::nullopt},
      {"1h1h", std::nullopt},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.text);
    const Result<Duration> parsed = parse_duration(row.text);
    ASSERT_EQ(parsed.ok(), row.us.has_value());
    if (row.us) {
      EXPECT_EQ(parsed->us, *row.us);
    } else {
      EXPECT_EQ(parsed.error().code, Errc::invalid_parameters);
    }
  }
}

TEST(SystemClock, IsOfThisAgeAndDoesNotGoBack) {
  const SystemClock clock;
  EXPECT_GT(clock.wall_now(), parse_rfc3339("2024-01-01T00:00:00Z").value());
  EXPECT_LT(clock.wall_now(), parse_rfc3339("2200-01-01T00:00:00Z").value());
  const std::int64_t before = clock.monotonic_us();
  EXPECT_LE(before, clock.monotonic_us());
}

TEST(SystemRandom, GivesAsManyBytesAsAskedAndNeverTheSame) {
  SystemRandom random;
  EXPECT_EQ(random.bytes(0), "");
  EXPECT_EQ(random.bytes(1).size(), 1U);
  EXPECT_EQ(random.bytes(100'000).size(), 100'000U);  // more than one call of the kernel may be needed
  EXPECT_NE(random.bytes(32), random.bytes(32));
}

}  // namespace
}  // namespace jangbu
