#include "door/api.h"

namespace jangbu::door {

void show(engine::Engine& engine, http::Responder responder,
          std::function<Result<std::string>(store::Session&)> read) {
  auto to = std::make_shared<http::Responder>(std::move(responder));
  engine.read(
      [to, read = std::move(read)](store::Session& session) {
        auto body = read(session);
        to->respond(body ? http::json_response(std::move(*body)) : http::api_error(body.error()));
      },
      [to](const Error& error) { to->respond(http::api_error(error)); });
}

}  // namespace jangbu::door
