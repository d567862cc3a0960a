#include "invoice/lists.h"

#include "base/json.h"
#include "door/answer.h"
#include "door/listing.h"
#include "engine/unit.h"
#include "invoice/columns.h"
#include "invoice/queries.h"
#include "invoice/queries_rows.h"
#include "invoice/subscription_messages.h"
#include "invoice/subscription_queries.h"
#include "invoice/subscription_tables.h"
#include "invoice/wire_names.h"

namespace jangbu::invoice {
namespace {

using door::Wanted;
using http::Effect;
using http::Method;
using store::Session;

const store::Sql invoices_sql{"SELECT number, " JANGBU_INVOICE_COLUMNS
                              " FROM invoice_invoices WHERE number < $1 ORDER BY number DESC LIMIT $2"};
const store::Sql orders_sql{"SELECT number, " JANGBU_INVOICE_ORDER_COLUMNS
                            " FROM invoice_orders WHERE number < $1 ORDER BY number DESC LIMIT $2"};
const store::Sql page_cancels_sql{"SELECT number, " JANGBU_INVOICE_CANCEL_COLUMNS
                                  " FROM invoice_cancels WHERE number < $1 ORDER BY number DESC LIMIT $2"};
const store::Sql one_cancel_sql{"SELECT " JANGBU_INVOICE_CANCEL_COLUMNS
                                " FROM invoice_cancels WHERE number = $1"};
const store::Sql subscriptions_sql{
    "SELECT number, " JANGBU_SUBSCRIPTION_COLUMNS
    " FROM invoice_subscriptions WHERE number < $1 ORDER BY number DESC LIMIT $2"};
const store::Sql bills_sql{
    "SELECT number, " JANGBU_BILL_COLUMNS
    " FROM invoice_subscription_bills WHERE number < $1 ORDER BY number DESC LIMIT $2"};

std::string_view name_of(SubscriptionStatus status) {
  switch (status) {
    case SubscriptionStatus::active:
      return "active";
    case SubscriptionStatus::paused:
      return "paused";
    case SubscriptionStatus::held:
      return "held";
    case SubscriptionStatus::ended:
      return "ended";
    case SubscriptionStatus::terminated:
      return "terminated";
  }
  return "";
}

std::string_view name_of(BillStatus status) {
  switch (status) {
    case BillStatus::ready:
      return "ready";
    case BillStatus::charging:
      return "charging";
    case BillStatus::done:
      return "done";
    case BillStatus::failed:
      return "failed";
    case BillStatus::cancelled:
      return "cancelled";
    case BillStatus::terminated:
      return "terminated";
  }
  return "";
}

std::string_view name_of(BillKind kind) {
  switch (kind) {
    case BillKind::month:
      return "month";
    case BillKind::fee:
      return "fee";
    case BillKind::on_demand:
      return "on_demand";
    case BillKind::purchase:
      return "purchase";
  }
  return "";
}

void put_app(json::Writer& out, const Apps& apps, AppId id) {
  const AppSet* app = apps.find(id);
  out.key("app").begin_object().key("client_key").string(app == nullptr ? "" : app->client_key);
  out.key("name").string(app == nullptr ? "" : app->name).end_object();
}

bool is_of_app(const Wanted& wanted, const Apps& apps, AppId id) {
  const AppSet* app = apps.find(id);
  return wanted.fits("app", app == nullptr ? std::string_view() : app->client_key);
}

// ---- invoices and orders

void put_invoice(json::Writer& out, const Apps& apps, InvoiceNumber number, const InvoiceView& view) {
  const InvoiceRow& row = view.row;
  const NewInvoice& form = view.created->form;
  out.key("invoice_id").string(object_id(IdKind::invoice, row.created_at, number));
  put_app(out, apps, row.app);
  out.key("status").string(status_name(row.status)).key("name").string(form.name);
  out.key("request_id").string(form.request_id);
  out.key("amount").raw(view.created->amount.to_units_text()).key("currency").string(won);
  out.key("refunded").raw((view.order ? view.order->refunded : Money()).to_units_text());
  out.key("user")
      .begin_object()
      .key("id")
      .string(form.user.id)
      .key("name")
      .string(form.user.name)
      .end_object();
  put_payment(out, row, view.order, view.method);
  door::put_time_or_null(out, "created_at", row.created_at);
  door::put_time_or_null(out, "expires_at", view.created->expires_at);
  out.key("record").unsigned_number(row.record);
  out.key("order_record");
  view.order ? out.unsigned_number(view.order->record) : out.null();
}

std::string invoice_json(const Apps& apps, InvoiceNumber number, const InvoiceView& view, bool whole) {
  std::string body;
  json::Writer out(body);
  out.begin_object();
  put_invoice(out, apps, number, view);
  if (whole) {
    const NewInvoice& form = view.created->form;
    out.key("title").string(form.title).key("memo").string(form.memo).key("items").begin_array();
    for (const PricedItem& item : view.created->items) {
      out.begin_object().key("name").string(item.priced.name);
      out.key("quantity").unsigned_number(item.priced.quantity);
      out.key("unit_price").raw(item.priced.unit_price.to_units_text()).end_object();
    }
    out.end_array().key("by_browser").boolean(view.created->by_browser);
  }
  out.end_object();
  return body;
}

Result<std::string> list_invoices(Session& session, const Wanted& wanted) {
  ASSIGN_OR_RETURN(const auto apps, all_apps(session));
  const auto fits = [&](const store::Row& row) {
    const InvoiceRow invoice = read_invoice(row, 1);
    return wanted.fits("status", status_name(invoice.status)) && is_of_app(wanted, *apps, invoice.app) &&
           wanted.is_in("q", invoice.search);
  };
  const auto render = [&](std::uint64_t number) -> Result<std::string> {
    ASSIGN_OR_RETURN(const InvoiceView view, invoice_by_number(session, number));
    return invoice_json(*apps, number, view, false);
  };
  return door::page_of(session, {"invoices", invoices_sql, fits, render}, wanted);
}

Result<std::pair<InvoiceNumber, InvoiceView>> invoice_of_id(Session& session, std::string_view id) {
  const auto number = number_of_id(IdKind::invoice, id);
  if (!number) return Error(Errc::not_found, "there is no such invoice");
  auto view = invoice_by_number(session, *number);
  if (!view || object_id(IdKind::invoice, view->row.created_at, *number) != id)
    return Error(Errc::not_found, "there is no such invoice");
  return std::pair(*number, std::move(*view));
}

Result<std::string> show_invoice(Session& session, std::string_view id) {
  ASSIGN_OR_RETURN(const auto apps, all_apps(session));
  ASSIGN_OR_RETURN(const auto found, invoice_of_id(session, id));
  return invoice_json(*apps, found.first, found.second, true);
}

Result<std::string> list_orders(Session& session, const Wanted& wanted) {
  ASSIGN_OR_RETURN(const auto apps, all_apps(session));
  const auto fits = [&](const store::Row& row) { return is_of_app(wanted, *apps, read_order(row, 1).app); };
  const auto render = [&](std::uint64_t number) -> Result<std::string> {
    ASSIGN_OR_RETURN(const auto order, order_row(session, number));
    if (!order) return Errc::order_not_found;
    ASSIGN_OR_RETURN(const InvoiceView view, invoice_by_number(session, order->invoice));
    return invoice_json(*apps, order->invoice, view, false);
  };
  return door::page_of(session, {"orders", orders_sql, fits, render}, wanted);
}

Result<std::string> list_cancels(Session& session, const Wanted& wanted) {
  ASSIGN_OR_RETURN(const auto apps, all_apps(session));
  const auto fits = [&](const store::Row& row) {
    const CancelRow cancel = read_cancel(row, 1);
    return wanted.fits("status", status_name(cancel.status)) && is_of_app(wanted, *apps, cancel.app);
  };
  const auto render = [&](std::uint64_t number) -> Result<std::string> {
    std::optional<CancelRow> row;
    RETURN_IF_ERROR(
        session.query(one_cancel_sql, {store::Value::number(number)}, [&](const store::Row& found) {
          row = read_cancel(found, 0);
          return false;
        }));
    if (!row) return Errc::cancel_not_found;
    ASSIGN_OR_RETURN(const auto order, order_row(session, row->order));
    std::string body;
    json::Writer out(body);
    out.begin_object().key("cancel_id").string(object_id(IdKind::cancel, row->made_at, number));
    put_app(out, *apps, row->app);
    out.key("order_number").string(order ? order_code(row->order, order->purchased_at) : "");
    out.key("invoice_id");
    if (order) {
      ASSIGN_OR_RETURN(const InvoiceView view, invoice_by_number(session, order->invoice));
      out.string(object_id(IdKind::invoice, view.row.created_at, order->invoice));
    } else {
      out.null();
    }
    ASSIGN_OR_RETURN(const engine::Record record, engine::load_record(session, row->record));
    out.key("status").string(status_name(row->status)).key("reason").string(cancel_part_of(record).reason);
    out.key("amount");
    row->amount ? out.raw(row->amount->to_units_text()) : out.null();
    out.key("currency").string(won);
    door::put_time_or_null(out, "created_at", row->made_at);
    door::put_time_or_null(out, "closed_at", row->closed_at);
    out.key("record").unsigned_number(row->record).end_object();
    return body;
  };
  if (const auto it = wanted.filters.find("cancel"); it != wanted.filters.end()) {
    const auto found = cancel_of_id(session, it->second);
    if (!found && found.error().code == Errc::cancel_not_found) return door::page_of_one("cancels", {});
    if (!found) return found.error();
    ASSIGN_OR_RETURN(std::string item, render(found->first));
    return door::page_of_one("cancels", std::move(item));
  }
  return door::page_of(session, {"cancels", page_cancels_sql, fits, render}, wanted);
}

// ---- subscriptions and bills

std::string_view name_of(ChangeType type) {
  switch (type) {
    case ChangeType::pause:
      return "pause";
    case ChangeType::resume:
      return "resume";
    case ChangeType::termination:
      return "termination";
    case ChangeType::transfer:
      return "transfer";
    case ChangeType::purchase:
      return "purchase";
  }
  return "";
}

/// What a customer asks for.
void put_change(json::Writer& out, const ChangeView& change) {
  const ChangeRequested& requested = *change.requested;
  out.begin_object().key("change_id").string(object_id(IdKind::change, change.row.made_at, change.number));
  out.key("type").string(name_of(requested.type)).key("reason").string(requested.reason);
  door::put_time_or_null(out, "requested_at", change.row.made_at);
  door::put_time_or_null(out, "ends_at", requested.ends_at);
  out.key("price");
  requested.type == ChangeType::purchase ? out.raw(requested.price.to_units_text()) : out.null();
  out.key("user");
  if (requested.type == ChangeType::transfer) {
    out.begin_object()
        .key("id")
        .string(requested.user.id)
        .key("name")
        .string(requested.user.name)
        .end_object();
  } else {
    out.null();
  }
  out.end_object();
}

/// `change`: the request that is open; nullptr: it is not told.
std::string subscription_json(const Apps& apps, const SubscriptionView& view,
                              const std::optional<ChangeView>* change = nullptr) {
  const SubscriptionRow& row = view.row;
  std::string body;
  json::Writer out(body);
  out.begin_object().key("subscription_id");
  out.string(object_id(IdKind::subscription, row.started_at, view.number));
  put_app(out, apps, row.app);
  out.key("status").string(name_of(row.status)).key("month").unsigned_number(row.month);
  out.key("user_id").string(row.user_id).key("request_id").string(view.request_id);
  out.key("invoice_id").string(object_id(IdKind::invoice, view.invoice.created_at, row.invoice));
  out.key("order_number").string(order_code(row.order, view.order.purchased_at));
  out.key("change_waits").boolean(row.request != 0).key("bill_failed").boolean(row.failed != 0);
  out.key("card");
  view.card ? out.string(view.card->card_brand + " " + view.card->card_last4) : out.null();
  door::put_time_or_null(out, "started_at", row.started_at);
  door::put_time_or_null(out, "paid_at", row.paid_at);
  door::put_time_or_null(out, "failed_at", row.failed_at);
  door::put_time_or_null(out, "wakes_at", row.wakes_at);
  door::put_time_or_null(out, "ended_at", row.ended_at);
  if (change != nullptr) {
    out.key("change");
    *change ? put_change(out, **change) : void(out.null());
  }
  out.end_object();
  return body;
}

Result<std::string> list_subscriptions(Session& session, const Wanted& wanted) {
  ASSIGN_OR_RETURN(const auto apps, all_apps(session));
  const auto fits = [&](const store::Row& row) {
    const SubscriptionRow subscription = read_subscription(row, 1);
    return wanted.fits("status", name_of(subscription.status)) &&
           wanted.fits("change", subscription.request != 0 ? "waits" : "none") &&
           is_of_app(wanted, *apps, subscription.app) && wanted.is_in("q", subscription.search);
  };
  const auto render = [&](std::uint64_t number) -> Result<std::string> {
    ASSIGN_OR_RETURN(const SubscriptionView view, subscription_by_number(session, number));
    return subscription_json(*apps, view);
  };
  return door::page_of(session, {"subscriptions", subscriptions_sql, fits, render}, wanted);
}

Result<SubscriptionView> subscription_of_id(Session& session, std::string_view id) {
  const auto number = number_of_id(IdKind::subscription, id);
  if (!number) return Error(Errc::not_found, "there is no such subscription");
  auto view = subscription_by_number(session, *number);
  if (!view || object_id(IdKind::subscription, view->row.started_at, *number) != id)
    return Error(Errc::not_found, "there is no such subscription");
  return view;
}

Result<std::string> show_subscription(Session& session, std::string_view id) {
  ASSIGN_OR_RETURN(const auto apps, all_apps(session));
  ASSIGN_OR_RETURN(const SubscriptionView view, subscription_of_id(session, id));
  std::optional<ChangeView> change;
  if (view.row.request != 0) {
    ASSIGN_OR_RETURN(change, change_by_number(session, view.row.request));
  }
  return subscription_json(*apps, view, &change);
}

std::string bill_json(const Apps& apps, const BillView& view) {
  const BillRow& row = view.row;
  std::string body;
  json::Writer out(body);
  out.begin_object().key("bill_id").string(object_id(IdKind::bill, row.made_at, view.number));
  put_app(out, apps, row.app);
  out.key("subscription_id");
  out.string(object_id(IdKind::subscription, view.subscription.row.started_at, row.subscription));
  out.key("status").string(name_of(row.status)).key("kind").string(name_of(row.kind));
  out.key("month").unsigned_number(row.month).key("amount").raw(row.amount.to_units_text());
  out.key("refunded").raw(row.refunded.to_units_text()).key("currency").string(won);
  out.key("tries").unsigned_number(row.tries).key("code").string(row.code);
  door::put_time_or_null(out, "due_at", row.due_at);
  door::put_time_or_null(out, "retry_at", row.retry_at);
  door::put_time_or_null(out, "paid_at", row.paid_at);
  door::put_time_or_null(out, "failed_at", row.failed_at);
  out.end_object();
  return body;
}

/// Error: bill_not_found.
Result<BillView> bill_of_id(Session& session, std::string_view id) {
  const auto number = number_of_id(IdKind::bill, id);
  if (!number || *number > INT64_MAX) return Errc::bill_not_found;
  ASSIGN_OR_RETURN(BillView view, bill_by_number(session, *number));
  if (object_id(IdKind::bill, view.row.made_at, *number) != id) return Errc::bill_not_found;
  return view;
}

Result<std::string> list_bills(Session& session, const Wanted& wanted) {
  ASSIGN_OR_RETURN(const auto apps, all_apps(session));
  if (const auto it = wanted.filters.find("bill"); it != wanted.filters.end()) {
    const auto found = bill_of_id(session, it->second);
    if (!found && found.error().code == Errc::bill_not_found) return door::page_of_one("bills", {});
    if (!found) return found.error();
    return door::page_of_one("bills", bill_json(*apps, *found));
  }
  std::optional<SubscriptionNumber> of;
  if (const auto it = wanted.filters.find("subscription"); it != wanted.filters.end())
    of = number_of_id(IdKind::subscription, it->second).value_or(0);
  const auto fits = [&](const store::Row& row) {
    const BillRow bill = read_bill(row, 1);
    return wanted.fits("status", name_of(bill.status)) && is_of_app(wanted, *apps, bill.app) &&
           (!of || *of == bill.subscription);
  };
  const auto render = [&](std::uint64_t number) -> Result<std::string> {
    ASSIGN_OR_RETURN(const BillView view, bill_by_number(session, number));
    return bill_json(*apps, view);
  };
  return door::page_of(session, {"bills", bills_sql, fits, render}, wanted);
}

// ---- the desk

// Each in the order of the index of what waits, so that no other row is looked at.
const store::Sql asked_sql{"SELECT number FROM invoice_cancels WHERE status = 1 ORDER BY number LIMIT $1"};
const store::Sql refused_sql{"SELECT number FROM invoice_cancels WHERE status = 4 ORDER BY number LIMIT $1"};
const store::Sql failed_sql{
    "SELECT number FROM invoice_subscription_bills WHERE status = 4 ORDER BY number LIMIT $1"};
const store::Sql changes_sql{
    "SELECT number FROM invoice_subscription_changes WHERE status = 1 ORDER BY number LIMIT $1"};

class Desk final : public door::Desk {
 public:
  explicit Desk(const engine::Engine& engine) : engine_(engine) {}

