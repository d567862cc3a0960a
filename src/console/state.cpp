#include "console/state.h"

#include <array>

#include "engine/table.h"

namespace jangbu::console {
namespace {

using engine::throw_if_failed;
using engine::Unit;
using store::Value;

const store::Sql operators_sql{"SELECT fields FROM console_operators ORDER BY id"};
const store::Sql write_operator_sql{
    "INSERT INTO console_operators (id, email, fields) VALUES ($1, $2, $3) ON CONFLICT (id) DO UPDATE SET "
    "fields = excluded.fields"};

struct ActionRow {
  Instant at;
  Instant wall_at;
  Action action;
  std::uint64_t status = 0;  // 0: not known yet
};

struct ActionTraits {
  using Key = std::uint64_t;
  using Row = ActionRow;
  static const store::Sql load;
  static const store::Sql upsert;
  static std::size_t hash(Key key) { return std::hash<Key>{}(key); }
  static std::vector<Value> key_values(Key key) { return {Value::number(key)}; }
  static Row read(const store::Row& row) {
    ActionRow read;
    read.at = Instant{row.integer(0)};
    read.wall_at = Instant{row.integer(1)};
    read.action.actor = row.number(2);
    read.action.method = row.bytes(3);
    read.action.path = row.bytes(4);
    read.action.document = row.bytes(5);
    read.action.address = row.bytes(6);
    read.status = row.number(7);
    return read;
  }
  static Status write(store::Session& session, Key key, const Row& row) {
    return session.execute(
        upsert,
        {Value::number(key), Value::integer(row.at.us), Value::integer(row.wall_at.us),
         Value::number(row.action.actor), Value::blob(row.action.method), Value::blob(row.action.path),
         Value::blob(row.action.document), Value::blob(row.action.address), Value::number(row.status)});
  }
  static Status erase(store::Session&, Key) { INVARIANT(false, "what was done stays done"); }
};
const store::Sql ActionTraits::load{
    "SELECT at, wall_at, actor, method, path, document, address, status FROM console_actions WHERE number = "
    "$1"};
const store::Sql ActionTraits::upsert{
    "INSERT INTO console_actions (number, at, wall_at, actor, method, path, document, address, status) "
    "VALUES "
    "($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (number) DO UPDATE SET status = excluded.status"};

template <typename T>
T said(const engine::Record& record) {
  auto value = ledger::decode_fields<T>(record.payload);
  INVARIANT(value.ok(), "record " + std::to_string(record.number) + " is of the console and does not read");
  return std::move(*value);
}

}  // namespace

struct State::Tables {
  engine::CachedTable<ActionTraits> actions{1000};
};

State::State() : tables_(std::make_unique<Tables>()) {}
State::~State() = default;

std::span<const store::Migration> State::migrations() const {
  static constexpr std::array list = {store::Migration{"console", 1, R"sql(
CREATE TABLE console_operators (
  id {ROWID_KEY},
  email {BLOB} NOT NULL,
  fields {BLOB} NOT NULL
);
CREATE UNIQUE INDEX console_operators_email ON console_operators (email);
-- What operators asked to be changed, by the number of the record; status 0: no answer is known.
CREATE TABLE console_actions (
  number {ROWID_KEY},
  at BIGINT NOT NULL,
  wall_at BIGINT NOT NULL,
  actor BIGINT NOT NULL,
  method {BLOB} NOT NULL,
  path {BLOB} NOT NULL,
  document {BLOB} NOT NULL,
  address {BLOB} NOT NULL,
  status BIGINT NOT NULL
);
CREATE INDEX console_actions_actor ON console_actions (actor, number);
CREATE INDEX console_actions_at ON console_actions (at, number);
)sql"}};
  return list;
}

std::span<const engine::TableSpec> State::tables() const {
  static constexpr std::array list = {
      engine::TableSpec{"console_operators", "id, email*, fields*"},
      engine::TableSpec{"console_actions",
                        "number, at, wall_at, actor, method*, path*, document*, address*, status"}};
  return list;
}

void State::apply(Unit& unit, const engine::Record& record) {
  switch (record.kind) {
    case operator_kind: {
      auto set = said<OperatorSet>(record);
      const OperatorId id = set.id;
      if (!operators_.contains(id)) unit.take(engine::Counter::console_operator, id);
      operators_.insert_or_assign(id, std::move(set));
      changed_.insert(id);
      return;
    }
    case action_kind:
      tables_->actions.put(record.number, {record.recorded_at, record.wall_at, said<Action>(record), 0});
      return;
    case action_ended_kind: {
      const auto ended = said<ActionEnded>(record);
      tables_->actions.edit(unit.session(), ended.action).status = ended.status;
      return;
    }
    case sign_in_kind: {
      // It stands in the list as the request that it was.
      auto in = said<SignIn>(record);
      tables_->actions.put(record.number,
                           {record.recorded_at,
                            record.wall_at,
                            {in.actor, "POST", std::string(sign_in_path), "", std::move(in.address)},
                            in.status});
      return;
    }
    default:
      INVARIANT(false, "a record of the console of unknown kind " + std::to_string(record.kind));
  }
}

void State::prefetch(Unit& unit) { tables_->actions.prefetch(unit.session()); }

void State::flush(Unit& unit) {
  tables_->actions.flush(unit.session());
  for (const OperatorId id : changed_) {
    const OperatorSet& set = operators_.at(id);
    const Bytes fields = ledger::encode_fields(set);
    throw_if_failed(unit.session().execute(write_operator_sql,
                                           {Value::number(id), Value::blob(set.email), Value::blob(fields)}));
  }
}

void State::committed() {
  tables_->actions.committed();
  changed_.clear();
}

void State::discard() {
  tables_->actions.discard();
  operators_.clear();
  changed_.clear();
}

void State::load(Unit& unit) {
  operators_.clear();
  throw_if_failed(unit.session().query(operators_sql, {}, [&](const store::Row& row) {
    auto set = ledger::decode_fields<OperatorSet>(row.bytes(0));
    INVARIANT(set.ok(), "the table of operators does not read");
    operators_.insert_or_assign(set->id, *set);
    return true;
  }));
}

bool State::has_action(Unit& unit, std::uint64_t number) {
  return tables_->actions.find(unit.session(), number) != nullptr;
}

}  // namespace jangbu::console
