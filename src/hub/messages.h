// What the hub tells the outside about its records: webhooks of orders, invitations by mail.
#pragma once

#include <string>
#include <string_view>

#include "delivery/template.h"
#include "engine/outbox.h"
#include "hub/records.h"
#include "hub/rows.h"

namespace jangbu::hub {

/// What the hub's mails and webhooks say: hub.invitation, hub.campaign, hub.access,
/// hub.access_declined, hub.access_withdrawn, hub.password_forgotten, hub.password_changed, hub.order.
void add_templates(delivery::Templates& templates);

/// For the order's webhook. INVARIANT: it has one.
engine::OutboxEvent order_event(const OrderCreated& created, const OrderRow& row, std::string_view topic,
                                Instant now);
/// An invitation into the portal, or, for a manager who has a password, the news of a campaign. Korean for
/// Korean partners, English for others. The link is put in when it is sent (see invite_secret()).
engine::OutboxEvent invite_mail(const InvitePart& invite, PartnerId partner_id, const PartnerRow& partner,
                                const std::string& email, const std::string& campaign_name);
/// Tells a brand's contact that somebody with another address onboarded for it and asks for access.
/// `onboarded.asks_for_access()`.
engine::OutboxEvent access_mail(const Onboarded& onboarded, const PartnerRow& partner);
/// Tells the address that asked for access that it does not get it.
engine::OutboxEvent declined_mail(PartnerId partner_id, const PartnerRow& partner, const std::string& email);
/// Tells a manager that the portal is not open to them any more.
engine::OutboxEvent withdrawn_mail(PartnerId partner_id, const PartnerRow& partner, const std::string& email);
/// The link to choose another password, for a manager who has forgotten it.
engine::OutboxEvent forgotten_mail(InviteId invite, PartnerId partner_id, const PartnerRow& partner,
                                   const std::string& email);
/// Tells a manager that the password was changed.
engine::OutboxEvent password_mail(PartnerId partner_id, const PartnerRow& partner, const std::string& email);
/// The name under which the postman asks for an invitation's link, and the invitation that a name means; 0
/// for another name.
std::string invite_secret(InviteId invite);
InviteId invite_of_secret(std::string_view name);
/// The same for the link of a forgotten password, which is an invitation that leads elsewhere.
std::string forgotten_secret(InviteId invite);
InviteId forgotten_of_secret(std::string_view name);
/// The same for the key that signs an app's webhooks.
std::string webhook_secret(AppId app);
AppId app_of_webhook_secret(std::string_view name);
/// Where an invitation leads.
inline constexpr std::string_view invite_path = "/partner/accept-invite/";
inline constexpr std::string_view forgotten_path = "/partner/reset-password/";
inline constexpr std::string_view invite_purpose = "invite";
inline constexpr std::string_view portal_path = "/partner";

/// Whether a business number tells partners of a country apart. What forms are filled with by those who have
/// none ("-", "N/A", "없음", zeros) does not: strangers would share a deposit.
bool identifies(std::string_view business_number, std::string_view country);

}  // namespace jangbu::hub
