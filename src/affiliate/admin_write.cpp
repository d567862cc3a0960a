#include "affiliate/admin_wire.h"

namespace jangbu::affiliate {
namespace {

void put_texts(json::Writer& out, std::string_view name, const std::vector<std::string>& texts) {
  out.key(name).begin_array();
  for (const std::string& text : texts) out.string(text);
  out.end_array();
}

void put_optional(json::Writer& out, std::string_view name, std::string_view text) {
  out.key(name);
  text.empty() ? out.null() : out.string(text);
}

void put_moment(json::Writer& out, std::string_view name, const std::optional<Instant>& at) {
  out.key(name);
  at&&* at != Instant() ? out.string(to_rfc3339(*at)) : out.null();
}

void put_rates(json::Writer& out, const Rate& base, const Rate& incentive) {
  out.key("base").string(rate_text(base)).key("incentive").string(rate_text(incentive));
}

void put_code_rates(json::Writer& out, std::string_view name, const std::vector<CodeRate>& rates) {
  out.key(name).begin_array();
  for (const CodeRate& rate : rates) {
    out.begin_object().key("code").string(rate.code);
    put_rates(out, rate.base, rate.incentive);
    out.end_object();
  }
  out.end_array();
}

std::string_view status_name(RewardStatus status) {
  switch (status) {
    case RewardStatus::requested:
      return "REQUESTED";
    case RewardStatus::approved:
      return "APPROVED";
    case RewardStatus::rejected:
      return "REJECTED";
    case RewardStatus::none:
      break;
  }
  return "NONE";
}

std::string merchant_id_of(const Config& config, MerchantNumber number) {
  const MerchantSet* merchant = config.merchant(number);
  return merchant == nullptr ? std::string() : merchant->id;
}

}  // namespace

std::string_view kind_name(ProgramKind kind) { return kind == ProgramKind::cpa ? "cpa" : "cps"; }

std::string day_text(Day day) {
  const std::string digits = std::to_string(day);
  return digits.substr(0, 4) + "-" + digits.substr(4, 2) + "-" + digits.substr(6, 2);
}

Day parse_day(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return 0;
  const auto day = http::whole_number(
      std::string(text.substr(0, 4)) + std::string(text.substr(5, 2)) + std::string(text.substr(8, 2)),
      10'000'000, 99'999'999);
  return day && start_of(static_cast<Day>(*day)) ? static_cast<Day>(*day) : 0;
}

void put_merchant(json::Writer& out, const MerchantSet& merchant) {
  out.begin_object();
  put_members(out, merchant);
  out.end_object();
}

void put_lists(json::Writer& out, const std::optional<ListProgressRow>& progress) {
  out.key("lists");
  if (!progress) {
    out.null();
    return;
  }
  out.begin_object().key("asked").string(day_text(progress->asked));
  out.key("done").string(day_text(progress->done)).end_object();
}

void put_members(json::Writer& out, const MerchantSet& merchant) {
  out.key("merchant_id").string(merchant.id).key("name").string(merchant.name);
  out.key("active").boolean(merchant.active);
  put_texts(out, "hosts", merchant.hosts);
  out.key("gateway_url").string(merchant.gateway_template);
  put_optional(out, "home_url", merchant.home_url);
  out.key("deeplinks").boolean(merchant.deeplinks);
  out.key("answer_shape").string(merchant.answer_shape == AnswerShape::array ? "array" : "object");
  out.key("batch").boolean(merchant.batch);
  put_optional(out, "list_url", merchant.list_url);
  out.key("return_days").unsigned_number(merchant.return_days);
  put_texts(out, "networks", merchant.networks);
  out.key("rate").unsigned_number(merchant.rate_per_s).key("burst").unsigned_number(merchant.burst);
}

void put_program(json::Writer& out, const Config& config, const ProgramSet& program) {
  out.begin_object().key("program").unsigned_number(program.number);
  out.key("merchant_id").string(merchant_id_of(config, program.merchant));
  out.key("code").string(program.code).key("name").string(program.name);
  out.key("kind").string(kind_name(program.kind));
  put_optional(out, "action_name", program.action);
  out.key("active").boolean(program.active).key("window_days").unsigned_number(program.window_days);
  put_rates(out, program.base, program.incentive);
  out.key("fee").string(rate_text(program.fee));
  put_code_rates(out, "by_category", program.by_category);
  put_code_rates(out, "by_product", program.by_product);
  out.key("tiers").begin_array();
  for (const Tier& tier : program.tiers) {
    out.begin_object().key("from_sales").raw(tier.from_sales.to_units_text());
    put_rates(out, tier.base, tier.incentive);
    out.end_object();
  }
  out.end_array();
  put_moment(out, "starts_at", program.starts_at);
  put_moment(out, "ends_at", program.ends_at);
  out.end_object();
}

void put_affiliate(json::Writer& out, const Config& config, const AffiliateSet& affiliate) {
  out.key("affiliate_id").string(affiliate_id(affiliate.number)).key("name").string(affiliate.name);
  put_optional(out, "site_name", affiliate.site_name);
  put_optional(out, "email", affiliate.email);
  out.key("active").boolean(affiliate.active).key("merchants");
  if (affiliate.all_merchants) {
    out.string("all");
  } else {
    out.begin_array();
    for (const MerchantNumber number : affiliate.merchants) out.string(merchant_id_of(config, number));
    out.end_array();
  }
  out.key("reward").begin_object().key("status").string(status_name(affiliate.reward.status));
  put_optional(out, "postback_url", affiliate.reward.url);
  out.key("uniq_id").boolean(affiliate.reward.uniq_id);
  put_moment(out, "approved_at", affiliate.reward.approved_at);
  out.end_object();
}

void put_promo(json::Writer& out, const Config& config, const PromoSet& promo) {
  out.begin_object().key("promo").unsigned_number(promo.number);
  out.key("merchant_id").string(merchant_id_of(config, promo.merchant));
  out.key("event_code").string(promo.event_code).key("promo_code").string(promo.promo_code);
  out.key("affiliate_id").string(affiliate_id(promo.affiliate)).key("active").boolean(promo.active);
  put_moment(out, "starts_at", promo.starts_at);
  put_moment(out, "ends_at", promo.ends_at);
  out.end_object();
}

void put_exchange_rate(json::Writer& out, const ExchangeRateSet& rate) {
  out.begin_object().key("currency").string(rate.currency).key("date").string(day_text(rate.day));
  out.key("krw_per_unit").string(rate.won_per_unit.to_decimal_text(exchange_scale)).end_object();
}

}  // namespace jangbu::affiliate
