// Bodies and queries about subscriptions.
#include "base/ascii.h"
#include "invoice/messages.h"
#include "invoice/subscription_wire.h"
#include "invoice/wire_json.h"
#include "invoice/wire_query.h"

namespace jangbu::invoice {
namespace {

constexpr std::size_t max_adjustments_of_call = 60;
std::string read_name(Fields& fields, bool named) {
  const bool by_id = fields.has("order_subscription_id");
  std::string id = fields.text(by_id ? "order_subscription_id" : "order_number", max_id_bytes);
  if (named && id.empty())
    fields.add("order_subscription_id", "required", "the subscription or its order is required");
  return id;
}

/// Whole won, which may be below nothing.
std::optional<Money> signed_won(Fields& fields, std::string_view name) {
  return fields.decimal(name, 0, -max_amount, max_amount);
}

Leaving read_leaving(Fields& fields, std::string_view zone) {
  Leaving leaving;
  leaving.reason = fields.text("reason", max_text_bytes);
  leaving.ends_at =
      fields.moment(fields.has("service_end_at") ? "service_end_at" : "cancel_date", zone, true);
  leaving.fee = fields.won("termination_fee");
  leaving.unused = fields.won("last_bill_refund_price");
  leaving.final = signed_won(fields, "final_fee");
  leaving.purchase = fields.won("price");
  return leaving;
}

std::uint32_t read_month(Fields& fields, std::string_view name, std::uint32_t otherwise) {
  const auto month = fields.integer(name, 1, max_months);
  return month ? static_cast<std::uint32_t>(*month) : otherwise;
}

RunningAdjustment read_adjustment(Fields& fields) {
  RunningAdjustment adjustment;
  adjustment.amount = signed_won(fields, "price").value_or(Money());
  adjustment.tax_free = signed_won(fields, "tax_free_price").value_or(Money());
  adjustment.name = fields.text("name", max_text_bytes);
  const auto type = fields.integer("type", 1, 2);
  const auto guessed =
      adjustment.amount.is_positive() ? RunningType::setup_price : RunningType::period_discount;
  adjustment.type = type ? static_cast<RunningType>(*type) : guessed;
  if (type && adjustment.type == RunningType::period_discount && adjustment.amount.is_positive())
    adjustment.amount = adjustment.amount.negated().value();  // a discount, however it is written
  return adjustment;
}

/// What would change a contract in ways that are not kept here is refused rather than passed over.
void refuse_all(Fields& fields, std::initializer_list<const char*> names) {
  for (const char* name : names)
    if (fields.has(name)) fields.add(name, "not_supported", "this cannot be changed by this call");
}

std::uint64_t read_adjustment_id(std::string_view id) {
  return number_of_id(IdKind::adjustment, id).value_or(0);
}

}  // namespace

Parsed<PauseCall> parse_pause(std::string_view body, std::string_view zone, bool named) {
  return parse_object<PauseCall>(body, [&](Fields& fields) {
    PauseCall call;
    call.id = read_name(fields, named);
    call.request.reason = fields.text("reason", max_text_bytes);
    call.request.from = fields.moment("paused_at", zone);
    call.request.until = fields.moment("expected_resume_at", zone);
    return call;
  });
}

Parsed<ResumeCall> parse_resume(std::string_view body, std::string_view zone, bool named) {
  return parse_object<ResumeCall>(body, [&](Fields& fields) {
    ResumeCall call;
    call.id = read_name(fields, named);
    call.request.reason = fields.text("reason", max_text_bytes);
    call.request.at = fields.moment("resume_at", zone);
    return call;
  });
}

Parsed<LeavingCall> parse_leaving(std::string_view body, std::string_view zone, bool named) {
  return parse_object<LeavingCall>(body, [&](Fields& fields) {
    LeavingCall call;
    call.id = read_name(fields, named);
    call.leaving = read_leaving(fields, zone);
    return call;
  });
}

Parsed<TransferCall> parse_transfer(std::string_view body) {
  return parse_object<TransferCall>(body, [](Fields& fields) {
    TransferCall call;
    call.id = read_name(fields, true);
    call.reason = fields.text("reason", max_text_bytes);
    call.user.id = fields.text("new_user_id", max_id_bytes);
    call.user.name = fields.text("new_username", max_text_bytes);
    call.user.email = fields.text("new_user_email", max_text_bytes);
    call.user.phone = fields.text("new_user_phone", max_text_bytes);
    refuse_all(fields, {"new_user_address", "wallet_id"});
    if (call.user.id.empty() && call.user.name.empty())
      fields.add("new_user_id", "required", "who takes the contract over is required");
    return call;
  });
}

Parsed<SubscriptionUpdate> parse_subscription_update(std::string_view body, std::string_view zone) {
  return parse_object<SubscriptionUpdate>(body, [&](Fields& fields) {
    SubscriptionUpdate update;
    const auto text = [&](const char* name) -> std::optional<std::string> {
      if (!fields.has(name)) return std::nullopt;
      return fields.text(name, max_text_bytes);
    };
    update.memo = fields.text("memo", max_text_bytes);
    update.name = text("order_name");
    update.user_name = text("username");
    update.user_phone = text("phone");
    update.user_email = text("email");
    update.price = fields.decimal("price", 0, 1, max_amount);
    if (const auto months = fields.integer("total_subscription_duration", without_end, max_months)) {
      if (*months == 0) fields.add("total_subscription_duration", "too_small", "must be at least 1, or -1");
      update.months =
          *months == without_end ? for_ever : static_cast<std::uint32_t>(std::max<std::int64_t>(*months, 1));
    }
    update.next_due_at =
        fields.moment(fields.has("payment_next_at") ? "payment_next_at" : "next_billing_at", zone);
    refuse_all(fields, {"billing_key", "use_free_trial", "free_trial_day", "status", "product_id",
                        "product_option_id", "quantity", "address_id", "service_start_at", "service_end_at"});
    return update;
  });
}

Parsed<AdjustmentChange> parse_adjustment(std::string_view body) {
  return parse_object<AdjustmentChange>(body, [](Fields& fields) {
    AdjustmentChange change;
    RunningAdjustment adjustment = read_adjustment(fields);
    const std::uint32_t one = read_month(fields, "duration", 1);
    adjustment.first_month = read_month(fields, "duration_from", one);
    adjustment.last_month =
        read_month(fields, "duration_to", fields.has("duration_from") ? adjustment.first_month : one);
    if (fields.boolean("is_unlimited").value_or(false)) adjustment.last_month = for_ever;
    change.adjustments.push_back(std::move(adjustment));
    return change;
  });
}

Parsed<AdjustmentChange> parse_adjustments_of_month(std::string_view body) {
  return parse_object<AdjustmentChange>(body, [](Fields& fields) {
    AdjustmentChange change;
    change.kind = AdjustmentChange::Kind::replace;
    change.month = read_month(fields, "duration", 1);
    const auto take = [&change](Fields& each) {
      RunningAdjustment adjustment = read_adjustment(each);
      adjustment.first_month = adjustment.last_month = change.month;
      change.adjustments.push_back(std::move(adjustment));
    };
    if (fields.has("adjustments")) {
      fields.objects("adjustments", max_adjustments_of_call, take);
    } else if (fields.has("price")) {
      take(fields);
    }
    return change;
  });
}

Parsed<AdjustmentChange> parse_adjustment_removal(std::string_view body, std::string_view query) {
  return parse_object<AdjustmentChange>(body, [&](Fields& fields) {
    constexpr std::string_view name = "order_subscription_adjustment_id";
    AdjustmentChange change;
    change.kind = AdjustmentChange::Kind::remove;
    std::string id = fields.text(name, max_id_bytes);
    if (id.empty()) id = Query(query).text(name);
    change.number = read_adjustment_id(id);
    if (id.empty()) fields.add(name, "required", "the adjustment is required");
    return change;
  });
}

Parsed<ChargeCall> parse_charge(std::string_view body, bool revokes) {
  return parse_object<ChargeCall>(body, [&](Fields& fields) {
    ChargeCall call;
    call.charge_key = fields.text("charge_key", max_id_bytes);
    if (call.charge_key.empty()) fields.add("charge_key", "required", "the charge key is required");
    if (revokes) return call;
    const auto price = fields.decimal("price", 0, 1, max_amount);
    if (!price && !fields.has("price")) fields.add("price", "required", "the price is required");
    call.price = price.value_or(Money());
    call.metadata = fields.object_text("metadata", max_metadata_bytes);
    return call;
  });
}

Parsed<BillCall> parse_bill_change(std::string_view body, std::string_view zone) {
  return parse_object<BillCall>(body, [&](Fields& fields) {
    BillCall call;
    call.due_at = fields.moment("reserve_payment_at", zone);
    call.amount = fields.won("price");
    refuse_all(fields, {"status"});
    return call;
  });
}

Parsed<JudgeCall> parse_judgement(std::string_view body, std::string_view zone, std::optional<bool> approve) {
  return parse_object<JudgeCall>(body, [&](Fields& fields) {
    JudgeCall call;
    call.leaving = read_leaving(fields, zone);
    if (approve) {
      call.approve = *approve;
      return call;
    }
    const std::string said = fields.text("approval", max_id_bytes);
    if (said != "approve" && said != "reject")
      fields.add("approval", "invalid_value", "must be approve or reject");
    call.approve = said == "approve";
    return call;
  });
}

Parsed<std::string> parse_card_call(std::string_view body) {
  return parse_object<std::string>(body, [](Fields& fields) { return fields.url("return_url"); });
}

Parsed<SubscriptionList> parse_subscription_list(std::string_view text, std::string_view zone) {
  Query query(text);
  SubscriptionList list;
  list.page = query.number("page", 1, max_page, 1);
  list.limit = query.number("limit", 1, max_limit, list.limit);
  list.keyword = to_lower(query.text("keyword"));
  list.user_id = query.text("user_id");
  list.order = query.text("order_number");
  const auto statuses = read_statuses(query);
  if (!statuses.empty()) list.status = statuses.front();
  const auto either = [&](const char* name, const char* alias, bool end_of_day) {
    return query.moment(query.find(name) != nullptr ? name : alias, zone, end_of_day);
  };
  list.from = either("search_date_from", "s_at", false);
  list.to = either("search_date_to", "e_at", true);
  return query.finish(std::move(list));
}

Parsed<BillList> parse_bill_list(std::string_view text) {
  Query query(text);
  BillList list;
  list.page = query.number("page", 1, max_page, 1);
  list.limit = query.number("limit", 1, max_limit, list.limit);
  list.subscription = query.text("order_subscription_id");
  list.keyword = to_lower(query.text("keyword"));
  list.statuses = read_statuses(query);
  return query.finish(std::move(list));
}

Parsed<ChangeList> parse_change_list(std::string_view text) {
  Query query(text);
  ChangeList list;
  list.page = query.number("page", 1, max_page, 1);
  list.limit = query.number("limit", 1, max_limit, list.limit);
  list.subscription = query.text("order_subscription_id");
  const auto statuses = read_statuses(query);
  if (!statuses.empty()) list.status = statuses.front();
  if (query.find("request_type") != nullptr) list.type = query.number("request_type", 0, 1000, 0);
  return query.finish(std::move(list));
}

Parsed<std::string> parse_named_query(std::string_view text) {
  Query query(text);
  std::string id = query.text("order_subscription_id");
  if (id.empty()) id = query.text("order_number");
  if (id.empty()) query.fault("order_subscription_id", "the subscription or its order is required");
  return query.finish(std::move(id));
}

}  // namespace jangbu::invoice
