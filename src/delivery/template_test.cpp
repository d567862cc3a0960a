#include "delivery/template.h"

#include <gtest/gtest.h>

#include "base/invariant.h"
#include "delivery/mail_form.h"

namespace jangbu::delivery {
namespace {

TEST(Templates, RendersWhatIsKnown) {
  Templates templates;
  templates.add("shop.hello", 1, [](const Fields& fields) {
    return Rendered{"", "Hello " + std::string(field(fields, "name")) + std::string(field(fields, "none")),
                    ""};
  });
  EXPECT_EQ(templates.render({"shop.hello", 1, {{"name", "Kim"}}})->text, "Hello Kim");
  EXPECT_EQ(*templates.render(plain("s", "t", "h")), (Rendered{"s", "t", "h"}));
  EXPECT_EQ(templates.render(plain("body"))->text, "body");
  const auto unknown = templates.render({"shop.hello", 2, {}});
  ASSERT_FALSE(unknown.ok());
  EXPECT_EQ(unknown.error().code, Errc::not_found);
  EXPECT_EQ(unknown.error().detail, "the template shop.hello/2 is not known here");
  EXPECT_THROW(templates.add("plain", 1, [](const Fields&) { return Rendered{}; }), InvariantViolation);
}

TEST(Templates, ContentsThatCannotBeSent) {
  EXPECT_TRUE(check(plain("text")).ok());
  Fields most;
  for (int i = 0; i < 64; ++i) most["f" + std::to_string(i)] = "";
  EXPECT_TRUE(check(Content{"a", 1, most}).ok());
  EXPECT_TRUE(check(plain(std::string(max_content_bytes, 'a'))).ok());
  most["one-more"] = "";
  const struct {
    const char* name;
    Content content;
  } rows[] = {
      {"no name", {"", 1, {}}},
      {"a name that is none", {"Hub Order", 1, {}}},
      {"a long name", {std::string(65, 'a'), 1, {}}},
      {"version 0", {"a", 0, {}}},
      {"too many fields", {"a", 1, most}},
      {"a field that has no name", {"a", 1, {{"", "x"}}}},
      {"a field that is no UTF-8", {"a", 1, {{"x", "\xff"}}}},
      {"a field that is too long", {"a", 1, {{"x", std::string(max_content_bytes + 1, 'a')}}}},
  };
  for (const auto& row : rows)
    EXPECT_EQ(check(row.content).error().code, Errc::invalid_parameters) << row.name;
}

TEST(Templates, SecretsStandInTheirPlaces) {
  EXPECT_EQ(with_secret("{{secret}} {{secret}} {{Secret}}", "a&b{{secret}}"),
            "a&b{{secret}} a&b{{secret}} {{Secret}}");
}

TEST(MailForm, NobodysNameAddsALineOrATag) {
  MailWords words;
  words.korean = false;
  words.subject = "Hi\r\nBcc: a@b.c";
  words.greeting = "<b>Kim</b>\n";
  words.body = "Body";
  words.action = "Open";
  words.link = "https://example.com/?a=1&b=2";
  const Rendered said = render_mail(words);
  EXPECT_EQ(said.subject, "Hi  Bcc: a@b.c");
  EXPECT_EQ(said.text, "<b>Kim</b> \n\nBody\n\nOpen:\nhttps://example.com/?a=1&b=2\n");
  EXPECT_EQ(said.html.find("<b>"), std::string::npos);
  EXPECT_NE(said.html.find("href=\"https://example.com/?a=1&amp;b=2\""), std::string::npos);
}

}  // namespace
}  // namespace jangbu::delivery
