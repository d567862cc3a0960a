#include "engine/outbox.h"

#include "engine/store_failure.h"

namespace jangbu::engine {
namespace {

using store::Value;

const store::Sql insert_sql{
    "INSERT INTO engine_outbox (id, record, created_at, destination, document, topic, payload) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7)"};
const store::Sql peek_sql{
    "SELECT id, record, destination, document, topic, payload FROM engine_outbox o WHERE destination = $1 "
    "AND id > $2 "
    "AND NOT EXISTS (SELECT 1 FROM engine_outbox e WHERE e.destination = o.destination AND e.document = "
    "o.document "
    "AND e.id < o.id) ORDER BY id LIMIT $3"};

}  // namespace

void Outbox::put(std::uint64_t id, std::uint64_t record, Instant at, OutboxEvent event) {
  pending_.push_back({id, record, at, std::move(event)});
}

void Outbox::flush(store::Session& session) {
  for (const Pending& p : pending_)
    throw_if_failed(
        session.execute(insert_sql, {Value::number(p.id), Value::number(p.record), Value::integer(p.at.us),
                                     Value::blob(p.event.destination), Value::blob(p.event.document),
                                     Value::blob(p.event.topic), Value::blob(p.event.payload)}));
}

Result<std::vector<ClaimedEvent>> Outbox::peek(store::Session& session, std::string_view destination,
                                               std::uint64_t after, std::size_t limit) {
  std::vector<ClaimedEvent> events;
  RETURN_IF_ERROR(
      session.query(peek_sql, {Value::blob(destination), Value::number(after), Value::number(limit)},
                    [&](const store::Row& row) {
                      events.push_back({row.number(0), row.number(1),
                                        OutboxEvent{std::string(row.bytes(2)), std::string(row.bytes(3)),
                                                    std::string(row.bytes(4)), Bytes(row.bytes(5))}});
                      return true;
                    }));
  return events;
}

}  // namespace jangbu::engine
