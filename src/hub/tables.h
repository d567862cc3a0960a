// The hub's cached tables and their SQL; see state_tables.h.
#pragma once

#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "engine/columns.h"
#include "engine/table_set.h"
#include "hub/columns.h"
#include "hub/rows.h"

namespace jangbu::hub {

using engine::NumberKey;
using engine::NumberRow;
using engine::OwnedTextKey;
using engine::TextKey;

struct AppsSql {
  static const store::Sql load;
  static const store::Sql upsert;
};

struct OrderTraits : NumberKey {
  using Row = OrderRow;
  static const store::Sql load;
  static const store::Sql upsert;
  static Row read(const store::Row& row) { return read_order(row, 0); }
  static Status write(store::Session& session, const Key& key, const Row& row);
};

struct LeadTraits : OwnedTextKey, NumberRow {
  static const store::Sql load;
  static const store::Sql upsert;
  static Status write(store::Session& session, const Key& key, const Row& row);
};

struct OrderLeadTraits : NumberKey {
  using Row = std::string;
  static const store::Sql load;
  static const store::Sql upsert;
  static Row read(const store::Row& row) { return std::string(row.bytes(0)); }
  static Status write(store::Session& session, const Key& key, const Row& row);
};

struct PartnerTraits : NumberKey {
  using Row = PartnerRow;
  static const store::Sql load;
  static const store::Sql upsert;
  static Row read(const store::Row& row);
  static Status write(store::Session& session, const Key& key, const Row& row);
};

struct BusinessNumberTraits : engine::KeptRows, NumberRow {
  using Key = std::tuple<std::uint64_t, std::string, std::string>;  // app, number, country
  static std::size_t hash(const Key& key) {
    return OwnedTextKey::hash({std::get<0>(key), std::get<1>(key) + std::get<2>(key)});
  }
  static std::vector<store::Value> key_values(const Key& key) {
    return {store::Value::number(std::get<0>(key)), store::Value::blob(std::get<1>(key)),
            store::Value::blob(std::get<2>(key))};
  }
  static const store::Sql load;
  static const store::Sql upsert;
  static Status write(store::Session& session, const Key& key, const Row& row);
};

struct ManagerTraits : NumberKey {
  using Row = ManagerRow;
  static const store::Sql load;
  static const store::Sql upsert;
  static const store::Sql remove;
  static Row read(const store::Row& row) { return read_manager(row, 0); }
  static Status write(store::Session& session, const Key& key, const Row& row);
  static Status erase(store::Session& session, const Key& key);
};

struct EmailTraits : TextKey, NumberRow {
  static const store::Sql load;
  static const store::Sql upsert;
  static const store::Sql remove;
  static Status write(store::Session& session, const Key& key, const Row& row);
  static Status erase(store::Session& session, const Key& key);
};

struct InviteTraits : NumberKey {
  using Row = InviteRow;
  static const store::Sql load;
  static const store::Sql upsert;
  static Row read(const store::Row& row);
  static Status write(store::Session& session, const Key& key, const Row& row);
};

struct CampaignTraits : NumberKey {
  using Row = CampaignRow;
  static const store::Sql load;
  static const store::Sql upsert;
  static Row read(const store::Row& row) { return read_campaign(row, 0); }
  static Status write(store::Session& session, const Key& key, const Row& row);
};

struct TotalTraits : engine::KeptRows, NumberRow {
  using Key = std::pair<std::uint64_t, std::uint64_t>;  // app, shown
  static std::size_t hash(const Key& key) { return key.first * 31 + key.second; }
  static std::vector<store::Value> key_values(const Key& key) {
    return {store::Value::number(key.first), store::Value::number(key.second)};
  }
  static const store::Sql load;
  static const store::Sql upsert;
  static Status write(store::Session& session, const Key& key, const Row& row);
};

struct ApplyTraits : NumberKey {
  using Row = ApplyRow;
  static const store::Sql load;
  static const store::Sql upsert;
  static Row read(const store::Row& row);
  static Status write(store::Session& session, const Key& key, const Row& row);
};

struct ReviewTraits : NumberKey {
  using Row = ReviewRow;
  static const store::Sql load;
  static const store::Sql upsert;
  static Row read(const store::Row& row);
  static Status write(store::Session& session, const Key& key, const Row& row);
};

struct AnswerTraits : NumberKey {
  using Row = AnswerRow;
  static const store::Sql load;
  static const store::Sql upsert;
  static Row read(const store::Row& row);
  static Status write(store::Session& session, const Key& key, const Row& row);
};

/// What moves deposits is only written, by the batch that is open.
class DepositMoves final : public engine::BatchTable {
 public:
  explicit DepositMoves(engine::TableSet& tables) { tables.add(*this); }

  void add(PartnerId partner, std::uint64_t number, const DepositMoveRow& row) {
    moves_.push_back({partner, number, row});
  }
  void flush(store::Session& session) override;
  void committed() override { moves_.clear(); }
  void discard() override { moves_.clear(); }

 private:
  struct Move {
    PartnerId partner;
    std::uint64_t number;
    DepositMoveRow row;
  };
  std::vector<Move> moves_;
};

}  // namespace jangbu::hub
