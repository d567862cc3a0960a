// Rebuild: applies stored records to empty tables, as the writer did when they were made.
#pragma once

#include "engine/projection.h"
#include "engine/unit.h"
#include "store/database.h"

namespace jangbu::engine {

/// What becomes of the records themselves in the rebuilt database. `in_place`: they stand in it already, and
/// its tables are emptied and filled anew within the transaction that the session is in; what comes from no
/// record stays.
enum class Records : std::uint8_t { left_out, kept, in_place };

/// When the rebuilt rows become durable. `once`: all of them with finish() and none before, for a place that
/// must hold the whole book or none of it (a transaction of any length is no burden to PostgreSQL, but one to
/// SQLite's log).
enum class Commits : bool { now_and_then, once };

/// One thread. Errors of a record are the record's: its number is in the detail.
class Rebuild {
 public:
  /// `session` is a writer's on a database without a book, which is migrated here; in_place: on the book's
  /// own, migrated, and in a transaction. `earlier`: where records stand that projections read again, when
  /// they are left out here; it is used while records are applied.
  Rebuild(store::WriterSession& session, Projections& projections, Records records,
          Commits commits = Commits::now_and_then, store::Session* earlier = nullptr);

  /// Creates or empties the tables. To be called first; leaves the session in the transaction that the next
  /// commit ends. Error: already_exists when there is a book (and it is not in_place).
  Status begin();
  /// Takes the next record; records of one batch become rows together, exactly as they did. `keys` counts as
  /// kept at once.
  Status apply(const Record& record);
  /// Ends the last batch and commits (in_place: leaves that to the caller, whose projections and unit have to
  /// be loaded then).
  Status finish();
  [[nodiscard]] const Head& head() const { return unit_.head_; }

 private:
  Status create_tables();
  Status empty_tables();
  Status end_batch();
  Status end_interval();

  store::WriterSession& session_;
  Projections& projections_;
  Records records_;
  Commits commits_;
  Unit unit_;
  std::uint64_t batch_ = 0;
  std::uint64_t uncommitted_records_ = 0;
};

}  // namespace jangbu::engine
