// Calendar arithmetic in the time zone of whoever is billed: months and days have no fixed length. The time
// zones are the system's (tzdata).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"

namespace jangbu {

/// Whether the system knows a time zone by this name of the IANA database: "Asia/Seoul", "UTC".
bool is_time_zone(std::string_view zone);

/// `months` calendar months after `from`, at the same local time of day. A day that the month does not have
/// is its last one: a month after January 31st is the end of February. Count from the same moment each time,
/// so that the 31st comes back. A local time that daylight saving skips is the moment of the change; of one
/// that comes twice it is the first. Error: invalid_parameters (no such zone, or the year leaves 1..9999).
Result<Instant> plus_months(Instant from, std::uint32_t months, std::string_view zone);

/// The moment at which clocks in the zone show what `local` shows in UTC; of a local time that daylight
/// saving skips or repeats as plus_months(). Error: invalid_parameters (the zone).
Result<Instant> from_local(Instant local, std::string_view zone);

/// The moment at which the day "2026-05-25" begins in the zone, `days` after that day. Error:
/// invalid_parameters (no such day or zone).
Result<Instant> start_of_day(std::string_view day, std::uint32_t days, std::string_view zone);

/// The day of a moment in the zone: "2026-05-25". Error: invalid_parameters (no such zone).
Result<std::string> local_day(Instant at, std::string_view zone);

}  // namespace jangbu
