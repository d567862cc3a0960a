#include "invoice/messages.h"

#include <algorithm>
#include <charconv>

#include "base/json.h"
#include "delivery/events.h"
#include "delivery/mail_form.h"
#include "invoice/amount_text.h"
#include "invoice/wire_names.h"

namespace jangbu::invoice {
namespace {

using delivery::MailWords;
using delivery::Rendered;

constexpr std::string_view checkout_prefix = "invoice/checkout/";
constexpr std::string_view korean_country_code = "+82";
constexpr std::string_view expired_type = "PAYMENT_EXPIRED";
constexpr std::string_view event_members[] = {"webhook_type", "event_id",   "invoice_id",
                                              "request_id",   "receipt_id", "order_id",
                                              "order_number", "method",     "purchased_at"};

std::string text_of(const delivery::Fields& fields, std::string_view name) {
  return std::string(delivery::field(fields, name));
}

bool is_korean(const delivery::Fields& fields) { return delivery::field(fields, "language") == "ko"; }

std::string greeting_of(const delivery::Fields& fields) {
  const std::string name = text_of(fields, "name");
  if (is_korean(fields)) return name.empty() ? "안녕하세요." : name + "님, 안녕하세요.";
  return name.empty() ? "Hello," : "Hello " + name + ",";
}

std::string price_of(const delivery::Fields& fields) {
  const std::string price = text_of(fields, "price");
  return is_korean(fields) ? price + "원" : "KRW " + price;
}

/// The customer is asked to pay. Fields: language, name (may be empty), seller, invoice, price, until.
Rendered notice(const delivery::Fields& fields) {
  MailWords words;
  words.korean = is_korean(fields);
  words.link = delivery::secret_placeholder;
  words.greeting = greeting_of(fields);
  const std::string seller = text_of(fields, "seller");
  const std::string invoice = text_of(fields, "invoice");
  if (words.korean) {
    words.subject = "[" + seller + "] 청구서: " + invoice;
    words.body = seller + "에서 보낸 청구서입니다. " + invoice + ", 결제 금액 " + price_of(fields) + ".";
    words.action = "결제하기";
    words.note = "결제 기한: " + text_of(fields, "until");
  } else {
    words.subject = "[" + seller + "] Invoice: " + invoice;
    words.body = "This is an invoice from " + seller + ": " + invoice + ", " + price_of(fields) + ".";
    words.action = "Pay";
    words.note = "To be paid until " + text_of(fields, "until") + ".";
  }
  return render_mail(words);
}

/// The same in one line, for a message. Fields as notice().
Rendered short_notice(const delivery::Fields& fields) {
  Rendered out;
  const std::string seller = delivery::one_line(text_of(fields, "seller"));
  const std::string invoice = delivery::one_line(text_of(fields, "invoice"));
  out.subject = "[" + seller + "] " + (is_korean(fields) ? "청구서" : "Invoice");
  out.text = out.subject + " " + invoice + ", " + price_of(fields) + ": ";
  out.text += delivery::secret_placeholder;
  return out;
}

/// The customer has paid. Fields: language, name (may be empty), seller, invoice, price, order, when, link.
Rendered receipt(const delivery::Fields& fields) {
  MailWords words;
  words.korean = is_korean(fields);
  words.link = delivery::secret_placeholder;
  words.greeting = greeting_of(fields);
  const std::string seller = text_of(fields, "seller");
  const std::string invoice = text_of(fields, "invoice");
  const std::string order = text_of(fields, "order");
  if (words.korean) {
    words.subject = "[" + seller + "] 결제가 완료되었습니다: " + invoice;
    words.body = invoice + ", " + price_of(fields) + " 결제가 완료되었습니다. 주문 번호 " + order + ".";
    words.action = "결제 내역 보기";
    words.note = "결제 일시: " + text_of(fields, "when");
  } else {
    words.subject = "[" + seller + "] Your payment: " + invoice;
    words.body =
        "Your payment of " + price_of(fields) + " for " + invoice + " is complete. Order " + order + ".";
    words.action = "See the payment";
    words.note = "Paid at " + text_of(fields, "when") + ".";
  }
  return render_mail(words);
}

/// The body of a seller's webhook. Fields: those of event_members (empty: null), price, currency, status,
/// metadata (JSON); of a bill also order_subscription_id, order_subscription_bill_id and month.
Rendered event_body(const delivery::Fields& fields) {
  Rendered out;
  json::Writer json(out.text);
  const auto of = [&fields](std::string_view name) { return delivery::field(fields, name); };
  json.begin_object();
  for (const std::string_view member : event_members) {
    json.key(member);
    of(member).empty() ? json.null() : json.string(of(member));
  }
  json.key("price").raw(of("price")).key("currency").string(of("currency"));
  json.key("status").raw(of("status")).key("metadata").raw(of("metadata"));
  for (const char* member : {"order_subscription_id", "order_subscription_bill_id"})
    if (!of(member).empty()) json.key(member).string(of(member));
  if (!of("month").empty()) json.key("month").raw(of("month"));
  json.end_object();
  return out;
}

std::string document_of(InvoiceNumber number) { return "invoice:" + std::to_string(number); }

/// A time for people: Korean time for Korean readers.
std::string minute_of(Instant instant, std::string_view language) {
  const std::string text = to_rfc3339(language == "ko" ? instant + korean_offset : instant);
  return text.substr(0, 10) + " " + text.substr(11, 5) + (language == "ko" ? "" : " UTC");
}

delivery::Fields notice_fields(const AppSet& app, const InvoiceCreated& created) {
  delivery::Fields fields;
  fields["language"] = app.language;
  fields["name"] = created.form.user.name;
  fields["seller"] = app.name;
  fields["invoice"] = created.form.name;
  fields["price"] = grouped(created.amount);
  fields["until"] = minute_of(created.expires_at, app.language);
  return fields;
}

delivery::Channel channel_of(SendType type) {
  switch (type) {
    case SendType::sms:
      return delivery::Channel::sms;
    case SendType::kakao:
      return delivery::Channel::kakao;
    case SendType::push:
      return delivery::Channel::push;
    case SendType::email:
      return delivery::Channel::mail;
  }
  INVARIANT(false, "a notice goes over one of the known channels");
}

/// A Korean phone number as people write it in the form in which it is dialled from everywhere.
std::string international_phone(std::string_view phone) {
  std::string digits;
  std::copy_if(phone.begin(), phone.end(), std::back_inserter(digits),
               [](char c) { return c == '+' || (c >= '0' && c <= '9'); });
  return digits.starts_with('0') ? std::string(korean_country_code) + digits.substr(1) : digits;
}

}  // namespace

void add_templates(delivery::Templates& templates) {
  templates.add("invoice.notice", 1, &notice);
  templates.add("invoice.message", 1, &short_notice);
  templates.add("invoice.receipt", 1, &receipt);
  templates.add("invoice.event", 1, &event_body);
}

std::string notice_address(const User& user, SendType type) {
  switch (type) {
    case SendType::email:
      return user.email;
    case SendType::push:
      return user.push_token;
    default:
      return international_phone(user.phone);
  }
}

Status check_notice_address(SendType type, std::string_view address) {
  if (type == SendType::email) return delivery::check_mail_address(address);
  return delivery::check_message_address(channel_of(type), address);
}

std::string method_of(const payment::Attempt& attempt) {
  return attempt.card_brand.empty() ? attempt.acquirer : "card";
}

std::uint64_t product_type_of(const InvoiceCreated& created) {
  return is_subscription(priced_products(created.items)) ? 2 : 1;
}

payment::Checkout checkout_of(const InvoiceCreated& created, Instant made_at) {
  payment::Checkout checkout;
  checkout.number = created.checkout;
  checkout.door = payment::Door::invoice;
  checkout.document = created.number;
  checkout.reference = object_id(IdKind::invoice, made_at, created.number);
  checkout.amount = created.amount;
  if (is_subscription(priced_products(created.items)))
    checkout.purpose = created.amount.is_zero() ? payment::Purpose::keep : payment::Purpose::pay_and_keep;
  checkout.currency = won;
  checkout.name = created.form.name;
  // Lines with discounts are the page's of the invoice; here stand those that sum to the amount alone.
  const auto products = priced_products(created.items);
  if (base_price(products) == created.amount && !has_adjustments(products)) {
    for (const PricedProduct& product : products)
      checkout.items.push_back({product.name, product.quantity, base_price({product})});
  }
  checkout.buyer = {created.form.user.name, created.form.user.email, created.form.user.phone};
  checkout.return_url = created.form.redirect_url;
  checkout.expires_at = created.expires_at;
  return checkout;
}

std::string checkout_secret(std::uint64_t checkout) {
  return std::string(checkout_prefix) + std::to_string(checkout);
}

std::uint64_t checkout_of_secret(std::string_view name) {
  if (!name.starts_with(checkout_prefix)) return 0;
  name.remove_prefix(checkout_prefix.size());
  std::uint64_t checkout = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), checkout);
  return error == std::errc() && end == name.data() + name.size() ? checkout : 0;
}

