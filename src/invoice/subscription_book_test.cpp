// Contracts one step at a time: what the clock, declined cards and people do to their bills in which order.
#include <algorithm>
#include <map>

#include "base/calendar.h"
#include "invoice/subscription_queries.h"
#include "invoice/subscription_tables.h"
#include "invoice/test_contracts.h"
#include "invoice/test_values.h"

namespace jangbu::invoice {
namespace {

constexpr const char* good = "4242424242424242";
constexpr const char* poor_later = "4000000000000341";
constexpr const char* every_other = "4000000000000366";

/// On each of store::test::book_kinds. One contract; the book verifies and checks at the end.
struct ContractTest : ::testing::TestWithParam<const char*> {
  ContractTest() : is_there(place.open_or_memory(GetParam())), street(place.database()) {}
  void SetUp() override {
    if (!is_there) GTEST_SKIP() << "that database is not here";
  }
  void TearDown() override {
    if (!is_there) return;
    check(street);
    EXPECT_EQ(street.fixture->verify(), "");
  }

  SubscriptionRow contract(SubscriptionNumber number = 1) {
    SubscriptionRow found;
    street.fixture->look(
        [&](engine::Unit& unit) { found = *street.subscriptions->subscription(unit, number); });
    return found;
  }
  BillRow bill(BillNumber number) {
    BillRow found;
    street.fixture->look([&](engine::Unit& unit) { found = *street.subscriptions->bill(unit, number); });
    return found;
  }
  BillRow bill_of(std::uint32_t month) {
    const auto rows = street.rows(
        ("SELECT number, month, kind FROM invoice_subscription_bills WHERE kind = 1 AND month = " +
         std::to_string(month))
            .c_str());
    EXPECT_EQ(rows.size(), 1U);
    return rows.empty() ? BillRow() : bill(static_cast<BillNumber>(rows[0][0]));
  }
  std::optional<Error> change_bill(BillNumber number, std::optional<Instant> due_at,
                                   std::optional<Money> amount = {}, bool by_supervisor = true) {
    return street.run<ChangeBill, BillChanged>(number, due_at, amount, by_supervisor);
  }
  std::optional<Error> update(const SubscriptionUpdate& update) {
    return street.run<UpdateSubscription, SubscriptionChanged>(SubscriptionNumber{1}, update);
  }
  std::optional<Error> pause() {
    return street.run<PauseSubscription, SubscriptionChanged>(SubscriptionNumber{1},
                                                              PauseSubscription::Request());
  }
  std::optional<Error> resume() {
    return street.run<ResumeSubscription, SubscriptionChanged>(SubscriptionNumber{1},
                                                               ResumeSubscription::Request());
  }
  std::optional<Error> leave(const Leaving& leaving = {}) {
    return street.run<EndSubscription, SubscriptionEnded>(SubscriptionNumber{1}, leaving);
  }
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
  /// To the day of the bill that is ready, and its charge.
  void to_next_bill() {
    const Instant due = bill(contract().ready).due_at;
    street.advance(due + Duration::seconds(1) - now());
    street.advance(Duration::seconds(5));
  }
  [[nodiscard]] Instant now() const { return street.fixture->clock.wall_now(); }

