#include "base/scheduled_executor.h"

#include <chrono>
#include <exception>

namespace jangbu {

void ScheduledExecutor::start(int threads) {
  for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { work(); });
}

void ScheduledExecutor::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
  const std::lock_guard lock(mutex_);
  queue_.clear();
}

void ScheduledExecutor::put(Duration delay, Work work) {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return;
    queue_.emplace(clock_.monotonic_us() + delay.us, Waiting{std::move(work), current_trace()});
  }
  wake_.notify_one();
}

bool ScheduledExecutor::step() {
  Waiting next;
  {
    const std::lock_guard lock(mutex_);
    if (queue_.empty() || queue_.begin()->first > clock_.monotonic_us()) return false;
    next = std::move(queue_.begin()->second);
    queue_.erase(queue_.begin());
  }
  const TraceScope scope(next.trace);
  next.work();
  return true;
}

std::size_t ScheduledExecutor::waiting() const {
  const std::lock_guard lock(mutex_);
  return queue_.size();
}

void ScheduledExecutor::work() {
  while (true) {
    Waiting next;
    {
      std::unique_lock lock(mutex_);
      while (!stopping_ && (queue_.empty() || queue_.begin()->first > clock_.monotonic_us())) {
        if (queue_.empty()) {
          wake_.wait(lock);
        } else {
          wake_.wait_for(lock, std::chrono::microseconds(queue_.begin()->first - clock_.monotonic_us()));
        }
      }
      if (stopping_) return;
      next = std::move(queue_.begin()->second);
      queue_.erase(queue_.begin());
    }
    const TraceScope scope(next.trace);
    try {
      next.work();
    } catch (const std::exception& failure) {
      if (failed_) failed_(failure.what());
    }
  }
}

}  // namespace jangbu
