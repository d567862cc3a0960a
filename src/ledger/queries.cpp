#include "ledger/queries.h"

#include <algorithm>

namespace jangbu::ledger {
namespace {

using store::Value;

#define JANGBU_ACCOUNT_COLUMNS "ref, name, currency, floor, posted, held"

const store::Sql by_ref_sql{"SELECT " JANGBU_ACCOUNT_COLUMNS " FROM ledger_accounts WHERE ref = $1"};
const store::Sql by_name_sql{"SELECT " JANGBU_ACCOUNT_COLUMNS
                             " FROM ledger_accounts WHERE name = $1 AND currency = $2"};
const store::Sql page_sql{"SELECT " JANGBU_ACCOUNT_COLUMNS
                          " FROM ledger_accounts WHERE (name > $1 OR (name = $1 AND currency > $2)) AND name "
                          ">= $3 AND name < $4 ORDER BY name, currency LIMIT $5"};

/// Above every text that begins with `prefix`: no UTF-8 has this byte.
std::string end_of(std::string_view prefix) { return std::string(prefix) + '\xff'; }

Result<AccountView> read_account(const store::Row& row) {
  AccountView view;
  view.ref = row.number(0);
  view.account.name = row.bytes(1);
  view.account.currency = row.bytes(2);
  view.account.floor = static_cast<Floor>(row.integer(3));
  ASSIGN_OR_RETURN(view.account.posted, Money::from_sortable_bytes(row.bytes(4)));
  ASSIGN_OR_RETURN(view.account.held, Money::from_sortable_bytes(row.bytes(5)));
  return view;
}

Result<AccountView> find_one(store::Session& session, const store::Sql& sql,
                             std::initializer_list<Value> key) {
  Result<AccountView> found = Error(Errc::not_found, "there is no such account");
  RETURN_IF_ERROR(session.query(sql, key, [&](const store::Row& row) {
    found = read_account(row);
    return false;
  }));
  return found;
}

}  // namespace

Result<AccountView> find_account(store::Session& session, AccountRef ref) {
  return find_one(session, by_ref_sql, {Value::number(ref)});
}

Result<AccountView> find_account(store::Session& session, std::string_view name, std::string_view currency) {
  return find_one(session, by_name_sql, {Value::blob(name), Value::blob(currency)});
}

Result<AccountPage> accounts_of(store::Session& session, std::string_view prefix, AccountRef after,
                                std::size_t limit) {
  std::string name;
  std::string currency;
  if (after != 0) {
    ASSIGN_OR_RETURN(const AccountView last, find_account(session, after));
    name = last.account.name;
    currency = last.account.currency;
  }
  AccountPage page;
  Status read;
  const std::string first = std::max(name, std::string(prefix));  // where the index is entered
  const std::string end = end_of(prefix);
  RETURN_IF_ERROR(session.query(page_sql,
                                {Value::blob(name), Value::blob(currency), Value::blob(first),
                                 Value::blob(end), Value::number(limit + 1)},
                                [&](const store::Row& row) {
                                  if (page.accounts.size() == limit) {
                                    page.next = page.accounts.back().ref;
                                    return false;
                                  }
                                  auto account = read_account(row);
                                  if (!account) {
                                    read = account.error();
                                    return false;
                                  }
                                  page.accounts.push_back(std::move(*account));
                                  return true;
                                }));
  RETURN_IF_ERROR(read);
  return page;
}

std::string amount_text(Money amount, std::string_view currency) {
  constexpr int loyalty_scale = 18;
  const bool is_loyalty = currency == "POINT" || currency == "TOKEN";
  return amount.to_decimal_text(is_loyalty ? loyalty_scale : 0);
}

}  // namespace jangbu::ledger
