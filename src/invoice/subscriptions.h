// Subscriptions as tables, made from records: they begin with the payment of an invoice, bill themselves on
// their days, and hear of the checkouts that their bills are paid by.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "engine/projection.h"
#include "invoice/state.h"
#include "invoice/subscription_records.h"
#include "invoice/subscription_rows.h"

namespace jangbu::invoice {

/// How many bills one record makes due, tries again, or wakes; and how many it looks at.
inline constexpr std::size_t bills_of_a_record = 200;
inline constexpr std::size_t looked_at_by_a_record = 1000;

/// Writer thread, as every projection.
class SubscriptionBook final : public engine::Projection, public Subscriptions, public payment::Listener {
 public:
  /// Registers itself with both.
  SubscriptionBook(ledger::Book& book, payment::State& payments, State& invoices);
  ~SubscriptionBook() override;

  [[nodiscard]] std::string_view name() const override { return "invoice_subscriptions"; }
  [[nodiscard]] std::span<const store::Migration> migrations() const override;
  [[nodiscard]] std::span<const engine::TableSpec> tables() const override;
  [[nodiscard]] bool owns(engine::RecordKind kind) const override {
    return kind >= first_subscription_kind && kind <= last_subscription_kind;
  }
  [[nodiscard]] bool owns(engine::WorkKind kind) const override;
  void apply(engine::Unit& unit, const engine::Record& record) override;
  void keys_of(const engine::Record& record, std::vector<engine::KeyDigest>& out) const override;
  void prefetch(engine::Unit& unit) override;
  void flush(engine::Unit& unit) override;
  void committed() override;
  void discard() override;
  std::unique_ptr<engine::Command> due_work(engine::Unit& unit, const engine::DueRow& row) override;

  // Subscriptions
  void apply_first_paid(engine::Unit& unit, const engine::Record& record,
                        const FirstPayment& payment) override;
  void apply_resumed(engine::Unit& unit, AppId app) override;

  // payment::Listener: of bills, and of pages that keep a card.
  Status may_pay(engine::Unit& unit, const payment::Checkout& checkout) override;
  Result<Bytes> decide_paid(engine::Unit& unit, const payment::Checkout& checkout,
                            ledger::EntryBuilder& entry) override;
  void apply_paid(engine::Unit& unit, const engine::Record& record, const payment::Checkout& checkout,
                  ByteView note) override;
  Bytes decide_refunded(engine::Unit& unit, const payment::Checkout& checkout, const payment::Attempt& refund,
                        ledger::EntryBuilder& entry) override;
  void apply_refunded(engine::Unit& unit, const engine::Record& record, const payment::Checkout& checkout,
                      const payment::Attempt& refund, ByteView note) override;
  Bytes decide_refund_failed(engine::Unit& unit, const payment::Checkout& checkout,
                             const payment::Attempt& refund, ledger::EntryBuilder& entry) override;
  void apply_refund_failed(engine::Unit& unit, const engine::Record& record,
                           const payment::Checkout& checkout, const payment::Attempt& refund,
                           ByteView note) override;
  void apply_card_kept(engine::Unit& unit, const engine::Record& record, const payment::Checkout& checkout,
                       const payment::KeptCard& card) override;
  void apply_not_charged(engine::Unit& unit, const engine::Record& record, const payment::Checkout& checkout,
                         const payment::Attempt& attempt) override;
  void apply_expired(engine::Unit&, const engine::Record&, const payment::Checkout&) override {}

  /// Calls `settled` once, on the writer thread, when the charge of this bill that is under way has come to
  /// an end and that is durable; must not block. From Command::succeeded() of what began it. Dropped without
  /// a call when the books are read anew.
  void when_settled(BillNumber bill, std::function<void()> settled);

