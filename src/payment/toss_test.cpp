// Toss Payments against a stand-in that follows its public documents.
#include "payment/toss.h"

#include <map>
#include <mutex>

#include <gtest/gtest.h>

#include "http/server.h"

namespace jangbu::payment {
namespace {

using http::Effect;
using http::Method;
using http::Responder;

std::string payment_json(const std::string& order_id, const std::string& status,
                         const std::string& total = "1000", const std::string& currency = "KRW") {
  return R"({"paymentKey":"pk_1","orderId":")" + order_id + R"(","status":")" + status +
         R"(","totalAmount":)" + total + R"(,"currency":")" + currency +
         R"(","card":{"number":"43301234****1239"},"failure":{"code":"X","message":"why"},"cancels":null})";
}
/// A payment of which `amounts` went back, each under its reason.
std::string cancelled_json(const std::string& order_id,
                           const std::vector<std::pair<std::string, std::string>>& cancels) {
  std::string list;
  for (const auto& [reason, amount] : cancels)
    list += (list.empty() ? "" : ",") + (R"({"transactionKey":"of )" + reason) + R"(","cancelReason":")" +
            reason + R"(","cancelAmount":)" + amount + "}";
  return R"({"paymentKey":"pk_1","orderId":")" + order_id +
         R"(","status":"PARTIAL_CANCELED","totalAmount":1000,"currency":"KRW","cancels":[)" + list + "]}";
}
std::string error_json(const std::string& code) {
  return R"({"code":")" + code + R"(","message":"because"})";
}

/// Answers every path with what the test has put there, and keeps what it heard.
struct TossTest : ::testing::Test {
  struct Heard {
    std::string path;
    std::string body;
    std::string authorization;
    std::string idempotency_key;
  };

  TossTest() {
    http::Router router;
    const auto answer = [this](Responder responder) {
      const http::Request& request = responder.request();
      const auto header = [&](const char* name) {
        const std::string* value = request.header(name);
        return value == nullptr ? std::string() : *value;
      };
      http::Response response;
      {
        const std::lock_guard lock(mutex);
        heard.push_back({std::string(request.path()), std::string(request.body()), header("Authorization"),
                         header("Idempotency-Key")});
        const bool is_question = request.method() == Method::get && question;
        response.status = is_question ? question->first : status;
        response.body = is_question ? question->second : body;
      }
      responder.respond(std::move(response));
    };
    router.add({Method::post, "/v1/payments/confirm", Effect::write, answer});
    router.add({Method::get, "/v1/payments/orders/{orderId}", Effect::read, answer});
    router.add({Method::post, "/v1/payments/{paymentKey}/cancel", Effect::write, answer});
    router.add({Method::post, "/v1/billing/authorizations/issue", Effect::write, answer});
    router.add({Method::post, "/v1/billing/{billingKey}", Effect::write, answer});
    router.add({Method::del, "/v1/billing/{billingKey}", Effect::write, answer});
    http::ServerOptions options;
    options.port = 0;
    server = http::Server::start(options, std::move(router)).value();
    TossOptions toss_options;
    toss_options.secret_key = "test_sk";
    toss_options.base_url = "http://127.0.0.1:" + std::to_string(server->port());
    toss = make_toss_acquirer(toss_options);
  }
  ~TossTest() override { server->drain_and_stop(1000); }

  void answers(int with_status, std::string with_body) {
    const std::lock_guard lock(mutex);
    status = with_status;
    body = std::move(with_body);
  }
  /// What is answered to questions, where that is something else.
  void answers_questions(int with_status, std::string with_body) {
    const std::lock_guard lock(mutex);
    question = {with_status, std::move(with_body)};
  }
  Outcome confirm() {
    ChargeRequest request;
    request.order_id = "jb-1-1-00";
    request.amount = Money::from_units(1000);
    request.currency = "KRW";
    request.payment_key = "pk_1";
    return toss->charge(request);
  }
  Outcome refund() {
    RefundRequest request;
    request.order_id = "jb-1-1-00-r2";
    request.charge_order_id = "jb-1-1-00";
    request.charge_reference = "pk_1";
    request.amount = Money::from_units(400);
    request.reason = "refund";
    return toss->refund(request);
  }

  std::mutex mutex;
  int status = 200;
  std::string body;
  std::optional<std::pair<int, std::string>> question;
  std::vector<Heard> heard;
  std::unique_ptr<http::Server> server;
  std::unique_ptr<Acquirer> toss;
};

