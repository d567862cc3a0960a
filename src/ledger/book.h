// The book: accounts and their balances, a projection of the entries in all records.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "engine/projection.h"
#include "ledger/entry.h"

namespace jangbu::ledger {

struct Account {
  std::string name;
  std::string currency;
  Floor floor = Floor::zero;
  Money posted;  // sum of the postings
  Money held;    // sum of the holds, never negative

  /// posted - held. INVARIANT: the two stay far inside Money's range.
  [[nodiscard]] Money available() const;
};

/// Writer thread, as every projection. Doors call check() from decide and post() from apply.
class Book final : public engine::Projection {
 public:
  Book();
  ~Book() override;
  [[nodiscard]] std::string_view name() const override { return "ledger"; }
  [[nodiscard]] std::span<const store::Migration> migrations() const override;
  [[nodiscard]] std::span<const engine::TableSpec> tables() const override;
  [[nodiscard]] bool owns(engine::RecordKind) const override {
    return false;
  }  // entries stand inside the doors' records
  void apply(engine::Unit& unit, const engine::Record& record) override;
  void prefetch(engine::Unit& unit) override;
  void flush(engine::Unit& unit) override;
  void committed() override;
  void discard() override;
  using engine::Projection::check;

  /// Notes that find() or balance() will be asked for this account soon.
  void want(std::string_view name, std::string_view currency);
  std::optional<AccountRef> find(engine::Unit& unit, std::string_view name, std::string_view currency);
  /// nullptr when there is no such account; good until the account is posted to or the batch ends.
  const Account* account(engine::Unit& unit, AccountRef ref);
  /// What may be used of it; zero for an account that was never opened.
  Money available(engine::Unit& unit, std::string_view name, std::string_view currency);

  /// Whether the entry can be posted now. Errors: insufficient_balance (an account would fall under its
  /// floor; the detail names it), amount_overflow. INVARIANT: per currency it balances, its accounts exist or
  /// are opened by it, no hold falls below zero.
  Status check(engine::Unit& unit, const Entry& entry);
  /// Posts it. INVARIANT: check() would succeed.
  void post(engine::Unit& unit, const Entry& entry);

 private:
  /// Adds what the entry moves to the sums of its day.
  void note_day(engine::Unit& unit, const Entry& entry);

  struct Tables;  // the cached tables, beside their SQL in book.cpp
  std::unique_ptr<Tables> tables_;
};

/// Builds an entry step by step and numbers the accounts that it opens.
class EntryBuilder {
 public:
  EntryBuilder(engine::Unit& unit, Book& book) : unit_(unit), book_(book) {}

  /// The account's number; opens the account when there is none yet.
  AccountRef account(std::string_view name, std::string_view currency, Floor floor);
  /// Adds to an earlier posting on the same account. Error: amount_overflow.
  Status post(AccountRef account, Money amount);
  Status hold(AccountRef account, Money amount);
  /// post() and hold() of the opposite amount.
  Status take(AccountRef account, Money amount);
  Status release(AccountRef account, Money amount);
  /// Takes from one account what the other gets, in one currency.
  Status transfer(AccountRef from, AccountRef to, Money amount);
  /// The entry, without postings and holds of zero. Errors as Book::check.
  Result<Entry> build();

 private:
  engine::Unit& unit_;
  Book& book_;
  Entry entry_;
};

}  // namespace jangbu::ledger
