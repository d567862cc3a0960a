#include <gtest/gtest.h>

#include "hub/wire_json.h"
#include "hub/wire_test_data.h"

namespace jangbu::hub {
namespace {

using testing::Body;
using testing::campaign_body;
using testing::ensure_body;
using testing::legacy_campaign_body;
using testing::onboard_text;
using testing::order_body;
using testing::partner_body;

/// "partner.contactEmail invalid_string Invalid email; ...", or "" for what is valid.
template <typename T>
std::string faults(const Parsed<T>& parsed) {
  std::string text;
  if (const auto* issues = std::get_if<Issues>(&parsed)) {
    for (const Issue& issue : *issues) {
      if (!text.empty()) text += "; ";
      for (std::size_t i = 0; i < issue.path.size(); ++i) text += (i > 0 ? "." : "") + issue.path[i];
      text += " " + issue.code;
    }
  }
  return text;
}

template <typename T>
T valid(Parsed<T> parsed) {
  EXPECT_EQ(faults(parsed), "");
  return std::holds_alternative<T>(parsed) ? std::get<T>(std::move(parsed)) : T();
}

Instant at(std::string_view text) { return parse_rfc3339(text).value(); }

TEST(ParseOnboard, UnderstandsThePublishedExample) {
  const Onboard onboard = valid(parse_onboard(onboard_text(partner_body(), campaign_body())));
  EXPECT_EQ(onboard.partner.company_name, "주식회사 ABC");
  EXPECT_EQ(onboard.partner.country, "KR");
  EXPECT_EQ(onboard.partner.business_number, "123-45-67890");
  EXPECT_EQ(onboard.partner.email, "ceo@abc.com");
  EXPECT_EQ(onboard.partner.name, "홍길동");
  EXPECT_EQ(onboard.partner.phone, "010-1234-5678");
  EXPECT_EQ(onboard.partner.agreed, "2026-05-25T10:00:00+09:00");
  EXPECT_EQ(onboard.campaign.product_name, "피카소 젤 아이라이너");
  EXPECT_EQ(onboard.campaign.product_price, Money::from_units(19900));
  EXPECT_EQ(onboard.campaign.thumbnail_url, "https://cdn.example.com/p1.jpg");
  EXPECT_EQ(onboard.campaign.channel, "Coupang");
  EXPECT_EQ(onboard.campaign.purchase_url, "https://www.coupang.com/vp/products/12345");
  EXPECT_EQ(onboard.campaign.offers, 10u);
  EXPECT_EQ(onboard.campaign.reward, Money::from_units(20600));
  EXPECT_EQ(onboard.campaign.review_price, Money::from_units(2060));
  EXPECT_EQ(onboard.campaign.start_at, at("2026-05-31T15:00:00Z"));
  EXPECT_EQ(onboard.campaign.end_at, at("2026-06-30T14:59:59Z"));
  EXPECT_EQ(onboard.order_code, "HUBPAY-20260525-0001");
}

TEST(ParseOnboard, TellsAllFaultsAtOnce) {
  Body partner = partner_body();
  partner.drop("companyName").set("country", "\"Korea\"").set("contactEmail", "\"nobody\"");
  partner.set("contactPhone", "\"123\"").set("contactName", "17");
  Body campaign = campaign_body();
  campaign.set("productPrice", "-1").set("offerCount", "0.5").set("rewardPoints", "1e400");
  campaign.set("endAt", "\"2026-06-01T00:00:00+09:00\"").set("purchaseUrl", "\"ftp://x.example\"");
  EXPECT_EQ(faults(parse_onboard(onboard_text(partner, campaign, "{}"))),
            "partner.companyName invalid_type; partner.country invalid_enum_value; "
            "partner.contactEmail invalid_string; partner.contactName invalid_type; "
            "partner.contactPhone too_small; campaign.productPrice too_small; "
            "campaign.purchaseUrl invalid_string; campaign.offerCount invalid_type; "
            "campaign.rewardPoints too_big; campaign.endAt custom; payment.orderCode invalid_type");
  const auto parsed = parse_onboard(onboard_text(partner, campaign));
  EXPECT_EQ(std::get<Issues>(parsed)[0], (Issue{{"partner", "companyName"}, "invalid_type", "Required"}));
}

TEST(ParseOnboard, RefusesWhatIsNoObject) {
  const struct {
    const char* body;
    const char* expected;
  } rows[] = {
      {"", "partner invalid_type; campaign invalid_type; payment invalid_type"},
      {"{}", "partner invalid_type; campaign invalid_type; payment invalid_type"},
      {R"({"partner":[],"campaign":"x","payment":null})",
       "partner invalid_type; campaign invalid_type; payment invalid_type"},
      {"[]", " invalid_type"},
      {"null", " invalid_type"},
      {"{", " invalid_json"},
      {"{\"partner\":01}", " invalid_json"},
  };
  for (const auto& row : rows) EXPECT_EQ(faults(parse_onboard(row.body)), row.expected) << row.body;
}

TEST(ParseOnboard, JudgesEveryFieldOfThePartner) {
  const struct {
    const char* name;
    std::string json;
    const char* expected;
  } rows[] = {
      {"companyName", "\"\"", "too_small"},
      {"companyName", "\"  \"", "too_small"},
      {"companyName", '"' + std::string(1000, 'x') + '"', ""},
      {"companyName", '"' + std::string(1001, 'x') + '"', "too_big"},
      {"companyName", "\"a\\u0000b\"", "invalid_string"},
      {"companyName", "\"a\\nb\"", "invalid_string"},
      {"companyName", "null", "invalid_type"},
      {"country", "\"US\"", ""},
      {"country", "\"kr\"", "invalid_enum_value"},
      {"country", "\"XX\"", "invalid_enum_value"},
      {"country", "\"D \"", "invalid_enum_value"},
      {"country", "\"\"", "invalid_enum_value"},
      {"country", "82", "invalid_type"},
      {"businessNumber", "null", ""},
      {"businessNumber", "\"\"", ""},
      {"businessNumber", "1234567890", "invalid_type"},
      {"businessNumber", '"' + std::string(50, '1') + '"', ""},
      {"businessNumber", '"' + std::string(51, '1') + '"', "too_big"},
      {"contactEmail", "\"<tx>@08liter.ai\"", "invalid_string"},
      {"contactEmail", "\"tx@08liter.ai\"", ""},
      {"contactEmail", "\"\"", "invalid_string"},
      {"contactEmail", "[\"a@b.co\"]", "invalid_type"},
      {"contactPhone", "\"1234\"", ""},
      {"contactPhone", "\"12345678901234567890\"", ""},
      {"contactPhone", "\"123456789012345678901\"", "too_big"},
      {"contactPhone", "\"일이삼사\"", ""},
      {"contactPhone", "\"일이삼\"", "too_small"},
      {"contactPhone", "1012345678", "invalid_type"},
      {"agreedAt", "\"2026-05-25T01:00:00Z\"", ""},
      {"agreedAt", "\"2026-05-25\"", "invalid_string"},
      {"agreedAt", "\"2026-05-25T10:00:00\"", "invalid_string"},
      {"agreedAt", "\"1999-12-31T23:59:59Z\"", "too_small"},
      {"agreedAt", "1779670800", "invalid_type"},
  };
  for (const auto& row : rows) {
    Body partner = partner_body();
    partner.set(row.name, row.json);
    const std::string expected =
        *row.expected == '\0' ? "" : "partner." + std::string(row.name) + " " + row.expected;
    EXPECT_EQ(faults(parse_onboard(onboard_text(partner, campaign_body()))), expected)
        << row.name << " " << row.json;
  }
  for (const char* name :
       {"companyName", "country", "contactEmail", "contactName", "contactPhone", "agreedAt"}) {
    EXPECT_EQ(faults(parse_onboard(onboard_text(partner_body().drop(name), campaign_body()))),
              "partner." + std::string(name) + " invalid_type");
  }
}

TEST(ParseOnboard, KnowsBusinessNumbersByTheirCountry) {
  const struct {
    const char* country;
    const char* number;
    const char* expected;
  } rows[] = {
      {"\"KR\"", "\"123-45-67890\"", "123-45-67890"},
      {"\"KR\"", "\"1234567890\"", "123-45-67890"},
      {"\"KR\"", "\" 123 45 67890 \"", "123-45-67890"},
      {"\"KR\"", "\"12345\"", "12345"},
      {"\"KR\"", "\"T-1234567890\"", "T-1234567890"},
      {"\"KR\"", "\"\"", "000-00-00000"},
      {"\"KR\"", "null", "000-00-00000"},
      {"\"KR\"", "\"   \"", "000-00-00000"},
      {"\"US\"", "\"12-3456789\"", "12-3456789"},
      {"\"US\"", "\"1234567890\"", "1234567890"},
      {"\"US\"", "\"\"", ""},
      {"\"US\"", "null", ""},
  };
  for (const auto& row : rows) {
    Body partner = partner_body();
    partner.set("country", row.country).set("businessNumber", row.number);
    const auto onboard = valid(parse_onboard(onboard_text(partner, campaign_body())));
    EXPECT_EQ(onboard.partner.business_number, row.expected) << row.country << " " << row.number;
  }
  Body abroad = partner_body();
  abroad.set("country", "\"JP\"").drop("businessNumber");
  EXPECT_EQ(valid(parse_onboard(onboard_text(abroad, campaign_body()))).partner.business_number, "");
}

TEST(ParseOnboard, JudgesEveryFieldOfTheCampaign) {
  const struct {
    const char* name;
    std::string json;
    const char* expected;
  } rows[] = {
      {"productName", "\"\"", "too_small"},
      {"productPrice", "0", ""},
      {"productPrice", "206000.0", ""},
      {"productPrice", "2.06e5", ""},
      {"productPrice", "0.5", "invalid_type"},
      {"productPrice", "-1", "too_small"},
      {"productPrice", "1000000000000", ""},
      {"productPrice", "1000000000001", "too_big"},
      {"productPrice", "1e400", "too_big"},
      {"productPrice", "-1e400", "too_small"},
      {"productPrice", "1e-400", "invalid_type"},
      {"productPrice", "\"19900\"", "invalid_type"},
      {"productThumbnailUrl", "\"/p1.jpg\"", "invalid_string"},
      {"productThumbnailUrl", '"' + ("https://x.example/" + std::string(2030, 'p')) + '"', ""},
      {"productThumbnailUrl", '"' + ("https://x.example/" + std::string(2031, 'p')) + '"', "too_big"},
      {"channel", "\"\"", "too_small"},
      {"offerCount", "1", ""},
      {"offerCount", "0", "too_small"},
      {"offerCount", "1000000", ""},
      {"offerCount", "1000001", "too_big"},
      {"rewardPoints", "1", ""},
      {"rewardPoints", "0", "too_small"},
      {"reviewPrice", "0", ""},
      {"reviewPrice", "null", ""},
      {"reviewPrice", "-1", "too_small"},
      {"reviewPrice", "1.5", "invalid_type"},
      {"startAt", "\"tomorrow\"", "invalid_string"},
      {"endAt", "\"2026-06-01T00:00:01+09:00\"", ""},
      {"endAt", "\"2999-12-31T23:59:59Z\"", ""},
      {"endAt", "\"3000-01-01T00:00:00Z\"", "too_big"},
      {"endAt", "\"2026-02-30T00:00:00Z\"", "invalid_string"},
      {"endAt", "\"2026-05-31T15:00:00Z\"", "custom"},  // the moment of startAt
  };
  for (const auto& row : rows) {
    Body campaign = campaign_body();
    campaign.set(row.name, row.json);
    const std::string expected =
        *row.expected == '\0' ? "" : "campaign." + std::string(row.name) + " " + row.expected;
    EXPECT_EQ(faults(parse_onboard(onboard_text(partner_body(), campaign))), expected)
        << row.name << " " << row.json;
  }
  for (const char* name : {"productName", "productPrice", "productThumbnailUrl", "channel", "purchaseUrl",
                           "offerCount", "rewardPoints", "startAt", "endAt"}) {
    EXPECT_EQ(faults(parse_onboard(onboard_text(partner_body(), campaign_body().drop(name)))),
              "campaign." + std::string(name) + " invalid_type");
  }
}

TEST(ParseOnboard, TakesATenthAsTheReviewPrice) {
  const struct {
    const char* reward;
    const char* review_price;
    int expected;
  } rows[] = {{"20600", nullptr, 2060}, {"19", nullptr, 1}, {"9", nullptr, 0}, {"20600", "7", 7}};
  for (const auto& row : rows) {
    Body campaign = campaign_body();
    campaign.set("rewardPoints", row.reward);
    if (row.review_price != nullptr) campaign.set("reviewPrice", row.review_price);
    EXPECT_EQ(valid(parse_onboard(onboard_text(partner_body(), campaign))).campaign.review_price,
              Money::from_units(row.expected));
  }
}

TEST(ParseOnboard, IgnoresWhatItDoesNotKnow) {
  Body partner = partner_body();
  partner.set("contactEmail", "\"  Ceo@ABC.com \"").set("other", "{\"deep\":[1]}");
  EXPECT_EQ(valid(parse_onboard(onboard_text(partner, campaign_body()))).partner.email, "ceo@abc.com");
}

TEST(ParseNewOrder, UnderstandsAnOrder) {
  const NewOrder order = valid(parse_new_order(order_body().text()));
  EXPECT_EQ(order.amount, Money::from_units(206000));
  EXPECT_EQ(order.product_name, "구매평 캠페인");
  EXPECT_EQ(order.lead_ref, "lead-0001");
  EXPECT_EQ(order.partner, std::nullopt);
  EXPECT_EQ(order.buyer.email, "ceo@abc.com");
  EXPECT_EQ(order.metadata, R"({"campaign":"spring","n":1.50})");
  EXPECT_FALSE(order.onboard.has_value());
  const NewOrder least = valid(parse_new_order(
      order_body().drop("leadRef").drop("returnUrl").drop("webhookUrl").drop("metadata").text()));
  EXPECT_EQ(least.lead_ref + least.return_url + least.webhook_url + least.metadata, "");
}

TEST(ParseNewOrder, CarriesItsOnboarding) {
  Body body = order_body();
  body.set("onboard", Body{{"partner", partner_body().text()}, {"campaign", campaign_body().text()}}.text());
  const NewOrder order = valid(parse_new_order(body.text()));
  ASSERT_TRUE(order.onboard.has_value());
  EXPECT_EQ(order.onboard->partner.email, "ceo@abc.com");
  EXPECT_EQ(order.onboard->order_code, "");
  body.set("onboard", Body{{"partner", partner_body().drop("country").text()}}.text());
  EXPECT_EQ(faults(parse_new_order(body.text())),
            "onboard.partner.country invalid_type; onboard.campaign invalid_type");
  EXPECT_EQ(faults(parse_new_order(order_body().set("onboard", "[]").text())), "onboard invalid_type");
}

TEST(ParseNewOrder, JudgesEveryField) {
  const struct {
    const char* name;
    std::string json;
    const char* expected;
  } rows[] = {
      {"amount", "1", ""},
      {"amount", "0", "amount too_small"},
      {"amount", "\"206000\"", "amount invalid_type"},
      {"amount", "1000000000001", "amount too_big"},
      {"currency", "\"USD\"", "currency invalid_enum_value"},
      {"currency", "\"krw\"", "currency invalid_enum_value"},
      {"productName", "\"\"", "productName too_small"},
      {"leadRef", "null", ""},
      {"leadRef", '"' + std::string(255, 'l') + '"', ""},
      {"leadRef", '"' + std::string(256, 'l') + '"', "leadRef too_big"},
      {"partnerId", "\"12377\"", ""},
      {"partnerId", "12377", ""},
      {"partnerId", "\"012377\"", "partnerId invalid_string"},
      {"partnerId", "\"x\"", "partnerId invalid_string"},
      {"partnerId", "true", "partnerId invalid_type"},
      {"buyer", "null", "buyer invalid_type"},
      {"buyer", "{}", "buyer.name invalid_type; buyer.email invalid_type; buyer.phone invalid_type"},
      {"returnUrl", "\"\"", ""},
      {"returnUrl", "\"javascript:alert(1)\"", "returnUrl invalid_string"},
      {"webhookUrl", "\"https://user:pass@x.example/\"", "webhookUrl invalid_string"},
      {"metadata", "[]", "metadata invalid_type"},
      {"metadata", R"({"a":")" + std::string(8184, 'm') + "\"}", ""},
      {"metadata", R"({"a":")" + std::string(8185, 'm') + "\"}", "metadata too_big"},
  };
  for (const auto& row : rows)
    EXPECT_EQ(faults(parse_new_order(order_body().set(row.name, row.json).text())), row.expected)
        << row.name << " " << row.json.substr(0, 80);
  for (const char* name : {"amount", "currency", "productName", "buyer"})
    EXPECT_EQ(faults(parse_new_order(order_body().drop(name).text())), std::string(name) + " invalid_type");
  Body both = order_body();
  both.set("partnerId", "\"1\"");
  both.set("onboard", Body{{"partner", partner_body().text()}, {"campaign", campaign_body().text()}}.text());
  EXPECT_EQ(faults(parse_new_order(both.text())), "partnerId custom");
}

