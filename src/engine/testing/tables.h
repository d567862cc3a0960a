// The engine's tables without a writer, for tests of its parts.
#pragma once

#include <memory>
#include <stdexcept>

#include "engine/schema.h"
#include "store/database.h"
#include "store/migration.h"

namespace jangbu::engine::testing {

/// The engine's empty tables in memory, and one session on them.
struct EmptyTables {
  EmptyTables() : database(store::open_sqlite_in_memory().value()), session(database->open_writer().value()) {
    if (const Status migrated = store::migrate(*session, migrations()); !migrated)
      throw std::runtime_error(to_string(migrated.error()));
    begin();
  }
  void begin() {
    if (const Status begun = session->begin(); !begun) throw std::runtime_error(to_string(begun.error()));
  }
  /// Ends the open transaction and begins the next.
  void commit() {
    if (session->commit().outcome != store::CommitOutcome::committed)
      throw std::runtime_error("the commit failed");
    begin();
  }
  void rollback() {
    session->rollback();
    begin();
  }

  std::unique_ptr<store::Database> database;
  std::unique_ptr<store::WriterSession> session;
};

}  // namespace jangbu::engine::testing
