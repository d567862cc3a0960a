// Routes about the running program: health, metrics, the API description, and the sandbox's clock.
#pragma once

#include <functional>

#include "engine/engine.h"
#include "http/api.h"
#include "http/metrics.h"
#include "http/router.h"

namespace jangbu::console {

struct SystemRoutes {
  engine::Engine& engine;
  const http::Metrics& metrics;
  std::function<bool()> ready;  // false while starting and draining
  bool sandbox = false;
};

/// GET /healthz, /readyz, /metrics, /openapi.yaml; in the sandbox GET and POST /sandbox/clock. Also the
/// dialect of /api and /sandbox.
void add_system_routes(http::Router& router, const SystemRoutes& system);

/// Registers what the engine knows about itself.
void add_engine_metrics(http::Metrics& metrics, const engine::Engine& engine);

/// api/openapi.yaml, embedded.
std::string_view openapi_yaml();

}  // namespace jangbu::console
