#include "console/access.h"

#include <exception>

#include <spdlog/spdlog.h>

#include "console/decide.h"
#include "console/queries.h"
#include "crypto/digest.h"
#include "delivery/utf8.h"
#include "engine/ended_sessions.h"
#include "http/api.h"

namespace jangbu::console {
namespace {

using http::api_error;
using http::Responder;

/// Of a path, in the record of what was done.
constexpr std::size_t max_path_bytes = 1000;

bool reads_only(http::Method method) { return method == http::Method::get || method == http::Method::head; }

bool has_csrf_header(const http::Request& request) {
  const std::string* header = request.header("X-Jangbu-Csrf");
  return header != nullptr && *header == "1";
}

std::string bounded(std::string_view text) {
  return delivery::valid_utf8(text.substr(0, std::min(text.size(), max_path_bytes)));
}

/// What stands for the "{name}"s of a pattern, a slash between two.
std::string document_of(const http::Request& request, std::string_view pattern) {
  std::string document;
  for (std::size_t at = pattern.find('{'); at != std::string_view::npos; at = pattern.find('{', at + 1)) {
    const std::size_t end = pattern.find('}', at);
    if (!document.empty()) document += '/';
    document += request.path_parameter(pattern.substr(at + 1, end - at - 1));
  }
  return bounded(document);
}

/// The request that the handler on this thread was called for.
thread_local const http::Request* admitted = nullptr;

/// What a handler throws ends its request with 500, which its Responder answers when it is dropped.
void call(const Access::Handler& handler, Responder responder, const Identity& who) {
  const std::string path(responder.request().path());
  admitted = &responder.request();
  try {
    handler(std::move(responder), who);
  } catch (const std::exception& error) {
    spdlog::error("{}: {}", path, error.what());
  }
  admitted = nullptr;
}

/// Hands the answer of a change to `deliver` instead of to whoever asked.
class Watched final : public Responder::Channel {
 public:
  using Deliver = std::function<void(http::Response)>;
  Watched(std::shared_ptr<Responder> to, Deliver deliver)
      : to_(std::move(to)), deliver_(std::move(deliver)) {}
  [[nodiscard]] const http::Request& request() const override { return to_->request(); }
  void deliver(http::Response&& response) noexcept override { deliver_(std::move(response)); }

 private:
  std::shared_ptr<Responder> to_;
  Deliver deliver_;
};

}  // namespace

void Access::guard(http::Router& router, const Others& others) {
  router.wrap_under("/api", [this, others](const http::Route& route) {
    const auto open = route.handler;
    const auto without_session = [others, open](Responder responder) {
      if (others && others(responder.request())) return open(std::move(responder));
      responder.respond(api_error(Errc::not_authenticated));
    };
    return guarded(
        route.pattern, route.effect,
        [open](Responder responder, const Identity&) { open(std::move(responder)); }, without_session);
  });
}

bool Access::admits(const http::Request& request) { return &request == admitted; }

http::Handler Access::guarded(const std::string& pattern, http::Effect effect, Handler handler,
                              http::Handler without_session) {
  const bool recorded = effect == http::Effect::write;
  return [this, pattern, recorded, handler = std::move(handler),
          without_session = std::move(without_session)](Responder responder) {
    const http::Request& request = responder.request();
    if (crypto::equal_constant_time(bearer_token(request), local_token_))
      return admit(std::move(responder), {0, "", "", Role::owner, {}}, pattern, recorded, handler);
    const auto claim = sessions_.claim_of(request);
    if (!claim && without_session) return without_session(std::move(responder));
    if (!claim) return responder.respond(api_error(Errc::not_authenticated));
    if (claim->by_cookie && !reads_only(request.method()) && !has_csrf_header(request))
      return responder.respond(api_error(Errc::header_missing));
    auto to = std::make_shared<Responder>(std::move(responder));
    engine_.read(
        [this, to, claim = *claim, pattern, recorded, handler](store::Session& session) {
          const auto who = identity_of(session, claim);
          if (!who) return to->respond(api_error(who.error()));
          admit(std::move(*to), *who, pattern, recorded, handler);
        },
        [to](const Error& error) { to->respond(api_error(error)); });
  };
}

Result<Identity> Access::identity_of(store::Session& session, const Sessions::Claim& claim) const {
  const auto account = find_operator(session, claim.id);
  if (!account && account.error().code != Errc::not_found) return account.error();
  if (!account || !sessions_.holds(claim, *account)) return Errc::not_authenticated;
  ASSIGN_OR_RETURN(const bool ended, engine::session_ended(session, claim.token));
  if (ended) return Errc::not_authenticated;
  return Identity{account->id, account->email, account->name, account->role, claim.token};
}

void Access::admit(Responder responder, const Identity& who, const std::string& pattern, bool recorded,
                   const Handler& handler) {
  if (!may(who.role, responder.request().method(), pattern))
    return responder.respond(api_error(Errc::role_not_allowed));
  if (!recorded) return call(handler, std::move(responder), who);
  record(std::make_shared<Responder>(std::move(responder)), who, pattern, handler);
}

void Access::record(const Shared& to, const Identity& who, const std::string& pattern,
                    const Handler& handler) {
  const http::Request& request = to->request();
  Action action{who.id, std::string(http::method_name(request.method())),
                bounded(http::percent_decode(request.path(), false)), document_of(request, pattern),
                request.peer()};
  const auto begun = [this, to, who, handler](Result<std::uint64_t> number) {
    if (!number) return to->respond(api_error(number.error()));
    const auto deliver = [this, to, number = *number](http::Response response) {
      const auto status = static_cast<std::uint64_t>(response.status);
      auto answer = std::make_shared<http::Response>(std::move(response));
      auto end = std::make_unique<EndAction>(state_, ActionEnded{number, status},
                                             [to, answer] { to->respond(std::move(*answer)); });
      if (const Status queued = engine_.submit(std::move(end)); !queued) to->respond(std::move(*answer));
    };
    call(handler, Responder(std::make_shared<Watched>(to, deliver)), who);
  };
  auto command = std::make_unique<BeginAction>(std::move(action), begun);
  if (const Status queued = engine_.submit(std::move(command)); !queued)
    to->respond(api_error(queued.error()));
}

}  // namespace jangbu::console
