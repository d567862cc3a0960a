#include "hub/lists.h"

#include <map>

#include "base/ascii.h"
#include "base/json.h"
#include "door/answer.h"
#include "door/api.h"
#include "door/listing.h"
#include "hub/admin_queries.h"
#include "hub/columns.h"
#include "hub/portal_queries.h"
#include "hub/portal_wire.h"
#include "hub/records.h"
#include "hub/state.h"
#include "hub/wire_json.h"

namespace jangbu::hub {
namespace {

using door::Wanted;
using http::Effect;
using http::Method;
using http::Responder;
using store::Session;
using store::Value;

constexpr std::string_view access_requested = "requested";
constexpr std::uint64_t shown_applies = 100;

const store::Sql campaigns_sql{"SELECT id, " JANGBU_HUB_CAMPAIGN_COLUMNS
                               " FROM hub_campaigns WHERE id < $1 ORDER BY id DESC LIMIT $2"};
const store::Sql partners_sql{
    "SELECT id, app, company_name, business_number, email FROM hub_partners WHERE id < $1 ORDER BY id DESC "
    "LIMIT $2"};
// The same of those that somebody asks to be let in to.
const store::Sql asked_partners_sql{
    "SELECT id, app, company_name, business_number, email FROM hub_partners WHERE id < $1 AND id IN (SELECT "
    "partner FROM hub_managers WHERE pending <> 0) ORDER BY id DESC LIMIT $2"};
// By the index of those who wait, not by all managers.
const store::Sql access_requests_sql{
    "SELECT m.id, m.partner, m.email, p.app, p.company_name FROM hub_managers m JOIN hub_partners p ON p.id "
    "= m.partner WHERE m.id < $1 AND m.id IN (SELECT id FROM hub_managers WHERE pending <> 0) ORDER BY m.id "
    "DESC LIMIT $2"};
const store::Sql reviews_sql{
    "SELECT id, state, campaign FROM hub_reviews WHERE id < $1 ORDER BY id DESC LIMIT $2"};
const store::Sql review_sql{
    "SELECT r.state, r.record, r.judged, a.id, a.campaign, a.reviewer FROM hub_reviews r JOIN hub_applies a "
    "ON a.id = r.apply WHERE r.id = $1"};
const store::Sql campaign_app_sql{"SELECT app FROM hub_campaigns WHERE id = $1"};

Result<std::map<AppId, std::string>> codes_of_apps(Session& session) {
  ASSIGN_OR_RETURN(const auto apps, all_apps(session));
  std::map<AppId, std::string> codes;
  for (const auto& [id, app] : apps->by_id) codes[id] = app.code;
  return codes;
}

void put_reference(json::Writer& out, std::string_view name, std::uint64_t number) {
  out.key(name);
  number == 0 ? out.null() : out.string(std::to_string(number));
}

// ---- campaigns

Result<CampaignView> campaign_by_id(Session& session, CampaignId id) {
  Result<AppId> app = Errc::campaign_not_found;
  if (id > INT64_MAX) return app.error();
  RETURN_IF_ERROR(session.query(campaign_app_sql, {Value::number(id)}, [&](const store::Row& row) {
    app = row.number(0);
    return false;
  }));
  if (!app) return app.error();
  return campaign_of_app(session, *app, id);
}

void put_campaign(json::Writer& out, const CampaignView& view, const std::string& app,
                  const std::string& company) {
  const CampaignRow& row = view.row;
  out.key("campaignId").string(std::to_string(view.id)).key("app").string(app);
  out.key("partnerId").string(std::to_string(row.partner)).key("companyName").string(company);
  out.key("productName").string(view.form.product_name).key("channel").string(view.form.channel);
  out.key("status").string(shown_name(shown_status(row.status)));
  out.key("statusCode").string(code_text(row.status)).key("currency").string(won);
  out.key("reward").raw(row.reward.to_units_text()).key("offers").unsigned_number(row.offers);
  out.key("held").raw(row.held.to_units_text()).key("paidReviews").unsigned_number(row.paid);
  out.key("pendingReviews").unsigned_number(row.r1218);
  out.key("orderCode");
  view.external_ref.empty() ? out.null() : out.string(view.external_ref);
  door::put_time_or_null(out, "startAt", row.start_at);
  door::put_time_or_null(out, "endAt", row.end_at);
  door::put_time_or_null(out, "createdAt", view.created_at);
  out.key("record").unsigned_number(row.record);
}

Result<std::string> campaign_item(Session& session, const std::map<AppId, std::string>& codes,
                                  CampaignId id) {
  ASSIGN_OR_RETURN(const CampaignView view, campaign_by_id(session, id));
  ASSIGN_OR_RETURN(const PartnerRow partner, find_partner(session, view.row.partner));
  std::string body;
  json::Writer out(body);
  out.begin_object();
  put_campaign(out, view, codes.at(view.row.app), partner.company_name);
  out.end_object();
  return body;
}

Result<std::string> list_campaigns(Session& session, const Wanted& wanted) {
  ASSIGN_OR_RETURN(const auto codes, codes_of_apps(session));
  const auto fits = [&](const store::Row& row) {
    const CampaignRow campaign = read_campaign(row, 1);
    return wanted.fits("status", shown_name(shown_status(campaign.status))) &&
           wanted.fits("partner", std::to_string(campaign.partner)) &&
           wanted.fits("app", codes.at(campaign.app));
  };
  return door::page_of(
      session,
      {"campaigns", campaigns_sql, fits, [&](std::uint64_t id) { return campaign_item(session, codes, id); }},
      wanted);
}

Result<std::string> show_campaign(Session& session, std::string_view text) {
  const auto id = parse_id(text);
  if (!id) return Errc::campaign_not_found;
  ASSIGN_OR_RETURN(const auto codes, codes_of_apps(session));
  ASSIGN_OR_RETURN(const CampaignView view, campaign_by_id(session, *id));
  ASSIGN_OR_RETURN(const PartnerRow partner, find_partner(session, view.row.partner));
  ASSIGN_OR_RETURN(const auto applies, applies_of_campaign(session, *id, 0, shown_applies));
  std::string body;
  json::Writer out(body);
  out.begin_object();
  put_campaign(out, view, codes.at(view.row.app), partner.company_name);
  out.key("productPrice").raw(view.form.product_price.to_units_text());
  out.key("purchaseUrl").string(view.form.purchase_url);
  door::put_time_or_null(out, "reviewsDueAt", view.row.due_at);
  door::put_time_or_null(out, "nextStepAt", view.row.next_at);
  out.key("applications").begin_array();
  for (const ApplyView& apply : applies) {
    out.begin_object().key("applyId").string(std::to_string(apply.id));
    out.key("reviewer").string(apply.row.reviewer).key("statusCode").string(code_text(apply.row.state));
    put_reference(out, "reviewId", apply.row.review);
    out.end_object();
  }
  out.end_array().end_object();
  return body;
}

// ---- reviews

Result<std::string> review_item(Session& session, ReviewId id) {
  struct Row {
    ReviewState state;
    std::uint64_t record, judged, apply, campaign;
    std::string reviewer;
  };
  std::optional<Row> found;
  RETURN_IF_ERROR(session.query(review_sql, {Value::number(id)}, [&](const store::Row& row) {
    found = Row{static_cast<ReviewState>(row.integer(0)),
                row.number(1),
                row.number(2),
                row.number(3),
                row.number(4),
                std::string(row.bytes(5))};
    return false;
  }));
  if (!found) return Errc::review_not_found;
  ASSIGN_OR_RETURN(const engine::Record record, engine::load_record(session, found->record));
  ASSIGN_OR_RETURN(const CampaignView campaign, campaign_by_id(session, found->campaign));
  const std::uint64_t rewarded = found->state == ReviewState::approved ? found->judged : 0;
  std::string body;
  json::Writer out(body);
  out.begin_object().key("reviewId").string(std::to_string(id));
  out.key("statusCode").string(code_text(found->state)).key("reviewer").string(found->reviewer);
  out.key("applyId").string(std::to_string(found->apply));
  out.key("campaignId").string(std::to_string(found->campaign));
  out.key("productName").string(campaign.form.product_name);
  out.key("reward").raw(campaign.row.reward.to_units_text()).key("currency").string(won);
  door::put_time_or_null(out, "at", record.recorded_at);
  out.key("record").unsigned_number(found->record).key("rewardRecord");
  rewarded == 0 ? out.null() : out.unsigned_number(rewarded);
  out.key("url");
  const auto written = record.kind == review_written_kind ? said<ReviewWritten>(record) : nullptr;
  written == nullptr ? out.null() : out.string(written->form.url);
  out.key("text");
  written == nullptr ? out.null() : out.string(written->form.text);
  out.end_object();
  return body;
}

/// One review by its id: what a search leads to.
Result<std::string> list_review(Session& session, std::string_view text) {
  const auto id = parse_id(text);
  if (!id) return door::page_of_one("reviews", {});
  auto item = review_item(session, *id);
  if (!item && item.error().code == Errc::review_not_found) return door::page_of_one("reviews", {});
  if (!item) return item.error();
  return door::page_of_one("reviews", std::move(*item));
}

Result<std::string> list_reviews(Session& session, const Wanted& wanted) {
  if (const auto it = wanted.filters.find("review"); it != wanted.filters.end())
    return list_review(session, it->second);
  const auto fits = [&](const store::Row& row) {
    return wanted.fits("status", code_text(static_cast<ReviewState>(row.integer(1)))) &&
           wanted.fits("campaign", std::to_string(row.number(2)));
  };
  return door::page_of(
      session, {"reviews", reviews_sql, fits, [&](std::uint64_t id) { return review_item(session, id); }},
      wanted);
}

// ---- partners and orders

Result<std::string> partner_item(Session& session, const std::map<AppId, std::string>& codes, PartnerId id) {
  ASSIGN_OR_RETURN(const PartnerRow row, find_partner(session, id));
  ASSIGN_OR_RETURN(const ledger::Account deposit, deposit_of(session, id));
  ASSIGN_OR_RETURN(const auto requests, access_requests(session, id));
  std::string body;
  json::Writer out(body);
  out.begin_object().key("partnerId").string(std::to_string(id)).key("app").string(codes.at(row.app));
  out.key("companyName").string(row.company_name).key("businessNumber").string(row.business_number);
  out.key("email").string(row.email).key("currency").string(won);
  out.key("available").raw(deposit.available().to_units_text());
  out.key("held").raw(deposit.held.to_units_text());
  out.key("accessRequests").unsigned_number(requests.size()).end_object();
  return body;
}

Result<std::string> list_partners(Session& session, const Wanted& wanted) {
  ASSIGN_OR_RETURN(const auto codes, codes_of_apps(session));
  const auto fits = [&](const store::Row& row) {
    return wanted.fits("access", access_requested) && wanted.fits("app", codes.at(row.number(1))) &&
           (wanted.is_in("q", row.bytes(2)) || wanted.is_in("q", row.bytes(3)) ||
            wanted.is_in("q", row.bytes(4)));
  };
  const store::Sql& sql = wanted.filters.contains("access") ? asked_partners_sql : partners_sql;
  return door::page_of(
      session, {"partners", sql, fits, [&](std::uint64_t id) { return partner_item(session, codes, id); }},
      wanted);
}

Result<std::string> access_request_item(Session& session, const std::map<AppId, std::string>& codes,
                                        ManagerId id) {
  ASSIGN_OR_RETURN(const ManagerRow manager, find_manager(session, id));
  ASSIGN_OR_RETURN(const PartnerRow partner, find_partner(session, manager.partner));
  std::string body;
  json::Writer out(body);
  out.begin_object().key("managerId").string(std::to_string(id)).key("email").string(manager.email);
  out.key("partnerId").string(std::to_string(manager.partner));
  out.key("companyName").string(partner.company_name).key("app").string(codes.at(partner.app)).end_object();
  return body;
}

Result<std::string> list_access_requests(Session& session, const Wanted& wanted) {
  ASSIGN_OR_RETURN(const auto codes, codes_of_apps(session));
  const auto fits = [&](const store::Row& row) {
    return wanted.fits("partner", std::to_string(row.number(1))) &&
           wanted.fits("app", codes.at(row.number(3))) &&
           (wanted.is_in("q", row.bytes(2)) || wanted.is_in("q", row.bytes(4)));
  };
  return door::page_of(session,
                       {"accessRequests", access_requests_sql, fits,
                        [&](std::uint64_t id) { return access_request_item(session, codes, id); }},
                       wanted);
}

Result<std::string> list_deposit(Session& session, std::string_view text, const Wanted& wanted) {
  const auto id = parse_id(text);
  if (!id) return Errc::partner_not_found;
  RETURN_IF_ERROR(find_partner(session, *id));
  const std::uint64_t before = wanted.before == INT64_MAX ? 0 : wanted.before;
  ASSIGN_OR_RETURN(auto moves, deposit_moves(session, *id, before, wanted.limit + 1));
  std::uint64_t next = 0;
  if (moves.size() > wanted.limit) {
    moves.pop_back();
    next = moves.back().number;
  }
  ASSIGN_OR_RETURN(const auto lines, with_order_codes(session, moves));
  ASSIGN_OR_RETURN(const ledger::Account deposit, deposit_of(session, *id));
  return deposit_json(deposit, lines, next);
}

Result<std::string> show_order(Session& session, std::string_view code) {
  const OrderNumber number = order_number_of(code);
  if (number == 0 || number > INT64_MAX - 1) return Errc::order_not_found;
  AdminOrderList list;
  list.before = number + 1;
  list.limit = 1;
  ASSIGN_OR_RETURN(const AdminOrderPage page, all_orders(session, list));
  if (page.orders.empty() || page.orders.front().order.created.code != code) return Errc::order_not_found;
  return order_json(page.orders.front());
}

// ---- the desk

const store::Sql waiting_orders_sql{"SELECT number FROM hub_orders WHERE attention <> 0 LIMIT $1"};
const store::Sql under_review_sql{"SELECT campaigns FROM hub_totals WHERE shown = $1"};
const store::Sql requests_sql{"SELECT id FROM hub_managers WHERE pending <> 0 LIMIT $1"};
const store::Sql business_number_sql{
    "SELECT partner FROM hub_partner_numbers WHERE app = $1 AND business_number = $2 ORDER BY partner"};

const store::Sql orders_of_lead_sql{
    "SELECT o.record FROM hub_order_leads l JOIN hub_orders o ON o.number = l.number WHERE l.lead_ref = $1 "
    "ORDER BY l.number DESC LIMIT $2"};
const store::Sql apply_sql{"SELECT campaign, reviewer FROM hub_applies WHERE id = $1"};
const store::Sql found_review_sql{
    "SELECT a.campaign, a.reviewer FROM hub_reviews r JOIN hub_applies a ON a.id = r.apply WHERE r.id = $1"};

/// Orders of one lead that a search shows.
constexpr std::uint64_t max_orders_of_lead = 10;

class Desk final : public door::Desk {
 public:
  Status add_waiting(Session& session, std::vector<door::Waiting>& list) const override {
    RETURN_IF_ERROR(door::count_waiting(session, waiting_orders_sql, "hub.orders", list));
    RETURN_IF_ERROR(add_under_review(session, list));
    return door::count_waiting(session, requests_sql, "hub.access_requests", list);
  }