  Status add_waiting(Session& session, std::vector<door::Waiting>& list) const override {
    RETURN_IF_ERROR(door::count_waiting(session, asked_sql, "invoice.cancels", list));
    RETURN_IF_ERROR(door::count_waiting(session, refused_sql, "invoice.refused_refunds", list));
    RETURN_IF_ERROR(door::count_waiting(session, failed_sql, "invoice.bills", list));
    return door::count_waiting(session, changes_sql, "invoice.changes", list);
  }

  Status find(Session& session, std::string_view text, std::vector<door::Found>& found) const override {
    ASSIGN_OR_RETURN(const auto invoice, door::if_there(invoice_of_id(session, text)));
    if (invoice) add_invoice(invoice->first, invoice->second, found);
    ASSIGN_OR_RETURN(const auto view, door::if_there(subscription_of_id(session, text)));
    if (view) found.push_back({"invoice.subscription", std::string(text), view->request_id});
    RETURN_IF_ERROR(find_decided(session, text, found));
    ASSIGN_OR_RETURN(const auto apps, all_apps(session));
    for (const auto& [id, app] : apps->by_id) {
      ASSIGN_OR_RETURN(const auto order, door::if_there(order_of_app(session, id, text)));
      if (order) add_invoice(order->invoice.created->number, order->invoice, found);
      for (const auto scope :
           {engine::KeyScope::invoice_request, engine::KeyScope::invoice_browser_request}) {
        ASSIGN_OR_RETURN(const auto record, engine_.peek_key(session, engine::key_digest(scope, id, text)));
        if (!record) continue;
        ASSIGN_OR_RETURN(const engine::Record made, engine::load_record(session, *record));
        const InvoiceNumber number = said<InvoiceCreated>(made)->number;
        ASSIGN_OR_RETURN(const InvoiceView view, invoice_by_number(session, number));
        add_invoice(number, view, found);
      }
    }
    return {};
  }

