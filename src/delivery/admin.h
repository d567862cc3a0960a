// The API of deliveries: the operator's, /api/deliveries, and what receivers may see of their own.
#pragma once

#include <string>
#include <utility>

#include "delivery/queries.h"
#include "delivery/template.h"
#include "engine/engine.h"
#include "http/api.h"
#include "http/router.h"

namespace jangbu::delivery {

/// Answers questions about deliveries: about all, or about those of one destination alone
/// ("reward:A100000001"), as if there were no others. Whoever calls has asked whether the request may. Lives
/// as long as the server.
class Desk {
 public:
  Desk(engine::Engine& engine, const Templates& templates, const Hash& id_key)
      : engine_(engine), templates_(templates), id_key_(id_key) {}

  void list(http::Responder responder, std::string destination = {});
  /// Of the path's `{id}`, as resend().
  void show(http::Responder responder, std::string destination = {});
  void resend(http::Responder responder, std::string destination = {});
  void resend_many(http::Responder responder, std::string destination = {});

 private:
  engine::Engine& engine_;
  const Templates& templates_;
  Hash id_key_;
};

/// Lives as long as the server. Every route asks `authorize` first.
class Admin {
 public:
  Admin(Desk& desk, http::Authorize authorize) : desk_(desk), authorize_(std::move(authorize)) {}
  void add_routes(http::Router& router);

 private:
  using Handler = void (Desk::*)(http::Responder, std::string);
  void add(http::Router& router, http::Method method, const char* pattern, http::Effect effect,
           Handler handler);

  Desk& desk_;
  http::Authorize authorize_;
};

}  // namespace jangbu::delivery
