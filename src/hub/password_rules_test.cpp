#include "hub/password_rules.h"

#include <gtest/gtest.h>

namespace jangbu::hub {
namespace {

TEST(PasswordRulesTest, SaysWhatIsWrong) {
  constexpr std::string_view email = "Minsu@abc.com";
  constexpr std::string_view company = "Acme Cosmetics";
  const std::string stairs = "abcde";
  const struct {
    const char* name;
    std::string password;
    std::string_view fault;  // empty: good
  } rows[] = {
      {"good", "chestnut-42-Harbor", ""},
      {"empty", "", "must have at least 10 characters"},
      {"nine", "chestnut-", "must have at least 10 characters"},
      {"ten", "chestnut-4", ""},
      {"ten Korean ones", "가나다라마바사아자차", ""},
      {"nine Korean ones of three bytes", "가나다라마바사아자", "must have at least 10 characters"},
      {"five of two units", "😀😁😂😃😄", ""},
      {"128", stairs + std::string(123, 'x'), ""},
      {"129", stairs + std::string(124, 'x'), "must have at most 128 characters"},
      {"four different", "abcdabcdabcd", "must have at least 5 different characters"},
      {"five different", "abcdeabcde", ""},
      {"the address", "my-MINSU@ABC.com-1", "must not contain the e-mail address or the company's name"},
      {"its first part", "hello-minsu-42", "must not contain the e-mail address or the company's name"},
      {"the company", "acme cosmetics 42", "must not contain the e-mail address or the company's name"},
      {"a part of the company", "acme-harbor-42", ""},
  };
  for (const auto& row : rows) EXPECT_EQ(password_fault(row.password, email, company), row.fault) << row.name;
}

TEST(PasswordRulesTest, ShortNamesMayStandInIt) {
  EXPECT_EQ(password_fault("abc-harbor-42", "abc@x.kr", "ABC"), "");
  EXPECT_EQ(password_fault("주식회사-harbor", "abc@x.kr", " 주식회사 "),
            "must not contain the e-mail address or the company's name");
}

TEST(PasswordRulesTest, WhatEverybodyTriesFirstIsNone) {
  for (const char* common :
       {"1234567890", "0123456789", "9876543210", "12345678901234", "98765432109", "password123",
        "Password123!", "passw0rd2026", "QWERTYUIOP", "qwerty12345", "1q2w3e4r5t", "qwer1234asdf",
        "qlalfqjsgh", "dkssudgktpdy1!", "administrator", "admin12345", "welcome2026!", "a123456789"})
    EXPECT_EQ(password_fault(common, "minsu@abc.com", "Acme"),
              "must not be one of those that everybody tries first")
        << common;
  for (const char* good : {"1234509876", "1357924680", "password-and-birch", "my-qwerty-42-harbor",
                           "1234567890-birch", "2026!admin!harbor"})
    EXPECT_EQ(password_fault(good, "minsu@abc.com", "Acme"), "") << good;
}

}  // namespace
}  // namespace jangbu::hub
