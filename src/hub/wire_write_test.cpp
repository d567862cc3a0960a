#include "hub/wire_write.h"

#include <gtest/gtest.h>

namespace jangbu::hub {
namespace {

const AnswerLinks links{[](std::string_view base, std::uint64_t checkout) {
                          return std::string(base) + "/checkout/c" + std::to_string(checkout);
                        },
                        [](std::string_view base, InviteId invite) {
                          return std::string(base) + "/partner/accept-invite/i" + std::to_string(invite);
                        }};

Instant time_of(std::string_view text) { return parse_rfc3339(text).value(); }
Money won_of(std::int64_t amount) { return Money::from_units(amount); }

/// The campaign of the published example.
CampaignRow example_row() {
  CampaignRow row;
  row.status = CampaignStatus::live;
  row.start_at = time_of("2026-06-01T00:00:00+09:00");
  row.end_at = time_of("2026-06-30T23:59:59+09:00");
  row.due_at = time_of("2026-07-14T23:59:59+09:00");
  row.updated_at = time_of("2026-06-10T12:00:00.999999+09:00");
  row.offers = 10;
  row.a0801 = 3;
  row.a0802 = 8;
  row.a0803 = 10;
  row.a0804 = 2;
  row.r1213 = 2;
  row.r1214 = 6;
  row.r1218 = 1;
  return row;
}

CampaignView example_view() {
  CampaignView view;
  view.id = 73254;
  view.row = example_row();
  view.form.product_name = "피카소 젤 아이라이너";
  view.form.channel = "Coupang";
  view.form.thumbnail_url = "https://img.08liter.com/x.jpg";
  view.form.product_price = won_of(19900);
  view.form.reward = won_of(20600);
  view.form.purchase_url = "https://www.coupang.com/vp/products/12345";
  view.external_ref = "HUBPAY-20260525-0001";
  view.created_at = time_of("2026-05-25T10:01:23+09:00");
  return view;
}

const std::string period =
    R"("period":{"startAt":"2026-06-01T00:00:00+09:00","endAt":"2026-06-30T23:59:59+09:00",)"
    R"("dueAt":"2026-07-14T23:59:59+09:00"})";
const std::string funnel =
    R"({"offerCount":10,"applied":23,"underSelection":3,"selected":10,"notSelected":10,"reviewSubmitted":7,)"
    R"("reviewPending":1,"reviewApproved":6,"reviewRejected":0,"reviewDraft":2})";
const std::string item_members =
    R"("campaignId":"73254","name":"피카소 젤 아이라이너","channel":"Coupang",)"
    R"("thumbnailUrl":"https://img.08liter.com/x.jpg","productPrice":19900,"rewardPoints":20600,)"
    R"("purchaseUrl":"https://www.coupang.com/vp/products/12345","status":"IN_PROGRESS",)"
    R"("statusLabel":"진행중","statusCode":"1209",)" +
    period + R"(,"externalRef":"HUBPAY-20260525-0001","progress":)" + funnel +
    R"(,"createdAt":"2026-05-25T10:01:23+09:00")";

void expect(const Answer& answer, int status, const std::string& body) {
  EXPECT_EQ(answer.status, status);
  EXPECT_EQ(answer.body, body);
}

TEST(KoreanTime, IsNineHoursAheadInWholeSeconds) {
  EXPECT_EQ(korean_time(time_of("2026-05-25T01:01:23.999Z")), "2026-05-25T10:01:23+09:00");
  EXPECT_EQ(korean_time(time_of("2026-12-31T15:00:00Z")), "2027-01-01T00:00:00+09:00");
  EXPECT_EQ(korean_time(Instant{-1}), "1970-01-01T08:59:59+09:00");
}

TEST(RenderOrders, AsTheHubAnswers) {
  OrderView view;
  view.created.code = "HUBPAY-20260525-0001";
  view.created.checkout = 7;
  view.created.link_base = "https://hub.example.com";
  view.created.order.amount = won_of(206000);
  view.created.order.product_name = "구매평 \"봄\"";
  view.created.expires_at = time_of("2026-05-26T10:00:00+09:00");
  const std::string head =
      R"("amount":206000,"currency":"KRW","checkoutUrl":"https://hub.example.com/checkout/c7",)"
      R"("expiresAt":"2026-05-26T10:00:00+09:00")";
  expect(render_order_created(view.created, links), 201,
         R"({"orderCode":"HUBPAY-20260525-0001","status":"CREATED",)" + head + "}");
  const std::string open =
      R"({"orderCode":"HUBPAY-20260525-0001","status":"CREATED",)" + head +
      R"(,"refunded":0,"productName":"구매평 \"봄\"","leadRef":null,"partnerId":null,"metadata":null,"paidAt":null,)"
      R"("attention":null})";
  expect(render_order(view, links), 200, open);
  expect(render_orders({view}, 0, links), 200, R"({"orders":[)" + open + R"(],"next":null})");
  expect(render_orders({}, 12, links), 200, R"({"orders":[],"next":"12"})");
  view.row.status = OrderStatus::paid;
  view.row.paid_at = time_of("2026-05-25T10:00:30+09:00");
  view.row.attention = Attention::unconsumed;
  view.refunded = won_of(6000);
  view.created.order.lead_ref = "lead-1";
  view.created.order.partner = 5;
  view.created.order.metadata = R"({"n":1.50})";
  expect(
      render_order(view, links), 200,
      R"({"orderCode":"HUBPAY-20260525-0001","status":"PAID",)" + head +
          R"(,"refunded":6000,"productName":"구매평 \"봄\"","leadRef":"lead-1","partnerId":"5","metadata":{"n":1.50},)"
          R"("paidAt":"2026-05-25T10:00:30+09:00","attention":"UNCONSUMED"})");
  expect(render_order_closed({"HUBPAY-20260525-0001", OrderStatus::refunding, won_of(206000)}), 200,
         R"({"orderCode":"HUBPAY-20260525-0001","status":"REFUNDING","refundAmount":206000})");
}

