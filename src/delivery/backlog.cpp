#include "delivery/backlog.h"

#include <utility>

#include "base/invariant.h"

namespace jangbu::delivery {
namespace {

/// Receivers with nothing to send are forgotten when there are more.
constexpr std::size_t max_idle_lanes = 4096;

}  // namespace

/// The events of one document, the first of which is next.
struct Backlog::Queue {
  enum class State : std::uint8_t { idle, waiting, ready, under_way };
  std::string key;
  std::map<std::uint64_t, Held> events;
  State state = State::idle;
  std::multimap<Instant, Queue*>::iterator timer;  // while waiting
  std::uint64_t sent_id = 0;  // while under way: an earlier one may be admitted meanwhile
};

/// One receiver.
struct Backlog::Lane {
  std::size_t events = 0;
  std::size_t in_flight = 0;
  bool troubled = false;
  bool offered = false;  // stands in one of the offers
  std::deque<Queue*> ready;
};

Backlog::Backlog(BacklogLimits limits) : limits_(limits) {}
Backlog::~Backlog() = default;

bool Backlog::admit(Pending pending, std::string_view origin) {
  const std::uint64_t id = pending.event.id;
  if (index_.contains(id)) return false;
  const engine::OutboxEvent& event = pending.event.event;
  auto& lane = lanes_[event.destination + '\n' + std::string(origin)];
  if (!lane) lane = std::make_unique<Lane>();
  ++lane->events;
  const std::string key = event.destination + '\n' + event.document;
  auto& queue = queues_[key];
  if (!queue) {
    queue = std::make_unique<Queue>();
    queue->key = key;
  }
  const std::size_t bytes = event.payload.size();
  if (pending.has_payload && payload_bytes_ + bytes > limits_.max_payload_bytes) {
    pending.has_payload = false;
    pending.event.event.payload = {};
  }
  if (pending.has_payload) payload_bytes_ += bytes;
  queue->events.emplace(id, Held{std::move(pending), lane.get()});
  index_.emplace(id, queue.get());
  schedule(*queue);
  return true;
}

/// Puts a queue where its first event belongs: among the timers, or to its receiver.
void Backlog::schedule(Queue& queue) {
  if (queue.state == Queue::State::under_way || queue.state == Queue::State::ready) return;
  if (queue.state == Queue::State::waiting) timers_.erase(queue.timer);
  queue.timer = timers_.emplace(queue.events.begin()->second.pending.next_at, &queue);
  queue.state = Queue::State::waiting;
}

void Backlog::offer(Lane& lane) {
  if (lane.offered || lane.ready.empty()) return;
  lane.offered = true;
  (lane.troubled ? troubled_offers_ : offers_).push_back(&lane);
}

Backlog::Held* Backlog::take(std::deque<Lane*>& offers, bool troubled, Instant now) {
  while (!offers.empty()) {
    Lane& lane = *offers.front();
    offers.pop_front();
    lane.offered = false;
    if (lane.troubled != troubled) {
      offer(lane);
      continue;
    }
    // A busy receiver is offered again when one of its attempts ends.
    if (lane.in_flight >= (troubled ? 1 : limits_.in_flight_each)) continue;
    Queue& queue = *lane.ready.front();
    lane.ready.pop_front();
    offer(lane);
    Held& first = queue.events.begin()->second;
    queue.state = Queue::State::idle;
    if (first.lane != &lane || first.pending.next_at > now) {
      // An earlier event has come since.
      schedule(queue);
      continue;
    }
    queue.state = Queue::State::under_way;
    queue.sent_id = first.pending.event.id;
    ++lane.in_flight;
    ++in_flight_;
    first.counts_as_troubled = troubled;
    if (troubled) ++troubled_in_flight_;
    return &first;
  }
  return nullptr;
}

Pending* Backlog::next(Instant now) {
  while (!timers_.empty() && timers_.begin()->first <= now) {
    Queue& queue = *timers_.begin()->second;
    timers_.erase(timers_.begin());
    queue.state = Queue::State::ready;
    Lane& lane = *queue.events.begin()->second.lane;
    lane.ready.push_back(&queue);
    offer(lane);
  }
  if (in_flight_ >= limits_.in_flight) return nullptr;
  Held* found = take(offers_, false, now);
  if (found == nullptr && troubled_in_flight_ < limits_.in_flight_troubled)
    found = take(troubled_offers_, true, now);
  return found == nullptr ? nullptr : &found->pending;
}

Backlog::Held& Backlog::held(std::uint64_t id) {
  const auto it = index_.find(id);
  INVARIANT(it != index_.end() && it->second->state == Queue::State::under_way && it->second->sent_id == id,
            "event " + std::to_string(id) + " is under way");
  return it->second->events.at(id);
}

Pending& Backlog::under_way(std::uint64_t id) { return held(id).pending; }

void Backlog::answered(std::uint64_t id, bool troubled) {
  Held& event = held(id);
  Lane& lane = *event.lane;
  --lane.in_flight;
  --in_flight_;
  if (event.counts_as_troubled) --troubled_in_flight_;
  lane.troubled = troubled;
  offer(lane);
}

void Backlog::retry(std::uint64_t id, Instant at) {
  held(id).pending.next_at = at;
  Queue& queue = *index_.at(id);
  queue.state = Queue::State::idle;
  schedule(queue);
}

void Backlog::remove(std::uint64_t id) {
  Held& event = held(id);
  if (event.pending.has_payload) payload_bytes_ -= event.pending.event.event.payload.size();
  --event.lane->events;
  Queue& queue = *index_.at(id);
  queue.events.erase(id);
  index_.erase(id);
  queue.state = Queue::State::idle;
  if (queue.events.empty()) {
    queues_.erase(std::string(queue.key));
    drop_idle_lanes();
  } else {
    schedule(queue);
  }
}

void Backlog::drop_idle_lanes() {
  if (lanes_.size() <= max_idle_lanes) return;
  std::erase_if(lanes_, [](const auto& entry) {
    const Lane& lane = *entry.second;
    return lane.events == 0 && !lane.offered;
  });
}

std::optional<Instant> Backlog::oldest() const {
  if (index_.empty()) return std::nullopt;
  const auto& [id, queue] = *index_.begin();
  return queue->events.at(id).pending.event.at;
}

std::optional<Instant> Backlog::next_wake() const {
  if (timers_.empty()) return std::nullopt;
  return timers_.begin()->first;
}

void Backlog::clear() {
  offers_.clear();
  troubled_offers_.clear();
  timers_.clear();
  index_.clear();
  queues_.clear();
  lanes_.clear();
  in_flight_ = 0;
  troubled_in_flight_ = 0;
  payload_bytes_ = 0;
}

}  // namespace jangbu::delivery