  Status find(Session& session, std::string_view text, std::vector<door::Found>& found) const override {
    ASSIGN_OR_RETURN(const auto order, door::if_there(show_order(session, text)));
    if (order) found.push_back({"hub.order", std::string(text), std::string(text)});
    if (const auto id = parse_id(text); id) {
      ASSIGN_OR_RETURN(const auto campaign, door::if_there(campaign_by_id(session, *id)));
      if (campaign) found.push_back({"hub.campaign", std::to_string(*id), campaign->form.product_name});
      ASSIGN_OR_RETURN(const auto partner, door::if_there(find_partner(session, *id)));
      if (partner) found.push_back({"hub.partner", std::to_string(*id), partner->company_name});
      // An application is shown with its campaign, a review in a list of its own.
      ASSIGN_OR_RETURN(const auto apply, find_work(session, apply_sql, *id));
      if (apply) found.push_back({"hub.application", std::to_string(apply->campaign), apply->title});
      ASSIGN_OR_RETURN(const auto review, find_work(session, found_review_sql, *id));
      if (review) found.push_back({"hub.review", std::to_string(*id), review->title});
    }
    RETURN_IF_ERROR(find_by_lead(session, text, found));
    RETURN_IF_ERROR(find_by_number(session, text, found));
    ASSIGN_OR_RETURN(const ManagerId manager, find_email(session, to_lower(text)));
    if (manager == 0) return {};
    ASSIGN_OR_RETURN(const ManagerRow row, find_manager(session, manager));
    ASSIGN_OR_RETURN(const PartnerRow partner, find_partner(session, row.partner));
    found.push_back({"hub.partner", std::to_string(row.partner), partner.company_name});
    return {};
  }

