#include "delivery/attempts.h"

namespace jangbu::delivery {
namespace {

using store::Value;

const store::Sql write_sql{
    "INSERT INTO delivery_attempts (event, attempt, tries, started_at, duration_us, status, error, answer, "
    "next_at, message) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (event, attempt) DO "
    "NOTHING"};
const store::Sql sweep_sql{
    "DELETE FROM delivery_attempts WHERE started_at < $1 AND (event, attempt) IN (SELECT event, attempt FROM "
    "delivery_attempts WHERE started_at < $1 ORDER BY started_at LIMIT 1000)"};
const store::Sql read_sql{
    "SELECT event, attempt, tries, started_at, duration_us, status, error, answer, next_at FROM "
    "delivery_attempts WHERE event = $1 ORDER BY attempt DESC LIMIT $2"};
const store::Sql last_sql{
    "SELECT event, attempt, tries, started_at, duration_us, status, error, answer, next_at FROM "
    "delivery_attempts WHERE event = $1 ORDER BY attempt DESC LIMIT 1"};

const store::Sql of_message_sql{
    "SELECT event FROM delivery_attempts WHERE message = $1 AND attempt = 1 ORDER BY event LIMIT 1"};

Attempt read(const store::Row& row) {
  Attempt attempt;
  attempt.event = row.number(0);
  attempt.number = static_cast<std::uint32_t>(row.integer(1));
  attempt.tries = static_cast<std::uint32_t>(row.integer(2));
  attempt.started_at = Instant{row.integer(3)};
  attempt.duration_us = row.integer(4);
  attempt.status = static_cast<int>(row.integer(5));
  attempt.error = row.bytes(6);
  attempt.answer = row.bytes(7);
  attempt.next_at = Instant{row.integer(8)};
  return attempt;
}

}  // namespace

Status write_attempts(store::Session& session, std::span<const Attempt> attempts) {
  for (const Attempt& a : attempts)
    RETURN_IF_ERROR(session.execute(
        write_sql,
        {Value::number(a.event), Value::integer(a.number), Value::integer(a.tries),
         Value::integer(a.started_at.us), Value::integer(a.duration_us), Value::integer(a.status),
         Value::blob(a.error), Value::blob(std::string_view(a.answer).substr(0, kept_answer_bytes)),
         Value::integer(a.next_at.us), Value::blob(a.message)}));
  return {};
}

Status sweep_attempts(store::Session& session, Instant wall_now) {
  return session.execute(sweep_sql, {Value::integer((wall_now - attempts_kept).us)});
}

Result<std::vector<Attempt>> read_attempts(store::Session& session, std::uint64_t event, std::size_t limit) {
  std::vector<Attempt> attempts;
  RETURN_IF_ERROR(
      session.query(read_sql, {Value::number(event), Value::number(limit)}, [&](const store::Row& row) {
        attempts.push_back(read(row));
        return true;
      }));
  return attempts;
}

Result<std::vector<Attempt>> read_last_attempts(store::Session& session,
                                                std::span<const std::uint64_t> events) {
  std::vector<Attempt> attempts(events.size());
  std::vector<std::vector<Value>> parameters;
  for (std::size_t i = 0; i < events.size(); ++i) {
    attempts[i].event = events[i];
    parameters.push_back({Value::number(events[i])});
  }
  RETURN_IF_ERROR(session.query_each(last_sql, parameters,
                                     [&](std::size_t i, const store::Row& row) { attempts[i] = read(row); }));
  return attempts;
}

Result<std::uint64_t> event_of_message(store::Session& session, ByteView message) {
  std::uint64_t event = 0;
  RETURN_IF_ERROR(session.query(of_message_sql, {Value::blob(message)}, [&](const store::Row& row) {
    event = row.number(0);
    return false;
  }));
  return event;
}

}  // namespace jangbu::delivery
