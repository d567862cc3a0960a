// Where settled commissions and payouts came from.
#pragma once

#include "affiliate/settlement_records.h"
#include "ledger/explain.h"

namespace jangbu::affiliate {

/// Stateless. Knows the records of settlement.h.
class SettlementExplainer final : public ledger::Explainer {
 public:
  [[nodiscard]] bool owns(engine::RecordKind kind) const override {
    return kind >= first_settlement_kind && kind <= last_settlement_kind;
  }
  Result<ledger::Told> tell(store::Session& session, const engine::Record& record) const override;
};

}  // namespace jangbu::affiliate
