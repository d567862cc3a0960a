// The engine's threads: queue, deadlines, drain, readers, taking over.
#include "engine/engine.h"

#include <atomic>
#include <future>
#include <latch>
#include <semaphore>
#include <thread>

#include <gtest/gtest.h>

#include "engine/testing/book.h"
#include "engine/testing/faulty_database.h"
#include "engine/testing/shelf.h"
#include "engine/verify.h"
#include "store/test_database.h"

namespace jangbu::engine {
namespace {

using testing::Outcome;
using testing::Put;
using testing::Thing;

/// A command whose fate can be waited for.
class Waited final : public Command {
 public:
  Waited(Thing thing, std::function<void(const Outcome&)> done)
      : put_(std::move(thing), outcome_), done_(std::move(done)) {}
  void want(Unit& unit) override { put_.want(unit); }
  Decision decide(Unit& unit) override { return put_.decide(unit); }
  Bytes seal(const Record& record) override { return put_.seal(record); }
  void render(const Record& record) override { put_.render(record); }
  void succeeded() noexcept override {
    put_.succeeded();
    done_(outcome_);
  }
  void failed(const Error& error) noexcept override {
    put_.failed(error);
    done_(outcome_);
  }

 private:
  Outcome outcome_;
  Put put_;
  std::function<void(const Outcome&)> done_;
};

/// Holds the writer's thread until it is let go.
struct Gate {
  std::latch reached{1};
  std::latch opened{1};
  Outcome outcome;

  std::unique_ptr<Command> command() {
    return std::make_unique<testing::Misbehave>(
        [this](Unit&) -> Decision {
          reached.count_down();
          opened.wait();
          return Refuse{Errc::not_found};
        },
        outcome);
  }
};

struct EngineTest : ::testing::TestWithParam<const char*> {
  void SetUp() override {
    if (!place.open(GetParam())) GTEST_SKIP() << "no " << GetParam() << " here";
  }
  void TearDown() override {
    if (!engine) return;
    engine.reset();
    Projections fresh = testing::only_a_shelf(faults)();
    ForkJoin fork_join(0);
    const auto verified =
        verify(place.database(), fresh, fork_join, [](std::string_view, std::uint64_t, std::uint64_t) {});
    EXPECT_TRUE(verified.ok()) << to_string(verified.error());
  }
  void start(EngineOptions options = {}) {
    auto started =
        Engine::start(place.database(), testing::only_a_shelf(faults)(), clock, random, std::move(options));
    ASSERT_TRUE(started.ok()) << to_string(started.error());
    engine = std::move(*started);
  }
  Outcome put_now(const std::string& name, std::optional<std::int64_t> waiting_s = {}) {
    std::promise<Outcome> promise;
    const Status submitted = engine->submit(std::make_unique<Waited>(
        Thing{name, 1, waiting_s, {}}, [&](const Outcome& outcome) { promise.set_value(outcome); }));
    if (!submitted) return Outcome{1, submitted.error(), 0, {}};
    return promise.get_future().get();
  }
  Status submit(const std::string& name, Outcome& into) {
    return engine->submit(std::make_unique<Waited>(Thing{name, 1, {}, {}},
                                                   [&into](const Outcome& outcome) { into = outcome; }));
  }

