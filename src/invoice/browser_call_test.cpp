#include "invoice/browser_call.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/evp.h>

#include "delivery/signature.h"
#include "http/message.h"

namespace jangbu::invoice {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

std::string plain_form(std::string_view json) { return "payload=" + http::percent_encode(json); }

const std::string key(32, 'k');
const std::string iv(16, 'i');

std::string sealed(std::string_view json) {
  std::string out(json.size() + 16, '\0');
  EVP_CIPHER_CTX* context = EVP_CIPHER_CTX_new();
  const auto raw = [](std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); };
  auto* to = reinterpret_cast<unsigned char*>(out.data());
  int size = 0;
  int rest = 0;
  EXPECT_EQ(EVP_EncryptInit_ex(context, EVP_aes_256_cbc(), nullptr, raw(key), raw(iv)), 1);
  EXPECT_EQ(EVP_EncryptUpdate(context, to, &size, raw(json), static_cast<int>(json.size())), 1);
  EXPECT_EQ(EVP_EncryptFinal_ex(context, to + size, &rest), 1);
  EVP_CIPHER_CTX_free(context);
  out.resize(static_cast<std::size_t>(size) + static_cast<std::size_t>(rest));
  return out;
}

std::string form_of(std::string_view payload, std::string_view token) {
  return "payload=" + http::percent_encode(payload) + "&token=" + http::percent_encode(token);
}

std::string token_of(std::string_view of_key, std::string_view of_iv) {
  return delivery::to_base64(of_key) + "##" + delivery::to_base64(of_iv);
}

std::string sealed_form(std::string_view json) {
  return form_of(delivery::to_base64(sealed(json)), token_of(key, iv));
}

MoneySaid money_of(const BrowserForm& call) {
  const auto document = json::Document::parse(call.json);
  return document ? money_said(document->root()) : MoneySaid{};
}

TEST(BrowserForm, OfTheIncumbentsSdk) {
  // As @bootpay/bp-commerce-sdk 1.0.8 posted it from https://shop.example.
  const auto call = read_browser_form(
      "payload=DAdgRvf7Ts%2FM%2B0wj3ccqznXuJvhcjU%"
      "2FWZRC5Q9KMeEmgkamdL8GH4jOh9xERAMgry5hxTR8AHCn21SF1umzAlY1zcCg3"
      "qNy9UlnktX0e0VYryNAn7ZEKAoI6od4f6wYygpr3IyXDae6b1ZaPkm%2FFnHgK3SNUytCGpIy%"
      "2BrpnAlJqxek6ZPYBLOIwj0EBNGVNfp8"
      "p9QspOB%2FZliK0sZxfbIg1lF9qa%2Fc05i7Q5ow4U%2BhA%3D&token=lsSIoREje7pvN6AW8M%"
      "2BumpAX2EzHL3exhulkVpQBhRc%3D%"
      "23%23qadm0CHNn2h4Gz8AUZ80yA%3D%3D");
  ASSERT_TRUE(call.ok()) << to_string(call.error());
  EXPECT_EQ(call->json,
            R"({"sdk":true,"client_key":"ck_live_1","request_id":"order-7","name":"구독 ₩","price":10000,)"
            R"("products":[{"product_id":"p","quantity":2}],"extra":{"open_type":"iframe"}})");
  EXPECT_EQ(call->client_key, "ck_live_1");
  EXPECT_EQ(call->request_id, "order-7");
  EXPECT_EQ(money_of(*call), (MoneySaid{{"price"}, {}}));
}

TEST(BrowserForm, AnIdWithSpaceAroundItIsTheServersOwn) {
  // Servers' invoices are read so: with another id, an invoice of the page's own would stand beside the
  // server's.
  const auto call =
      read_browser_form(plain_form(R"({"client_key":" ck ","request_id":"order-7 \n","price":1})"));
  ASSERT_TRUE(call.ok()) << to_string(call.error());
  EXPECT_EQ(call->client_key, "ck");
  EXPECT_EQ(call->request_id, "order-7");
  EXPECT_FALSE(read_browser_form(plain_form(R"({"client_key":"ck","request_id":"\t"})")).ok());
}

TEST(BrowserForm, OfOurSdk) {
  const std::string json =
      R"({"client_key":"ck","request_id":7,"origin":"https://shop.example","redirect_url":"https://shop.example/done?a=b&c=d+e"})";
  for (const std::string& form :
       {plain_form(json), sealed_form(json), plain_form(json) + "&token=&other=1"}) {
    const auto call = read_browser_form(form);
    ASSERT_TRUE(call.ok()) << to_string(call.error());
    EXPECT_EQ(*call,
              (BrowserForm{json, "ck", "7", "https://shop.example", "https://shop.example/done?a=b&c=d+e"}));
  }
}

