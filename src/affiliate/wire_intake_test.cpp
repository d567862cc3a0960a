// The intake's protocol: which message each fault gets, and in which order they are looked for.
#include "affiliate/wire_intake.h"

#include <gtest/gtest.h>

namespace jangbu::affiliate {
namespace {

constexpr std::string_view good_order = R"({
  "order": {"order_id": "o-1", "final_paid_price": 29000, "currency": "KRW", "user_name": "Kim"},
  "products": [
    {"product_id": "p-1", "product_name": "cable", "category_code": "c-1", "category_name": ["a", "b"], "quantity": 2,
     "product_final_price": 12687.5, "paid_at": "2019-02-12T11:13:44+09:00", "confirmed_at": "", "canceled_at": ""},
    {"product_id": "p-2", "product_name": "noodles", "category_code": "c-2", "category_name": "food", "quantity": "3",
     "product_final_price": "16312.5", "paid_at": "2019-02-12T11:13:44+09:00", "confirmed_at": "", "canceled_at": ""}],
  "linkprice": {"merchant_id": "sample", "lpinfo": "A100000001|2582919300abcd|0000|B|1", "user_agent": "Mozilla/5.0...",
                "remote_addr": "118.221.*.*", "device_type": "web-pc"}})";
constexpr std::string_view good_action = R"({
  "action": {"unique_id": "u-1", "final_paid_price": 0, "currency": "KRW", "member_id": "Kim", "action_name": "sign up",
             "category_code": "register"},
  "linkprice": {"merchant_id": "sample", "lpinfo": "A100000001|2582919300abcd|0000|B|1", "user_agent": "", "remote_addr": "",
                "device_type": "app-ios"}})";

struct Change {
  const char* name;
  const char* from;
  const char* to;
  std::string_view fault;
};
std::string with(std::string_view body, const char* from, const char* to) {
  std::string text(body);
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, std::string_view(from).size(), to);
}

