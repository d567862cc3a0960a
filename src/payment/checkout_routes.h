// The routes behind the checkout page, and the sandbox's way to pay without a page.
#pragma once

#include "base/random.h"
#include "engine/engine.h"
#include "http/links.h"
#include "http/router.h"
#include "payment/cashier.h"
#include "payment/checkout_link.h"
#include "payment/checkout_wire.h"

namespace jangbu::payment {

/// Whoever has a checkout's link may look at it and pay it. What is passed in must outlive the routes.
class CheckoutRoutes {
 public:
  CheckoutRoutes(engine::Engine& engine, Cashier& cashier, const http::Links& links, const Clock& clock,
                 Random& random, PayMethods methods);
  void add_routes(http::Router& router);

 private:
  using Found = std::function<void(std::shared_ptr<http::Responder>, Checkout, LinkHolder)>;

  /// Finds the checkout of the path's token, or answers 404.
  void with_checkout(http::Responder responder, Found found);
  void session(http::Responder responder);
  void pay(http::Responder responder);
  void authenticate(http::Responder responder);
  void toss(http::Responder responder);
  void toss_notice(http::Responder responder);
  void sandbox_pay(http::Responder responder);
  void hand_over(std::shared_ptr<http::Responder> responder, Checkout checkout, PayRequest request);

  engine::Engine& engine_;
  Cashier& cashier_;
  const http::Links& links_;
  const Clock& clock_;
  Random& random_;
  PayMethods methods_;
};

}  // namespace jangbu::payment
