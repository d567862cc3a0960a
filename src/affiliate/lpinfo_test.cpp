#include "affiliate/lpinfo.h"

#include <gtest/gtest.h>

namespace jangbu::affiliate {
namespace {

struct IdRow {
  const char* name;
  std::string text;
  std::optional<ClickId> id;
};

TEST(ClickIdTest, TextAndBack) {
  const IdRow rows[] = {
      {"the first", "00000000000000", ClickId{0, 0}},
      {"the last", "99999999zzzzzz", ClickId{99'999'999, click_sequences - 1}},
      {"digits, then capitals, then small letters", "2970123400019A",
       ClickId{29'701'234, 62 * 62 + 9 * 62 + 10}},
      {"one after the digits", "2970123400000a", ClickId{29'701'234, 36}},
      {"too short", "2970123400000", std::nullopt},
      {"too long", "297012340000000", std::nullopt},
      {"a letter in the minute", "2970123A000000", std::nullopt},
      {"a sign in the sequence", "29701234-00000", std::nullopt},
      {"a space", "29701234 00000", std::nullopt},
      {"empty", "", std::nullopt},
  };
  for (const IdRow& row : rows) {
    SCOPED_TRACE(row.name);
    EXPECT_EQ(parse_click_id(row.text), row.id);
    if (!row.id) continue;
    std::string text;
    append_click_id(*row.id, text);
    EXPECT_EQ(text, row.text);
  }
}

TEST(ClickIdTest, TheMinuteOfAMoment) {
  EXPECT_EQ(click_minute(Instant{0}), 0U);
  EXPECT_EQ(click_minute(Instant{59'999'999}), 0U);
  EXPECT_EQ(click_minute(Instant{60'000'000}), 1U);
  EXPECT_EQ(click_minute(Instant{1'705'292'050'000'000}), 28'421'534U);
}

struct LpinfoRow {
  const char* name;
  std::string text;
  std::optional<Lpinfo> lpinfo;
};

TEST(LpinfoTest, Parses) {
  const Lpinfo plain{131, {29'701'234, 10}, "0000", "2", "0"};
  const Lpinfo bare{131, {29'701'234, 10}, "9999", "", ""};
  const std::string longest(max_link_code_bytes, 'x');
  const LpinfoRow rows[] = {
      {"plain", "A100000131|2970123400000A|0000|2|0", plain},
      {"bars encoded", "A100000131%7C2970123400000A%7C0000%7C2%7C0", plain},
      {"bars encoded in small letters", "A100000131%7c2970123400000A%7c0000%7c2%7c0", plain},
      {"bars of each kind", "A100000131|2970123400000A%7C0000%7c2|0", plain},
      {"empty codes", "A100000131|2970123400000A|9999||", bare},
      {"the longest codes", "A100000131|2970123400000A|0000|" + longest + "|" + longest,
       Lpinfo{131, {29'701'234, 10}, "0000", longest, longest}},
      {"a code too long", "A100000131|2970123400000A|0000|x" + longest + "|0", std::nullopt},
      {"four parts", "A100000131|2970123400000A|0000|2", std::nullopt},
      {"six parts", "A100000131|2970123400000A|0000|2|0|1", std::nullopt},
      {"a bar at the end", "A100000131|2970123400000A|0000|2|0|", std::nullopt},
      {"another sign encoded", "A100000131|2970123400000A|0000|2%7D|0", std::nullopt},
      {"a cut sequence", "A100000131|2970123400000A|0000|2|%7", std::nullopt},
      {"an encoded bar encoded again", "A100000131%257C2970123400000A%257C0000%257C2%257C0", std::nullopt},
      {"a click id too short", "A100000131|2970123400000|0000|2|0", std::nullopt},
      {"affiliate 0", "A100000000|2970123400000A|0000|2|0", std::nullopt},
      {"no affiliate", "|2970123400000A|0000|2|0", std::nullopt},
      {"no l", "A100000131|2970123400000A||2|0", std::nullopt},
      {"l of five", "A100000131|2970123400000A|00000|2|0", std::nullopt},
      {"a line break", "A100000131|2970123400000A|0000|2\n|0", std::nullopt},
      {"a cookie's end", "A100000131|2970123400000A|0000|2;|0", std::nullopt},
      {"Korean", "A100000131|2970123400000A|0000|\xea\xb0\x80|0", std::nullopt},
      {"a byte of zero", std::string("A100000131|2970123400000A|0000|\0|0", 34), std::nullopt},
      {"over 560 bytes", "A100000131|2970123400000A|0000|2|" + std::string(max_lpinfo_bytes, '0'),
       std::nullopt},
      {"empty", "", std::nullopt},
  };
  for (const LpinfoRow& row : rows) {
    SCOPED_TRACE(row.name);
    const auto parsed = parse_lpinfo(row.text);
    EXPECT_EQ(parsed, row.lpinfo);
    if (!parsed) continue;
    const std::string text = lpinfo_text(*parsed);
    EXPECT_LE(text.size(), max_lpinfo_bytes);
    EXPECT_EQ(parse_lpinfo(text), parsed);
  }
}

}  // namespace
}  // namespace jangbu::affiliate
