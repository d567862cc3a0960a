#include "affiliate/clicks.h"

#include "affiliate/click_tables.h"

namespace jangbu::affiliate {
namespace {

using engine::throw_if_failed;
using store::Value;

constexpr std::size_t cached_rows = 20'000;

const store::Sql run_before_sql{
    "SELECT record, first, last, affiliates, merchants FROM affiliate_click_runs WHERE minute = $1 AND first "
    "<= $2 ORDER BY first DESC LIMIT 1"};
const store::Sql write_run_sql{
    "INSERT INTO affiliate_click_runs (minute, record, first, last, affiliates, merchants) VALUES ($1, $2, "
    "$3, $4, $5, $6)"};

Result<std::optional<ClickRunRow>> stored_run_before(store::Session& session, std::uint32_t minute,
                                                     std::uint64_t sequence) {
  std::optional<ClickRunRow> run;
  RETURN_IF_ERROR(session.query(
      run_before_sql, {Value::number(minute), Value::number(sequence)}, [&](const store::Row& row) {
        run = ClickRunRow{row.number(0), row.number(1), row.number(2), row.number(3), row.number(4)};
        return false;
      }));
  return run;
}

bool holds(const std::optional<ClickRunRow>& run, ClickId id) { return run && id.sequence <= run->last; }

}  // namespace

struct ClickBook::Tables {
  engine::CachedTable<ClickDayTraits> days{cached_rows};
};

ClickBook::ClickBook() : tables_(std::make_unique<Tables>()) {}
ClickBook::~ClickBook() = default;

void ClickBook::apply(engine::Unit& unit, const engine::Record& record) {
  auto reader = ClicksReader::open(record.payload);
  INVARIANT(reader.ok(), "record " + std::to_string(record.number) + " is of clicks and does not read");
  const ClickId first = reader->first();
  ClickRunRow run{record.number, first.sequence, reader->last_sequence(), 0, 0};
  const Day day = day_of(Instant{first.minute * Duration::seconds(60).us});
  std::map<std::pair<AffiliateNumber, MerchantNumber>, ClickDayRow> counts;
  while (const auto click = reader->next()) {
    run.affiliates |= click_mask(click->affiliate);
    run.merchants |= click_mask(click->merchant);
    if (!click->is_counted()) continue;
    ClickDayRow& count = counts[{click->affiliate, click->merchant}];
    ++count.clicks;
    if (click->marks != 0) ++count.marked;
    count.visitors.add(click->visitor);
  }
  INVARIANT(reader->finish().ok(),
            "record " + std::to_string(record.number) + " is of clicks and does not read");
  const bool fresh = runs_.try_emplace({first.minute, first.sequence}, run).second;
  INVARIANT(fresh, "an id of a click is given once");
  for (const auto& [pair, more] : counts) {
    const ClickDayTraits::Key key{day, pair.first, pair.second};
    if (tables_->days.find(unit.session(), key) == nullptr) {
      tables_->days.put(key, more);
      continue;
    }
    ClickDayRow& count = tables_->days.edit(unit.session(), key);
    count.clicks += more.clicks;
    count.marked += more.marked;
    count.visitors.add(more.visitors);
  }
}

void ClickBook::flush(engine::Unit& unit) {
  for (const auto& [key, run] : runs_)
    throw_if_failed(unit.session().execute(
        write_run_sql,
        {Value::number(key.first), Value::number(run.record), Value::number(run.first),
         Value::number(run.last), Value::number(run.affiliates), Value::number(run.merchants)}));
  tables_->days.flush(unit.session());
}

void ClickBook::committed() {
  runs_.clear();
  tables_->days.committed();
}

void ClickBook::discard() {
  runs_.clear();
  tables_->days.discard();
}

Status ClickBook::check(const engine::Record& record) const {
  if (check_clicks(record.payload)) return {};
  return Error(Errc::verification_failed,
               "record " + std::to_string(record.number) + ": clicks that do not read");
}

std::optional<ClickRunRow> ClickBook::run_before(engine::Unit& unit, std::uint32_t minute,
                                                 std::uint64_t sequence) {
  auto run = stored_run_before(unit.session(), minute, sequence);
  throw_if_failed(run ? Status() : run.error());
  auto of_batch = runs_.upper_bound({minute, sequence});
  if (of_batch == runs_.begin()) return *run;
  --of_batch;
  if (of_batch->first.first != minute || (*run && (*run)->first > of_batch->second.first)) return *run;
  return of_batch->second;
}

std::optional<Click> ClickBook::find(engine::Unit& unit, ClickId id) {
  const auto run = run_before(unit, id.minute, id.sequence);
  if (!holds(run, id)) return std::nullopt;
  auto click = click_in(unit.record(run->record).payload, id);
  INVARIANT(click.ok(), "a record of clicks reads");
  return std::move(*click);
}

Result<std::optional<Click>> find_click(store::Session& session, ClickId id) {
  ASSIGN_OR_RETURN(const auto run, stored_run_before(session, id.minute, id.sequence));
  if (!holds(run, id)) return std::optional<Click>();
  ASSIGN_OR_RETURN(const engine::Record record, engine::load_record(session, run->record));
  return click_in(record.payload, id);
}

RecordClicks::RecordClicks(ClickBook& book, const ClickRun& run, Done done)
    : book_(book),
      first_(run.first()),
      last_(run.first().sequence + run.count() - 1),
      payload_(run.payload()),
      done_(std::move(done)) {}

engine::Decision RecordClicks::decide(engine::Unit& unit) {
  const auto other = book_.run_before(unit, first_.minute, last_);
  if (!other || other->last < first_.sequence) return engine::Accept{clicks_taken_kind, payload_};
  // A run is tried again when nobody could tell what became of it.
  if (unit.record(other->record).payload == payload_) return engine::Repeat{other->record};
  return engine::Refuse{Errc::already_exists};
}

}  // namespace jangbu::affiliate
