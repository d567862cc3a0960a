#include "base/time.h"

#include <charconv>
#include <chrono>

#include <fmt/format.h>

#include "base/invariant.h"

namespace jangbu {
namespace {

constexpr std::int64_t second_us = 1'000'000;
constexpr std::int64_t day_us = 86'400 * second_us;

/// 0000-01-01T00:00:00Z and the last microsecond of 9999: what RFC 3339 can write.
constexpr std::int64_t first_us = -719'528 * day_us;
constexpr std::int64_t last_us = 2'932'897 * day_us - 1;

/// Reads a text from the front. After the first mismatch ok() stays false.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  /// Exactly `count` digits.
  int digits(std::size_t count) {
    int value = 0;
    for (std::size_t i = 0; i < count; ++i) {
      if (!next_is_digit()) {
        ok_ = false;
        return 0;
      }
      value = value * 10 + (text_.front() - '0');
      text_.remove_prefix(1);
    }
    return value;
  }
  /// The next character is one of `choices`: takes it, or returns '\0'.
  char take_any_of(std::string_view choices) {
    if (text_.empty() || choices.find(text_.front()) == std::string_view::npos) return '\0';
    const char taken = text_.front();
    text_.remove_prefix(1);
    return taken;
  }
  void expect(std::string_view choices) {
    if (take_any_of(choices) == '\0') ok_ = false;
  }
  [[nodiscard]] bool next_is_digit() const {
    return !text_.empty() && text_.front() >= '0' && text_.front() <= '9';
  }
  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] bool finished() const { return ok_ && text_.empty(); }

 private:
  std::string_view text_;
  bool ok_ = true;
};

/// The digits after the point, as microseconds; those beyond the sixth are dropped.
std::int64_t fraction_us(Scanner& in) {
  std::int64_t us = 0;
  std::int64_t place_us = second_us / 10;
  do {
    us += in.digits(1) * place_us;
    place_us /= 10;
  } while (in.next_is_digit());
  return us;
}

}  // namespace

std::string to_rfc3339(Instant instant) {
  INVARIANT(instant.us >= first_us && instant.us <= last_us, "RFC 3339 has the years 0 to 9999");
  using std::chrono::days;
  const auto time = std::chrono::sys_time<std::chrono::microseconds>(std::chrono::microseconds(instant.us));
  const auto midnight = std::chrono::floor<days>(time);
  const std::chrono::year_month_day date(midnight);
  const std::chrono::hh_mm_ss<std::chrono::microseconds> clock(time - midnight);
  std::string text = fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", static_cast<int>(date.year()),
                                 static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                                 clock.hours().count(), clock.minutes().count(), clock.seconds().count());
  if (clock.subseconds().count() != 0) {
    text += fmt::format(".{:06}", clock.subseconds().count());
    text.erase(text.find_last_not_of('0') + 1);
  }
  text += 'Z';
  return text;
}

Result<Instant> parse_rfc3339(std::string_view text) {
  Scanner in(text);
  const int year = in.digits(4);
  in.expect("-");
  const int month = in.digits(2);
  in.expect("-");
  const int day = in.digits(2);
  in.expect("Tt");
  const int hour = in.digits(2);
  in.expect(":");
  const int minute = in.digits(2);
  in.expect(":");
  const int second = in.digits(2);
  std::int64_t us = 0;
  if (in.take_any_of(".") != '\0') us = fraction_us(in);
  int offset_minutes = 0;
  if (in.take_any_of("Zz") == '\0') {
    const char sign = in.take_any_of("+-");
    const int offset_hour = in.digits(2);
    in.expect(":");
    const int offset_minute = in.digits(2);
    if (sign == '\0' || offset_hour > 23 || offset_minute > 59) return Errc::invalid_parameters;
    offset_minutes = (sign == '-' ? -1 : 1) * (offset_hour * 60 + offset_minute);
  }
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!in.finished() || !date.ok() || hour > 23 || minute > 59 || second > 59)
    return Errc::invalid_parameters;

  us += std::chrono::sys_days(date).time_since_epoch().count() * day_us;
  us += ((hour * 60 + minute - offset_minutes) * std::int64_t{60} + second) * second_us;
  if (us < first_us || us > last_us) return Errc::invalid_parameters;
  return Instant{us};
}

Result<Duration> parse_duration(std::string_view text) {
  struct Unit {
    char letter;
    std::int64_t us;
  };
  constexpr Unit units[] = {{'d', day_us}, {'h', 3600 * second_us}, {'m', 60 * second_us}, {'s', second_us}};
  std::int64_t total_us = 0;
  for (const Unit& unit : units) {
    std::int64_t count = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    const auto length = static_cast<std::size_t>(end - text.data());
    if (error != std::errc() || length == text.size() || text[length] != unit.letter) continue;
    std::int64_t part_us = 0;
    if (count <= 0 || __builtin_mul_overflow(count, unit.us, &part_us) ||
        __builtin_add_overflow(total_us, part_us, &total_us)) {
      return Errc::invalid_parameters;
    }
    text.remove_prefix(length + 1);
  }
  if (!text.empty() || total_us == 0) return Errc::invalid_parameters;
  return Duration{total_us};
}

Instant SystemClock::wall_now() const {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return {std::chrono::duration_cast<std::chrono::microseconds>(now).count()};
}

std::int64_t SystemClock::monotonic_us() const {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::microseconds>(now).count();
}

}  // namespace jangbu
