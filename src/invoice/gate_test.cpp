#include "invoice/gate.h"

#include <gtest/gtest.h>

#include "crypto/digest.h"
#include "delivery/signature.h"
#include "engine/testing/book.h"

namespace jangbu::invoice {
namespace {

class AuthorizedRequest final : public http::Request {
 public:
  explicit AuthorizedRequest(std::string authorization) : authorization_(std::move(authorization)) {}
  [[nodiscard]] http::Method method() const override { return http::Method::get; }
  [[nodiscard]] std::string_view path() const override { return "/"; }
  [[nodiscard]] std::string_view query() const override { return {}; }
  [[nodiscard]] std::string_view body() const override { return {}; }
  [[nodiscard]] const std::string* header(std::string_view name) const override {
    return name == "Authorization" ? &authorization_ : nullptr;
  }
  [[nodiscard]] std::vector<http::Header> headers() const override { return {}; }
  [[nodiscard]] std::string peer() const override { return "127.0.0.1"; }
  [[nodiscard]] std::string_view path_parameter(std::string_view) const override { return {}; }

 private:
  std::string authorization_;
};

std::string basic(const std::string& client, const std::string& secret) {
  return "Basic " + delivery::to_base64(client + ":" + secret);
}

struct GateTest : ::testing::Test {
  GateTest() { publish({{1, crypto::sha256("secret"), {}}}); }

  void publish(std::vector<AppSecret> secrets, bool suspended = false) {
    apps = std::make_shared<Apps>();
    AppSet app;
    app.id = 7;
    app.client_key = "client";
    app.rate_per_s = 1000;
    app.burst = 1000;
    app.suspended = suspended;
    app.secrets = std::move(secrets);
    apps->put(app);
  }
  std::string verdict(const std::string& authorization, Gate* at = nullptr) {
    const auto caller = (at == nullptr ? gate : *at).admit(AuthorizedRequest(authorization), *apps);
    return caller ? "ok" : std::string(error_text(caller.error().code));
  }
  AccessToken token() { return gate.issue(AuthorizedRequest(basic("client", "secret")), {}, *apps).value(); }

  engine::testing::ManualClock clock{engine::testing::example_moment};
  engine::testing::CountingRandom random;
  std::shared_ptr<Apps> apps;
  Gate gate{crypto::sha256("key"), clock, random};
};

TEST_F(GateTest, TakesKeysAndTokens) {
  const std::string bought = token().text;
  const struct {
    const char* name;
    std::string authorization;
    const char* expected;
  } rows[] = {
      {"keys", basic("client", "secret"), "ok"},
      {"a token", "Bearer " + bought, "ok"},
      {"a token, in lower case", "bearer " + bought, "ok"},
      {"nothing", "", "token_missing"},
      {"another scheme", "Digest x", "token_malformed"},
      {"no base64", "Basic %%%", "token_malformed"},
      {"no colon", "Basic " + delivery::to_base64("client"), "token_malformed"},
      {"another secret", basic("client", "secret "), "not_authenticated"},
      {"no secret", basic("client", ""), "not_authenticated"},
      {"another client", basic("Client", "secret"), "not_authenticated"},
      {"no token", "Bearer ", "token_invalid"},
      {"a cut token", "Bearer " + bought.substr(1), "token_invalid"},
      {"two spaces", "Bearer  " + bought, "token_invalid"},
  };
  for (const auto& row : rows) EXPECT_EQ(verdict(row.authorization), row.expected) << row.name;
}

TEST_F(GateTest, ATokenComesBackForItsFirstPart) {
  const AccessToken first = token();
  EXPECT_EQ(first.left, token_life);
  clock.advance(Duration{token_reuse.us - 1});
  const AccessToken same = token();
  EXPECT_EQ(same.text, first.text);
  EXPECT_EQ(same.left.us, token_life.us - token_reuse.us + 1);
  clock.advance(Duration::microseconds(1));
  EXPECT_NE(token().text, first.text);
  EXPECT_EQ(verdict("Bearer " + first.text), "ok") << "the first one still has its five minutes";
  clock.advance(Duration{token_life.us - token_reuse.us});
  EXPECT_EQ(verdict("Bearer " + first.text), "token_invalid");
}

TEST_F(GateTest, AnotherNodeTakesTheToken) {
  Gate other(crypto::sha256("key"), clock, random);
  Gate stranger(crypto::sha256("another key"), clock, random);
  const std::string bought = "Bearer " + token().text;
  EXPECT_EQ(verdict(bought, &other), "ok");
  EXPECT_EQ(verdict(bought, &stranger), "token_invalid");
}

TEST_F(GateTest, ATokenEndsWithItsSecretAndItsApp) {
  const std::string bought = "Bearer " + token().text;
  const Instant soon = clock.wall_now() + Duration::seconds(1);
  publish({{1, crypto::sha256("secret"), soon}, {2, crypto::sha256("renewed"), {}}});
  EXPECT_EQ(verdict(bought), "ok");
  EXPECT_EQ(verdict(basic("client", "renewed")), "ok");
  clock.advance(Duration::seconds(1));
  EXPECT_EQ(verdict(bought), "token_invalid");
  EXPECT_EQ(verdict(basic("client", "secret")), "not_authenticated");
  publish({{2, crypto::sha256("renewed"), {}}}, true);
  EXPECT_EQ(verdict(basic("client", "renewed")), "service_not_allowed");
}

TEST_F(GateTest, TokensAreSoldForKeysAlone) {
  const std::string bought = token().text;
  EXPECT_EQ(gate.issue(AuthorizedRequest("Bearer " + bought), {}, *apps).error().code,
            Errc::not_authenticated);
  EXPECT_EQ(gate.issue(AuthorizedRequest(""), {}, *apps).error().code, Errc::token_missing);
  EXPECT_EQ(gate.issue(AuthorizedRequest(""), Credentials{"client", "secret"}, *apps)->text, bought);
  EXPECT_EQ(gate.issue(AuthorizedRequest(""), Credentials{"client", "guess"}, *apps).error().code,
            Errc::not_authenticated);
}

}  // namespace
}  // namespace jangbu::invoice
