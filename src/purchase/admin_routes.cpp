#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/ascii.h"
#include "base/json.h"
#include "http/json_body.h"
#include "purchase/admin.h"

namespace jangbu::purchase {
namespace {

using http::api_error;
using http::Effect;
using http::json_response;
using http::Method;

constexpr std::uint64_t max_waiting_s = 315'360'000;  // ten years
constexpr std::uint64_t default_waiting_s = 7 * 86'400;

std::string empty_object(std::uint64_t) { return "{}"; }

std::string holders_json(const Config& config) {
  std::map<HolderId, std::vector<std::pair<std::string, const AccessKey*>>> keys_of;
  for (const auto& [digest, key] : config.keys) keys_of[key.holder].emplace_back(to_hex(digest.view()), &key);
  std::string out;
  json::Writer writer(out);
  writer.begin_object().key("holders").begin_array();
  for (const auto& [id, holder] : config.holders) {
    writer.begin_object().key("holder").unsigned_number(id).key("system").string(holder.system);
    writer.key("currency").string(holder.currency).key("waiting").unsigned_number(holder.waiting_s);
    writer.key("signer").string(holder.signer.to_checksum_text());
    writer.key("openRegistration").boolean(holder.open_registration).key("keys").begin_array();
    for (const auto& [digest, key] : keys_of[id]) {
      writer.begin_object().key("digest").string(digest).key("label").string(key->label);
      writer.key("revoked").boolean(key->revoked).end_object();
    }
    writer.end_array().end_object();
  }
  writer.end_array().end_object();
  return out;
}

std::string rates_json(const Config& config) {
  std::string out;
  json::Writer writer(out);
  writer.begin_object().key("rates").begin_object();
  for (const auto& [code, rate] : config.rates) writer.key(code).string(rate.to_decimal_text(amount_scale));
  writer.end_object().end_object();
  return out;
}

}  // namespace

std::string new_access_key(Random& random) { return to_hex(random.bytes(32)); }

Admin::Admin(engine::Engine& engine, State& state, Signers& signers, const PhoneBook& phones, Random& random,
             http::Authorize authorize)
    : engine_(engine),
      state_(state),
      signers_(signers),
      phones_(phones),
      random_(random),
      authorize_(std::move(authorize)) {}

void Admin::add(http::Router& router, Method method, const char* pattern, Effect effect, Handler handler) {
  router.add({method, pattern, effect, [this, handler](http::Responder responder) {
                if (!authorize_(responder.request()))
                  return responder.respond(api_error(Errc::not_authenticated));
                (this->*handler)(std::move(responder));
              }});
}

void Admin::add_routes(http::Router& router) {
  add(router, Method::get, "/api/purchase/holders", Effect::read, &Admin::list_holders);
  add(router, Method::post, "/api/purchase/holders", Effect::write, &Admin::create_holder);
  add(router, Method::post, "/api/purchase/holders/{holder}/keys", Effect::write, &Admin::create_key);
  add(router, Method::post, "/api/purchase/keys/revoke", Effect::write, &Admin::revoke_key);
  add(router, Method::get, "/api/purchase/rates", Effect::read, &Admin::list_rates);
  add(router, Method::put, "/api/purchase/rates/{code}", Effect::write, &Admin::set_rate);
  add(router, Method::put, "/api/purchase/shops/{shopId}", Effect::write, &Admin::set_shop);
  add(router, Method::put, "/api/purchase/wallets/{wallet}", Effect::write, &Admin::set_wallet);
  add(router, Method::put, "/api/purchase/phones", Effect::write, &Admin::link_phone);
}

void Admin::change(http::Responder responder, const Make& make, Render render) {
  auto shared = std::make_shared<http::Responder>(std::move(responder));
  auto command = make([shared, render = std::move(render)](Result<std::uint64_t> id) {
    shared->respond(id ? json_response(render(*id)) : api_error(id.error()));
  });
  if (const Status queued = engine_.submit(std::move(command)); !queued)
    shared->respond(api_error(queued.error()));
}

void Admin::show(http::Responder responder, std::string (*render)(const Config&)) {
  auto shared = std::make_shared<http::Responder>(std::move(responder));
  engine_.read(
      [shared, render](store::Session& session) {
        const auto config = load_config(session);
        shared->respond(config ? json_response(render(*config)) : api_error(config.error()));
      },
      [shared](const Error& error) { shared->respond(api_error(error)); });
}

void Admin::list_holders(http::Responder responder) { show(std::move(responder), holders_json); }

void Admin::create_holder(http::Responder responder) {
  http::JsonBody body(responder.request().body());
  HolderSet holder;
  holder.system = body.string("system");
  holder.currency = body.string("currency", "krw");
  holder.waiting_s = body.number("waiting", 0, max_waiting_s, default_waiting_s);
  holder.open_registration = body.boolean("openRegistration", false);
  if (body.error()) return responder.respond(api_error(*body.error()));
  const auto signer = signers_.generate();
  holder.signer = signer->address();
  change(
      std::move(responder),
      [&](Configured done) { return std::make_unique<SetHolder>(state_, signers_, holder, std::move(done)); },
      [text = signer->address_text()](std::uint64_t id) {
        std::string out;
        json::Writer(out)
            .begin_object()
            .key("holder")
            .unsigned_number(id)
            .key("signer")
            .string(text)
            .end_object();
        return out;
      });
}

void Admin::create_key(http::Responder responder) {
  http::JsonBody body(responder.request().body());
  KeySet key;
  key.label = body.string("label", "");
  const auto id = http::whole_number(responder.request().path_parameter("holder"), 0, UINT64_MAX);
  if (!id) body.fail("holder", "must be a number");
  if (body.error()) return responder.respond(api_error(*body.error()));
  key.holder = *id;
  const std::string access_key = new_access_key(random_);
  key.digest = access_key_digest(access_key);
  change(
      std::move(responder),
      [&](Configured done) { return std::make_unique<SetKey>(state_, key, std::move(done)); },
      [access_key](std::uint64_t holder) {
        std::string out;
        json::Writer writer(out);
        writer.begin_object().key("holder").unsigned_number(holder).key("accessKey").string(access_key);
        writer.key("digest").string(to_hex(access_key_digest(access_key).view())).end_object();
        return out;
      });
}

void Admin::revoke_key(http::Responder responder) {
  http::JsonBody body(responder.request().body());
  const std::string digest_text = body.string("digest");
  const auto digest = from_hex(digest_text);
  const auto hash = digest ? Hash::from_bytes(*digest) : Result<Hash>(digest.error());
  if (!hash) body.fail("digest", "must be the 64 hex digits of a key's digest");
  if (body.error()) return responder.respond(api_error(*body.error()));
  KeySet key;
  key.digest = *hash;
  key.revoked = true;
  change(
      std::move(responder),
      [&](Configured done) { return std::make_unique<SetKey>(state_, key, std::move(done)); }, empty_object);
}

void Admin::list_rates(http::Responder responder) { show(std::move(responder), rates_json); }

void Admin::set_rate(http::Responder responder) {
  http::JsonBody body(responder.request().body());
  RateSet rate;
  rate.code = std::string(responder.request().path_parameter("code"));
  rate.points_per_unit = body.amount("pointsPerUnit", amount_scale);
  if (body.error()) return responder.respond(api_error(*body.error()));
  change(
      std::move(responder),
      [&](Configured done) { return std::make_unique<SetRate>(state_, rate, std::move(done)); },
      empty_object);
}

void Admin::set_shop(http::Responder responder) {
  http::JsonBody body(responder.request().body());
  ShopSet shop;
  shop.shop_id = to_lower(responder.request().path_parameter("shopId"));
  shop.holder = body.number("holder", 1, INT64_MAX);
  shop.active = body.boolean("active", true);
  const auto bytes = from_hex_0x(shop.shop_id);
  if (!bytes || bytes->size() != 32) body.fail("shopId", "must be 0x and 64 hex digits");
  if (body.error()) return responder.respond(api_error(*body.error()));
  change(
      std::move(responder),
      [&](Configured done) { return std::make_unique<SetShop>(state_, shop, std::move(done)); },
      empty_object);
}

void Admin::set_wallet(http::Responder responder) {
  http::JsonBody body(responder.request().body());
  const std::string wallet = to_lower(responder.request().path_parameter("wallet"));
  const auto type = static_cast<std::uint8_t>(body.number("loyaltyType", 0, 1));
  if (!crypto::Address::from_text(wallet)) body.fail("wallet", "must be 0x and 40 hex digits");
  if (body.error()) return responder.respond(api_error(*body.error()));
  change(
      std::move(responder),
      [&](Configured done) { return std::make_unique<SetWallet>(state_, wallet, type, std::move(done)); },
      empty_object);
}

void Admin::link_phone(http::Responder responder) {
  http::JsonBody body(responder.request().body());
  const std::string text = body.string("phone");
  const std::string wallet = body.string("wallet");
  const auto phone = phones_.parse(text);
  if (!phone || phone->international.empty())
    body.fail("phone", "must be an international phone number (+82 10-1000-2000)");
  if (!crypto::Address::from_text(wallet)) body.fail("wallet", "must be 0x and 40 hex digits");
  if (body.error()) return responder.respond(api_error(*body.error()));
  change(
      std::move(responder),
      [&](Configured done) {
        return std::make_unique<LinkPhone>(state_, phone->hash, wallet, std::move(done));
      },
      [hash = phone->hash](std::uint64_t) {
        std::string out;
        json::Writer(out).begin_object().key("phoneHash").string(to_hex_0x(hash.view())).end_object();
        return out;
      });
}

}  // namespace jangbu::purchase
