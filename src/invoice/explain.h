// What the invoice door's records say of themselves in a walk back to where money came from.
#pragma once

#include "invoice/subscription_records.h"
#include "ledger/explain.h"

namespace jangbu::invoice {

class Explainer final : public ledger::Explainer {
 public:
  [[nodiscard]] bool owns(engine::RecordKind kind) const override {
    return kind >= first_kind && kind <= last_subscription_kind;
  }
  Result<ledger::Told> tell(store::Session& session, const engine::Record& record) const override;
};

/// The record that made an invoice. Error: invoice_not_found.
Result<std::uint64_t> invoice_record(store::Session& session, InvoiceNumber number);

}  // namespace jangbu::invoice
