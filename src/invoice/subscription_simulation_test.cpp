// Years of random contracts with a moved clock: cards that decline, pauses, other prices and cards, and a
// process that dies between any two steps. Whatever happens, each month is billed once, and the books agree
// with what the acquirer remembers.
#include <random>
#include <tuple>

#include "invoice/test_contracts.h"

namespace jangbu::invoice {
namespace {

/// A kind of database, and a seed.
struct SubscriptionSimulation : ::testing::TestWithParam<std::tuple<const char*, unsigned>> {};

TEST_P(SubscriptionSimulation, EveryMonthOnce) {
  store::test::TestDatabase place;
  if (!place.open(std::get<0>(GetParam()))) GTEST_SKIP() << "that database is not here";
  Street street(place.database());
  std::mt19937 dice(std::get<1>(GetParam()));
  const auto roll = [&dice](int sides) { return static_cast<int>(dice() % static_cast<unsigned>(sides)); };
  for (int i = 0; i < 6; ++i)
    street.subscribe(roll(3) == 0 ? for_ever : static_cast<std::uint32_t>(2 + roll(9)), 1'000 + roll(9'000),
                     cards[roll(5)]);
  for (int step = 0; step < 60; ++step) {
    const auto number = static_cast<SubscriptionNumber>(1 + roll(6));
    switch (roll(12)) {
      case 0:
        (void)street.run<PauseSubscription, SubscriptionChanged>(number, PauseSubscription::Request());
        break;
      case 1:
        (void)street.run<ResumeSubscription, SubscriptionChanged>(number, ResumeSubscription::Request());
        break;
      case 2: {
        SubscriptionUpdate update;
        update.price = Money::from_units(1'000 + roll(9'000));
        (void)street.run<UpdateSubscription, SubscriptionChanged>(number, update);
        break;
      }
      case 3:
        street.other_card(number, cards[roll(5)]);
        break;
      case 4:
        street.crash();
        break;
      case 5: {
        // Any bill, to any day of the next two months.
        const auto bills = street.rows("SELECT count(*), count(*), count(*) FROM invoice_subscription_bills");
        const auto bill = static_cast<BillNumber>(1 + roll(static_cast<int>(bills[0][0])));
        const Instant day = street.fixture->clock.wall_now() + Duration::days(roll(60));
        (void)street.run<ChangeBill, BillChanged>(bill, day, std::nullopt, roll(2) == 0);
        break;
      }
      case 6: {
        SubscriptionUpdate update;
        update.months = static_cast<std::uint32_t>(2 + roll(12));
        (void)street.run<UpdateSubscription, SubscriptionChanged>(number, update);
        break;
      }
      case 7:
        if (roll(4) == 0) (void)street.run<EndSubscription, SubscriptionEnded>(number, Leaving());
        break;
      default:
        street.advance(Duration::days(roll(40)), roll(4) - 1);
    }
    street.settle();
    street.advance(Duration::seconds(5));
  }
  check(street);
  EXPECT_EQ(street.fixture->verify(), "");
}

std::string name_of(const ::testing::TestParamInfo<std::tuple<const char*, unsigned>>& each) {
  return std::string(std::get<0>(each.param)) + "_" + std::to_string(std::get<1>(each.param));
}
INSTANTIATE_TEST_SUITE_P(Memory, SubscriptionSimulation,
                         ::testing::Combine(::testing::Values("memory"), ::testing::Range(1U, 25U)), name_of);
INSTANTIATE_TEST_SUITE_P(Postgres, SubscriptionSimulation,
                         ::testing::Combine(::testing::Values("postgres"), ::testing::Range(1U, 4U)),
                         name_of);

/// A due row that is handed over again, as a second scheduler would: it finds nothing to do, and says so.
struct SubscriptionRuns : ::testing::TestWithParam<const char*> {};

TEST_P(SubscriptionRuns, TwiceIsOnce) {
  store::test::TestDatabase place;
  if (!place.open(GetParam())) GTEST_SKIP() << "that database is not here";
  Street street(place.database());
  street.subscribe(12, 10'000, cards[0]);
  street.fixture->clock.advance(Duration::days(31));
  street.fixture->run_due_work();
  const char* const second = "SELECT number, due_at, status FROM invoice_subscription_bills WHERE month = 2";
  const char* const charges =
      "SELECT count(*), count(*), count(*) FROM payment_attempts WHERE unattended = 1";
  const auto bill = street.rows(second);
  ASSERT_EQ(bill.size(), 1U);
  EXPECT_EQ(bill[0][2], static_cast<std::int64_t>(BillStatus::charging));
  class Again final : public engine::Command {
   public:
    Again(SubscriptionBook& book, const engine::DueRow& row, std::size_t& bills)
        : due_(book, row), bills_(bills) {}
    engine::Decision decide(engine::Unit& unit) override {
      const auto decision = std::get<engine::Accept>(due_.decide(unit));
      bills_ = ledger::decode_fields<BillsDue>(decision.payload)->bills.size();
      return engine::Refuse{Errc::not_found};
    }

   private:
    MakeBillsDue due_;
    std::size_t& bills_;
  };
  std::size_t bills = 99;
  const auto number = static_cast<BillNumber>(bill[0][0]);
  const engine::DueRow row{Instant{bill[0][1]}, engine::WorkKind::invoice_bill, number, number};
  street.fixture->run_each(std::make_unique<Again>(*street.subscriptions, row, bills));
  EXPECT_EQ(bills, 0U);
  street.settle();
  EXPECT_EQ(street.rows(second)[0][2], static_cast<std::int64_t>(BillStatus::done));
  EXPECT_EQ(street.rows(charges)[0][0], 1);
  check(street);
  EXPECT_EQ(street.fixture->verify(), "");
}

INSTANTIATE_TEST_SUITE_P(Databases, SubscriptionRuns, ::testing::ValuesIn(store::test::book_kinds),
                         [](const auto& each) { return std::string(each.param); });

}  // namespace
}  // namespace jangbu::invoice
