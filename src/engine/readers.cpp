#include "engine/readers.h"

#include <spdlog/spdlog.h>

namespace jangbu::engine {

Readers::Readers(store::Database& database, int threads, std::size_t max_waiting)
    : database_(database), max_waiting_(max_waiting) {
  for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { work(); });
}

Readers::~Readers() { stop(); }

void Readers::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  for (std::thread& thread : threads_)
    if (thread.joinable()) thread.join();
}

std::size_t Readers::waiting() const {
  const std::lock_guard lock(mutex_);
  return items_.size();
}

void Readers::submit(Job job, Failed failed) {
  Errc refusal{};
  {
    const std::lock_guard lock(mutex_);
    if (!stopping_ && items_.size() < max_waiting_) {
      items_.push_back({std::move(job), std::move(failed), current_trace()});
      wake_.notify_one();
      return;
    }
    refusal = stopping_ ? Errc::shutting_down : Errc::overloaded;
  }
  failed(refusal);
}

void Readers::work() {
  std::unique_ptr<store::Session> session;
  while (true) {
    Item item;
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [&] { return stopping_ || !items_.empty(); });
      if (items_.empty()) return;
      item = std::move(items_.front());
      items_.pop_front();
    }
    const TraceScope scope(item.trace);
    if (!session) {
      auto opened = database_.open_reader();
      if (!opened) {
        item.failed(opened.error());
        continue;
      }
      session = std::move(*opened);
    }
    if (const Status snapshot = session->begin_snapshot(); !snapshot) {
      session.reset();
      item.failed(snapshot.error());
      continue;
    }
    try {
      item.job(*session);
      session->end_snapshot();
    } catch (const std::exception& failure) {
      // The job answers its client through what it holds; here only the session must become whole again.
      spdlog::critical("a read failed: {}", failure.what());
      session.reset();
    }
    item = {};  // what it holds may answer, and log, in its trace
  }
}

}  // namespace jangbu::engine
