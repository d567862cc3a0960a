#include "payment/cashier.h"

#include <algorithm>

#include <spdlog/spdlog.h>

namespace jangbu::payment {
namespace {

PayAnswer refused(const Error& error) {
  PayAnswer answer;
  answer.kind = PayAnswer::Kind::refused;
  answer.error = error;
  return answer;
}

PayAnswer answer_of(PayAnswer::Kind kind, AttemptNumber attempt) {
  PayAnswer answer;
  answer.kind = kind;
  answer.attempt = attempt;
  return answer;
}

PayAnswer declined(AttemptNumber attempt, std::string code, std::string message) {
  PayAnswer answer = answer_of(PayAnswer::Kind::declined, attempt);
  answer.code = std::move(code);
  answer.message = std::move(message);
  return answer;
}

PayAnswer not_charged(AttemptNumber attempt) {
  return declined(attempt, std::string(decline::processing_error),
                  "The payment did not go through and nothing was charged. Please try again.");
}

}  // namespace

PayAnswer pending_answer(AttemptNumber attempt) { return answer_of(PayAnswer::Kind::pending, attempt); }

PayAnswer answer_of(const Attempt& attempt) {
  switch (attempt.status) {
    case AttemptStatus::approved:
      return answer_of(PayAnswer::Kind::paid, attempt.number);
    case AttemptStatus::declined:
      return declined(attempt.number, attempt.code, attempt.message);
    case AttemptStatus::abandoned:
      return not_charged(attempt.number);
    case AttemptStatus::open:
      break;
  }
  return pending_answer(attempt.number);
}

Cashier::Cashier(Books books, State& state, const BillingKeys& keys, const Clock& clock,
                 CashierOptions options)
    : books_(std::move(books)),
      state_(state),
      keys_(keys),
      clock_(clock),
      options_(options),
      pay_(clock),
      bill_(clock),
      ask_(clock),
      news_(clock) {
  for (ScheduledExecutor* executor : {&pay_, &bill_, &ask_, &news_}) {
    executor->set_failed([this](const char* what) {
      // What was under way stays an open attempt; the next look finds it.
      spdlog::critical("a payment's work failed: {}", what);
      books_loaded();
    });
  }
  state_.observe(this);
}

Cashier::~Cashier() { stop(); }

void Cashier::add(std::unique_ptr<Acquirer> acquirer) {
  acquirer->on_news([this](const std::string& order_id) { hear(order_id); });
  acquirers_.push_back(std::move(acquirer));
}

Acquirer* Cashier::acquirer(std::string_view name) const {
  for (const auto& acquirer : acquirers_)
    if (acquirer->name() == name) return acquirer.get();
  return nullptr;
}

void Cashier::start() {
  books_loaded();
  pay_.start(options_.pay_threads);
  bill_.start(options_.bill_threads);
  ask_.start(options_.ask_threads);
  news_.start(std::min(options_.ask_threads, 1));
}

void Cashier::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  for (ScheduledExecutor* executor : {&pay_, &bill_, &ask_, &news_}) executor->stop();
  // Whoever still waits learns that the outcome is being looked for: the next start asks.
  std::map<AttemptNumber, Open> left;
  {
    const std::lock_guard lock(mutex_);
    left.swap(open_);
    fresh_ = 0;
  }
  for (auto& [attempt, open] : left)
    for (const Done& done : open.waiting) done(pending_answer(attempt));
}

std::size_t Cashier::open() const {
  const std::lock_guard lock(mutex_);
  return open_.size();
}

bool Cashier::is_billing() const {
  const std::lock_guard lock(mutex_);
  return fresh_ != 0 || is_behind_;
}

bool Cashier::step() { return pay_.step() || bill_.step() || ask_.step() || news_.step(); }

Cashier::Slot Cashier::take_slot() {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_ || slots_ >= options_.max_waiting) return nullptr;
    ++slots_;
  }
  return {this, [](Cashier* cashier) {
            const std::lock_guard lock(cashier->mutex_);
            --cashier->slots_;
          }};
}

