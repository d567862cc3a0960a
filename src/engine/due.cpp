#include "engine/due.h"

#include <algorithm>

#include "engine/store_failure.h"

namespace jangbu::engine {
namespace {

using store::Value;

const store::Sql earliest_sql{
    "SELECT due_at, kind, first, last FROM engine_due ORDER BY due_at, kind, first LIMIT $1"};
const store::Sql covering_sql{
    "SELECT due_at, kind, first, last FROM engine_due WHERE due_at = $1 AND kind = $2 AND first <= $3 "
    "ORDER BY first DESC LIMIT 1"};
// What was scheduled for that time before, by another batch, may begin with the same number.
const store::Sql insert_work_sql{
    "INSERT INTO engine_due (due_at, kind, first, last) VALUES ($1, $2, $3, $4) ON CONFLICT (due_at, kind, "
    "first) DO UPDATE SET last = CASE WHEN excluded.last > engine_due.last THEN excluded.last ELSE "
    "engine_due.last END"};
const store::Sql remove_sql{"DELETE FROM engine_due WHERE due_at = $1 AND kind = $2 AND first = $3"};

DueRow read(const store::Row& row) {
  return DueRow{Instant{row.integer(0)}, static_cast<WorkKind>(row.integer(1)), row.number(2), row.number(3)};
}

std::int64_t kind_number(WorkKind kind) { return static_cast<std::int64_t>(kind); }

}  // namespace

void Due::add(Instant due_at, WorkKind kind, std::uint64_t number) {
  // At most one row of this batch has that time and kind: its first is the lowest number that was added.
  const auto it = added_.lower_bound(Key{due_at.us, kind, 0});
  if (it != added_.end() && std::get<0>(it->first) == due_at.us && std::get<1>(it->first) == kind) {
    // Most numbers come in order, but what is scheduled anew comes in any.
    const std::uint64_t last = std::max(it->second, number);
    if (number >= std::get<2>(it->first)) {
      it->second = last;
    } else {
      added_.erase(it);
      added_.emplace(Key{due_at.us, kind, number}, last);
    }
    return;
  }
  added_.emplace(Key{due_at.us, kind, number}, number);
}

void Due::remove(const DueRow& row) {
  const Key key{row.due_at.us, row.kind, row.first};
  if (added_.erase(key) == 0) removed_.emplace(key, true);
}

void Due::rest(const DueRow& row, Instant until) {
  resting_[Key{row.due_at.us, row.kind, row.first}] = until;
  stored_known_ = false;
}

void Due::wake(Instant wall_now) {
  if (std::erase_if(resting_, [&](const auto& row) { return row.second <= wall_now; }) != 0)
    stored_known_ = false;
}

std::optional<Instant> Due::next_wake() const {
  std::optional<Instant> next;
  for (const auto& [key, until] : resting_)
    if (!next || until < *next) next = until;
  return next;
}

std::optional<DueRow> Due::earliest(store::Session& session) {
  std::optional<DueRow> stored = stored_earliest_;
  const auto is_removed = [&](const DueRow& row) {
    const Key key{row.due_at.us, row.kind, row.first};
    return removed_.contains(key) || resting_.contains(key);
  };
  if (!stored_known_ || (stored && is_removed(*stored))) {
    stored.reset();
    // Among one row more than were removed or rest there is one that was not and does not.
    const auto rows = static_cast<std::int64_t>(removed_.size() + resting_.size()) + 1;
    throw_if_failed(session.query(earliest_sql, {Value::integer(rows)}, [&](const store::Row& row) {
      const DueRow candidate = read(row);
      if (is_removed(candidate)) return true;
      stored = candidate;
      return false;
    }));
    if (removed_.empty()) {
      stored_earliest_ = stored;
      stored_known_ = true;
    }
  }
  if (added_.empty()) return stored;
  const auto& [key, last] = *added_.begin();
  const DueRow added{Instant{std::get<0>(key)}, std::get<1>(key), std::get<2>(key), last};
  if (!stored) return added;
  const Key stored_key{stored->due_at.us, stored->kind, stored->first};
  return stored_key < key ? stored : std::optional(added);
}

Result<std::optional<DueRow>> Due::find_stored(store::Session& session, Instant due_at, WorkKind kind,
                                               std::uint64_t number) {
  std::optional<DueRow> found;
  RETURN_IF_ERROR(session.query(
      covering_sql, {Value::integer(due_at.us), Value::integer(kind_number(kind)), Value::number(number)},
      [&](const store::Row& row) {
        found = read(row);
        return false;
      }));
  if (found && found->last < number) found.reset();
  return found;
}

std::optional<DueRow> Due::covering(store::Session& session, Instant due_at, WorkKind kind,
                                    std::uint64_t number) {
  const auto it = added_.lower_bound(Key{due_at.us, kind, 0});
  if (it != added_.end() && std::get<0>(it->first) == due_at.us && std::get<1>(it->first) == kind &&
      std::get<2>(it->first) <= number && number <= it->second)
    return DueRow{due_at, kind, std::get<2>(it->first), it->second};
  auto stored = value_or_throw(find_stored(session, due_at, kind, number));
  if (stored && removed_.contains(Key{stored->due_at.us, stored->kind, stored->first})) stored.reset();
  return stored;
}

void Due::flush(store::Session& session) {
  for (const auto& [key, unused] : removed_)
    throw_if_failed(session.execute(
        remove_sql, {Value::integer(std::get<0>(key)), Value::integer(kind_number(std::get<1>(key))),
                     Value::number(std::get<2>(key))}));
  for (const auto& [key, last] : added_)
    throw_if_failed(session.execute(
        insert_work_sql, {Value::integer(std::get<0>(key)), Value::integer(kind_number(std::get<1>(key))),
                          Value::number(std::get<2>(key)), Value::number(last)}));
}

void Due::committed() {
  const bool is_widened =
      stored_earliest_ &&
      added_.contains(Key{stored_earliest_->due_at.us, stored_earliest_->kind, stored_earliest_->first});
  if (!removed_.empty() || is_widened) {
    stored_known_ = false;
  } else if (stored_known_ && !added_.empty()) {
    const auto& [key, last] = *added_.begin();
    const DueRow added{Instant{std::get<0>(key)}, std::get<1>(key), std::get<2>(key), last};
    if (!stored_earliest_ ||
        key < Key{stored_earliest_->due_at.us, stored_earliest_->kind, stored_earliest_->first})
      stored_earliest_ = added;
  }
  added_.clear();
  removed_.clear();
}

void Due::discard() {
  added_.clear();
  removed_.clear();
  stored_known_ = false;
  stored_earliest_.reset();
}

}  // namespace jangbu::engine
