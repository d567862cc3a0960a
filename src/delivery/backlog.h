// What is still to be sent, in memory: which event is next, and who must wait for whom. No I/O, no threads,
// no clock of its own.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

#include "base/time.h"
#include "engine/outbox.h"

namespace jangbu::delivery {

struct BacklogLimits {
  std::size_t max_events = 200'000;  // beyond them the backlog is full
  std::size_t max_payload_bytes = std::size_t{64}
                                  << 20;  // beyond them payloads are left in the database until they are sent
  std::size_t in_flight = 256;
  std::size_t in_flight_each = 8;  // to one receiver
  /// Receivers whose last attempt got no answer get one at a time each, and together at most this many, so
  /// that those who hang leave room for the others.
  std::size_t in_flight_troubled = 64;
};

/// An event that waits or is under way.
struct Pending {
  engine::PlacedEvent event;
  bool has_payload = true;     // false: event.event.payload was dropped to save memory
  std::uint32_t attempts = 0;  // so far, all of them
  std::uint32_t tries = 0;     // since it was emitted or sent again by hand
  Instant next_at{};           // business time before which it must not be sent
};

/// Order: events of one (destination, document) leave one after the other by their ids; a waiting one holds
/// up its own document alone. A receiver is a destination and the origin of a URL. Not thread-safe.
class Backlog {
 public:
  explicit Backlog(BacklogLimits limits);
  ~Backlog();
  Backlog(const Backlog&) = delete;
  Backlog& operator=(const Backlog&) = delete;

  /// Takes an event whose receiver is at `origin` (empty for mail). false: it is there already.
  bool admit(Pending pending, std::string_view origin);

  /// The next event that may be sent at business time `now`, or nullptr. It is under way from here on, until
  /// retry() or remove(), and good until then.
  Pending* next(Instant now);
  /// The event that is under way. INVARIANT: there is one of that id.
  Pending& under_way(std::uint64_t id);
  /// An attempt has ended: its place is free for another event. `troubled`: there was no answer.
  void answered(std::uint64_t id, bool troubled);
  /// After answered(): the event stays first in its document and may be sent again at `at`.
  void retry(std::uint64_t id, Instant at);
  /// After answered(): the event is done with, and the next one of its document may go.
  void remove(std::uint64_t id);

  [[nodiscard]] bool is_full() const { return index_.size() >= limits_.max_events; }
  /// Whether it has become empty enough to read on where it was full.
  [[nodiscard]] bool has_room() const { return index_.size() <= limits_.max_events / 2; }
  [[nodiscard]] std::size_t size() const { return index_.size(); }
  [[nodiscard]] std::size_t in_flight() const { return in_flight_; }
  /// Business time at which the oldest event was emitted.
  [[nodiscard]] std::optional<Instant> oldest() const;
  /// When next() should be asked although nothing happens: business time.
  [[nodiscard]] std::optional<Instant> next_wake() const;
  void clear();

 private:
  struct Queue;
  struct Lane;
  struct Held {
    Pending pending;
    Lane* lane;
    bool counts_as_troubled = false;
  };

  void schedule(Queue& queue);
  void offer(Lane& lane);
  Held* take(std::deque<Lane*>& offers, bool troubled, Instant now);
  Held& held(std::uint64_t id);
  void drop_idle_lanes();

  const BacklogLimits limits_;
  std::unordered_map<std::string, std::unique_ptr<Lane>> lanes_;
  std::unordered_map<std::string, std::unique_ptr<Queue>> queues_;
  std::map<std::uint64_t, Queue*> index_;  // all events, by id
  std::multimap<Instant, Queue*> timers_;  // queues whose first event must wait
  std::deque<Lane*> offers_;               // receivers with something to send, in turn
  std::deque<Lane*> troubled_offers_;      // the troubled ones
  std::size_t in_flight_ = 0;
  std::size_t troubled_in_flight_ = 0;
  std::size_t payload_bytes_ = 0;
};

}  // namespace jangbu::delivery
