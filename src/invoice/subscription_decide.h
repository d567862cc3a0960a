// The commands about subscriptions: what sellers' servers and their customers change.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "invoice/decide.h"
#include "invoice/subscriptions.h"

namespace jangbu::invoice {

/// Common to all: a subscription of the app, or subscription_not_found.
template <typename T>
class SubscriptionWrite : public Write<T> {
 public:
  SubscriptionWrite(SubscriptionBook& book, Keyed keyed, SubscriptionNumber number, Render<T> render,
                    typename Write<T>::Answered answered, By by = By::key_holder)
      : Write<T>(book.invoices(), by, std::move(keyed), std::move(render), std::move(answered)),
        book_(book),
        number_(number) {}

 protected:
  /// The subscription; nothing when it is not the app's.
  std::optional<SubscriptionRow> own(engine::Unit& unit) {
    const SubscriptionRow* found = book_.subscription(unit, number_);
    if (found == nullptr || found->app != this->keyed_.app) return std::nullopt;
    return *found;
  }
  SubscriptionBook& book_;     // NOLINT: for the subclasses of this file
  SubscriptionNumber number_;  // NOLINT
};

/// No bills while it rests. Errors: subscription_state (it is over, or rests already, or its last month is
/// billed), invalid_parameters (`from` is a day after today, `until` is not later than now).
class PauseSubscription final : public SubscriptionWrite<SubscriptionChanged> {
 public:
  struct Request {
    std::string reason;
    std::optional<Instant> from;  // as the caller says it: a pause begins with its record
    std::optional<Instant> until;
  };
  PauseSubscription(SubscriptionBook& book, Keyed keyed, SubscriptionNumber number, Request request,
                    Render<SubscriptionChanged> render, Answered answered)
      : SubscriptionWrite(book, std::move(keyed), number, std::move(render), std::move(answered)),
        request_(std::move(request)) {}

 private:
  engine::Decision decide_new(engine::Unit& unit) override;
  Request request_;
};

/// Goes on: the next bill is due on its day, later by the months that were paused whole, and at once when
/// that has passed. Errors: subscription_state (it does not rest), invalid_parameters (`at` is a day after
/// today).
class ResumeSubscription final : public SubscriptionWrite<SubscriptionChanged> {
 public:
  struct Request {
    std::string reason;
    std::optional<Instant> at;  // as the caller says it: it goes on with its record
  };
  ResumeSubscription(SubscriptionBook& book, Keyed keyed, SubscriptionNumber number, Request request,
                     Render<SubscriptionChanged> render, Answered answered)
      : SubscriptionWrite(book, std::move(keyed), number, std::move(render), std::move(answered)),
        request_(std::move(request)) {}

 private:
  engine::Decision decide_new(engine::Unit& unit) override;
  Request request_;
};

/// How many keys for charges on demand a contract has, one after the other: the number in a key holds how
/// many were taken back before it.
inline constexpr std::uint64_t keys_of_subscription = 1000;

/// What changes of the contract; what is empty stays.
struct SubscriptionUpdate {
  std::string memo;
  std::optional<std::string> name;
  std::optional<std::string> user_name;
  std::optional<std::string> user_phone;
  std::optional<std::string> user_email;
  std::optional<Money> price;           // of a month before adjustments; above zero
  std::optional<std::uint32_t> months;  // in all; or for_ever
  std::optional<Instant> next_due_at;
  bool revokes_charge_key = false;  // the key for charges on demand counts no more:
  std::uint64_t charge_key = 0;     // the one that was made after so many
};
/// The bill that is ready follows at once; those that were paid stay. Errors: subscription_state (it is
/// over, or the charge key is its last), invalid_parameters (fewer months than were billed; the next day is
/// not after now, or not before the one after it; a running adjustment would take more than there is).
class UpdateSubscription final : public SubscriptionWrite<SubscriptionChanged> {
 public:
  UpdateSubscription(SubscriptionBook& book, Keyed keyed, SubscriptionNumber number,
                     SubscriptionUpdate update, Render<SubscriptionChanged> render, Answered answered)
      : SubscriptionWrite(book, std::move(keyed), number, std::move(render), std::move(answered)),
        update_(std::move(update)) {}

 private:
  engine::Decision decide_new(engine::Unit& unit) override;
  SubscriptionUpdate update_;
};

/// Adjustments of a running contract: of months that are not billed yet. All or nothing.
struct AdjustmentChange {
  enum class Kind : std::uint8_t {
    add,      // each month of first..last by itself, or one that goes on for ever
    replace,  // all of one month by these
    remove,   // `number`
  };
  Kind kind = Kind::add;
  std::vector<RunningAdjustment> adjustments;
  std::uint32_t month = 0;   // replace
  std::uint64_t number = 0;  // remove
};
/// Errors: subscription_state, invalid_parameters (a month that was billed, or lies behind the contract; a
/// bill would fall below zero), not_found (there is no such adjustment).
class AdjustSubscription final : public SubscriptionWrite<SubscriptionChanged> {
 public:
  AdjustSubscription(SubscriptionBook& book, Keyed keyed, SubscriptionNumber number, AdjustmentChange change,
                     Render<SubscriptionChanged> render, Answered answered)
      : SubscriptionWrite(book, std::move(keyed), number, std::move(render), std::move(answered)),
        change_(std::move(change)) {}

