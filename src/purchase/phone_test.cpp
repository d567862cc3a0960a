#include "purchase/phone.h"

#include <thread>

#include <gtest/gtest.h>

#include "purchase/wire_test_data.h"

namespace jangbu::purchase {
namespace {

TEST(PhoneHash, MatchesTheVectors) {
  const json::Document document = read_json("purchase_signatures.json");
  const json::Value& rows = *document.root().find("phone_hashes");
  ASSERT_GE(rows.size, 3u);
  for (std::uint32_t i = 0; i < rows.size; ++i) {
    EXPECT_EQ(to_hex_0x(phone_hash(text_of(rows.items[i], "phone")).view()), text_of(rows.items[i], "hash"));
  }
}

struct PhoneCase {
  std::string name;
  std::string raw;
  std::string international;  // empty: refused
};

class PhoneBookRow : public testing::TestWithParam<PhoneCase> {};

TEST_P(PhoneBookRow, ReadsOrRefuses) {
  const PhoneBook phones;
  for (int attempt = 0; attempt < 2; ++attempt) {  // the second one is answered by the cache
    const auto phone = phones.parse(GetParam().raw);
    if (GetParam().international.empty()) {
      ASSERT_FALSE(phone.ok());
      EXPECT_EQ(phone.error().code, Errc::invalid_phone);
    } else {
      ASSERT_TRUE(phone.ok());
      EXPECT_EQ(phone->international, GetParam().international);
      EXPECT_EQ(phone->hash, phone_hash(GetParam().international));
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Rows, PhoneBookRow,
                         testing::Values(PhoneCase{"documented", "+82 10-1000-2000", "+82 10-1000-2000"},
                                         PhoneCase{"compact", "+821010002000", "+82 10-1000-2000"},
                                         PhoneCase{"national_zero", "+82 010 1000 2000", "+82 10-1000-2000"},
                                         PhoneCase{"united_states", "+1 650-253-0000", "+1 650-253-0000"},
                                         PhoneCase{"without_country", "010-1000-2000", ""},
                                         PhoneCase{"address", "tel:+82-10-1000-2000", ""},
                                         PhoneCase{"behind_a_bracket", "(+82) 10-1000-2000", ""},
                                         PhoneCase{"behind_words", "call +82 10-1000-2000", ""},
                                         PhoneCase{"wide_plus", "\uff0b82 10-1000-2000", ""},
                                         PhoneCase{"country_as_context", "10-1000-2000;phone-context=+82",
                                                   ""},
                                         PhoneCase{"word", "phone", ""}, PhoneCase{"plus", "+", ""},
                                         PhoneCase{"too_short", "+82 10", ""},
                                         PhoneCase{"too_long", "+82 10-1000-2000-3000-4000", ""},
                                         PhoneCase{"unknown_country", "+999 10-1000-2000", ""},
                                         PhoneCase{"not_assigned", "+1 000-000-0000", ""},
                                         PhoneCase{"endless", "+82 10" + std::string(100'000, '1'), ""},
                                         PhoneCase{"zero_byte", std::string("+82 10-1000-2000\0", 17), ""}),
                         [](const auto& row) { return row.param.name; });

TEST(PhoneBook, EmptyIsThePhoneOfNobody) {
  const auto phone = PhoneBook().parse("");
  ASSERT_TRUE(phone.ok());
  EXPECT_EQ(phone->international, "");
  EXPECT_EQ(phone->hash, phone_hash(""));
}

TEST(PhoneBook, AnswersTheSameWhenItsCacheIsTooSmall) {
  const PhoneBook phones(1);
  for (int round = 0; round < 3; ++round) {
    for (int number = 2000; number < 2100; ++number) {
      const std::string text = "+82 10-1000-" + std::to_string(number);
      EXPECT_EQ(phones.parse(text)->international, text);
      EXPECT_FALSE(phones.parse("x" + text.substr(4)).ok());
    }
  }
}

TEST(PhoneBook, ServesManyThreads) {
  const PhoneBook phones(64);
  phones.warm_up();
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&phones] {
      for (int i = 0; i < 500; ++i) {
        const std::string text = "+82 10-1000-" + std::to_string(2000 + i % 100);
        const auto phone = phones.parse(text);
        ASSERT_TRUE(phone.ok());
        EXPECT_EQ(phone->hash, phone_hash(text));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace jangbu::purchase
