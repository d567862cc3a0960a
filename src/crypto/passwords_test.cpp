#include "crypto/passwords.h"

#include <future>

#include <gtest/gtest.h>

#include "crypto/secret.h"

namespace jangbu::crypto {
namespace {

class PasswordsTest : public ::testing::Test {
 protected:
  bool verify(const std::string& hashed, const std::string& password) {
    std::promise<bool> right;
    EXPECT_TRUE(passwords_.verify(hashed, password, [&](bool is) { right.set_value(is); }).ok());
    return right.get_future().get();
  }

  SystemRandom random_;
  Passwords passwords_{random_, 1};
};

TEST_F(PasswordsTest, ChecksWhatItHashed) {
  std::promise<std::string> hashed;
  ASSERT_TRUE(
      passwords_.hash("chestnut-42", [&](std::string text) { hashed.set_value(std::move(text)); }).ok());
  const std::string text = hashed.get_future().get();
  EXPECT_TRUE(verify(text, "chestnut-42"));
  EXPECT_FALSE(verify(text, "chestnut-43"));
  EXPECT_FALSE(verify("", "chestnut-42"));
  EXPECT_FALSE(verify("", ""));
}

TEST_F(PasswordsTest, TakesNoMoreThanFit) {
  std::promise<void> begun;
  std::promise<void> go;
  ASSERT_TRUE(passwords_
                  .hash("a",
                        [&](const std::string&) {
                          begun.set_value();
                          go.get_future().wait();
                        })
                  .ok());
  begun.get_future().wait();
  EXPECT_TRUE(passwords_.hash("b", [](const std::string&) {}).ok());
  const Status refused = passwords_.hash("c", [](const std::string&) {});
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, Errc::overloaded);
  go.set_value();
  passwords_.stop();
  EXPECT_FALSE(passwords_.hash("d", [](const std::string&) {}).ok());
}

}  // namespace
}  // namespace jangbu::crypto
