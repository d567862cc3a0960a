#include "web/pages.h"

#include <algorithm>
#include <optional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "web/embedded.h"
#include "web/sdk.h"

namespace jangbu::web {
namespace {

using http::Header;
using http::Method;
using http::Response;
using testing::HasSubstr;
using testing::Not;

using Parameters = std::vector<std::pair<std::string, std::string>>;

class FakeRequest final : public http::Request {
 public:
  FakeRequest(std::string path, std::string query, std::vector<Header> headers, Parameters parameters)
      : path_(std::move(path)),
        query_(std::move(query)),
        headers_(std::move(headers)),
        parameters_(std::move(parameters)) {}

  [[nodiscard]] Method method() const override { return Method::get; }
  [[nodiscard]] std::string_view path() const override { return path_; }
  [[nodiscard]] std::string_view query() const override { return query_; }
  [[nodiscard]] std::string_view body() const override { return {}; }
  [[nodiscard]] const std::string* header(std::string_view name) const override {
    const auto found = std::find_if(headers_.begin(), headers_.end(),
                                    [&](const Header& header) { return header.name == name; });
    return found == headers_.end() ? nullptr : &found->value;
  }
  [[nodiscard]] std::vector<Header> headers() const override { return headers_; }
  [[nodiscard]] std::string peer() const override { return "127.0.0.1"; }
  [[nodiscard]] std::string_view path_parameter(std::string_view name) const override {
    const auto found = std::find_if(parameters_.begin(), parameters_.end(),
                                    [&](const auto& parameter) { return parameter.first == name; });
    return found == parameters_.end() ? std::string_view() : std::string_view(found->second);
  }

 private:
  std::string path_;
  std::string query_;
  std::vector<Header> headers_;
  Parameters parameters_;
};

class FakeChannel final : public http::Responder::Channel {
 public:
  explicit FakeChannel(FakeRequest request) : request_(std::move(request)) {}
  [[nodiscard]] const http::Request& request() const override { return request_; }
  void deliver(Response&& response) noexcept override { response_ = std::move(response); }
  [[nodiscard]] const Response& response() const { return response_.value(); }

 private:
  FakeRequest request_;
  std::optional<Response> response_;
};

/// `target`: a path, and a query behind "?".
Response get(const PageOptions& options, const std::string& target, std::vector<Header> headers = {}) {
  http::Router router;
  add_pages(router, options);
  add_sdk(router);
  const auto mark = std::min(target.find('?'), target.size());
  const std::string path = target.substr(0, mark);
  http::Router::Match match = router.match(Method::get, path);
  if (match.route == nullptr) return router.render_error(path, match.status, "");
  auto channel = std::make_shared<FakeChannel>(
      FakeRequest(path, mark < target.size() ? target.substr(mark + 1) : std::string(), std::move(headers),
                  std::move(match.parameters)));
  match.route->handler(http::Responder(channel));
  return channel->response();
}

std::string header_of(const Response& response, std::string_view name) {
  for (const Header& header : response.headers)
    if (header.name == name) return header.value;
  return {};
}

const EmbeddedFile& script() {
  const auto assets = embedded_assets();
  return *std::find_if(assets.begin(), assets.end(),
                       [](const EmbeddedFile& file) { return file.name.starts_with("checkout-"); });
}

TEST(Pages, Shells) {
  struct Row {
    const char* path;
    const char* script;  // nullptr: there is no such page
  };
  const Row rows[] = {
      {"/checkout/abc", "/assets/checkout-"},
      {"/partner", "/assets/portal-"},
      {"/partner/deposit", "/assets/portal-"},
      {"/partner/account", "/assets/portal-"},
      {"/partner/reviews", "/assets/portal-"},
      {"/partner/reviews/73254", "/assets/portal-"},
      {"/partner/forgot-password", "/assets/portal-"},
      {"/partner/reset-password/abc", "/assets/invite-"},
      {"/partner/reset-password", nullptr},
      {"/affiliate", "/assets/affiliate-"},
      {"/partner/campaigns/73254", "/assets/portal-"},
      {"/partner/accept-invite/abc", "/assets/invite-"},
      {"/checkout", nullptr},
      {"/partner/campaigns", nullptr},
      {"/partner/accept-invite", nullptr},
      {"/assets/", nullptr},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.path);
    const Response response = get({}, row.path);
    if (row.script == nullptr) {
      EXPECT_EQ(response.status, 404);
      continue;
    }
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.content_type, "text/html; charset=utf-8");
    EXPECT_THAT(response.body, HasSubstr(row.script));
    EXPECT_THAT(response.body, HasSubstr("/assets/style-"));
    EXPECT_EQ(header_of(response, "Cache-Control"), "no-store");
    EXPECT_EQ(header_of(response, "X-Content-Type-Options"), "nosniff");
    EXPECT_EQ(header_of(response, "Referrer-Policy"), "same-origin");
    EXPECT_EQ(
        header_of(response, "Content-Security-Policy"),
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' https: data:; connect-src "
        "'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'");
    // Nothing of the request stands in the page.
    EXPECT_THAT(response.body, Not(HasSubstr("abc")));
    EXPECT_THAT(response.body, Not(HasSubstr("73254")));
  }
}

