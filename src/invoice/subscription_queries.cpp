#include "invoice/subscription_queries.h"

#include "engine/unit.h"
#include "invoice/columns.h"
#include "invoice/queries_rows.h"
#include "invoice/subscription_messages.h"
#include "invoice/subscription_tables.h"
#include "payment/queries.h"

namespace jangbu::invoice {
namespace {

using store::Row;
using store::Session;
using store::Value;

const store::Sql subscription_sql{"SELECT " JANGBU_SUBSCRIPTION_COLUMNS
                                  " FROM invoice_subscriptions WHERE number = $1"};
const store::Sql of_order_sql{"SELECT number FROM invoice_subscriptions WHERE order_number = $1"};
const store::Sql bill_sql{"SELECT " JANGBU_BILL_COLUMNS " FROM invoice_subscription_bills WHERE number = $1"};
const store::Sql change_sql{"SELECT " JANGBU_CHANGE_COLUMNS
                            " FROM invoice_subscription_changes WHERE number = $1"};

template <typename T>
Result<std::optional<T>> find_one(Session& session, const store::Sql& sql, std::uint64_t number,
                                  T (*read)(const Row&, int)) {
  std::optional<T> found;
  if (number > INT64_MAX) return found;
  RETURN_IF_ERROR(session.query(sql, {Value::number(number)}, [&](const Row& row) {
    found = read(row, 0);
    return false;
  }));
  return found;
}

/// Without its ready bill and its card.
Result<SubscriptionView> plain_view(Session& session, SubscriptionNumber number, SubscriptionRow row) {
  SubscriptionView view;
  view.number = number;
  ASSIGN_OR_RETURN(const InvoiceView invoice, invoice_by_number(session, row.invoice));
  view.invoice = invoice.row;
  view.request_id = invoice.created->form.request_id;
  if (invoice.order) view.order = *invoice.order;
  view.row = std::move(row);
  return view;
}

Result<SubscriptionView> full_view(Session& session, SubscriptionNumber number, SubscriptionRow row) {
  ASSIGN_OR_RETURN(SubscriptionView view, plain_view(session, number, std::move(row)));
  if (view.row.ready != 0) {
    ASSIGN_OR_RETURN(view.ready, find_one(session, bill_sql, view.row.ready, read_bill));
  }
  if (view.row.card != 0) {
    ASSIGN_OR_RETURN(const payment::KeptCard card, payment::find_kept_card(session, view.row.card));
    if (card.status == payment::KeptCardStatus::kept) view.card = card;
  }
  return view;
}

Result<BillView> bill_view(Session& session, BillNumber number, BillRow row) {
  BillView view;
  view.number = number;
  ASSIGN_OR_RETURN(auto of, find_one(session, subscription_sql, row.subscription, read_subscription));
  if (!of) return Errc::subscription_not_found;
  ASSIGN_OR_RETURN(view.subscription, plain_view(session, row.subscription, std::move(*of)));
  view.row = as_refunded(std::move(row), view.subscription.order);
  return view;
}

Result<ChangeView> change_view(Session& session, ChangeNumber number, ChangeRow row) {
  ASSIGN_OR_RETURN(const engine::Record record, engine::load_record(session, row.record));
  return ChangeView{number, std::move(row), said<ChangeRequested>(record)};
}

}  // namespace

Result<SubscriptionNumber> subscription_number(Session& session, AppId app, std::string_view id) {
  SubscriptionNumber number = number_of_id(IdKind::subscription, id).value_or(0);
  const bool is_id = number != 0;
  if (!is_id) {
    const auto order = order_number(session, app, id);
    if (!order)
      return order.error().code == Errc::order_not_found ? Error(Errc::subscription_not_found)
                                                         : order.error();
    RETURN_IF_ERROR(session.query(of_order_sql, {Value::number(*order)}, [&](const Row& row) {
      number = row.number(0);
      return false;
    }));
  }
  ASSIGN_OR_RETURN(const auto row, find_one(session, subscription_sql, number, read_subscription));
  if (!row || row->app != app) return Errc::subscription_not_found;
  if (is_id && object_id(IdKind::subscription, row->started_at, number) != id)
    return Errc::subscription_not_found;
  return number;
}

Result<SubscriptionView> subscription_by_number(Session& session, SubscriptionNumber number) {
  ASSIGN_OR_RETURN(auto row, find_one(session, subscription_sql, number, read_subscription));
  if (!row) return Errc::subscription_not_found;
  return full_view(session, number, std::move(*row));
}

Result<SubscriptionView> subscription_of_app(Session& session, AppId app, std::string_view id) {
  ASSIGN_OR_RETURN(const SubscriptionNumber number, subscription_number(session, app, id));
  return subscription_by_number(session, number);
}

Result<BillView> bill_by_number(Session& session, BillNumber number) {
  ASSIGN_OR_RETURN(auto row, find_one(session, bill_sql, number, read_bill));
  if (!row) return Errc::bill_not_found;
  return bill_view(session, number, std::move(*row));
}

Result<BillNumber> bill_number(Session& session, AppId app, std::string_view id) {
  const BillNumber number = number_of_id(IdKind::bill, id).value_or(0);
  ASSIGN_OR_RETURN(const auto row, find_one(session, bill_sql, number, read_bill));
  if (!row || row->app != app || object_id(IdKind::bill, row->made_at, number) != id)
    return Errc::bill_not_found;
  return number;
}

Result<ChangeView> change_of_app(Session& session, AppId app, std::string_view id) {
  const ChangeNumber number = number_of_id(IdKind::change, id).value_or(0);
  ASSIGN_OR_RETURN(auto row, find_one(session, change_sql, number, read_change));
  if (!row || row->app != app || object_id(IdKind::change, row->made_at, number) != id)
    return Errc::change_not_found;
  return change_view(session, number, std::move(*row));
}

Result<ChangeView> change_by_number(Session& session, ChangeNumber number) {
  ASSIGN_OR_RETURN(auto row, find_one(session, change_sql, number, read_change));
  if (!row) return Errc::change_not_found;
  return change_view(session, number, std::move(*row));
}

Result<Settlement> settlement_of(Session& session, SubscriptionNumber number, Instant now) {
  ASSIGN_OR_RETURN(const auto row, find_one(session, subscription_sql, number, read_subscription));
  if (!row) return Errc::subscription_not_found;
  if (is_over(row->status)) return Errc::subscription_state;
  ASSIGN_OR_RETURN(const auto last, find_one(session, bill_sql, row->last_bill, read_bill));
  if (!last) return Errc::bill_not_found;
  ASSIGN_OR_RETURN(const SubscriptionView view, plain_view(session, number, *row));
  Leaving leaving;
  if (row->request != 0) {
    ASSIGN_OR_RETURN(const ChangeView change, change_by_number(session, row->request));
    if (change.row.type == ChangeType::termination) leaving.ends_at = asked_end(*change.requested);
  }
  return settle(*row, as_refunded(*last, view.order), now, leaving);
}

Result<std::uint64_t> bill_record(Session& session, BillNumber number) {
  ASSIGN_OR_RETURN(const auto row, find_one(session, bill_sql, number, read_bill));
  return row ? row->record : 0;
}

}  // namespace jangbu::invoice
