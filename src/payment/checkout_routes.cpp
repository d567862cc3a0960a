#include "payment/checkout_routes.h"

#include "base/json.h"
#include "crypto/digest.h"
#include "http/api.h"
#include "payment/kept_cards.h"
#include "payment/queries.h"

namespace jangbu::payment {
namespace {

using http::api_error;
using http::Effect;
using http::Method;
using http::Responder;

constexpr std::size_t max_body = 16 * 1024;
/// A test card without a form gets these.
constexpr std::string_view test_expiry = "12/99";
constexpr std::string_view test_cvc = "123";

}  // namespace

CheckoutRoutes::CheckoutRoutes(engine::Engine& engine, Cashier& cashier, const http::Links& links,
                               const Clock& clock, Random& random, PayMethods methods)
    : engine_(engine),
      cashier_(cashier),
      links_(links),
      clock_(clock),
      random_(random),
      methods_(std::move(methods)) {}

void CheckoutRoutes::add_routes(http::Router& router) {
  const auto to = [this](void (CheckoutRoutes::*handler)(Responder)) {
    return [this, handler](Responder responder) { (this->*handler)(std::move(responder)); };
  };
  router.add({Method::get, "/checkout/{token}/session", Effect::read, to(&CheckoutRoutes::session)});
  router.add({Method::post, "/checkout/{token}/pay", Effect::write, to(&CheckoutRoutes::pay), max_body});
  router.add({Method::post, "/checkout/{token}/authenticate", Effect::write,
              to(&CheckoutRoutes::authenticate), max_body});
  router.add({Method::post, "/checkout/{token}/toss", Effect::write, to(&CheckoutRoutes::toss), max_body});
  router.add({Method::post, "/payments/toss/webhook", Effect::write, to(&CheckoutRoutes::toss_notice)});
  if (!methods_.sandbox) return;
  router.add({Method::post, "/sandbox/orders/{reference}/pay", Effect::write,
              to(&CheckoutRoutes::sandbox_pay), max_body});
}

void CheckoutRoutes::with_checkout(Responder responder, Found found) {
  const auto link = open_checkout(links_, responder.request().path_parameter("token"));
  if (!link) return responder.respond(api_error(Error(Errc::not_found, "there is no such checkout")));
  auto shared = std::make_shared<Responder>(std::move(responder));
  engine_.read(
      [shared, found = std::move(found), link = *link](store::Session& session) {
        auto checkout = find_checkout(session, link.number);
        if (!checkout) return shared->respond(api_error(checkout.error()));
        found(shared, std::move(*checkout), link.holder);
      },
      [shared](const Error& error) { shared->respond(api_error(error)); });
}

void CheckoutRoutes::session(Responder responder) {
  with_checkout(std::move(responder),
                [this](const std::shared_ptr<Responder>& to, const Checkout& checkout, LinkHolder holder) {
                  http::Response response =
                      http::json_response(render_session(checkout, engine_.business_now(), methods_, holder));
                  response.headers.push_back({"Cache-Control", "no-store"});
                  to->respond(std::move(response));
                });
}

void CheckoutRoutes::hand_over(std::shared_ptr<Responder> responder, Checkout checkout, PayRequest request) {
  cashier_.pay(std::move(request),
               [responder = std::move(responder), checkout = std::move(checkout)](const PayAnswer& answer) {
                 responder->respond(render_answer(answer, checkout));
               });
}

void CheckoutRoutes::pay(Responder responder) {
  auto form = read_pay_form(responder.request().body(), clock_.wall_now());
  if (!form) return responder.respond(api_error(form.error()));
  if (!form->faults.empty()) return responder.respond(render_faults(form->faults));
  if (!methods_.card) return responder.respond(api_error(Error(Errc::not_found, "cards are not taken here")));
  auto shared = std::make_shared<PayForm>(std::move(*form));
  with_checkout(std::move(responder),
                [this, shared](std::shared_ptr<Responder> to, Checkout checkout, LinkHolder) {
                  PayRequest request;
                  request.checkout = checkout.number;
                  request.acquirer = "sandbox";
                  request.form_key = shared->key;
                  request.card = std::move(shared->card);
                  hand_over(std::move(to), std::move(checkout), std::move(request));
                });
}

void CheckoutRoutes::authenticate(Responder responder) {
  auto form = read_authenticate_form(responder.request().body());
  if (!form) return responder.respond(api_error(form.error()));
  auto shared = std::make_shared<AuthenticateForm>(std::move(*form));
  with_checkout(
      std::move(responder), [this, shared](std::shared_ptr<Responder> to, Checkout checkout, LinkHolder) {
        const CheckoutNumber number = checkout.number;
        cashier_.authenticate(number, shared->attempt, std::move(shared->code),
                              [to = std::move(to), checkout = std::move(checkout)](const PayAnswer& answer) {
                                to->respond(render_answer(answer, checkout));
                              });
      });
}

void CheckoutRoutes::toss(Responder responder) {
  auto form = read_toss_form(responder.request().body());
  if (!form) return responder.respond(api_error(form.error()));
  with_checkout(std::move(responder), [this, form = std::move(*form)](std::shared_ptr<Responder> to,
                                                                      Checkout checkout, LinkHolder) {
    PayRequest request;
    request.checkout = checkout.number;
    request.acquirer = "toss";
    if (!form.auth_key.empty()) {
      if (checkout.purpose == Purpose::pay || form.customer_key != customer_key_of(checkout))
        return to->respond(api_error(
            Error(Errc::invalid_parameters, "this window was not opened to keep a card of this checkout")));
      request.form_key = to_hex(crypto::sha256(form.auth_key).view());
      request.auth_key = form.auth_key;
      return hand_over(std::move(to), std::move(checkout), std::move(request));
    }
    // One window is one form: its success page may be loaded twice.
    request.form_key = form.order_id.substr(0, 64);
    request.payment_key = form.payment_key;
    request.window_order_id = form.order_id;
    request.window_amount = form.amount;
    hand_over(std::move(to), std::move(checkout), std::move(request));
  });
}

void CheckoutRoutes::toss_notice(Responder responder) {
  if (const auto order_id = read_toss_notice(responder.request().body())) cashier_.hear(*order_id);
  responder.respond(http::json_response("{\"status\":\"ok\"}"));
}

void CheckoutRoutes::sandbox_pay(Responder responder) {
  const auto document = json::Document::parse(responder.request().body());
  if (!document) return responder.respond(api_error(document.error()));
  const json::Value* number = document->root().find("card");
  const bool is_text = number != nullptr && number->is_string();
  auto shared = std::make_shared<PayForm>();
  shared->faults = read_card(is_text ? number->text : std::string_view(), test_expiry, test_cvc, {},
                             clock_.wall_now(), shared->card);
  if (!shared->faults.empty()) return responder.respond(render_faults(shared->faults));
  auto to = std::make_shared<Responder>(std::move(responder));
  engine_.read(
      [this, to, shared](store::Session& session) {
        auto checkout = find_checkout(session, to->request().path_parameter("reference"));
        if (!checkout || checkout->door != Door::hub)
          return to->respond(api_error(checkout ? Error(Errc::not_found) : checkout.error()));
        PayRequest request;
        request.checkout = checkout->number;
        request.acquirer = "sandbox";
        request.form_key = to_hex(random_.bytes(16));
        request.card = std::move(shared->card);
        hand_over(to, std::move(*checkout), std::move(request));
      },
      [to](const Error& error) { to->respond(api_error(error)); });
}

}  // namespace jangbu::payment