TEST(BrowserForm, SaysWhereItSpeaksOfMoney) {
  struct Row {
    const char* name;
    const char* members;
    std::vector<std::string> prices;
    std::vector<std::string> adjustments;
  };
  const Row rows[] = {
      {"nothing", R"("name":"Pro")", {}, {}},
      {"a price", R"("price":100)", {"price"}, {}},
      {"a price of nothing", R"("price":0)", {"price"}, {}},
      {"a price as text", R"("price":"100")", {"price"}, {}},
      {"no price", R"("price":null)", {}, {}},
      {"parts of a price",
       R"("tax_free_price":0,"delivery_price":3000)",
       {"tax_free_price", "delivery_price"},
       {}},
      {"of products",
       R"("products":[{"product_id":"a"},{"price":1},{"unitPrice":2}])",
       {"products[1].price", "products[2].unitPrice"},
       {}},
      {"a discount", R"("discount_percent":90)", {}, {"discount_percent"}},
      {"both discounts of the seed",
       R"("discount_percent":90,"discount_price":1)",
       {},
       {"discount_percent", "discount_price"}},
      {"in the pages' own case",
       R"("discountPercent":90,"priceAdjustments":[{}],"setupFee":0)",
       {},
       {"discountPercent", "priceAdjustments", "setupFee"}},
      {"adjustments of a product",
       R"("products":[{"price":1,"price_adjustments":[{"cycles":[]}]}])",
       {"products[0].price"},
       {"products[0].price_adjustments"}},
      {"adjustments of none", R"("products":[{"price_adjustments":[]}],"discount_price":"")", {}, {}},
      {"deep", R"("extra":{"a":[[{"setup_fee":0}]]})", {}, {"extra.a[0][0].setup_fee"}},
      {"other kinds of discounts",
       R"("membership_discount":1,"adjustment_type":"setup_fee")",
       {},
       {"membership_discount", "adjustment_type"}},
      {"what the shop keeps for itself",
       R"("metadata":{"price":1,"discount_percent":2},"user":{"price":1})",
       {},
       {}},
      {"twice", R"("price":null,"price":1)", {"price"}, {}},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    const auto call = read_browser_form(
        plain_form(R"({"client_key":"c","request_id":"r",)" + std::string(row.members) + "}"));
    ASSERT_TRUE(call.ok()) << to_string(call.error());
    EXPECT_EQ(money_of(*call), (MoneySaid{row.prices, row.adjustments}));
  }
}

TEST(BrowserForm, NamesOnlySomeOfWhatItFinds) {
  // Each of 10,900 paths would begin with the 126,000 bytes of the list's name.
  std::string json = R"({"client_key":"nobody","request_id":"1",")" + std::string(126'000, 'x') + "\":[";
  for (int i = 0; i < 10'900; ++i) json += i == 0 ? R"({"price":1})" : R"(,{"price":1})";
  const auto call = read_browser_form("payload=" + json + "]}");
  ASSERT_TRUE(call.ok()) << to_string(call.error());
  const MoneySaid said = money_of(*call);
  EXPECT_THAT(said.price_fields, testing::SizeIs(max_named_fields));
  EXPECT_THAT(said.price_fields, testing::Each(testing::SizeIs(max_field_bytes)));
  EXPECT_THAT(said.adjustment_fields, IsEmpty());
  EXPECT_EQ(said.further_fields, 10'900 - max_named_fields);
  const std::string line = in_a_line(said);
  EXPECT_LT(line.size(), 350U);
  EXPECT_TRUE(line.ends_with("...; 10890 more")) << line;
}

TEST(BrowserForm, CutsAPathBetweenCharacters) {
  std::string korean;
  for (int i = 0; i < 40; ++i) korean += "값";
  const auto call = read_browser_form(
      plain_form(R"({"client_key":"c","request_id":"r",")" + korean + R"(":{"price":1},"discount":2})"));
  ASSERT_TRUE(call.ok()) << to_string(call.error());
  EXPECT_EQ(money_of(*call), (MoneySaid{{korean.substr(0, 96) + "..."}, {"discount"}}));
  EXPECT_EQ(in_a_line({{"price", "a.price"}, {"discount"}, 0}), "price, a.price; discount");
  EXPECT_EQ(in_a_line({{}, {"discount"}, 1}), "discount; 1 more");
  EXPECT_EQ(in_a_line({}), "");
}

std::string call_with(std::string_view name, const std::string& value) {
  return plain_form(R"({"client_key":"c","request_id":"r",")" + std::string(name) + "\":\"" + value + "\"}");
}

