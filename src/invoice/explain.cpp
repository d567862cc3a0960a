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

std::string korean_won(Money amount) { return ledger::korean_amount(amount, won); }

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
            {"The invoice " + object_id(IdKind::invoice, record.recorded_at, created->number) +
                 " was made: " + in_won(created->amount) + " for " + created->form.name + ".",
             "청구서를 발행했습니다: " + created->form.name + ", " + korean_won(created->amount) + " (번호 " +
                 object_id(IdKind::invoice, record.recorded_at, created->number) + ")."},
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
  const Money amount = refund->cancel.amount.value_or(Money());
  const std::string code = order_code(refund->cancel.order, refund->cancel.purchased_at);
  Told told{"invoice.refund_started",
            {"A refund of " + in_won(amount) + " of the order " + code + " began.",
             "주문 " + code + "에서 " + korean_won(amount) + "의 환불을 시작했습니다."},
            refund->entry,
            {}};
  RETURN_IF_ERROR(add_order(session, record, refund->cancel.order, told));
  return told;
}

std::string_view korean_status(CancelStatus status) {
  switch (status) {
    case CancelStatus::requested:
      return "접수";
    case CancelStatus::refunding:
      return "환불 중";
    case CancelStatus::done:
      return "환불됨";
    case CancelStatus::failed:
      return "실패";
    case CancelStatus::rejected:
      return "거절";
    case CancelStatus::withdrawn:
      return "철회";
  }
  return "";
}

/// `what`: what became of the request, in both languages.
Result<Told> tell_cancel(Session& session, const Record& record, const CancelPart& cancel,
                         std::string_view kind, std::string_view what, std::string_view korean) {
  const std::string code = order_code(cancel.order, cancel.purchased_at);
  Told told{std::string(kind),
            {"A request to cancel the order " + code + " was " + std::string(what) + ".",
             "주문 " + code + "의 취소 요청: " + std::string(korean) + "."},
            {},
            {}};
  RETURN_IF_ERROR(add_order(session, record, cancel.order, told));
  return told;
}

/// What is said of a name stands around it.
using Around = std::pair<std::string_view, std::string_view>;
Told tell_set(std::string_view kind, const std::string& name, Around en, Around ko) {
  const auto said_of = [&](const Around& around) {
    return std::string(around.first) + name + std::string(around.second);
  };
  return Told{std::string(kind), {said_of(en), said_of(ko)}, {}, {}};
}

Result<Told> tell_about_invoice(Session& session, const Record& record, InvoiceNumber number,
                                std::string_view kind, ledger::Sentence what) {
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
      return tell_set("invoice.app_set", said<AppSet>(record)->name,
                      {"The seller ", " was issued or changed."}, {"판매자 ", "의 설정을 저장했습니다."});
    case app_resumed_kind:
      return tell_set("invoice.app_resumed", said<AppSet>(record)->name, {"The seller ", " is active again."},
                      {"판매자 ", "의 사용을 다시 시작했습니다."});
    case product_kind:
      return tell_set("invoice.product_set", said<ProductSet>(record)->product.name,
                      {"The product ", " of the catalogue was set."},
                      {"카탈로그 상품 ", "의 내용을 저장했습니다."});
    case invoice_created_kind:
      return tell_created(session, record);
    case invoice_cancelled_kind: {
      const auto cancelled = said<InvoiceCancelled>(record);
      return tell_about_invoice(session, record, cancelled->invoice, "invoice.cancelled",
                                {"The invoice was cancelled unpaid.", "청구서를 결제 전에 취소했습니다."});
    }
    case invoice_notified_kind: {
      const auto notified = said<InvoiceNotified>(record);
      return tell_about_invoice(session, record, notified->invoice, "invoice.notified",
                                {"The customer was told of the invoice.", "고객에게 청구서를 알렸습니다."});
    }
    case seller_kind:
      return Told{"invoice.seller",
                  {"An operator said how a seller stands on its documents.",
                   "운영자가 청구서에 적을 판매자 정보를 정했습니다."},
                  {},
                  {}};
    case webhook_tried_kind:
      return Told{"invoice.webhook_tried",
                  {"The seller tried its webhook.", "판매자가 웹훅을 시험했습니다."},
                  {},
                  {}};
    case cancel_requested_kind:
      return tell_cancel(session, record, said<CancelRequested>(record)->cancel, "invoice.cancel_requested",
                         "made", korean_status(CancelStatus::requested));
    case cancel_closed_kind: {
      const auto closed = said<CancelClosed>(record);
      return tell_cancel(session, record, closed->cancel, "invoice.cancel_closed",
                         status_name(closed->status), korean_status(closed->status));
    }
    case refund_started_kind:
      return tell_refund(session, record);
    default:
      return tell_of_subscription(session, record);
  }
}

}  // namespace jangbu::invoice