  store::test::TestDatabase place;
  bool is_there;
  Street street;
};

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

TEST_P(ContractTest, ASuspendedSellersBillsRestAndComeOnce) {
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

TEST_P(ContractTest, ASuspendedSellersTriesRest) {
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

TEST_P(ContractTest, WhatIsOverdueIsFoundSoManyAtATime) {
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

TEST_P(ContractTest, ALookEndsWithItsBoundAndGoesOn) {
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

TEST_P(ContractTest, MoreBillsWakeThanOneRecordTakes) {
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
TEST_P(ContractTest, WhatIsOverdueIsFoundByItsDay) {
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

TEST_P(ContractTest, APauseDoesNotForgiveWhatIsOwed) {
  street.subscribe(6, 10'000, poor_later);
  to_next_bill();
  ASSERT_EQ(bill_of(2).status, BillStatus::failed);
  ASSERT_EQ(pause(), std::nullopt);
  for (int day = 0; day < 10; ++day) street.advance(Duration::days(1));
  ASSERT_EQ(bill_of(2).retry_at, Instant{});
  ASSERT_EQ(contract().status, SubscriptionStatus::paused);
  ASSERT_EQ(resume(), std::nullopt);
  EXPECT_EQ(contract().status, SubscriptionStatus::held);
  street.advance(Duration::days(60));
  EXPECT_EQ(bill_of(3).status, BillStatus::ready);
}

TEST_P(ContractTest, APauseThatEndsByItselfDoesNotForgiveEither) {
  street.subscribe(6, 10'000, poor_later);
  to_next_bill();
  PauseSubscription::Request request;
  request.until = now() + Duration::days(12);
  ASSERT_EQ((street.run<PauseSubscription, SubscriptionChanged>(SubscriptionNumber{1}, request)),
            std::nullopt);
  for (int day = 0; day < 13; ++day) street.advance(Duration::days(1));
  EXPECT_EQ(contract().status, SubscriptionStatus::held);
}

TEST_P(ContractTest, AShortPauseSkipsNoMonth) {
  street.subscribe(for_ever, 10'000, good);
  for (std::uint32_t month = 2; month <= 4; ++month) {
    const Instant due = bill_of(month).due_at;
    street.advance(due - Duration::seconds(600) - now());
    ASSERT_EQ(pause(), std::nullopt);
    street.advance(Duration::seconds(1200));
    ASSERT_EQ(bill_of(month).status, BillStatus::ready);
    ASSERT_EQ(resume(), std::nullopt);
    EXPECT_EQ(bill_of(month).due_at, now()) << "at once";
    street.settle();
    street.advance(Duration::seconds(5));
    EXPECT_EQ(bill_of(month).status, BillStatus::done);
    EXPECT_EQ(bill_of(month + 1).due_at,
              *plus_months(contract().terms.anchor.first_due_at, month, "Asia/Seoul"))
        << "and the next one keeps its day";
  }
}

TEST_P(ContractTest, AShortPauseThatEndsByItselfSkipsNoneEither) {
  street.subscribe(for_ever, 10'000, good);
  const Instant due = bill_of(2).due_at;
  street.advance(due - Duration::seconds(10) - now());
  PauseSubscription::Request request;
  request.until = due + Duration::seconds(10);
  ASSERT_EQ((street.run<PauseSubscription, SubscriptionChanged>(SubscriptionNumber{1}, request)),
            std::nullopt);
  street.advance(Duration::seconds(20));
  EXPECT_EQ(contract().status, SubscriptionStatus::active);
  street.advance(Duration::seconds(5));
  street.advance(Duration::seconds(5));
  EXPECT_EQ(bill_of(2).status, BillStatus::done);
}

TEST_P(ContractTest, MonthsThatArePausedWholeComeLater) {
  street.subscribe(for_ever, 10'000, good);
  const Instant first = contract().terms.anchor.first_due_at;
  const auto day = [&](std::uint32_t month) { return *plus_months(first, month, "Asia/Seoul"); };
  street.advance(first + Duration::days(15) - now());
  ASSERT_EQ(pause(), std::nullopt);
  street.advance(day(2) + Duration::days(5) - now());  // a month and some days
  ASSERT_EQ(resume(), std::nullopt);
  EXPECT_EQ(bill_of(2).due_at, now()) << "one month later, which has passed";
  street.settle();
  street.advance(Duration::seconds(5));
  ASSERT_EQ(bill_of(2).status, BillStatus::done);
  // From the middle of this month to the middle of the next: its day comes a month later, and is still to
  // come.
  street.advance(day(2) + Duration::days(15) - now());
  ASSERT_EQ(pause(), std::nullopt);
  street.advance(Duration::days(32));
  ASSERT_EQ(resume(), std::nullopt);
  EXPECT_EQ(bill_of(3).due_at, day(4));
}

TEST_P(ContractTest, PausedTimeIsNotUsed) {
  street.subscribe(for_ever, 31'000, good);
  const Instant first = contract().terms.anchor.first_due_at;
  const auto unused = [&] {
    const auto session = place.database().open_reader().value();
    return settlement_of(*session, 1, now())->unused;
  };
  street.advance(first + Duration::days(1) - now());
  const Money left = unused();
  ASSERT_EQ(pause(), std::nullopt);
  street.advance(Duration::days(10));
  EXPECT_EQ(unused(), left);
  ASSERT_EQ(resume(), std::nullopt);
  EXPECT_EQ(unused(), left);
  street.advance(Duration::days(2));
  const Money later = unused();
  EXPECT_LT(later, left);
  ASSERT_EQ(pause(), std::nullopt);
  street.advance(Duration::days(90));
  EXPECT_EQ(unused(), later) << "beyond the day of the next bill, too";
  street.crash();
  EXPECT_EQ(unused(), later);
  ASSERT_EQ(leave(), std::nullopt);
  street.settle();
  street.advance(Duration::seconds(5));
  EXPECT_EQ(street.balance(payable_account(1)), 31'000 - static_cast<std::int64_t>(later.units()));
}

TEST_P(ContractTest, TheNextMonthIsUsedFromItsBill) {
  street.subscribe(for_ever, 31'000, good);
  street.advance(Duration::days(2));
  ASSERT_EQ(pause(), std::nullopt);
  street.advance(Duration::days(3));
  ASSERT_EQ(resume(), std::nullopt);
  EXPECT_EQ(contract().rested, Duration::days(3));
  to_next_bill();
  EXPECT_EQ(contract().rested, Duration{});
  EXPECT_EQ(contract().paused_at, Instant{});
}

TEST_P(ContractTest, TheLastMonthIsNotPaused) {
  street.subscribe(2, 10'000, good);
  to_next_bill();
  ASSERT_EQ(contract().ready, 0U);
  const auto refused = pause();
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->code, Errc::subscription_state);
  street.advance(Duration::days(40));
  EXPECT_EQ(contract().status, SubscriptionStatus::ended);
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

TEST_P(ContractTest, ADayThatWasSetStaysOverAPause) {
  street.subscribe(6, 10'000, good);
  const Instant later = bill_of(2).due_at + Duration::days(9);
  ASSERT_EQ(change_bill(contract().ready, later), std::nullopt);
  ASSERT_EQ(pause(), std::nullopt);
  street.advance(Duration::days(1));
  ASSERT_EQ(resume(), std::nullopt);
  EXPECT_EQ(bill_of(2).due_at, later);
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

TEST_P(ContractTest, NothingIsChargedForASuspendedSellerByAJudgement) {
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

INSTANTIATE_TEST_SUITE_P(Databases, ContractTest, ::testing::ValuesIn(store::test::book_kinds),
                         [](const auto& each) { return std::string(each.param); });

}  // namespace
}  // namespace jangbu::invoice
