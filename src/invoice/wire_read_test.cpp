#include <gmock/gmock.h>

#include "invoice/rows.h"
#include "invoice/wire.h"
#include "invoice/wire_json.h"

namespace jangbu::invoice {
namespace {

using testing::UnorderedElementsAre;

constexpr std::string_view zone = "Asia/Seoul";

NewInvoice read(std::string_view body) {
  auto parsed = parse_new_invoice(body, zone);
  const auto* issues = std::get_if<Issues>(&parsed);
  EXPECT_EQ(issues, nullptr) << (issues == nullptr ? "" : issues->front().path + issues->front().message);
  return issues == nullptr ? std::get<NewInvoice>(std::move(parsed)) : NewInvoice();
}

std::string first_fault(std::string_view body) {
  const auto parsed = parse_new_invoice(body, zone);
  const auto* issues = std::get_if<Issues>(&parsed);
  return issues == nullptr ? "" : issues->front().path + " " + issues->front().code;
}

TEST(NewInvoiceBody, TheGuidesOwn) {
  const NewInvoice invoice = read(R"({
    "request_id": "abc123", "name": "Pro", "price": 10000.0, "user": {"user_id": 7, "name": "Hong", "vip": true},
    "products": [{"product_id": "pro", "duration": 24, "quantity": 1, "price_adjustments": [
      {"price_adjustment_id": "first", "name": "First", "start_at": "2026-05-25", "end_at": "2026-12-31", "cycles": [
        {"duration": 1, "adjustment_type": "discount_percent", "value": 12.5, "min_value": 100, "max_value": 500},
        {"duration": -1, "adjustment_type": "discount_price", "value": "100"},
        {"adjustment_type": "setup_fee", "value": 500}]}]}],
    "metadata": {"b": [1, 2.50]}, "send_types": [3, 1, 3], "unknown": {"x": null}, "memo": null})");
  EXPECT_EQ(invoice.request_id, "abc123");
  EXPECT_EQ(*invoice.price, Money::from_units(10'000));
  EXPECT_EQ(invoice.user.id, "7") << "an id may be a number";
  EXPECT_EQ(invoice.user.extra, R"({"user_id":7,"name":"Hong","vip":true})");
  EXPECT_EQ(invoice.metadata, R"({"b":[1,2.50]})");
  EXPECT_EQ(invoice.send_types, (std::vector{SendType::email, SendType::sms})) << "each once";
  ASSERT_EQ(invoice.products.size(), 1U);
  const ProductForm& product = invoice.products.front();
  EXPECT_EQ(product.months, 24U);
  EXPECT_FALSE(product.price);
  const Adjustment& adjustment = product.adjustments.at(0);
  EXPECT_EQ(to_rfc3339(*adjustment.start_at), "2026-05-24T15:00:00Z");
  EXPECT_EQ(to_rfc3339(*adjustment.end_at), "2026-12-31T15:00:00Z") << "a day is meant to its end";
  ASSERT_EQ(adjustment.cycles.size(), 3U);
  EXPECT_EQ(adjustment.cycles[0].value, Money::from_units(1'250)) << "hundredths of a percent";
  EXPECT_EQ(adjustment.cycles[1].months, for_ever);
  EXPECT_EQ(adjustment.cycles[2].type, AdjustmentType::setup_fee);
}

TEST(NewInvoiceBody, IsInWon) {
  EXPECT_EQ(first_fault(R"({"name": "n", "price": 1, "currency": "USD"})"), "currency invalid_value");
  EXPECT_EQ(first_fault(R"({"name": "n", "price": 1, "currency": "KRW"})"), "");
  EXPECT_EQ(first_fault(R"({"name": "n", "price": 1, "currency": null})"), "");
}

TEST(NewInvoiceBody, TellsOfSoManyFaultsAndReadsNoFurther) {
  const auto list = [](std::string_view item, int count) {
    std::string text = "[";
    for (int i = 0; i < count; ++i) text.append(i == 0 ? "" : ",").append(item);
    return text + "]";
  };
  const auto issues_of = [](const std::string& products) {
    const auto parsed = parse_new_invoice(R"({"name": "n", "products": )" + products + "}", zone);
    const auto* issues = std::get_if<Issues>(&parsed);
    return issues == nullptr ? Issues() : *issues;
  };
  const std::string adjustment = R"({"cycles": )" + list("{}", 60) + "}";
  const std::string product = R"({"price_adjustments": )" + list(adjustment, 20) + "}";
  const Issues issues = issues_of(list(product, 100));
  ASSERT_EQ(issues.size(), max_issues + 1);
  EXPECT_EQ(issues.front().path, "products[0].price_adjustments[0].cycles[0].adjustment_type");
  EXPECT_EQ(issues.back().code, "too_many");
  EXPECT_EQ(issues_of(list("1", 100)).size(), max_issues + 1) << "of any kind";
  EXPECT_EQ(issues_of(list("1", static_cast<int>(max_issues))).size(), max_issues) << "and these are all";
  EXPECT_EQ(issues_of(list("1", static_cast<int>(max_issues))).back().code, "invalid_type");
}

TEST(OrderCancelBody, NamesPartsOfAnOrder) {
  const auto parsed = parse_order_cancel(R"({"order_number": "1", "request_cancel_parameters": {
    "cancel_products": [{"product_id": "a", "qty": 2}, {"order_product_id": "b", "quantity": 3, "cancel_price": 5}],
    "cancel_order_subscription_bills": [{"order_subscription_bill_id": "c"}]}})");
  ASSERT_TRUE(std::holds_alternative<OrderCancel>(parsed));
  const CancelRequest& request = std::get<OrderCancel>(parsed).request;
  EXPECT_FALSE(request.amount) << "its parts say it";
  ASSERT_EQ(request.parts.size(), 3U);
  EXPECT_EQ(request.parts[0].id, "a");
  EXPECT_EQ(request.parts[0].quantity, 2U);
  EXPECT_FALSE(request.parts[0].price);
  EXPECT_EQ(request.parts[1].path, "request_cancel_parameters.cancel_products[1].order_product_id");
  EXPECT_EQ(request.parts[1].quantity, 3U);
  EXPECT_EQ(*request.parts[1].price, Money::from_units(5));
  EXPECT_TRUE(request.parts[2].is_bill);
  const auto nameless = parse_order_cancel(
      R"({"order_number": "1", "request_cancel_parameters": {"cancel_products": [{"cancel_price": 5}]}})");
  ASSERT_TRUE(std::holds_alternative<Issues>(nameless));
  EXPECT_EQ(std::get<Issues>(nameless).front().path,
            "request_cancel_parameters.cancel_products[0].product_id");
}

TEST(NewInvoiceBody, OlderCalls) {
  EXPECT_EQ(read(R"({"title": "T", "price": 1})").name, "T");
  const auto items =
      read(R"({"name": "n", "invoice_items": [{"name": "a", "price": 5, "qty": 2}]})").products;
  ASSERT_EQ(items.size(), 1U);
  EXPECT_EQ(items[0].quantity, 2U);
  EXPECT_EQ(read(R"({"name": "n", "product_ids": ["a", "b"]})").products.size(), 2U);
  EXPECT_EQ(read(R"({"name": "n", "user_id": "u"})").user.id, "u");
}

TEST(NewInvoiceBody, Bounds) {
  const auto with = [](const std::string& member) { return R"({"name": "n", )" + member + "}"; };
  const auto in_cycle = [&](const std::string& members) {
    return with(R"("products": [{"price_adjustments": [{"cycles": [{)" + members + "}]}]}]");
  };
  const struct {
    const char* name;
    std::string body;
    const char* fault;
  } rows[] = {
      {"no name", R"({"price": 1})", "name required"},
      {"a blank name", R"({"name": " "})", "name required"},
      {"a name of another kind", R"({"name": []})", "name invalid_type"},
      {"a line end in a name", "{\"name\": \"a\\nb\"}", "name invalid_text"},
      {"the largest price", with(R"("price": 1e12)"), ""},
      {"one more", with(R"("price": 1000000000001)"), "price too_big"},
      {"far more", with(R"("price": 1e400)"), "price too_big"},
      {"nothing", with(R"("price": -0.0)"), ""},
      {"less", with(R"("price": -1e-9)"), "price too_precise"},
      {"negative", with(R"("price": -1)"), "price too_small"},
      {"half a won", with(R"("price": 0.5)"), "price too_precise"},
      {"a text that is none", with(R"("price": "1,000")"), "price invalid_type"},
      {"no months", with(R"("products": [{"duration": 0}])"), "products[0].duration too_small"},
      {"for ever", with(R"("products": [{"duration": -1}])"), ""},
      {"less than for ever", with(R"("products": [{"duration": -2}])"), "products[0].duration too_small"},
      {"600 months", with(R"("products": [{"duration": 600}])"), ""},
      {"601", with(R"("products": [{"duration": 601}])"), "products[0].duration too_big"},
      {"a million pieces", with(R"("products": [{"quantity": 1000000}])"), ""},
      {"one more piece", with(R"("products": [{"quantity": 1000001}])"), "products[0].quantity too_big"},
      {"100%", in_cycle(R"("adjustment_type": "discount_percent", "value": 100)"), ""},
      {"100.01%", in_cycle(R"("adjustment_type": "discount_percent", "value": 100.01)"),
       "products[0].price_adjustments[0].cycles[0].value too_big"},
      {"a thousandth of a percent", in_cycle(R"("adjustment_type": "discount_percent", "value": 0.001)"),
       "products[0].price_adjustments[0].cycles[0].value too_precise"},
      {"no value", in_cycle(R"("adjustment_type": "setup_fee")"),
       "products[0].price_adjustments[0].cycles[0].value required"},
      {"no type", in_cycle(R"("value": 1)"),
       "products[0].price_adjustments[0].cycles[0].adjustment_type required"},
      {"equal bounds",
       in_cycle(R"("adjustment_type": "discount_percent", "value": 1, "min_value": 5, "max_value": 5)"), ""},
      {"crossed bounds",
       in_cycle(R"("adjustment_type": "discount_percent", "value": 1, "min_value": 5, "max_value": 4)"),
       "products[0].price_adjustments[0].cycles[0].min_value too_big"},
      {"a fee's duration means nothing",
       in_cycle(R"("adjustment_type": "setup_fee", "value": 1, "duration": 3)"), ""},
      {"metadata of another kind", with(R"("metadata": "x")"), "metadata invalid_type"},
      {"an address of scripts", with(R"j("redirect_url": "javascript://x/%0aalert(1)")j"),
       "redirect_url invalid_url"},
      {"a user in a URL", with(R"("webhook_url": "https://a@b.example")"), "webhook_url invalid_url"},
      {"time without an offset", with(R"("expired_at": "2026-06-01 09:30")"), ""},
      {"no day", with(R"("expired_at": "2026-02-30")"), "expired_at invalid_time"},
      {"no seconds", with(R"("expire_in": 0)"), "expire_in too_small"},
      {"no channel", with(R"("send_types": [0])"), "send_types[0] invalid_value"},
  };
  for (const auto& row : rows) EXPECT_EQ(first_fault(row.body), row.fault) << row.name;
}

TEST(NewInvoiceBody, AllFaultsAtOnce) {
  const auto parsed =
      parse_new_invoice(R"({"price": "x", "products": [1, {"quantity": 0}], "metadata": 1})", zone);
  std::vector<std::string> paths;
  for (const Issue& issue : std::get<Issues>(parsed)) paths.push_back(issue.path);
  EXPECT_THAT(paths,
              UnorderedElementsAre("name", "price", "products[0]", "products[1].quantity", "metadata"));
}

TEST(InvoiceQuery, ReadsWhatItKnows) {
  const auto list =
      std::get<InvoiceList>(parse_invoice_list("page=3&limit=500&keyword=PRO%20plan&user_id=u&product_type=2&"
                                               "cs_type=paid_at&css_at=2026-05-25&cse_at=2026-05-25&x=1",
                                               zone));
  EXPECT_EQ(list.page, 3U);
  EXPECT_EQ(list.limit, 100U) << "no more than that";
  EXPECT_EQ(list.keyword, "pro plan");
  EXPECT_TRUE(list.by_payment);
  EXPECT_EQ(to_rfc3339(*list.from), "2026-05-24T15:00:00Z");
  EXPECT_EQ(to_rfc3339(*list.to), "2026-05-25T15:00:00Z");
  EXPECT_FALSE(std::get<InvoiceList>(parse_invoice_list("", zone)).has_filter());
  for (const char* query : {"page=0", "page=-1", "page=x", "limit=1.5", "css_at=x"})
    EXPECT_TRUE(std::holds_alternative<Issues>(parse_invoice_list(query, zone))) << query;
  EXPECT_EQ(std::get<OrderList>(parse_order_list("status=2,10&limit=99", zone)).statuses,
            (std::vector<std::int64_t>{2, 10}));
  EXPECT_TRUE(std::holds_alternative<Issues>(parse_order_list("status=2,x", zone)));
}

TEST(ObjectIds, SayWhatTheyStandFor) {
  const Instant at = *parse_rfc3339("2026-05-25T01:00:00.5Z");
  const std::string id = object_id(IdKind::invoice, at, 42);
  EXPECT_EQ(id, "6a139f10010000000000002a");
  EXPECT_EQ(number_of_id(IdKind::invoice, id), 42U);
  EXPECT_EQ(number_of_id(IdKind::order, id), std::nullopt);
  for (const char* text : {"", "6a139f1001000000000002a", "6A139F10010000000000002A",
                           "6a139f10010000000000002g", "6a139f10010000000000002a0", "abc123"})
    EXPECT_EQ(number_of_id(IdKind::invoice, text), std::nullopt) << text;
  EXPECT_EQ(order_code(7, at), "20260525000007");
  EXPECT_EQ(order_code(7, *parse_rfc3339("2026-05-25T15:00:00Z")), "20260526000007") << "the Korean day";
  EXPECT_EQ(order_number_of("20260525000007"), 7U);
  EXPECT_EQ(order_number_of(order_code(12'345'678, at)), 12'345'678U);
  for (const char* text : {"", "20260525", "2026052500000x", "abc123"})
    EXPECT_EQ(order_number_of(text), 0U) << text;
}

TEST(IdempotencyKeys, ArePrintable) {
  const std::string longest(255, 'k');
  const std::string too_long(256, 'k');
  EXPECT_EQ(std::get<std::string>(parse_idempotency_key(&longest)), longest);
  EXPECT_EQ(std::get<std::string>(parse_idempotency_key(nullptr)), "");
  for (const std::string& bad : {too_long, std::string(), std::string("a b"), std::string("\xc3\xa9")})
    EXPECT_TRUE(std::holds_alternative<Issues>(parse_idempotency_key(&bad)));
}

}  // namespace
}  // namespace jangbu::invoice
