#include "engine/testing/shelf.h"

#include <array>

#include "crypto/digest.h"

namespace jangbu::engine::testing {
namespace {

using store::Value;

const store::Sql insert_thing{
    "INSERT INTO shelf_things (record, sequence, name, value) VALUES ($1, $2, $3, $4)"};
const store::Sql insert_taken{"INSERT INTO shelf_taken (record, at) VALUES ($1, $2)"};
const store::Sql insert_tally{"INSERT INTO shelf_tallies (record, things) VALUES ($1, $2)"};
const store::Sql count_untallied{
    "SELECT count(*) FROM shelf_things WHERE record > (SELECT COALESCE(MAX(record), 0) FROM shelf_tallies)"};

struct StoredThing {
  Thing thing;
  std::uint64_t sequence;
};

StoredThing read_thing(ByteView payload) {
  ByteReader in(payload);
  StoredThing stored;
  stored.sequence = in.varint();
  stored.thing.name = std::string(in.text());
  stored.thing.value = in.i64();
  if (in.u8() == 1) stored.thing.waiting_s = in.i64();
  stored.thing.destination = std::string(in.text());
  INVARIANT(in.finish().ok(), "a thing reads back");
  return stored;
}

/// Takes down what fell due.
class Take final : public Command {
 public:
  Take(const ShelfFaults& faults, const DueRow& row) : faults_(faults), row_(row) {}
  Decision decide(Unit& unit) override {
    INVARIANT(!faults_.due_breaks && (faults_.due_breaks_of == 0 || faults_.due_breaks_of != row_.first),
              "the test wants due work to fail");
    Bytes payload;
    ByteWriter writer(payload);
    writer.i64(row_.due_at.us);
    writer.varint(row_.first);
    writer.varint(row_.last);
    unit.each_record(row_.first, row_.last, [&](const Record& each) {
      if (each.kind != put_kind) return;
      const StoredThing stored = read_thing(each.payload);
      if (stored.thing.waiting_s &&
          each.recorded_at + Duration::seconds(*stored.thing.waiting_s) == row_.due_at)
        writer.varint(each.number);
    });
    return Accept{taken_kind, std::move(payload)};
  }

 private:
  const ShelfFaults& faults_;
  DueRow row_;
};

class Tally final : public Command {
 public:
  explicit Tally(std::uint64_t things) : things_(things) {}
  Decision decide(Unit&) override {
    Bytes payload;
    ByteWriter(payload).varint(things_);
    return Accept{tally_kind, std::move(payload)};
  }