TEST(ParseCancel, TakesAnAmountOrAll) {
  const CancelOrder all = valid(parse_cancel("", "HUBPAY-1"));
  EXPECT_EQ(all.order_code, "HUBPAY-1");
  EXPECT_EQ(all.amount, std::nullopt);
  const CancelOrder part = valid(parse_cancel(R"({"amount":100,"reason":"  late "})", "HUBPAY-1"));
  EXPECT_EQ(part.amount, Money::from_units(100));
  EXPECT_EQ(part.reason, "late");
  EXPECT_EQ(faults(parse_cancel(R"({"amount":0,"reason":1})", "x")), "amount too_small; reason invalid_type");
}

TEST(ParseEnsure, UnderstandsTheOlderNames) {
  const PartnerForm form = valid(parse_ensure(ensure_body().text()));
  EXPECT_EQ(form.company_name, "주식회사 ABC");
  EXPECT_EQ(form.country, "KR");
  EXPECT_EQ(form.business_number, "123-45-67890");
  EXPECT_EQ(form.phone, "02-1234-5678");
  EXPECT_EQ(form.agreed, "pybk-sales@2026-05-22");
  EXPECT_EQ(form.email, "ceo@abc.com");
  EXPECT_EQ(form.name, "홍길동");
  EXPECT_EQ(faults(parse_ensure("{}")), "partner invalid_type; admin invalid_type");
  EXPECT_EQ(faults(parse_ensure(R"({"partner":{"agreeYn":"N"},"admin":{}})")),
            "partner.name invalid_type; partner.country invalid_type; partner.phoneNumber invalid_type; "
            "partner.agreeYn invalid_enum_value; admin.email invalid_type; admin.adminName invalid_type");
}

