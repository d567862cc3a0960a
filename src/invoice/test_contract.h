// One contract for tests, on each database: what it and its bills are, and what people ask of it.
#pragma once

#include <optional>
#include <string>

#include "invoice/subscription_queries.h"
#include "invoice/subscription_tables.h"
#include "invoice/test_contracts.h"
#include "invoice/test_values.h"

namespace jangbu::invoice {

inline constexpr const char* good = "4242424242424242";
inline constexpr const char* poor_later = "4000000000000341";
inline constexpr const char* every_other = "4000000000000366";

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

}  // namespace jangbu::invoice
