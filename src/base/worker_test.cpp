#include "base/worker.h"

#include <future>
#include <vector>

#include <gtest/gtest.h>

namespace jangbu {
namespace {

TEST(Worker, DoesOneJobAfterTheOtherWithinItsBound) {
  Worker worker(2);
  std::promise<void> begun;
  std::promise<void> go_on;
  std::vector<int> done;
  ASSERT_TRUE(worker
                  .add([&] {
                    begun.set_value();
                    go_on.get_future().get();
                    done.push_back(1);
                  })
                  .ok());
  begun.get_future().get();
  std::promise<void> last;
  EXPECT_TRUE(worker.add([&] { done.push_back(2); }).ok());
  EXPECT_TRUE(worker
                  .add([&] {
                    done.push_back(3);
                    last.set_value();
                  })
                  .ok());
  const Status refused = worker.add([&] { done.push_back(4); });
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, Errc::overloaded);
  go_on.set_value();
  last.get_future().get();
  EXPECT_EQ(done, (std::vector<int>{1, 2, 3}));
}

TEST(Worker, DoesAJobInTheTraceOfWhoeverBroughtIt) {
  Worker worker(2);
  std::promise<Trace> of_first;
  std::promise<Trace> of_second;
  Trace trace;
  trace.id[0] = 1;
  {
    const TraceScope scope(trace);
    ASSERT_TRUE(worker.add([&] { of_first.set_value(current_trace()); }).ok());
  }
  ASSERT_TRUE(worker.add([&] { of_second.set_value(current_trace()); }).ok());
  EXPECT_EQ(of_first.get_future().get(), trace);
  EXPECT_FALSE(of_second.get_future().get());
}

TEST(Worker, DropsWhatWaitsWhenItStops) {
  Worker worker(10);
  std::promise<void> begun;
  std::promise<void> go_on;
  bool dropped_ran = false;
  auto held = std::make_shared<int>(1);
  ASSERT_TRUE(worker
                  .add([&] {
                    begun.set_value();
                    go_on.get_future().get();
                  })
                  .ok());
  begun.get_future().get();
  ASSERT_TRUE(worker.add([&dropped_ran, held] { dropped_ran = true; }).ok());
  auto stopped = std::async(std::launch::async, [&] { worker.stop(); });
  // What waited is let go of before the job under way has ended.
  while (held.use_count() > 1) std::this_thread::yield();
  go_on.set_value();
  stopped.get();
  EXPECT_FALSE(dropped_ran);
  EXPECT_FALSE(worker.add([] {}).ok());
}

}  // namespace
}  // namespace jangbu
