// The operator's API of the affiliate door: merchants, programmes, affiliates, promotions, exchange rates;
// and a look at conversions.
#pragma once

#include <functional>

#include "affiliate/configure.h"
#include "affiliate/state.h"
#include "base/random.h"
#include "door/turn.h"
#include "engine/engine.h"
#include "http/operator_routes.h"

namespace jangbu::affiliate {

/// Lives as long as the server. Every route asks `authorize` first. What is changed is changed from how it
/// stands, one change at a time; whoever comes meanwhile is told `overloaded`.
class Admin : public http::OperatorRoutes {
 public:
  Admin(engine::Engine& engine, State& state, const ConfigBoard& board, Random& random,
        http::Authorize authorize);
  void add_routes(http::Router& router);

 private:
  void list_merchants(http::Responder responder);
  void show_merchant(http::Responder responder);
  void create_merchant(http::Responder responder);
  void update_merchant(http::Responder responder);
  void list_programs(http::Responder responder);
  void show_program(http::Responder responder);
  void create_program(http::Responder responder);
  void update_program(http::Responder responder);
  void list_affiliates(http::Responder responder);
  void show_affiliate(http::Responder responder);
  void create_affiliate(http::Responder responder);
  void update_affiliate(http::Responder responder);
  void rotate_affiliate(http::Responder responder);
  void list_promos(http::Responder responder);
  void set_promo(http::Responder responder);
  void list_rates(http::Responder responder);
  void set_rate(http::Responder responder);
  void list_conversions(http::Responder responder);
  void show_conversion(http::Responder responder);

  void set_merchant(http::Responder responder, MerchantSet merchant, int status, door::Turn turn);
  void set_program(http::Responder responder, ProgramSet program, int status, door::Turn turn);
  /// `auth_key`: shown once, where it is new.
  void set_affiliate(http::Responder responder, AffiliateSet affiliate, std::string auth_key, int status,
                     door::Turn turn);

  engine::Engine& engine_;
  State& state_;
  const ConfigBoard& board_;
  Random& random_;
  door::Turns changes_;
};

/// What an affiliate asks with: 32 hexadecimal digits.
inline constexpr std::size_t auth_key_characters = 32;
std::string new_auth_key(Random& random);

}  // namespace jangbu::affiliate
