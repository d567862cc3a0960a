#include "invoice/explain.h"

#include <algorithm>

#include "engine/unit.h"
#include "invoice/amount_text.h"
#include "invoice/queries_rows.h"
#include "invoice/subscription_explain.h"
#include "invoice/wire_names.h"

namespace jangbu::invoice {
namespace {

using engine::Record;
using ledger::Told;
using store::Session;

/// A source of a record: older than it, and once.
void add_source(const Record& record, Told& told, std::uint64_t source) {
  if (source == 0 || source >= record.number) return;
  if (std::find(told.from.begin(), told.from.end(), source) == told.from.end()) told.from.push_back(source);
}

Result<OrderRow> order_of(Session& session, OrderNumber number) {
  ASSIGN_OR_RETURN(const std::optional<OrderRow> row, order_row(session, number));
  if (!row) return Error(Errc::database_corrupt, "a record speaks of an order that is not there");
  return *row;
}

/// The invoice, and the record in which it was paid.
Status add_order(Session& session, const Record& record, OrderNumber number, Told& told) {
  ASSIGN_OR_RETURN(const OrderRow order, order_of(session, number));
  add_source(record, told, order.record);
  ASSIGN_OR_RETURN(const std::uint64_t made, invoice_record(session, order.invoice));
  add_source(record, told, made);
  return {};
}

Result<Told> tell_created(Session& session, const Record& record) {
  const auto created = said<InvoiceCreated>(record);
  Told told{"invoice.created",
            "The invoice " + object_id(IdKind::invoice, record.recorded_at, created->number) +
                " was made: " + in_won(created->amount) + " for " + created->form.name + ".",
            {},
            {}};
  if (created->replaces != 0) {
    ASSIGN_OR_RETURN(const std::uint64_t replaced, invoice_record(session, created->replaces));
    add_source(record, told, replaced);
  }
  return told;
}

Result<Told> tell_refund(Session& session, const Record& record) {
  const auto refund = said<RefundStarted>(record);
  Told told{"invoice.refund_started",
            "A refund of " + in_won(refund->cancel.amount.value_or(Money())) + " of the order " +
                order_code(refund->cancel.order, refund->cancel.purchased_at) + " began.",
            refund->entry,
            {}};
  RETURN_IF_ERROR(add_order(session, record, refund->cancel.order, told));
  return told;
}

Result<Told> tell_cancel(Session& session, const Record& record, const CancelPart& cancel,
                         std::string_view kind, std::string_view what) {
  Told told{std::string(kind),
            "A request to cancel the order " + order_code(cancel.order, cancel.purchased_at) + " was " +
                std::string(what) + ".",
            {},
            {}};
  RETURN_IF_ERROR(add_order(session, record, cancel.order, told));
  return told;
}

Result<Told> tell_about_invoice(Session& session, const Record& record, InvoiceNumber number,
                                std::string_view kind, std::string what) {
  Told told{std::string(kind), std::move(what), {}, {}};
  ASSIGN_OR_RETURN(const std::uint64_t made, invoice_record(session, number));
  add_source(record, told, made);
  return told;
}

}  // namespace

Result<std::uint64_t> invoice_record(Session& session, InvoiceNumber number) {
  ASSIGN_OR_RETURN(const InvoiceView view, invoice_by_number(session, number));
  return view.row.record;
}

Result<Told> Explainer::tell(Session& session, const Record& record) const {
  switch (record.kind) {
    case app_kind:
      return Told{
          "invoice.app_set", "The seller " + said<AppSet>(record)->name + " was issued or changed.", {}, {}};
    case app_resumed_kind:
      return Told{
          "invoice.app_resumed", "The seller " + said<AppSet>(record)->name + " is active again.", {}, {}};
    case product_kind:
      return Told{"invoice.product_set",
                  "The product " + said<ProductSet>(record)->product.name + " of the catalogue was set.",
                  {},
                  {}};
    case invoice_created_kind:
      return tell_created(session, record);
    case invoice_cancelled_kind: {
      const auto cancelled = said<InvoiceCancelled>(record);
      return tell_about_invoice(session, record, cancelled->invoice, "invoice.cancelled",
                                "The invoice was cancelled unpaid.");
    }
    case invoice_notified_kind: {
      const auto notified = said<InvoiceNotified>(record);
      return tell_about_invoice(session, record, notified->invoice, "invoice.notified",
                                "The customer was told of the invoice.");
    }
    case seller_kind:
      return Told{"invoice.seller", "An operator said how a seller stands on its documents.", {}, {}};
    case webhook_tried_kind:
      return Told{"invoice.webhook_tried", "The seller tried its webhook.", {}, {}};
    case cancel_requested_kind:
      return tell_cancel(session, record, said<CancelRequested>(record)->cancel, "invoice.cancel_requested",
                         "made");
    case cancel_closed_kind: {
      const auto closed = said<CancelClosed>(record);
      return tell_cancel(session, record, closed->cancel, "invoice.cancel_closed",
                         status_name(closed->status));
    }
    case refund_started_kind:
      return tell_refund(session, record);
    default:
      return tell_of_subscription(session, record);
  }
}

}  // namespace jangbu::invoice
