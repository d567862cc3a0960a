// What the hub's records say of themselves in a walk back to where money came from.
#pragma once

#include "engine/peek_key.h"
#include "hub/requests.h"
#include "ledger/explain.h"

namespace jangbu::hub {

class Explainer final : public ledger::Explainer {
 public:
  explicit Explainer(engine::PeekKey peek) : peek_(std::move(peek)) {}
  [[nodiscard]] bool owns(engine::RecordKind kind) const override { return kind >= 120 && kind < 160; }
  Result<ledger::Told> tell(store::Session& session, const engine::Record& record) const override;

 private:
  engine::PeekKey peek_;
};

/// The record that made an order. Error: order_not_found.
Result<std::uint64_t> order_record(store::Session& session, OrderNumber number);

}  // namespace jangbu::hub
