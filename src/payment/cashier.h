// The cashier: what happens between an intent and its outcome.
//
// The intent is durable before the acquirer is called, and the outcome is recorded after. Whatever goes wrong
// between the two, a time-out, a crash, a take-over by another node, leaves an open attempt, and every open
// attempt is asked for by its order id until the acquirer's word is definite. Nothing is ever charged under a
// second id.
//
// Customers who wait, charges of kept cards, and questions have executors of their own: neither an acquirer
// that hangs nor a hundred thousand bills of one morning keep a customer waiting.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "base/scheduled_executor.h"
#include "base/time.h"
#include "payment/acquirer.h"
#include "payment/billing_keys.h"
#include "payment/books.h"
#include "payment/decide.h"
#include "payment/queries.h"
#include "payment/state.h"

namespace jangbu::payment {

struct CashierOptions {
  /// Calls to acquirers at one time: of customers who wait, of charges of kept cards, and of questions,
  /// refunds and all else. What waits together goes into the books together. 0: a test calls step().
  int pay_threads = 16;
  int bill_threads = 48;
  int ask_threads = 8;
  /// Payments between their arrival and their answer, beyond which new ones are refused: overloaded.
  std::size_t max_waiting = 256;
  /// Charges of kept cards that are held in memory; the others are found in the books when it is their turn.
  std::size_t max_bills = 200'000;
  /// A customer's payment that waited longer than this is not charged any more.
  Duration max_delay = Duration::seconds(10);
  /// "I do not know this order id" is believed when the intent is older than any call about it can be:
  /// max_delay, and the acquirers' longest time-out, and as much again.
  Duration grace = Duration::seconds(90);
  Duration first_ask = Duration::seconds(1);
  Duration longest_ask = Duration::seconds(60);
  /// How often a kept card is charged under one order id while the acquirer says that it knows nothing of it.
  int most_calls = 3;
};

/// What became of a payment, as far as it is known now.
struct PayAnswer {
  enum class Kind : std::uint8_t { paid, declined, needs_authentication, pending, refused };
  Kind kind = Kind::pending;
  AttemptNumber attempt = 0;
  std::string code;  // declined
  std::string message;
  Error error = Errc::internal;  // refused: nothing was begun
};

struct PayRequest {
  CheckoutNumber checkout = 0;
  std::string acquirer;
  std::string form_key;
  Card card;                // or
  std::string auth_key;     // what the acquirer's own window for cards that are kept handed out; or
  std::string payment_key;  // what its window for payments did, with
  std::optional<std::string> window_order_id;
  std::optional<Money> window_amount;
};

Question question_of(const AttemptDetails& details);
/// What is known of an attempt, for whoever waits for it.
PayAnswer answer_of(const Attempt& attempt);
PayAnswer pending_answer(AttemptNumber attempt);

/// Thread-safe. `Done` is called once, from any thread, and must not block.
class Cashier final : public AttemptObserver {
 public:
  using Done = std::function<void(PayAnswer)>;

  /// `state` belongs to the engine behind `books`. Commands and the state call back: the cashier goes after
  /// the engine, and stop() comes before both.
  Cashier(Books books, State& state, const BillingKeys& keys, const Clock& clock, CashierOptions options);
  /// Waits for calls that are under way; their outcomes are asked for after the next start.
  ~Cashier() override;

  /// To be called before start().
  void add(std::unique_ptr<Acquirer> acquirer);
  /// nullptr when there is none of that name.
  [[nodiscard]] Acquirer* acquirer(std::string_view name) const;
  /// Begins to work, and asks for every attempt that an earlier run or another node left open.
  void start();
  /// Takes nothing new and finishes what is being done. The engine must still run.
  void stop();

  void pay(PayRequest request, Done done);
  /// Refused with not_found when the attempt is not this checkout's.
  void authenticate(CheckoutNumber checkout, AttemptNumber attempt, SecretText code, Done done);
  /// Somebody says that there is news of an order id: the acquirer is asked. A hint that may be dropped.
  void hear(const std::string& order_id);

