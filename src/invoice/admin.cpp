#include "invoice/admin.h"

#include <array>
#include <utility>

#include "base/calendar.h"
#include "base/json.h"
#include "crypto/digest.h"
#include "delivery/address.h"
#include "door/api.h"
#include "door/secrets.h"
#include "invoice/browser_call.h"
#include "invoice/queries.h"

namespace jangbu::invoice {
namespace {

using http::api_error;
using http::Effect;
using http::Method;
using http::Responder;

constexpr std::size_t max_name_bytes = 200;
constexpr std::size_t max_origins = 50;
constexpr std::uint64_t max_rate_per_s = 100'000;
constexpr std::uint64_t max_burst = 1'000'000;

void read_origins(std::string_view body, http::JsonBody& faults, AppSet& app) {
  const auto document = json::Document::parse(body.empty() ? "{}" : body);
  const json::Value* origins = document ? document->root().find("origins") : nullptr;
  if (origins == nullptr || origins->kind == json::Kind::null) return;
  app.origins.clear();
  bool is_good = origins->kind == json::Kind::array && origins->size <= max_origins;
  for (std::uint32_t i = 0; is_good && i < origins->size; ++i) {
    is_good = origins->items[i].is_string() && is_web_origin(origins->items[i].text);
    app.origins.emplace_back(origins->items[i].text);
  }
  if (!is_good) faults.fail("origins", "must be a list of origins such as https://shop.example");
}

/// Settings that a body may change, each from how it stands.
void read_settings(std::string_view text, http::JsonBody& body, delivery::Reach reach, AppSet& app) {
  const std::string status = body.string("status", app.suspended ? "SUSPENDED" : "ACTIVE");
  if (status != "ACTIVE" && status != "SUSPENDED") body.fail("status", "must be ACTIVE or SUSPENDED");
  app.suspended = status == "SUSPENDED";
  app.rate_per_s = body.number("rate", 1, max_rate_per_s, app.rate_per_s);
  app.burst = body.number("burst", 1, max_burst, app.burst);
  app.time_zone = body.string("time_zone", app.time_zone, max_name_bytes);
  if (!is_time_zone(app.time_zone)) body.fail("time_zone", "must be a time zone such as Asia/Seoul");
  app.language = body.string("language", app.language);
  if (app.language != "ko" && app.language != "en") body.fail("language", "must be ko or en");
  app.webhook_url = body.text("webhook_url", app.webhook_url, max_url_bytes);
  if (!app.webhook_url.empty()) {
    if (const Status reachable = delivery::check_url(app.webhook_url, reach); !reachable)
      body.fail("webhook_url", reachable.error().detail);
  }
  read_origins(text, body, app);
}

Error no_such_app() { return Error(Errc::not_found, "there is no such app"); }

/// What can be said of a seller, by its names on the wire.
std::array<std::pair<const char*, std::string*>, 5> seller_fields(SellerSet& seller) {
  return {{{"registration_number", &seller.registration_number},
           {"representative", &seller.representative},
           {"address", &seller.address},
           {"email", &seller.email},
           {"phone", &seller.phone}}};
}

void put_app(json::Writer& out, const AppSet& app, Instant wall_now) {
  out.key("client_key").string(app.client_key).key("name").string(app.name);
  out.key("status").string(app.suspended ? "SUSPENDED" : "ACTIVE");
  out.key("rate").unsigned_number(app.rate_per_s).key("burst").unsigned_number(app.burst);
  out.key("time_zone").string(app.time_zone).key("language").string(app.language);
  out.key("webhook_url");
  app.webhook_url.empty() ? out.null() : out.string(app.webhook_url);
  out.key("origins").begin_array();
  for (const std::string& origin : app.origins) out.string(origin);
  out.end_array().key("secrets").begin_array();
  for (const AppSecret& secret : app.secrets) {
    if (!door::is_valid(secret, wall_now)) continue;
    out.begin_object().key("number").unsigned_number(secret.number).key("until");
    secret.until ? out.string(to_rfc3339(*secret.until)) : out.null();
    out.end_object();
  }
  out.end_array();
}

/// `secret_key` and `webhook_key`: shown once, where they are new.
std::string app_json(const AppSet& app, Instant wall_now, std::string_view secret_key = {},
                     std::string_view webhook_key = {}) {
  std::string body;
  json::Writer out(body);
  out.begin_object();
  put_app(out, app, wall_now);
  if (!secret_key.empty()) out.key("secret_key").string(secret_key);
  if (!webhook_key.empty()) out.key("webhook_key").string(webhook_key);
  out.end_object();
  return body;
}

}  // namespace

Admin::Admin(engine::Engine& engine, State& state, const AppBoard& board, WebhookKeys& keys,
             const Clock& clock, Random& random, http::Authorize authorize)
    : http::OperatorRoutes(std::move(authorize)),
      engine_(engine),
      state_(state),
      board_(board),
      keys_(keys),
      clock_(clock),
      random_(random) {}

void Admin::add_routes(http::Router& router) {
  add(router, Method::get, "/api/invoice/apps", Effect::read, &Admin::list_apps);
  add(router, Method::post, "/api/invoice/apps", Effect::write, &Admin::create_app);
  add(router, Method::put, "/api/invoice/apps/{client_key}", Effect::write, &Admin::update_app);
  add(router, Method::post, "/api/invoice/apps/{client_key}/rotate", Effect::write, &Admin::rotate_app);
  add(router, Method::put, "/api/invoice/apps/{client_key}/seller", Effect::write, &Admin::set_seller);
}

void Admin::list_apps(Responder responder) {
  door::show(engine_, std::move(responder), [this](store::Session& session) -> Result<std::string> {
    ASSIGN_OR_RETURN(const auto apps, all_apps(session));
    std::string body;
    json::Writer out(body);
    out.begin_object().key("apps").begin_array();
    for (const auto& [id, app] : apps->by_id) {
      out.begin_object();
      put_app(out, app, clock_.wall_now());
      out.end_object();
    }
    out.end_array().end_object();
    return body;
  });
}

void Admin::create_app(Responder responder) {
  const std::string_view text = responder.request().body();
  http::JsonBody body(text);
  AppSet app;
  app.name = body.string("name", std::nullopt, max_name_bytes);
  read_settings(text, body, state_.surroundings().reach, app);
  if (body.error()) return responder.respond(api_error(*body.error()));
  door::Turn turn = changes_.take();
  if (!turn) return responder.respond(api_error(Errc::overloaded));
  app.id = board_.current()->next_id();
  app.client_key = new_client_key(random_);
  const std::string secret_key = new_secret_key(random_);
  app.secrets = {{1, crypto::sha256(secret_key), std::nullopt}};
  const std::string webhook_key = keys_.generate(app.id);
  set_app(
      std::move(responder), std::move(app),
      [this, secret_key, webhook_key](const AppSet& set) {
        return Answer{201, app_json(set, clock_.wall_now(), secret_key, webhook_key)};
      },
      std::move(turn));
}

void Admin::update_app(Responder responder) {
  door::Turn turn = changes_.take();
  if (!turn) return responder.respond(api_error(Errc::overloaded));
  const auto apps = board_.current();
  const AppSet* known = apps->find(responder.request().path_parameter("client_key"));
  const std::string_view text = responder.request().body();
  http::JsonBody body(text);
  AppSet app = known == nullptr ? AppSet() : *known;
  app.name = body.string("name", app.name, max_name_bytes);
  read_settings(text, body, state_.surroundings().reach, app);
  if (known == nullptr || body.error()) {
    turn.reset();
    return responder.respond(api_error(known == nullptr ? no_such_app() : *body.error()));
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
  const AppSet* known = apps->find(responder.request().path_parameter("client_key"));
  const std::string secret_key = new_secret_key(random_);
  const AppSecret fresh{0, crypto::sha256(secret_key), std::nullopt};
  Result<AppSet> app = no_such_app();
  if (known != nullptr) app = door::with_new_secret(*known, fresh, clock_.wall_now(), keep_old);
  if (!app) {
    turn.reset();
    return responder.respond(api_error(app.error()));
  }
  set_app(
      std::move(responder), std::move(*app),
      [this, secret_key](const AppSet& set) {
        return Answer{200, app_json(set, clock_.wall_now(), secret_key)};
      },
      std::move(turn));
}

void Admin::set_seller(Responder responder) {
  const auto apps = board_.current();
  const AppSet* known = apps->find(responder.request().path_parameter("client_key"));
  if (known == nullptr) return responder.respond(api_error(no_such_app()));
  http::JsonBody body(responder.request().body());
  SellerSet seller;
  seller.app = known->id;
  for (const auto& [name, to] : seller_fields(seller)) *to = body.text(name, "", max_name_bytes);
  if (body.error()) return responder.respond(api_error(*body.error()));
  door::change<InvoiceDoor, SellerSet>(
      engine_, std::move(responder),
      [](const SellerSet& set) {
        Answer answer;
        json::Writer out(answer.body);
        out.begin_object();
        SellerSet said = set;
        for (const auto& [name, from] : seller_fields(said)) out.key(name).string(*from);
        out.end_object();
        return answer;
      },
      [&](auto rendered, auto answered) {
        return std::make_unique<SetSeller>(state_, std::move(seller), std::move(rendered),
                                           std::move(answered));
      });
}

void Admin::set_app(Responder responder, AppSet app, Render<AppSet> render, door::Turn turn) {
  door::change<InvoiceDoor, AppSet>(
      engine_, std::move(responder), std::move(render),
      [&](auto rendered, auto answered) {
        return std::make_unique<SetApp>(state_, std::move(app), keys_, std::move(rendered),
                                        std::move(answered));
      },
      std::move(turn));
}

}  // namespace jangbu::invoice