TEST(IntakeWire, AnOrderIsRead) {
  const IntakeRead read = read_cps(good_order);
  ASSERT_EQ(read.fault, "");
  const OrderForm& form = read.form;
  EXPECT_EQ(form.merchant_id, "sample");
  EXPECT_EQ(form.order_code, "o-1");
  EXPECT_EQ(form.total, Money::from_units(290'000'000));
  EXPECT_EQ(form.device, DeviceType::web_pc);
  EXPECT_EQ(form.lpinfo, "A100000001|2582919300abcd|0000|B|1");
  ASSERT_EQ(form.products.size(), 2U);
  const ProductForm& cable = form.products[0];
  EXPECT_EQ(cable.price, Money::from_units(126'875'000));
  EXPECT_EQ(cable.quantity, 2U);
  EXPECT_EQ(cable.category_names, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(cable.paid_at, parse_rfc3339("2019-02-12T02:13:44Z").value());
  EXPECT_EQ(cable.confirmed_at, std::nullopt);
  EXPECT_EQ(form.products[1].quantity, 3U);
  EXPECT_EQ(form.products[1].category_names, std::vector<std::string>{"food"});
}

TEST(IntakeWire, AnActionIsRead) {
  const IntakeRead read = read_cpa(good_action);
  ASSERT_EQ(read.fault, "");
  EXPECT_EQ(read.form.kind, ProgramKind::cpa);
  EXPECT_EQ(read.form.order_code, "u-1");
  EXPECT_EQ(read.form.action_name, "sign up");
  ASSERT_EQ(read.form.products.size(), 1U);
  EXPECT_EQ(read.form.products[0].product_code, "register");
  EXPECT_EQ(read.form.products[0].product_name, "sign up");
  const IntakeRead coded = read_cpa(
      with(good_action, R"("category_code": "register")", R"("category_code": "r", "action_code": "c")"));
  EXPECT_EQ(coded.form.products[0].product_code, "c");
}

TEST(IntakeWire, EveryFaultOfAnOrderHasItsMessage) {
  const Change rows[] = {
      {"nothing is wrong", "cable", "cable", ""},
      {"no merchant", R"("merchant_id": "sample", )", "", message::missing},
      {"no order id", R"("order_id": "o-1", )", "", "order.order_id parameter is empty."},
      {"an empty order id", R"("o-1")", R"("")", "order.order_id parameter is empty."},
      {"an order id that is a number", R"("o-1")", "12345", ""},
      {"an order id that is none", R"("o-1")", "[]", message::problem},
      {"no order at all", R"("order":)", R"("ordre":)", "order.order_id parameter is empty."},
      {"no total", R"("final_paid_price": 29000, )", "", "order.final_paid_price parameter is empty."},
      {"an empty total", "29000", R"("")", "order.final_paid_price parameter is empty."},
      {"a total that is text", "29000", R"("many")", "order.final_paid_price is not integer."},
      {"a total of half a won", "29000", "29000.5", "order.final_paid_price is not integer."},
      {"the smallest part that is kept", "29000", "29000.0001", "order.final_paid_price is not integer."},
      // What is below the unit in which prices are kept was cut off before anybody looked.
      {"a part that is kept nowhere", "29000", "29000.00001", "order.final_paid_price is not integer."},
      {"the same with an exponent", "29000", "2900000001e-5", "order.final_paid_price is not integer."},
      {"zeros behind the point", "29000", "29000.00000", ""},
      {"a total as a text", "29000", R"("29000")", ""},
      {"a total with an exponent", "29000", "2.9e4", ""},
      {"a total that is a list", "29000", "[29000]", "order.final_paid_price is not integer."},
      {"more than can be", "29000", "1000000000001", "order.final_paid_price is not integer."},
      {"no currency", R"("currency": "KRW", )", "", "order.currency parameter is empty."},
      {"no user", R"(, "user_name": "Kim")", "", "order.user_name parameter is empty."},
      {"an empty user", R"("Kim")", R"("")", ""},
      {"a user that is null", R"("Kim")", "null", ""},
      {"no products", R"("products":)", R"("product":)", "products parameter is empty."},
      {"products that are none", R"("products": [)", R"("products": [], "x": [)",
       "products parameter is empty."},
      {"no LPINFO", R"("lpinfo": "A100000001|2582919300abcd|0000|B|1", )", "",
       "linkprice.lpinfo parameter is empty."},
      {"an empty LPINFO", R"("A100000001|2582919300abcd|0000|B|1")", R"("")",
       "linkprice.lpinfo parameter is empty."},
      {"an LPINFO of nobody", "A100000001|", "B100000001|", message::lpinfo_format},
      {"an LPINFO without a bar", "A100000001|2582919300abcd|0000|B|1", "A100000001", message::lpinfo_format},
      {"another system's LPINFO", "A100000001|2582919300abcd|0000|B|1", "A123456789|9832|A|m|a8uakljfa", ""},
      {"an encoded LPINFO", "A100000001|2582919300abcd|0000|B|1",
       "A100000001%7C2582919300abcd%7C0000%7CB%7C1", ""},
      {"no agent", R"("user_agent": "Mozilla/5.0...",)", "", "linkprice.user_agent parameter is empty."},
      {"an agent that is null", R"("Mozilla/5.0...")", "null", ""},
      {"no address", R"("remote_addr": "118.221.*.*", )", "", "linkprice.remote_addr parameter is empty."},
      {"an empty address", R"("118.221.*.*")", R"("")", ""},
      {"no device", R"(, "device_type": "web-pc")", "", "linkprice.device_type parameter is empty."},
      {"a device of its own", R"("web-pc")", R"("fridge")", ""},
      {"no product id", R"("product_id": "p-2", )", "", "products[1].product_id parameter is empty."},
      {"no product name", R"("product_name": "cable", )", "", "products[0].product_name parameter is empty."},
      {"an empty product name", R"("cable")", R"("")", ""},
      {"no category", R"("category_code": "c-1", )", "", "products[0].category_code parameter is empty."},
      {"no price", R"("product_final_price": 12687.5, )", "",
       "products[0].product_final_price parameter is empty."},
      {"a price that is text", "12687.5", R"("cheap")", message::problem},
      {"nine won apart", "29000", "29009", ""},
      {"ten won apart", "29000", "29010", message::sum},
      {"ten won below", "29000", "28990", message::sum},
      {"a dollar sum is exact", R"("KRW")", R"("USD")", ""},
      {"a cent apart", R"(29000, "currency": "KRW")", R"(29000.01, "currency": "USD")", message::sum},
      {"a moment that is none", "2019-02-12T11:13:44+09:00", "yesterday", message::problem},
      {"a moment without a colon", "2019-02-12T11:13:44+09:00", "2019-02-12T11:13:44+0900", ""},
      {"a moment without an offset", "2019-02-12T11:13:44+09:00", "2019-02-12 11:13:44", ""},
      {"half an item", R"("quantity": 2)", R"("quantity": 2.5)", message::problem},
      {"no quantity", R"("quantity": 2,)", "", ""},
      {"a product that is none", R"({"product_id": "p-1")", R"([], {"product_id": "p-1")",
       "products[0].product_id parameter is empty."},
  };
  for (const Change& row : rows) {
    SCOPED_TRACE(row.name);
    EXPECT_EQ(read_cps(with(good_order, row.from, row.to)).fault, row.fault);
  }
}

TEST(IntakeWire, EveryFaultOfAnActionHasItsMessage) {
  const Change rows[] = {
      {"nothing is wrong", "sign up", "sign up", ""},
      {"no id", R"("unique_id": "u-1", )", "", "action.unique_id parameter is empty."},
      {"no price", R"("final_paid_price": 0, )", "", "action.final_paid_price parameter is empty."},
      {"no number", R"("final_paid_price": 0)", R"("final_paid_price": true)",
       "action.final_paid_price is not integer."},
      {"a part of a won", R"("final_paid_price": 0)", R"("final_paid_price": 0.00001)",
       "action.final_paid_price is not integer."},
      {"no currency", R"("currency": "KRW", )", "", "action.currency parameter is empty."},
      {"no member", R"("member_id": "Kim", )", "", "action.member_id parameter is empty."},
      {"an empty member", R"("Kim")", R"("")", ""},
      {"no action", R"("action_name": "sign up",)", "", "action.action_name parameter is empty."},
      {"no category", R"(,
             "category_code": "register")",
       "", "action.category_code parameter is empty."},
      {"no LPINFO", R"("lpinfo": "A100000001|2582919300abcd|0000|B|1", )", "",
       "linkprice.lpinfo parameter is empty."},
      {"no device", R"(,
                "device_type": "app-ios")",
       "", "linkprice.device_type parameter is empty."},
  };
  for (const Change& row : rows) {
    SCOPED_TRACE(row.name);
    EXPECT_EQ(read_cpa(with(good_action, row.from, row.to)).fault, row.fault);
  }
}

