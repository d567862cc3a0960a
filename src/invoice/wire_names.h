// The numbers and names by which the wire knows states, and the members that several answers share. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/json.h"
#include "invoice/records.h"
#include "invoice/rows.h"

namespace jangbu::invoice {

/// Of an invoice: 0 ready, 2 paid (also while or after a part goes back), 10 cancelled or refunded whole, 20
/// expired.
std::int64_t status_number(InvoiceStatus status);
/// "ready", "paid", "refunding", "refunded", "cancelled", "expired".
std::string_view status_name(InvoiceStatus status);
/// Of an order: 2 paid, 10 cancelled.
std::int64_t status_number(const OrderRow& order);
/// Of a request to cancel: 0 requested, 5 the refund is under way, 1 done, -1 failed, 10 rejected, 20
/// withdrawn.
std::int64_t status_number(CancelStatus status);
std::string_view status_name(CancelStatus status);
/// "sms", "kakao", "email", "push".
std::string_view send_type_name(SendType type);
/// "queued", "no_address", "unavailable", "nothing_to_pay".
std::string_view notice_state_name(NoticeState state);

/// receipt_id, order_id, order_number, method and purchased_at; each null where there is none yet.
void put_payment(json::Writer& out, const InvoiceRow& invoice, const std::optional<OrderRow>& order,
                 std::string_view method);
/// The id of what a customer can ask about a payment by: of its charge.
std::string receipt_id(const OrderRow& order);

}  // namespace jangbu::invoice
