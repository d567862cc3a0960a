#include "payment/sandbox.h"

#include <array>
#include <future>

#include "crypto/digest.h"
#include "payment/sandbox_memory.h"

namespace jangbu::payment {
namespace {

using sandbox::Behaviour;
using sandbox::key_row;
using sandbox::Memory;
using sandbox::recall;
using sandbox::remember;

constexpr std::array cards = {
    TestCard{"4242424242424242", "success"},
    TestCard{"4000000000000002", "declined"},
    TestCard{"4000000000000069", "expired card"},
    TestCard{"4000000000009995", "insufficient funds"},
    TestCard{"4000002760003184", "needs authentication, code 123456"},
    TestCard{"4000000000000119", "no answer in time, but charged"},
    TestCard{"4000000000000127", "no answer in time, and not charged"},
    TestCard{"4000000000000135", "success, answered twice"},
    TestCard{"4000000000000341", "success; insufficient funds when charged later without you", true},
    TestCard{"4000000000000366", "success; declined every other time when charged later without you", true},
};

/// A customer who does not authenticate has given up after this long.
constexpr Duration authentication_time = Duration::seconds(600);

std::optional<Behaviour> behaviour_of(std::string_view number) {
  for (std::size_t i = 0; i < cards.size(); ++i)
    if (cards[i].number == number) return static_cast<Behaviour>(i);
  return std::nullopt;
}

/// One turn of a conversation: what was said before is read, and what is said now is written, in the books'
/// own transaction. So turns come one after the other, and many of them share one commit.
class SandboxTransaction final : public engine::Command {
 public:
  /// Says what is answered; called again when the batch has to be.
  using Say = std::function<Result<Outcome>(store::Session&)>;
  SandboxTransaction(Say say, std::shared_ptr<std::promise<Outcome>> done)
      : say_(std::move(say)), done_(std::move(done)) {}
  engine::Decision decide(engine::Unit&) override { return engine::Beside{}; }
  Status write_beside(store::Session& session) override {
    ASSIGN_OR_RETURN(answer_, say_(session));
    return {};
  }
  void succeeded() noexcept override { done_->set_value(std::move(answer_)); }
  void failed(const Error&) noexcept override { done_->set_value(Outcome::unknown()); }

