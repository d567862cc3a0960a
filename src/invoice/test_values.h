// Amounts and instants of the tests, short to write.
#pragma once

#include "base/money.h"
#include "base/time.h"

namespace jangbu::invoice {

inline Money won_of(std::int64_t amount) { return Money::from_units(amount); }
inline Instant at(const char* text) { return *parse_rfc3339(text); }

}  // namespace jangbu::invoice
