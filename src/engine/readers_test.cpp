#include "engine/readers.h"

#include <atomic>
#include <future>
#include <latch>
#include <stdexcept>

#include <gtest/gtest.h>

#include "engine/testing/faulty_database.h"
#include "engine/testing/tables.h"

namespace jangbu::engine {
namespace {

const store::Sql one_sql{"SELECT 1"};

TEST(ReadersTest, RunJobsInSnapshots) {
  testing::EmptyTables tables;
  tables.session->rollback();
  Readers readers(*tables.database, 2, 1000);
  std::atomic<int> done{0};
  for (int i = 0; i < 300; ++i)
    readers.submit(
        [&](store::Session& session) {
          std::int64_t value = 0;
          if (session.query(one_sql, {}, [&](const store::Row& row) {
                value = row.integer(0);
                return false;
              }))
            done += static_cast<int>(value);
        },
        [](const Error& error) { ADD_FAILURE() << to_string(error); });
  readers.stop();
  EXPECT_EQ(done, 300) << "stopping finishes what waits";
  EXPECT_EQ(readers.waiting(), 0U);
}

TEST(ReadersTest, AJobIsInTheTraceOfWhoeverAsked) {
  testing::EmptyTables tables;
  tables.session->rollback();
  Readers readers(*tables.database, 1, 10);
  Trace trace;
  trace.id[0] = 1;
  std::vector<Trace> seen;
  const auto job = [&](store::Session&) { seen.push_back(current_trace()); };
  const auto failed = [](const Error& error) { ADD_FAILURE() << to_string(error); };
  {
    const TraceScope scope(trace);
    readers.submit(job, failed);
  }
  readers.submit(job, failed);
  readers.stop();
  EXPECT_EQ(seen, (std::vector<Trace>{trace, Trace{}}));
}

TEST(ReadersTest, RefuseWhenFullAndWhenStopped) {
  testing::EmptyTables tables;
  tables.session->rollback();
  Readers readers(*tables.database, 1, 2);
  std::latch running(1);
  std::latch release(1);
  std::atomic<int> done{0};
  std::vector<Errc> refused;
  const auto job = [&](store::Session&) { ++done; };
  const auto failed = [&](const Error& error) { refused.push_back(error.code); };
  readers.submit(
      [&](store::Session&) {
        running.count_down();
        release.wait();
      },
      failed);
  running.wait();
  for (int i = 0; i < 3; ++i) readers.submit(job, failed);
  EXPECT_EQ(readers.waiting(), 2U);
  EXPECT_EQ(refused, std::vector<Errc>{Errc::overloaded});
  release.count_down();
  readers.stop();
  EXPECT_EQ(done, 2);
  readers.submit(job, failed);
  EXPECT_EQ(refused.back(), Errc::shutting_down);
}

TEST(ReadersTest, AJobThatThrowsHarmsNobody) {
  testing::EmptyTables tables;
  tables.session->rollback();
  Readers readers(*tables.database, 1, 10);
  std::promise<bool> after;
  readers.submit([](store::Session&) { throw std::runtime_error("the test wants it so"); },
                 [](const Error&) {});
  readers.submit(
      [&](store::Session& session) {
        after.set_value(session.query(one_sql, {}, [](const auto&) { return true; }).ok());
      },
      [](const Error&) {});
  EXPECT_TRUE(after.get_future().get());
}

TEST(ReadersTest, WithoutADatabaseTheJobFailsAndTheNextTriesAgain) {
  testing::EmptyTables tables;
  tables.session->rollback();
  testing::FaultyDatabase database(*tables.database);
  database.refuse_sessions(true);
  Readers readers(database, 1, 10);
  std::promise<Errc> failed;
  readers.submit([](store::Session&) { ADD_FAILURE() << "there is no session"; },
                 [&](const Error& error) { failed.set_value(error.code); });
  EXPECT_EQ(failed.get_future().get(), Errc::database_unavailable);
  database.refuse_sessions(false);
  std::promise<void> ran;
  readers.submit([&](store::Session&) { ran.set_value(); },
                 [](const Error& error) { ADD_FAILURE() << to_string(error); });
  ran.get_future().get();
}

}  // namespace
}  // namespace jangbu::engine
