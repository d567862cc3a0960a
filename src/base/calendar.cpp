#include "base/calendar.h"

#include <chrono>
#include <stdexcept>
#include <string>

#include <date/tz.h>

namespace jangbu {
namespace {

using LocalTime = date::local_time<std::chrono::microseconds>;
using SystemTime = date::sys_time<std::chrono::microseconds>;

/// nullptr when there is none of that name.
const date::time_zone* find_zone(std::string_view name) {
  try {
    return date::locate_zone(std::string(name));
  } catch (const std::runtime_error&) {
    return nullptr;
  }
}

Error no_zone(std::string_view name) {
  return Error(Errc::invalid_parameters, "there is no time zone " + std::string(name));
}

Instant instant_of(const date::time_zone& zone, LocalTime local) {
  return {zone.to_sys(local, date::choose::earliest).time_since_epoch().count()};
}

}  // namespace

bool is_time_zone(std::string_view zone) { return find_zone(zone) != nullptr; }

Result<Instant> plus_months(Instant from, std::uint32_t months, std::string_view zone) {
  constexpr std::uint32_t max_months = 9999 * 12;
  const date::time_zone* found = find_zone(zone);
  if (found == nullptr) return no_zone(zone);
  const LocalTime local = found->to_local(SystemTime(std::chrono::microseconds(from.us)));
  const auto midnight = date::floor<date::days>(local);
  const date::year_month_day day{midnight};
  if (months > max_months) return Error(Errc::invalid_parameters, "this is too many months");
  const auto month = date::year_month(day.year(), day.month()) + date::months(static_cast<int>(months));
  if (month.year() < date::year(1) || month.year() > date::year(9999))
    return Error(Errc::invalid_parameters, "the year is out of range");
  date::year_month_day target = month / day.day();
  if (!target.ok()) target = month / date::last;
  return instant_of(*found, date::local_days(target) + (local - midnight));
}

Result<Instant> from_local(Instant local, std::string_view zone) {
  const date::time_zone* found = find_zone(zone);
  if (found == nullptr) return no_zone(zone);
  return instant_of(*found, LocalTime(std::chrono::microseconds(local.us)));
}

Result<Instant> start_of_day(std::string_view day, std::uint32_t days, std::string_view zone) {
  // The same form, and the same days, as in an instant.
  const auto midnight = parse_rfc3339(std::string(day) + "T00:00:00Z");
  if (!midnight || day.size() != 10) return Error(Errc::invalid_parameters, "this is not a day");
  return from_local(*midnight + Duration::days(days), zone);
}

Result<std::string> local_day(Instant at, std::string_view zone) {
  const date::time_zone* found = find_zone(zone);
  if (found == nullptr) return no_zone(zone);
  const LocalTime local = found->to_local(SystemTime(std::chrono::microseconds(at.us)));
  return to_rfc3339(Instant{local.time_since_epoch().count()}).substr(0, 10);
}

}  // namespace jangbu
