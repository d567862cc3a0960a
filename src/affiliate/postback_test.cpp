#include "affiliate/postback.h"

#include <gtest/gtest.h>

#include "affiliate/messages.h"
#include "affiliate/reward_api.h"
#include "base/json.h"
#include "delivery/template.h"

namespace jangbu::affiliate {
namespace {

/// The seed's own example.
Postback example() {
  Postback row;
  row.at = *parse_rfc3339("2020-07-01T11:27:19+09:00");
  row.merchant_id = "linkprice";
  row.order_code = "oc11123";
  row.product_code = "pc11123";
  row.product_name = "test product";
  row.category_code = "cc11";
  row.item_count = 1;
  row.price = Money::from_units(20000);
  row.commission = Money::from_units(500);
  row.affiliate_id = "A100000000";
  row.affiliate_user_id = "ac_aaa";
  row.trlog_id = 10000536080255;
  row.base_commission = "8%";
  row.incentive_commission = "500KRW";
  return row;
}

std::string repeated(std::string_view text, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += text;
  return out;
}

TEST(Postback, IsTheContractsObject) {
  EXPECT_EQ(
      postback_json(example()),
      R"({"day":"20200701","time":"112719","merchant_id":"linkprice","order_code":"oc11123",)"
      R"("product_code":"pc11123","product_name":"test%20product","category_code":"cc11","item_count":1,)"
      R"("price":20000,"commision":500,"affiliate_id":"A100000000","affiliate_user_id":"ac_aaa",)"
      R"("trlog_id":10000536080255,"base_commission":"8%","incentive_commission":"500KRW"})");
}

TEST(Postback, UniqIdStandsLastWhereItIsWanted) {
  Postback row = example();
  row.uniq_id = uniq_id_of("linkprice", "oc11123");
  EXPECT_EQ(row.uniq_id.size(), 13);
  EXPECT_TRUE(
      postback_json(row).ends_with(R"("incentive_commission":"500KRW","uniq_id":")" + row.uniq_id + "\"}"));
  EXPECT_EQ(uniq_id_of("linkprice", "oc11123"), row.uniq_id) << "of every request about the purchase";
  EXPECT_NE(uniq_id_of("linkprice", "oc11124"), row.uniq_id);
  EXPECT_NE(uniq_id_of("linkpric", "eoc11123"), row.uniq_id);
}

TEST(Postback, ProductNames) {
  struct Row {
    const char* what;
    std::string name;
    std::string sent;
  };
  const std::string han = "가";  // three bytes
  const Row rows[] = {
      {"letters and digits and -._~ stand", "Az09-._~", "Az09-._~"},
      {"a space is %20, never +", "a b+c", "a%20b%2Bc"},
      {"bytes of UTF-8", "가/", "%EA%B0%80%2F"},
      {"300 characters", repeated("x", 300), repeated("x", 300)},
      {"one more is cut", repeated("x", 301), repeated("x", 300)},
      {"characters, not bytes", repeated(han, 301), repeated("%EA%B0%80", 300)},
      {"none is split", repeated("x", 299) + "😀" + "y", repeated("x", 299) + "%F0%9F%98%80"},
      {"nothing", "", ""},
  };
  for (const Row& row : rows) {
    Postback postback = example();
    postback.product_name = row.name;
    const auto document = json::Document::parse(postback_json(postback));
    ASSERT_TRUE(document.ok()) << row.what;
    EXPECT_EQ(document->root().find("product_name")->text, row.sent) << row.what;
  }
}

TEST(Postback, DaysAreThoseOfSeoul) {
  struct Row {
    const char* at;
    const char* day;
    const char* time;
  };
  const Row rows[] = {{"2026-05-31T14:59:59Z", "20260531", "235959"},
                      {"2026-05-31T15:00:00Z", "20260601", "000000"},
                      {"2026-12-31T15:00:00Z", "20270101", "000000"},
                      {"2028-02-28T15:00:00.999999Z", "20280229", "000000"}};
  for (const Row& row : rows) {
    Postback postback = example();
    postback.at = *parse_rfc3339(row.at);
    const auto document = json::Document::parse(postback_json(postback));
    EXPECT_EQ(document->root().find("day")->text, row.day) << row.at;
    EXPECT_EQ(document->root().find("time")->text, row.time) << row.at;
  }
}

TEST(Postback, ACorrectionIsNegative) {
  Postback row = example();
  row.item_count = -1;
  row.price = Money::from_units(-20000);
  row.commission = Money::from_units(-500);
  EXPECT_NE(postback_json(row).find(R"("item_count":-1,"price":-20000,"commision":-500,)"),
            std::string::npos);
}

TEST(Postback, TextsThatWouldBreakJson) {
  Postback row = example();
  row.order_code = "a\"b\\c\n";
  row.affiliate_user_id = "사용자 \x01";
  const auto document = json::Document::parse(postback_json(row));
  ASSERT_TRUE(document.ok());
  EXPECT_EQ(document->root().find("order_code")->text, "a\"b\\c\n");
  EXPECT_EQ(document->root().find("affiliate_user_id")->text, "사용자 \x01");
}

TEST(Postback, ItsEventRendersTheSameBytes) {
  delivery::Templates templates;
  add_postback_template(templates);
  Postback row = example();
  row.product_name = repeated("가", 400);
  const auto event = postback_event("https://receiver.example/reward", row);
  EXPECT_EQ(event.destination, "reward:A100000000");
  EXPECT_EQ(event.document, "trlog:10000536080255") << "a row that fails holds up no other";
  const auto read = delivery::decode(event.payload);
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->channel, delivery::Channel::reward);
  EXPECT_EQ(read->target(), "https://receiver.example/reward");
  EXPECT_EQ(read->labels(), (delivery::Labels{"linkprice", "oc11123", "ac_aaa"}));
  EXPECT_EQ(templates.render(read->content())->text, postback_json(row));
  EXPECT_TRUE(delivery::check(*read->webhook(), delivery::Reach::public_https).ok());
}

