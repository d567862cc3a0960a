#include "invoice/subscription_explain.h"

#include <algorithm>

#include "base/counted.h"
#include "invoice/amount_text.h"
#include "invoice/subscription_queries.h"
#include "invoice/subscription_records.h"

namespace jangbu::invoice {
namespace {

using engine::Record;
using ledger::Told;
using store::Session;

/// Of a subscription: "The subscription 6a.. was paused.", "구독 6a..의 이용을 일시정지했습니다."
ledger::Sentence of_subscription(SubscriptionNumber number, Instant started_at, std::string_view en,
                                 std::string_view ko) {
  const std::string id = object_id(IdKind::subscription, started_at, number);
  return {"The subscription " + id + std::string(en), "구독 " + id + std::string(ko)};
}

/// The record in which the subscription began: the payment of its invoice.
Status add_beginning(Session& session, const Record& record, SubscriptionNumber number, Told& told) {
  ASSIGN_OR_RETURN(const SubscriptionView view, subscription_by_number(session, number));
  const std::uint64_t source = view.order.record;
  if (source != 0 && source < record.number &&
      std::find(told.from.begin(), told.from.end(), source) == told.from.end())
    told.from.push_back(source);
  return {};
}

Result<Told> about(Session& session, const Record& record, SubscriptionNumber number, std::string_view kind,
                   ledger::Sentence what, ledger::Entry entry = {}) {
  Told told{std::string(kind), std::move(what), std::move(entry), {}};
  RETURN_IF_ERROR(add_beginning(session, record, number, told));
  return told;
}

/// Of a record about many bills: those are what it is asked about, and each has its own beginning. `before`
/// and `behind`: what is said of so many bills.
template <typename Bills>
Result<Told> about_bills(Session& session, const Record& record, const Bills& bills, std::string_view kind,
                         const std::string& before, const std::string& behind, std::string_view ko) {
  Told told{std::string(kind),
            {before + counted(bills.size(), "bill") + behind,
             "정기결제 " + std::to_string(bills.size()) + std::string(ko)},
            {},
            {}};
  if (bills.size() != 1) return told;
  ASSIGN_OR_RETURN(const BillView view, bill_by_number(session, bills.front().bill));
  RETURN_IF_ERROR(add_beginning(session, record, view.row.subscription, told));
  return told;
}

ledger::Sentence action_text(const SubscriptionChanged& changed) {
  const auto say = [&](std::string_view en, std::string_view ko) {
    return of_subscription(changed.number, changed.started_at, en, ko);
  };
  switch (changed.action) {
    case SubscriptionAction::paused:
      return say(" was paused.", "의 이용을 일시정지했습니다.");
    case SubscriptionAction::resumed:
      return say(" went on.", "의 이용을 다시 시작했습니다.");
    case SubscriptionAction::updated:
      return say(" was changed.", "의 내용을 변경했습니다.");
    case SubscriptionAction::adjusted:
      return say(" got other adjustments.", "의 가격 조정을 변경했습니다.");
    case SubscriptionAction::transferred:
      return say(" was handed on.", "의 고객을 바꾸었습니다(양도).");
  }
  return say(" was changed.", "의 내용을 변경했습니다.");
}

ledger::Sentence end_text(const SubscriptionEnded& ended) {
  const Money final = ended.settlement.final;
  const bool is_bought = ended.kind == BillKind::purchase;
  ledger::Sentence said =
      of_subscription(ended.number, ended.started_at, is_bought ? " was bought out" : " was left",
                      is_bought ? "의 상품을 인수했습니다." : "의 해지를 마쳤습니다.");
  if (final.is_positive()) {
    said.en += ": " + in_won(final) + " is to be paid";
    said.ko += " 받을 금액: " + ledger::korean_amount(final, won) + ".";
  }
  if (final.is_negative()) {
    const Money back = final.negated().value();
    said.en += ": " + in_won(back) + " goes back";
    said.ko += " 돌려줄 금액: " + ledger::korean_amount(back, won) + ".";
  }
  said.en += ".";
  return said;
}

}  // namespace

Result<Told> tell_of_subscription(Session& session, const Record& record) {
  switch (record.kind) {
    case bills_due_kind:
      return about_bills(session, record, said<BillsDue>(record)->bills, "subscription.bills_due", "",
                         " of subscriptions fell due; for each the kept card was about to be charged.",
                         "건의 결제일이 되어 카드 결제를 시작하려 했습니다.");
    case bills_retried_kind:
      return about_bills(session, record, said<BillsRetried>(record)->bills, "subscription.bills_retried",
                         "Another try came for ", " that had failed.", "건의 결제를 다시 시도했습니다.");
    case subscriptions_woken_kind: {
      const std::size_t count = said<SubscriptionsWoken>(record)->subscriptions.size();
      return Told{
          "subscription.woken",
          {counted(count, "subscription") + " went on after a pause, or ended with the last month.",
           "구독 " + std::to_string(count) + "건이 일시정지 뒤에 이어지거나 마지막 달과 함께 끝났습니다."},
          {},
          {}};
    }
    case bills_woken_kind: {
      const std::size_t count = said<BillsWoken>(record)->bills.size();
      return Told{
          "subscription.bills_woken",
          {counted(count, "bill") + " came that had rested while the seller was suspended.",
           "판매자가 중지된 동안 멈춰 있던 정기결제 " + std::to_string(count) + "건을 이어 갔습니다."},
          {},
          {}};
    }
    case subscription_changed_kind: {
      const auto changed = said<SubscriptionChanged>(record);
      return about(session, record, changed->number, "subscription.changed", action_text(*changed));
    }
    case subscription_ended_kind: {
      const auto ended = said<SubscriptionEnded>(record);
      return about(session, record, ended->number, "subscription.ended", end_text(*ended), ended->entry);
    }
    case change_requested_kind: {
      const auto asked = said<ChangeRequested>(record);
      return about(session, record, asked->number, "subscription.change_requested",
                   of_subscription(asked->number, asked->started_at, " waits for a supervisor.",
                                   "의 변경 요청이 결정을 기다립니다."));
    }
    case change_rejected_kind: {
      const auto rejected = said<ChangeRejected>(record);
      return about(
          session, record, rejected->number, "subscription.change_rejected",
          of_subscription(rejected->number, rejected->started_at, " stays as it is: a change was rejected.",
                          "의 변경 요청을 거절했습니다. 구독은 그대로입니다."));
    }
    case card_asked_kind: {
      const auto asked = said<CardAsked>(record);
      return about(session, record, asked->number, "subscription.card_asked",
                   of_subscription(asked->number, asked->started_at, " asks its customer for another card.",
                                   "의 고객에게 다른 카드를 요청했습니다."));
    }
    case charged_on_demand_kind: {
      const auto charged = said<ChargedOnDemand>(record);
      return about(
          session, record, charged->number, "subscription.charged_on_demand",
          {"The seller was about to charge " + in_won(charged->amount) + " on demand.",
           "판매자가 " + ledger::korean_amount(charged->amount, won) + "의 수시 결제를 시작하려 했습니다."});
    }
    case bill_changed_kind: {
      const auto changed = said<BillChanged>(record);
      ASSIGN_OR_RETURN(const BillView view, bill_by_number(session, changed->bill));
      return about(
          session, record, view.row.subscription, "subscription.bill_changed",
          {"A bill was moved, or is charged again.", "정기결제 한 건의 결제일을 옮기거나 다시 결제합니다."});
    }
    default:
      return Error(Errc::internal, "the invoice door has no records of this kind");
  }
}

}  // namespace jangbu::invoice
