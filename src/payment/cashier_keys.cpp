// Cards that are kept: how the cashier gets their keys, charges them without the customer, and lets them go.
#include <spdlog/spdlog.h>

#include "payment/cashier.h"
#include "payment/kept_cards.h"

namespace jangbu::payment {
namespace {

/// How long a card that is to be forgotten waits for a charge that is under way.
constexpr Duration forget_pause = Duration::seconds(60);

Outcome not_kept() {
  return Outcome::declined(std::string(decline::card_declined), "This card is not kept any more.");
}

}  // namespace

/// The customer's card is kept first, and then charged by its key. Until the key is in the books nobody has
/// asked for money.
void Cashier::keep(const std::shared_ptr<PayRequest>& request, const StartCharge::Started& begun,
                   Instant opened_wall_at) {
  BillingKeyRequest issue;
  issue.customer_key = begun.customer_key;
  issue.card = std::move(request->card);
  issue.auth_key = request->auth_key;
  const auto issued = acquirer(request->acquirer)->issue_billing_key(issue);
  if (!issued) {
    const bool is_refused = issued.error().code == Errc::card_refused;
    return end(begun.attempt, is_refused ? Outcome::declined(std::string(decline::card_declined),
                                                             "The card cannot be kept: " +
                                                                 std::string(issued.error().detail))
                                         : Outcome::absent());
  }
  auto command = std::make_unique<KeepCard>(
      state_, keys_, begun.attempt, *issued, begun.customer_key,
      [this, by = request->acquirer, begun, key = issued->key, opened_wall_at](
          const Result<BillingKeyNumber>& number) { kept(by, begun, key, opened_wall_at, number); });
  if (const Status queued = books_.submit(std::move(command)); !queued)
    kept(request->acquirer, begun, issued->key, opened_wall_at, queued.error());
}

/// The key is in the books, or is not; on the writer's thread.
void Cashier::kept(const std::string& by, const StartCharge::Started& begun, const std::string& key,
                   Instant opened_wall_at, const Result<BillingKeyNumber>& number) {
  if (!number) {
    if (error_class(number.error().code) == ErrorClass::retry || number.error().code == Errc::internal) {
      ask_later(begun.attempt);
      return answer_all(begun.attempt, pending_answer(begun.attempt), false);
    }
    // The checkout does not wait any more: what was issued for it can be let go.
    ask_.put({}, [this, by, key] { delete_key(by, key); });
    return end(begun.attempt, Outcome::absent());
  }
  if (begun.purpose == Purpose::keep) {
    PayAnswer answer = pending_answer(begun.attempt);
    answer.kind = PayAnswer::Kind::paid;
    return answer_all(begun.attempt, answer, true);
  }
  pay_.put({}, [this, by, begun, key, opened_wall_at] {
    attend(begun.attempt, [&] {
      ChargeRequest charge;
      charge.order_id = begun.order_id;
      charge.amount = begun.amount;
      charge.currency = begun.currency;
      charge.name = begun.name;
      charge.billing_key = key;
      charge.customer_key = begun.customer_key;
      note_call(begun.attempt);
      settle(begun.attempt, opened_wall_at, acquirer(by)->charge(charge));
    });
  });
}

void Cashier::charges_began(const std::vector<Wanted>& charges) {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return;
    if (fresh_ + charges.size() > options_.max_bills) {
      is_behind_ = true;
      return;
    }
    fresh_ += charges.size();
  }
  for (const Wanted& charge : charges) {
    const TraceScope scope(charge.trace);
    bill_.put({}, [this, number = charge.number] { bill(number, true); });
  }
}

/// Charges a kept card, for the first time or again under the same order id, which the acquirer charges once.
void Cashier::bill(AttemptNumber attempt, bool is_fresh) {
  if (!begin(attempt, is_fresh)) return;  // whoever speaks about it settles it
  if (!books_.is_writer()) return answer_all(attempt, pending_answer(attempt), true);
  attend(attempt, [&] {
    struct Found {
      AttemptDetails details;
      Result<BillingSecret> secret = Errc::card_not_kept;
    };
    const auto found = read_and_wait(books_, [&](store::Session& session) -> Result<Found> {
      Found read;
      ASSIGN_OR_RETURN(read.details, find_details(session, attempt));
      read.secret = keys_.read(session, read.details.attempt.billing_key);
      return read;
    });
    if (!found) return settle(attempt, clock_.wall_now(), Outcome::unknown());
    const Attempt& now = found->details.attempt;
    if (now.status != AttemptStatus::open) return answer_all(attempt, answer_of(now), true);
    settle(attempt, now.opened_wall_at, charge_kept(found->details, found->secret));
  });
  bool catch_up = false;
  {
    const std::lock_guard lock(mutex_);
    catch_up = is_behind_ && fresh_ == 0;
  }
  if (catch_up) books_loaded();
}