TEST(Pages, SpeakTheLanguageThatIsAskedFor) {
  const Response korean = get({}, "/partner", {{"Accept-Language", "ko-KR,ko;q=0.9,en;q=0.8"}});
  EXPECT_THAT(korean.body, HasSubstr("<html lang=\"ko\">"));
  EXPECT_EQ(header_of(korean, "Content-Language"), "ko");
  const Response english = get({}, "/partner", {{"Accept-Language", "en-GB"}});
  EXPECT_THAT(english.body, HasSubstr("<html lang=\"en\">"));
  EXPECT_EQ(header_of(english, "Vary"), "Accept-Language, Accept-Encoding");
}

TEST(Pages, OnlyTheCheckoutIsOpenedForTossAndForFrames) {
  const PageOptions options{
      [](const http::Request& request, const std::function<void(std::string_view)>& answer) {
        answer(request.path_parameter("token") == "abc" ? "https://shop.example" : "'none'");
      },
      true};
  EXPECT_THAT(header_of(get(options, "/checkout/other"), "Content-Security-Policy"),
              HasSubstr("frame-ancestors 'none'"));
  EXPECT_THAT(header_of(get(options, "/checkout/refused"), "Content-Security-Policy"),
              HasSubstr("frame-ancestors http: https:"));
  EXPECT_EQ(
      header_of(get(options, "/checkout/abc"), "Content-Security-Policy"),
      "default-src 'none'; script-src 'self' https://js.tosspayments.com; style-src 'self'; img-src 'self' "
      "https: data:; connect-src 'self' https://*.tosspayments.com; frame-src https://*.tosspayments.com; "
      "form-action 'self' https://*.tosspayments.com; base-uri 'none'; frame-ancestors https://shop.example");
  for (const char* path : {"/partner", "/partner/accept-invite/abc"}) {
    const std::string policy = header_of(get(options, path), "Content-Security-Policy");
    EXPECT_THAT(policy, HasSubstr("frame-ancestors 'none'"));
    EXPECT_THAT(policy, Not(HasSubstr("toss")));
  }
}

TEST(Assets, AreKeptForEverWhenNamedByContent) {
  const Response response = get({}, "/assets/" + std::string(script().name));
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.content_type, "text/javascript; charset=utf-8");
  EXPECT_EQ(response.body, script().bytes);
  EXPECT_EQ(header_of(response, "Cache-Control"), "public, max-age=31536000, immutable");
  EXPECT_EQ(header_of(response, "X-Content-Type-Options"), "nosniff");
  const Response logo = get({}, "/assets/logo.svg");
  EXPECT_EQ(logo.content_type, "image/svg+xml");
  EXPECT_EQ(header_of(logo, "Cache-Control"), "public, max-age=3600");
  EXPECT_EQ(get({}, "/assets/none.js").status, 404);
  EXPECT_EQ(get({}, "/assets/checkout.ko.html").status, 404);
}

