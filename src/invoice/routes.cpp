// The invoice door's routes: the way in, tokens, invoices.
#include "invoice/routes.h"

#include "crypto/digest.h"
#include "http/canonical_json.h"
#include "invoice/browser_answer.h"

namespace jangbu::invoice {
namespace {

constexpr std::string_view key_header = "Idempotency-Key";
constexpr std::size_t max_body = 256 * 1024;

/// What a repeated request is known by: its JSON, whatever its form; bytes that are no JSON are themselves.
Hash body_hash(std::string_view body) {
  const auto hash = http::canonical_body_hash(body);
  return hash ? *hash : crypto::sha256(body);
}

}  // namespace

Door::Door(DoorParts parts)
    : parts_(std::move(parts)),
      gate_(parts_.token_key, parts_.clock, parts_.random),
      page_limiter_(parts_.clock),
      stranger_limiter_(parts_.clock),
      link_([this](std::string_view base, std::uint64_t checkout) {
        return std::string(base) + "/checkout/" + parts_.links.token(http::Links::checkout_purpose, checkout);
      }),
      find_request_([this](store::Session& session, AppId app,
                           std::string_view request_id) -> Result<std::optional<std::uint64_t>> {
        // The server's invoice is the one that counts; a page's own may have been there before it.
        ASSIGN_OR_RETURN(const std::optional<std::uint64_t> made,
                         parts_.engine.find_key(session, request_digest(app, request_id, false)));
        if (made) return made;
        return parts_.engine.peek_key(session, request_digest(app, request_id, true));
      }) {}

void Door::add(http::Router& router, http::Method method, std::string pattern, http::Effect effect,
               Handle handle) {
  router.add({method, std::move(pattern), effect,
              [this, handle](http::Responder responder) { enter(std::move(responder), handle); }, max_body});
}

void Door::add_routes(http::Router& router) {
  using http::Effect;
  using http::Method;
  for (const char* prefix : {"/v1/request", "/v1/invoices", "/v1/webhook", "/v1/orders", "/v1/order",
                             "/v1/products", "/v1/order_subscriptions", "/v1/order_subscription_bills",
                             "/v1/order-subscription-requests", "/sandbox/invoices"})
    router.add_dialect({prefix, status_response});
  // One node issues, so that whoever asks twice gets the same token.
  router.add({Method::post, "/v1/request/token", Effect::write,
              [this](http::Responder responder) { request_token(std::move(responder)); }, max_body});
  router.add({Method::get, "/checkout/{token}/invoice", Effect::read,
              [this](http::Responder responder) { show_checkout(std::move(responder)); }});
  router.add({Method::get, "/checkout/{token}/invoice.pdf", Effect::read,
              [this](http::Responder responder) { print_checkout(std::move(responder)); }});
  // A form is a shop's page, which has no secret to come in with.
  router.add({Method::post, "/v1/invoices", Effect::write,
              [this](http::Responder responder) {
                if (is_browser_form(responder.request())) return open_from_browser(std::move(responder));
                enter(std::move(responder), &Door::create_invoice);
              },
              max_body});
  add(router, Method::get, "/v1/invoices", Effect::read, &Door::list_invoices);
  add(router, Method::get, "/v1/invoices/{id}", Effect::read, &Door::get_invoice);
  add(router, Method::get, "/v1/invoices/{id}/pdf", Effect::read, &Door::print_invoice);
  add(router, Method::post, "/v1/invoices/{id}/notify", Effect::write, &Door::notify_invoice);
  add(router, Method::post, "/v1/invoices/{id}/cancel", Effect::write, &Door::cancel_invoice);
  add(router, Method::post, "/v1/webhook/test", Effect::write, &Door::try_webhook);
  add(router, Method::get, "/v1/orders", Effect::read, &Door::list_orders);
  add(router, Method::get, "/v1/orders/month", Effect::read, &Door::list_orders_of_month);
  add(router, Method::get, "/v1/orders/{id}", Effect::read, &Door::get_order);
  add(router, Method::get, "/v1/order/cancel", Effect::read, &Door::list_cancels);
  add(router, Method::post, "/v1/order/cancel", Effect::write, &Door::request_cancel);
  add(router, Method::put, "/v1/order/cancel/{id}/approve", Effect::write, &Door::approve_cancel);
  add(router, Method::put, "/v1/order/cancel/{id}/reject", Effect::write, &Door::reject_cancel);
  add(router, Method::put, "/v1/order/cancel/{id}/withdraw", Effect::write, &Door::withdraw_cancel);
  add(router, Method::post, "/v1/products", Effect::write, &Door::create_product);
  add(router, Method::get, "/v1/products", Effect::read, &Door::list_products);
  add(router, Method::get, "/v1/products/{id}", Effect::read, &Door::get_product);
  add(router, Method::put, "/v1/products/{id}", Effect::write, &Door::update_product);
  add(router, Method::put, "/v1/products/{id}/status", Effect::write, &Door::update_product);
  add(router, Method::del, "/v1/products/{id}", Effect::write, &Door::delete_product);
  add_subscription_routes(router);
  if (parts_.sandbox)
    add(router, Method::post, "/sandbox/invoices/{id}/pay", Effect::write, &Door::pay_in_sandbox);
}

Result<std::shared_ptr<const Apps>> Door::apps_now(store::Session& session) const {
  if (parts_.engine.is_writer()) return parts_.board.current();
  return all_apps(session);
}

void Door::with_apps(WithApps then, std::function<void(const Error&)> failed) {
  if (parts_.engine.is_writer()) return then(parts_.board.current());
  parts_.engine.read(
      [then = std::move(then), failed](store::Session& session) {
        const auto apps = all_apps(session);
        if (!apps) return failed(apps.error());
        then(*apps);
      },
      failed);
}

void Door::enter(http::Responder responder, Handle handle) {
  auto in = std::make_shared<Incoming>(Incoming{std::move(responder), {}, {}, {}});
  with_apps(
      [this, in, handle](const std::shared_ptr<const Apps>& apps) {
        const auto caller = gate_.admit(in->request(), *apps);
        if (!caller) return in->refused(caller.error());
        in->caller = *caller;
        in->apps = apps;
        in->keyed.app = caller->app;
        const http::Request& request = in->request();
        if (request.method() != http::Method::get && request.method() != http::Method::head) {
          auto key = parse_idempotency_key(request.header(key_header));
          if (const auto* issues = std::get_if<Issues>(&key)) return in->respond(issues_response(*issues));
          // As routes are found: a path that is written in another way is the same one.
          in->keyed.route = std::string(http::method_name(request.method())) + " " +
                            http::percent_decode(request.path(), false);
          in->keyed.key = std::move(std::get<std::string>(key));
          in->keyed.body = body_hash(request.body());
        }
        (this->*handle)(in);
      },
      [in](const Error& error) { in->refused(error); });
}

void Door::submit(const Shared& in, std::unique_ptr<engine::Command> command) {
  if (const Status queued = parts_.engine.submit(std::move(command)); !queued) in->refused(queued.error());
}

void Door::read(const Shared& in, Query query) {
  parts_.engine.read(
      [in, query = std::move(query)](store::Session& session) {
        auto answer = query(session);
        if (!answer) return in->refused(answer.error());
        in->respond(answer_response(std::move(*answer)));
      },
      [in](const Error& error) { in->refused(error); });
}

// ---- tokens

void Door::request_token(http::Responder responder) {
  const auto parsed = parse_token_request(responder.request().body());
  if (const auto* issues = std::get_if<Issues>(&parsed)) return responder.respond(issues_response(*issues));
  const auto token =
      gate_.issue(responder.request(), std::get<std::optional<Credentials>>(parsed), *parts_.board.current());
  if (!token) return responder.respond(error_response(Refused{token.error()}));
  http::Response response = answer_response(render_token(*token));
  response.headers.push_back({"Cache-Control", "no-store"});
  responder.respond(std::move(response));
}

// ---- invoices

void Door::create_invoice(const Shared& in) {
  auto parsed = parse_new_invoice(in->request().body(), in->zone());
  if (const auto* issues = std::get_if<Issues>(&parsed)) return in->respond(issues_response(*issues));
  submit<CreateInvoice, InvoiceCreated>(
      in,
      [this](const InvoiceCreated& created) {
        return render_invoice(view_of(created), created.anchor.first_due_at, link_);
      },
      std::move(std::get<NewInvoice>(parsed)), in->request().body().size());
}

void Door::list_invoices(const Shared& in) {
  const auto parsed = parse_invoice_list(in->request().query(), in->zone());
  if (const auto* issues = std::get_if<Issues>(&parsed)) return in->respond(issues_response(*issues));
  read(in,
       [this, list = std::get<InvoiceList>(parsed),
        app = in->caller.app](store::Session& session) -> Result<Answer> {
         ASSIGN_OR_RETURN(const Page<InvoiceView> page, invoices_of_app(session, app, list));
         return render_invoices(page.items, page.count, page.complete, link_);
       });
}

void Door::get_invoice(const Shared& in) {
  const std::string id(in->request().path_parameter("id"));
  read(in, [this, id, app = in->caller.app](store::Session& session) -> Result<Answer> {
    ASSIGN_OR_RETURN(const InvoiceView invoice, invoice_of_app(session, app, id, find_request_));
    return render_invoice(invoice, parts_.engine.business_now(), link_);
  });
}

void Door::notify_invoice(const Shared& in) {
  auto parsed = parse_notify(in->request().body());
  if (const auto* issues = std::get_if<Issues>(&parsed)) return in->respond(issues_response(*issues));
  with_number(
      in,
      [this, app = in->caller.app](store::Session& session, const std::string& id) {
        return invoice_number(session, app, id, find_request_);
      },
      [this, in, types = std::get<std::vector<SendType>>(parsed)](InvoiceNumber number) {
        submit<NotifyInvoice, InvoiceNotified>(in, render_notified, number, types);
      });
}

void Door::cancel_invoice(const Shared& in) {
  auto parsed = parse_cancel(in->request().body());
  if (const auto* issues = std::get_if<Issues>(&parsed)) return in->respond(issues_response(*issues));
  with_number(
      in,
      [this, app = in->caller.app](store::Session& session, const std::string& id) {
        return invoice_number(session, app, id, find_request_);
      },
      [this, in, request = std::get<CancelRequest>(parsed)](InvoiceNumber number) {
        submit<CloseInvoice, InvoiceClosed>(in, render_invoice_closed, number, request);
      });
}

// ---- webhooks

/// Its body says nothing that matters: what is sent is always JSON.
void Door::try_webhook(const Shared& in) {
  const std::string_view body = in->request().body();
  const auto parsed = json::Document::parse(body.empty() ? "{}" : body);
  if (!parsed) return in->refused(parsed.error());
  submit<TryWebhook, WebhookTried>(in, render_webhook_tried);
}

}  // namespace jangbu::invoice
