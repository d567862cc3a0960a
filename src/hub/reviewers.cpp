// Decisions about applications and reviews.
#include "hub/decide.h"
#include "hub/match.h"

namespace jangbu::hub {

using engine::Decision;
using engine::Refuse;
using engine::Unit;
using ledger::Floor;

namespace {

bool is_selected(ApplyState state) {
  return state == ApplyState::selected || state == ApplyState::selected_by_purchase;
}

/// Whether a review of this state may be written again.
bool may_rewrite(ReviewState state) {
  return state == ReviewState::draft || state == ReviewState::pending || state == ReviewState::rejected;
}

}  // namespace

Decision Apply::decide_new(Unit& unit) {
  const CampaignRow* row = state_.campaign(unit, campaign_);
  if (row == nullptr) return refuse(Errc::campaign_not_found);
  const bool recruits = row->status == CampaignStatus::live || row->status == CampaignStatus::recruiting;
  if (!recruits || row->end_at <= unit.now())
    return Refuse{Error(Errc::campaign_state, "the campaign does not recruit")};
  if (unit.keys().find(unit.session(), application_digest(campaign_, reviewer_)))
    return refuse(Errc::already_applied);
  Applied applied;
  applied.keyed = keyed_;
  applied.apply = unit.counters().last(engine::Counter::hub_apply) + 1;
  applied.campaign = campaign_;
  applied.reviewer = reviewer_;
  return accept(applied_kind, std::move(applied));
}

Decision SetApply::decide_new(Unit& unit) {
  const ApplyRow* found = state_.application(unit, apply_);
  if (found == nullptr) return refuse(Errc::apply_not_found);
  const ApplyRow row = *found;
  const CampaignRow* campaign = state_.campaign(unit, row.campaign);
  ApplySet set{keyed_, apply_, row.state, to_};
  if (row.state == to_) return nothing_new(apply_set_kind, std::move(set));
  if (shown_status(campaign->status) != Shown::in_progress || campaign->status == CampaignStatus::judging)
    return Refuse{Error(Errc::campaign_state, "the campaign does not select any more")};
  if (is_selected(row.state) && !is_selected(to_) && row.review != 0)
    return Refuse{Error(Errc::campaign_state, "a review was written: the reviewer stays selected")};
  if (!is_selected(row.state) && is_selected(to_) && campaign->selected() >= campaign->offers)
    return refuse(Errc::offer_full);
  return accept(apply_set_kind, std::move(set));
}

Decision WriteReview::decide_new(Unit& unit) {
  const ApplyRow* found = state_.application(unit, apply_);
  if (found == nullptr) return refuse(Errc::apply_not_found);
  const ApplyRow row = *found;
  if (!is_selected(row.state)) return Refuse{Error(Errc::campaign_state, "the reviewer is not selected")};
  const CampaignRow* campaign = state_.campaign(unit, row.campaign);
  const bool takes = campaign->status == CampaignStatus::live ||
                     campaign->status == CampaignStatus::recruiting ||
                     campaign->status == CampaignStatus::reviewing;
  if (!takes || campaign->due_at <= unit.now())
    return Refuse{Error(Errc::campaign_state, "the campaign takes no reviews now")};
  ReviewWritten written;
  written.keyed = keyed_;
  written.apply = apply_;
  written.form = form_;
  written.made = row.review == 0;
  if (written.made) {
    written.review = unit.counters().last(engine::Counter::hub_review) + 1;
  } else {
    written.review = row.review;
    written.from = state_.review(unit, row.review)->state;
    if (!may_rewrite(written.from))
      return Refuse{Error(Errc::campaign_state, "the review was judged already")};
  }
  return accept(review_written_kind, std::move(written));
}

Decision JudgeReview::decide_new(Unit& unit) {
  const ReviewRow* found = state_.review(unit, review_);
  if (found == nullptr) return refuse(Errc::review_not_found);
  const ReviewRow row = *found;
  ReviewJudged judged;
  judged.keyed = keyed_;
  judged.review = review_;
  judged.from = row.state;
  judged.to = to_;
  if (row.state == to_) return nothing_new(review_judged_kind, std::move(judged));
  const bool may =
      to_ == ReviewState::deleted ? row.state != ReviewState::approved : row.state == ReviewState::pending;
  if (!may) return Refuse{Error(Errc::campaign_state, "only a pending review is judged")};
  const ApplyRow from = *state_.application(unit, row.apply);
  const CampaignRow campaign = *state_.campaign(unit, from.campaign);
  if (shown_status(campaign.status) != Shown::in_progress)
    return Refuse{Error(Errc::campaign_state, "the campaign is closed")};

  ledger::EntryBuilder entry(unit, state_.book());
  const auto deposit = entry.account(deposit_account(campaign.partner), won, Floor::zero);
  Status moved;
  if (to_ == ReviewState::approved) {
    judged.reward = campaign.reward;
    moved = entry.release(deposit, campaign.reward);
    if (moved)
      moved = entry.transfer(deposit, entry.account(reviewer_account(from.reviewer), won, Floor::zero),
                             campaign.reward);
  }
  const bool last =
      campaign.status == CampaignStatus::judging && row.state == ReviewState::pending && campaign.r1218 == 1;
  if (moved && last) {
    const Money rest = campaign.held.minus(judged.reward).value();
    judged.settled = CampaignMove{from.campaign, campaign.status, CampaignStatus::completed, rest};
    moved = entry.release(deposit, rest);
  }
  if (!moved) return Refuse{moved.error()};
  auto built = entry.build();
  if (!built) return Refuse{built.error()};
  judged.entry = std::move(*built);
  return accept(review_judged_kind, std::move(judged));
}

}  // namespace jangbu::hub
