#include "engine/writer.h"

#include <random>

#include <gtest/gtest.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/spdlog.h>

#include "engine/engine_records.h"
#include "engine/testing/book.h"
#include "engine/testing/shelf.h"
#include "store/test_database.h"

namespace jangbu::engine {
namespace {

using testing::Misbehave;
using testing::Outcome;
using testing::Put;
using testing::Thing;

const store::Sql names_sql{"SELECT name FROM shelf_things ORDER BY sequence"};
const store::Sql sequences_sql{"SELECT sequence FROM shelf_things ORDER BY record"};
const store::Sql taken_sql{"SELECT at FROM shelf_taken ORDER BY record"};
const store::Sql tallies_sql{"SELECT things FROM shelf_tallies ORDER BY record"};
const store::Sql due_sql{"SELECT count(*) FROM engine_due"};

/// Every test runs on both databases and ends with a book that verifies.
struct WriterTest : ::testing::TestWithParam<const char*> {
  void SetUp() override {
    if (!place.open(GetParam())) GTEST_SKIP() << "no " << GetParam() << " here";
    start();
  }
  void TearDown() override {
    if (!fixture) return;
    EXPECT_EQ(fixture->verify(), "");
  }
  void start(WriterOptions options = {}) {
    options.deferred_keys = 24;  // few, so that slices are written in every test of some length
    fixture.emplace(testing::only_a_shelf(faults), place.database(), options);
  }
  std::unique_ptr<Put> put(Thing thing, Outcome& outcome) {
    return std::make_unique<Put>(std::move(thing), outcome);
  }
  Outcome put_now(Thing thing) {
    Outcome outcome;
    fixture->run_each(put(std::move(thing), outcome));
    EXPECT_EQ(outcome.calls, 1);
    return outcome;
  }
  std::vector<std::int64_t> numbers(const store::Sql& sql) {
    std::vector<std::int64_t> found;
    const auto session = place.database().open_reader().value();
    store::test::must(session->query(sql, {}, [&](const store::Row& row) {
      found.push_back(row.integer(0));
      return true;
    }));
    return found;
  }
  std::vector<std::string> names() {
    std::vector<std::string> found;
    const auto session = place.database().open_reader().value();
    store::test::must(session->query(names_sql, {}, [&](const store::Row& row) {
      found.emplace_back(row.bytes(0));
      return true;
    }));
    return found;
  }
  const Head& head() { return fixture->writer->head(); }

