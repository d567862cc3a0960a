#include "invoice/subscription_decide.h"

namespace jangbu::invoice {

using engine::Decision;
using engine::Refuse;
using engine::Unit;

engine::KeyDigest idempotency_digest(const Keyed& keyed) {
  return engine::key_digest(engine::KeyScope::invoice_idempotency, keyed.app, keyed.route + "\n" + keyed.key);
}

engine::KeyDigest request_digest(AppId app, std::string_view request_id, bool by_browser) {
  return engine::key_digest(
      by_browser ? engine::KeyScope::invoice_browser_request : engine::KeyScope::invoice_request, app,
      request_id);
}

Keyed keyed_of(const engine::Record& record) {
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

Status admit(State& state, AppId app) {
  const AppSet* set = state.apps().find(app);
  if (set == nullptr || set->suspended) return Errc::service_not_allowed;
  return {};
}

template <typename T>
void Write<T>::want(Unit& unit) {
  if (!keyed_.key.empty()) unit.keys().want(idempotency_digest(keyed_));
}

template <typename T>
Decision Write<T>::decide(Unit& unit) {
  replayed_ = false;
  refused_ = Refused{Errc::internal};
  if (keyed_.app != 0) {
    if (const Status admitted = admit(state_, keyed_.app); !admitted) return Refuse{admitted.error()};
  }
  if (!keyed_.key.empty()) {
    if (const auto earlier = unit.keys().find(unit.session(), idempotency_digest(keyed_))) {
      if (keyed_of(unit.record(*earlier)).body != keyed_.body) return Refuse{Errc::idempotency_conflict};
      return repeat(*earlier);
    }
  }
  return decide_new(unit);
}

template <typename T>
void Write<T>::render(const engine::Record& record) {
  answer_ = render_(*read(record));
}

template <typename T>
void Write<T>::succeeded() noexcept {
  answered_(Done{std::move(answer_), replayed_});
}

template <typename T>
void Write<T>::failed(const Error& error) noexcept {
  refused_.error = error;
  answered_(std::move(refused_));
}

template class Write<AppSet>;
template class Write<SellerSet>;
template class Write<ProductSet>;
template class Write<InvoiceCreated>;
template class Write<InvoiceClosed>;
template class Write<InvoiceNotified>;
template class Write<CancelTold>;
template class Write<WebhookTried>;
template class Write<SubscriptionChanged>;
template class Write<SubscriptionEnded>;
template class Write<ChangeRequested>;
template class Write<ChangeJudged>;
template class Write<CardAsked>;
template class Write<ChargedOnDemand>;
template class Write<BillChanged>;

}  // namespace jangbu::invoice
