#include "payment/lane.h"

#include <chrono>
#include <exception>

namespace jangbu::payment {

void Lane::start(int threads) {
  for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { work(); });
}

void Lane::stop() {
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

void Lane::put(Duration delay, Work work) {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return;
    queue_.emplace(clock_.monotonic_us() + delay.us, std::move(work));
  }
  wake_.notify_one();
}

bool Lane::step() {
  Work work;
  {
    const std::lock_guard lock(mutex_);
    if (queue_.empty() || queue_.begin()->first > clock_.monotonic_us()) return false;
    work = std::move(queue_.begin()->second);
    queue_.erase(queue_.begin());
  }
  work();
  return true;
}

std::size_t Lane::waiting() const {
  const std::lock_guard lock(mutex_);
  return queue_.size();
}

void Lane::work() {
  while (true) {
    Work work;
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
      work = std::move(queue_.begin()->second);
      queue_.erase(queue_.begin());
    }
    try {
      work();
    } catch (const std::exception& failure) {
      if (failed_) failed_(failure.what());
    }
  }
}

}  // namespace jangbu::payment
