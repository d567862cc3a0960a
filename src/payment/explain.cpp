#include "payment/explain.h"

#include <array>
#include <utility>

#include "base/counted.h"
#include "engine/keys.h"
#include "ledger/explain.h"
#include "ledger/queries.h"
#include "payment/acquirer.h"
#include "payment/queries.h"
#include "payment/records.h"

namespace jangbu::payment {
namespace {

using ledger::Told;

std::string money(Money amount, const Checkout& checkout) {
  return ledger::amount_text(amount, checkout.currency) + " " + checkout.currency;
}

std::string korean_money(Money amount, const Checkout& checkout) {
  return ledger::korean_amount(amount, checkout.currency);
}

std::string card_text(const AttemptEnded& ended) {
  if (ended.card_last4.empty()) return {};
  const std::string brand = ended.card_brand.empty() ? "a" : "the " + ended.card_brand;
  return " with " + brand + " card ending in " + ended.card_last4;
}

/// " (VISA 카드 끝자리 4242, 승인 번호 123)"
std::string korean_facts(const AttemptEnded& ended) {
  std::string facts;
  if (!ended.card_last4.empty())
    facts = ended.card_brand + (ended.card_brand.empty() ? "" : " ") + "카드 끝자리 " + ended.card_last4;
  if (!ended.reference.empty()) facts += (facts.empty() ? "" : ", ") + ("승인 번호 " + ended.reference);
  return facts.empty() ? facts : " (" + facts + ")";
}

std::string reference_text(const AttemptEnded& ended) {
  return ended.reference.empty() ? std::string() : ", reference " + ended.reference;
}

/// The acquirer's own words, as the end of a sentence.
std::string reason_text(std::string_view message) {
  while (message.ends_with('.')) message.remove_suffix(1);
  return message.empty() ? "." : ": " + std::string(message) + ".";
}

/// Why a charge was declined: what its code means, or else the acquirer's own words.
std::string korean_reason(const AttemptEnded& ended) {
  constexpr std::array reasons = {std::pair{decline::card_declined, "카드 거절"},
                                  std::pair{decline::expired_card, "카드 만료"},
                                  std::pair{decline::insufficient_funds, "한도나 잔액 부족"},
                                  std::pair{decline::not_a_test_card, "시험 카드가 아님"},
                                  std::pair{decline::authentication_failed, "본인 인증 실패"},
                                  std::pair{decline::processing_error, "결제사 오류"}};
  for (const auto& [code, reason] : reasons)
    if (ended.code == code) return std::string(" 사유: ") + reason + ".";
  return ended.message.empty() ? "" : " 사유" + reason_text(ended.message);
}

std::string english(const AttemptEnded& ended, const Attempt& attempt, const Checkout& checkout) {
  const std::string amount = money(attempt.amount, checkout);
  const std::string& what = checkout.reference;
  switch (ended.effect) {
    case Consequence::none:
      return attempt.acquirer + " did not take " + amount + " for " + what + reason_text(ended.message);
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

std::string korean(const AttemptEnded& ended, const Attempt& attempt, const Checkout& checkout) {
  const std::string of = "결제사 " + attempt.acquirer + ", " + checkout.reference + ": " +
                         korean_money(attempt.amount, checkout);
  switch (ended.effect) {
    case Consequence::none:
      return of + "을 결제하지 못했습니다." + korean_reason(ended);
    case Consequence::paid:
      return of + "을 결제했습니다" + korean_facts(ended) + ".";
    case Consequence::returning:
      return of + "을 결제했지만 더는 결제할 수 없는 건이어서 돌려주게 했습니다" + korean_facts(ended) + ".";
    case Consequence::refunded:
    case Consequence::returned:
      return of + "을 고객에게 돌려주었습니다" + korean_facts(ended) + ".";
    case Consequence::refund_failed:
    case Consequence::return_failed:
      return of + "의 환불을 거절했습니다.";
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
      return Told{
          "payment.checkouts_expired",
          {"The time to pay ended for " + counted(expired.expired.size(), "checkout") + ".",
           "결제창 " + std::to_string(expired.expired.size()) + "건이 기한 안에 결제되지 않았습니다."},
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
  told.what.en = card.acquirer + (is_kept ? " keeps" : " has forgotten") + " the " + card.card_brand +
                 " card ending in " + card.card_last4 + " of " + checkout.reference + ".";
  told.what.ko = "결제사 " + card.acquirer + ", " + checkout.reference + ": " + card.card_brand +
                 " 카드(끝자리 " + card.card_last4 + ")를 " + (is_kept ? "등록했습니다." : "삭제했습니다.");
  ASSIGN_OR_RETURN(const std::uint64_t document, find_document_(session, checkout));
  if (document != 0) told.from.push_back(document);
  return told;
}

Result<Told> Explainer::tell_started(store::Session& session, const engine::Record& record) const {
  ASSIGN_OR_RETURN(const auto started, decode<ChargeStarted>(record.payload));
  ASSIGN_OR_RETURN(const Checkout checkout, find_checkout(session, started.checkout));
  Told told;
  told.kind = "payment.charge_started";
  told.what.en = started.acquirer + " was about to be asked for " + money(checkout.amount, checkout) +
                 " for " + checkout.reference + " under the order id " + started.order_id + ".";
  told.what.ko = "결제사 " + started.acquirer + ", " + checkout.reference + ": " +
                 korean_money(checkout.amount, checkout) + "의 결제를 요청하려 했습니다 (결제 주문번호 " +
                 started.order_id + ").";
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
  told.what = {english(ended, attempt, checkout), korean(ended, attempt, checkout)};
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
