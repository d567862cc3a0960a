#include "affiliate/payout_admin.h"

#include <algorithm>
#include <mutex>

#include "affiliate/bank_file.h"
#include "affiliate/judgements.h"
#include "affiliate/list_queries.h"
#include "affiliate/payouts.h"
#include "affiliate/site_json.h"
#include "base/json.h"
#include "door/api.h"
#include "http/json_body.h"

namespace jangbu::affiliate {
namespace {

using http::api_error;
using http::Effect;
using http::json_response;
using http::Method;
using http::Responder;

constexpr std::size_t max_note_bytes = 1000;
constexpr std::size_t payouts_of_a_page = 100;
constexpr std::uint64_t unpaid_of_a_page = 25;
constexpr std::uint64_t max_unpaid_of_a_page = 100;
constexpr std::size_t payouts_of_a_call = 100;
constexpr std::size_t payouts_of_a_file = 100'000;

struct PayoutQuery {
  Month month = 0;
  std::optional<PayoutStatus> status;
  PayoutNumber before = INT64_MAX;
};

std::optional<Month> read_month(std::string_view text) {
  const auto month = http::whole_number(text, 100'001, 999'912);
  if (!month || text.size() != 6 || *month % 100 < 1 || *month % 100 > 12) return std::nullopt;
  return static_cast<Month>(*month);
}

Result<PayoutQuery> read_query(std::string_view text) {
  PayoutQuery query;
  for (const auto& [name, value] : http::parse_query(text)) {
    if (name == "month") {
      const auto month = read_month(value);
      if (!month) return Error(Errc::invalid_parameters, "month must be six digits, such as 202605");
      query.month = *month;
    } else if (name == "status") {
      if (value == "held") query.status = PayoutStatus::held;
      if (value == "paid") query.status = PayoutStatus::paid;
      if (value == "failed") query.status = PayoutStatus::failed;
      if (!query.status) return Error(Errc::invalid_parameters, "status must be held, paid or failed");
    } else if (name == "cursor") {
      const auto before = http::whole_number(value, 1, INT64_MAX);
      if (!before) return Error(Errc::invalid_parameters, "cursor must be that of another page");
      query.before = *before;
    } else {
      return Error(Errc::invalid_parameters, name + " is no parameter of this list");
    }
  }
  return query;
}

std::string judged_json(const JudgedState& judged) {
  std::string body;
  json::Writer out(body);
  out.begin_object().key("trlog_id").unsigned_number(trlog_id(judged.number));
  out.key("status").number(static_cast<std::uint16_t>(judged.status));
  out.key("correction");
  judged.correction == 0 ? out.null() : out.unsigned_number(trlog_id(judged.correction));
  out.end_object();
  return body;
}

/// The payouts of one call, as they come in. Thread-safe.
class Making {
 public:
  Making(Responder responder, std::size_t expected, AffiliateNumber next)
      : responder_(std::move(responder)), left_(expected), next_(next) {}

  void made(const std::string& payout) {
    const std::lock_guard lock(mutex_);
    if (!payouts_.empty()) payouts_ += ',';
    payouts_ += payout;
    ended();
  }
  void refused(AffiliateNumber affiliate, const Error& error) {
    const std::lock_guard lock(mutex_);
    if (!refusals_.empty()) refusals_ += ',';
    json::Writer out(refusals_);
    out.begin_object().key("affiliate_id").string(affiliate_id(affiliate));
    out.key("code").string(error_text(error.code)).end_object();
    ended();
  }

 private:
  void ended() {
    if (--left_ != 0) return;
    std::string body;
    json::Writer out(body);
    out.begin_object().key("payouts").raw("[" + payouts_ + "]").key("refused").raw("[" + refusals_ + "]");
    out.key("next");
    next_ == 0 ? out.null() : out.string(affiliate_id(next_));
    out.end_object();
    responder_.respond(json_response(std::move(body)));
  }

