#include "invoice/judge.h"

#include <memory>

#include "base/json.h"
#include "http/api.h"
#include "http/json_body.h"
#include "invoice/queries.h"
#include "invoice/subscription_queries.h"
#include "invoice/wire_names.h"

namespace jangbu::invoice {
namespace {

using http::api_error;
using http::Effect;
using http::Method;
using http::Responder;
using Shared = std::shared_ptr<Responder>;

constexpr std::size_t max_words = 1000;

const Error no_cancel{Errc::not_found, "there is no such request"};
const Error no_subscription{Errc::not_found, "there is no such subscription"};

/// On whose behalf: the app's whose thing it is. An operator sends no idempotency key.
Keyed on_behalf_of(AppId app) {
  Keyed keyed;
  keyed.app = app;
  return keyed;
}

Answer cancel_answer(const CancelTold& told) {
  Answer answer;
  json::Writer out(answer.body);
  out.begin_object()
      .key("cancel_id")
      .string(object_id(IdKind::cancel, told.cancel.made_at, told.cancel.number));
  out.key("status").string(status_name(told.status)).end_object();
  return answer;
}

Answer change_answer(const ChangeJudged& judged) {
  Answer answer;
  json::Writer out(answer.body);
  out.begin_object().key("subscription_id");
  out.string(object_id(IdKind::subscription, judged.started_at, judged.number));
  out.key("approved").boolean(judged.approved).key("reason").string(judged.reason).end_object();
  return answer;
}

/// Answers with what became of a command of type T.
template <typename T>
typename Write<T>::Answered answer_to(const Shared& to) {
  return [to](std::variant<typename Write<T>::Done, Refused> outcome) {
    if (const auto* refused = std::get_if<Refused>(&outcome)) return to->respond(api_error(refused->error));
    to->respond(http::json_response(std::move(std::get<typename Write<T>::Done>(outcome).answer.body)));
  };
}

void submit(engine::Engine& engine, const Shared& to, std::unique_ptr<engine::Command> command) {
  if (const Status queued = engine.submit(std::move(command)); !queued)
    to->respond(api_error(queued.error()));
}

/// Finds whose request an id of the path means, and goes on with both.
template <typename Then>
void with_cancel(engine::Engine& engine, Responder responder, Then then) {
  auto to = std::make_shared<Responder>(std::move(responder));
  engine.read(
      [to, then](store::Session& session) {
        const auto found = cancel_of_id(session, to->request().path_parameter("id"));
        if (!found)
          return to->respond(
              api_error(found.error().code == Errc::cancel_not_found ? no_cancel : found.error()));
        then(to, found->first, found->second);
      },
      [to](const Error& error) { to->respond(api_error(error)); });
}

}  // namespace

void Judge::add_routes(http::Router& router) {
  add(router, Method::post, "/api/invoice/cancels/{id}/approve", Effect::write, &Judge::approve_cancel);
  add(router, Method::post, "/api/invoice/cancels/{id}/reject", Effect::write, &Judge::reject_cancel);
  add(router, Method::post, "/api/invoice/subscriptions/{id}/change/approve", Effect::write,
      &Judge::approve_change);
  add(router, Method::post, "/api/invoice/subscriptions/{id}/change/reject", Effect::write,
      &Judge::reject_change);
}

void Judge::approve_cancel(Responder responder) {
  http::JsonBody body(responder.request().body());
  std::optional<Money> amount;
  if (body.find("amount") != nullptr) {
    amount = body.amount("amount", 0);
    if (!body.error() && !amount->is_positive()) body.fail("amount", "must be above zero");
  }
  if (body.error()) return responder.respond(api_error(*body.error()));
  with_cancel(engine_, std::move(responder),
              [this, amount](const Shared& to, CancelNumber number, AppId app) {
                submit(engine_, to,
                       std::make_unique<ApproveCancel>(state_, on_behalf_of(app), number, amount,
                                                       cancel_answer, answer_to<CancelTold>(to), By::office));
              });
}

void Judge::reject_cancel(Responder responder) {
  http::JsonBody body(responder.request().body());
  const std::string message = body.text("message", "", max_words);
  if (body.error()) return responder.respond(api_error(*body.error()));
  with_cancel(
      engine_, std::move(responder), [this, message](const Shared& to, CancelNumber number, AppId app) {
        submit(engine_, to,
               std::make_unique<CloseCancel>(state_, on_behalf_of(app), number, CancelStatus::rejected,
                                             message, cancel_answer, answer_to<CancelTold>(to), By::office));
      });
}

void Judge::approve_change(Responder responder) { judge_change(std::move(responder), true); }
void Judge::reject_change(Responder responder) { judge_change(std::move(responder), false); }

void Judge::judge_change(Responder responder, bool approve) {
  http::JsonBody body(responder.request().body());
  Leaving leaving;
  leaving.reason = body.text("reason", "", max_words);
  if (body.error()) return responder.respond(api_error(*body.error()));
  auto to = std::make_shared<Responder>(std::move(responder));
  engine_.read(
      [this, to, approve, leaving](store::Session& session) {
        const auto number = number_of_id(IdKind::subscription, to->request().path_parameter("id"));
        const auto view = number ? subscription_by_number(session, *number)
                                 : Result<SubscriptionView>(Errc::subscription_not_found);
        const bool is_it = view && object_id(IdKind::subscription, view->row.started_at, *number) ==
                                       to->request().path_parameter("id");
        if (!is_it) return to->respond(api_error(no_subscription));
        // The request that is open now is judged, and no later one.
        if (view->row.request == 0)
          return to->respond(
              api_error(Error(Errc::change_not_found, "no request of this subscription is open")));
        submit(engine_, to,
               std::make_unique<JudgeChange>(subscriptions_, on_behalf_of(view->row.app), *number,
                                             view->row.request, approve, leaving, change_answer,
                                             answer_to<ChangeJudged>(to), By::office));
      },
      [to](const Error& error) { to->respond(api_error(error)); });
}

}  // namespace jangbu::invoice