TEST_F(TossTest, EveryAnswerToAConfirmationAndToAQuestion) {
  using Kind = Outcome::Kind;
  struct Row {
    int status;
    std::string body;
    Kind kind;
    std::string_view code;
  };
  const std::string order = "jb-1-1-00";
  for (const Row& row : {
           Row{200, payment_json(order, "DONE"), Kind::approved, ""},
           Row{200, payment_json(order, "PARTIAL_CANCELED"), Kind::approved, ""},
           Row{200, payment_json(order, "CANCELED"), Kind::declined, decline::card_declined},
           Row{200, payment_json(order, "ABORTED"), Kind::declined, decline::card_declined},
           Row{200, payment_json(order, "EXPIRED"), Kind::declined, decline::card_declined},
           Row{200, payment_json(order, "READY"), Kind::unknown, ""},
           Row{200, payment_json(order, "IN_PROGRESS"), Kind::unknown, ""},
           Row{200, payment_json("another", "DONE"), Kind::unknown, ""},
           Row{200, payment_json(order, "DONE", "999"), Kind::unknown, ""},
           Row{200, payment_json(order, "DONE", "1001"), Kind::unknown, ""},
           Row{200, payment_json(order, "DONE", "1e3"), Kind::unknown, ""},
           Row{200, payment_json(order, "DONE", "\"1000\""), Kind::unknown, ""},
           Row{200, payment_json(order, "DONE", "null"), Kind::unknown, ""},
           Row{200, payment_json(order, "DONE", "1000", "USD"), Kind::unknown, ""},
           Row{200, payment_json(order, "DONE", "1000", ""), Kind::unknown, ""},
           Row{200, payment_json(order, "CANCELED", "999"), Kind::unknown, ""},
           Row{200, "not JSON", Kind::unknown, ""},
           Row{302, "{}", Kind::unknown, ""},
           Row{400, error_json("INVALID_CARD_EXPIRATION"), Kind::declined, decline::expired_card},
           Row{400, error_json("REJECT_ACCOUNT_PAYMENT"), Kind::declined, decline::insufficient_funds},
           Row{403, error_json("REJECT_CARD_PAYMENT"), Kind::declined, decline::card_declined},
           Row{400, error_json("ALREADY_PROCESSED_PAYMENT"), Kind::unknown, ""},
           Row{400, error_json("PROVIDER_ERROR"), Kind::unknown, ""},
           Row{400, "{}", Kind::unknown, ""},
           Row{400, error_json("DUPLICATED_ORDER_ID"), Kind::unknown, ""},
           Row{400, error_json("INVALID_API_KEY"), Kind::unknown, ""},
           Row{403, error_json("INCORRECT_BASIC_AUTH_FORMAT"), Kind::unknown, ""},
           Row{403, error_json("FORBIDDEN_REQUEST"), Kind::unknown, ""},
           Row{403, error_json("FORBIDDEN_CONSECUTIVE_REQUEST"), Kind::unknown, ""},
           Row{401, error_json("UNAUTHORIZED_KEY"), Kind::unknown, ""},
           Row{404, error_json("NOT_FOUND_PAYMENT"), Kind::absent, ""},
           Row{404, error_json("NOT_FOUND_PAYMENT_SESSION"), Kind::declined, decline::card_declined},
           Row{409, error_json("IDEMPOTENT_REQUEST_PROCESSING"), Kind::unknown, ""},
           Row{429, error_json("TOO_MANY_REQUESTS"), Kind::unknown, ""},
           Row{500, error_json("FAILED_INTERNAL_SYSTEM_PROCESSING"), Kind::unknown, ""},
           Row{200, std::string(300 * 1024, ' '), Kind::unknown, ""},
       }) {
    SCOPED_TRACE(std::to_string(row.status) + " " + row.body.substr(0, 120));
    answers(row.status, row.body);
    const bool is_refusal = row.status != 200 && row.kind == Kind::declined;
    const Outcome confirmed = confirm();
    const Outcome found = toss->find({order, Money::from_units(1000), "KRW"});
    EXPECT_EQ(confirmed.kind, row.kind);
    EXPECT_EQ(confirmed.code, row.code);
    EXPECT_EQ(found.kind, is_refusal ? Kind::unknown : row.kind) << "a refused question says nothing";
    for (const Outcome& outcome : {confirmed, found}) {
      if (outcome.kind != Kind::approved) continue;
      EXPECT_EQ(outcome.reference, "pk_1");
      EXPECT_EQ(outcome.card_last4, "1239");
    }
  }
}

