// Pauses of a contract: which bills come later, and what of the time is not used.
#include "base/calendar.h"
#include "invoice/test_contract.h"

namespace jangbu::invoice {
namespace {

struct PauseTest : ContractTest {};

TEST_P(PauseTest, APauseDoesNotForgiveWhatIsOwed) {
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

TEST_P(PauseTest, APauseThatEndsByItselfDoesNotForgiveEither) {
  street.subscribe(6, 10'000, poor_later);
  to_next_bill();
  PauseSubscription::Request request;
  request.until = now() + Duration::days(12);
  ASSERT_EQ((street.run<PauseSubscription, SubscriptionChanged>(SubscriptionNumber{1}, request)),
            std::nullopt);
  for (int day = 0; day < 13; ++day) street.advance(Duration::days(1));
  EXPECT_EQ(contract().status, SubscriptionStatus::held);
}

TEST_P(PauseTest, AShortPauseSkipsNoMonth) {
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

TEST_P(PauseTest, AShortPauseThatEndsByItselfSkipsNoneEither) {
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

TEST_P(PauseTest, MonthsThatArePausedWholeComeLater) {
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

TEST_P(PauseTest, PausedTimeIsNotUsed) {
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

TEST_P(PauseTest, TheNextMonthIsUsedFromItsBill) {
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

TEST_P(PauseTest, TheLastMonthIsNotPaused) {
  street.subscribe(2, 10'000, good);
  to_next_bill();
  ASSERT_EQ(contract().ready, 0U);
  const auto refused = pause();
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->code, Errc::subscription_state);
  street.advance(Duration::days(40));
  EXPECT_EQ(contract().status, SubscriptionStatus::ended);
}

TEST_P(PauseTest, ADayThatWasSetStaysOverAPause) {
  street.subscribe(6, 10'000, good);
  const Instant later = bill_of(2).due_at + Duration::days(9);
  ASSERT_EQ(change_bill(contract().ready, later), std::nullopt);
  ASSERT_EQ(pause(), std::nullopt);
  street.advance(Duration::days(1));
  ASSERT_EQ(resume(), std::nullopt);
  EXPECT_EQ(bill_of(2).due_at, later);
}

INSTANTIATE_TEST_SUITE_P(Databases, PauseTest, ::testing::ValuesIn(store::test::book_kinds),
                         [](const auto& each) { return std::string(each.param); });

}  // namespace
}  // namespace jangbu::invoice
