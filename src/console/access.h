// Who may use the operator's API, /api: the question before every route, and the record of every change.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "console/sessions.h"
#include "console/state.h"
#include "engine/engine.h"
#include "http/router.h"

namespace jangbu::console {

/// Whoever sent a request.
struct Identity {
  OperatorId id = 0;  // 0: whoever may read this machine's control.json
  std::string email;
  std::string name;
  Role role = Role::auditor;
  engine::KeyDigest session;  // unset for id 0
};

/// Lives as long as the server. Thread-safe.
class Access {
 public:
  /// `local_token`: of the operator on this machine, who is an owner.
  Access(engine::Engine& engine, State& state, const Sessions& sessions, std::string local_token)
      : engine_(engine), state_(state), sessions_(sessions), local_token_(std::move(local_token)) {}

  /// Whether a request without a session is for its handler to judge: a door's own clients may use the route,
  /// too. Called on an I/O thread.
  using Others = std::function<bool(const http::Request&)>;
  /// Puts the question before every route under /api that the router has by now. Whoever has no session and
  /// is not of `others` is answered 401.
  void guard(http::Router& router, const Others& others = {});
  /// Whether the handler that runs on this thread was called for an operator's request that may: what doors
  /// ask as http::Authorize.
  [[nodiscard]] static bool admits(const http::Request& request);

  /// A handler that is told who asks. It runs on a reader's or the writer's thread and never blocks.
  using Handler = std::function<void(http::Responder, const Identity&)>;
  /// Calls `handler` for those who may: 401 for whoever has no session, 403 for a change that comes with the
  /// cookie and without the header X-Jangbu-Csrf, which no form of another site can send, and for those whose
  /// role does not allow it. A change (Effect::write) is recorded before, and its answer goes out when that
  /// is recorded, too.
  /// `without_session`: what is called instead for whoever has none; empty: 401.
  [[nodiscard]] http::Handler guarded(const std::string& pattern, http::Effect effect, Handler handler,
                                      http::Handler without_session = {});

 private:
  using Shared = std::shared_ptr<http::Responder>;
  Result<Identity> identity_of(store::Session& session, const Sessions::Claim& claim) const;
  void admit(http::Responder responder, const Identity& who, const std::string& pattern, bool recorded,
             const Handler& handler);
  void record(const Shared& to, const Identity& who, const std::string& pattern, const Handler& handler);

  engine::Engine& engine_;
  State& state_;
  const Sessions& sessions_;
  std::string local_token_;
};

}  // namespace jangbu::console
