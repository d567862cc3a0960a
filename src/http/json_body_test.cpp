#include "http/json_body.h"

#include <gtest/gtest.h>

namespace jangbu::http {
namespace {

TEST(JsonBodyTest, ReadsMembers) {
  JsonBody body(R"({"name":"a","empty":"","n":7,"m":"8","amount":"1.5","flag":true})");
  EXPECT_EQ(body.string("name"), "a");
  EXPECT_EQ(body.string("other", "b"), "b");
  EXPECT_EQ(body.text("empty", "b"), "");
  EXPECT_EQ(body.text("other", "b"), "b");
  EXPECT_EQ(body.number("n", 7, 7), 7U);
  EXPECT_EQ(body.number("m", 0, 8), 8U);
  EXPECT_EQ(body.number("o", 0, 8, 3), 3U);
  EXPECT_EQ(body.amount("amount", 1), Money::from_units(15));
  EXPECT_TRUE(body.boolean("flag"));
  EXPECT_FALSE(body.boolean("unflagged", false));
  EXPECT_FALSE(body.error()) << body.error()->detail;
}

TEST(JsonBodyTest, NamesAllThatIsWrong) {
  JsonBody body(R"({"empty":"","long":"12345","n":9,"f":1.5,"amount":"0.01","flag":"yes"})");
  body.string("empty");
  body.string("long", std::nullopt, 4);
  body.string("absent");
  body.number("n", 1, 8);
  body.number("f", 1, 8);
  body.amount("amount", 1);
  body.boolean("flag");
  body.fail("all", "is wrong");
  ASSERT_TRUE(body.error());
  EXPECT_EQ(body.error()->code, Errc::invalid_parameters);
  EXPECT_EQ(body.error()->detail,
            "empty must be a text; long must have at most 4 bytes; absent must be a text; n must be a whole "
            "number from 1 to 8; f must be a whole number from 1 to 8; amount must be a decimal number with "
            "at most 1 places; flag must be true or false; all is wrong");
}

TEST(JsonBodyTest, IsAnObject) {
  EXPECT_FALSE(JsonBody("").error());
  EXPECT_EQ(JsonBody("[]").error()->code, Errc::invalid_parameters);
  JsonBody broken("{");
  broken.string("name");
  EXPECT_EQ(broken.error()->code, Errc::malformed_json);
}

TEST(WholeNumberTest, IsDigitsWithinBounds) {
  const struct {
    const char* text;
    std::optional<std::uint64_t> number;
  } rows[] = {
      {"1", 1},           {"10", 10},           {"0", std::nullopt},  {"11", std::nullopt},
      {"", std::nullopt}, {"+1", std::nullopt}, {"1 ", std::nullopt}, {"99999999999999999999", std::nullopt}};
  for (const auto& row : rows) EXPECT_EQ(whole_number(row.text, 1, 10), row.number) << row.text;
}

TEST(JsonBody, ALineDisguisesNothing) {
  const auto faulty = [](const std::string& text) {
    JsonBody body("{\"name\":\"" + text + "\"}");
    body.check_line("name");
    return body.error().has_value();
  };
  for (const char* good :
       {"", "Kim Gana", "김가나 (주)", "é", "\u20ac \u2027 \u2030", "\u0440", "\U0001f600"})
    EXPECT_FALSE(faulty(good)) << good;
  for (const char* bad : {"a\\u0000", "a\\nb", "\\u001f", "\x7f", "\xc2\x85", "\u061c", "\u200e", "\u200f",
                          "\u2028", "\u2029", "\u202a", "a\u202eb", "\u2066", "\u2069"})
    EXPECT_TRUE(faulty(bad)) << bad;
  JsonBody number("{\"name\":1}");
  number.check_line("name");
  EXPECT_FALSE(number.error());
}

}  // namespace
}  // namespace jangbu::http
