#include "engine/unit.h"

#include <algorithm>
#include <array>

#include "engine/proof.h"

namespace jangbu::engine {
namespace {

using store::Value;

const store::Sql load_record_sql{"SELECT hash, body, seal FROM engine_records WHERE number = $1"};
const store::Sql range_sql{
    "SELECT number, hash, body, seal FROM engine_records WHERE number >= $1 AND number <= $2 ORDER BY "
    "number"};
const store::Sql insert_record_sql{
    "INSERT INTO engine_records (number, hash, body, seal) VALUES ($1, $2, $3, $4)"};
const store::Sql load_head_sql{
    "SELECT epoch, batch, number, hash, business_at, offset_us FROM engine_head WHERE id = 1"};
const store::Sql write_head_sql{
    "INSERT INTO engine_head (id, epoch, batch, number, hash, business_at, offset_us) VALUES (1, $1, $2, $3, "
    "$4, $5, $6) "
    "ON CONFLICT (id) DO UPDATE SET epoch = excluded.epoch, batch = excluded.batch, number = "
    "excluded.number, "
    "hash = excluded.hash, business_at = excluded.business_at, offset_us = excluded.offset_us"};
const store::Sql load_keys_through_sql{"SELECT keys_through FROM engine_recovery WHERE id = 1"};
const store::Sql write_keys_through_sql{
    "INSERT INTO engine_recovery (id, keys_through, proof) VALUES ($1, $2, $3) ON CONFLICT (id) DO UPDATE "
    "SET "
    "keys_through = excluded.keys_through, proof = excluded.proof"};

Result<std::optional<Head>> read_head(store::Session& session) {
  std::optional<Head> found;
  Status hash_ok;
  RETURN_IF_ERROR(session.query(load_head_sql, {}, [&](const store::Row& row) {
    Head head;
    head.epoch = row.number(0);
    head.batch = row.number(1);
    head.number = row.number(2);
    if (auto hash = Hash::from_bytes(row.bytes(3))) {
      head.hash = *hash;
    } else {
      hash_ok = Error(Errc::database_corrupt, "the head's hash is not 32 bytes");
    }
    head.business_at = Instant{row.integer(4)};
    head.offset = Duration{row.integer(5)};
    found = head;
    return false;
  }));
  RETURN_IF_ERROR(hash_ok);
  return found;
}

}  // namespace

Result<Record> load_record(store::Session& session, std::uint64_t number) {
  std::optional<Result<Record>> found;
  RETURN_IF_ERROR(session.query(load_record_sql, {Value::number(number)}, [&](const store::Row& row) {
    found = decode_record(number, row.bytes(0), row.bytes(1), row.bytes(2));
    return false;
  }));
  if (!found) return Error(Errc::not_found, "record " + std::to_string(number));
  return std::move(*found);
}

Status each_stored_record(store::Session& session, std::uint64_t first, std::uint64_t last,
                          const std::function<bool(const Record&)>& on_record) {
  Status decoded;
  RETURN_IF_ERROR(
      session.query(range_sql, {Value::number(first), Value::number(last)}, [&](const store::Row& row) {
        if (!row.is_blob(1) || !row.is_blob(2) || !row.is_blob(3)) {
          decoded = Error(Errc::invalid_encoding,
                          "record " + std::to_string(row.number(0)) + " is not stored as bytes");
          return false;
        }
        auto record = decode_record(row.number(0), row.bytes(1), row.bytes(2), row.bytes(3));
        if (!record) {
          decoded = record.error();
          return false;
        }
        return on_record(*record);
      }));
  return decoded;
}

Result<Head> load_head(store::Session& session) {
  ASSIGN_OR_RETURN(const auto stored, read_head(session));
  if (!stored) return Error(Errc::not_found, "there is no book in this database yet");
  return *stored;
}

void Unit::take(Counter counter, std::uint64_t expected) {
  INVARIANT(counters_.last(counter) + 1 == expected, "a record took a number out of order");
  counters_.set(counter, expected);
}

const Record& Unit::applying() const {
  INVARIANT(applying_ != nullptr, "a record is being applied");
  return *applying_;
}

std::uint64_t Unit::emit(OutboxEvent event) {
  INVARIANT(applying_ != nullptr, "events come from apply()");
  const std::uint64_t id = counters_.last(Counter::outbox_event) + 1;
  counters_.set(Counter::outbox_event, id);
  outbox_.put({id, applying_->number, now_, std::move(event), current_trace()});
  return id;
}

Record Unit::record(std::uint64_t number) {
  if (!records_.empty() && number >= records_.front().number && number <= records_.back().number)
    return records_[number - records_.front().number];
  return value_or_throw(load_record(earlier_records_ != nullptr ? *earlier_records_ : *session_, number));
}

void Unit::each_record(std::uint64_t first, std::uint64_t last,
                       const std::function<void(const Record&)>& on_record) {
  const std::uint64_t stored_last = records_.empty() ? last : std::min(last, records_.front().number - 1);
  if (first <= stored_last)
    throw_if_failed(each_stored_record(earlier_records_ != nullptr ? *earlier_records_ : *session_, first,
                                       stored_last, [&](const Record& record) {
                                         on_record(record);
                                         return true;
                                       }));
  for (const Record& record : records_)
    if (record.number >= first && record.number <= last) on_record(record);
}

void Unit::begin_epoch(std::uint64_t epoch, Duration offset) {
  INVARIANT(epoch == head_.epoch + 1, "epochs are numbered without gaps");
  head_.epoch = epoch;
  head_.offset = offset;
}

void Unit::move_offset(Duration by) {
  INVARIANT(by.us > 0, "business time only moves forward");
  head_.offset.us += by.us;
}

void Unit::open(store::Session& session, Instant now, Instant wall_now) {
  INVARIANT(now >= head_.business_at, "business time never goes back");
  session_ = &session;
  now_ = now;
  wall_now_ = wall_now;
  head_ = committed_head_;
  head_.batch += 1;
  head_.business_at = now;
}

Record& Unit::append(RecordKind kind, Bytes payload, std::shared_ptr<const void> decoded) {
  Record record;
  record.number = head_.number + 1;
  record.kind = kind;
  record.batch = head_.batch;
  record.recorded_at = now_;
  record.wall_at = wall_now_;
  record.payload = std::move(payload);
  record.decoded = std::move(decoded);
  return append_stored(std::move(record));
}

Record& Unit::append_stored(Record record) {
  INVARIANT(record.number == head_.number + 1, "records are numbered without gaps");
  head_.number = record.number;
  applying_ = &records_.emplace_back(std::move(record));
  return *applying_;
}

void Unit::chain() {
  Hash previous = committed_head_.hash;
  bodies_.clear();
  bodies_.reserve(records_.size());
  for (Record& record : records_) {
    bodies_.push_back(record.body());
    record.hash = chain_hash(previous, record.number, bodies_.back());
    previous = record.hash;
  }
  head_.hash = previous;
}

void Unit::flush_records() {
  INVARIANT(bodies_.size() == records_.size(), "a batch is chained before it is written");
  for (std::size_t i = 0; i < bodies_.size(); ++i)
    throw_if_failed(session_->execute(
        insert_record_sql, {Value::number(records_[i].number), Value::blob(records_[i].hash.view()),
                            Value::blob(bodies_[i]), Value::blob(records_[i].seal)}));
}

void Unit::flush_tables() {
  tokens_.flush(*session_, wall_now_);
  if (records_.empty()) return;
  keys_.flush(*session_, head_.number);
  due_.flush(*session_);
  counters_.flush(*session_);
  outbox_.flush(*session_);
  throw_if_failed(session_->execute(
      write_head_sql, {Value::number(head_.epoch), Value::number(head_.batch), Value::number(head_.number),
                       Value::blob(head_.hash.view()), Value::integer(head_.business_at.us),
                       Value::integer(head_.offset.us)}));
  flush_keys_through();
}

void Unit::flush_keys_through() {
  // The hint moves seldom: with PostgreSQL never (no entry waits), with SQLite once for thousands of
  // purchases.
  if (keys_.through_moved()) write_keys_through(keys_.through());
}

void Unit::write_keys_through(std::uint64_t number) {
  const std::array row = {Value::integer(1), Value::number(number)};
  const Hash proof = row_proof("engine_recovery", row);
  throw_if_failed(session_->execute(write_keys_through_sql, {row[0], row[1], Value::blob(proof.view())}));
}

std::vector<PlacedEvent> Unit::committed() {
  if (records_.empty()) {  // the head stays where it was
    head_ = committed_head_;
  } else {
    committed_head_ = head_;
  }
  records_.clear();
  bodies_.clear();
  applying_ = nullptr;
  keys_.committed();
  due_.committed();
  counters_.committed();
  tokens_.committed();
  return outbox_.committed();
}

void Unit::discard() {
  head_ = committed_head_;
  records_.clear();
  bodies_.clear();
  applying_ = nullptr;
  keys_.discard();
  due_.discard();
  counters_.discard();
  outbox_.discard();
  tokens_.discard();
}

void Unit::load(store::Session& session) {
  session_ = &session;
  const auto stored = value_or_throw(read_head(session));
  head_ = committed_head_ = stored.value_or(Head{});
  std::uint64_t keys_through = 0;
  throw_if_failed(session.query(load_keys_through_sql, {}, [&](const store::Row& row) {
    keys_through = row.number(0);
    return false;
  }));
  // Without waiting entries the table is always whole.
  keys_.set_through(keys_.defers() ? keys_through : head_.number);
  counters_.load(session);
}

}  // namespace jangbu::engine
