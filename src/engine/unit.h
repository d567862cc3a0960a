// The unit of work: the open batch, as decide and apply see it.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <vector>

#include "engine/counters.h"
#include "engine/due.h"
#include "engine/head.h"
#include "engine/keys.h"
#include "engine/outbox.h"
#include "engine/record.h"
#include "engine/store_failure.h"
#include "engine/tokens.h"
#include "store/database.h"

namespace jangbu::engine {

/// Everything a decision may look at: the database and, over it, what earlier commands of the batch changed.
/// Writer thread (or the one thread of a rebuild). Reads that fail throw StoreFailure; see store_failure.h.
class Unit {
 public:
  explicit Unit(std::size_t deferred_keys) : keys_(deferred_keys) {}

  /// Business time of the batch: one moment for all its records.
  [[nodiscard]] Instant now() const { return now_; }
  [[nodiscard]] Instant wall_now() const { return wall_now_; }
  [[nodiscard]] const Head& head() const { return head_; }
  store::Session& session() { return *session_; }

  Keys& keys() { return keys_; }
  Due& due() { return due_; }
  Counters& counters() { return counters_; }
  Tokens& tokens() { return tokens_; }

  /// The next number of a counter, taken now. Only apply() calls it, with what the record says: `expected`.
  void take(Counter counter, std::uint64_t expected);
  /// The record that is being applied; from apply().
  [[nodiscard]] const Record& applying() const;
  /// Hands an event to the outbox; from apply(), for the record being applied. Its id.
  std::uint64_t emit(OutboxEvent event);
  /// What became of an event, or that it is to be sent again (pending); from apply().
  void set_event_state(std::uint64_t id, EventState state) { outbox_.set_state(id, state, now_); }

  /// A record by number, this batch's included. INVARIANT: it exists.
  Record record(std::uint64_t number);
  /// Calls `on_record` for records first..last in order.
  void each_record(std::uint64_t first, std::uint64_t last,
                   const std::function<void(const Record&)>& on_record);

  /// The head's part of engine records: a new epoch, or business time moved forward. From
  /// apply_engine_record().
  void begin_epoch(std::uint64_t epoch, Duration offset);
  void move_offset(Duration by);

 private:
  friend class Writer;
  friend class Rebuild;

  void open(store::Session& session, Instant now, Instant wall_now);
  /// Numbers the record and keeps it as the last one of the batch.
  Record& append(RecordKind kind, Bytes payload, std::shared_ptr<const void> decoded = nullptr);
  /// Takes a stored record as the next one (rebuild).
  Record& append_stored(Record record);
  /// Hashes the batch's records into the chain.
  void chain();
  void flush_records();
  void flush_tables();
  /// Whether something must be committed although there is no record.
  [[nodiscard]] bool only_tokens() const { return records_.empty() && tokens_.changed(); }
  void flush_keys_through();
  void write_keys_through(std::uint64_t number);
  /// The events that the commit made visible.
  std::vector<PlacedEvent> committed();
  void discard();
  /// Reads head and counters from the database.
  void load(store::Session& session);

  store::Session* session_ = nullptr;
  store::Session* earlier_records_ = nullptr;  // where a rebuild finds them; null: in session_
  Head head_;                                  // as the batch sees it
  Head committed_head_;                        // as the database has it
  Instant now_;
  Instant wall_now_;
  std::deque<Record> records_;  // of this batch; addresses stay good
  std::vector<Bytes> bodies_;   // their stored bodies, once chained
  Record* applying_ = nullptr;
  Keys keys_;
  Due due_;
  Counters counters_;
  Outbox outbox_;
  Tokens tokens_;
};

/// A record by number from any session. Errors: not_found, and the session's.
Result<Record> load_record(store::Session& session, std::uint64_t number);
/// Records first..last in order, until `on_record` returns false.
Status each_stored_record(store::Session& session, std::uint64_t first, std::uint64_t last,
                          const std::function<bool(const Record&)>& on_record);
/// The head row, or not_found in an empty database.
Result<Head> load_head(store::Session& session);

}  // namespace jangbu::engine
