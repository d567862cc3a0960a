#include "affiliate/settlement_calendar.h"

#include "base/invariant.h"

namespace jangbu::affiliate {
namespace {

constexpr Duration asked_after_midnight = Duration::seconds(4 * 3600);

Instant midnight(Day day) {
  const auto start = start_of(day);
  INVARIANT(start.ok(), "there is a day " + std::to_string(day));
  return *start;
}

}  // namespace

Instant settlement_begins_at(Month month) {
  return midnight(in_month_after(month * 100 + settlement_begins_on, 1));
}

Instant settlement_final_at(Month month) {
  return midnight(in_month_after(month * 100 + settlement_ends_on, 2));
}

Day next_day(Day day) { return day_of(midnight(day) + Duration::days(1)); }
Day day_before(Day day) { return day_of(midnight(day) - Duration{1}); }

Instant lists_asked_at(Day day) { return midnight(day) + asked_after_midnight; }

}  // namespace jangbu::affiliate