namespace {

/// A webhook of the door, without what it says: done when its receiver says so, signed in both ways.
delivery::Webhook webhook_of(AppId app, const std::string& url) {
  delivery::Webhook webhook;
  webhook.url = url;
  webhook.secret = webhook_secret(app);
  webhook.done = delivery::Done::success_true;
  webhook.signing = delivery::Signing::standard_and_bootpay;
  webhook.body.name = "invoice.event";
  return webhook;
}

}  // namespace

engine::OutboxEvent trial_event(const WebhookTried& tried, std::uint64_t record) {
  constexpr std::string_view type = "WEBHOOK_TEST";
  delivery::Webhook webhook = webhook_of(tried.keyed.app, tried.url);
  delivery::Fields& fields = webhook.body.fields;
  fields["webhook_type"] = type;
  fields["event_id"] = "evt-" + std::to_string(record) + "-0";
  fields["price"] = "0";
  fields["currency"] = won;
  fields["status"] = "0";
  fields["metadata"] = "{}";
  return delivery::webhook_event("invoice:" + std::to_string(tried.keyed.app), "webhook-test", type, webhook);
}

engine::OutboxEvent invoice_event(const InvoiceEvent& event) {
  const InvoiceCreated& created = *event.created;
  const std::string invoice_id = object_id(IdKind::invoice, event.row.created_at, created.number);
  delivery::Webhook webhook = webhook_of(created.keyed.app, created.form.webhook_url);
  delivery::Fields& fields = webhook.body.fields;
  fields["webhook_type"] = event.webhook_type;
  fields["event_id"] = "evt-" + std::to_string(event.record) + "-" + std::to_string(created.number);
  // One record tells of a decline and of the end of the time to pay: receivers must not take one for the
  // other.
  if (event.webhook_type == expired_type) fields["event_id"] += "-expired";
  fields["invoice_id"] = invoice_id;
  fields["request_id"] = created.form.request_id.empty() ? invoice_id : created.form.request_id;
  if (event.order) {
    if (event.order->attempt != 0) fields["receipt_id"] = receipt_id(*event.order);
    fields["order_id"] = object_id(IdKind::order, event.order->purchased_at, event.row.order);
    fields["order_number"] = order_code(event.row.order, event.order->purchased_at);
    fields["purchased_at"] = to_rfc3339(event.order->purchased_at);
  }
  fields["method"] = event.method;
  fields["price"] = event.price.to_units_text();
  fields["currency"] = won;
  fields["status"] = std::to_string(status_number(event.row.status));
  fields["metadata"] = created.form.metadata.empty() ? "{}" : created.form.metadata;
  webhook.labels.order_code = invoice_id;
  return delivery::webhook_event("invoice:" + std::to_string(created.keyed.app), invoice_id,
                                 event.webhook_type, webhook);
}