 private:
  Say say_;
  std::shared_ptr<std::promise<Outcome>> done_;
  Outcome answer_;
};

void decline_as(Behaviour behaviour, bool unattended, std::uint64_t charges, Memory& charge) {
  const auto lacks_funds = [&charge] {
    charge.decline(decline::insufficient_funds, "The card has not enough funds.");
  };
  switch (behaviour) {
    case Behaviour::is_declined:
      return charge.decline(decline::card_declined, "The card was declined.");
    case Behaviour::is_expired:
      return charge.decline(decline::expired_card, "The card has expired.");
    case Behaviour::lacks_funds:
      return lacks_funds();
    case Behaviour::asks_for_authentication:
      if (unattended)
        return charge.decline(decline::authentication_failed,
                              "The card asks for its owner, who is not there.");
      charge.state = Memory::State::waits;
      return;
    case Behaviour::lacks_funds_unattended:
      if (unattended) lacks_funds();
      return;
    case Behaviour::succeeds_every_other_time:
      if (unattended && charges % 2 == 1) lacks_funds();
      return;
    default:
      return;
  }
}

/// A charge with an order id that was not heard before.
Result<Outcome> begin_charge(store::Session& session, const ChargeRequest& request, Instant now,
                             std::optional<Behaviour> behaviour, Memory charge) {
  charge.at = now;
  charge.amount = request.amount;
  charge.reference = "sandbox_" + to_hex(crypto::sha256(request.order_id).view().substr(0, 8));
  std::uint64_t charges = 0;
  if (!request.billing_key.empty()) {
    ASSIGN_OR_RETURN(auto kept, recall(session, key_row(request.billing_key)));
    if (!kept || kept->state != Memory::State::kept_card)
      return Outcome::declined(std::string(decline::card_declined), "This card is not kept here any more.");
    behaviour = kept->behaviour;
    charge.card_brand = kept->card_brand;
    charge.card_last4 = kept->card_last4;
    if (request.unattended && behaviour == Behaviour::succeeds_every_other_time) {
      charges = ++kept->charges;
      RETURN_IF_ERROR(remember(session, key_row(request.billing_key), *kept));
    }
  }
  if (!behaviour) {
    charge.decline(decline::not_a_test_card, "This is not a test card. The sandbox takes test cards only.");
  } else {
    if (behaviour == Behaviour::times_out_not_charged) return Outcome::unknown();
    charge.behaviour = *behaviour;
    decline_as(*behaviour, request.unattended, charges, charge);
  }
  RETURN_IF_ERROR(remember(session, request.order_id, charge));
  return charge.behaviour == Behaviour::times_out_charged ? Outcome::unknown() : charge.outcome();
}

bool has_given_up(const Memory& charge, Instant now) {
  return charge.state == Memory::State::waits && now - charge.at >= authentication_time;
}

/// What became of a charge, and of one whose customer has given up, from now on.
Result<Outcome> look(store::Session& session, const std::string& order_id, Instant now) {
  ASSIGN_OR_RETURN(auto charge, recall(session, order_id));
  if (!charge) return Outcome::absent();
  if (has_given_up(*charge, now)) {
    charge->decline(decline::authentication_failed, "The card was not authenticated in time.");
    RETURN_IF_ERROR(remember(session, order_id, *charge));
  }
  return charge->outcome();
}

Result<Outcome> give_back(store::Session& session, const RefundRequest& request) {
  ASSIGN_OR_RETURN(auto charge, recall(session, request.charge_order_id));
  if (!charge || charge->state != Memory::State::approved)
    return Outcome::declined(std::string(decline::processing_error), "There is no such charge.");
  if (!charge->refunds.contains(request.order_id)) {
    const auto sum = charge->refunded().plus(request.amount);
    if (!sum || *sum > charge->amount)
      return Outcome::declined(std::string(decline::processing_error), "This is more than was charged.");
    charge->refunds.emplace(request.order_id, request.amount);
    RETURN_IF_ERROR(remember(session, request.charge_order_id, *charge));
  }
  Outcome outcome = charge->outcome();
  outcome.reference += "_refund" + std::to_string(charge->refunds.size());
  return outcome;
}

}  // namespace

std::span<const TestCard> test_cards() { return cards; }

SandboxAcquirer::SandboxAcquirer(Books books, const Clock& clock, Random& random)
    : books_(std::move(books)), clock_(clock), random_(random) {}

Outcome SandboxAcquirer::converse(std::function<Result<Outcome>(store::Session&)> say) const {
  const auto done = std::make_shared<std::promise<Outcome>>();
  auto future = done->get_future();
  if (!books_.submit(std::make_unique<SandboxTransaction>(std::move(say), done))) return Outcome::unknown();
  return future.get();
}

Outcome SandboxAcquirer::charge(const ChargeRequest& request) {
  Memory blank;
  std::optional<Behaviour> behaviour;
  if (request.billing_key.empty()) {
    behaviour = behaviour_of(request.card.number.view());
    blank.card_brand = request.card.brand();
    blank.card_last4 = request.card.last4();
  }
  const Outcome outcome = converse([&, now = clock_.wall_now()](store::Session& session) -> Result<Outcome> {
    ASSIGN_OR_RETURN(const auto known, recall(session, request.order_id));
    if (known) return known->outcome();
    return begin_charge(session, request, now, behaviour, blank);
  });
  if (behaviour == Behaviour::answers_twice) tell(request.order_id);
  return outcome;
}

Outcome SandboxAcquirer::authenticate(const Question& question, const std::string& code) {
  return converse([&, now = clock_.wall_now()](store::Session& session) -> Result<Outcome> {
    ASSIGN_OR_RETURN(Outcome outcome, look(session, question.order_id, now));
    if (outcome.kind != Outcome::Kind::needs_authentication) return outcome;
    ASSIGN_OR_RETURN(auto charge, recall(session, question.order_id));
    if (code == test_authentication_code) {
      charge->state = Memory::State::approved;
    } else {
      charge->decline(decline::authentication_failed, "The code is not right.");
    }
    RETURN_IF_ERROR(remember(session, question.order_id, *charge));
    return charge->outcome();
  });
}

Outcome SandboxAcquirer::find(const Question& question) {
  const Instant now = clock_.wall_now();
  const auto known = read_and_wait(
      books_, [&question](store::Session& session) { return recall(session, question.order_id); });
  if (!known) return Outcome::unknown();
  if (!*known) return Outcome::absent();
  if (!has_given_up(**known, now)) return (*known)->outcome();
  return converse([&](store::Session& session) { return look(session, question.order_id, now); });
}

Outcome SandboxAcquirer::refund(const RefundRequest& request) {
  return converse([&request](store::Session& session) { return give_back(session, request); });
}

Result<BillingKey> SandboxAcquirer::issue_billing_key(const BillingKeyRequest& request) {
  const auto behaviour = behaviour_of(request.card.number.view());
  if (!behaviour) return Error(Errc::card_refused, "this is not a test card");
  Memory kept;
  kept.state = Memory::State::kept_card;
  kept.behaviour = *behaviour;
  kept.at = clock_.wall_now();
  kept.card_brand = request.card.brand();
  kept.card_last4 = request.card.last4();
  const BillingKey key{"sbk_" + to_hex(random_.bytes(16)), kept.card_brand, kept.card_last4};
  const Outcome written = converse([&](store::Session& session) -> Result<Outcome> {
    RETURN_IF_ERROR(remember(session, key_row(key.key), kept));
    return Outcome::absent();
  });
  if (!written.is_definite()) return Errc::acquirer_unavailable;
  return key;
}

Status SandboxAcquirer::delete_billing_key(const std::string& key) {
  const Outcome deleted = converse([&key](store::Session& session) -> Result<Outcome> {
    ASSIGN_OR_RETURN(auto kept, recall(session, key_row(key)));
    if (kept) {
      kept->state = Memory::State::deleted_card;
      RETURN_IF_ERROR(remember(session, key_row(key), *kept));
    }
    return Outcome::absent();
  });
  return deleted.is_definite() ? Status() : Status(Errc::acquirer_unavailable);
}

}  // namespace jangbu::payment
