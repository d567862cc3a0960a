// Clicks on their way to the books. A shopper is sent on at once; a click waits here until the writer has
// taken it with others, at most about half a second.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "affiliate/click_marks.h"
#include "affiliate/click_records.h"
#include "affiliate/clicks.h"
#include "base/random.h"

namespace jangbu::affiliate {

struct ClickBufferOptions {
  std::size_t max_clicks = 262'144;
  std::size_t max_bytes = 64 << 20;
  std::size_t clicks_of_a_run = 1024;  // at most clicks_of_a_record
  std::int64_t flush_interval_ms = 500;
  /// A run that fails of a fault of ours is given up after so many tries.
  int tries = 20;
};

struct ClickBufferCounters {
  std::uint64_t taken = 0;
  std::uint64_t refused = 0;         // the buffer was full
  std::uint64_t waiting = 0;         // in the buffer now
  std::uint64_t failed_flushes = 0;  // runs that will be tried again
  std::uint64_t lost = 0;            // given up
  std::uint64_t repeats = 0;
  std::uint64_t bursts = 0;
};

/// Thread-safe. Must outlive the engine that it submits to.
class ClickBuffer {
 public:
  using Submit = std::function<Status(std::unique_ptr<engine::Command>)>;
  using Now = std::function<Instant()>;

  /// `now` is business time. Sequences begin at a random place.
  ClickBuffer(ClickBook& book, Submit submit, Now now, Random& random, ClickBufferOptions options = {});
  ~ClickBuffer();
  ClickBuffer(const ClickBuffer&) = delete;
  ClickBuffer& operator=(const ClickBuffer&) = delete;

  /// Takes a click whose time is now, and gives it its id; marks of what came before are added to its own.
  /// Errors: overloaded, shutting_down.
  Result<ClickId> add(ClickView click);

  /// Hands all that waits to the engine. A command that is submitted after that is decided after them.
  void flush();
  /// The same when the click of this id waits here, and nothing otherwise.
  void bring(ClickId id);

  /// Flushes and calls `then` once, from any thread, when what waited is durable or has failed.
  void settle(std::function<void()> then);

  /// Starts the thread that flushes.
  void start();
  /// Takes no more, and flushes until nothing waits or the patience is at its end. Returns whether nothing
  /// does.
  bool stop(std::int64_t patience_ms);

  [[nodiscard]] ClickBufferCounters counters() const;

 private:
  struct Waiting {
    explicit Waiting(ClickRun the_run) : run(std::move(the_run)) {}
    ClickRun run;
    bool is_open = true;  // may take more clicks
    bool is_submitted = false;
    int tries = 0;  // that the engine took and that failed
  };
  using Run = std::shared_ptr<Waiting>;

  void work();
  /// The run that takes a click of this minute. With the mutex.
  ClickRun& open_run(std::uint32_t minute);
  /// What is to be submitted now. With the mutex.
  std::vector<Run> take_waiting();
  bool submit(const Run& run);
  void done(const Run& run, const Error* error) noexcept;
  /// With the mutex.
  void forget(const Run& run);

  ClickBook& book_;
  const Submit submit_;
  const Now now_;
  const ClickBufferOptions options_;

  std::mutex submit_mutex_;  // runs reach the engine in their order; taken before mutex_
  mutable std::mutex mutex_;
  std::condition_variable wake_;     // the thread that flushes
  std::condition_variable drained_;  // stop()
  std::deque<Run> runs_;             // oldest first; the last one may still take clicks
  std::uint64_t next_sequence_ = 0;
  std::size_t bytes_ = 0;
  ClickBufferCounters counters_;
  ClickMarks marks_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace jangbu::affiliate
