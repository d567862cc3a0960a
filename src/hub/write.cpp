#include "hub/decide.h"

namespace jangbu::hub {

using engine::Decision;
using engine::Refuse;
using engine::Unit;

Error Refused::in_words() const {
  if (!gate) return error;
  return Error(error.code, "the deposit does not cover this: required " + gate->required.to_units_text() +
                               ", available " + gate->available.to_units_text() + ", missing " +
                               gate->shortfall().to_units_text());
}

Keyed HubDoor::keyed_of(const engine::Record& record) {
  switch (record.kind) {
    case order_created_kind:
      return said<OrderCreated>(record)->keyed;
    case order_cancelled_kind:
      return said<OrderCancelled>(record)->keyed;
    case refund_started_kind:
      return said<RefundStarted>(record)->keyed;
    case onboarded_kind:
      return said<Onboarded>(record)->keyed;
    case partner_ensured_kind:
      return said<PartnerEnsured>(record)->keyed;
    case campaign_created_kind:
      return said<CampaignCreated>(record)->keyed;
    case campaign_activated_kind:
      return said<CampaignActivated>(record)->keyed;
    case applied_kind:
      return said<Applied>(record)->keyed;
    case apply_set_kind:
      return said<ApplySet>(record)->keyed;
    case review_written_kind:
      return said<ReviewWritten>(record)->keyed;
    case review_judged_kind:
      return said<ReviewJudged>(record)->keyed;
    default:
      return {};
  }
}

engine::KeyDigest application_digest(CampaignId campaign, std::string_view reviewer) {
  return engine::key_digest(engine::KeyScope::hub_apply, campaign, reviewer);
}

Status admit(State& state, Unit& unit, const Caller& caller) {
  const AppSet* app = state.apps().find(caller.app);
  if (app == nullptr || app->suspended) return Errc::service_not_allowed;
  if (!unit.tokens().take(unit.session(), caller.token, caller.token_until, unit.wall_now()))
    return Errc::token_replayed;
  return {};
}

Decision UseToken::decide(Unit& unit) {
  if (const Status admitted = admit(state_, unit, caller_); !admitted) return Refuse{admitted.error()};
  return engine::Beside{};
}

}  // namespace jangbu::hub
