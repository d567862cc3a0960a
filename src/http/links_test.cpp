#include "http/links.h"

#include <gtest/gtest.h>

#include "crypto/digest.h"

namespace jangbu::http {
namespace {

const Links links("https://pay.example.com", crypto::sha256("key"));

TEST(LinksTest, ATokenOpensToItsNumberForItsPurposeAlone) {
  for (const std::uint64_t number : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{255},
                                     std::uint64_t{1} << 40, std::uint64_t{INT64_MAX}}) {
    const std::string token = links.token("checkout", number);
    EXPECT_EQ(token.size(), 32U);
    EXPECT_EQ(links.open("checkout", token), number);
    EXPECT_EQ(links.open("invite", token), std::nullopt);
    EXPECT_EQ(Links("https://pay.example.com", crypto::sha256("other")).open("checkout", token),
              std::nullopt);
  }
  EXPECT_NE(links.token("checkout", 1), links.token("checkout", 2));
  EXPECT_EQ(links.checkout_url(7), "https://pay.example.com/checkout/" + links.token("checkout", 7));
}

TEST(LinksTest, NothingElseOpens) {
  const std::string token = links.token("checkout", 7);
  for (std::size_t i = 0; i < token.size(); ++i) {
    std::string changed = token;
    changed[i] = changed[i] == 'a' ? 'b' : 'a';
    EXPECT_EQ(links.open("checkout", changed), std::nullopt) << i;
  }
  std::string upper = token;
  for (char& c : upper) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  for (const std::string& wrong :
       {std::string(), token.substr(1), token + "a", upper, std::string(32, '1'), std::string(32, '\0')})
    EXPECT_EQ(links.open("checkout", wrong), std::nullopt);
}

}  // namespace
}  // namespace jangbu::http
