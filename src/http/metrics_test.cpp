#include "http/metrics.h"

#include <thread>

#include <gtest/gtest.h>

#include "base/invariant.h"

namespace jangbu::http {
namespace {

TEST(Metrics, CountersAndGaugesRenderSortedByName) {
  Metrics metrics;
  Counter& posts =
      metrics.counter("jangbu_requests_total", "Requests.", {{"door", "hub"}, {"method", "POST"}});
  metrics.counter("jangbu_requests_total", "Requests.", {{"door", "hub"}, {"method", "GET"}});
  metrics.gauge("jangbu_depth", "Waiting commands.", {}, [] { return -3; });
  metrics.counter_from("jangbu_bytes_total", "Bytes.", {}, [] { return 18'446'744'073'709'551'615U; });
  posts.add();
  posts.add(41);
  EXPECT_EQ(metrics.render(),
            "# HELP jangbu_bytes_total Bytes.\n"
            "# TYPE jangbu_bytes_total counter\n"
            "jangbu_bytes_total 18446744073709551615\n"
            "# HELP jangbu_depth Waiting commands.\n"
            "# TYPE jangbu_depth gauge\n"
            "jangbu_depth -3\n"
            "# HELP jangbu_requests_total Requests.\n"
            "# TYPE jangbu_requests_total counter\n"
            "jangbu_requests_total{door=\"hub\",method=\"POST\"} 42\n"
            "jangbu_requests_total{door=\"hub\",method=\"GET\"} 0\n");
}

TEST(Metrics, HistogramBoundsAreInclusiveAndCumulative) {
  Metrics metrics;
  Histogram& histogram =
      metrics.histogram("jangbu_wait_seconds", "Wait.", {{"door", "hub"}}, {100, 2'500, 1'000'000});
  for (const std::int64_t us : {-5LL, 0LL, 100LL, 101LL, 2'500LL, 2'501LL, 1'000'000LL, 1'000'001LL}) {
    histogram.observe_us(us);
  }
  EXPECT_EQ(metrics.render(),
            "# HELP jangbu_wait_seconds Wait.\n"
            "# TYPE jangbu_wait_seconds histogram\n"
            "jangbu_wait_seconds_bucket{door=\"hub\",le=\"0.0001\"} 3\n"
            "jangbu_wait_seconds_bucket{door=\"hub\",le=\"0.0025\"} 5\n"
            "jangbu_wait_seconds_bucket{door=\"hub\",le=\"1\"} 7\n"
            "jangbu_wait_seconds_bucket{door=\"hub\",le=\"+Inf\"} 8\n"
            "jangbu_wait_seconds_sum{door=\"hub\"} 2.005203\n"
            "jangbu_wait_seconds_count{door=\"hub\"} 8\n");
}

TEST(Metrics, TextIsEscaped) {
  Metrics metrics;
  metrics.counter("a_total", "back\\slash and\nbreak, \"quotes\" stay", {{"path", "a\"b\\c\nd"}});
  EXPECT_EQ(metrics.render(),
            "# HELP a_total back\\\\slash and\\nbreak, \"quotes\" stay\n"
            "# TYPE a_total counter\n"
            "a_total{path=\"a\\\"b\\\\c\\nd\"} 0\n");
}

TEST(Metrics, MistakesBreakAnInvariant) {
  Metrics metrics;
  metrics.counter("a_total", "", {{"x", "1"}});
  EXPECT_THROW(metrics.counter("a_total", "", {{"x", "1"}}), InvariantViolation);
  EXPECT_THROW(metrics.gauge("a_total", "", {}, [] { return 0; }), InvariantViolation);
  EXPECT_THROW(metrics.counter("1a", ""), InvariantViolation);
  EXPECT_THROW(metrics.counter("", ""), InvariantViolation);
  EXPECT_THROW(metrics.counter("a-b", ""), InvariantViolation);
  EXPECT_THROW(metrics.counter("b_total", "", {{"le", "1"}}), InvariantViolation);
  EXPECT_THROW(metrics.gauge("g", "", {}, nullptr), InvariantViolation);
  EXPECT_THROW(metrics.counter_from("c", "", {}, nullptr), InvariantViolation);
  EXPECT_THROW(metrics.histogram("wait_us", ""), InvariantViolation);
  EXPECT_THROW(metrics.histogram("wait_seconds", "", {}, {}), InvariantViolation);
  EXPECT_THROW(metrics.histogram("wait_seconds", "", {}, {1, 1}), InvariantViolation);
}

TEST(Metrics, NothingIsLostBetweenThreads) {
  Metrics metrics;
  Counter& counter = metrics.counter("a_total", "");
  Histogram& histogram = metrics.histogram("b_seconds", "");
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < 10'000; ++n) {
        counter.add();
        histogram.observe_us(n);
        if (n % 1'000 == 0) {
          EXPECT_FALSE(metrics.render().empty());
        }
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(counter.value(), 40'000U);
  EXPECT_EQ(histogram.snapshot().cumulative.back(), 40'000U);
}

}  // namespace
}  // namespace jangbu::http
