// What the records say of deliveries, made into the states of the outbox's events.
#pragma once

#include <functional>
#include <mutex>
#include <vector>

#include "delivery/attempts.h"
#include "delivery/records.h"
#include "engine/projection.h"

namespace jangbu::delivery {

/// Writer thread, as every projection; check() on any thread. It has no tables of its own that verify could
/// compare: the states stand in the engine's outbox.
class State final : public engine::Projection {
 public:
  [[nodiscard]] std::string_view name() const override { return "delivery"; }
  [[nodiscard]] std::span<const store::Migration> migrations() const override;
  [[nodiscard]] std::span<const engine::TableSpec> tables() const override { return {}; }
  [[nodiscard]] bool owns(engine::RecordKind kind) const override { return kind >= 32 && kind < 40; }
  void apply(engine::Unit& unit, const engine::Record& record) override;
  void flush(engine::Unit&) override {}
  void committed() override;
  void discard() override { reopened_.clear(); }
  void load(engine::Unit& unit) override;
  [[nodiscard]] Status check(const engine::Record& record) const override;

  /// Both are called on the writer's thread and must not block: `reopened` with the events that a commit made
  /// pending again, `loaded` when what was known of the outbox may be out of date: this node begins to write,
  /// or a batch failed. Thread-safe: when it returns, the observer before is called no more.
  struct Observer {
    std::function<void(std::vector<std::uint64_t>)> reopened;
    std::function<void()> loaded;
  };
  void observe(Observer observer) {
    const std::lock_guard lock(observer_mutex_);
    observer_ = std::move(observer);
  }

 private:
  std::vector<std::uint64_t> reopened_;  // by the open batch
  std::mutex observer_mutex_;
  Observer observer_;
};

/// Writes what became of attempts: rows beside the books, and a record of the events that are done with.
/// Events that are not pending any more are left out of the record.
class Conclude final : public engine::Command {
 public:
  struct Outcome {
    engine::RecordKind kind = delivered_kind;  // or given_up_kind; says nothing when there are no ids
    std::vector<std::uint64_t> ids;            // ascending
    std::vector<Attempt> attempts;
  };
  using Done = std::function<void(Status)>;
  Conclude(Outcome outcome, Done done) : outcome_(std::move(outcome)), done_(std::move(done)) {}

  [[nodiscard]] std::size_t size_bytes() const override;
  engine::Decision decide(engine::Unit& unit) override;
  Status write_beside(store::Session& session) override { return write_attempts(session, outcome_.attempts); }
  void succeeded() noexcept override { done_({}); }
  void failed(const Error& error) noexcept override { done_(error); }

 private:
  Outcome outcome_;
  Done done_;
};

/// Makes events that were delivered or given up pending again. Errors: not_found (none of them is there),
/// already_exists (all of them are pending).
class Resend final : public engine::Command {
 public:
  using Done = std::function<void(Result<std::size_t> count)>;
  /// `ids`: ascending, 1 to max_record_events.
  Resend(std::vector<std::uint64_t> ids, Done done) : ids_(std::move(ids)), done_(std::move(done)) {}

  [[nodiscard]] std::size_t size_bytes() const override { return 256 + 8 * ids_.size(); }
  engine::Decision decide(engine::Unit& unit) override;
  void succeeded() noexcept override { done_(count_); }
  void failed(const Error& error) noexcept override { done_(error); }

 private:
  std::vector<std::uint64_t> ids_;
  std::size_t count_ = 0;
  Done done_;
};

/// Removes old rows of delivery_attempts.
class SweepAttempts final : public engine::Command {
 public:
  engine::Decision decide(engine::Unit& unit) override {
    wall_now_ = unit.wall_now();
    return engine::Beside{};
  }
  Status write_beside(store::Session& session) override { return sweep_attempts(session, wall_now_); }

 private:
  Instant wall_now_;
};

}  // namespace jangbu::delivery
