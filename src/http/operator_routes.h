// Routes of the operator's API: each asks first whether the request may use it.
#pragma once

#include <utility>

#include "http/api.h"
#include "http/router.h"

namespace jangbu::http {

/// Base of a class whose members are the handlers. It lives as long as the server.
class OperatorRoutes {
 protected:
  explicit OperatorRoutes(Authorize authorize) : authorize_(std::move(authorize)) {}
  ~OperatorRoutes() = default;

  /// Others are answered not_authenticated.
  template <typename Routes>
  void add(Router& router, Method method, const char* pattern, Effect effect,
           void (Routes::*handler)(Responder)) {
    auto* routes = static_cast<Routes*>(this);
    router.add({method, pattern, effect, [this, routes, handler](Responder responder) {
                  if (!authorize_(responder.request()))
                    return responder.respond(api_error(Errc::not_authenticated));
                  (routes->*handler)(std::move(responder));
                }});
  }

 private:
  Authorize authorize_;
};

}  // namespace jangbu::http
