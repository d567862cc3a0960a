// What PostgreSQL does by itself, to compare with.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"
#include "base/time.h"

namespace jangbu::cli::bench {

/// Transactions a second of one connection that inserts one row of a purchase's size in each, the way a
/// server without batches would; in a table that is dropped afterwards. Errors: as above; io_error on an
/// interrupt.
Result<std::uint64_t> postgres_one_by_one_per_s(const std::string& url, const Clock& clock,
                                                std::int64_t duration_us);

}  // namespace jangbu::cli::bench
