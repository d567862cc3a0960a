// The readers: threads with snapshot sessions, behind a bounded queue.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "base/result.h"
#include "base/trace.h"
#include "store/database.h"

namespace jangbu::engine {

/// Thread-safe.
class Readers {
 public:
  using Job = std::function<void(store::Session&)>;
  using Failed = std::function<void(const Error&)>;

  Readers(store::Database& database, int threads, std::size_t max_waiting);
  ~Readers();
  Readers(const Readers&) = delete;
  Readers& operator=(const Readers&) = delete;

  /// Calls exactly one of `job` (on a reader thread, inside a snapshot) and `failed`, in the caller's trace.
  /// Errors: overloaded, shutting_down, and the database's when no snapshot can be had.
  void submit(Job job, Failed failed);
  [[nodiscard]] std::size_t waiting() const;
  /// Finishes what waits, then stops the threads.
  void stop();

 private:
  struct Item {
    Job job;
    Failed failed;
    Trace trace;
  };
  void work();

  store::Database& database_;
  std::size_t max_waiting_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Item> items_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace jangbu::engine
