// Instants, durations, and the two clocks: wall time and business time.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace jangbu {

/// A length of time in microseconds.
struct Duration {
  std::int64_t us = 0;

  static constexpr Duration microseconds(std::int64_t n) { return {n}; }
  static constexpr Duration milliseconds(std::int64_t n) { return {n * 1000}; }
  static constexpr Duration seconds(std::int64_t n) { return {n * 1'000'000}; }
  static constexpr Duration days(std::int64_t n) { return {n * 86'400'000'000}; }
  friend constexpr auto operator<=>(Duration, Duration) = default;
};

/// A moment in UTC, microseconds since 1970-01-01T00:00:00Z.
struct Instant {
  std::int64_t us = 0;

  friend constexpr auto operator<=>(Instant, Instant) = default;  // NOLINT(modernize-use-nullptr)
  friend constexpr Instant operator+(Instant i, Duration d) { return {i.us + d.us}; }
  friend constexpr Instant operator-(Instant i, Duration d) { return {i.us - d.us}; }
  friend constexpr Duration operator-(Instant a, Instant b) { return {a.us - b.us}; }
  [[nodiscard]] constexpr std::int64_t unix_seconds() const {
    return us >= 0 ? us / 1'000'000 : (us - 999'999) / 1'000'000;
  }
};

/// Korea's time is this much ahead of UTC, all the year.
inline constexpr Duration korean_offset = Duration::seconds(9 * 3600);

/// "2026-05-25T01:00:00Z", with up to six fraction digits when they are not zero. Years 0 to 9999
/// (INVARIANT).
std::string to_rfc3339(Instant instant);
/// RFC 3339 with "Z" or an offset; fraction digits beyond the sixth are dropped, a leap second (":60") is
/// refused. Error: invalid_parameters.
Result<Instant> parse_rfc3339(std::string_view text);
/// "30d", "12h", "5m", "10s" or a sum such as "1d12h", larger units first; whole numbers, positive.
/// Error: invalid_parameters.
Result<Duration> parse_duration(std::string_view text);

/// Where time comes from. Nothing in the project reads the system's clock but SystemClock. Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  /// Wall time: tokens, sessions, rate limits, block cadence.
  virtual Instant wall_now() const = 0;
  /// Never goes back; for time-outs and measuring. Microseconds from an arbitrary start.
  virtual std::int64_t monotonic_us() const = 0;
};

class SystemClock final : public Clock {
 public:
  Instant wall_now() const override;
  std::int64_t monotonic_us() const override;
};

}  // namespace jangbu
