// Verification: recomputes everything that the database says from its records, and names the first thing that
// is wrong.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "base/result.h"
#include "engine/checkpoints.h"
#include "engine/fork_join.h"
#include "engine/head.h"
#include "engine/projection.h"
#include "store/database.h"

namespace jangbu::engine {

/// What was found to be in order.
struct Verified {
  Head head;
  std::uint64_t records = 0;
  std::uint64_t rows = 0;  // of compared tables
};

/// Called now and then: what is being done, how much of it is done, how much there is.
using VerifyProgress = std::function<void(std::string_view stage, std::uint64_t done, std::uint64_t total)>;

/// Checks the chain of hashes and every signature of `database` on all cores, rebuilds its tables in memory
/// and compares them row by row and column by column; compares the schema (stored_schema.h); and has SQLite
/// check its file beside it (integrity.h), on a thread more where `fork_join` has helpers. May run beside a
/// server: the tables are compared on one snapshot, taken when the records are through. That the newest
/// batches were cut off whole, or the book written anew, cannot be seen from inside: `checkpoints` have what
/// was noted of it elsewhere.
///
/// `projections` are fresh ones, for the rebuild. Errors: verification_failed naming the record, or the
/// table and the row and column, index or trigger; invalid_configuration when another version of the program
/// made the book's tables; the database's errors.
Result<Verified> verify(store::Database& database, Projections& projections, ForkJoin& fork_join,
                        const VerifyProgress& progress, Checkpoints checkpoints = {});

}  // namespace jangbu::engine
