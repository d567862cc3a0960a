// The routes of orders and of the catalogue.
#include "invoice/routes.h"

namespace jangbu::invoice {
namespace {

/// The bills among the parts that the order did not pay. It paid the first one of its subscription; each
/// later one is a payment of its own.
Result<Issues> foreign_bills(store::Session& session, AppId app, OrderNumber order,
                             const std::vector<CancelledPart>& parts) {
  Issues issues;
  for (const CancelledPart& part : parts) {
    if (!part.is_bill) continue;
    const auto number = bill_number(session, app, part.id);
    if (!number && number.error().code != Errc::bill_not_found) return number.error();
    std::optional<BillView> bill;
    if (number) {
      ASSIGN_OR_RETURN(bill, bill_by_number(session, *number));
    }
    if (!bill || bill->subscription.row.order != order) {
      issues.push_back({part.path, "not_found", "the order has no such bill"});
    } else if (bill->row.kind != BillKind::month || bill->row.month != 1) {
      issues.push_back({part.path, "invalid_value",
                        "the order paid its first bill alone: a later one is not given back here"});
    }
  }
  return issues;
}

}  // namespace

void Door::list_orders(const Shared& in) {
  answer_orders(in, parse_order_list(in->request().query(), in->zone()));
}
void Door::list_orders_of_month(const Shared& in) {
  answer_orders(in, parse_order_month(in->request().query(), in->zone()));
}

void Door::answer_orders(const Shared& in, const Parsed<OrderList>& parsed) {
  if (const auto* issues = std::get_if<Issues>(&parsed)) return in->respond(issues_response(*issues));
  read(in,
       [list = std::get<OrderList>(parsed), app = in->caller.app](store::Session& session) -> Result<Answer> {
         ASSIGN_OR_RETURN(const Page<OrderView> page, orders_of_app(session, app, list));
         return render_orders(page.items, page.count, page.complete);
       });
}

void Door::get_order(const Shared& in) {
  const std::string id(in->request().path_parameter("id"));
  read(in, [id, app = in->caller.app](store::Session& session) -> Result<Answer> {
    ASSIGN_OR_RETURN(const OrderView order, order_of_app(session, app, id));
    return render_order(order);
  });
}

void Door::list_cancels(const Shared& in) {
  read(in,
       [order = parse_cancel_list(in->request().query()),
        app = in->caller.app](store::Session& session) -> Result<Answer> {
         ASSIGN_OR_RETURN(const std::vector<CancelView> cancels, cancels_of_app(session, app, order));
         return render_cancels(cancels);
       });
}

void Door::request_cancel(const Shared& in) {
  auto parsed = parse_order_cancel(in->request().body());
  if (const auto* issues = std::get_if<Issues>(&parsed)) return in->respond(issues_response(*issues));
  OrderCancel& cancel = std::get<OrderCancel>(parsed);
  const bool at_once = cancel.is_supervisor || in->caller.is_supervisor;
  struct Found {
    OrderNumber number = 0;
    Issues issues;
  };
  with_number(
      in,
      [app = in->caller.app, order = cancel.order, parts = cancel.request.parts](
          store::Session& session, const std::string&) -> Result<Found> {
        Found found;
        ASSIGN_OR_RETURN(found.number, order_number(session, app, order));
        ASSIGN_OR_RETURN(found.issues, foreign_bills(session, app, found.number, parts));
        return found;
      },
      [this, in, at_once, request = cancel.request](const Found& found) {
        if (!found.issues.empty()) return in->respond(issues_response(found.issues));
        submit<RequestCancel, CancelTold>(in, render_cancel, found.number, request, at_once);
      });
}

void Door::approve_cancel(const Shared& in) {
  if (!require_supervisor(in)) return;
  auto parsed = parse_cancel_decision(in->request().body());
  if (const auto* issues = std::get_if<Issues>(&parsed)) return in->respond(issues_response(*issues));
  with_number(
      in,
      [app = in->caller.app](store::Session& session, const std::string& id) {
        return cancel_number(session, app, id);
      },
      [this, in, decision = std::get<CancelDecision>(parsed)](CancelNumber number) {
        submit<ApproveCancel, CancelTold>(in, render_cancel, number, decision.amount);
      });
}

void Door::close_cancel(const Shared& in, CancelStatus status) {
  auto parsed = parse_cancel_decision(in->request().body());
  if (const auto* issues = std::get_if<Issues>(&parsed)) return in->respond(issues_response(*issues));
  with_number(
      in,
      [app = in->caller.app](store::Session& session, const std::string& id) {
        return cancel_number(session, app, id);
      },
      [this, in, status, decision = std::get<CancelDecision>(parsed)](CancelNumber number) {
        submit<CloseCancel, CancelTold>(in, render_cancel, number, status, decision.message);
      });
}

void Door::reject_cancel(const Shared& in) {
  if (require_supervisor(in)) close_cancel(in, CancelStatus::rejected);
}
void Door::withdraw_cancel(const Shared& in) { close_cancel(in, CancelStatus::withdrawn); }

// ---- products

void Door::create_product(const Shared& in) {
  auto parsed = parse_product(in->request().body(), true);
  if (const auto* issues = std::get_if<Issues>(&parsed)) return in->respond(issues_response(*issues));
  submit<SetProduct, ProductSet>(in, render_product_set, ProductNumber{0},
                                 std::move(std::get<ProductChange>(parsed)), false);
}

void Door::list_products(const Shared& in) {
  const auto parsed = parse_product_list(in->request().query());
  if (const auto* issues = std::get_if<Issues>(&parsed)) return in->respond(issues_response(*issues));
  read(in,
       [list = std::get<ProductList>(parsed),
        app = in->caller.app](store::Session& session) -> Result<Answer> {
         ASSIGN_OR_RETURN(const Page<ProductView> page, products_of_app(session, app, list));
         return render_products(page.items, page.count, page.complete);
       });
}

void Door::get_product(const Shared& in) {
  const std::string id(in->request().path_parameter("id"));
  read(in, [id, app = in->caller.app](store::Session& session) -> Result<Answer> {
    ASSIGN_OR_RETURN(const ProductView product, product_of_app(session, app, id));
    return render_product(product);
  });
}

void Door::set_product(const Shared& in, bool deletes) {
  auto parsed = parse_product(deletes ? std::string_view() : in->request().body(), false);
  if (const auto* issues = std::get_if<Issues>(&parsed)) return in->respond(issues_response(*issues));
  with_number(
      in,
      [app = in->caller.app](store::Session& session, const std::string& id) {
        return product_number(session, app, id);
      },
      [this, in, deletes, change = std::move(std::get<ProductChange>(parsed))](ProductNumber number) {
        submit<SetProduct, ProductSet>(in, render_product_set, number, change, deletes);
      });
}

void Door::update_product(const Shared& in) { set_product(in, false); }
void Door::delete_product(const Shared& in) { set_product(in, true); }

}  // namespace jangbu::invoice
