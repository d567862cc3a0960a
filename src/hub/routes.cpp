// The hub's routes, the way in, and orders.
#include "hub/routes.h"

namespace jangbu::hub {
namespace {

constexpr std::string_view key_header = "Idempotency-Key";
/// Several times the longest body that says nothing but what is asked for. All of it is read as JSON before
/// anything is known of it, by the lane that other connections wait for.
constexpr std::size_t max_request_bytes = 128 << 10;

}  // namespace

Door::Door(DoorParts parts)
    : parts_(std::move(parts)),
      gate_(parts_.board, parts_.secrets, parts_.clock),
      links_{[this](std::string_view base, std::uint64_t checkout) {
               return std::string(base) + "/checkout/" +
                      parts_.links.token(http::Links::checkout_purpose, checkout);
             },
             [this](std::string_view base, InviteId invite) {
               if (invite == 0) return std::string(base) + std::string(portal_path);
               return std::string(base) + std::string(invite_path) +
                      parts_.links.token(invite_purpose, invite);
             }} {}

void Door::add(http::Router& router, http::Method method, std::string pattern, Scope scope, Dialect dialect,
               Handle handle) {
  router.add({method, std::move(pattern), http::Effect::write,
              [this, scope, dialect, handle](http::Responder responder) {
                enter(std::move(responder), scope, dialect, handle);
              },
              max_request_bytes});
}

void Door::add_routes(http::Router& router) {
  using http::Method;
  for (const char* prefix :
       {"/v1/external", "/v1/pay", "/v1/partners", "/v1/campaigns", "/v1/applies", "/v1/reviews"})
    router.add_dialect({prefix, status_response});
  const auto sales = [&](Method method, const char* pattern, Dialect dialect, Handle handle) {
    add(router, method, pattern, Scope::sales, dialect, handle);
  };
  sales(Method::post, "/v1/pay/orders", Dialect::plain, &Door::create_order);
  sales(Method::get, "/v1/pay/orders", Dialect::plain, &Door::list_orders);
  sales(Method::get, "/v1/pay/orders/{orderCode}", Dialect::plain, &Door::get_order);
  sales(Method::post, "/v1/pay/orders/{orderCode}/cancel", Dialect::plain, &Door::cancel_order);
  sales(Method::post, "/v1/external/pybk/onboard", Dialect::plain, &Door::onboard);
  sales(Method::get, "/v1/external/pybk/campaigns", Dialect::plain, &Door::list_campaigns);
  sales(Method::get, "/v1/external/pybk/campaigns/{campaignId}", Dialect::plain, &Door::get_campaign);
  sales(Method::post, "/v1/partners/ensure", Dialect::nested, &Door::ensure_partner);
  sales(Method::post, "/v1/campaigns/pybk", Dialect::nested, &Door::create_campaign);
  sales(Method::post, "/v1/campaigns/{campaignId}/activate", Dialect::nested, &Door::activate);
  sales(Method::get, "/v1/campaigns/{campaignId}/status", Dialect::nested, &Door::get_status);
  const auto reviewer = [&](Method method, const char* pattern, Handle handle) {
    add(router, method, pattern, Scope::reviewer, Dialect::nested, handle);
  };
  reviewer(Method::post, "/v1/campaigns/{campaignId}/applies", &Door::apply);
  reviewer(Method::put, "/v1/applies/{applyId}", &Door::set_apply);
  reviewer(Method::post, "/v1/applies/{applyId}/review", &Door::write_review);
  reviewer(Method::put, "/v1/reviews/{reviewId}", &Door::judge_review);
}

void Door::enter(http::Responder responder, Scope scope, Dialect dialect, Handle handle) {
  auto caller = gate_.admit(responder.request(), scope);
  if (!caller) return responder.respond(error_response(Refused{caller.error()}, dialect));
  auto in = std::make_shared<Incoming>(Incoming{std::move(responder), std::move(*caller), {}, dialect});
  const http::Request& request = in->request();
  if (request.method() != http::Method::get && request.method() != http::Method::head) {
    auto key = parse_idempotency_key(request.header(key_header));
    if (const auto* issues = std::get_if<Issues>(&key)) return refuse(in, issues_response(*issues));
    const auto body = canonical_body_hash(request.body());
    if (!body) return refuse(in, issues_response({Issue{{}, "invalid_json", to_string(body.error())}}));
    in->keyed = {in->caller.app,
                 std::string(http::method_name(request.method())) + " " +
                     http::percent_decode(request.path(), false),  // as routes are found: one path, one key
                 std::move(std::get<std::string>(key)), *body};
  }
  (this->*handle)(in);
}

void Door::submit(const Shared& in, std::unique_ptr<engine::Command> command) {
  if (const Status queued = parts_.engine.submit(std::move(command)); !queued) in->refused(queued.error());
}

void Door::read(const Shared& in, Query query) {
  submit(in, std::make_unique<UseToken>(parts_.state, in->caller,
                                        [this, in, query = std::move(query)](const Status& taken) {
                                          if (!taken) return in->refused(taken.error());
                                          parts_.engine.read(
                                              [in, query](store::Session& session) {
                                                auto answer = query(session);
                                                if (!answer) return in->refused(answer.error());
                                                in->respond(answer_response(std::move(*answer)));
                                              },
                                              [in](const Error& error) { in->refused(error); });
                                        }));
}

void Door::refuse(const Shared& in, http::Response response) {
  submit(in, std::make_unique<UseToken>(parts_.state, in->caller,
                                        [in, response = std::move(response)](const Status& taken) {
                                          if (!taken) return in->refused(taken.error());
                                          in->respond(response);
                                        }));
}

std::optional<std::uint64_t> Door::path_id(const Shared& in, std::string_view name) {
  const auto id = parse_id(in->request().path_parameter(name));
  if (id) return *id;
  refuse(in, error_response(Refused{id.error()}, in->dialect));
  return std::nullopt;
}

// ---- orders

void Door::create_order(const Shared& in) {
  auto order = parse_new_order(in->request().body());
  if (const auto* issues = std::get_if<Issues>(&order)) return refuse(in, issues_response(*issues));
  const auto carried = canonical_carried_onboard_hash(in->request().body());
  if (!carried) return refuse(in, issues_response({Issue{{}, "invalid_json", to_string(carried.error())}}));
  submit_rendered<CreateOrder, OrderCreated>(
      in, [this](const OrderCreated& created) { return render_order_created(created, links_); },
      std::move(std::get<NewOrder>(order)), *carried);
}

void Door::get_order(const Shared& in) {
  const std::string code(in->request().path_parameter("orderCode"));
  read(in, [this, code, app = in->caller.app](store::Session& session) -> Result<Answer> {
    ASSIGN_OR_RETURN(const OrderView order, order_of_app(session, app, code));
    return render_order(order, links_);
  });
}

void Door::list_orders(const Shared& in) {
  const auto list = parse_order_list(in->request().query());
  if (!list) return refuse(in, error_response(Refused{list.error()}, in->dialect));
  read(in, [this, list = *list, app = in->caller.app](store::Session& session) -> Result<Answer> {
    ASSIGN_OR_RETURN(const OrderPage page, orders_of_app(session, app, list));
    return render_orders(page.orders, page.next, links_);
  });
}

void Door::cancel_order(const Shared& in) {
  auto cancel = parse_cancel(in->request().body(), std::string(in->request().path_parameter("orderCode")));
  if (const auto* issues = std::get_if<Issues>(&cancel)) return refuse(in, issues_response(*issues));
  submit<CloseOrder, OrderClosed>(in, render_order_closed, std::move(std::get<CancelOrder>(cancel)), false);
}

}  // namespace jangbu::hub
