// The operator's lists of the invoice door over all apps, and its side of the operator's desk.
#pragma once

#include <memory>

#include "door/desk.h"
#include "engine/engine.h"
#include "http/router.h"

namespace jangbu::invoice {

/// GET /api/invoice/invoices, orders, cancels, subscriptions and bills. The engine must outlive the router.
void add_lists(http::Router& router, engine::Engine& engine);

std::unique_ptr<door::Desk> make_desk(const engine::Engine& engine);

}  // namespace jangbu::invoice
