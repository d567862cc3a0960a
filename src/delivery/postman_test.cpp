#include "delivery/postman.h"

#include <algorithm>
#include <future>
#include <set>

#include <gtest/gtest.h>

#include "crypto/digest.h"
#include "delivery/queries.h"
#include "delivery/signature.h"
#include "delivery/test_receiver.h"
#include "engine/testing/book.h"
#include "engine/verify.h"
#include "store/test_database.h"

namespace jangbu::delivery {
namespace {

using testing::Bell;
using testing::Received;
using testing::Receiver;
using testing::Stop;

constexpr engine::RecordKind said_kind = 240;

/// The smallest projection that has events: a record is a list of them.
class Sayings final : public engine::Projection {
 public:
  [[nodiscard]] std::string_view name() const override { return "sayings"; }
  [[nodiscard]] std::span<const store::Migration> migrations() const override { return {}; }
  [[nodiscard]] std::span<const engine::TableSpec> tables() const override { return {}; }
  [[nodiscard]] bool owns(engine::RecordKind kind) const override { return kind == said_kind; }
  void apply(engine::Unit& unit, const engine::Record& record) override {
    ByteReader in(record.payload);
    while (in.ok() && !in.at_end()) {
      engine::OutboxEvent event;
      event.destination = in.text();
      event.document = in.text();
      event.topic = in.text();
      event.payload = in.text();
      unit.emit(std::move(event));
    }
  }
  void flush(engine::Unit&) override {}
  /// Runs on the writer's thread after each commit of a batch.
  void committed() override {
    if (on_commit) on_commit();
  }
  std::function<void()> on_commit;

  void discard() override {}
};

class Say final : public engine::Command {
 public:
  Say(const std::vector<engine::OutboxEvent>& events, std::promise<void>& done) : done_(done) {
    ByteWriter out(payload_);
    for (const auto& event : events)
      for (const std::string* text : {&event.destination, &event.document, &event.topic, &event.payload})
        out.text(*text);
  }
  engine::Decision decide(engine::Unit&) override { return engine::Accept{said_kind, payload_}; }
  void succeeded() noexcept override { done_.set_value(); }
  void failed(const Error&) noexcept override {
    done_.set_exception(std::make_exception_ptr(std::runtime_error("not said")));
  }

