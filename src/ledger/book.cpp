#include "ledger/book.h"

#include <array>
#include <map>
#include <string_view>
#include <vector>

#include "engine/table.h"
#include "ledger/days.h"
#include "ledger/touched.h"

namespace jangbu::ledger {
namespace {

using engine::throw_if_failed;
using store::Value;

/// Accounts kept in memory between batches.
constexpr std::size_t cached_accounts = 20'000;
/// Sums of days; a day has a few dozen.
constexpr std::size_t cached_days = 1'000;
/// Rows of touched records are written once and never read again here.
constexpr std::size_t cached_touched = 0;

ByteView view(const std::array<char, 16>& bytes) { return {bytes.data(), bytes.size()}; }

Money read_amount(ByteView bytes) {
  auto money = Money::from_sortable_bytes(bytes);
  if (!money) throw engine::StoreFailure(Error(Errc::database_corrupt, "an amount is not 16 bytes"));
  return *money;
}

struct NameTraits {
  using Key = std::pair<std::string, std::string>;  // name, currency
  using Row = AccountRef;

  static const store::Sql load;
  static std::size_t hash(const Key& key) {
    return std::hash<std::string>{}(key.first) ^ (std::hash<std::string>{}(key.second) << 1);
  }
  static std::vector<Value> key_values(const Key& key) {
    return {Value::blob(key.first), Value::blob(key.second)};
  }
  static Row read(const store::Row& row) { return row.number(0); }
  // The name is a column of the account's own row, which AccountTraits writes.
  static Status write(store::Session&, const Key&, const Row&) { return {}; }
  static Status erase(store::Session&, const Key&) { return {}; }
};
const store::Sql NameTraits::load{"SELECT ref FROM ledger_accounts WHERE name = $1 AND currency = $2"};

struct StoredAccount : Account {
  TouchedRecords recent;  // those that are not put aside yet
};

struct AccountTraits {
  using Key = AccountRef;
  using Row = StoredAccount;