  testing::ShelfFaults faults;
  store::test::TestDatabase place;
  std::optional<testing::WriterFixture> fixture;
};

TEST_P(WriterTest, ANewBookHasOneRecord) {
  EXPECT_EQ(head().epoch, 1U);
  EXPECT_EQ(head().batch, 1U);
  EXPECT_EQ(head().number, 1U);
  EXPECT_EQ(head().business_at, testing::example_moment);
  EXPECT_EQ(head().offset, Duration{});
  const auto session = place.database().open_reader().value();
  const auto genesis = load_record(*session, 1);
  ASSERT_TRUE(genesis.ok());
  EXPECT_EQ(genesis->kind, genesis_kind);
  EXPECT_EQ(load_record(*session, 2).error().code, Errc::not_found);
  const auto stored = load_head(*session);
  ASSERT_TRUE(stored.ok());
  EXPECT_EQ(stored->hash, head().hash);
}

TEST_P(WriterTest, AcceptsRefusesAndRepeats) {
  const Outcome first = put_now({"cup", 3, {}, {}});
  EXPECT_TRUE(first.succeeded());
  EXPECT_EQ(first.record, 2U);
  EXPECT_TRUE(put_now({"cup", 4, {}, {}}).failed_with(Errc::already_exists));
  EXPECT_TRUE(put_now({"", 4, {}, {}}).failed_with(Errc::invalid_parameters));
  const Outcome again = put_now({"cup", 3, {}, {}});
  EXPECT_TRUE(again.succeeded());
  EXPECT_EQ(again.record, 2U);
  EXPECT_EQ(again.answer, first.answer);
  EXPECT_EQ(head().number, 2U) << "refusals and repeats store nothing";
  EXPECT_EQ(head().batch, 2U);
  EXPECT_EQ(fixture->writer->counters().refused, 2U);
  EXPECT_EQ(names(), std::vector<std::string>{"cup"});
}

TEST_P(WriterTest, ARepeatInTheSameBatchGetsTheFirstsAnswer) {
  Outcome first, repeat, other, conflict;
  fixture->run_each(put({"cup", 1, {}, {}}, first), put({"cup", 1, {}, {}}, repeat),
                    put({"jar", 1, {}, {}}, other), put({"cup", 2, {}, {}}, conflict));
  EXPECT_TRUE(first.succeeded());
  EXPECT_TRUE(repeat.succeeded());
  EXPECT_EQ(repeat.answer, first.answer);
  EXPECT_TRUE(other.succeeded());
  EXPECT_NE(other.answer, first.answer);
  EXPECT_TRUE(conflict.failed_with(Errc::already_exists));
  EXPECT_EQ(names(), (std::vector<std::string>{"cup", "jar"}));
}

TEST_P(WriterTest, NumbersHaveNoGapsAndRefusalsBurnNone) {
  std::vector<std::int64_t> expected;
  for (int batch = 0; batch < 5; ++batch) {
    std::vector<Outcome> outcomes(12);
    std::vector<std::unique_ptr<Command>> commands;
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
      const bool refused = i % 3 == 1;
      commands.push_back(
          put({refused ? "" : std::to_string(batch) + "-" + std::to_string(i), 0, {}, {}}, outcomes[i]));
      if (!refused) expected.push_back(static_cast<std::int64_t>(expected.size()) + 1);
    }
    fixture->run(std::move(commands));
    for (const Outcome& outcome : outcomes) EXPECT_EQ(outcome.calls, 1);
  }
  EXPECT_EQ(numbers(sequences_sql), expected);
  // Forty things and their tallies; and the genesis.
  EXPECT_EQ(numbers(tallies_sql), (std::vector<std::int64_t>{10, 10, 10, 10}));
  EXPECT_EQ(head().number, 45U);
}

TEST_P(WriterTest, EveryRecordOfABatchSharesItsTimes) {
  Outcome a, b;
  fixture->clock.advance(Duration::seconds(3));
  fixture->run_each(put({"a", 1, {}, {}}, a), put({"b", 1, {}, {}}, b));
  const auto session = place.database().open_reader().value();
  std::vector<Record> records;
  store::test::must(each_stored_record(*session, 1, 99, [&](const Record& record) {
    records.push_back(record);
    return true;
  }));
  ASSERT_EQ(records.size(), 3U);
  for (const std::size_t i : {1U, 2U}) {
    EXPECT_EQ(records[i].batch, 2U);
    EXPECT_EQ(records[i].recorded_at, testing::example_moment + Duration::seconds(3));
    EXPECT_EQ(records[i].wall_at, testing::example_moment + Duration::seconds(3));
    EXPECT_EQ(records[i].hash, chain_hash(records[i - 1].hash, i + 1, records[i].body()));
  }
  EXPECT_EQ(head().hash, records[2].hash);
}

TEST_P(WriterTest, BusinessTimeNeverGoesBack) {
  put_now({"a", 1, {}, {}});
  fixture->clock.advance(Duration::seconds(-3600));
  EXPECT_EQ(fixture->writer->business_now(), testing::example_moment);
  EXPECT_TRUE(put_now({"b", 1, {}, {}}).succeeded());
  EXPECT_EQ(head().business_at, testing::example_moment);
  fixture->clock.advance(Duration::seconds(3601));
  EXPECT_TRUE(put_now({"c", 1, {}, {}}).succeeded());
  EXPECT_EQ(head().business_at, testing::example_moment + Duration::seconds(1));
}

TEST_P(WriterTest, StartsAtAGivenMoment) {
  fixture.reset();
  store::test::TestDatabase other;
  ASSERT_TRUE(other.open(GetParam()));
  const Instant start_at = parse_rfc3339("2026-05-25T10:00:00+09:00").value();
  WriterOptions options;
  options.start_at = start_at;
  testing::WriterFixture sandbox(testing::only_a_shelf(faults), other.database(), options);
  EXPECT_EQ(sandbox.writer->head().business_at, start_at);
  sandbox.clock.advance(Duration::seconds(5));
  EXPECT_EQ(sandbox.writer->business_now(), start_at + Duration::seconds(5));
  // Only the first start counts.
  sandbox.options.start_at = start_at + Duration::days(400);
  sandbox.restart();
  EXPECT_EQ(sandbox.writer->business_now(), start_at + Duration::seconds(5));
  EXPECT_EQ(sandbox.verify(), "");
}

TEST_P(WriterTest, DueWorkIsDoneWhenItsTimeHasCome) {
  Outcome a, b, c;
  fixture->run_each(put({"a", 1, 10, {}}, a), put({"b", 1, 20, {}}, b), put({"c", 1, 10, {}}, c));
  EXPECT_FALSE(fixture->writer->due_work_waits());
  EXPECT_EQ(fixture->writer->next_wake(), testing::example_moment + Duration::seconds(10));
  EXPECT_EQ(numbers(due_sql), std::vector<std::int64_t>{2}) << "a and c share a row";
  fixture->clock.advance(Duration::microseconds(9'999'999));
  EXPECT_FALSE(fixture->writer->due_work_waits());
  fixture->clock.advance(Duration::microseconds(1));
  EXPECT_TRUE(fixture->writer->due_work_waits());
  fixture->run_due_work();
  const std::int64_t ten = (testing::example_moment + Duration::seconds(10)).us;
  EXPECT_EQ(numbers(taken_sql), (std::vector<std::int64_t>{ten, ten}));
  EXPECT_EQ(fixture->writer->next_wake(), testing::example_moment + Duration::seconds(20));
  fixture->restart();
  fixture->clock.advance(Duration::seconds(10));
  fixture->run_due_work();
  EXPECT_EQ(numbers(taken_sql), (std::vector<std::int64_t>{ten, ten + 10'000'000, ten})) << "by record";
  EXPECT_EQ(fixture->writer->next_wake(), std::nullopt);
}

TEST_P(WriterTest, AClockThatLeaptIsWalkedThroughInOrder) {
  for (const std::int64_t waiting : {5, 3, 86'400, 4, 2 * 86'400})
    EXPECT_TRUE(put_now({"thing " + std::to_string(waiting), 1, waiting, {}}).succeeded());
  Outcome moved;
  class Move final : public MoveClock {
   public:
    Move(Duration by, Outcome& outcome) : MoveClock(by), outcome_(outcome) {}
    void succeeded() noexcept override { ++outcome_.calls; }

   private:
    Outcome& outcome_;
  };
  fixture->run_each(std::make_unique<Move>(Duration::days(30), moved));
  EXPECT_TRUE(moved.succeeded());
  EXPECT_EQ(fixture->writer->business_now(), testing::example_moment + Duration::days(30));
  EXPECT_EQ(numbers(taken_sql), std::vector<std::int64_t>{}) << "the move's own batch is before the leap";
  fixture->run_due_work();
  const std::int64_t start = testing::example_moment.us;
  EXPECT_EQ(numbers(taken_sql),
            (std::vector<std::int64_t>{start + 5'000'000, start + 3'000'000, start + 86'400'000'000,
                                       start + 4'000'000, start + 2 * 86'400'000'000}))
      << "each at its own time";
  EXPECT_TRUE(put_now({"after", 1, {}, {}}).succeeded());
  EXPECT_EQ(head().business_at, testing::example_moment + Duration::days(30));
  fixture->restart();
  EXPECT_EQ(fixture->writer->business_now(), testing::example_moment + Duration::days(30));
}

TEST_P(WriterTest, OneDueRowABatchWhileClientsWait) {
  for (int i = 1; i <= 4; ++i) put_now({"due " + std::to_string(i), 1, i, {}});
  fixture->clock.advance(Duration::seconds(60));
  for (std::size_t done = 1; done <= 3; ++done) {
    EXPECT_TRUE(put_now({"busy " + std::to_string(done), 1, {}, {}}).succeeded());
    EXPECT_EQ(numbers(taken_sql).size(), done);
  }
}

TEST_P(WriterTest, EventsGoOutWithTheirRecords) {
  Outcome a, b, refused;
  fixture->run_each(put({"order 1", 1, {}, "webhook:1"}, a), put({"", 1, {}, "webhook:1"}, refused),
                    put({"order 2", 1, {}, "webhook:1"}, b));
  const auto session = place.database().open_reader().value();
  const auto events = Outbox::peek(*session, 0, 10);
  ASSERT_TRUE(events.ok());
  ASSERT_EQ(events->size(), 2U);
  EXPECT_EQ((*events)[0].id, 1U);
  EXPECT_EQ((*events)[0].record, a.record);
  EXPECT_EQ((*events)[0].event.document, "order 1");
  EXPECT_EQ((*events)[1].id, 2U);
  EXPECT_EQ((*events)[1].record, b.record);
}

TEST_P(WriterTest, ATokenIsUsedOnceAlsoByARefusedCommand) {
  const KeyDigest token = key_digest(KeyScope::purchase, 1, "token");
  const Instant until = fixture->clock.wall_now() + Duration::seconds(300);
  const auto use = [&](Decision otherwise) {
    Outcome outcome;
    fixture->run_each(std::make_unique<testing::Misbehave>(
        [&](Unit& unit) {
          if (!unit.tokens().take(unit.session(), token, until, unit.wall_now()))
            return Decision{Refuse{Errc::already_exists}};
          return otherwise;
        },
        outcome));
    return outcome;
  };
  const std::uint64_t head_before = head().number;
  EXPECT_TRUE(use(Refuse{Errc::invalid_parameters}).failed_with(Errc::invalid_parameters));
  EXPECT_TRUE(use(Beside{}).failed_with(Errc::already_exists)) << "the refused command had used it";
  fixture->restart();
  EXPECT_TRUE(use(Beside{}).failed_with(Errc::already_exists)) << "also after a restart";
  EXPECT_EQ(head().number, head_before) << "tokens make no records";
  fixture->clock.advance(Duration::seconds(301));
  EXPECT_TRUE(use(Beside{}).succeeded()) << "an id counts until its token has expired";
}

TEST_P(WriterTest, ABrokenInvariantIsTheCulpritsAlone) {
  struct Row {
    const char* name;
    bool in_apply;
  };
  for (const Row& row : {Row{"in decide", false}, Row{"in apply", true}}) {
    SCOPED_TRACE(row.name);
    const std::string tag = row.in_apply ? "-apply" : "-decide";
    Outcome before, culprit, after, repeat, refused;
    std::vector<std::unique_ptr<Command>> commands;
    commands.push_back(put({"before" + tag, 1, 10, "mail"}, before));
    if (row.in_apply) {
      faults.apply_breaks = "culprit";
      commands.push_back(put({"culprit", 1, 10, "mail"}, culprit));
    } else {
      commands.push_back(std::make_unique<Misbehave>(
          [](Unit&) -> Decision { INVARIANT(false, "the test wants it so"); }, culprit));
    }
    commands.push_back(put({"after" + tag, 1, 10, "mail"}, after));
    commands.push_back(put({"before" + tag, 1, 10, "mail"}, repeat));
    commands.push_back(put({"", 1, {}, {}}, refused));
    const auto violations = fixture->writer->counters().invariant_violations;
    fixture->run(std::move(commands));
    EXPECT_TRUE(before.succeeded());
    EXPECT_TRUE(culprit.failed_with(Errc::internal));
    EXPECT_TRUE(after.succeeded());
    EXPECT_TRUE(repeat.succeeded());
    EXPECT_EQ(repeat.answer, before.answer);
    EXPECT_TRUE(refused.failed_with(Errc::invalid_parameters));
    EXPECT_EQ(fixture->writer->counters().invariant_violations, violations + 2) << "in the batch and alone";
    EXPECT_EQ(fixture->verify(), "");
  }
  EXPECT_EQ(names(),
            (std::vector<std::string>{"before-decide", "after-decide", "before-apply", "after-apply"}));
  EXPECT_EQ(numbers(sequences_sql), (std::vector<std::int64_t>{1, 2, 3, 4})) << "no number is burnt";
  faults.apply_breaks.clear();
  EXPECT_TRUE(put_now({"culprit", 1, {}, {}}).succeeded());
}

/// What the log says while this lives, and in whose trace.
struct TracedLog final : spdlog::sinks::base_sink<std::mutex> {
  std::vector<std::pair<std::string, Trace>> lines;

 protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    lines.emplace_back(std::string(message.payload.data(), message.payload.size()), current_trace());
  }
  void flush_() override {}
};

TEST_P(WriterTest, TheLogTellsOfACommandInItsTrace) {
  Outcome before, culprit;
  std::vector<std::unique_ptr<Command>> commands;
  commands.push_back(put({"before", 1, {}, {}}, before));
  commands.push_back(std::make_unique<Misbehave>(
      [](Unit&) -> Decision { INVARIANT(false, "the test wants it so"); }, culprit));
  for (std::size_t i = 0; i < 2; ++i) commands[i]->trace.id[0] = static_cast<std::uint8_t>(i + 1);
  const Trace of_culprit = commands[1]->trace;
  const auto log = std::make_shared<TracedLog>();
  auto& sinks = spdlog::default_logger()->sinks();
  sinks.push_back(log);
  fixture->run(std::move(commands));
  sinks.pop_back();
  ASSERT_EQ(log->lines.size(), 3U) << "in the batch, of the batch, and alone";
  for (const auto& [text, trace] : log->lines) EXPECT_EQ(trace, of_culprit) << text;
  EXPECT_FALSE(current_trace());
}

TEST_P(WriterTest, BackgroundWorkIsInNobodysTrace) {
  std::vector<PlacedEvent> events;
  WriterOptions options;
  options.on_events = [&](const std::vector<PlacedEvent>& told) { events = told; };
  start(options);
  EXPECT_TRUE(put_now({"cup", 1, 10, "webhook:1"}).succeeded());
  ASSERT_EQ(events.size(), 1U);
  EXPECT_FALSE(events[0].trace);
  fixture->clock.advance(Duration::seconds(20));
  faults.due_breaks = true;
  Outcome outcome;
  auto command = put({"plate", 1, {}, "webhook:1"}, outcome);
  command->trace.id[0] = 1;
  const Trace trace = command->trace;
  const auto log = std::make_shared<TracedLog>();
  auto& sinks = spdlog::default_logger()->sinks();
  sinks.push_back(log);
  fixture->run_each(std::move(command));
  sinks.pop_back();
  EXPECT_TRUE(outcome.succeeded()) << "alone";
  ASSERT_EQ(log->lines.size(), 2U);
  for (const auto& [text, of] : log->lines) EXPECT_FALSE(of) << text;
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0].trace, trace);
  faults.due_breaks = false;
}

// Once all due work of all doors, and the blocks, waited behind one row.
TEST_P(WriterTest, ARowWhoseWorkIsAtFaultRestsAlone) {
  const Outcome broken = put_now({"broken", 1, 1, {}});
  for (int i = 0; i < 9; ++i) EXPECT_TRUE(put_now({"due " + std::to_string(i), 1, 2, {}}).succeeded());
  const std::vector<std::int64_t> one_tally{10};
  EXPECT_EQ(numbers(tallies_sql), one_tally);
  faults.due_breaks_of = broken.record;
  fixture->clock.advance(Duration::seconds(3));
  fixture->run({});
  EXPECT_EQ(fixture->writer->counters().failed_batches, 1U);
  EXPECT_TRUE(fixture->writer->due_work_rests());
  EXPECT_FALSE(fixture->writer->background_rests());
  while (fixture->writer->due_work_waits()) fixture->run({});
  EXPECT_EQ(numbers(taken_sql).size(), 9U) << "all but one";
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(put_now({"new " + std::to_string(i), 1, {}, {}}).succeeded());
  EXPECT_EQ(numbers(tallies_sql), (std::vector<std::int64_t>{10, 10})) << "the door's own work goes on";
  EXPECT_EQ(fixture->writer->counters().failed_batches, 1U);
  EXPECT_EQ(fixture->writer->next_wake(), testing::example_moment + Duration::seconds(8));
  fixture->clock.advance(Duration::seconds(5));
  fixture->run({});
  EXPECT_EQ(fixture->writer->counters().failed_batches, 2U) << "it is tried again";
  faults.due_breaks_of = 0;
  fixture->clock.advance(Duration::seconds(5));
  fixture->run({});
  EXPECT_EQ(numbers(taken_sql).size(), 10U);
  EXPECT_FALSE(fixture->writer->due_work_rests());
}

TEST_P(WriterTest, TheClockMovesForwardAndNotBeyondItsEnd) {
  const auto move = [&](Duration by) {
    Outcome moved;
    class Move final : public MoveClock {
     public:
      Move(Duration by, Outcome& outcome) : MoveClock(by), outcome_(outcome) {}
      void succeeded() noexcept override { ++outcome_.calls; }
      void failed(const Error& error) noexcept override {
        ++outcome_.calls;
        outcome_.error = error;
      }

     private:
      Outcome& outcome_;
    };
    fixture->run_each(std::make_unique<Move>(by, moved));
    return moved;
  };
  const Duration all{latest_business_time.us - testing::example_moment.us};
  for (const Duration by :
       {Duration{}, Duration{-1}, Duration{all.us + 1}, Duration{INT64_MAX}, Duration{INT64_MIN}})
    EXPECT_TRUE(move(by).failed_with(Errc::invalid_parameters)) << by.us;
  EXPECT_TRUE(move(all).succeeded());
  EXPECT_EQ(fixture->writer->business_now(), latest_business_time);
  EXPECT_TRUE(move(Duration{1}).failed_with(Errc::invalid_parameters));
  EXPECT_TRUE(put_now({"at the end", 1, {}, {}}).succeeded());
}

TEST_P(WriterTest, AConstraintOfTheDatabaseIsTheCulpritsAlone) {
  Outcome before, culprit, after;
  fixture->run_each(put({"before", 0, {}, {}}, before), put({"below zero", -1, {}, {}}, culprit),
                    put({"after", 0, {}, {}}, after));
  EXPECT_TRUE(before.succeeded());
  EXPECT_TRUE(culprit.failed_with(Errc::internal));
  EXPECT_TRUE(after.succeeded());
  EXPECT_EQ(names(), (std::vector<std::string>{"before", "after"}));
}

TEST_P(WriterTest, ADeclaredFailureOfTheStoreIsTheCulpritsAlone) {
  Outcome before, culprit, after;
  fixture->run_each(put({"before", 0, {}, {}}, before),
                    std::make_unique<Misbehave>(
                        [](Unit& unit) -> Decision { return Repeat{unit.record(4711).number}; }, culprit),
                    put({"after", 0, {}, {}}, after));
  EXPECT_TRUE(before.succeeded());
  EXPECT_TRUE(culprit.failed_with(Errc::internal));
  EXPECT_TRUE(after.succeeded());
}

TEST_P(WriterTest, FailingBackgroundWorkBlocksNobodyAndIsTriedAgain) {
  EXPECT_TRUE(put_now({"due", 1, 1, {}}).succeeded());
  faults.due_breaks = true;
  fixture->clock.advance(Duration::seconds(2));
  EXPECT_TRUE(put_now({"client 1", 1, {}, {}}).succeeded()) << "alone, after the batch with due work failed";
  const auto failed = fixture->writer->counters().failed_batches;
  EXPECT_EQ(failed, 1U);
  fixture->clock.advance(Duration::microseconds(4'999'999));
  EXPECT_TRUE(put_now({"client 2", 1, {}, {}}).succeeded());
  EXPECT_EQ(fixture->writer->counters().failed_batches, failed) << "not tried within five seconds";
  EXPECT_EQ(fixture->writer->next_wake(), testing::example_moment + Duration::seconds(7));
  fixture->clock.advance(Duration::microseconds(1));
  fixture->run({});
  EXPECT_EQ(fixture->writer->counters().failed_batches, failed + 1);
  EXPECT_EQ(fixture->writer->next_wake(), testing::example_moment + Duration::seconds(12))
      << "it is tried again although no client comes";
  faults.due_breaks = false;
  fixture->clock.advance(Duration::seconds(5));
  EXPECT_EQ(fixture->writer->next_wake(), fixture->clock.wall_now());
  fixture->run({});
  EXPECT_EQ(numbers(taken_sql).size(), 1U);
  EXPECT_EQ(names(), (std::vector<std::string>{"due", "client 1", "client 2"}));
}

TEST_P(WriterTest, RestartsInTheMiddleOfAnything) {
  std::mt19937 random(5);
  const auto below = [&](std::uint32_t n) { return static_cast<std::uint32_t>(random() % n); };
  std::map<std::string, Outcome> first;
  std::vector<std::string> expected;
  for (int round = 0; round < 60; ++round) {
    std::vector<std::unique_ptr<Command>> commands;
    std::deque<std::pair<std::string, Outcome>> outcomes;
    for (std::uint32_t i = below(12); i > 0; --i) {
      const std::string name = "thing " + std::to_string(below(250));
      const auto number = static_cast<std::int64_t>(std::hash<std::string>{}(name) % 50);
      outcomes.emplace_back(name, Outcome{});
      commands.push_back(put({name, number, number, number % 3 == 0 ? "mail" : ""}, outcomes.back().second));
    }
    fixture->run(std::move(commands));
    for (const auto& [name, outcome] : outcomes) {
      ASSERT_TRUE(outcome.succeeded());
      const auto [known, fresh] = first.try_emplace(name, outcome);
      ASSERT_EQ(known->second.answer, outcome.answer) << name;
      if (fresh) expected.push_back(name);
    }
    fixture->clock.advance(Duration::milliseconds(below(8000)));
    if (below(3) == 0) fixture->run_due_work();
    if (below(6) == 0) fixture->restart();
    if (below(9) == 0) fixture->writer->settle();
  }
  EXPECT_EQ(names(), expected);
  fixture->clock.advance(Duration::seconds(50));
  fixture->run_due_work();
  EXPECT_EQ(numbers(taken_sql).size(), expected.size());
}

TEST_P(WriterTest, SettlingLeavesNothingToReadAgain) {
  for (int i = 0; i < 30; ++i) put_now({"thing " + std::to_string(i), 1, {}, {}});
  const Hash hash = head().hash;
  fixture->writer->settle();
  EXPECT_EQ(fixture->writer->keys().known_through(), head().number);
  fixture->restart();
  EXPECT_EQ(head().hash, hash) << "it is no record";
  EXPECT_EQ(fixture->writer->keys().through(), head().number);
  EXPECT_TRUE(put_now({"thing 7", 1, {}, {}}).succeeded());
  EXPECT_TRUE(put_now({"thing 7", 2, {}, {}}).failed_with(Errc::already_exists));
}

// What another process wrote meanwhile is in the table, and the filter before it had not heard of that.
TEST_P(WriterTest, FindsTheKeysOfWhoeverWroteInBetween) {
  put_now({"cup", 1, {}, {}});
  fixture->writer->release();
  {
    testing::WriterFixture other(testing::only_a_shelf(faults), place.database(), {});
    Outcome outcome;
    other.run_each(put({"plate", 1, {}, {}}, outcome));
    EXPECT_TRUE(outcome.succeeded());
    other.writer->settle();
    other.writer->release();
  }
  EXPECT_TRUE(put_now({"plate", 2, {}, {}}).failed_with(Errc::already_exists));
  EXPECT_TRUE(put_now({"cup", 2, {}, {}}).failed_with(Errc::already_exists));
  EXPECT_TRUE(put_now({"plate", 1, {}, {}}).succeeded());
  EXPECT_EQ(names(), (std::vector<std::string>{"cup", "plate"}));
}

TEST_P(WriterTest, TheSameCommandsGiveTheSameHead) {
  const auto run = [&] {
    store::test::TestDatabase other;
    EXPECT_TRUE(other.open(GetParam()));
    testing::WriterFixture book(testing::only_a_shelf(faults), other.database());
    for (int i = 0; i < 25; ++i) {
      Outcome outcome;
      book.clock.advance(Duration::seconds(1));
      book.run_each(put({"thing " + std::to_string(i), i, i, "mail"}, outcome));
    }
    book.run_due_work();
    return book.writer->head().hash;
  };
  EXPECT_EQ(run(), run());
}

INSTANTIATE_TEST_SUITE_P(Databases, WriterTest, ::testing::ValuesIn(store::test::database_kinds),
                         [](const auto& each) { return std::string(each.param); });

}  // namespace
}  // namespace jangbu::engine
