#include "delivery/message.h"

#include <future>

#include <gtest/gtest.h>

#include "delivery/test_receiver.h"

namespace jangbu::delivery {
namespace {

using testing::Received;
using testing::Receiver;

Message a_text() {
  Message message;
  message.kind = Channel::kakao;
  message.to = "+821012345678";
  message.content = {"invoice.request", 1, {{"price", "10000"}, {"url", "{{secret}}"}}};
  message.secret = "invoice/link/1";
  return message;
}

/// A title is for push alone.
Note some_note() { return note_of(a_text(), {"Title", "Pay here: {{secret}}", ""}, "https://x.example/1"); }

TEST(Message, SaysWhatItsTemplateSays) {
  EXPECT_EQ(
      provider_body(some_note(), "msg_1"),
      R"({"id":"msg_1","kind":"kakao","to":"+821012345678","template":"invoice.request","version":1,)"
      R"("fields":{"price":"10000","url":"https://x.example/1"},"text":"Pay here: https://x.example/1"})");
  Message message = a_text();
  message.kind = Channel::push;
  message.to = "token";
  message.content = plain("x");
  const Note push = note_of(message, {"Title", "Text", ""}, "");
  EXPECT_EQ(provider_body(push, "msg_2"),
            R"({"id":"msg_2","kind":"push","to":"token","template":"plain","version":1,)"
            R"("fields":{"text":"x"},"title":"Title","text":"Text"})");
}

TEST(Message, Addresses) {
  const struct {
    Channel kind;
    std::string to;
    bool good;
  } rows[] = {
      {Channel::sms, "+821012345678", true},
      {Channel::kakao, "+821012345678", true},
      {Channel::sms, "+12345678", true},
      {Channel::sms, "+1234567", false},
      {Channel::sms, "+123456789012345", true},
      {Channel::sms, "+1234567890123456", false},
      {Channel::sms, "01012345678", false},
      {Channel::sms, "+0212345678", false},
      {Channel::sms, "+82 10-1234-5678", false},
      {Channel::sms, "", false},
      {Channel::push, "fcm:APA91b", true},
      {Channel::push, std::string(512, 'a'), true},
      {Channel::push, std::string(513, 'a'), false},
      {Channel::push, "", false},
      {Channel::push, "a b", false},
      {Channel::mail, "+821012345678", false},
  };
  for (const auto& row : rows) EXPECT_EQ(check_message_address(row.kind, row.to).ok(), row.good) << row.to;
  EXPECT_TRUE(check(a_text()).ok());
  Message bad = a_text();
  bad.retry.attempts = 0;
  EXPECT_FALSE(check(bad).ok());
  Note note = some_note();
  EXPECT_TRUE(check(note).ok());
  note.title = "a\nb";
  EXPECT_FALSE(check(note).ok());
}

TEST(Message, ReceiversAreMasked) {
  EXPECT_EQ(masked(Channel::sms, "+821012345678"), "+821****5678");
  EXPECT_EQ(masked(Channel::sms, "+12345678"), "+12****678");
  EXPECT_EQ(masked(Channel::push, "abc"), "a****c");
  EXPECT_EQ(masked(Channel::mail, "kim@example.com"), "kim@example.com");
  EXPECT_EQ(without_receiver("+821012345678, 821012345678 or 01012345678?", Channel::sms, "+821012345678"),
            "+821****5678, +821****5678 or +821****5678?");
  EXPECT_EQ(without_receiver("no token-1", Channel::push, "token-1"), "no to****-1");
}

TEST(Message, ProvidersThatAreRefused) {
  EXPECT_TRUE(check(MessageProvider{"https://sms.example.com/send", "key"}, Reach::public_https).ok());
  for (const auto& bad :
       {MessageProvider{"http://sms.example.com/", ""}, MessageProvider{"https://10.0.0.1/", ""},
        MessageProvider{"https://sms.example.com/", "a\nb"}})
    EXPECT_EQ(check(bad, Reach::public_https).error().code, Errc::invalid_configuration) << bad.url;
}

TEST(Message, GoesToItsProvider) {
  Receiver receiver([](const Received& received, const Receiver::Send& send, const auto&) {
    const bool is_sms = received.body.find("\"sms\"") != std::string::npos;
    send(Receiver::answer(is_sms ? 422 : 202, "no 01012345678"));
  });
  ClientOptions options;
  options.reach = Reach::loopback_too;
  const auto client = Client::start(options).value();
  const auto provider = provider_transport(*client, {receiver.url(), "k-1"});
  const auto send = [&](const Note& note) {
    std::promise<Answer> promise;
    provider->send(note, "msg_1", [&](Answer answer) { promise.set_value(std::move(answer)); });
    return promise.get_future().get();
  };
  Note note = some_note();
  EXPECT_EQ(send(note).status, 202);
  note.kind = Channel::sms;
  const Answer refused = send(note);
  EXPECT_EQ(refused.status, 422);
  EXPECT_EQ(refused.body, "no +821****5678");
  const auto received = receiver.received();
  ASSERT_EQ(received.size(), 2U);
  EXPECT_EQ(received[0].header("Authorization"), "Bearer k-1");
  EXPECT_EQ(received[0].header("webhook-id"), "msg_1");
  EXPECT_EQ(received[0].body, provider_body(some_note(), "msg_1"));
}

TEST(Message, WhereNobodyTakesThem) {
  no_messages()->send(some_note(), "msg_1", [](const Answer& answer) {
    EXPECT_EQ(answer.error, "no provider of messages is configured (--message-url)");
  });
  sandbox_messages()->send(some_note(), "msg_1", [](const Answer& answer) { EXPECT_EQ(answer.status, 200); });
}

}  // namespace
}  // namespace jangbu::delivery
