// Projections: tables made from records. Every door has one; the ledger is one.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "engine/command.h"
#include "engine/due.h"
#include "engine/keys.h"
#include "engine/unit.h"
#include "store/migration.h"

namespace jangbu::engine {

/// A table that is truth made visible: `jangbu verify` rebuilds it from the records and compares it column by
/// column.
struct TableSpec {
  std::string_view name;
  std::string_view
      columns;  // "shop_id*, holder": the key's columns first, a star after those that hold bytes
  std::size_t key_columns = 1;  // how many of them are the unique key
};

/// All calls on the writer thread (or the one thread of a rebuild), except owns(), seals(), keys_of() and
/// check().
class Projection {
 public:
  virtual ~Projection() = default;

  [[nodiscard]] virtual std::string_view name() const = 0;
  [[nodiscard]] virtual std::span<const store::Migration> migrations() const = 0;
  [[nodiscard]] virtual std::span<const TableSpec> tables() const = 0;
  /// Whether records of this kind are this projection's.
  [[nodiscard]] virtual bool owns(RecordKind kind) const = 0;
  /// Whether its records of this kind carry a seal, which check() then proves. A seal on any other record is
  /// found by verify, because the chain does not cover it. Any thread.
  [[nodiscard]] virtual bool seals(RecordKind) const { return false; }

  /// Changes the tables as the record says. Deterministic: it looks at the record and at tables, at nothing
  /// else. What it finds wrong is a bug (INVARIANT).
  virtual void apply(Unit& unit, const Record& record) = 0;
  /// The keys that the record takes in the key index, as it says itself. Any thread.
  virtual void keys_of(const Record&, std::vector<KeyDigest>&) const {}

  virtual void prefetch(Unit&) {}
  virtual void flush(Unit& unit) = 0;
  virtual void committed() = 0;
  /// Forgets the open batch and everything cached; load() follows before the next batch.
  virtual void discard() = 0;
  /// Reads what it keeps in memory, after start and after discard().
  virtual void load(Unit&) {}

  /// Work of its own that has become possible: asked at the start of a batch and after every record, until it
  /// says null.
  virtual std::unique_ptr<Command> next_work(Unit&) { return nullptr; }
  /// The wall time at which next_work() should be asked again although no command came.
  [[nodiscard]] virtual std::optional<Instant> next_wake() const { return std::nullopt; }
  /// Whether due work of this kind is this projection's, and the command that does it. The command's record
  /// must remove the row.
  [[nodiscard]] virtual bool owns(WorkKind) const { return false; }
  virtual std::unique_ptr<Command> due_work(Unit&, const DueRow&) { return nullptr; }

  /// Checks of a record that need no table: signatures, formats. Any thread. Error: verification_failed with
  /// what is wrong.
  [[nodiscard]] virtual Status check(const Record&) const { return {}; }
};

/// All projections of a book, in the order of their dependencies.
using Projections = std::vector<std::unique_ptr<Projection>>;

/// What can be said of one record without any table: a seal where there is to be one and nowhere else (see
/// Projection::seals), and what its projection checks. Any thread. Error: verification_failed naming the
/// record.
Status check_record(const Record& record, const Projections& projections);

}  // namespace jangbu::engine
