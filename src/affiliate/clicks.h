// Clicks as tables: which record holds which of them, and how many there were a day. A click has no row of
// its own.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <utility>

#include "affiliate/click_records.h"
#include "engine/projection.h"

namespace jangbu::affiliate {

/// The clicks of one record.
struct ClickRunRow {
  std::uint64_t record = 0;
  std::uint64_t first = 0;  // sequences
  std::uint64_t last = 0;
  // Which affiliates and merchants may be in it: bit number % click_mask_bits is set for each that is.
  std::uint64_t affiliates = 0;
  std::uint64_t merchants = 0;
};
inline constexpr std::uint64_t click_mask_bits = 62;
constexpr std::uint64_t click_mask(std::uint64_t number) {
  return std::uint64_t{1} << number % click_mask_bits;
}

/// Writer thread, as every projection.
class ClickBook final : public engine::Projection {
 public:
  ClickBook();
  ~ClickBook() override;

  [[nodiscard]] std::string_view name() const override { return "affiliate_clicks"; }
  [[nodiscard]] std::span<const store::Migration> migrations() const override;
  [[nodiscard]] std::span<const engine::TableSpec> tables() const override;
  using engine::Projection::owns;
  [[nodiscard]] bool owns(engine::RecordKind kind) const override { return kind == clicks_taken_kind; }
  void apply(engine::Unit& unit, const engine::Record& record) override;
  void flush(engine::Unit& unit) override;
  void committed() override;
  void discard() override;
  [[nodiscard]] Status check(const engine::Record& record) const override;

  // What decide asks.
  /// The click of that id, when it was taken; this batch's included.
  std::optional<Click> find(engine::Unit& unit, ClickId id);
  /// The last run of the minute that begins at or before the sequence.
  std::optional<ClickRunRow> run_before(engine::Unit& unit, std::uint32_t minute, std::uint64_t sequence);

 private:
  struct Tables;
  using RunKey = std::pair<std::uint32_t, std::uint64_t>;  // minute, first sequence

  std::map<RunKey, ClickRunRow> runs_;  // of the batch
  std::unique_ptr<Tables> tables_;
};

/// The same for snapshots. Errors: the session's.
Result<std::optional<Click>> find_click(store::Session& session, ClickId id);

/// Records a run of clicks. The same run again is the same record; one that shares ids with another is
/// refused: already_exists.
class RecordClicks final : public engine::Command {
 public:
  /// Called once, on the writer thread, with nullptr when the clicks are durable.
  using Done = std::function<void(const Error*)>;
  RecordClicks(ClickBook& book, const ClickRun& run, Done done);

  [[nodiscard]] std::size_t size_bytes() const override { return payload_.size() + 256; }
  engine::Decision decide(engine::Unit& unit) override;
  void succeeded() noexcept override { done_(nullptr); }
  void failed(const Error& error) noexcept override { done_(&error); }

 private:
  ClickBook& book_;
  ClickId first_;
  std::uint64_t last_;
  Bytes payload_;
  Done done_;
};

}  // namespace jangbu::affiliate