 private:
  Bytes payload_;
  std::promise<void>& done_;
};

engine::Projections projections(State** state = nullptr, std::function<void()> on_commit = {}) {
  engine::Projections list;
  auto own = std::make_unique<State>();
  if (state != nullptr) *state = own.get();
  list.push_back(std::move(own));
  auto sayings = std::make_unique<Sayings>();
  sayings->on_commit = std::move(on_commit);
  list.push_back(std::move(sayings));
  return list;
}

/// A running engine with its postman over a database that outlives both.
struct House {
  explicit House(store::Database& the_database, BacklogLimits limits = {},
                 const std::string& provider_url = "")
      : database(the_database) {
    engine = engine::Engine::start(database, projections(&state, [this] { bell.ring(); }), clock, random, {})
                 .value();
    ClientOptions options;
    options.reach = Reach::loopback_too;
    options.timeout_ms = 1'000;
    client = Client::start(options).value();
    mail = sandbox_transport();
    messages = provider_url.empty() ? sandbox_messages() : provider_transport(*client, {provider_url, "key"});
    postman = std::make_unique<Postman>(PostmanParts{
        *engine, *state, *client, *mail, *messages, templates, clock, random, metrics,
        [](std::string_view name) -> std::optional<std::string> {
          if (name == "unknown") return std::nullopt;
          return "whsec_" + to_base64(name);
        },
        Hash{}, limits,
        [this](const engine::OutboxEvent& event) {
          return withdrawn && event.document == "secret" ? std::optional<std::string>("it is withdrawn")
                                                         : std::nullopt;
        }});
  }
  ~House() {
    postman->stop(2'000);
    postman.reset();
    client.reset();
    engine->drain(2'000);
  }

  void say(const std::vector<engine::OutboxEvent>& events) {
    std::promise<void> done;
    ASSERT_TRUE(engine->submit(std::make_unique<Say>(events, done)).ok());
    done.get_future().get();
  }
  std::int64_t count(engine::EventState state_wanted) {
    std::promise<std::int64_t> promise;
    engine->read(
        [&](store::Session& session) {
          static const store::Sql sql{"SELECT count(*) FROM engine_outbox WHERE state = $1"};
          promise.set_value(store::test::integer_of(
              session, sql, {store::Value::integer(static_cast<std::int64_t>(state_wanted))}));
        },
        [&](const Error&) { promise.set_value(-1); });
    return promise.get_future().get();
  }
  std::vector<Attempt> attempts(std::uint64_t event) {
    std::promise<std::vector<Attempt>> promise;
    engine->read(
        [&](store::Session& session) { promise.set_value(read_attempts(session, event, 100).value()); },
        [&](const Error&) { promise.set_value({}); });
    return promise.get_future().get();
  }
  /// Until it holds, looking again after each commit; 20 seconds at most.
  template <typename Condition>
  bool eventually(Condition condition) {
    return bell.until(condition);
  }
  bool all_delivered(std::int64_t events) {
    return eventually([&] { return count(engine::EventState::delivered) == events; });
  }
  Result<std::size_t> resend(std::vector<std::uint64_t> ids) {
    std::promise<Result<std::size_t>> promise;
    const Status queued = engine->submit(std::make_unique<Resend>(
        std::move(ids), [&](Result<std::size_t> count) { promise.set_value(std::move(count)); }));
    if (!queued) return queued.error();
    return promise.get_future().get();
  }
  void move_clock(Duration by) {
    std::promise<void> moved;
    ASSERT_TRUE(engine->move_clock(by, [&](const Result<Instant>&) { moved.set_value(); }).ok());
    moved.get_future().get();
  }

  Bell bell;
  std::atomic<bool> withdrawn{false};  // what is about the document "secret"
  store::Database& database;
  SystemClock clock;
  SystemRandom random;
  http::Metrics metrics;
  State* state = nullptr;
  std::unique_ptr<engine::Engine> engine;
  std::unique_ptr<Client> client;
  std::unique_ptr<MailTransport> mail;
  std::unique_ptr<MessageTransport> messages;
  Templates templates;
  std::unique_ptr<Postman> postman;
};

engine::OutboxEvent hook(const Receiver& receiver, const std::string& document, const std::string& body,
                         Retry retry = {}, const std::string& owner = "app") {
  Webhook webhook;
  webhook.url = receiver.url();
  webhook.secret = "secret";
  webhook.body = plain(body);
  webhook.retry = retry;
  return webhook_event(owner, document, "order.paid", webhook);
}

void ok(const Received&, const Receiver::Send& send, const Stop&) {
  send(Receiver::answer(200, "{\"success\":true}"));
}

void expect_verifies(store::Database& database) {
  auto fresh = projections();
  engine::ForkJoin fork_join{1};
  const auto verified =
      engine::verify(database, fresh, fork_join, [](std::string_view, std::uint64_t, std::uint64_t) {});
  EXPECT_TRUE(verified.ok()) << to_string(verified.error());
}

class PostmanTest : public ::testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    if (!holder_.open(GetParam())) GTEST_SKIP() << "no " << GetParam();
  }
  store::Database& database() { return holder_.database(); }

