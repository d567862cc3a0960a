// Decisions about the one call that makes everything from a paid order.
#include "hub/decide.h"
#include "hub/match.h"
#include "hub/messages.h"

namespace jangbu::hub {

using engine::Decision;
using engine::Refuse;
using engine::Unit;
using ledger::Floor;

namespace {

/// Everything that an order pays for. Errors: email_duplicate, invalid_parameters (it ends in the past).
Result<Onboarded> decide_onboard(State& state, Unit& unit, const Keyed& keyed, const Onboard& request,
                                 OrderNumber number, const std::string& link_base) {
  const AppSet& app = *state.apps().find(keyed.app);
  if (request.campaign.end_at <= unit.now())
    return Error(Errc::invalid_parameters, "the campaign ends in the past");
  Onboarded onboarded;
  onboarded.keyed = keyed;
  onboarded.order = number;
  ASSIGN_OR_RETURN(onboarded.partner, match_for_onboard(state, unit, keyed.app, request.partner));
  const payment::Checkout* paid = state.payments().find(unit, state.order(unit, number)->checkout);
  onboarded.charged = paid->amount.minus(paid->refunded).value();
  onboarded.campaign = unit.counters().last(engine::Counter::hub_campaign) + 1;
  onboarded.form = request.campaign;
  onboarded.due_at = request.campaign.end_at + Duration::days(static_cast<std::int64_t>(app.due_days));
  onboarded.gate =
      gate_of(state, unit, onboarded.partner.id,
              required_deposit(request.campaign.reward, request.campaign.offers), onboarded.charged, Money());
  onboarded.status = opening_status(app, onboarded.gate);
  onboarded.invite = invite_for(state, unit, onboarded.partner, is_placeholder(request.partner), link_base);

  ledger::EntryBuilder entry(unit, state.book());
  const auto prepaid = entry.account(prepaid_account(keyed.app), won, Floor::zero);
  const auto deposit = entry.account(deposit_account(onboarded.partner.id), won, Floor::zero);
  RETURN_IF_ERROR(entry.transfer(prepaid, deposit, onboarded.charged));
  if (holds_deposit(onboarded.status)) RETURN_IF_ERROR(entry.hold(deposit, onboarded.gate.required));
  ASSIGN_OR_RETURN(onboarded.entry, entry.build());
  return onboarded;
}

}  // namespace

void OnboardCampaign::want(Unit& unit) {
  unit.tokens().want(caller_.token);
  if (!keyed_.key.empty()) unit.keys().want(door::digest_of(HubDoor::key_scope, keyed_));
  if (const OrderNumber number = order_number_of(request_.order_code); number != 0) state_.want_order(number);
  state_.want_email(request_.partner.email);
  state_.want_business_number(caller_.app, request_.partner.country, request_.partner.business_number);
}

Decision OnboardCampaign::repeat(Unit& unit, std::uint64_t number) {
  replayed_ = true;
  if (const AnswerRow* first = state_.answer(unit, number)) answer_.first_answer = *first;
  const auto onboarded = said<Onboarded>(unit.record(number));
  if (onboarded->invite.id != 0) answer_.mail_event = state_.invite(unit, onboarded->invite.id)->event;
  return engine::Repeat{number};
}

Decision OnboardCampaign::decide(Unit& unit) {
  answer_ = OnboardAnswer();
  replayed_ = false;
  refused_ = Refused{Errc::internal};
  if (const Status admitted = admit(state_, unit, caller_); !admitted) return Refuse{admitted.error()};
  if (!keyed_.key.empty()) {
    const auto digest = door::digest_of(HubDoor::key_scope, keyed_);
    if (const auto earlier = unit.keys().find(unit.session(), digest)) {
      if (HubDoor::keyed_of(unit.record(*earlier)).body != keyed_.body)
        return Refuse{Errc::idempotency_conflict};
      return repeat(unit, *earlier);
    }
  }
  const OrderNumber number = order_number_of(request_.order_code);
  const OrderRow* found = number == 0 ? nullptr : state_.order(unit, number);
  if (found == nullptr || found->app != caller_.app)
    return Refuse{Error(Errc::invalid_order, "there is no order " + request_.order_code)};
  const OrderRow row = *found;
  const auto created = said<OrderCreated>(unit.record(row.record));
  if (created->code != request_.order_code)
    return Refuse{Error(Errc::invalid_order, "there is no order " + request_.order_code)};
  if (row.status == OrderStatus::consumed) {
    // The order carried this very onboarding: what its payment ran is this call's result.
    const engine::Record consumed = unit.record(row.consumed);
    if (row.carries && consumed.kind == onboarded_kind && created->onboard_body == body_)
      return repeat(unit, row.consumed);
    return Refuse{Error(Errc::invalid_order, request_.order_code + " has been consumed")};
  }
  if (row.status != OrderStatus::paid)
    return Refuse{Error(Errc::invalid_order, request_.order_code + " is not paid")};
  auto onboarded = decide_onboard(state_, unit, keyed_, request_, number, state_.link_base());
  if (!onboarded) {
    if (onboarded.error().code == Errc::invalid_parameters) refused_.path = {"campaign", "endAt"};
    return Refuse{onboarded.error()};
  }
  // The mail is the first event that the record puts into the outbox.
  if (onboarded->invite.mail && !onboarded->asks_for_access())
    answer_.mail_event = unit.counters().last(engine::Counter::outbox_event) + 1;
  return accept(onboarded_kind, std::move(*onboarded));
}

void OnboardCampaign::render(const engine::Record& record) {
  answer_.onboarded = said<Onboarded>(record);
  answer_.record = record.number;
}

void OnboardCampaign::succeeded() noexcept { answered_(Done{std::move(answer_), replayed_}); }

void OnboardCampaign::failed(const Error& error) noexcept {
  refused_.error = error;
  answered_(std::move(refused_));
}

Decision OnboardByItself::decide(Unit& unit) {
  const OrderRow row = *state_.order(unit, order_);
  const auto created = said<OrderCreated>(unit.record(row.record));
  Keyed keyed;
  keyed.app = row.app;
  auto onboarded = decide_onboard(state_, unit, keyed, *created->order.onboard, order_, created->link_base);
  if (!onboarded)
    return accept(onboard_failed_kind,
                  OnboardFailed{order_, std::string(error_text(onboarded.error().code))});
  onboarded->by_itself = true;
  return accept(onboarded_kind, std::move(*onboarded));
}

Decision AnswerOnboard::decide(Unit& unit) {
  if (const AnswerRow* first = state_.answer(unit, onboarded_)) {
    row_ = *first;
    return engine::Beside{};
  }
  row_ = AnswerRow{email_sent_, email_sent_ ? unit.now() : Instant{}};
  return accept(onboard_answered_kind, OnboardAnswered{onboarded_, row_.email_sent, row_.email_sent_at});
}

}  // namespace jangbu::hub
