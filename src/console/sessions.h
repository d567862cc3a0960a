// Sign-in of operators: POST /api/session {email, password} -> {token}, used as `Authorization: Bearer
// <token>`.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "base/random.h"
#include "base/time.h"
#include "engine/engine.h"
#include "http/router.h"

namespace jangbu::console {

/// What follows "Bearer " in the Authorization header, or empty.
std::string_view bearer_token(const http::Request& request);

/// Tokens carry their end and a proof made with the installation's key, so that every node of it knows them
/// and none keeps them. Passwords are argon2id and checked one at a time; tries are limited for each address.
/// Thread-safe.
class Sessions {
 public:
  /// `key`: shared by the nodes of the installation.
  Sessions(engine::Engine& engine, const Clock& clock, Random& random, const Hash& key)
      : engine_(engine), clock_(clock), random_(random), key_(key) {}

  /// `password_hash`: of crypto::hash_password.
  void set_operator(std::string email, std::string password_hash);
  void add_routes(http::Router& router);
  [[nodiscard]] bool is_open(std::string_view token) const;

 private:
  struct Tries {
    Instant since;
    int count = 0;
  };
  void open(http::Responder responder);
  http::Response sign_in(const http::Request& request);
  bool may_try(const std::string& peer);
  [[nodiscard]] std::string proof_of(std::string_view claim) const;

  engine::Engine& engine_;
  const Clock& clock_;
  Random& random_;
  Hash key_;
  mutable std::mutex mutex_;
  std::mutex password_mutex_;  // one password at a time: each takes 19 MiB
  std::string email_;
  std::string password_hash_;
  std::map<std::string, Tries> tries_;  // by address
};

}  // namespace jangbu::console
