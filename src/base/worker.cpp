#include "base/worker.h"

#include <utility>

namespace jangbu {

Worker::Worker(std::size_t max_waiting) : max_waiting_(max_waiting) {
  thread_ = std::thread([this] { work(); });
}

Worker::~Worker() { stop(); }

Status Worker::add(std::function<void()> job) {
  const std::lock_guard lock(mutex_);
  if (stopping_ || jobs_.size() >= max_waiting_) return Errc::overloaded;
  jobs_.push_back({std::move(job), current_trace()});
  wake_.notify_one();
  return {};
}

void Worker::work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    wake_.wait(lock, [this] { return stopping_ || !jobs_.empty(); });
    if (stopping_) return;
    {
      const Job job = std::move(jobs_.front());
      jobs_.pop_front();
      lock.unlock();
      const TraceScope scope(job.trace);
      job.work();
    }
    lock.lock();
  }
}

void Worker::stop() {
  std::deque<Job> dropped;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    dropped.swap(jobs_);
    wake_.notify_one();
  }
  dropped.clear();
  if (thread_.joinable()) thread_.join();
}

}  // namespace jangbu
