// The partner portal's API, /partner/api: a brand's managers accept their invitations, sign in and see their
// campaigns and their deposit. The pages are in web/.
#pragma once

#include <functional>
#include <memory>

#include "crypto/passwords.h"
#include "engine/engine.h"
#include "http/links.h"
#include "http/router.h"
#include "http/sign_in_log.h"
#include "http/sign_in_tries.h"
#include "hub/decide.h"
#include "hub/portal_queries.h"
#include "hub/portal_session.h"
#include "hub/state.h"

namespace jangbu::hub {

/// Lives as long as the server. Sees what its manager's partner owns and nothing else. A change needs the
/// header X-Jangbu-Csrf, which no form of another site can send.
class Portal {
 public:
  /// `key`: of sessions, shared by the nodes of the installation.
  Portal(engine::Engine& engine, State& state, crypto::Passwords& passwords, const http::Links& links,
         const Clock& clock, Random& random, const Hash& key, http::Metrics& metrics);
  void add_routes(http::Router& router);

 private:
  using Shared = std::shared_ptr<http::Responder>;
  /// Whoever has a session, as the books know them.
  struct SignedIn {
    ManagerRow manager;
    PartnerRow partner;
    PartnerId partner_id = 0;
    bool contact = false;  // of the partner
  };
  using View = std::function<Result<std::string>(store::Session&, const SignedIn&, const http::Request&)>;

  void show_invite(http::Responder responder);
  void accept_invite(http::Responder responder);
  void set_password(Shared to, InviteId invite, std::string password_hash);
  void confirm_access(http::Responder responder);
  void decline_access(http::Responder responder);
  void withdraw_access(http::Responder responder);
  /// Command: ConfirmAccess, DeclineAccess or WithdrawAccess; it leaves a T.
  template <typename Command, typename T>
  void judge_access(http::Responder responder, std::string (*said_as)(const T&));
  template <typename Command, typename T>
  void submit_judgement(const Shared& to, ManagerId about, AccessJudge by, std::string (*said_as)(const T&));
  void sign_in(http::Responder responder);
  void check_password(const Shared& to, const std::shared_ptr<http::SignInTries::Try>& tried,
                      store::Session& session, const std::string& email, std::string password);
  void sign_out(http::Responder responder);
  void forget_password(http::Responder responder);
  void change_password(http::Responder responder);
  /// `before`: the hash of the password that the manager gave.
  void submit_password(const Shared& to, ManagerId manager, std::string before, std::string password_hash);
  /// Answers with what `view` makes for the session's manager: 401 without one.
  void show(http::Responder responder, View view);
  Result<SignedIn> signed_in(store::Session& session, const PortalSessions::Claim& claim) const;

  engine::Engine& engine_;
  State& state_;
  crypto::Passwords& passwords_;
  const http::Links& links_;
  PortalSessions sessions_;
  const Clock& clock_;
  http::SignInTries sign_ins_;
  http::SignInLog sign_in_log_;
  http::Tries tries_of_own_password_;
  http::Tries links_of_network_;
  http::Tries links_of_account_;
};

}  // namespace jangbu::hub
