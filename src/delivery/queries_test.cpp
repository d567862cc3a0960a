#include "delivery/queries.h"

#include <gtest/gtest.h>

#include "delivery/state.h"
#include "engine/schema.h"
#include "store/migration.h"
#include "store/test_database.h"

namespace jangbu::delivery {
namespace {

using store::Value;
using store::test::must;

/// Events 1 to 20,000, two in each second from second 1,000 on; every tenth is still pending.
class QueriesTest : public ::testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    if (!holder_.open(GetParam())) GTEST_SKIP() << "no " << GetParam();
    session_ = must(holder_.database().open_writer());
    std::vector<store::Migration> all(engine::migrations().begin(), engine::migrations().end());
    const State state;
    all.insert(all.end(), state.migrations().begin(), state.migrations().end());
    must(store::migrate(*session_, all));
    must(session_->begin());
    Mail mail;
    mail.to = "kim@example.com";
    mail.content = plain("s", "t", "");
    const auto event = mail_event("d", "t", mail);
    static const store::Sql insert{
        "INSERT INTO engine_outbox (id, record, created_at, destination, document, topic, payload, state, "
        "finished_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"};
    for (std::uint64_t id = 1; id <= events; ++id)
      must(session_->execute(
          insert, {Value::number(id), Value::number(id), Value::integer(at(id).us), Value::blob("mail"),
                   Value::blob("d"), Value::blob("t"), Value::blob(event.payload),
                   Value::integer(id % 10 == 0 ? 0 : 1), Value::integer(0)}));
  }

  static constexpr std::uint64_t events = 20'000;
  static Instant at(std::uint64_t id) { return second(1'000 + static_cast<std::int64_t>((id - 1) / 2)); }
  static Instant second(std::int64_t number) { return Instant{number * 1'000'000}; }

  std::vector<std::uint64_t> page(const DeliveryFilter& filter, std::uint64_t before = INT64_MAX) {
    std::vector<std::uint64_t> ids;
    for (const DeliveryRow& row : must(list_deliveries(*session_, filter, before, 5, true)).rows)
      ids.push_back(row.event.id);
    return ids;
  }

  store::test::TestDatabase holder_;
  std::unique_ptr<store::WriterSession> session_;
};
INSTANTIATE_TEST_SUITE_P(Databases, QueriesTest, ::testing::ValuesIn(store::test::book_kinds));

using Ids = std::vector<std::uint64_t>;

TEST_P(QueriesTest, AStretchOfTimeIsARangeOfIds) {
  const struct {
    const char* name;
    Instant from;
    Instant to;
    std::uint64_t first;
    std::uint64_t end;
  } rows[] = {
      {"all", Instant{0}, Instant{INT64_MAX}, 1, 20'001},
      {"from the first", second(1'000), Instant{INT64_MAX}, 1, 20'001},
      {"from after the first second", Instant{1'000'000'001}, Instant{INT64_MAX}, 3, 20'001},
      {"the last second", second(10'999), second(11'000), 19'999, 20'001},
      {"one in the middle", second(6'000), second(6'001), 10'001, 10'003},
      {"to before the first", Instant{0}, second(1'000), 1, 1},
      {"after the last", second(11'000), Instant{INT64_MAX}, 20'001, 20'001},
      {"nothing between", Instant{6'000'000'001}, Instant{6'000'000'002}, 10'003, 10'003},
  };
  for (const auto& row : rows) {
    const IdRange range = must(ids_between(*session_, row.from, row.to));
    EXPECT_EQ(range.first, row.first) << row.name;
    EXPECT_EQ(range.end, row.end) << row.name;
  }
}

TEST_P(QueriesTest, PagesOfAnOldStretch) {
  DeliveryFilter filter;
  filter.from = second(1'010);
  filter.to = second(1'014);
  EXPECT_EQ(page(filter), (Ids{28, 27, 26, 25, 24}));
  EXPECT_EQ(page(filter, 24), (Ids{23, 22, 21}));
  filter.state = engine::EventState::pending;
  EXPECT_EQ(page(filter), (Ids{}));
  filter.to = second(1'030);
  EXPECT_EQ(page(filter), (Ids{60, 50, 40, 30}));
  filter.channels = {Channel::sms};
  EXPECT_EQ(page(filter), (Ids{}));
}

/// It must not grow with what came later: the database is asked for the ids of the stretch alone.
TEST_P(QueriesTest, AnOldStretchIsNotLookedForInAllThatCameLater) {
  if (GetParam() != std::string("memory")) GTEST_SKIP() << "SQLite says how it looks";
  static const store::Sql plan{
      "EXPLAIN QUERY PLAN SELECT id FROM engine_outbox WHERE id >= $1 AND id < $2 ORDER BY id DESC LIMIT $3"};
  std::string steps;
  must(session_->query(plan, {Value::number(21), Value::number(29), Value::number(100)},
                       [&](const store::Row& row) {
                         steps += std::string(row.bytes(3)) + ";";
                         return true;
                       }));
  EXPECT_NE(steps.find("INTEGER PRIMARY KEY (rowid>? AND rowid<?)"), std::string::npos) << steps;
}

TEST_P(QueriesTest, AnEmptyOutboxHasNoIds) {
  static const store::Sql remove{"DELETE FROM engine_outbox"};
  must(session_->execute(remove, {}));
  const IdRange range = must(ids_between(*session_, second(1), second(2)));
  EXPECT_EQ(range.first, range.end);
}

}  // namespace
}  // namespace jangbu::delivery
