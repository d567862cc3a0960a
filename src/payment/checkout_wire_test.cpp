#include "payment/checkout_wire.h"

#include <array>

#include <gtest/gtest.h>

#include "base/json.h"
#include "payment/records.h"
#include "payment/sandbox.h"

namespace jangbu::payment {
namespace {

Checkout example() {
  Checkout checkout;
  checkout.number = 7;
  checkout.document = 3;
  checkout.reference = "HUBPAY-20260525-ABCD";
  checkout.amount = Money::from_units(206'000);
  checkout.name = "campaign";
  checkout.items = {{"reward", 10, Money::from_units(200'000)}, {"fee", 1, Money::from_units(6'000)}};
  checkout.buyer = {"Kim", "kim@example.com", "010-1234-5678"};
  checkout.return_url = "https://shop.example/done";
  checkout.expires_at = Instant{1'800'000'000'000'000};
  return checkout;
}

TEST(CheckoutWireTest, ReturnUrls) {
  Checkout checkout = example();
  for (const auto& [url, expected] : std::vector<std::pair<const char*, const char*>>{
           {"", ""},
           {"https://a/b", "https://a/b?orderCode=X%2F1&status=PAID"},
           {"https://a/b?c=1", "https://a/b?c=1&orderCode=X%2F1&status=PAID"},
           {"https://a/b?", "https://a/b?orderCode=X%2F1&status=PAID"},
           {"https://a/b#top", "https://a/b?orderCode=X%2F1&status=PAID#top"}}) {
    checkout.return_url = url;
    checkout.reference = "X/1";
    EXPECT_EQ(paid_return_url(checkout), expected);
  }
}

TEST(CheckoutWireTest, ASessionSaysWhatThePageNeeds) {
  const Checkout checkout = example();
  const std::string text =
      render_session(checkout, Instant{1}, {true, "test_ck", true}, LinkHolder::customer);
  EXPECT_TRUE(text.starts_with(
      R"({"reference":"HUBPAY-20260525-ABCD","name":"campaign","items":[{"name":"reward","quantity":10,"amount":200000},)"
      R"({"name":"fee","quantity":1,"amount":6000}],"purpose":"pay","amount":206000,"currency":"KRW","refunded":0,"status":"open",)"
      R"("buyer":{"name":"Kim","email":"kim@example.com"},"returnUrl":"https://shop.example/done")"))
      << text;
  EXPECT_NE(text.find(R"({"type":"toss","clientKey":"test_ck","orderId":"jb-7-1-)"), std::string::npos);
  EXPECT_NE(text.find("4242424242424242"), std::string::npos);
  const std::string real =
      render_session(checkout, checkout.expires_at, {false, "", false}, LinkHolder::customer);
  EXPECT_NE(real.find(R"("status":"expired")"), std::string::npos);
  EXPECT_NE(real.find(R"("methods":[],"sandbox":false,"testCards":[])"), std::string::npos);
  Checkout endless = example();
  endless.expires_at = never;
  EXPECT_NE(render_session(endless, Instant{1}, {}, LinkHolder::customer).find(R"("expiresAt":null,)"),
            std::string::npos);
}

TEST(CheckoutWireTest, APageIsNotToldWhoTheCustomerIs) {
  for (const auto& [name, email, said] : std::vector<std::array<const char*, 3>>{
           {"Kim", "kim@example.com", R"({"name":"K***","email":"k***@e***.com","masked":true})"},
           {"홍길동", "hong@mail.shop.example",
            R"({"name":"홍***","email":"h***@m***.example","masked":true})"},
           {"", "", R"({"name":"","email":"","masked":true})"},
           {"K", "nobody", R"({"name":"K***","email":"n***","masked":true})"},
           {"K", "a@localhost", R"({"name":"K***","email":"a***@l***","masked":true})"}}) {
    Checkout checkout = example();
    checkout.buyer = {name, email, "010-1234-5678"};
    const std::string text = render_session(checkout, Instant{1}, {}, LinkHolder::page);
    EXPECT_NE(text.find(std::string(R"("buyer":)") + said + ","), std::string::npos) << text;
  }
}

TEST(CheckoutWireTest, APagesLinkIsNotTheCustomers) {
  const http::Links links("https://pay.example", Hash());
  const std::string own = links.token(http::Links::checkout_purpose, 7);
  const std::string page = page_token(links, 7);
  EXPECT_NE(own, page);
  ASSERT_TRUE(open_checkout(links, own) && open_checkout(links, page));
  EXPECT_EQ(open_checkout(links, own)->holder, LinkHolder::customer);
  EXPECT_EQ(open_checkout(links, page)->holder, LinkHolder::page);
  EXPECT_EQ(open_checkout(links, page)->number, 7U);
  EXPECT_FALSE(open_checkout(links, links.token("invitation", 7)));
  EXPECT_FALSE(open_checkout(links, "7"));
}

TEST(CheckoutWireTest, EveryAnswerHasItsForm) {
  struct Row {
    Result<PayAnswer::Kind> is;
    int status;
    const char* body;
  };
  for (
      const Row& row : {
          Row{PayAnswer::Kind::paid, 200,
              R"({"status":"paid","returnUrl":"https://shop.example/done?orderCode=HUBPAY-20260525-ABCD&status=PAID"})"},
          Row{PayAnswer::Kind::declined, 402,
              R"({"status":"declined","code":"card_declined","message":"no"})"},
          Row{PayAnswer::Kind::needs_authentication, 202,
              R"({"status":"needs_authentication","attempt":"5"})"},
          Row{PayAnswer::Kind::pending, 202, R"({"status":"pending"})"},
          Row{Errc::already_paid, 409,
              R"({"status":"paid","returnUrl":"https://shop.example/done?orderCode=HUBPAY-20260525-ABCD&status=PAID"})"},
          Row{Errc::payment_in_progress, 409,
              R"({"status":"paying","code":"payment_in_progress","message":"a payment or a refund is under way"})"},
          Row{Errc::checkout_closed, 409,
              R"({"status":"expired","code":"checkout_closed","message":"this can not be paid any more"})"},
          Row{Errc::too_many_attempts, 429,
              R"({"status":"too_many_attempts","code":"too_many_attempts","message":"too many payments of this were declined"})"},
          Row{Errc::overloaded, 503, nullptr},
          Row{Errc::not_found, 404, nullptr},
          Row{Errc::invalid_parameters, 400, nullptr},
      }) {
    PayAnswer answer;
    answer.kind = row.is ? *row.is : PayAnswer::Kind::refused;
    if (!row.is) answer.error = row.is.error();
    answer.attempt = 5;
    answer.code = "card_declined";
    answer.message = "no";
    const auto response = render_answer(answer, example());
    EXPECT_EQ(response.status, row.status);
    if (row.body != nullptr) {
      EXPECT_EQ(response.body, row.body);
    }
  }
}

TEST(CheckoutWireTest, ASessionSaysWhatItIsFor) {
  PayMethods methods;
  methods.card = methods.sandbox = true;
  methods.toss_client_key = "ck";
  const auto count = [](std::string_view text, std::string_view part) {
    std::size_t found = 0;
    for (auto at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1)) ++found;
    return found;
  };
  for (const Purpose purpose : {Purpose::pay, Purpose::pay_and_keep, Purpose::keep}) {
    Checkout checkout = example();
    checkout.door = Door::invoice;
    checkout.purpose = purpose;
    const std::string session = render_session(checkout, Instant{}, methods, LinkHolder::customer);
    const bool keeps = purpose != Purpose::pay;
    EXPECT_NE(session.find(R"("purpose":")" + std::string(purpose_name(purpose)) + '"'), std::string::npos);
    EXPECT_EQ(count(session, R"("customerKey":"jbc-)"), keeps ? 1U : 0U);
    EXPECT_EQ(count(session, R"("outcome":)"), keeps ? test_cards().size() : test_cards().size() - 2);
  }
}

TEST(CheckoutWireTest, FormsNameAllFaultsAtOnce) {
  const Instant now{0};
  const auto form = read_pay_form(R"({"card":{"number":"1"}})", now);
  ASSERT_TRUE(form.ok());
  std::string fields;
  for (const auto& [name, fault] : form->faults) fields += name + " ";
  EXPECT_EQ(fields, "cvc expiry key number ");
  EXPECT_EQ(read_pay_form("[]", now).error().code, Errc::invalid_parameters);
  EXPECT_EQ(read_pay_form("{", now).error().code, Errc::malformed_json);
  EXPECT_TRUE(read_pay_form(R"({"card":7,"key":"k"})", now)->faults.contains("number"));
  const auto good = read_pay_form(
      R"({"card":{"number":"4242424242424242","expiry":"12/99","cvc":"123","holder":"KIM"},"key":"k"})", now);
  EXPECT_TRUE(good->faults.empty());
  EXPECT_FALSE(read_pay_form(R"({"key":")" + std::string(65, 'k') + R"("})", now)->faults.count("key") == 0);
}

TEST(CheckoutWireTest, OtherForms) {
  EXPECT_EQ(read_authenticate_form(R"({"attempt":"12","code":"123456"})")->attempt, 12U);
  EXPECT_EQ(read_authenticate_form(R"({"attempt":12,"code":"123456"})")->attempt, 12U);
  for (const char* wrong :
       {R"({"attempt":"x","code":"1"})", R"({"attempt":"1"})", R"({"code":"1"})",
        R"({"attempt":"-1","code":"1"})", R"({"attempt":"18446744073709551615","code":"1"})"})
    EXPECT_EQ(read_authenticate_form(wrong).error().code, Errc::invalid_parameters) << wrong;
  EXPECT_EQ(read_toss_form(R"({"paymentKey":"p","orderId":"o","amount":206000})")->amount,
            Money::from_units(206'000));
  EXPECT_FALSE(read_toss_form(R"({"paymentKey":"p","orderId":"o"})").ok());
  EXPECT_FALSE(read_toss_form(R"({"paymentKey":"p","orderId":"o","amount":"1.5"})").ok());
  const auto kept = read_toss_form(R"({"authKey":"a","customerKey":"jbc-1"})");
  EXPECT_EQ(kept->auth_key, "a");
  EXPECT_EQ(kept->customer_key, "jbc-1");
  EXPECT_FALSE(read_toss_form(R"({"authKey":"a"})").ok());
  EXPECT_FALSE(read_toss_form(R"({"customerKey":"jbc-1"})").ok());
  EXPECT_EQ(read_toss_notice(R"({"eventType":"PAYMENT_STATUS_CHANGED","data":{"orderId":"jb-1"}})"), "jb-1");
  EXPECT_EQ(read_toss_notice(R"({"eventType":"DEPOSIT_CALLBACK","data":{"orderId":"jb-1"}})"), std::nullopt);
  EXPECT_EQ(read_toss_notice("nonsense"), std::nullopt);
}

TEST(PaymentRecordsTest, EveryKindReadsBack) {
  const ChargeStarted started{3, 7, "sandbox", "jb-7-1-00", "form"};
  EXPECT_EQ(decode<ChargeStarted>(encode(started)).value(), started);
  AttemptEnded ended;
  ended.attempt = 3;
  ended.status = AttemptStatus::approved;
  ended.effect = Consequence::returning;
  ended.expires = true;
  ended.return_by = 4;
  ended.reference = "r";
  ended.code = "c";
  ended.message = "m";
  ended.card_brand = "visa";
  ended.card_last4 = "4242";
  ended.note = Bytes("\0n", 2);
  ended.entry.postings = {{1, Money::from_units(-5)}, {2, Money::from_units(5)}};
  EXPECT_EQ(decode<AttemptEnded>(encode(ended)).value(), ended);
  const CheckoutsExpired expired{Instant{5}, 1, 4, {2, 4}};
  EXPECT_EQ(decode<CheckoutsExpired>(encode(expired)).value(), expired);
  Bytes bytes;
  append_checkout(example(), bytes);
  ByteReader in(bytes);
  EXPECT_EQ(read_checkout(in), example());
  EXPECT_TRUE(in.finish().ok());
  for (const Purpose purpose : {Purpose::pay, Purpose::pay_and_keep, Purpose::keep}) {
    Checkout other = example();
    other.door = Door::subscription;
    other.purpose = purpose;
    other.expires_at = never;
    Bytes more;
    append_checkout(other, more);
    EXPECT_EQ(more.size(), bytes.size() + 1) << "the hub's are without a purpose";
    ByteReader again(more);
    EXPECT_EQ(read_checkout(again), other);
    EXPECT_TRUE(again.finish().ok());
  }
  const CardKept card{2, 3, "visa", "4242"};
  EXPECT_EQ(decode<CardKept>(encode(card)).value(), card);
  EXPECT_EQ(decode<CardForgotten>(encode(CardForgotten{2})).value(), CardForgotten{2});

  ended.status = AttemptStatus::open;
  EXPECT_FALSE(decode<AttemptEnded>(encode(ended)).ok());
  for (std::size_t size = 0; size < encode(started).size(); ++size)
    EXPECT_FALSE(decode<ChargeStarted>(encode(started).substr(0, size)).ok());
  EXPECT_FALSE(decode<CheckoutsExpired>(encode(expired) + "x").ok());
}

}  // namespace
}  // namespace jangbu::payment
