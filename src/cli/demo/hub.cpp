// Brands and their campaigns in every phase, the reviewers who apply, and orders that went another way. One
// brand has a manager who can look at all that is its own, and somebody else asks to be let in.
#include <array>

#include "cli/demo/story.h"

namespace jangbu::cli::demo {
namespace {

constexpr const char* good_card = R"({"card":"4242424242424242"})";
constexpr std::uint64_t offers = 5;
constexpr std::uint64_t reward = 20'600;

/// What the operator does with a campaign that waits for review.
enum class Review { none, waits, rejects, revises };

struct Campaign {
  int day;  // its order
  const char* company;
  const char* product;
  std::uint64_t price;
  int start, end;  // days
  std::size_t applicants, selected, handed_in, approved, rejected;
  Review review;
};
constexpr std::array campaigns = {
    Campaign{0, "주식회사 모네", "모네 립밤", 9'900, 1, 6, 7, 5, 4, 3, 1, Review::none},  // ended
    Campaign{1, "한빛식품", "저당 그래놀라", 14'900, 2, 8, 6, 4, 3, 1, 1, Review::none},  // a review waits
    Campaign{2, "Northwind Coffee", "Drip bag set", 18'500, 4, 26, 8, 5, 4, 2, 0, Review::none},
    Campaign{5, "피카소뷰티", "피카소 젤 아이라이너", 19'900, 8, 60, 6, 4, 2, 1, 1, Review::none},  // runs
    Campaign{9, "소담공방", "머그컵 2개 세트", 24'000, 12, 50, 5, 3, 1, 0, 0, Review::none},
    Campaign{20, "Harbor Tea", "Green tea tin", 16'000, 50, 80, 0, 0, 0, 0, 0, Review::none},  // planned
    Campaign{23, "온결리빙", "순면 수건 5장", 29'000, 30, 70, 0, 0, 0, 0, 0, Review::waits},
    Campaign{24, "Blue Lake Foods", "Oat bar", 12'000, 30, 70, 0, 0, 0, 0, 0, Review::rejects},
    Campaign{25, "달빛문구", "만년필", 33'000, 30, 70, 0, 0, 0, 0, 0, Review::revises},
    // By an address that the first brand does not know: it asks to be let into the portal.
    Campaign{26, "주식회사 모네", "모네 선크림", 21'000, 28, 60, 4, 2, 1, 0, 0, Review::none},
};

std::string key_of(const char* what, std::size_t number) {
  return std::string("demo-") + what + "-" + std::to_string(number);
}

constexpr std::size_t managed_brand = 0;  // by its first campaign

/// One brand, whoever writes from it.
std::string number_of(std::string_view company) {
  return company == campaigns[managed_brand].company ? "123-45-67891" : "";
}

std::string contact_of(std::size_t number) {
  if (number == managed_brand) return manager_mail;
  return person(number).mail + std::to_string(number) + "@brand.example";
}

std::string partner_of(const Stage& stage, std::size_t number) {
  const Person& who = person(number);
  return fill(
      R"({"companyName":"~","country":"KR","businessNumber":"~","contactEmail":"~","contactName":"~","contactPhone":"~","agreedAt":"~"})",
      {campaigns[number].company, number_of(campaigns[number].company), contact_of(number), who.name,
       who.phone, stage.time(campaigns[number].day)});
}

Result<std::string> make_order(const Stage& stage, const std::string& key, const std::string& product,
                               std::uint64_t amount, std::size_t buyer) {
  const Person& who = person(buyer);
  const std::string body = fill(
      R"({"amount":~,"currency":"KRW","productName":"~","leadRef":"~","webhookUrl":"~","buyer":{"name":"~","email":"~@brand.example","phone":"~"}})",
      {std::to_string(amount), product, key, stage.receiver(), who.name, who.mail, who.phone});
  ASSIGN_OR_RETURN(const Reply made, stage.client().hub("POST", "/v1/pay/orders", body, key));
  return made.text("orderCode");
}

Status pay(const Stage& stage, const std::string& code) {
  return done(stage.client().open_call("POST", "/sandbox/orders/" + code + "/pay", good_card));
}

/// From now on an operator looks at campaigns before they go live, or does not.
Status require_review(const Stage& stage, bool required) {
  return done(
      stage.client().operate("PUT", "/api/hub/apps/" + stage.client().credential("hub", "service_code"),
                             required ? R"({"review_required":true})" : R"({"review_required":false})"));
}

Status judge_campaign(const Stage& stage, Review review, const std::string& id) {
  if (review != Review::rejects && review != Review::revises) return {};
  const std::string verdict = review == Review::rejects ? "/reject" : "/request-revision";
  return done(stage.client().operate("POST", "/api/admin/campaigns/" + id + verdict,
                                     R"({"reason":"대표 이미지가 상품과 다릅니다"})"));
}

Status onboard(Stage& stage, std::size_t number) {
  const Campaign& campaign = campaigns[number];
  const std::string key = key_of("campaign", number);
  ASSIGN_OR_RETURN(const std::string code, make_order(stage, key, campaign.product, offers * reward, number));
  RETURN_IF_ERROR(pay(stage, code));
  RETURN_IF_ERROR(require_review(stage, campaign.review != Review::none));
  const std::string body = fill(
      R"({"partner":~,"campaign":{"productName":"~","productPrice":~,"productThumbnailUrl":"https://cdn.example.com/~.jpg","channel":"Coupang","purchaseUrl":"https://www.coupang.com/vp/products/~","offerCount":~,"rewardPoints":~,"startAt":"~","endAt":"~"},"payment":{"orderCode":"~"}})",
      {partner_of(stage, number), campaign.product, std::to_string(campaign.price), key, key,
       std::to_string(offers), std::to_string(reward), stage.time(campaign.start), stage.time(campaign.end),
       code});
  const auto made = stage.client().hub("POST", "/v1/external/pybk/onboard", body, key + "-onboard");
  RETURN_IF_ERROR(require_review(stage, false));
  if (!made) return made.error();
  stage.keep(key, made->text("campaign", "campaignId"));
  stage.keep(key + "-partner", made->text("partner", "partnerId"));
  return judge_campaign(stage, campaign.review, made->text("campaign", "campaignId"));
}

/// The brand's contact takes up an invitation, as the page behind its link does.
Status accept_invitation(const Stage& stage) {
  const std::string partner = stage.note(key_of("campaign", managed_brand) + "-partner");
  const auto invited = stage.client().operate("POST", "/api/admin/partners/" + partner + "/invite", "");
  if (!invited) return done(invited);  // they have a password
  const std::string link = invited->text("link");
  const std::string body = fill(R"({"password":"~"})", {stage.client().credential("operator", "password")});
  const auto accepted = stage.client().page("/partner/api/invites/" + link.substr(link.rfind('/') + 1), body);
  return accepted ? Status() : Status(accepted.error());
}

std::string apply_note(std::size_t campaign, std::size_t who) {
  return key_of("apply", campaign) + "-" + std::to_string(who);
}

Status apply(Stage& stage, std::size_t number) {
  const std::string path = "/v1/campaigns/" + stage.note(key_of("campaign", number)) + "/applies";
  for (std::size_t who = 0; who < campaigns[number].applicants; ++who) {
    const std::string name = apply_note(number, who);
    const std::string body = fill(R"({"reviewerId":"~"})", {person(number + who).mail});
    ASSIGN_OR_RETURN(const Reply made, stage.client().reviewer("POST", path, body, name));
    stage.keep(name, made.text("applyId"));
  }
  return {};
}

Status select(Stage& stage, std::size_t number) {
  const Campaign& campaign = campaigns[number];
  for (std::size_t who = 0; who < campaign.selected; ++who) {
    const std::string name = apply_note(number, who);
    const std::string path = "/v1/applies/" + stage.note(name);
    RETURN_IF_ERROR(done(stage.client().reviewer("PUT", path, R"({"state":"0802"})", name + "-select")));
    if (who >= campaign.handed_in) continue;
    const std::string body =
        fill(R"({"state":"1218","url":"https://www.coupang.com/reviews/~","text":"~"})",
             {name, who % 2 == 0 ? "발림성이 좋아요" : "Arrived quickly, would buy again"});
    ASSIGN_OR_RETURN(const Reply made,
                     stage.client().reviewer("POST", path + "/review", body, name + "-review"));
    stage.keep(name + "-review", made.text("reviewId"));
  }
  return {};
}

Status judge(Stage& stage, std::size_t number) {
  const Campaign& campaign = campaigns[number];
  for (std::size_t who = 0; who < campaign.approved + campaign.rejected; ++who) {
    const std::string name = apply_note(number, who) + "-review";
    const char* state = who < campaign.approved ? R"({"state":"1214"})" : R"({"state":"1215"})";
    RETURN_IF_ERROR(
        done(stage.client().reviewer("PUT", "/v1/reviews/" + stage.note(name), state, name + "-judge")));
  }
  return {};
}

enum class OrderEnd { open, paid, cancelled, refunded };
struct Order {
  int day;
  const char* product;
  std::uint64_t amount;
  OrderEnd end;
};
constexpr std::array orders = {
    Order{3, "구매평 캠페인 5건", 103'000, OrderEnd::open},
    Order{6, "Review campaign, 10", 206'000, OrderEnd::refunded},
    Order{11, "구매평 캠페인 10건", 206'000, OrderEnd::paid},
    Order{13, "구매평 캠페인 3건", 61'800, OrderEnd::cancelled},
    Order{17, "Review campaign, 20", 412'000, OrderEnd::open},
    Order{22, "구매평 캠페인 5건", 103'000, OrderEnd::refunded},
    Order{33, "구매평 캠페인 30건", 618'000, OrderEnd::paid},
    Order{33, "Review campaign, 5", 103'000, OrderEnd::open},
};

Status play_order(const Stage& stage, std::size_t number) {
  const Order& order = orders[number];
  const std::string key = key_of("order", number);
  ASSIGN_OR_RETURN(const std::string code, make_order(stage, key, order.product, order.amount, number + 4));
  if (order.end == OrderEnd::paid || order.end == OrderEnd::refunded) RETURN_IF_ERROR(pay(stage, code));
  if (order.end == OrderEnd::open || order.end == OrderEnd::paid) return {};
  return done(stage.client().hub("POST", "/v1/pay/orders/" + code + "/cancel",
                                 R"({"reason":"일정이 바뀌었습니다"})", key + "-cancel"));
}

/// A second campaign of a brand, which its deposit does not cover: it is saved.
Status save_campaign(Stage& stage) {
  const std::string body = fill(
      R"({"partnerId":"~","country":"KR","product":{"name":"모네 핸드크림","price":12900,"thumbnailUrl":"https://cdn.example.com/hand.jpg"},"channel":"Coupang","purchaseUrl":"https://www.coupang.com/vp/products/9","offerCount":40,"points":20600,"startAt":"~","endAt":"~"})",
      {stage.note(key_of("campaign", 0) + "-partner"), stage.time(40), stage.time(70)});
  return done(stage.client().hub("POST", "/v1/campaigns/pybk", body, "demo-saved"));
}

}  // namespace

void tell_hub(Story& story) {
  for (std::size_t i = 0; i < campaigns.size(); ++i) {
    const Campaign& campaign = campaigns[i];
    const std::string name = "campaign " + std::to_string(i);
    story.push_back({campaign.day, name, [i](Stage& stage) { return onboard(stage, i); }});
    if (campaign.applicants == 0) continue;
    story.push_back(
        {campaign.start + 1, name + ": applicants", [i](Stage& stage) { return apply(stage, i); }});
    story.push_back({campaign.start + 3, name + ": reviews", [i](Stage& stage) { return select(stage, i); }});
    story.push_back({campaign.start + 5, name + ": verdicts", [i](Stage& stage) { return judge(stage, i); }});
  }
  for (std::size_t i = 0; i < orders.size(); ++i)
    story.push_back(
        {orders[i].day, "order " + std::to_string(i), [i](Stage& stage) { return play_order(stage, i); }});
  story.push_back({1, "a manager's password", &accept_invitation});
  story.push_back({28, "a campaign is saved", &save_campaign});
}

}  // namespace jangbu::cli::demo
