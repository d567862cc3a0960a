#include "ledger/days.h"

#include "base/ascii.h"

namespace jangbu::ledger {
namespace {

using store::Value;

constexpr std::int64_t day_us = 86'400'000'000;
constexpr std::int64_t korea_us = 9 * 3'600'000'000;

const store::Sql upsert_sql{
    "INSERT INTO ledger_days (day, kind, family, currency, added, taken, postings) VALUES ($1, $2, $3, $4, "
    "$5, "
    "$6, $7) ON CONFLICT (day, kind, family, currency) DO UPDATE SET added = excluded.added, taken = "
    "excluded.taken, postings = excluded.postings"};
const store::Sql lines_sql{
    "SELECT added, taken, postings, day, kind, family, currency FROM ledger_days WHERE day >= $1 AND day <= "
    "$2 "
    "ORDER BY day, kind, family, currency"};

Money amount_of(ByteView bytes) {
  const auto money = Money::from_sortable_bytes(bytes);
  INVARIANT(money.ok(), "an amount in a table is 16 bytes");
  return *money;
}

}  // namespace

DayNumber day_of(Instant at) {
  const std::int64_t local_us = at.us + korea_us;
  return local_us / day_us - (local_us % day_us < 0 ? 1 : 0);
}

Instant start_of(DayNumber day) { return Instant{day * day_us - korea_us}; }

std::string family_of(std::string_view account_name) {
  const std::size_t first = account_name.find(':');
  const std::size_t last = account_name.rfind(':');
  if (first == std::string_view::npos) return std::string(account_name);
  std::string family(account_name.substr(0, first));
  if (first == last) {
    const std::string_view second = account_name.substr(first + 1);
    if (second.empty() || !is_digit(second.front())) return std::string(account_name);
    return family.append(":*");
  }
  return family.append(":*").append(account_name.substr(last));
}

void DaySums::add(Money amount) {
  ++postings;
  const bool below = amount.is_negative();
  Money& sum = below ? taken : added;
  const auto more = below ? amount.negated() : Result<Money>(amount);
  const auto next = more ? sum.plus(*more) : more;
  if (next) sum = *next;
}

const store::Sql DayTraits::load{
    "SELECT added, taken, postings FROM ledger_days WHERE day = $1 AND kind = $2 AND family = $3 AND "
    "currency = "
    "$4"};

std::size_t DayTraits::hash(const Key& key) {
  std::size_t mixed = std::hash<std::string>{}(key.family) ^ (std::hash<std::string>{}(key.currency) << 1);
  mixed ^= static_cast<std::size_t>(key.day) * 0x9e3779b97f4a7c15U;
  return mixed ^ (static_cast<std::size_t>(key.kind) << 7);
}

std::vector<Value> DayTraits::key_values(const Key& key) {
  return {Value::integer(key.day), Value::integer(key.kind), Value::blob(key.family),
          Value::blob(key.currency)};
}

DaySums DayTraits::read(const store::Row& row) {
  return {amount_of(row.bytes(0)), amount_of(row.bytes(1)), row.number(2)};
}

Status DayTraits::write(store::Session& session, const Key& key, const Row& row) {
  const auto added = row.added.to_sortable_bytes();
  const auto taken = row.taken.to_sortable_bytes();
  return session.execute(upsert_sql,
                         {Value::integer(key.day), Value::integer(key.kind), Value::blob(key.family),
                          Value::blob(key.currency), Value::blob({added.data(), added.size()}),
                          Value::blob({taken.data(), taken.size()}), Value::number(row.postings)});
}

Result<std::vector<DayLine>> lines_of_days(store::Session& session, DayNumber first, DayNumber last) {
  std::vector<DayLine> lines;
  RETURN_IF_ERROR(
      session.query(lines_sql, {Value::integer(first), Value::integer(last)}, [&](const store::Row& row) {
        const DayKey key{row.integer(3), static_cast<engine::RecordKind>(row.integer(4)),
                         std::string(row.bytes(5)), std::string(row.bytes(6))};
        lines.push_back({key, DayTraits::read(row)});
        return true;
      }));
  return lines;
}

}  // namespace jangbu::ledger