TEST(IntakeWire, TheFirstFaultInTheProtocolsOrderIsSaid) {
  // Mended one after the other, from nothing to a good order.
  const std::pair<std::string_view, std::string_view> steps[] = {
      {R"({})", message::missing},
      {R"({"linkprice":{"merchant_id":"m"}})", "order.order_id parameter is empty."},
      {R"({"order":{"order_id":"o"},"linkprice":{"merchant_id":"m"}})",
       "order.final_paid_price parameter is empty."},
      {R"({"order":{"order_id":"o","final_paid_price":"x"},"linkprice":{"merchant_id":"m"}})",
       "order.final_paid_price is not integer."},
      {R"({"order":{"order_id":"o","final_paid_price":1},"linkprice":{"merchant_id":"m"}})",
       "order.currency parameter is empty."},
      {R"({"order":{"order_id":"o","final_paid_price":1,"currency":"KRW"},"linkprice":{"merchant_id":"m"}})",
       "order.user_name parameter is empty."},
      {R"({"order":{"order_id":"o","final_paid_price":1,"currency":"KRW","user_name":""},"linkprice":{"merchant_id":"m"}})",
       "products parameter is empty."},
      {R"({"order":{"order_id":"o","final_paid_price":1,"currency":"KRW","user_name":""},"products":[{}],"linkprice":{"merchant_id":"m"}})",
       "linkprice.lpinfo parameter is empty."},
      {R"({"order":{"order_id":"o","final_paid_price":1,"currency":"KRW","user_name":""},"products":[{}],"linkprice":{"merchant_id":"m","lpinfo":"x"}})",
       message::lpinfo_format},
      {R"({"order":{"order_id":"o","final_paid_price":1,"currency":"KRW","user_name":""},"products":[{}],"linkprice":{"merchant_id":"m","lpinfo":"A100000001|x"}})",
       "linkprice.user_agent parameter is empty."},
      {R"({"order":{"order_id":"o","final_paid_price":1,"currency":"KRW","user_name":""},"products":[{}],"linkprice":{"merchant_id":"m","promo_code":"x"}})",
       "linkprice.event_code parameter is empty."},
      {R"({"order":{"order_id":"o","final_paid_price":1,"currency":"KRW","user_name":""},"products":[{}],"linkprice":{"merchant_id":"m","event_code":"x"}})",
       "linkprice.promo_code parameter is empty."},
      {R"({"order":{"order_id":"o","final_paid_price":1,"currency":"KRW","user_name":""},"products":[{}],"linkprice":{"merchant_id":"m","lpinfo":"A100000001|x","user_agent":"","remote_addr":"","device_type":""}})",
       "products[0].product_id parameter is empty."},
  };
  for (const auto& [body, fault] : steps) EXPECT_EQ(read_cps(body).fault, fault) << body;
}

