// The operator's desk: how much moved, what waits for people, and what stands behind an id.
#pragma once

#include <memory>
#include <vector>

#include "door/desk.h"
#include "engine/engine.h"
#include "http/router.h"
#include "ledger/explain.h"

namespace jangbu::console {

/// GET /api/overview and /api/search. Lives as long as the server.
class DeskRoutes {
 public:
  DeskRoutes(engine::Engine& engine, std::vector<std::unique_ptr<door::Desk>> desks)
      : engine_(engine), desks_(std::move(desks)) {}
  void add_routes(http::Router& router);

 private:
  void overview(http::Responder responder);
  void search(http::Responder responder);

  engine::Engine& engine_;
  std::vector<std::unique_ptr<door::Desk>> desks_;
};

/// Of what belongs to no door: messages, operators, accounts of the book, records. The engine must outlive
/// it.
std::unique_ptr<door::Desk> make_house_desk(const engine::Engine& engine);

}  // namespace jangbu::console
