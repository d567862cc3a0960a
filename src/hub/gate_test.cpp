#include "hub/gate.h"

#include <optional>

#include <gtest/gtest.h>

#include "crypto/service_jwt.h"
#include "crypto/service_jwt_test_token.h"
#include "engine/testing/book.h"

namespace jangbu::hub {
namespace {

using engine::testing::CountingRandom;
using engine::testing::example_moment;
using engine::testing::ManualClock;

/// A request of which only its Authorization matters.
class FakeRequest final : public http::Request {
 public:
  explicit FakeRequest(std::optional<std::string> authorization) : authorization_(std::move(authorization)) {}

  [[nodiscard]] http::Method method() const override { return http::Method::get; }
  [[nodiscard]] std::string_view path() const override { return "/"; }
  [[nodiscard]] std::string_view query() const override { return {}; }
  [[nodiscard]] std::string_view body() const override { return {}; }
  [[nodiscard]] const std::string* header(std::string_view name) const override {
    return name == "Authorization" && authorization_ ? &*authorization_ : nullptr;
  }
  [[nodiscard]] std::vector<http::Header> headers() const override { return {}; }
  [[nodiscard]] std::string peer() const override { return {}; }
  [[nodiscard]] std::string_view path_parameter(std::string_view) const override { return {}; }

 private:
  std::optional<std::string> authorization_;
};

class GateTest : public ::testing::Test {
 protected:
  GateTest() {
    AppSet sales;
    sales.id = 1;
    sales.code = "pybk-sales";
    sales.rate_per_s = 2;
    sales.burst = 3;
    sales.secrets = {AppSecret{1, clock.wall_now() + Duration::seconds(60)}, AppSecret{2, std::nullopt}};
    AppSet reviewer = sales;
    reviewer.id = 2;
    reviewer.code = "reviewer-app";
    reviewer.scope = Scope::reviewer;
    for (const AppId id : {1u, 2u})
      for (const std::uint64_t number : {1u, 2u}) (void)secrets.generate(id, number);
    set(sales);
    set(reviewer);
  }

  void set(const AppSet& app) {
    auto apps = std::make_shared<Apps>(*board.current());
    apps->put(app);
    board.publish(apps);
  }

  std::string token(std::string_view issuer, const std::string& secret, const std::string& jti = "j1") {
    const std::string exp = std::to_string(clock.wall_now().unix_seconds() + 300);
    const std::string claims = R"({"iss":")" + std::string(issuer) +
                               R"(","sub":"system","aud":"08l-hub","jti":")" + jti + R"(","exp":)" + exp +
                               "}";
    return crypto::testing::signed_token(R"({"alg":"HS256"})", claims, secret);
  }
  std::string secret(AppId app, std::uint64_t number) { return secrets.find(app, number).value(); }

  Result<Caller> admit(std::optional<std::string> authorization, Scope scope = Scope::sales) {
    return gate.admit(FakeRequest(std::move(authorization)), scope);
  }
  std::string verdict(std::optional<std::string> authorization, Scope scope = Scope::sales) {
    const auto caller = admit(std::move(authorization), scope);
    return caller ? "ok" : std::string(error_text(caller.error().code));
  }

  ManualClock clock{example_moment};
  CountingRandom random;
  crypto::MasterKey master = crypto::MasterKey::from_bytes(Bytes(32, 'm')).value();
  AppBoard board;
  AppSecrets secrets{master, random};
  Gate gate{board, secrets, clock};
};

TEST_F(GateTest, NamesTheCallerAndItsToken) {
  const auto caller = admit("ServiceJWT " + token("pybk-sales", secret(1, 2), "a-jti"));
  ASSERT_TRUE(caller.ok()) << to_string(caller.error());
  EXPECT_EQ(caller->app, 1u);
  EXPECT_EQ(caller->code, "pybk-sales");
  EXPECT_EQ(caller->token, engine::key_digest(engine::KeyScope::hub_token, 1, "a-jti"));
  EXPECT_EQ(caller->token_until.unix_seconds(), clock.wall_now().unix_seconds() + 330);
}