TEST(IntakeWire, ThePromotionWins) {
  const IntakeRead both =
      read_cps(with(good_order, R"("lpinfo":)", R"("event_code":"e","promo_code":"p","lpinfo":)"));
  EXPECT_EQ(both.fault, "");
  EXPECT_TRUE(both.form.by_promo);
  EXPECT_EQ(both.form.event_code, "e");
  EXPECT_EQ(both.form.promo_code, "p");
  const IntakeRead blank =
      read_cps(with(good_order, R"("lpinfo":)", R"("event_code":"","promo_code":"","lpinfo":)"));
  EXPECT_EQ(blank.fault, "");
  EXPECT_FALSE(blank.form.by_promo) << "empty codes are no promotion";
}

TEST(IntakeWire, TextsHaveTheirSizes) {
  const std::string hangul = "가";
  const auto times = [&](std::size_t count) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) text += hangul;
    return text;
  };
  const auto order = [&](const char* from, const std::string& to) {
    return read_cps(with(good_order, from, ("\"" + to + "\"").c_str()));
  };
  EXPECT_EQ(order(R"("o-1")", times(100)).fault, "");
  EXPECT_EQ(order(R"("o-1")", times(101)).fault, message::problem);
  EXPECT_EQ(order(R"("p-1")", times(100)).fault, "");
  EXPECT_EQ(order(R"("p-1")", times(101)).fault, message::problem);
  EXPECT_EQ(order(R"("c-1")", times(200)).fault, "");
  EXPECT_EQ(order(R"("c-1")", times(201)).fault, message::problem);
  EXPECT_EQ(order(R"("cable")", times(300)).form.products[0].product_name, times(300));
  EXPECT_EQ(order(R"("cable")", times(301)).form.products[0].product_name, times(300)) << "a name is cut";
  EXPECT_EQ(order(R"("A100000001|2582919300abcd|0000|B|1")", "A100000001|" + std::string(549, 'x')).fault,
            "");
  EXPECT_EQ(order(R"("A100000001|2582919300abcd|0000|B|1")", "A100000001|" + std::string(550, 'x')).fault,
            message::lpinfo_format);
  std::string many =
      R"({"order":{"order_id":"o","final_paid_price":0,"currency":"KRW","user_name":""},"products":[{})";
  for (std::size_t i = 1; i <= max_products; ++i) many += ",{}";
  many +=
      R"(],"linkprice":{"merchant_id":"m","lpinfo":"A100000001|x","user_agent":"","remote_addr":"","device_type":""}})";
  EXPECT_EQ(read_cps(many).fault, message::problem);
}