  // What decide asks. Pointers are good until the next call.
  [[nodiscard]] State& invoices() { return invoices_; }
  [[nodiscard]] payment::State& payments() { return payments_; }
  [[nodiscard]] ledger::Book& book() { return book_; }
  const SubscriptionRow* subscription(engine::Unit& unit, SubscriptionNumber number);
  const BillRow* bill(engine::Unit& unit, BillNumber number);
  const ChangeRow* change(engine::Unit& unit, ChangeNumber number);
  /// Whether the seller is suspended: then its bills rest, and stay due.
  [[nodiscard]] bool rests(AppId app) const;
  /// Adds bills of the seller to `found` whose day, or that of their next try, passed by `until` and that are
  /// still to be charged, until there are `most`; looks at no more than `looks`, and takes off those that it
  /// looked at. Where another look goes on; nothing: all were seen.
  std::optional<OverduePlace> look_for_overdue(engine::Unit& unit, OverduePlace place, Instant until,
                                               std::size_t most, std::size_t& looks,
                                               std::vector<BillNumber>& found);
  /// Whether a month's bill is owed that nobody tries any more.
  bool is_given_up(engine::Unit& unit, const SubscriptionRow& row);

 private:
  struct Tables;

  void apply_due(engine::Unit& unit, const engine::Record& record);
  void apply_due_bill(engine::Unit& unit, const engine::Record& record, const DueBill& due);
  void apply_retried(engine::Unit& unit, const engine::Record& record);
  void apply_woken(engine::Unit& unit, const engine::Record& record);
  void apply_bills_woken(engine::Unit& unit, const engine::Record& record);
  void apply_changed(engine::Unit& unit, const engine::Record& record);
  void apply_ended(engine::Unit& unit, const engine::Record& record);
  void apply_requested(engine::Unit& unit, const engine::Record& record);
  void apply_rejected(engine::Unit& unit, const engine::Record& record);
  void apply_card_asked(engine::Unit& unit, const engine::Record& record);
  void apply_on_demand(engine::Unit& unit, const engine::Record& record);
  void apply_bill_changed(engine::Unit& unit, const engine::Record& record);

  SubscriptionRow& edit(engine::Unit& unit, SubscriptionNumber number);
  BillRow& edit_bill(engine::Unit& unit, BillNumber number);
  /// Makes the bill of a month, ready for its day.
  void make_ready(engine::Unit& unit, SubscriptionNumber number, const NextBill& next);
  void put_bill(engine::Unit& unit, BillNumber number, BillRow bill);
  /// The bill that is ready, at another day or amount.
  void move_ready(engine::Unit& unit, const NextBill& ready);
  void open_bill(engine::Unit& unit, const engine::Record& record, BillNumber number, std::uint64_t checkout,
                 std::uint64_t attempt);
  void fail(engine::Unit& unit, const engine::Record& record, BillNumber number, std::string code,
            std::optional<Instant> again);
  void give_up(engine::Unit& unit, const engine::Record& record, BillNumber number);
  /// After a hold: the next bill is due on the next of its days.
  void go_on(engine::Unit& unit, SubscriptionNumber number);
  /// A bill was settled: what waited for it comes now.
  void after_settled(engine::Unit& unit, SubscriptionNumber number);
  void let_card_go(engine::Unit& unit, const engine::Record& record, SubscriptionNumber number);
  void close_request(engine::Unit& unit, SubscriptionNumber number, ChangeNumber request,
                     ChangeStatus status);
  void tell(engine::Unit& unit, const engine::Record& record, BillNumber bill, std::string_view webhook_type,
            Money price);

  ledger::Book& book_;
  payment::State& payments_;
  State& invoices_;
  std::unique_ptr<Tables> tables_;
  std::multimap<BillNumber, std::function<void()>> watched_;
  std::vector<BillNumber> settled_;  // by the open batch
};

/// The bill of a month with a number for it; nothing when the contract has no such month.
std::optional<NextBill> next_bill(const Terms& terms, std::uint32_t month, BillNumber number);
/// The bill that is ready when its contract goes on: where its day has passed, on the next of its days, for
/// which `terms` rest. Nothing: it stays as it is.
std::optional<NextBill> ready_again(Terms& terms, const BillRow& ready, BillNumber number, Instant now);
/// The same after a pause that began at `since`: only months that it covered whole are left out. Where the
/// day has passed within a shorter one, the bill is due at once.
std::optional<NextBill> ready_after_pause(Terms& terms, const BillRow& ready, BillNumber number,
                                          Instant since, Instant now);
/// Whether nothing is billed any more.
bool is_over(SubscriptionStatus status);

}  // namespace jangbu::invoice
