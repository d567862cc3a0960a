// What payments say of themselves in a walk back to where money came from.
#pragma once

#include <functional>

#include "engine/peek_key.h"
#include "ledger/explain.h"
#include "payment/payment.h"

namespace jangbu::payment {

/// The record that opened a checkout, which is a door's; 0 when it is not known.
using FindDocument = std::function<Result<std::uint64_t>(store::Session&, const Checkout&)>;

class Explainer final : public ledger::Explainer {
 public:
  Explainer(engine::PeekKey peek, FindDocument find_document)
      : peek_(std::move(peek)), find_document_(std::move(find_document)) {}
  [[nodiscard]] bool owns(engine::RecordKind kind) const override { return kind >= 40 && kind < 60; }
  Result<ledger::Told> tell(store::Session& session, const engine::Record& record) const override;

 private:
  Result<ledger::Told> tell_started(store::Session& session, const engine::Record& record) const;
  Result<ledger::Told> tell_card(store::Session& session, const engine::Record& record) const;
  Result<ledger::Told> tell_ended(store::Session& session, const engine::Record& record) const;

  engine::PeekKey peek_;
  FindDocument find_document_;
};

/// The record in which a checkout was paid; 0 when it was not.
Result<std::uint64_t> paid_record(store::Session& session, CheckoutNumber checkout);

}  // namespace jangbu::payment
