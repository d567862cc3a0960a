// The operator's view of the book: accounts, and where money came from.
#pragma once

#include <memory>
#include <vector>

#include "engine/engine.h"
#include "http/api.h"
#include "http/router.h"
#include "ledger/explain.h"

namespace jangbu::console {

/// GET /api/ledger/accounts, /api/ledger/accounts/{ref} and its entries, /api/ledger/explain and
/// /api/ledger/status. Lives as long as the server.
class LedgerRoutes {
 public:
  LedgerRoutes(engine::Engine& engine, std::vector<std::unique_ptr<ledger::Explainer>> explainers);
  void add_routes(http::Router& router);

 private:
  using Handler = void (LedgerRoutes::*)(http::Responder);
  void add(http::Router& router, http::Method method, const char* pattern, http::Effect effect,
           Handler handler);
  using Read = std::function<Result<std::string>(store::Session&)>;
  void show(http::Responder responder, Read read);
  void list_accounts(http::Responder responder);
  void show_account(http::Responder responder);
  void list_entries(http::Responder responder);
  void show_status(http::Responder responder);
  void explain(http::Responder responder);

  engine::Engine& engine_;
  std::vector<std::unique_ptr<ledger::Explainer>> owned_;
  std::vector<const ledger::Explainer*> explainers_;
};

/// The engine's own records, and the deliveries'.
std::unique_ptr<ledger::Explainer> make_house_explainer();

}  // namespace jangbu::console