 private:
  /// Bills, and what customers ask for: to cancel an order, to change a subscription.
  static Status find_decided(Session& session, std::string_view text, std::vector<door::Found>& found) {
    ASSIGN_OR_RETURN(const auto apps, all_apps(session));
    const auto seller = [&](AppId id) {
      const AppSet* app = apps->find(id);
      return app == nullptr ? std::string() : app->name;
    };
    ASSIGN_OR_RETURN(const auto cancel, door::if_there(cancel_of_id(session, text)));
    if (cancel) found.push_back({"invoice.cancel", std::string(text), seller(cancel->second)});
    ASSIGN_OR_RETURN(const auto bill, door::if_there(bill_of_id(session, text)));
    if (bill) found.push_back({"invoice.bill", std::string(text), seller(bill->row.app)});
    const auto number = number_of_id(IdKind::change, text);
    if (!number || *number > INT64_MAX) return {};
    ASSIGN_OR_RETURN(const auto change, door::if_there(change_by_number(session, *number)));
    if (!change || object_id(IdKind::change, change->row.made_at, *number) != text) return {};
    ASSIGN_OR_RETURN(const SubscriptionView view, subscription_by_number(session, change->row.subscription));
    found.push_back({"invoice.change",
                     object_id(IdKind::subscription, view.row.started_at, change->row.subscription),
                     view.request_id});
    return {};
  }

