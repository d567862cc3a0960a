// Orders from the card to the refund, and those that nobody consumes.
#include "hub/admin_queries.h"
#include "hub/queries.h"
#include "hub/test_site.h"

namespace jangbu::hub {
namespace {

using payment::Outcome;

struct OrderTest : SiteTest {};

TEST_F(OrderTest, OrdersThatCannotBeConsumed) {
  const std::string paid = paid_order(206'000);
  const std::string others = paid_order(206'000, 2);
  const auto unpaid = create_order(order_of(206'000));
  ASSERT_TRUE(onboard(paid).ok());
  struct Row {
    const char* name;
    std::string code;
  };
  for (const Row& row :
       {Row{"consumed", paid}, Row{"of another app", others}, Row{"not paid", unpaid.value->code},
        Row{"unknown", "HUBPAY-20240115-ZZZZ"}, Row{"of another day", "HUBPAY-20240116-0001"},
        Row{"no code", "hello"}, Row{"empty", ""}}) {
    SCOPED_TRACE(row.name);
    EXPECT_EQ(onboard(row.code, brand("x@abc.com", "100-00-00009")).refusal(), Errc::invalid_order);
  }
}

TEST_F(OrderTest, ALeadIsPaidOnce) {
  const auto first = create_order(order_of(1000, "lead-1"));
  const auto second = create_order(order_of(1000, "lead-1"));
  ASSERT_TRUE(second.ok()) << "nothing is paid yet";
  ASSERT_TRUE(pay(first.value->checkout).ok());
  EXPECT_EQ(pay(second.value->checkout).error().code, Errc::already_paid);
  const auto third = create_order(order_of(1000, "lead-1"));
  EXPECT_EQ(third.refusal(), Errc::already_paid);
  EXPECT_EQ(third.refused().order_code, first.value->code);
  EXPECT_TRUE(create_order(order_of(1000, "lead-1"), 2).ok()) << "leads are an app's own";
}

TEST_F(OrderTest, TwoOrdersOfALeadPaidAtOnceLeaveOne) {
  const auto first = create_order(order_of(1000, "lead-1"));
  const auto second = create_order(order_of(1000, "lead-1"));
  std::vector<payment::AttemptNumber> attempts;
  for (const auto& order : {first, second})
    fixture.run_each(std::make_unique<payment::StartCharge>(
        *payments,
        payment::StartCharge::Request{order.value->checkout, "sandbox", "form " + order.value->code, {}, {}},
        [&](Result<payment::StartCharge::Started> started) { attempts.push_back(started->attempt); }));
  ASSERT_EQ(attempts.size(), 2U);
  ASSERT_TRUE(end(attempts[0], Outcome::Kind::approved).ok());
  ASSERT_TRUE(end(attempts[1], Outcome::Kind::approved).ok());
  EXPECT_EQ(order(first.value->code).status, OrderStatus::paid);
  EXPECT_NE(order(second.value->code).status, OrderStatus::paid) << "its money goes back by itself";
  EXPECT_EQ(balance(prepaid_account(1)), (Balance{1000, 0}));
}

TEST_F(OrderTest, RefundsOfOrders) {
  const auto close = [&](const std::string& code, std::optional<std::int64_t> amount, bool by_operator) {
    std::optional<Caller> from;
    if (!by_operator) from = caller();
    CancelOrder request{code, {}, "changed their mind"};
    if (amount) request.amount = won_of(*amount);
    return run<CloseOrder, OrderClosed>(from, unkeyed(), request, by_operator);
  };
  const auto unpaid = create_order(order_of(1000));
  ASSERT_TRUE(close(unpaid.value->code, {}, false).ok());
  EXPECT_EQ(order(unpaid.value->code).status, OrderStatus::cancelled);
  EXPECT_EQ(pay(unpaid.value->checkout).error().code, Errc::checkout_closed);

  const std::string code = paid_order(206'000);
  EXPECT_EQ(close(code, 206'001, false).refusal(), Errc::refund_exceeds_payment);
  const auto part = close(code, 6'000, false);
  ASSERT_TRUE(part.ok());
  EXPECT_EQ(part.value->status, OrderStatus::refunding);
  EXPECT_EQ(balance(prepaid_account(1)), (Balance{206'000, 6'000})) << "set aside until the acquirer answers";
  EXPECT_EQ(onboard(code).refusal(), Errc::invalid_order) << "not while a refund is under way";
  ASSERT_TRUE(end(2, Outcome::Kind::approved).ok());
  EXPECT_EQ(order(code).status, OrderStatus::paid) << "a part went back";
  look([&](engine::Unit& unit) {
    EXPECT_EQ(order_of_app(unit.session(), 1, code)->refunded, won_of(6'000));
    const auto listed = orders_of_app(unit.session(), 1, {.status = OrderStatus::paid});
    ASSERT_EQ(listed->orders.size(), 1U);
    EXPECT_EQ(listed->orders[0].refunded, won_of(6'000));
    AdminOrderList all;
    all.status = OrderStatus::paid;
    EXPECT_EQ(all_orders(unit.session(), all)->orders.at(0).order.refunded, won_of(6'000));
  });
  EXPECT_EQ(balance(prepaid_account(1)), (Balance{200'000, 0}));
  const auto done = onboard(code);
  ASSERT_TRUE(done.ok());
  EXPECT_EQ(done->charged, won_of(200'000)) << "what is left is what is charged";
  EXPECT_EQ(done->status, CampaignStatus::temporary_saved);
}

TEST_F(OrderTest, ARefundOfAConsumedOrderUnwindsItsCampaign) {
  const std::string code = paid_order(206'000);
  ASSERT_TRUE(onboard(code).ok());
  const auto close = [&](bool by_operator, std::optional<std::int64_t> amount = {}) {
    CancelOrder request{code, {}, ""};
    if (amount) request.amount = won_of(*amount);
    std::optional<Caller> from;
    if (!by_operator) from = caller();
    return run<CloseOrder, OrderClosed>(from, unkeyed(), request, by_operator);
  };
  EXPECT_EQ(close(false).refusal(), Errc::order_consumed);
  EXPECT_EQ(close(true, 1).refusal(), Errc::order_consumed) << "whole or not at all";
  ASSERT_TRUE(close(true).ok());
  EXPECT_EQ(campaign(1).status, CampaignStatus::rejected);
  EXPECT_EQ(balance(deposit_account(1)), (Balance{0, 0}));
  EXPECT_EQ(balance(prepaid_account(1)), (Balance{206'000, 206'000}));
  ASSERT_TRUE(end(2, Outcome::Kind::approved).ok());
  EXPECT_EQ(order(code).status, OrderStatus::refunded);
  EXPECT_EQ(balance(prepaid_account(1)), (Balance{0, 0}));
  EXPECT_EQ(balance("acquirer:sandbox:clearing"), (Balance{0, 0}));
}

TEST_F(OrderTest, ARefundThatTheAcquirerRefusesLeavesTheOrderPaid) {
  const std::string code = paid_order(206'000);
  ASSERT_TRUE(onboard(code).ok());
  ASSERT_TRUE(
      (run<CloseOrder, OrderClosed>(std::optional<Caller>(), unkeyed(), CancelOrder{code, {}, ""}, true)
           .ok()));
  ASSERT_TRUE(end(2, Outcome::Kind::declined).ok());
  EXPECT_EQ(order(code).status, OrderStatus::paid);
  EXPECT_EQ(order(code).attention, Attention::refund_failed);
  EXPECT_EQ(balance(prepaid_account(1)), (Balance{206'000, 0}));
  EXPECT_TRUE(onboard(code).ok()) << "it can be used again";
}

TEST_F(OrderTest, PaidOrdersThatWaitAreNoticed) {
  const std::string waits = paid_order(1000);
  const std::string used = paid_order(206'000);
  ASSERT_TRUE(onboard(used).ok());
  advance(Duration::seconds(29 * 60));
  EXPECT_EQ(order(waits).attention, Attention::none);
  const std::string young = paid_order(1000);
  advance(Duration::seconds(60));
  EXPECT_EQ(order(waits).attention, Attention::unconsumed);
  EXPECT_EQ(order(used).attention, Attention::none);
  EXPECT_EQ(order(young).attention, Attention::none);
}

TEST_F(OrderTest, AnAppThatWaitsLongerHidesNoOrdersOfOthers) {
  AppSet patient = *state->apps().find(2);
  patient.unconsumed_minutes = 100'000;
  ASSERT_TRUE(run_app(patient).ok());
  for (int i = 0; i < 500; ++i) paid_order(1000, 2);
  const std::string other = paid_order(1000, 2);
  const std::string waits = paid_order(1000, 1);
  advance(Duration::seconds(30 * 60));
  EXPECT_EQ(order(waits).attention, Attention::unconsumed);
  EXPECT_EQ(order(other).attention, Attention::none);
}

TEST_F(OrderTest, AnOrderIsNoticedWhenItsAppBeginsToWaitLonger) {
  const std::string waits = paid_order(1000);
  AppSet app = *state->apps().find(1);
  app.unconsumed_minutes = 60;
  ASSERT_TRUE(run_app(app).ok());
  advance(Duration::seconds(30 * 60));
  EXPECT_EQ(order(waits).attention, Attention::unconsumed) << "nothing else would tell of it";
}

TEST_F(OrderTest, AnOrderIsNoticedAfterARefundOfAPart) {
  const std::string waits = paid_order(1000);
  ASSERT_TRUE((run<CloseOrder, OrderClosed>(std::optional<Caller>(caller()), unkeyed(),
                                            CancelOrder{waits, won_of(100), ""}, false)
                   .ok()));
  advance(Duration::seconds(30 * 60));
  EXPECT_EQ(order(waits).attention, Attention::none) << "while it is being refunded";
  ASSERT_TRUE(end(2, Outcome::Kind::approved).ok());
  advance(Duration::seconds(30 * 60));
  EXPECT_EQ(order(waits).attention, Attention::unconsumed);
}

TEST_F(OrderTest, PaymentsOfOneBatchWaitAsTheirAppsSay) {
  AppSet patient = *state->apps().find(2);
  patient.unconsumed_minutes = 60;
  ASSERT_TRUE(run_app(patient).ok());
  std::vector<std::string> codes;
  std::vector<std::unique_ptr<engine::Command>> payments_at_once;
  for (const AppId app : {1U, 2U, 1U}) {
    const auto created = create_order(order_of(1000), app);
    codes.push_back(created.value->code);
    fixture.run_each(std::make_unique<payment::StartCharge>(
        *payments, payment::StartCharge::Request{created.value->checkout, "sandbox", "form", {}, {}},
        [&](const Result<payment::StartCharge::Started>& started) {
          Outcome outcome;
          outcome.kind = Outcome::Kind::approved;
          payments_at_once.push_back(std::make_unique<payment::EndAttempt>(
              *payments, started->attempt, outcome, [](const Result<payment::EndAttempt::Ended>&) {}));
        }));
  }
  fixture.run(std::move(payments_at_once));
  advance(Duration::seconds(30 * 60));
  EXPECT_EQ(order(codes[0]).attention, Attention::unconsumed);
  EXPECT_EQ(order(codes[1]).attention, Attention::none);
  EXPECT_EQ(order(codes[2]).attention, Attention::unconsumed);
  advance(Duration::seconds(30 * 60));
  EXPECT_EQ(order(codes[1]).attention, Attention::unconsumed);
}

TEST_F(OrderTest, ASuspendedAppTakesNoMoneyAndMakesNothing) {
  AppSet app = *state->apps().find(1);
  const auto suspend = [&](bool suspended) {
    app.suspended = suspended;
    ASSERT_TRUE(run_app(app).ok());
  };
  NewOrder carrying = order_of(206'000);
  carrying.onboard = Onboard{brand(), offer(), ""};
  const auto open = create_order(order_of(1000));
  const auto under_way = create_order(carrying);
  payment::AttemptNumber attempt = 0;
  fixture.run_each(std::make_unique<payment::StartCharge>(
      *payments, payment::StartCharge::Request{under_way.value->checkout, "sandbox", "form", {}, {}},
      [&](const Result<payment::StartCharge::Started>& started) { attempt = started->attempt; }));
  suspend(true);
  EXPECT_EQ(pay(open.value->checkout).error().code, Errc::checkout_closed);
  EXPECT_EQ(order(open.value->code).status, OrderStatus::created);

  ASSERT_TRUE(end(attempt, Outcome::Kind::approved).ok()) << "the customer has paid already";
  const std::string code = under_way.value->code;
  EXPECT_EQ(order(code).status, OrderStatus::paid);
  EXPECT_EQ(balance(prepaid_account(1)), (Balance{206'000, 0}));
  advance(Duration::seconds(30 * 60));
  EXPECT_EQ(order(code).attention, Attention::unconsumed) << "people are told";
  fixture.restart();
  AppSet other = *state->apps().find(2);
  other.label = "another site";
  ASSERT_TRUE(run_app(other).ok());
  EXPECT_EQ(order(code).status, OrderStatus::paid);

  suspend(false);
  EXPECT_EQ(order(code).status, OrderStatus::consumed);
  EXPECT_EQ(order(code).attention, Attention::none);
  EXPECT_EQ(campaign(1).status, CampaignStatus::live);
  EXPECT_TRUE(pay(open.value->checkout).ok());
}

TEST_F(OrderTest, UnpaidOrdersExpire) {
  const auto created = create_order(order_of(1000));
  advance(Duration::days(1));
  EXPECT_EQ(order(created.value->code).status, OrderStatus::expired);
}

}  // namespace
}  // namespace jangbu::hub