TEST(RenderOnboarded, IsThePublishedExample) {
  Onboarded onboarded;
  onboarded.partner.id = 12377;
  onboarded.partner.made_partner = onboarded.partner.made_manager = true;
  onboarded.campaign = 73254;
  onboarded.status = CampaignStatus::live;
  onboarded.charged = won_of(206000);
  onboarded.gate = {won_of(206000), won_of(206000)};
  onboarded.invite = {3, time_of("2026-05-26T10:01:23+09:00"), true, "https://hub.example.com"};
  const AnswerRow sent{true, time_of("2026-05-25T10:01:23+09:00")};
  expect(
      render_onboarded(onboarded, sent, "ceo@abc.com", links), 200,
      R"({"result":"SUCCESS","partner":{"partnerId":"12377","loginEmail":"ceo@abc.com"},)"
      R"("campaign":{"campaignId":"73254","status":"IN_PROGRESS","statusCode":"1209"},)"
      R"("deposit":{"charged":206000,"available":206000,"shortfall":0,"required":206000},)"
      R"("onboarding":{"emailSent":true,"emailSentAt":"2026-05-25T10:01:23+09:00",)"
      R"("loginUrl":"https://hub.example.com/partner/accept-invite/i3","tokenExpiresAt":"2026-05-26T10:01:23+09:00"}})");
  onboarded.status = CampaignStatus::temporary_saved;
  onboarded.gate.available = won_of(100000);
  onboarded.invite.id = 0;
  expect(render_onboarded(onboarded, {}, "ceo@abc.com", links), 200,
         R"({"result":"INSUFFICIENT_DEPOSIT","partner":{"partnerId":"12377","loginEmail":"ceo@abc.com"},)"
         R"("campaign":{"campaignId":"73254","status":"TEMPORARY_SAVED","statusCode":"1206"},)"
         R"("deposit":{"charged":206000,"available":100000,"shortfall":106000,"required":206000},)"
         R"("onboarding":{"emailSent":false,"emailSentAt":null,"loginUrl":"https://hub.example.com/partner",)"
         R"("tokenExpiresAt":null}})");
}

TEST(RenderLegacy, IsThePublishedExamples) {
  PartnerEnsured ensured;
  ensured.partner.id = 12377;
  ensured.partner.manager = 24568;
  ensured.partner.made_partner = true;
  expect(render_ensured(ensured), 201,
         R"({"operation":"CREATED","partnerId":"12377","adminId":"24568","status":"ACTIVE"})");
  ensured.partner.made_partner = false;
  expect(render_ensured(ensured), 200,
         R"({"operation":"FOUND","partnerId":"12377","adminId":"24568","status":"ACTIVE"})");
  CampaignCreated created;
  created.campaign = 73254;
  created.status = CampaignStatus::live;
  created.gate = {won_of(200000), won_of(300000)};
  expect(render_campaign_created(created), 201,
         R"({"campaignId":"73254","statusCode":"1209","status":"IN_PROGRESS","activated":true,)"
         R"("depositReserved":200000,"depositAvailable":300000,"depositShortfall":0})");
  created.status = CampaignStatus::temporary_saved;
  created.gate.available = won_of(50000);
  expect(render_campaign_created(created), 201,
         R"({"campaignId":"73254","statusCode":"1206","status":"TEMPORARY_SAVED","activated":false,)"
         R"("depositReserved":200000,"depositAvailable":50000,"depositShortfall":150000})");
  CampaignActivated activated;
  activated.campaign = 73254;
  activated.gate = {won_of(200000), won_of(200000)};
  expect(render_activated(activated), 200,
         R"({"campaignId":"73254","activated":true,"statusCode":"1209","depositRequired":200000,)"
         R"("depositAvailable":200000,"depositShortfall":0})");
  activated.status = CampaignStatus::under_review;
  EXPECT_NE(render_activated(activated).body.find(R"("activated":false,"statusCode":"1207")"),
            std::string::npos);
  expect(render_not_activated(73254, {won_of(200000), won_of(50000)}), 402,
         R"({"campaignId":"73254","activated":false,"statusCode":"1206","depositRequired":200000,)"
         R"("depositAvailable":50000,"depositShortfall":150000,"error":{"code":"INSUFFICIENT_DEPOSIT",)"
         R"("message":"the deposit does not cover this",)"
         R"("details":{"required":200000,"available":50000,"shortfall":150000}}})");
  expect(render_status(73254, example_row()), 200,
         R"({"campaignId":"73254","status":"IN_PROGRESS","statusCode":"1209","statusLabel":"진행중",)" +
             period +
             R"(,"recruit":{"offerCount":10,"appliedCount":23,"byState":{"APPLY":13,"SELECT":10}},)"
             R"("progress":{"reviewCount":7,"byReviewStatus":{"1213":2,"1214":6,"1218":1}},"funnel":)" +
             funnel + R"(,"updatedAt":"2026-06-10T12:00:00+09:00"})");
}

TEST(RenderCampaigns, IsThePublishedExample) {
  const CampaignView view = example_view();
  expect(render_campaigns({view}, {1, 25, Shown::all}, 42), 200,
         R"({"campaigns":[{)" + item_members +
             R"(}],"pagination":{"page":1,"pageSize":25,"total":42,"totalPages":2}})");
  expect(render_campaigns({}, {1, 25, Shown::all}, 0), 200,
         R"({"campaigns":[],"pagination":{"page":1,"pageSize":25,"total":0,"totalPages":0}})");
  expect(render_campaign(view), 200,
         "{" + item_members +
             R"(,"raw":{"byApplyState":{"0801":3,"0802":8,"0803":10,"0804":2},)"
             R"("byReviewStatus":{"1213":2,"1214":6,"1218":1}},"updatedAt":"2026-06-10T12:00:00+09:00"})");
}

TEST(RenderReviewer, NamesWhatWasMade) {
  Applied applied;
  applied.apply = 1;
  applied.campaign = 2;
  applied.reviewer = "r-1";
  expect(render_applied(applied), 201,
         R"({"applyId":"1","campaignId":"2","reviewerId":"r-1","state":"0801"})");
  ApplySet set;
  set.apply = 1;
  expect(render_apply_set(set), 200, R"({"applyId":"1","state":"0802"})");
  ReviewWritten written;
  written.review = 3;
  written.apply = 1;
  written.made = true;
  expect(render_review_written(written), 201, R"({"reviewId":"3","applyId":"1","state":"1213"})");
  written.made = false;
  EXPECT_EQ(render_review_written(written).status, 200);
  ReviewJudged judged;
  judged.review = 3;
  judged.reward = won_of(20600);
  expect(render_review_judged(judged), 200, R"({"reviewId":"3","state":"1214","rewardPaid":20600})");
}

std::string header(const http::Response& response, std::string_view name) {
  for (const http::Header& each : response.headers)
    if (each.name == name) return each.value;
  return "";
}

TEST(ErrorResponse, SpeaksTheDialectOfThePath) {
  const struct {
    Errc code;
    int status;
    const char* text;
    bool nested;  // on paths that nest
  } rows[] = {
      {Errc::token_missing, 401, "TOKEN_MISSING", false},
      {Errc::token_malformed, 401, "TOKEN_MALFORMED", false},
      {Errc::token_invalid, 401, "TOKEN_INVALID", false},
      {Errc::token_expired, 401, "TOKEN_EXPIRED", false},
      {Errc::token_replayed, 401, "TOKEN_REPLAYED", false},
      {Errc::service_not_allowed, 403, "SERVICE_NOT_ALLOWED", false},
      {Errc::rate_limited, 429, "RATE_LIMITED", false},
      {Errc::idempotency_conflict, 409, "IDEMPOTENCY_CONFLICT", false},
      {Errc::overloaded, 503, "OVERLOADED", false},
      {Errc::outcome_unknown, 503, "OUTCOME_UNKNOWN", false},
      {Errc::internal, 500, "INTERNAL_ERROR", false},
      {Errc::database_corrupt, 500, "INTERNAL_ERROR", false},
      {Errc::invalid_status, 400, "INVALID_STATUS", true},
      {Errc::invalid_id, 400, "INVALID_ID", true},
      {Errc::order_not_found, 404, "ORDER_NOT_FOUND", true},
      {Errc::partner_not_found, 404, "PARTNER_NOT_FOUND", true},
      {Errc::partner_not_owned, 403, "PARTNER_NOT_OWNED", true},
      {Errc::campaign_not_found, 404, "CAMPAIGN_NOT_FOUND", true},
      {Errc::campaign_not_owned, 403, "CAMPAIGN_NOT_OWNED", true},
      {Errc::apply_not_found, 404, "APPLY_NOT_FOUND", true},
      {Errc::review_not_found, 404, "REVIEW_NOT_FOUND", true},
      {Errc::invalid_order, 422, "INVALID_ORDER", true},
      {Errc::order_consumed, 409, "ORDER_CONSUMED", true},
      {Errc::order_state, 409, "ORDER_STATE", true},
      {Errc::reward_paid, 409, "REWARD_PAID", true},
      {Errc::already_paid, 409, "ALREADY_PAID", true},
      {Errc::payment_in_progress, 409, "PAYMENT_IN_PROGRESS", true},
      {Errc::checkout_closed, 409, "CHECKOUT_CLOSED", true},
      {Errc::not_paid, 409, "NOT_PAID", true},
      {Errc::refund_exceeds_payment, 422, "REFUND_EXCEEDS_PAYMENT", true},
      {Errc::email_duplicate, 409, "EMAIL_DUPLICATE", true},
      {Errc::partial_match, 409, "PARTIAL_MATCH", true},
      {Errc::insufficient_deposit, 402, "INSUFFICIENT_DEPOSIT", true},
      {Errc::campaign_state, 409, "CAMPAIGN_STATE", true},
      {Errc::offer_full, 409, "OFFER_FULL", true},
      {Errc::already_applied, 409, "ALREADY_APPLIED", true},
      {Errc::invite_ended, 410, "INVITE_ENDED", true},
  };
  for (const auto& row : rows) {
    const std::string code = R"("code":")" + std::string(row.text) + R"(","message":")";
    const auto plain = error_response({row.code, {}, {}, {}}, Dialect::plain);
    EXPECT_EQ(plain.status, row.status) << row.text;
    EXPECT_TRUE(plain.body.starts_with("{" + code)) << plain.body;
    const auto nested = error_response({row.code, {}, {}, {}}, Dialect::nested);
    EXPECT_EQ(nested.status, row.status) << row.text;
    EXPECT_TRUE(nested.body.starts_with((row.nested ? R"({"error":{)" : "{") + code)) << nested.body;
    const bool retries = row.status == 429 || row.status == 503;
    EXPECT_EQ(header(plain, "Retry-After"), retries ? "1" : "") << row.text;
  }
}