  static const store::Sql load;
  static const store::Sql upsert;
  static std::size_t hash(Key key) { return std::hash<Key>{}(key); }
  static std::vector<Value> key_values(Key key) { return {Value::number(key)}; }
  static Row read(const store::Row& row) {
    StoredAccount account;
    account.name = std::string(row.bytes(0));
    account.currency = std::string(row.bytes(1));
    account.floor = static_cast<Floor>(row.integer(2));
    account.posted = read_amount(row.bytes(3));
    account.held = read_amount(row.bytes(4));
    account.recent = TouchedRecords::from_bytes(row.bytes(5));
    return account;
  }
  static Status write(store::Session& session, Key key, const Row& row) {
    const auto posted = row.posted.to_sortable_bytes();
    const auto held = row.held.to_sortable_bytes();
    const auto available = row.available().to_sortable_bytes();
    return session.execute(
        upsert, {Value::number(key), Value::blob(row.name), Value::blob(row.currency),
                 Value::integer(static_cast<std::int64_t>(row.floor)), Value::blob(view(posted)),
                 Value::blob(view(held)), Value::blob(view(available)), Value::blob(row.recent.bytes())});
  }
  static Status erase(store::Session&, Key) { INVARIANT(false, "accounts are never removed"); }
};
const store::Sql AccountTraits::load{
    "SELECT name, currency, floor, posted, held, recent FROM ledger_accounts WHERE ref = $1"};
const store::Sql AccountTraits::upsert{
    "INSERT INTO ledger_accounts (ref, name, currency, floor, posted, held, available, recent) VALUES ($1, "
    "$2, $3, $4, $5, $6, $7, $8) "
    "ON CONFLICT (ref) DO UPDATE SET posted = excluded.posted, held = excluded.held, available = "
    "excluded.available, recent = excluded.recent"};

}  // namespace

Money Account::available() const {
  const auto result = posted.minus(held);
  INVARIANT(result.ok(), "an account's balance left the range of money");
  return *result;
}

struct Book::Tables {
  engine::CachedTable<NameTraits> names{cached_accounts};
  engine::CachedTable<AccountTraits> accounts{cached_accounts};
  engine::CachedTable<DayTraits> days{cached_days};
  engine::CachedTable<TouchedTraits> touched{cached_touched};
};

Book::Book() : tables_(std::make_unique<Tables>()) {}
Book::~Book() = default;

std::span<const store::Migration> Book::migrations() const {
  static constexpr std::array list = {store::Migration{"ledger", 1, R"sql(
-- Balances by account. Amounts are 16 bytes whose order is the numeric order; available = posted - held is kept so that the
-- database itself refuses a balance under its floor.
CREATE TABLE ledger_accounts (
  ref {ROWID_KEY},
  name {BLOB} NOT NULL,
  currency {BLOB} NOT NULL,
  floor BIGINT NOT NULL,
  posted {BLOB} NOT NULL,
  held {BLOB} NOT NULL,
  available {BLOB} NOT NULL,
  CHECK (floor = 0 OR available >= {ZERO_AMOUNT}),
  CHECK (held >= {ZERO_AMOUNT})
);
CREATE UNIQUE INDEX ledger_accounts_name ON ledger_accounts (name, currency);
)sql"},
                                      store::Migration{"ledger", 2, R"sql(
-- What moved on each day of Korean time; see days.h.
CREATE TABLE ledger_days (
  day BIGINT NOT NULL,
  kind BIGINT NOT NULL,
  family {BLOB} NOT NULL,
  currency {BLOB} NOT NULL,
  added {BLOB} NOT NULL,
  taken {BLOB} NOT NULL,
  postings BIGINT NOT NULL,
  PRIMARY KEY (day, kind, family, currency)
) {WITHOUT_ROWID};
)sql"},
                                      store::Migration{"ledger", 3, R"sql(
-- Accounts know the records that touched them; see touched.h. The rows are made anew from the records.
DROP TABLE ledger_accounts;
CREATE TABLE ledger_accounts (
  ref {ROWID_KEY},
  name {BLOB} NOT NULL,
  currency {BLOB} NOT NULL,
  floor BIGINT NOT NULL,
  posted {BLOB} NOT NULL,
  held {BLOB} NOT NULL,
  available {BLOB} NOT NULL,
  recent {BLOB} NOT NULL,
  CHECK (floor = 0 OR available >= {ZERO_AMOUNT}),
  CHECK (held >= {ZERO_AMOUNT})
);
CREATE UNIQUE INDEX ledger_accounts_name ON ledger_accounts (name, currency);
CREATE TABLE ledger_touched (
  account BIGINT NOT NULL,
  first BIGINT NOT NULL,
  records {BLOB} NOT NULL,
  PRIMARY KEY (account, first)
) {WITHOUT_ROWID};
)sql",
                                                       store::Tables::made_anew}};
  return list;
}

std::span<const engine::TableSpec> Book::tables() const {
  static constexpr std::array list = {
      engine::TableSpec{"ledger_accounts",
                        "ref, name*, currency*, floor, posted*, held*, available*, recent*"},
      engine::TableSpec{"ledger_days", "day, kind, family*, currency*, added*, taken*, postings", 4},
      engine::TableSpec{"ledger_touched", "account, first, records*", 2}};
  return list;
}

void Book::apply(engine::Unit&, const engine::Record&) {
  INVARIANT(false, "the ledger owns no records of its own");
}

void Book::prefetch(engine::Unit& unit) { tables_->names.prefetch(unit.session()); }

void Book::flush(engine::Unit& unit) {
  tables_->accounts.flush(unit.session());
  tables_->days.flush(unit.session());
  tables_->touched.flush(unit.session());
}

void Book::committed() {
  tables_->names.committed();
  tables_->accounts.committed();
  tables_->days.committed();
  tables_->touched.committed();
}

