// The shelf: the smallest projection that uses everything the engine offers. Things are put on it by name,
// fall due and are taken down, are tallied by work of the shelf's own, and are told about through the outbox.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/command.h"
#include "engine/projection.h"

namespace jangbu::engine::testing {

inline constexpr RecordKind put_kind = 200;
inline constexpr RecordKind taken_kind = 201;
inline constexpr RecordKind tally_kind = 202;

/// What is broken at the moment; shared by a shelf and its commands, and outlives restarts.
struct ShelfFaults {
  /// Deciding due work breaks an invariant.
  bool due_breaks = false;
  /// The same for the row of this record alone; 0: of none.
  std::uint64_t due_breaks_of = 0;
  /// Applying this name breaks an invariant.
  std::string apply_breaks;
};

/// One thing on its way to the shelf.
struct Thing {
  std::string name;
  std::int64_t value = 0;                 // the table refuses one below zero
  std::optional<std::int64_t> waiting_s;  // until it is taken down again
  std::string destination;                // who is to hear of it; empty: nobody

  friend bool operator==(const Thing&, const Thing&) = default;
};
Bytes encode_thing(const Thing& thing, std::uint64_t sequence);

class Shelf : public Projection {
 public:
  explicit Shelf(const ShelfFaults& faults) : faults_(faults) {}

  [[nodiscard]] std::string_view name() const override { return "shelf"; }
  [[nodiscard]] std::span<const store::Migration> migrations() const override;
  [[nodiscard]] std::span<const TableSpec> tables() const override;
  [[nodiscard]] bool owns(RecordKind kind) const override { return kind >= put_kind && kind <= tally_kind; }
  [[nodiscard]] bool seals(RecordKind kind) const override { return kind == put_kind; }
  void apply(Unit& unit, const Record& record) override;
  void keys_of(const Record& record, std::vector<KeyDigest>& out) const override;
  void flush(Unit& unit) override;
  void committed() override;
  void discard() override;
  void load(Unit& unit) override;
  std::unique_ptr<Command> next_work(Unit& unit) override;
  [[nodiscard]] bool owns(WorkKind kind) const override { return kind == WorkKind::purchase_provide; }
  std::unique_ptr<Command> due_work(Unit& unit, const DueRow& row) override;
  [[nodiscard]] Status check(const Record& record) const override;

  /// Things since the last tally; a tally is due when there are `tally_interval`.
  [[nodiscard]] std::uint64_t untallied() const { return untallied_; }
  [[nodiscard]] const ShelfFaults& faults() const { return faults_; }
  static constexpr std::uint64_t tally_interval = 10;

 private:
  struct Row {
    std::uint64_t record;
    std::uint64_t sequence;
    Thing thing;
  };

  const ShelfFaults& faults_;
  std::vector<Row> put_;
  std::vector<std::pair<std::uint64_t, std::int64_t>> taken_;     // record of the thing, when
  std::vector<std::pair<std::uint64_t, std::uint64_t>> tallies_;  // record of the tally, things in it
  std::uint64_t untallied_ = 0;
};

/// What became of a command.
struct Outcome {
  int calls = 0;  // of succeeded() and failed() together
  std::optional<Error> error;
  std::uint64_t record = 0;  // the record that answers
  Bytes answer;              // what render() made

  [[nodiscard]] bool succeeded() const { return calls == 1 && !error; }
  [[nodiscard]] bool failed_with(Errc code) const { return calls == 1 && error && error->code == code; }
};

/// Puts a thing on the shelf. A name that is there already is repeated when all else is the same, and refused
/// (already_exists) otherwise; an empty name is refused (invalid_parameters).
class Put final : public Command {
 public:
  Put(Thing thing, Outcome& outcome) : thing_(std::move(thing)), outcome_(outcome) {}

  void want(Unit& unit) override;
  Decision decide(Unit& unit) override;
  Bytes seal(const Record& record) override;
  void render(const Record& record) override;
  void succeeded() noexcept override;
  void failed(const Error& error) noexcept override;

 private:
  Thing thing_;
  Outcome& outcome_;
  Bytes answer_;
  std::uint64_t record_ = 0;
};

/// Does what it is told when it is decided: to break an invariant, to fail as the database does, to wait.
class Misbehave final : public Command {
 public:
  Misbehave(std::function<Decision(Unit&)> decide, Outcome& outcome)
      : decide_(std::move(decide)), outcome_(outcome) {}
  Decision decide(Unit& unit) override { return decide_(unit); }
  void succeeded() noexcept override { ++outcome_.calls; }
  void failed(const Error& error) noexcept override;

 private:
  std::function<Decision(Unit&)> decide_;
  Outcome& outcome_;
};

/// The key that a name takes.
KeyDigest name_digest(std::string_view name);

/// A factory of the shelf as the only projection of a book.
std::function<Projections()> only_a_shelf(const ShelfFaults& faults);

}  // namespace jangbu::engine::testing
