// Contracts one step at a time: what the clock, declined cards and people do to their bills in which order.
#include "invoice/test_contract.h"

namespace jangbu::invoice {
namespace {

TEST_P(ContractTest, TheNextBillWaitsForTheOneBefore) {
  street.subscribe(6, 10'000, poor_later);
  to_next_bill();
  ASSERT_EQ(bill_of(2).status, BillStatus::failed);
  // The failed one is put off beyond the day of the next.
  ASSERT_EQ(change_bill(contract().failed, bill_of(3).due_at + Duration::days(2)), std::nullopt);
  to_next_bill();
  EXPECT_EQ(bill_of(3).status, BillStatus::ready);
  EXPECT_EQ(bill_of(2).status, BillStatus::failed);
  // Another card pays what is owed, and then what waited for it.
  street.other_card(1, good);
  street.advance(Duration::seconds(10));
  EXPECT_EQ(bill_of(2).status, BillStatus::done);
  EXPECT_EQ(bill_of(3).status, BillStatus::done);
  EXPECT_EQ(contract().status, SubscriptionStatus::active);
}

TEST_P(ContractTest, ACustomerPutsAFailedBillOffNoFurtherThanItsLastTry) {
  street.subscribe(for_ever, 10'000, poor_later);
  const Instant due = bill_of(2).due_at;
  to_next_bill();
  ASSERT_EQ(bill_of(2).status, BillStatus::failed);
  const Instant last = due + Duration::days(7);
  const auto refused = change_bill(contract().failed, last + Duration::microseconds(1), std::nullopt, false);
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->code, Errc::invalid_parameters);
  EXPECT_EQ(bill_of(2).retry_at, due + Duration::days(1)) << "nothing was moved";
  ASSERT_EQ(change_bill(contract().failed, last, std::nullopt, false), std::nullopt);
  EXPECT_EQ(bill_of(2).retry_at, last);
  // Behind its last try a customer may still have it charged now, and a supervisor at any time.
  for (int day = 0; day < 20; ++day) street.advance(Duration::days(1));
  ASSERT_EQ(bill_of(2).retry_at, Instant{}) << "given up";
  ASSERT_TRUE(change_bill(contract().failed, now() + Duration::days(1), std::nullopt, false));
  ASSERT_EQ(change_bill(contract().failed, now() + Duration::days(300)), std::nullopt);
  EXPECT_EQ(bill_of(2).retry_at, now() + Duration::days(300));
  ASSERT_EQ(change_bill(contract().failed, std::nullopt, std::nullopt, false), std::nullopt);
  EXPECT_EQ(bill_of(2).retry_at, now());
}

TEST_P(ContractTest, AfterTheEndNothingIsCharged) {
  street.subscribe(for_ever, 10'000, every_other);
  to_next_bill();
  ASSERT_EQ(bill_of(2).status, BillStatus::failed);
  ASSERT_EQ(change_bill(contract().failed, bill_of(3).due_at + Duration::days(20)), std::nullopt);
  to_next_bill();
  Leaving free;
  free.final = Money();
  ASSERT_EQ(leave(free), std::nullopt);
  const auto charges = street.rows("SELECT count(*), count(*), count(*) FROM payment_attempts");
  street.advance(Duration::days(90));
  EXPECT_EQ(street.rows("SELECT count(*), count(*), count(*) FROM payment_attempts"), charges);
  EXPECT_EQ(bill_of(2).status, BillStatus::terminated);
  EXPECT_EQ(bill_of(3).status, BillStatus::terminated);
}

TEST_P(ContractTest, LeavingDoesNotForgiveWhatIsOwed) {
  street.subscribe(for_ever, 30'000, poor_later);
  const Instant due = bill_of(2).due_at;
  const auto told = [&] {
    const auto session = place.database().open_reader().value();
    return *settlement_of(*session, 1, now());
  };
  EXPECT_EQ(told().owed, Money());
  to_next_bill();
  ASSERT_EQ(bill_of(2).status, BillStatus::failed);
  street.advance(due + Duration::days(5) - now());
  street.advance(Duration::seconds(5));
  const Settlement five_days = told();
  EXPECT_EQ(five_days.unused, Money()) << "nothing was paid that could go back";
  EXPECT_GT(five_days.owed, won_of(4'000));
  EXPECT_LT(five_days.owed, won_of(7'000));
  EXPECT_EQ(five_days.final, five_days.owed);
  for (int day = 0; day < 40; ++day) street.advance(Duration::days(1));
  ASSERT_EQ(contract().status, SubscriptionStatus::held);
  EXPECT_EQ(told().owed, won_of(30'000)) << "a month that is over is owed whole";
  ASSERT_EQ(leave(), std::nullopt);
  EXPECT_EQ(bill_of(2).status, BillStatus::terminated);
  street.advance(Duration::seconds(5));
  ASSERT_NE(contract().failed, 0U);
  EXPECT_EQ(bill(contract().failed).kind, BillKind::fee);
  EXPECT_EQ(bill(contract().failed).amount, won_of(30'000));
  street.other_card(1, good);
  street.advance(Duration::seconds(5));
  EXPECT_EQ(street.balance(payable_account(1)), 60'000);
}

TEST_P(ContractTest, RunningAdjustmentsHaveABound) {
  street.subscribe(max_months, 10'000, good);
  const auto adjust = [&](std::uint32_t first, std::uint32_t last, const std::string& name) {
    AdjustmentChange change;
    RunningAdjustment one;
    one.first_month = first;
    one.last_month = last;
    one.name = name;
    one.amount = won_of(1);
    change.adjustments = {one};
    return street.run<AdjustSubscription, SubscriptionChanged>(SubscriptionNumber{1}, change);
  };
  // Each to the end of the contract: as many lines as a schedule may have, and no more.
  const std::size_t whole = max_schedule_lines / max_months;
  for (std::size_t i = 0; i < whole; ++i) ASSERT_EQ(adjust(2, for_ever, "on"), std::nullopt) << i;
  ASSERT_EQ(adjust(591, for_ever, ""), std::nullopt) << "ten lines are left";
  const auto refused = adjust(600, for_ever, "");
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->code, Errc::invalid_parameters);
  EXPECT_EQ(contract().terms.adjustments.size(), whole + 1);
  SubscriptionUpdate for_good;
  for_good.months = for_ever;
  EXPECT_EQ(update(for_good), std::nullopt);
  // Now they reach to the sixtieth month, and their names are what counts.
  const std::string name(1000, 'n');
  std::size_t named = 0;
  while (!adjust(2, 2, name)) ASSERT_LT(++named, 100U);
  EXPECT_EQ(named, (max_running_name_bytes - 2 * whole) / name.size());
  AdjustmentChange less;
  less.kind = AdjustmentChange::Kind::remove;
  less.number = contract().terms.adjustments.back().number;
  EXPECT_EQ((street.run<AdjustSubscription, SubscriptionChanged>(SubscriptionNumber{1}, less)), std::nullopt);
  EXPECT_EQ(adjust(2, 2, name), std::nullopt) << "one less, one more";
  for (int i = 0; i < 20; ++i) {
    if (adjust(2, 60, "")) break;
  }
  EXPECT_LE(contract().terms.adjustments.size(), max_running_adjustments);
  EXPECT_TRUE(adjust(2, 60, ""));
}

TEST_P(ContractTest, WhatIsOwedOutlivesTheLastMonth) {
  street.subscribe(2, 10'000, every_other);
  to_next_bill();
  ASSERT_EQ(bill_of(2).status, BillStatus::failed);
  ASSERT_EQ(change_bill(contract().failed, contract().wakes_at + Duration::days(3)), std::nullopt);
  street.advance(Duration::days(30));
  EXPECT_EQ(contract().status, SubscriptionStatus::active);
  street.advance(Duration::days(3));
  street.advance(Duration::seconds(10));
  EXPECT_EQ(bill_of(2).status, BillStatus::done);
  EXPECT_EQ(contract().status, SubscriptionStatus::ended);
}

TEST_P(ContractTest, AnAmountThatWasSetStays) {
  street.subscribe(6, 10'000, good);
  ASSERT_EQ(change_bill(contract().ready, std::nullopt, won_of(4'000)), std::nullopt);
  SubscriptionUpdate other_name;
  other_name.user_phone = "01012345678";
  ASSERT_EQ(update(other_name), std::nullopt);
  EXPECT_EQ(bill_of(2).amount, won_of(4'000));
  ASSERT_EQ(pause(), std::nullopt);
  street.advance(Duration::days(1));
  ASSERT_EQ(resume(), std::nullopt);
  EXPECT_EQ(bill_of(2).amount, won_of(4'000));
  SubscriptionUpdate other_price;
  other_price.price = won_of(12'000);
  ASSERT_EQ(update(other_price), std::nullopt);
  EXPECT_EQ(bill_of(2).amount, won_of(12'000));
}

TEST_P(ContractTest, TheLastChargeKeyStays) {
  if (GetParam() != std::string("memory")) GTEST_SKIP() << "a thousand calls";
  street.subscribe(6, 10'000, good);
  SubscriptionUpdate revoke;
  revoke.revokes_charge_key = true;
  for (revoke.charge_key = 0; revoke.charge_key + 1 < keys_of_subscription; ++revoke.charge_key)
    ASSERT_EQ(update(revoke), std::nullopt) << revoke.charge_key;
  const auto refused = update(revoke);
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->code, Errc::subscription_state);
  const auto charge = [&](std::uint64_t revoked) {
    return street.run<ChargeOnDemand, ChargedOnDemand>(SubscriptionNumber{1}, revoked, won_of(500),
                                                       std::string());
  };
  ASSERT_TRUE(charge(0));
  EXPECT_EQ(charge(keys_of_subscription - 1), std::nullopt);
  street.settle();
}

TEST_P(ContractTest, ARetryCountsFromTheDayOfTheTryBefore) {
  street.subscribe(6, 10'000, poor_later);
  const Instant due = bill_of(2).due_at;
  // The bill falls due, and its charge is answered hours later: the process was away.
  street.fixture->clock.advance(due - now());
  street.fixture->run_due_work();
  street.fixture->clock.advance(Duration::seconds(7 * 3600));
  street.settle();
  EXPECT_EQ(bill_of(2).retry_at, due + Duration::days(1));
  street.fixture->clock.advance(due + Duration::days(1) - now());
  street.fixture->run_due_work();
  // Later than the next of its days: soon, because that has passed.
  street.fixture->clock.advance(Duration::days(5));
  street.settle();
  EXPECT_EQ(bill_of(2).retry_at, now() + Duration::seconds(3600));
}

TEST_P(ContractTest, WhatWentBackOfTheFirstMonthCounts) {
  street.subscribe(for_ever, 30'000, good);
  CancelRequest part;
  part.amount = won_of(15'000);
  street.fixture->run_each(std::make_unique<RequestCancel>(
      *street.invoices, Keyed{1, "", "", {}}, contract().order, part, true,
      [](const CancelTold&) { return Answer{}; }, [](const auto& told) { EXPECT_EQ(told.index(), 0U); }));
  street.settle();
  street.advance(Duration::seconds(5));
  ASSERT_EQ(street.balance(payable_account(1)), 15'000);
  // At once the month is as good as unused: what is left of it goes back, not more.
  ASSERT_EQ(leave(), std::nullopt);
  street.settle();
  street.advance(Duration::seconds(5));
  const std::int64_t left = street.balance(payable_account(1));
  EXPECT_GE(left, 0);
  EXPECT_LE(left, 500) << "one day of 31";
}

TEST_P(ContractTest, ARequestIsJudgedAndNoOther) {
  street.subscribe(for_ever, 10'000, good);
  const auto ask = [&](ChangeType type) {
    ChangeRequested requested;
    requested.keyed = Keyed{1, "", "", {}};
    requested.number = 1;
    requested.type = type;
    requested.price = won_of(5'000);
    street.fixture->run_each(std::make_unique<RequestChange>(
        *street.subscriptions, requested, [](const ChangeRequested&) { return Answer{}; },
        [](const auto& outcome) { EXPECT_EQ(outcome.index(), 0U); }));
    return contract().request;
  };
  const auto judge = [&](ChangeNumber request, bool approve) {
    return street.run<JudgeChange, ChangeJudged>(SubscriptionNumber{1}, request, approve, Leaving());
  };
  const ChangeNumber first = ask(ChangeType::termination);
  ASSERT_EQ(judge(first, false), std::nullopt);
  const ChangeNumber second = ask(ChangeType::purchase);
  const auto refused = judge(first, true);
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->code, Errc::change_not_found);
  EXPECT_EQ(contract().request, second);
  EXPECT_EQ(judge(0, false), std::nullopt);
}

TEST_P(ContractTest, ACustomerDoesNotLeaveBeforeAskingTo) {
  street.subscribe(for_ever, 30'000, good);
  street.advance(Duration::days(20));
  const auto ask = [&](Instant ends_at) {
    ChangeRequested requested;
    requested.keyed = Keyed{1, "", "", {}};
    requested.number = 1;
    requested.type = ChangeType::termination;
    requested.ends_at = ends_at;
    std::optional<Errc> refused;
    street.fixture->run_each(std::make_unique<RequestChange>(
        *street.subscriptions, requested, [](const ChangeRequested&) { return Answer{}; },
        [&refused](const auto& outcome) {
          if (outcome.index() == 1) refused = std::get<1>(outcome).error.code;
        }));
    return refused;
  };
  EXPECT_EQ(ask(at("2000-01-01T00:00:00Z")), Errc::invalid_parameters);
  EXPECT_EQ(ask(now() - Duration::days(1)), Errc::invalid_parameters);
  ASSERT_EQ(contract().request, 0U);
  // Earlier today is now.
  const Instant asked_at = now();
  ASSERT_EQ(ask(now() - Duration::days(1) + Duration::microseconds(1)), std::nullopt);
  const auto told = [&] {
    const auto session = place.database().open_reader().value();
    return *settlement_of(*session, 1, now());
  };
  const Settlement unused = told();
  EXPECT_EQ(unused.fee, Money());
  EXPECT_GT(unused.unused, won_of(8'000));
  EXPECT_LT(unused.unused, won_of(12'000)) << "ten or eleven days of the month";
  street.advance(Duration::days(5));
  EXPECT_EQ(told().unused, unused.unused) << "the supervisor is told what approving gives back";
  ASSERT_EQ((street.run<JudgeChange, ChangeJudged>(SubscriptionNumber{1}, ChangeNumber{0}, true, Leaving())),
            std::nullopt);
  street.advance(Duration::seconds(5));
  EXPECT_EQ(contract().ended_at, asked_at);
  EXPECT_EQ(street.balance(payable_account(1)), 30'000 - static_cast<std::int64_t>(unused.unused.units()));
}

TEST_P(ContractTest, NoServiceEndsBeforeItBegan) {
  street.subscribe(for_ever, 30'000, good);
  street.advance(Duration::days(20));
  Leaving long_ago;
  long_ago.ends_at = at("2000-01-01T00:00:00Z");
  ASSERT_EQ(leave(long_ago), std::nullopt);
  EXPECT_EQ(contract().ended_at, contract().started_at);
}

TEST_P(ContractTest, APageForACardIsItsOwnersWhoOpenedIt) {
  street.subscribe(for_ever, 10'000, good);
  const auto hand_on = [&] {
    ChangeRequested requested;
    requested.keyed = Keyed{1, "", "", {}};
    requested.number = 1;
    requested.type = ChangeType::transfer;
    requested.user.id = "the next";
    street.fixture->run_each(std::make_unique<RequestChange>(
        *street.subscriptions, requested, [](const ChangeRequested&) { return Answer{}; },
        [](const auto& outcome) { EXPECT_EQ(outcome.index(), 0U); }));
    const auto refused =
        street.run<JudgeChange, ChangeJudged>(SubscriptionNumber{1}, ChangeNumber{0}, true, Leaving());
    EXPECT_EQ(refused, std::nullopt);
  };
  const std::uint64_t unused = street.ask_card(1);
  const std::uint64_t begun = street.ask_card(1);
  const auto answer = street.send(begun, good);  // its intent is durable, the acquirer has not heard of it
  hand_on();
  street.settle();
  street.advance(Duration::seconds(3));
  EXPECT_NE(answer->kind, payment::PayAnswer::Kind::paid);
  EXPECT_EQ(contract().card, 0U);
  EXPECT_EQ(street.pay(unused, good).error.code, Errc::checkout_closed);
  EXPECT_EQ(street.pay(begun, good).error.code, Errc::checkout_closed);
  EXPECT_EQ(contract().card, 0U);
  street.other_card(1, good);
  const payment::BillingKeyNumber own = contract().card;
  EXPECT_NE(own, 0U) << "a page of the new owner's keeps a card";
  street.crash();
  EXPECT_EQ(street.pay(unused, good).error.code, Errc::checkout_closed);
  EXPECT_EQ(contract().card, own);
}

INSTANTIATE_TEST_SUITE_P(Databases, ContractTest, ::testing::ValuesIn(store::test::book_kinds),
                         [](const auto& each) { return std::string(each.param); });

}  // namespace
}  // namespace jangbu::invoice
