#include "delivery/mail.h"

#include <gtest/gtest.h>

#include "delivery/signature.h"

namespace jangbu::delivery {
namespace {

constexpr Instant moment{1'705'292'050'000'000};  // 2024-01-15T04:14:10Z, a Monday

Letter some_letter() {
  Letter mail;
  mail.to = "kim@example.com";
  mail.subject = "Hello";
  mail.text = "Hi";
  return mail;
}

TEST(Mail, TextAlone) {
  EXPECT_EQ(compose(some_letter(), {"", "shop@example.org"}, "msg_1", moment),
            "From: shop@example.org\r\n"
            "To: kim@example.com\r\n"
            "Subject: Hello\r\n"
            "Date: Mon, 15 Jan 2024 04:14:10 +0000\r\n"
            "Message-ID:\r\n <msg_1@example.org>\r\n"
            "Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n"
            "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
            "SGk=\r\n");
}

TEST(Mail, HeaderText) {
  const struct {
    std::string subject;
    std::string line;
  } rows[] = {
      {"Plain", "Plain"},
      {"", ""},
      {std::string(60, 'a'), std::string(60, 'a')},
      {std::string(61, 'a'), "=?UTF-8?B?" + to_base64(std::string(42, 'a')) + "?=\r\n =?UTF-8?B?" +
                                 to_base64(std::string(19, 'a')) + "?="},
      {"안녕", "=?UTF-8?B?7JWI64WV?="},
      {"=?x", "=?UTF-8?B?PT94?="},
      {" a", "=?UTF-8?B?IGE=?="},
      // 13 characters of 3 bytes and one of 4: no word ends inside a character.
      {std::string("aa") + "가가가가가가가가가가가가가" + "😀",
       "=?UTF-8?B?" + to_base64("aa가가가가가가가가가가가가가") + "?=\r\n =?UTF-8?B?" + to_base64("😀") +
           "?="},
  };
  for (const auto& row : rows) {
    Letter mail = some_letter();
    mail.subject = row.subject;
    const std::string message = compose(mail, {"", "a@b"}, "msg_1", moment);
    EXPECT_NE(message.find("\r\nSubject: " + row.line + "\r\nDate: "), std::string::npos) << message;
  }
}

TEST(Mail, NamesAreQuotedOrEncoded) {
  const struct {
    const char* name;
    const char* line;
  } rows[] = {
      {"Kim, Chulsoo", "To: \"Kim, Chulsoo\"\r\n <kim@example.com>\r\n"},
      {"김철수", "To: =?UTF-8?B?6rmA7LKg7IiY?=\r\n <kim@example.com>\r\n"},
      {"a\"b", "To: =?UTF-8?B?YSJi?=\r\n <kim@example.com>\r\n"},
      {"a\\b", "To: =?UTF-8?B?YVxi?=\r\n <kim@example.com>\r\n"},
  };
  for (const auto& row : rows) {
    Letter mail = some_letter();
    mail.name = row.name;
    EXPECT_NE(compose(mail, {"", "a@b"}, "msg_1", moment).find(row.line), std::string::npos) << row.name;
  }
}

TEST(Mail, LinesAreShort) {
  Letter mail = some_letter();
  mail.name = mail.subject = std::string(500, 'x');
  mail.text = std::string(10'000, 'y');
  mail.html = "<p>" + mail.text;
  std::string message = compose(mail, {"가나다", "shop@example.org"}, "msg_" + std::string(32, 'f'), moment);
  std::size_t begin = 0;
  while (begin < message.size()) {
    const std::size_t end = message.find("\r\n", begin);
    ASSERT_NE(end, std::string::npos);
    EXPECT_LE(end - begin, 78U);
    begin = end + 2;
  }
  EXPECT_EQ(message.find('\n'), message.find("\r\n") + 1);
}

TEST(Mail, WhatDidNotPassTheCheckIsABug) {
  Letter mail = some_letter();
  mail.subject = "a\r\nBcc: b@c.d";
  EXPECT_THROW(compose(mail, {"", "a@b"}, "msg_1", moment), InvariantViolation);
}

TEST(Mail, SecretsStandInTheirPlaces) {
  Mail mail;
  mail.to = "kim@example.com";
  mail.secret = "invite/1";
  const Rendered words{"{{secret}}", "{{secret}} {{secret}} {{Secret}}", "<a href=\"{{secret}}\">"};
  const Letter filled = letter_of(mail, words, "a&b\"{{secret}}");
  EXPECT_EQ(filled.to, "kim@example.com");
  EXPECT_EQ(filled.subject, "{{secret}}");
  EXPECT_EQ(filled.text, "a&b\"{{secret}} a&b\"{{secret}} {{Secret}}");
  EXPECT_EQ(filled.html, "<a href=\"a&amp;b&quot;{{secret}}\">");
  mail.secret.clear();
  EXPECT_EQ(letter_of(mail, words, "").text, words.text);
}

TEST(Mail, LettersThatCannotBeSent) {
  EXPECT_TRUE(check(some_letter()).ok());
  const struct {
    const char* name;
    void (*spoil)(Letter&);
  } rows[] = {
      {"address", [](Letter& m) { m.to = "nobody"; }},
      {"line break in the name", [](Letter& m) { m.name = "Kim\r\nBcc: a@b.c"; }},
      {"line feed in the subject", [](Letter& m) { m.subject = "a\nb"; }},
      {"carriage return in the subject", [](Letter& m) { m.subject = "a\rb"; }},
      {"NUL in the subject", [](Letter& m) { m.subject = std::string("a\0b", 3); }},
      {"DEL in the subject", [](Letter& m) { m.subject = "a\x7f"; }},
      {"subject that is no UTF-8", [](Letter& m) { m.subject = "\xff"; }},
      {"subject too long", [](Letter& m) { m.subject = std::string(501, 'a'); }},
      {"text that is no UTF-8", [](Letter& m) { m.text = "\xc0\x80"; }},
      {"text too long", [](Letter& m) { m.text = std::string(max_content_bytes + 1, 'a'); }},
      {"HTML too long", [](Letter& m) { m.html = std::string(max_content_bytes + 1, 'a'); }},
  };
  for (const auto& row : rows) {
    Letter letter = some_letter();
    row.spoil(letter);
    EXPECT_FALSE(check(letter).ok()) << row.name;
  }
  Letter longest = some_letter();
  longest.subject = std::string(500, 'a');
  longest.text = std::string(max_content_bytes, 'a');
  EXPECT_TRUE(check(longest).ok());
}

TEST(Mail, Senders) {
  const struct {
    const char* text;
    const char* name;
    const char* address;  // empty: refused
  } rows[] = {
      {"a@b.c", "", "a@b.c"},
      {"Shop <a@b.c>", "Shop", "a@b.c"},
      {"\"Shop, Inc\" <a@b.c>", "Shop, Inc", "a@b.c"},
      {"<a@b.c>", "", "a@b.c"},
      {"", "", ""},
      {"Shop", "", ""},
      {"Shop <a@b.c", "", ""},
      {"Shop\r\n <a@b.c>", "", ""},
  };
  for (const auto& row : rows) {
    const auto sender = parse_sender(row.text);
    ASSERT_EQ(sender.ok(), *row.address != '\0') << row.text;
    if (!sender) continue;
    EXPECT_EQ(sender->name, row.name);
    EXPECT_EQ(sender->address, row.address);
    EXPECT_EQ(sender->domain(), "b.c");
  }
}

TEST(Mail, Servers) {
  const auto parsed = parse_smtp("smtp://us%40er:pa%3Ass@mail.example.com:587", "other", "other", "a@b");
  ASSERT_TRUE(parsed.ok());
  EXPECT_EQ(parsed->server, "smtp://mail.example.com:587");
  EXPECT_EQ(parsed->user, "us@er");
  EXPECT_EQ(parsed->password, "pa:ss");
  EXPECT_EQ(parsed->tls, Tls::required);
  const struct {
    const char* url;
    const char* password;
    Tls tls;
  } rows[] = {
      {"smtps://mail.example.com", "", Tls::when_offered},
      {"smtp://mail.example.com", "p", Tls::required},
      {"smtp://mail.example.com?tls=offered", "p", Tls::when_offered},
      {"smtp://mail.example.com?tls=required", "", Tls::required},
      {"smtp://127.0.0.1:2525", "p", Tls::when_offered},
      {"smtp://localhost:2525/", "p", Tls::when_offered},
      {"smtp://[::1]:2525", "p", Tls::when_offered},
  };
  for (const auto& row : rows) {
    const auto options = parse_smtp(row.url, "u", row.password, "a@b");
    ASSERT_TRUE(options.ok()) << row.url;
    EXPECT_EQ(options->tls, row.tls) << row.url;
    EXPECT_EQ(options->user, "u");
  }
  for (const char* bad : {"", "mail.example.com", "http://mail.example.com", "smtp://", "smtp://a b",
                          "smtp://a/b", "smtp://a?tls=maybe", "smtp://a\r\nb"})
    EXPECT_FALSE(parse_smtp(bad, "", "", "a@b").ok()) << bad;
  EXPECT_FALSE(parse_smtp("smtp://mail.example.com", "", "", "nobody").ok());
}

}  // namespace
}  // namespace jangbu::delivery
