#include "ledger/touched.h"

namespace jangbu::ledger {
namespace {

using store::Value;

const store::Sql put_aside_sql{
    "INSERT INTO ledger_touched (account, first, records) VALUES ($1, $2, $3) ON CONFLICT (account, first) "
    "DO UPDATE SET records = excluded.records"};
const store::Sql recent_sql{"SELECT recent FROM ledger_accounts WHERE ref = $1"};
const store::Sql aside_sql{
    "SELECT records FROM ledger_touched WHERE account = $1 AND first < $2 ORDER BY first DESC LIMIT $3"};

std::vector<std::uint64_t> numbers_in(ByteView bytes) {
  std::vector<std::uint64_t> numbers;
  ByteReader in(bytes);
  std::uint64_t last = 0;
  while (!in.at_end() && in.ok()) numbers.push_back(last += in.varint());
  INVARIANT(in.finish().ok(), "a list of touched records reads");
  return numbers;
}

}  // namespace

TouchedRecords TouchedRecords::from_bytes(ByteView bytes) {
  TouchedRecords touched;
  for (const std::uint64_t number : numbers_in(bytes)) touched.add(number);
  return touched;
}

void TouchedRecords::add(std::uint64_t record) {
  if (record == last_) return;
  INVARIANT(record > last_ && !full(), "touched records come in order, and a full row is put aside");
  ByteWriter(bytes_).varint(record - last_);
  if (count_ == 0) first_ = record;
  last_ = record;
  ++count_;
}

const store::Sql TouchedTraits::load{"SELECT records FROM ledger_touched WHERE account = $1 AND first = $2"};

std::size_t TouchedTraits::hash(const Key& key) {
  return (static_cast<std::size_t>(key.first) * 0x9e3779b97f4a7c15U) ^ static_cast<std::size_t>(key.second);
}

std::vector<Value> TouchedTraits::key_values(const Key& key) {
  return {Value::number(key.first), Value::number(key.second)};
}

TouchedRecords TouchedTraits::read(const store::Row& row) { return TouchedRecords::from_bytes(row.bytes(0)); }

Status TouchedTraits::write(store::Session& session, const Key& key, const Row& row) {
  return session.execute(put_aside_sql,
                         {Value::number(key.first), Value::number(key.second), Value::blob(row.bytes())});
}

Result<std::vector<std::uint64_t>> records_touching(store::Session& session, AccountRef account,
                                                    std::uint64_t before, std::size_t limit) {
  std::vector<std::uint64_t> found;
  const auto take = [&](const store::Row& row) {
    const std::vector<std::uint64_t> numbers = numbers_in(row.bytes(0));
    for (auto it = numbers.rbegin(); it != numbers.rend() && found.size() < limit; ++it)
      if (*it < before) found.push_back(*it);
    return found.size() < limit;
  };
  RETURN_IF_ERROR(session.query(recent_sql, {Value::number(account)}, take));
  if (found.size() == limit) return found;
  // The first of the rows may have some that are not below `before`.
  const std::uint64_t rows = limit / touched_chunk + 2;
  RETURN_IF_ERROR(
      session.query(aside_sql, {Value::number(account), Value::number(before), Value::number(rows)}, take));
  return found;
}

}  // namespace jangbu::ledger
