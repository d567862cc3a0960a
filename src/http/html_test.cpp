#include "http/html.h"

#include <gtest/gtest.h>

namespace jangbu::http {
namespace {

TEST(Html, Escapes) {
  const struct {
    const char* text;
    const char* expected;
  } rows[] = {
      {"", ""},
      {"장부 & co", "장부 &amp; co"},
      {"<a href=\"x\">it's</a>", "&lt;a href=&quot;x&quot;&gt;it&#39;s&lt;/a&gt;"},
      {"&amp;", "&amp;amp;"},
  };
  for (const auto& row : rows) EXPECT_EQ(escape_html(row.text), row.expected);
}

}  // namespace
}  // namespace jangbu::http
