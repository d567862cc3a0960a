#include <algorithm>

#include <gtest/gtest.h>

#include "purchase/wire.h"
#include "purchase/wire_test_data.h"

namespace jangbu::purchase {
namespace {

const PhoneBook& phone_book() {
  static const PhoneBook book;
  return book;
}

bool is_currency(std::string_view code) {
  return code == "krw" || code == "usd" || code == "the9" || code == "point";
}

/// A request's members as JSON texts, to be changed one at a time.
class Body {
 public:
  Body& set(const std::string& name, const std::string& json) {
    for (auto& member : members_) {
      if (member.first == name) {
        member.second = json;
        return *this;
      }
    }
    members_.emplace_back(name, json);
    return *this;
  }
  Body& drop(const std::string& name) {
    std::erase_if(members_, [&](const auto& member) { return member.first == name; });
    return *this;
  }
  [[nodiscard]] std::string text() const {
    std::string text = "{";
    for (const auto& [name, json] : members_) text += (text.size() > 1 ? ",\"" : "\"") + name + "\":" + json;
    return text + "}";
  }

 private:
  std::vector<std::pair<std::string, std::string>> members_;
};

const std::string shop = "0x04ef11be936f49f6388dd20d062e43170fd7ce9e968e51426317e284b9309361";
const std::string wallet = "0x89e3b2D91ecaf08016eEDb966c1fecA1e326714e";

std::string as_json(const std::string& text) { return '"' + text + '"'; }

std::string line(const std::string& amount, const std::string& percent = "1.7") {
  return R"({"productId":"P1","amount":)" + amount + R"(,"providePercent":)" + percent + "}";
}

Body purchase_body() {
  Body body;
  body.set("purchaseId", "\"913131705292050109\"")
      .set("timestamp", "\"1705292050\"")
      .set("totalAmount", "44400");
  body.set("cashAmount", "44400")
      .set("currency", "\"krw\"")
      .set("shopId", as_json(shop))
      .set("userAccount", as_json(wallet));
  body.set("userPhone", "\"\"").set("details", '[' + line("44400") + ']');
  return body;
}

Parsed<NewPurchase> parse(const std::string& text, const std::string* authorization = nullptr) {
  return parse_new(text, authorization, phone_book(), is_currency);
}

NewPurchase accepted(const Body& body) {
  auto parsed = parse(body.text());
  if (const auto* refusal = std::get_if<Refusal>(&parsed)) {
    ADD_FAILURE() << error_response(refusal->error, refusal->faults).body;
    return {};
  }
  return std::get<NewPurchase>(std::move(parsed));
}

/// The answer to a request that is refused.
std::string refused(const std::string& text) {
  const auto parsed = parse(text);
  const auto* refusal = std::get_if<Refusal>(&parsed);
  return refusal == nullptr ? "accepted" : error_response(refusal->error, refusal->faults).body;
}

std::string faults(const std::string& list) {
  return R"({"code":2001,"error":{"message":"Failed to check the validity of parameters","validation":[)" +
         list + "]}}";
}

std::string one_fault(const std::string& param, const std::string& value,
                      const std::string& message = "Invalid value") {
  const std::string prefix = value.empty() ? "" : "\"value\":" + value + ",";
  return faults("{" + prefix + R"("msg":")" + message + R"(","param":")" + param + R"(","location":"body"})");
}

const std::string wallet_refusal = R"({"code":2002,"error":{"message":"This is not a wallet address"}})";
const std::string phone_refusal =
    "{\"code\":2003,\"error\":{\"message\":\"This is not a phone number format. International Standard "
    "(+82 10-1000-2000)\"}}";

TEST(ParseNew, UnderstandsThePublishedExample) {
  const json::Document transcripts = read_json("purchase_transcripts.json");
  const json::Value& cases = *transcripts.root().find("cases");
  const auto* example = std::find_if(cases.items, cases.items + cases.size, [](const json::Value& row) {
    return text_of(row, "name") == "seed_example";
  });
  ASSERT_NE(example, cases.items + cases.size);
  const auto parsed = parse(text_of(*example, "body"));
  ASSERT_TRUE(std::holds_alternative<NewPurchase>(parsed));
  const auto& purchase = std::get<NewPurchase>(parsed);
  EXPECT_EQ(purchase.purchase_id, "913131705292050109");
  EXPECT_EQ(purchase.timestamp, 1705292050u);
  EXPECT_EQ(purchase.total_amount.to_units_text(), "44400000000000000000000");
  EXPECT_EQ(purchase.cash_amount, purchase.total_amount);
  EXPECT_EQ(purchase.currency, "krw");
  EXPECT_EQ(purchase.shop_id, shop);
  EXPECT_EQ(purchase.user_account, wallet);
  EXPECT_EQ(purchase.phone.international, "");
  EXPECT_EQ(purchase.phone.hash, phone_hash(""));
  ASSERT_EQ(purchase.details.size(), 6u);
  EXPECT_EQ(
      purchase.details[1],
      (Detail{"2020051310000124", parse_decimal("6300", amount_scale, Exponent::refused).value(), 850}));
  EXPECT_EQ(purchase.waiting_s, std::nullopt);
  EXPECT_EQ(purchase.access_key, "");
  EXPECT_TRUE(purchase.sum_matches);
}

TEST(ParseNew, NamesEveryFaultOnceInTheDocumentedOrder) {
  EXPECT_EQ(refused("{}"), faults(R"({"msg":"Invalid value","param":"purchaseId","location":"body"},)"
                                  R"({"msg":"Invalid value","param":"timestamp","location":"body"},)"
                                  R"({"msg":"Invalid value","param":"totalAmount","location":"body"},)"
                                  R"({"msg":"Invalid value","param":"cashAmount","location":"body"},)"
                                  R"({"msg":"Invalid value","param":"currency","location":"body"},)"
                                  R"({"msg":"Invalid value","param":"shopId","location":"body"},)"
                                  R"({"msg":"Invalid value","param":"userAccount","location":"body"},)"
                                  R"({"msg":"Invalid value","param":"userPhone","location":"body"},)"
                                  R"({"msg":"Invalid value","param":"details","location":"body"})"));
  Body body = purchase_body();
  body.set("waiting", "-1")
      .set("timestamp", "true")
      .set("details", R"([7,{},{"productId":"a","amount":-1,"providePercent":101}])");
  EXPECT_EQ(
      refused(body.text()),
      faults(
          R"({"value":true,"msg":"Invalid value","param":"timestamp","location":"body"},)"
          R"({"value":7,"msg":"Invalid value","param":"details[0]","location":"body"},)"
          R"({"msg":"Invalid value","param":"details[1].productId","location":"body"},)"
          R"({"msg":"Invalid value","param":"details[1].amount","location":"body"},)"
          R"({"msg":"Invalid value","param":"details[1].providePercent","location":"body"},)"
          R"({"value":-1,"msg":"Amount out of range","param":"details[2].amount","location":"body"},)"
          R"({"value":101,"msg":"Percent out of range","param":"details[2].providePercent","location":"body"},)"
          R"({"value":-1,"msg":"Invalid value","param":"waiting","location":"body"})"));
}

struct FaultRow {
  std::string name;
  std::string member;
  std::string json;
  std::string message = "Invalid value";
  std::string told = {};  // the value of the fault, where it is not as it was sent
};

class ParseNewFault : public testing::TestWithParam<FaultRow> {};

TEST_P(ParseNewFault, IsAnsweredWithTheValue) {
  const FaultRow& row = GetParam();
  EXPECT_EQ(refused(purchase_body().set(row.member, row.json).text()),
            one_fault(row.member, row.told.empty() ? row.json : row.told, row.message));
}

const std::string too_precise = "0.0000000000000000001";

INSTANTIATE_TEST_SUITE_P(
    Rows, ParseNewFault,
    testing::Values(
        FaultRow{"id_empty", "purchaseId", "\"\""}, FaultRow{"id_blank", "purchaseId", "\"  \""},
        FaultRow{"id_null", "purchaseId", "null"}, FaultRow{"id_boolean", "purchaseId", "true"},
        FaultRow{"id_array", "purchaseId", "[\"a\"]"},
        FaultRow{"id_object", "purchaseId", "{\"a\":[1.50,null]}"},
        FaultRow{"time_empty", "timestamp", "\"\""}, FaultRow{"time_word", "timestamp", "\"abc\""},
        FaultRow{"time_signed", "timestamp", "\"+1\""}, FaultRow{"time_negative", "timestamp", "-1"},
        FaultRow{"time_fraction", "timestamp", "\"1.5\""}, FaultRow{"time_exponent", "timestamp", "1e9"},
        FaultRow{"time_leading_zero", "timestamp", "\"01\""},
        FaultRow{"time_2_to_64", "timestamp", "18446744073709551616"},
        FaultRow{"total_word", "totalAmount", "\"abc\""}, FaultRow{"total_empty", "totalAmount", "\"\""},
        FaultRow{"total_blanks", "totalAmount", "\" a \"", "Invalid value", "\"a\""},
        FaultRow{"total_null", "totalAmount", "null", "Invalid value", "\"\""},
        FaultRow{"total_true", "totalAmount", "true", "Invalid value", "\"true\""},
        FaultRow{"total_array", "totalAmount", "[1, 2]", "Invalid value", "\"1\""},
        FaultRow{"total_empty_array", "totalAmount", "[]", "Invalid value", "\"\""},
        FaultRow{"total_object", "totalAmount", "{}", "Invalid value", "\"[object Object]\""},
        FaultRow{"total_comma", "totalAmount", "\"44,400\""},
        FaultRow{"total_plus", "totalAmount", "\"+44400\""},
        FaultRow{"total_point_alone", "totalAmount", "\".\""},
        FaultRow{"total_point_last", "totalAmount", "\"05.\""},
        FaultRow{"total_two_points", "totalAmount", "\"..5\""},
        FaultRow{"total_hex", "totalAmount", "\"0x10\""},
        FaultRow{"total_exponent_in_text", "totalAmount", "\"4e4\""},
        FaultRow{"total_negative", "totalAmount", "-44400", "Amount out of range", as_json("-44400")},
        FaultRow{"total_one_unit_below_zero", "totalAmount", "-0.000000000000000001", "Amount out of range",
                 as_json("-0.000000000000000001")},
        FaultRow{"total_past_the_limit", "totalAmount", "1000000000000000.000000000000000001",
                 "Amount out of range", as_json("1000000000000000.000000000000000001")},
        FaultRow{"total_past_128_bits", "totalAmount", "1e40", "Amount out of range", as_json("1e40")},
        FaultRow{"total_past_double", "totalAmount", "1e400", "Amount out of range", as_json("1e400")},
        FaultRow{"total_19_fraction_digits", "totalAmount", too_precise, "More than 18 fraction digits",
                 as_json(too_precise)},
        FaultRow{"cash_19_fraction_digits", "cashAmount", as_json(too_precise),
                 "More than 18 fraction digits"},
        FaultRow{"cash_above_total", "cashAmount", "44400.000000000000000001",
                 "cashAmount is greater than totalAmount", as_json("44400.000000000000000001")},
        FaultRow{"currency_unknown", "currency", "\"xyz\"", "Unknown currency"},
        FaultRow{"currency_upper_case", "currency", "\"KRW\"", "Unknown currency"},
        FaultRow{"currency_empty", "currency", "\" \""}, FaultRow{"currency_number", "currency", "1"},
        FaultRow{"shop_without_prefix", "shopId", as_json(shop.substr(2))},
        FaultRow{"shop_65", "shopId", as_json(shop + "0")},
        FaultRow{"shop_63", "shopId", as_json(shop.substr(0, 65))},
        FaultRow{"shop_not_hex", "shopId", as_json(shop.substr(0, 65) + "g")},
        FaultRow{"shop_number", "shopId", "0", "Invalid value", "\"0\""},
        FaultRow{"details_empty", "details", "[]"}, FaultRow{"details_object", "details", "{}"},
        FaultRow{"details_null", "details", "null"}, FaultRow{"waiting_null", "waiting", "null"},
        FaultRow{"waiting_fraction", "waiting", "1.5"}, FaultRow{"waiting_word", "waiting", "\"soon\""},
        FaultRow{"waiting_past_ten_years", "waiting", "315360001", "More than 315360000 seconds"}),
    [](const auto& row) { return row.param.name; });

struct DetailFaultRow {
  std::string name;
  std::string json;
  std::string param;
  std::string value;
  std::string message = "Invalid value";
};

class ParseNewDetailFault : public testing::TestWithParam<DetailFaultRow> {};

TEST_P(ParseNewDetailFault, NamesThePath) {
  const DetailFaultRow& row = GetParam();
  EXPECT_EQ(refused(purchase_body().set("details", '[' + line("44400") + ',' + row.json + ']').text()),
            one_fault("details[1]" + row.param, row.value, row.message));
}

INSTANTIATE_TEST_SUITE_P(
    Rows, ParseNewDetailFault,
    testing::Values(
        DetailFaultRow{"no_object", "null", "", "null"},
        DetailFaultRow{"no_product", R"({"amount":1,"providePercent":1})", ".productId", ""},
        DetailFaultRow{"empty_product", R"({"productId":" ","amount":1,"providePercent":1})", ".productId",
                       "\" \""},
        DetailFaultRow{"no_amount", R"({"productId":"a","providePercent":1})", ".amount", ""},
        DetailFaultRow{"no_percent", R"({"productId":"a","amount":1})", ".providePercent", ""},
        DetailFaultRow{"percent_word", line("1", "\"x\""), ".providePercent", "\"x\""},
        DetailFaultRow{"percent_null", line("1", "null"), ".providePercent", "null"},
        DetailFaultRow{"percent_exponent_in_text", line("1", "\"1e1\""), ".providePercent", "\"1e1\""},
        DetailFaultRow{"percent_negative", line("1", "-1"), ".providePercent", "-1", "Percent out of range"},
        DetailFaultRow{"percent_just_negative", line("1", "-0.0001"), ".providePercent", "-0.0001",
                       "Percent out of range"},
        DetailFaultRow{"percent_just_above", line("1", "100.0000000000000000000000001"), ".providePercent",
                       "100.0000000000000000000000001", "Percent out of range"},
        DetailFaultRow{"percent_huge", line("1", "1e999"), ".providePercent", "1e999",
                       "Percent out of range"}),
    [](const auto& row) { return row.param.name; });

struct PercentRow {
  std::string json;
  std::uint64_t percent;
};

TEST(ParseNew, CutsPercentsAfterTwoPlaces) {
  for (const PercentRow& row :
       {PercentRow{"0", 0}, PercentRow{"-0", 0}, PercentRow{"-0.00", 0}, PercentRow{"1", 100},
        PercentRow{"1.1", 110}, PercentRow{"3.5", 350}, PercentRow{"\"3.5\"", 350}, PercentRow{"8.29", 829},
        PercentRow{"3.339999", 333}, PercentRow{"0.009", 0}, PercentRow{"1e1", 1000}, PercentRow{"1e-999", 0},
        PercentRow{"99.999", 9999}, PercentRow{"100", 10000},
        PercentRow{"100.000000000000000000000000000", 10000}}) {
    const NewPurchase purchase =
        accepted(purchase_body().set("details", '[' + line("44400", row.json) + ']'));
    ASSERT_EQ(purchase.details.size(), 1u) << row.json;
    EXPECT_EQ(purchase.details[0].provide_percent, row.percent) << row.json;
  }
}

struct AmountRow {
  std::string json;
  std::string units;
};

TEST(ParseNew, ReadsAmountsExactly) {
  for (const AmountRow& row :
       {AmountRow{"0", "0"}, AmountRow{"-0", "0"}, AmountRow{"1.56", "1560000000000000000"},
        AmountRow{"\" 1.56 \"", "1560000000000000000"}, AmountRow{"\"007\"", "7000000000000000000"},
        AmountRow{"\"00\"", "0"}, AmountRow{"\"0\"", "0"}, AmountRow{"\".5\"", "500000000000000000"},
        AmountRow{"\"00.50\"", "500000000000000000"}, AmountRow{"\"44400\"", "44400000000000000000000"},
        AmountRow{"4.44e4", "44400000000000000000000"}, AmountRow{"1E-18", "1"},
        AmountRow{"0.000000000000000001", "1"}, AmountRow{"0.1000000000000000000000", "100000000000000000"},
        AmountRow{"900719925474.0993", "900719925474099300000000000000"},
        AmountRow{"1000000000000000", "1000000000000000000000000000000000"}}) {
    const NewPurchase purchase = accepted(purchase_body()
                                              .set("totalAmount", row.json)
                                              .set("cashAmount", row.json)
                                              .set("details", '[' + line(row.json) + ']'));
    EXPECT_EQ(purchase.total_amount.to_units_text(), row.units) << row.json;
    EXPECT_EQ(purchase.cash_amount.to_units_text(), row.units) << row.json;
    EXPECT_TRUE(purchase.sum_matches) << row.json;
  }
}

TEST(ParseNew, ComparesTheSumExactly) {
  const std::string two_lines = '[' + line("0.1") + ',' + line("0.2") + ']';
  const Body body = purchase_body().set("cashAmount", "0").set("details", two_lines);
  EXPECT_TRUE(accepted(Body(body).set("totalAmount", "0.3")).sum_matches);
  EXPECT_FALSE(accepted(Body(body).set("totalAmount", "0.300000000000000001")).sum_matches);
  EXPECT_FALSE(accepted(Body(body).set("totalAmount", "0.299999999999999999")).sum_matches);
}

TEST(ParseNew, DoubtsTheTotalWhereTheDetailsMakeAnother) {
  const Body body = purchase_body().set("totalAmount", "40000");
  EXPECT_FALSE(accepted(body).sum_matches);
  EXPECT_EQ(refused(Body(body).set("userAccount", "\"x\"").text()), wallet_refusal);
  EXPECT_EQ(refused(Body(body).set("timestamp", "\"x\"").text()),
            faults(R"({"value":"x","msg":"Invalid value","param":"timestamp","location":"body"},)"
                   R"({"value":"44400","msg":"cashAmount is greater than totalAmount","param":"cashAmount",)"
                   R"("location":"body"})"));
}

TEST(ParseNew, TakesIdsAsTextOrNumber) {
  const std::string korean = "\xEC\x9E\xA5\xEB\xB6\x80";
  std::string emoji_300;
  for (int i = 0; i < 256; ++i) emoji_300 += "\xF0\x9F\x98\x80";
  const std::vector<std::pair<std::string, std::string>> rows = {
      {"5", "5"},
      {"913131705292050109", "913131705292050109"},
      {"\" x \"", "x"},
      {as_json(korean), korean},
      {"\"\\u3000a\\u00a0b\\ufeff\"",
       "a\xC2\xA0"
       "b"},
      {"\"a\\u0000b\"", std::string("a\0b", 3)},
      {as_json(std::string(1024, 'x')), std::string(1024, 'x')},
      {as_json(emoji_300), emoji_300}};
  for (const auto& [json, id] : rows) {
    EXPECT_EQ(accepted(purchase_body().set("purchaseId", json)).purchase_id, id) << json;
    const std::string detail = R"({"productId":)" + json + R"(,"amount":44400,"providePercent":1})";
    EXPECT_EQ(accepted(purchase_body().set("details", '[' + detail + ']')).details.at(0).product_id, id)
        << json;
  }
}

TEST(ParseNew, TrimsWhatJavaScriptTrims) {
  for (const std::string space :
       {"\t", "\n", "\v", "\f", "\r", " ", "\xC2\xA0", "\xE1\x9A\x80", "\xE2\x80\x80", "\xE2\x80\x8A",
        "\xE2\x80\xA8", "\xE2\x80\xA9", "\xE2\x80\xAF", "\xE2\x81\x9F", "\xE3\x80\x80", "\xEF\xBB\xBF"}) {
    std::string json;
    json::append_string(json, space + space + "x" + space);
    EXPECT_EQ(accepted(purchase_body().set("purchaseId", json)).purchase_id, "x") << to_hex(space);
  }
  for (const std::string other : {"\xE2\x80\x8B", "\xE1\xA0\x8E", "\xC2\x85", "\xEC\xA0\x80"}) {
    EXPECT_EQ(accepted(purchase_body().set("purchaseId", as_json(other))).purchase_id, other)
        << to_hex(other);
  }
}

TEST(ParseNew, LimitsLengths) {
  // A value beyond 1 KiB is not sent back.
  EXPECT_EQ(refused(purchase_body().set("purchaseId", as_json(std::string(1025, 'x'))).text()),
            one_fault("purchaseId", "", "Longer than 1024 bytes"));
  std::string lines = line("0");
  for (int i = 1; i < 1000; ++i) lines += ',' + line("0");
  const Body body = purchase_body().set("totalAmount", "0").set("cashAmount", "0");
  EXPECT_EQ(accepted(Body(body).set("details", '[' + lines + ']')).details.size(), 1000u);
  EXPECT_EQ(refused(Body(body).set("details", '[' + lines + ',' + line("0") + ']').text()),
            one_fault("details", "", "More than 1000 entries"));
}

TEST(ParseNew, ReadsTheWaitingTime) {
  EXPECT_EQ(accepted(purchase_body().set("waiting", "0")).waiting_s, 0u);
  EXPECT_EQ(accepted(purchase_body().set("waiting", "\"86400\"")).waiting_s, 86400u);
  EXPECT_EQ(accepted(purchase_body().set("waiting", "315360000")).waiting_s, 315360000u);
}

TEST(ParseNew, KeepsTheCaseOfHexTexts) {
  std::string upper = shop;
  std::transform(upper.begin() + 1, upper.end(), upper.begin() + 1,
                 [](char c) { return static_cast<char>(std::toupper(c)); });
  EXPECT_EQ(accepted(purchase_body().set("shopId", "\" " + upper + " \"")).shop_id, upper);
  EXPECT_EQ(accepted(purchase_body().set("userAccount", "\" " + wallet + " \"")).user_account, wallet);
}

TEST(ParseNew, TakesTheZeroAddressForNoAccount) {
  EXPECT_EQ(accepted(purchase_body().set("userAccount", "\"\"")).user_account, "");
  EXPECT_EQ(accepted(purchase_body().set("userAccount", as_json("0x" + std::string(40, '0')))).user_account,
            "");
}

TEST(ParseNew, RefusesWalletsAfterParametersAndPhonesAfterWallets) {
  for (const std::string& text :
       {wallet.substr(2), wallet + "0", wallet.substr(0, 41), wallet.substr(0, 41) + "g", std::string("x")}) {
    Body body = purchase_body().set("userAccount", as_json(text)).set("userPhone", "\"123\"");
    EXPECT_EQ(refused(body.text()), wallet_refusal) << text;
    EXPECT_EQ(refused(body.set("currency", "\"xyz\"").text()),
              one_fault("currency", "\"xyz\"", "Unknown currency"));
  }
  EXPECT_EQ(refused(purchase_body().set("userPhone", "\"123\"").text()), phone_refusal);
  EXPECT_EQ(refused(purchase_body().set("userPhone", "\"010-1000-2000\"").text()), phone_refusal);
  const NewPurchase purchase = accepted(purchase_body().set("userPhone", "\" +82 010 1000 2000 \""));
  EXPECT_EQ(purchase.phone.international, "+82 10-1000-2000");
  EXPECT_EQ(purchase.phone.hash, phone_hash("+82 10-1000-2000"));
}

TEST(ParseNew, TakesWhatIsNoTextForNoAccountAndNoPhone) {
  for (const char* json : {"null", "0", "5", "true", "false", "{}", "[\"x\"]"}) {
    EXPECT_EQ(refused(purchase_body().set("userAccount", json).text()), wallet_refusal) << json;
    EXPECT_EQ(refused(purchase_body().set("userPhone", json).text()), phone_refusal) << json;
    EXPECT_EQ(refused(purchase_body().set("userAccount", json).set("userPhone", json).text()),
              wallet_refusal);
  }
  EXPECT_EQ(accepted(purchase_body().set("userAccount", "[]").set("userPhone", "[]")).user_account, "");
}

TEST(ParseNew, TakesTheKeyFromTheHeaderFirst) {
  const std::string header = " header-key ";
  const std::string none;
  const std::string text = purchase_body().set("accessKey", "\" body-key \"").text();
  EXPECT_EQ(std::get<NewPurchase>(parse(text, &header)).access_key, "header-key");
  EXPECT_EQ(std::get<NewPurchase>(parse(text, &none)).access_key, "");
  EXPECT_EQ(std::get<NewPurchase>(parse(text)).access_key, "body-key");
  EXPECT_EQ(std::get<NewPurchase>(parse(purchase_body().set("accessKey", "7").text())).access_key, "");
}

TEST(ParseNew, TakesTheLastOfRepeatedMembers) {
  std::string text = purchase_body().text();
  text.insert(1, "\"purchaseId\":\"first\",");
  EXPECT_EQ(std::get<NewPurchase>(parse(text)).purchase_id, "913131705292050109");
}

TEST(ParseNew, RefusesRootsThatAreNoObject) {
  // An array has none of the members.
  for (const char* body : {"", "[]", "[1]", "[{\"purchaseId\":\"x\"}]", "\xEF\xBB\xBF{}"})
    EXPECT_EQ(refused(body), refused("{}")) << body;
  for (const char* body : {"{", "null", "true", "5", "\"a\""}) {
    const auto parsed = parse(body);
    ASSERT_TRUE(std::holds_alternative<Refusal>(parsed)) << body;
    EXPECT_EQ(std::get<Refusal>(parsed).error.code, Errc::malformed_json) << body;
  }
}

TEST(ParseCancel, ReadsOrNamesTheFaults) {
  const std::string header = "key";
  const auto parsed = parse_cancel(R"({"purchaseId":5,"timestamp":1705292240})", &header);
  ASSERT_TRUE(std::holds_alternative<CancelPurchase>(parsed));
  EXPECT_EQ(std::get<CancelPurchase>(parsed).purchase_id, "5");
  EXPECT_EQ(std::get<CancelPurchase>(parsed).timestamp, 1705292240u);
  EXPECT_EQ(std::get<CancelPurchase>(parsed).access_key, "key");
  const auto refusal = parse_cancel("[7]", nullptr);
  ASSERT_TRUE(std::holds_alternative<Refusal>(refusal));
  EXPECT_EQ(std::get<Refusal>(refusal).faults.size(), 2u);
}

}  // namespace
}  // namespace jangbu::purchase