Outcome Cashier::charge_kept(const AttemptDetails& details, const Result<BillingSecret>& secret) {
  Acquirer* by = acquirer(details.attempt.acquirer);
  // Nobody wants it any more, but an earlier process may have asked for it.
  if (by == nullptr || details.checkout.open_attempt != details.attempt.number) return ask_acquirer(details);
  if (!secret) {
    spdlog::error("the card of attempt {} cannot be charged: {}", details.attempt.number,
                  to_string(secret.error()));
    Outcome outcome = ask_acquirer(details);
    const bool is_gone = secret.error().code == Errc::card_not_kept;
    return is_gone && outcome.kind == Outcome::Kind::absent ? not_kept() : outcome;
  }
  ChargeRequest charge;
  charge.order_id = details.attempt.order_id;
  charge.amount = details.attempt.amount;
  charge.currency = details.checkout.currency;
  charge.name = details.checkout.name;
  charge.billing_key = secret->key;
  charge.customer_key = secret->customer_key;
  charge.unattended = details.attempt.unattended;
  note_call(details.attempt.number);
  return by->charge(charge);
}

void Cashier::note_call(AttemptNumber attempt) {
  const std::lock_guard lock(mutex_);
  Open& open = open_[attempt];
  ++open.calls;
  open.last_call = clock_.wall_now();
}

/// The acquirer knows nothing of a charge of a kept card: it is charged now, under the same order id, as long
/// as its checkout waits for it. True: it is the caller's no more.
bool Cashier::may_call_again(const AttemptDetails& details) {
  if (details.attempt.kind != AttemptKind::charge || details.attempt.billing_key == 0) return false;
  const bool is_wanted = details.checkout.open_attempt == details.attempt.number;
  const std::lock_guard lock(mutex_);
  Open& open = open_[details.attempt.number];
  // Until this node began to look after it, another one may have called.
  open.last_call = std::max(open.last_call, loaded_wall_at_);
  if (!is_wanted || open.calls >= options_.most_calls) return false;
  open.busy = false;
  return true;
}

void Cashier::cards_ended(const std::vector<Wanted>& cards) {
  for (const Wanted& card : cards) {
    const TraceScope scope(card.trace);
    ask_.put({}, [this, number = card.number] { forget(number); });
  }
}

void Cashier::forget(BillingKeyNumber number) {
  if (!books_.is_writer()) return;
  const auto later = [this, number](Duration delay) { ask_.put(delay, [this, number] { forget(number); }); };
  struct Found {
    KeptCard card;
    bool is_charged = false;
    Result<BillingSecret> secret = Errc::card_not_kept;
  };
  const auto found = read_and_wait(books_, [&](store::Session& session) -> Result<Found> {
    Found read;
    ASSIGN_OR_RETURN(read.card, find_kept_card(session, number));
    ASSIGN_OR_RETURN(read.is_charged, is_charged(session, number));
    read.secret = keys_.read(session, number);
    return read;
  });
  if (!found) return later(options_.longest_ask);
  if (found->card.status != KeptCardStatus::forgetting) return;
  if (found->is_charged) return later(forget_pause);
  Acquirer* by = acquirer(found->card.acquirer);
  if (found->secret) {
    if (by == nullptr || !by->delete_billing_key(found->secret->key)) return later(options_.longest_ask);
  } else if (found->secret.error().code != Errc::card_not_kept) {
    spdlog::error("the billing key {} cannot be deleted: {}", number, to_string(found->secret.error()));
    return later(options_.longest_ask);
  }
  auto command = std::make_unique<ForgetCard>(state_, number, [later, this](const Status& done) {
    if (!done && done.error().code != Errc::not_found) later(options_.longest_ask);
  });
  if (!books_.submit(std::move(command))) later(options_.longest_ask);
}

/// A key that is in no record: nobody is told whether the acquirer still has it.
void Cashier::delete_key(const std::string& by, const std::string& key) {
  if (const Status deleted = acquirer(by)->delete_billing_key(key); !deleted)
    spdlog::warn("a billing key that nobody needs stays with {}: {}", by, to_string(deleted.error()));
}

}  // namespace jangbu::payment
