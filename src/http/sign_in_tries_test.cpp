#include "http/sign_in_tries.h"

#include <vector>

#include <gtest/gtest.h>

namespace jangbu::http {
namespace {

class SignInTriesTest : public ::testing::Test, protected Clock {
 protected:
  Instant wall_now() const override { return now_; }
  std::int64_t monotonic_us() const override { return now_.us; }
  void wait_a_minute() { now_ = now_ + Duration::seconds(60); }

  /// Of a try with a wrong password.
  SignInTries::Limit wrong(const std::string& address, const std::string& account) {
    return tries_.begin(address, account).limit;
  }
  SignInTries::Limit right(const std::string& address, const std::string& account) {
    const auto begun = tries_.begin(address, account);
    if (begun.tried) begun.tried->succeed();
    return begun.limit;
  }

  Instant now_{1'000'000'000};
  SignInTries tries_{*this};
};

using Limit = SignInTries::Limit;

TEST_F(SignInTriesTest, ANetworkOfIpv6IsOne) {
  const std::string prefix = "2001:db8:1:2::";
  for (int i = 0; i < 20; ++i) EXPECT_EQ(wrong(prefix + std::to_string(i), std::to_string(i)), Limit::none);
  const auto refused = tries_.begin(prefix + "99", "other");
  EXPECT_EQ(refused.limit, Limit::network);
  EXPECT_EQ(refused.refusal.status, 429);
  EXPECT_EQ(wrong("2001:db8:1:3::1", "other"), Limit::none);
  wait_a_minute();
  EXPECT_EQ(wrong(prefix + "99", "other"), Limit::none);
}

TEST_F(SignInTriesTest, AnAddressLocksAnAccountForItselfAlone) {
  for (int minute = 0; minute < 30; ++minute, wait_a_minute())
    for (int i = 0; i < 20; ++i) {
      const Limit limit = wrong("192.0.2.1", "a@example.com");
      EXPECT_EQ(limit, minute < 3 && i < 10 ? Limit::none : Limit::account) << minute << " " << i;
    }
  EXPECT_EQ(wrong("192.0.2.2", "a@example.com"), Limit::none);
}

TEST_F(SignInTriesTest, ManyAddressesLockAnAccountButNotForWhoWasThereLately) {
  EXPECT_EQ(right("192.0.2.200", "a@example.com"), Limit::none);
  for (int i = 0; i < 100; ++i)
    EXPECT_EQ(wrong("192.0.2." + std::to_string(i / 10), "a@example.com"), Limit::none) << i;
  const auto refused = tries_.begin("192.0.2.100", "a@example.com");
  EXPECT_EQ(refused.limit, Limit::account);
  EXPECT_EQ(refused.refusal.status, 429);
  EXPECT_EQ(refused.refusal.headers.at(0).value, "3600");
  EXPECT_EQ(wrong("192.0.2.100", "b@example.com"), Limit::none);
  EXPECT_EQ(right("192.0.2.200", "a@example.com"), Limit::none);
  now_ = now_ + Duration::seconds(3600);
  EXPECT_EQ(wrong("192.0.2.100", "a@example.com"), Limit::none);
}

TEST_F(SignInTriesTest, RightPasswordsCountInNoHour) {
  for (int i = 0; i < 200; ++i) {
    EXPECT_EQ(right("192.0.2.1", "a@example.com"), Limit::none) << i;
    if (i % 10 == 9) wait_a_minute();
  }
}

TEST_F(SignInTriesTest, FewOfANetworkWait) {
  std::vector<SignInTries::Begun> waiting;
  for (int i = 0; i < 4; ++i) waiting.push_back(tries_.begin("2001:db8::" + std::to_string(i), "a"));
  for (const auto& each : waiting) EXPECT_EQ(each.limit, Limit::none);
  const auto refused = tries_.begin("2001:db8::9", "b");
  EXPECT_EQ(refused.limit, Limit::waiting);
  EXPECT_EQ(refused.refusal.status, 503);
  EXPECT_EQ(wrong("192.0.2.1", "a"), Limit::none);
  waiting.pop_back();
  EXPECT_EQ(wrong("2001:db8::9", "b"), Limit::none);
}

TEST_F(SignInTriesTest, WhatIsUndoneCountsNowhere) {
  for (int i = 0; i < 200; ++i) {
    const auto begun = tries_.begin("192.0.2.1", "a@example.com");
    ASSERT_TRUE(begun.tried) << i;
    begun.tried->undo();
  }
  EXPECT_EQ(wrong("192.0.2.2", "a@example.com"), Limit::none);
}

}  // namespace
}  // namespace jangbu::http