TEST(ParseNewCampaign, UnderstandsTheOlderNames) {
  const NewCampaign made = valid(parse_new_campaign(legacy_campaign_body().text()));
  EXPECT_EQ(made.partner, 12377u);
  EXPECT_EQ(made.country, "KR");
  EXPECT_EQ(made.campaign.product_name, "피카소 아이라이너");
  EXPECT_EQ(made.campaign.product_price, Money::from_units(19900));
  EXPECT_EQ(made.campaign.reward, Money::from_units(20000));
  EXPECT_EQ(made.campaign.review_price, Money::from_units(2000));
  EXPECT_EQ(made.campaign.min_follow_count, std::nullopt);
  Body more = legacy_campaign_body();
  more.set("targetCode", "\"T1\"").set("targetLevelCode", "\"L2\"").set("minFollowCount", "500");
  const NewCampaign targeted = valid(parse_new_campaign(more.text()));
  EXPECT_EQ(targeted.campaign.target_code + targeted.campaign.target_level_code, "T1L2");
  EXPECT_EQ(targeted.campaign.min_follow_count, 500u);
  Body bad = legacy_campaign_body();
  bad.drop("partnerId").set("product", "{}").set("points", "0").set("minFollowCount", "-1");
  EXPECT_EQ(faults(parse_new_campaign(bad.text())),
            "partnerId invalid_type; product.name invalid_type; product.price invalid_type; "
            "product.thumbnailUrl invalid_type; points too_small; minFollowCount too_small");
}

