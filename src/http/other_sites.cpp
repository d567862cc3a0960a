#include "http/other_sites.h"

#include <utility>

#include "http/api.h"

namespace jangbu::http {

bool may_be_of_another_site(const Request& request) {
  if (request.header("Origin") == nullptr) return false;
  const std::string* type = request.header("Content-Type");
  return type == nullptr || !type->starts_with("application/json");
}

void refuse_other_sites(Router& router, std::string_view prefix) {
  router.wrap_under(prefix, [](const Route& route) -> Handler {
    if (route.method == Method::get) return route.handler;
    return [handler = route.handler](Responder responder) {
      if (may_be_of_another_site(responder.request()))
        return responder.respond(api_error(Error(Errc::invalid_parameters, "send JSON as application/json")));
      handler(std::move(responder));
    };
  });
}

}  // namespace jangbu::http
