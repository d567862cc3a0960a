#include "delivery/events.h"

#include <gtest/gtest.h>

namespace jangbu::delivery {
namespace {

Webhook some_webhook() {
  Webhook webhook;
  webhook.url = "https://example.com/hook";
  webhook.secret = "hub:webhook:1";
  webhook.body = {"hub.order", 1, {{"type", "order.paid"}, {"amount", "10"}}};
  webhook.done = Done::success_true;
  webhook.signing = Signing::standard_and_bootpay;
  webhook.retry = {3, 7, 70};
  webhook.labels = {"m", "HUBPAY-1", "u"};
  return webhook;
}

Mail some_mail() {
  Mail mail;
  mail.to = "kim@example.com";
  mail.name = "김철수";
  mail.content = {"hub.invitation", 3, {{"name", "김철수"}, {"company", ""}}};
  mail.secret = "invite:7";
  mail.labels.order_code = "HUBPAY-1";
  return mail;
}

Message some_message() {
  Message message;
  message.kind = Channel::kakao;
  message.to = "+821012345678";
  message.content = {"invoice.request", 1, {{"price", "10000"}}};
  message.secret = "invoice:7";
  return message;
}

TEST(Events, ReadBack) {
  const auto hook = webhook_event("app", "HUBPAY-1", "order.paid", some_webhook());
  EXPECT_EQ(hook.destination, "webhook:app");
  EXPECT_EQ(hook.document, "HUBPAY-1");
  EXPECT_EQ(hook.topic, "order.paid");
  const auto hook_back = decode(hook.payload);
  ASSERT_TRUE(hook_back.ok());
  EXPECT_EQ(hook_back->channel, Channel::webhook);
  ASSERT_NE(hook_back->webhook(), nullptr);
  EXPECT_EQ(*hook_back->webhook(), some_webhook());
  EXPECT_EQ(hook_back->target(), "https://example.com/hook");
  EXPECT_EQ(hook_back->retry(), (Retry{3, 7, 70}));
  EXPECT_EQ(hook_back->labels().u_id, "u");

  const auto reward = reward_event("A100000001", "18000632640135", "reward", some_webhook());
  EXPECT_EQ(reward.destination, "reward:A100000001");
  EXPECT_EQ(decode(reward.payload)->channel, Channel::reward);

  const auto mail = mail_event("C-1", "invite", some_mail());
  EXPECT_EQ(mail.destination, "mail");
  const auto mail_back = decode(mail.payload);
  ASSERT_TRUE(mail_back.ok());
  ASSERT_NE(mail_back->mail(), nullptr);
  EXPECT_EQ(*mail_back->mail(), some_mail());
  EXPECT_EQ(mail_back->target(), "kim@example.com");
  EXPECT_EQ(mail_back->labels().order_code, "HUBPAY-1");

  const auto message = message_event("I-1", "invoice.sent", some_message());
  EXPECT_EQ(message.destination, "kakao");
  const auto message_back = decode(message.payload);
  ASSERT_TRUE(message_back.ok());
  EXPECT_EQ(message_back->channel, Channel::kakao);
  ASSERT_NE(message_back->message(), nullptr);
  EXPECT_EQ(*message_back->message(), some_message());
  EXPECT_EQ(message_back->retry(), while_it_is_news);
}

/// The bytes of format 2 never change: `verify` compares them with what stands in old books.
TEST(Events, BytesOfTheFormat) {
  EXPECT_EQ(to_hex(webhook_event("app", "d", "t", some_webhook()).payload),
            "0201"
            "18" +
                to_hex("https://example.com/hook") + "0d" + to_hex("hub:webhook:1") + "09" +
                to_hex("hub.order") +
                "0102"
                "06" +
                to_hex("amount") + "02" + to_hex("10") + "04" + to_hex("type") + "0a" + to_hex("order.paid") +
                "0202"
                "030746"
                "016d"
                "08" +
                to_hex("HUBPAY-1") + "0175");
}

/// What programs wrote before there were templates, byte for byte.
TEST(Events, OldPayloadsRead) {
  const auto webhook = decode(*from_hex("010118" + to_hex("https://example.com/hook") + "0d" +
                                        to_hex("hub:webhook:1") + "02" + to_hex("{}") +
                                        "0101"
                                        "0a05fd6054"
                                        "00"
                                        "08" +
                                        to_hex("HUBPAY-1") + "00"));
  ASSERT_TRUE(webhook.ok());
  ASSERT_NE(webhook->webhook(), nullptr);
  EXPECT_EQ(webhook->webhook()->body, plain("{}"));
  EXPECT_EQ(webhook->webhook()->done, Done::any_2xx);
  EXPECT_EQ(webhook->retry(), ten_attempts);
  EXPECT_EQ(webhook->labels().order_code, "HUBPAY-1");
  const auto mail =
      decode(*from_hex("0103"
                       "03" +
                       to_hex("a@b") +
                       "00"
                       "02" +
                       to_hex("Hi") + "04" + to_hex("Text") +
                       "00"
                       "08" +
                       to_hex("invite:7") +
                       "0a05fd6054"
                       "000000"));
  ASSERT_TRUE(mail.ok());
  ASSERT_NE(mail->mail(), nullptr);
  EXPECT_EQ(mail->mail()->content, plain("Hi", "Text", ""));
  EXPECT_EQ(mail->secret(), "invite:7");
  // There were no messages.
  Bytes message = message_event("d", "t", some_message()).payload;
  message[0] = 1;
  EXPECT_FALSE(decode(message).ok());
}

TEST(Events, FieldsHaveOneOrder) {
  Bytes swapped = webhook_event("app", "d", "t", some_webhook()).payload;
  const std::string first =
      "\x06"
      "amount"
      "\x02"
      "10";
  const std::string second =
      "\x04"
      "type"
      "\x0a"
      "order.paid";
  const std::size_t at = swapped.find(first + second);
  ASSERT_NE(at, std::string::npos);
  swapped.replace(at, first.size() + second.size(), second + first);
  EXPECT_FALSE(decode(swapped).ok());
}

TEST(Events, OtherBytesAreRefused) {
  for (const Bytes& whole :
       {webhook_event("a", "d", "t", some_webhook()).payload, mail_event("d", "t", some_mail()).payload,
        message_event("d", "t", some_message()).payload}) {
    for (std::size_t size = 0; size < whole.size(); ++size)
      EXPECT_FALSE(decode(ByteView(whole).substr(0, size)).ok()) << size;
    EXPECT_FALSE(decode(whole + '\0').ok());
    for (const std::size_t changed : {std::size_t{0}, std::size_t{1}}) {
      Bytes other = whole;
      other[changed] = '\x09';
      EXPECT_FALSE(decode(other).ok()) << changed;
    }
  }
  Webhook without_attempts = some_webhook();
  without_attempts.retry.attempts = 0;
  EXPECT_FALSE(decode(webhook_event("a", "d", "t", without_attempts).payload).ok());
}

TEST(Events, MailAddresses) {
  for (const char* good : {"a@b", "kim@example.com", "a.b+c@x-y.example", "\x27o@example.com"})
    EXPECT_TRUE(check_mail_address(good).ok()) << good;
  for (const char* bad : {"",
                          "@",
                          "a@",
                          "@b",
                          "kim",
                          "a b@c.d",
                          "a@b@c",
                          "a@b\r\nBcc: x@y.z",
                          "<a@b>",
                          "a@b>",
                          "\"a\"@b",
                          "a@b,c@d",
                          "a@b;c",
                          "김@example.com",
                          "a@.b",
                          "a@b.",
                          "-a@b",
                          "a@-b",
                          "a@[127.0.0.1]",
                          "a\x7f@b"})
    EXPECT_FALSE(check_mail_address(bad).ok()) << bad;
  EXPECT_TRUE(check_mail_address(std::string(64, 'a') + "@b").ok());
  EXPECT_FALSE(check_mail_address(std::string(65, 'a') + "@b").ok());
  EXPECT_TRUE(check_mail_address("a@" + std::string(252, 'b')).ok());
  EXPECT_FALSE(check_mail_address("a@" + std::string(253, 'b')).ok());
}

TEST(Events, MailsThatCannotBeSent) {
  EXPECT_TRUE(check(some_mail()).ok());
  const struct {
    const char* name;
    void (*spoil)(Mail&);
  } rows[] = {
      {"address", [](Mail& m) { m.to = "nobody"; }},
      {"line break in the name", [](Mail& m) { m.name = "Kim\r\nBcc: a@b.c"; }},
      {"no template", [](Mail& m) { m.content.name.clear(); }},
      {"a field that is no UTF-8", [](Mail& m) { m.content.fields["name"] = "\xff"; }},
      {"no attempts", [](Mail& m) { m.retry.attempts = 0; }},
      {"too many attempts", [](Mail& m) { m.retry.attempts = 101; }},
  };
  for (const auto& row : rows) {
    Mail mail = some_mail();
    row.spoil(mail);
    EXPECT_FALSE(check(mail).ok()) << row.name;
  }
  Mail most = some_mail();
  most.name = std::string(500, 'a');
  most.retry.attempts = 100;
  EXPECT_TRUE(check(most).ok());
}

TEST(Events, WebhooksThatCannotBeSent) {
  EXPECT_TRUE(check(some_webhook(), Reach::public_https).ok());
  const struct {
    const char* name;
    void (*spoil)(Webhook&);
  } rows[] = {
      {"private address", [](Webhook& w) { w.url = "https://10.0.0.1/"; }},
      {"plain http", [](Webhook& w) { w.url = "http://example.com/"; }},
      {"signed without a secret", [](Webhook& w) { w.secret.clear(); }},
      {"a secret but not signed", [](Webhook& w) { w.signing = Signing::none; }},
      {"body too long", [](Webhook& w) { w.body = plain(std::string(max_content_bytes + 1, 'a')); }},
      {"no attempts", [](Webhook& w) { w.retry.attempts = 0; }},
  };
  for (const auto& row : rows) {
    Webhook webhook = some_webhook();
    row.spoil(webhook);
    EXPECT_FALSE(check(webhook, Reach::public_https).ok()) << row.name;
  }
  Webhook local = some_webhook();
  local.url = "http://127.0.0.1:1/";
  EXPECT_TRUE(check(local, Reach::loopback_too).ok());
}

TEST(Events, WaitsGrowUpToTheLongest) {
  const Retry rule;
  const std::int64_t bounds_s[] = {5, 15, 45, 135, 405, 1215, 3645, 10935, 21600, 21600};
  for (std::uint32_t failures = 1; failures <= 10; ++failures) {
    const std::int64_t bound = bounds_s[failures - 1];
    EXPECT_EQ(retry_delay(rule, failures, 0), Duration::seconds(1)) << failures;
    EXPECT_EQ(retry_delay(rule, failures, static_cast<std::uint64_t>((bound - 1) * 1'000'000)),
              Duration::seconds(bound))
        << failures;
    for (std::uint64_t draw = 1; draw != 0; draw <<= 1)
      EXPECT_LE(retry_delay(rule, failures, draw), Duration::seconds(bound));
  }
  EXPECT_EQ(retry_delay(rule, 1'000'000, 0), Duration::seconds(1));
  EXPECT_EQ(retry_delay({3, 0, 0}, 1, 12345), Duration{});
  EXPECT_EQ(retry_delay({3, 1, 1}, 2, 12345), Duration::seconds(1));
}

}  // namespace
}  // namespace jangbu::delivery
