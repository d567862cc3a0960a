#include "affiliate/site_json.h"

#include <algorithm>

#include "affiliate/list_wire.h"
#include "base/ascii.h"
#include "base/json.h"
#include "delivery/utf8.h"
#include "http/json_body.h"
#include "http/message.h"

namespace jangbu::affiliate {
namespace {

void put_instant(json::Writer& out, std::string_view name, Instant at) {
  out.key(name);
  at == Instant() ? out.null() : out.string(to_rfc3339(at));
}

void put_won(json::Writer& out, std::string_view name, Money amount) {
  out.key(name).raw(amount.to_units_text());
}

std::string_view payout_status_name(PayoutStatus status) {
  switch (status) {
    case PayoutStatus::held:
      return "held";
    case PayoutStatus::paid:
      return "paid";
    case PayoutStatus::failed:
      return "failed";
  }
  return "";
}

/// How much a rate is, for a comparison of rates of one kind.
bool is_more(const Rate& a, const Rate& b) { return a.value > b.value; }

/// The best that a programme pays, in each of its two kinds: "9%", "2000원".
std::string best_rate(const ProgramSet& program) {
  Rate base = program.base;
  Rate incentive = program.incentive;
  const auto consider = [&](const Rate& other_base, const Rate& other_incentive) {
    if (other_base.unit != base.unit || !is_more(other_base, base)) return;
    base = other_base;
    incentive = other_incentive;
  };
  for (const CodeRate& rate : program.by_category) consider(rate.base, rate.incentive);
  for (const CodeRate& rate : program.by_product) consider(rate.base, rate.incentive);
  for (const Tier& tier : program.tiers) consider(tier.base, tier.incentive);
  return paid_rate_text(base, incentive);
}

const ProgramSet* program_of(const Config& config, MerchantNumber merchant, ProgramKind kind, Instant now) {
  const auto of = config.programs_of.find(merchant);
  if (of == config.programs_of.end()) return nullptr;
  for (const ProgramNumber number : of->second) {
    const ProgramSet& program = *config.program(number);
    if (program.kind == kind && program.in_force(now)) return &program;
  }
  return nullptr;
}

void put_detail(json::Writer& out, const MerchantSet& merchant) {
  out.key("when_trans").string("실시간 실적 전송");
  out.key("trans_reposition")
      .string(merchant.batch ? "전체 실적 취소 후 확정 건 재생성" : "취소 건 제외한 실적 확정");
  out.key("commission_payment_standard").string("구매 월 기준 익익월 6일 확정");
  out.key("deny_product").string("").key("deny_ad").string("").key("notice").string("");
  out.key("app_ios_yn").string("Y").key("app_android_yn").string("Y");
}

}  // namespace

std::string reward_json(AffiliateNumber affiliate, const Reward& reward) {
  std::string body;
  json::Writer out(body);
  out.begin_object().key("affiliate_id").string(affiliate_id(affiliate));
  out.key("status").string(reward_status_name(reward.status)).key("postback_url");
  reward.url.empty() ? out.null() : out.string(reward.url);
  out.key("uniq_id").boolean(reward.uniq_id);
  put_instant(out, "approved_at", reward.approved_at);
  out.end_object();
  return body;
}

std::string reward_test_json(const delivery::DeliveryRow& row) {
  std::string body;
  json::Writer out(body);
  const delivery::Attempt& last = row.last;
  out.begin_object().key("delivery").unsigned_number(row.event.id);
  out.key("delivered").boolean(row.state == engine::EventState::delivered);
  out.key("tried").boolean(last.number != 0).key("status");
  last.status == 0 ? out.null() : out.number(last.status);
  out.key("duration_ms");
  last.number == 0 ? out.null() : out.number(last.duration_us / 1000);
  out.key("error");
  last.error.empty() ? out.null() : out.string(delivery::valid_utf8(last.error));
  out.key("answer").string(delivery::valid_utf8(last.answer)).end_object();
  return body;
}

std::string statements_json(AffiliateNumber affiliate, const std::vector<Statement>& statements) {
  std::string body;
  json::Writer out(body);
  out.begin_object().key("affiliate_id").string(affiliate_id(affiliate)).key("statements").begin_array();
  for (const Statement& statement : statements) {
    out.begin_object().key("month").string(std::to_string(statement.month));
    out.key("settled").unsigned_number(statement.row.settled);
    out.key("cancelled").unsigned_number(statement.row.cancelled);
    put_won(out, "sales", statement.row.sales);
    put_won(out, "commission", statement.row.commission);
    out.key("payout");
    if (statement.payout) {
      out.begin_object().key("id").unsigned_number(statement.row.payout);
      out.key("status").string(payout_status_name(statement.payout->status));
      put_won(out, "amount", statement.payout->amount);
      put_instant(out, "closed_at", statement.payout->closed_at);
      out.end_object();
    } else {
      out.null();
    }
    out.end_object();
  }
  out.end_array().end_object();
  return body;
}

std::string masked_account(std::string_view account) {
  constexpr std::size_t shown = 4;  // and of a short one nothing, which would be most of it
  const std::size_t hidden = account.size() >= 2 * shown ? account.size() - shown : account.size();
  return std::string(hidden, '*') + std::string(account.substr(hidden));
}

std::string bank_account_json(const BankAccountRow& account) {
  std::string body;
  json::Writer out(body);
  out.begin_object().key("bank").string(account.bank);
  out.key("account").string(masked_account(account.account));
  out.key("holder").string(account.holder).end_object();
  return body;
}

std::string payout_json(const PayoutState& payout) {
  std::string body;
  json::Writer out(body);
  out.begin_object().key("id").unsigned_number(payout.number);
  out.key("affiliate_id").string(affiliate_id(payout.affiliate));
  out.key("month").string(std::to_string(payout.month));
  put_won(out, "amount", payout.amount);
  out.key("status").string(payout_status_name(payout.status)).end_object();
  return body;
}

namespace {

/// Into an object that is open.
void put_payout(json::Writer& out, PayoutNumber number, const PayoutRow& payout) {
  out.key("id").unsigned_number(number).key("affiliate_id").string(affiliate_id(payout.affiliate));
  out.key("month").string(std::to_string(payout.month));
  put_won(out, "amount", payout.amount);
  out.key("status").string(payout_status_name(payout.status)).key("note").string(payout.note);
  put_instant(out, "made_at", payout.made_at);
  put_instant(out, "closed_at", payout.closed_at);
}

}  // namespace

std::string payout_json(PayoutNumber number, const PayoutRow& payout, const std::string& name) {
  std::string body;
  json::Writer out(body);
  out.begin_object();
  put_payout(out, number, payout);
  out.key("name").string(name).key("record").unsigned_number(payout.record).end_object();
  return body;
}

std::string unpaid_json(const UnpaidPage& page, const Config& config) {
  std::string body;
  json::Writer out(body);
  out.begin_object().key("statements").begin_array();
  for (const UnpaidStatement& unpaid : page.statements) {
    const Statement& statement = unpaid.statement;
    const AffiliateSet* affiliate = config.affiliate(statement.affiliate);
    out.begin_object().key("affiliate_id").string(affiliate_id(statement.affiliate));
    out.key("name").string(affiliate == nullptr ? "" : affiliate->name);
    out.key("month").string(std::to_string(statement.month));
    out.key("settled").unsigned_number(statement.row.settled);
    put_won(out, "commission", statement.row.commission);
    put_won(out, "payable", unpaid.payable);
    out.key("failed").boolean(statement.row.payout != 0).end_object();
  }
  out.end_array().key("next");
  page.next ? out.string(std::to_string(page.next->month) + "-" + std::to_string(page.next->affiliate))
            : out.null();
  out.end_object();
  return body;
}

std::string payouts_json(const std::vector<std::pair<PayoutNumber, PayoutRow>>& payouts, PayoutNumber next) {
  std::string body;
  json::Writer out(body);
  out.begin_object().key("payouts").begin_array();
  for (const auto& [number, payout] : payouts) {
    out.begin_object();
    put_payout(out, number, payout);
    out.end_object();
  }
  out.end_array().key("next");
  next == 0 ? out.null() : out.string(std::to_string(next));
  out.end_object();
  return body;
}

std::string merchant_list_json(const Config& config, const AffiliateSet& affiliate,
                               const MerchantListQuery& query, Instant now, std::string_view base_url) {
  std::string body;
  json::Writer out(body);
  out.begin_array();
  for (const auto& [number, merchant] : config.merchants) {
    const bool approved = affiliate.may_promote(number);
    const ProgramSet* program = program_of(config, number, query.kind, now);
    if (!merchant->active || program == nullptr || (query.approved_only && !approved)) continue;
    const std::string rate = best_rate(*program);
    out.begin_object().key("category_id").string("").key("category_name").string("");
    out.key("deeplink_yn").string(merchant->deeplinks ? "Y" : "N");
    out.key("max_commission_mobile").string(rate).key("max_commission_pc").string(rate);
    out.key("merchant_id").string(merchant->id).key("merchant_logo").string("");
    out.key("merchant_name").string(merchant->name).key("merchant_url").string(merchant->home_url);
    out.key("mobile_yn").string("Y").key("return_day").unsigned_number(merchant->return_days);
    out.key("reward_yn").string("A").key("subscript").string(approved ? "APR" : "DEN");
    out.key("click_url")
        .string(std::string(base_url) + "/click.php?m=" + merchant->id +
                "&a=" + affiliate_id(affiliate.number) + "&l=0000");
    if (query.detail) put_detail(out, *merchant);
    out.end_object();
  }
  out.end_array();
  return body;
}

// ---- what may be promoted

namespace {

void put_paid_rates(json::Writer& out, const Rate& base, const Rate& incentive) {
  out.key("base").string(rate_text(base)).key("incentive").string(rate_text(incentive));
}

void put_paid_codes(json::Writer& out, std::string_view name, const std::vector<CodeRate>& rates) {
  out.key(name).begin_array();
  for (const CodeRate& rate : rates) {
    out.begin_object().key("code").string(rate.code);
    put_paid_rates(out, rate.base, rate.incentive);
    out.end_object();
  }
  out.end_array();
}

/// Without the house's fee, which is between the merchant and us.
void put_paid_program(json::Writer& out, const ProgramSet& program) {
  out.begin_object().key("code").string(program.code).key("name").string(program.name);
  out.key("kind").string(program.kind == ProgramKind::cpa ? "cpa" : "cps").key("action_name");
  program.action.empty() ? out.null() : out.string(program.action);
  out.key("window_days").unsigned_number(program.window_days);
  put_paid_rates(out, program.base, program.incentive);
  put_paid_codes(out, "by_category", program.by_category);
  put_paid_codes(out, "by_product", program.by_product);
  out.key("tiers").begin_array();
  for (const Tier& tier : program.tiers) {
    out.begin_object();
    put_won(out, "from_sales", tier.from_sales);
    put_paid_rates(out, tier.base, tier.incentive);
    out.end_object();
  }
  out.end_array();
  put_instant(out, "ends_at", program.ends_at.value_or(Instant()));
  out.end_object();
}

void put_promotable(json::Writer& out, const Config& config, const MerchantSet& merchant, Instant now) {
  out.begin_object().key("merchant_id").string(merchant.id).key("name").string(merchant.name);
  out.key("home_url").string(merchant.home_url).key("deeplinks").boolean(merchant.deeplinks);
  out.key("hosts").begin_array();
  for (const std::string& host : merchant.hosts) out.string(host);
  out.end_array().key("return_days").unsigned_number(merchant.return_days).key("programs").begin_array();
  if (const auto of = config.programs_of.find(merchant.number); of != config.programs_of.end())
    for (const ProgramNumber number : of->second)
      if (const ProgramSet& program = *config.program(number); program.in_force(now))
        put_paid_program(out, program);
  out.end_array().end_object();
}

bool is_of_parameters(std::string_view name, std::initializer_list<std::string_view> known) {
  return std::find(known.begin(), known.end(), name) != known.end();
}

}  // namespace

Result<PromotableQuery> read_promotable_query(std::string_view query) {
  PromotableQuery read;
  for (auto& [name, value] : http::parse_query(query)) {
    if (!is_of_parameters(name, {"after", "limit", "q"}))
      return Error(Errc::invalid_parameters, name + " is no parameter of this list");
    if (name == "q") {
      read.text = to_lower(value);
      continue;
    }
    const bool is_limit = name == "limit";
    const auto number = http::whole_number(value, is_limit ? 1 : 0, is_limit ? 100 : INT64_MAX);
    if (!number) return Error(Errc::invalid_parameters, name + " is not such a number");
    (is_limit ? read.limit : read.after) = *number;
  }
  return read;
}

std::string promotable_json(const Config& config, const AffiliateSet& affiliate, const PromotableQuery& query,
                            Instant now) {
  std::string body;
  json::Writer out(body);
  out.begin_object().key("merchants").begin_array();
  std::uint64_t count = 0;
  MerchantNumber last = 0;
  bool more = false;
  for (auto it = config.merchants.upper_bound(query.after); it != config.merchants.end() && !more; ++it) {
    const auto& [number, merchant] = *it;
    const bool fits = merchant->id.find(query.text) != std::string::npos ||
                      to_lower(merchant->name).find(query.text) != std::string::npos;
    if (!merchant->active || !affiliate.may_promote(number) || !fits) continue;
    more = count == query.limit;
    if (more) continue;
    put_promotable(out, config, *merchant, now);
    last = number;
    ++count;
  }
  out.end_array().key("next");
  more ? out.string(std::to_string(last)) : out.null();
  out.end_object();
  return body;
}

Result<ClickLink> read_link_form(std::string_view query, AffiliateNumber affiliate) {
  ClickLink link;
  link.affiliate = affiliate;
  for (auto& [name, value] : http::parse_query(query)) {
    if (name == "merchant_id") {
      link.merchant_id = std::move(value);
    } else if (name == "target") {
      link.target = std::move(value);
    } else if (name == "u_id") {
      link.user_id = std::move(value);
    } else {
      return Error(Errc::invalid_parameters, name + " is no part of a link");
    }
  }
  if (link.is_deeplink()) link.l = deeplink_kind;
  return link;
}

}  // namespace jangbu::affiliate
