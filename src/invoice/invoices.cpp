// Decisions about invoices.
#include <algorithm>

#include "delivery/address.h"
#include "invoice/decide.h"
#include "invoice/messages.h"

namespace jangbu::invoice {

using engine::Decision;
using engine::Refuse;
using engine::Unit;

namespace {

/// How long an invoice may be paid when it does not say.
constexpr Duration usual_life = Duration::days(30);
constexpr Duration longest_life = Duration::days(3 * 366);

/// The moment until which an invoice may be paid; what is wrong goes to the issues.
Instant expiry_of(const NewInvoice& form, Instant now, Issues& issues) {
  Instant expires_at = now + form.expires_in.value_or(usual_life);
  std::string path = form.expires_in ? "expire_in" : "expired_at";
  if (form.expires_at) {
    expires_at = *form.expires_at;
    path = "expired_at";
  }
  if (expires_at <= now) issues.push_back({path, "too_small", "this has passed"});
  if (expires_at - now > longest_life)
    issues.push_back({path, "too_big", "this is more than three years away"});
  return expires_at;
}

/// An invoice as it will be recorded, or what is wrong with it. INVARIANT: the app is there.
InvoiceCreated make_invoice(State& state, Unit& unit, Keyed keyed, NewInvoice form, bool by_browser,
                            Issues& issues) {
  const AppSet& app = *state.apps().find(keyed.app);
  InvoiceCreated created;
  created.keyed = std::move(keyed);
  created.by_browser = by_browser;
  if (form.webhook_url.empty()) form.webhook_url = app.webhook_url;
  if (!form.webhook_url.empty()) {
    if (const Status reachable = delivery::check_url(form.webhook_url, state.surroundings().reach);
        !reachable)
      issues.push_back({"webhook_url", "invalid_url", reachable.error().detail});
  }
  created.expires_at = expiry_of(form, unit.now(), issues);
  created.anchor = {unit.now(), app.time_zone};
  PricedForm priced = price_form(state, unit, app.id, form);
  issues.insert(issues.end(), priced.issues.begin(), priced.issues.end());
  if (!issues.empty()) return created;
  const auto first = bill_of_month(priced_products(priced.items), created.anchor, 1);
  if (!first) {
    issues.push_back({"products", "invalid", first.error().detail});
    return created;
  }
  created.number = unit.counters().last(engine::Counter::invoice) + 1;
  created.price = priced.price;
  created.amount = first->amount;
  if (created.amount.is_zero() && !is_subscription(priced_products(priced.items))) {
    created.order = unit.counters().last(engine::Counter::invoice_order) + 1;
  } else {
    created.checkout = payment::State::next_checkout(unit);
  }
  created.items = std::move(priced.items);
  created.link_base = state.link_base();
  created.receipt = created.checkout != 0 && state.surroundings().mail &&
                    check_notice_address(SendType::email, form.user.email).ok();
  form.products.clear();  // they stand in the items
  created.form = std::move(form);
  if (created.form.notify)
    created.notices = notices_of(state.surroundings(), created, created.form.send_types);
  return created;
}

/// The record that a request_id leads to, of the kind of maker that is asked for.
std::optional<std::uint64_t> find_request(Unit& unit, AppId app, const std::string& request_id,
                                          bool by_browser) {
  if (request_id.empty()) return std::nullopt;
  return unit.keys().find(unit.session(), request_digest(app, request_id, by_browser));
}

bool is_paid(InvoiceStatus status) {
  return status == InvoiceStatus::paid || status == InvoiceStatus::refunding ||
         status == InvoiceStatus::refunded;
}

}  // namespace

std::vector<Notice> notices_of(const Surroundings& surroundings, const InvoiceCreated& created,
                               const std::vector<SendType>& types) {
  std::vector<Notice> notices;
  for (const SendType type : types) {
    Notice notice{type, NoticeState::queued};
    const bool is_there = type == SendType::email ? surroundings.mail : surroundings.messages;
    if (created.checkout == 0) {
      notice.state = NoticeState::nothing_to_pay;
    } else if (!is_there) {
      notice.state = NoticeState::unavailable;
    } else if (!check_notice_address(type, notice_address(created.form.user, type))) {
      notice.state = NoticeState::no_address;
    }
    notices.push_back(notice);
  }
  return notices;
}

// ---- made by a server

void CreateInvoice::want(Unit& unit) {
  Write::want(unit);
  if (form_.request_id.empty()) return;
  unit.keys().want(request_digest(keyed_.app, form_.request_id, false));
  unit.keys().want(request_digest(keyed_.app, form_.request_id, true));
}

Decision CreateInvoice::decide_new(Unit& unit) {
  if (const auto earlier = find_request(unit, keyed_.app, form_.request_id, false)) {
    const auto created = said<InvoiceCreated>(unit.record(*earlier));
    INVARIANT(created->form.request_id == form_.request_id, "a digest stands for one request_id");
    if (created->keyed.body != keyed_.body) return refuse(Errc::request_id_conflict);
    return repeat(*earlier);
  }
  InvoiceNumber replaces = 0;
  if (const auto by_page = find_request(unit, keyed_.app, form_.request_id, true)) {
    const InvoiceNumber number = said<InvoiceCreated>(unit.record(*by_page))->number;
    const InvoiceStatus status = state_.invoice(unit, number)->status;
    if (is_paid(status))
      return refuse(Error(Errc::request_id_conflict, "a page's own invoice of this request_id was paid"));
    if (status == InvoiceStatus::ready) replaces = number;
  }
  Issues issues;
  InvoiceCreated created = make_invoice(state_, unit, keyed_, form_, false, issues);
  if (!issues.empty()) return refuse(Refused{Errc::invalid_parameters, std::move(issues)});
  created.replaces = replaces;
  return accept(invoice_created_kind, std::move(created));
}

// ---- opened by a page

Status may_open(const AppSet* app, const std::string& origin, bool sandbox) {
  if (app == nullptr || app->suspended) return Errc::service_not_allowed;
  const bool is_registered =
      std::find(app->origins.begin(), app->origins.end(), origin) != app->origins.end();
  if (app->origins.empty() && !sandbox)
    return Error(Errc::origin_not_allowed, "the seller has not registered any origin of its pages");
  if (!app->origins.empty() && !is_registered)
    return Error(Errc::origin_not_allowed, "the page is of " + origin);
  return {};
}

Decision OpenFromBrowser::decide(Unit& unit) {
  opened_ = {};
  issues_.clear();
  const AppSet* app = state_.apps().find(call_.client_key);
  if (const Status may = may_open(app, call_.origin, state_.surroundings().sandbox); !may)
    return Refuse{may.error()};
  if (const auto made = find_request(unit, app->id, call_.request_id, false)) {
    if (call_.says_price || call_.says_discount) return Refuse{Errc::price_from_browser};
    return engine::Repeat{*made};
  }
  if (call_.says_discount)
    return Refuse{Error(Errc::price_from_browser, "discounts and adjustments are never taken from a page")};
  if (const auto own = find_request(unit, app->id, call_.request_id, true)) {
    // The page opens again what it opened before; another price is another invoice.
    if (call_.says_price && said<InvoiceCreated>(unit.record(*own))->keyed.body != body_)
      return Refuse{Errc::request_id_conflict};
    return engine::Repeat{*own};
  }
  const bool asks_for_something = call_.form.price || !call_.form.products.empty();
  if (!asks_for_something) return Refuse{Errc::invoice_not_found};
  issues_ = faults_;
  if (!issues_.empty()) return Refuse{Errc::invalid_parameters};
  NewInvoice form = call_.form;
  form.request_id = call_.request_id;
  form.webhook_url.clear();  // the app's: a page does not say who hears of payments
  // Where the customer goes is checked by the checkout's page, which knows the app's origins.
  form.redirect_url.clear();
  form.use_redirect = false;
  form.notify = false;
  InvoiceCreated created =
      make_invoice(state_, unit, Keyed{app->id, "browser", "", body_}, std::move(form), true, issues_);
  // It would be paid at once, and the seller told so, by whoever knows the public client key.
  if (issues_.empty() && created.checkout == 0)
    issues_.push_back({"price", "too_small", "a page sells nothing that is free"});
  if (!issues_.empty()) return Refuse{Errc::invalid_parameters};
  return accept(invoice_created_kind, std::move(created));
}

void OpenFromBrowser::render(const engine::Record& record) {
  const auto created = said<InvoiceCreated>(record);
  opened_ = {created->number, created->checkout, created};
}

void OpenFromBrowser::failed(const Error& error) noexcept { done_(Refused{error, std::move(issues_)}); }

// ---- closed

InvoiceClosed InvoiceClosed::of(const engine::Record& record) {
  InvoiceClosed closed;
  if (record.kind == invoice_cancelled_kind) {
    const auto cancelled = said<InvoiceCancelled>(record);
    closed.invoice = cancelled->invoice;
    closed.made_at = cancelled->made_at;
  } else {
    const auto refund = said<RefundStarted>(record);
    closed.invoice = refund->invoice;
    closed.made_at = refund->invoice_made_at;
    closed.status = InvoiceStatus::refunding;
    closed.refund = refund->cancel;
  }
  return closed;
}

Decision CloseInvoice::decide_new(Unit& unit) {
  const InvoiceRow* found = state_.invoice(unit, invoice_);
  if (found == nullptr || found->app != keyed_.app) return refuse(Errc::invoice_not_found);
  const InvoiceRow row = *found;
  switch (row.status) {
    case InvoiceStatus::ready: {
      if (const Status may = state_.payments().may_cancel(unit, row.checkout); !may)
        return Refuse{may.error()};
      if (request_.amount)
        return refuse(
            Refused{Errc::invalid_parameters,
                    {{"price", "not_paid", "nothing was paid: there is no part of it to give back"}}});
      return accept(invoice_cancelled_kind,
                    InvoiceCancelled{keyed_, invoice_, row.created_at, request_.reason});
    }
    case InvoiceStatus::cancelled:
      return refuse(Errc::invoice_cancelled);
    case InvoiceStatus::expired:
      return refuse(Errc::invoice_expired);
    default:
      return start_refund(state_, unit, keyed_, row.order, request_);
  }
}

// ---- told again

Decision NotifyInvoice::decide_new(Unit& unit) {
  const InvoiceRow* row = state_.invoice(unit, invoice_);
  if (row == nullptr || row->app != keyed_.app) return refuse(Errc::invoice_not_found);
  const Instant made_at = row->created_at;
  const bool is_closed = row->status != InvoiceStatus::ready;
  const auto created = said<InvoiceCreated>(unit.record(row->record));
  const auto& types = types_.empty() ? created->form.send_types : types_;
  std::vector<Notice> notices = notices_of(state_.surroundings(), *created, types);
  if (is_closed)
    for (Notice& notice : notices) notice.state = NoticeState::nothing_to_pay;
  const auto is_asked = [](const Notice& notice) { return notice.state == NoticeState::queued; };
  for (const Notice& notice : notices)
    if (is_asked(notice) && !state_.may_ask_to_pay(unit, invoice_, notice.type))
      return refuse(
          Error(Errc::too_many_attempts, "the customer was asked to pay this invoice five times today"));
  return accept(invoice_notified_kind, InvoiceNotified{keyed_, invoice_, made_at, std::move(notices)});
}

Decision TryWebhook::decide_new(Unit&) {
  const AppSet* app = state_.apps().find(keyed_.app);
  INVARIANT(app != nullptr, "an app that was admitted is there");
  if (app->webhook_url.empty())
    return refuse(Refused{Errc::invalid_parameters,
                          {{"webhook_url", "required", "the app has no webhook: set its webhook_url"}}});
  return accept(webhook_tried_kind, WebhookTried{keyed_, app->webhook_url});
}

}  // namespace jangbu::invoice
