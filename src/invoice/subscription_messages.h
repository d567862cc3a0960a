// What leaves the house about bills of subscriptions. Pure.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "engine/outbox.h"
#include "invoice/subscription_records.h"

namespace jangbu::invoice {

/// What a seller's webhook is told of a bill: the members of an invoice's event, and which bill of which
/// subscription it is. The order is the contract's, the receipt the bill's own.
struct BillEvent {
  std::shared_ptr<const InvoiceCreated> created;
  InvoiceRow invoice;
  OrderRow order;
  SubscriptionRow subscription;
  BillRow bill;
  BillNumber number = 0;
  std::string method;
  std::uint64_t record = 0;  // that caused the event
  std::string_view webhook_type;
  Money price;  // that the event is about
};
engine::OutboxEvent bill_event(const BillEvent& event);

/// The wire's numbers. Of a subscription: 0 pending, 1 active, -2 pause, -3 hold, 15 ended, 20 terminated; of
/// a bill: 2 ready, 5 being charged, 1 done, -1 failed, 10 cancelled, 20 terminated.
std::int64_t status_number(SubscriptionStatus status);
std::int64_t status_number(BillStatus status);
/// Of a change that was asked for: 0 requested, 1 approved, -1 rejected.
std::int64_t status_number(ChangeStatus status);

/// The id of a bill's receipt: of the charge that paid it.
std::string receipt_id(const BillRow& bill);

}  // namespace jangbu::invoice
