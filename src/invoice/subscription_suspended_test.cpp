// Contracts of a seller who is suspended: nothing is charged, and what rested comes afterwards.
#include <map>

#include "invoice/test_contract.h"

namespace jangbu::invoice {
namespace {

struct SuspendedTest : ContractTest {
  std::vector<BillNumber> overdue(Instant until, std::size_t most) {
    std::optional<OverduePlace> from = OverduePlace{1, BillStatus::ready, {}, 0};
    std::size_t looks = looked_at_by_a_record;
    return look_on(from, until, most, looks);
  }
  /// One look; moves `from` to where another goes on.
  std::vector<BillNumber> look_on(std::optional<OverduePlace>& from, Instant until, std::size_t most,
                                  std::size_t& looks) {
    std::vector<BillNumber> found;
    street.fixture->look([&](engine::Unit& unit) {
      from = street.subscriptions->look_for_overdue(unit, *from, until, most, looks, found);
    });
    return found;
  }
  std::vector<BillsWoken> woken() {
    std::vector<BillsWoken> found;
    street.fixture->look([&](engine::Unit& unit) {
      unit.each_record(1, unit.head().number, [&](const engine::Record& record) {
        if (record.kind == bills_woken_kind) found.push_back(*said<BillsWoken>(record));
      });
    });
    return found;
  }
};

TEST_P(SuspendedTest, ASuspendedSellersBillsRestAndComeOnce) {
  street.subscribe(6, 10'000, good);
  to_next_bill();
  street.suspend(true);
  street.advance(Duration::days(70));
  EXPECT_EQ(bill_of(3).status, BillStatus::ready);
  EXPECT_EQ(contract().month, 2U);
  street.crash();
  street.suspend(true);
  street.advance(Duration::days(1));
  EXPECT_EQ(bill_of(3).status, BillStatus::ready) << "a change that leaves it suspended brings nothing back";
  street.suspend(false);
  street.settle();
  street.advance(Duration::seconds(5));
  EXPECT_EQ(bill_of(3).status, BillStatus::done);
  EXPECT_EQ(bill_of(4).status, BillStatus::done) << "one after the other";
  EXPECT_EQ(bill_of(5).status, BillStatus::ready);
  EXPECT_EQ(street.rows("SELECT number, checkout, status FROM payment_attempts").size(), 4U);
}

TEST_P(SuspendedTest, ASuspendedSellersTriesRest) {
  street.subscribe(6, 10'000, every_other);
  to_next_bill();
  ASSERT_EQ(bill_of(2).status, BillStatus::failed);
  street.suspend(true);
  street.advance(Duration::days(20));
  EXPECT_EQ(bill_of(2).status, BillStatus::failed);
  EXPECT_EQ(bill_of(2).tries, 1U);
  street.suspend(false);
  street.settle();
  street.advance(Duration::seconds(5));
  EXPECT_EQ(bill_of(2).status, BillStatus::done);
}

TEST_P(SuspendedTest, WhatIsOverdueIsFoundSoManyAtATime) {
  for (int i = 0; i < 5; ++i) street.subscribe(6, 10'000, good);
  const Instant due = bill(contract(5).ready).due_at;
  EXPECT_EQ(overdue(bill(contract(1).ready).due_at - Duration::microseconds(1), 10).size(), 0U);
  EXPECT_EQ(overdue(due, 10).size(), 5U);
  EXPECT_EQ(overdue(due, 5).size(), 5U);
  EXPECT_EQ(overdue(due, 2), (std::vector<BillNumber>{contract(1).ready, contract(2).ready}));
  ASSERT_EQ(pause(), std::nullopt);
  EXPECT_EQ(overdue(due, 10).size(), 4U) << "a contract that is paused owes nothing";
  street.suspend(true);
  street.advance(due + Duration::seconds(1) - now());
  EXPECT_EQ(overdue(now(), 10).size(), 4U);
  street.suspend(false);
  street.settle();
  street.advance(Duration::seconds(5));
  EXPECT_EQ(overdue(now(), 10).size(), 0U);
}

TEST_P(SuspendedTest, ALookEndsWithItsBoundAndGoesOn) {
  for (int i = 0; i < 3; ++i) street.subscribe(6, 10'000, good);
  for (int i = 0; i < 3; ++i) street.subscribe(6, 10'000, every_other);
  street.advance(bill(contract(6).ready).due_at + Duration::seconds(1) - now());
  ASSERT_EQ(contract(6).failed, contract(6).last_bill);
  street.suspend(true);
  street.advance(Duration::days(70));
  // Of the ready bills those of 4, 5 and 6 wait for the failed ones before.
  const std::vector<BillNumber> all = {contract(1).ready,  contract(2).ready,  contract(3).ready,
                                       contract(4).failed, contract(5).failed, contract(6).failed};
  for (std::size_t bound = 1; bound <= 10; ++bound) {
    std::vector<BillNumber> found;
    std::optional<OverduePlace> from = OverduePlace{1, BillStatus::ready, {}, 0};
    std::size_t times = 0;
    for (; from && times < 20; ++times) {
      std::size_t looks = bound;
      const auto more = look_on(from, now(), 10, looks);
      EXPECT_LE(more.size(), bound - looks);
      found.insert(found.end(), more.begin(), more.end());
    }
    EXPECT_EQ(found, all) << bound << " at a time";
    EXPECT_LE(times, 9 / bound + 3) << bound << " at a time, and a look for each of two empty pages";
  }
  street.suspend(false);
  street.settle();
}

TEST_P(SuspendedTest, MoreBillsWakeThanOneRecordTakes) {
  constexpr std::size_t count = bills_of_a_record + 10;
  for (std::size_t i = 0; i < count; ++i) street.subscribe(6, 10'000, every_other);
  street.advance(bill(contract(count).ready).due_at + Duration::seconds(1) - now());
  street.suspend(true);
  // By bill: how often it was charged, and whether it failed.
  const auto charges = [&] {
    std::map<BillNumber, std::pair<std::int64_t, bool>> found;
    for (const auto& row : street.rows("SELECT b.number, (SELECT count(*) FROM payment_attempts a WHERE "
                                       "a.checkout = b.checkout), b.status "
                                       "FROM invoice_subscription_bills b WHERE b.month > 1"))
      found[static_cast<BillNumber>(row[0])] = {row[1], row[2] == 4};
    return found;
  };
  const auto before = charges();
  street.advance(Duration::days(32));
  EXPECT_EQ(charges(), before) << "all rest";
  std::optional<OverduePlace> from = OverduePlace{1, BillStatus::ready, {}, 0};
  std::size_t looks = 10 * count;
  const auto resting = look_on(from, now(), 10 * count, looks);
  ASSERT_EQ(resting.size(), count);
  const auto failed = std::count_if(resting.begin(), resting.end(),
                                    [&](BillNumber number) { return before.at(number).second; });
  ASSERT_GT(failed, 20);
  ASSERT_LT(failed, 190);

  street.suspend(false);
  street.settle();
  std::vector<BillNumber> back;
  for (const BillsWoken& each : woken()) {
    EXPECT_LE(each.bills.size(), bills_of_a_record);
    back.insert(back.end(), each.bills.begin(), each.bills.end());
  }
  EXPECT_EQ(back, resting) << "each once";
  EXPECT_EQ(woken().size(), 2U);
  const auto later = charges();
  for (const BillNumber number : resting)
    EXPECT_EQ(later.at(number).first, before.at(number).first + 1) << "bill " << number;
  street.advance(Duration::days(1));
  EXPECT_EQ(woken().size(), 2U) << "nothing is left to go on with";
}

/// It must not grow with what else the seller has sold.
TEST_P(SuspendedTest, WhatIsOverdueIsFoundByItsDay) {
  if (GetParam() != std::string("memory")) GTEST_SKIP() << "SQLite says how it looks";
  const struct {
    const store::Sql& sql;
    const char* index;
    const char* time;
  } rows[] = {{overdue_sql, "invoice_subscription_bills_due", "due_at"},
              {overdue_again_sql, "invoice_subscription_bills_retry", "retry_at"}};
  const auto session = place.database().open_reader().value();
  for (const auto& row : rows) {
    std::string steps;
    const std::vector<store::Value> values(5, store::Value::number(1));
    ASSERT_TRUE(session
                    ->query_text("EXPLAIN QUERY PLAN " + std::string(row.sql.text), values,
                                 [&](const store::Row& step) {
                                   steps += std::string(step.bytes(3)) + ";";
                                   return true;
                                 })
                    .ok());
    const std::string search = std::string("USING INDEX ") + row.index + " (app=? AND " + row.time;
    EXPECT_NE(steps.find(search + "=? AND number>?)"), std::string::npos) << steps;
    EXPECT_NE(steps.find(search + ">? AND " + row.time + "<?)"), std::string::npos) << steps;
    EXPECT_EQ(steps.find("SCAN invoice"), std::string::npos) << steps;
  }
}

TEST_P(SuspendedTest, NothingIsChargedForASuspendedSellerByAJudgement) {
  street.subscribe(for_ever, 10'000, good);
  ChangeRequested requested;
  requested.keyed = Keyed{1, "", "", {}};
  requested.number = 1;
  requested.type = ChangeType::termination;
  street.fixture->run_each(std::make_unique<RequestChange>(
      *street.subscriptions, requested, [](const ChangeRequested&) { return Answer{}; },
      [](const auto& outcome) { EXPECT_EQ(outcome.index(), 0U); }));
  street.suspend(true);
  const auto approve = [&](std::int64_t to_pay) {
    Leaving leaving;
    leaving.final = won_of(to_pay);
    std::optional<Error> error;
    street.fixture->run_each(std::make_unique<JudgeChange>(
        *street.subscriptions, Keyed{1, "", "", {}}, SubscriptionNumber{1}, ChangeNumber{0}, true, leaving,
        [](const ChangeJudged&) { return Answer{}; },
        [&error](const auto& outcome) {
          if (outcome.index() == 1) error = std::get<1>(outcome).error;
        },
        By::office));
    return error;
  };
  const auto refused = approve(3'000);
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->code, Errc::subscription_state);
  EXPECT_EQ(contract().status, SubscriptionStatus::active);
  EXPECT_EQ(approve(0), std::nullopt);
  EXPECT_EQ(contract().status, SubscriptionStatus::terminated);
}

TEST_P(SuspendedTest, NoPageOfASuspendedSellersTakesAnything) {
  street.subscribe(for_ever, 10'000, poor_later);
  to_next_bill();
  ASSERT_EQ(bill_of(2).status, BillStatus::failed);
  const payment::BillingKeyNumber card = contract().card;
  const std::uint64_t page = street.ask_card(1);
  street.suspend(true);
  const std::int64_t before = street.balance(payable_account(1));
  EXPECT_EQ(street.pay(bill_of(2).checkout, good).error.code, Errc::checkout_closed);
  EXPECT_EQ(street.pay(page, good).error.code, Errc::checkout_closed);
  EXPECT_EQ(contract().card, card);
  EXPECT_EQ(street.balance(payable_account(1)), before);
  const auto on_demand = street.run<ChargeOnDemand, ChargedOnDemand>(SubscriptionNumber{1}, std::uint64_t{0},
                                                                     won_of(1'000), std::string());
  ASSERT_TRUE(on_demand);
  EXPECT_EQ(on_demand->code, Errc::service_not_allowed);
  Leaving purchase;
  purchase.purchase = won_of(5'000);
  const auto bought_out = leave(purchase);
  ASSERT_TRUE(bought_out);
  EXPECT_EQ(bought_out->code, Errc::service_not_allowed);
  street.suspend(false);
  EXPECT_EQ(street.pay(page, good).kind, payment::PayAnswer::Kind::paid);
  street.settle();
  street.advance(Duration::seconds(5));
  EXPECT_EQ(bill_of(2).status, BillStatus::done);
}

INSTANTIATE_TEST_SUITE_P(Databases, SuspendedTest, ::testing::ValuesIn(store::test::book_kinds),
                         [](const auto& each) { return std::string(each.param); });

}  // namespace
}  // namespace jangbu::invoice