TEST(ParseReviewer, KnowsTheStates) {
  EXPECT_EQ(valid(parse_apply(R"({"reviewerId":"r-1"})")), "r-1");
  EXPECT_EQ(faults(parse_apply(R"({"reviewerId":""})")), "reviewerId too_small");
  EXPECT_EQ(faults(parse_apply("{}")), "reviewerId invalid_type");
  for (const auto state : {ApplyState::under_selection, ApplyState::selected, ApplyState::not_selected,
                           ApplyState::selected_by_purchase})
    EXPECT_EQ(valid(parse_apply_set(R"({"state":")" + code_text(state) + "\"}")), state);
  EXPECT_EQ(faults(parse_apply_set(R"({"state":"0805"})")), "state invalid_enum_value");
  EXPECT_EQ(faults(parse_apply_set(R"({"state":802})")), "state invalid_type");
  for (const auto state : {ReviewState::approved, ReviewState::rejected, ReviewState::deleted})
    EXPECT_EQ(valid(parse_review_judge(R"({"state":")" + code_text(state) + "\"}")), state);
  EXPECT_EQ(faults(parse_review_judge(R"({"state":"1218"})")), "state invalid_enum_value");
  const ReviewForm review =
      valid(parse_review(R"({"state":"1218","url":"https://r.example/1","text":"좋아요\n"})"));
  EXPECT_EQ(review.state, ReviewState::pending);
  EXPECT_EQ(review.url, "https://r.example/1");
  EXPECT_EQ(review.text, "좋아요\n");
  EXPECT_EQ(valid(parse_review(R"({"state":"1213"})")).state, ReviewState::draft);
  EXPECT_EQ(faults(parse_review(R"({"state":"1214","url":"x","text":")" + std::string(20'001, 'x') + "\"}")),
            "state invalid_enum_value; url invalid_string; text too_big");
}

