// Migrations: numbered SQL scripts, each applied once, in order, in one transaction with its bookkeeping row.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "store/database.h"

namespace jangbu::store {

/// A step of one module ("engine", "ledger", "purchase", ...). Never edit one that was released: add the
/// next.
struct Migration {
  std::string_view module;
  int version;           // 1, 2, 3 ... within the module, no gaps
  std::string_view sql;  // portable SQL with the macros of database.h; may hold several statements
};

/// Applies what is missing. `migrations` may interleave modules; the order given is the order applied.
/// Errors: invalid_configuration when the database knows a later version than the program (an older program
/// must not write to a newer database; so does a module that `migrations` does not name: pass all modules at
/// once) or when an applied script's text has changed since. Nodes may race here: each script is applied by
/// one of them.
Status migrate(WriterSession& session, std::span<const Migration> migrations);

/// Expands {BLOB}, {ROWID_KEY}, {WITHOUT_ROWID} and {TEXT_C} for the database; used by sessions and tests.
std::string expand_macros(std::string_view sql, Engine engine);

/// Checks the portable subset's rule on parameters ($1, $2 ... in ascending order of first appearance, no
/// `?`). Sessions call it when they prepare a statement. Error: database_error naming the statement.
Status check_portable(std::string_view sql);

/// How many parameters the text takes. Errors: those of check_portable().
Result<std::size_t> count_parameters(std::string_view sql);

}  // namespace jangbu::store
