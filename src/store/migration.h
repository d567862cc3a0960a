// Migrations: numbered SQL scripts, each applied once, in order; what is missing goes in one transaction.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "store/database.h"

namespace jangbu::store {

/// What becomes of the tables that are made from records: a script that changes them may throw them away, and
/// have all of them made anew.
enum class Tables : bool { kept, made_anew };

/// A step of one module ("engine", "ledger", "purchase", ...). Never edit one that was released: add the
/// next.
struct Migration {
  std::string_view module;
  int version;           // 1, 2, 3 ... within the module, no gaps
  std::string_view sql;  // portable SQL with the macros of database.h; may hold several statements
  Tables tables = Tables::kept;
};

/// Applies what is missing, all of it in one transaction; `make_anew` is called once inside it, after the
/// scripts, when one of them asks for it. `migrations` may interleave modules; the order given is the order
/// applied. Errors: invalid_configuration when the database knows a later version than the program (an older
/// program must not write to a newer database; so does a module that `migrations` does not name: pass all
/// modules at once) or when an applied script's text has changed since. Nodes may race here: each script is
/// applied by one of them. An error of a script or of make_anew leaves everything as it was.
Status migrate(WriterSession& session, std::span<const Migration> migrations,
               const std::function<Status()>& make_anew = nullptr);

/// Expands the macros of database.h for the database; used by sessions and tests.
std::string expand_macros(std::string_view sql, Engine engine);

/// Checks the portable subset's rule on parameters ($1, $2 ... in ascending order of first appearance, no
/// `?`). Sessions call it when they prepare a statement. Error: database_error naming the statement.
Status check_portable(std::string_view sql);

/// How many parameters the text takes. Errors: those of check_portable().
Result<std::size_t> count_parameters(std::string_view sql);

}  // namespace jangbu::store
