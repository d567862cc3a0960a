// Work of one kind, done in the order in which its time comes, and the threads that do it.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

#include "base/time.h"
#include "base/trace.h"

namespace jangbu {

/// Thread-safe. Work may block: other executors do not wait for it.
class ScheduledExecutor {
 public:
  using Work = std::function<void()>;

  explicit ScheduledExecutor(const Clock& clock) : clock_(clock) {}
  ~ScheduledExecutor() { stop(); }

  void start(int threads);
  /// Waits for the work that is under way and drops the rest; what is put later is dropped, too.
  void stop();
  /// It is done in the caller's trace. Work that throws is told to `failed` (see set_failed).
  void put(Duration delay, Work work);
  /// Called with what work threw; before start().
  void set_failed(std::function<void(const char* what)> failed) { failed_ = std::move(failed); }
  /// Does one piece of work whose time has come; false when there is none. For tests, which have no threads.
  bool step();
  [[nodiscard]] std::size_t waiting() const;

 private:
  struct Waiting {
    Work work;
    Trace trace;
  };
  void work();

  const Clock& clock_;
  std::function<void(const char*)> failed_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::multimap<std::int64_t, Waiting> queue_;  // by monotonic time
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace jangbu