  std::mutex mutex_;  // guards all below
  Responder responder_;
  std::size_t left_;
  AffiliateNumber next_;
  std::string payouts_;
  std::string refusals_;
};

}  // namespace

void PayoutAdmin::add_routes(http::Router& router) {
  add(router, Method::post, "/api/conversions/{trlog_id}/confirm", Effect::write,
      &PayoutAdmin::confirm_conversion);
  add(router, Method::post, "/api/conversions/{trlog_id}/cancel", Effect::write,
      &PayoutAdmin::cancel_conversion);
  add(router, Method::get, "/api/statements/unpaid", Effect::read, &PayoutAdmin::list_unpaid);
  add(router, Method::get, "/api/payouts/{id}", Effect::read, &PayoutAdmin::show_payout);
  add(router, Method::get, "/api/payouts", Effect::read, &PayoutAdmin::list_payouts);
  // It writes nothing of its own, but who took whole bank accounts away is recorded as a change is.
  add(router, Method::get, "/api/payouts.csv", Effect::write, &PayoutAdmin::download_payouts);
  add(router, Method::post, "/api/payouts", Effect::write, &PayoutAdmin::make_payouts);
  add(router, Method::post, "/api/payouts/{id}/paid", Effect::write, &PayoutAdmin::pay_payout);
  add(router, Method::post, "/api/payouts/{id}/failed", Effect::write, &PayoutAdmin::fail_payout);
}

// ---- conversions

namespace {

void judge(engine::Engine& engine, State& state, Responder responder, Verdict verdict) {
  http::JsonBody body(responder.request().body());
  std::string reason = body.text("reason", "", max_note_bytes);
  if (body.error()) return responder.respond(api_error(*body.error()));
  const auto id = http::whole_number(responder.request().path_parameter("trlog_id"), 1, INT64_MAX);
  const ConversionNumber number = id ? conversion_of_trlog_id(*id) : 0;
  if (number == 0) return responder.respond(api_error(Errc::not_found));
  const auto render = [](const JudgedState& judged) { return door::Answer{200, judged_json(judged)}; };
  door::change<AffiliateDoor, JudgedState>(
      engine, std::move(responder), render, [&](auto rendered, auto answered) {
        return std::make_unique<JudgeConversion>(state, number, verdict, std::move(reason),
                                                 std::move(rendered), std::move(answered));
      });
}

}  // namespace

void PayoutAdmin::confirm_conversion(Responder responder) {
  judge(engine_, book_.affiliates(), std::move(responder), Verdict::confirm);
}
void PayoutAdmin::cancel_conversion(Responder responder) {
  judge(engine_, book_.affiliates(), std::move(responder), Verdict::cancel);
}

// ---- payouts

namespace {

/// ?cursor=202605-17&limit=50. Error: invalid_parameters.
Result<std::pair<StatementPlace, std::uint64_t>> read_unpaid_query(std::string_view text) {
  StatementPlace after;
  std::uint64_t limit = unpaid_of_a_page;
  for (const auto& [name, value] : http::parse_query(text)) {
    if (name == "cursor") {
      const std::size_t dash = std::min(value.find('-'), value.size());
      const auto month = read_month(std::string_view(value).substr(0, dash));
      const auto affiliate =
          http::whole_number(std::string_view(value).substr(std::min(dash + 1, value.size())), 1, INT64_MAX);
      if (!month || !affiliate) return Error(Errc::invalid_parameters, "cursor must be that of another page");
      after = {*month, *affiliate};
    } else if (name == "limit") {
      const auto wanted = http::whole_number(value, 1, max_unpaid_of_a_page);
      if (!wanted) return Error(Errc::invalid_parameters, "limit must be a whole number from 1 to 100");
      limit = *wanted;
    } else {
      return Error(Errc::invalid_parameters, name + " is no parameter of this list");
    }
  }
  return std::pair(after, limit);
}

}  // namespace

void PayoutAdmin::list_unpaid(Responder responder) {
  const auto query = read_unpaid_query(responder.request().query());
  if (!query) return responder.respond(api_error(query.error()));
  door::show(
      engine_, std::move(responder), [wanted = *query](store::Session& session) -> Result<std::string> {
        ASSIGN_OR_RETURN(const auto config, load_config(session));
        ASSIGN_OR_RETURN(const auto page, affiliate::list_unpaid(session, wanted.first, wanted.second));
        return unpaid_json(page, *config);
      });
}

void PayoutAdmin::show_payout(Responder responder) {
  const auto number = http::whole_number(responder.request().path_parameter("id"), 1, INT64_MAX);
  door::show(engine_, std::move(responder), [number](store::Session& session) -> Result<std::string> {
    ASSIGN_OR_RETURN(const PayoutRow payout, find_payout(session, number.value_or(0)));
    ASSIGN_OR_RETURN(const auto config, load_config(session));
    const AffiliateSet* affiliate = config->affiliate(payout.affiliate);
    return payout_json(*number, payout, affiliate == nullptr ? std::string() : affiliate->name);
  });
}

void PayoutAdmin::list_payouts(Responder responder) {
  const auto query = read_query(responder.request().query());
  if (!query) return responder.respond(api_error(query.error()));
  door::show(
      engine_, std::move(responder), [wanted = *query](store::Session& session) -> Result<std::string> {
        ASSIGN_OR_RETURN(const auto payouts, affiliate::list_payouts(session, wanted.month, wanted.status,
                                                                     wanted.before, payouts_of_a_page));
        const PayoutNumber next = payouts.size() == payouts_of_a_page ? payouts.back().first : 0;
        return payouts_json(payouts, next);
      });
}

void PayoutAdmin::download_payouts(Responder responder) {
  auto query = read_query(responder.request().query());
  if (!query) return responder.respond(api_error(query.error()));
  if (!query->status) query->status = PayoutStatus::held;
  auto to = std::make_shared<Responder>(std::move(responder));
  engine_.read(
      [to, wanted = *query](store::Session& session) {
        const auto payouts =
            affiliate::list_payouts(session, wanted.month, wanted.status, wanted.before, payouts_of_a_file);
        if (!payouts) return to->respond(api_error(payouts.error()));
        const auto config = load_config(session);
        if (!config) return to->respond(api_error(config.error()));
        std::vector<Transfer> transfers;
        for (const auto& [number, payout] : *payouts) {
          const auto account = bank_account_of(session, payout.affiliate);
          if (!account) return to->respond(api_error(account.error()));
          const BankAccountRow goes_to = account->value_or(BankAccountRow());
          const AffiliateSet* affiliate = (*config)->affiliate(payout.affiliate);
          transfers.push_back({number, payout.month, affiliate_id(payout.affiliate),
                               affiliate == nullptr ? std::string() : affiliate->name, goes_to.bank,
                               goes_to.account, goes_to.holder, payout.amount});
        }
        std::reverse(transfers.begin(), transfers.end());
        http::Response response;
        response.body = bank_file(transfers);
        response.content_type = "text/csv; charset=utf-8";
        response.headers.push_back({"Content-Disposition", "attachment; filename=\"payouts.csv\""});
        response.headers.push_back({"X-Content-Type-Options", "nosniff"});
        response.headers.push_back({"Cache-Control", "no-store"});
        to->respond(std::move(response));
      },
      [to](const Error& error) { to->respond(api_error(error)); });
}

void PayoutAdmin::make_payouts(Responder responder) {
  http::JsonBody body(responder.request().body());
  const auto month = read_month(body.string("month"));
  if (!month) body.fail("month", "must be six digits, such as \"202605\"");
  const std::string one = body.text("affiliate_id", "");
  const std::string after = body.text("after", "");
  if (!one.empty() && affiliate_of_id(one) == 0) body.fail("affiliate_id", "must be an affiliate's id");
  if (!after.empty() && affiliate_of_id(after) == 0) body.fail("after", "must be that of another answer");
  if (body.error()) return responder.respond(api_error(*body.error()));
  auto to = std::make_shared<Responder>(std::move(responder));
  const auto make = [this, to, month = *month](const std::vector<AffiliateNumber>& affiliates,
                                               AffiliateNumber next) {
    if (affiliates.empty()) return to->respond(json_response(R"({"payouts":[],"refused":[],"next":null})"));
    const auto making = std::make_shared<Making>(std::move(*to), affiliates.size(), next);
    for (const AffiliateNumber affiliate : affiliates) {
      auto command = std::make_unique<MakePayout>(
          book_, affiliate, month,
          [](const PayoutState& payout) {
            return door::Answer{200, payout_json(payout)};
          },
          [making, affiliate](std::variant<door::Done, Refused> outcome) {
            const auto* refused = std::get_if<Refused>(&outcome);
            refused != nullptr ? making->refused(affiliate, refused->error)
                               : making->made(std::get<door::Done>(outcome).answer.body);
          });
      if (const Status queued = engine_.submit(std::move(command)); !queued)
        making->refused(affiliate, queued.error());
    }
  };
  if (!one.empty()) return make({affiliate_of_id(one)}, 0);
  engine_.read(
      [to, make, month = *month, from = affiliate_of_id(after)](store::Session& session) {
        const auto unpaid = unpaid_statements(session, month, from, payouts_of_a_call);
        if (!unpaid) return to->respond(api_error(unpaid.error()));
        std::vector<AffiliateNumber> affiliates;
        for (const Statement& statement : *unpaid) affiliates.push_back(statement.affiliate);
        make(affiliates, affiliates.size() == payouts_of_a_call ? affiliates.back() : 0);
      },
      [to](const Error& error) { to->respond(api_error(error)); });
}

namespace {

void close(engine::Engine& engine, SettlementBook& book, Responder responder, PayoutStatus status,
           const char* note_name) {
  http::JsonBody body(responder.request().body());
  std::string note = body.text(note_name, "", max_note_bytes);
  if (body.error()) return responder.respond(api_error(*body.error()));
  const auto number = http::whole_number(responder.request().path_parameter("id"), 1, INT64_MAX);
  if (!number) return responder.respond(api_error(Errc::not_found));
  const auto render = [](const PayoutState& payout) { return door::Answer{200, payout_json(payout)}; };
  door::change<AffiliateDoor, PayoutState>(
      engine, std::move(responder), render, [&](auto rendered, auto answered) {
        return std::make_unique<ClosePayout>(book, *number, status, std::move(note), std::move(rendered),
                                             std::move(answered));
      });
}

}  // namespace

void PayoutAdmin::pay_payout(Responder responder) {
  close(engine_, book_, std::move(responder), PayoutStatus::paid, "reference");
}
void PayoutAdmin::fail_payout(Responder responder) {
  close(engine_, book_, std::move(responder), PayoutStatus::failed, "reason");
}

}  // namespace jangbu::affiliate
