// Decisions about partners and their campaigns, by apps, operators and the clock.
#include "hub/decide.h"
#include "hub/match.h"
#include "hub/messages.h"

namespace jangbu::hub {

using engine::Decision;
using engine::Refuse;
using engine::Unit;
using ledger::Floor;

namespace {

/// Whoever waits for access to a brand's portal, as far as the judge may know of it.
struct Waiting {
  PartnerId partner = 0;
  bool placeholder = false;  // no mail goes to the address
};

/// Whether whoever judges may, as the books stand now. An operator may.
Status may_judge(State& state, Unit& unit, const std::optional<AccessJudge>& by) {
  if (!by) return {};
  if (state.partner(unit, by->partner)->manager != by->manager)
    return Error(Errc::role_not_allowed, "the company's contact decides who has access");
  if (state.manager(unit, by->manager)->password_hash != by->password_hash) return Errc::not_authenticated;
  return {};
}

Result<Waiting> waits_for(State& state, Unit& unit, ManagerId pending, const std::optional<AccessJudge>& by) {
  const ManagerRow* found = state.manager(unit, pending);
  if (found == nullptr || !found->pending || (by && by->partner != found->partner))
    return Error(Errc::not_found, "nobody of this number waits for access");
  const Waiting waiting{found->partner, is_placeholder_address(found->email)};
  RETURN_IF_ERROR(may_judge(state, unit, by));
  return waiting;
}

}  // namespace

void EnsurePartner::want(Unit& unit) {
  Write::want(unit);
  state_.want_email(form_.email);
  state_.want_business_number(keyed_.app, form_.country, form_.business_number);
}

Decision EnsurePartner::decide_new(Unit& unit) {
  auto part = match_for_ensure(state_, unit, keyed_.app, form_);
  if (!part) return Refuse{part.error()};
  PartnerEnsured ensured;
  ensured.keyed = keyed_;
  ensured.partner = std::move(*part);
  if (!ensured.partner.made_partner) return nothing_new(partner_ensured_kind, std::move(ensured));
  ledger::EntryBuilder entry(unit, state_.book());
  entry.account(deposit_account(ensured.partner.id), won, Floor::zero);
  auto built = entry.build();
  if (!built) return Refuse{built.error()};
  ensured.entry = std::move(*built);
  return accept(partner_ensured_kind, std::move(ensured));
}

Decision CreateCampaign::decide_new(Unit& unit) {
  const PartnerRow* partner = state_.partner(unit, request_.partner);
  if (partner == nullptr) return refuse(Errc::partner_not_found);
  if (partner->app != keyed_.app) return refuse(Errc::partner_not_owned);
  if (request_.campaign.end_at <= unit.now())
    return refuse(Refused{.error = Error(Errc::invalid_parameters, "the campaign ends in the past"),
                          .path = {"endAt"}});
  const AppSet& app = *state_.apps().find(keyed_.app);
  CampaignCreated created;
  created.keyed = keyed_;
  created.partner = request_.partner;
  created.campaign = unit.counters().last(engine::Counter::hub_campaign) + 1;
  created.country = request_.country;
  created.form = request_.campaign;
  created.due_at = request_.campaign.end_at + Duration::days(static_cast<std::int64_t>(app.due_days));
  created.gate =
      gate_of(state_, unit, request_.partner,
              required_deposit(request_.campaign.reward, request_.campaign.offers), Money(), Money());
  created.status = opening_status(app, created.gate);
  if (holds_deposit(created.status)) {
    ledger::EntryBuilder entry(unit, state_.book());
    const Status held =
        entry.hold(entry.account(deposit_account(request_.partner), won, Floor::zero), created.gate.required);
    if (!held) return Refuse{held.error()};
    auto built = entry.build();
    if (!built) return Refuse{built.error()};
    created.entry = std::move(*built);
  }
  return accept(campaign_created_kind, std::move(created));
}

Decision ActivateCampaign::decide_new(Unit& unit) {
  const CampaignRow* found = state_.campaign(unit, campaign_);
  if (found == nullptr) return refuse(Errc::campaign_not_found);
  if (found->app != keyed_.app) return refuse(Errc::campaign_not_owned);
  const CampaignRow row = *found;
  CampaignActivated activated;
  activated.keyed = keyed_;
  activated.campaign = campaign_;
  activated.from = activated.status = row.status;
  activated.gate =
      gate_of(state_, unit, row.partner, required_deposit(row.reward, row.offers), Money(), row.held);
  if (holds_deposit(row.status) || row.status == CampaignStatus::under_review)
    return nothing_new(campaign_activated_kind, std::move(activated));
  if (row.status != CampaignStatus::temporary_saved && row.status != CampaignStatus::revision_requested)
    return refuse(Errc::campaign_state);
  if (row.end_at <= unit.now()) return Refuse{Error(Errc::campaign_state, "the campaign has ended")};
  if (!activated.gate.enough())
    return refuse(Refused{.error = Errc::insufficient_deposit, .gate = activated.gate});
  activated.status = opening_status(*state_.apps().find(keyed_.app), activated.gate);
  if (holds_deposit(activated.status)) {
    ledger::EntryBuilder entry(unit, state_.book());
    const Status held =
        entry.hold(entry.account(deposit_account(row.partner), won, Floor::zero), activated.gate.required);
    if (!held) return Refuse{held.error()};
    auto built = entry.build();
    if (!built) return Refuse{built.error()};
    activated.entry = std::move(*built);
  }
  return accept(campaign_activated_kind, std::move(activated));
}

Decision MoveCampaigns::decide(Unit& unit) {
  CampaignsMoved moved;
  moved.due_at = row_.due_at;
  moved.first = row_.first;
  moved.last = row_.last;
  const auto due = state_.campaigns_due(unit, unit.now());
  moved.done = !due.more;
  ledger::EntryBuilder entry(unit, state_.book());
  for (const CampaignId id : due.ids) {
    const CampaignRow row = *state_.campaign(unit, id);
    CampaignMove move{id, row.status, status_at(row, unit.now()), Money()};
    if (!holds_deposit(move.to)) {
      move.released = row.held;
      const Status released =
          entry.release(entry.account(deposit_account(row.partner), won, Floor::zero), row.held);
      INVARIANT(released.ok(), "what a campaign holds can be given back");
    }
    moved.moves.push_back(move);
  }
  auto built = entry.build();
  INVARIANT(built.ok(), "what campaigns hold can be given back: " + to_string(built.error()));
  moved.entry = std::move(*built);
  return accept(campaigns_moved_kind, std::move(moved));
}

Decision JudgeCampaign::decide_new(Unit& unit) {
  const CampaignRow* found = state_.campaign(unit, campaign_);
  if (found == nullptr) return refuse(Errc::campaign_not_found);
  const CampaignRow row = *found;
  const bool waits =
      row.status == CampaignStatus::under_review || row.status == CampaignStatus::revision_requested;
  const bool may = to_ == CampaignStatus::ready      ? waits
                   : to_ == CampaignStatus::rejected ? waits || holds_deposit(row.status)
                                                     : row.status == CampaignStatus::under_review;
  if (!may) return refuse(Errc::campaign_state);
  CampaignJudged judged;
  judged.campaign = campaign_;
  judged.from = row.status;
  judged.to = to_;
  judged.reason = reason_;
  ledger::EntryBuilder entry(unit, state_.book());
  const auto deposit = entry.account(deposit_account(row.partner), won, Floor::zero);
  Status moved;
  if (to_ == CampaignStatus::ready) {
    if (row.end_at <= unit.now()) return Refuse{Error(Errc::campaign_state, "the campaign has ended")};
    const GatePart gate =
        gate_of(state_, unit, row.partner, required_deposit(row.reward, row.offers), Money(), row.held);
    if (!gate.enough()) return refuse(Refused{.error = Errc::insufficient_deposit, .gate = gate});
    judged.held = gate.required;
    moved = entry.hold(deposit, gate.required);
  } else {
    judged.released = row.held;
    moved = entry.release(deposit, row.held);
  }
  if (!moved) return Refuse{moved.error()};
  auto built = entry.build();
  if (!built) return Refuse{built.error()};
  judged.entry = std::move(*built);
  return accept(campaign_judged_kind, std::move(judged));
}

Decision ChangeContact::decide_new(Unit& unit) {
  const PartnerRow* row = state_.partner(unit, partner_);
  if (row == nullptr) return refuse(Errc::partner_not_found);
  ContactChanged changed;
  changed.partner = partner_;
  changed.manager = row->manager;
  changed.before = {row->email, row->name, row->phone};
  changed.after = info_;
  // A placeholder that several brands came with may stay.
  if (const ManagerId other = state_.manager_of_email(unit, info_.email);
      other != 0 && other != changed.manager && info_.email != row->email)
    return refuse(Errc::email_duplicate);
  return accept(contact_changed_kind, std::move(changed));
}

Decision InviteAgain::decide_new(Unit& unit) {
  const PartnerRow* found = state_.partner(unit, partner_);
  if (found == nullptr) return refuse(Errc::partner_not_found);
  const PartnerRow row = *found;
  Invited invited;
  invited.partner = partner_;
  invited.manager = row.manager;
  PartnerPart part;
  part.id = partner_;
  part.manager = row.manager;
  invited.invite = invite_for(state_, unit, part, row.placeholder, state_.link_base());
  if (invited.invite.id == 0)
    return Refuse{Error(Errc::already_exists, "the manager has a password already")};
  return accept(invited_kind, std::move(invited));
}

Decision ConfirmAccess::decide_new(Unit& unit) {
  const auto found = waits_for(state_, unit, pending_, by_);
  if (!found) return Refuse{found.error()};
  AccessConfirmed confirmed;
  confirmed.partner = found->partner;
  confirmed.manager = pending_;
  confirmed.by = by_ ? by_->manager : 0;
  confirmed.invite = new_invite(state_, unit, found->placeholder, state_.link_base());
  return accept(access_confirmed_kind, std::move(confirmed));
}

Decision DeclineAccess::decide_new(Unit& unit) {
  const auto found = waits_for(state_, unit, pending_, by_);
  if (!found) return Refuse{found.error()};
  AccessDeclined declined;
  declined.partner = found->partner;
  declined.manager = pending_;
  declined.by = by_ ? by_->manager : 0;
  declined.mail = state_.surroundings().mail && !found->placeholder;
  return accept(access_declined_kind, std::move(declined));
}

Decision WithdrawAccess::decide_new(Unit& unit) {
  const ManagerRow* found = state_.manager(unit, manager_);
  if (found == nullptr || found->pending || found->withdrawn || (by_ && by_->partner != found->partner))
    return Refuse{Error(Errc::not_found, "there is no such manager")};
  const ManagerRow row = *found;
  if (const Status may = may_judge(state_, unit, by_); !may) return Refuse{may.error()};
  if (state_.partner(unit, row.partner)->manager == manager_)
    return Refuse{
        Error(Errc::invalid_parameters, "this is the company's contact: change the contact instead")};
  const bool mail = state_.surroundings().mail && !is_placeholder_address(row.email);
  return accept(access_withdrawn_kind, AccessWithdrawn{row.partner, manager_, by_ ? by_->manager : 0, mail});
}

Decision SetApp::decide_new(Unit& unit) {
  const AppSet* known = state_.apps().find(app_.id);
  if (known == nullptr && app_.id != unit.counters().last(engine::Counter::hub_app) + 1)
    return Refuse{Error(Errc::already_exists, "another app was issued at the same moment")};
  const AppSet* same_code = state_.apps().find(app_.code);
  if ((same_code != nullptr && same_code->id != app_.id) || (known != nullptr && known->code != app_.code))
    return Refuse{Error(Errc::already_exists, "a service code belongs to one app for ever")};
  return accept(app_kind, app_);
}

}  // namespace jangbu::hub