TEST_F(TossTest, WhatItHears) {
  answers(200, payment_json("jb-1-1-00", "DONE"));
  confirm();
  toss->find({"jb-1-1-00", Money::from_units(1000), "KRW"});
  answers_questions(200, payment_json("jb-1-1-00", "DONE"));
  answers(200, cancelled_json("jb-1-1-00", {{"refund (jb-1-1-00-r2)", "400"}}));
  const Outcome refunded = refund();
  EXPECT_EQ(refunded.kind, Outcome::Kind::approved);
  EXPECT_EQ(refunded.reference, "of refund (jb-1-1-00-r2)");
  ASSERT_EQ(heard.size(), 4U);
  EXPECT_EQ(heard[0].path, "/v1/payments/confirm");
  EXPECT_EQ(heard[0].body, R"({"paymentKey":"pk_1","orderId":"jb-1-1-00","amount":1000})");
  EXPECT_EQ(heard[0].idempotency_key, "jb-1-1-00");
  EXPECT_EQ(heard[0].authorization, "Basic dGVzdF9zazo=");
  EXPECT_EQ(heard[1].path, "/v1/payments/orders/jb-1-1-00");
  EXPECT_EQ(heard[2].path, "/v1/payments/orders/jb-1-1-00") << "before it gives back, it looks";
  EXPECT_EQ(heard[3].path, "/v1/payments/pk_1/cancel");
  EXPECT_EQ(heard[3].body, R"json({"cancelReason":"refund (jb-1-1-00-r2)","cancelAmount":400})json");
  EXPECT_EQ(heard[3].idempotency_key, "jb-1-1-00-r2");
}

TEST_F(TossTest, EveryAnswerToARefund) {
  using Kind = Outcome::Kind;
  const std::string order = "jb-1-1-00";
  const std::string mine = "refund (jb-1-1-00-r2)";
  struct Row {
    const char* name;
    int status;
    std::string body;
    Kind kind;
  };
  answers_questions(200, cancelled_json(order, {{"refund (jb-1-1-00-r1)", "400"}}));
  for (const Row& row : {
           Row{"done", 200, cancelled_json(order, {{"x", "1"}, {mine, "400"}}), Kind::approved},
           Row{"of another refund", 200, cancelled_json(order, {{"refund (jb-1-1-00-r1)", "400"}}),
               Kind::unknown},
           Row{"done before refunds had a mark", 200, cancelled_json(order, {{"x", "1"}, {"refund", "400"}}),
               Kind::approved},
           Row{"of that time and another amount", 200, cancelled_json(order, {{"refund", "40"}}),
               Kind::unknown},
           Row{"of that time and not the newest", 200, cancelled_json(order, {{"refund", "400"}, {"x", "1"}}),
               Kind::unknown},
           Row{"in another's words", 200, cancelled_json(order, {{"[refund (jb-1-1-00-r2)]", "400"}}),
               Kind::approved},
           Row{"under way", 200, cancelled_json(order, {{mine, R"(400,"cancelStatus":"IN_PROGRESS")"}}),
               Kind::unknown},
           Row{"said to be done", 200, cancelled_json(order, {{mine, R"(400,"cancelStatus":"DONE")"}}),
               Kind::approved},
           Row{"less", 200, cancelled_json(order, {{mine, "1"}}), Kind::unknown},
           Row{"more", 200, cancelled_json(order, {{mine, "4000"}}), Kind::unknown},
           Row{"of another order", 200, cancelled_json("another", {{mine, "400"}}), Kind::unknown},
           Row{"nothing", 200, payment_json(order, "DONE"), Kind::unknown},
           Row{"no JSON", 200, "no JSON", Kind::unknown},
           Row{"too much", 403, error_json("NOT_CANCELABLE_AMOUNT"), Kind::declined},
           Row{"too often", 403, error_json("FORBIDDEN_CONSECUTIVE_REQUEST"), Kind::unknown},
           Row{"out of order", 500, error_json("FAILED_REFUND_PROCESS"), Kind::unknown},
       }) {
    SCOPED_TRACE(row.name);
    answers(row.status, row.body);
    EXPECT_EQ(refund().kind, row.kind);
    EXPECT_EQ(heard.back().path, "/v1/payments/pk_1/cancel");
  }
}

