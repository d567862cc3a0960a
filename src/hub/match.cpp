#include "hub/match.h"

#include "hub/messages.h"

namespace jangbu::hub {

using engine::Unit;

namespace {

constexpr Duration invite_life = Duration::days(1);

PartnerPart make_partner(Unit& unit, const PartnerForm& form) {
  PartnerPart part;
  part.id = unit.counters().last(engine::Counter::hub_partner) + 1;
  part.manager = unit.counters().last(engine::Counter::hub_manager) + 1;
  part.made_partner = part.made_manager = true;
  part.form = form;
  return part;
}

PartnerPart make_manager(Unit& unit, PartnerId partner, const PartnerForm& form) {
  PartnerPart part;
  part.id = partner;
  part.manager = unit.counters().last(engine::Counter::hub_manager) + 1;
  part.made_manager = true;
  part.form = form;
  return part;
}

PartnerPart found_partner(PartnerId partner, ManagerId manager) {
  PartnerPart part;
  part.id = partner;
  part.manager = manager;
  return part;
}

}  // namespace

Result<PartnerPart> match_for_onboard(State& state, Unit& unit, AppId app, const PartnerForm& form) {
  const ManagerId manager = state.manager_of_email(unit, form.email);
  const PartnerId of_manager = manager == 0 ? 0 : state.manager(unit, manager)->partner;
  if (!identifies(form.business_number)) {
    if (manager == 0) return make_partner(unit, form);
    if (state.partner(unit, of_manager)->app != app) return Errc::email_duplicate;
    return found_partner(of_manager, manager);
  }
  const PartnerId partner = state.partner_of_number(unit, app, form.business_number);
  if (manager != 0) {
    if (of_manager != partner) return Errc::email_duplicate;
    return found_partner(partner, manager);
  }
  return partner == 0 ? make_partner(unit, form) : make_manager(unit, partner, form);
}

Result<PartnerPart> match_for_ensure(State& state, Unit& unit, AppId app, const PartnerForm& form) {
  const bool numbered = identifies(form.business_number);
  const PartnerId partner = numbered ? state.partner_of_number(unit, app, form.business_number) : 0;
  const ManagerId manager = state.manager_of_email(unit, form.email);
  if (manager == 0)
    return partner == 0 ? make_partner(unit, form)
                        : found_partner(partner, state.partner(unit, partner)->manager);
  const PartnerId of_manager = state.manager(unit, manager)->partner;
  if (partner != 0 && of_manager != partner) return Errc::partial_match;
  const PartnerRow* known = state.partner(unit, of_manager);
  if (known->app != app) return Errc::email_duplicate;
  if (partner == 0 && numbered && identifies(known->business_number)) return Errc::partial_match;
  return found_partner(of_manager, manager);
}

Money required_deposit(Money reward, std::uint64_t offers) {
  const auto required = reward.times_ratio(Money::from_units(offers), Money::from_units(1), Rounding::down);
  INVARIANT(required.ok(), "a campaign's budget is in the range of money");
  return *required;
}

Money GatePart::shortfall() const {
  return enough() ? Money() : Money::from_units(required.units() - available.units());
}

GatePart gate_of(State& state, Unit& unit, PartnerId partner, Money required, Money charged, Money own_hold) {
  const Money free = state.book().available(unit, deposit_account(partner), won);
  auto available = free.plus(charged);
  if (available) available = available->plus(own_hold);
  INVARIANT(available.ok(), "a deposit is in the range of money");
  return {required, *available};
}

CampaignStatus opening_status(const AppSet& app, const GatePart& gate) {
  if (!gate.enough()) return CampaignStatus::temporary_saved;
  return app.review_required ? CampaignStatus::under_review : CampaignStatus::live;
}

bool is_placeholder_address(const std::string& email) {
  PartnerForm form;
  form.email = email;
  return is_placeholder(form);
}

InvitePart new_invite(State& state, Unit& unit, bool placeholder, const std::string& link_base) {
  InvitePart invite;
  invite.id = unit.counters().last(engine::Counter::hub_invite) + 1;
  invite.expires_at = unit.now() + invite_life;
  invite.mail = state.surroundings().mail && !placeholder;
  invite.link_base = link_base;
  return invite;
}

InvitePart invite_for(State& state, Unit& unit, const PartnerPart& part, bool placeholder,
                      const std::string& link_base) {
  InvitePart none;
  none.link_base = link_base;
  if (part.made_partner) return new_invite(state, unit, placeholder, link_base);
  if (part.made_manager) {
    none.mail = state.surroundings().mail && !state.partner(unit, part.id)->placeholder;
    return none;
  }
  const ManagerRow* known = state.manager(unit, part.manager);
  if (known->pending) return none;
  if (known->password_hash.empty()) return new_invite(state, unit, placeholder, link_base);
  none.mail = state.surroundings().mail && !placeholder;
  return none;
}

}  // namespace jangbu::hub
