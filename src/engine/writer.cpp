#include "engine/writer.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <thread>

#include <spdlog/spdlog.h>

#include "engine/engine_records.h"
#include "engine/proof.h"
#include "engine/schema.h"

namespace jangbu::engine {
namespace {

using store::CommitOutcome;

/// How long background work that failed is left alone.
constexpr Duration background_pause = Duration::seconds(5);
/// Pause between two looks for an unknown outcome.
constexpr std::int64_t resolve_pause_ms = 50;

bool is_retry(const Error& error) { return error_class(error.code) == ErrorClass::retry; }

/// The errors after which a session may not be used again.
bool breaks_session(Errc code) {
  return code == Errc::database_unavailable || code == Errc::io_error || code == Errc::database_corrupt;
}

const store::Sql publish_sql{
    "INSERT INTO engine_writer (id, url, since, proof) VALUES ($1, $2, $3, $4) ON CONFLICT (id) DO UPDATE "
    "SET "
    "url = excluded.url, since = excluded.since, proof = excluded.proof"};

}  // namespace

/// One command's way through a batch.
struct Writer::Step {
  Command* command = nullptr;
  std::unique_ptr<Command> own;  // background work belongs to the batch
  enum class State : std::uint8_t { refused, accepted, repeated, beside } state = State::refused;
  Error error = Errc::internal;
  std::uint64_t number = 0;
};

struct Writer::Attempt {
  enum class Outcome : std::uint8_t { committed, failed, unknown } outcome = Outcome::failed;
  Error error = Errc::internal;
  std::vector<Step> steps;
  std::vector<PlacedEvent> events;  // what the commit put into the outbox
  Time time = Time::runs;

