// Who a form means, and whether a deposit carries a campaign: what several decisions ask alike.
#pragma once

#include "hub/state.h"

namespace jangbu::hub {

/// The partner that an onboarding is for: found by business number where there is one, else by e-mail, or
/// made. Error: email_duplicate.
Result<PartnerPart> match_for_onboard(State& state, engine::Unit& unit, AppId app, const PartnerForm& form);
/// The same for `ensure`. Errors: partial_match, email_duplicate.
Result<PartnerPart> match_for_ensure(State& state, engine::Unit& unit, AppId app, const PartnerForm& form);

/// reward x offers. The wire keeps both far inside the range of money (INVARIANT).
Money required_deposit(Money reward, std::uint64_t offers);
/// `charged` is on its way to the deposit; `own_hold` is what the campaign itself holds already.
GatePart gate_of(State& state, engine::Unit& unit, PartnerId partner, Money required, Money charged,
                 Money own_hold);
/// Where a campaign stands when it was asked to go live.
CampaignStatus opening_status(const AppSet& app, const GatePart& gate);
/// The way into the portal for a manager, who may be about to be made. None for those who are pending, and
/// for one who is made for a brand that others manage: whoever knows a business number is not known to be of
/// it.
InvitePart invite_for(State& state, engine::Unit& unit, const PartnerPart& part, bool placeholder,
                      const std::string& link_base);

/// Whether mail to this address would bounce.
bool is_placeholder_address(const std::string& email);
/// An invitation that counts from now on; by mail unless the address is a placeholder.
InvitePart new_invite(State& state, engine::Unit& unit, bool placeholder, const std::string& link_base);

}  // namespace jangbu::hub
