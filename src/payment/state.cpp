#include "payment/state.h"

#include "payment/decide.h"
#include "payment/tables.h"

namespace jangbu::payment {
namespace {

constexpr std::size_t cached_rows = 10'000;

const store::Sql attempts_of_sql{
    "SELECT number FROM payment_attempts WHERE checkout = $1 ORDER BY number DESC"};

template <typename T>
T read_payload(const engine::Record& record) {
  auto value = decode<T>(record.payload);
  INVARIANT(value.ok(), "record " + std::to_string(record.number) + " is of payment and does not read");
  return std::move(*value);
}

}  // namespace

struct State::Tables {
  engine::CachedTable<CheckoutTraits> checkouts{cached_rows};
  engine::CachedTable<AttemptTraits> attempts{cached_rows};
  engine::CachedTable<KeptCardTraits> cards{cached_rows};
};

State::State(ledger::Book& book) : book_(book), tables_(std::make_unique<Tables>()) {}
State::~State() = default;

void State::listen(Door door, Listener& listener) {
  const bool fresh = listeners_.emplace(door, &listener).second;
  INVARIANT(fresh, "a door listens once");
}

Listener& State::listener(Door door) {
  const auto it = listeners_.find(door);
  INVARIANT(it != listeners_.end(), "the door of a checkout listens");
  return *it->second;
}

CheckoutNumber State::next_checkout(engine::Unit& unit) {
  return unit.counters().last(engine::Counter::payment_checkout) + 1;
}

AttemptNumber State::next_attempt(engine::Unit& unit) {
  return unit.counters().last(engine::Counter::payment_attempt) + 1;
}

BillingKeyNumber State::next_billing_key(engine::Unit& unit) {
  return unit.counters().last(engine::Counter::payment_billing_key) + 1;
}

const KeptCard* State::kept_card(engine::Unit& unit, BillingKeyNumber number) {
  return tables_->cards.find(unit.session(), number);
}

const Checkout* State::find(engine::Unit& unit, CheckoutNumber number) {
  return tables_->checkouts.find(unit.session(), number);
}

const Attempt* State::attempt(engine::Unit& unit, AttemptNumber number) {
  return tables_->attempts.find(unit.session(), number);
}

Checkout& State::edit(engine::Unit& unit, CheckoutNumber number) {
  return tables_->checkouts.edit(unit.session(), number);
}

void State::want(CheckoutNumber checkout) { tables_->checkouts.want(checkout); }

std::uint64_t State::declines_since(engine::Unit& unit, CheckoutNumber checkout, Instant since,
                                    std::uint64_t most) {
  std::uint64_t declines = 0;
  // An attempt is in the database before its outcome is known; what became of it may be in the cache alone.
  engine::throw_if_failed(
      unit.session().query(attempts_of_sql, {store::Value::number(checkout)}, [&](const store::Row& row) {
        const Attempt* of = attempt(unit, row.number(0));
        if (of == nullptr || of->status == AttemptStatus::open) return true;
        if (of->ended_at <= since) return false;
        if (of->status == AttemptStatus::declined && of->kind != AttemptKind::refund) ++declines;
        return declines < most;
      }));
  return declines;
}

Status State::may_cancel(engine::Unit& unit, CheckoutNumber number) {
  const Checkout* checkout = find(unit, number);
  if (checkout == nullptr) return Errc::not_found;
  switch (checkout->status) {
    case CheckoutStatus::open:
    case CheckoutStatus::paying:
      return {};
    case CheckoutStatus::cancelled:
    case CheckoutStatus::expired:
      return Errc::checkout_closed;
    default:
      return Errc::already_paid;
  }
}

Status State::may_refund(engine::Unit& unit, CheckoutNumber number, Money amount) {
  const Checkout* checkout = find(unit, number);
  if (checkout == nullptr) return Errc::not_found;
  if (checkout->status == CheckoutStatus::refunding) return Errc::payment_in_progress;
  if (checkout->status == CheckoutStatus::refunded) return Errc::refund_exceeds_payment;
  if (checkout->status != CheckoutStatus::paid) return Errc::not_paid;
  if (!amount.is_positive()) return Error(Errc::invalid_parameters, "a refund is above zero");
  ASSIGN_OR_RETURN(const Money left, checkout->amount.minus(checkout->refunded));
  if (amount > left) return Errc::refund_exceeds_payment;
  return {};
}

Status State::may_charge(engine::Unit& unit, CheckoutNumber number, BillingKeyNumber key) {
  const Checkout* checkout = find(unit, number);
  if (checkout == nullptr) return Errc::not_found;
  if (checkout->purpose == Purpose::keep)
    return Error(Errc::invalid_parameters, "this checkout asks for no money");
  if (checkout->status == CheckoutStatus::paying) return Errc::payment_in_progress;
  if (checkout->status != CheckoutStatus::open) return may_cancel(unit, number);
  if (unit.now() >= checkout->expires_at) return Errc::checkout_closed;
  const KeptCard* card = kept_card(unit, key);
  if (card == nullptr || card->status != KeptCardStatus::kept) return Errc::card_not_kept;
  return {};
}

void State::open(engine::Unit& unit, const engine::Record& record, Checkout checkout) {
  const bool only_keeps = checkout.purpose == Purpose::keep;
  INVARIANT(only_keeps ? checkout.amount.is_zero() : checkout.amount.is_positive(),
            "a checkout has something to pay, or a card to keep");
  unit.take(engine::Counter::payment_checkout, checkout.number);
  checkout.status = CheckoutStatus::open;
  checkout.refunded = Money();
  checkout.open_attempt = checkout.charge = 0;
  checkout.charges = checkout.declines = 0;
  checkout.billing_key = 0;
  checkout.opened_wall_at = record.wall_at;
  if (checkout.expires_at != never)
    unit.due().add(checkout.expires_at, engine::WorkKind::payment_expire, checkout.number);
  const CheckoutNumber number = checkout.number;
  tables_->checkouts.put(number, std::move(checkout));
}

void State::cancel(engine::Unit& unit, const engine::Record&, CheckoutNumber number) {
  INVARIANT(may_cancel(unit, number).ok(), "a checkout that is cancelled is not paid");
  Checkout& checkout = edit(unit, number);
  checkout.status = CheckoutStatus::cancelled;
  checkout.open_attempt = 0;
}

void State::begin_refund(engine::Unit& unit, const engine::Record& record, CheckoutNumber number,
                         Money amount, AttemptNumber attempt_number) {
  INVARIANT(may_refund(unit, number, amount).ok(), "what is refunded was paid and is left");
  Checkout& checkout = edit(unit, number);
  checkout.status = CheckoutStatus::refunding;
  checkout.open_attempt = attempt_number;
  Attempt refund;
  refund.number = attempt_number;
  refund.checkout = number;
  refund.kind = AttemptKind::refund;
  refund.amount = amount;
  refund.charge = checkout.charge;
  open_attempt(unit, record, std::move(refund));
}

void State::begin_charge(engine::Unit& unit, const engine::Record& record, CheckoutNumber number,
                         BillingKeyNumber key, AttemptNumber attempt_number) {
  INVARIANT(find(unit, number) != nullptr, "a charge is for a checkout");
  Checkout& checkout = edit(unit, number);
  INVARIANT(checkout.status == CheckoutStatus::open && checkout.purpose != Purpose::keep,
            "what is charged is to be paid, and nobody is paying it");
  const KeptCard* card = kept_card(unit, key);
  INVARIANT(card != nullptr && card->status == KeptCardStatus::kept, "a card that is charged is kept");
  Attempt charge;
  charge.number = attempt_number;
  charge.checkout = number;
  charge.billing_key = key;
  charge.unattended = true;
  charge.acquirer = card->acquirer;
  charge.order_id = next_order_id(checkout);
  charge.amount = checkout.amount;
  checkout.status = CheckoutStatus::paying;
  checkout.open_attempt = attempt_number;
  ++checkout.charges;
  begun_charges_.push_back({attempt_number, current_trace()});
  open_attempt(unit, record, std::move(charge));
}

void State::forget_card(engine::Unit& unit, const engine::Record& record, BillingKeyNumber key) {
  KeptCard& card = tables_->cards.edit(unit.session(), key);
  if (card.status != KeptCardStatus::kept) return;
  card.status = KeptCardStatus::forgetting;
  card.ended_at = record.recorded_at;
  ended_cards_.push_back({key, current_trace()});
}

void State::open_attempt(engine::Unit& unit, const engine::Record& record, Attempt opened) {
  unit.take(engine::Counter::payment_attempt, opened.number);
  opened.opened_at = record.recorded_at;
  opened.opened_wall_at = record.wall_at;
  if (opened.kind == AttemptKind::refund) {
    const Attempt* charge = attempt(unit, opened.charge);
    INVARIANT(charge != nullptr, "a refund names the charge that goes back");
    opened.acquirer = charge->acquirer;
    opened.order_id = charge->order_id + "-r" + std::to_string(opened.number);
    begun_refunds_.push_back({opened.number, current_trace()});
  }
  const AttemptNumber number = opened.number;
  tables_->attempts.put(number, std::move(opened));
}

void State::apply(engine::Unit& unit, const engine::Record& record) {
  switch (record.kind) {
    case charge_started_kind:
      return apply_started(unit, record);
    case attempt_ended_kind:
      return apply_ended(unit, record);
    case checkouts_expired_kind:
      return apply_expired(unit, record);
    case card_kept_kind:
      return apply_card_kept(unit, record);
    case card_forgotten_kind:
      return apply_card_forgotten(unit, record);
    default:
      INVARIANT(false, "payment has no record of kind " + std::to_string(record.kind));
  }
}

void State::apply_started(engine::Unit& unit, const engine::Record& record) {
  ChargeStarted started = read_payload<ChargeStarted>(record);
  INVARIANT(find(unit, started.checkout) != nullptr, "a charge is for a checkout");
  Checkout& checkout = edit(unit, started.checkout);
  INVARIANT(checkout.status == CheckoutStatus::open && checkout.open_attempt == 0,
            "a checkout has one open attempt");
  checkout.status = CheckoutStatus::paying;
  checkout.open_attempt = started.attempt;
  ++checkout.charges;
  Attempt charge;
  charge.number = started.attempt;
  charge.checkout = started.checkout;
  charge.kind = checkout.purpose == Purpose::keep ? AttemptKind::keep : AttemptKind::charge;
  charge.acquirer = std::move(started.acquirer);
  charge.order_id = std::move(started.order_id);
  charge.amount = checkout.amount;
  open_attempt(unit, record, std::move(charge));
}

void State::apply_ended(engine::Unit& unit, const engine::Record& record) {
  const AttemptEnded ended = read_payload<AttemptEnded>(record);
  INVARIANT(attempt(unit, ended.attempt) != nullptr, "what ends was begun");
  Attempt& edited = tables_->attempts.edit(unit.session(), ended.attempt);
  edited.status = ended.status;
  edited.reference = ended.reference;
  edited.code = ended.code;
  edited.message = ended.message;
  edited.card_brand = ended.card_brand;
  edited.card_last4 = ended.card_last4;
  edited.ended_at = record.recorded_at;
  edited.ended_record = record.number;
  const Attempt now = edited;
  book_.post(unit, ended.entry);

  Checkout& checkout = edit(unit, now.checkout);
  // A card that was kept to pay with it is of no use when it does not.
  if (now.billing_key != 0 && !now.unattended && ended.effect != Consequence::paid &&
      now.kind == AttemptKind::charge)
    forget_card(unit, record, now.billing_key);
  if (checkout.open_attempt == now.number) checkout.open_attempt = 0;
  switch (ended.effect) {
    case Consequence::none: {
      if (ended.status == AttemptStatus::declined) ++checkout.declines;
      if (checkout.status == CheckoutStatus::paying && checkout.open_attempt == 0)
        checkout.status = ended.expires ? CheckoutStatus::expired : CheckoutStatus::open;
      const Checkout left = checkout;
      if (ended.status == AttemptStatus::declined && now.kind == AttemptKind::charge && !now.unattended)
        listener(left.door).apply_declined(unit, record, left, now);
      if (ended.expires) listener(left.door).apply_expired(unit, record, left);
      if (now.unattended)
        listener(left.door).apply_not_charged(unit, record, Checkout(edit(unit, now.checkout)), now);
      return;
    }
    case Consequence::paid: {
      checkout.status = CheckoutStatus::paid;
      checkout.charge = now.number;
      if (const KeptCard* card = now.unattended ? nullptr : kept_card(unit, now.billing_key);
          card != nullptr && card->status == KeptCardStatus::kept)
        checkout.billing_key = card->number;
      const Checkout paid = checkout;
      return listener(paid.door).apply_paid(unit, record, paid, ended.note);
    }
    case Consequence::returning: {
      if (checkout.status == CheckoutStatus::paying && checkout.open_attempt == 0)
        checkout.status = ended.expires ? CheckoutStatus::expired : CheckoutStatus::open;
      const Checkout left = checkout;
      Attempt refund;
      refund.number = ended.return_by;
      refund.checkout = now.checkout;
      refund.kind = AttemptKind::refund;
      refund.automatic = true;
      refund.amount = now.amount;
      refund.charge = now.number;
      open_attempt(unit, record, std::move(refund));
      if (ended.expires) listener(left.door).apply_expired(unit, record, left);
      if (now.unattended) listener(left.door).apply_not_charged(unit, record, left, now);
      return;
    }
    case Consequence::refunded: {
      const auto refunded = checkout.refunded.plus(now.amount);
      INVARIANT(refunded.ok() && *refunded <= checkout.amount, "never more goes back than was paid");
      checkout.refunded = *refunded;
      checkout.status =
          checkout.refunded == checkout.amount ? CheckoutStatus::refunded : CheckoutStatus::paid;
      const Checkout left = checkout;
      return listener(left.door).apply_refunded(unit, record, left, now, ended.note);
    }
    case Consequence::refund_failed: {
      checkout.status = CheckoutStatus::paid;
      const Checkout left = checkout;
      return listener(left.door).apply_refund_failed(unit, record, left, now, ended.note);
    }
    case Consequence::returned:
    case Consequence::return_failed:
      return;
  }
}

void State::apply_expired(engine::Unit& unit, const engine::Record& record) {
  const CheckoutsExpired expired = read_payload<CheckoutsExpired>(record);
  unit.due().remove({expired.due_at, engine::WorkKind::payment_expire, expired.first, expired.last});
  for (const CheckoutNumber number : expired.expired) {
    Checkout& checkout = edit(unit, number);
    INVARIANT(checkout.status == CheckoutStatus::open, "only what nobody pays expires");
    checkout.status = CheckoutStatus::expired;
    const Checkout now = checkout;
    listener(now.door).apply_expired(unit, record, now);
  }
}

void State::apply_card_kept(engine::Unit& unit, const engine::Record& record) {
  CardKept kept = read_payload<CardKept>(record);
  unit.take(engine::Counter::payment_billing_key, kept.key);
  INVARIANT(attempt(unit, kept.attempt) != nullptr, "a card is kept with an attempt");
  Attempt& of = tables_->attempts.edit(unit.session(), kept.attempt);
  INVARIANT(of.status == AttemptStatus::open && of.billing_key == 0, "an attempt keeps one card");
  of.billing_key = kept.key;
  KeptCard card;
  card.number = kept.key;
  card.checkout = of.checkout;
  card.acquirer = of.acquirer;
  card.card_brand = std::move(kept.card_brand);
  card.card_last4 = std::move(kept.card_last4);
  card.kept_at = record.recorded_at;
  const bool is_all = of.kind == AttemptKind::keep;
  if (is_all) {
    of.status = AttemptStatus::approved;
    of.card_brand = card.card_brand;
    of.card_last4 = card.card_last4;
    of.ended_at = record.recorded_at;
    of.ended_record = record.number;
  }
  tables_->cards.put(kept.key, card);
  if (!is_all) return;
  Checkout& checkout = edit(unit, card.checkout);
  checkout.status = CheckoutStatus::paid;
  checkout.open_attempt = 0;
  checkout.billing_key = card.number;
  const Checkout now = checkout;
  listener(now.door).apply_card_kept(unit, record, now, card);
}

void State::apply_card_forgotten(engine::Unit& unit, const engine::Record& record) {
  const CardForgotten forgotten = read_payload<CardForgotten>(record);
  INVARIANT(kept_card(unit, forgotten.key) != nullptr, "what is forgotten was kept");
  KeptCard& card = tables_->cards.edit(unit.session(), forgotten.key);
  INVARIANT(card.status == KeptCardStatus::forgetting, "somebody wanted it to be forgotten");
  card.status = KeptCardStatus::forgotten;
}

void State::keys_of(const engine::Record& record, std::vector<engine::KeyDigest>& out) const {
  if (record.kind != charge_started_kind) return;
  const auto started = read_payload<ChargeStarted>(record);
  out.push_back(engine::key_digest(engine::KeyScope::payment_form, started.checkout, started.form_key));
  out.push_back(engine::key_digest(engine::KeyScope::payment_order, 0, started.order_id));
}

void State::prefetch(engine::Unit& unit) { tables_->checkouts.prefetch(unit.session()); }

void State::flush(engine::Unit& unit) {
  tables_->checkouts.flush(unit.session());
  tables_->attempts.flush(unit.session());
  tables_->cards.flush(unit.session());
}

void State::committed() {
  tables_->checkouts.committed();
  tables_->attempts.committed();
  tables_->cards.committed();
  const std::vector<Wanted> refunds = std::exchange(begun_refunds_, {});
  const std::vector<Wanted> charges = std::exchange(begun_charges_, {});
  const std::vector<Wanted> cards = std::exchange(ended_cards_, {});
  AttemptObserver* observer = observer_;
  if (observer == nullptr) return;
  if (!refunds.empty()) observer->refunds_began(refunds);
  if (!charges.empty()) observer->charges_began(charges);
  if (!cards.empty()) observer->cards_ended(cards);
}

void State::discard() {
  tables_->checkouts.discard();
  tables_->attempts.discard();
  tables_->cards.discard();
  begun_refunds_.clear();
  begun_charges_.clear();
  ended_cards_.clear();
}

void State::load(engine::Unit&) {
  if (AttemptObserver* observer = observer_; observer != nullptr) observer->books_loaded();
}

std::unique_ptr<engine::Command> State::due_work(engine::Unit&, const engine::DueRow& row) {
  return std::make_unique<ExpireCheckouts>(*this, row);
}

}  // namespace jangbu::payment
