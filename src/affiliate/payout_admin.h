// The operator's routes of conversions and payouts: /api/conversions/{trlog_id}/confirm and /cancel,
// /api/payouts.
#pragma once

#include <utility>

#include "affiliate/config.h"
#include "affiliate/settlement.h"
#include "engine/engine.h"
#include "http/operator_routes.h"

namespace jangbu::affiliate {

/// Lives as long as the server.
class PayoutAdmin : public http::OperatorRoutes {
 public:
  PayoutAdmin(engine::Engine& engine, SettlementBook& book, http::Authorize authorize)
      : OperatorRoutes(std::move(authorize)), engine_(engine), book_(book) {}
  void add_routes(http::Router& router);

 private:
  void confirm_conversion(http::Responder responder);
  void cancel_conversion(http::Responder responder);
  void list_unpaid(http::Responder responder);
  void list_payouts(http::Responder responder);
  void show_payout(http::Responder responder);
  void make_payouts(http::Responder responder);
  void download_payouts(http::Responder responder);
  void pay_payout(http::Responder responder);
  void fail_payout(http::Responder responder);

  engine::Engine& engine_;
  SettlementBook& book_;
};

}  // namespace jangbu::affiliate
