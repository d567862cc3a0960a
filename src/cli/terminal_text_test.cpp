#include "cli/terminal_text.h"

#include <gtest/gtest.h>

namespace jangbu::cli {
namespace {

struct TerminalText {
  const char* name;
  std::string_view text;
  const char* on_one_line;
  const char* in_quotes;
};

TEST(TerminalTextTest, NothingThatATerminalActsOn) {
  using namespace std::literals;
  const TerminalText rows[] = {
      {"empty", "", "", "\"\""},
      {"plain", "913131705292050109", "913131705292050109", "\"913131705292050109\""},
      {"Korean and a symbol", "장부 ✓ 😀", "장부 ✓ 😀", "\"장부 ✓ 😀\""},
      {"quotes", R"(a "b" \c)", R"(a "b" \c)", R"("a \"b\" \\c")"},
      {"a line of its own", "x\nverified", R"(x\u000averified)", R"("x\nverified")"},
      {"an escape", "\x1b[2K", R"(\u001b[2K)", R"("\u001b[2K")"},
      {"zero", "a\0b"sv, R"(a\u0000b)", R"("a\u0000b")"},
      {"the last below the space", "\x1f ", R"(\u001f )", R"("\u001f ")"},
      {"delete", "~\x7f", R"(~\u007f)", R"("~\u007f")"},
      {"the first and the last of C1", "\u0080\u009f\u00a0", "\\u0080\\u009f\u00a0",
       "\"\\u0080\\u009f\u00a0\""},
      {"separators", "\u2027\u2028\u2029", "\u2027\\u2028\\u2029", "\"\u2027\\u2028\\u2029\""},
      {"turned writing", "\u202e\u2066\u2069\u206a\u200f", "\\u202e\\u2066\\u2069\u206a\\u200f",
       "\"\\u202e\\u2066\\u2069\u206a\\u200f\""},
      {"no UTF-8", "a\x9b", "a\ufffd", "\"a\ufffd\""},
  };
  for (const TerminalText& row : rows) {
    EXPECT_EQ(on_one_line(row.text), row.on_one_line) << row.name;
    EXPECT_EQ(in_quotes(row.text), row.in_quotes) << row.name;
  }
}

}  // namespace
}  // namespace jangbu::cli