 private:
  std::uint64_t things_;
};

Bytes seal_of(const Record& record) { return Bytes(crypto::sha256(record.hash.view()).view()); }

}  // namespace

Bytes encode_thing(const Thing& thing, std::uint64_t sequence) {
  Bytes payload;
  ByteWriter writer(payload);
  writer.varint(sequence);
  writer.text(thing.name);
  writer.i64(thing.value);
  writer.u8(thing.waiting_s ? 1 : 0);
  if (thing.waiting_s) writer.i64(*thing.waiting_s);
  writer.text(thing.destination);
  return payload;
}

KeyDigest name_digest(std::string_view name) { return key_digest(KeyScope::purchase, 7, name); }

std::span<const store::Migration> Shelf::migrations() const {
  static constexpr std::array list = {store::Migration{"shelf", 1, R"sql(
CREATE TABLE shelf_things (
  record {ROWID_KEY},
  sequence BIGINT NOT NULL,
  name {BLOB} NOT NULL,
  value BIGINT NOT NULL,
  CHECK (value >= 0)
);
CREATE TABLE shelf_taken (
  record {ROWID_KEY},
  at BIGINT NOT NULL
);
CREATE TABLE shelf_tallies (
  record {ROWID_KEY},
  things BIGINT NOT NULL
);
)sql"}};
  return list;
}

std::span<const TableSpec> Shelf::tables() const {
  static constexpr std::array list = {
      TableSpec{"shelf_things", "record, sequence, name*, value"},
      TableSpec{"shelf_taken", "record, at"},
      TableSpec{"shelf_tallies", "record, things"},
  };
  return list;
}

void Shelf::apply(Unit& unit, const Record& record) {
  ByteReader in(record.payload);
  switch (record.kind) {
    case put_kind: {
      StoredThing stored = read_thing(record.payload);
      INVARIANT(faults_.apply_breaks.empty() || stored.thing.name != faults_.apply_breaks,
                "the test wants this record not to apply");
      unit.take(Counter::purchase_sequence, stored.sequence);
      if (stored.thing.waiting_s)
        unit.due().add(record.recorded_at + Duration::seconds(*stored.thing.waiting_s),
                       WorkKind::purchase_provide, record.number);
      if (!stored.thing.destination.empty())
        unit.emit({stored.thing.destination, stored.thing.name, "thing.put", record.payload});
      put_.push_back({record.number, stored.sequence, std::move(stored.thing)});
      ++untallied_;
      return;
    }
    case taken_kind: {
      DueRow row{Instant{in.i64()}, WorkKind::purchase_provide, 0, 0};
      row.first = in.varint();
      row.last = in.varint();
      unit.due().remove(row);
      while (in.ok() && !in.at_end()) taken_.emplace_back(in.varint(), record.recorded_at.us);
      INVARIANT(in.ok(), "what was taken reads back");
      return;
    }
    default:
      INVARIANT(in.varint() == untallied_, "a tally counts the things since the one before");
      tallies_.emplace_back(record.number, untallied_);
      untallied_ = 0;
  }
}

void Shelf::keys_of(const Record& record, std::vector<KeyDigest>& out) const {
  if (record.kind == put_kind) out.push_back(name_digest(read_thing(record.payload).thing.name));
}

void Shelf::flush(Unit& unit) {
  for (const Row& row : put_)
    throw_if_failed(
        unit.session().execute(insert_thing, {Value::number(row.record), Value::number(row.sequence),
                                              Value::blob(row.thing.name), Value::integer(row.thing.value)}));
  for (const auto& [record, at] : taken_)
    throw_if_failed(unit.session().execute(insert_taken, {Value::number(record), Value::integer(at)}));
  for (const auto& [record, things] : tallies_)
    throw_if_failed(unit.session().execute(insert_tally, {Value::number(record), Value::number(things)}));
}

void Shelf::committed() {
  put_.clear();
  taken_.clear();
  tallies_.clear();
}

void Shelf::discard() { committed(); }

void Shelf::load(Unit& unit) {
  throw_if_failed(unit.session().query(count_untallied, {}, [&](const store::Row& row) {
    untallied_ = row.number(0);
    return false;
  }));
}

std::unique_ptr<Command> Shelf::next_work(Unit&) {
  if (untallied_ < tally_interval) return nullptr;
  return std::make_unique<Tally>(untallied_);
}

std::unique_ptr<Command> Shelf::due_work(Unit&, const DueRow& row) {
  return std::make_unique<Take>(faults_, row);
}

Status Shelf::check(const Record& record) const {
  if (record.kind != put_kind || record.seal == seal_of(record)) return {};
  return Error(Errc::verification_failed,
               "record " + std::to_string(record.number) + ": its seal is not that of its hash");
}

void Put::want(Unit& unit) { unit.keys().want(name_digest(thing_.name)); }

Decision Put::decide(Unit& unit) {
  if (thing_.name.empty()) return Refuse{Error(Errc::invalid_parameters, "a thing has a name")};
  if (const auto first = unit.keys().find(unit.session(), name_digest(thing_.name))) {
    if (read_thing(unit.record(*first).payload).thing == thing_) return Repeat{*first};
    return Refuse{Errc::already_exists};
  }
  return Accept{put_kind, encode_thing(thing_, unit.counters().last(Counter::purchase_sequence) + 1)};
}

Bytes Put::seal(const Record& record) { return seal_of(record); }

void Put::render(const Record& record) {
  record_ = record.number;
  answer_ = std::to_string(record.number) + ":" + to_hex(record.seal);
}

void Put::succeeded() noexcept {
  ++outcome_.calls;
  outcome_.record = record_;
  outcome_.answer = answer_;
}

void Put::failed(const Error& error) noexcept {
  ++outcome_.calls;
  outcome_.error = error;
}

void Misbehave::failed(const Error& error) noexcept {
  ++outcome_.calls;
  outcome_.error = error;
}

std::function<Projections()> only_a_shelf(const ShelfFaults& faults) {
  return [&faults] {
    Projections list;
    list.push_back(std::make_unique<Shelf>(faults));
    return list;
  };
}

}  // namespace jangbu::engine::testing