void Book::discard() {
  tables_->names.discard();
  tables_->accounts.discard();
  tables_->days.discard();
  tables_->touched.discard();
}

void Book::want(std::string_view name, std::string_view currency) {
  tables_->names.want({std::string(name), std::string(currency)});
}

std::optional<AccountRef> Book::find(engine::Unit& unit, std::string_view name, std::string_view currency) {
  const AccountRef* ref = tables_->names.find(unit.session(), {std::string(name), std::string(currency)});
  return ref == nullptr ? std::nullopt : std::optional(*ref);
}

const Account* Book::account(engine::Unit& unit, AccountRef ref) {
  return tables_->accounts.find(unit.session(), ref);
}

Money Book::available(engine::Unit& unit, std::string_view name, std::string_view currency) {
  const auto ref = find(unit, name, currency);
  if (!ref) return {};
  const Account* found = account(unit, *ref);
  INVARIANT(found != nullptr, "a named account has a row");
  return found->available();
}

namespace {

/// An account of an entry as it would be after it.
struct After {
  AccountRef ref = 0;
  const std::string* name = nullptr;  // of the account or of its opening
  const std::string* currency = nullptr;
  Floor floor = Floor::zero;
  Money posted;
  Money held;
};
/// Entries touch few accounts; those of a whole due row a few hundred.
class Outcome {
 public:
  Result<After*> touch(engine::Unit& unit, Book& book, AccountRef ref) {
    const auto it = places_.find(ref);
    if (it != places_.end()) return &accounts_[it->second];
    const Account* stored = book.account(unit, ref);
    INVARIANT(stored != nullptr, "an entry names an account that does not exist: " + std::to_string(ref));
    return add({ref, &stored->name, &stored->currency, stored->floor, stored->posted, stored->held});
  }
  After* add(const After& account) {
    places_.emplace(account.ref, accounts_.size());
    accounts_.push_back(account);
    return &accounts_.back();
  }
  [[nodiscard]] const std::vector<After>& accounts() const { return accounts_; }

 private:
  std::vector<After> accounts_;
  std::map<AccountRef, std::size_t> places_;
};

std::string describe(const After& account) { return *account.name + " (" + *account.currency + ")"; }

Result<Outcome> outcome_of(engine::Unit& unit, Book& book, const Entry& entry) {
  Outcome outcome;
  std::uint64_t next = unit.counters().last(engine::Counter::ledger_account);
  for (const Opening& opening : entry.openings) {
    INVARIANT(opening.ref == ++next, "accounts are numbered without gaps");
    INVARIANT(!book.find(unit, opening.name, opening.currency), "an account is opened once: " + opening.name);
    outcome.add({opening.ref, &opening.name, &opening.currency, opening.floor, {}, {}});
  }
  std::map<std::string_view, Money> sums;
  for (const Posting& posting : entry.postings) {
    ASSIGN_OR_RETURN(After * account, outcome.touch(unit, book, posting.account));
    ASSIGN_OR_RETURN(account->posted, account->posted.plus(posting.amount));
    Money& sum = sums[*account->currency];
    ASSIGN_OR_RETURN(sum, sum.plus(posting.amount));
  }
  for (const auto& [currency, sum] : sums)
    INVARIANT(sum.is_zero(), "an entry does not balance in " + std::string(currency));
  for (const HoldChange& hold : entry.holds) {
    ASSIGN_OR_RETURN(After * account, outcome.touch(unit, book, hold.account));
    ASSIGN_OR_RETURN(account->held, account->held.plus(hold.amount));
  }
  for (const After& account : outcome.accounts()) {
    INVARIANT(!account.held.is_negative(), "more is given back than was held on " + describe(account));
    ASSIGN_OR_RETURN(const Money available, account.posted.minus(account.held));
    if (account.floor == Floor::zero && available.is_negative())
      return Error(Errc::insufficient_balance,
                   describe(account) + " lacks " + available.negated().value().to_units_text());
  }
  return outcome;
}

}  // namespace

