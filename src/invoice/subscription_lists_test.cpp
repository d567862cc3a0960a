// Lists of a seller who has more subscriptions, bills and changes than one look would take.
#include <algorithm>
#include <functional>
#include <string>

#include "invoice/subscription_messages.h"
#include "invoice/subscription_queries.h"
#include "invoice/test_contracts.h"
#include "invoice/test_values.h"

namespace jangbu::invoice {
namespace {

constexpr std::uint64_t many = 10'300;
constexpr std::uint64_t limit = 20;

const store::Sql name_sql{"UPDATE invoice_subscriptions SET user_id = $1, search = $2 WHERE number = $3"};

/// On each of store::test::book_kinds: one contract with one change, and copies of both up to `many`. The
/// book does not verify.
struct ListTest : ::testing::TestWithParam<const char*> {
  ListTest() : is_there(place.open_or_memory(GetParam())), street(place.database()) {}
  void SetUp() override {
    if (!is_there) GTEST_SKIP() << "that database is not here";
    street.subscribe(12, 10'000, cards[0]);
    ChangeRequested asked;
    asked.keyed = Keyed{1, "", "", {}};
    asked.number = 1;
    street.fixture->run_each(std::make_unique<RequestChange>(
        *street.subscriptions, asked, [](const ChangeRequested&) { return Answer{}; },
        [](const auto& outcome) { EXPECT_EQ(outcome.index(), 0U); }));
    street.cashier.reset();
    street.fixture->writer.reset();
    copy();
    session = store::test::must(place.database().open_reader());
  }
  void copy() {
    const auto writer = store::test::must(place.database().open_writer());
    const std::string numbers =
        "WITH RECURSIVE numbers(n) AS (SELECT CAST(3 AS BIGINT) UNION ALL SELECT n + 1 FROM numbers WHERE n "
        "< " +
        std::to_string(many) + ") INSERT INTO ";
    store::test::must(writer->begin());
    store::test::must(writer->run_script(
        numbers +
        "invoice_subscriptions (number, app, ordinal, status, invoice, order_number, card, month, last_bill, "
        "ready, failed, request, started_at, paid_at, failed_at, wakes_at, ended_at, paused_at, rested, "
        "card_pages_from, hook, user_id, search, terms) "
        "SELECT n, CASE WHEN n % 50 = 0 THEN 2 ELSE 1 END, n - n / 50 - 1, 1 + n % 5, invoice, order_number, "
        "card, month, last_bill, ready, failed, request, started_at + n * 1000000, paid_at, failed_at, "
        "wakes_at, ended_at, paused_at, rested, "
        "card_pages_from, hook, user_id, search, terms "
        "FROM invoice_subscriptions, numbers WHERE number = 1"));
    store::test::must(writer->run_script(
        numbers +
        "invoice_subscription_bills (number, app, subscription, month, kind, status, amount, refunded, "
        "checkout, attempt, tries, made_at, due_at, retry_at, paid_at, failed_at, code, record) "
        "SELECT n, CASE WHEN n % 50 = 0 THEN 2 ELSE 1 END, CASE WHEN n % 50 = 0 THEN 50 ELSE 1 + 2 * (n % 3) "
        "END, month, kind, 1 + n % 6, amount, refunded, checkout, attempt, tries, made_at, due_at, retry_at, "
        "paid_at, failed_at, code, record FROM invoice_subscription_bills, numbers WHERE number = 1"));
    store::test::must(writer->run_script(
        numbers +
        "invoice_subscription_changes (number, app, subscription, type, status, record, made_at, closed_at) "
        "SELECT n, CASE WHEN n % 50 = 0 THEN 2 ELSE 1 END, CASE WHEN n % 50 = 0 THEN 50 ELSE 1 + 2 * (n % 3) "
        "END, 1 + n % 5, 1 + n % 3, record, made_at, closed_at FROM invoice_subscription_changes, numbers "
        "WHERE number = 1"));
    store::test::must(
        writer->run_script("UPDATE invoice_subscription_totals SET total = (SELECT count(*) FROM "
                           "invoice_subscriptions WHERE app "
                           "= 1)"));
    for (const std::uint64_t number : {1U, 5U, 9'999U})
      store::test::must(writer->execute(name_sql, {store::Value::blob("hong"), store::Value::blob("a needle"),
                                                   store::Value::number(number)}));
    store::test::must_commit(*writer);
  }
  [[nodiscard]] std::vector<std::uint64_t> numbers(const std::string& table, const std::string& which) const {
    std::vector<std::uint64_t> found;
    EXPECT_TRUE(session
                    ->query_text("SELECT number FROM " + table + " WHERE app = 1 AND " + which +
                                     " ORDER BY number DESC",
                                 {},
                                 [&](const store::Row& row) {
                                   found.push_back(row.number(0));
                                   return true;
                                 })
                    .ok());
    return found;
  }

  /// The first page of a list, two in the midst, the last and the one behind it are what the table has.
  template <typename View, typename List>
  void expect(const char* what, Result<Page<View>> (*read)(store::Session&, AppId, const List&), List list,
              const std::vector<std::uint64_t>& expected) {
    SCOPED_TRACE(what);
    ASSERT_FALSE(expected.empty());
    list.limit = limit;
    const std::uint64_t last = (expected.size() + limit - 1) / limit;
    for (const std::uint64_t number : {std::uint64_t{1}, last / 2 + 1, last / 2 + 2, last, last + 1}) {
      list.page = number;
      const auto page = read(*session, 1, list);
      ASSERT_TRUE(page.ok()) << to_string(page.error());
      EXPECT_TRUE(page->complete);
      EXPECT_EQ(page->count, expected.size());
      std::vector<std::uint64_t> found;
      for (const View& view : page->items) found.push_back(view.number);
      const std::size_t first = std::min<std::size_t>((number - 1) * limit, expected.size());
      const std::size_t end = std::min<std::size_t>(first + limit, expected.size());
      const auto at = [&](std::size_t place) {
        return expected.begin() + static_cast<std::ptrdiff_t>(place);
      };
      EXPECT_EQ(found, std::vector<std::uint64_t>(at(first), at(end))) << "page " << number;
    }
  }

  store::test::TestDatabase place;
  bool is_there;
  Street street;
  std::unique_ptr<store::Session> session;
};

TEST_P(ListTest, PagesReachEverySubscription) {
  const auto expect_list = [&](const char* what, const std::function<void(SubscriptionList&)>& change,
                               const std::string& which) {
    SubscriptionList list;
    change(list);
    expect(what, subscriptions_of_app, list, numbers("invoice_subscriptions", which));
  };
  const std::vector<std::vector<std::int64_t>> start =
      street.rows("SELECT started_at, number, app FROM invoice_subscriptions WHERE number = 1");
  const Instant from = Instant{start[0][0]} + Duration::seconds(2'000);
  const Instant to = Instant{start[0][0]} + Duration::seconds(9'000);
  const std::string days =
      " AND started_at >= " + std::to_string(from.us) + " AND started_at < " + std::to_string(to.us);
  expect_list(
      "all", [](auto&) {}, "1 = 1");
  expect_list(
      "of a status", [](auto& list) { list.status = 15; }, "status = 4");
  expect_list(
      "of days", [&](auto& list) { list.from = from, list.to = to; }, "1 = 1" + days);
  expect_list(
      "of a status and days", [&](auto& list) { list.status = 20, list.from = from, list.to = to; },
      "status = 5" + days);
  expect_list(
      "of a keyword", [](auto& list) { list.keyword = "needle"; }, "number IN (1, 5, 9999)");
  expect_list(
      "of a user", [](auto& list) { list.user_id = "hong"; }, "number IN (1, 5, 9999)");
  expect_list(
      "of a user and a status", [](auto& list) { list.user_id = "hong", list.status = 20; }, "number = 9999");
}

TEST_P(ListTest, PagesReachEveryBill) {
  const auto expect_list = [&](const char* what, const BillList& list, const std::string& which) {
    expect(what, bills_of_app, list, numbers("invoice_subscription_bills", which));
  };
  const auto view = subscription_by_number(*session, 1);
  ASSERT_TRUE(view.ok());
  const std::string first = object_id(IdKind::subscription, view->row.started_at, 1);
  BillList list;
  expect_list("all", list, "1 = 1");
  list.statuses = {1};
  expect_list("of a status", list, "status = 3");
  list.statuses = {-1, 20, 777};
  expect_list("of several", list, "status IN (4, 6)");
  list.subscription = first;
  expect_list("of one subscription and several statuses", list, "subscription = 1 AND status IN (4, 6)");
  list.statuses.clear();
  expect_list("of one subscription", list, "subscription = 1");
  list.keyword = "needle";
  expect_list("of one subscription that has the keyword", list, "subscription = 1");
  list.subscription.clear();
  expect_list("of a keyword", list, "subscription IN (1, 5)");
}

TEST_P(ListTest, PagesReachEveryChange) {
  const auto expect_list = [&](const char* what, const ChangeList& list, const std::string& which) {
    expect(what, changes_of_app, list, numbers("invoice_subscription_changes", which));
  };
  const auto view = subscription_by_number(*session, 1);
  ASSERT_TRUE(view.ok());
  ChangeList list;
  expect_list("all", list, "1 = 1");
  list.status = 0;
  expect_list("that wait", list, "status = 1");
  list.type = 2;
  expect_list("of a status and a type", list, "status = 1 AND type = 2");
  list.subscription = object_id(IdKind::subscription, view->row.started_at, 1);
  expect_list("of all three", list, "status = 1 AND type = 2 AND subscription = 1");
}

/// What nobody has, and what is no status at all.
TEST_P(ListTest, WhatFitsNothingIsAnEmptyPage) {
  SubscriptionList subscriptions;
  subscriptions.status = 777;
  BillList bills;
  bills.statuses = {777};
  ChangeList changes;
  changes.status = 777;
  EXPECT_EQ(subscriptions_of_app(*session, 1, subscriptions)->count, 0U);
  EXPECT_EQ(bills_of_app(*session, 1, bills)->count, 0U);
  EXPECT_EQ(changes_of_app(*session, 1, changes)->count, 0U);
  subscriptions.status.reset();
  subscriptions.page = 1'000'000;
  const auto far = subscriptions_of_app(*session, 1, subscriptions);
  EXPECT_EQ(far->items.size(), 0U);
  EXPECT_GT(far->count, 10'000U);
}

INSTANTIATE_TEST_SUITE_P(Databases, ListTest, ::testing::ValuesIn(store::test::book_kinds),
                         [](const auto& each) { return std::string(each.param); });

}  // namespace
}  // namespace jangbu::invoice
