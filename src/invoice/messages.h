// What leaves the house about invoices: webhooks to sellers, mails and messages to their customers. Pure.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "delivery/template.h"
#include "engine/outbox.h"
#include "invoice/records.h"
#include "invoice/rows.h"
#include "payment/payment.h"

namespace jangbu::invoice {

/// What a seller's webhook is told.
struct InvoiceEvent {
  std::shared_ptr<const InvoiceCreated> created;
  InvoiceRow row;
  std::optional<OrderRow> order;  // when it is paid
  std::string method;             // how it was paid
  std::uint64_t record = 0;       // that caused the event
  std::string_view webhook_type;  // "PAYMENT_COMPLETED"
  Money price;                    // that the event is about
};
engine::OutboxEvent invoice_event(const InvoiceEvent& event);
/// WEBHOOK_TEST, in the form of the others, about nothing.
engine::OutboxEvent trial_event(const WebhookTried& tried, std::uint64_t record);

/// What the door's mails, messages and webhooks say: invoice.notice, invoice.message, invoice.receipt,
/// invoice.event.
void add_templates(delivery::Templates& templates);

/// Where a customer is reached over a channel, as it is sent; empty: not at all.
std::string notice_address(const User& user, SendType type);
Status check_notice_address(SendType type, std::string_view address);
/// The customer is asked to pay; the link to the checkout is put in when it is sent (see checkout_secret()).
/// In the language of the app. INVARIANT: the invoice has a checkout, and the address is one.
engine::OutboxEvent notice_event(const AppSet& app, const InvoiceCreated& created, SendType type);
/// The customer has paid. INVARIANT: as notice_event(), for e-mail.
engine::OutboxEvent receipt_mail(const AppSet& app, const InvoiceCreated& created, OrderNumber number,
                                 const OrderRow& order);

/// The name under which the postman asks for the link of a checkout, and the checkout that a name means; 0
/// for another name.
std::string checkout_secret(std::uint64_t checkout);
std::uint64_t checkout_of_secret(std::string_view name);

/// How an attempt was paid: "card" where it had one, else the acquirer's name.
std::string method_of(const payment::Attempt& attempt);
/// The invoice's checkout as it is opened.
payment::Checkout checkout_of(const InvoiceCreated& created, Instant made_at);
/// 1: paid once; 2: a subscription. What lists are filtered by.
std::uint64_t product_type_of(const InvoiceCreated& created);

}  // namespace jangbu::invoice
