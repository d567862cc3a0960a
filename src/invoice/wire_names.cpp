#include "invoice/wire_names.h"

#include "base/invariant.h"

namespace jangbu::invoice {

std::int64_t status_number(InvoiceStatus status) {
  switch (status) {
    case InvoiceStatus::ready:
      return 0;
    case InvoiceStatus::paid:
    case InvoiceStatus::refunding:
      return 2;
    case InvoiceStatus::cancelled:
    case InvoiceStatus::refunded:
      return 10;
    case InvoiceStatus::expired:
      return 20;
  }
  INVARIANT(false, "an invoice has one of the known statuses");
}

std::string_view status_name(InvoiceStatus status) {
  switch (status) {
    case InvoiceStatus::ready:
      return "ready";
    case InvoiceStatus::paid:
      return "paid";
    case InvoiceStatus::cancelled:
      return "cancelled";
    case InvoiceStatus::expired:
      return "expired";
    case InvoiceStatus::refunding:
      return "refunding";
    case InvoiceStatus::refunded:
      return "refunded";
  }
  INVARIANT(false, "an invoice has one of the known statuses");
}

std::int64_t status_number(const OrderRow& order) { return order.is_refunded() ? 10 : 2; }

std::int64_t status_number(CancelStatus status) {
  switch (status) {
    case CancelStatus::requested:
      return 0;
    case CancelStatus::refunding:
      return 5;
    case CancelStatus::done:
      return 1;
    case CancelStatus::failed:
      return -1;
    case CancelStatus::rejected:
      return 10;
    case CancelStatus::withdrawn:
      return 20;
  }
  INVARIANT(false, "a request to cancel has one of the known statuses");
}

std::string_view status_name(CancelStatus status) {
  switch (status) {
    case CancelStatus::requested:
      return "requested";
    case CancelStatus::refunding:
      return "refunding";
    case CancelStatus::done:
      return "done";
    case CancelStatus::failed:
      return "failed";
    case CancelStatus::rejected:
      return "rejected";
    case CancelStatus::withdrawn:
      return "withdrawn";
  }
  INVARIANT(false, "a request to cancel has one of the known statuses");
}

std::string_view send_type_name(SendType type) {
  switch (type) {
    case SendType::sms:
      return "sms";
    case SendType::kakao:
      return "kakao";
    case SendType::email:
      return "email";
    case SendType::push:
      return "push";
  }
  INVARIANT(false, "a notice goes over one of the known channels");
}

std::string_view notice_state_name(NoticeState state) {
  switch (state) {
    case NoticeState::queued:
      return "queued";
    case NoticeState::no_address:
      return "no_address";
    case NoticeState::unavailable:
      return "unavailable";
    case NoticeState::nothing_to_pay:
      return "nothing_to_pay";
  }
  INVARIANT(false, "a notice has one of the known states");
}

std::string receipt_id(const OrderRow& order) {
  return object_id(IdKind::receipt, order.purchased_at, order.attempt);
}

void put_payment(json::Writer& out, const InvoiceRow& invoice, const std::optional<OrderRow>& order,
                 std::string_view method) {
  out.key("receipt_id");
  order && order->attempt != 0 ? out.string(receipt_id(*order)) : out.null();
  out.key("order_id");
  order ? out.string(object_id(IdKind::order, order->purchased_at, invoice.order)) : out.null();
  out.key("order_number");
  order ? out.string(order_code(invoice.order, order->purchased_at)) : out.null();
  out.key("method");
  method.empty() ? out.null() : out.string(method);
  out.key("purchased_at");
  order ? out.string(to_rfc3339(order->purchased_at)) : out.null();
}

}  // namespace jangbu::invoice