 private:
  engine::Decision decide_new(engine::Unit& unit) override;
  Status apply_to(Terms& terms, engine::Unit& unit, std::uint32_t first_open) const;
  AdjustmentChange change_;
};

/// What leaving now would come to; the same for the question and for the deed. `ends_at`: of the service.
struct Leaving {
  std::string reason;
  std::optional<Instant> ends_at;  // empty: now
  // Instead of what is computed.
  std::optional<Money> fee;
  std::optional<Money> unused;
  std::optional<Money> final;
  std::optional<Money> purchase;  // the contract is bought out for this instead
};
/// When a customer who asked to leave does so: as it was said, and not before it was asked. Nothing: it was
/// not said.
std::optional<Instant> asked_end(const ChangeRequested& asked);
/// A bill with what of it went back: the first month's is the order's, and goes back by it.
BillRow as_refunded(BillRow bill, const OrderRow& order);
/// `last`: as_refunded(). Error: invalid_parameters (more is given back than was paid).
Result<Settlement> settle(const SubscriptionRow& row, const BillRow& last, Instant now,
                          const Leaving& leaving);

/// Ends the contract: charges what is left to pay, or gives back what is left of the last payment. Errors:
/// subscription_state, payment_in_progress (a bill is being charged just now), invalid_parameters.
class EndSubscription final : public SubscriptionWrite<SubscriptionEnded> {
 public:
  EndSubscription(SubscriptionBook& book, Keyed keyed, SubscriptionNumber number, Leaving leaving,
                  Render<SubscriptionEnded> render, Answered answered)
      : SubscriptionWrite(book, std::move(keyed), number, std::move(render), std::move(answered)),
        leaving_(std::move(leaving)) {}

 private:
  engine::Decision decide_new(engine::Unit& unit) override;
  Leaving leaving_;
};

/// A customer asks to leave, to buy the contract out or to hand it on. Errors: subscription_state (it is
/// over), change_waiting (another request is open), invalid_parameters (to leave before today: what goes back
/// would be the customer's own word).
class RequestChange final : public SubscriptionWrite<ChangeRequested> {
 public:
  RequestChange(SubscriptionBook& book, ChangeRequested requested, Render<ChangeRequested> render,
                Answered answered)
      : SubscriptionWrite(book, requested.keyed, requested.number, std::move(render), std::move(answered)),
        requested_(std::move(requested)) {}

 private:
  engine::Decision decide_new(engine::Unit& unit) override;
  ChangeRequested requested_;
};

/// What a request that was judged became: one of three records.
struct ChangeJudged {
  SubscriptionNumber number = 0;
  Instant started_at;
  ChangeNumber request = 0;
  bool approved = false;
  std::string reason;

  static ChangeJudged of(const engine::Record& record);
};
/// Approves the open request of a subscription, and does what it asks for, or rejects it. Errors:
/// change_not_found, subscription_state (something is left to pay, and the seller is suspended), and what the
/// deed may be refused for.
class JudgeChange final : public SubscriptionWrite<ChangeJudged> {
 public:
  /// `request`: which one is judged; 0: whichever is open. `leaving`: what a supervisor says instead of what
  /// is computed.
  JudgeChange(SubscriptionBook& book, Keyed keyed, SubscriptionNumber number, ChangeNumber request,
              bool approve, Leaving leaving, Render<ChangeJudged> render, Answered answered,
              By by = By::key_holder)
      : SubscriptionWrite(book, std::move(keyed), number, std::move(render), std::move(answered), by),
        request_(request),
        approve_(approve),
        leaving_(std::move(leaving)) {}

 private:
  engine::Decision decide_new(engine::Unit& unit) override;
  ChangeNumber request_;
  bool approve_;
  const Leaving leaving_;
};

/// Opens a page on which the customer's next card is kept. Error: subscription_state.
class AskCard final : public SubscriptionWrite<CardAsked> {
 public:
  AskCard(SubscriptionBook& book, Keyed keyed, SubscriptionNumber number, std::string return_url,
          Render<CardAsked> render, Answered answered)
      : SubscriptionWrite(book, std::move(keyed), number, std::move(render), std::move(answered)),
        return_url_(std::move(return_url)) {}

 private:
  engine::Decision decide_new(engine::Unit& unit) override;
  std::string return_url_;
};

/// Charges the kept card at once with an amount of its own. `revoked`: how many keys had been taken back when
/// the caller's was made. Errors: subscription_state, card_not_kept, charge_key_revoked, invalid_parameters.
class ChargeOnDemand final : public SubscriptionWrite<ChargedOnDemand> {
 public:
  ChargeOnDemand(SubscriptionBook& book, Keyed keyed, SubscriptionNumber number, std::uint64_t revoked,
                 Money amount, std::string metadata, Render<ChargedOnDemand> render, Answered answered)
      : SubscriptionWrite(book, std::move(keyed), number, std::move(render), std::move(answered)),
        revoked_(revoked),
        amount_(amount),
        metadata_(std::move(metadata)) {}

 private:
  engine::Decision decide_new(engine::Unit& unit) override;
  std::uint64_t revoked_;
  Money amount_;
  std::string metadata_;
};

/// Moves a bill that is ready to another day or amount, or charges a failed one again at a day of its own: a
/// customer does so now, or until the last of its own tries. Errors: bill_not_found, bill_state,
/// invalid_parameters.
class ChangeBill final : public Write<BillChanged> {
 public:
  ChangeBill(SubscriptionBook& book, Keyed keyed, BillNumber bill, std::optional<Instant> due_at,
             std::optional<Money> amount, bool by_supervisor, Render<BillChanged> render, Answered answered)
      : Write(book.invoices(), std::move(keyed), std::move(render), std::move(answered)),
        book_(book),
        bill_(bill),
        due_at_(due_at),
        amount_(amount),
        by_supervisor_(by_supervisor) {}

 private:
  engine::Decision decide_new(engine::Unit& unit) override;
  SubscriptionBook& book_;
  BillNumber bill_;
  std::optional<Instant> due_at_;
  std::optional<Money> amount_;
  bool by_supervisor_;
};

}  // namespace jangbu::invoice