Status Book::check(engine::Unit& unit, const Entry& entry) {
  const auto outcome = outcome_of(unit, *this, entry);
  if (!outcome) return outcome.error();
  return {};
}

void Book::post(engine::Unit& unit, const Entry& entry) {
  const auto outcome = outcome_of(unit, *this, entry);
  INVARIANT(outcome.ok(), "an entry that decide accepted cannot be posted: " + to_string(outcome.error()));
  for (const Opening& opening : entry.openings) {
    unit.take(engine::Counter::ledger_account, opening.ref);
    tables_->names.put({opening.name, opening.currency}, opening.ref);
    tables_->accounts.put(opening.ref,
                          StoredAccount{{opening.name, opening.currency, opening.floor, {}, {}}, {}});
  }
  const std::uint64_t record = unit.applying().number;
  for (const After& after : outcome->accounts()) {
    StoredAccount& account = tables_->accounts.edit(unit.session(), after.ref);
    account.posted = after.posted;
    account.held = after.held;
    if (account.recent.full() && account.recent.last() != record) {
      tables_->touched.put({after.ref, account.recent.first()}, account.recent);
      account.recent = {};
    }
    account.recent.add(record);
  }
  note_day(unit, entry);
}

void Book::note_day(engine::Unit& unit, const Entry& entry) {
  const DayNumber day = day_of(unit.now());
  const engine::RecordKind kind = unit.applying().kind;
  for (const Posting& posting : entry.postings) {
    const Account* of = account(unit, posting.account);
    const DayKey key{day, kind, family_of(of->name), of->currency};
    if (tables_->days.find(unit.session(), key) == nullptr) tables_->days.put(key, DaySums());
    tables_->days.edit(unit.session(), key).add(posting.amount);
  }
}

AccountRef EntryBuilder::account(std::string_view name, std::string_view currency, Floor floor) {
  for (const Opening& opening : entry_.openings)
    if (opening.name == name && opening.currency == currency) return opening.ref;
  if (const auto found = book_.find(unit_, name, currency)) return *found;
  const AccountRef ref = unit_.counters().last(engine::Counter::ledger_account) + entry_.openings.size() + 1;
  entry_.openings.push_back({ref, std::string(name), std::string(currency), floor});
  return ref;
}

Status EntryBuilder::post(AccountRef account, Money amount) {
  for (Posting& posting : entry_.postings) {
    if (posting.account != account) continue;
    ASSIGN_OR_RETURN(posting.amount, posting.amount.plus(amount));
    return {};
  }
  entry_.postings.push_back({account, amount});
  return {};
}

Status EntryBuilder::hold(AccountRef account, Money amount) {
  for (HoldChange& hold : entry_.holds) {
    if (hold.account != account) continue;
    ASSIGN_OR_RETURN(hold.amount, hold.amount.plus(amount));
    return {};
  }
  entry_.holds.push_back({account, amount});
  return {};
}

Status EntryBuilder::take(AccountRef account, Money amount) {
  ASSIGN_OR_RETURN(const Money opposite, amount.negated());
  return post(account, opposite);
}

Status EntryBuilder::release(AccountRef account, Money amount) {
  ASSIGN_OR_RETURN(const Money opposite, amount.negated());
  return hold(account, opposite);
}

Status EntryBuilder::transfer(AccountRef from, AccountRef to, Money amount) {
  RETURN_IF_ERROR(take(from, amount));
  return post(to, amount);
}

Result<Entry> EntryBuilder::build() {
  std::erase_if(entry_.postings, [](const Posting& posting) { return posting.amount.is_zero(); });
  std::erase_if(entry_.holds, [](const HoldChange& hold) { return hold.amount.is_zero(); });
  RETURN_IF_ERROR(book_.check(unit_, entry_));
  return entry_;
}

}  // namespace jangbu::ledger
