#include "affiliate/site_routes.h"

#include "affiliate/admin_queries.h"
#include "affiliate/click_door.h"
#include "affiliate/click_queries.h"
#include "affiliate/click_wire.h"
#include "affiliate/list_queries.h"
#include "affiliate/payouts.h"
#include "affiliate/postback.h"
#include "affiliate/reward_api.h"
#include "affiliate/site_json.h"
#include "crypto/digest.h"
#include "delivery/address.h"
#include "delivery/queries.h"
#include "door/api.h"
#include "http/json_body.h"

namespace jangbu::affiliate {
namespace {

using http::api_error;
using http::Effect;
using http::json_response;
using http::Method;
using http::Responder;

constexpr std::size_t max_reward_url_bytes = 2000;
constexpr std::size_t max_bank_text_bytes = 100;
constexpr std::size_t shown_statements = 120;
constexpr Month no_month = 999'999;
/// How long a node that does not write takes a configuration for the one in force.
constexpr std::int64_t config_good_us = 1'000'000;

std::shared_ptr<Responder> share(Responder responder) {
  return std::make_shared<Responder>(std::move(responder));
}

/// The key that an affiliate proves itself with. Only translist.php, whose protocol says so, has it in its
/// query, where servers on the way log it.
std::string key_of(const http::Request& request) {
  if (const std::string* header = request.header("authorization"))
    if (const auto token = http::credentials_of(*header, "Bearer")) return std::string(*token);
  return {};
}

bool has_key(const AffiliateSet& affiliate, std::string_view key) {
  return affiliate.active && !key.empty() &&
         crypto::equal_constant_time(crypto::sha256(key).view(), affiliate.key_digest.view());
}

/// Tests are counted when they are made, so that none is sent again.
delivery::Receiver receiver_of(AffiliateNumber affiliate) {
  return {std::string(postback_destination) + affiliate_id(affiliate), test_topic};
}

/// What is absent stays as it stands.
RewardForm read_reward(http::JsonBody& body, const Reward& stands, By by, delivery::Reach reach) {
  RewardForm form;
  form.url = body.text("postback_url", stands.url, max_reward_url_bytes);
  if (const Status checked = delivery::check_url(*form.url, reach); !form.url->empty() && !checked)
    body.fail("postback_url", checked.error().detail);
  form.uniq_id = body.boolean("uniq_id", stands.uniq_id);
  const std::string status = body.text("status", "");
  if (!status.empty()) {
    form.status = reward_status_of(status);
    if (!form.status || *form.status == RewardStatus::none)
      body.fail("status", "must be REQUESTED, APPROVED or REJECTED");
  } else if (by == By::affiliate && !form.url->empty()) {
    form.status = RewardStatus::requested;  // whoever sets a URL wants it to be used
  }
  return form;
}

}  // namespace

void SiteRoutes::with_config(std::function<void(const std::shared_ptr<const Config>&)> then,
                             std::function<void(const Error&)> failed) {
  if (parts_.engine.is_writer()) return then(parts_.board.current());
  const std::int64_t now_us = parts_.clock.monotonic_us();
  std::shared_ptr<const Config> known;
  {
    const std::lock_guard lock(read_config_.mutex);
    // One reads what is new; the others take what is there.
    if (now_us - read_config_.read_us < config_good_us) known = read_config_.config;
    if (!known && read_config_.config) read_config_.read_us = now_us;
  }
  if (known) return then(known);
  parts_.engine.read(
      [this, then = std::move(then), failed](store::Session& session) {
        const auto config = load_config(session);
        if (!config) return failed(config.error());
        {
          const std::lock_guard lock(read_config_.mutex);
          read_config_.config = *config;
          read_config_.read_us = parts_.clock.monotonic_us();
        }
        then(*config);
      },
      failed);
}

void SiteRoutes::add(http::Router& router, Method method, const char* pattern, Effect effect, Handle handle) {
  router.add({method, pattern, effect, [this, handle](Responder responder) {
                const bool is_office = parts_.authorize(responder.request());
                const auto to = share(std::move(responder));
                with_config(
                    [this, to, handle, is_office](const std::shared_ptr<const Config>& config) {
                      const http::Request& request = to->request();
                      const AffiliateSet* affiliate = config->affiliate(request.path_parameter("a_id"));
                      if (!is_office && (affiliate == nullptr || !has_key(*affiliate, key_of(request))))
                        return to->respond(api_error(Errc::not_authenticated));
                      if (affiliate == nullptr)
                        return to->respond(api_error(Error(Errc::not_found, "there is no such affiliate")));
                      const Caller caller{affiliate->number, is_office ? By::office : By::affiliate, config};
                      (this->*handle)(std::move(*to), caller);
                    },
                    [to](const Error& error) { to->respond(api_error(error)); });
              }});
}

void SiteRoutes::add_routes(http::Router& router) {
  router.add({Method::get, "/affiliate/translist.php", Effect::read,
              [this](Responder responder) { list_conversions(std::move(responder)); }});
  router.add({Method::get, "/ci/service/all_merchant/{a_id}/{which}/{kind}", Effect::read,
              [this](Responder responder) { list_merchants(std::move(responder), false); }});
  router.add({Method::get, "/ci/service/all_merchant/{a_id}/{which}/{kind}/detail", Effect::read,
              [this](Responder responder) { list_merchants(std::move(responder), true); }});
  add(router, Method::get, "/api/affiliates/{a_id}/reward-api", Effect::read, &SiteRoutes::show_reward);
  add(router, Method::put, "/api/affiliates/{a_id}/reward-api", Effect::write, &SiteRoutes::set_reward);
  add(router, Method::post, "/api/affiliates/{a_id}/reward-api/test", Effect::write,
      &SiteRoutes::test_reward);
  add(router, Method::get, "/api/affiliates/{a_id}/deliveries", Effect::read, &SiteRoutes::list_deliveries);
  add(router, Method::get, "/api/affiliates/{a_id}/deliveries/{id}", Effect::read,
      &SiteRoutes::show_delivery);
  add(router, Method::post, "/api/affiliates/{a_id}/deliveries/{id}/resend", Effect::write,
      &SiteRoutes::resend_delivery);
  add(router, Method::post, "/api/affiliates/{a_id}/deliveries/resend", Effect::write,
      &SiteRoutes::resend_deliveries);
  add(router, Method::get, "/api/affiliates/{a_id}/clicks", Effect::read, &SiteRoutes::list_own_clicks);
  add(router, Method::get, "/api/affiliates/{a_id}/clicks/daily", Effect::read, &SiteRoutes::sum_own_clicks);
  add(router, Method::get, "/api/affiliates/{a_id}/merchants", Effect::read, &SiteRoutes::list_promotable);
  add(router, Method::get, "/api/affiliates/{a_id}/link", Effect::read, &SiteRoutes::make_link);
  add(router, Method::get, "/api/affiliates/{a_id}/promos", Effect::read, &SiteRoutes::list_own_promos);
  add(router, Method::get, "/api/affiliates/{a_id}/statements", Effect::read, &SiteRoutes::list_statements);
  add(router, Method::get, "/api/affiliates/{a_id}/bank-account", Effect::read,
      &SiteRoutes::show_bank_account);
  add(router, Method::put, "/api/affiliates/{a_id}/bank-account", Effect::write,
      &SiteRoutes::set_bank_account);
}

// ---- the incumbent's queries

void SiteRoutes::list_conversions(Responder responder) {
  // An affiliate's own page keeps its key out of URLs.
  std::string asked(responder.request().query());
  if (const std::string* header = responder.request().header("authorization"))
    if (const auto token = http::credentials_of(*header, "Bearer"))
      asked += "&auth_key=" + http::percent_encode(*token);
  const auto to = share(std::move(responder));
  const auto fail = [to](ListResult result) { to->respond(json_response(list_answer(result, 0, {}, 0))); };
  const auto failed = [to](const Error& error) { to->respond(api_error(error)); };
  const auto read = read_list_query(asked);
  if (const auto* result = std::get_if<ListResult>(&read)) return fail(*result);
  with_config(
      [this, to, fail, failed,
       query = std::get<ListQuery>(read)](const std::shared_ptr<const Config>& config) {
        const AffiliateSet* affiliate = config->affiliate(query.affiliate_id);
        if (affiliate == nullptr || !has_key(*affiliate, query.auth_key)) return fail(ListResult::bad_key);
        if (!is_currency(query.currency)) return fail(ListResult::bad_currency);
        parts_.engine.read(
            [to, fail, failed, config, query, number = affiliate->number](store::Session& session) {
              const auto page = query.test ? list_samples(session, query)
                                           : affiliate::list_conversions(session, *config, number, query);
              if (page)
                return to->respond(json_response(
                    list_answer(ListResult::ok, page->count, page->rows, amount_scale(query.currency))));
              if (page.error().code == Errc::not_found)  // a day has no rate
                return fail(ListResult::bad_currency);
              failed(page.error());
            },
            failed);
      },
      failed);
}

void SiteRoutes::list_merchants(Responder responder, bool detail) {
  const std::string_view which = responder.request().path_parameter("which");
  const std::string_view kind = responder.request().path_parameter("kind");
  if ((which != "all" && which != "apr") || (kind != "cps" && kind != "cpa"))
    return responder.respond(api_error(Errc::not_found));
  MerchantListQuery query;
  query.approved_only = which == "apr";
  query.kind = kind == "cps" ? ProgramKind::cps : ProgramKind::cpa;
  query.detail = detail;
  const auto to = share(std::move(responder));
  with_config(
      [this, to, query](const std::shared_ptr<const Config>& config) {
        const AffiliateSet* affiliate = config->affiliate(to->request().path_parameter("a_id"));
        if (affiliate == nullptr || !affiliate->active) return to->respond(api_error(Errc::not_found));
        const Instant now = parts_.engine.business_now();
        to->respond(
            json_response(merchant_list_json(*config, *affiliate, query, now, parts_.links.base_url())));
      },
      [to](const Error& error) { to->respond(api_error(error)); });
}

// ---- rewards

void SiteRoutes::show_reward(Responder responder, const Caller& caller) {
  responder.respond(
      json_response(reward_json(caller.affiliate, caller.config->affiliate(caller.affiliate)->reward)));
}

void SiteRoutes::set_reward(Responder responder, const Caller& caller) {
  http::JsonBody body(responder.request().body());
  RewardForm form = read_reward(body, caller.config->affiliate(caller.affiliate)->reward, caller.by,
                                parts_.state.surroundings().reach);
  if (body.error()) return responder.respond(api_error(*body.error()));
  const auto render = [](const RewardSet& set) {
    return door::Answer{200, reward_json(set.affiliate, set.reward)};
  };
  door::change<AffiliateDoor, RewardSet>(
      parts_.engine, std::move(responder), render, [&](auto rendered, auto answered) {
        return std::make_unique<SetReward>(parts_.state, caller.affiliate, caller.by, std::move(form),
                                           std::move(rendered), std::move(answered));
      });
}

void SiteRoutes::test_reward(Responder responder, const Caller& caller) {
  if (!tests_.take(affiliate_id(caller.affiliate))) return responder.respond(tests_.too_many());
  const auto to = share(std::move(responder));
  const auto event = std::make_shared<std::uint64_t>(0);
  auto command = std::make_unique<TestReward>(
      parts_.state, caller.affiliate, caller.by,
      [event](const RewardTested& tested) {
        *event = tested.event;
        return door::Answer{};
      },
      [this, to, event](std::variant<door::Done, Refused> outcome) {
        if (const auto* refused = std::get_if<Refused>(&outcome))
          return to->respond(api_error(refused->error));
        parts_.when_tried(*event, [this, to, event](bool) { show_test(std::move(*to), *event); });
      });
  if (const Status queued = parts_.engine.submit(std::move(command)); !queued)
    to->respond(api_error(queued.error()));
}

void SiteRoutes::show_test(Responder responder, std::uint64_t event) {
  door::show(parts_.engine, std::move(responder), [event](store::Session& session) -> Result<std::string> {
    ASSIGN_OR_RETURN(const auto row, delivery::read_delivery(session, event));
    return reward_test_json(row);
  });
}

void SiteRoutes::list_deliveries(Responder responder, const Caller& caller) {
  parts_.deliveries.list(std::move(responder), receiver_of(caller.affiliate));
}
void SiteRoutes::show_delivery(Responder responder, const Caller& caller) {
  parts_.deliveries.show(std::move(responder), receiver_of(caller.affiliate));
}
void SiteRoutes::resend_delivery(Responder responder, const Caller& caller) {
  parts_.deliveries.resend(std::move(responder), receiver_of(caller.affiliate));
}
void SiteRoutes::resend_deliveries(Responder responder, const Caller& caller) {
  parts_.deliveries.resend_many(std::move(responder), receiver_of(caller.affiliate));
}

// ---- clicks and links

void SiteRoutes::list_own_clicks(Responder responder, const Caller& caller) {
  auto list = read_click_list(responder.request().query(), *caller.config);
  if (!list) return responder.respond(api_error(list.error()));
  if (list->filter.affiliate != 0 && list->filter.affiliate != caller.affiliate)
    return responder.respond(api_error(Error(Errc::invalid_parameters, "affiliate_id is another one")));
  list->filter.affiliate = caller.affiliate;
  door::show(
      parts_.engine, std::move(responder),
      [list = std::move(*list), config = caller.config](store::Session& session) -> Result<std::string> {
        ASSIGN_OR_RETURN(const ClickPage page, list_clicks(session, list.filter, list.after, list.limit));
        return render_clicks(page, *config, ClickReader::affiliate);
      });
}

void SiteRoutes::sum_own_clicks(Responder responder, const Caller& caller) {
  const auto month = read_click_month(responder.request().query());
  if (!month) return responder.respond(api_error(month.error()));
  door::show(parts_.engine, std::move(responder),
             [month = *month, affiliate = caller.affiliate](store::Session& session) -> Result<std::string> {
               ASSIGN_OR_RETURN(const auto sums, click_day_sums(session, affiliate, month));
               return render_click_sums(month, sums);
             });
}

void SiteRoutes::list_promotable(Responder responder, const Caller& caller) {
  const auto query = read_promotable_query(responder.request().query());
  if (!query) return responder.respond(api_error(query.error()));
  responder.respond(json_response(promotable_json(*caller.config, *caller.config->affiliate(caller.affiliate),
                                                  *query, parts_.engine.business_now())));
}

void SiteRoutes::make_link(Responder responder, const Caller& caller) {
  const auto form = read_link_form(responder.request().query(), caller.affiliate);
  if (!form) return responder.respond(api_error(form.error()));
  // Judged as the click will be.
  const std::string query = click_query(*form);
  const auto link = parse_click(query);
  if (!link) return responder.respond(api_error(link.error()));
  if (const auto merchant = merchant_of_link(*caller.config, *link); !merchant)
    return responder.respond(api_error(merchant.error()));
  std::string body;
  json::Writer(body)
      .begin_object()
      .key("click_url")
      .string(parts_.links.base_url() + std::string(click_path) + "?" + query)
      .end_object();
  responder.respond(json_response(std::move(body)));
}

void SiteRoutes::list_own_promos(Responder responder, const Caller& caller) {
  const auto page = read_page(responder.request().query(), "");
  if (!page) return responder.respond(api_error(page.error()));
  door::show(parts_.engine, std::move(responder),
             [page = *page, affiliate = caller.affiliate, config = caller.config](store::Session& session) {
               return promos_of_affiliate_json(session, *config, affiliate, page);
             });
}

// ---- money

void SiteRoutes::list_statements(Responder responder, const Caller& caller) {
  door::show(parts_.engine, std::move(responder),
             [affiliate = caller.affiliate](store::Session& session) -> Result<std::string> {
               ASSIGN_OR_RETURN(const auto statements,
                                statements_of(session, affiliate, no_month, shown_statements));
               return statements_json(affiliate, statements);
             });
}

void SiteRoutes::show_bank_account(Responder responder, const Caller& caller) {
  door::show(parts_.engine, std::move(responder),
             [affiliate = caller.affiliate](store::Session& session) -> Result<std::string> {
               ASSIGN_OR_RETURN(const auto account, bank_account_of(session, affiliate));
               return bank_account_json(account.value_or(BankAccountRow()));
             });
}

void SiteRoutes::set_bank_account(Responder responder, const Caller& caller) {
  http::JsonBody body(responder.request().body());
  BankAccountSet account{caller.affiliate, caller.by, body.string("bank", std::nullopt, max_bank_text_bytes),
                         body.string("account", std::nullopt, max_bank_text_bytes),
                         body.string("holder", std::nullopt, max_bank_text_bytes)};
  for (const char* each : {"bank", "holder"}) body.check_line(each);
  const bool is_number = account.account.find_first_not_of("0123456789-") == std::string::npos;
  if (!is_number) body.fail("account", "must be digits and hyphens");
  if (body.error()) return responder.respond(api_error(*body.error()));
  const auto render = [](const BankAccountSet& set) {
    return door::Answer{200, bank_account_json({set.bank, set.account, set.holder})};
  };
  door::change<AffiliateDoor, BankAccountSet>(
      parts_.engine, std::move(responder), render, [&](auto rendered, auto answered) {
        return std::make_unique<SetBankAccount>(parts_.state, std::move(account), std::move(rendered),
                                                std::move(answered));
      });
}

}  // namespace jangbu::affiliate
