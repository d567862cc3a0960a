#include "hub/admin_wire.h"

#include <algorithm>

#include "base/json.h"
#include "door/answer.h"
#include "door/secrets.h"
#include "hub/portal_wire.h"
#include "hub/wire_json.h"

namespace jangbu::hub {
namespace {

constexpr std::size_t max_code_bytes = 64;
constexpr std::size_t max_label_bytes = 200;
constexpr std::uint64_t max_rate_per_s = 100'000;
constexpr std::uint64_t max_burst = 1'000'000;
constexpr std::uint64_t max_due_days = 365;
constexpr std::uint64_t max_unconsumed_minutes = 30 * 24 * 60;

std::string_view scope_name(Scope scope) { return scope == Scope::sales ? "sales" : "reviewer"; }

bool is_service_code(std::string_view code) {
  return std::all_of(code.begin(), code.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
  });
}

void put_app(json::Writer& out, const AppSet& app, Instant wall_now) {
  out.key("code").string(app.code).key("label").string(app.label).key("scope").string(scope_name(app.scope));
  out.key("status").string(app.suspended ? "SUSPENDED" : "ACTIVE");
  out.key("rate").unsigned_number(app.rate_per_s).key("burst").unsigned_number(app.burst);
  out.key("review_required").boolean(app.review_required).key("due_days").unsigned_number(app.due_days);
  out.key("unconsumed_minutes").unsigned_number(app.unconsumed_minutes).key("secrets").begin_array();
  for (const AppSecret& secret : app.secrets) {
    if (!door::is_valid(secret, wall_now)) continue;
    out.begin_object().key("number").unsigned_number(secret.number);
    door::put_time_or_null(out, "until", secret.until.value_or(Instant{}));
    out.end_object();
  }
  out.end_array();
}

void put_order(json::Writer& out, const AdminOrder& order) {
  const OrderRow& row = order.order.row;
  const OrderCreated& created = order.order.created;
  out.begin_object().key("orderCode").string(created.code).key("app").string(order.app);
  out.key("status").string(order_status_name(row.status));
  out.key("amount").raw(created.order.amount.to_units_text()).key("currency").string(won);
  out.key("refunded").raw(order.order.refunded.to_units_text());
  out.key("productName").string(created.order.product_name);
  door::put_text_or_null(out, "leadRef", created.order.lead_ref);
  door::put_text_or_null(out, "buyerEmail", created.order.buyer.email);
  door::put_time_or_null(out, "paidAt", row.paid_at);
  out.key("expiresAt").string(to_rfc3339(created.expires_at));
  door::put_text_or_null(out, "attention", attention_name(row.attention));
  out.key("record").unsigned_number(row.record).key("consumedBy");
  row.consumed == 0 ? out.null() : out.unsigned_number(row.consumed);
  out.end_object();
}

}  // namespace

void read_settings(http::JsonBody& body, AppSet& app) {
  const std::string status = body.string("status", app.suspended ? "SUSPENDED" : "ACTIVE");
  if (status != "ACTIVE" && status != "SUSPENDED") body.fail("status", "must be ACTIVE or SUSPENDED");
  app.suspended = status == "SUSPENDED";
  app.label = body.text("label", app.label, max_label_bytes);
  app.rate_per_s = body.number("rate", 1, max_rate_per_s, app.rate_per_s);
  app.burst = body.number("burst", 1, max_burst, app.burst);
  app.review_required = body.boolean("review_required", app.review_required);
  app.due_days = body.number("due_days", 0, max_due_days, app.due_days);
  app.unconsumed_minutes =
      body.number("unconsumed_minutes", 1, max_unconsumed_minutes, app.unconsumed_minutes);
}

AppSet read_new_app(http::JsonBody& body) {
  AppSet app;
  app.code = body.string("code", std::nullopt, max_code_bytes);
  if (!is_service_code(app.code)) body.fail("code", "may have letters, digits, '-', '_' and '.'");
  const std::string scope = body.string("scope");
  if (scope != "sales" && scope != "reviewer") body.fail("scope", "must be sales or reviewer");
  app.scope = scope == "reviewer" ? Scope::reviewer : Scope::sales;
  read_settings(body, app);
  return app;
}

