// Backups: a book written to a file, beside a server if need be, and made again from it in any database.
// Format: docs/formats/backup.md.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "base/time.h"
#include "engine/backup_file.h"
#include "engine/checkpoints.h"
#include "engine/fork_join.h"
#include "engine/head.h"
#include "engine/projection.h"
#include "engine/rebuild.h"
#include "store/database.h"

namespace jangbu::engine {

/// Called now and then: how many records are through, and how many there are.
using BackupProgress = std::function<void(std::uint64_t done, std::uint64_t total)>;

/// Writes the book as it stands to `path`. May run beside a server: records never change, so it holds no
/// snapshot for longer than a page of them. The chain of hashes is recomputed on the way. Errors:
/// verification_failed naming the record that is not as it was written, or the secret; those of BackupWriter;
/// not_found when there is no book; the database's.
Result<BackupManifest> backup(store::Database& database, const Clock& clock, const std::string& path,
                              Overwrite overwrite, const BackupProgress& progress);

/// What was found to be in order: the file's digest, the chain, every signature, and that `checkpoints` are
/// in it. `projections` are fresh. Errors: those of BackupReader; verification_failed naming the record.
Result<BackupManifest> verify_backup(const std::string& path, const Projections& projections,
                                     ForkJoin& fork_join, const BackupProgress& progress,
                                     Checkpoints checkpoints = {});

struct Restored {
  BackupManifest manifest;
  Head head;  // of the new epoch, which begins with one record behind those of the backup
};

/// Makes the book of a backup again in a database without one. Its last business time stays where it was, so
/// that what fell due since is done at its own time once the book is served. With Commits::once all of it is
/// there afterwards or none. Every signature is checked on the way, before its record is taken.
///
/// `projections` are fresh. Errors: already_exists when there is a book (it is not touched), database_busy
/// when a node serves the database, those of verify_backup and of Rebuild.
Result<Restored> restore(const std::string& path, store::WriterSession& session, Projections& projections,
                         ForkJoin& fork_join, const Clock& clock, Commits commits,
                         const BackupProgress& progress);

}  // namespace jangbu::engine
