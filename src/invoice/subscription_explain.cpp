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

std::string name_of(SubscriptionNumber number, Instant started_at) {
  return "The subscription " + object_id(IdKind::subscription, started_at, number);
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
                   std::string what, ledger::Entry entry = {}) {
  Told told{std::string(kind), std::move(what), std::move(entry), {}};
  RETURN_IF_ERROR(add_beginning(session, record, number, told));
  return told;
}

/// Of a record about many bills: those are what it is asked about, and each has its own beginning. `before`
/// and `behind`: what is said of so many bills.
template <typename Bills>
Result<Told> about_bills(Session& session, const Record& record, const Bills& bills, std::string_view kind,
                         const std::string& before, const std::string& behind) {
  Told told{std::string(kind), before + counted(bills.size(), "bill") + behind, {}, {}};
  if (bills.size() != 1) return told;
  ASSIGN_OR_RETURN(const BillView view, bill_by_number(session, bills.front().bill));
  RETURN_IF_ERROR(add_beginning(session, record, view.row.subscription, told));
  return told;
}

std::string_view action_text(SubscriptionAction action) {
  switch (action) {
    case SubscriptionAction::paused:
      return " was paused.";
    case SubscriptionAction::resumed:
      return " went on.";
    case SubscriptionAction::updated:
      return " was changed.";
    case SubscriptionAction::adjusted:
      return " got other adjustments.";
    case SubscriptionAction::transferred:
      return " was handed on.";
  }
  return " was changed.";
}

std::string end_text(const SubscriptionEnded& ended) {
  const Money final = ended.settlement.final;
  std::string text = name_of(ended.number, ended.started_at);
  text += ended.kind == BillKind::purchase ? " was bought out" : " was left";
  if (final.is_positive()) text += ": " + in_won(final) + " is to be paid";
  if (final.is_negative()) text += ": " + in_won(final.negated().value()) + " goes back";
  return text + ".";
}

}  // namespace

Result<Told> tell_of_subscription(Session& session, const Record& record) {
  switch (record.kind) {
    case bills_due_kind:
      return about_bills(session, record, said<BillsDue>(record)->bills, "subscription.bills_due", "",
                         " of subscriptions fell due; for each the kept card was about to be charged.");
    case bills_retried_kind:
      return about_bills(session, record, said<BillsRetried>(record)->bills, "subscription.bills_retried",
                         "Another try came for ", " that had failed.");
    case subscriptions_woken_kind:
      return Told{"subscription.woken",
                  counted(said<SubscriptionsWoken>(record)->subscriptions.size(), "subscription") +
                      " went on after a pause, or ended with the last month.",
                  {},
                  {}};
    case bills_woken_kind:
      return Told{"subscription.bills_woken",
                  counted(said<BillsWoken>(record)->bills.size(), "bill") +
                      " came that had rested while the seller was suspended.",
                  {},
                  {}};
    case subscription_changed_kind: {
      const auto changed = said<SubscriptionChanged>(record);
      return about(session, record, changed->number, "subscription.changed",
                   name_of(changed->number, changed->started_at) + std::string(action_text(changed->action)));
    }
    case subscription_ended_kind: {
      const auto ended = said<SubscriptionEnded>(record);
      return about(session, record, ended->number, "subscription.ended", end_text(*ended), ended->entry);
    }
    case change_requested_kind: {
      const auto asked = said<ChangeRequested>(record);
      return about(session, record, asked->number, "subscription.change_requested",
                   name_of(asked->number, asked->started_at) + " waits for a supervisor.");
    }
    case change_rejected_kind: {
      const auto rejected = said<ChangeRejected>(record);
      return about(
          session, record, rejected->number, "subscription.change_rejected",
          name_of(rejected->number, rejected->started_at) + " stays as it is: a change was rejected.");
    }
    case card_asked_kind: {
      const auto asked = said<CardAsked>(record);
      return about(session, record, asked->number, "subscription.card_asked",
                   name_of(asked->number, asked->started_at) + " asks its customer for another card.");
    }
    case charged_on_demand_kind: {
      const auto charged = said<ChargedOnDemand>(record);
      return about(session, record, charged->number, "subscription.charged_on_demand",
                   "The seller was about to charge " + in_won(charged->amount) + " on demand.");
    }
    case bill_changed_kind: {
      const auto changed = said<BillChanged>(record);
      ASSIGN_OR_RETURN(const BillView view, bill_by_number(session, changed->bill));
      return about(session, record, view.row.subscription, "subscription.bill_changed",
                   "A bill was moved, or is charged again.");
    }
    default:
      return Error(Errc::internal, "the invoice door has no records of this kind");
  }
}

}  // namespace jangbu::invoice
