// The intake's routes: where merchants' servers send orders and actions.
#pragma once

#include <functional>

#include "affiliate/conversions.h"
#include "affiliate/state.h"
#include "affiliate/wire_intake.h"
#include "engine/engine.h"
#include "http/rate_limiter.h"
#include "http/router.h"

namespace jangbu::affiliate {

/// What the intake is made of; all of it outlives the intake.
struct IntakeParts {
  engine::Engine& engine;
  State& state;
  const ConfigBoard& board;
  const Clock& clock;
  /// Sees to it that a click which is known in memory alone is in the books before the order is. May be
  /// empty.
  std::function<void(ClickId)> bring_click = {};
};

/// Lives as long as the server and the engine's threads. Handlers run on I/O threads.
class Intake {
 public:
  explicit Intake(IntakeParts parts) : parts_(std::move(parts)), limiter_(parts_.clock) {}
  void add_routes(http::Router& router);

 private:
  void take(http::Responder responder, IntakeRead (*read)(std::string_view));

  IntakeParts parts_;
  http::RateLimiter limiter_;
};

}  // namespace jangbu::affiliate
