// How a door's routes in the dialect of /api use the engine.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <variant>

#include "door/turn.h"
#include "door/write.h"
#include "engine/engine.h"
#include "http/api.h"

namespace jangbu::door {

/// Answers with what `read` makes of a snapshot, or its error.
void show(engine::Engine& engine, http::Responder responder,
          std::function<Result<std::string>(store::Session&)> read);

/// Why a change was refused; Refused::in_words() says it with the facts that belong to it.
template <typename Refused>
Error error_of(const Refused& refused) {
  if constexpr (requires { refused.in_words(); }) {
    return refused.in_words();
  } else {
    return refused.error;
  }
}

/// Submits the write that `make(rendered, answered)` builds and answers with what became of it. The turn ends
/// before the answer goes out.
template <typename Door, typename T, typename Make>
void change(engine::Engine& engine, http::Responder responder, Render<T> render, const Make& make,
            Turn turn = nullptr) {
  using Refused = typename Door::Refused;
  auto to = std::make_shared<http::Responder>(std::move(responder));
  auto held = std::make_shared<Turn>(std::move(turn));
  auto command = make(std::move(render), [to, held](std::variant<Done, Refused> outcome) {
    held->reset();
    if (const auto* refused = std::get_if<Refused>(&outcome))
      return to->respond(http::api_error(error_of(*refused)));
    Answer& answer = std::get<Done>(outcome).answer;
    to->respond(http::json_response(std::move(answer.body), answer.status));
  });
  if (const Status queued = engine.submit(std::move(command)); !queued) {
    held->reset();
    to->respond(http::api_error(queued.error()));
  }
}

}  // namespace jangbu::door
