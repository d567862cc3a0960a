// The outbox: everything that must leave the house is a row written in the transaction of the change that
// caused it.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/time.h"
#include "base/trace.h"
#include "store/database.h"

namespace jangbu::engine {

/// Something a destination must hear. Order is kept per (destination, document); ids grow in commit order.
struct OutboxEvent {
  std::string destination;  // who is to hear it: "webhook:{app}", "mail", ...
  std::string document;     // what it is about: order is kept within it
  std::string topic;        // "order.paid"
  Bytes payload;
};

/// What became of an event; numbers are stored.
enum class EventState : std::uint8_t {
  pending = 0,
  delivered = 1,
  given_up = 2,
};

/// An event with its place in the outbox.
struct PlacedEvent {
  std::uint64_t id = 0;      // stable over all tries: receivers know repeats by it
  std::uint64_t record = 0;  // the record that caused it
  Instant at;                // business time
  OutboxEvent event;
  Trace trace = {};  // of the request that caused it: in memory alone, what is read back has none
};

/// The table engine_outbox. All but the static functions on the writer thread.
class Outbox {
 public:
  void put(PlacedEvent event) { pending_.push_back(std::move(event)); }
  void set_state(std::uint64_t id, EventState state, Instant at) { changed_[id] = {state, at}; }
  void flush(store::Session& session);
  /// The events that the commit made visible; the batch is closed by that.
  std::vector<PlacedEvent> committed();
  void discard();

  /// The oldest pending event of each (destination, document), at most `limit` of them, ids above `after`, in
  /// the order of ids. Readers.
  static Result<std::vector<PlacedEvent>> peek(store::Session& session, std::uint64_t after,
                                               std::size_t limit);

 private:
  struct Change {
    EventState state;
    Instant at;
  };
  std::vector<PlacedEvent> pending_;
  std::map<std::uint64_t, Change> changed_;
};

}  // namespace jangbu::engine
