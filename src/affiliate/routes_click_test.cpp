#include <map>

#include <gtest/gtest.h>

#include "affiliate/click_door.h"
#include "engine/testing/book.h"

namespace jangbu::affiliate {
namespace {

/// A request of a browser, and what it is answered.
class Visit final : public http::Responder::Channel, public http::Request {
 public:
  Visit(http::Method method, std::string query, std::map<std::string, std::string, std::less<>> headers)
      : method_(method), query_(std::move(query)), headers_(std::move(headers)) {}

  [[nodiscard]] http::Method method() const override { return method_; }
  [[nodiscard]] std::string_view path() const override { return "/click.php"; }
  [[nodiscard]] std::string_view query() const override { return query_; }
  [[nodiscard]] std::string_view body() const override { return {}; }
  [[nodiscard]] const std::string* header(std::string_view name) const override {
    const auto it = headers_.find(name);
    return it == headers_.end() ? nullptr : &it->second;
  }
  [[nodiscard]] std::vector<http::Header> headers() const override { return {}; }
  [[nodiscard]] std::string peer() const override { return "203.0.113.7"; }
  [[nodiscard]] std::string_view path_parameter(std::string_view) const override { return {}; }
  [[nodiscard]] const http::Request& request() const override { return *this; }
  void deliver(http::Response&& response) noexcept override { answer = std::move(response); }

  http::Response answer;

 private:
  http::Method method_;
  std::string query_;
  std::map<std::string, std::string, std::less<>> headers_;
};

std::string header_of(const http::Response& response, std::string_view name) {
  for (const http::Header& header : response.headers)
    if (header.name == name) return header.value;
  return {};
}

struct ClickRouteTest : ::testing::Test {
  ClickRouteTest() {
    auto book = std::make_unique<ClickBook>();
    ClickBook& clicks = *book;
    engine::Projections projections;
    projections.push_back(std::move(book));
    engine = engine::Engine::start(*database, std::move(projections), clock, random, {}).value();
    ClickBufferOptions options;
    options.max_clicks = 2;
    buffer = std::make_unique<ClickBuffer>(
        clicks,
        [this](std::unique_ptr<engine::Command> command) { return engine->submit(std::move(command)); },
        [this] { return engine->business_now(); }, random, options);
    door = std::make_unique<ClickDoor>(ClickDoorParts{*engine, *buffer, board, {}}, metrics,
                                       [](const http::Request&) { return true; });
    door->add_routes(router);
    auto config = std::make_shared<Config>();
    MerchantSet merchant;
    merchant.number = 1;
    merchant.id = "shop";
    merchant.gateway_template = "https://shop.example/gate?lpinfo={lpinfo}&url={url}";
    merchant.home_url = "https://shop.example/";
    config->put(merchant);
    AffiliateSet affiliate;
    affiliate.number = 131;
    config->put(affiliate);
    board.publish(config);
  }
  ~ClickRouteTest() override { engine.reset(); }  // before the buffer, which it calls back

  http::Response click(std::string query = "m=shop&a=A100000131",
                       std::map<std::string, std::string, std::less<>> headers = {
                           {"User-Agent", "a browser"}}) {
    const auto visit = std::make_shared<Visit>(http::Method::get, std::move(query), std::move(headers));
    router.match(http::Method::get, "/click.php").route->handler(http::Responder(visit));
    return visit->answer;
  }

  engine::testing::ManualClock clock{engine::testing::example_moment};
  engine::testing::CountingRandom random;
  std::unique_ptr<store::Database> database = store::open_sqlite_in_memory().value();
  ConfigBoard board;
  http::Metrics metrics;
  http::Router router;
  std::unique_ptr<ClickBuffer> buffer;
  std::unique_ptr<engine::Engine> engine;
  std::unique_ptr<ClickDoor> door;
};

TEST_F(ClickRouteTest, SendsOnUntilTheBufferIsFull) {
  for (int i = 0; i < 2; ++i) {
    const http::Response sent = click();
    EXPECT_EQ(sent.status, 302);
    EXPECT_TRUE(
        header_of(sent, "Location").starts_with("https://shop.example/gate?lpinfo=A100000131%7C28421534"));
    EXPECT_TRUE(header_of(sent, "Set-Cookie").starts_with("LPINFO=A100000131|28421534"));
    EXPECT_EQ(header_of(sent, "Cache-Control"), "no-store");
  }
  const http::Response full = click();
  EXPECT_EQ(full.status, 503);
  EXPECT_EQ(header_of(full, "Retry-After"), "1");
  EXPECT_EQ(header_of(full, "Location"), "");
  EXPECT_EQ(header_of(full, "Set-Cookie"), "");
  EXPECT_EQ(full.content_type, "text/plain; charset=utf-8");
  EXPECT_NE(metrics.render().find("jangbu_clicks_total{result=\"overloaded\"} 1"), std::string::npos);
  EXPECT_TRUE(buffer->stop(10'000)) << "what was answered becomes durable";
  EXPECT_EQ(engine->status().head.number, 2U);
}

TEST_F(ClickRouteTest, LosesNothingWithoutTheRightToWrite) {
  EXPECT_EQ(click().status, 302);
  engine->drain(0);
  buffer->flush();
  EXPECT_EQ(buffer->counters().waiting, 1U);
  EXPECT_FALSE(buffer->stop(0));
  EXPECT_EQ(click().status, 503) << "a server that stops takes none";
}

}  // namespace
}  // namespace jangbu::affiliate
