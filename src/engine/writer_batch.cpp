// What becomes of a batch: decided, sealed, flushed, committed, answered; or dropped whole.
#include "engine/writer_batch.h"

#include <chrono>
#include <thread>

#include <spdlog/spdlog.h>

#include "engine/engine_records.h"

namespace jangbu::engine {
namespace {

using store::CommitOutcome;

/// Pause between two looks for an unknown outcome.
constexpr std::int64_t resolve_pause_ms = 50;

}  // namespace

bool breaks_session(Errc code) {
  return code == Errc::database_unavailable || code == Errc::io_error || code == Errc::database_corrupt;
}

void Writer::decide_one(Command& command, Attempt& out) {
  const TraceScope scope(command.trace);
  out.about = command.trace;
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
    apply_record(record);
  }
  out.about = {};
}

void Writer::apply_record(const Record& record) {
  if (is_engine_kind(record.kind)) return apply_engine_record(unit_, record);
  Projection& projection = owner(record.kind);
  projection.apply(unit_, record);
  std::vector<KeyDigest> digests;
  projection.keys_of(record, digests);
  for (const KeyDigest& digest : digests) unit_.keys().put(digest, record.number);
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
      out.due = row;
      auto work = projection->due_work(unit_, *row);
      decide_one(*work, out);
      out.steps.back().own = std::move(work);
      INVARIANT(out.steps.back().state == Step::State::accepted, "due work is never refused");
      out.due.reset();
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
  if (commands.size() == 1) out.about = commands.front()->trace;
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
    const TraceScope scope(out.about);
    spdlog::critical("invariant violated, the batch is dropped: {}", violation.what());
    out.error = Error(Errc::internal);
  } catch (const std::exception& failure) {  // memory that is not there, a library that throws
    const TraceScope scope(out.about);
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
  const TraceScope scope(out.about);
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
  if (options_.on_durable) options_.on_durable(out.head);
  const auto answer_all = [&] {
    for (Step& step : out.steps) {
      if (step.state == Step::State::refused) {
        ++counters_.refused;
        fail(*step.command, step.error);
      } else {
        succeed(*step.command);
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

}  // namespace jangbu::engine