  void refunds_began(const std::vector<Wanted>& refunds) override;
  void charges_began(const std::vector<Wanted>& charges) override;
  void cards_ended(const std::vector<Wanted>& cards) override;
  void books_loaded() override;

  /// Does one piece of work whose time has come; false when there is none. For tests.
  bool step();
  /// Attempts that this node works on.
  [[nodiscard]] std::size_t open() const;
  /// Whether charges of kept cards have begun of which the acquirer's first word is not in the books yet.
  [[nodiscard]] bool is_billing() const;

 private:
  /// An attempt whose outcome this node is looking for.
  struct Open {
    std::vector<Done> waiting;
    int asked = 0;
    bool busy = false;         // a thread speaks with the acquirer about it
    bool is_charging = false;  // the first call has not been answered
    bool needs_authentication = false;
    bool is_fresh = false;            // counted in fresh_
    int calls = 0;                    // that charged its kept card
    std::uint64_t next_question = 0;  // of those that wait, the one that is asked; see ask_later()
    Instant last_call;  // wall time of the last that may have been made, by this node or by another
  };

  /// One of the places of max_waiting, which is free again when nobody holds it any more; empty: there is
  /// none. A cashier that stops gives none.
  using Slot = std::shared_ptr<Cashier>;

  void started(const Slot& slot, const std::shared_ptr<PayRequest>& request, const Done& done,
               Result<StartCharge::Started> charge);
  void join(AttemptNumber attempt, const Done& done);
  void charge(const std::shared_ptr<PayRequest>& request, const StartCharge::Started& charge,
              std::int64_t committed_us);
  void keep(const std::shared_ptr<PayRequest>& request, const StartCharge::Started& begun,
            Instant opened_wall_at);
  void kept(const std::string& acquirer, const StartCharge::Started& begun, const std::string& key,
            Instant opened_wall_at, const Result<BillingKeyNumber>& number);
  void bill(AttemptNumber attempt, bool is_fresh);
  Outcome charge_kept(const AttemptDetails& details, const Result<BillingSecret>& secret);
  void note_call(AttemptNumber attempt);
  bool may_call_again(const AttemptDetails& details);
  void forget(BillingKeyNumber number);
  void delete_key(const std::string& acquirer, const std::string& key);
  void ask(AttemptNumber attempt);
  void ask_later(AttemptNumber attempt);
  void scan();
  void scan_attempts(AttemptNumber after);
  void scan_cards(BillingKeyNumber after);
  [[nodiscard]] bool is_known(AttemptNumber attempt) const;
  void look_up(const std::string& order_id);
  Outcome ask_acquirer(const AttemptDetails& details);
  bool begin(AttemptNumber attempt, bool is_fresh = false);
  void attend(AttemptNumber attempt, const ScheduledExecutor::Work& work);
  void settle(AttemptNumber attempt, Instant opened_wall_at, Outcome outcome);
  void end(AttemptNumber attempt, Outcome outcome);
  void answer_all(AttemptNumber attempt, const PayAnswer& answer, bool is_over);
  Slot take_slot();

  Books books_;
  State& state_;
  const BillingKeys& keys_;
  const Clock& clock_;
  CashierOptions options_;
  std::vector<std::unique_ptr<Acquirer>> acquirers_;

  mutable std::mutex mutex_;
  std::map<AttemptNumber, Open> open_;
  std::size_t slots_ = 0;
  std::set<std::string> hints_;  // order ids that somebody has news of
  std::uint64_t questions_ = 0;  // that were put off so far
  std::size_t fresh_ = 0;        // charges of kept cards before the first word about them
  bool is_behind_ = false;       // some of those were too many for memory
  Instant loaded_wall_at_;       // when this node last began to look after all attempts
  bool stopping_ = false;
  bool scan_waits_ = false;

  // After what their threads use.
  ScheduledExecutor pay_;
  ScheduledExecutor bill_;
  ScheduledExecutor ask_;
  ScheduledExecutor news_;  // one thread: whoever sends many notices delays no refund
};

}  // namespace jangbu::payment