TEST(BrowserForm, IsRefused) {
  struct Row {
    const char* name;
    std::string form;
    Errc code;
    const char* says;
  };
  const std::string good = R"({"client_key":"c","request_id":"r"})";
  const std::string payload = delivery::to_base64(sealed(good));
  const auto json = [](std::string_view text) { return plain_form(text); };
  using std::string;
  const Row rows[] = {
      {"an empty form", "", Errc::invalid_parameters, "payload"},
      {"another form", "a=b&c", Errc::invalid_parameters, "payload"},
      {"an empty payload", "payload=&token=x", Errc::invalid_parameters, "payload"},
      {"too long", "payload=" + string(max_browser_form_bytes, 'a'), Errc::invalid_parameters, "256 KiB"},
      {"no JSON", json("hello"), Errc::malformed_json, ""},
      {"no object", json("[1]"), Errc::invalid_parameters, "JSON object"},
      {"deeper than JSON may be", json(string(70, '[') + string(70, ']')), Errc::malformed_json, ""},
      {"no client_key", json(R"({"request_id":"r"})"), Errc::invalid_parameters, "client_key is required"},
      {"an empty client_key", json(R"({"client_key":"","request_id":"r"})"), Errc::invalid_parameters,
       "client_key"},
      {"no request_id", json(R"({"client_key":"c"})"), Errc::invalid_parameters, "request_id is required"},
      {"a null request_id", json(R"({"client_key":"c","request_id":null})"), Errc::invalid_parameters,
       "request_id"},
      {"a request_id of another kind", json(R"({"client_key":"c","request_id":["r"]})"),
       Errc::invalid_parameters, "request_id must be a text"},
      {"a long request_id", json(R"({"client_key":"c","request_id":")" + string(256, 'r') + "\"}"),
       Errc::invalid_parameters, "request_id is longer than 255 bytes"},
      {"a long redirect_url", call_with("redirect_url", string(2049, 'u')), Errc::invalid_parameters,
       "redirect_url"},
      {"an origin that is a URL", call_with("origin", "https://shop.example/"), Errc::invalid_parameters,
       "origin"},
      {"a second word of the shop",
       json(R"({"client_key":"c","request_id":"r","extra":{"separately_confirmed":true}})"),
       Errc::invalid_parameters, "separately_confirmed"},
      {"a second word of another kind",
       json(R"({"client_key":"c","request_id":"r","extra":{"separately_confirmed":"true"}})"),
       Errc::invalid_parameters, "separately_confirmed"},
      {"a token without a mark", form_of(payload, "abc"), Errc::invalid_encoding, "token"},
      {"a key that is not base64", form_of(payload, "a*==##" + delivery::to_base64(iv)),
       Errc::invalid_encoding, "key"},
      {"an iv that is not base64", form_of(payload, delivery::to_base64(key) + "##x"), Errc::invalid_encoding,
       "iv"},
      {"a shorter key", form_of(payload, token_of(key.substr(1), iv)), Errc::invalid_encoding, "32 bytes"},
      {"a longer iv", form_of(payload, token_of(key, iv + "i")), Errc::invalid_encoding, "16"},
      {"a third part", form_of(payload, token_of(key, iv) + "##"), Errc::invalid_encoding, "iv"},
      {"another key", form_of(payload, token_of(string(32, 'x'), iv)), Errc::invalid_encoding, "decrypt"},
      {"a payload that is not base64", form_of("a b", token_of(key, iv)), Errc::invalid_encoding, "payload"},
      {"half a block", form_of(delivery::to_base64("12345678"), token_of(key, iv)), Errc::invalid_encoding,
       "decrypt"},
      {"plain JSON with a token", form_of(good, token_of(key, iv)), Errc::invalid_encoding, "payload"},
      {"no JSON, encrypted", sealed_form("hello"), Errc::malformed_json, ""},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    const auto call = read_browser_form(row.form);
    ASSERT_FALSE(call.ok());
    EXPECT_EQ(call.error().code, row.code) << to_string(call.error());
    EXPECT_THAT(call.error().detail, HasSubstr(row.says));
  }
  // What asks for nothing is taken, and the longest.
  EXPECT_TRUE(
      read_browser_form(
          json(
              R"({"client_key":"c","request_id":"r","extra":{"separately_confirmed":false,"open_type":"iframe"}})"))
          .ok());
  EXPECT_TRUE(read_browser_form(json(R"({"client_key":"c","request_id":"r","extra":[1]})")).ok());
  EXPECT_TRUE(read_browser_form(json(R"({"client_key":"c","request_id":")" + string(255, 'r') + "\"}")).ok());
  EXPECT_TRUE(read_browser_form(call_with("redirect_url", string(2048, 'u'))).ok());
}

TEST(BrowserForm, Origins) {
  const std::pair<std::string, bool> rows[] = {
      {"https://shop.example", true},
      {"http://127.0.0.1:8080", true},
      {"http://localhost", true},
      {"https://xn--9d0bm53a.kr", true},
      {"http://[::1]:8080", true},
      {"https://[2001:db8::1]", true},
      {"https://shop.example:65535", true},
      {"https://shop.example/", false},
      {"https://Shop.example", false},
      {"https://shop.example:", false},
      {"https://shop.example:080", false},
      {"https://shop.example:123456", false},
      {"https://shop.example:8o", false},
      {"https://user@shop.example", false},
      {"https://", false},
      {"https://:80", false},
      {"https://shop.example:443", false},
      {"http://shop.example:80", false},
      {"http://shop.example:443", true},
      {"https://[]", false},
      {"ftp://shop.example", false},
      {"null", false},
      {"*", false},
      {"https://*", false},
      {"https://a b", false},
      {"https://a;b", false},
      {"", false},
      {"https://" + std::string(292, 'a'), true},
      {"https://" + std::string(293, 'a'), false},
  };
  for (const auto& [text, is_one] : rows) EXPECT_EQ(is_web_origin(text), is_one) << text;
}

}  // namespace
}  // namespace jangbu::invoice
