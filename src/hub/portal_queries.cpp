#include "hub/portal_queries.h"

#include <map>

#include "engine/unit.h"
#include "hub/records.h"
#include "hub/state.h"
#include "hub/tables.h"
#include "ledger/queries.h"

namespace jangbu::hub {
namespace {

using store::Value;

const store::Sql count_sql{"SELECT COUNT(*) FROM hub_campaigns WHERE partner = $1"};
const store::Sql count_shown_sql{"SELECT COUNT(*) FROM hub_campaigns WHERE partner = $1 AND shown = $2"};
const store::Sql ids_sql{
    "SELECT id FROM hub_campaigns WHERE partner = $1 ORDER BY id DESC LIMIT $2 OFFSET $3"};
const store::Sql ids_shown_sql{
    "SELECT id FROM hub_campaigns WHERE partner = $1 AND shown = $2 ORDER BY id DESC LIMIT $3 OFFSET $4"};

const store::Sql pending_sql{
    "SELECT id, email FROM hub_managers WHERE partner = $1 AND pending <> 0 ORDER BY id LIMIT 100"};

const store::Sql managers_sql{"SELECT id, " JANGBU_HUB_MANAGER_COLUMNS
                              " FROM hub_managers WHERE partner = $1 AND pending = 0 AND withdrawn = 0 ORDER "
                              "BY id"};

#define JANGBU_SHOWN_REVIEWS "state <> 1213 AND state <> 1215"
const store::Sql reviews_of_partner_sql{
    "SELECT id FROM hub_reviews WHERE partner = $1 AND id < $2 AND " JANGBU_SHOWN_REVIEWS
    " ORDER BY id DESC LIMIT $3"};
const store::Sql reviews_of_partner_state_sql{
    "SELECT id FROM hub_reviews WHERE partner = $1 AND state = $2 AND id < $3 ORDER BY id DESC LIMIT $4"};
const store::Sql reviews_of_campaign_sql{
    "SELECT id FROM hub_reviews WHERE campaign = $1 AND id < $2 AND " JANGBU_SHOWN_REVIEWS
    " ORDER BY id DESC LIMIT $3"};
const store::Sql reviews_of_campaign_state_sql{
    "SELECT id FROM hub_reviews WHERE campaign = $1 AND state = $2 AND id < $3 ORDER BY id DESC LIMIT $4"};

template <typename Traits>
Result<typename Traits::Row> find_row(store::Session& session, const Value& key, Errc missing) {
  std::optional<typename Traits::Row> found;
  RETURN_IF_ERROR(session.query(Traits::load, {key}, [&](const store::Row& row) {
    found = Traits::read(row);
    return false;
  }));
  if (!found) return missing;
  return std::move(*found);
}

/// One number of each row.
Result<std::vector<std::uint64_t>> numbers(store::Session& session, const store::Sql& sql,
                                           std::initializer_list<Value> parameters) {
  std::vector<std::uint64_t> list;
  RETURN_IF_ERROR(session.query(sql, parameters, [&](const store::Row& row) {
    list.push_back(row.number(0));
    return true;
  }));
  return list;
}

}  // namespace

Result<ManagerRow> find_manager(store::Session& session, ManagerId id) {
  return find_row<ManagerTraits>(session, Value::number(id), Errc::not_found);
}

Result<InviteRow> find_invite(store::Session& session, InviteId id) {
  return find_row<InviteTraits>(session, Value::number(id), Errc::not_found);
}

Result<PartnerRow> find_partner(store::Session& session, PartnerId id) {
  return find_row<PartnerTraits>(session, Value::number(id), Errc::partner_not_found);
}

Result<std::vector<AccessRequest>> access_requests(store::Session& session, PartnerId partner) {
  std::vector<AccessRequest> requests;
  RETURN_IF_ERROR(session.query(pending_sql, {Value::number(partner)}, [&](const store::Row& row) {
    requests.push_back({row.number(0), std::string(row.bytes(1))});
    return true;
  }));
  return requests;
}

Result<std::vector<ManagerView>> managers_of(store::Session& session, PartnerId partner,
                                             const PartnerRow& row) {
  std::vector<ManagerView> managers;
  RETURN_IF_ERROR(session.query(managers_sql, {Value::number(partner)}, [&](const store::Row& found) {
    const ManagerId id = found.number(0);
    managers.push_back({id, read_manager(found, 1), id == row.manager});
    return true;
  }));
  return managers;
}

Result<ManagerId> find_email(store::Session& session, std::string_view email) {
  const auto found = find_row<EmailTraits>(session, Value::blob(email), Errc::not_found);
  if (!found && found.error().code == Errc::not_found) return ManagerId{0};
  return found;
}

Result<std::uint64_t> campaigns_count(store::Session& session, PartnerId partner) {
  ASSIGN_OR_RETURN(const auto count, numbers(session, count_sql, {Value::number(partner)}));
  return count.front();
}

Result<CampaignPage> page_of_partner(store::Session& session, PartnerId partner, const PageRequest& page) {
  const Value of = Value::number(partner);
  const Value shown = Value::integer(static_cast<std::int64_t>(page.status));
  const Value limit = Value::number(page.page_size);
  const Value offset = Value::number((page.page - 1) * page.page_size);
  const bool all = page.status == Shown::all;
  CampaignPage answer;
  ASSIGN_OR_RETURN(const auto total,
                   all ? numbers(session, count_sql, {of}) : numbers(session, count_shown_sql, {of, shown}));
  answer.total = total.front();
  ASSIGN_OR_RETURN(const auto ids, all ? numbers(session, ids_sql, {of, limit, offset})
                                       : numbers(session, ids_shown_sql, {of, shown, limit, offset}));
  for (const CampaignId id : ids) {
    ASSIGN_OR_RETURN(CampaignView view, campaign_of_partner(session, partner, id));
    answer.campaigns.push_back(std::move(view));
  }
  return answer;
}

Result<CampaignView> campaign_of_partner(store::Session& session, PartnerId partner, CampaignId id) {
  ASSIGN_OR_RETURN(const CampaignRow row,
                   find_row<CampaignTraits>(session, Value::number(id), Errc::campaign_not_found));
  if (row.partner != partner) return Errc::campaign_not_found;
  return campaign_of_app(session, row.app, id);
}

bool is_shown(ReviewState state) {
  return state == ReviewState::pending || state == ReviewState::approved || state == ReviewState::rejected;
}

namespace {

/// What campaigns say, each read once for a page.
using CampaignsRead = std::map<CampaignId, CampaignView>;

Result<ReviewView> read_review(store::Session& session, PartnerId partner, ReviewId id,
                               CampaignsRead& campaigns) {
  ReviewView view;
  view.id = id;
  ASSIGN_OR_RETURN(view.row, find_row<ReviewTraits>(session, Value::number(id), Errc::review_not_found));
  if (view.row.partner != partner || !is_shown(view.row.state)) return Errc::review_not_found;
  ASSIGN_OR_RETURN(ApplyRow apply,
                   find_row<ApplyTraits>(session, Value::number(view.row.apply), Errc::apply_not_found));
  view.reviewer = std::move(apply.reviewer);
  auto of = campaigns.find(view.row.campaign);
  if (of == campaigns.end()) {
    ASSIGN_OR_RETURN(CampaignView read, campaign_of_partner(session, partner, view.row.campaign));
    of = campaigns.emplace(view.row.campaign, std::move(read)).first;
  }
  view.product_name = of->second.form.product_name;
  view.offered = of->second.row.reward;
  ASSIGN_OR_RETURN(const engine::Record written, engine::load_record(session, view.row.record));
  view.form = said<ReviewWritten>(written)->form;
  view.written_at = written.recorded_at;
  if (view.row.judged == 0) return view;
  ASSIGN_OR_RETURN(const engine::Record judged, engine::load_record(session, view.row.judged));
  view.judged_at = judged.recorded_at;
  view.paid = said<ReviewJudged>(judged)->reward;
  return view;
}

}  // namespace

Result<std::vector<ReviewView>> reviews_of_partner(store::Session& session, PartnerId partner,
                                                   const ReviewFilter& filter, ReviewId before,
                                                   std::uint64_t limit) {
  CampaignsRead campaigns;
  if (filter.campaign != 0) {
    ASSIGN_OR_RETURN(CampaignView read, campaign_of_partner(session, partner, filter.campaign));
    campaigns.emplace(filter.campaign, std::move(read));
  }
  const bool of_campaign = filter.campaign != 0;
  const Value of = Value::number(of_campaign ? filter.campaign : partner);
  const Value below = before == 0 ? Value::integer(INT64_MAX) : Value::number(before);
  const Value most = Value::number(limit);
  std::vector<std::uint64_t> ids;
  if (filter.state) {
    const Value state = Value::integer(static_cast<std::int64_t>(*filter.state));
    ASSIGN_OR_RETURN(
        ids, numbers(session, of_campaign ? reviews_of_campaign_state_sql : reviews_of_partner_state_sql,
                     {of, state, below, most}));
  } else {
    ASSIGN_OR_RETURN(ids, numbers(session, of_campaign ? reviews_of_campaign_sql : reviews_of_partner_sql,
                                  {of, below, most}));
  }
  std::vector<ReviewView> reviews;
  for (const ReviewId id : ids) {
    ASSIGN_OR_RETURN(ReviewView view, read_review(session, partner, id, campaigns));
    reviews.push_back(std::move(view));
  }
  return reviews;
}

Result<ReviewView> review_of_partner(store::Session& session, PartnerId partner, ReviewId id) {
  CampaignsRead campaigns;
  return read_review(session, partner, id, campaigns);
}

Result<ledger::Account> deposit_of(store::Session& session, PartnerId partner) {
  auto found = ledger::find_account(session, deposit_account(partner), won);
  if (found) return std::move(found->account);
  if (found.error().code != Errc::not_found) return found.error();
  return ledger::Account{deposit_account(partner), std::string(won), ledger::Floor::zero, {}, {}};
}

Result<std::vector<DepositLine>> with_order_codes(store::Session& session,
                                                  const std::vector<DepositMove>& moves) {
  std::map<OrderNumber, std::string> codes;  // a page has few orders
  std::vector<DepositLine> lines;
  for (const DepositMove& move : moves) {
    const OrderNumber number = move.row.order;
    if (number != 0 && !codes.contains(number)) {
      ASSIGN_OR_RETURN(const OrderRow row,
                       find_row<OrderTraits>(session, Value::number(number), Errc::order_not_found));
      ASSIGN_OR_RETURN(const engine::Record record, engine::load_record(session, row.record));
      codes[number] = said<OrderCreated>(record)->code;
    }
    lines.push_back({move, number == 0 ? std::string() : codes[number]});
  }
  return lines;
}

InviteStatus invite_status(InviteId id, const InviteRow& invite, const ManagerRow& manager, Instant now) {
  if (invite.used) return InviteStatus::used;
  return invite.expires_at <= now || manager.invite != id ? InviteStatus::expired : InviteStatus::open;
}

std::string_view invite_status_name(InviteStatus status) {
  switch (status) {
    case InviteStatus::open:
      return "open";
    case InviteStatus::used:
      return "used";
    case InviteStatus::expired:
      return "expired";
  }
  return "";
}

}  // namespace jangbu::hub