 private:
  static Status add_under_review(Session& session, std::vector<door::Waiting>& list) {
    door::Waiting waiting{"hub.campaigns", 0, false};
    RETURN_IF_ERROR(session.query(under_review_sql,
                                  {Value::integer(static_cast<std::int64_t>(Shown::under_review))},
                                  [&](const store::Row& row) {
                                    waiting.count += row.number(0);
                                    return true;
                                  }));
    if (waiting.count != 0) list.push_back(std::move(waiting));
    return {};
  }

  /// What a reviewer did in a campaign.
  struct Work {
    CampaignId campaign = 0;
    std::string title;
  };
  static Result<std::optional<Work>> find_work(Session& session, const store::Sql& sql, std::uint64_t id) {
    std::optional<Work> work;
    RETURN_IF_ERROR(session.query(sql, {Value::number(id)}, [&](const store::Row& row) {
      work = Work{row.number(0), std::string(row.bytes(1))};
      return false;
    }));
    if (!work) return work;
    ASSIGN_OR_RETURN(const CampaignView campaign, campaign_by_id(session, work->campaign));
    work->title += " · " + campaign.form.product_name;
    return work;
  }

  /// The orders that were made for a lead, the newest first.
  static Status find_by_lead(Session& session, std::string_view lead, std::vector<door::Found>& found) {
    std::vector<std::uint64_t> records;
    RETURN_IF_ERROR(session.query(orders_of_lead_sql, {Value::blob(lead), Value::number(max_orders_of_lead)},
                                  [&](const store::Row& row) {
                                    records.push_back(row.number(0));
                                    return true;
                                  }));
    for (const std::uint64_t number : records) {
      ASSIGN_OR_RETURN(const engine::Record record, engine::load_record(session, number));
      const auto created = said<OrderCreated>(record);
      found.push_back({"hub.order", created->code, created->order.product_name});
    }
    return {};
  }

