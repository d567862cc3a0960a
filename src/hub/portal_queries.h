// What the partner portal and the operator ask of a snapshot: managers, invitations, partners, deposits.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "hub/queries.h"
#include "hub/rows.h"
#include "ledger/book.h"
#include "store/database.h"

namespace jangbu::hub {

/// Error: not_found.
Result<ManagerRow> find_manager(store::Session& session, ManagerId id);
Result<InviteRow> find_invite(store::Session& session, InviteId id);
/// Error: partner_not_found.
Result<PartnerRow> find_partner(store::Session& session, PartnerId id);
/// Who asks for access to a brand's portal.
struct AccessRequest {
  ManagerId manager = 0;
  std::string email;
};
/// The first of those who wait for one of the partner's managers, or an operator, to let them in; a hundred
/// at most. Who is let in makes room for the next.
Result<std::vector<AccessRequest>> access_requests(store::Session& session, PartnerId partner);
/// Who may come into a brand's portal, or has been invited to.
struct ManagerView {
  ManagerId id = 0;
  ManagerRow row;
  bool contact = false;
};
/// In the order in which they came, without those who wait and those whose access was withdrawn.
Result<std::vector<ManagerView>> managers_of(store::Session& session, PartnerId partner,
                                             const PartnerRow& row);
/// 0 when the address is no manager's. `email` in lower case.
Result<ManagerId> find_email(store::Session& session, std::string_view email);

/// A page of a partner's campaigns, the newest first. A page beyond the last is empty.
Result<CampaignPage> page_of_partner(store::Session& session, PartnerId partner, const PageRequest& page);
Result<std::uint64_t> campaigns_count(store::Session& session, PartnerId partner);
/// Error: campaign_not_found (also when it is another partner's).
Result<CampaignView> campaign_of_partner(store::Session& session, PartnerId partner, CampaignId id);
/// A review as its campaign's brand sees it.
struct ReviewView {
  ReviewId id = 0;
  ReviewRow row;
  std::string reviewer;
  std::string product_name;
  ReviewForm form;  // what it says
  Instant written_at;
  Instant judged_at;  // zero: not yet
  Money offered;      // what the campaign pays for an approved one
  Money paid;         // zero: nothing
};
struct ReviewFilter {
  std::optional<ReviewState> state;  // one that brands see
  CampaignId campaign = 0;           // 0: of all campaigns
};
/// Whether brands see reviews of this state: neither drafts nor what was deleted.
bool is_shown(ReviewState state);
/// A partner's reviews with ids below `before` (0: from the newest), the newest first. Error:
/// campaign_not_found (also when it is another partner's).
Result<std::vector<ReviewView>> reviews_of_partner(store::Session& session, PartnerId partner,
                                                   const ReviewFilter& filter, ReviewId before,
                                                   std::uint64_t limit);
/// Error: review_not_found (also when it is another partner's, or not shown).
Result<ReviewView> review_of_partner(store::Session& session, PartnerId partner, ReviewId id);

/// A partner's deposit; without any money when nothing was ever paid in.
Result<ledger::Account> deposit_of(store::Session& session, PartnerId partner);

/// A movement of a deposit with the code of the order that stands behind it; empty when there is none.
struct DepositLine {
  DepositMove move;
  std::string order_code;
};
Result<std::vector<DepositLine>> with_order_codes(store::Session& session,
                                                  const std::vector<DepositMove>& moves);

/// Where an invitation stands.
enum class InviteStatus : std::uint8_t { open, used, expired };
/// `manager`: the one invited. A later invitation ends this one.
InviteStatus invite_status(InviteId id, const InviteRow& invite, const ManagerRow& manager, Instant now);
/// "open", "used" or "expired".
std::string_view invite_status_name(InviteStatus status);

}  // namespace jangbu::hub
