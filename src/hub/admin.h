// The operator's API of the hub: connected apps, and what people must look after by hand.
#pragma once

#include <string>

#include "door/turn.h"
#include "engine/engine.h"
#include "http/links.h"
#include "http/operator_routes.h"
#include "hub/apps.h"
#include "hub/decide.h"
#include "hub/state.h"

namespace jangbu::hub {

/// Lives as long as the server. Every route asks `authorize` first.
class Admin : public http::OperatorRoutes {
 public:
  Admin(engine::Engine& engine, State& state, const AppBoard& board, AppSecrets& secrets,
        const http::Links& links, const Clock& clock, http::Authorize authorize);
  void add_routes(http::Router& router);

 private:
  // Apps. An app is changed as a whole, from how it stands: one change at a time.
  void list_apps(http::Responder responder);
  void create_app(http::Responder responder);
  void update_app(http::Responder responder);
  void rotate_app(http::Responder responder);
  void set_app(http::Responder responder, AppSet app, Render<AppSet> render, door::Turn turn);

  // People's work.
  void change_contact(http::Responder responder);
  void invite(http::Responder responder);
  void confirm_access(http::Responder responder);
  void decline_access(http::Responder responder);
  void withdraw_access(http::Responder responder);
  void approve(http::Responder responder);
  void reject(http::Responder responder);
  void request_revision(http::Responder responder);
  void judge(http::Responder responder, CampaignStatus to, std::string reason);
  void refund(http::Responder responder);
  void list_orders(http::Responder responder);
  void show_partner(http::Responder responder);

  engine::Engine& engine_;
  State& state_;
  const AppBoard& board_;
  AppSecrets& secrets_;
  const http::Links& links_;
  const Clock& clock_;
  door::Turns changes_;
};

}  // namespace jangbu::hub
