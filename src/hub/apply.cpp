// What the hub's records do to its tables; those of orders are in apply_orders.cpp.
#include <algorithm>

#include "hub/decide.h"
#include "hub/messages.h"
#include "hub/state_tables.h"

namespace jangbu::hub {

using engine::Record;
using engine::Unit;

void State::apply(Unit& unit, const Record& record) {
  switch (record.kind) {
    case app_kind:
      return apply_app(unit, record);
    case order_created_kind:
      return apply_order_created(unit, record);
    case order_cancelled_kind:
      return apply_order_cancelled(unit, record);
    case refund_started_kind:
      return apply_refund_started(unit, record);
    case onboarded_kind:
      return apply_onboarded(unit, record);
    case onboard_failed_kind:
      return apply_onboard_failed(unit, record);
    case partner_ensured_kind:
      return apply_partner_ensured(unit, record);
    case campaign_created_kind:
      return apply_campaign_created(unit, record);
    case campaign_activated_kind:
      return apply_campaign_activated(unit, record);
    case campaigns_moved_kind:
      return apply_campaigns_moved(unit, record);
    case campaign_judged_kind:
      return apply_campaign_judged(unit, record);
    case applied_kind:
      return apply_applied(unit, record);
    case apply_set_kind:
      return apply_apply_set(unit, record);
    case review_written_kind:
      return apply_review_written(unit, record);
    case review_judged_kind:
      return apply_review_judged(unit, record);
    case contact_changed_kind:
      return apply_contact_changed(unit, record);
    case invited_kind:
      return apply_invited(unit, record);
    case password_set_kind:
      return apply_password_set(unit, record);
    case onboard_answered_kind:
      return apply_onboard_answered(record);
    case orders_noticed_kind:
      return apply_orders_noticed(unit, record);
    case access_confirmed_kind:
      return apply_access_confirmed(unit, record);
    case access_declined_kind:
      return apply_access_declined(unit, record);
    case access_withdrawn_kind:
      return apply_access_withdrawn(unit, record);
    case password_forgotten_kind:
      return apply_password_forgotten(unit, record);
    case password_changed_kind:
      return apply_password_changed(unit, record);
    default:
      INVARIANT(false, "the hub has no records of kind " + std::to_string(record.kind));
  }
}

// ---- apps

void State::apply_app(Unit& unit, const Record& record) {
  const auto app = said<AppSet>(record);
  if (apps().find(app->id) == nullptr) unit.take(engine::Counter::hub_app, app->id);
  tables_->apps.put(*app);
  if (app->suspended) return;
  onboard_next_.insert(onboard_next_.end(), onboard_held_.begin(), onboard_held_.end());
  onboard_held_.clear();
}

// ---- partners

void State::put_partner(Unit& unit, const Record& record, AppId app, const PartnerPart& part,
                        bool asks_for_access) {
  if (part.made_partner) {
    unit.take(engine::Counter::hub_partner, part.id);
    const PartnerForm& form = *part.form;
    PartnerRow row;
    row.app = app;
    row.manager = part.manager;
    row.company_name = form.company_name;
    row.country = form.country;
    row.business_number = form.business_number;
    row.email = form.email;
    row.name = form.name;
    row.phone = form.phone;
    row.placeholder = is_placeholder(form);
    row.record = record.number;
    tables_->partners.put(part.id, std::move(row));
    // Older records also have numbers that do not identify: kept, so that a search finds them.
    if (!form.business_number.empty() && form.business_number != unknown_business_number)
      tables_->business_numbers.put({app, form.business_number, form.country}, part.id);
  }
  if (part.made_manager) {
    unit.take(engine::Counter::hub_manager, part.manager);
    tables_->managers.put(part.manager, ManagerRow{part.id,
                                                   part.form->email,
                                                   {},
                                                   0,
                                                   asks_for_access,
                                                   part.form->name,
                                                   asks_for_access ? Instant() : unit.now()});
    // Only a placeholder may be another's already; it stays the way in of who came first.
    if (manager_of_email(unit, part.form->email) == 0) tables_->emails.put(part.form->email, part.manager);
  }
}

void State::release_email(Unit& unit, const std::string& email, ManagerId manager_id) {
  if (manager_of_email(unit, email) == manager_id) tables_->emails.erase(email);
}

void State::put_invite(Unit& unit, const InvitePart& invite, PartnerId partner_id, ManagerId manager_id,
                       const std::string& campaign_name) {
  std::uint64_t event = 0;
  if (invite.mail) {
    const PartnerRow to = *partner(unit, partner_id);
    event = unit.emit(invite_mail(invite, partner_id, to, manager(unit, manager_id)->email, campaign_name));
  }
  if (invite.id != 0) keep_invite(unit, invite, manager_id, event);
}

void State::keep_invite(Unit& unit, const InvitePart& invite, ManagerId manager_id, std::uint64_t event) {
  unit.take(engine::Counter::hub_invite, invite.id);
  tables_->invites.put(invite.id, InviteRow{manager_id, invite.expires_at, event, false});
  tables_->managers.edit(unit.session(), manager_id).invite = invite.id;
}

void State::note_deposit(Unit& unit, PartnerId partner_id, DepositMoveRow move) {
  PartnerRow& row = tables_->partners.edit(unit.session(), partner_id);
  move.at = unit.now();
  tables_->moves.add(partner_id, ++row.moves, move);
}

void State::apply_partner_ensured(Unit& unit, const Record& record) {
  const auto ensured = said<PartnerEnsured>(record);
  book_.post(unit, ensured->entry);
  put_partner(unit, record, ensured->keyed.app, ensured->partner, false);
}

void State::apply_contact_changed(Unit& unit, const Record& record) {
  const auto change = said<ContactChanged>(record);
  PartnerRow& row = tables_->partners.edit(unit.session(), change->partner);
  row.email = change->after.email;
  row.name = change->after.name;
  row.phone = change->after.phone;
  PartnerForm form;
  form.email = row.email;
  form.name = row.name;
  form.phone = row.phone;
  row.placeholder = is_placeholder(form);
  ManagerRow& of = tables_->managers.edit(unit.session(), change->manager);
  of.name = change->after.name;
  if (change->before.email == change->after.email) return;
  // Whoever reads mail at the old address is not known to be the same person: invitations that went there
  // end, and so does the password that was set with one.
  of.email = change->after.email;
  of.password_hash.clear();
  of.invite = 0;
  of.since = unit.now();
  release_email(unit, change->before.email, change->manager);
  tables_->emails.put(change->after.email, change->manager);
}

void State::apply_invited(Unit& unit, const Record& record) {
  const auto invited = said<Invited>(record);
  put_invite(unit, invited->invite, invited->partner, invited->manager, {});
}

void State::apply_access_confirmed(Unit& unit, const Record& record) {
  const auto confirmed = said<AccessConfirmed>(record);
  ManagerRow& row = tables_->managers.edit(unit.session(), confirmed->manager);
  row.pending = false;
  row.since = unit.now();
  put_invite(unit, confirmed->invite, confirmed->partner, confirmed->manager, {});
}

void State::apply_access_declined(Unit& unit, const Record& record) {
  const auto declined = said<AccessDeclined>(record);
  const std::string email = manager(unit, declined->manager)->email;
  if (declined->mail) unit.emit(declined_mail(declined->partner, *partner(unit, declined->partner), email));
  tables_->managers.erase(declined->manager);
  release_email(unit, email, declined->manager);
}

void State::apply_access_withdrawn(Unit& unit, const Record& record) {
  const auto withdrawn = said<AccessWithdrawn>(record);
  // The row stays: links that were sent lead to it, and records name it.
  ManagerRow& row = tables_->managers.edit(unit.session(), withdrawn->manager);
  row.password_hash.clear();
  row.invite = 0;
  row.withdrawn = true;
  const std::string email = row.email;
  release_email(unit, email, withdrawn->manager);
  if (withdrawn->mail)
    unit.emit(withdrawn_mail(withdrawn->partner, *partner(unit, withdrawn->partner), email));
}

void State::apply_password_set(Unit& unit, const Record& record) {
  const auto set = said<PasswordSet>(record);
  tables_->invites.edit(unit.session(), set->invite).used = true;
  ManagerRow& row = tables_->managers.edit(unit.session(), set->manager);
  row.password_hash = set->password_hash;
  row.invite = 0;
}

void State::apply_password_forgotten(Unit& unit, const Record& record) {
  const auto forgotten = said<PasswordForgotten>(record);
  const ManagerRow& row = *manager(unit, forgotten->manager);
  if (row.password_hash.empty())
    return put_invite(unit, forgotten->invite, forgotten->partner, forgotten->manager, {});
  const std::string email = row.email;
  const PartnerRow& of = *partner(unit, forgotten->partner);
  const std::uint64_t event = unit.emit(forgotten_mail(forgotten->invite.id, forgotten->partner, of, email));
  keep_invite(unit, forgotten->invite, forgotten->manager, event);
}

void State::apply_password_changed(Unit& unit, const Record& record) {
  const auto changed = said<PasswordChanged>(record);
  ManagerRow& row = tables_->managers.edit(unit.session(), changed->manager);
  row.password_hash = changed->password_hash;
  row.invite = 0;
  if (!changed->mail) return;
  const std::string email = row.email;
  unit.emit(password_mail(changed->partner, *partner(unit, changed->partner), email));
}

// ---- campaigns

void State::count(Unit& unit, AppId app, Shown shown, int by) {
  const std::pair<std::uint64_t, std::uint64_t> key{app, static_cast<std::uint64_t>(shown)};
  const auto* found = tables_->totals.find(unit.session(), key);
  const std::uint64_t now = found == nullptr ? 0 : *found;
  INVARIANT(by > 0 || now > 0, "a total never falls below zero");
  tables_->totals.put(key, by > 0 ? now + 1 : now - 1);
}

void State::put_campaign(Unit& unit, const Record& record, CampaignId id, CampaignRow row,
                         const CampaignForm& form) {
  unit.take(engine::Counter::hub_campaign, id);
  count(unit, row.app, Shown::all, 1);
  count(unit, row.app, shown_status(row.status), 1);
  row.ordinal = *tables_->totals.find(unit.session(), {row.app, static_cast<std::uint64_t>(Shown::all)});
  row.record = record.number;
  row.start_at = form.start_at;
  row.end_at = form.end_at;
  row.reward = form.reward;
  row.offers = form.offers;
  row.updated_at = unit.now();
  row.next_at = next_step(row);
  if (row.next_at != Instant{})
    unit.due().add(row.next_at, engine::WorkKind::hub_campaign_phase, record.number);
  tables_->campaigns.put(id, row);
}

void State::set_status(Unit& unit, const Record& record, CampaignId id, CampaignStatus to) {
  CampaignRow& row = tables_->campaigns.edit(unit.session(), id);
  if (shown_status(row.status) != shown_status(to)) {
    count(unit, row.app, shown_status(row.status), -1);
    count(unit, row.app, shown_status(to), 1);
  }
  row.status = to;
  row.updated_at = unit.now();
  row.next_at = next_step(row);
  if (row.next_at != Instant{})
    unit.due().add(row.next_at, engine::WorkKind::hub_campaign_phase, record.number);
}

void State::apply_onboarded(Unit& unit, const Record& record) {
  const auto onboarded = said<Onboarded>(record);
  book_.post(unit, onboarded->entry);
  OrderRow& paid = tables_->orders.edit(unit.session(), onboarded->order);
  paid.status = OrderStatus::consumed;
  paid.consumed = record.number;
  paid.attention = Attention::none;
  put_partner(unit, record, onboarded->keyed.app, onboarded->partner, onboarded->asks_for_access());
  CampaignRow row;
  row.app = onboarded->keyed.app;
  row.partner = onboarded->partner.id;
  row.status = onboarded->status;
  row.order = onboarded->order;
  row.due_at = onboarded->due_at;
  if (holds_deposit(row.status)) row.held = onboarded->gate.required;
  put_campaign(unit, record, onboarded->campaign, row, onboarded->form);
  DepositMoveRow move;
  move.amount = onboarded->charged;
  move.record = record.number;
  move.campaign = onboarded->campaign;
  move.order = onboarded->order;
  note_deposit(unit, onboarded->partner.id, move);
  if (!onboarded->asks_for_access()) {
    put_invite(unit, onboarded->invite, onboarded->partner.id, onboarded->partner.manager,
               onboarded->form.product_name);
  } else if (onboarded->invite.mail) {
    unit.emit(access_mail(*onboarded, *partner(unit, onboarded->partner.id)));
  }
  tell(unit, onboarded->order, "order.consumed");
}

void State::apply_onboard_answered(const Record& record) {
  const auto answered = said<OnboardAnswered>(record);
  tables_->answers.put(answered->onboarded, AnswerRow{answered->email_sent, answered->email_sent_at});
}

void State::apply_campaign_created(Unit& unit, const Record& record) {
  const auto created = said<CampaignCreated>(record);
  book_.post(unit, created->entry);
  CampaignRow row;
  row.app = created->keyed.app;
  row.partner = created->partner;
  row.status = created->status;
  row.due_at = created->due_at;
  if (holds_deposit(row.status)) row.held = created->gate.required;
  put_campaign(unit, record, created->campaign, row, created->form);
}

void State::apply_campaign_activated(Unit& unit, const Record& record) {
  const auto activated = said<CampaignActivated>(record);
  book_.post(unit, activated->entry);
  if (activated->from == activated->status) return;
  if (holds_deposit(activated->status))
    tables_->campaigns.edit(unit.session(), activated->campaign).held = activated->gate.required;
  set_status(unit, record, activated->campaign, activated->status);
}

void State::apply_move(Unit& unit, const Record& record, const CampaignMove& move) {
  if (!holds_deposit(move.to)) tables_->campaigns.edit(unit.session(), move.campaign).held = Money();
  set_status(unit, record, move.campaign, move.to);
}

void State::apply_campaigns_moved(Unit& unit, const Record& record) {
  const auto moved = said<CampaignsMoved>(record);
  book_.post(unit, moved->entry);
  if (moved->done)
    unit.due().remove({moved->due_at, engine::WorkKind::hub_campaign_phase, moved->first, moved->last});
  for (const CampaignMove& move : moved->moves) apply_move(unit, record, move);
}

void State::apply_campaign_judged(Unit& unit, const Record& record) {
  const auto judged = said<CampaignJudged>(record);
  book_.post(unit, judged->entry);
  CampaignRow& row = tables_->campaigns.edit(unit.session(), judged->campaign);
  row.held = judged->held;
  set_status(unit, record, judged->campaign, judged->to);
}

// ---- reviewers

void State::apply_applied(Unit& unit, const Record& record) {
  const auto applied = said<Applied>(record);
  unit.take(engine::Counter::hub_apply, applied->apply);
  tables_->applies.put(applied->apply, ApplyRow{applied->campaign, applied->reviewer, applied->state, 0});
  CampaignRow& row = tables_->campaigns.edit(unit.session(), applied->campaign);
  ++row.applies(applied->state);
  row.updated_at = unit.now();
}

void State::apply_apply_set(Unit& unit, const Record& record) {
  const auto set = said<ApplySet>(record);
  ApplyRow& row = tables_->applies.edit(unit.session(), set->apply);
  row.state = set->to;
  CampaignRow& of = tables_->campaigns.edit(unit.session(), row.campaign);
  --of.applies(set->from);
  ++of.applies(set->to);
  of.updated_at = unit.now();
}

void State::apply_review_written(Unit& unit, const Record& record) {
  const auto written = said<ReviewWritten>(record);
  ApplyRow& from = tables_->applies.edit(unit.session(), written->apply);
  CampaignRow& of = tables_->campaigns.edit(unit.session(), from.campaign);
  if (written->made) {
    unit.take(engine::Counter::hub_review, written->review);
    from.review = written->review;
  } else {
    --of.reviews(written->from);
  }
  ++of.reviews(written->form.state);
  of.updated_at = unit.now();
  tables_->reviews.put(written->review, ReviewRow{written->apply, written->form.state, record.number,
                                                  of.partner, from.campaign, 0});
}

void State::apply_review_judged(Unit& unit, const Record& record) {
  const auto judged = said<ReviewJudged>(record);
  book_.post(unit, judged->entry);
  ReviewRow& row = tables_->reviews.edit(unit.session(), judged->review);
  row.state = judged->to;
  row.judged = record.number;
  const CampaignId id = row.campaign;
  CampaignRow& of = tables_->campaigns.edit(unit.session(), id);
  --of.reviews(judged->from);
  ++of.reviews(judged->to);
  of.updated_at = unit.now();
  if (judged->reward.is_positive()) {
    ++of.paid;
    of.held = of.held.minus(judged->reward).value();
    DepositMoveRow move;
    move.kind = DepositMoveKind::reward;
    move.amount = judged->reward;
    move.record = record.number;
    move.campaign = id;
    move.order = of.order;
    note_deposit(unit, of.partner, move);
  }
  if (judged->settled) apply_move(unit, record, *judged->settled);
}

}  // namespace jangbu::hub