// ---- paying

void Cashier::pay(PayRequest request, Done done) {
  if (acquirer(request.acquirer) == nullptr)
    return done(refused(Error(Errc::not_found, "there is no such way to pay")));
  const Slot slot = take_slot();
  if (!slot) return done(refused(Errc::overloaded));
  auto shared = std::make_shared<PayRequest>(std::move(request));
  StartCharge::Request start{shared->checkout, shared->acquirer, shared->form_key, shared->window_order_id,
                             shared->window_amount};
  auto command = std::make_unique<StartCharge>(
      state_, std::move(start), [this, slot, shared, done](Result<StartCharge::Started> charge) {
        started(slot, shared, done, std::move(charge));
      });
  if (const Status queued = books_.submit(std::move(command)); !queued) done(refused(queued.error()));
}

/// On the writer's thread: the intent is durable.
void Cashier::started(const Slot& slot, const std::shared_ptr<PayRequest>& request, const Done& done,
                      Result<StartCharge::Started> charge) {
  if (!charge) return done(refused(charge.error()));
  if (charge->again) return join(charge->attempt, done);
  bool is_over = false;
  {
    const std::lock_guard lock(mutex_);
    is_over = stopping_;
    if (!is_over) {
      Open& open = open_[charge->attempt];
      open.waiting.push_back(done);
      open.is_charging = open.busy = true;
    }
  }
  if (is_over) return done(pending_answer(charge->attempt));
  pay_.put({}, [this, slot, request, begun = std::move(*charge), at = clock_.monotonic_us()] {
    attend(begun.attempt, [&] { this->charge(request, begun, at); });
  });
}

/// The same form came again: it hears what the first hears.
void Cashier::join(AttemptNumber attempt, const Done& done) {
  std::optional<PayAnswer> known;
  {
    const std::lock_guard lock(mutex_);
    const auto it = open_.find(attempt);
    if (it != open_.end()) {
      if (it->second.is_charging && it->second.waiting.size() < options_.max_waiting)
        return it->second.waiting.push_back(done);
      known = answer_of(
          it->second.needs_authentication ? PayAnswer::Kind::needs_authentication : PayAnswer::Kind::pending,
          attempt);
    }
  }
  if (known) return done(*known);
  books_.read(
      [attempt, done](store::Session& session) {
        const auto found = find_attempt(session, attempt);
        done(found ? answer_of(*found) : refused(found.error()));
      },
      [done](const Error& error) { done(refused(error)); });
}

void Cashier::charge(const std::shared_ptr<PayRequest>& request, const StartCharge::Started& begun,
                     std::int64_t committed_us) {
  const Instant opened_wall_at = clock_.wall_now() - Duration{clock_.monotonic_us() - committed_us};
  // Another node may have taken over and be asking; what nobody charges it gives up after its grace.
  if (!books_.is_writer()) return settle(begun.attempt, opened_wall_at, Outcome::unknown());
  // Nobody else has what the customer pays with: what this thread does not begin is never begun.
  if (clock_.monotonic_us() - committed_us > options_.max_delay.us)
    return end(begun.attempt, Outcome::absent());
  if (begun.purpose != Purpose::pay) return keep(request, begun, opened_wall_at);
  ChargeRequest charge;
  charge.order_id = begun.order_id;
  charge.amount = begun.amount;
  charge.currency = begun.currency;
  charge.name = begun.name;
  charge.card = std::move(request->card);
  charge.payment_key = request->payment_key;
  settle(begun.attempt, opened_wall_at, acquirer(request->acquirer)->charge(charge));
}

