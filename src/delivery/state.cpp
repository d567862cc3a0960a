#include "delivery/state.h"

#include <array>
#include <utility>

#include "engine/store_failure.h"

namespace jangbu::delivery {
namespace {

using engine::EventState;
using store::Value;

const store::Sql state_sql{"SELECT state FROM engine_outbox WHERE id = $1"};

/// The states of events as they are stored, in the order of `ids`; empty where there is no such event.
std::vector<std::optional<EventState>> states_of(store::Session& session,
                                                 const std::vector<std::uint64_t>& ids) {
  std::vector<std::vector<Value>> parameters;
  parameters.reserve(ids.size());
  for (const std::uint64_t id : ids) parameters.push_back({Value::number(id)});
  std::vector<std::optional<EventState>> states(ids.size());
  engine::throw_if_failed(session.query_each(
      state_sql, parameters,
      [&](std::size_t i, const store::Row& row) { states[i] = static_cast<EventState>(row.integer(0)); }));
  return states;
}

EventState state_after(engine::RecordKind kind) {
  return kind == delivered_kind  ? EventState::delivered
         : kind == given_up_kind ? EventState::given_up
                                 : EventState::pending;
}

}  // namespace

std::span<const store::Migration> State::migrations() const {
  static constexpr std::array list = {
      store::Migration{"delivery", 1, R"sql(
-- Not truth: what happened each time that an event was sent. Rows go after 30 days.
CREATE TABLE delivery_attempts (
  event BIGINT NOT NULL,
  attempt BIGINT NOT NULL,
  tries BIGINT NOT NULL,
  started_at BIGINT NOT NULL,
  duration_us BIGINT NOT NULL,
  status BIGINT NOT NULL,
  error {BLOB} NOT NULL,
  answer {BLOB} NOT NULL,
  next_at BIGINT NOT NULL,
  PRIMARY KEY (event, attempt)
) {WITHOUT_ROWID};
CREATE INDEX delivery_attempts_started ON delivery_attempts (started_at);
)sql"},
      // Receivers know what they got by its id. The table is a log: rows of before have none.
      store::Migration{"delivery", 2, R"sql(
ALTER TABLE delivery_attempts ADD COLUMN message {BLOB};
CREATE INDEX delivery_attempts_message ON delivery_attempts (message) WHERE attempt = 1;
)sql"}};
  return list;
}

void State::apply(engine::Unit& unit, const engine::Record& record) {
  const auto ids = decode_ids(record.payload);
  INVARIANT(ids.ok() && record.kind <= resend_kind,
            "record " + std::to_string(record.number) + " is of deliveries and reads");
  const EventState state = state_after(record.kind);
  for (const std::uint64_t id : *ids) unit.set_event_state(id, state);
  if (state == EventState::pending) reopened_.insert(reopened_.end(), ids->begin(), ids->end());
}

void State::committed() {
  if (reopened_.empty()) return;
  const std::vector<std::uint64_t> ids = std::exchange(reopened_, {});
  const std::lock_guard lock(observer_mutex_);
  if (observer_.reopened) observer_.reopened(ids);
}

void State::load(engine::Unit&) {
  const std::lock_guard lock(observer_mutex_);
  if (observer_.loaded) observer_.loaded();
}

Status State::check(const engine::Record& record) const {
  const auto ids = decode_ids(record.payload);
  if (ids.ok() && record.kind <= resend_kind) return {};
  return Error(Errc::verification_failed,
               "record " + std::to_string(record.number) + ": is not what the postman writes");
}

std::size_t Conclude::size_bytes() const {
  std::size_t bytes = 256 + 8 * outcome_.ids.size();
  for (const Attempt& attempt : outcome_.attempts)
    bytes += sizeof attempt + attempt.error.size() + attempt.answer.size();
  return bytes;
}

engine::Decision Conclude::decide(engine::Unit& unit) {
  std::vector<std::uint64_t> pending;
  const auto states = states_of(unit.session(), outcome_.ids);
  for (std::size_t i = 0; i < states.size(); ++i)
    if (states[i] == EventState::pending) pending.push_back(outcome_.ids[i]);
  if (pending.empty()) return engine::Beside{};
  return engine::Accept{outcome_.kind, encode_ids(pending)};
}

engine::Decision Resend::decide(engine::Unit& unit) {
  const auto states = states_of(unit.session(), ids_);
  std::vector<std::uint64_t> finished;
  bool any = false;
  for (std::size_t i = 0; i < states.size(); ++i) {
    any = any || states[i].has_value();
    if (states[i] && *states[i] != EventState::pending) finished.push_back(ids_[i]);
  }
  if (!any) return engine::Refuse{Error(Errc::not_found, "there is no such delivery")};
  if (finished.empty())
    return engine::Refuse{Error(Errc::already_exists, "this delivery is pending already")};
  count_ = finished.size();
  return engine::Accept{resend_kind, encode_ids(finished)};
}

}  // namespace jangbu::delivery
