// The engine: the one way a change happens. Owns the writer's thread and its queue, and the readers.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/random.h"
#include "base/time.h"
#include "engine/command.h"
#include "engine/projection.h"
#include "engine/writer.h"
#include "store/database.h"

namespace jangbu::engine {

struct EngineOptions {
  std::size_t max_batch_commands = 256;
  std::size_t max_batch_bytes = 1 << 20;
  std::size_t max_queue_commands = 1024;
  std::size_t max_queue_bytes = 64 << 20;
  std::size_t max_waiting_reads = 1024;
  /// A command that waited longer is dropped before it is decided.
  std::int64_t command_deadline_ms = 10'000;
  int reader_threads = 2;
  int seal_helpers = 1;
  WriterOptions writer;
};

/// What monitoring wants to know; a consistent enough copy.
struct EngineStatus {
  bool is_writer = false;
  Head head;
  WriterCounters writer;
  std::size_t queued_commands = 0;
  std::size_t waiting_reads = 0;
  std::uint64_t refused_overload = 0;
  std::uint64_t refused_deadline = 0;
};

/// Observes every committed batch, on the writer thread, after its clients were answered. Must not block.
using BatchObserver = std::function<void(const BatchTimes&)>;

/// Thread-safe.
class Engine {
 public:
  /// Starts the threads. On SQLite this node must become the writer at once (error otherwise); on PostgreSQL
  /// it may start as a follower. `projections` belong to the writer thread from here on.
  static Result<std::unique_ptr<Engine>> start(store::Database& database, Projections projections,
                                               const Clock& clock, Random& random, EngineOptions options,
                                               BatchObserver observer = {});
  /// Stops without waiting for clients: see drain().
  ~Engine();

  /// Queues a command, in the thread's trace. Errors, at once and leaving nothing: overloaded, shutting_down,
  /// not_the_writer. On success the command's succeeded() or failed() is called exactly once.
  Status submit(std::unique_ptr<Command> command);

  /// Runs `job` on a reader thread over a snapshot of one moment; or calls `failed`, from any thread. Either
  /// in the caller's trace.
  using ReadJob = std::function<void(store::Session&)>;
  using ReadFailed = std::function<void(const Error&)>;
  void read(ReadJob job, ReadFailed failed);

  /// A committed entry of the key index, waiting ones included (see keys.h). Call it first in a read job:
  /// when it finds nothing it takes a fresh snapshot before it says so.
  Result<std::optional<std::uint64_t>> find_key(store::Session& session, const KeyDigest& digest) const;
  /// The same in the snapshot as it is: may miss an entry that was committed a moment ago.
  Result<std::optional<std::uint64_t>> peek_key(store::Session& session, const KeyDigest& digest) const;

  /// Moves business time forward and calls `done` when the work that fell due has been done (with the time
  /// reached). Error due_work_unfinished: the clock has moved and some of that work failed; it is tried again
  /// by itself.
  Status move_clock(Duration by, std::function<void(Result<Instant>)> done);
  /// On a follower too, from the head that it read last: at most about a third of a second after the writer's
  /// clock was moved it runs with it.
  [[nodiscard]] Instant business_now() const;
  /// While `holds` says true, a clock that is being moved waits: nothing that falls due later is done, and
  /// commands are decided at the moment that was reached. So that what due work has set going outside, a
  /// charge for instance, comes back before its time has passed. Called on the writer thread; must not block.
  /// Empty: nothing holds it.
  void hold_clock(std::function<bool()> holds);

  [[nodiscard]] EngineStatus status() const;
  [[nodiscard]] bool is_writer() const;
  /// Tells the other nodes where this one is reached, now if it is the writer and whenever it becomes it.
  void advertise(std::string url);
  /// Hears of the events that each batch put into the outbox, on the writer thread after their commit; must
  /// not block. What was there before, and what a failing commit left uncertain, is found by Outbox::peek
  /// alone.
  using EventObserver = std::function<void(std::vector<PlacedEvent>)>;
  void observe_events(EventObserver observer);
  /// Where the writer is, when that is another node; empty when not known.
  [[nodiscard]] std::string writer_url() const;

  /// Refuses new commands, answers what is queued, stops the threads. What is not answered within the
  /// patience is failed with shutting_down. Returns true when nothing was.
  bool drain(std::int64_t patience_ms);

 private:
  struct Impl;
  explicit Engine(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace jangbu::engine