  testing::ShelfFaults faults;
  testing::ManualClock clock{testing::example_moment};
  testing::CountingRandom random;
  store::test::TestDatabase place;
  std::unique_ptr<Engine> engine;
};

// A queue that never emptied once kept the log from ever being put away.
TEST_P(EngineTest, ABusyQueueLeavesTimeForTheDatabasesUpkeep) {
  constexpr int commands = 50;
  testing::FaultyDatabase database(place.database());
  EngineOptions options;
  options.max_batch_commands = 1;
  auto started = Engine::start(database, testing::only_a_shelf(faults)(), clock, random, options);
  ASSERT_TRUE(started.ok());
  engine = std::move(*started);
  Gate gate;
  ASSERT_TRUE(engine->submit(gate.command()).ok());
  gate.reached.wait();
  std::latch answered(commands);
  for (int i = 0; i < commands; ++i)
    ASSERT_TRUE(engine
                    ->submit(std::make_unique<Waited>(Thing{"thing " + std::to_string(i), 1, {}, {}},
                                                      [&](const Outcome&) { answered.count_down(); }))
                    .ok());
  const int before = database.upkeeps();
  gate.opened.count_down();
  answered.wait();
  EXPECT_GE(database.upkeeps() - before, commands - 1);
  engine.reset();
}

// An answer once came before the status of the book knew of it.
TEST_P(EngineTest, WhoIsAnsweredFindsTheHeadOfTheAnswer) {
  start();
  std::promise<std::uint64_t> head;
  ASSERT_TRUE(
      engine
          ->submit(std::make_unique<Waited>(
              Thing{"cup", 1, {}, {}}, [&](const Outcome&) { head.set_value(engine->status().head.number); }))
          .ok());
  EXPECT_EQ(head.get_future().get(), 2U);
}

TEST_P(EngineTest, AnswersCommands) {
  std::atomic<int> batches{0};
  auto started = Engine::start(place.database(), testing::only_a_shelf(faults)(), clock, random, {},
                               [&](const BatchTimes& times) { batches += static_cast<int>(times.commands); });
  ASSERT_TRUE(started.ok());
  engine = std::move(*started);
  EXPECT_TRUE(engine->is_writer());
  const Outcome first = put_now("cup");
  EXPECT_TRUE(first.succeeded());
  EXPECT_EQ(put_now("cup").answer, first.answer);
  EXPECT_TRUE(put_now("").failed_with(Errc::invalid_parameters));
  EXPECT_TRUE(engine->drain(10'000));
  EXPECT_EQ(batches, 3);
  EXPECT_EQ(engine->status().head.number, 2U);
  EXPECT_EQ(engine->status().writer.refused, 1U);
}

TEST_P(EngineTest, ACommandIsDecidedAndAnsweredInTheTraceOfWhoeverSubmitsIt) {
  start();
  std::promise<std::vector<PlacedEvent>> told;
  engine->observe_events([&](std::vector<PlacedEvent> events) { told.set_value(std::move(events)); });
  Trace trace;
  trace.id[0] = 1;
  std::promise<Trace> answered;
  {
    const TraceScope scope(trace);
    ASSERT_TRUE(
        engine
            ->submit(std::make_unique<Waited>(Thing{"cup", 1, {}, "webhook:1"},
                                              [&](const Outcome&) { answered.set_value(current_trace()); }))
            .ok());
  }
  EXPECT_EQ(answered.get_future().get(), trace);
  const auto events = told.get_future().get();
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0].trace, trace);
  const auto session = place.database().open_reader().value();
  const auto stored = Outbox::peek(*session, 0, 10);
  ASSERT_TRUE(stored.ok());
  EXPECT_FALSE(stored->at(0).trace) << "it is not stored";
}

TEST_P(EngineTest, AFullQueueRefusesAtTheDoor) {
  EngineOptions options;
  options.max_queue_commands = 3;
  start(options);
  Gate gate;
  ASSERT_TRUE(engine->submit(gate.command()).ok());
  gate.reached.wait();
  std::vector<Outcome> outcomes(4);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_TRUE(submit("thing " + std::to_string(i), outcomes[i]).ok());
  const Status refused = submit("one too many", outcomes[3]);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, Errc::overloaded);
  EXPECT_EQ(engine->status().queued_commands, 3U);
  EXPECT_EQ(engine->status().refused_overload, 1U);
  gate.opened.count_down();
  EXPECT_TRUE(engine->drain(10'000));
  for (std::size_t i = 0; i < 3; ++i) EXPECT_TRUE(outcomes[i].succeeded());
  EXPECT_EQ(outcomes[3].calls, 0) << "a refused command hears nothing more";
}

TEST_P(EngineTest, BytesCountToo) {
  EngineOptions options;
  options.max_queue_bytes = 600;
  start(options);
  Gate gate;
  ASSERT_TRUE(engine->submit(gate.command()).ok());
  gate.reached.wait();
  std::vector<Outcome> outcomes(3);
  EXPECT_TRUE(submit("a", outcomes[0]).ok());
  EXPECT_TRUE(submit("b", outcomes[1]).ok());
  EXPECT_FALSE(submit("c", outcomes[2]).ok()) << "three of 256 bytes are more than 600";
  gate.opened.count_down();
  EXPECT_TRUE(engine->drain(10'000));
}

TEST_P(EngineTest, ACommandThatWaitedTooLongIsDropped) {
  start();
  Gate gate;
  ASSERT_TRUE(engine->submit(gate.command()).ok());
  gate.reached.wait();
  Outcome late, fresh;
  EXPECT_TRUE(submit("late", late).ok());
  clock.advance(Duration::milliseconds(10'001));
  EXPECT_TRUE(submit("fresh", fresh).ok());
  gate.opened.count_down();
  EXPECT_TRUE(engine->drain(10'000));
  EXPECT_TRUE(late.failed_with(Errc::deadline_passed));
  EXPECT_TRUE(fresh.succeeded());
  EXPECT_EQ(engine->status().refused_deadline, 1U);
}

TEST_P(EngineTest, DrainAnswersWhatWaitsAndRefusesWhatComes) {
  start();
  Gate gate;
  ASSERT_TRUE(engine->submit(gate.command()).ok());
  gate.reached.wait();
  std::deque<Outcome> outcomes(600);
  for (std::size_t i = 0; i < outcomes.size(); ++i)
    ASSERT_TRUE(submit("thing " + std::to_string(i), outcomes[i]).ok());
  gate.opened.count_down();
  EXPECT_TRUE(engine->drain(60'000));
  for (const Outcome& outcome : outcomes) EXPECT_TRUE(outcome.succeeded());
  Outcome late;
  const Status refused = submit("late", late);
  ASSERT_FALSE(refused.ok());
  EXPECT_TRUE(refused.error().code == Errc::shutting_down || refused.error().code == Errc::not_the_writer);
  EXPECT_TRUE(engine->drain(1000)) << "twice is no harm";
}

TEST_P(EngineTest, DrainWithoutPatienceFailsWhatWaits) {
  start();
  Gate gate;
  ASSERT_TRUE(engine->submit(gate.command()).ok());
  gate.reached.wait();
  Outcome waiting;
  ASSERT_TRUE(submit("waiting", waiting).ok());
  std::promise<bool> clean;
  std::thread drainer([&] { clean.set_value(engine->drain(0)); });
  // The drain has given up when a command is refused.
  Outcome unused;
  for (Status refused; refused.ok() || refused.error().code != Errc::shutting_down;
       refused = submit("", unused))
    std::this_thread::yield();
  gate.opened.count_down();
  drainer.join();
  EXPECT_FALSE(clean.get_future().get());
  EXPECT_TRUE(waiting.failed_with(Errc::shutting_down)) << "it was queued behind a batch that ran";
}

TEST_P(EngineTest, ManyThreadsSubmit) {
  start();
  constexpr int threads = 64;
  constexpr int each = 20;
  std::atomic<int> fresh_answers{0};
  std::mutex mutex;
  std::map<std::string, Bytes> answers;
  std::vector<std::thread> clients;
  for (int t = 0; t < threads; ++t)
    clients.emplace_back([&, t] {
      for (int i = 0; i < each; ++i) {
        // Four threads ask for the same thing.
        const std::string name = std::to_string(t / 4) + "-" + std::to_string(i);
        const Outcome outcome = put_now(name);
        ASSERT_TRUE(outcome.succeeded());
        const std::lock_guard lock(mutex);
        const auto [known, fresh] = answers.try_emplace(name, outcome.answer);
        EXPECT_EQ(known->second, outcome.answer);
        fresh_answers += fresh ? 1 : 0;
      }
    });
  for (std::thread& client : clients) client.join();
  EXPECT_EQ(fresh_answers, threads / 4 * each);
  EXPECT_TRUE(engine->drain(10'000));
  // Things, a tally for ten of them, and the genesis.
  EXPECT_EQ(engine->status().head.number, 1U + 320 + 32);
}

TEST_P(EngineTest, ReadsSeeWhatWasAnswered) {
  start();
  for (int i = 0; i < 40; ++i) {
    const std::string name = "thing " + std::to_string(i);
    const Outcome outcome = put_now(name);
    ASSERT_TRUE(outcome.succeeded());
    std::promise<std::optional<std::uint64_t>> found;
    std::promise<bool> missing;
    engine->read(
        [&](store::Session& session) {
          found.set_value(engine->find_key(session, testing::name_digest(name)).value());
          missing.set_value(!engine->find_key(session, testing::name_digest("nobody")).value());
        },
        [](const Error& error) { ADD_FAILURE() << to_string(error); });
    EXPECT_EQ(found.get_future().get(), outcome.record);
    EXPECT_TRUE(missing.get_future().get());
  }
}

TEST_P(EngineTest, TheClockMovesAndItsWorkIsDone) {
  start();
  EXPECT_TRUE(put_now("soon", 10).succeeded());
  EXPECT_TRUE(put_now("later", 20 * 86'400).succeeded());
  std::promise<Result<Instant>> moved;
  ASSERT_TRUE(engine->move_clock(Duration::days(30), [&](Result<Instant> at) { moved.set_value(at); }).ok());
  const auto reached = moved.get_future().get();
  ASSERT_TRUE(reached.ok());
  EXPECT_EQ(*reached, testing::example_moment + Duration::days(30));
  EXPECT_EQ(engine->business_now(), *reached);
  std::promise<std::int64_t> taken;
  engine->read(
      [&](store::Session& session) {
        static const store::Sql sql{"SELECT count(*) FROM shelf_taken"};
        taken.set_value(store::test::integer_of(session, sql));
      },
      [](const Error&) {});
  EXPECT_EQ(taken.get_future().get(), 2);
  std::promise<Result<Instant>> refused;
  ASSERT_TRUE(engine->move_clock(Duration{}, [&](Result<Instant> at) { refused.set_value(at); }).ok());
  EXPECT_EQ(refused.get_future().get().error().code, Errc::invalid_parameters) << "only forward";
}

TEST_P(EngineTest, AClockThatIsHeldStandsUntilItIsLetGo) {
  start();
  EXPECT_TRUE(put_now("later", 20 * 86'400).succeeded());
  std::atomic<bool> holds = true;
  engine->hold_clock([&] { return holds.load(); });
  std::promise<Result<Instant>> moved;
  auto reached = moved.get_future();
  ASSERT_TRUE(engine->move_clock(Duration::days(30), [&](Result<Instant> at) { moved.set_value(at); }).ok());
  // What comes meanwhile happens at the moment that was reached, and falls due counted from there.
  const Outcome meanwhile = put_now("meanwhile", 10 * 86'400);
  ASSERT_TRUE(meanwhile.succeeded());
  static const store::Sql sql{"SELECT count(*) FROM shelf_taken"};
  const auto session = place.database().open_reader().value();
  EXPECT_EQ(load_record(*session, meanwhile.record)->recorded_at, testing::example_moment);
  EXPECT_EQ(store::test::integer_of(*session, sql), 0);
  EXPECT_EQ(reached.wait_for(std::chrono::milliseconds(20)), std::future_status::timeout);
  holds = false;
  EXPECT_EQ(reached.get().value(), testing::example_moment + Duration::days(30));
  EXPECT_EQ(store::test::integer_of(*session, sql), 2);
  engine->hold_clock({});
}

// It once spun until the pause was over, and then said that all had been done.
TEST_P(EngineTest, AClockThatMovedBeforeWorkThatFailsSaysSo) {
  testing::FaultyDatabase database(place.database());
  auto started = Engine::start(database, testing::only_a_shelf(faults)(), clock, random, {});
  ASSERT_TRUE(started.ok());
  engine = std::move(*started);
  const auto move = [&](Duration by) {
    std::promise<Result<Instant>> moved;
    const Status queued = engine->move_clock(by, [&](Result<Instant> at) { moved.set_value(at); });
    return queued ? moved.get_future().get() : Result<Instant>(queued.error());
  };
  struct Row {
    const char* name;
    bool due_breaks;
    testing::CommitFault commit;
  };
  for (const Row& row : {Row{"a bug", true, testing::CommitFault::none},
                         Row{"a full disk", false, testing::CommitFault::rolled_back},
                         Row{"a lost commit", false, testing::CommitFault::unknown_lost}}) {
    SCOPED_TRACE(row.name);
    EXPECT_TRUE(put_now(row.name, 10).succeeded());
    faults.due_breaks = row.due_breaks;
    // The first commit is that of the move.
    if (row.commit != testing::CommitFault::none) database.fail_commit(row.commit, Errc::disk_full, 2);
    const Instant before = engine->business_now();
    const Result<Instant> failed = move(Duration::seconds(60));
    ASSERT_FALSE(failed.ok());
    EXPECT_EQ(failed.error().code, Errc::due_work_unfinished);
    EXPECT_EQ(error_class(failed.error().code), ErrorClass::retry);
    EXPECT_EQ(engine->business_now(), before + Duration::seconds(60)) << "the clock has moved";
    faults.due_breaks = false;
    clock.advance(Duration::seconds(5));
    EXPECT_TRUE(move(Duration::seconds(1)).ok()) << "the work is done now";
  }
  static const store::Sql sql{"SELECT count(*) FROM shelf_taken"};
  const auto session = place.database().open_reader().value();
  EXPECT_EQ(store::test::integer_of(*session, sql), 3);
  engine.reset();
}

TEST_P(EngineTest, BackgroundWorkComesByItself) {
  std::counting_semaphore<> background(0);
  auto started = Engine::start(place.database(), testing::only_a_shelf(faults)(), clock, random, {},
                               [&](const BatchTimes& times) {
                                 if (times.commands == 0) background.release();
                               });
  ASSERT_TRUE(started.ok());
  engine = std::move(*started);
  EXPECT_TRUE(put_now("soon", 1).succeeded());
  clock.advance(Duration::seconds(1));
  static const store::Sql sql{"SELECT count(*) FROM shelf_taken"};
  background.acquire();
  const auto session = place.database().open_reader().value();
  EXPECT_EQ(store::test::integer_of(*session, sql), 1);
  EXPECT_TRUE(engine->drain(10'000)) << "the observer ends before what it refers to";
}

TEST_P(EngineTest, OnlyOneNodeWritesAndAnotherTakesOver) {
  testing::FaultyDatabase first_database(place.database());
  auto first = Engine::start(first_database, testing::only_a_shelf(faults)(), clock, random, {});
  ASSERT_TRUE(first.ok());
  auto second = Engine::start(place.database(), testing::only_a_shelf(faults)(), clock, random, {});
  if (std::string(GetParam()) == "sqlite") {
    ASSERT_FALSE(second.ok());
    EXPECT_EQ(second.error().code, Errc::database_busy);
    return;
  }
  ASSERT_TRUE(second.ok());
  EXPECT_FALSE((*second)->is_writer());
  (*first)->advertise("http://first");
  const auto wait_for = [](const auto& condition) {
    for (int tries = 0; tries < 3000 && !condition(); ++tries)
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    return condition();
  };
  EXPECT_TRUE(wait_for([&] { return (*second)->writer_url() == "http://first"; }));
  engine = std::move(*first);
  const Outcome cup = put_now("cup");
  EXPECT_TRUE(cup.succeeded());
  std::swap(engine, *second);
  EXPECT_TRUE(put_now("jar").failed_with(Errc::not_the_writer));
  std::swap(engine, *second);
  first_database.cut_off();
  EXPECT_TRUE(put_now("jar").failed_with(Errc::database_unavailable));
  EXPECT_TRUE(wait_for([&] { return (*second)->is_writer(); }));
  EXPECT_TRUE(wait_for([&] { return !engine->is_writer(); }));
  EXPECT_TRUE(put_now("jar").failed_with(Errc::not_the_writer));
  std::swap(engine, *second);
  EXPECT_EQ(put_now("cup").answer, cup.answer) << "it knows what the first did";
  EXPECT_TRUE(put_now("jar").succeeded());
  second->reset();
}

INSTANTIATE_TEST_SUITE_P(Databases, EngineTest, ::testing::ValuesIn(store::test::database_kinds),
                         [](const auto& each) { return std::string(each.param); });

}  // namespace
}  // namespace jangbu::engine
