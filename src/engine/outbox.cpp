#include "engine/outbox.h"

#include "engine/store_failure.h"

namespace jangbu::engine {
namespace {

using store::Value;

const store::Sql insert_event_sql{
    "INSERT INTO engine_outbox (id, record, created_at, destination, document, topic, payload, state, "
    "finished_at) VALUES ($1, $2, $3, $4, $5, $6, $7, 0, 0)"};
const store::Sql change_sql{"UPDATE engine_outbox SET state = $1, finished_at = $2 WHERE id = $3"};
const store::Sql peek_sql{
    "SELECT id, record, created_at, destination, document, topic, payload FROM engine_outbox o WHERE state = "
    "0 AND id > $1 AND NOT EXISTS (SELECT 1 FROM engine_outbox e WHERE e.state = 0 AND e.destination = "
    "o.destination AND e.document = o.document AND e.id < o.id) ORDER BY id LIMIT $2"};

}  // namespace

void Outbox::flush(store::Session& session) {
  for (const PlacedEvent& p : pending_)
    throw_if_failed(session.execute(insert_event_sql,
                                    {Value::number(p.id), Value::number(p.record), Value::integer(p.at.us),
                                     Value::blob(p.event.destination), Value::blob(p.event.document),
                                     Value::blob(p.event.topic), Value::blob(p.event.payload)}));
  for (const auto& [id, change] : changed_) {
    const Instant finished_at = change.state == EventState::pending ? Instant{} : change.at;
    throw_if_failed(session.execute(change_sql, {Value::integer(static_cast<std::int64_t>(change.state)),
                                                 Value::integer(finished_at.us), Value::number(id)}));
  }
}

std::vector<PlacedEvent> Outbox::committed() {
  changed_.clear();
  return std::exchange(pending_, {});
}

void Outbox::discard() {
  pending_.clear();
  changed_.clear();
}

Result<std::vector<PlacedEvent>> Outbox::peek(store::Session& session, std::uint64_t after,
                                              std::size_t limit) {
  std::vector<PlacedEvent> events;
  RETURN_IF_ERROR(
      session.query(peek_sql, {Value::number(after), Value::number(limit)}, [&](const store::Row& row) {
        events.push_back({row.number(0), row.number(1), Instant{row.integer(2)},
                          OutboxEvent{std::string(row.bytes(3)), std::string(row.bytes(4)),
                                      std::string(row.bytes(5)), Bytes(row.bytes(6))}});
        return true;
      }));
  return events;
}

}  // namespace jangbu::engine
