#include "engine/engine.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include <spdlog/spdlog.h>

#include "engine/engine_records.h"
#include "engine/readers.h"
#include "engine/schema.h"

namespace jangbu::engine {
namespace {

/// How often a follower asks for the right to write, and a writer that lost its database tries again.
constexpr std::int64_t acquire_pause_ms = 300;
/// How long a start waits for the server that writes a book of an older version to end; PostgreSQL may keep
/// the right of one whose machine died for some ten seconds.
constexpr int tries_to_upgrade = 50;
/// The longest the writer's thread sleeps without looking at the clock.
constexpr std::int64_t longest_sleep_ms = 500;
/// How often a clock that is held is looked at while no command comes.
constexpr std::int64_t hold_pause_ms = 1;

const store::Sql writer_url_sql{"SELECT url FROM engine_writer WHERE id = 1"};

}  // namespace

struct Engine::Impl {
  Impl(store::Database& db, Projections list, const Clock& the_clock, Random& random, EngineOptions opts,
       BatchObserver batch_observer)
      : database(db),
        clock(the_clock),
        options(std::move(opts)),
        observer(std::move(batch_observer)),
        projections(std::move(list)),
        fork_join(options.seal_helpers),
        writer(db, projections, the_clock, random, fork_join, observed(options.writer)),
        readers(db, options.reader_threads, options.max_waiting_reads) {}

  /// The writer's options, with the head and the events of its batches handed to whoever observes them.
  WriterOptions observed(WriterOptions of_writer) {
    of_writer.on_durable = [this](const Head& head) {
      const std::lock_guard lock(mutex);
      note_head(head);
    };
    of_writer.on_events = [this](std::vector<PlacedEvent> events) {
      const std::lock_guard lock(events_mutex);
      if (on_events) on_events(std::move(events));
    };
    return of_writer;
  }

  struct Queued {
    std::unique_ptr<Command> command;
    std::size_t size_bytes;
    std::int64_t queued_us;
  };
  struct ClockMove {
    std::function<void(Result<Instant>)> done;
  };

  void run();
  void write_once(std::vector<std::unique_ptr<Command>> batch, Time time = Time::runs);
  bool clock_is_held();
  void write_while_held();
  void follow();
  std::vector<std::unique_ptr<Command>> take();
  void fail_queued(const Error& error);
  /// Takes over what a head says, unless a later one is known. With the mutex.
  void note_head(const Head& head);
  void note_role();
  void publish_url();
  void finish_clock_moves();
  std::int64_t sleep_ms();

  store::Database& database;
  const Clock& clock;
  const EngineOptions options;
  const BatchObserver observer;
  Projections projections;
  ForkJoin fork_join;
  Writer writer;
  Readers readers;

