// Where the commissions of the affiliate door came from.
#pragma once

#include "affiliate/click_records.h"
#include "affiliate/records.h"
#include "ledger/explain.h"

namespace jangbu::affiliate {

/// Stateless. Knows the records of state.h.
class Explainer final : public ledger::Explainer {
 public:
  [[nodiscard]] bool owns(engine::RecordKind kind) const override {
    return (kind >= merchant_kind && kind <= exchange_rate_kind) || kind == conversions_taken_kind ||
           kind == conversions_judged_kind || kind == clicks_taken_kind;
  }
  Result<ledger::Told> tell(store::Session& session, const engine::Record& record) const override;
};

}  // namespace jangbu::affiliate
