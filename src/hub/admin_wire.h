// The operator's requests and answers about the hub, in the dialect of /api.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/json_body.h"
#include "hub/apps.h"
#include "hub/portal_queries.h"

namespace jangbu::hub {

/// Reads the settings of an app that a body names over those of `app`; what is wrong is noted in `body`.
void read_settings(http::JsonBody& body, AppSet& app);
/// {"code","scope"} and the settings.
AppSet read_new_app(http::JsonBody& body);

/// GET /api/hub/orders
struct AdminOrderList {
  bool attention = false;
  std::optional<OrderStatus> status;
  OrderNumber before = 0;  // 0: from the newest
  std::uint64_t limit = 25;
};
/// "attention=1&status=PAID&cursor=12&limit=50". Error: invalid_parameters, naming all that is wrong.
Result<AdminOrderList> read_order_list(std::string_view query);

std::string apps_json(const Apps& apps, Instant wall_now);
/// `secret` and `webhook_key`: shown once; empty: not shown.
std::string app_json(const AppSet& app, Instant wall_now, std::string_view secret = {},
                     std::string_view webhook_key = {});

struct AdminOrder {
  OrderView order;
  std::string app;  // its code
};
struct AdminOrderPage {
  std::vector<AdminOrder> orders;
  OrderNumber next = 0;  // 0: there is none
};
std::string order_json(const AdminOrder& order);
std::string orders_json(const AdminOrderPage& page);

/// A partner with all that an operator wants to know of it.
struct AdminPartner {
  PartnerId id = 0;
  PartnerRow row;
  std::string app;
  Instant created_at;
  ManagerRow manager;
  std::optional<InviteRow> invite;  // the one that counts
  std::vector<ManagerView> managers;
  std::vector<AccessRequest> access_requests;
  ledger::Account deposit;
  std::uint64_t campaigns = 0;
};
std::string partner_json(const AdminPartner& partner, Instant now);

}  // namespace jangbu::hub
