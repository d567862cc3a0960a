#include "invoice/browser_answer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace jangbu::invoice {
namespace {

using testing::HasSubstr;
using testing::Not;

class FakeRequest final : public http::Request {
 public:
  explicit FakeRequest(std::vector<http::Header> headers) : headers_(std::move(headers)) {}
  [[nodiscard]] http::Method method() const override { return http::Method::post; }
  [[nodiscard]] std::string_view path() const override { return "/v1/invoices"; }
  [[nodiscard]] std::string_view query() const override { return {}; }
  [[nodiscard]] std::string_view body() const override { return {}; }
  [[nodiscard]] const std::string* header(std::string_view name) const override {
    for (const http::Header& header : headers_)
      if (header.name == name) return &header.value;
    return nullptr;
  }
  [[nodiscard]] std::vector<http::Header> headers() const override { return headers_; }
  [[nodiscard]] std::string peer() const override { return "127.0.0.1"; }
  [[nodiscard]] std::string_view path_parameter(std::string_view) const override { return {}; }

 private:
  std::vector<http::Header> headers_;
};

FakeRequest with(std::string name, std::string value) {
  return FakeRequest(std::vector<http::Header>{{std::move(name), std::move(value)}});
}

std::string header_of(const http::Response& response, std::string_view name) {
  for (const http::Header& header : response.headers)
    if (header.name == name) return header.value;
  return {};
}

TEST(BrowserAnswer, KnowsAForm) {
  const std::pair<const char*, bool> rows[] = {
      {"application/x-www-form-urlencoded", true},
      {"application/x-www-form-urlencoded; charset=UTF-8", true},
      {"Application/X-WWW-Form-Urlencoded;charset=utf-8", true},
      {"application/x-www-form-urlencoded2", false},
      {"application/json", false},
      {"multipart/form-data; boundary=x", false},
      {"", false},
  };
  for (const auto& [type, is_one] : rows)
    EXPECT_EQ(is_browser_form(with("Content-Type", type)), is_one) << type;
  EXPECT_FALSE(is_browser_form(FakeRequest(std::vector<http::Header>())));
}

TEST(BrowserAnswer, BelievesTheBrowserBeforeThePage) {
  const std::string claimed = "https://shop.example";
  EXPECT_EQ(calling_origin(with("Origin", "https://evil.example"), claimed), "https://evil.example");
  EXPECT_EQ(calling_origin(with("Origin", "null"), claimed), claimed);
  EXPECT_EQ(calling_origin(with("Origin", "https://evil.example/\"x"), claimed), claimed);
  EXPECT_EQ(calling_origin(FakeRequest(std::vector<http::Header>()), claimed), claimed);
  EXPECT_EQ(calling_origin(FakeRequest(std::vector<http::Header>()), ""), "");
}

TEST(BrowserAnswer, LeadsToTheCheckout) {
  const auto response = lead_to_checkout(
      "abc", {"https://shop.example:8443", "order 7", "https://shop.example/done?a=b&c=d#e"});
  EXPECT_EQ(response.status, 303);
  EXPECT_EQ(header_of(response, "Location"),
            "/checkout/abc?frame=1&origin=https%3A%2F%2Fshop.example%3A8443&redirect_url=https%3A%2F%2Fshop."
            "example%2Fdone%3Fa%3Db%26c%3Dd%23e");
  EXPECT_EQ(header_of(response, "Cache-Control"), "no-store");
  EXPECT_EQ(header_of(lead_to_checkout("abc", {}), "Location"), "/checkout/abc?frame=1");
}

TEST(BrowserAnswer, RefusesWithAPage) {
  const auto response = refuse_page(403, "PRICE_FROM_BROWSER", "<b>\"price\"</b>\r\nSet-Cookie: a",
                                    {"https://shop.example", "order\"><script>7", "https://evil.example"});
  EXPECT_EQ(response.status, 403);
  EXPECT_EQ(response.content_type, "text/html; charset=utf-8");
  EXPECT_THAT(response.body,
              HasSubstr("content=\"0;url=/checkout/refused?code=PRICE_FROM_BROWSER&amp;message=%3Cb%3E"));
  EXPECT_THAT(response.body,
              HasSubstr("&amp;request_id=order%22%3E%3Cscript%3E7&amp;origin=https%3A%2F%2Fshop.example\""));
  EXPECT_THAT(response.body, HasSubstr("<p>PRICE_FROM_BROWSER: &lt;b&gt;"));
  EXPECT_THAT(response.body, Not(HasSubstr("<script>")));
  EXPECT_THAT(response.body, Not(HasSubstr("evil")));
  EXPECT_THAT(header_of(response, "Content-Security-Policy"), HasSubstr("default-src 'none'"));
  // What is said is bounded where it becomes part of an address.
  EXPECT_LT(refuse_page(400, "X", std::string(100'000, '%'), {}).body.size(), 103'000U);
}

}  // namespace
}  // namespace jangbu::invoice
