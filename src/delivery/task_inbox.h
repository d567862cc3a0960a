// What other threads want done on a thread of its own.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <utility>
#include <vector>

namespace jangbu::delivery {

/// Thread-safe. Outlives the thread that takes for as long as somebody may still post.
class TaskInbox {
 public:
  using Task = std::function<void()>;

  /// `max_waiting`: of post_or_drop().
  explicit TaskInbox(std::size_t max_waiting) : max_waiting_(max_waiting) {}

  void post(Task task) {
    {
      const std::lock_guard lock(mutex_);
      tasks_.push_back(std::move(task));
    }
    wake_.notify_one();
  }
  /// Drops the task when too many wait, and remembers that.
  void post_or_drop(Task task) {
    {
      const std::lock_guard lock(mutex_);
      if (tasks_.size() >= max_waiting_) {
        dropped_ = true;
        return;
      }
      tasks_.push_back(std::move(task));
    }
    wake_.notify_one();
  }
  /// What waits, after at most `longest_us`, and whether something was dropped.
  std::pair<std::vector<Task>, bool> take(std::int64_t longest_us) {
    std::unique_lock lock(mutex_);
    wake_.wait_for(lock, std::chrono::microseconds(longest_us), [&] { return !tasks_.empty(); });
    return {std::exchange(tasks_, {}), std::exchange(dropped_, false)};
  }

 private:
  const std::size_t max_waiting_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<Task> tasks_;
  bool dropped_ = false;
};

}  // namespace jangbu::delivery
