// The subscriptions' cached tables and their SQL.
#pragma once

#include "invoice/subscriptions.h"
#include "invoice/tables.h"

namespace jangbu::invoice {

#define JANGBU_SUBSCRIPTION_COLUMNS                                                               \
  "app, ordinal, status, invoice, order_number, card, month, last_bill, ready, failed, request, " \
  "started_at, "                                                                                  \
  "paid_at, failed_at, wakes_at, ended_at, paused_at, rested, card_pages_from, hook, user_id, "   \
  "search, terms"
#define JANGBU_BILL_COLUMNS                                                                               \
  "app, subscription, month, kind, status, amount, refunded, checkout, attempt, tries, made_at, due_at, " \
  "retry_at, paid_at, failed_at, code, record"
#define JANGBU_CHANGE_COLUMNS "app, subscription, type, status, record, made_at, closed_at"

/// The columns above, from column `first` of the result on. INVARIANT: they read.
SubscriptionRow read_subscription(const store::Row& row, int first);
BillRow read_bill(const store::Row& row, int first);
ChangeRow read_change(const store::Row& row, int first);

struct SubscriptionTraits : NumberKey {
  using Row = SubscriptionRow;
  static const store::Sql load;
  static const store::Sql upsert;
  static Row read(const store::Row& row) { return read_subscription(row, 0); }
  static Status write(store::Session& session, const Key& key, const Row& row);
};

struct BillTraits : NumberKey {
  using Row = BillRow;
  static const store::Sql load;
  static const store::Sql upsert;
  static Row read(const store::Row& row) { return read_bill(row, 0); }
  static Status write(store::Session& session, const Key& key, const Row& row);
};

struct ChangeTraits : NumberKey {
  using Row = ChangeRow;
  static const store::Sql load;
  static const store::Sql upsert;
  static Row read(const store::Row& row) { return read_change(row, 0); }
  static Status write(store::Session& session, const Key& key, const Row& row);
};

/// How many subscriptions an app has.
struct SubscriptionTotalTraits : NumberKey, NumberRow {
  static const store::Sql load;
  static const store::Sql upsert;
  static Status write(store::Session& session, const Key& key, const Row& row);
};

/// Bills of app $1 whose day, or that of whose next try, is at most $5, in the order of (that, number) behind
/// ($2, $3): at most $4 rows of both. Two arms, because SQLite does not seek by a pair whose second is its
/// row number; each with its limit, because PostgreSQL would sort them whole.
extern const store::Sql overdue_sql;
extern const store::Sql overdue_again_sql;

struct SubscriptionBook::Tables : engine::TableSet {
  static constexpr std::size_t cached_rows = 20'000;

  engine::TableOfSet<SubscriptionTraits> subscriptions{*this, cached_rows};
  engine::TableOfSet<BillTraits> bills{*this, cached_rows};
  engine::TableOfSet<ChangeTraits> changes{*this, cached_rows};
  engine::TableOfSet<SubscriptionTotalTraits> totals{*this, cached_rows};
};

}  // namespace jangbu::invoice
