#include "payment/kept_cards.h"

#include "crypto/digest.h"

namespace jangbu::payment {
namespace {

using engine::Accept;
using engine::Decision;
using engine::Refuse;

constexpr std::size_t customer_digest_bytes = 12;

}  // namespace

std::string customer_key_of(const Checkout& checkout) {
  Bytes bytes;
  ByteWriter writer(bytes);
  writer.text("customer");
  writer.u64(checkout.number);
  writer.i64(checkout.opened_wall_at.us);
  writer.text(checkout.reference);
  return "jbc-" + std::to_string(checkout.number) + "-" +
         to_hex(crypto::sha256(bytes).view().substr(0, customer_digest_bytes));
}

KeepCard::KeepCard(State& state, const BillingKeys& keys, AttemptNumber attempt, BillingKey issued,
                   std::string customer_key, Done done)
    : state_(state),
      keys_(keys),
      attempt_(attempt),
      issued_(std::move(issued)),
      customer_key_(std::move(customer_key)),
      done_(std::move(done)) {}

Decision KeepCard::decide(engine::Unit& unit) {
  const Attempt* attempt = state_.attempt(unit, attempt_);
  if (attempt == nullptr || attempt->status != AttemptStatus::open || attempt->billing_key != 0)
    return Refuse{Errc::checkout_closed};
  const Checkout* checkout = state_.find(unit, attempt->checkout);
  INVARIANT(checkout != nullptr, "an attempt is for a checkout");
  if (checkout->open_attempt != attempt_ || checkout->purpose == Purpose::pay)
    return Refuse{Errc::checkout_closed};
  if (checkout->purpose == Purpose::keep) {
    // Nothing was paid with it: whatever came in between counts.
    const Checkout now = *checkout;
    if (const Status may = state_.listener(now.door).may_pay(unit, now); !may) return Refuse{may.error()};
  }

  // From here on nothing can be refused.
  number_ = State::next_billing_key(unit);
  return Accept{card_kept_kind, encode(CardKept{number_, attempt_, issued_.card_brand, issued_.card_last4})};
}

Status KeepCard::write_beside(store::Session& session) {
  return keys_.write(session, number_, {issued_.key, customer_key_});
}

ForgetCard::ForgetCard(State& state, BillingKeyNumber number, Done done)
    : state_(state), number_(number), done_(std::move(done)) {}

Decision ForgetCard::decide(engine::Unit& unit) {
  const KeptCard* card = state_.kept_card(unit, number_);
  if (card == nullptr || card->status != KeptCardStatus::forgetting) return Refuse{Errc::not_found};
  return Accept{card_forgotten_kind, encode(CardForgotten{number_})};
}

}  // namespace jangbu::payment