TEST_F(GateTest, AsksForItsOwnScheme) {
  const std::string good = token("pybk-sales", secret(1, 1));
  const struct {
    const char* name;
    std::optional<std::string> authorization;
    const char* expected;
  } rows[] = {
      {"none", std::nullopt, "token_missing"},
      {"empty", "", "token_missing"},
      {"good", "ServiceJWT " + good, "ok"},
      {"Bearer", "Bearer " + good, "token_malformed"},
      {"no scheme", good, "token_malformed"},
      {"lower case", "servicejwt " + good, "ok"},
      {"two spaces", "ServiceJWT  " + good, "token_malformed"},
      {"scheme alone", "ServiceJWT", "token_malformed"},
      {"no token", "ServiceJWT ", "token_malformed"},
      {"two tokens", "ServiceJWT " + good + " " + good, "token_malformed"},
      {"junk", "ServiceJWT junk", "token_malformed"},
      {"another secret", "ServiceJWT " + token("pybk-sales", "guess"), "token_invalid"},
      {"another app's secret", "ServiceJWT " + token("pybk-sales", secret(2, 1)), "token_invalid"},
      {"unknown app", "ServiceJWT " + token("somebody", secret(1, 1)), "service_not_allowed"},
      {"another scope", "ServiceJWT " + token("reviewer-app", secret(2, 1)), "service_not_allowed"},
  };
  for (const auto& row : rows) EXPECT_EQ(verdict(row.authorization), row.expected) << row.name;
  EXPECT_EQ(verdict("ServiceJWT " + token("reviewer-app", secret(2, 1)), Scope::reviewer), "ok");
}

TEST_F(GateTest, KeepsARotatedSecretForAWhile) {
  EXPECT_EQ(verdict("ServiceJWT " + token("pybk-sales", secret(1, 1))), "ok");
  clock.advance(Duration::microseconds(59'999'999));
  EXPECT_EQ(verdict("ServiceJWT " + token("pybk-sales", secret(1, 1))), "ok");
  clock.advance(Duration::microseconds(1));
  EXPECT_EQ(verdict("ServiceJWT " + token("pybk-sales", secret(1, 1))), "token_invalid");
  EXPECT_EQ(verdict("ServiceJWT " + token("pybk-sales", secret(1, 2))), "ok");
}

TEST_F(GateTest, RefusesExpiredTokensAndSuspendedApps) {
  const std::string early = "ServiceJWT " + token("pybk-sales", secret(1, 2));
  clock.advance(Duration::seconds(330));
  EXPECT_EQ(verdict(early), "token_expired");
  AppSet app = *board.current()->find(1);
  app.suspended = true;
  set(app);
  EXPECT_EQ(verdict("ServiceJWT " + token("pybk-sales", secret(1, 2))), "service_not_allowed");
  EXPECT_EQ(verdict("ServiceJWT " + token("pybk-sales", "guess")), "token_invalid");
}

TEST_F(GateTest, CountsGenuineRequestsAgainstTheRate) {
  const auto ask = [&] { return verdict("ServiceJWT " + token("pybk-sales", secret(1, 2))); };
  const auto forge = [&] { return verdict("ServiceJWT " + token("pybk-sales", "guess")); };
  for (int i = 0; i < 10; ++i) EXPECT_EQ(forge(), "token_invalid") << "costs the app nothing";
  for (int i = 0; i < 3; ++i) EXPECT_EQ(ask(), "ok") << "burst";
  EXPECT_EQ(ask(), "rate_limited");
  EXPECT_EQ(verdict("ServiceJWT " + token("reviewer-app", secret(2, 1)), Scope::reviewer), "ok")
      << "each app has its own";
  clock.advance(Duration::microseconds(499'999));
  EXPECT_EQ(ask(), "rate_limited");
  clock.advance(Duration::microseconds(1));
  EXPECT_EQ(ask(), "ok") << "two a second";
  EXPECT_EQ(ask(), "rate_limited");
  clock.advance(Duration::days(400));
  for (int i = 0; i < 3; ++i) EXPECT_EQ(ask(), "ok") << "no more than the burst is saved";
  EXPECT_EQ(ask(), "rate_limited");
}

}  // namespace
}  // namespace jangbu::hub
