#include "payment/decide.h"

#include "crypto/digest.h"
#include "payment/kept_cards.h"

namespace jangbu::payment {
namespace {

using engine::Accept;
using engine::Decision;
using engine::Refuse;
using engine::Repeat;
using ledger::Floor;

constexpr std::size_t order_digest_bytes = 10;

ChargeStarted read_started(const engine::Record& record) {
  auto started = decode<ChargeStarted>(record.payload);
  INVARIANT(record.kind == charge_started_kind && started.ok(), "a charge that was begun reads back");
  return std::move(*started);
}

Status may_begin(const Checkout& checkout, Instant now) {
  switch (checkout.status) {
    case CheckoutStatus::open:
      break;
    case CheckoutStatus::paying:
      return Errc::payment_in_progress;
    case CheckoutStatus::cancelled:
    case CheckoutStatus::expired:
      return Errc::checkout_closed;
    default:
      return Errc::already_paid;
  }
  if (now >= checkout.expires_at) return Errc::checkout_closed;
  return {};
}

/// Whether a checkout whose attempt was approved can take the money.
bool can_take(const Checkout& checkout, const Attempt& attempt, Instant now) {
  if (checkout.open_attempt == attempt.number) return true;
  // The attempt was given up before, and nothing has taken its place.
  return checkout.status == CheckoutStatus::open && now < checkout.expires_at;
}

}  // namespace

Outcome Outcome::declined(std::string code, std::string message) {
  Outcome outcome;
  outcome.kind = Kind::declined;
  outcome.code = std::move(code);
  outcome.message = std::move(message);
  return outcome;
}

Outcome Outcome::absent() {
  Outcome outcome;
  outcome.kind = Kind::absent;
  return outcome;
}

std::string next_order_id(const Checkout& checkout) {
  Bytes bytes;
  ByteWriter writer(bytes);
  writer.u64(checkout.number);
  writer.i64(checkout.opened_wall_at.us);
  writer.text(checkout.reference);
  writer.u64(checkout.charges);
  const Hash digest = crypto::sha256(bytes);
  return "jb-" + std::to_string(checkout.number) + "-" + std::to_string(checkout.charges + 1) + "-" +
         to_hex(digest.view().substr(0, order_digest_bytes));
}

// ---- the intent to charge

StartCharge::StartCharge(State& state, Request request, Done done)
    : state_(state),
      request_(std::move(request)),
      done_(std::move(done)),
      form_(engine::key_digest(engine::KeyScope::payment_form, request_.checkout, request_.form_key)) {}

void StartCharge::want(engine::Unit& unit) {
  unit.keys().want(form_);
  state_.want(request_.checkout);
}

Decision StartCharge::decide(engine::Unit& unit) {
  const Checkout* found = state_.find(unit, request_.checkout);
  if (found == nullptr) return Refuse{Errc::not_found};
  const Checkout checkout = *found;
  if (const auto first = unit.keys().find(unit.session(), form_)) {
    INVARIANT(read_started(unit.record(*first)).form_key == request_.form_key,
              "a digest stands for one form");
    return Repeat{*first};
  }
  if (const Status may = may_begin(checkout, unit.now()); !may) return Refuse{may.error()};
  if (checkout.declines >= max_declines &&
      state_.declines_since(unit, checkout.number, unit.now() - declines_window, max_declines) >=
          max_declines)
    return Refuse{Errc::too_many_attempts};
  const std::string order_id = next_order_id(checkout);
  if (request_.window_order_id && *request_.window_order_id != order_id)
    return Refuse{Error(Errc::invalid_parameters, "this payment window is out of date: open it again")};
  if (request_.window_amount && *request_.window_amount != checkout.amount)
    return Refuse{Error(Errc::invalid_parameters, "the amount is not what is to be paid")};
  if (const Status may = state_.listener(checkout.door).may_pay(unit, checkout); !may)
    return Refuse{may.error()};

  // From here on nothing can be refused.
  ChargeStarted started;
  started.attempt = State::next_attempt(unit);
  started.checkout = checkout.number;
  started.acquirer = request_.acquirer;
  started.order_id = order_id;
  started.form_key = request_.form_key;
  started_ = Started{started.attempt,   false,         order_id,         checkout.amount,
                     checkout.currency, checkout.name, checkout.purpose, customer_key_of(checkout)};
  return Accept{charge_started_kind, encode(started)};
}

void StartCharge::render(const engine::Record& record) {
  const ChargeStarted started = read_started(record);
  if (started.attempt == started_.attempt) return;
  started_ = Started();
  started_.attempt = started.attempt;
  started_.again = true;
}

// ---- the outcome

EndAttempt::EndAttempt(State& state, AttemptNumber attempt, Outcome outcome, Done done)
    : state_(state), attempt_(attempt), outcome_(std::move(outcome)), done_(std::move(done)) {
  INVARIANT(outcome_.is_definite(), "an attempt ends when its outcome is known");
}

AttemptEnded EndAttempt::base(AttemptStatus status) const {
  AttemptEnded ended;
  ended.attempt = attempt_;
  ended.status = status;
  ended.reference = outcome_.reference;
  ended.code = outcome_.code;
  ended.message = outcome_.message;
  ended.card_brand = outcome_.card_brand;
  ended.card_last4 = outcome_.card_last4;
  return ended;
}

Decision EndAttempt::decide(engine::Unit& unit) {
  const Attempt* found = state_.attempt(unit, attempt_);
  if (found == nullptr) return Refuse{Error(Errc::not_found, "no such attempt")};
  const Attempt attempt = *found;
  const Checkout* of = state_.find(unit, attempt.checkout);
  INVARIANT(of != nullptr, "an attempt is for a checkout");
  const Checkout checkout = *of;
  const bool approved = outcome_.kind == Outcome::Kind::approved;
  // An approval overrides that a charge was given up; nothing overrides an approval.
  const bool is_late_charge =
      attempt.kind == AttemptKind::charge && approved &&
      (attempt.status == AttemptStatus::declined || attempt.status == AttemptStatus::abandoned);
  if (attempt.status != AttemptStatus::open && !is_late_charge) {
    return Repeat{attempt.ended_record};
  }
  INVARIANT(attempt.kind != AttemptKind::keep || !approved, "what keeps a card charges nothing");
  auto ended = attempt.kind == AttemptKind::refund ? decide_refund(unit, attempt, checkout)
                                                   : decide_charge(unit, attempt, checkout);
  if (!ended) return Refuse{ended.error()};
  return Accept{attempt_ended_kind, encode(*ended)};
}

void EndAttempt::render(const engine::Record& record) {
  if (record.kind == card_kept_kind) {  // an attempt that only keeps a card ends so
    ended_ = Ended{AttemptStatus::approved, Consequence::none};
    return;
  }
  const auto ended = decode<AttemptEnded>(record.payload);
  INVARIANT(record.kind == attempt_ended_kind && ended.ok(), "an outcome reads back");
  ended_ = Ended{ended->status, ended->effect};
}

Result<AttemptEnded> EndAttempt::decide_charge(engine::Unit& unit, const Attempt& attempt,
                                               const Checkout& checkout) {
  if (outcome_.kind != Outcome::Kind::approved) {
    AttemptEnded ended =
        base(outcome_.kind == Outcome::Kind::absent ? AttemptStatus::abandoned : AttemptStatus::declined);
    ended.expires = checkout.open_attempt == attempt.number && unit.now() >= checkout.expires_at;
    return ended;
  }
  AttemptEnded ended = base(AttemptStatus::approved);
  if (can_take(checkout, attempt, unit.now())) {
    if (pay(unit, attempt, checkout, ended)) return ended;
    ended = base(AttemptStatus::approved);
  }
  ended.expires = checkout.open_attempt == attempt.number && unit.now() >= checkout.expires_at;
  RETURN_IF_ERROR(send_back(unit, attempt, checkout, ended));
  return ended;
}

Status EndAttempt::pay(engine::Unit& unit, const Attempt& attempt, const Checkout& checkout,
                       AttemptEnded& ended) {
  ledger::EntryBuilder entry(unit, state_.book());
  const auto clearing = entry.account(clearing_account(attempt.acquirer), checkout.currency, Floor::none);
  RETURN_IF_ERROR(entry.post(clearing, attempt.amount.negated().value()));
  ASSIGN_OR_RETURN(ended.note, state_.listener(checkout.door).decide_paid(unit, checkout, entry));
  ASSIGN_OR_RETURN(ended.entry, entry.build());
  ended.effect = Consequence::paid;
  return {};
}

Status EndAttempt::send_back(engine::Unit& unit, const Attempt& attempt, const Checkout& checkout,
                             AttemptEnded& ended) {
  ledger::EntryBuilder entry(unit, state_.book());
  const auto clearing = entry.account(clearing_account(attempt.acquirer), checkout.currency, Floor::none);
  RETURN_IF_ERROR(entry.post(clearing, attempt.amount.negated().value()));
  RETURN_IF_ERROR(
      entry.post(entry.account(returning_account, checkout.currency, Floor::zero), attempt.amount));
  ASSIGN_OR_RETURN(ended.entry, entry.build());
  ended.effect = Consequence::returning;
  ended.return_by = State::next_attempt(unit);
  return {};
}

Result<AttemptEnded> EndAttempt::decide_refund(engine::Unit& unit, const Attempt& attempt,
                                               const Checkout& checkout) {
  Listener& door = state_.listener(checkout.door);
  ledger::EntryBuilder entry(unit, state_.book());
  AttemptEnded ended;
  if (outcome_.kind == Outcome::Kind::approved) {
    ended = base(AttemptStatus::approved);
    const auto clearing = entry.account(clearing_account(attempt.acquirer), checkout.currency, Floor::none);
    RETURN_IF_ERROR(entry.post(clearing, attempt.amount));
    if (attempt.automatic) {
      ended.effect = Consequence::returned;
      RETURN_IF_ERROR(entry.post(entry.account(returning_account, checkout.currency, Floor::zero),
                                 attempt.amount.negated().value()));
    } else {
      ended.effect = Consequence::refunded;
      ended.note = door.decide_refunded(unit, checkout, attempt, entry);
    }
  } else {
    ended = base(AttemptStatus::declined);
    Attempt failed = attempt;
    failed.code = outcome_.code;
    failed.message = outcome_.message;
    ended.effect = attempt.automatic ? Consequence::return_failed : Consequence::refund_failed;
    if (!attempt.automatic) ended.note = door.decide_refund_failed(unit, checkout, failed, entry);
  }
  auto built = entry.build();
  INVARIANT(built.ok(), "a door keeps what it may have to give back: " + to_string(built.error()));
  ended.entry = std::move(*built);
  return ended;
}

// ---- the end of its time

Decision ExpireCheckouts::decide(engine::Unit& unit) {
  CheckoutsExpired expired;
  expired.due_at = row_.due_at;
  expired.first = row_.first;
  expired.last = row_.last;
  for (CheckoutNumber number = row_.first; number <= row_.last; ++number) {
    const Checkout* checkout = state_.find(unit, number);
    INVARIANT(checkout != nullptr, "checkouts are numbered without gaps");
    // One that is being paid waits for the outcome; its record says that the time has passed.
    if (checkout->expires_at == row_.due_at && checkout->status == CheckoutStatus::open)
      expired.expired.push_back(number);
  }
  return Accept{checkouts_expired_kind, encode(expired)};
}

}  // namespace jangbu::payment
