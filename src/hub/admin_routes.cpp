#include "door/api.h"
#include "door/secrets.h"
#include "hub/admin.h"
#include "hub/admin_queries.h"
#include "hub/messages.h"
#include "hub/wire_write.h"

namespace jangbu::hub {
namespace {

using http::api_error;
using http::Effect;
using http::Method;
using http::Responder;

/// All that is wrong with a contact, in the words of /api.
Error in_words(const Issues& issues) {
  std::string text;
  for (const Issue& issue : issues) {
    if (!text.empty()) text += "; ";
    for (const std::string& name : issue.path) text += name + ": ";
    text += issue.message;
  }
  return Error(Errc::invalid_parameters, text);
}

Result<std::uint64_t> id_of(const http::Request& request, Errc missing) {
  const auto id = parse_id(request.path_parameter("id"));
  if (!id) return missing;
  return *id;
}

}  // namespace

Admin::Admin(engine::Engine& engine, State& state, const AppBoard& board, AppSecrets& secrets,
             const http::Links& links, const Clock& clock, http::Authorize authorize)
    : http::OperatorRoutes(std::move(authorize)),
      engine_(engine),
      state_(state),
      board_(board),
      secrets_(secrets),
      links_(links),
      clock_(clock) {}

void Admin::add_routes(http::Router& router) {
  add(router, Method::get, "/api/hub/apps", Effect::read, &Admin::list_apps);
  add(router, Method::post, "/api/hub/apps", Effect::write, &Admin::create_app);
  add(router, Method::put, "/api/hub/apps/{code}", Effect::write, &Admin::update_app);
  add(router, Method::post, "/api/hub/apps/{code}/rotate", Effect::write, &Admin::rotate_app);
  add(router, Method::get, "/api/hub/orders", Effect::read, &Admin::list_orders);
  add(router, Method::get, "/api/hub/partners/{id}", Effect::read, &Admin::show_partner);
  add(router, Method::put, "/api/admin/partners/{id}/contact-info", Effect::write, &Admin::change_contact);
  add(router, Method::post, "/api/admin/partners/{id}/invite", Effect::write, &Admin::invite);
  add(router, Method::post, "/api/admin/access-requests/{id}/confirm", Effect::write, &Admin::confirm_access);
  add(router, Method::post, "/api/admin/access-requests/{id}/decline", Effect::write, &Admin::decline_access);
  add(router, Method::post, "/api/admin/managers/{id}/withdraw", Effect::write, &Admin::withdraw_access);
  add(router, Method::post, "/api/admin/campaigns/{id}/approve", Effect::write, &Admin::approve);
  add(router, Method::post, "/api/admin/campaigns/{id}/reject", Effect::write, &Admin::reject);
  add(router, Method::post, "/api/admin/campaigns/{id}/request-revision", Effect::write,
      &Admin::request_revision);
  add(router, Method::post, "/api/admin/orders/{orderCode}/refund", Effect::write, &Admin::refund);
}

// ---- apps

void Admin::list_apps(Responder responder) {
  door::show(engine_, std::move(responder), [this](store::Session& session) -> Result<std::string> {
    ASSIGN_OR_RETURN(const auto apps, all_apps(session));
    return apps_json(*apps, clock_.wall_now());
  });
}

void Admin::create_app(Responder responder) {
  http::JsonBody body(responder.request().body());
  AppSet app = read_new_app(body);
  if (body.error()) return responder.respond(api_error(*body.error()));
  door::Turn turn = changes_.take();
  if (!turn) return responder.respond(api_error(Errc::overloaded));
  const auto apps = board_.current();
  app.id = apps->next_id();
  app.secrets = {{1, std::nullopt}};
  const std::string secret = secrets_.generate(app.id, 1);
  const std::string webhook_key = secrets_.generate_webhook_key(app.id);
  set_app(
      std::move(responder), std::move(app),
      [this, secret, webhook_key](const AppSet& set) {
        return Answer{201, app_json(set, clock_.wall_now(), secret, webhook_key)};
      },
      std::move(turn));
}

void Admin::update_app(Responder responder) {
  door::Turn turn = changes_.take();
  if (!turn) return responder.respond(api_error(Errc::overloaded));
  const auto apps = board_.current();
  const AppSet* known = apps->find(responder.request().path_parameter("code"));
  http::JsonBody body(responder.request().body());
  AppSet app = known == nullptr ? AppSet() : *known;
  read_settings(body, app);
  if (known == nullptr || body.error()) {
    turn.reset();
    return responder.respond(
        api_error(known == nullptr ? Error(Errc::not_found, "there is no such app") : *body.error()));
  }
  set_app(
      std::move(responder), std::move(app),
      [this](const AppSet& set) {
        return Answer{200, app_json(set, clock_.wall_now())};
      },
      std::move(turn));
}

void Admin::rotate_app(Responder responder) {
  http::JsonBody body(responder.request().body());
  const Duration keep_old = door::read_keep_old(body);
  if (body.error()) return responder.respond(api_error(*body.error()));
  door::Turn turn = changes_.take();
  if (!turn) return responder.respond(api_error(Errc::overloaded));
  const auto apps = board_.current();
  const AppSet* known = apps->find(responder.request().path_parameter("code"));
  Result<AppSet> app = Error(Errc::not_found, "there is no such app");
  if (known != nullptr) app = door::with_new_secret(*known, AppSecret(), clock_.wall_now(), keep_old);
  if (!app) {
    turn.reset();
    return responder.respond(api_error(app.error()));
  }
  const std::string secret = secrets_.generate(app->id, app->secrets.back().number);
  set_app(
      std::move(responder), std::move(*app),
      [this, secret](const AppSet& set) {
        return Answer{200, app_json(set, clock_.wall_now(), secret)};
      },
      std::move(turn));
}

void Admin::set_app(Responder responder, AppSet app, Render<AppSet> render, door::Turn turn) {
  door::change<HubDoor, AppSet>(
      engine_, std::move(responder), std::move(render),
      [&](auto rendered, auto answered) {
        return std::make_unique<SetApp>(state_, std::move(app), secrets_, std::move(rendered),
                                        std::move(answered));
      },
      std::move(turn));
}

// ---- people's work

void Admin::change_contact(Responder responder) {
  const auto id = id_of(responder.request(), Errc::partner_not_found);
  if (!id) return responder.respond(api_error(id.error()));
  auto parsed = parse_contact_info(responder.request().body());
  if (const auto* issues = std::get_if<Issues>(&parsed))
    return responder.respond(api_error(in_words(*issues)));
  const Render<ContactChanged> render = [](const ContactChanged& changed) {
    Answer answer;
    json::Writer out(answer.body);
    out.begin_object().key("partnerId").string(std::to_string(changed.partner));
    out.key("email").string(changed.after.email).key("name").string(changed.after.name);
    out.key("phone").string(changed.after.phone).end_object();
    return answer;
  };
  door::change<HubDoor, ContactChanged>(
      engine_, std::move(responder), render, [&](auto rendered, auto answered) {
        return std::make_unique<ChangeContact>(state_, *id, std::move(std::get<ContactInfo>(parsed)),
                                               std::move(rendered), std::move(answered));
      });
}

void Admin::invite(Responder responder) {
  const auto id = id_of(responder.request(), Errc::partner_not_found);
  if (!id) return responder.respond(api_error(id.error()));
  const Render<Invited> render = [this](const Invited& invited) {
    Answer answer;
    json::Writer out(answer.body);
    out.begin_object().key("partnerId").string(std::to_string(invited.partner));
    out.key("mailQueued").boolean(invited.invite.mail);
    out.key("link").string(links_.url(invite_path, invite_purpose, invited.invite.id));
    out.key("expiresAt").string(to_rfc3339(invited.invite.expires_at)).end_object();
    return answer;
  };
  door::change<HubDoor, Invited>(engine_, std::move(responder), render, [&](auto rendered, auto answered) {
    return std::make_unique<InviteAgain>(state_, *id, std::move(rendered), std::move(answered));
  });
}

void Admin::confirm_access(Responder responder) {
  const auto id = id_of(responder.request(), Errc::not_found);
  if (!id) return responder.respond(api_error(id.error()));
  const Render<AccessConfirmed> render = [this](const AccessConfirmed& confirmed) {
    Answer answer;
    json::Writer out(answer.body);
    out.begin_object().key("partnerId").string(std::to_string(confirmed.partner));
    out.key("managerId").string(std::to_string(confirmed.manager));
    out.key("mailQueued").boolean(confirmed.invite.mail);
    out.key("link").string(links_.url(invite_path, invite_purpose, confirmed.invite.id));
    out.key("expiresAt").string(to_rfc3339(confirmed.invite.expires_at)).end_object();
    return answer;
  };
  door::change<HubDoor, AccessConfirmed>(
      engine_, std::move(responder), render, [&](auto rendered, auto answered) {
        return std::make_unique<ConfirmAccess>(state_, *id, std::nullopt, std::move(rendered),
                                               std::move(answered));
      });
}

void Admin::decline_access(Responder responder) {
  const auto id = id_of(responder.request(), Errc::not_found);
  if (!id) return responder.respond(api_error(id.error()));
  const Render<AccessDeclined> render = [](const AccessDeclined& declined) {
    Answer answer;
    json::Writer out(answer.body);
    out.begin_object().key("partnerId").string(std::to_string(declined.partner));
    out.key("managerId").string(std::to_string(declined.manager));
    out.key("mailQueued").boolean(declined.mail).end_object();
    return answer;
  };
  door::change<HubDoor, AccessDeclined>(
      engine_, std::move(responder), render, [&](auto rendered, auto answered) {
        return std::make_unique<DeclineAccess>(state_, *id, std::nullopt, std::move(rendered),
                                               std::move(answered));
      });
}

void Admin::withdraw_access(Responder responder) {
  const auto id = id_of(responder.request(), Errc::not_found);
  if (!id) return responder.respond(api_error(id.error()));
  const Render<AccessWithdrawn> render = [](const AccessWithdrawn& withdrawn) {
    Answer answer;
    json::Writer out(answer.body);
    out.begin_object().key("partnerId").string(std::to_string(withdrawn.partner));
    out.key("managerId").string(std::to_string(withdrawn.manager));
    out.key("mailQueued").boolean(withdrawn.mail).end_object();
    return answer;
  };
  door::change<HubDoor, AccessWithdrawn>(
      engine_, std::move(responder), render, [&](auto rendered, auto answered) {
        return std::make_unique<WithdrawAccess>(state_, *id, std::nullopt, std::move(rendered),
                                                std::move(answered));
      });
}

void Admin::approve(Responder responder) { judge(std::move(responder), CampaignStatus::ready, {}); }

void Admin::reject(Responder responder) {
  http::JsonBody body(responder.request().body());
  std::string reason = body.string("reason", std::nullopt, max_text_bytes);
  if (body.error()) return responder.respond(api_error(*body.error()));
  judge(std::move(responder), CampaignStatus::rejected, std::move(reason));
}

void Admin::request_revision(Responder responder) {
  http::JsonBody body(responder.request().body());
  std::string reason = body.string("reason", std::nullopt, max_text_bytes);
  if (body.error()) return responder.respond(api_error(*body.error()));
  judge(std::move(responder), CampaignStatus::revision_requested, std::move(reason));
}

void Admin::judge(Responder responder, CampaignStatus to, std::string reason) {
  const auto id = id_of(responder.request(), Errc::campaign_not_found);
  if (!id) return responder.respond(api_error(id.error()));
  const Render<CampaignJudged> render = [](const CampaignJudged& judged) {
    Answer answer;
    json::Writer out(answer.body);
    out.begin_object().key("campaignId").string(std::to_string(judged.campaign));
    out.key("status").string(shown_name(shown_status(judged.to)));
    out.key("statusCode").string(code_text(judged.to)).key("held").raw(judged.held.to_units_text());
    out.key("released").raw(judged.released.to_units_text()).end_object();
    return answer;
  };
  door::change<HubDoor, CampaignJudged>(
      engine_, std::move(responder), render, [&](auto rendered, auto answered) {
        return std::make_unique<JudgeCampaign>(state_, *id, to, std::move(reason), std::move(rendered),
                                               std::move(answered));
      });
}

void Admin::refund(Responder responder) {
  http::JsonBody body(responder.request().body());
  CancelOrder request;
  request.order_code = responder.request().path_parameter("orderCode");
  request.reason = body.string("reason", std::nullopt, max_text_bytes);
  if (body.error()) return responder.respond(api_error(*body.error()));
  const Render<OrderClosed> render = [](const OrderClosed& closed) { return render_order_closed(closed); };
  door::change<HubDoor, OrderClosed>(
      engine_, std::move(responder), render, [&](auto rendered, auto answered) {
        return std::make_unique<CloseOrder>(state_, std::nullopt, Keyed(), std::move(request), true,
                                            std::move(rendered), std::move(answered));
      });
}

void Admin::list_orders(Responder responder) {
  const auto list = read_order_list(responder.request().query());
  if (!list) return responder.respond(api_error(list.error()));
  door::show(engine_, std::move(responder), [list = *list](store::Session& session) -> Result<std::string> {
    ASSIGN_OR_RETURN(const AdminOrderPage page, all_orders(session, list));
    return orders_json(page);
  });
}

void Admin::show_partner(Responder responder) {
  const auto id = id_of(responder.request(), Errc::partner_not_found);
  if (!id) return responder.respond(api_error(id.error()));
  door::show(engine_, std::move(responder), [this, id = *id](store::Session& session) -> Result<std::string> {
    ASSIGN_OR_RETURN(const AdminPartner partner, partner_for_admin(session, id));
    return partner_json(partner, engine_.business_now());
  });
}

}  // namespace jangbu::hub
