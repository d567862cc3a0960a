#include "payment/explain.h"

#include "base/counted.h"
#include "engine/keys.h"
#include "ledger/queries.h"
#include "payment/queries.h"
#include "payment/records.h"

namespace jangbu::payment {
namespace {

using ledger::Told;

std::string money(Money amount, const Checkout& checkout) {
  return ledger::amount_text(amount, checkout.currency) + " " + checkout.currency;
}

std::string card_text(const AttemptEnded& ended) {
  if (ended.card_last4.empty()) return {};
  const std::string brand = ended.card_brand.empty() ? "a" : "the " + ended.card_brand;
  return " with " + brand + " card ending in " + ended.card_last4;
}

std::string reference_text(const AttemptEnded& ended) {
  return ended.reference.empty() ? std::string() : ", reference " + ended.reference;
}

std::string sentence(const AttemptEnded& ended, const Attempt& attempt, const Checkout& checkout) {
  const std::string amount = money(attempt.amount, checkout);
  const std::string& what = checkout.reference;
  switch (ended.effect) {
    case Consequence::none:
      return attempt.acquirer + " did not take " + amount + " for " + what +
             (ended.message.empty() ? std::string(".") : ": " + ended.message + ".");
    case Consequence::paid:
      return attempt.acquirer + " took " + amount + " for " + what + card_text(ended) +
             reference_text(ended) + ".";
    case Consequence::returning:
      return attempt.acquirer + " took " + amount + " for " + what + card_text(ended) +
             " when it could not be paid any more, and was told to give it back.";
    case Consequence::refunded:
    case Consequence::returned:
      return attempt.acquirer + " gave " + amount + " of " + what + " back to the customer" +
             reference_text(ended) + ".";
    case Consequence::refund_failed:
    case Consequence::return_failed:
      return attempt.acquirer + " refused to give " + amount + " of " + what + " back.";
  }
  return {};
}

}  // namespace

Result<Told> Explainer::tell(store::Session& session, const engine::Record& record) const {
  switch (record.kind) {
    case charge_started_kind:
      return tell_started(session, record);
    case attempt_ended_kind:
      return tell_ended(session, record);
    case card_kept_kind:
    case card_forgotten_kind:
      return tell_card(session, record);
    default: {
      ASSIGN_OR_RETURN(const auto expired, decode<CheckoutsExpired>(record.payload));
      return Told{"payment.checkouts_expired",
                  "The time to pay ended for " + counted(expired.expired.size(), "checkout") + ".",
                  {},
                  {}};
    }
  }
}

Result<Told> Explainer::tell_card(store::Session& session, const engine::Record& record) const {
  const bool is_kept = record.kind == card_kept_kind;
  ByteReader in(record.payload);
  ASSIGN_OR_RETURN(const KeptCard card, find_kept_card(session, in.varint()));
  ASSIGN_OR_RETURN(const Checkout checkout, find_checkout(session, card.checkout));
  Told told;
  told.kind = is_kept ? "payment.card_kept" : "payment.card_forgotten";
  told.what = card.acquirer + (is_kept ? " keeps" : " has forgotten") + " the " + card.card_brand +
              " card ending in " + card.card_last4 + " of " + checkout.reference + ".";
  ASSIGN_OR_RETURN(const std::uint64_t document, find_document_(session, checkout));
  if (document != 0) told.from.push_back(document);
  return told;
}

Result<Told> Explainer::tell_started(store::Session& session, const engine::Record& record) const {
  ASSIGN_OR_RETURN(const auto started, decode<ChargeStarted>(record.payload));
  ASSIGN_OR_RETURN(const Checkout checkout, find_checkout(session, started.checkout));
  Told told;
  told.kind = "payment.charge_started";
  told.what = started.acquirer + " was about to be asked for " + money(checkout.amount, checkout) + " for " +
              checkout.reference + " under the order id " + started.order_id + ".";
  ASSIGN_OR_RETURN(const std::uint64_t document, find_document_(session, checkout));
  if (document != 0) told.from.push_back(document);
  return told;
}

Result<Told> Explainer::tell_ended(store::Session& session, const engine::Record& record) const {
  ASSIGN_OR_RETURN(auto ended, decode<AttemptEnded>(record.payload));
  ASSIGN_OR_RETURN(const Attempt attempt, find_attempt(session, ended.attempt));
  ASSIGN_OR_RETURN(const Checkout checkout, find_checkout(session, attempt.checkout));
  Told told;
  told.kind = "payment.attempt_ended";
  told.what = sentence(ended, attempt, checkout);
  told.entry = std::move(ended.entry);
  if (attempt.kind == AttemptKind::refund) {
    ASSIGN_OR_RETURN(const Attempt charge, find_attempt(session, attempt.charge));
    if (charge.ended_record != 0 && charge.ended_record < record.number)
      told.from.push_back(charge.ended_record);
  } else {
    const auto digest = engine::key_digest(engine::KeyScope::payment_order, 0, attempt.order_id);
    ASSIGN_OR_RETURN(const auto started, peek_(session, digest));
    if (started) told.from.push_back(*started);
  }
  ASSIGN_OR_RETURN(const std::uint64_t document, find_document_(session, checkout));
  if (document != 0) told.from.push_back(document);
  return told;
}

Result<std::uint64_t> paid_record(store::Session& session, CheckoutNumber number) {
  ASSIGN_OR_RETURN(const Checkout checkout, find_checkout(session, number));
  if (checkout.charge == 0) return std::uint64_t{0};
  ASSIGN_OR_RETURN(const Attempt charge, find_attempt(session, checkout.charge));
  return charge.ended_record;
}

}  // namespace jangbu::payment
