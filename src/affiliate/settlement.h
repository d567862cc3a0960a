// Settlement, payouts and the merchants' lists as tables, made from records: the months of conversions end,
// what was earned is paid out, and merchants are asked for what was missed.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "affiliate/settlement_rows.h"
#include "affiliate/state.h"
#include "engine/projection.h"

namespace jangbu::affiliate {

/// How many conversions one record begins to settle, or settles; and how many it looks at.
inline constexpr std::size_t settled_by_a_record = 200;
inline constexpr std::size_t settlement_looks_at = 1000;

/// A merchant whose lists of some days are to be fetched: those after `done`, up to `asked`.
struct WantedLists {
  MerchantNumber merchant = 0;
  Day done = 0;
  Day asked = 0;

  friend bool operator==(const WantedLists&, const WantedLists&) = default;
};

/// Writer thread, as every projection.
class SettlementBook final : public engine::Projection, public ConversionListener {
 public:
  /// Registers itself with `affiliates`, which must outlive it.
  SettlementBook(ledger::Book& book, State& affiliates);
  ~SettlementBook() override;

  [[nodiscard]] std::string_view name() const override { return "affiliate_settlement"; }
  [[nodiscard]] std::span<const store::Migration> migrations() const override;
  [[nodiscard]] std::span<const engine::TableSpec> tables() const override;
  [[nodiscard]] bool owns(engine::RecordKind kind) const override {
    return kind >= first_settlement_kind && kind <= last_settlement_kind;
  }
  [[nodiscard]] bool owns(engine::WorkKind kind) const override;
  void apply(engine::Unit& unit, const engine::Record& record) override;
  void prefetch(engine::Unit& unit) override;
  void flush(engine::Unit& unit) override;
  void committed() override;
  void discard() override;
  void load(engine::Unit& unit) override;
  std::unique_ptr<engine::Command> due_work(engine::Unit& unit, const engine::DueRow& row) override;

  // ConversionListener
  void conversion_begun(engine::Unit& unit, ConversionNumber number, const ConversionRow& row) override;
  void merchant_set(engine::Unit& unit, const MerchantSet& merchant) override;
  ConversionNumber successor(engine::Unit& unit, ConversionNumber number) override;
  Amounts taken_back(engine::Unit& unit, ConversionNumber number) override;

  /// Called on the writer thread with what is to be fetched: after the commit that made it so, and with all
  /// of it when the books are read. Must not block. Thread-safe: when it returns, the observer before is
  /// called no more.
  using Observer = std::function<void(std::vector<WantedLists>)>;
  void observe(Observer observer) {
    const std::lock_guard lock(observer_mutex_);
    observer_ = std::move(observer);
  }

  // What decide asks. Pointers are good until the next call.
  [[nodiscard]] State& affiliates() { return affiliates_; }
  [[nodiscard]] ledger::Book& book() { return book_; }
  StatementRow statement(engine::Unit& unit, AffiliateNumber affiliate, Month month);
  AftermathRow aftermath(engine::Unit& unit, ConversionNumber number);
  const PayoutRow* payout(engine::Unit& unit, PayoutNumber number);
  const ListProgressRow* progress(engine::Unit& unit, MerchantNumber merchant);

 private:
  struct Tables;

  void apply_lists_due(engine::Unit& unit, const engine::Record& record);
  void apply_begun(engine::Unit& unit, const engine::Record& record);
  void apply_final(engine::Unit& unit, const engine::Record& record);
  void apply_payout_made(engine::Unit& unit, const engine::Record& record);
  void apply_payout_closed(engine::Unit& unit, const engine::Record& record);
  void apply_reward_set(engine::Unit& unit, const engine::Record& record);
  void apply_reward_tested(engine::Unit& unit, const engine::Record& record);
  void apply_bank_account(engine::Unit& unit, const engine::Record& record);
  void apply_list_fetched(engine::Unit& unit, const engine::Record& record);
  void take_back(engine::Unit& unit, const ConversionRow& correction);
  void settle(engine::Unit& unit, const engine::Record& record, const SettledConversion& settled);
  /// Takes the row of a run out, and puts what is left of it in again.
  static void take_run(engine::Unit& unit, const DueRun& run, engine::WorkKind kind);
  void want(engine::Unit& unit, MerchantNumber merchant);
  void tell(std::vector<WantedLists> wanted);

  ledger::Book& book_;
  State& affiliates_;
  std::mutex observer_mutex_;
  Observer observer_;
  std::unique_ptr<Tables> tables_;
  std::vector<WantedLists> wanted_;  // by the open batch
};

/// What is to be fetched, by the tables that the session sees.
Result<std::vector<WantedLists>> unfinished_lists(store::Session& session);

/// Whether everything that fell due until then has been done, so that a month which is final is complete.
bool is_settled_through(engine::Unit& unit, Instant moment);

}  // namespace jangbu::affiliate
