// Two merchants and four sites that send them shoppers, the sandbox's own the first of them: clicks, orders,
// actions, cancellations, a promotion code, and a site whose server does not take what it is told. Another
// one asks to be told. The oldest month that is final is paid out: to one site the money has come, to another
// it came back.
#include <array>
#include <utility>

#include "cli/demo/story.h"
#include "http/message.h"

namespace jangbu::cli::demo {
namespace {

/// Nobody listens there: what is told is tried again, and fails again.
constexpr const char* closed_receiver = "http://127.0.0.1:9/reward";
constexpr std::array merchants = {"hanok", "bookcafe"};
/// Whose key sandbox.json tells: anyone can look at its page.
constexpr std::size_t own_site = 0;
constexpr std::size_t book_site = 2;
constexpr std::size_t failing_site = 3;
constexpr std::array sites = {"sandbox blog", "minjun's kitchen", "오늘의 책장", "Daily Finds"};

std::string site_key(std::size_t site) { return "demo-site-" + std::to_string(site); }
/// Days before day 0 have numbers below it; these have not.
std::size_t number_of(int day) { return static_cast<std::size_t>(day - first_day); }
std::size_t merchant_of(int day) { return number_of(day) % merchants.size(); }
/// Who sends the day's buyer: each site two days, one for each merchant.
std::size_t site_of(int day) { return number_of(day) / merchants.size() % sites.size(); }

Status register_merchants(Stage& stage) {
  for (const auto& [id, name] : {std::pair{merchants[0], "한옥마켓"}, std::pair{merchants[1], "Book Cafe"}}) {
    const std::string merchant = fill(
        R"({"merchant_id":"~","name":"~","hosts":["~.example"],"gateway_url":"https://~.example/gate?lpinfo={lpinfo}&url={url}","home_url":"https://~.example/","return_days":30})",
        {id, name, id, id, id});
    RETURN_IF_ERROR(done(stage.client().operate("POST", "/api/merchants", merchant)));
    const std::string sales = fill(
        R"({"merchant_id":"~","code":"0000","name":"~ sales","base":"7%","incentive":"1%","fee":"0.5%","window_days":30})",
        {id, name});
    RETURN_IF_ERROR(done(stage.client().operate("POST", "/api/programs", sales)));
    const std::string members = fill(
        R"({"merchant_id":"~","code":"0001","name":"~ sign-up","kind":"cpa","base":"500KRW","window_days":7})",
        {id, name});
    RETURN_IF_ERROR(done(stage.client().operate("POST", "/api/programs", members)));
  }
  return {};
}

/// The id of the site of that name, or nothing. Registering has no key of its own: look before.
Result<std::string> find_site(const Stage& stage, const char* name) {
  ASSIGN_OR_RETURN(const Reply reply, stage.client().operate("GET", "/api/affiliates?limit=500", ""));
  const json::Value* rows = reply.root().find("affiliates");
  for (std::uint32_t i = 0; rows != nullptr && i < rows->size; ++i) {
    const json::Value* site = rows->items[i].find("site_name");
    const json::Value* id = rows->items[i].find("affiliate_id");
    if (site != nullptr && id != nullptr && site->text == name) return std::string(id->text);
  }
  return std::string();
}

Result<std::string> make_site(const Stage& stage, const char* name, const Person& who) {
  ASSIGN_OR_RETURN(std::string id, find_site(stage, name));
  if (!id.empty()) return id;
  const std::string body = fill(R"({"name":"~","site_name":"~","email":"~@site.example","merchants":"all"})",
                                {who.name, name, who.mail});
  ASSIGN_OR_RETURN(const Reply made, stage.client().operate("POST", "/api/affiliates", body));
  return made.text("affiliate_id");
}

Status register_sites(Stage& stage) {
  for (std::size_t i = 0; i < sites.size(); ++i) {
    std::string id = stage.client().credential("affiliate", "affiliate_id");
    if (i != own_site) {
      ASSIGN_OR_RETURN(id, make_site(stage, sites[i], person(i)));
    }
    stage.keep(site_key(i), id);
    const std::string receiver = i == failing_site ? closed_receiver : stage.receiver();
    const std::string reward = fill(R"({"postback_url":"~","status":"APPROVED"})", {receiver});
    const std::string path = "/api/affiliates/" + id;
    RETURN_IF_ERROR(done(stage.client().operate("PUT", path + "/reward-api", reward)));
    const std::string account = fill(R"({"bank":"국민은행","account":"123-45-678~","holder":"~"})",
                                     {std::to_string(i), person(i).name});
    RETURN_IF_ERROR(done(stage.client().operate("PUT", path + "/bank-account", account)));
  }
  const std::string promo =
      fill(R"({"merchant_id":"~","event_code":"spring","promo_code":"BOOK10","affiliate_id":"~"})",
           {merchants[1], stage.note(site_key(book_site))});
  return done(stage.client().operate("PUT", "/api/affiliate/promos", promo));
}

Status ask_for_rewards(const Stage& stage) {
  ASSIGN_OR_RETURN(const std::string id, make_site(stage, "Weekend Trails", person(sites.size())));
  const std::string reward = fill(R"({"postback_url":"~","status":"REQUESTED"})", {stage.receiver()});
  return done(stage.client().operate("PUT", "/api/affiliates/" + id + "/reward-api", reward));
}

std::string click_note(int day) { return "demo-click-" + std::to_string(day); }

/// Some shoppers look, and the last of each day comes back to buy.
Status click(Stage& stage, int day) {
  Dice dice(number_of(day) + 500);
  for (std::uint64_t left = 2 + dice.roll(4); left > 0; --left) {
    const std::size_t site = left == 1 ? site_of(day) : dice.roll(sites.size());
    ASSIGN_OR_RETURN(const std::string gate,
                     stage.client().follow(
                         fill("/click.php?m=~&a=~&l=0000&u_id=~",
                              {merchants[merchant_of(day)], stage.note(site_key(site)), person(left).mail})));
    const std::size_t begin = gate.find("lpinfo=");
    if (begin == std::string::npos) return Error(Errc::internal, "no lpinfo in " + gate);
    const std::size_t value = begin + std::string_view("lpinfo=").size();
    stage.keep(click_note(day),
               http::percent_decode(gate.substr(value, gate.find('&', value) - value), false));
  }
  return {};
}

struct Item {
  const char* id;
  const char* name;
  std::uint64_t price;
};
constexpr std::array items = {Item{"rice-4", "햅쌀 4kg", 23'000}, Item{"tea-1", "작설차", 18'000},
                              Item{"novel-7", "A quiet harbour", 15'000}, Item{"mug-2", "머그컵", 12'000}};

/// What the order of a day says, with the time at which it was cancelled or nothing.
std::string order_of(const Stage& stage, int day, const std::string& cancelled) {
  Dice dice(number_of(day) + 900);
  std::uint64_t total = 0;
  std::string rows;
  for (std::uint64_t left = 1 + dice.roll(2); left > 0; --left) {
    const Item& item = items[dice.roll(2) * 2 + left - 1];
    total += item.price;
    rows += fill(
        R"(~{"product_id":"~","product_name":"~","category_code":"c1","category_name":["생활"],"quantity":1,"product_final_price":~,"paid_at":"","confirmed_at":"","canceled_at":"~"})",
        {rows.empty() ? "" : ",", item.id, item.name, std::to_string(item.price), cancelled});
  }
  const std::string from = number_of(day) % 10 == 5
                               ? std::string(R"("event_code":"spring","promo_code":"BOOK10")")
                               : fill(R"("lpinfo":"~")", {stage.note(click_note(day))});
  return fill(
      R"({"order":{"order_id":"demo-~","final_paid_price":~,"currency":"KRW","user_name":"~"},"products":[~],"linkprice":{"merchant_id":"~",~,"user_agent":"Mozilla/5.0","remote_addr":"118.221.*.*","device_type":"web-pc"}})",
      {std::to_string(number_of(day)), std::to_string(total), person(number_of(day)).name, rows,
       merchants[merchant_of(day)], from});
}

/// A merchant's server is answered 200 also when nothing was taken.
Status send(const Stage& stage, const std::string& path, const std::string& body, std::string& trlog_id) {
  ASSIGN_OR_RETURN(const Reply reply, stage.client().open_call("POST", path, body));
  const json::Value* rows = reply.root().find("result_data");
  if (reply.text("result") != "0" || rows == nullptr || rows->size == 0)
    return Error(Errc::invalid_parameters, path + ": " + reply.text("result_msg") + " for " + body);
  const json::Value* id = rows->items[0].find("trlog_id");
  if (id == nullptr) return Error(Errc::invalid_parameters, path + " took nothing of " + body);
  trlog_id = std::string(id->text);
  return {};
}

Status buy(Stage& stage, int day) {
  std::string trlog_id;
  RETURN_IF_ERROR(send(stage, "/lppurchase_cps_v4.php", order_of(stage, day, ""), trlog_id));
  stage.keep("demo-conversion-" + std::to_string(day), trlog_id);
  return {};
}

Status send_back(const Stage& stage, int day) {
  std::string trlog_id;
  return send(stage, "/lppurchase_cps_v4.php", order_of(stage, day, stage.time(day + 3)), trlog_id);
}

Status cancel(const Stage& stage, int day) {
  return done(stage.client().operate(
      "POST", "/api/conversions/" + stage.note("demo-conversion-" + std::to_string(day)) + "/cancel",
      R"({"reason":"주문이 취소되었습니다"})"));
}

Status sign_up(const Stage& stage, int day) {
  const std::string body = fill(
      R"({"action":{"unique_id":"demo-member-~","final_paid_price":0,"currency":"KRW","member_id":"~","action_name":"회원가입","category_code":"register"},"linkprice":{"merchant_id":"~","lpinfo":"~","user_agent":"Mozilla/5.0","remote_addr":"118.221.*.*","device_type":"app-android"}})",
      {std::to_string(number_of(day)), person(number_of(day)).mail, merchants[merchant_of(day)],
       stage.note(click_note(day))});
  std::string trlog_id;
  return send(stage, "/lppurchase_cpa_v4.php", body, trlog_id);
}

constexpr const char* payout_note = "demo-payout-";

/// Sets aside what the sites earned in the oldest month that is final.
Status make_payouts(Stage& stage) {
  ASSIGN_OR_RETURN(const Reply unpaid, stage.client().operate("GET", "/api/statements/unpaid?limit=1", ""));
  const json::Value* statements = unpaid.root().find("statements");
  if (statements == nullptr || statements->size == 0) return {};
  const json::Value* month = statements->items[0].find("month");
  ASSIGN_OR_RETURN(
      const Reply made,
      stage.client().operate("POST", "/api/payouts", fill(R"({"month":"~"})", {std::string(month->text)})));
  const json::Value* payouts = made.root().find("payouts");
  for (std::uint32_t i = 0; payouts != nullptr && i < payouts->size; ++i) {
    const json::Value* id = payouts->items[i].find("id");
    const json::Value* site = payouts->items[i].find("affiliate_id");
    for (std::size_t j = 0; j < sites.size(); ++j)
      if (site->text == stage.note(site_key(j)))
        stage.keep(payout_note + std::to_string(j), std::string(id->text));
  }
  return {};
}

/// Says what became of the payout to a site, if it has one.
Status close_payout(const Stage& stage, std::size_t site, const char* how, const char* body) {
  const std::string id = stage.note(payout_note + std::to_string(site));
  if (id.empty()) return {};
  return done(stage.client().operate("POST", "/api/payouts/" + id + "/" + how, body));
}

}  // namespace

void tell_affiliate(Story& story) {
  story.push_back({first_day, "merchants", &register_merchants});
  story.push_back({first_day, "sites", &register_sites});
  story.push_back({28, "payouts", &make_payouts});
  story.push_back({30, "a payout arrived", [](const Stage& stage) {
                     return close_payout(stage, own_site, "paid", R"({"reference":"이체 20-0417"})");
                   }});
  story.push_back({30, "a payout came back", [](const Stage& stage) {
                     return close_payout(stage, failing_site, "failed", R"({"reason":"예금주가 다릅니다"})");
                   }});
  story.push_back({32, "a site asks for rewards", &ask_for_rewards});
  for (int day = first_day + 1; day < days - 3; ++day) {
    const std::string of_day = " of day " + std::to_string(day);
    const std::size_t number = number_of(day);
    story.push_back({day, "clicks" + of_day, [day](Stage& stage) { return click(stage, day); }});
    story.push_back({day + 1, "the order" + of_day, [day](Stage& stage) { return buy(stage, day); }});
    if (number % 7 == 3)
      story.push_back({day + 3, "sent back" + of_day, [day](Stage& stage) { return send_back(stage, day); }});
    if (number % 7 == 6)
      story.push_back({day + 3, "cancelled" + of_day, [day](Stage& stage) { return cancel(stage, day); }});
    if (number % 4 == 1)
      story.push_back({day + 1, "a member" + of_day, [day](Stage& stage) { return sign_up(stage, day); }});
  }
}

}  // namespace jangbu::cli::demo
