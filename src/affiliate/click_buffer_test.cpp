#include "affiliate/click_buffer.h"

#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "affiliate/test_clicks.h"

namespace jangbu::affiliate {
namespace {

using engine::testing::CommitFault;

struct ClickBufferTest : ClicksTest {
  ClickBufferCounters counters() { return buffer->counters(); }
};

TEST_P(ClickBufferTest, OneRecordForAFlush) {
  for (std::uint64_t i = 0; i < 100; ++i) add(click_of(1, 2, visitor_of(i)));
  EXPECT_EQ(counters().waiting, 100U);
  EXPECT_TRUE(queue.empty()) << "nothing is submitted click by click";
  flush();
  EXPECT_EQ(fixture->writer->head().number, 2U);
  EXPECT_EQ(counters().waiting, 0U);
  buffer->flush();
  EXPECT_TRUE(queue.empty()) << "nothing waits";
}

TEST_P(ClickBufferTest, ARecordHoldsSoManyAndOneMinute) {
  ClickBufferOptions options;
  options.clicks_of_a_run = 10;
  open_buffer(options);
  for (std::uint64_t i = 0; i < 25; ++i) add(click_of(1, 2, visitor_of(i)));
  fixture->clock.advance(Duration::seconds(60));
  add(click_of(1, 2, visitor_of(99)));
  buffer->flush();
  EXPECT_EQ(queue.size(), 4U);
  run();
  EXPECT_EQ(list({}).clicks.size(), 26U);
}

TEST_P(ClickBufferTest, AFailedBatchIsTriedAgain) {
  const struct {
    const char* name;
    CommitFault fault;
    Errc error;
  } rows[] = {
      {"the disk was full", CommitFault::rolled_back, Errc::disk_full},
      {"the database went away", CommitFault::rolled_back, Errc::database_unavailable},
      {"nobody knows, and it was lost", CommitFault::unknown_lost, Errc::database_unavailable},
      {"nobody knows, and it was stored", CommitFault::unknown_stored, Errc::database_unavailable},
  };
  std::vector<ClickId> ids;
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    ids.push_back(add(click_of(1, 2, visitor_of(ids.size()), "u")));
    // A batch that fails is tried command by command: that fails, too.
    database->fail_commit(row.fault, row.error);
    database->fail_commit(row.fault, row.error);
    flush();
    ids.push_back(add(click_of(1, 2, visitor_of(ids.size()), "u")));
    for (int tries = 0; tries < 5 && counters().waiting != 0; ++tries) flush();
    EXPECT_EQ(counters().waiting, 0U);
    EXPECT_EQ(counters().lost, 0U);
    for (const ClickId id : ids) EXPECT_TRUE(find_stored(id));
  }
  EXPECT_EQ(list({}).clicks.size(), ids.size()) << "and none is there twice";
}

TEST_P(ClickBufferTest, WhatTheEngineRefusesWaits) {
  const ClickId id = add(click_of(1, 2, 3, "u"));
  refuses = Errc::overloaded;
  buffer->flush();
  buffer->flush();
  EXPECT_EQ(counters().waiting, 1U);
  const ClickId later = add(click_of(1, 2, 4, "u"));
  refuses.reset();
  flush();
  EXPECT_TRUE(find_stored(id));
  EXPECT_TRUE(find_stored(later));
}

TEST_P(ClickBufferTest, AFullBufferRefuses) {
  ClickBufferOptions by_count;
  by_count.max_clicks = 3;
  ClickBufferOptions by_bytes;
  by_bytes.max_bytes = 500;
  const struct {
    const char* name;
    ClickBufferOptions options;
    std::size_t fit;
  } rows[] = {{"by count", by_count, 3}, {"by bytes", by_bytes, 2}};
  const std::string user(400, 'u');
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    open_buffer(row.options);
    std::size_t taken = 0;
    Result<ClickId> last = buffer->add(click_of(1, 2, 3, user));
    for (; last && taken < 10; ++taken) last = buffer->add(click_of(1, 2, 3, user));
    EXPECT_EQ(taken, row.fit);
    ASSERT_FALSE(last);
    EXPECT_EQ(last.error().code, Errc::overloaded);
    EXPECT_EQ(counters().refused, 1U);
    flush();
    EXPECT_TRUE(buffer->add(click_of(1, 2, 3, user))) << "there is room again";
    flush();
  }
}

