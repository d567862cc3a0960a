// A shop's page opens an invoice: its form in, the way to the checkout out.
#include <spdlog/spdlog.h>

#include "base/json.h"
#include "crypto/digest.h"
#include "delivery/mail_form.h"
#include "http/canonical_json.h"
#include "invoice/browser_answer.h"
#include "invoice/browser_call.h"
#include "invoice/routes.h"

namespace jangbu::invoice {
namespace {

/// The operator's log tells of so many pages of other origins at once, and of one more each second.
constexpr std::uint64_t strangers_told_at_once = 10;

/// What of a call decides the invoice that it would make: the rest may differ from call to call.
Hash hash_of_products(const json::Value& call) {
  Bytes said;
  for (const char* name : {"price", "tax_free_price", "products", "product_ids", "invoice_items"}) {
    const json::Value* value = call.find(name);
    said.append(name).push_back('\n');
    if (value != nullptr) said.append(http::canonical_hash(*value).view());
  }
  return crypto::sha256(said);
}

/// What an operator should look at: somebody tries to set a price, or to open checkouts from elsewhere.
void log_refusal(const Error& error, std::string_view client_key, const BrowserCaller& caller,
                 std::string_view money) {
  if (error.code != Errc::price_from_browser && error.code != Errc::origin_not_allowed) return;
  spdlog::warn("a page's call was refused ({}): client key {}, request_id {}, origin {}, it says: {}",
               error_text(error.code), delivery::one_line(client_key), delivery::one_line(caller.request_id),
               delivery::one_line(caller.origin), delivery::one_line(money));
}

}  // namespace

void Door::open_from_browser(http::Responder responder) {
  const auto form = read_browser_form(responder.request().body());
  BrowserCaller caller;
  caller.origin = calling_origin(responder.request(), form ? form->origin : std::string());
  const auto refuse = [](http::Responder& to, const BrowserCaller& from, const Refused& refused) {
    const ToldError told = tell_error(refused);
    to.respond(refuse_page(told.status, told.error_code, told.message, from));
  };
  if (!form) return refuse(responder, caller, Refused{form.error()});
  caller.request_id = form->request_id;
  caller.redirect_url = form->redirect_url;
  const auto apps = parts_.board.current();
  const AppSet* app = apps->find(std::string_view(form->client_key));
  // Pages of strangers spend nothing of what the seller's own may ask.
  if (const Status may = may_open(app, caller.origin, parts_.state.surroundings().sandbox); !may) {
    const bool is_told = app != nullptr && stranger_limiter_.admit(app->id, 1, strangers_told_at_once);
    if (is_told) log_refusal(may.error(), form->client_key, caller, "");
    return refuse(responder, caller, Refused{may.error()});
  }
  if (!page_limiter_.admit(app->id, app->rate_per_s, app->burst))
    return refuse(responder, caller, Refused{Errc::rate_limited});

  const auto document = json::Document::parse(form->json);
  if (!document) return refuse(responder, caller, Refused{document.error()});
  BrowserCall call;
  call.client_key = form->client_key;
  call.request_id = form->request_id;
  call.origin = caller.origin;
  const MoneySaid money = money_said(document->root());
  call.says_price = !money.price_fields.empty();
  call.says_discount = !money.adjustment_fields.empty();
  Issues faults;
  call.form = read_new_invoice(document->root(), app->time_zone, faults);
  auto to = std::make_shared<http::Responder>(std::move(responder));
  auto command = std::make_unique<OpenFromBrowser>(
      parts_.state, std::move(call), hash_of_products(document->root()), std::move(faults), form->json.size(),
      [this, to, caller, refuse, client_key = form->client_key,
       money = in_a_line(money)](std::variant<OpenFromBrowser::Opened, Refused> outcome) {
        if (const auto* refused = std::get_if<Refused>(&outcome)) {
          log_refusal(refused->error, client_key, caller, money);
          return refuse(*to, caller, *refused);
        }
        const auto& opened = std::get<OpenFromBrowser::Opened>(outcome);
        if (opened.checkout == 0)
          return refuse(*to, caller, Refused{Error(Errc::already_paid, "there is nothing to pay")});
        to->respond(lead_to_checkout(payment::page_token(parts_.links, opened.checkout), caller));
      });
  if (const Status queued = parts_.engine.submit(std::move(command)); !queued)
    refuse(*to, caller, Refused{queued.error()});
}

}  // namespace jangbu::invoice
