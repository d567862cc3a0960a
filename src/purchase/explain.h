// What the purchase door's records say of themselves in a walk back to where points came from.
#pragma once

#include "ledger/explain.h"

namespace jangbu::purchase {

class Explainer final : public ledger::Explainer {
 public:
  [[nodiscard]] bool owns(engine::RecordKind kind) const override { return kind >= 100 && kind < 120; }
  Result<ledger::Told> tell(store::Session& session, const engine::Record& record) const override;
};

}  // namespace jangbu::purchase
