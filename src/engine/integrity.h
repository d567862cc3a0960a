// What the database itself can say of its bytes, below all tables: pages, free pages, and whether each index
// has exactly the rows of its table.
#pragma once

#include <future>

#include "base/result.h"
#include "store/database.h"

namespace jangbu::engine {

/// On SQLite `PRAGMA integrity_check`; a PostgreSQL has tools of its own (`pg_amcheck`, data checksums), and
/// nothing is looked at here. Error: verification_failed naming the table, or the file where no table's pages
/// are at fault; the database's errors.
Status check_integrity(store::Database& database);

/// The same on a session and, where `beside`, a thread of its own; else when it is asked for. The future
/// waits for its end, so `database` must outlive it.
std::future<Status> start_integrity_check(store::Database& database, bool beside);

}  // namespace jangbu::engine