TEST(IntakeWire, BodiesThatAreNone) {
  for (const char* body : {"", "{", "order=1", "{\"a\":\"\\ud800\"}", "{\"a\":\"\xff\"}", "{} x"})
    EXPECT_EQ(read_cps(body).fault, message::not_json) << body;
  for (const char* body : {"[]", "1", "null", "\"x\""})
    EXPECT_EQ(read_cps(body).fault, message::missing) << body;
  EXPECT_EQ(read_cps("\xef\xbb\xbf" + std::string(good_order)).fault, "")
      << "a byte order mark is passed over";
  const IntakeRead strange = read_cps(with(good_order, "o-1", R"(\u0000\ud83d\ude00\u202e)"));
  EXPECT_EQ(strange.fault, "");
  EXPECT_EQ(strange.form.order_code, std::string("\0", 1) + "\xf0\x9f\x98\x80\xe2\x80\xae");
}

TEST(IntakeWire, PartsOfACancellation) {
  const IntakeRead read = read_cps(
      with(good_order, R"("canceled_at": "")",
           R"("canceled_at": "2019-02-13T00:00:00Z", "canceled_quantity": 1, "canceled_price": "5000.5")"));
  EXPECT_EQ(read.fault, "");
  EXPECT_EQ(read.form.products[0].canceled_quantity, 1U);
  EXPECT_EQ(read.form.products[0].canceled_price, Money::from_units(50'005'000));
  EXPECT_EQ(read.form.products[0].canceled_at, parse_rfc3339("2019-02-13T00:00:00Z").value());
}

TEST(IntakeWire, TheFirstMomentOfAllIsNone) {
  const IntakeRead read =
      read_cps(with(good_order, R"("canceled_at": "")", R"("canceled_at": "1970-01-01T09:00:00+09:00")"));
  EXPECT_EQ(read.fault, "");
  EXPECT_FALSE(read.form.products[0].canceled_at);
}

TEST(IntakeWire, BothShapesOfAnAnswer) {
  const std::vector<Item> items = {
      {true, "", "o", "p", 10'000'000'000'001, Money::from_units(100), Money::from_units(2)},
      {false, "why", "o", "q", 0, {}, {}},
  };
  EXPECT_EQ(items_json(AnswerShape::object, items, 690'366),
            R"({"result":0,"result_data":[{"is_success":true,"error_message":null,"trlog_id":10000000000001,)"
            R"("order_code":"o","product_code":"p","sale":100,"commission":2},)"
            R"({"is_success":false,"error_message":"why","order_code":"o","product_code":"q"}],)"
            R"("total_execute_time":"0.690366"})");
  EXPECT_EQ(items_json(AnswerShape::array, items, 1),
            R"([{"is_success":true,"error_message":"","order_code":"o","product_code":"p"},)"
            R"({"is_success":false,"error_message":"why","order_code":"o","product_code":"q"}])");
  EXPECT_EQ(failure_json(AnswerShape::object, "why", items, 1'000'042),
            R"({"result":-999,"result_msg":"why","total_execute_time":"1.000042"})");
  EXPECT_EQ(failure_json(AnswerShape::array, "why", {}, 0),
            R"([{"is_success":false,"error_message":"why","order_code":"","product_code":""}])");
  const OrderForm form = read_cps(good_order).form;
  EXPECT_EQ(failure_json(AnswerShape::array, "why", failed_items(form, "why"), 0),
            R"([{"is_success":false,"error_message":"why","order_code":"o-1","product_code":"p-1"},)"
            R"({"is_success":false,"error_message":"why","order_code":"o-1","product_code":"p-2"}])");
}

}  // namespace
}  // namespace jangbu::affiliate
