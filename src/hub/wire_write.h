// Answers and errors of the hub's protocol, in the member order of the published guide. Pure; any thread.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "http/message.h"
#include "hub/decide.h"
#include "hub/wire.h"

namespace jangbu::hub {

/// Where the links of answers lead. `link_base` is the public URL that the record keeps.
struct AnswerLinks {
  std::function<std::string(std::string_view link_base, std::uint64_t checkout)> checkout;
  /// An invitation's page.
  std::function<std::string(std::string_view link_base, InviteId invite)> invite;
};

/// "2026-05-25T10:01:23+09:00": Korean time, whole seconds.
std::string korean_time(Instant instant);

/// A campaign as lists and details show it.
struct CampaignView {
  CampaignId id = 0;
  CampaignRow row;
  CampaignForm form;
  std::string external_ref;  // the order's code; empty: made by the older call
  Instant created_at;
};

struct OrderView {
  OrderRow row;
  OrderCreated created;
  Money refunded = {};  // what went back so far
};

Answer render_order_created(const OrderCreated& created, const AnswerLinks& links);
Answer render_order_closed(const OrderClosed& closed);
Answer render_order(const OrderView& order, const AnswerLinks& links);
/// `next`: the cursor of the next page; 0: there is none.
Answer render_orders(const std::vector<OrderView>& orders, OrderNumber next, const AnswerLinks& links);

/// `login_email`: as the request said it; the same body says the same.
Answer render_onboarded(const Onboarded& onboarded, const AnswerRow& mail, std::string_view login_email,
                        const AnswerLinks& links);
Answer render_ensured(const PartnerEnsured& ensured);
Answer render_campaign_created(const CampaignCreated& created);
Answer render_activated(const CampaignActivated& activated);
/// 402: the deposit does not cover it.
Answer render_not_activated(CampaignId campaign, const GatePart& gate);

Answer render_status(CampaignId id, const CampaignRow& row);
Answer render_campaign(const CampaignView& campaign);
Answer render_campaigns(const std::vector<CampaignView>& campaigns, const PageRequest& page,
                        std::uint64_t total);

Answer render_applied(const Applied& applied);
Answer render_apply_set(const ApplySet& set);
Answer render_review_written(const ReviewWritten& written);
Answer render_review_judged(const ReviewJudged& judged);

/// How a path says errors: {"code","message"}, or {"error":{"code","message","details"}} for what the books
/// refuse. What no book was asked about (tokens, keys, rates, forms, faults of ours) is always the first.
enum class Dialect : std::uint8_t { plain, nested };
http::Response error_response(const Refused& refused, Dialect dialect);
/// 400 INVALID_PAYLOAD with every issue.
http::Response issues_response(const Issues& issues);
/// What has only an HTTP status (404, 405, 413, 500, 503).
http::Response status_response(int status, std::string_view message);
http::Response answer_response(Answer answer, bool replayed = false);

}  // namespace jangbu::hub