  static Status find_by_number(Session& session, std::string_view text, std::vector<door::Found>& found) {
    ASSIGN_OR_RETURN(const auto apps, all_apps(session));
    for (const auto& [app, set] : apps->by_id) {
      std::vector<PartnerId> ids;  // of each country
      RETURN_IF_ERROR(session.query(business_number_sql, {Value::number(app), Value::blob(text)},
                                    [&](const store::Row& row) {
                                      ids.push_back(row.number(0));
                                      return true;
                                    }));
      for (const PartnerId id : ids) {
        ASSIGN_OR_RETURN(const PartnerRow partner, find_partner(session, id));
        found.push_back({"hub.partner", std::to_string(id), partner.company_name});
      }
    }
    return {};
  }
};

}  // namespace

void add_lists(http::Router& router, engine::Engine& engine) {
  const auto list = [&](const std::vector<std::string_view>& filters, auto make) {
    return door::list_of(engine, filters, make);
  };
  const auto one = [&](std::string_view parameter, auto make) {
    return door::one_of(engine, parameter, make);
  };
  const auto add = [&](http::Router& to, Method method, const char* pattern, http::Handler handler) {
    to.add({method, pattern, Effect::read, std::move(handler)});
  };
  add(router, Method::get, "/api/hub/campaigns", list({"status", "partner", "app"}, list_campaigns));
  add(router, Method::get, "/api/hub/campaigns/{id}", one("id", show_campaign));
  add(router, Method::get, "/api/hub/reviews", list({"review", "status", "campaign"}, list_reviews));
  add(router, Method::get, "/api/hub/partners", list({"access", "app", "q"}, list_partners));
  add(router, Method::get, "/api/hub/access-requests", list({"partner", "app", "q"}, list_access_requests));
  add(router, Method::get, "/api/hub/orders/{orderCode}", one("orderCode", show_order));
  add(router, Method::get, "/api/hub/partners/{id}/deposit", [&engine](Responder responder) {
    const auto wanted = door::read_wanted(responder.request().query(), {});
    if (!wanted) return responder.respond(http::api_error(wanted.error()));
    const std::string id(responder.request().path_parameter("id"));
    door::show(engine, std::move(responder),
               [wanted = *wanted, id](Session& session) { return list_deposit(session, id, wanted); });
  });
}

std::unique_ptr<door::Desk> make_desk() { return std::make_unique<Desk>(); }

}  // namespace jangbu::hub
