// The operator's API of the purchase door: /api/purchase/...
#pragma once

#include "engine/engine.h"
#include "http/api.h"
#include "http/router.h"
#include "purchase/config.h"
#include "purchase/configure.h"
#include "purchase/phone.h"

namespace jangbu::purchase {

/// Lives as long as the server. Every route asks `authorize` first.
class Admin {
 public:
  Admin(engine::Engine& engine, State& state, Signers& signers, const PhoneBook& phones, Random& random,
        http::Authorize authorize);

  void add_routes(http::Router& router);

 private:
  using Handler = void (Admin::*)(http::Responder);
  void add(http::Router& router, http::Method method, const char* pattern, http::Effect effect,
           Handler handler);
  /// Submits the change that `make` builds around its answer, and answers with what `render` makes of the id.
  using Make = std::function<std::unique_ptr<engine::Command>(Configured)>;
  using Render = std::function<std::string(std::uint64_t)>;
  void change(http::Responder responder, const Make& make, Render render);

  /// Answers with a part of the configuration, read from the database: right on every node.
  void show(http::Responder responder, std::string (*render)(const Config&));
  void list_holders(http::Responder responder);
  void create_holder(http::Responder responder);
  void create_key(http::Responder responder);
  void revoke_key(http::Responder responder);
  void list_rates(http::Responder responder);
  void set_rate(http::Responder responder);
  void set_shop(http::Responder responder);
  void set_wallet(http::Responder responder);
  void link_phone(http::Responder responder);

  engine::Engine& engine_;
  State& state_;
  Signers& signers_;
  const PhoneBook& phones_;
  Random& random_;
  http::Authorize authorize_;
};

/// A new access key: 32 random bytes as hex.
std::string new_access_key(Random& random);

}  // namespace jangbu::purchase
