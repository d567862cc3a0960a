// One thread that does one job at a time behind a bounded queue: for work that takes too long for anybody
// else's thread.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

#include "base/result.h"
#include "base/trace.h"

namespace jangbu {

/// Thread-safe.
class Worker {
 public:
  explicit Worker(std::size_t max_waiting);
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  /// The job runs once, on the worker's thread and in the caller's trace, after those before it; it must not
  /// throw. Error, at once and without a run: overloaded, also after stop().
  Status add(std::function<void()> job);
  /// Finishes the job that is under way and drops the others.
  void stop();

 private:
  struct Job {
    std::function<void()> work;
    Trace trace;
  };
  void work();

  const std::size_t max_waiting_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Job> jobs_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace jangbu
