// What events of the invoice door say. The fields of a template's version are a promise to every book that
// was written: rows here are added with new versions, and never changed.
#include "invoice/messages.h"

#include <gtest/gtest.h>

#include "delivery/events.h"

namespace jangbu::invoice {
namespace {

using delivery::Content;
using delivery::Delivery;

constexpr Instant made_at{1'705'292'050'000'000};  // 2024-01-15T04:14:10Z

AppSet some_app(const std::string& language = "ko") {
  AppSet app;
  app.id = 7;
  app.name = "주식회사 <장부>";
  app.language = language;
  return app;
}

InvoiceCreated some_invoice() {
  InvoiceCreated created;
  created.keyed.app = 7;
  created.number = 42;
  created.checkout = 9;
  created.form.name = "티셔츠";
  created.form.request_id = "request-1";
  created.form.webhook_url = "https://shop.example/hook";
  created.form.metadata = R"({"plan":"pro"})";
  created.form.user = {"user-1", "홍길동", "010-1234-5678", "hong@example.com", "", "token-1", ""};
  created.amount = Money::from_units(44'400);
  created.expires_at = made_at + Duration::days(1);
  return created;
}

OrderRow some_order() {
  OrderRow order;
  order.app = 7;
  order.invoice = 42;
  order.attempt = 3;
  order.amount = Money::from_units(44'400);
  order.purchased_at = made_at + Duration::seconds(60);
  return order;
}

Delivery read(const engine::OutboxEvent& event) { return delivery::decode(event.payload).value(); }

/// What the door's templates make of it.
delivery::Rendered words_of(const Content& content) {
  delivery::Templates templates;
  add_templates(templates);
  return templates.render(content).value();
}

TEST(Messages, FieldsOfEvents) {
  InvoiceEvent event;
  event.created = std::make_shared<const InvoiceCreated>(some_invoice());
  event.row.app = 7;
  event.row.created_at = made_at;
  event.row.status = InvoiceStatus::paid;
  event.row.order = 5;
  event.order = some_order();
  event.method = "card";
  event.record = 12;
  event.webhook_type = "PAYMENT_COMPLETED";
  event.price = Money::from_units(44'400);
  const Delivery told = read(invoice_event(event));
  EXPECT_EQ(told.webhook()->done, delivery::Done::success_true);
  EXPECT_EQ(told.webhook()->signing, delivery::Signing::standard_and_bootpay);
  EXPECT_EQ(told.retry(), delivery::ten_attempts);
  const std::string invoice_id = object_id(IdKind::invoice, made_at, 42);
  EXPECT_EQ(told.content(),
            (Content{"invoice.event",
                     1,
                     {{"currency", "KRW"},
                      {"event_id", "evt-12-42"},
                      {"invoice_id", invoice_id},
                      {"metadata", R"({"plan":"pro"})"},
                      {"method", "card"},
                      {"order_id", object_id(IdKind::order, some_order().purchased_at, 5)},
                      {"order_number", order_code(5, some_order().purchased_at)},
                      {"price", "44400"},
                      {"purchased_at", "2024-01-15T04:15:10Z"},
                      {"receipt_id", object_id(IdKind::receipt, some_order().purchased_at, 3)},
                      {"request_id", "request-1"},
                      {"status", "2"},
                      {"webhook_type", "PAYMENT_COMPLETED"}}}));
}

TEST(Messages, FieldsOfATrial) {
  WebhookTried tried;
  tried.keyed.app = 7;
  tried.url = "https://shop.example/hook";
  const Delivery told = read(trial_event(tried, 12));
  EXPECT_EQ(told.target(), "https://shop.example/hook");
  EXPECT_EQ(told.content(), (Content{"invoice.event",
                                     1,
                                     {{"currency", "KRW"},
                                      {"event_id", "evt-12-0"},
                                      {"metadata", "{}"},
                                      {"price", "0"},
                                      {"status", "0"},
                                      {"webhook_type", "WEBHOOK_TEST"}}}));
  EXPECT_EQ(words_of(told.content()).text,
            R"({"webhook_type":"WEBHOOK_TEST","event_id":"evt-12-0","invoice_id":null,"request_id":null,)"
            R"("receipt_id":null,"order_id":null,"order_number":null,"method":null,"purchased_at":null,)"
            R"("price":0,"currency":"KRW","status":0,"metadata":{}})");
}

TEST(Messages, FieldsOfNotices) {
  const delivery::Fields fields = {
      {"invoice", "티셔츠"},         {"language", "ko"},           {"name", "홍길동"}, {"price", "44,400"},
      {"seller", "주식회사 <장부>"}, {"until", "2024-01-16 13:14"}};
  const struct {
    SendType type;
    const char* name;
    const char* to;
  } rows[] = {
      {SendType::email, "invoice.notice", "hong@example.com"},
      {SendType::sms, "invoice.message", "+821012345678"},
      {SendType::kakao, "invoice.message", "+821012345678"},
      {SendType::push, "invoice.message", "token-1"},
  };
  for (const auto& row : rows) {
    const Delivery told = read(notice_event(some_app(), some_invoice(), row.type));
    EXPECT_EQ(told.target(), row.to);
    EXPECT_EQ(told.content(), (Content{row.name, 1, fields})) << row.to;
    EXPECT_EQ(told.secret(), "invoice/checkout/9");
    const delivery::Rendered words = words_of(told.content());
    EXPECT_NE(words.text.find("{{secret}}"), std::string::npos) << words.text;
    EXPECT_EQ(words.html.find("<장부>"), std::string::npos) << words.html;
  }
}

TEST(Messages, FieldsOfReceipts) {
  const Delivery told = read(receipt_mail(some_app("en"), some_invoice(), 5, some_order()));
  EXPECT_EQ(told.content(), (Content{"invoice.receipt",
                                     1,
                                     {{"invoice", "티셔츠"},
                                      {"language", "en"},
                                      {"name", "홍길동"},
                                      {"order", order_code(5, some_order().purchased_at)},
                                      {"price", "44,400"},
                                      {"seller", "주식회사 <장부>"},
                                      {"when", "2024-01-15 04:15 UTC"}}}));
  EXPECT_EQ(words_of(told.content()).subject, "[주식회사 <장부>] Your payment: 티셔츠");
}

}  // namespace
}  // namespace jangbu::invoice
