// The API of deliveries: the operator's, /api/deliveries, and what receivers may see of their own.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "delivery/queries.h"
#include "delivery/template.h"
#include "engine/engine.h"
#include "http/api.h"
#include "http/router.h"

namespace jangbu::delivery {

/// Whose deliveries a question is about.
struct Receiver {
  std::string destination;       // "reward:A100000001"; empty: anybody's
  std::string_view never_again;  // a topic whose events it may not have sent again; empty: none
};

/// Answers questions about deliveries: about all, or about those of one receiver alone, as if there were no
/// others. Whoever calls has asked whether the request may. Lives as long as the server.
class Handlers {
 public:
  Handlers(engine::Engine& engine, const Templates& templates, const Hash& id_key)
      : engine_(engine), templates_(templates), id_key_(id_key) {}

  void list(http::Responder responder, const Receiver& receiver = {});
  /// Of the path's `{id}`, as resend().
  void show(http::Responder responder, const Receiver& receiver = {});
  void resend(http::Responder responder, const Receiver& receiver = {});
  void resend_many(http::Responder responder, const Receiver& receiver = {});

 private:
  engine::Engine& engine_;
  const Templates& templates_;
  Hash id_key_;
};

/// Lives as long as the server. Every route asks `authorize` first.
class Admin {
 public:
  Admin(Handlers& handlers, http::Authorize authorize)
      : handlers_(handlers), authorize_(std::move(authorize)) {}
  void add_routes(http::Router& router);

 private:
  using Handler = void (Handlers::*)(http::Responder, const Receiver&);
  void add(http::Router& router, http::Method method, const char* pattern, http::Effect effect,
           Handler handler);

  Handlers& handlers_;
  http::Authorize authorize_;
};

}  // namespace jangbu::delivery