Result<AdminOrderList> read_order_list(std::string_view query) {
  AdminOrderList list;
  std::string faults;
  const auto fault = [&](std::string_view name, std::string_view message) {
    if (!faults.empty()) faults += "; ";
    faults += std::string(name) + " " + std::string(message);
  };
  for (const auto& pair : http::parse_query(query)) {
    const std::string& name = pair.first;
    const std::string& value = pair.second;
    if (name == "attention") {
      if (value != "1" && value != "0") fault(name, "must be 1 or 0");
      list.attention = value == "1";
    } else if (name == "status") {
      list.status = order_status_from_name(value);
      if (!list.status) fault(name, "is no status of an order");
    } else if (name == "cursor") {
      const auto cursor = http::whole_number(value, 1, INT64_MAX);
      if (!cursor) fault(name, "must be that of another page");
      list.before = cursor.value_or(0);
    } else if (name == "limit") {
      const auto limit = http::whole_number(value, 1, 100);
      if (!limit) fault(name, "must be a whole number from 1 to 100");
      list.limit = limit.value_or(1);
    } else {
      fault(name, "is no parameter of this list");
    }
  }
  if (!faults.empty()) return Error(Errc::invalid_parameters, faults);
  return list;
}

std::string apps_json(const Apps& apps, Instant wall_now) {
  std::string body;
  json::Writer out(body);
  out.begin_object().key("apps").begin_array();
  for (const auto& [id, app] : apps.by_id) {
    out.begin_object();
    put_app(out, app, wall_now);
    out.end_object();
  }
  out.end_array().end_object();
  return body;
}

std::string app_json(const AppSet& app, Instant wall_now, std::string_view secret,
                     std::string_view webhook_key) {
  std::string body;
  json::Writer out(body);
  out.begin_object();
  put_app(out, app, wall_now);
  if (!secret.empty()) out.key("shared_secret").string(secret);
  if (!webhook_key.empty()) out.key("webhook_key").string(webhook_key);
  out.end_object();
  return body;
}

std::string order_json(const AdminOrder& order) {
  std::string body;
  json::Writer out(body);
  put_order(out, order);
  return body;
}

std::string orders_json(const AdminOrderPage& page) {
  std::string body;
  json::Writer out(body);
  out.begin_object().key("orders").begin_array();
  for (const AdminOrder& order : page.orders) put_order(out, order);
  out.end_array();
  door::put_text_or_null(out, "next", page.next == 0 ? std::string() : std::to_string(page.next));
  out.end_object();
  return body;
}

std::string partner_json(const AdminPartner& partner, Instant now) {
  const PartnerRow& row = partner.row;
  std::string body;
  json::Writer out(body);
  out.begin_object().key("partnerId").string(std::to_string(partner.id)).key("app").string(partner.app);
  out.key("companyName").string(row.company_name).key("country").string(row.country);
  door::put_text_or_null(out, "businessNumber", row.business_number);
  out.key("contact").begin_object().key("email").string(row.email).key("name").string(row.name);
  out.key("phone").string(row.phone).key("placeholder").boolean(row.placeholder).end_object();
  out.key("manager").begin_object().key("email").string(partner.manager.email);
  out.key("hasPassword").boolean(!partner.manager.password_hash.empty()).end_object();
  out.key("invite");
  if (partner.invite) {
    const auto status = invite_status(partner.manager.invite, *partner.invite, partner.manager, now);
    out.begin_object().key("status").string(invite_status_name(status));
    out.key("expiresAt").string(to_rfc3339(partner.invite->expires_at)).end_object();
  } else {
    out.null();
  }
  put_managers(out, partner.managers, [](Instant at) { return to_rfc3339(at); });
  put_access_requests(out, partner.access_requests);
  const ledger::Account& deposit = partner.deposit;
  out.key("deposit").begin_object().key("currency").string(deposit.currency);
  out.key("posted").raw(deposit.posted.to_units_text()).key("held").raw(deposit.held.to_units_text());
  out.key("available").raw(deposit.available().to_units_text()).end_object();
  out.key("campaigns").unsigned_number(partner.campaigns);
  out.key("createdAt").string(to_rfc3339(partner.created_at)).end_object();
  return body;
}

}  // namespace jangbu::hub
