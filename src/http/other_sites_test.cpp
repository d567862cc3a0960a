#include "http/other_sites.h"

#include <gtest/gtest.h>

namespace jangbu::http {
namespace {

class SiteRequest final : public Request {
 public:
  explicit SiteRequest(std::vector<Header> headers) : headers_(std::move(headers)) {}
  [[nodiscard]] Method method() const override { return Method::post; }
  [[nodiscard]] std::string_view path() const override { return "/sandbox/clock"; }
  [[nodiscard]] std::string_view query() const override { return {}; }
  [[nodiscard]] std::string_view body() const override { return {}; }
  [[nodiscard]] const std::string* header(std::string_view name) const override {
    for (const Header& header : headers_)
      if (equals_caseless(header.name, name)) return &header.value;
    return nullptr;
  }
  [[nodiscard]] std::vector<Header> headers() const override { return headers_; }
  [[nodiscard]] std::string peer() const override { return "192.0.2.7"; }
  [[nodiscard]] std::string_view path_parameter(std::string_view) const override { return {}; }

 private:
  std::vector<Header> headers_;
};

class SiteChannel final : public Responder::Channel {
 public:
  explicit SiteChannel(std::vector<Header> headers) : request_(std::move(headers)) {}
  [[nodiscard]] const Request& request() const override { return request_; }
  void deliver(Response&& response) noexcept override { status = response.status; }
  int status = 0;

 private:
  SiteRequest request_;
};

int answer_of(const Router& router, Method method, std::string_view path, std::vector<Header> headers) {
  const auto channel = std::make_shared<SiteChannel>(std::move(headers));
  router.match(method, path).route->handler(Responder(channel));
  return channel->status;
}

TEST(OtherSites, ChangeNothingByForms) {
  Router router;
  const Handler well = [](Responder responder) { responder.respond({}); };
  router.add({Method::post, "/sandbox/clock", Effect::write, well});
  router.add({Method::get, "/sandbox/clock", Effect::read, well});
  router.add({Method::post, "/elsewhere", Effect::write, well});
  refuse_other_sites(router, "/sandbox");
  const Header origin{"Origin", "https://evil.example"};
  const auto post = [&](std::vector<Header> headers) {
    return answer_of(router, Method::post, "/sandbox/clock", std::move(headers));
  };
  EXPECT_EQ(post({origin, {"Content-Type", "text/plain"}}), 400);
  EXPECT_EQ(post({origin}), 400);
  EXPECT_EQ(post({{"Origin", "null"}, {"Content-Type", "application/x-www-form-urlencoded"}}), 400);
  EXPECT_EQ(post({{"Content-Type", "text/plain"}}), 200) << "no browser";
  EXPECT_EQ(post({origin, {"Content-Type", "application/json"}}), 200) << "which a browser asks for first";
  EXPECT_EQ(answer_of(router, Method::get, "/sandbox/clock", {origin}), 200);
  EXPECT_EQ(answer_of(router, Method::post, "/elsewhere", {origin}), 200);
}

}  // namespace
}  // namespace jangbu::http