TEST(ParseContactInfo, NeedsAllOfIt) {
  const ContactInfo contact =
      valid(parse_contact_info(R"({"email":"A@b.co","name":"홍길동","phone":"010-1234-5678"})"));
  EXPECT_EQ(contact.email, "a@b.co");
  EXPECT_EQ(faults(parse_contact_info("{}")), "email invalid_type; name invalid_type; phone invalid_type");
}

TEST(ParseIdempotencyKey, IsVisibleAndBounded) {
  const auto read = [](std::string key) { return faults(parse_idempotency_key(&key)); };
  EXPECT_EQ(valid(parse_idempotency_key(nullptr)), "");
  EXPECT_EQ(read("lead-2026-05-27-0001"), "");
  EXPECT_EQ(read(""), "Idempotency-Key too_small");
  EXPECT_EQ(read(std::string(255, 'k')), "");
  EXPECT_EQ(read(std::string(256, 'k')), "Idempotency-Key too_big");
  EXPECT_EQ(read("a b"), "Idempotency-Key invalid_string");
  EXPECT_EQ(read("a\tb"), "Idempotency-Key invalid_string");
  EXPECT_EQ(read("열쇠"), "Idempotency-Key invalid_string");
}

TEST(ParsePage, ClampsNumbersAndKnowsStatuses) {
  const struct {
    const char* query;
    std::uint64_t page;
    std::uint64_t page_size;
    Shown status;
  } rows[] = {
      {"", 1, 25, Shown::all},
      {"page=2&page_size=50&status=IN_PROGRESS", 2, 50, Shown::in_progress},
      {"page=0&page_size=0", 1, 1, Shown::all},
      {"page=-3&page_size=-1", 1, 1, Shown::all},
      {"page=x&page_size=", 1, 25, Shown::all},
      {"page_size=100", 1, 100, Shown::all},
      {"page_size=101", 1, 100, Shown::all},
      {"page=99999999999999999999999", max_page, 25, Shown::all},
      {"status=", 1, 25, Shown::all},
      {"status=REJECTED", 1, 25, Shown::rejected},
  };
  for (const auto& row : rows) {
    const auto page = parse_page(row.query);
    ASSERT_TRUE(page.ok()) << row.query;
    EXPECT_EQ(page->page, row.page) << row.query;
    EXPECT_EQ(page->page_size, row.page_size) << row.query;
    EXPECT_EQ(page->status, row.status) << row.query;
  }
  for (const char* query : {"status=1209", "status=in_progress", "status=LIVE"})
    EXPECT_EQ(parse_page(query).error().code, Errc::invalid_status) << query;
}

