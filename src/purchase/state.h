// The purchase door's tables, made from its records.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "engine/projection.h"
#include "ledger/book.h"
#include "purchase/config.h"
#include "purchase/records.h"

namespace jangbu::purchase {

class Signers;

struct Shop {
  HolderId holder = 0;
  bool active = true;
  ledger::AccountRef issued = 0;  // the account of what it has issued
};

/// The transactions that are in no block yet.
struct OpenBlock {
  struct Leaf {
    Hash hash;
    std::uint64_t record = 0;
    std::uint64_t sequence = 0;  // without gaps from leaf to leaf
    Instant wall_at;
  };
  std::vector<Leaf> leaves;

  /// What the next block would hold: at most block_capacity leaves, the oldest. INVARIANT: there is one.
  [[nodiscard]] std::vector<Hash> next_hashes() const;
};

/// The block that was sealed last.
struct LastBlock {
  std::uint64_t height = 0;
  Hash hash;
  std::uint64_t last_record = 0;
};

/// Names of ledger accounts; `wallet` and `shop_id` in lower case.
std::string issued_account(std::string_view shop_id);
std::string user_account(std::string_view wallet_or_phone_hash);
inline constexpr std::string_view exchange_account = "house:exchange";
inline constexpr std::string_view point_currency = "POINT";
inline constexpr std::string_view token_currency = "TOKEN";
inline std::string_view loyalty_currency(std::uint8_t loyalty_type) {
  return loyalty_type == 1 ? token_currency : point_currency;
}

/// Writer thread, as every projection; seals() and check() on any thread.
class State final : public engine::Projection {
 public:
  /// `board` and `signers` may be null: a rebuild publishes nothing and seals no blocks.
  State(ledger::Book& book, ConfigBoard* board, Signers* signers);
  ~State() override;

  [[nodiscard]] std::string_view name() const override { return "purchase"; }
  [[nodiscard]] std::span<const store::Migration> migrations() const override;
  [[nodiscard]] std::span<const engine::TableSpec> tables() const override;
  [[nodiscard]] bool owns(engine::RecordKind kind) const override { return kind >= 100 && kind < 120; }
  [[nodiscard]] bool seals(engine::RecordKind kind) const override;
  void apply(engine::Unit& unit, const engine::Record& record) override;
  void keys_of(const engine::Record& record, std::vector<engine::KeyDigest>& out) const override;
  void prefetch(engine::Unit& unit) override;
  void flush(engine::Unit& unit) override;
  void committed() override;
  void discard() override;
  void load(engine::Unit& unit) override;
  std::unique_ptr<engine::Command> next_work(engine::Unit& unit) override;
  [[nodiscard]] std::optional<Instant> next_wake() const override;
  [[nodiscard]] bool owns(engine::WorkKind kind) const override {
    return kind == engine::WorkKind::purchase_provide;
  }
  std::unique_ptr<engine::Command> due_work(engine::Unit& unit, const engine::DueRow& row) override;
  [[nodiscard]] Status check(const engine::Record& record) const override;

  /// `observer` is called on the writer thread when blocks were sealed and are durable. To be set before
  /// commands come.
  void observe_blocks(std::function<void()> observer) { on_blocks_ = std::move(observer); }

  // For decide.
  ledger::Book& book() { return book_; }
  [[nodiscard]] const Config& config() const { return *config_; }
  std::optional<Shop> shop(engine::Unit& unit, const std::string& shop_id_lower);
  /// 0 when the wallet never chose.
  std::uint8_t loyalty_type(engine::Unit& unit, const std::string& wallet_lower);
  /// The wallet that a phone hash belongs to, as it was given.
  std::optional<std::string> linked_wallet(engine::Unit& unit, const Hash& phone_hash);
  std::vector<std::uint64_t> voided_between(engine::Unit& unit, std::uint64_t first, std::uint64_t last);
  [[nodiscard]] const OpenBlock& open_block() const { return open_; }
  [[nodiscard]] const LastBlock& last_block() const { return last_; }
  void want_shop(const std::string& shop_id_lower);
  void want_user(const std::string& wallet_lower);
  void want_phone(const Hash& phone_hash);
  [[nodiscard]] const Signers* signers() const { return signers_; }

 private:
  struct Tables;
  struct RunKey;

  void apply_recorded(engine::Unit& unit, const engine::Record& record);
  void apply_cancelled(engine::Unit& unit, const engine::Record& record);
  void apply_block(engine::Unit& unit, const engine::Record& record);
  void apply_provided(engine::Unit& unit, const engine::Record& record);
  void apply_config(engine::Unit& unit, const engine::Record& record);
  void add_leaf(const Hash& leaf, std::uint64_t record, std::uint64_t sequence, Instant wall_at);
  Config& edit_config();
  void load_span(engine::Unit& unit);

  ledger::Book& book_;
  ConfigBoard* board_;
  Signers* signers_;
  std::unique_ptr<Tables> tables_;
  std::shared_ptr<Config> config_ = std::make_shared<Config>();
  bool config_changed_ = false;
  OpenBlock open_;
  LastBlock last_;
  std::function<void()> on_blocks_;
};

}  // namespace jangbu::purchase
