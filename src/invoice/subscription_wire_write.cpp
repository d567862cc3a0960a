// Answers about subscriptions, their bills, and the changes that customers ask for.
#include "base/json.h"
#include "door/answer.h"
#include "invoice/subscription_messages.h"
#include "invoice/subscription_wire.h"

namespace jangbu::invoice {
namespace {

using json::Writer;

void put_time(Writer& out, std::string_view name, Instant at) {
  door::put_time_or_null(out, name, at == payment::never ? Instant{} : at);
}

std::string subscription_id(SubscriptionNumber number, Instant started_at) {
  return object_id(IdKind::subscription, started_at, number);
}

std::int64_t months_on_the_wire(const Terms& terms) {
  const std::uint32_t total = total_months(terms);
  return total == for_ever ? without_end : static_cast<std::int64_t>(total);
}

void put_adjustments(Writer& out, const Terms& terms) {
  out.key("adjustments").begin_array();
  for (const RunningAdjustment& each : terms.adjustments) {
    out.begin_object();
    out.key("order_subscription_adjustment_id")
        .string(object_id(IdKind::adjustment, each.made_at, each.number));
    out.key("duration").unsigned_number(each.first_month);
    out.key("duration_from").unsigned_number(each.first_month).key("duration_to");
    each.last_month == for_ever ? out.null() : out.unsigned_number(each.last_month);
    out.key("is_unlimited").boolean(each.last_month == for_ever);
    door::put_won(out, "price", each.amount);
    door::put_won(out, "tax_free_price", each.tax_free);
    out.key("name").string(each.name).key("type").unsigned_number(static_cast<std::uint64_t>(each.type));
    put_time(out, "created_at", each.made_at);
    out.end_object();
  }
  out.end_array();
}

void put_terms(Writer& out, const Terms& terms) {
  const Money price = base_price(terms.products);
  std::uint64_t quantity = 0;
  for (const PricedProduct& product : terms.products) quantity += product.quantity;
  out.key("order_name").string(terms.name);
  out.key("product_name").string(terms.products.empty() ? terms.name : terms.products.front().name);
  door::put_text_or_null(out, "user_id", terms.user.id);
  out.key("username").string(terms.user.name);
  door::put_won(out, "price", price);
  door::put_won(out, "one_unit_price",
                terms.products.size() == 1 ? terms.products.front().unit_price : price);
  out.key("quantity").unsigned_number(quantity);
  out.key("total_subscription_duration").number(months_on_the_wire(terms));
  out.key("time_zone").string(terms.anchor.zone);
  put_adjustments(out, terms);
}

void put_subscription(Writer& out, const SubscriptionView& view, std::string_view charge_key) {
  const SubscriptionRow& row = view.row;
  out.begin_object().key("order_subscription_id").string(subscription_id(view.number, row.started_at));
  out.key("order_id").string(object_id(IdKind::order, view.order.purchased_at, row.order));
  out.key("order_number").string(order_code(row.order, view.order.purchased_at));
  out.key("invoice_id").string(object_id(IdKind::invoice, view.invoice.created_at, row.invoice));
  door::put_text_or_null(out, "request_id", view.request_id);
  put_terms(out, row.terms);
  out.key("status").number(status_number(row.status));
  out.key("cancel_status").number(row.request != 0 ? 1 : 0);
  put_time(out, "service_start_at", row.started_at);
  put_time(out, "service_end_at", row.ended_at);
  put_time(out, "latest_purchased_at", row.paid_at);
  put_time(out, "latest_failed_at", row.failed_at);
  put_time(out, "payment_next_at", view.ready && !is_over(row.status) ? view.ready->due_at : Instant{});
  put_time(out, "resume_at", row.status == SubscriptionStatus::paused ? row.wakes_at : Instant{});
  put_time(out, "cancel_at", row.status == SubscriptionStatus::terminated ? row.ended_at : Instant{});
  out.key("current_duration").unsigned_number(row.month);
  out.key("created_last_duration").unsigned_number(view.ready ? view.ready->month : row.month);
  out.key("payment_last_duration").unsigned_number(row.failed == 0 ? row.month : row.month - 1);
  out.key("next_price");
  view.ready ? out.raw(view.ready->amount.to_units_text()) : out.null();
  out.key("card");
  if (view.card) {
    out.begin_object().key("brand").string(view.card->card_brand);
    out.key("last4").string(view.card->card_last4).end_object();
  } else {
    out.null();
  }
  if (!charge_key.empty()) out.key("charge_key").string(charge_key);
  out.key("created_at").string(to_rfc3339(row.started_at)).end_object();
}

void put_bill(Writer& out, const BillView& view, std::string_view pay_url) {
  const BillRow& row = view.row;
  const SubscriptionView& of = view.subscription;
  const bool was_paid = row.status == BillStatus::done || row.status == BillStatus::cancelled;
  out.begin_object()
      .key("order_subscription_bill_id")
      .string(object_id(IdKind::bill, row.made_at, view.number));
  out.key("order_subscription_id").string(subscription_id(row.subscription, of.row.started_at));
  out.key("order_id").string(object_id(IdKind::order, of.order.purchased_at, of.row.order));
  out.key("order_number").string(order_code(of.row.order, of.order.purchased_at));
  door::put_text_or_null(out, "receipt_id", row.attempt == 0 ? std::string() : receipt_id(row));
  out.key("order_name").string(of.row.terms.name);
  door::put_text_or_null(out, "user_id", of.row.terms.user.id);
  out.key("duration").unsigned_number(row.month);
  out.key("total_subscription_duration").number(months_on_the_wire(of.row.terms));
  constexpr std::string_view kinds[] = {"", "month", "fee", "on_demand", "purchase"};
  out.key("kind").string(kinds[static_cast<std::size_t>(row.kind)]);
  out.key("status").number(status_number(row.status));
  door::put_won(out, "price", row.amount);
  door::put_won(out, "purchase_price", was_paid ? row.amount : Money());
  door::put_won(out, "cancelled_price", row.refunded);
  out.key("currency").string(won);
  put_time(out, "reserve_payment_at", row.due_at);
  put_time(out, "purchased_at", row.paid_at);
  put_time(out, "last_error_at", row.failed_at);
  door::put_text_or_null(out, "error_code", row.code);
  out.key("failures").unsigned_number(row.tries);
  put_time(out, "retry_at", row.status == BillStatus::failed ? row.retry_at : Instant{});
  const bool is_of_month = row.month != 0;
  const auto next = is_of_month ? due_of_terms(of.row.terms, row.month + 1) : Result<Instant>(Instant{});
  put_time(out, "service_start_at", is_of_month ? row.due_at : Instant{});
  put_time(out, "service_end_at", next ? *next : Instant{});
  door::put_text_or_null(out, "payment_url", pay_url);
  out.key("created_at").string(to_rfc3339(row.made_at)).end_object();
}

constexpr std::string_view change_names[] = {"", "pause", "resume", "termination", "transfer", "purchase"};

void put_request(Writer& out, const ChangeRequested& said, Instant made_at, ChangeStatus status,
                 Instant closed_at) {
  const std::string id = object_id(IdKind::change, made_at, said.request);
  out.begin_object().key("order_subscription_request_history_id").string(id);
  out.key("order_subscription_id").string(subscription_id(said.number, said.started_at));
  out.key("request_type").unsigned_number(static_cast<std::uint64_t>(said.type));
  out.key("request_type_name").string(change_names[static_cast<std::size_t>(said.type)]);
  out.key("status").number(status_number(status)).key("reason").string(said.reason);
  put_time(out, "service_end_at", said.ends_at);
  if (said.type == ChangeType::purchase) door::put_won(out, "price", said.price);
  if (said.type == ChangeType::transfer) door::put_text_or_null(out, "new_user_id", said.user.id);
  put_time(out, "requested_at", made_at);
  put_time(out, "processed_at", closed_at);
  put_time(out, "created_at", made_at);
  out.end_object();
}

/// {"list": [...], "count": N, "items": ..., "total": N}: by both names that clients of these lists use.
template <typename Items, typename Put>
Answer list_by_both_names(const Items& items, std::uint64_t count, bool complete, const Put& put) {
  Answer answer;
  Writer out(answer.body);
  out.begin_object();
  for (const char* name : {"list", "items"}) {
    out.key(name).begin_array();
    for (const auto& item : items) put(out, item);
    out.end_array();
  }
  out.key("count").unsigned_number(count).key("total").unsigned_number(count);
  out.key("complete").boolean(complete).end_object();
  return answer;
}

void put_settlement(Writer& out, const Settlement& settlement) {
  door::put_won(out, "termination_fee", settlement.fee);
  door::put_won(out, "last_bill_refund_price", settlement.unused);
  door::put_won(out, "final_fee", settlement.final);
  door::put_won(out, "refund_amount",
                settlement.final.is_negative() ? settlement.final.negated().value() : Money());
}

}  // namespace

Answer render_subscription(const SubscriptionView& view, std::string_view charge_key) {
  Answer answer;
  Writer out(answer.body);
  put_subscription(out, view, charge_key);
  return answer;
}

Answer render_subscriptions(const std::vector<SubscriptionView>& views, std::uint64_t count, bool complete) {
  return list_by_both_names(views, count, complete, [](Writer& out, const SubscriptionView& view) {
    put_subscription(out, view, {});
  });
}

Answer render_changed(const SubscriptionChanged& changed) {
  Answer answer;
  Writer out(answer.body);
  out.begin_object().key("order_subscription_id").string(subscription_id(changed.number, changed.started_at));
  put_terms(out, changed.terms);
  out.key("status").number(status_number(changed.status)).key("reason").string(changed.reason);
  put_time(out, "payment_next_at", changed.ready ? changed.ready->due_at : Instant{});
  out.key("next_price");
  changed.ready ? out.raw(changed.ready->amount.to_units_text()) : out.null();
  put_time(out, "resume_at", changed.status == SubscriptionStatus::paused ? changed.wakes_at : Instant{});
  out.end_object();
  return answer;
}

Answer render_ended(const SubscriptionEnded& ended) {
  Answer answer;
  Writer out(answer.body);
  out.begin_object().key("order_subscription_id").string(subscription_id(ended.number, ended.started_at));
  out.key("status").number(status_number(ended.status)).key("reason").string(ended.reason);
  put_time(out, "service_end_at", ended.ends_at);
  put_settlement(out, ended.settlement);
  out.end_object();
  return answer;
}

Answer render_settlement(const Settlement& settlement) {
  Answer answer;
  Writer out(answer.body);
  out.begin_object();
  put_settlement(out, settlement);
  door::put_won(out, "owed_price", settlement.owed);
  out.end_object();
  return answer;
}

Answer render_bill(const BillView& view, std::string_view pay_url) {
  Answer answer;
  Writer out(answer.body);
  put_bill(out, view, pay_url);
  return answer;
}

Answer render_bills(const std::vector<BillView>& views, std::uint64_t count, bool complete) {
  return list_by_both_names(views, count, complete,
                            [](Writer& out, const BillView& view) { put_bill(out, view, {}); });
}

Answer render_bill_changed(const BillChanged& changed) {
  Answer answer;
  Writer out(answer.body);
  out.begin_object();
  out.key("order_subscription_bill_id").string(object_id(IdKind::bill, changed.made_at, changed.bill));
  put_time(out, "reserve_payment_at", changed.due_at);
  door::put_won(out, "price", changed.amount);
  out.end_object();
  return answer;
}

Answer render_change(const ChangeView& view) {
  Answer answer;
  Writer out(answer.body);
  put_request(out, *view.requested, view.row.made_at, view.row.status, view.row.closed_at);
  return answer;
}

Answer render_changes(const std::vector<ChangeView>& views, std::uint64_t count, bool complete) {
  return list_by_both_names(views, count, complete, [](Writer& out, const ChangeView& view) {
    put_request(out, *view.requested, view.row.made_at, view.row.status, view.row.closed_at);
  });
}

Answer render_requested(const ChangeRequested& requested) {
  Answer answer;
  Writer out(answer.body);
  put_request(out, requested, requested.made_at, ChangeStatus::requested, {});
  return answer;
}

Answer render_judged(const ChangeJudged& judged) {
  Answer answer;
  Writer out(answer.body);
  out.begin_object().key("order_subscription_id").string(subscription_id(judged.number, judged.started_at));
  out.key("approval").string(judged.approved ? "approve" : "reject").key("reason").string(judged.reason);
  out.key("request_status")
      .number(status_number(judged.approved ? ChangeStatus::approved : ChangeStatus::rejected));
  out.end_object();
  return answer;
}

Answer render_card_asked(const CardAsked& asked, const CheckoutLink& link) {
  Answer answer;
  Writer out(answer.body);
  out.begin_object().key("order_subscription_id").string(subscription_id(asked.number, asked.started_at));
  out.key("payment_url").string(link(asked.link_base, asked.checkout));
  put_time(out, "expired_at", asked.expires_at);
  out.end_object();
  return answer;
}

Answer render_charged(const BillView& view, std::string_view charge_key) {
  Answer answer;
  Writer out(answer.body);
  const SubscriptionView& of = view.subscription;
  out.begin_object().key("order_id").string(object_id(IdKind::order, of.order.purchased_at, of.row.order));
  out.key("order_number").string(order_code(of.row.order, of.order.purchased_at));
  door::put_text_or_null(out, "receipt_id", view.row.attempt == 0 ? std::string() : receipt_id(view.row));
  out.key("order_subscription_bill_id").string(object_id(IdKind::bill, view.row.made_at, view.number));
  out.key("charge_key").string(charge_key);
  door::put_won(out, "price", view.row.amount);
  out.key("status").number(status_number(view.row.status));
  put_time(out, "purchased_at", view.row.paid_at);
  out.end_object();
  return answer;
}

Answer render_revoked(std::string_view charge_key, Instant at) {
  Answer answer;
  Writer out(answer.body);
  out.begin_object().key("charge_key").string(charge_key).key("status").number(20);
  put_time(out, "revoked_at", at);
  out.end_object();
  return answer;
}

}  // namespace jangbu::invoice
