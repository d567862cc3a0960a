// Whether the database has the tables that this program's migrations make, and nothing that works on them
// besides: an index that is gone, a trigger that came.
#pragma once

#include "base/result.h"
#include "store/database.h"

namespace jangbu::engine {

/// A book that another version of the program left is not wrong: its tables are others. Error:
/// invalid_configuration with what to do.
Status check_schema_version(store::Session& stored, store::Session& rebuilt);

/// `stored` is of `engine`, `rebuilt` an SQLite that the same migrations were run on. Each table, index, view
/// and trigger is looked for: on SQLite with the text that made it, on PostgreSQL, whose types are others, by
/// its name and its table. What the database keeps for itself is passed over: statistics, and indexes of
/// constraints, which follow their table's text. Errors: verification_failed naming the table and what is
/// missing or another; the database's errors.
Status check_schema_objects(store::Session& stored, store::Engine engine, store::Session& rebuilt);

/// The same for what no migration made.
Status check_nothing_added(store::Session& stored, store::Engine engine, store::Session& rebuilt);

}  // namespace jangbu::engine
