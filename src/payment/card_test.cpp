#include "payment/card.h"

#include <gtest/gtest.h>

#include "payment/sandbox.h"

namespace jangbu::payment {
namespace {

const Instant now = parse_rfc3339("2026-05-31T23:59:59Z").value();

TEST(CardTest, Faults) {
  struct Row {
    const char* number;
    const char* expiry;
    const char* cvc;
    const char* fields;
  };
  for (const Row& row : {
           Row{"4242424242424242", "05/26", "123", ""},
           Row{"4242 4242-4242 4242", "12/99", "1234", ""},
           Row{"4242424242424241", "05/26", "123", "number "},
           Row{"", "05/26", "123", "number "},
           Row{"42424242424", "05/26", "123", "number "},
           Row{"42424242424242424242", "05/26", "123", "number "},
           Row{"4242424242424242x", "05/26", "123", "number "},
           Row{"4242424242424242", "04/26", "123", "expiry "},
           Row{"4242424242424242", "12/25", "123", "expiry "},
           Row{"4242424242424242", "00/27", "123", "expiry "},
           Row{"4242424242424242", "13/27", "123", "expiry "},
           Row{"4242424242424242", "5/26", "123", "expiry "},
           Row{"4242424242424242", "05-26", "123", "expiry "},
           Row{"4242424242424242", "05/26", "12", "cvc "},
           Row{"4242424242424242", "05/26", "12345", "cvc "},
           Row{"4242424242424242", "05/26", "12a", "cvc "},
           Row{"1", "", "", "cvc expiry number "},
       }) {
    Card card;
    std::string fields;
    for (const auto& [name, fault] : read_card(row.number, row.expiry, row.cvc, "", now, card))
      fields += name + " ";
    EXPECT_EQ(fields, row.fields) << row.number << " " << row.expiry << " " << row.cvc;
  }
  Card card;
  EXPECT_TRUE(
      read_card("4242424242424242", "05/26", "123", "", now + Duration::seconds(43'200), card).empty())
      << "it is still May somewhere";
  EXPECT_FALSE(
      read_card("4242424242424242", "05/26", "123", "", now + Duration::seconds(43'201), card).empty());
  EXPECT_EQ(read_card("4242424242424242", "05/26", "123", std::string(101, 'x'), now, card).count("holder"),
            1U);
}

TEST(CardTest, BrandsAndLastFour) {
  for (const auto& [number, brand] :
       std::vector<std::pair<const char*, const char*>>{{"4242424242424242", "visa"},
                                                        {"5555555555554444", "mastercard"},
                                                        {"2223003122003222", "mastercard"},
                                                        {"378282246310005", "amex"},
                                                        {"3566002020360505", "jcb"},
                                                        {"6200000000000005", "unionpay"},
                                                        {"9410000000000005", "card"}}) {
    Card card;
    read_card(number, "05/26", "123", "", now, card);
    EXPECT_EQ(card.brand(), brand);
    EXPECT_EQ(card.last4(), std::string(number).substr(std::string(number).size() - 4));
  }
}

TEST(CardTest, EveryTestCardCanBeTyped) {
  for (const TestCard& card : test_cards()) EXPECT_TRUE(luhn_is_valid(card.number)) << card.number;
}

TEST(CardTest, ASecretThatMovedIsGone) {
  SecretText secret("4242424242424242");
  const SecretText moved = std::move(secret);
  EXPECT_EQ(moved.view(), "4242424242424242");
  EXPECT_TRUE(secret.empty());  // NOLINT(bugprone-use-after-move): that is the point
}

}  // namespace
}  // namespace jangbu::payment
