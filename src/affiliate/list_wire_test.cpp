#include "affiliate/list_wire.h"

#include <gtest/gtest.h>

namespace jangbu::affiliate {
namespace {

TEST(ListQuery, ResultsOfFaults) {
  const std::string key(32, 'k');
  const std::string good = "a_id=A100000001&auth_key=" + key + "&yyyymmdd=20231120";
  struct Row {
    const char* what;
    std::string query;
    ListResult result;
  };
  const Row rows[] = {
      {"no a_id", "auth_key=" + key + "&yyyymmdd=20231120", ListResult::no_affiliate},
      {"an empty a_id", "a_id=&yyyymmdd=20231120", ListResult::no_affiliate},
      {"nothing", "", ListResult::no_affiliate},
      {"page 0", good + "&page=0", ListResult::bad_page},
      {"page -1", good + "&page=-1", ListResult::bad_page},
      {"page x", good + "&page=x", ListResult::bad_page},
      {"page 1.5", good + "&page=1.5", ListResult::bad_page},
      {"a page that no list has", good + "&page=99999999999999999999999", ListResult::bad_page},
      {"per_page 0", good + "&per_page=0", ListResult::bad_page},
      {"the lower number is told", "a_id=A100000001&page=0", ListResult::bad_page},
      {"no day", "a_id=A100000001&auth_key=" + key, ListResult::no_day},
      {"an empty day", "a_id=A100000001&yyyymmdd=", ListResult::no_day},
      {"seven digits", "a_id=A100000001&yyyymmdd=2023112", ListResult::bad_day},
      {"nine digits", "a_id=A100000001&yyyymmdd=202311201", ListResult::bad_day},
      {"four digits", "a_id=A100000001&yyyymmdd=2023", ListResult::bad_day},
      {"no digits", "a_id=A100000001&yyyymmdd=2023-1-1", ListResult::bad_day},
      {"no such day", "a_id=A100000001&yyyymmdd=20230229", ListResult::bad_day},
      {"no such month", "a_id=A100000001&yyyymmdd=202313", ListResult::bad_day},
      {"month 00", "a_id=A100000001&yyyymmdd=202300", ListResult::bad_day},
      {"no key", "a_id=A100000001&yyyymmdd=20231120", ListResult::bad_key},
  };
  for (const Row& row : rows) {
    const auto read = read_list_query(row.query);
    ASSERT_TRUE(std::holds_alternative<ListResult>(read)) << row.what;
    EXPECT_EQ(std::get<ListResult>(read), row.result) << row.what;
  }
}

TEST(ListQuery, Reads) {
  const std::string base = "a_id=A100000001&auth_key=k&yyyymmdd=";
  ListQuery plain;
  plain.affiliate_id = "A100000001";
  plain.auth_key = "k";
  plain.first = plain.last = 20240229;
  const auto with = [&](auto change) {
    ListQuery query = plain;
    change(query);
    return query;
  };
  struct Row {
    const char* what;
    std::string query;
    ListQuery expected;
  };
  const Row rows[] = {
      {"a day", base + "20240229", plain},
      {"a month", base + "202402", with([](ListQuery& q) {
         q.first = 20240201;
         q.last = 20240231;
       })},
      {"cancelled ones", base + "20240229&cancel_flag=Y",
       with([](ListQuery& q) { q.cancelled = CancelFlag::only; })},
      {"the others", base + "20240229&cancel_flag=N",
       with([](ListQuery& q) { q.cancelled = CancelFlag::without; })},
      {"another flag says nothing", base + "20240229&cancel_flag=x", plain},
      {"pages", base + "20240229&page=3&per_page=7", with([](ListQuery& q) {
         q.page = 3;
         q.per_page = 7;
       })},
      {"empty pages", base + "20240229&page=&per_page=", plain},
      {"the largest page", base + "20240229&per_page=10000", with([](ListQuery& q) { q.per_page = 10'000; })},
      {"one more", base + "20240229&per_page=10001", with([](ListQuery& q) { q.per_page = 10'000; })},
      {"a currency in any case", base + "20240229&currency=usd",
       with([](ListQuery& q) { q.currency = "USD"; })},
      {"a merchant", base + "20240229&merchant_id=sandshop",
       with([](ListQuery& q) { q.merchant_id = "sandshop"; })},
      {"a test", base + "20240229&test=Y&test_uid=me%20too", with([](ListQuery& q) {
         q.test = true;
         q.test_uid = "me too";
       })},
      {"what is no UTF-8", base + "20240229&merchant_id=%ff&test_uid=a%c3", with([](ListQuery& q) {
         q.merchant_id = "\xef\xbf\xbd";
         q.test_uid = "a\xef\xbf\xbd";
       })},
      {"what nobody knows", base + "20240229&x=y&&=", plain},
  };
  for (const Row& row : rows) {
    const auto read = read_list_query(row.query);
    ASSERT_TRUE(std::holds_alternative<ListQuery>(read)) << row.what;
    EXPECT_EQ(std::get<ListQuery>(read), row.expected) << row.what;
  }
}

TEST(ListAnswer, IsTheContractsObject) {
  ListRow row;
  row.trlog_id = 18000406750585;
  row.merchant_id = "clickbuy";
  row.order_code = row.product_code = "recover_231019_182249";
  row.product_name = "pn_recover_5";
  row.quantity = 1;
  row.user_id = "u_id_recover_5";
  row.category_code = "test_c_cd";
  row.made_on = 20231020;
  row.program_code = "0038";
  row.day = 20231017;
  row.time = "000000";
  row.sales = Money::from_units(39900);
  row.commission = Money::from_units(1);
  row.program_name = "tt_mo";
  row.device = DeviceType::web_mobile;
  row.rate = "1원";
  EXPECT_EQ(
      list_answer(ListResult::ok, 2, {row}, 0),
      R"({"result":"0","list_count":2,"order_list":[{"trlog_id":"18000406750585","m_id":"clickbuy",)"
      R"("o_cd":"recover_231019_182249","p_cd":"recover_231019_182249","p_nm":"pn_recover_5","it_cnt":"1",)"
      R"("user_id":"u_id_recover_5","status":"100","c_cd":"test_c_cd","create_time_stamp":"20231020",)"
      R"("applied_pgm_id":"0038","yyyymmdd":"20231017","hhmiss":"000000","trans_comment":"","sales":39900,)"
      R"("commission":1,"pgm_name":"tt_mo","is_pc":"mobile","pur_rate":"1원"}]})");
  EXPECT_EQ(list_answer(ListResult::no_day, 0, {}, 0), R"({"result":"200","list_count":0,"order_list":[]})");
}

TEST(ListAnswer, AmountsOfCurrencies) {
  struct Row {
    const char* what;
    std::int64_t amount;
    const char* won_per_unit;
    const char* currency;
    const char* told;
  };
  const Row rows[] = {
      {"whole", 13000, "1300", "USD", "10"},
      {"rounded down", 20000, "1300", "USD", "15.38"},
      {"no zero at the end", 13130, "1300", "USD", "10.1"},
      {"less than a cent", 12, "1300", "USD", "0"},
      {"towards zero below it, too", -20000, "1300", "USD", "-15.38"},
      {"without a fraction", 20000, "9.1234", "JPY", "2192"},
      {"of small units", 20000, "0.053", "VND", "377358"},
      {"a rate of six digits", 1, "0.000001", "IDR", "1000000"},
      {"nothing", 0, "1300", "EUR", "0"},
      {"won", 20000, "1", "KRW", "20000"},
  };
  for (const Row& row : rows) {
    const auto rate = parse_decimal(row.won_per_unit, exchange_scale, Exponent::refused);
    const int scale = amount_scale(row.currency);
    const auto amount = in_currency(Money::from_units(row.amount), *rate, scale);
    ASSERT_TRUE(amount.ok()) << row.what;
    EXPECT_EQ(amount->to_decimal_text(scale), row.told) << row.what;
  }
}

TEST(ListAnswer, RatesAndPlatforms) {
  struct Row {
    const char* base;
    const char* incentive;
    const char* text;
  };
  const Row rows[] = {{"0.5%", "0%", "0.5%"},      {"8%", "1%", "9%"},           {"500KRW", "0%", "500원"},
                      {"500KRW", "1KRW", "501원"}, {"8%", "500KRW", "8%+500원"}, {"0%", "0%", "0%"},
                      {"0%", "500KRW", "500원"},   {"500KRW", "8%", "500원+8%"}};
  for (const Row& row : rows)
    EXPECT_EQ(paid_rate_text(*parse_rate(row.base), *parse_rate(row.incentive)), row.text);
  EXPECT_EQ(platform_name(DeviceType::web_pc), "pc");
  EXPECT_EQ(platform_name(DeviceType::web_mobile), "mobile");
  EXPECT_EQ(platform_name(DeviceType::app_ios), "ios");
  EXPECT_EQ(platform_name(DeviceType::app_android), "android");
  EXPECT_EQ(platform_name(DeviceType::unknown), "pc");
}

TEST(ListAnswer, TestRowsAreTenOfEveryStatus) {
  ListQuery query;
  query.first = 20240229;
  query.test_uid = "me";
  const auto rows = sample_rows(query);
  ASSERT_EQ(rows.size(), 10);
  for (const ListRow& row : rows) {
    EXPECT_EQ(row.user_id, "me");
    EXPECT_EQ(row.day, 20240229);
    EXPECT_EQ(conversion_of_trlog_id(row.trlog_id), 0) << "no conversion's";
  }
  query.cancelled = CancelFlag::only;
  EXPECT_EQ(sample_rows(query).size(), 4);
  query.cancelled = CancelFlag::without;
  EXPECT_EQ(sample_rows(query).size(), 6);
}

TEST(ListAnswer, WhatTheFlagTakes) {
  struct Row {
    ConversionStatus status;
    bool only, without;
  };
  const Row rows[] = {{ConversionStatus::normal, false, true},
                      {ConversionStatus::settling, false, true},
                      {ConversionStatus::settled, false, true},
                      {ConversionStatus::cancel_requested, true, false},
                      {ConversionStatus::cancelled, true, false}};
  for (const Row& row : rows) {
    EXPECT_TRUE(matches(CancelFlag::any, row.status));
    EXPECT_EQ(matches(CancelFlag::only, row.status), row.only);
    EXPECT_EQ(matches(CancelFlag::without, row.status), row.without);
  }
}

}  // namespace
}  // namespace jangbu::affiliate