engine::OutboxEvent notice_event(const AppSet& app, const InvoiceCreated& created, SendType type) {
  const std::string to = notice_address(created.form.user, type);
  if (type == SendType::email) {
    delivery::Mail mail;
    mail.to = to;
    mail.name = delivery::one_line(created.form.user.name);
    mail.content = {"invoice.notice", 1, notice_fields(app, created)};
    mail.secret = checkout_secret(created.checkout);
    return delivery::mail_event(document_of(created.number), "invoice.notice", mail);
  }
  delivery::Message message;
  message.kind = channel_of(type);
  message.to = to;
  message.content = {"invoice.message", 1, notice_fields(app, created)};
  message.secret = checkout_secret(created.checkout);
  return delivery::message_event(document_of(created.number), "invoice.notice", message);
}

engine::OutboxEvent receipt_mail(const AppSet& app, const InvoiceCreated& created, OrderNumber number,
                                 const OrderRow& order) {
  delivery::Mail mail;
  mail.to = created.form.user.email;
  mail.name = delivery::one_line(created.form.user.name);
  mail.content = {"invoice.receipt", 1, notice_fields(app, created)};
  delivery::Fields& fields = mail.content.fields;
  fields.erase("until");
  fields["price"] = grouped(order.amount);
  fields["order"] = order_code(number, order.purchased_at);
  fields["when"] = minute_of(order.purchased_at, app.language);
  mail.secret = checkout_secret(created.checkout);
  return delivery::mail_event(document_of(created.number), "invoice.receipt", mail);
}

}  // namespace jangbu::invoice
