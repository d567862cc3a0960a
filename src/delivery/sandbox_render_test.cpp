#include "delivery/sandbox_render.h"

#include <gtest/gtest.h>

#include "base/json.h"

namespace jangbu::delivery {
namespace {

TEST(SandboxRender, PagesHoldMailHarmlessly) {
  TakenMail mail;
  mail.id = 3;
  mail.at = Instant{1'705'292'050'000'000};
  mail.letter.to = "a@b";
  mail.letter.subject = "<script>alert(1)</script>";
  mail.letter.text = "</pre><script>";
  mail.letter.html = "<p onclick=\"x\">\"><script>";
  const std::string page = render_taken_html(mail);
  EXPECT_EQ(page.find("<script>"), std::string::npos);
  EXPECT_EQ(render_list_html(std::span(&mail, 1), 0).find("<script>"), std::string::npos);
  EXPECT_TRUE(json::Document::parse(render_list(std::span(&mail, 1), 4)).ok());
}

TEST(SandboxRender, PagesHoldMessagesHarmlessly) {
  TakenMessage message;
  message.id = 3;
  message.at = Instant{1'705'292'050'000'000};
  message.note = {Channel::push, "<script>", {"a", 1, {{"x", "</script>"}}}, "<script>", "</pre><script>"};
  EXPECT_EQ(render_taken_html(message).find("<script>"), std::string::npos);
  const std::string list = render_list_html(std::span(&message, 1), 3);
  EXPECT_EQ(list.find("<script>"), std::string::npos);
  EXPECT_NE(list.find("/sandbox/messages?cursor=3"), std::string::npos);
  const std::string one = render_taken(message);
  const auto document = json::Document::parse(one);
  ASSERT_TRUE(document.ok());
  EXPECT_EQ(document->root().find("kind")->text, "push");
  EXPECT_EQ(document->root().find("fields")->find("x")->text, "</script>");
}

}  // namespace
}  // namespace jangbu::delivery