  std::mutex events_mutex;
  EventObserver on_events;  // guarded by events_mutex
  std::mutex hold_mutex;
  std::function<bool()> holds_clock;  // guarded by hold_mutex
  mutable std::mutex mutex;
  std::condition_variable wake;
  std::condition_variable stopped;
  std::deque<Queued> queue;
  std::size_t queue_bytes = 0;
  bool draining = false;
  bool stop_now = false;
  bool has_stopped = false;
  std::vector<ClockMove> clock_moves;  // committed, waiting for their due work
  EngineStatus published;              // guarded by mutex
  std::string writer_url;              // guarded by mutex
  std::string own_url;                 // guarded by mutex
  bool own_url_published = true;       // guarded by mutex
  std::atomic<bool> is_writer{false};
  std::atomic<std::int64_t> business_head_us{0};
  std::atomic<std::int64_t> offset_us{0};
  std::atomic<std::uint64_t> refused_overload{0};
  std::atomic<std::uint64_t> refused_deadline{0};
  std::unique_ptr<store::Session> follower_session;
  std::thread thread;
};

void Engine::Impl::note_head(const Head& head) {
  if (head.number < published.head.number) return;
  business_head_us = head.business_at.us;
  offset_us = head.offset.us;
  published.head = head;
}

void Engine::Impl::note_role() {
  const std::lock_guard lock(mutex);
  const bool now_writer = writer.is_writer();
  if (now_writer && !is_writer) {
    spdlog::info("this node is the writer");
    own_url_published = own_url.empty();
  }
  if (!now_writer && is_writer) spdlog::warn("this node is no longer the writer");
  is_writer = now_writer;
  note_head(writer.head());
  published.is_writer = now_writer;
  published.writer = writer.counters();
}

void Engine::Impl::publish_url() {
  std::string url;
  {
    const std::lock_guard lock(mutex);
    if (own_url_published) return;
    own_url_published = true;
    url = own_url;
  }
  if (const Status status = writer.publish_url(url); !status)
    spdlog::error("cannot tell the other nodes this one's address: {}", to_string(status.error()));
}

std::vector<std::unique_ptr<Command>> Engine::Impl::take() {
  std::vector<std::unique_ptr<Command>> batch;
  std::vector<std::unique_ptr<Command>> late;
  const std::int64_t oldest_us = clock.monotonic_us() - options.command_deadline_ms * 1000;
  {
    const std::lock_guard lock(mutex);
    std::size_t bytes = 0;
    while (!queue.empty() && batch.size() < options.max_batch_commands &&
           (batch.empty() || bytes + queue.front().size_bytes <= options.max_batch_bytes)) {
      Queued& front = queue.front();
      bytes += front.size_bytes;
      queue_bytes -= front.size_bytes;
      (front.queued_us < oldest_us ? late : batch).push_back(std::move(front.command));
      queue.pop_front();
    }
  }
  refused_deadline += late.size();
  for (const auto& command : late) fail(*command, Errc::deadline_passed);
  return batch;
}

void Engine::Impl::fail_queued(const Error& error) {
  std::deque<Queued> failed;
  {
    const std::lock_guard lock(mutex);
    failed.swap(queue);
    queue_bytes = 0;
  }
  for (const Queued& queued : failed) fail(*queued.command, error);
}

void Engine::Impl::finish_clock_moves() {
  std::vector<ClockMove> done;
  {
    const std::lock_guard lock(mutex);
    done.swap(clock_moves);
  }
  if (done.empty()) return;
  // The order counts: a look that fails lets background work rest. Work that still waits without that was
  // interrupted by the stop of the server.
  const bool waits = writer.due_work_waits();
  Result<Instant> reached = writer.business_now();
  if (!writer.is_writer() || writer.background_rests() || writer.due_work_rests()) {
    reached = Errc::due_work_unfinished;
  } else if (waits) {
    reached = Errc::shutting_down;
  }
  for (ClockMove& move : done) move.done(reached);
}

bool Engine::Impl::clock_is_held() {
  const std::lock_guard lock(hold_mutex);
  return holds_clock && holds_clock();
}

void Engine::Impl::write_while_held() {
  auto batch = take();
  if (!batch.empty()) return write_once(std::move(batch), Time::stands);
  std::unique_lock lock(mutex);
  wake.wait_for(lock, std::chrono::milliseconds(hold_pause_ms),
                [&] { return stop_now || draining || !queue.empty(); });
}

void Engine::Impl::write_once(std::vector<std::unique_ptr<Command>> batch, Time time) {
  writer.run(std::move(batch), time);
  note_role();
  if (observer) observer(writer.last_times());
}

/// A follower keeps asking for the right to write, and keeps knowing where the writer is and what the
/// writer's head says of the clock.
void Engine::Impl::follow() {
  fail_queued(Errc::not_the_writer);
  const auto acquired = writer.acquire();
  if (!acquired) spdlog::error("cannot reach the database: {}", to_string(acquired.error()));
  note_role();
  if (writer.is_writer()) {
    follower_session.reset();
    return;
  }
  finish_clock_moves();  // another node does what fell due
  if (!follower_session) {
    if (auto session = database.open_reader()) follower_session = std::move(*session);
  }
  std::string url;
  if (follower_session && !follower_session->query(writer_url_sql, {}, [&](const store::Row& row) {
        return url = row.bytes(0), false;
      }))
    follower_session.reset();
  Result<Head> head = Errc::not_the_writer;
  if (follower_session) head = load_head(*follower_session);
  if (!head) follower_session.reset();
  const std::lock_guard lock(mutex);
  writer_url = url;
  if (head) note_head(*head);
}

std::int64_t Engine::Impl::sleep_ms() {
  if (!writer.is_writer()) return acquire_pause_ms;
  const auto at = writer.next_wake();
  if (!at) return longest_sleep_ms;
  // Rounded up: waking a moment early would only spin.
  return std::clamp<std::int64_t>(((*at - clock.wall_now()).us + 999) / 1000, 0, longest_sleep_ms);
}

void Engine::Impl::run() {
  while (true) {
    {
      const std::int64_t pause_ms = sleep_ms();
      std::unique_lock lock(mutex);
      if (queue.empty() && pause_ms > 0)
        wake.wait_for(lock, std::chrono::milliseconds(pause_ms),
                      [&] { return stop_now || draining || !queue.empty() || !own_url_published; });
      if (stop_now || (draining && queue.empty())) break;
    }
    if (!writer.is_writer()) {
      follow();
      continue;
    }
    publish_url();
    bool moving = false;
    {
      const std::lock_guard lock(mutex);
      moving = !clock_moves.empty();
    }
    if (moving) {
      // Clients wait while business time walks through the work that fell due.
      if (clock_is_held()) {
        write_while_held();
        writer.maintain();
      } else if (!writer.background_rests() && writer.due_work_waits()) {
        write_once({});
        writer.maintain();
      } else {
        finish_clock_moves();
      }
      continue;
    }
    auto batch = take();
    const auto wake_at = writer.next_wake();
    if (!batch.empty() || (wake_at && *wake_at <= clock.wall_now())) write_once(std::move(batch));
    writer.maintain();
  }
  fail_queued(Errc::shutting_down);
  finish_clock_moves();
  const std::lock_guard lock(mutex);
  is_writer = false;
  has_stopped = true;
  stopped.notify_all();
}

Engine::Engine(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Result<std::unique_ptr<Engine>> Engine::start(store::Database& database, Projections projections,
                                              const Clock& clock, Random& random, EngineOptions options,
                                              BatchObserver observer) {
  auto impl = std::make_unique<Impl>(database, std::move(projections), clock, random, std::move(options),
                                     std::move(observer));
  ASSIGN_OR_RETURN(bool is_writer, impl->writer.acquire(Upgrade::allowed));
  if (!is_writer && database.engine() == store::Engine::sqlite)
    return Error(Errc::database_busy,
                 "another process has the data directory open: " + database.display_name());
  // One follows a writer whose tables are one's own.
  for (int tries = 0; !is_writer; ++tries) {
    ASSIGN_OR_RETURN(const auto session, database.open_reader());
    ASSIGN_OR_RETURN(const bool behind, is_behind(*session, impl->projections));
    if (!behind) break;
    if (tries == tries_to_upgrade)
      return Error(Errc::invalid_configuration,
                   "the book is of an older version, and another server writes it: stop that one first");
    std::this_thread::sleep_for(std::chrono::milliseconds(acquire_pause_ms));
    ASSIGN_OR_RETURN(is_writer, impl->writer.acquire(Upgrade::allowed));
  }
  impl->note_role();
  impl->thread = std::thread([raw = impl.get()] { raw->run(); });
  return std::unique_ptr<Engine>(new Engine(std::move(impl)));
}

Engine::~Engine() { drain(0); }

Status Engine::submit(std::unique_ptr<Command> command) {
  command->trace = current_trace();
  const std::size_t size = command->size_bytes();
  const std::int64_t now = impl_->clock.monotonic_us();
  if (!impl_->is_writer) return Errc::not_the_writer;
  {
    const std::lock_guard lock(impl_->mutex);
    if (impl_->draining || impl_->stop_now) return Errc::shutting_down;
    if (impl_->queue.size() >= impl_->options.max_queue_commands ||
        impl_->queue_bytes + size > impl_->options.max_queue_bytes) {
      ++impl_->refused_overload;
      return Errc::overloaded;
    }
    const bool was_empty = impl_->queue.empty();
    impl_->queue.push_back({std::move(command), size, now});
    impl_->queue_bytes += size;
    if (!was_empty) return {};
  }
  impl_->wake.notify_one();
  return {};
}

void Engine::read(ReadJob job, ReadFailed failed) {
  impl_->readers.submit(std::move(job), std::move(failed));
}

Result<std::optional<std::uint64_t>> Engine::find_key(store::Session& session,
                                                      const KeyDigest& digest) const {
  ASSIGN_OR_RETURN(auto found, peek_key(session, digest));
  if (found) return found;
  // The entry may have left memory for the table after this snapshot was taken: a fresh one settles it.
  session.end_snapshot();
  RETURN_IF_ERROR(session.begin_snapshot());
  return Keys::find_stored(session, digest);
}

Result<std::optional<std::uint64_t>> Engine::peek_key(store::Session& session,
                                                      const KeyDigest& digest) const {
  if (auto waiting = impl_->writer.keys().find_committed(digest)) return waiting;
  return Keys::find_stored(session, digest);
}

Status Engine::move_clock(Duration by, std::function<void(Result<Instant>)> done) {
  class Move final : public MoveClock {
   public:
    Move(Duration by, Impl& impl, std::function<void(Result<Instant>)> done)
        : MoveClock(by), impl_(impl), done_(std::move(done)) {}
    void succeeded() noexcept override {
      const std::lock_guard lock(impl_.mutex);
      impl_.clock_moves.push_back({std::move(done_)});
    }
    void failed(const Error& error) noexcept override { done_(error); }

   private:
    Impl& impl_;
    std::function<void(Result<Instant>)> done_;
  };
  return submit(std::make_unique<Move>(by, *impl_, std::move(done)));
}

Instant Engine::business_now() const {
  return std::max(Instant{impl_->business_head_us.load()},
                  impl_->clock.wall_now() + Duration{impl_->offset_us.load()});
}

EngineStatus Engine::status() const {
  EngineStatus status;
  {
    const std::lock_guard lock(impl_->mutex);
    status = impl_->published;
    status.queued_commands = impl_->queue.size();
  }
  status.waiting_reads = impl_->readers.waiting();
  status.refused_overload = impl_->refused_overload;
  status.refused_deadline = impl_->refused_deadline;
  return status;
}

void Engine::observe_events(EventObserver observer) {
  const std::lock_guard lock(impl_->events_mutex);
  impl_->on_events = std::move(observer);
}

void Engine::hold_clock(std::function<bool()> holds) {
  const std::lock_guard lock(impl_->hold_mutex);
  impl_->holds_clock = std::move(holds);
}

bool Engine::is_writer() const { return impl_->is_writer; }

void Engine::advertise(std::string url) {
  {
    const std::lock_guard lock(impl_->mutex);
    impl_->own_url = std::move(url);
    impl_->own_url_published = impl_->own_url.empty();
  }
  impl_->wake.notify_one();
}

std::string Engine::writer_url() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->writer_url;
}

bool Engine::drain(std::int64_t patience_ms) {
  bool clean = true;
  {
    std::unique_lock lock(impl_->mutex);
    impl_->draining = true;
    if (patience_ms == 0) impl_->stop_now = true;
    impl_->wake.notify_all();
    if (impl_->thread.joinable()) {
      // Without patience the lock is kept: a writer that stops meanwhile has cut off what waited.
      clean = patience_ms == 0 ? impl_->has_stopped
                               : impl_->stopped.wait_for(lock, std::chrono::milliseconds(patience_ms),
                                                         [&] { return impl_->has_stopped; });
      impl_->stop_now = true;
      impl_->wake.notify_all();
    }
  }
  if (impl_->thread.joinable()) impl_->thread.join();
  // The writer's session goes last: SQLite then puts its log away.
  impl_->readers.stop();
  impl_->follower_session.reset();
  impl_->writer.settle();
  impl_->writer.release();
  return clean;
}

}  // namespace jangbu::engine
