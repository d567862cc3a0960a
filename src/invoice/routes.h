// What the invoice door's routes share; included by routes*.cpp alone.
#pragma once

#include "invoice/decide.h"
#include "invoice/door.h"
#include "invoice/messages.h"

namespace jangbu::invoice {

struct Door::Incoming {
  http::Responder responder;
  Caller caller;
  Keyed keyed;
  std::shared_ptr<const Apps> apps;  // of the moment of the request

  [[nodiscard]] const http::Request& request() const { return responder.request(); }
  /// The zone in which times without an offset are meant.
  [[nodiscard]] const std::string& zone() const { return apps->find(caller.app)->time_zone; }
  void respond(http::Response response) { responder.respond(std::move(response)); }
  void refused(const Refused& refused) { respond(error_response(refused)); }
  void refused(const Error& error) { refused(Refused{error}); }
  /// With what became of a write.
  void answer(std::variant<door::Done, Refused> outcome) {
    if (const auto* why = std::get_if<Refused>(&outcome)) return refused(*why);
    auto& done = std::get<door::Done>(outcome);
    respond(answer_response(std::move(done.answer), done.replayed));
  }
};

template <typename Command, typename Book, typename T, typename... Arguments>
void Door::submit_to(Book& book, const Shared& in, Render<T> render, Arguments&&... arguments) {
  submit(in,
         std::make_unique<Command>(book, in->keyed, std::forward<Arguments>(arguments)..., std::move(render),
                                   [in](auto outcome) { in->answer(std::move(outcome)); }));
}

template <typename Command, typename T, typename... Arguments>
void Door::submit(const Shared& in, Render<T> render, Arguments&&... arguments) {
  submit_to<Command>(parts_.state, in, std::move(render), std::forward<Arguments>(arguments)...);
}

template <typename Find, typename Then>
void Door::with_number(const Shared& in, Find find, Then then) {
  parts_.engine.read(
      [in, find = std::move(find), then = std::move(then)](store::Session& session) {
        const auto number = find(session, std::string(in->request().path_parameter("id")));
        if (!number) return in->refused(number.error());
        then(*number);
      },
      [in](const Error& error) { in->refused(error); });
}

}  // namespace jangbu::invoice
