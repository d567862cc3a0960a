// Bodies of hub requests for tests: the examples of the published guide, to be changed member by member.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace jangbu::hub::testing {

/// An object's members as JSON texts.
class Body {
 public:
  Body(std::initializer_list<std::pair<std::string, std::string>> members) : members_(members) {}

  Body& set(const std::string& name, const std::string& json) {
    for (auto& member : members_) {
      if (member.first == name) {
        member.second = json;
        return *this;
      }
    }
    members_.emplace_back(name, json);
    return *this;
  }
  Body& drop(const std::string& name) {
    std::erase_if(members_, [&](const auto& member) { return member.first == name; });
    return *this;
  }
  [[nodiscard]] std::string text() const {
    std::string text = "{";
    for (const auto& [name, json] : members_) text += (text.size() > 1 ? ",\"" : "\"") + name + "\":" + json;
    return text + "}";
  }

 private:
  std::vector<std::pair<std::string, std::string>> members_;
};

inline Body partner_body() {
  return {{"companyName", "\"주식회사 ABC\""},
          {"country", "\"KR\""},
          {"businessNumber", "\"123-45-67890\""},
          {"contactEmail", "\"ceo@abc.com\""},
          {"contactName", "\"홍길동\""},
          {"contactPhone", "\"010-1234-5678\""},
          {"agreedAt", "\"2026-05-25T10:00:00+09:00\""}};
}

inline Body campaign_body() {
  return {{"productName", "\"피카소 젤 아이라이너\""},
          {"productPrice", "19900"},
          {"productThumbnailUrl", "\"https://cdn.example.com/p1.jpg\""},
          {"channel", "\"Coupang\""},
          {"purchaseUrl", "\"https://www.coupang.com/vp/products/12345\""},
          {"offerCount", "10"},
          {"rewardPoints", "20600"},
          {"startAt", "\"2026-06-01T00:00:00+09:00\""},
          {"endAt", "\"2026-06-30T23:59:59+09:00\""}};
}

inline std::string onboard_text(const Body& partner, const Body& campaign,
                                const std::string& payment = R"({"orderCode":"HUBPAY-20260525-0001"})") {
  return Body{{"partner", partner.text()}, {"campaign", campaign.text()}, {"payment", payment}}.text();
}

inline Body order_body() {
  return {{"amount", "206000"},
          {"currency", "\"KRW\""},
          {"productName", "\"구매평 캠페인\""},
          {"leadRef", "\"lead-0001\""},
          {"buyer", R"({"name":"홍길동","email":"Ceo@ABC.com","phone":"010-1234-5678"})"},
          {"returnUrl", "\"https://sales.example.com/done?lead=1\""},
          {"webhookUrl", "\"https://sales.example.com/hooks\""},
          {"metadata", R"({"campaign": "spring", "n": 1.50})"}};
}

inline Body ensure_body() {
  return {
      {"partner",
       R"({"name":"주식회사 ABC","country":"KR","businessNumber":"123-45-67890","phoneNumber":"02-1234-5678",)"
       R"("agreeYn":"Y","salesAgree":"pybk-sales@2026-05-22"})"},
      {"admin", R"({"email":"ceo@abc.com","adminName":"홍길동"})"}};
}

inline Body legacy_campaign_body() {
  return {{"partnerId", "\"12377\""},
          {"country", "\"KR\""},
          {"product",
           R"({"name":"피카소 아이라이너","price":19900,"thumbnailUrl":"https://img.08liter.com/x.jpg"})"},
          {"channel", "\"Coupang\""},
          {"purchaseUrl", "\"https://www.coupang.com/vp/products/123\""},
          {"offerCount", "10"},
          {"points", "20000"},
          {"startAt", "\"2026-06-01T00:00:00+09:00\""},
          {"endAt", "\"2026-06-30T23:59:59+09:00\""}};
}

}  // namespace jangbu::hub::testing