void Cashier::authenticate(CheckoutNumber checkout, AttemptNumber attempt, SecretText code, Done done) {
  const Slot slot = take_slot();
  if (!slot) return done(refused(Errc::overloaded));
  auto secret = std::make_shared<SecretText>(std::move(code));
  pay_.put({}, [this, slot, checkout, attempt, secret, done] {
    const auto details =
        read_and_wait(books_, [attempt](store::Session& session) { return find_details(session, attempt); });
    if (!details) return done(refused(details.error()));
    if (details->attempt.checkout != checkout || details->attempt.kind != AttemptKind::charge)
      return done(refused(Errc::not_found));
    if (details->attempt.status != AttemptStatus::open) return done(answer_of(details->attempt));
    if (!begin(attempt)) return done(pending_answer(attempt));
    {
      const std::lock_guard lock(mutex_);
      open_[attempt].waiting.push_back(done);
    }
    attend(attempt, [&] {
      Acquirer* by = acquirer(details->attempt.acquirer);
      settle(attempt, details->attempt.opened_wall_at,
             by == nullptr ? Outcome::unknown()
                           : by->authenticate(question_of(*details), std::string(secret->view())));
    });
  });
}

// ---- outcomes

void Cashier::settle(AttemptNumber attempt, Instant opened_wall_at, Outcome outcome) {
  Instant last_call = opened_wall_at;
  {
    const std::lock_guard lock(mutex_);
    if (const auto it = open_.find(attempt); it != open_.end())
      last_call = std::max(last_call, it->second.last_call);
  }
  const Duration left = (last_call + options_.grace) - clock_.wall_now();
  const bool is_absent = outcome.kind == Outcome::Kind::absent;
  const bool believed = !is_absent || left.us <= 0;
  if (outcome.is_definite() && believed) return end(attempt, std::move(outcome));
  const bool needs = outcome.kind == Outcome::Kind::needs_authentication;
  bool is_first = false;  // or the second: a charge that timed out is asked about once before
  {
    const std::lock_guard lock(mutex_);
    Open& open = open_[attempt];
    open.needs_authentication = needs;
    is_first = open.asked <= 1;
  }
  ask_later(attempt);
  // "I do not know it" is asked for again as soon as it counts, once.
  if (is_absent && is_first) ask_.put(left, [this, attempt] { ask(attempt); });
  answer_all(attempt,
             answer_of(needs ? PayAnswer::Kind::needs_authentication : PayAnswer::Kind::pending, attempt),
             false);
}

void Cashier::end(AttemptNumber attempt, Outcome outcome) {
  PayAnswer answer = answer_of(PayAnswer::Kind::paid, attempt);
  if (outcome.kind == Outcome::Kind::declined)
    answer = declined(attempt, outcome.code, outcome.message);
  else if (outcome.kind == Outcome::Kind::absent)
    answer = not_charged(attempt);
  const auto failed = [this, attempt](const Error& error) {
    spdlog::warn("the outcome of attempt {} could not be recorded ({}): it will be asked for again", attempt,
                 to_string(error));
    ask_later(attempt);
    answer_all(attempt, pending_answer(attempt), false);
  };
  auto command = std::make_unique<EndAttempt>(
      state_, attempt, std::move(outcome),
      [this, attempt, answer, failed](const Result<EndAttempt::Ended>& ended) {
        if (!ended) return failed(ended.error());
        if (ended->effect == Consequence::return_failed)
          spdlog::error("attempt {}: the acquirer does not take back a payment that came too late", attempt);
        if (ended->effect == Consequence::refund_failed)
          spdlog::error("attempt {}: the acquirer refuses the refund ({}), which has to be made another way",
                        attempt, answer.message);
        // A payment that came too late is on its way back: for the customer it did not go through.
        const bool is_late = ended->effect == Consequence::returning;
        answer_all(attempt, is_late ? not_charged(attempt) : answer, true);
      });
  if (const Status queued = books_.submit(std::move(command)); !queued) failed(queued.error());
}

void Cashier::answer_all(AttemptNumber attempt, const PayAnswer& answer, bool is_over) {
  std::vector<Done> waiting;
  {
    const std::lock_guard lock(mutex_);
    const auto it = open_.find(attempt);
    if (it == open_.end()) return;
    waiting.swap(it->second.waiting);
    if (std::exchange(it->second.is_fresh, false)) --fresh_;
    if (is_over) open_.erase(it);
  }
  for (const Done& done : waiting) done(answer);
}

}  // namespace jangbu::payment
