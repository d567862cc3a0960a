#include "affiliate/admin.h"

#include <functional>

#include "affiliate/admin_queries.h"
#include "affiliate/admin_wire.h"
#include "affiliate/queries.h"
#include "crypto/digest.h"
#include "door/api.h"

namespace jangbu::affiliate {
namespace {

using http::api_error;
using http::Effect;
using http::Method;
using http::Responder;

/// An object that `put` writes.
template <typename Put>
std::string json_of(const Put& put) {
  std::string body;
  json::Writer out(body);
  put(out);
  return body;
}

std::string affiliate_json(const Config& config, const AffiliateSet& affiliate, std::string_view auth_key) {
  return json_of([&](json::Writer& out) {
    out.begin_object();
    put_affiliate(out, config, affiliate);
    if (!auth_key.empty()) out.key("auth_key").string(auth_key);
    out.end_object();
  });
}

const Error no_merchant{Errc::not_found, "there is no such merchant"};
const Error no_program{Errc::not_found, "there is no such programme"};
const Error no_affiliate{Errc::not_found, "there is no such affiliate"};

}  // namespace

std::string new_auth_key(Random& random) { return to_hex(random.bytes(auth_key_characters / 2)); }

Admin::Admin(engine::Engine& engine, State& state, const ConfigBoard& board, Random& random,
             http::Authorize authorize)
    : http::OperatorRoutes(std::move(authorize)),
      engine_(engine),
      state_(state),
      board_(board),
      random_(random) {}

void Admin::add_routes(http::Router& router) {
  add(router, Method::get, "/api/merchants", Effect::read, &Admin::list_merchants);
  add(router, Method::post, "/api/merchants", Effect::write, &Admin::create_merchant);
  add(router, Method::get, "/api/merchants/{merchant_id}", Effect::read, &Admin::show_merchant);
  add(router, Method::put, "/api/merchants/{merchant_id}", Effect::write, &Admin::update_merchant);
  add(router, Method::get, "/api/programs", Effect::read, &Admin::list_programs);
  add(router, Method::post, "/api/programs", Effect::write, &Admin::create_program);
  add(router, Method::get, "/api/programs/{program}", Effect::read, &Admin::show_program);
  add(router, Method::put, "/api/programs/{program}", Effect::write, &Admin::update_program);
  add(router, Method::get, "/api/affiliates", Effect::read, &Admin::list_affiliates);
  add(router, Method::post, "/api/affiliates", Effect::write, &Admin::create_affiliate);
  add(router, Method::get, "/api/affiliates/{a_id}", Effect::read, &Admin::show_affiliate);
  add(router, Method::put, "/api/affiliates/{a_id}", Effect::write, &Admin::update_affiliate);
  add(router, Method::post, "/api/affiliates/{a_id}/rotate", Effect::write, &Admin::rotate_affiliate);
  add(router, Method::get, "/api/affiliate/promos", Effect::read, &Admin::list_promos);
  add(router, Method::put, "/api/affiliate/promos", Effect::write, &Admin::set_promo);
  add(router, Method::get, "/api/rates", Effect::read, &Admin::list_rates);
  add(router, Method::put, "/api/rates/{currency}/{date}", Effect::write, &Admin::set_rate);
  add(router, Method::get, "/api/conversions", Effect::read, &Admin::list_conversions);
  add(router, Method::get, "/api/conversions/{trlog_id}", Effect::read, &Admin::show_conversion);
}

// ---- merchants

void Admin::list_merchants(Responder responder) {
  const auto page = read_page(responder.request().query(), "lists");
  if (!page) return responder.respond(api_error(page.error()));
  door::show(engine_, std::move(responder),
             [page = *page](store::Session& session) { return merchants_json(session, page); });
}

void Admin::show_merchant(Responder responder) {
  const std::string id(responder.request().path_parameter("merchant_id"));
  door::show(engine_, std::move(responder), [id](store::Session& session) -> Result<std::string> {
    ASSIGN_OR_RETURN(const auto config, load_config(session));
    const MerchantSet* merchant = config->merchant(id);
    if (merchant == nullptr) return no_merchant;
    std::optional<ListProgressRow> progress;
    if (!merchant->list_url.empty()) {
      ASSIGN_OR_RETURN(progress, list_progress_of(session, merchant->number));
    }
    return json_of([&](json::Writer& out) {
      out.begin_object();
      put_members(out, *merchant);
      put_lists(out, progress);
      out.end_object();
    });
  });
}

void Admin::create_merchant(Responder responder) {
  http::JsonBody body(responder.request().body());
  MerchantSet merchant;
  read_merchant(body, state_.surroundings().reach, merchant);
  if (body.error()) return responder.respond(api_error(*body.error()));
  set_merchant(std::move(responder), std::move(merchant), 201, nullptr);
}

void Admin::update_merchant(Responder responder) {
  auto turn = changes_.take();
  if (!turn) return responder.respond(api_error(Errc::overloaded));
  const auto config = board_.current();
  const MerchantSet* known = config->merchant(responder.request().path_parameter("merchant_id"));
  if (known == nullptr) return responder.respond(api_error(no_merchant));
  http::JsonBody body(responder.request().body());
  MerchantSet merchant = *known;
  read_merchant(body, state_.surroundings().reach, merchant);
  if (body.error()) return responder.respond(api_error(*body.error()));
  set_merchant(std::move(responder), std::move(merchant), 200, std::move(turn));
}

void Admin::set_merchant(Responder responder, MerchantSet merchant, int status, door::Turn turn) {
  door::change<AffiliateDoor, MerchantSet>(
      engine_, std::move(responder),
      [status](const MerchantSet& set) {
        return door::Answer{status, json_of([&](json::Writer& out) { put_merchant(out, set); })};
      },
      [&](auto render, auto answered) {
        return std::make_unique<SetMerchant>(state_, std::move(merchant), std::move(render),
                                             std::move(answered));
      },
      std::move(turn));
}

// ---- programmes

void Admin::list_programs(Responder responder) {
  const auto page = read_page(responder.request().query(), "merchant");
  if (!page) return responder.respond(api_error(page.error()));
  door::show(engine_, std::move(responder),
             [page = *page](store::Session& session) { return programs_json(session, page); });
}

void Admin::show_program(Responder responder) {
  const auto number = http::whole_number(responder.request().path_parameter("program"), 1, INT64_MAX);
  door::show(engine_, std::move(responder), [number](store::Session& session) -> Result<std::string> {
    ASSIGN_OR_RETURN(const auto config, load_config(session));
    const ProgramSet* program = number ? config->program(*number) : nullptr;
    if (program == nullptr) return no_program;
    return json_of([&](json::Writer& out) { put_program(out, *config, *program); });
  });
}

void Admin::create_program(Responder responder) {
  http::JsonBody body(responder.request().body());
  ProgramSet program;
  read_program(body, *board_.current(), program);
  if (body.error()) return responder.respond(api_error(*body.error()));
  set_program(std::move(responder), std::move(program), 201, nullptr);
}

void Admin::update_program(Responder responder) {
  auto turn = changes_.take();
  if (!turn) return responder.respond(api_error(Errc::overloaded));
  const auto config = board_.current();
  const auto number = http::whole_number(responder.request().path_parameter("program"), 1, INT64_MAX);
  const ProgramSet* known = number ? config->program(*number) : nullptr;
  if (known == nullptr) return responder.respond(api_error(no_program));
  http::JsonBody body(responder.request().body());
  ProgramSet program = *known;
  read_program(body, *config, program);
  if (body.error()) return responder.respond(api_error(*body.error()));
  set_program(std::move(responder), std::move(program), 200, std::move(turn));
}

void Admin::set_program(Responder responder, ProgramSet program, int status, door::Turn turn) {
  door::change<AffiliateDoor, ProgramSet>(
      engine_, std::move(responder),
      [this, status](const ProgramSet& set) {
        return door::Answer{status,
                            json_of([&](json::Writer& out) { put_program(out, *board_.current(), set); })};
      },
      [&](auto render, auto answered) {
        return std::make_unique<SetProgram>(state_, std::move(program), std::move(render),
                                            std::move(answered));
      },
      std::move(turn));
}

// ---- affiliates

void Admin::list_affiliates(Responder responder) {
  const auto page = read_page(responder.request().query(), "reward");
  if (!page) return responder.respond(api_error(page.error()));
  door::show(engine_, std::move(responder),
             [page = *page](store::Session& session) { return affiliates_json(session, page); });
}

void Admin::show_affiliate(Responder responder) {
  const std::string id(responder.request().path_parameter("a_id"));
  door::show(engine_, std::move(responder), [id](store::Session& session) -> Result<std::string> {
    ASSIGN_OR_RETURN(const auto config, load_config(session));
    const AffiliateSet* affiliate = config->affiliate(id);
    if (affiliate == nullptr) return no_affiliate;
    return affiliate_json(*config, *affiliate, {});
  });
}

void Admin::create_affiliate(Responder responder) {
  http::JsonBody body(responder.request().body());
  AffiliateSet affiliate;
  read_affiliate(body, *board_.current(), affiliate);
  if (body.error()) return responder.respond(api_error(*body.error()));
  std::string auth_key = new_auth_key(random_);
  affiliate.key_digest = crypto::sha256(auth_key);
  set_affiliate(std::move(responder), std::move(affiliate), std::move(auth_key), 201, nullptr);
}

void Admin::update_affiliate(Responder responder) {
  auto turn = changes_.take();
  if (!turn) return responder.respond(api_error(Errc::overloaded));
  const auto config = board_.current();
  const AffiliateSet* known = config->affiliate(responder.request().path_parameter("a_id"));
  if (known == nullptr) return responder.respond(api_error(no_affiliate));
  http::JsonBody body(responder.request().body());
  AffiliateSet affiliate = *known;
  read_affiliate(body, *config, affiliate);
  if (body.error()) return responder.respond(api_error(*body.error()));
  set_affiliate(std::move(responder), std::move(affiliate), {}, 200, std::move(turn));
}

void Admin::rotate_affiliate(Responder responder) {
  auto turn = changes_.take();
  if (!turn) return responder.respond(api_error(Errc::overloaded));
  const auto config = board_.current();
  const AffiliateSet* known = config->affiliate(responder.request().path_parameter("a_id"));
  if (known == nullptr) return responder.respond(api_error(no_affiliate));
  AffiliateSet affiliate = *known;
  std::string auth_key = new_auth_key(random_);
  affiliate.key_digest = crypto::sha256(auth_key);
  set_affiliate(std::move(responder), std::move(affiliate), std::move(auth_key), 200, std::move(turn));
}

void Admin::set_affiliate(Responder responder, AffiliateSet affiliate, std::string auth_key, int status,
                          door::Turn turn) {
  door::change<AffiliateDoor, AffiliateSet>(
      engine_, std::move(responder),
      [this, status, auth_key = std::move(auth_key)](const AffiliateSet& set) {
        return door::Answer{status, affiliate_json(*board_.current(), set, auth_key)};
      },
      [&](auto render, auto answered) {
        return std::make_unique<SetAffiliate>(state_, std::move(affiliate), std::move(render),
                                              std::move(answered));
      },
      std::move(turn));
}

// ---- promotions and exchange rates

void Admin::list_promos(Responder responder) {
  const auto page = read_page(responder.request().query(), "");
  if (!page) return responder.respond(api_error(page.error()));
  door::show(engine_, std::move(responder),
             [page = *page](store::Session& session) { return promos_json(session, page); });
}

void Admin::set_promo(Responder responder) {
  http::JsonBody body(responder.request().body());
  PromoSet promo;
  read_promo(body, *board_.current(), promo);
  if (body.error()) return responder.respond(api_error(*body.error()));
  door::change<AffiliateDoor, PromoSet>(
      engine_, std::move(responder),
      [this](const PromoSet& set) {
        return door::Answer{200, json_of([&](json::Writer& out) { put_promo(out, *board_.current(), set); })};
      },
      [&](auto render, auto answered) {
        return std::make_unique<SetPromo>(state_, std::move(promo), std::move(render), std::move(answered));
      });
}

void Admin::list_rates(Responder responder) {
  const auto page = read_rate_page(responder.request().query());
  if (!page) return responder.respond(api_error(page.error()));
  door::show(engine_, std::move(responder),
             [page = *page](store::Session& session) { return exchange_rates_json(session, page); });
}

void Admin::set_rate(Responder responder) {
  http::JsonBody body(responder.request().body());
  ExchangeRateSet rate;
  rate.currency = responder.request().path_parameter("currency");
  if (rate.currency == won || !is_currency(rate.currency))
    body.fail("currency", "must be a currency such as USD that conversions come in");
  rate.day = parse_day(responder.request().path_parameter("date"));
  if (rate.day == 0) body.fail("date", "must be a day such as 2026-05-25");
  rate.won_per_unit = body.amount("krw_per_unit", exchange_scale);
  if (!body.error() && (!rate.won_per_unit.is_positive() || rate.won_per_unit > max_won_per_unit()))
    body.fail("krw_per_unit", "must be more than 0 and at most 1000000");
  if (body.error()) return responder.respond(api_error(*body.error()));
  door::change<AffiliateDoor, ExchangeRateSet>(
      engine_, std::move(responder),
      [](const ExchangeRateSet& set) {
        return door::Answer{200, json_of([&](json::Writer& out) { put_exchange_rate(out, set); })};
      },
      [&](auto render, auto answered) {
        return std::make_unique<SetExchangeRate>(state_, std::move(rate), std::move(render),
                                                 std::move(answered));
      });
}

// ---- conversions

void Admin::list_conversions(Responder responder) {
  const auto list = read_conversion_list(responder.request().query());
  if (!list) return responder.respond(api_error(list.error()));
  door::show(engine_, std::move(responder),
             [list = *list](store::Session& session) { return conversions_json(session, list); });
}

void Admin::show_conversion(Responder responder) {
  const auto id = http::whole_number(responder.request().path_parameter("trlog_id"), 0, INT64_MAX);
  const ConversionNumber number = id ? conversion_of_trlog_id(*id) : 0;
  door::show(engine_, std::move(responder),
             [number](store::Session& session) { return conversion_json(session, number); });
}

}  // namespace jangbu::affiliate