TEST(Postback, TheLongestTextsCanBeSent) {
  Postback row = example();
  row.merchant_id = repeated("m", 10);
  row.order_code = row.product_code = repeated("o", 100);
  row.product_name = repeated("😀", 300);
  row.category_code = repeated("c", 200);
  row.affiliate_user_id = repeated("u", 560);
  EXPECT_TRUE(
      delivery::check(postback_webhook("https://receiver.example/", row), delivery::Reach::public_https)
          .ok());
}

TEST(Postback, TheSampleBelongsToNoConversion) {
  const Postback sample = sample_postback("A100000007", true);
  EXPECT_EQ(sample.trlog_id, 0);
  EXPECT_EQ(sample.uniq_id.size(), 13);
  EXPECT_EQ(postback_json(sample), postback_json(sample_postback("A100000007", true))) << "one fixed sample";
  const auto document = json::Document::parse(postback_json(sample));
  EXPECT_EQ(document->root().find("affiliate_id")->text, "A100000007");
  EXPECT_EQ(document->root().find("day")->text, "20200701");
  EXPECT_EQ(document->root().find("time")->text, "112719");
}

TEST(Postback, IsWithdrawnUnlessItsReceiverIsApproved) {
  Config config;
  auto affiliate = std::make_shared<AffiliateSet>();
  affiliate->number = 1;
  config.affiliates[affiliate->number] = affiliate;
  Postback row = example();
  row.affiliate_id = affiliate_id(affiliate->number);
  const engine::OutboxEvent postback = postback_event("https://receiver.example/", row);
  engine::OutboxEvent test = postback;
  test.topic = "reward.test";
  engine::OutboxEvent other = postback;
  other.destination = "webhook:" + row.affiliate_id;
  for (const RewardStatus status :
       {RewardStatus::none, RewardStatus::requested, RewardStatus::approved, RewardStatus::rejected}) {
    affiliate->reward.status = status;
    EXPECT_EQ(withdrawn_postback(config, postback).has_value(), status != RewardStatus::approved)
        << reward_status_name(status);
    EXPECT_EQ(withdrawn_postback(config, test), std::nullopt);
    EXPECT_EQ(withdrawn_postback(config, other), std::nullopt);
  }
}

TEST(FirstCharacters, OfBytesThatAreNoText) {
  EXPECT_EQ(first_characters("\x80\x80\x80", 2), "\x80\x80\x80")
      << "continuations belong to what is before them";
  EXPECT_EQ(first_characters("abc", 0), "");
  EXPECT_EQ(first_characters("", 5), "");
}

}  // namespace
}  // namespace jangbu::affiliate
