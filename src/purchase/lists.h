// The operator's lists of the purchase door over all holders, and its side of the operator's desk.
#pragma once

#include <memory>

#include "door/desk.h"
#include "engine/engine.h"
#include "http/router.h"

namespace jangbu::purchase {

/// GET /api/purchase/shops, /api/purchase/blocks and a holder's purchases. The engine must outlive the
/// router.
void add_lists(http::Router& router, engine::Engine& engine);

std::unique_ptr<door::Desk> make_desk(const engine::Engine& engine);

}  // namespace jangbu::purchase
