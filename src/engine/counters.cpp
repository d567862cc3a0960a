#include "engine/counters.h"

#include "engine/store_failure.h"

namespace jangbu::engine {
namespace {

const store::Sql load_sql{"SELECT id, value FROM engine_counters"};
const store::Sql write_counter_sql{
    "INSERT INTO engine_counters (id, value) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET value = "
    "excluded.value"};

}  // namespace

void Counters::set(Counter counter, std::uint64_t value) {
  const auto slot = static_cast<std::size_t>(counter);
  INVARIANT(value >= values_.at(slot), "a counter never goes back");
  values_.at(slot) = value;
  dirty_.at(slot) = true;
}

void Counters::load(store::Session& session) {
  values_ = {};
  dirty_ = {};
  throw_if_failed(session.query(load_sql, {}, [&](const store::Row& row) {
    if (row.number(0) >= counter_slots)
      throw StoreFailure(Error(Errc::database_corrupt, "a counter that nobody knows"));
    values_.at(row.number(0)) = row.number(1);
    return true;
  }));
}

void Counters::flush(store::Session& session) {
  for (std::size_t i = 0; i < counter_slots; ++i)
    if (dirty_.at(i))
      throw_if_failed(
          session.execute(write_counter_sql, {store::Value::number(i), store::Value::number(values_.at(i))}));
}

}  // namespace jangbu::engine
