// Fork-join over the cores, for work that a batch may do in parallel: hashing, signing, rendering.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace jangbu::engine {

/// run() is called from one thread at a time; the caller works too.
class ForkJoin {
 public:
  /// `helpers` threads beside the caller; 0 is allowed.
  explicit ForkJoin(int helpers);
  ~ForkJoin();
  ForkJoin(const ForkJoin&) = delete;
  ForkJoin& operator=(const ForkJoin&) = delete;

  /// Whether there are helpers, so that something else may run beside the caller too.
  [[nodiscard]] bool has_helpers() const { return !helpers_.empty(); }

  /// Calls task(0) .. task(count - 1), each once, and returns when all are done. The first exception is
  /// rethrown here.
  void run(std::size_t count, const std::function<void(std::size_t)>& task);

 private:
  void help();
  void work();

  std::mutex mutex_;
  std::condition_variable start_;
  std::condition_variable done_;
  std::uint64_t round_ = 0;
  std::size_t busy_ = 0;
  bool stopping_ = false;
  const std::function<void(std::size_t)>* task_ = nullptr;
  std::size_t count_ = 0;
  std::atomic<std::size_t> next_{0};
  std::exception_ptr failure_;
  std::vector<std::thread> helpers_;
};

}  // namespace jangbu::engine