 private:
  store::test::TestDatabase holder_;
};
INSTANTIATE_TEST_SUITE_P(Databases, PostmanTest, ::testing::ValuesIn(store::test::database_kinds));

TEST_P(PostmanTest, SendsWhatWasCommittedAndRecordsIt) {
  Receiver receiver(ok);
  {
    House house(database());
    Mail mail;
    mail.to = "kim@example.com";
    mail.content = plain("Hello", "Hi", "");
    house.say({hook(receiver, "d", "{\"n\":1}"), mail_event("d", "invite", mail)});
    EXPECT_TRUE(house.all_delivered(2));
    const auto received = receiver.received();
    ASSERT_EQ(received.size(), 1U);
    const std::string id = received[0].header("webhook-id");
    EXPECT_TRUE(id.starts_with("msg_") && id.size() == 36) << id;
    const std::int64_t at = std::stoll(received[0].header("webhook-timestamp"));
    EXPECT_EQ(received[0].header("webhook-signature"),
              standard_signature("whsec_" + to_base64("secret"), id, at, received[0].body));
    const auto attempts = house.attempts(1);
    ASSERT_EQ(attempts.size(), 1U);
    EXPECT_EQ(attempts[0].status, 200);
    EXPECT_EQ(attempts[0].error, "");
    EXPECT_EQ(attempts[0].answer, "{\"success\":true}");
    std::promise<bool> tried;
    house.postman->when_tried(2, Duration::seconds(5), [&](bool sent) { tried.set_value(sent); });
    EXPECT_TRUE(tried.get_future().get());
  }
  expect_verifies(database());
}

TEST_P(PostmanTest, EveryAttemptIsPartOfItsEventsTrace) {
  std::atomic<int> left{2};
  Receiver receiver([&](const Received& received, const Receiver::Send& send, const auto&) {
    const bool fails = received.body == "\"asked for\"" && left-- > 0;
    send(Receiver::answer(fails ? 500 : 200, ""));
  });
  const auto trace_sent = [&](std::size_t i) {
    const auto received = receiver.received();
    return i < received.size() ? parse_traceparent(received[i].header("traceparent")) : std::nullopt;
  };
  const auto expect_its_own = [&](std::size_t i) {
    ASSERT_TRUE(trace_sent(i));
    EXPECT_EQ("msg_" + to_text(*trace_sent(i)), receiver.received()[i].header("webhook-id"));
    EXPECT_FALSE(trace_sent(i)->is_sampled);
  };
  const Trace of_request =
      parse_traceparent("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01").value();
  {
    House house(database());
    house.say({hook(receiver, "d", "\"asked for by nobody\"")});
    EXPECT_TRUE(house.all_delivered(1));  // from here on it is told of events, and reads none
    expect_its_own(0);
    {
      const TraceScope scope(of_request);
      house.say({hook(receiver, "d", "\"asked for\"", {3, 0, 0})});
    }
    EXPECT_TRUE(house.all_delivered(2));
    ASSERT_EQ(receiver.received().size(), 4U);
    std::set<std::string> headers;
    for (std::size_t i = 1; i < 4; ++i) {
      EXPECT_EQ(trace_sent(i), of_request);
      headers.insert(receiver.received()[i].header("traceparent"));
    }
    EXPECT_EQ(headers.size(), 3U) << "each has a span of its own";
  }
  House house(database());
  EXPECT_EQ(*house.resend({1, 2}), 2U);
  EXPECT_TRUE(house.eventually([&] { return receiver.received().size() == 6; }));
  for (std::size_t i = 4; i < 6; ++i) expect_its_own(i);
}

TEST_P(PostmanTest, FailuresBlockTheirDocumentAndGoOutWhenTheClockIsMoved) {
  std::atomic<bool> refuses{true};
  Receiver receiver([&](const Received& received, const Receiver::Send& send, const auto&) {
    const bool bad = refuses && received.body == "\"first\"";
    send(Receiver::answer(bad ? 500 : 200, "sorry"));
  });
  House house(database());
  const Retry in_days{10, 86'400, 86'400};
  house.say({hook(receiver, "d", "\"first\"", in_days), hook(receiver, "d", "\"second\""),
             hook(receiver, "e", "\"other\"")});
  EXPECT_TRUE(house.all_delivered(1));
  ASSERT_TRUE(house.eventually([&] { return house.attempts(1).size() == 1; }));
  EXPECT_EQ(house.attempts(1)[0].error, "status 500");
  EXPECT_GT(house.attempts(1)[0].next_at, house.engine->business_now());
  refuses = false;
  house.move_clock(Duration::days(1));
  EXPECT_TRUE(house.all_delivered(3));
  std::vector<std::string> bodies;
  for (const auto& received : receiver.received())
    if (received.body != "\"other\"") bodies.push_back(received.body);
  EXPECT_EQ(bodies, (std::vector<std::string>{"\"first\"", "\"first\"", "\"second\""}));
  const auto received = receiver.received();
  EXPECT_EQ(received.front().header("webhook-id").empty(), false);
}

TEST_P(PostmanTest, GivesUpAndSendsAgainUnderTheSameId) {
  std::atomic<int> left{3};
  Receiver receiver([&](const Received&, const Receiver::Send& send, const auto&) {
    send(Receiver::answer(left-- > 0 ? 404 : 200, ""));
  });
  {
    House house(database());
    house.say({hook(receiver, "d", "{}", {3, 0, 0})});
    EXPECT_TRUE(house.eventually([&] { return house.count(engine::EventState::given_up) == 1; }));
    EXPECT_EQ(receiver.received().size(), 3U);
    EXPECT_EQ(store::test::code_of(house.resend({7})), Errc::not_found);
    EXPECT_EQ(*house.resend({1}), 1U);
    EXPECT_TRUE(house.all_delivered(1));
    EXPECT_EQ(*house.resend({1}), 1U);  // also what was delivered
    EXPECT_TRUE(house.eventually([&] { return receiver.received().size() == 5; }));
    EXPECT_TRUE(house.all_delivered(1));
    for (const auto& received : receiver.received())
      EXPECT_EQ(received.header("webhook-id"), receiver.received()[0].header("webhook-id"));
    EXPECT_TRUE(house.eventually([&] { return house.attempts(1).size() == 5; }));
  }
  expect_verifies(database());
}

/// What the invoice door asks for: 200 with {"success":true}, both signatures, ten attempts.
TEST_P(PostmanTest, AWebhookIsDoneByItsOwnRule) {
  const std::vector<std::pair<int, std::string>> answers = {{200, "ok"},
                                                            {200, "{\"success\":false}"},
                                                            {200, ""},
                                                            {201, "{\"success\":true}"},
                                                            {200, "{\"success\":true}"}};
  std::atomic<std::size_t> asked{0};
  Receiver receiver([&](const Received&, const Receiver::Send& send, const auto&) {
    const auto& [status, body] = answers[std::min(asked++, answers.size() - 1)];
    send(Receiver::answer(status, body));
  });
  House house(database());
  Webhook webhook;
  webhook.url = receiver.url();
  webhook.secret = "secret";
  webhook.body = plain("{\"webhook_type\":\"PAYMENT_COMPLETED\"}");
  webhook.done = Done::success_true;
  webhook.signing = Signing::standard_and_bootpay;
  EXPECT_EQ(webhook.retry.attempts, 10U);
  webhook.retry = {10, 0, 0};
  house.say({webhook_event("app", "d", "PAYMENT_COMPLETED", webhook)});
  EXPECT_TRUE(house.all_delivered(1));
  EXPECT_EQ(house.attempts(1).size(), answers.size());
  for (const Received& received : receiver.received()) {
    const std::string secret = "whsec_" + to_base64("secret");
    const std::string timestamp = received.header("X-Bootpay-Timestamp");
    EXPECT_EQ(timestamp, received.header("webhook-timestamp"));
    EXPECT_EQ(received.header("webhook-signature"), standard_signature(secret, received.header("webhook-id"),
                                                                       std::stoll(timestamp), received.body));
    EXPECT_EQ(received.header("X-Bootpay-Signature"),
              "sha256=" + to_hex(crypto::hmac_sha256(secret, timestamp + "." + received.body).view()));
  }
}

TEST_P(PostmanTest, MessagesGoToTheirProvider) {
  Receiver provider([](const Received& received, const Receiver::Send& send, const auto&) {
    const bool is_push = received.body.find("\"push\"") != std::string::npos;
    send(Receiver::answer(is_push ? 400 : 202, "to 01012345678 or token-of-a-device"));
  });
  House house(database(), {}, provider.url());
  house.templates.add("shop.due", 1, [](const Fields& fields) {
    return Rendered{"", std::string(field(fields, "price")) + " won: {{secret}}", ""};
  });
  Message message;
  message.to = "+821012345678";
  message.content = {"shop.due", 1, {{"price", "100"}}};
  message.secret = "link";
  Message push = message;
  push.kind = Channel::push;
  push.to = "token-of-a-device";
  push.retry = {2, 0, 0};
  house.say({message_event("d", "due", message), message_event("d", "due", push)});
  EXPECT_TRUE(house.all_delivered(1));
  EXPECT_TRUE(house.eventually([&] { return house.count(engine::EventState::given_up) == 1; }));
  const auto received = provider.received();
  ASSERT_EQ(received.size(), 3U);
  const auto sms = std::find_if(received.begin(), received.end(), [](const Received& one) {
    return one.body.find("\"sms\"") != std::string::npos;
  });
  ASSERT_NE(sms, received.end());
  EXPECT_NE(sms->body.find("\"text\":\"100 won: whsec_" + to_base64("link") + "\""), std::string::npos)
      << sms->body;
  // What the provider said is kept, but not whom it was about.
  EXPECT_EQ(house.attempts(1)[0].answer, "to +821****5678 or token-of-a-device");
  EXPECT_EQ(house.attempts(2)[0].answer, "to 01012345678 or token****vice");
}

TEST_P(PostmanTest, OneThatHangsDelaysNobodyElse) {
  Receiver hanging([](const Received&, const Receiver::Send&, const Stop& stop) { stop.wait(); });
  Receiver healthy(ok);
  House house(database());
  std::vector<engine::OutboxEvent> events;
  for (int i = 0; i < 50; ++i) events.push_back(hook(hanging, std::to_string(i), "{}", {}, "hanging"));
  for (int i = 0; i < 50; ++i) events.push_back(hook(healthy, std::to_string(i), "{}", {}, "healthy"));
  house.say(events);
  EXPECT_TRUE(house.all_delivered(50));
  EXPECT_EQ(healthy.received().size(), 50U);
}

TEST_P(PostmanTest, ReadsTheTableWhenTooMuchWaits) {
  Receiver receiver(ok);
  House house(database(), {.max_events = 10, .max_payload_bytes = 300});
  std::vector<engine::OutboxEvent> events;
  for (int i = 0; i < 300; ++i) events.push_back(hook(receiver, std::to_string(i % 7), std::to_string(i)));
  house.say(events);
  EXPECT_TRUE(house.all_delivered(300));
  std::map<int, int> last;
  for (const auto& received : receiver.received()) {
    const int i = std::stoi(received.body);
    const auto [it, first] = last.try_emplace(i % 7, i);
    if (!first) {
      EXPECT_GT(i, it->second);
    }
    it->second = i;
  }
}

TEST_P(PostmanTest, WhatCannotBeSentIsSaid) {
  Receiver receiver(ok);
  House house(database());
  auto unsigned_one = hook(receiver, "b", "{}", {1, 0, 0});
  Webhook webhook = *decode(unsigned_one.payload)->webhook();
  webhook.secret = "unknown";
  engine::OutboxEvent broken = unsigned_one;
  broken.document = "c";
  broken.payload = "no payload";
  Webhook inside = webhook;
  inside.url = "http://10.0.0.1/";
  inside.secret = "secret";
  house.say({webhook_event("app", "a", "t", webhook), broken, webhook_event("app", "d", "t", inside)});
  EXPECT_TRUE(house.eventually([&] { return house.count(engine::EventState::given_up) == 3; }));
  EXPECT_EQ(house.attempts(1)[0].error, "the secret unknown is not known");
  EXPECT_NE(house.attempts(2)[0].error, "");
  EXPECT_EQ(house.attempts(3)[0].error, "the URL points to an address that is not public");
  EXPECT_EQ(receiver.accepted(), 0U);
}

TEST_P(PostmanTest, WhatIsWithdrawnIsNotTriedAgain) {
  std::atomic<int> status{500};
  Receiver receiver(
      [&](const Received&, const Receiver::Send& send, const auto&) { send(Receiver::answer(status, "")); });
  {
    House house(database());
    house.say({hook(receiver, "secret", "{}", {10, 3600, 3600})});
    EXPECT_TRUE(house.eventually([&] { return house.attempts(1).size() == 1; }));
    house.withdrawn = true;
    house.move_clock(Duration::seconds(3600));
    EXPECT_TRUE(house.eventually([&] { return house.count(engine::EventState::given_up) == 1; }));
    EXPECT_EQ(house.attempts(1)[0].error, "it is withdrawn");
    EXPECT_EQ(house.attempts(1)[1].error, "status 500");
    EXPECT_EQ(*house.resend({1}), 1U);
    EXPECT_TRUE(house.eventually([&] { return house.attempts(1).size() == 3; }));
    EXPECT_EQ(receiver.received().size(), 1U);
    status = 200;
    house.say({hook(receiver, "other", "{}")});
    EXPECT_TRUE(house.all_delivered(1)) << "nothing else is";
    house.withdrawn = false;
    EXPECT_EQ(*house.resend({1}), 1U);
    EXPECT_TRUE(house.all_delivered(2));
  }
  expect_verifies(database());
}

/// Everything is delivered at least once under its id, whatever is cut off in between.
TEST_P(PostmanTest, KilledAgainAndAgainWithFailingReceivers) {
  std::atomic<unsigned> request{0};
  Receiver receiver([&](const Received&, const Receiver::Send& send, const auto&) {
    send(Receiver::answer(request++ % 10 < 3 ? 503 : 200, ""));
  });
  constexpr int events_each = 40;
  constexpr int lives = 5;
  int said = 0;
  for (int life = 0; life < lives; ++life) {
    House house(database());
    std::vector<engine::OutboxEvent> events;
    for (int i = 0; i < events_each; ++i, ++said)
      events.push_back(hook(receiver, std::to_string(said % 11), std::to_string(said), {100, 0, 0}));
    house.say(events);
    // It goes while much is under way: without patience, and without a word to the books.
    house.postman->stop(0);
  }
  {
    House house(database());
    EXPECT_TRUE(house.all_delivered(said));
  }
  std::map<std::string, std::set<std::string>> ids;
  for (const auto& received : receiver.received()) ids[received.body].insert(received.header("webhook-id"));
  EXPECT_EQ(ids.size(), static_cast<std::size_t>(said));
  for (const auto& [body, of_it] : ids) EXPECT_EQ(of_it.size(), 1U) << body;
  expect_verifies(database());
}

}  // namespace
}  // namespace jangbu::delivery