  static void add_invoice(InvoiceNumber number, const InvoiceView& view, std::vector<door::Found>& found) {
    found.push_back({"invoice.invoice", object_id(IdKind::invoice, view.row.created_at, number),
                     view.created->form.name});
  }

  const engine::Engine& engine_;
};

}  // namespace

void add_lists(http::Router& router, engine::Engine& engine) {
  const auto list = [&](const std::vector<std::string_view>& filters, auto make) {
    return door::list_of(engine, filters, make);
  };
  const auto one = [&](std::string_view parameter, auto make) {
    return door::one_of(engine, parameter, make);
  };
  const auto add = [&](http::Router& to, Method method, const char* pattern, http::Handler handler) {
    to.add({method, pattern, Effect::read, std::move(handler)});
  };
  add(router, Method::get, "/api/invoice/invoices", list({"app", "status", "q"}, list_invoices));
  add(router, Method::get, "/api/invoice/invoices/{id}", one("id", show_invoice));
  add(router, Method::get, "/api/invoice/orders", list({"app"}, list_orders));
  add(router, Method::get, "/api/invoice/cancels", list({"cancel", "app", "status"}, list_cancels));
  add(router, Method::get, "/api/invoice/subscriptions",
      list({"app", "status", "change", "q"}, list_subscriptions));
  add(router, Method::get, "/api/invoice/subscriptions/{id}", one("id", show_subscription));
  add(router, Method::get, "/api/invoice/bills", list({"bill", "app", "status", "subscription"}, list_bills));
}

std::unique_ptr<door::Desk> make_desk(const engine::Engine& engine) { return std::make_unique<Desk>(engine); }

}  // namespace jangbu::invoice
