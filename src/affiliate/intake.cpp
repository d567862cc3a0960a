#include "affiliate/intake.h"

#include <memory>

#include "http/proxies.h"

namespace jangbu::affiliate {
namespace {

using http::Responder;

constexpr std::size_t max_body = 1 << 20;

http::Response answer(std::string body, int status = 200) {
  http::Response response;
  response.status = status;
  response.body = std::move(body);
  if (status == 429 || status == 503) response.headers.push_back({"Retry-After", "1"});
  return response;
}

/// Whether a merchant's server may send from there.
bool may_send_from(const MerchantSet& merchant, std::string_view address) {
  if (merchant.networks.empty()) return true;
  http::TrustedProxies networks;
  for (const std::string& network : merchant.networks)
    if (!networks.add(network)) return false;
  return networks.contains(address);
}

/// A request on its way through the engine.
struct Sent {
  Responder responder;
  AnswerShape shape;
  OrderForm form;
  std::int64_t since_us;
};

}  // namespace

void Intake::add_routes(http::Router& router) {
  using http::Effect;
  using http::Method;
  for (const char* prefix : {"/lppurchase_cps_v4.php", "/lppurchase_cpa_v4.php"})
    router.add_dialect({prefix, [](int status, std::string_view why) {
                          return answer(failure_json(AnswerShape::object, why, {}, 0), status);
                        }});
  router.add({Method::post, "/lppurchase_cps_v4.php", Effect::write,
              [this](Responder responder) { take(std::move(responder), read_cps); }, max_body});
  router.add({Method::post, "/lppurchase_cpa_v4.php", Effect::write,
              [this](Responder responder) { take(std::move(responder), read_cpa); }, max_body});
}

void Intake::take(Responder responder, IntakeRead (*read)(std::string_view)) {
  const std::int64_t since_us = parts_.clock.monotonic_us();
  IntakeRead request = read(responder.request().body());
  OrderForm& form = request.form;
  const auto config = parts_.board.current();
  const MerchantSet* merchant = config->merchant(form.merchant_id);
  const AnswerShape shape = merchant == nullptr ? AnswerShape::object : merchant->answer_shape;
  const auto fail = [&](std::string_view why, int status = 200) {
    responder.respond(answer(
        failure_json(shape, why, failed_items(form, why), parts_.clock.monotonic_us() - since_us), status));
  };
  if (!request.fault.empty()) return fail(request.fault);
  if (merchant == nullptr || !may_send_from(*merchant, responder.request().peer()))
    return fail(message::problem);
  if (!limiter_.admit(merchant->number, merchant->rate_per_s, merchant->burst))
    return fail("too many requests of this merchant", 429);
  if (parts_.bring_click && !form.by_promo)
    if (const auto sent_by = read_lpinfo(form.lpinfo); sent_by && sent_by->click)
      parts_.bring_click(*sent_by->click);
  auto sent = std::make_shared<Sent>(Sent{std::move(responder), shape, form, since_us});
  const auto refuse = [this, sent](const Error& error) {
    const std::string_view why =
        error.detail.empty() ? error_message(error.code) : std::string_view(error.detail);
    sent->responder.respond(answer(failure_json(sent->shape, why, failed_items(sent->form, why),
                                                parts_.clock.monotonic_us() - sent->since_us),
                                   error_class(error.code) == ErrorClass::retry ? 503 : 500));
  };
  auto command = std::make_unique<TakeOrder>(
      parts_.state, std::move(form),
      [this, sent](const TakeOrder::Told& told) {
        const std::int64_t took_us = parts_.clock.monotonic_us() - sent->since_us;
        return told.failure.empty() ? items_json(sent->shape, told.items, took_us)
                                    : failure_json(sent->shape, told.failure, told.items, took_us);
      },
      [sent, refuse](Result<TakeOrder::Told> told) {
        told ? sent->responder.respond(answer(std::move(told->body))) : refuse(told.error());
      });
  if (const Status queued = parts_.engine.submit(std::move(command)); !queued) refuse(queued.error());
}

}  // namespace jangbu::affiliate
