// The operator's API of the invoice door: its apps.
#pragma once

#include "base/random.h"
#include "door/turn.h"
#include "engine/engine.h"
#include "http/operator_routes.h"
#include "invoice/apps.h"
#include "invoice/decide.h"
#include "invoice/state.h"

namespace jangbu::invoice {

/// Lives as long as the server. Every route asks `authorize` first.
class Admin : public http::OperatorRoutes {
 public:
  Admin(engine::Engine& engine, State& state, const AppBoard& board, WebhookKeys& keys, const Clock& clock,
        Random& random, http::Authorize authorize);
  void add_routes(http::Router& router);

 private:
  // An app is changed as a whole, from how it stands: one change at a time.
  void list_apps(http::Responder responder);
  void create_app(http::Responder responder);
  void update_app(http::Responder responder);
  void rotate_app(http::Responder responder);
  void set_seller(http::Responder responder);
  void set_app(http::Responder responder, AppSet app, Render<AppSet> render, door::Turn turn);

  engine::Engine& engine_;
  State& state_;
  const AppBoard& board_;
  WebhookKeys& keys_;
  const Clock& clock_;
  Random& random_;
  door::Turns changes_;
};

}  // namespace jangbu::invoice