TEST(Assets, AreCompressedForThoseWhoTakeIt) {
  const std::string path = "/assets/" + std::string(script().name);
  const Response compressed = get({}, path, {{"Accept-Encoding", "gzip, br"}});
  EXPECT_EQ(header_of(compressed, "Content-Encoding"), "gzip");
  EXPECT_EQ(compressed.body, script().gzip);
  EXPECT_EQ(header_of(compressed, "Vary"), "Accept-Encoding");
  EXPECT_EQ(header_of(get({}, path), "Content-Encoding"), "");
  EXPECT_EQ(header_of(get({}, "/assets/logo.svg", {{"Accept-Encoding", "gzip"}}), "Content-Encoding"), "");
}

TEST(Assets, AreNotSentAgainToThoseWhoHaveThem) {
  const std::string path = "/assets/" + std::string(script().name);
  const std::string etag = header_of(get({}, path), "ETag");
  EXPECT_TRUE(etag.starts_with("W/\""));
  struct Row {
    std::string known;
    int status;
  };
  const Row rows[] = {{etag, 304},
                      {std::string(script().etag), 304},
                      {"\"other\", " + etag, 304},
                      {"*", 304},
                      {"\"other\"", 200},
                      {"", 200}};
  for (const Row& row : rows) {
    SCOPED_TRACE(row.known);
    const Response response = get({}, path, {{"If-None-Match", row.known}});
    EXPECT_EQ(response.status, row.status);
    EXPECT_EQ(response.body.empty(), row.status == 304);
    EXPECT_EQ(header_of(response, "ETag"), etag);
  }
}

TEST(Sdk, IsForPagesOfAllOrigins) {
  const std::pair<const char*, const char*> files[] = {{"commerce.js", "text/javascript; charset=utf-8"},
                                                       {"commerce.mjs", "text/javascript; charset=utf-8"},
                                                       {"commerce.d.ts", "text/plain; charset=utf-8"}};
  for (const auto& [name, type] : files) {
    SCOPED_TRACE(name);
    const Response response = get({}, "/sdk/" + std::string(name));
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.content_type, type);
    EXPECT_FALSE(response.body.empty());
    EXPECT_EQ(header_of(response, "Access-Control-Allow-Origin"), "*");
    EXPECT_EQ(header_of(response, "Cross-Origin-Resource-Policy"), "cross-origin");
    EXPECT_EQ(header_of(response, "X-Content-Type-Options"), "nosniff");
    EXPECT_EQ(get({}, "/sdk/" + std::string(name), {{"If-None-Match", header_of(response, "ETag")}}).status,
              304);
  }
  EXPECT_THAT(get({}, "/sdk/commerce.js").body, HasSubstr(std::string(sdk_version())));
  for (const char* path : {"/sdk/", "/sdk/checkout.ko.html", "/sdk/logo.svg"})
    EXPECT_EQ(get({}, path).status, 404) << path;
}

TEST(Sdk, IsKeptForEverUnderItsVersion) {
  const std::string path = "/sdk/commerce.js?v=";
  EXPECT_EQ(header_of(get({}, path + std::string(sdk_version())), "Cache-Control"),
            "public, max-age=31536000, immutable");
  for (const char* version : {"", "0.0.0", "1"})
    EXPECT_EQ(header_of(get({}, path + version), "Cache-Control"), "public, max-age=600") << version;
  EXPECT_EQ(header_of(get({}, "/sdk/commerce.js"), "Cache-Control"), "public, max-age=600");
}

TEST(Assets, KeepScriptsSmall) {
  for (const EmbeddedFile& file : embedded_assets()) {
    // The console is for people who work with it all day, with all words in two languages; what customers
    // load is small.
    const std::size_t most = file.name.starts_with("console-") ? 90'000 : 40'000;
    EXPECT_LT(file.gzip.empty() ? file.bytes.size() : file.gzip.size(), most) << file.name;
  }
  // Every page of a shop loads it.
  for (const EmbeddedFile& file : embedded_sdk()) EXPECT_LT(file.gzip.size(), 6'000U) << file.name;
}

}  // namespace
}  // namespace jangbu::web
