// The writer between its batches: the right to write, what it loads, and which batch it runs.
#include "engine/writer.h"

#include <algorithm>
#include <array>

#include <spdlog/spdlog.h>

#include "base/counted.h"
#include "engine/engine_records.h"
#include "engine/proof.h"
#include "engine/rebuild.h"
#include "engine/schema.h"
#include "engine/writer_batch.h"

namespace jangbu::engine {
namespace {

using store::CommitOutcome;

/// Records that are held at a time while tables are made anew from them.
constexpr std::uint64_t replayed_at_once = 1'000;
/// How long background work that failed is left alone.
constexpr Duration background_pause = Duration::seconds(5);

bool is_retry(const Error& error) { return error_class(error.code) == ErrorClass::retry; }

const store::Sql publish_sql{
    "INSERT INTO engine_writer (id, url, since, proof) VALUES ($1, $2, $3, $4) ON CONFLICT (id) DO UPDATE "
    "SET "
    "url = excluded.url, since = excluded.since, proof = excluded.proof"};

}  // namespace

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

Result<bool> Writer::acquire(Upgrade upgrade) {
  ready_ = false;
  learns_anew_ = true;
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
  const auto make_anew = [&] { return make_tables_anew(upgrade); };
  if (const Status migrated = store::migrate(*session_, all, make_anew); !migrated) {
    session_.reset();  // and with it the right to write: another node may know this schema
    return migrated.error();
  }
  RETURN_IF_ERROR(load());
  if (unit_.head().number == 0) RETURN_IF_ERROR(write_genesis());
  ready_ = true;
  return true;
}

Status Writer::make_tables_anew(Upgrade upgrade) {
  const auto head = load_head(*session_);
  if (!head) return head.error().code == Errc::not_found ? Status{} : head.error();
  if (upgrade == Upgrade::refused)
    return Error(Errc::invalid_configuration,
                 "the book is of an older version: stop all servers and start this one first");
  spdlog::info("this version keeps other tables: they are made anew from {}",
               counted(head->number, "record"));
  Rebuild rebuild(*session_, projections_, Records::in_place);
  RETURN_IF_ERROR(rebuild.begin());
  std::vector<Record> records;
  Hash chained{};
  for (std::uint64_t first = 1; first <= head->number; first += replayed_at_once) {
    records.clear();
    const std::uint64_t last = std::min(first + replayed_at_once - 1, head->number);
    RETURN_IF_ERROR(each_stored_record(*session_, first, last, [&](const Record& record) {
      records.push_back(record);
      return true;
    }));
    for (const Record& record : records) {
      chained = chain_hash(chained, record.number, record.body());
      if (chained != record.hash)
        return Error(Errc::verification_failed,
                     "record " + std::to_string(record.number) + ": its hash is not that of what it says");
      RETURN_IF_ERROR(rebuild.apply(record));
    }
  }
  RETURN_IF_ERROR(rebuild.finish());
  if (chained != head->hash)
    return Error(Errc::verification_failed, "the records do not lead to the head of the book");
  spdlog::info("the tables are made");
  return {};
}

Status Writer::load() {
  try {
    for (const auto& projection : projections_) projection->discard();
    unit_.discard();
    unit_.load(*session_);
    // While this writer was without a session another process may have written records and their keys, of
    // which a filter from before has never heard. The first record of a book has no keys.
    if (learns_anew_ && unit_.keys().defers())
      unit_.keys().learn_table(unit_.head().number <= 1 ? 0 : unit_.head().number);
    learns_anew_ = false;
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
  const std::uint64_t last = unit_.head().number;
  if (through >= last) return;
  // A quarter of a million records may have to be read: on all cores, each slice in a session of its own.
  std::vector<std::vector<std::pair<KeyDigest, std::uint64_t>>> slices(
      (last - through - 1) / options_.recovered_at_once + 1);
  fork_join_.run(slices.size(), [&](std::size_t slice) {
    const std::uint64_t first = through + 1 + slice * options_.recovered_at_once;
    const auto session = value_or_throw(database_.open_reader());
    std::vector<KeyDigest> digests;
    throw_if_failed(each_stored_record(
        *session, first, std::min(first + options_.recovered_at_once - 1, last), [&](const Record& record) {
          if (is_engine_kind(record.kind)) return true;
          digests.clear();
          owner(record.kind).keys_of(record, digests);
          for (const KeyDigest& digest : digests) slices[slice].emplace_back(digest, record.number);
          return true;
        }));
  });
  for (const auto& slice : slices)
    for (const auto& [digest, number] : slice) unit_.keys().recover(digest, number);
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
  known_keys_.rest();  // its session would keep the last one's from putting the log away
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
  consider(unit_.due().next_wake());
  if (wake) wake = std::max(*wake, background_after_);
  return wake;
}

void Writer::maintain() {
  if (session_) session_->after_commit();
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
    for (const auto& command : commands) fail(*command, error);
  };
  if (const Status prepared = prepare(); !prepared) return fail_all(prepared.error());
  unit_.due().wake(clock_.wall_now());

  std::vector<Command*> all;
  all.reserve(commands.size());
  for (const auto& command : commands) all.push_back(command.get());
  Attempt batch;
  batch.time = time;
  attempt(all, background_rests() ? Background::no : Background::yes, batch);
  batch.head = unit_.head();
  if (batch.outcome == Attempt::Outcome::unknown) {
    if (resolve(batch)) {
      batch.outcome = Attempt::Outcome::committed;
    } else {
      return fail_all(Error(Errc::outcome_unknown));
    }
  }
  if (batch.outcome == Attempt::Outcome::committed) return finish(batch);
  {
    const TraceScope scope(batch.about);
    spdlog::error("a batch of {} failed: {}", commands.size(), to_string(batch.error));
  }
  if (is_retry(batch.error) || !session_) return fail_all(batch.error);
  // The work of one row is at fault: it rests alone, and blocks and all other work go on.
  const bool one_row = batch.due.has_value();
  if (one_row) {
    unit_.due().rest(*batch.due, clock_.wall_now() + background_pause);
    if (all.empty()) {
      if (const Status loaded = prepare(); !loaded) fail_all(loaded.error());
      return;
    }
  }

  // Something in the batch is at fault. Each command goes alone, without background work; only the culprit
  // hears of it.
  bool culprit_found = false;
  for (Command* command : all) {
    Attempt single;
    single.time = time;
    std::vector<Command*> one{command};
    if (const Status prepared = prepare(); !prepared) {
      fail(*command, prepared.error());
      continue;
    }
    attempt(one, Background::no, single);
    single.head = unit_.head();
    const bool unknown = single.outcome == Attempt::Outcome::unknown;
    if (unknown && resolve(single)) single.outcome = Attempt::Outcome::committed;
    if (single.outcome == Attempt::Outcome::committed) {
      finish(single);
    } else if (unknown) {
      fail(*command, Errc::outcome_unknown);
    } else {
      culprit_found = true;
      fail(*command, is_retry(single.error) ? single.error : Error(Errc::internal));
    }
  }
  if (!culprit_found && !one_row) background_after_ = clock_.wall_now() + background_pause;
}

}  // namespace jangbu::engine
