#include "affiliate/reward_api.h"

namespace jangbu::affiliate {

using engine::Decision;
using engine::Unit;

std::string_view reward_status_name(RewardStatus status) {
  switch (status) {
    case RewardStatus::none:
      return "NONE";
    case RewardStatus::requested:
      return "REQUESTED";
    case RewardStatus::approved:
      return "APPROVED";
    case RewardStatus::rejected:
      return "REJECTED";
  }
  return "";
}

std::optional<RewardStatus> reward_status_of(std::string_view name) {
  for (const RewardStatus status :
       {RewardStatus::none, RewardStatus::requested, RewardStatus::approved, RewardStatus::rejected})
    if (reward_status_name(status) == name) return status;
  return std::nullopt;
}

Result<Reward> reward_after(const Reward& before, const RewardForm& form, By by, Instant now) {
  Reward after = before;
  if (form.url) after.url = *form.url;
  if (form.uniq_id) after.uniq_id = *form.uniq_id;
  if (form.status) {
    const bool is_decision = *form.status == RewardStatus::approved || *form.status == RewardStatus::rejected;
    if (by == By::affiliate && is_decision)
      return Error(Errc::invalid_parameters, "status: rewards are approved and refused by the operator");
    const bool asks_again =
        *form.status == RewardStatus::requested && before.status == RewardStatus::approved;
    if (!(by == By::affiliate && asks_again)) after.status = *form.status;
  }
  const bool needs_url = after.status == RewardStatus::requested || after.status == RewardStatus::approved;
  if (needs_url && after.url.empty())
    return Error(Errc::invalid_parameters,
                 "postback_url is needed before rewards can be asked for or approved");
  if (after.status == RewardStatus::approved && before.status != RewardStatus::approved)
    after.approved_at = now;
  return after;
}

Decision SetReward::decide_new(Unit& unit) {
  const AffiliateSet* affiliate = state_.config().affiliate(affiliate_);
  if (affiliate == nullptr) return refuse(Errc::not_found);
  auto after = reward_after(affiliate->reward, form_, by_, unit.now());
  if (!after) return refuse(after.error());
  RewardSet set{affiliate_, by_, std::move(*after)};
  if (set.reward == affiliate->reward) return nothing_new(reward_set_kind, std::move(set));
  return ledger::accept(reward_set_kind, std::move(set));
}

Decision TestReward::decide_new(Unit& unit) {
  const AffiliateSet* affiliate = state_.config().affiliate(affiliate_);
  if (affiliate == nullptr) return refuse(Errc::not_found);
  if (affiliate->reward.url.empty())
    return refuse(Error(Errc::invalid_parameters, "there is no postback_url to send to"));
  return ledger::accept(reward_tested_kind,
                        RewardTested{affiliate_, by_, affiliate->reward.url, affiliate->reward.uniq_id,
                                     unit.counters().last(engine::Counter::outbox_event) + 1});
}

}  // namespace jangbu::affiliate
