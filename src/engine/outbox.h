// The outbox: everything that must leave the house is a row written in the transaction of the change that
// caused it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/time.h"
#include "store/database.h"

namespace jangbu::engine {

/// Something a destination must hear. Order is kept per (destination, document); ids grow in commit order.
struct OutboxEvent {
  std::string destination;  // who is to hear it: "webhook:{app}", "mail", ...
  std::string document;     // what it is about: order is kept within it
  std::string topic;        // "order.paid"
  Bytes payload;
};

struct ClaimedEvent {
  std::uint64_t id = 0;
  std::uint64_t record = 0;  // the record that caused it
  OutboxEvent event;
};

/// The table engine_outbox. put() and flush() on the writer thread.
class Outbox {
 public:
  void put(std::uint64_t id, std::uint64_t record, Instant at, OutboxEvent event);
  void flush(store::Session& session);
  void committed() { pending_.clear(); }
  void discard() { pending_.clear(); }

  /// The oldest undelivered event of each document of the destination, at most `limit`, ids above `after`.
  /// Readers.
  static Result<std::vector<ClaimedEvent>> peek(store::Session& session, std::string_view destination,
                                                std::uint64_t after, std::size_t limit);

 private:
  struct Pending {
    std::uint64_t id;
    std::uint64_t record;
    Instant at;
    OutboxEvent event;
  };
  std::vector<Pending> pending_;
};

}  // namespace jangbu::engine
