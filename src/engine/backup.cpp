#include "engine/backup.h"

#include <algorithm>
#include <vector>

#include "engine/engine_records.h"
#include "engine/unit.h"

namespace jangbu::engine {
namespace {

/// Records that are read, or checked in parallel, at a time.
constexpr std::uint64_t page_records = 2048;

Error wrong(std::string what) { return Error(Errc::verification_failed, std::move(what)); }

/// Copies the records of a book into a file, recomputing the chain.
class Copy {
 public:
  Copy(store::Session& session, BackupWriter& writer) : session_(session), writer_(writer) {}

  /// Up to `last` at most a page of records.
  Status page(std::uint64_t last) {
    last = std::min(last, number_ + page_records);
    Status copied;
    Status read = each_stored_record(session_, number_ + 1, last, [&](const Record& record) {
      copied = copy(record);
      return copied.ok();
    });
    if (!read && read.error().code == Errc::invalid_encoding)
      read = wrong("engine_records: " + read.error().detail);
    RETURN_IF_ERROR(copied);
    RETURN_IF_ERROR(read);
    return number_ == last ? Status() : Status(missing());
  }
  [[nodiscard]] std::uint64_t number() const { return number_; }
  [[nodiscard]] const Hash& hash() const { return hash_; }

 private:
  [[nodiscard]] Error missing() const {
    return wrong("engine_records: record " + std::to_string(number_ + 1) + " is missing");
  }
  Status copy(const Record& record) {
    if (record.number != number_ + 1) return missing();
    if (chain_hash(hash_, record.number, record.body()) != record.hash)
      return wrong("engine_records: record " + std::to_string(record.number) +
                   ": its hash does not follow from the record before and its body");
    RETURN_IF_ERROR(writer_.add(record));
    number_ = record.number;
    hash_ = record.hash;
    return {};
  }

  store::Session& session_;
  BackupWriter& writer_;
  std::uint64_t number_ = 0;
  Hash hash_;
};

Status check_seals(const std::vector<Record>& records, const Projections& projections, ForkJoin& fork_join) {
  std::vector<Status> checked(records.size());
  fork_join.run(records.size(), [&](std::size_t i) { checked[i] = check_record(records[i], projections); });
  for (const Status& status : checked) RETURN_IF_ERROR(status);
  return {};
}

/// Hands the records of a backup to `take` in order, those of a page once all of their seals are good.
Status each_checked(BackupReader& reader, const Projections& projections, ForkJoin& fork_join,
                    const BackupProgress& progress, const std::function<Status(const Record&)>& take) {
  std::vector<Record> page;
  bool more = true;
  std::uint64_t done = 0;
  while (more) {
    page.clear();
    while (more && page.size() < page_records) {
      ASSIGN_OR_RETURN(auto record, reader.next());
      more = record.has_value();
      if (more) page.push_back(std::move(*record));
    }
    RETURN_IF_ERROR(check_seals(page, projections, fork_join));
    for (const Record& record : page) RETURN_IF_ERROR(take(record));
    done += page.size();
    progress(done, reader.manifest().records);
  }
  return {};
}

/// The record that a restored book goes on with. It has the last business time of the backup, not today's:
/// what fell due in between is then done at its own time, in order, once the book is served.
Record epoch_record(const Head& head, const Hash& root_hash, Instant wall_now) {
  Record record;
  record.number = head.number + 1;
  record.kind = epoch_kind;
  record.batch = head.batch + 1;
  record.recorded_at = head.business_at;
  record.wall_at = wall_now;
  record.payload = epoch_payload(head.epoch + 1, head.offset);
  record.hash = chain_hash(root_hash, record.number, record.body());
  return record;
}

/// Everything between the first write and the last commit.
Status rebuild_from(BackupReader& reader, store::WriterSession& session, Rebuild& rebuild,
                    const Projections& projections, ForkJoin& fork_join, const Clock& clock,
                    const BackupProgress& progress) {
  const BackupManifest& manifest = reader.manifest();
  RETURN_IF_ERROR(rebuild.begin());
  for (const Secret& secret : reader.secrets())
    RETURN_IF_ERROR(write_secret(session, secret.name, secret.sealed));
  RETURN_IF_ERROR(each_checked(reader, projections, fork_join, progress,
                               [&](const Record& record) { return rebuild.apply(record); }));
  const Head head = rebuild.head();
  if (head.epoch != manifest.epoch || head.business_at != manifest.business_at)
    return wrong("the epoch or the business time of the manifest is not that of the records");
  RETURN_IF_ERROR(rebuild.apply(epoch_record(head, manifest.root_hash, clock.wall_now())));
  return rebuild.finish();
}

}  // namespace

Result<BackupManifest> backup(store::Database& database, const Clock& clock, const std::string& path,
                              Overwrite overwrite, const BackupProgress& progress) {
  ASSIGN_OR_RETURN(const auto session, database.open_reader());
  ASSIGN_OR_RETURN(const Head head, load_head(*session));
  // Read after the head: a secret is committed with the first record that needs it, so none is missing.
  ASSIGN_OR_RETURN(const auto secrets, read_secrets(*session));
  BackupManifest manifest;
  manifest.created_at = clock.wall_now();
  manifest.database = database.engine() == store::Engine::sqlite ? "sqlite" : "postgres";
  manifest.epoch = head.epoch;
  manifest.records = head.number;
  manifest.root_hash = head.hash;
  manifest.business_at = head.business_at;

  ASSIGN_OR_RETURN(const auto writer, BackupWriter::create(path, overwrite));
  RETURN_IF_ERROR(writer->begin(manifest, secrets));
  Copy copy(*session, *writer);
  while (copy.number() < head.number) {
    RETURN_IF_ERROR(copy.page(head.number));
    progress(copy.number(), head.number);
  }
  if (copy.hash() != head.hash) return wrong("engine_head: its hash is not that of the last record");
  RETURN_IF_ERROR(writer->finish());
  return manifest;
}

Result<BackupManifest> verify_backup(const std::string& path, const Projections& projections,
                                     ForkJoin& fork_join, const BackupProgress& progress,
                                     Checkpoints checkpoints) {
  ASSIGN_OR_RETURN(const auto reader, BackupReader::open(path));
  RETURN_IF_ERROR(each_checked(*reader, projections, fork_join, progress,
                               [&](const Record& record) { return checkpoints.check(record); }));
  RETURN_IF_ERROR(checkpoints.finish(reader->manifest().records));
  return reader->manifest();
}

Result<Restored> restore(const std::string& path, store::WriterSession& session, Projections& projections,
                         ForkJoin& fork_join, const Clock& clock, Commits commits,
                         const BackupProgress& progress) {
  ASSIGN_OR_RETURN(const auto reader, BackupReader::open(path));
  ASSIGN_OR_RETURN(const bool locked, session.try_write_lock());
  if (!locked) return Error(Errc::database_busy, "a node serves this database");
  // Looked at before the tables are made: a book that is there is not even migrated.
  if (load_head(session).ok()) return Error(Errc::already_exists, "there is a book in this database already");
  Rebuild rebuild(session, projections, Records::kept, commits);
  if (const Status done = rebuild_from(*reader, session, rebuild, projections, fork_join, clock, progress);
      !done) {
    session.rollback();
    return done.error();
  }
  return Restored{reader->manifest(), rebuild.head()};
}

}  // namespace jangbu::engine
