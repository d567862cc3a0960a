#include "crypto/service_jwt.h"

#include <vector>

#include <gtest/gtest.h>

#include "crypto/service_jwt_test_token.h"

namespace jangbu::crypto {
namespace {

using testing::signed_token;

const std::string secret = "0123456789abcdef0123456789abcdef";
const std::string hs256 = R"({"alg":"HS256"})";
/// 2026-05-25T01:00:00Z
constexpr std::int64_t now_s = 1'779'670'800;
constexpr Instant now{now_s * 1'000'000};
constexpr std::string_view audience = "08l-hub";

std::string at(std::int64_t seconds_from_now) { return std::to_string(now_s + seconds_from_now); }

/// Claims as JSON texts, to be changed one at a time.
class Claims {
 public:
  Claims() {
    set("iss", "\"pybk-sales\"").set("sub", "\"system\"").set("aud", "\"08l-hub\"");
    set("jti", "\"5d3f9c1e\"").set("exp", at(300));
  }
  Claims& set(const std::string& name, const std::string& json) {
    drop(name);
    return add(name, json);
  }
  Claims& add(const std::string& name, const std::string& json) {
    members_.emplace_back(name, json);
    return *this;
  }
  Claims& drop(const std::string& name) {
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

/// The text code of what verification says; "ok" when it accepts.
std::string verdict(const std::string& token, std::vector<std::string> secrets = {secret}) {
  const auto claims = verify_service_jwt(token, secrets, audience, now);
  return claims ? "ok" : std::string(error_text(claims.error().code));
}

std::string of(const Claims& claims, const std::string& header = hs256) {
  return signed_token(header, claims.text(), secret);
}

TEST(ServiceJwt, TellsWhatAVerifiedTokenSays) {
  const auto claims = verify_service_jwt(of(Claims()), std::vector{secret}, audience, now);
  ASSERT_TRUE(claims.ok()) << to_string(claims.error());
  EXPECT_EQ(claims->issuer, "pybk-sales");
  EXPECT_EQ(claims->subject, "system");
  EXPECT_EQ(claims->id, "5d3f9c1e");
  EXPECT_EQ(claims->expires_at, now + Duration::seconds(300));
  EXPECT_EQ(unverified_issuer(of(Claims())).value(), "pybk-sales");
}

TEST(ServiceJwt, KnowsTheExampleOfRfc7515) {
  // Appendix A.1: the signature is right, the claims are not ours.
  const std::string token =
      "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9"
      ".eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
      ".dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
  const Bytes key = from_hex(
                        "0323354b2b0fa5bc837e0665777ba68f5ab328e6f054c928a90f84b2d2502ebf"
                        "d3fb5a92d20647ef968ab4c377623d223d2e2172052e4f08c0cd9af567d080a3")
                        .value();
  EXPECT_EQ(verdict(token, {key}), "token_malformed");
  EXPECT_EQ(verdict(token, {key + "x"}), "token_invalid");
  EXPECT_EQ(unverified_issuer(token).value(), "joe");
}

TEST(ServiceJwt, TriesEverySecret) {
  const std::string token = of(Claims());
  EXPECT_EQ(verdict(token, {"another", secret}), "ok");
  EXPECT_EQ(verdict(token, {secret, "another"}), "ok");
  EXPECT_EQ(verdict(token, {"another", "a third"}), "token_invalid");
  EXPECT_EQ(verdict(token, {}), "token_invalid");
  EXPECT_EQ(verdict(signed_token(hs256, Claims().text(), ""), {""}), "token_invalid") << "an empty secret";
}

TEST(ServiceJwt, LetsNoHeaderChooseHowItIsVerified) {
  const struct {
    const char* name;
    std::string header;
    const char* expected;
  } rows[] = {
      {"typ", R"({"typ":"JWT","alg":"HS256"})", "ok"},
      {"typ in lower case", R"({"alg":"HS256","typ":"jwt"})", "ok"},
      {"another typ", R"({"alg":"HS256","typ":"at+jwt"})", "token_invalid"},
      {"typ no text", R"({"alg":"HS256","typ":1})", "token_invalid"},
      {"none", R"({"alg":"none"})", "token_invalid"},
      {"None", R"({"alg":"None"})", "token_invalid"},
      {"HS384", R"({"alg":"HS384"})", "token_invalid"},
      {"RS256", R"({"alg":"RS256"})", "token_invalid"},
      {"ES256", R"({"alg":"ES256"})", "token_invalid"},
      {"PS256", R"({"alg":"PS256"})", "token_invalid"},
      {"lower case", R"({"alg":"hs256"})", "token_invalid"},
      {"no alg", R"({"typ":"JWT"})", "token_malformed"},
      {"alg no text", R"({"alg":["HS256"]})", "token_malformed"},
      {"alg twice", R"({"alg":"none","alg":"HS256"})", "token_malformed"},
      {"alg twice, escaped", R"({"alg":"HS256","\u0061lg":"HS256"})", "token_malformed"},
      {"kid", R"({"alg":"HS256","kid":"../../dev/null"})", "token_invalid"},
      {"jku", R"({"alg":"HS256","jku":"https://evil.example/jwks"})", "token_invalid"},
      {"jwk", R"({"alg":"HS256","jwk":{"kty":"oct","k":"AA"}})", "token_invalid"},
      {"x5u", R"({"alg":"HS256","x5u":"https://evil.example/c"})", "token_invalid"},
      {"x5c", R"({"alg":"HS256","x5c":[]})", "token_invalid"},
      {"crit", R"({"alg":"HS256","crit":["exp"]})", "token_invalid"},
      {"b64", R"({"alg":"HS256","b64":false})", "token_invalid"},
      {"zip", R"({"alg":"HS256","zip":"DEF"})", "token_invalid"},
      {"no object", R"(["HS256"])", "token_malformed"},
      {"no JSON", "alg", "token_malformed"},
  };
  for (const auto& row : rows) EXPECT_EQ(verdict(of(Claims(), row.header)), row.expected) << row.name;
}

TEST(ServiceJwt, NeedsEveryClaimOnce) {
  for (const char* name : {"iss", "sub", "aud", "jti", "exp"}) {
    EXPECT_EQ(verdict(of(Claims().drop(name))), "token_malformed") << "no " << name;
    EXPECT_EQ(verdict(of(Claims().set(name, "null"))), "token_malformed") << "null " << name;
    const std::string value = std::string(name) == "exp" ? at(300) : "\"08l-hub\"";
    EXPECT_EQ(verdict(of(Claims().set(name, value).add(name, value))), "token_malformed") << name << " twice";
  }
  EXPECT_EQ(verdict(of(Claims().add("extra", "1").add("extra", "2"))), "token_malformed");
  EXPECT_EQ(verdict(of(Claims().add("extra", "{}"))), "ok");
  for (const char* name : {"iss", "sub", "jti"}) {
    const auto with = [&](const std::string& text) {
      return verdict(of(Claims().set(name, '"' + text + '"')));
    };
    EXPECT_EQ(with(""), "token_malformed") << name;
    EXPECT_EQ(with(std::string(max_service_claim_bytes, 'x')), "ok") << name;
    EXPECT_EQ(with(std::string(max_service_claim_bytes + 1, 'x')), "token_malformed") << name;
    EXPECT_EQ(with("a\\u0000b"), "token_malformed") << name;
    EXPECT_EQ(verdict(of(Claims().set(name, "17"))), "token_malformed") << name;
  }
}

TEST(ServiceJwt, IsForOneAudience) {
  const struct {
    const char* aud;
    const char* expected;
  } rows[] = {
      {R"("08l-hub")", "ok"},
      {R"(["08l-hub"])", "ok"},
      {R"(["other","08l-hub"])", "ok"},
      {R"("08L-HUB")", "token_invalid"},
      {R"("08l-hub ")", "token_invalid"},
      {R"("")", "token_invalid"},
      {R"([])", "token_invalid"},
      {R"(["other"])", "token_invalid"},
      {R"(["08l-hub",1])", "token_malformed"},
      {R"({"08l-hub":true})", "token_malformed"},
  };
  for (const auto& row : rows) EXPECT_EQ(verdict(of(Claims().set("aud", row.aud))), row.expected) << row.aud;
}

TEST(ServiceJwt, LivesShortly) {
  const struct {
    const char* name;
    const char* claim;
    std::string value;
    const char* expected;
  } rows[] = {
      {"ends now", "exp", at(0), "ok"},
      {"ended within the skew", "exp", at(-29), "ok"},
      {"ended", "exp", at(-30), "token_expired"},
      {"ended long ago", "exp", "0", "token_expired"},
      {"negative", "exp", "-1", "token_expired"},
      {"huge and negative", "exp", "-99999999999999999999", "token_expired"},
      {"as long as may be", "exp", at(330), "ok"},
      {"too long", "exp", at(331), "token_invalid"},
      {"in milliseconds", "exp", at(300) + "000", "token_invalid"},
      {"huge", "exp", "99999999999999999999999999", "token_invalid"},
      {"fraction", "exp", at(300) + ".5", "token_malformed"},
      {"fraction of nothing", "exp", at(300) + ".0", "token_malformed"},
      {"exponent", "exp", "1e10", "token_malformed"},
      {"text", "exp", '"' + at(300) + '"', "token_malformed"},
      {"nbf past", "nbf", at(-1000), "ok"},
      {"nbf within the skew", "nbf", at(30), "ok"},
      {"nbf future", "nbf", at(31), "token_invalid"},
      {"nbf huge", "nbf", "99999999999999999999999999", "token_invalid"},
      {"nbf text", "nbf", "\"now\"", "token_malformed"},
      {"iat now", "iat", at(0), "ok"},
      {"iat as far back as may be", "iat", at(-30), "ok"},
      {"iat too far back: a long life", "iat", at(-31), "token_invalid"},
      {"iat within the skew", "iat", at(30), "ok"},
      {"iat future", "iat", at(31), "token_invalid"},
      {"iat true", "iat", "true", "token_malformed"},
  };
  for (const auto& row : rows)
    EXPECT_EQ(verdict(of(Claims().set(row.claim, row.value))), row.expected) << row.name;
}

TEST(ServiceJwt, HasOneForm) {
  const std::string header = base64url(hs256);
  const std::string claims = base64url(Claims().text());
  const std::string good = of(Claims());
  const std::string signature = good.substr(good.rfind('.') + 1);
  ASSERT_EQ(good, header + "." + claims + "." + signature);
  // The last of 43 digits carries four bits; the two below them are unused.
  std::string unused_bits = good;
  constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  unused_bits.back() = digits[digits.find(good.back()) + 1];
  const std::string filler =
      Claims().add("filler", '"' + std::string(max_service_jwt_bytes, 'x') + '"').text();
  const struct {
    const char* name;
    std::string token;
    const char* expected;
  } rows[] = {
      {"good", good, "ok"},
      {"empty", "", "token_malformed"},
      {"dots", "..", "token_malformed"},
      {"one part", header, "token_malformed"},
      {"two parts", header + "." + claims, "token_malformed"},
      {"no signature", header + "." + claims + ".", "token_malformed"},
      {"trailing dot", good + ".", "token_malformed"},
      {"four parts", good + "." + signature, "token_malformed"},
      {"no header", "." + claims + "." + signature, "token_malformed"},
      {"no claims", header + ".." + signature, "token_invalid"},
      {"padding", good + "=", "token_malformed"},
      {"unused bits", unused_bits, "token_malformed"},
      {"space", good + " ", "token_malformed"},
      {"line feed", header + "\n." + claims + "." + signature, "token_malformed"},
      {"standard alphabet", header + "." + claims + "." + std::string(42, '+') + "A", "token_malformed"},
      {"a lone digit", header + "." + claims + "." + signature + "AA", "token_malformed"},
      {"short signature", header + "." + claims + "." + signature.substr(0, 40), "token_invalid"},
      {"a signature of one byte", header + "." + claims + ".AA", "token_invalid"},
      {"another signature", header + "." + claims + "." + base64url(Bytes(32, 'x')), "token_invalid"},
      {"other claims", header + "." + base64url(Claims().set("sub", "\"root\"").text()) + "." + signature,
       "token_invalid"},
      {"claims no object", signed_token(hs256, "[]", secret), "token_malformed"},
      {"claims no JSON", signed_token(hs256, "{", secret), "token_malformed"},
      {"too long", signed_token(hs256, filler, secret), "token_malformed"},
  };
  for (const auto& row : rows) EXPECT_EQ(verdict(row.token), row.expected) << row.name;
}

TEST(ServiceJwt, IsNotSignedWithAPublicKey) {
  // The confusion of algorithms: what everybody knows, taken as the shared secret.
  const std::string public_key = "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----\n";
  EXPECT_EQ(verdict(signed_token(hs256, Claims().text(), public_key)), "token_invalid");
  EXPECT_EQ(verdict(signed_token(R"({"alg":"RS256"})", Claims().text(), secret)), "token_invalid");
  EXPECT_EQ(verdict(base64url(R"({"alg":"none"})") + "." + base64url(Claims().text()) + "."),
            "token_invalid");
}

TEST(ServiceJwt, NamesTheIssuerOfWhatHasTheForm) {
  EXPECT_EQ(unverified_issuer("x").error().code, Errc::token_malformed);
  EXPECT_EQ(unverified_issuer(of(Claims().drop("iss"))).error().code, Errc::token_malformed);
  EXPECT_EQ(unverified_issuer(of(Claims().add("iss", "\"b\""))).error().code, Errc::token_malformed);
  EXPECT_EQ(unverified_issuer(of(Claims().set("iss", "\"b\""))).value(), "b");
}

TEST(ServiceJwt, TakesWhatWeSignOurselves) {
  const std::vector<std::string> secrets = {"a secret"};
  const auto token = sign_service_jwt({"pybk-sales", "system", "id-1", {}}, secrets[0], "08l-hub", now);
  const auto claims = verify_service_jwt(token, secrets, "08l-hub", now);
  ASSERT_TRUE(claims.ok()) << to_string(claims.error());
  EXPECT_EQ(claims->issuer, "pybk-sales");
  EXPECT_EQ(claims->id, "id-1");
  EXPECT_EQ(claims->expires_at, now + max_service_jwt_life);
  EXPECT_FALSE(verify_service_jwt(token, secrets, "another", now).ok());
}

}  // namespace
}  // namespace jangbu::crypto
