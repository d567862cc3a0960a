#include <algorithm>

#include "affiliate/admin_wire.h"
#include "affiliate/click_link.h"
#include "http/proxies.h"

namespace jangbu::affiliate {
namespace {

using http::JsonBody;

constexpr std::size_t max_name_bytes = 200;
constexpr std::size_t max_text_bytes = 100;
constexpr std::size_t max_url_bytes = 2000;
constexpr std::uint64_t max_rate_per_s = 100'000;
constexpr std::uint64_t max_burst = 1'000'000;

/// A list of texts, each checked; as it stands when it is absent.
template <typename Check>
void read_texts(JsonBody& body, std::string_view name, std::size_t most, std::vector<std::string>& texts,
                std::string_view what, const Check& check) {
  const json::Value* list = body.find(name);
  if (list == nullptr) return;
  texts.clear();
  bool is_good = list->kind == json::Kind::array && list->size <= most;
  for (std::uint32_t i = 0; is_good && i < list->size; ++i) {
    is_good = list->items[i].is_string() && check(list->items[i].text);
    texts.emplace_back(list->items[i].text);
  }
  if (!is_good)
    body.fail(name, "must be a list of at most " + std::to_string(most) + " " + std::string(what));
}

void read_url(JsonBody& body, std::string_view name, delivery::Reach reach, std::string& url) {
  url = body.text(name, url, max_url_bytes);
  if (url.empty()) return;
  if (const Status good = delivery::check_url(url, reach); !good) body.fail(name, good.error().detail);
}

void read_rate(JsonBody& body, std::string_view name, Rate& rate) {
  const std::string text = body.string(name, rate_text(rate), max_text_bytes);
  const auto parsed = parse_rate(text);
  parsed ? void(rate = *parsed) : body.fail(name, parsed.error().detail);
}

/// A rate within a list; nothing when it is none.
std::optional<Rate> rate_in(const json::Value& item, std::string_view name) {
  const json::Value* value = item.find(name);
  if (value == nullptr) return Rate();
  const auto rate = value->is_string() ? parse_rate(value->text) : Result<Rate>(Errc::invalid_parameters);
  return rate ? std::optional(*rate) : std::nullopt;
}

void read_code_rates(JsonBody& body, std::string_view name, std::vector<CodeRate>& rates) {
  const json::Value* list = body.find(name);
  if (list == nullptr) return;
  rates.clear();
  bool is_good = list->kind == json::Kind::array && list->size <= max_code_rates;
  for (std::uint32_t i = 0; is_good && i < list->size; ++i) {
    const json::Value& item = list->items[i];
    const json::Value* code = item.find("code");
    const auto base = rate_in(item, "base");
    const auto incentive = rate_in(item, "incentive");
    is_good = code != nullptr && code->is_string() && !code->text.empty() &&
              code->text.size() <= 4 * max_name_bytes && base && incentive &&
              std::none_of(rates.begin(), rates.end(),
                           [&](const CodeRate& other) { return other.code == code->text; });
    if (is_good) rates.push_back({std::string(code->text), *base, *incentive});
  }
  if (!is_good)
    body.fail(name,
              R"(must be a list of {"code","base","incentive"}, each code once, with rates such as "8%")");
}

void read_tiers(JsonBody& body, std::vector<Tier>& tiers) {
  const json::Value* list = body.find("tiers");
  if (list == nullptr) return;
  tiers.clear();
  bool is_good = list->kind == json::Kind::array && list->size <= max_tiers;
  for (std::uint32_t i = 0; is_good && i < list->size; ++i) {
    const json::Value& item = list->items[i];
    const json::Value* from = item.find("from_sales");
    const auto base = rate_in(item, "base");
    const auto incentive = rate_in(item, "incentive");
    const auto sales = from != nullptr && (from->is_number() || from->is_string())
                           ? parse_decimal(from->text, 0, Exponent::refused)
                           : Result<Money>(Errc::invalid_number);
    is_good = sales && !sales->is_negative() && base && incentive &&
              (tiers.empty() || tiers.back().from_sales < *sales);
    if (is_good) tiers.push_back({*sales, *base, *incentive});
  }
  if (!is_good)
    body.fail(
        "tiers",
        R"(must be a list of {"from_sales","base","incentive"}, each from more won than the one before)");
}

/// An instant, or null for none.
std::optional<Instant> read_instant(JsonBody& body, std::string_view name, std::optional<Instant> stands) {
  const json::Value* value = body.find(name);
  if (value == nullptr) return stands;
  if (value->kind == json::Kind::null) return std::nullopt;
  const auto at = value->is_string() ? parse_rfc3339(value->text) : Result<Instant>(Errc::invalid_parameters);
  if (!at) body.fail(name, "must be a moment such as 2026-05-25T10:00:00+09:00, or null");
  return at ? std::optional(*at) : stands;
}

void read_period(JsonBody& body, Instant& starts_at, std::optional<Instant>& ends_at) {
  starts_at = read_instant(body, "starts_at", starts_at).value_or(Instant());
  ends_at = read_instant(body, "ends_at", ends_at);
  if (ends_at && *ends_at <= starts_at) body.fail("ends_at", "must be later than starts_at");
}

MerchantNumber read_merchant_id(JsonBody& body, const Config& config) {
  const std::string id = body.string("merchant_id");
  const MerchantSet* merchant = config.merchant(id);
  if (!id.empty() && merchant == nullptr) body.fail("merchant_id", "there is no such merchant");
  return merchant == nullptr ? 0 : merchant->number;
}

}  // namespace

void read_merchant(JsonBody& body, delivery::Reach reach, MerchantSet& merchant) {
  if (merchant.number == 0) {
    merchant.id = body.string("merchant_id");
    if (!merchant.id.empty() && !is_merchant_id(merchant.id))
      body.fail("merchant_id", "must be 1 to 10 of a-z, 0-9, _ and -");
  }
  const bool is_new = merchant.number == 0;
  merchant.name = body.string("name", is_new ? std::nullopt : std::optional(merchant.name), max_name_bytes);
  merchant.active = body.boolean("active", merchant.active);
  read_texts(body, "hosts", max_listed, merchant.hosts, "host names such as shop.example",
             [](std::string_view host) { return check_own_host(host).ok(); });
  merchant.gateway_template = body.string(
      "gateway_url", is_new ? std::nullopt : std::optional(merchant.gateway_template), max_url_bytes);
  if (!merchant.gateway_template.empty()) {
    if (const Status good = check_gateway_template(merchant.gateway_template); !good)
      body.fail("gateway_url", good.error().detail);
  }
  read_url(body, "home_url", reach, merchant.home_url);
  merchant.deeplinks = body.boolean("deeplinks", merchant.deeplinks);
  const std::string shape =
      body.string("answer_shape", merchant.answer_shape == AnswerShape::array ? "array" : "object");
  if (shape != "object" && shape != "array") body.fail("answer_shape", "must be object or array");
  merchant.answer_shape = shape == "array" ? AnswerShape::array : AnswerShape::object;
  merchant.batch = body.boolean("batch", merchant.batch);
  read_url(body, "list_url", reach, merchant.list_url);
  merchant.return_days = body.number("return_days", 0, max_return_days, merchant.return_days);
  read_texts(body, "networks", max_listed, merchant.networks, "addresses and networks such as 203.0.113.0/24",
             [](std::string_view network) { return http::TrustedProxies().add(network).ok(); });
  merchant.rate_per_s = body.number("rate", 1, max_rate_per_s, merchant.rate_per_s);
  merchant.burst = body.number("burst", 1, max_burst, merchant.burst);
}

void read_program(JsonBody& body, const Config& config, ProgramSet& program) {
  const bool is_new = program.number == 0;
  if (is_new) {
    program.merchant = read_merchant_id(body, config);
    program.code = body.string("code", std::nullopt, max_text_bytes);
    const std::string kind = body.string("kind", "cps");
    if (kind != "cps" && kind != "cpa") body.fail("kind", "must be cps or cpa");
    program.kind = kind == "cpa" ? ProgramKind::cpa : ProgramKind::cps;
    program.window_days = default_window_days;
  }
  program.name = body.string("name", is_new ? std::nullopt : std::optional(program.name), max_name_bytes);
  program.action = body.text("action_name", program.action, max_text_bytes);
  if (program.kind == ProgramKind::cps && !program.action.empty())
    body.fail("action_name", "is for programmes of kind cpa");
  program.active = body.boolean("active", program.active);
  program.window_days = body.number("window_days", 1, max_window_days, program.window_days);
  read_rate(body, "base", program.base);
  read_rate(body, "incentive", program.incentive);
  read_rate(body, "fee", program.fee);
  read_code_rates(body, "by_category", program.by_category);
  read_code_rates(body, "by_product", program.by_product);
  read_tiers(body, program.tiers);
  read_period(body, program.starts_at, program.ends_at);
}

void read_affiliate(JsonBody& body, const Config& config, AffiliateSet& affiliate) {
  const bool is_new = affiliate.number == 0;
  affiliate.name = body.string("name", is_new ? std::nullopt : std::optional(affiliate.name), max_name_bytes);
  affiliate.site_name = body.text("site_name", affiliate.site_name, max_name_bytes);
  affiliate.email = body.text("email", affiliate.email, max_name_bytes);
  affiliate.active = body.boolean("active", affiliate.active);
  const json::Value* merchants = body.find("merchants");
  if (merchants == nullptr) return;
  affiliate.merchants.clear();
  affiliate.all_merchants = merchants->is_string() && merchants->text == "all";
  if (affiliate.all_merchants) return;
  bool is_good = merchants->kind == json::Kind::array && merchants->size <= max_merchants_of_affiliate;
  for (std::uint32_t i = 0; is_good && i < merchants->size; ++i) {
    const MerchantSet* merchant =
        merchants->items[i].is_string() ? config.merchant(merchants->items[i].text) : nullptr;
    is_good = merchant != nullptr;
    if (is_good) affiliate.merchants.push_back(merchant->number);
  }
  if (!is_good) body.fail("merchants", R"(must be "all" or a list of ids of merchants)");
}

void read_promo(JsonBody& body, const Config& config, PromoSet& promo) {
  promo.merchant = read_merchant_id(body, config);
  promo.event_code = body.string("event_code", std::nullopt, max_text_bytes);
  promo.promo_code = body.string("promo_code", std::nullopt, max_text_bytes);
  const std::string id = body.string("affiliate_id");
  promo.affiliate = affiliate_of_id(id);
  if (!id.empty() && config.affiliate(promo.affiliate) == nullptr)
    body.fail("affiliate_id", "there is no such affiliate");
  promo.active = body.boolean("active", true);
  read_period(body, promo.starts_at, promo.ends_at);
}

}  // namespace jangbu::affiliate
