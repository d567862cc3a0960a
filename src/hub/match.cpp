#include "hub/match.h"

#include "hub/messages.h"
#include "hub/wire.h"

namespace jangbu::hub {

using engine::Unit;

namespace {

constexpr Duration invite_life = Duration::days(1);

/// A number that does not identify is kept as none.
PartnerPart make_partner(Unit& unit, const PartnerForm& form) {
  PartnerPart part;
  part.id = unit.counters().last(engine::Counter::hub_partner) + 1;
  part.manager = unit.counters().last(engine::Counter::hub_manager) + 1;
  part.made_partner = part.made_manager = true;
  part.form = form;
  if (!identifies(form.business_number, form.country))
    part.form->business_number = form.country == "KR" ? unknown_business_number : std::string_view();
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

/// The partner that a form's number is of; 0: none.
PartnerId partner_of_form(State& state, Unit& unit, AppId app, const PartnerForm& form) {
  if (!identifies(form.business_number, form.country)) return 0;
  return state.partner_of_number(unit, app, form.country, form.business_number);
}

/// The manager that a form's address is of; 0: none. Sites send one placeholder for many brands, so that it
/// counts only beside a number, as that of one of the brand's own managers.
ManagerId manager_of_form(State& state, Unit& unit, const PartnerForm& form, PartnerId of_number) {
  const bool placeholder = is_placeholder_address(form.email);
  if (placeholder && of_number == 0) return 0;
  if (placeholder) {
    const PartnerRow* found = state.partner(unit, of_number);
    if (found->email == form.email) return found->manager;
  }
  const ManagerId manager = state.manager_of_email(unit, form.email);
  if (!placeholder || manager == 0) return manager;
  return state.manager(unit, manager)->partner == of_number ? manager : 0;
}

}  // namespace

Result<PartnerPart> match_for_onboard(State& state, Unit& unit, AppId app, const PartnerForm& form) {
  const PartnerId partner = partner_of_form(state, unit, app, form);
  const ManagerId manager = manager_of_form(state, unit, form, partner);
  const PartnerId of_manager = manager == 0 ? 0 : state.manager(unit, manager)->partner;
  if (!identifies(form.business_number, form.country)) {
    if (manager == 0) return make_partner(unit, form);
    if (state.partner(unit, of_manager)->app != app) return Errc::email_duplicate;
    return found_partner(of_manager, manager);
  }
  if (manager != 0) {
    if (of_manager != partner) return Errc::email_duplicate;
    return found_partner(partner, manager);
  }
  return partner == 0 ? make_partner(unit, form) : make_manager(unit, partner, form);
}

Result<PartnerPart> match_for_ensure(State& state, Unit& unit, AppId app, const PartnerForm& form) {
  const bool numbered = identifies(form.business_number, form.country);
  const PartnerId partner = partner_of_form(state, unit, app, form);
  const ManagerId manager = manager_of_form(state, unit, form, partner);
  if (manager == 0)
    return partner == 0 ? make_partner(unit, form)
                        : found_partner(partner, state.partner(unit, partner)->manager);
  const PartnerId of_manager = state.manager(unit, manager)->partner;
  if (partner != 0 && of_manager != partner) return Errc::partial_match;
  const PartnerRow* known = state.partner(unit, of_manager);
  if (known->app != app) return Errc::email_duplicate;
  if (partner == 0 && numbered && identifies(known->business_number, known->country))
    return Errc::partial_match;
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
