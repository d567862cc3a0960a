// Checkouts and attempts as tables, made from records.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "base/trace.h"
#include "engine/projection.h"
#include "ledger/book.h"
#include "payment/payment.h"

namespace jangbu::payment {

/// An attempt or a card of which an acquirer is to hear, and in whose trace.
struct Wanted {
  std::uint64_t number = 0;
  Trace trace;
};

/// Told of what the books want from acquirers. Writer thread; must not block.
class AttemptObserver {
 public:
  virtual ~AttemptObserver() = default;
  /// These refunds are durable intents.
  virtual void refunds_began(const std::vector<Wanted>& refunds) = 0;
  /// These charges of kept cards are durable intents, of State::begin_charge().
  virtual void charges_began(const std::vector<Wanted>& charges) = 0;
  /// These cards are not charged any more: their acquirers are to forget them.
  virtual void cards_ended(const std::vector<Wanted>& cards) = 0;
  /// Everything was read anew from the database: there may be open attempts that nobody works on.
  virtual void books_loaded() = 0;
};

/// Writer thread, as every projection.
class State final : public engine::Projection {
 public:
  explicit State(ledger::Book& book);
  ~State() override;

  /// Each door once, before the first record. The listener must outlive this object.
  void listen(Door door, Listener& listener);
  /// Any thread. Null, as in a rebuild: nobody is told.
  void observe(AttemptObserver* observer) { observer_ = observer; }

  [[nodiscard]] std::string_view name() const override { return "payment"; }
  [[nodiscard]] std::span<const store::Migration> migrations() const override;
  [[nodiscard]] std::span<const engine::TableSpec> tables() const override;
  using engine::Projection::owns;
  [[nodiscard]] bool owns(engine::RecordKind kind) const override { return kind >= 40 && kind < 60; }
  void apply(engine::Unit& unit, const engine::Record& record) override;
  void keys_of(const engine::Record& record, std::vector<engine::KeyDigest>& out) const override;
  void prefetch(engine::Unit& unit) override;
  void flush(engine::Unit& unit) override;
  void committed() override;
  void discard() override;
  void load(engine::Unit& unit) override;
  [[nodiscard]] bool owns(engine::WorkKind kind) const override {
    return kind == engine::WorkKind::payment_expire;
  }
  std::unique_ptr<engine::Command> due_work(engine::Unit& unit, const engine::DueRow& row) override;

  // For a door's decide.

  /// The number that the next open() takes.
  [[nodiscard]] static CheckoutNumber next_checkout(engine::Unit& unit);
  /// The number that the next begin_refund() takes.
  [[nodiscard]] static AttemptNumber next_attempt(engine::Unit& unit);
  /// nullptr when there is none; good until the next call.
  const Checkout* find(engine::Unit& unit, CheckoutNumber number);
  const Attempt* attempt(engine::Unit& unit, AttemptNumber number);
  /// Errors: not_found, already_paid, checkout_closed (it has ended already). A checkout that is being paid
  /// may be cancelled: should the payment succeed, it goes back by itself.
  Status may_cancel(engine::Unit& unit, CheckoutNumber number);
  /// Whether `amount` of what was paid may go back now. Errors: not_found, not_paid, payment_in_progress
  /// (another refund is under way), refund_exceeds_payment, invalid_parameters (it is not above zero).
  Status may_refund(engine::Unit& unit, CheckoutNumber number, Money amount);
  /// nullptr when there is none; good until the next call.
  const KeptCard* kept_card(engine::Unit& unit, BillingKeyNumber number);
  /// Whether this card may be charged now with what the checkout asks for, without the customer. Errors:
  /// not_found, already_paid, payment_in_progress, checkout_closed, card_not_kept, invalid_parameters (the
  /// checkout is not there to be paid).
  Status may_charge(engine::Unit& unit, CheckoutNumber number, BillingKeyNumber key);

  // For a door's apply, each with the record that is being applied.

  /// Opens a checkout with the next number. INVARIANT: amount, expiry and number are as Checkout says.
  void open(engine::Unit& unit, const engine::Record& record, Checkout checkout);
  /// INVARIANT: may_cancel().
  void cancel(engine::Unit& unit, const engine::Record& record, CheckoutNumber number);
  /// The intent to give `amount` back, under the next attempt's number; the door hears of the outcome.
  /// INVARIANT: may_refund().
  void begin_refund(engine::Unit& unit, const engine::Record& record, CheckoutNumber number, Money amount,
                    AttemptNumber attempt);

  /// The intent to charge a kept card, under the next attempt's number; many of them in one record where many
  /// are due. The door hears of it in apply_paid() or apply_not_charged(). The checkout may have been opened
  /// by the same record. INVARIANT: may_charge().
  void begin_charge(engine::Unit& unit, const engine::Record& record, CheckoutNumber number,
                    BillingKeyNumber key, AttemptNumber attempt);
  /// The card is not charged any more, and its acquirer forgets it. Again: nothing. INVARIANT: there is one.
  void forget_card(engine::Unit& unit, const engine::Record& record, BillingKeyNumber key);

  // For this folder's commands.
  /// The number that the next card takes that is kept.
  [[nodiscard]] static BillingKeyNumber next_billing_key(engine::Unit& unit);
  ledger::Book& book() { return book_; }
  Listener& listener(Door door);
  void want(CheckoutNumber checkout);
  /// How many charges of a checkout were declined later than `since`; no more than `most` are counted.
  std::uint64_t declines_since(engine::Unit& unit, CheckoutNumber checkout, Instant since,
                               std::uint64_t most);

 private:
  struct Tables;

  void apply_started(engine::Unit& unit, const engine::Record& record);
  void apply_ended(engine::Unit& unit, const engine::Record& record);
  void apply_expired(engine::Unit& unit, const engine::Record& record);
  void apply_card_kept(engine::Unit& unit, const engine::Record& record);
  void apply_card_forgotten(engine::Unit& unit, const engine::Record& record);
  void open_attempt(engine::Unit& unit, const engine::Record& record, Attempt attempt);
  Checkout& edit(engine::Unit& unit, CheckoutNumber number);

  ledger::Book& book_;
  std::atomic<AttemptObserver*> observer_ = nullptr;
  std::map<Door, Listener*> listeners_;
  std::unique_ptr<Tables> tables_;
  // Of the open batch.
  std::vector<Wanted> begun_refunds_;
  std::vector<Wanted> begun_charges_;
  std::vector<Wanted> ended_cards_;
};

}  // namespace jangbu::payment
