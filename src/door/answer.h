// Members that the doors' answers share.
#pragma once

#include <string_view>

#include "base/json.h"
#include "base/money.h"
#include "base/time.h"

namespace jangbu::door {

/// A whole number of won (INVARIANT), as a number.
void put_won(json::Writer& out, std::string_view name, Money amount);
/// The text, or null where there is none.
void put_text_or_null(json::Writer& out, std::string_view name, std::string_view text);
/// RFC 3339 in UTC, or null where there is none.
void put_time_or_null(json::Writer& out, std::string_view name, Instant at);

}  // namespace jangbu::door