TEST_P(ClickBufferTest, IdsThatAreTakenLoseTheirClicksAndNothingElse) {
  engine::testing::CountingRandom one;
  open_buffer({}, one);
  const ClickId id = add(click_of(1, 2, 3, "first"));
  flush();
  // Another start at the same place, in the same minute.
  engine::testing::CountingRandom same;
  open_buffer({}, same);
  EXPECT_EQ(add(click_of(1, 2, 4, "second")), id);
  flush();
  EXPECT_EQ(counters().lost, 1U);
  EXPECT_EQ(counters().waiting, 0U);
  EXPECT_EQ(find_stored(id)->user_id, "first");
  const ClickId next = add(click_of(1, 2, 4, "third"));
  flush();
  EXPECT_EQ(find_stored(next)->user_id, "third");
}

TEST_P(ClickBufferTest, BringsWhatWaits) {
  const ClickId id = add(click_of(1, 2, 3));
  buffer->bring({id.minute, id.sequence + 1});
  buffer->bring({id.minute + 1, id.sequence});
  EXPECT_TRUE(queue.empty()) << "others are not there";
  buffer->bring(id);
  EXPECT_EQ(queue.size(), 1U);
  buffer->bring(id);
  EXPECT_EQ(queue.size(), 1U) << "it is under way";
  run();
  EXPECT_TRUE(find(id));
}

TEST_P(ClickBufferTest, SettlesBehindWhatWaits) {
  const ClickId id = add(click_of(1, 2, 3));
  bool settled = false;
  buffer->settle([&] { settled = find_stored(id).has_value(); });
  EXPECT_FALSE(settled);
  run();
  EXPECT_TRUE(settled);
  settled = false;
  buffer->settle([&] { settled = true; });
  EXPECT_TRUE(settled) << "at once when nothing waits";
  add(click_of(1, 2, 3));
  refuses = Errc::overloaded;
  settled = false;
  buffer->settle([&] { settled = true; });
  EXPECT_TRUE(settled) << "at once when the engine takes nothing";
  refuses.reset();
  flush();
}

TEST_P(ClickBufferTest, StopTakesNoMoreAndDrains) {
  add(click_of(1, 2, 3));
  EXPECT_FALSE(buffer->stop(0));
  EXPECT_EQ(buffer->add(click_of(1, 2, 3)).error().code, Errc::shutting_down);
  flush();
  EXPECT_TRUE(buffer->stop(0));
}

TEST_P(ClickBufferTest, MarksWhatCameBefore) {
  add(click_of(1, 2, 3));
  add(click_of(1, 2, 3));
  flush();
  const ClickPage page = list({});
  ASSERT_EQ(page.clicks.size(), 2U);
  EXPECT_EQ(page.clicks[0].click.marks, click_repeat);
  EXPECT_EQ(page.clicks[1].click.marks, 0U);
  EXPECT_EQ(counters().repeats, 1U);
}

/// Ends what is submitted on a thread of its own, as the engine does; every seventh command fails.
class SomeEngine {
 public:
  SomeEngine() : thread_([this] { work(); }) {}
  ~SomeEngine() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    wake_.notify_one();
    thread_.join();
  }
  SomeEngine(const SomeEngine&) = delete;
  SomeEngine& operator=(const SomeEngine&) = delete;
  Status submit(std::unique_ptr<engine::Command> command) {
    const std::lock_guard lock(mutex_);
    queue_.push_back(std::move(command));
    wake_.notify_one();
    return {};
  }

 private:
  void work() {
    std::unique_lock lock(mutex_);
    for (int count = 1;; ++count) {
      wake_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
      if (queue_.empty()) return;
      const auto command = std::move(queue_.front());
      queue_.pop_front();
      lock.unlock();
      count % 7 == 0 ? command->failed(Errc::overloaded) : command->succeeded();
      lock.lock();
    }
  }

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::unique_ptr<engine::Command>> queue_;
  bool stopping_ = false;
  std::thread thread_;
};

