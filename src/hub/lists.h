// The operator's lists of the hub over all apps, and its side of the operator's desk.
#pragma once

#include <memory>

#include "door/desk.h"
#include "engine/engine.h"
#include "http/router.h"

namespace jangbu::hub {

/// GET /api/hub/campaigns, /api/hub/partners, /api/hub/access-requests and what stands behind one of them.
/// The engine must outlive the router.
void add_lists(http::Router& router, engine::Engine& engine);

std::unique_ptr<door::Desk> make_desk();

}  // namespace jangbu::hub
