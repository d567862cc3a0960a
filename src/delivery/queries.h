// Reads of the outbox and of the attempts, on snapshots.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "delivery/attempts.h"
#include "delivery/backlog.h"
#include "delivery/events.h"
#include "engine/outbox.h"

namespace jangbu::delivery {

/// Whether events of this destination are delivered by the postman.
std::optional<Channel> channel_of(std::string_view destination);

/// Pending events with ids above `after`, in their order, with what their attempts say; at most `limit`.
Result<std::vector<Pending>> read_pending(store::Session& session, std::uint64_t after, std::size_t limit);
/// Those of `ids` that are pending.
Result<std::vector<Pending>> read_pending_of(store::Session& session, std::span<const std::uint64_t> ids);

/// An event with what became of it.
struct DeliveryRow {
  engine::PlacedEvent event;
  engine::EventState state{};
  Instant finished_at;  // business time; 0 while it is pending
  Attempt last;         // number 0: there was none, or it is forgotten
};
/// Error: not_found, also for events that the postman does not deliver.
Result<DeliveryRow> read_delivery(store::Session& session, std::uint64_t id);

/// Events with ids above `after`, in their order, without their attempts; at most `limit`.
Result<std::vector<DeliveryRow>> read_after(store::Session& session, std::uint64_t after, std::size_t limit);

/// What a list may be narrowed to.
struct DeliveryFilter {
  std::vector<Channel> channels;  // empty: any
  std::string destination;        // "reward:A100000001"; empty: any
  std::string_view except_topic;  // empty: none
  std::optional<engine::EventState> state;
  std::string merchant, order_code, u_id;  // empty: any
  Instant from{0};                         // business time of the event, inclusive
  Instant to{INT64_MAX};                   // exclusive
};
struct DeliveryPage {
  std::vector<DeliveryRow> rows;  // the newest first
  std::uint64_t next = 0;         // the cursor of the next page; 0: there is none
};
/// The ids of the events that were emitted in a stretch of business time: from the first to before the
/// second. Ids and times of events grow together, so that a few dozen rows tell, however many there are.
struct IdRange {
  std::uint64_t first = 1;
  std::uint64_t end = 1;
};
Result<IdRange> ids_between(store::Session& session, Instant from, Instant to);

/// Events with ids below `before`. Looks at no more than 5,000 events, so that a page may have fewer rows
/// than `limit` although there are more: `next` tells. `with_attempts` fills in the last attempts.
Result<DeliveryPage> list_deliveries(store::Session& session, const DeliveryFilter& filter,
                                     std::uint64_t before, std::size_t limit, bool with_attempts);

}  // namespace jangbu::delivery
