// The operator's side of what waits for a decision: requests to cancel an order, and to change a
// subscription.
#pragma once

#include <utility>

#include "engine/engine.h"
#include "http/operator_routes.h"
#include "invoice/subscription_decide.h"

namespace jangbu::invoice {

/// POST /api/invoice/cancels/{id}/approve and reject, /api/invoice/subscriptions/{id}/change/approve and
/// reject: what a seller's supervisor may say, said by an operator through the same commands. Lives as long
/// as the server.
class Judge : public http::OperatorRoutes {
 public:
  Judge(engine::Engine& engine, State& state, SubscriptionBook& subscriptions, http::Authorize authorize)
      : OperatorRoutes(std::move(authorize)), engine_(engine), state_(state), subscriptions_(subscriptions) {}
  void add_routes(http::Router& router);

 private:
  void approve_cancel(http::Responder responder);
  void reject_cancel(http::Responder responder);
  void approve_change(http::Responder responder);
  void reject_change(http::Responder responder);
  void judge_change(http::Responder responder, bool approve);

  engine::Engine& engine_;
  State& state_;
  SubscriptionBook& subscriptions_;
};

}  // namespace jangbu::invoice
