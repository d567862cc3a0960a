// What the hub's routes share; included by routes*.cpp alone.
#pragma once

#include "hub/decide.h"
#include "hub/door.h"
#include "hub/messages.h"

namespace jangbu::hub {

struct Door::Incoming {
  http::Responder responder;
  Caller caller;
  Keyed keyed;
  Dialect dialect = Dialect::plain;

  [[nodiscard]] const http::Request& request() const { return responder.request(); }
  void respond(http::Response response) { responder.respond(std::move(response)); }
  void refused(const Refused& refused) { respond(error_response(refused, dialect)); }
  void refused(const Error& error) { refused(Refused{error}); }
};

template <typename Command, typename T, typename... Arguments>
void Door::submit_rendered(const Shared& in, Render<T> render, Arguments&&... arguments) {
  submit(in, std::make_unique<Command>(parts_.state, in->caller, in->keyed,
                                       std::forward<Arguments>(arguments)..., std::move(render),
                                       [in](std::variant<typename Write<T>::Done, Refused> outcome) {
                                         if (const auto* refused = std::get_if<Refused>(&outcome))
                                           return in->refused(*refused);
                                         auto& done = std::get<typename Write<T>::Done>(outcome);
                                         in->respond(answer_response(std::move(done.answer), done.replayed));
                                       }));
}

template <typename Command, typename T, typename... Arguments>
void Door::submit(const Shared& in, Answer (*render)(const T&), Arguments&&... arguments) {
  submit_rendered<Command, T>(in, Render<T>(render), std::forward<Arguments>(arguments)...);
}

}  // namespace jangbu::hub