TEST(ClickBufferThreads, LoseNoClick) {
  constexpr std::uint64_t threads = 4;
  constexpr std::uint64_t clicks = 500;
  ClickBook book;
  engine::testing::CountingRandom random;
  engine::testing::ManualClock clock(engine::testing::example_moment);
  std::atomic<std::uint64_t> settled = 0;
  ClickBufferOptions options;
  options.flush_interval_ms = 1;
  options.clicks_of_a_run = 50;
  SomeEngine some_engine;
  ClickBuffer buffer(
      book, [&](std::unique_ptr<engine::Command> command) { return some_engine.submit(std::move(command)); },
      [&] { return clock.wall_now(); }, random, options);
  buffer.start();
  std::vector<std::thread> visitors;
  for (std::uint64_t thread = 0; thread < threads; ++thread)
    visitors.emplace_back([&, thread] {
      for (std::uint64_t i = 0; i < clicks; ++i) {
        const auto id = buffer.add(click_of(1, 2, visitor_of(thread * clicks + i)));
        ASSERT_TRUE(id.ok());
        if (i % 50 == 0) buffer.bring(*id);
        if (i % 100 == 0) buffer.settle([&] { ++settled; });
      }
    });
  for (std::thread& visitor : visitors) visitor.join();
  EXPECT_TRUE(buffer.stop(30'000));
  const ClickBufferCounters counters = buffer.counters();
  EXPECT_EQ(counters.taken, threads * clicks);
  EXPECT_EQ(counters.waiting, 0U);
  EXPECT_EQ(counters.lost, 0U);
  EXPECT_LE(settled, threads * clicks / 100);
}

INSTANTIATE_TEST_SUITE_P(Databases, ClickBufferTest, ::testing::ValuesIn(store::test::book_kinds),
                         [](const auto& kind) { return std::string(kind.param); });

TEST(ClickMarksTest, RepeatsWithinTenSeconds) {
  const struct {
    const char* name;
    std::uint64_t visitor;
    AffiliateNumber affiliate;
    MerchantNumber merchant;
    std::int64_t at_ms;
    bool repeat;
  } rows[] = {
      {"the first", 1, 1, 1, 0, false},
      {"at once", 1, 1, 1, 0, true},
      {"another visitor", 2, 1, 1, 0, false},
      {"another affiliate", 1, 2, 1, 0, false},
      {"another merchant", 1, 1, 2, 0, false},
      {"affiliate and merchant the other way round", 1, 2, 3, 0, false},
      {"the same", 1, 3, 2, 0, false},
      {"a moment before ten seconds", 1, 1, 1, 9'999, true},
      {"ten seconds after the one that counted", 1, 1, 1, 10'000, false},
      {"after that one", 1, 1, 1, 19'999, true},
      {"a clock that went back", 1, 1, 1, 5'000, false},
  };
  ClickMarks marks;
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    const auto found = marks.note(row.visitor, row.affiliate, row.merchant,
                                  engine::testing::example_moment + Duration::milliseconds(row.at_ms));
    EXPECT_EQ((found & click_repeat) != 0, row.repeat);
  }
}

TEST(ClickMarksTest, BurstsOfOneVisitor) {
  ClickMarks marks;
  const Instant start = engine::testing::example_moment;
  for (std::uint32_t i = 0; i < burst_clicks; ++i)
    EXPECT_EQ(marks.note(1, 1, i + 1, start) & click_burst, 0U) << i;
  EXPECT_NE(marks.note(1, 1, 1000, start) & click_burst, 0U);
  EXPECT_EQ(marks.note(2, 1, 1000, start) & click_burst, 0U) << "another visitor";
  EXPECT_NE(marks.note(1, 1, 1001, start + Duration::milliseconds(59'999)) & click_burst, 0U);
  EXPECT_EQ(marks.note(1, 1, 1002, start + burst_window) & click_burst, 0U) << "a new minute";
}

}  // namespace
}  // namespace jangbu::affiliate
