#include "delivery/queries.h"

#include <algorithm>

namespace jangbu::delivery {
namespace {

using engine::EventState;
using engine::PlacedEvent;
using store::Value;

constexpr std::uint64_t max_looked_at = 5'000;

#define JANGBU_OUTBOX_COLUMNS                                                                      \
  "SELECT id, record, created_at, destination, document, topic, payload, state, finished_at FROM " \
  "engine_outbox "
const store::Sql pending_sql{JANGBU_OUTBOX_COLUMNS "WHERE state = 0 AND id > $1 ORDER BY id LIMIT $2"};
const store::Sql after_sql{JANGBU_OUTBOX_COLUMNS "WHERE id > $1 ORDER BY id LIMIT $2"};
const store::Sql one_sql{JANGBU_OUTBOX_COLUMNS "WHERE id = $1"};
const store::Sql list_sql{JANGBU_OUTBOX_COLUMNS "WHERE id >= $1 AND id < $2 ORDER BY id DESC LIMIT $3"};
const store::Sql list_pending_sql{JANGBU_OUTBOX_COLUMNS
                                  "WHERE state = 0 AND id >= $1 AND id < $2 ORDER BY id DESC LIMIT $3"};
const store::Sql newest_sql{"SELECT id, created_at FROM engine_outbox ORDER BY id DESC LIMIT 1"};
const store::Sql at_sql{"SELECT id, created_at FROM engine_outbox WHERE id = $1"};
#undef JANGBU_OUTBOX_COLUMNS

PlacedEvent read_event(const store::Row& row) {
  return {row.number(0), row.number(1), Instant{row.integer(2)},
          engine::OutboxEvent{std::string(row.bytes(3)), std::string(row.bytes(4)), std::string(row.bytes(5)),
                              Bytes(row.bytes(6))}};
}

DeliveryRow read_row(const store::Row& row) {
  DeliveryRow delivery;
  delivery.event = read_event(row);
  delivery.state = static_cast<EventState>(row.integer(7));
  delivery.finished_at = Instant{row.integer(8)};
  return delivery;
}

/// What the newest attempt says of an event that is pending: one that was sent again by hand begins anew.
void take_over(Pending& pending, const Attempt& last) {
  pending.attempts = last.number;
  if (last.next_at.us == 0) return;
  pending.tries = last.tries;
  pending.next_at = last.next_at;
}

Status add_attempts(store::Session& session, std::vector<Pending>& events) {
  std::vector<std::uint64_t> ids;
  ids.reserve(events.size());
  for (const Pending& pending : events) ids.push_back(pending.event.id);
  ASSIGN_OR_RETURN(const auto last, read_last_attempts(session, ids));
  for (std::size_t i = 0; i < events.size(); ++i) take_over(events[i], last[i]);
  return {};
}

bool matches(const DeliveryFilter& filter, const DeliveryRow& row) {
  const auto channel = channel_of(row.event.event.destination);
  if (!channel) return false;
  if (!filter.destination.empty() && filter.destination != row.event.event.destination) return false;
  const auto& wanted_channels = filter.channels;
  if (!wanted_channels.empty() &&
      std::find(wanted_channels.begin(), wanted_channels.end(), *channel) == wanted_channels.end())
    return false;
  if (filter.state && filter.state != row.state) return false;
  if (!filter.except_topic.empty() && filter.except_topic == row.event.event.topic) return false;
  if (filter.merchant.empty() && filter.order_code.empty() && filter.u_id.empty()) return true;
  const auto delivery = decode(row.event.event.payload);
  if (!delivery) return false;
  const Labels& labels = delivery->labels();
  const auto fits = [](const std::string& wanted, const std::string& is) {
    return wanted.empty() || wanted == is;
  };
  return fits(filter.merchant, labels.merchant) && fits(filter.order_code, labels.order_code) &&
         fits(filter.u_id, labels.u_id);
}

/// The first id of an event at or after the moment, or one past the last event.
Result<std::uint64_t> first_id_from(store::Session& session, Instant from, std::uint64_t last) {
  std::uint64_t low = 1;
  std::uint64_t high = last + 1;
  while (low < high) {
    const std::uint64_t middle = low + (high - low) / 2;
    Instant at{INT64_MIN};  // ids have no gaps: it is always found
    RETURN_IF_ERROR(session.query(at_sql, {Value::number(middle)}, [&](const store::Row& row) {
      at = Instant{row.integer(1)};
      return false;
    }));
    if (at < from) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

}  // namespace

Result<IdRange> ids_between(store::Session& session, Instant from, Instant to) {
  std::uint64_t last = 0;
  Instant newest;
  RETURN_IF_ERROR(session.query(newest_sql, {}, [&](const store::Row& row) {
    last = row.number(0);
    newest = Instant{row.integer(1)};
    return false;
  }));
  IdRange range{1, last + 1};
  if (from.us > 0) {
    ASSIGN_OR_RETURN(range.first, first_id_from(session, from, last));
  }
  if (to <= newest) {
    ASSIGN_OR_RETURN(range.end, first_id_from(session, to, last));
  }
  return range;
}

std::optional<Channel> channel_of(std::string_view destination) {
  for (const Channel channel : {Channel::mail, Channel::sms, Channel::kakao, Channel::push})
    if (destination == channel_name(channel)) return channel;
  if (destination.starts_with("webhook:")) return Channel::webhook;
  if (destination.starts_with("reward:")) return Channel::reward;
  return std::nullopt;
}

Result<std::vector<Pending>> read_pending(store::Session& session, std::uint64_t after, std::size_t limit) {
  std::vector<Pending> events;
  RETURN_IF_ERROR(
      session.query(pending_sql, {Value::number(after), Value::number(limit)}, [&](const store::Row& row) {
        events.push_back(Pending{.event = read_event(row)});
        return true;
      }));
  RETURN_IF_ERROR(add_attempts(session, events));
  return events;
}

Result<std::vector<Pending>> read_pending_of(store::Session& session, std::span<const std::uint64_t> ids) {
  std::vector<std::vector<Value>> parameters;
  for (const std::uint64_t id : ids) parameters.push_back({Value::number(id)});
  std::vector<Pending> events;
  RETURN_IF_ERROR(session.query_each(one_sql, parameters, [&](std::size_t, const store::Row& row) {
    if (static_cast<EventState>(row.integer(7)) == EventState::pending)
      events.push_back(Pending{.event = read_event(row)});
  }));
  RETURN_IF_ERROR(add_attempts(session, events));
  return events;
}

Result<DeliveryRow> read_delivery(store::Session& session, std::uint64_t id) {
  std::optional<DeliveryRow> found;
  RETURN_IF_ERROR(session.query(one_sql, {Value::number(id)}, [&](const store::Row& row) {
    found = read_row(row);
    return false;
  }));
  if (!found || !channel_of(found->event.event.destination))
    return Error(Errc::not_found, "there is no such delivery");
  ASSIGN_OR_RETURN(auto attempts, read_attempts(session, id, 1));
  if (!attempts.empty()) found->last = std::move(attempts.front());
  return std::move(*found);
}

Result<std::vector<DeliveryRow>> read_after(store::Session& session, std::uint64_t after, std::size_t limit) {
  std::vector<DeliveryRow> rows;
  RETURN_IF_ERROR(
      session.query(after_sql, {Value::number(after), Value::number(limit)}, [&](const store::Row& row) {
        rows.push_back(read_row(row));
        return true;
      }));
  return rows;
}

Result<DeliveryPage> list_deliveries(store::Session& session, const DeliveryFilter& filter,
                                     std::uint64_t before, std::size_t limit, bool with_attempts) {
  DeliveryPage page;
  const bool only_pending = filter.state == EventState::pending;
  std::uint64_t looked_at = 0;
  std::uint64_t last_id = 0;
  ASSIGN_OR_RETURN(const IdRange range, ids_between(session, filter.from, filter.to));
  RETURN_IF_ERROR(session.query(
      only_pending ? list_pending_sql : list_sql,
      {Value::number(range.first), Value::number(std::min(before, range.end)), Value::number(max_looked_at)},
      [&](const store::Row& row) {
        ++looked_at;
        last_id = row.number(0);
        DeliveryRow delivery = read_row(row);
        if (matches(filter, delivery)) page.rows.push_back(std::move(delivery));
        return page.rows.size() < limit;
      }));
  if (page.rows.size() == limit || looked_at == max_looked_at) page.next = last_id;
  if (!with_attempts) return page;
  std::vector<std::uint64_t> ids;
  for (const DeliveryRow& row : page.rows) ids.push_back(row.event.id);
  ASSIGN_OR_RETURN(auto last, read_last_attempts(session, ids));
  for (std::size_t i = 0; i < last.size(); ++i) page.rows[i].last = std::move(last[i]);
  return page;
}

}  // namespace jangbu::delivery
