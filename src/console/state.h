// The console's tables, made from its records: accounts of operators, and what they did.
#pragma once

#include <map>
#include <memory>
#include <set>

#include "console/operators.h"
#include "engine/projection.h"

namespace jangbu::console {

/// Writer thread, as every projection.
class State final : public engine::Projection {
 public:
  State();
  ~State() override;

  [[nodiscard]] std::string_view name() const override { return "console"; }
  [[nodiscard]] std::span<const store::Migration> migrations() const override;
  [[nodiscard]] std::span<const engine::TableSpec> tables() const override;
  [[nodiscard]] bool owns(engine::RecordKind kind) const override { return kind >= 220 && kind < 240; }
  void apply(engine::Unit& unit, const engine::Record& record) override;
  void prefetch(engine::Unit& unit) override;
  void flush(engine::Unit& unit) override;
  void committed() override;
  void discard() override;
  void load(engine::Unit& unit) override;

  // For decide.
  [[nodiscard]] const std::map<OperatorId, OperatorSet>& operators() const { return operators_; }
  [[nodiscard]] bool has_action(engine::Unit& unit, std::uint64_t number);

 private:
  struct Tables;

  std::map<OperatorId, OperatorSet> operators_;  // few: all are held
  std::set<OperatorId> changed_;                 // by the open batch
  std::unique_ptr<Tables> tables_;
};

}  // namespace jangbu::console
