// The writer over a database that fails: commits whose outcome nobody knows, full disks, lost connections.
#include <gtest/gtest.h>

#include "engine/testing/book.h"
#include "engine/testing/faulty_database.h"
#include "engine/testing/shelf.h"
#include "store/test_database.h"

namespace jangbu::engine {
namespace {

using testing::CommitFault;
using testing::Outcome;
using testing::Put;
using testing::Thing;

const store::Sql things_sql{"SELECT count(*) FROM shelf_things"};
const store::Sql taken_count_sql{"SELECT count(*) FROM shelf_taken"};

struct WriterFaultTest : ::testing::TestWithParam<const char*> {
  void SetUp() override {
    if (!place.open(GetParam())) GTEST_SKIP() << "no " << GetParam() << " here";
    database.emplace(place.database());
    WriterOptions options;
    options.deferred_keys = 8;
    fixture.emplace(testing::only_a_shelf(faults), *database, options);
  }
  void TearDown() override {
    if (!fixture) return;
    EXPECT_EQ(fixture->verify(), "");
  }
  std::unique_ptr<Put> put(Thing thing, Outcome& outcome) {
    return std::make_unique<Put>(std::move(thing), outcome);
  }
  Outcome put_now(const std::string& name) {
    Outcome outcome;
    fixture->run_each(put({name, 1, {}, {}}, outcome));
    EXPECT_EQ(outcome.calls, 1);
    return outcome;
  }
  std::int64_t count(const store::Sql& sql) {
    const auto session = place.database().open_reader().value();
    return store::test::integer_of(*session, sql);
  }
  Writer& writer() { return *fixture->writer; }

