#include "affiliate/agents.h"
#include "affiliate/click_door.h"
#include "affiliate/click_queries.h"
#include "affiliate/click_wire.h"
#include "door/api.h"

namespace jangbu::affiliate {
namespace {

using http::Effect;
using http::Method;

constexpr std::uint64_t seconds_of_a_day = 86'400;

/// A page for people who can do nothing about it.
http::Response plain_page(int status, std::string_view why) {
  http::Response response;
  response.status = status;
  response.content_type = "text/plain; charset=utf-8";
  response.headers = {{"Cache-Control", "no-store"}, {"X-Content-Type-Options", "nosniff"}};
  response.body = status == 503
                      ? "잠시 후 다시 시도해 주세요.\nPlease try again in a moment.\n"
                      : "사용할 수 없는 링크입니다.\nThis link does not work: " + std::string(why) + ".\n";
  if (status == 503) response.headers.push_back({"Retry-After", "1"});
  return response;
}

/// Browsers say that they fetch what nobody has asked for yet.
bool is_prefetch(const http::Request& request) {
  const auto says = [&](std::string_view name, std::string_view word) {
    const std::string* value = request.header(name);
    return value != nullptr && value->find(word) != std::string::npos;
  };
  return says("Sec-Purpose", "prefetch") || says("Purpose", "prefetch") || says("X-Purpose", "preview") ||
         says("X-Moz", "prefetch");
}

/// What the agents that were met last are, by the hash of their name: there are few of them, and each is
/// looked at once.
AgentSight remembered_sight(std::string_view user_agent, std::uint64_t hash) {
  struct Known {
    std::uint64_t hash = 0;
    AgentSight sight;
  };
  static thread_local std::array<Known, 1024> known;
  Known& slot = known[hash % known.size()];
  if (slot.hash != hash) slot = {hash, sight_of(user_agent)};
  return slot.sight;
}

std::string gateway_of(const MerchantSet& merchant, std::string_view lpinfo, std::string_view target) {
  std::string url;
  url.reserve(merchant.gateway_template.size() + 3 * lpinfo.size() + 3 * target.size());
  append_gateway_url(merchant.gateway_template, lpinfo, target, merchant.return_days, url);
  return url;
}

std::string cookie_of(const MerchantSet& merchant, std::string_view lpinfo) {
  std::string cookie;
  cookie.reserve(lpinfo.size() + 48);
  cookie += "LPINFO=";
  cookie += lpinfo;
  cookie += "; Path=/";
  if (merchant.return_days > 0) {
    cookie += "; Max-Age=";
    cookie += std::to_string(merchant.return_days * seconds_of_a_day);
  }
  return cookie;
}

http::Response redirect(const MerchantSet& merchant, const ClickLink& link, ClickId id) {
  std::string lpinfo;
  lpinfo.reserve(64);
  append_lpinfo(link.affiliate, id, link.l, link.l_cd1, link.l_cd2, lpinfo);
  http::Response response;
  response.status = 302;
  response.content_type.clear();
  response.headers.reserve(3);
  response.headers.push_back(
      {"Location", gateway_of(merchant, lpinfo, link.is_deeplink() ? link.target : merchant.home_url)});
  response.headers.push_back({"Set-Cookie", cookie_of(merchant, lpinfo)});
  response.headers.push_back({"Cache-Control", "no-store"});
  return response;
}

}  // namespace

Result<const MerchantSet*> merchant_of_link(const Config& config, const ClickLink& link) {
  const auto refuse = [](const char* why) { return Error(Errc::invalid_parameters, why); };
  const MerchantSet* merchant = config.merchant(link.merchant_id);
  if (merchant == nullptr || !merchant->active) return refuse("there is no such merchant");
  const AffiliateSet* affiliate = config.affiliate(link.affiliate);
  if (affiliate == nullptr || !affiliate->active) return refuse("there is no such affiliate");
  if (!affiliate->may_promote(merchant->number))
    return refuse("the affiliate does not promote this merchant");
  if (!link.is_deeplink()) return merchant;
  if (!merchant->deeplinks) return refuse("the merchant takes no deep links");
  RETURN_IF_ERROR(check_target(link.target, merchant->hosts));
  return merchant;
}

ClickDoor::ClickDoor(ClickDoorParts parts, http::Metrics& metrics, http::Authorize authorize)
    : OperatorRoutes(std::move(authorize)),
      parts_(parts),
      redirected_(metrics.counter("jangbu_clicks_total", "Clicks by how they were answered.",
                                  {{"result", "redirected"}})),
      refused_(metrics.counter("jangbu_clicks_total", "Clicks by how they were answered.",
                               {{"result", "refused"}})),
      overloaded_(metrics.counter("jangbu_clicks_total", "Clicks by how they were answered.",
                                  {{"result", "overloaded"}})) {
  add_metrics(metrics);
}

void ClickDoor::add_metrics(http::Metrics& metrics) {
  const auto counter = [&](std::string_view name, std::string_view help, http::Labels labels,
                           std::uint64_t ClickBufferCounters::*which) {
    metrics.counter_from(name, help, std::move(labels),
                         [&buffer = parts_.buffer, which] { return buffer.counters().*which; });
  };
  constexpr std::string_view marked = "Clicks that were marked for what came before them.";
  counter("jangbu_clicks_marked_total", marked, {{"mark", "repeat"}}, &ClickBufferCounters::repeats);
  counter("jangbu_clicks_marked_total", marked, {{"mark", "burst"}}, &ClickBufferCounters::bursts);
  counter("jangbu_click_flush_failures_total", "Flushes of clicks that failed and were tried again.", {},
          &ClickBufferCounters::failed_flushes);
  counter("jangbu_clicks_lost_total", "Clicks that were answered and could not be recorded.", {},
          &ClickBufferCounters::lost);
  metrics.gauge("jangbu_clicks_waiting", "Clicks that were answered and are not durable yet.", {},
                [&buffer = parts_.buffer] { return static_cast<std::int64_t>(buffer.counters().waiting); });
}

void ClickDoor::add_routes(http::Router& router) {
  router.add_dialect({std::string(click_path), plain_page});
  router.add({Method::get, "/click.php", Effect::write,
              [this](http::Responder responder) { click(std::move(responder)); }});
  add(router, Method::get, "/api/clicks", Effect::read, &ClickDoor::list);
  add(router, Method::get, "/api/clicks/daily", Effect::read, &ClickDoor::list_days);
  add(router, Method::get, "/api/clicks/{click_id}", Effect::read, &ClickDoor::show);
}

void ClickDoor::note_visitor(const http::Request& request, ClickView& click) const {
  const std::string* header = request.header("User-Agent");
  const std::string_view agent = header == nullptr ? std::string_view() : std::string_view(*header);
  const std::uint64_t agent_hash = crypto::short_hash(parts_.visitor_key, agent);
  std::string visitor = request.peer();
  ByteWriter(visitor).u64(agent_hash);
  click.visitor = crypto::short_hash(parts_.visitor_key, visitor);
  const AgentSight sight = remembered_sight(agent, agent_hash);
  click.device = sight.device;
  click.marks = (sight.is_bot ? click_bot : 0U) | (sight.is_program ? click_program : 0U) |
                (request.method() == Method::head || is_prefetch(request) ? click_look_ahead : 0U);
}

void ClickDoor::click(http::Responder responder) {
  const http::Request& request = responder.request();
  const auto link = parse_click(request.query());
  const auto config = parts_.board.current();
  const auto merchant = link ? merchant_of_link(*config, *link) : Result<const MerchantSet*>(link.error());
  if (!merchant) {
    refused_.add();
    return responder.respond(plain_page(400, merchant.error().detail));
  }
  ClickView click;
  click.affiliate = link->affiliate;
  click.merchant = (*merchant)->number;
  click.l = link->l;
  click.l_cd1 = link->l_cd1;
  click.l_cd2 = link->l_cd2;
  click.user_id = link->user_id;
  note_visitor(request, click);
  const auto id = parts_.buffer.add(click);
  if (!id) {
    overloaded_.add();
    return responder.respond(plain_page(503, ""));
  }
  redirected_.add();
  responder.respond(redirect(**merchant, *link, *id));
}

void ClickDoor::read_settled(http::Responder responder, ClickRead read) {
  auto to = std::make_shared<http::Responder>(std::move(responder));
  parts_.buffer.settle([this, to, read = std::move(read)] {
    door::show(parts_.engine, std::move(*to), [read](store::Session& session) -> Result<std::string> {
      ASSIGN_OR_RETURN(const auto config, load_config(session));
      return read(session, *config);
    });
  });
}

void ClickDoor::list(http::Responder responder) {
  const std::string query(responder.request().query());
  read_settled(
      std::move(responder), [query](store::Session& session, const Config& config) -> Result<std::string> {
        ASSIGN_OR_RETURN(const ClickList list, read_click_list(query, config));
        ASSIGN_OR_RETURN(const ClickPage page, list_clicks(session, list.filter, list.after, list.limit));
        return render_clicks(page, config, ClickReader::office);
      });
}

void ClickDoor::list_days(http::Responder responder) {
  const std::string query(responder.request().query());
  read_settled(std::move(responder),
               [query](store::Session& session, const Config& config) -> Result<std::string> {
                 ASSIGN_OR_RETURN(const ClickDayList list, read_click_day_list(query, config));
                 ASSIGN_OR_RETURN(const ClickDayPage page,
                                  list_click_days(session, list.filter, list.after, list.limit));
                 return render_click_days(page, config);
               });
}

void ClickDoor::show(http::Responder responder) {
  const auto id = parse_click_id(responder.request().path_parameter("click_id"));
  if (!id) return responder.respond(http::api_error(Errc::not_found));
  read_settled(std::move(responder),
               [id = *id](store::Session& session, const Config& config) -> Result<std::string> {
                 ASSIGN_OR_RETURN(auto click, find_click(session, id));
                 if (!click) return Errc::not_found;
                 return render_click({id, std::move(*click)}, config);
               });
}

}  // namespace jangbu::affiliate