TEST(ParseOrderList, KnowsItsFilters) {
  const auto list = parse_order_list("status=PAID&limit=500&cursor=42&attention=true");
  ASSERT_TRUE(list.ok());
  EXPECT_EQ(list->status, OrderStatus::paid);
  EXPECT_EQ(list->limit, max_page_size);
  EXPECT_EQ(list->before, 42u);
  EXPECT_TRUE(list->attention);
  EXPECT_EQ(parse_order_list("")->limit, 25u);
  EXPECT_EQ(parse_order_list("status=LOST").error().code, Errc::invalid_status);
  EXPECT_EQ(parse_order_list("cursor=x").error().code, Errc::invalid_id);
}

TEST(ParseId, IsADecimalNumberAboveZero) {
  EXPECT_EQ(parse_id("1").value(), 1u);
  EXPECT_EQ(parse_id("9223372036854775807").value(), 9223372036854775807u);
  for (const char* text : {"", "0", "-1", "+1", "01", "1.0", " 1", "1 ", "x", "9223372036854775808"})
    EXPECT_EQ(parse_id(text).error().code, Errc::invalid_id) << text;
}

TEST(WireText, KnowsEmailAddresses) {
  for (const std::string& text : {std::string("a@b.co"), std::string("first.last+tag@sub.example.com"),
                                  std::string("o'neil@x-y.kr"), std::string(64, 'a') + "@b.co"})
    EXPECT_TRUE(is_email(text)) << text;
  for (const std::string& text : {std::string(),
                                  std::string("@b.co"),
                                  std::string("a@"),
                                  std::string("a@b"),
                                  std::string("a@b.c"),
                                  std::string("a@@b.co"),
                                  std::string("a b@c.co"),
                                  std::string(".a@b.co"),
                                  std::string("a.@b.co"),
                                  std::string("a..b@c.co"),
                                  std::string("a@-b.co"),
                                  std::string("a@b-.co"),
                                  std::string("a@b..co"),
                                  std::string("a@b.co."),
                                  std::string("a@1.2.3.44"),
                                  std::string("가@b.co"),
                                  std::string("a@b.co\n"),
                                  std::string(65, 'a') + "@b.co",
                                  "a@" + std::string(64, 'b') + ".co",
                                  std::string("a\r\nBcc: x@y.co")})
    EXPECT_FALSE(is_email(text)) << text;
}

