#include "hub/admin_queries.h"

#include "engine/unit.h"
#include "hub/columns.h"
#include "hub/queries.h"
#include "hub/records.h"
#include "hub/state.h"
#include "hub/tables.h"

namespace jangbu::hub {
namespace {

using store::Value;

/// Orders that one page looks at.
constexpr std::uint64_t max_scanned = 5000;

const store::Sql page_orders_sql{"SELECT number, " JANGBU_HUB_ORDER_COLUMNS
                                 " FROM hub_orders WHERE number < $1 ORDER BY number DESC LIMIT $2"};
const store::Sql page_attention_sql{
    "SELECT number, " JANGBU_HUB_ORDER_COLUMNS
    " FROM hub_orders WHERE attention <> 0 AND number < $1 ORDER BY number DESC LIMIT $2"};

struct Scan {
  std::vector<OrderRow> rows;
  OrderNumber next = 0;
};

Result<Scan> scan_orders(store::Session& session, const AdminOrderList& list) {
  Scan scan;
  OrderNumber last = 0;
  std::uint64_t seen = 0;
  RETURN_IF_ERROR(session.query(
      list.attention ? page_attention_sql : page_orders_sql,
      {Value::number(list.before == 0 ? INT64_MAX : list.before), Value::number(max_scanned + 1)},
      [&](const store::Row& row) {
        const OrderRow order = read_order(row, 1);
        const bool fits = !list.status || order.status == *list.status;
        if (seen == max_scanned || (fits && scan.rows.size() == list.limit)) {
          scan.next = last;
          return false;
        }
        ++seen;
        last = row.number(0);
        if (fits) scan.rows.push_back(order);
        return true;
      }));
  return scan;
}

}  // namespace

Result<std::shared_ptr<Apps>> all_apps(store::Session& session) {
  return door::read_apps<AppSet>(session, AppsSql::load);
}

Result<AdminOrderPage> all_orders(store::Session& session, const AdminOrderList& list) {
  ASSIGN_OR_RETURN(const auto apps, all_apps(session));
  ASSIGN_OR_RETURN(const Scan scan, scan_orders(session, list));
  AdminOrderPage page;
  page.next = scan.next;
  for (const OrderRow& row : scan.rows) {
    ASSIGN_OR_RETURN(const engine::Record record, engine::load_record(session, row.record));
    ASSIGN_OR_RETURN(const Money refunded, refunded_of(session, row));
    page.orders.push_back({{row, *said<OrderCreated>(record), refunded}, apps->find(row.app)->code});
  }
  return page;
}

Result<AdminPartner> partner_for_admin(store::Session& session, PartnerId id) {
  AdminPartner partner;
  partner.id = id;
  ASSIGN_OR_RETURN(partner.row, find_partner(session, id));
  ASSIGN_OR_RETURN(const auto apps, all_apps(session));
  partner.app = apps->find(partner.row.app)->code;
  ASSIGN_OR_RETURN(partner.manager, find_manager(session, partner.row.manager));
  if (partner.manager.invite != 0) {
    ASSIGN_OR_RETURN(partner.invite, find_invite(session, partner.manager.invite));
  }
  ASSIGN_OR_RETURN(partner.managers, managers_of(session, id, partner.row));
  ASSIGN_OR_RETURN(partner.access_requests, access_requests(session, id));
  ASSIGN_OR_RETURN(partner.deposit, deposit_of(session, id));
  ASSIGN_OR_RETURN(partner.campaigns, campaigns_count(session, id));
  ASSIGN_OR_RETURN(const engine::Record record, engine::load_record(session, partner.row.record));
  partner.created_at = record.recorded_at;
  return partner;
}

}  // namespace jangbu::hub
