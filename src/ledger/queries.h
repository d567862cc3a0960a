// Reads of accounts, on snapshots.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/book.h"
#include "store/database.h"

namespace jangbu::ledger {

struct AccountView {
  AccountRef ref = 0;
  Account account;
};

/// Errors of all: not_found, and the session's.
Result<AccountView> find_account(store::Session& session, AccountRef ref);
Result<AccountView> find_account(store::Session& session, std::string_view name, std::string_view currency);

struct AccountPage {
  std::vector<AccountView> accounts;  // by name and currency
  AccountRef next = 0;                // the cursor of the next page; 0: there is none
};
/// Accounts whose names begin with `prefix`, after the account `after` (0: from the first).
Result<AccountPage> accounts_of(store::Session& session, std::string_view prefix, AccountRef after,
                                std::size_t limit);

/// An amount as people write it: POINT and TOKEN have 18 decimals, the others are whole units.
std::string amount_text(Money amount, std::string_view currency);

}  // namespace jangbu::ledger
