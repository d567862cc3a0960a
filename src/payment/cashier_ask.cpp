// What the cashier asks acquirers, and when.
#include <algorithm>

#include <spdlog/spdlog.h>

#include "payment/cashier.h"

namespace jangbu::payment {
namespace {

/// Hints of news that may wait at one time.
constexpr std::size_t max_hints = 1000;
constexpr std::size_t scan_page = 500;

/// A card that is to be kept is charged by the key that the books have for it and by nothing else: as long as
/// they have none, nobody has asked the acquirer for money.
bool cannot_have_begun(const AttemptDetails& details) {
  if (details.attempt.kind == AttemptKind::keep) return true;
  return details.attempt.kind == AttemptKind::charge && details.attempt.billing_key == 0 &&
         details.checkout.purpose == Purpose::pay_and_keep;
}

}  // namespace

Question question_of(const AttemptDetails& details) {
  return {details.attempt.order_id, details.attempt.amount, details.checkout.currency};
}

void Cashier::hear(const std::string& order_id) {
  {
    const std::lock_guard lock(mutex_);
    if (hints_.size() >= max_hints || !hints_.insert(order_id).second) return;
  }
  news_.put({}, [this, order_id] {
    {
      const std::lock_guard lock(mutex_);
      hints_.erase(order_id);
    }
    look_up(order_id);
  });
}

void Cashier::look_up(const std::string& order_id) {
  if (!books_.is_writer()) return;
  const auto details = read_and_wait(books_, [&](store::Session& session) -> Result<AttemptDetails> {
    ASSIGN_OR_RETURN(const AttemptNumber attempt, find_order(session, order_id));
    return find_details(session, attempt);
  });
  if (!details) return;
  // Anybody may give a hint. It asks of charges what became of them; a refund it would ask to be made.
  if (details->attempt.kind != AttemptKind::charge || details->attempt.status == AttemptStatus::approved)
    return;
  const Outcome outcome = ask_acquirer(*details);
  // An attempt that was given up hears only of a success; see EndAttempt.
  if (details->attempt.status == AttemptStatus::open && outcome.kind == Outcome::Kind::declined)
    return ask(details->attempt.number);
  if (outcome.kind == Outcome::Kind::approved) end(details->attempt.number, outcome);
}

void Cashier::refunds_began(const std::vector<Wanted>& refunds) {
  for (const Wanted& refund : refunds) {
    const TraceScope scope(refund.trace);
    ask_.put({}, [this, number = refund.number] { ask(number); });
  }
}

void Cashier::books_loaded() {
  {
    const std::lock_guard lock(mutex_);
    loaded_wall_at_ = clock_.wall_now();
    if (std::exchange(scan_waits_, true)) return;
  }
  const TraceScope of_nobody{Trace{}};
  ask_.put({}, [this] { scan(); });
}

void Cashier::scan() {
  const bool is_writer = books_.is_writer();
  {
    const std::lock_guard lock(mutex_);
    scan_waits_ = !is_writer;
    is_behind_ = false;
  }
  // The books are loaded before the node is known as the one that writes: what is open then must not be
  // missed.
  if (!is_writer) return ask_.put(options_.first_ask, [this] { scan(); });
  scan_attempts(0);
}

/// One page; the next is read when the executor has come to the end of this one, so that memory holds a page
/// whatever waits in the books.
void Cashier::scan_attempts(AttemptNumber after) {
  const auto page = read_and_wait(
      books_, [&](store::Session& session) { return open_attempts(session, after, scan_page); });
  if (!page) return ask_.put(options_.first_ask, [this, after] { scan_attempts(after); });
  for (const AttemptNumber attempt : *page)
    if (!is_known(attempt)) ask_.put({}, [this, attempt] { ask(attempt); });
  if (page->size() < scan_page) return scan_cards(0);
  ask_.put({}, [this, last = page->back()] { scan_attempts(last); });
}

void Cashier::scan_cards(BillingKeyNumber after) {
  const auto page =
      read_and_wait(books_, [&](store::Session& session) { return ended_cards(session, after, scan_page); });
  if (!page) return ask_.put(options_.first_ask, [this, after] { scan_cards(after); });
  for (const BillingKeyNumber card : *page) ask_.put({}, [this, card] { forget(card); });
  if (page->size() == scan_page) ask_.put({}, [this, last = page->back()] { scan_cards(last); });
}

bool Cashier::is_known(AttemptNumber attempt) const {
  const std::lock_guard lock(mutex_);
  return open_.contains(attempt);
}

/// Takes the attempt for this thread; false when another one speaks about it just now.
bool Cashier::begin(AttemptNumber attempt, bool is_fresh) {
  const std::lock_guard lock(mutex_);
  Open& open = open_[attempt];
  open.is_fresh = open.is_fresh || is_fresh;
  return !std::exchange(open.busy, true);
}

/// Works on an attempt that this thread has taken. When that fails half way, in want of memory for instance,
/// nobody knows what the acquirer has heard: it is asked, as after a time-out.
void Cashier::attend(AttemptNumber attempt, const ScheduledExecutor::Work& work) {
  try {
    work();
  } catch (const std::exception& failure) {
    spdlog::critical("the work on attempt {} failed, it will be asked for: {}", attempt, failure.what());
    ask_later(attempt);
    answer_all(attempt, pending_answer(attempt), false);
  }
}

void Cashier::ask(AttemptNumber attempt) {
  if (!books_.is_writer()) return answer_all(attempt, pending_answer(attempt), true);
  if (!begin(attempt)) return;  // whoever speaks about it settles it
  attend(attempt, [&] {
    const auto details =
        read_and_wait(books_, [attempt](store::Session& session) { return find_details(session, attempt); });
    if (!details) return settle(attempt, clock_.wall_now(), Outcome::unknown());
    if (details->attempt.status != AttemptStatus::open)
      return answer_all(attempt, answer_of(details->attempt), true);
    const Outcome outcome = ask_acquirer(*details);
    if (outcome.kind == Outcome::Kind::absent) {
      if (cannot_have_begun(*details)) return end(attempt, Outcome::absent());
      if (may_call_again(*details)) return bill_.put({}, [this, attempt] { bill(attempt, false); });
    }
    settle(attempt, details->attempt.opened_wall_at, outcome);
  });
}

Outcome Cashier::ask_acquirer(const AttemptDetails& details) {
  if (details.attempt.kind == AttemptKind::keep) return Outcome::absent();  // it charges nothing
  Acquirer* by = acquirer(details.attempt.acquirer);
  if (by == nullptr) {
    spdlog::error("attempt {} is with the acquirer {}, which is not configured", details.attempt.number,
                  details.attempt.acquirer);
    return Outcome::unknown();
  }
  if (details.attempt.kind == AttemptKind::charge) return by->find(question_of(details));
  RefundRequest refund;
  refund.order_id = details.attempt.order_id;
  refund.charge_order_id = details.charge.order_id;
  refund.charge_reference = details.charge.reference;
  refund.amount = details.attempt.amount;
  refund.currency = details.checkout.currency;
  refund.reason = details.attempt.automatic ? "the payment came too late" : "refund";
  return by->refund(refund);
}

void Cashier::ask_later(AttemptNumber attempt) {
  Duration delay = options_.longest_ask;
  std::uint64_t question = 0;
  {
    const std::lock_guard lock(mutex_);
    Open& open = open_[attempt];
    question = open.next_question = ++questions_;
    open.busy = open.is_charging = false;
    const int doublings = std::min(open.asked++, 16);
    if (!open.needs_authentication)
      delay = std::min(delay, Duration{options_.first_ask.us * (std::int64_t{1} << doublings)});
  }
  ask_.put(delay, [this, attempt, question] {
    {
      const std::lock_guard lock(mutex_);
      const auto it = open_.find(attempt);
      if (it == open_.end() || it->second.next_question != question) return;  // a later one was put since
    }
    ask(attempt);
  });
}

}  // namespace jangbu::payment
