// What the checkout page is told of an invoice, and the sandbox's way to pay without a page.
#include "base/json.h"
#include "http/api.h"
#include "invoice/pdf_form.h"
#include "invoice/routes.h"
#include "payment/queries.h"

namespace jangbu::invoice {
namespace {

/// A test card without a form gets these.
constexpr std::string_view test_expiry = "12/99";
constexpr std::string_view test_cvc = "123";
constexpr std::string_view usual_test_card = "4242424242424242";

/// Why a checkout takes no payment any more, in the words of its invoice.
Error in_words(const Error& error, InvoiceStatus status) {
  if (error.code != Errc::checkout_closed) return error;
  return status == InvoiceStatus::cancelled ? Errc::invoice_cancelled : Errc::invoice_expired;
}

/// A payment that did not go through without a card network's word: it was under way when the invoice ended.
Error not_paid_because(const payment::PayAnswer& answer, InvoiceStatus status) {
  if (status == InvoiceStatus::cancelled || status == InvoiceStatus::expired) {
    const char* ended = status == InvoiceStatus::cancelled ? "cancelled" : "out of time";
    return Error(status == InvoiceStatus::cancelled ? Errc::invoice_cancelled : Errc::invoice_expired,
                 std::string("a payment was under way when the invoice was ") + ended +
                     ": what was charged goes back");
  }
  return Error(Errc::card_refused, answer.code + ": " + answer.message);
}

/// ?lang=ko or en; else that of the seller's mails.
Language language_of(const http::Request& request, const AppSet& app) {
  std::string language = app.language;
  for (const auto& [name, value] : http::parse_query(request.query()))
    if (name == "lang") language = value;
  return language == "en" ? Language::english : Language::korean;
}

}  // namespace

void Door::with_checkout(std::string_view token, FoundInvoice found, NotFound failed) {
  const auto link = payment::open_checkout(parts_.links, token);
  const Error none(Errc::not_found, "there is no invoice behind this link");
  if (!link) return failed(none);
  parts_.engine.read(
      [this, link = *link, none, found = std::move(found), failed](store::Session& session) {
        const auto checkout = payment::find_checkout(session, link.number);
        if (!checkout) return failed(checkout.error());
        if (checkout->door != payment::Door::invoice) return failed(none);
        const auto invoice = invoice_by_number(session, checkout->document);
        if (!invoice) return failed(invoice.error());
        const auto apps = apps_now(session);
        if (!apps) return failed(apps.error());
        const AppSet* app = (*apps)->find(invoice->row.app);
        INVARIANT(app != nullptr, "an invoice is of an app");
        auto seller = seller_of_app(session, app->id);
        if (!seller) return failed(seller.error());
        InvoiceView view = *invoice;
        view.seller = std::move(*seller);
        found(view, *app, link.holder);
      },
      failed);
}

void Door::show_checkout(http::Responder responder) {
  auto to = std::make_shared<http::Responder>(std::move(responder));
  const std::string token(to->request().path_parameter("token"));
  with_checkout(
      token,
      [this, to, token](const InvoiceView& invoice, const AppSet& app, payment::LinkHolder) {
        const std::string pdf_url = parts_.links.base_url() + "/checkout/" + token + "/invoice.pdf";
        http::Response response = http::json_response(render_checkout(
            invoice, app, parts_.state.surroundings().sandbox, parts_.engine.business_now(), pdf_url));
        response.headers.push_back({"Cache-Control", "no-store"});
        to->respond(std::move(response));
      },
      [to](const Error& error) { to->respond(http::api_error(error)); });
}

void Door::frame_ancestors(const http::Request& request, std::function<void(std::string_view)> answer) {
  auto to = std::make_shared<std::function<void(std::string_view)>>(std::move(answer));
  with_checkout(
      request.path_parameter("token"),
      [this, to](const InvoiceView&, const AppSet& app, payment::LinkHolder) {
        std::string origins;
        for (const std::string& origin : app.origins) origins += (origins.empty() ? "" : " ") + origin;
        if (origins.empty()) origins = parts_.state.surroundings().sandbox ? "http: https:" : "'none'";
        (*to)(origins);
      },
      [to](const Error&) { (*to)("'none'"); });
}

void Door::print(const std::shared_ptr<http::Responder>& to, const InvoiceView& invoice, const AppSet& app,
                 payment::LinkHolder holder) {
  const InvoiceCreated& created = *invoice.created;
  const bool is_for_page = holder == payment::LinkHolder::page;
  std::string pay_url;
  if (created.checkout != 0) {
    pay_url = is_for_page
                  ? created.link_base + "/checkout/" + payment::page_token(parts_.links, created.checkout)
                  : link_(created.link_base, created.checkout);
  }
  PdfInvoice pdf =
      pdf_of(invoice, app, language_of(to->request(), app), parts_.engine.business_now(), pay_url);
  if (is_for_page) pdf.buyer = {};
  const Status queued = press_.print(pdf, [to, number = pdf.number](Result<Bytes> printed) {
    if (!printed) return to->respond(error_response(Refused{printed.error()}));
    http::Response response;
    response.content_type = "application/pdf";
    response.body = std::move(*printed);
    response.headers.push_back({"Content-Disposition", "inline; filename=\"invoice-" + number + ".pdf\""});
    response.headers.push_back({"Cache-Control", "no-store"});
    response.headers.push_back({"X-Content-Type-Options", "nosniff"});
    to->respond(std::move(response));
  });
  if (!queued) to->respond(error_response(Refused{queued.error()}));
}

void Door::print_invoice(const Shared& in) {
  parts_.engine.read(
      [this, in](store::Session& session) {
        const auto invoice =
            invoice_of_app(session, in->caller.app, in->request().path_parameter("id"), find_request_);
        if (!invoice) return in->refused(invoice.error());
        auto seller = seller_of_app(session, in->caller.app);
        if (!seller) return in->refused(seller.error());
        InvoiceView view = *invoice;
        view.seller = std::move(*seller);
        print(std::make_shared<http::Responder>(std::move(in->responder)), view,
              *in->apps->find(in->caller.app), payment::LinkHolder::customer);
      },
      [in](const Error& error) { in->refused(error); });
}

void Door::print_checkout(http::Responder responder) {
  auto to = std::make_shared<http::Responder>(std::move(responder));
  with_checkout(
      to->request().path_parameter("token"),
      [this, to](const InvoiceView& invoice, const AppSet& app, payment::LinkHolder holder) {
        print(to, invoice, app, holder);
      },
      [to](const Error& error) { to->respond(http::api_error(error)); });
}

void Door::pay_in_sandbox(const Shared& in) {
  const std::string_view body = in->request().body();
  const auto document = json::Document::parse(body.empty() ? "{}" : body);
  if (!document) return in->refused(document.error());
  const json::Value* card = document->root().find("card");
  const bool is_text = card != nullptr && card->is_string();
  auto request = std::make_shared<payment::PayRequest>();
  const auto faults = payment::read_card(is_text ? card->text : usual_test_card, test_expiry, test_cvc, {},
                                         parts_.clock.wall_now(), request->card);
  Issues issues;
  for (const auto& [name, fault] : faults) issues.push_back({"card", "invalid_value", fault});
  if (!issues.empty()) return in->respond(issues_response(issues));
  with_number(
      in,
      [this, app = in->caller.app, request](store::Session& session,
                                            const std::string& id) -> Result<InvoiceNumber> {
        ASSIGN_OR_RETURN(const InvoiceView invoice, invoice_of_app(session, app, id, find_request_));
        if (invoice.row.checkout == 0) return Errc::already_paid;
        request->checkout = invoice.row.checkout;
        return invoice.created->number;
      },
      [this, in, request](InvoiceNumber number) {
        request->acquirer = "sandbox";
        request->form_key = to_hex(parts_.random.bytes(16));
        parts_.cashier.pay(std::move(*request), [this, in, number](const payment::PayAnswer& answer) {
          answer_payment(in, number, answer);
        });
      });
}

void Door::answer_payment(const Shared& in, InvoiceNumber number, const payment::PayAnswer& answer) {
  using Kind = payment::PayAnswer::Kind;
  switch (answer.kind) {
    case Kind::declined:
      // Nobody declined it: what came of the invoice meanwhile says why.
      if (answer.code == payment::decline::processing_error) break;
      return in->refused(Error(Errc::card_refused, answer.code + ": " + answer.message));
    case Kind::needs_authentication:
    case Kind::pending: {
      http::Response response = answer_response(
          {202, answer.kind == Kind::pending ? R"({"status":1,"status_name":"pending"})"
                                             : R"({"status":1,"status_name":"needs_authentication"})"});
      return in->respond(std::move(response));
    }
    case Kind::paid:
    case Kind::refused:
      break;
  }
  parts_.engine.read(
      [in, number, answer](store::Session& session) {
        const auto invoice = invoice_by_number(session, number);
        if (!invoice) return in->refused(invoice.error());
        if (answer.kind == Kind::refused) return in->refused(in_words(answer.error, invoice->row.status));
        if (answer.kind == Kind::declined) return in->refused(not_paid_because(answer, invoice->row.status));
        in->respond(answer_response(render_paid(*invoice)));
      },
      [in](const Error& error) { in->refused(error); });
}

}  // namespace jangbu::invoice
