#include "invoice/subscription_messages.h"

#include "delivery/events.h"
#include "invoice/messages.h"

namespace jangbu::invoice {

std::int64_t status_number(SubscriptionStatus status) {
  switch (status) {
    case SubscriptionStatus::active:
      return 1;
    case SubscriptionStatus::paused:
      return -2;
    case SubscriptionStatus::held:
      return -3;
    case SubscriptionStatus::ended:
      return 15;
    case SubscriptionStatus::terminated:
      return 20;
  }
  return 0;
}

std::int64_t status_number(BillStatus status) {
  switch (status) {
    case BillStatus::ready:
      return 2;
    case BillStatus::charging:
      return 5;
    case BillStatus::done:
      return 1;
    case BillStatus::failed:
      return -1;
    case BillStatus::cancelled:
      return 10;
    case BillStatus::terminated:
      return 20;
  }
  return 0;
}

std::int64_t status_number(ChangeStatus status) {
  switch (status) {
    case ChangeStatus::requested:
      return 0;
    case ChangeStatus::approved:
      return 1;
    case ChangeStatus::rejected:
      return -1;
  }
  return 0;
}

std::string receipt_id(const BillRow& bill) { return object_id(IdKind::receipt, bill.paid_at, bill.attempt); }

engine::OutboxEvent bill_event(const BillEvent& event) {
  const InvoiceCreated& created = *event.created;
  const std::string invoice_id = object_id(IdKind::invoice, event.invoice.created_at, created.number);
  const std::string bill_id = object_id(IdKind::bill, event.bill.made_at, event.number);
  delivery::Webhook webhook;
  webhook.url = created.form.webhook_url;
  webhook.secret = webhook_secret(created.keyed.app);
  webhook.done = delivery::Done::success_true;
  webhook.signing = delivery::Signing::standard_and_bootpay;
  webhook.body.name = "invoice.event";
  delivery::Fields& fields = webhook.body.fields;
  fields["webhook_type"] = event.webhook_type;
  fields["event_id"] = "evt-" + std::to_string(event.record) + "-b" + std::to_string(event.number);
  fields["invoice_id"] = invoice_id;
  fields["request_id"] = created.form.request_id.empty() ? invoice_id : created.form.request_id;
  if (event.bill.attempt != 0) fields["receipt_id"] = receipt_id(event.bill);
  fields["order_id"] = object_id(IdKind::order, event.order.purchased_at, event.invoice.order);
  fields["order_number"] = order_code(event.invoice.order, event.order.purchased_at);
  if (event.bill.paid_at != Instant{}) fields["purchased_at"] = to_rfc3339(event.bill.paid_at);
  fields["method"] = event.method;
  fields["price"] = event.price.to_units_text();
  fields["currency"] = won;
  fields["status"] = std::to_string(status_number(event.bill.status));
  fields["metadata"] = created.form.metadata.empty() ? "{}" : created.form.metadata;
  fields["order_subscription_id"] =
      object_id(IdKind::subscription, event.subscription.started_at, event.bill.subscription);
  fields["order_subscription_bill_id"] = bill_id;
  if (event.bill.month != 0) fields["month"] = std::to_string(event.bill.month);
  webhook.labels.order_code = invoice_id;
  return delivery::webhook_event("invoice:" + std::to_string(created.keyed.app), bill_id, event.webhook_type,
                                 webhook);
}

}  // namespace jangbu::invoice