TEST(ErrorResponse, NamesTheFacts) {
  Refused refused{Errc::already_paid, {}, std::string("HUBPAY-1")};
  EXPECT_EQ(error_response(refused, Dialect::plain).body,
            R"({"code":"ALREADY_PAID","message":"this is paid already","detail":{"orderCode":"HUBPAY-1"}})");
  refused = {Errc::insufficient_deposit, GatePart{won_of(3), won_of(1)}, {}, {}};
  EXPECT_EQ(error_response(refused, Dialect::nested).body,
            R"({"error":{"code":"INSUFFICIENT_DEPOSIT","message":"the deposit does not cover this",)"
            R"("details":{"required":3,"available":1,"shortfall":2}}})");
  refused = {Errc::campaign_not_owned, {}, {}, {}};
  EXPECT_EQ(error_response(refused, Dialect::nested).body,
            R"({"error":{"code":"CAMPAIGN_NOT_OWNED","message":"this campaign was made by another service",)"
            R"("details":{}}})");
  refused = {Error(Errc::invalid_parameters, "the campaign ends in the past"), {}, {}, {"campaign", "endAt"}};
  EXPECT_EQ(error_response(refused, Dialect::nested).body,
            R"({"code":"INVALID_PAYLOAD","message":"the request is not valid: detail.issues says why",)"
            R"("detail":{"issues":[{"path":["campaign","endAt"],"code":"custom",)"
            R"("message":"the campaign ends in the past"}]}})");
  refused = {Error(Errc::database_error, "no such table: hub_secrets"), {}, {}, {}};
  EXPECT_EQ(error_response(refused, Dialect::plain).body,
            R"({"code":"INTERNAL_ERROR","message":"internal error"})");
}

TEST(StatusResponse, HasTheTopLevelForm) {
  EXPECT_EQ(status_response(404, "there is no such path").body,
            R"({"code":"NOT_FOUND","message":"there is no such path"})");
  EXPECT_EQ(header(status_response(503, "wait"), "Retry-After"), "1");
  EXPECT_EQ(header(answer_response({200, "{}"}, true), "Idempotent-Replayed"), "true");
  EXPECT_EQ(header(answer_response({200, "{}"}), "Idempotent-Replayed"), "");
}

}  // namespace
}  // namespace jangbu::hub