  testing::ShelfFaults faults;
  store::test::TestDatabase place;
  std::optional<testing::FaultyDatabase> database;
  std::optional<testing::WriterFixture> fixture;
};

TEST_P(WriterFaultTest, AnUnknownOutcomeThatWasStoredIsASuccess) {
  for (int i = 0; i < 20; ++i) put_now("earlier " + std::to_string(i));
  for (int round = 0; round < 3; ++round) {
    const std::string tag = std::to_string(round);
    Outcome a, b, refused;
    database->fail_commit(CommitFault::unknown_stored);
    fixture->run_each(put({"a" + tag, 1, {}, {}}, a), put({"", 1, {}, {}}, refused),
                      put({"b" + tag, 1, {}, {}}, b));
    EXPECT_TRUE(a.succeeded());
    EXPECT_TRUE(b.succeeded());
    EXPECT_TRUE(refused.failed_with(Errc::invalid_parameters));
    EXPECT_EQ(writer().counters().unknown_outcomes, static_cast<std::uint64_t>(round) + 1);
    // The next batch knows what the lost one did.
    const Outcome again = put_now("a" + tag);
    EXPECT_TRUE(again.succeeded());
    EXPECT_EQ(again.answer, a.answer);
  }
  EXPECT_EQ(count(things_sql), 26);
}

TEST_P(WriterFaultTest, AnUnknownOutcomeThatWasLostSaysSo) {
  put_now("earlier");
  Outcome a, b;
  database->fail_commit(CommitFault::unknown_lost);
  fixture->run_each(put({"a", 1, {}, {}}, a), put({"b", 1, {}, {}}, b));
  EXPECT_TRUE(a.failed_with(Errc::outcome_unknown));
  EXPECT_TRUE(b.failed_with(Errc::outcome_unknown));
  EXPECT_EQ(count(things_sql), 1);
  EXPECT_TRUE(put_now("a").succeeded());
  EXPECT_TRUE(put_now("b").succeeded());
  EXPECT_EQ(count(things_sql), 3);
}

TEST_P(WriterFaultTest, AnUnknownOutcomeOfDueWork) {
  for (const auto fault : {CommitFault::unknown_stored, CommitFault::unknown_lost}) {
    Outcome due;
    fixture->run_each(put({fault == CommitFault::unknown_lost ? "lost" : "stored", 1, 1, {}}, due));
    fixture->clock.advance(Duration::seconds(60));
    database->fail_commit(fault);
    fixture->run({});
    fixture->clock.advance(Duration::seconds(5));
    fixture->run({});
  }
  EXPECT_EQ(count(taken_count_sql), 2) << "each once";
}

TEST_P(WriterFaultTest, AnUnknownOutcomeWhileTheCulpritIsLookedFor) {
  // The batch fails because of the second, so each goes alone; then the first one's commit is lost.
  struct Row {
    CommitFault fault;
    std::optional<Errc> first;
  };
  int round = 0;
  for (const Row& row : {Row{CommitFault::unknown_stored, std::nullopt},
                         Row{CommitFault::unknown_lost, Errc::outcome_unknown}}) {
    const std::string tag = std::to_string(round++);
    SCOPED_TRACE(tag);
    Outcome first, culprit, last;
    // On PostgreSQL the constraint shows at commit, on SQLite before it.
    database->fail_commit(row.fault, Errc::database_unavailable,
                          place.database().engine() == store::Engine::postgres ? 2 : 1);
    fixture->run_each(put({"first" + tag, 1, {}, {}}, first), put({"culprit", -1, {}, {}}, culprit),
                      put({"last" + tag, 1, {}, {}}, last));
    EXPECT_EQ(first.calls, 1);
    EXPECT_EQ(first.error ? std::optional(first.error->code) : std::nullopt, row.first);
    EXPECT_TRUE(culprit.failed_with(Errc::internal));
    EXPECT_TRUE(last.succeeded()) << to_string(last.error.value_or(Errc::internal));
  }
  EXPECT_EQ(count(things_sql), 3);
}

TEST_P(WriterFaultTest, AFullDiskIsEverybodysRetry) {
  EXPECT_TRUE(put_now("earlier").succeeded());
  struct Row {
    const char* name;
    bool at_commit;
    Errc code;
  };
  for (const Row& row :
       {Row{"writes", false, Errc::disk_full}, Row{"commit", true, Errc::disk_full},
        Row{"busy writes", false, Errc::database_busy}, Row{"busy commit", true, Errc::database_busy}}) {
    SCOPED_TRACE(row.name);
    Outcome a, b, refused;
    if (row.at_commit) {
      database->fail_commit(CommitFault::rolled_back, row.code);
    } else {
      database->fail_writes(row.code);
    }
    const auto number = writer().head().number;
    fixture->run_each(put({"a", 1, {}, {}}, a), put({"", 1, {}, {}}, refused), put({"b", 1, {}, {}}, b));
    EXPECT_TRUE(a.failed_with(row.code));
    EXPECT_TRUE(b.failed_with(row.code));
    EXPECT_EQ(refused.calls, 1);
    EXPECT_EQ(count(things_sql), 1) << "nothing is stored";
    EXPECT_EQ(writer().head().number, number);
    database->fail_writes(std::nullopt);
  }
  EXPECT_TRUE(put_now("a").succeeded());
  EXPECT_TRUE(put_now("b").succeeded());
  EXPECT_EQ(count(things_sql), 3);
}

TEST_P(WriterFaultTest, ADiskThatIsFullForDueWorkIsTriedAgainAfterAPause) {
  Outcome due;
  fixture->run_each(put({"due", 1, 1, {}}, due));
  fixture->clock.advance(Duration::seconds(2));
  database->fail_writes(Errc::disk_full);
  fixture->run({});
  EXPECT_EQ(writer().next_wake(), fixture->clock.wall_now() + Duration::seconds(5))
      << "neither never nor at once";
  database->fail_writes(std::nullopt);
  fixture->clock.advance(Duration::seconds(5));
  fixture->run({});
  EXPECT_EQ(count(taken_count_sql), 1);
}

TEST_P(WriterFaultTest, ALostConnectionIsOpenedAgain) {
  EXPECT_TRUE(put_now("earlier").succeeded());
  database->fail_writes(Errc::database_unavailable);
  EXPECT_TRUE(put_now("a").failed_with(Errc::database_unavailable));
  database->fail_writes(std::nullopt);
  database->refuse_sessions(true);
  EXPECT_TRUE(put_now("a").failed_with(Errc::database_unavailable));
  EXPECT_FALSE(writer().is_writer());
  database->refuse_sessions(false);
  EXPECT_TRUE(put_now("a").succeeded());
  EXPECT_TRUE(writer().is_writer());
  EXPECT_EQ(count(things_sql), 2);
}

TEST_P(WriterFaultTest, AnInputOutputErrorEndsTheSession) {
  EXPECT_TRUE(put_now("earlier").succeeded());
  database->fail_writes(Errc::io_error);
  Outcome a, b;
  fixture->run_each(put({"a", 1, {}, {}}, a), put({"b", 1, {}, {}}, b));
  EXPECT_TRUE(a.failed_with(Errc::io_error));
  EXPECT_TRUE(b.failed_with(Errc::io_error));
  database->fail_writes(std::nullopt);
  EXPECT_TRUE(put_now("a").succeeded());
  EXPECT_EQ(count(things_sql), 2);
}

TEST_P(WriterFaultTest, AnAddressThatCannotBePublishedIsInNobodysWay) {
  for (const bool at_commit : {false, true}) {
    if (at_commit) {
      database->fail_commit(CommitFault::rolled_back, Errc::disk_full);
    } else {
      database->fail_writes(Errc::disk_full);
    }
    const Status refused = writer().publish_url("http://127.0.0.1:1");
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().code, Errc::disk_full);
    database->fail_writes(std::nullopt);
    EXPECT_TRUE(put_now(at_commit ? "a" : "b").succeeded());
  }
  EXPECT_TRUE(writer().publish_url("http://127.0.0.1:1").ok());
}

TEST_P(WriterFaultTest, SettlingOnAFullDiskLosesNothing) {
  for (int i = 0; i < 12; ++i) put_now("thing " + std::to_string(i));
  database->fail_writes(Errc::disk_full);
  writer().settle();
  database->fail_writes(std::nullopt);
  EXPECT_TRUE(put_now("thing 3").succeeded());
  fixture->restart();
  EXPECT_TRUE(put_now("thing 3").succeeded());
  EXPECT_EQ(count(things_sql), 12);
}

INSTANTIATE_TEST_SUITE_P(Databases, WriterFaultTest, ::testing::ValuesIn(store::test::database_kinds),
                         [](const auto& each) { return std::string(each.param); });

}  // namespace
}  // namespace jangbu::engine
