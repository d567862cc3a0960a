// The routes of subscriptions, their bills, and the changes that customers ask for.
#include "invoice/routes.h"
#include "invoice/subscription_wire.h"

namespace jangbu::invoice {
namespace {

/// Part of the MAC of a charge key.
constexpr std::string_view charge_purpose = "charge";

}  // namespace

template <typename Command, typename T, typename... Arguments>
void Door::submit_subscription(const Shared& in, Render<T> render, Arguments&&... arguments) {
  submit_to<Command>(parts_.subscriptions, in, std::move(render), std::forward<Arguments>(arguments)...);
}

template <typename Then>
void Door::with_subscription(const Shared& in, std::string id, Then then) {
  with_number(
      in,
      [app = in->caller.app, id = std::move(id)](store::Session& session, const std::string&) {
        return subscription_number(session, app, id);
      },
      std::move(then));
}

void Door::add_subscription_routes(http::Router& router) {
  using http::Effect;
  using http::Method;
  add(router, Method::get, "/v1/order_subscriptions", Effect::read, &Door::list_subscriptions);
  add(router, Method::get, "/v1/order_subscriptions/{id}", Effect::read, &Door::get_subscription);
  add(router, Method::put, "/v1/order_subscriptions/{id}", Effect::write, &Door::update_subscription);
  add(router, Method::put, "/v1/order_subscriptions/{id}/approve", Effect::write,
      &Door::approve_subscription);
  add(router, Method::put, "/v1/order_subscriptions/{id}/reject", Effect::write, &Door::reject_subscription);
  add(router, Method::put, "/v1/order_subscriptions/{id}/terminate", Effect::write,
      &Door::terminate_subscription);
  add(router, Method::put, "/v1/order_subscriptions/{id}/pause", Effect::write, &Door::pause_subscription);
  add(router, Method::put, "/v1/order_subscriptions/{id}/resume", Effect::write, &Door::resume_subscription);
  add(router, Method::post, "/v1/order_subscriptions/{id}/adjustments", Effect::write, &Door::add_adjustment);
  add(router, Method::put, "/v1/order_subscriptions/{id}/adjustments", Effect::write,
      &Door::replace_adjustments);
  add(router, Method::del, "/v1/order_subscriptions/{id}/adjustments", Effect::write,
      &Door::remove_adjustment);
  add(router, Method::post, "/v1/order_subscriptions/{id}/card", Effect::write, &Door::ask_card);
  add(router, Method::post, "/v1/order_subscriptions/charge", Effect::write, &Door::charge_on_demand);
  add(router, Method::del, "/v1/order_subscriptions/charge", Effect::write, &Door::revoke_charge_key);
  add(router, Method::post, "/v1/order_subscriptions/requests/ing/pause", Effect::write,
      &Door::pause_by_customer);
  add(router, Method::put, "/v1/order_subscriptions/requests/ing/resume", Effect::write,
      &Door::resume_by_customer);
  add(router, Method::post, "/v1/order_subscriptions/requests/ing/resume", Effect::write,
      &Door::resume_by_customer);
  add(router, Method::post, "/v1/order_subscriptions/requests/ing/termination", Effect::write,
      &Door::request_termination);
  add(router, Method::post, "/v1/order_subscriptions/requests/ing/purchase", Effect::write,
      &Door::request_purchase);
  add(router, Method::post, "/v1/order_subscriptions/requests/ing/transfer", Effect::write,
      &Door::request_transfer);
  add(router, Method::get, "/v1/order_subscriptions/requests/ing/calculate_termination_fee", Effect::read,
      &Door::calculate_fee);
  add(router, Method::get, "/v1/order_subscription_bills", Effect::read, &Door::list_bills);
  add(router, Method::get, "/v1/order_subscription_bills/{id}", Effect::read, &Door::get_bill);
  add(router, Method::put, "/v1/order_subscription_bills/{id}", Effect::write, &Door::change_bill);
  add(router, Method::get, "/v1/order-subscription-requests", Effect::read, &Door::list_changes);
  add(router, Method::get, "/v1/order-subscription-requests/{id}", Effect::read, &Door::get_change);
  add(router, Method::put, "/v1/order-subscription-requests/{id}", Effect::write, &Door::judge_change);
}

bool Door::require_supervisor(const Shared& in) {
  if (in->caller.is_supervisor) return true;
  in->refused(Errc::role_required);
  return false;
}

std::string Door::charge_key(SubscriptionNumber number, std::uint64_t revoked) const {
  return parts_.links.token(charge_purpose, number * keys_of_subscription + revoked);
}

// ---- reads

void Door::list_subscriptions(const Shared& in) {
  const auto parsed = parse_subscription_list(in->request().query(), in->zone());
  if (const auto* issues = std::get_if<Issues>(&parsed)) return in->respond(issues_response(*issues));
  read(in,
       [list = std::get<SubscriptionList>(parsed),
        app = in->caller.app](store::Session& session) -> Result<Answer> {
         ASSIGN_OR_RETURN(const Page<SubscriptionView> page, subscriptions_of_app(session, app, list));
         return render_subscriptions(page.items, page.count, page.complete);
       });
}

void Door::get_subscription(const Shared& in) {
  const std::string id(in->request().path_parameter("id"));
  read(in, [this, id, caller = in->caller](store::Session& session) -> Result<Answer> {
    ASSIGN_OR_RETURN(const SubscriptionView view, subscription_of_app(session, caller.app, id));
    const bool is_told =
        caller.is_supervisor && view.card && view.row.terms.charge_keys_revoked < keys_of_subscription;
    return render_subscription(
        view, is_told ? charge_key(view.number, view.row.terms.charge_keys_revoked) : std::string());
  });
}

void Door::calculate_fee(const Shared& in) {
  const auto parsed = parse_named_query(in->request().query());
  if (const auto* issues = std::get_if<Issues>(&parsed)) return in->respond(issues_response(*issues));
  read(in,
       [this, id = std::get<std::string>(parsed),
        app = in->caller.app](store::Session& session) -> Result<Answer> {
         ASSIGN_OR_RETURN(const SubscriptionNumber number, subscription_number(session, app, id));
         ASSIGN_OR_RETURN(const Settlement settlement,
                          settlement_of(session, number, parts_.engine.business_now()));
         return render_settlement(settlement);
       });
}

void Door::list_bills(const Shared& in) {
  const auto parsed = parse_bill_list(in->request().query());
  if (const auto* issues = std::get_if<Issues>(&parsed)) return in->respond(issues_response(*issues));
  read(in,
       [list = std::get<BillList>(parsed), app = in->caller.app](store::Session& session) -> Result<Answer> {
         ASSIGN_OR_RETURN(const Page<BillView> page, bills_of_app(session, app, list));
         return render_bills(page.items, page.count, page.complete);
       });
}

void Door::get_bill(const Shared& in) {
  const std::string id(in->request().path_parameter("id"));
  read(in, [this, id, app = in->caller.app](store::Session& session) -> Result<Answer> {
    ASSIGN_OR_RETURN(const BillNumber number, bill_number(session, app, id));
    ASSIGN_OR_RETURN(const BillView view, bill_by_number(session, number));
    const bool can_be_paid = view.row.status == BillStatus::failed && view.row.kind != BillKind::on_demand;
    return render_bill(view, can_be_paid ? parts_.links.checkout_url(view.row.checkout) : std::string());
  });
}

void Door::list_changes(const Shared& in) {
  const auto parsed = parse_change_list(in->request().query());
  if (const auto* issues = std::get_if<Issues>(&parsed)) return in->respond(issues_response(*issues));
  read(
      in,
      [list = std::get<ChangeList>(parsed), app = in->caller.app](store::Session& session) -> Result<Answer> {
        ASSIGN_OR_RETURN(const Page<ChangeView> page, changes_of_app(session, app, list));
        return render_changes(page.items, page.count, page.complete);
      });
}

void Door::get_change(const Shared& in) {
  const std::string id(in->request().path_parameter("id"));
  read(in, [id, app = in->caller.app](store::Session& session) -> Result<Answer> {
    ASSIGN_OR_RETURN(const ChangeView view, change_of_app(session, app, id));
    return render_change(view);
  });
}

// ---- supervisors

void Door::update_subscription(const Shared& in) {
  if (!require_supervisor(in)) return;
  auto parsed = parse_subscription_update(in->request().body(), in->zone());
  if (const auto* issues = std::get_if<Issues>(&parsed)) return in->respond(issues_response(*issues));
  with_subscription(in, std::string(in->request().path_parameter("id")),
                    [this, in, update = std::get<SubscriptionUpdate>(parsed)](SubscriptionNumber number) {
                      submit_subscription<UpdateSubscription, SubscriptionChanged>(in, render_changed, number,
                                                                                   update);
                    });
}

void Door::pause_subscription(const Shared& in) {
  if (!require_supervisor(in)) return;
  auto parsed = parse_pause(in->request().body(), in->zone(), false);
  if (const auto* issues = std::get_if<Issues>(&parsed)) return in->respond(issues_response(*issues));
  with_subscription(in, std::string(in->request().path_parameter("id")),
                    [this, in, call = std::get<PauseCall>(parsed)](SubscriptionNumber number) {
                      submit_subscription<PauseSubscription, SubscriptionChanged>(in, render_changed, number,
                                                                                  call.request);
                    });
}

void Door::resume_subscription(const Shared& in) {
  if (!require_supervisor(in)) return;
  auto parsed = parse_resume(in->request().body(), in->zone(), false);
  if (const auto* issues = std::get_if<Issues>(&parsed)) return in->respond(issues_response(*issues));
  with_subscription(in, std::string(in->request().path_parameter("id")),
                    [this, in, call = std::get<ResumeCall>(parsed)](SubscriptionNumber number) {
                      submit_subscription<ResumeSubscription, SubscriptionChanged>(in, render_changed, number,
                                                                                   call.request);
                    });
}

void Door::terminate_subscription(const Shared& in) {
  if (!require_supervisor(in)) return;
  auto parsed = parse_leaving(in->request().body(), in->zone(), false);
  if (const auto* issues = std::get_if<Issues>(&parsed)) return in->respond(issues_response(*issues));
  Leaving leaving = std::move(std::get<LeavingCall>(parsed).leaving);
  leaving.purchase = std::nullopt;
  with_subscription(in, std::string(in->request().path_parameter("id")),
                    [this, in, leaving = std::move(leaving)](SubscriptionNumber number) {
                      submit_subscription<EndSubscription, SubscriptionEnded>(in, render_ended, number,
                                                                              leaving);
                    });
}

void Door::adjust(const Shared& in, Parsed<AdjustmentChange> parsed) {
  if (const auto* issues = std::get_if<Issues>(&parsed)) return in->respond(issues_response(*issues));
  with_subscription(in, std::string(in->request().path_parameter("id")),
                    [this, in, change = std::get<AdjustmentChange>(parsed)](SubscriptionNumber number) {
                      submit_subscription<AdjustSubscription, SubscriptionChanged>(in, render_changed, number,
                                                                                   change);
                    });
}

void Door::add_adjustment(const Shared& in) {
  if (require_supervisor(in)) adjust(in, parse_adjustment(in->request().body()));
}
void Door::replace_adjustments(const Shared& in) {
  if (require_supervisor(in)) adjust(in, parse_adjustments_of_month(in->request().body()));
}
void Door::remove_adjustment(const Shared& in) {
  if (require_supervisor(in))
    adjust(in, parse_adjustment_removal(in->request().body(), in->request().query()));
}

void Door::ask_card(const Shared& in) {
  auto parsed = parse_card_call(in->request().body());
  if (const auto* issues = std::get_if<Issues>(&parsed)) return in->respond(issues_response(*issues));
  with_subscription(in, std::string(in->request().path_parameter("id")),
                    [this, in, url = std::get<std::string>(parsed)](SubscriptionNumber number) {
                      submit_subscription<AskCard, CardAsked>(
                          in, [this](const CardAsked& asked) { return render_card_asked(asked, link_); },
                          number, url);
                    });
}

void Door::judge_by_subscription(const Shared& in, bool approve) {
  if (!require_supervisor(in)) return;
  auto parsed = parse_judgement(in->request().body(), in->zone(), approve);
  if (const auto* issues = std::get_if<Issues>(&parsed)) return in->respond(issues_response(*issues));
  with_subscription(in, std::string(in->request().path_parameter("id")),
                    [this, in, call = std::get<JudgeCall>(parsed)](SubscriptionNumber number) {
                      submit_subscription<JudgeChange, ChangeJudged>(
                          in, render_judged, number, ChangeNumber{0}, call.approve, call.leaving);
                    });
}

void Door::judge_change(const Shared& in) {
  if (!require_supervisor(in)) return;
  auto parsed = parse_judgement(in->request().body(), in->zone(), std::nullopt);
  if (const auto* issues = std::get_if<Issues>(&parsed)) return in->respond(issues_response(*issues));
  parts_.engine.read(
      [this, in, call = std::get<JudgeCall>(parsed)](store::Session& session) {
        const auto view = change_of_app(session, in->caller.app, in->request().path_parameter("id"));
        if (!view) return in->refused(view.error());
        if (view->row.status != ChangeStatus::requested) return in->refused(Errc::change_not_found);
        submit_subscription<JudgeChange, ChangeJudged>(in, render_judged, view->row.subscription,
                                                       view->number, call.approve, call.leaving);
      },
      [in](const Error& error) { in->refused(error); });
}

void Door::change_bill(const Shared& in) {
  auto parsed = parse_bill_change(in->request().body(), in->zone());
  if (const auto* issues = std::get_if<Issues>(&parsed)) return in->respond(issues_response(*issues));
  if (std::get<BillCall>(parsed).amount && !require_supervisor(in)) return;
  with_number(
      in,
      [app = in->caller.app](store::Session& session, const std::string& id) {
        return bill_number(session, app, id);
      },
      [this, in, call = std::get<BillCall>(parsed)](BillNumber number) {
        submit_subscription<ChangeBill, BillChanged>(in, render_bill_changed, number, call.due_at,
                                                     call.amount, in->caller.is_supervisor);
      });
}

// ---- customers

void Door::pause_by_customer(const Shared& in) {
  auto parsed = parse_pause(in->request().body(), in->zone(), true);
  if (const auto* issues = std::get_if<Issues>(&parsed)) return in->respond(issues_response(*issues));
  PauseCall& call = std::get<PauseCall>(parsed);
  with_subscription(in, call.id, [this, in, request = call.request](SubscriptionNumber number) {
    submit_subscription<PauseSubscription, SubscriptionChanged>(in, render_changed, number, request);
  });
}

void Door::resume_by_customer(const Shared& in) {
  auto parsed = parse_resume(in->request().body(), in->zone(), true);
  if (const auto* issues = std::get_if<Issues>(&parsed)) return in->respond(issues_response(*issues));
  ResumeCall& call = std::get<ResumeCall>(parsed);
  with_subscription(in, call.id, [this, in, request = call.request](SubscriptionNumber number) {
    submit_subscription<ResumeSubscription, SubscriptionChanged>(in, render_changed, number, request);
  });
}

void Door::request_change(const Shared& in, std::string id, ChangeRequested requested) {
  with_subscription(
      in, std::move(id), [this, in, requested = std::move(requested)](SubscriptionNumber number) {
        ChangeRequested with_number = requested;
        with_number.keyed = in->keyed;
        with_number.number = number;
        submit(in,
               std::make_unique<RequestChange>(parts_.subscriptions, std::move(with_number), render_requested,
                                               [in](auto outcome) { in->answer(std::move(outcome)); }));
      });
}

void Door::request_termination(const Shared& in) {
  auto parsed = parse_leaving(in->request().body(), in->zone(), true);
  if (const auto* issues = std::get_if<Issues>(&parsed)) return in->respond(issues_response(*issues));
  LeavingCall& call = std::get<LeavingCall>(parsed);
  if (in->caller.is_supervisor) {
    call.leaving.purchase = std::nullopt;
    return with_subscription(in, call.id, [this, in, leaving = call.leaving](SubscriptionNumber number) {
      submit_subscription<EndSubscription, SubscriptionEnded>(in, render_ended, number, leaving);
    });
  }
  ChangeRequested requested;
  requested.type = ChangeType::termination;
  requested.reason = call.leaving.reason;
  requested.ends_at = call.leaving.ends_at.value_or(Instant{});
  request_change(in, call.id, std::move(requested));
}

void Door::request_purchase(const Shared& in) {
  auto parsed = parse_leaving(in->request().body(), in->zone(), true);
  if (const auto* issues = std::get_if<Issues>(&parsed)) return in->respond(issues_response(*issues));
  LeavingCall& call = std::get<LeavingCall>(parsed);
  ChangeRequested requested;
  requested.type = ChangeType::purchase;
  requested.reason = call.leaving.reason;
  requested.price = call.leaving.purchase.value_or(Money());
  request_change(in, call.id, std::move(requested));
}

void Door::request_transfer(const Shared& in) {
  auto parsed = parse_transfer(in->request().body());
  if (const auto* issues = std::get_if<Issues>(&parsed)) return in->respond(issues_response(*issues));
  TransferCall& call = std::get<TransferCall>(parsed);
  ChangeRequested requested;
  requested.type = ChangeType::transfer;
  requested.reason = std::move(call.reason);
  requested.user = std::move(call.user);
  request_change(in, call.id, std::move(requested));
}

// ---- charges on demand

void Door::charge_on_demand(const Shared& in) {
  if (!require_supervisor(in)) return;
  auto parsed = parse_charge(in->request().body(), false);
  if (const auto* issues = std::get_if<Issues>(&parsed)) return in->respond(issues_response(*issues));
  ChargeCall& call = std::get<ChargeCall>(parsed);
  const auto opened = parts_.links.open(charge_purpose, call.charge_key);
  if (!opened) return in->refused(Errc::charge_key_revoked);
  const auto bill = std::make_shared<BillNumber>(0);
  submit(in, std::make_unique<ChargeOnDemand>(
                 parts_.subscriptions, in->keyed, *opened / keys_of_subscription,
                 *opened % keys_of_subscription, call.price, std::move(call.metadata),
                 [bill](const ChargedOnDemand& charged) {
                   *bill = charged.bill;
                   return Answer();
                 },
                 [this, in, bill, key = call.charge_key](const std::variant<door::Done, Refused>& outcome) {
                   if (const auto* refused = std::get_if<Refused>(&outcome)) return in->refused(*refused);
                   if (std::get<door::Done>(outcome).replayed) return answer_charge(in, *bill, key);
                   parts_.subscriptions.when_settled(
                       *bill, [this, in, bill, key] { answer_charge(in, *bill, key); });
                 }));
}

void Door::answer_charge(const Shared& in, BillNumber bill, const std::string& key) {
  parts_.engine.read(
      [in, bill, key](store::Session& session) {
        const auto view = bill_by_number(session, bill);
        if (!view) return in->refused(view.error());
        if (view->row.status == BillStatus::failed)
          return in->refused(Error(Errc::card_refused, "the card was not charged: " + view->row.code));
        // The same call once more, before the first has its answer.
        if (view->row.status == BillStatus::charging)
          return in->refused(Error(Errc::payment_in_progress, "the card is being charged: ask again"));
        in->respond(answer_response(render_charged(*view, key)));
      },
      [in](const Error& error) { in->refused(error); });
}

void Door::revoke_charge_key(const Shared& in) {
  if (!require_supervisor(in)) return;
  auto parsed = parse_charge(in->request().body(), true);
  if (const auto* issues = std::get_if<Issues>(&parsed)) return in->respond(issues_response(*issues));
  const std::string key = std::get<ChargeCall>(parsed).charge_key;
  const auto opened = parts_.links.open(charge_purpose, key);
  if (!opened) return in->refused(Errc::charge_key_revoked);
  SubscriptionUpdate update;
  update.revokes_charge_key = true;
  update.charge_key = *opened % keys_of_subscription;
  submit_subscription<UpdateSubscription, SubscriptionChanged>(
      in,
      [key, now = parts_.engine.business_now()](const SubscriptionChanged&) {
        return render_revoked(key, now);
      },
      *opened / keys_of_subscription, update);
}

}  // namespace jangbu::invoice
