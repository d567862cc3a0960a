#include "http/session_tokens.h"

#include <gtest/gtest.h>

#include "crypto/digest.h"

namespace jangbu::http {
namespace {

constexpr Instant until{1'000'000};

class SessionTokensTest : public ::testing::Test {
 protected:
  SystemRandom random_;
  SessionTokens tokens_{crypto::sha256("a key")};
};

TEST_F(SessionTokensTest, OpensWhatItIssued) {
  for (const std::string& subject : {std::string(), std::string("operator"), std::string(64, '\0')}) {
    const std::string token = tokens_.issue(until, subject, random_);
    EXPECT_EQ(tokens_.open(token, Instant{until.us - 1}), subject);
    EXPECT_EQ(tokens_.open(token, until), std::nullopt) << "at its end";
  }
}

TEST_F(SessionTokensTest, TwoTokensOfOneSubjectDiffer) {
  EXPECT_NE(tokens_.issue(until, "manager", random_), tokens_.issue(until, "manager", random_));
}

TEST_F(SessionTokensTest, RefusesWhatItDidNotIssue) {
  const std::string token = tokens_.issue(until, "manager", random_);
  const SessionTokens other(crypto::sha256("another key"));
  EXPECT_EQ(other.open(token, Instant{}), std::nullopt);
  std::string upper = token;
  for (char& c : upper) c = c >= 'a' && c <= 'f' ? static_cast<char>(c - 'a' + 'A') : c;
  const struct {
    const char* name;
    std::string token;
  } rows[] = {
      {"empty", ""},
      {"too short", token.substr(0, 48 + 63)},
      {"too long", token + token},
      {"one digit less", token.substr(1)},
      {"without its end", token.substr(0, token.size() - 1)},
      {"other letter case", upper},
      {"not hexadecimal", std::string(token.size(), 'x')},
  };
  for (const auto& row : rows) EXPECT_EQ(tokens_.open(row.token, Instant{}), std::nullopt) << row.name;
  for (std::size_t i = 0; i < token.size(); ++i) {
    std::string changed = token;
    changed[i] = changed[i] == '0' ? '1' : '0';
    EXPECT_EQ(tokens_.open(changed, Instant{}), std::nullopt) << "digit " << i;
  }
}

}  // namespace
}  // namespace jangbu::http
