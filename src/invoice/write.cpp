#include "invoice/subscription_decide.h"

namespace jangbu::invoice {

engine::KeyDigest request_digest(AppId app, std::string_view request_id, bool by_browser) {
  return engine::key_digest(
      by_browser ? engine::KeyScope::invoice_browser_request : engine::KeyScope::invoice_request, app,
      request_id);
}

Keyed InvoiceDoor::keyed_of(const engine::Record& record) {
  switch (record.kind) {
    case product_kind:
      return said<ProductSet>(record)->keyed;
    case invoice_created_kind:
      return said<InvoiceCreated>(record)->keyed;
    case invoice_cancelled_kind:
      return said<InvoiceCancelled>(record)->keyed;
    case invoice_notified_kind:
      return said<InvoiceNotified>(record)->keyed;
    case webhook_tried_kind:
      return said<WebhookTried>(record)->keyed;
    case cancel_requested_kind:
      return said<CancelRequested>(record)->keyed;
    case cancel_closed_kind:
      return said<CancelClosed>(record)->keyed;
    case refund_started_kind:
      return said<RefundStarted>(record)->keyed;
    case subscription_changed_kind:
      return said<SubscriptionChanged>(record)->keyed;
    case subscription_ended_kind:
      return said<SubscriptionEnded>(record)->keyed;
    case change_requested_kind:
      return said<ChangeRequested>(record)->keyed;
    case change_rejected_kind:
      return said<ChangeRejected>(record)->keyed;
    case card_asked_kind:
      return said<CardAsked>(record)->keyed;
    case charged_on_demand_kind:
      return said<ChargedOnDemand>(record)->keyed;
    case bill_changed_kind:
      return said<BillChanged>(record)->keyed;
    default:
      return {};
  }
}

Status InvoiceDoor::admit(State& state, engine::Unit&, const Caller& by, const Keyed& keyed) {
  if (keyed.app == 0 || by == By::office) return {};
  const AppSet* app = state.apps().find(keyed.app);
  if (app == nullptr || app->suspended) return Errc::service_not_allowed;
  return {};
}

}  // namespace jangbu::invoice