  [[nodiscard]] bool writes_beside() const {
    return std::any_of(steps.begin(), steps.end(),
                       [](const Step& step) { return step.state == Step::State::beside; });
  }
};

Writer::Writer(store::Database& database, Projections& projections, const Clock& clock, Random& random,
               ForkJoin& fork_join, WriterOptions options)
    : database_(database),
      projections_(projections),
      clock_(clock),
      random_(random),
      fork_join_(fork_join),
      options_(options),
      known_keys_(database),
      unit_(database.engine() == store::Engine::sqlite ? options.deferred_keys : 0) {
  if (unit_.keys().defers()) unit_.keys().ask_first(known_keys_);
}

Writer::~Writer() = default;

Projection& Writer::owner(RecordKind kind) {
  for (const auto& projection : projections_)
    if (projection->owns(kind)) return *projection;
  INVARIANT(false, "no projection owns record kind " + std::to_string(kind));
}

Result<bool> Writer::acquire() {
  ready_ = false;
  if (!session_) {
    ASSIGN_OR_RETURN(session_, database_.open_writer());
  }
  auto locked = session_->try_write_lock();
  if (!locked) {
    session_.reset();
    return locked.error();
  }
  if (!*locked) return false;
  // What the one before left behind is answered for from here on: repeats and reads rely on it.
  if (const Status durable = session_->make_durable(); !durable) {
    session_.reset();
    return durable.error();
  }

  std::vector<store::Migration> all(migrations().begin(), migrations().end());
  for (const auto& projection : projections_)
    all.insert(all.end(), projection->migrations().begin(), projection->migrations().end());
  RETURN_IF_ERROR(store::migrate(*session_, all));
  RETURN_IF_ERROR(load());
  if (unit_.head().number == 0) RETURN_IF_ERROR(write_genesis());
  ready_ = true;
  return true;
}

Status Writer::load() {
  try {
    for (const auto& projection : projections_) projection->discard();
    unit_.discard();
    const std::uint64_t known = unit_.head().number;  // 0: this is the first look
    unit_.load(*session_);
    // While this writer was without a session, another process may have written records and their keys. Those
    // are read like keys that wait, for the filter has never heard of them.
    if (known != 0 && unit_.keys().defers() && unit_.keys().through() > known)
      unit_.keys().set_through(known);
    // The first record of a book has no keys.
    if (unit_.keys().defers()) known_keys_.learn(unit_.head().number <= 1 ? 0 : unit_.head().number);
    recover_keys();
    for (const auto& projection : projections_) projection->load(unit_);
    must_load_ = false;
  } catch (const StoreFailure& failure) {
    if (breaks_session(failure.error().code)) session_.reset();
    return failure.error();
  }
  return {};
}

Status Writer::write_genesis() {
  try {
    throw_if_failed(session_->begin());
    const Instant wall = clock_.wall_now();
    const Instant now = options_.start_at.value_or(wall);
    unit_.open(*session_, now, wall);
    apply_engine_record(unit_, unit_.append(genesis_kind, genesis_payload(random_.bytes(16), now - wall)));
    unit_.chain();
    unit_.flush_records();
    unit_.flush_tables();
  } catch (const StoreFailure& failure) {
    session_.reset();
    return failure.error();
  }
  const auto result = session_->commit();
  if (result.outcome != CommitOutcome::committed) {
    session_.reset();
    return *result.error;
  }
  unit_.committed();
  return {};
}

void Writer::recover_keys() {
  const std::uint64_t through = unit_.keys().known_through();
  if (through >= unit_.head().number) return;
  std::vector<KeyDigest> digests;
  throw_if_failed(each_stored_record(*session_, through + 1, unit_.head().number, [&](const Record& record) {
    if (is_engine_kind(record.kind)) return true;
    digests.clear();
    owner(record.kind).keys_of(record, digests);
    for (const KeyDigest& digest : digests) unit_.keys().recover(digest, record.number);
    return true;
  }));
}

Status Writer::publish_url(std::string_view url) {
  RETURN_IF_ERROR(session_->begin());
  const std::array row = {store::Value::integer(1), store::Value::blob(url),
                          store::Value::integer(clock_.wall_now().us)};
  const Hash proof = row_proof("engine_writer", row);
  Status published =
      session_->execute(publish_sql, {row[0], row[1], row[2], store::Value::blob(proof.view())});
  if (published) {
    const auto result = session_->commit();
    if (result.outcome == CommitOutcome::committed) return {};
    published = *result.error;
  }
  session_->rollback();
  return published;
}

void Writer::settle() {
  if (!ready_ || must_load_ || !session_ || !unit_.keys_.defers()) return;
  try {
    throw_if_failed(session_->begin());
    unit_.keys_.flush_all(*session_);
    unit_.flush_keys_through();
    if (session_->commit().outcome == CommitOutcome::committed) unit_.keys_.committed_all();
  } catch (const StoreFailure& failure) {
    spdlog::warn("the key index was not settled: {}", failure.what());
    session_->rollback();
  }
}

void Writer::release() {
  ready_ = false;
  session_.reset();
}

Instant Writer::business_now() const {
  return std::max(unit_.head().business_at, clock_.wall_now() + unit_.head().offset);
}

bool Writer::due_work_waits() {
  if (!ready_ || must_load_) return false;
  try {
    const auto row = unit_.due().earliest(*session_);
    return row && row->due_at <= business_now();
  } catch (const StoreFailure&) {
    must_load_ = true;
    background_after_ = clock_.wall_now() + background_pause;
    return false;
  }
}

std::optional<Instant> Writer::next_wake() {
  if (!ready_) return std::nullopt;
  // After a failed batch nobody knows what waits: the next run() loads, and finds out.
  if (must_load_) return background_after_;
  std::optional<Instant> wake;
  const auto consider = [&](std::optional<Instant> at) {
    if (at && (!wake || *at < *wake)) wake = at;
  };
  for (const auto& projection : projections_) consider(projection->next_wake());
  try {
    if (const auto row = unit_.due().earliest(*session_)) consider(row->due_at - unit_.head().offset);
  } catch (const StoreFailure&) {
    must_load_ = true;
  }
  if (wake) wake = std::max(*wake, background_after_);
  return wake;
}

void Writer::maintain() {
  if (session_) session_->after_commit();
}

void Writer::decide_one(Command& command, Attempt& out) {
  Step& step = out.steps.emplace_back();
  step.command = &command;
  Decision decision = command.decide(unit_);
  if (auto* refuse = std::get_if<Refuse>(&decision)) {
    step.state = Step::State::refused;
    step.error = std::move(refuse->error);
  } else if (const auto* repeat = std::get_if<Repeat>(&decision)) {
    step.state = Step::State::repeated;
    step.number = repeat->number;
  } else if (std::holds_alternative<Beside>(decision)) {
    step.state = Step::State::beside;
  } else {
    auto& accept = std::get<Accept>(decision);
    step.state = Step::State::accepted;
    const Record& record = unit_.append(accept.kind, std::move(accept.payload), std::move(accept.decoded));
    step.number = record.number;
    if (is_engine_kind(record.kind)) return apply_engine_record(unit_, record);
    Projection& projection = owner(record.kind);
    projection.apply(unit_, record);
    std::vector<KeyDigest> digests;
    projection.keys_of(record, digests);
    for (const KeyDigest& digest : digests) unit_.keys().put(digest, record.number);
  }
}

void Writer::do_projection_work(Attempt& out) {
  for (const auto& projection : projections_) {
    while (auto work = projection->next_work(unit_)) {
      decide_one(*work, out);
      out.steps.back().own = std::move(work);
      INVARIANT(out.steps.back().state == Step::State::accepted, "a projection's own work is never refused");
    }
  }
}

void Writer::do_due_work(Attempt& out, bool busy) {
  const int limit = busy ? options_.background_when_busy : options_.background_when_idle;
  for (int i = 0; i < limit; ++i) {
    const auto row = unit_.due().earliest(*session_);
    if (!row || row->due_at > unit_.now()) return;
    for (const auto& projection : projections_) {
      if (!projection->owns(row->kind)) continue;
      auto work = projection->due_work(unit_, *row);
      decide_one(*work, out);
      out.steps.back().own = std::move(work);
      INVARIANT(out.steps.back().state == Step::State::accepted, "due work is never refused");
    }
  }
}

void Writer::decide_all(std::vector<Command*>& commands, Background background, Attempt& out) {
  if (database_.engine() == store::Engine::postgres) {  // an embedded database has no round trips to save
    for (Command* command : commands) command->want(unit_);
    unit_.keys().prefetch(*session_);
    unit_.tokens().prefetch(*session_);
    for (const auto& projection : projections_) projection->prefetch(unit_);
  }
  out.steps.reserve(commands.size() + 4);
  if (background == Background::yes) do_projection_work(out);
  for (Command* command : commands) {
    decide_one(*command, out);
    if (background == Background::yes && out.steps.back().state == Step::State::accepted)
      do_projection_work(out);
  }
  if (background == Background::yes) {
    if (out.time == Time::runs) do_due_work(out, !commands.empty());
    do_projection_work(out);
  }
}

void Writer::seal_all(Attempt& out) {
  std::vector<Step*> accepted;
  accepted.reserve(out.steps.size());
  for (Step& step : out.steps)
    if (step.state == Step::State::accepted) accepted.push_back(&step);
  if (!accepted.empty()) {
    unit_.chain();
    const std::uint64_t first = unit_.records_.front().number;
    fork_join_.run(accepted.size(), [&](std::size_t i) {
      Record& record = unit_.records_[accepted[i]->number - first];
      record.seal = accepted[i]->command->seal(record);
      accepted[i]->command->render(record);
    });
  }
  for (Step& step : out.steps)
    if (step.state == Step::State::repeated) step.command->render(unit_.record(step.number));
}

void Writer::attempt(std::vector<Command*>& commands, Background background, Attempt& out) {
  times_ = BatchTimes{.commands = commands.size()};
  const std::int64_t start = clock_.monotonic_us();
  try {
    throw_if_failed(session_->begin());
    const Instant wall = clock_.wall_now();
    Instant now = business_now();
    // Alone, due work is done at its own time, so that a clock that leapt is walked through in order.
    if (out.time == Time::stands) {
      now = unit_.head().business_at;
    } else if (commands.empty()) {
      if (const auto row = unit_.due().earliest(*session_); row && row->due_at < now)
        now = std::max(unit_.head().business_at, row->due_at);
    }
    unit_.open(*session_, now, wall);
    decide_all(commands, background, out);
    const std::int64_t decided = clock_.monotonic_us();
    seal_all(out);
    const std::int64_t sealed = clock_.monotonic_us();
    times_.decide_us = decided - start;
    times_.seal_us = sealed - decided;
    if (unit_.records_.empty() && !unit_.only_tokens() && !out.writes_beside()) {
      session_->rollback();  // nothing was decided but refusals and repeats
      unit_.discard();
      for (const auto& projection : projections_) projection->committed();
      out.outcome = Attempt::Outcome::committed;
      return;
    }
    for (const auto& projection : projections_) projection->flush(unit_);
    for (const Step& step : out.steps)
      if (step.state == Step::State::accepted || step.state == Step::State::beside)
        throw_if_failed(step.command->write_beside(*session_));
    unit_.flush_records();
    unit_.flush_tables();
    const std::int64_t flushed = clock_.monotonic_us();
    const store::CommitResult result = session_->commit();
    times_.flush_us = flushed - sealed;
    times_.commit_us = clock_.monotonic_us() - flushed;
    if (result.outcome == CommitOutcome::committed) {
      out.outcome = Attempt::Outcome::committed;
      ++counters_.batches;
      counters_.records += unit_.records_.size();
      out.events = unit_.committed();
      for (const auto& projection : projections_) projection->committed();
      return;
    }
    out.error = *result.error;
    out.outcome =
        result.outcome == CommitOutcome::unknown ? Attempt::Outcome::unknown : Attempt::Outcome::failed;
    if (out.outcome == Attempt::Outcome::unknown) return;  // resolve() still needs the batch
  } catch (const StoreFailure& failure) {
    out.error = failure.error();
  } catch (const InvariantViolation& violation) {
    ++counters_.invariant_violations;
    spdlog::critical("invariant violated, the batch is dropped: {}", violation.what());
    out.error = Error(Errc::internal);
  } catch (const std::exception& failure) {  // memory that is not there, a library that throws
    spdlog::critical("the batch is dropped: {}", failure.what());
    out.error = Error(Errc::internal);
  }
  ++counters_.failed_batches;
  if (session_) session_->rollback();
  if (breaks_session(out.error.code)) session_.reset();
  drop_batch();
}

void Writer::drop_batch() {
  unit_.discard();
  for (const auto& projection : projections_) projection->discard();
  must_load_ = true;
}

/// Whether the batch is in the database after all. False too when that could not be found out in time; then
/// ready_ is false.
bool Writer::resolve(const Attempt& out) {
  ++counters_.unknown_outcomes;
  spdlog::error("the outcome of a batch is unknown ({}): looking for it", to_string(out.error));
  if (unit_.records_.empty()) {  // nothing in the head tells of it, and repeating it harms nobody
    session_.reset();
    drop_batch();
    ready_ = false;
    return false;
  }
  const std::uint64_t number = unit_.records_.back().number;
  const Hash hash = unit_.records_.back().hash;
  session_.reset();
  const std::int64_t give_up = clock_.monotonic_us() + options_.resolve_patience_ms * 1000;
  do {
    auto session = database_.open_writer();
    if (session) {
      const auto record = load_record(**session, number);
      const bool present = record.ok() && record->hash == hash;
      const bool absent = !present && (record.ok() || record.error().code == Errc::not_found);
      // To be there is not to be durable: it may be that only the sync failed.
      const Status durable = present ? (*session)->make_durable() : Status();
      if (!durable) spdlog::error("the batch was found, but is not durable: {}", to_string(durable.error()));
      if (absent || (present && durable)) {
        spdlog::warn("the batch {}", present ? "was committed" : "was not committed");
        drop_batch();
        ready_ = false;  // the right to write went with the session
        return present;
      }
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(resolve_pause_ms));
  } while (clock_.monotonic_us() < give_up);
  drop_batch();
  ready_ = false;
  return false;
}

void Writer::finish(Attempt& out) {
  const std::int64_t start = clock_.monotonic_us();
  if (options_.on_durable) options_.on_durable(unit_.head());
  const auto answer_all = [&] {
    for (Step& step : out.steps) {
      if (step.state == Step::State::refused) {
        ++counters_.refused;
        step.command->failed(step.error);
      } else {
        step.command->succeeded();
      }
    }
  };
  if (options_.answer_together) {
    options_.answer_together(answer_all);
  } else {
    answer_all();
  }
  times_.answer_us = clock_.monotonic_us() - start;
  if (options_.on_events && !out.events.empty()) options_.on_events(std::move(out.events));
}

/// Makes the writer ready for a batch, whatever the one before left. Errors: not_the_writer, the database's.
Status Writer::prepare() {
  if (!session_ || !ready_) {
    ASSIGN_OR_RETURN(const bool acquired, acquire());
    if (!acquired) return Errc::not_the_writer;
  }
  if (must_load_) return load();
  return {};
}

void Writer::run(std::vector<std::unique_ptr<Command>> commands, Time time) {
  const auto fail_all = [&](const Error& error) {
    // No client asks again for background work: it is tried again by itself, after a pause.
    if (commands.empty()) background_after_ = clock_.wall_now() + background_pause;
    for (const auto& command : commands) command->failed(error);
  };
  if (const Status prepared = prepare(); !prepared) return fail_all(prepared.error());

  std::vector<Command*> all;
  all.reserve(commands.size());
  for (const auto& command : commands) all.push_back(command.get());
  Attempt batch;
  batch.time = time;
  attempt(all, background_rests() ? Background::no : Background::yes, batch);
  if (batch.outcome == Attempt::Outcome::unknown) {
    if (resolve(batch)) {
      batch.outcome = Attempt::Outcome::committed;
    } else {
      return fail_all(Error(Errc::outcome_unknown));
    }
  }
  if (batch.outcome == Attempt::Outcome::committed) return finish(batch);
  spdlog::error("a batch of {} failed: {}", commands.size(), to_string(batch.error));
  if (is_retry(batch.error) || !session_) return fail_all(batch.error);

  // Something in the batch is at fault. Each command goes alone, without background work; only the culprit
  // hears of it.
  bool culprit_found = false;
  for (Command* command : all) {
    Attempt single;
    single.time = time;
    std::vector<Command*> one{command};
    if (const Status prepared = prepare(); !prepared) {
      command->failed(prepared.error());
      continue;
    }
    attempt(one, Background::no, single);
    const bool unknown = single.outcome == Attempt::Outcome::unknown;
    if (unknown && resolve(single)) single.outcome = Attempt::Outcome::committed;
    if (single.outcome == Attempt::Outcome::committed) {
      finish(single);
    } else if (unknown) {
      command->failed(Errc::outcome_unknown);
    } else {
      culprit_found = true;
      command->failed(is_retry(single.error) ? single.error : Error(Errc::internal));
    }
  }
  if (!culprit_found) background_after_ = clock_.wall_now() + background_pause;
}

}  // namespace jangbu::engine
