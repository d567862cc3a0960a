// Sign-in of operators, their accounts, and what they did: /api/session, /api/operators, /api/audit.
#pragma once

#include <memory>
#include <string>

#include "base/random.h"
#include "console/access.h"
#include "crypto/passwords.h"
#include "http/sign_in_log.h"
#include "http/sign_in_tries.h"
#include "http/tries.h"

namespace jangbu::console {

/// Lives as long as the server. Tries of passwords are limited (http::SignInTries). Every
/// sign-in is recorded before its token is handed out; of what is refused one record says so for each account
/// and quarter of an hour, and one that it was locked out, so that nobody fills the log by guessing.
class AccountRoutes {
 public:
  AccountRoutes(engine::Engine& engine, State& state, Access& access, const Sessions& sessions,
                crypto::Passwords& passwords, const Clock& clock, Random& random, http::Metrics& metrics);
  void add_routes(http::Router& router);

 private:
  using Shared = std::shared_ptr<http::Responder>;
  using Handler = void (AccountRoutes::*)(http::Responder, const Identity&);
  void add(http::Router& router, http::Method method, const char* pattern, http::Effect effect,
           Handler handler);

  void sign_in(http::Responder responder);
  using Tried = std::shared_ptr<http::SignInTries::Try>;
  void check_password(const Shared& to, const Tried& tried, store::Session& session, const std::string& email,
                      std::string password);
  /// Answers when it is recorded that the account was signed in; with the error when it cannot be.
  void let_in(const Shared& to, const OperatorSet& account);
  /// Answers with `response`, and records that whoever it is was refused, unless that was recorded lately.
  /// `actor`: 0: nobody has the address that was given.
  /// `also_taken`: of `refusals_noted_`, given back with its own when the record cannot be made.
  void turn_away(const Shared& to, OperatorId actor, http::Response response,
                 const std::string& also_taken = {});
  /// The same for an account that was tried too often.
  void lock_out(http::Responder responder, const std::string& email, const http::Response& refusal);
  [[nodiscard]] http::Response signed_in(const OperatorSet& account) const;
  void show_own(http::Responder responder, const Identity& who);
  void sign_out(http::Responder responder, const Identity& who);
  void change_own_password(http::Responder responder, const Identity& who);

  void list(http::Responder responder, const Identity& who);
  void create(http::Responder responder, const Identity& who);
  void update(http::Responder responder, const Identity& who);
  void reset_password(http::Responder responder, const Identity& who);
  void list_actions(http::Responder responder, const Identity& who);

  using Done = std::function<void(const OperatorSet&)>;
  void submit(const Shared& to, OperatorId id, std::function<Status(OperatorSet&)> change, const Done& done);
  /// Hashes the password, then changes the account with it.
  void submit_with_password(const Shared& to, OperatorId id, const std::string& password,
                            std::function<Status(OperatorSet&)> change, const Done& done);

  engine::Engine& engine_;
  State& state_;
  Access& access_;
  const Sessions& sessions_;
  crypto::Passwords& passwords_;
  const Clock& clock_;
  Random& random_;
  http::SignInTries sign_ins_;
  http::SignInLog sign_in_log_;
  http::Tries tries_of_own_password_;
  http::Tries refusals_noted_;
};

}  // namespace jangbu::console