TEST(WireText, KnowsWebAddresses) {
  for (const char* text :
       {"https://x.example", "http://x.example:8080/p?q=1#f", "HTTPS://X.example/", "https://[::1]:80/",
        "https://1.2.3.4/", "https://한글.example/상품?이름=값", "https://x.example./", "http://localhost/",
        "https://x.example/a@b", "https://x.example?u=a@b"})
    EXPECT_TRUE(is_web_url(text)) << text;
  for (const char* text : {"",
                           "x.example",
                           "//x.example",
                           "https:/x.example",
                           "https://",
                           "https:///p",
                           "https://?q",
                           "ftp://x.example",
                           "javascript:alert(1)",
                           "https://user@x.example",
                           "https://u:p@x.example/",
                           "https://x.example/a b",
                           "https://x.example/\n",
                           "https://x.example\\@y.example",
                           "https://x..example",
                           "https://x.example:",
                           "https://x.example:port",
                           "https://x.example:123456",
                           "https://[::1",
                           "https://[]/",
                           "https://[::1]x/",
                           "https://x.example/<script>",
                           " https://x.example"})
    EXPECT_FALSE(is_web_url(text)) << text;
}

TEST(WireText, KnowsPlaceholders) {
  const PartnerForm real = valid(parse_onboard(onboard_text(partner_body(), campaign_body()))).partner;
  EXPECT_FALSE(is_placeholder(real));
  const struct {
    std::string PartnerForm::*field;
    const char* value;
    bool expected;
  } rows[] = {
      {&PartnerForm::email, "tx1@08liter.ai", true},
      {&PartnerForm::email, "tx1@placeholder.08liter.ai", true},
      {&PartnerForm::email, "tx1@mail.08liter.ai", false},
      {&PartnerForm::email, "08liter.ai@abc.com", false},
      {&PartnerForm::email, "a@not08liter.ai", false},
      {&PartnerForm::name, "UNKNOWN", true},
      {&PartnerForm::name, "unknown", true},
      {&PartnerForm::name, "Unknown Brand", false},
      {&PartnerForm::phone, "000-0000-0000", true},
      {&PartnerForm::phone, "UNKNOWN", true},
      {&PartnerForm::phone, "000-0000-0001", false},
      {&PartnerForm::business_number, "000-00-00000", false},
  };
  for (const auto& row : rows) {
    PartnerForm partner = real;
    partner.*row.field = row.value;
    EXPECT_EQ(is_placeholder(partner), row.expected) << row.value;
  }
}

TEST(WireNames, AreThoseOfTheGuide) {
  EXPECT_EQ(shown_name(Shown::in_progress), "IN_PROGRESS");
  EXPECT_EQ(shown_label(Shown::in_progress), "진행중");
  for (int number = 1; number <= 7; ++number) {
    const auto shown = static_cast<Shown>(number);
    EXPECT_EQ(shown_from_name(shown_name(shown)), shown);
    EXPECT_FALSE(shown_label(shown).empty());
    const auto status = static_cast<OrderStatus>(number);
    EXPECT_EQ(order_status_from_name(order_status_name(status)), status);
  }
  EXPECT_EQ(shown_from_name("ALL"), std::nullopt);
  EXPECT_EQ(order_status_from_name("paid"), std::nullopt);
  EXPECT_EQ(code_text(ApplyState::selected), "0802");
  EXPECT_EQ(code_text(ReviewState::pending), "1218");
  EXPECT_EQ(code_text(CampaignStatus::live), "1209");
  EXPECT_EQ(attention_name(Attention::none), "");
}

}  // namespace
}  // namespace jangbu::hub
