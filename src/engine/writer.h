// The writer: decide, record, apply, commit, one batch at a time. No threads and no queue of its own; see
// engine.h for those.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "base/random.h"
#include "base/time.h"
#include "engine/command.h"
#include "engine/fork_join.h"
#include "engine/known_keys.h"
#include "engine/projection.h"
#include "engine/unit.h"
#include "store/database.h"

namespace jangbu::engine {

struct WriterOptions {
  /// Key index entries that wait in memory (see keys.h). PostgreSQL needs none.
  std::size_t deferred_keys = 32768;
  /// Records of background work (due rows, blocks) that a batch may carry while clients wait, and when none
  /// do.
  int background_when_busy = 1;
  int background_when_idle = 8;
  /// Records that one core reads for their keys at a time, when a start has to read them again.
  std::uint64_t recovered_at_once = 8'192;
  /// How long an unknown outcome may be looked for before the commands are told so.
  std::int64_t resolve_patience_ms = 10'000;
  /// Hears of the head of a batch that is durable, before its answers: whoever was answered finds the status
  /// of the book no older than the answer. On the writer thread.
  std::function<void(const Head&)> on_durable;
  /// Runs the answers of one batch: calls its argument, on the writer thread. The server uses it to wake its
  /// threads once.
  std::function<void(const std::function<void()>& answer_all)> answer_together;
  /// Hears of the events that a batch put into the outbox, after their commit and after its answers; on the
  /// writer thread, must not block. A batch whose outcome had to be looked for is not told: see Outbox::peek.
  std::function<void(std::vector<PlacedEvent>)> on_events;
  /// Business time of the first record of a new book; empty: wall time.
  std::optional<Instant> start_at;
};

struct WriterCounters {
  std::uint64_t batches = 0;
  std::uint64_t records = 0;
  std::uint64_t refused = 0;
  std::uint64_t failed_batches = 0;
  std::uint64_t invariant_violations = 0;
  std::uint64_t unknown_outcomes = 0;
};

/// Microseconds that the stages of one batch took, for metrics and docs/performance.md.
struct BatchTimes {
  std::size_t commands = 0;
  std::int64_t decide_us = 0;
  std::int64_t seal_us = 0;
  std::int64_t flush_us = 0;
  std::int64_t commit_us = 0;
  std::int64_t answer_us = 0;
};

/// Whether business time runs on while a batch is decided, or stands at the moment of the batch before, and
/// with it all work that falls due.
enum class Time : bool { runs, stands };

/// Whether the tables may be made anew from the records when this version keeps others than the book has: at
/// the start of a node, before anybody looks at its projections, and not when it takes over from another.
enum class Upgrade : bool { refused, allowed };

/// One thread. After any call that failed, the writer is consistent with the database again or knows that it
/// is not and reloads before the next batch.
class Writer {
 public:
  Writer(store::Database& database, Projections& projections, const Clock& clock, Random& random,
         ForkJoin& fork_join, WriterOptions options);
  ~Writer();

  /// Opens a session, migrates, tries to get the right to write, and loads the state; writes the first record
  /// of a new book. false: another node has the right. Error: invalid_configuration when an upgrade is
  /// refused that makes tables anew; and the database's.
  Result<bool> acquire(Upgrade upgrade = Upgrade::refused);
  [[nodiscard]] bool is_writer() const { return ready_; }
  /// Publishes where this node is reached, for the nodes that forward to it.
  Status publish_url(std::string_view url);
  /// Writes what still waits in memory, so that the next start has nothing to read again. A hint only:
  /// failing loses nothing.
  void settle();
  /// Gives up the right and the session.
  void release();

  /// Runs the commands as one batch together with background work. Every command has had its succeeded() or
  /// failed() when this returns, whatever happened.
  void run(std::vector<std::unique_ptr<Command>> commands, Time time = Time::runs);

  /// Business time now, if a batch started now.
  [[nodiscard]] Instant business_now() const;
  /// Whether due work lies at or before business_now(). false too when it cannot be looked at; then
  /// background work rests.
  bool due_work_waits();
  /// Background work has failed, and is not tried before a pause is over.
  [[nodiscard]] bool background_rests() const { return clock_.wall_now() < background_after_; }
  /// The work of some row is at fault, and is left alone for a while.
  [[nodiscard]] bool due_work_rests() const { return unit_.due_.next_wake().has_value(); }
  /// When run({}) is worth calling although no command waits: wall time.
  std::optional<Instant> next_wake();
  [[nodiscard]] const Head& head() const { return unit_.head(); }
  [[nodiscard]] const WriterCounters& counters() const { return counters_; }
  [[nodiscard]] const BatchTimes& last_times() const { return times_; }
  [[nodiscard]] const Keys& keys() const { return unit_.keys_; }
  /// The database's upkeep (checkpoints). To be called between batches, also when there is no pause: a queue
  /// that never empties must not keep the log from being put away.
  void maintain();

 private:
  struct Step;
  struct Attempt;
  enum class Background : bool { no, yes };

  void attempt(std::vector<Command*>& commands, Background background, Attempt& out);
  void decide_all(std::vector<Command*>& commands, Background background, Attempt& out);
  void decide_one(Command& command, Attempt& out);
  void apply_record(const Record& record);
  void do_projection_work(Attempt& out);
  void do_due_work(Attempt& out, bool busy);
  void seal_all(Attempt& out);
  void finish(Attempt& out);
  bool resolve(const Attempt& out);
  void drop_batch();
  Status prepare();
  Status load();
  Status make_tables_anew(Upgrade upgrade);
  Status write_genesis();
  void recover_keys();
  Projection& owner(RecordKind kind);

  store::Database& database_;
  Projections& projections_;
  const Clock& clock_;
  Random& random_;
  ForkJoin& fork_join_;
  WriterOptions options_;
  std::unique_ptr<store::WriterSession> session_;
  KnownKeys known_keys_;
  Unit unit_;
  bool learns_anew_ = true;   // the session is new: what the filter knows of the table is old
  bool ready_ = false;        // holds the right and has loaded
  bool must_load_ = false;    // the caches do not agree with the database
  Instant background_after_;  // wall time before which failed background work is not tried again
  WriterCounters counters_;
  BatchTimes times_;
};

}  // namespace jangbu::engine
