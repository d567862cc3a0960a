// When the conversions of a month are settled, and when merchants are asked for their lists. Pure.
//
// A month is processed from the 20th of the month after it and final on the 6th of the month after that, both
// at 00:00 in Seoul.
#pragma once

#include "affiliate/types.h"

namespace jangbu::affiliate {

inline constexpr Day settlement_begins_on = 20;  // of the next month
inline constexpr Day settlement_ends_on = 6;     // of the month after it

/// Conversions of the month wait for the settlement from then on (status 200).
Instant settlement_begins_at(Month month);
/// They are settled or cancelled for good at this moment (210, 310).
Instant settlement_final_at(Month month);

/// INVARIANT of both: there is such a day.
Day next_day(Day day);
Day day_before(Day day);

/// The moment of a day at which merchants are asked for what the day before changed: 04:00, when their own
/// day is surely in their books.
Instant lists_asked_at(Day day);

}  // namespace jangbu::affiliate
