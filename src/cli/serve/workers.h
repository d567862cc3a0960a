// What works beside the doors of a node, on threads of its own: takes money, sends what was said, asks
// merchants, brings clicks into the books, hashes passwords.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "affiliate/click_buffer.h"
#include "affiliate/reconcile.h"
#include "cli/serve/node.h"
#include "crypto/passwords.h"
#include "delivery/post_office.h"
#include "payment/cashier.h"
#include "payment/checkout_wire.h"

namespace jangbu::cli {

/// The engine calls them back until it is gone, so that all but what end() ends must outlive it.
struct Workers {
  explicit Workers(Node& node)
      : operators_passwords(node.random), managers_passwords(node.random), node_(node) {}

  /// After the node is open; nothing works yet.
  Status open();
  /// Begins the work. The post office, without which no request may come, is begun by itself before.
  void start();
  /// After the last request: lets each finish what it does. Returns true when nothing was cut off.
  bool stop(std::int64_t patience_ms);
  /// Takes apart what must be gone before the engine.
  void end();

  // Apart, so that a flood of sign-ins at the portal keeps no operator out.
  crypto::Passwords operators_passwords;
  crypto::Passwords managers_passwords;
  std::optional<payment::BillingKeys> billing_keys;
  std::unique_ptr<payment::Cashier> cashier;
  payment::PayMethods pay_methods;  // of the acquirers that the cashier has
  std::unique_ptr<affiliate::ClickBuffer> clicks;
  std::unique_ptr<affiliate::Reconciler> reconciler;
  std::unique_ptr<delivery::PostOffice> post_office;

 private:
  Status open_cashier();
  Status open_post_office();

  Node& node_;
};

}  // namespace jangbu::cli