TEST_F(TossTest, ARefundThatWasMadeIsNotMadeAgain) {
  using Kind = Outcome::Kind;
  const std::string order = "jb-1-1-00";
  struct Row {
    const char* name;
    int status;
    std::string body;
    Kind kind;
  };
  for (const Row& row : {
           Row{"made", 200, cancelled_json(order, {{"refund (jb-1-1-00-r2)", "400"}}), Kind::approved},
           Row{"another amount", 200, cancelled_json(order, {{"refund (jb-1-1-00-r2)", "40"}}),
               Kind::unknown},
           Row{"another order", 200, payment_json("another", "DONE"), Kind::unknown},
           Row{"not found", 404, error_json("NOT_FOUND_PAYMENT"), Kind::unknown},
           Row{"too often", 403, error_json("FORBIDDEN_CONSECUTIVE_REQUEST"), Kind::unknown},
           Row{"no JSON", 200, "no JSON", Kind::unknown},
       }) {
    SCOPED_TRACE(row.name);
    heard.clear();
    answers_questions(row.status, row.body);
    EXPECT_EQ(refund().kind, row.kind);
    EXPECT_EQ(heard.size(), 1U) << "nothing but the question was sent";
  }
}

TEST_F(TossTest, BillingKeys) {
  answers(200, R"({"billingKey":"bk_1=","card":{"number":"43301234****1239"}})");
  BillingKeyRequest request;
  request.auth_key = "auth";
  request.customer_key = "customer";
  const auto key = toss->issue_billing_key(request);
  ASSERT_TRUE(key.ok());
  EXPECT_EQ(key->key, "bk_1=");
  EXPECT_EQ(key->card_last4, "1239");
  EXPECT_EQ(heard.back().body, R"({"authKey":"auth","customerKey":"customer"})");
  ChargeRequest charge;
  charge.order_id = "jb-9";
  charge.amount = Money::from_units(500);
  charge.name = "month";
  charge.currency = "KRW";
  charge.billing_key = key->key;
  charge.customer_key = "customer";
  answers(200, payment_json("jb-9", "DONE"));
  EXPECT_EQ(toss->charge(charge).kind, Outcome::Kind::unknown) << "it took another amount";
  answers(200, payment_json("jb-9", "DONE", "500"));
  EXPECT_EQ(toss->charge(charge).kind, Outcome::Kind::approved);
  EXPECT_EQ(heard.back().idempotency_key, "jb-9") << "charged again under that id, it is charged once";
  EXPECT_EQ(heard.back().path, "/v1/billing/bk_1=");
  EXPECT_EQ(heard.back().body,
            R"({"customerKey":"customer","orderName":"month","orderId":"jb-9","amount":500})");
  EXPECT_TRUE(toss->delete_billing_key(key->key).ok());
  answers(404, error_json("NOT_FOUND"));
  EXPECT_TRUE(toss->delete_billing_key(key->key).ok());
  answers(500, error_json("X"));
  EXPECT_EQ(toss->delete_billing_key(key->key).error().code, Errc::acquirer_unavailable);
  answers(400, error_json("INVALID_AUTH_KEY"));
  EXPECT_EQ(toss->issue_billing_key(request).error().code, Errc::card_refused);
}

TEST_F(TossTest, WhatCannotBeSentIsNotSent) {
  EXPECT_EQ(toss->find({"../../secrets", Money::from_units(1000), "KRW"}).kind, Outcome::Kind::unknown);
  ChargeRequest card;
  card.order_id = "jb-1";
  EXPECT_EQ(toss->charge(card).kind, Outcome::Kind::declined) << "cards are typed into Toss's own window";
  card.billing_key = "a/b";
  EXPECT_EQ(toss->charge(card).kind, Outcome::Kind::declined);
  EXPECT_TRUE(heard.empty());
}

TEST_F(TossTest, SilenceIsUnknown) {
  server->drain_and_stop(1000);
  EXPECT_EQ(confirm().kind, Outcome::Kind::unknown);
  EXPECT_EQ(refund().kind, Outcome::Kind::unknown);
  EXPECT_EQ(toss->find({"jb-1-1-00", Money::from_units(1000), "KRW"}).kind, Outcome::Kind::unknown);
  EXPECT_EQ(toss->issue_billing_key({}).error().code, Errc::acquirer_unavailable);
}

}  // namespace
}  // namespace jangbu::payment
