// Settlement's cached tables and their SQL.
#pragma once

#include <utility>

#include "affiliate/settlement.h"
#include "engine/columns.h"
#include "engine/table_set.h"

namespace jangbu::affiliate {

#define JANGBU_AFFILIATE_STATEMENT_COLUMNS "settled, sales, commission, cancelled, payout"
#define JANGBU_AFFILIATE_PAYOUT_COLUMNS "affiliate, month, amount, status, made_at, closed_at, record, note"

/// The columns above, from column `first` of the result on.
StatementRow read_statement(const store::Row& row, int first);
PayoutRow read_payout(const store::Row& row, int first);

/// By affiliate and month.
struct StatementTraits : engine::KeptRows {
  using Key = std::pair<AffiliateNumber, Month>;
  using Row = StatementRow;
  static const store::Sql load;
  static const store::Sql upsert;
  static std::size_t hash(const Key& key) { return key.first * 0x9e3779b97f4a7c15U ^ key.second; }
  static std::vector<store::Value> key_values(const Key& key) {
    return {store::Value::number(key.first), store::Value::number(key.second)};
  }
  static Row read(const store::Row& row) { return read_statement(row, 0); }
  static Status write(store::Session& session, const Key& key, const Row& row);
};

struct PayoutTraits : engine::NumberKey {
  using Row = PayoutRow;
  static const store::Sql load;
  static const store::Sql upsert;
  static Row read(const store::Row& row) { return read_payout(row, 0); }
  static Status write(store::Session& session, const Key& key, const Row& row);
};

/// By conversion.
struct AftermathTraits : engine::NumberKey {
  using Row = AftermathRow;
  static const store::Sql load;
  static const store::Sql upsert;
  static Row read(const store::Row& row);
  static Status write(store::Session& session, const Key& key, const Row& row);
};

/// By affiliate.
struct BankAccountTraits : engine::NumberKey {
  using Row = BankAccountRow;
  static const store::Sql load;
  static const store::Sql upsert;
  static Row read(const store::Row& row);
  static Status write(store::Session& session, const Key& key, const Row& row);
};

/// By merchant.
struct ListProgressTraits : engine::NumberKey {
  using Row = ListProgressRow;
  static const store::Sql load;
  static const store::Sql upsert;
  static Row read(const store::Row& row);
  static Status write(store::Session& session, const Key& key, const Row& row);
};

struct SettlementBook::Tables : engine::TableSet {
  static constexpr std::size_t cached_rows = 20'000;

  engine::TableOfSet<StatementTraits> statements{*this, cached_rows};
  engine::TableOfSet<PayoutTraits> payouts{*this, cached_rows};
  engine::TableOfSet<AftermathTraits> aftermaths{*this, cached_rows};
  engine::TableOfSet<BankAccountTraits> bank_accounts{*this, cached_rows};
  engine::TableOfSet<ListProgressTraits> progress{*this, cached_rows};
};

}  // namespace jangbu::affiliate
