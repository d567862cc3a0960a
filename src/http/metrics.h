// Numbers about the running process in the text format of Prometheus (version 0.0.4).
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace jangbu::http {

/// Only grows. Lock-free.
class Counter {
 public:
  void add(std::uint64_t n = 1) { value_.fetch_add(n, std::memory_order_relaxed); }
  [[nodiscard]] std::uint64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

/// Durations sorted into fixed buckets. Lock-free; a render that runs meanwhile may miss the latest
/// observations, but its count is always that of its last bucket.
class Histogram {
 public:
  /// `bounds_us`: inclusive upper bounds in microseconds, ascending. What lies above the last is counted in
  /// +Inf.
  explicit Histogram(std::vector<std::int64_t> bounds_us);

  /// Negative durations count as zero.
  void observe_us(std::int64_t duration_us);

  struct Snapshot {
    std::vector<std::uint64_t> cumulative;  // one for each bound, and one for +Inf: the count
    std::uint64_t sum_us = 0;
  };
  [[nodiscard]] Snapshot snapshot() const;
  [[nodiscard]] const std::vector<std::int64_t>& bounds_us() const { return bounds_us_; }

 private:
  std::vector<std::int64_t> bounds_us_;
  std::vector<std::atomic<std::uint64_t>> buckets_;
  std::atomic<std::uint64_t> sum_us_{0};
};

/// 100 us to 10 s in steps of 1, 2.5, 5.
std::vector<std::int64_t> default_latency_bounds_us();

using Labels = std::vector<std::pair<std::string, std::string>>;

/// The registry. Series are made at start-up and live as long as it does; the references it hands out may be
/// used from any thread. A name that is not valid, a series made twice, and one name for two kinds break an
/// INVARIANT.
class Metrics {
 public:
  Counter& counter(std::string_view name, std::string_view help, Labels labels = {});
  /// A counter that something else keeps. The callback runs on the thread that renders.
  void counter_from(std::string_view name, std::string_view help, Labels labels,
                    std::function<std::uint64_t()> read);
  void gauge(std::string_view name, std::string_view help, Labels labels, std::function<std::int64_t()> read);
  /// Written in seconds, as Prometheus wants it: the name ends in "_seconds".
  Histogram& histogram(std::string_view name, std::string_view help, Labels labels = {},
                       std::vector<std::int64_t> bounds_us = default_latency_bounds_us());

  /// Families in the order of their names. Content type: "text/plain; version=0.0.4; charset=utf-8".
  [[nodiscard]] std::string render() const;

 private:
  struct Series {
    std::string labels;  // rendered, without braces
    std::unique_ptr<Counter> counter;
    std::unique_ptr<Histogram> histogram;
    std::function<std::uint64_t()> read_counter;
    std::function<std::int64_t()> read_gauge;
  };
  enum class Kind : std::uint8_t { counter, gauge, histogram };
  struct Family {
    Kind kind{};
    std::string help;
    std::vector<Series> series;
  };

  Series& add(Kind kind, std::string_view name, std::string_view help, const Labels& labels);

  mutable std::mutex mutex_;
  std::map<std::string, Family, std::less<>> families_;
};

}  // namespace jangbu::http
