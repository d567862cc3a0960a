#include "engine/rebuild.h"

#include "engine/engine_records.h"
#include "engine/schema.h"

namespace jangbu::engine {
namespace {

/// Records between two commits of the rebuilt database, or between two looks for errors that wait.
constexpr std::uint64_t commit_interval = 20'000;

Status commit(store::WriterSession& session) {
  const auto result = session.commit();
  if (result.outcome == store::CommitOutcome::committed) return {};
  return *result.error;
}

}  // namespace

Rebuild::Rebuild(store::WriterSession& session, Projections& projections, Records records, Commits commits,
                 store::Session* earlier)
    : session_(session), projections_(projections), records_(records), commits_(commits), unit_(0) {
  unit_.earlier_records_ = earlier;
}

Status Rebuild::create_tables() {
  std::vector<store::Migration> all(migrations().begin(), migrations().end());
  for (const auto& projection : projections_)
    all.insert(all.end(), projection->migrations().begin(), projection->migrations().end());
  RETURN_IF_ERROR(store::migrate(session_, all));
  return session_.begin();
}

Status Rebuild::empty_tables() {
  std::string script = "DELETE FROM engine_keys;";
  const auto empty = [&](std::span<const TableSpec> specs) {
    for (const TableSpec& spec : specs)
      if (spec.name != "schema_migration") script.append("DELETE FROM ").append(spec.name).append(";");
  };
  empty(tables());
  for (const auto& projection : projections_) {
    projection->discard();
    empty(projection->tables());
  }
  return session_.run_script(script);
}

Status Rebuild::begin() {
  RETURN_IF_ERROR(records_ == Records::in_place ? empty_tables() : create_tables());
  try {
    unit_.load(session_);
    for (const auto& projection : projections_) projection->load(unit_);
  } catch (const InvariantViolation& violation) {
    return Error(Errc::verification_failed, violation.what());
  } catch (const StoreFailure& failure) {
    return failure.error();
  }
  if (unit_.head_.number != 0) return Error(Errc::already_exists, "there is a book in this database already");
  return {};
}

Status Rebuild::end_batch() {
  if (unit_.records_.empty()) return {};
  unit_.head_.hash = unit_.records_.back().hash;
  for (const auto& projection : projections_) projection->flush(unit_);
  if (records_ == Records::kept) {
    unit_.bodies_.clear();
    for (const Record& record : unit_.records_) unit_.bodies_.push_back(record.body());
    unit_.flush_records();
  }
  unit_.flush_tables();
  uncommitted_records_ += unit_.records_.size();
  unit_.committed();
  for (const auto& projection : projections_) projection->committed();
  if (uncommitted_records_ < commit_interval) return {};
  uncommitted_records_ = 0;
  return end_interval();
}

Status Rebuild::end_interval() {
  // Writes may wait in a pipeline; a query brings back what became of them.
  if (commits_ == Commits::once || records_ == Records::in_place) {
    RETURN_IF_ERROR(load_head(session_));
    return {};
  }
  RETURN_IF_ERROR(commit(session_));
  session_.after_commit();
  return session_.begin();
}

Status Rebuild::apply(const Record& record) {
  const auto failed = [&](const std::string& what) {
    return Error(Errc::verification_failed, "record " + std::to_string(record.number) + ": " + what);
  };
  try {
    if (record.batch != batch_) {
      RETURN_IF_ERROR(end_batch());
      if (record.batch != unit_.head_.batch + 1) return failed("its batch does not follow the one before");
      if (record.recorded_at < unit_.head_.business_at) return failed("business time goes back");
      unit_.open(session_, record.recorded_at, record.wall_at);
      batch_ = record.batch;
    }
    if (record.recorded_at != unit_.now() || record.wall_at != unit_.wall_now())
      return failed("its times are not its batch's");
    const Record& kept = unit_.append_stored(record);
    if (is_engine_kind(record.kind)) {
      apply_engine_record(unit_, kept);
      return {};
    }
    for (const auto& projection : projections_) {
      if (!projection->owns(record.kind)) continue;
      projection->apply(unit_, kept);
      std::vector<KeyDigest> digests;
      projection->keys_of(kept, digests);
      for (const KeyDigest& digest : digests) unit_.keys().put(digest, record.number);
      return {};
    }
    return failed("nobody owns its kind " + std::to_string(record.kind));
  } catch (const InvariantViolation& violation) {
    return failed(violation.what());
  } catch (const StoreFailure& failure) {
    return failed(to_string(failure.error()));
  }
}

Status Rebuild::finish() {
  try {
    RETURN_IF_ERROR(end_batch());
    // Every key is in its table: without this the next writer would read all records again to be sure.
    if (records_ != Records::left_out) unit_.write_keys_through(unit_.head_.number);
  } catch (const InvariantViolation& violation) {
    return Error(Errc::verification_failed, violation.what());
  } catch (const StoreFailure& failure) {
    return failure.error();
  }
  return records_ == Records::in_place ? end_interval() : commit(session_);
}

}  // namespace jangbu::engine
