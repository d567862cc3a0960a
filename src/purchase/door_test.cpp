// The door behind its routes, with what unit tests of its parts do not meet: a block that does not come, and
// a queue that is full.
#include "purchase/door.h"

#include <atomic>
#include <future>
#include <latch>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "http/server.h"
#include "http/test_client.h"
#include "purchase/test_engine.h"

namespace jangbu::purchase {
namespace {

using testing::HasSubstr;

/// Wall time, by which blocks are due, and the time in which patience is measured, each moved by hand.
class TwoClocks final : public Clock {
 public:
  [[nodiscard]] Instant wall_now() const override { return {wall_us}; }
  [[nodiscard]] std::int64_t monotonic_us() const override { return passed_us; }

  std::atomic<std::int64_t> wall_us{engine::testing::example_moment.us};
  std::atomic<std::int64_t> passed_us{0};
};

/// A request without a connection, and what it was answered.
class Asked final : public http::Request, public http::Responder::Channel {
 public:
  Asked(const http::Router& router, http::Method method, std::string path, std::string body = {})
      : method_(method),
        path_(path.substr(0, path.find('?'))),
        query_(path.size() > path_.size() ? path.substr(path_.size() + 1) : ""),
        body_(std::move(body)),
        match_(router.match(method, path_)) {}

  [[nodiscard]] http::Method method() const override { return method_; }
  [[nodiscard]] std::string_view path() const override { return path_; }
  [[nodiscard]] std::string_view query() const override { return query_; }
  [[nodiscard]] std::string_view body() const override { return body_; }
  [[nodiscard]] const std::string* header(std::string_view name) const override {
    return name == "Authorization" ? &key_ : nullptr;
  }
  [[nodiscard]] std::vector<http::Header> headers() const override { return {{"Authorization", key_}}; }
  [[nodiscard]] std::string peer() const override { return "127.0.0.1"; }
  [[nodiscard]] std::string_view path_parameter(std::string_view name) const override {
    for (const auto& [key, value] : match_.parameters)
      if (key == name) return value;
    return {};
  }
  [[nodiscard]] const http::Request& request() const override { return *this; }
  void deliver(http::Response&& response) noexcept override {
    answer_.set_value(std::move(response));
    is_answered = true;
  }

  [[nodiscard]] const http::Route& route() const { return *match_.route; }
  /// Waits for it; once.
  http::Response answer() { return answer_.get_future().get(); }

  std::atomic<bool> is_answered{false};

 private:
  http::Method method_;
  std::string path_;
  std::string query_;
  std::string body_;
  http::Router::Match match_;
  const std::string key_ = "key 1";
  std::promise<http::Response> answer_;
};

/// Holds the writer while it is decided, or only takes up room in the queue.
class Holding final : public engine::Command {
 public:
  explicit Holding(std::function<void()> decided) : decided_(std::move(decided)) {}
  engine::Decision decide(engine::Unit& /*unit*/) override {
    decided_();
    return engine::Refuse{Errc::not_found};
  }

 private:
  std::function<void()> decided_;
};

std::string body_of_purchase(const std::string& id) {
  return R"({"purchaseId":")" + id + R"(","timestamp":"1705292050","totalAmount":"100","cashAmount":"100",)" +
         R"("currency":"krw","shopId":")" + shop_of(0) + R"(","userAccount":")" + wallet_of(0) +
         R"(","userPhone":"","details":[{"productId":"1","amount":"100","providePercent":"10"}]})";
}

struct DoorRoutesTest : EngineTest {
  void open(engine::EngineOptions options) {
    options.reader_threads = 1;  // reads are done in the order in which they were asked for
    // A file: one in memory has no snapshots beside an open batch.
    ASSERT_TRUE(start("sqlite", clock, options));
    door.emplace(*engine, *state, house.board, phones, clock);
    door->add_routes(router);
  }
  std::shared_ptr<Asked> ask(http::Method method, std::string path, std::string body = {}) {
    auto asked = std::make_shared<Asked>(router, method, std::move(path), std::move(body));
    asked->route().handler(http::Responder(asked));
    return asked;
  }
  std::shared_ptr<Asked> ask_receipt() { return ask(http::Method::get, "/v1/tx/purchase/p/receipt"); }
  void record() {
    EXPECT_THAT(ask(http::Method::post, "/v1/tx/purchase/new", body_of_purchase("p"))->answer().body,
                HasSubstr(R"({"code":0,)"));
  }
  /// Every read that was asked for has looked.
  void finish_reads() {
    std::promise<void> done;
    engine->read([&](store::Session&) { done.set_value(); }, [&](const Error&) { done.set_value(); });
    done.get_future().get();
  }
  /// Wall time moves by a second, and the next batch seals what is there.
  void seal_block() {
    clock.wall_us += 1'000'000;
    move_on(Duration::microseconds(1));
    finish_reads();
  }
  /// So much patience is used up, and the lanes look.
  void wait(Duration time) {
    clock.passed_us += time.us;
    router.tick();
  }

  TwoClocks clock;
  PhoneBook phones;
  http::Router router;
  std::optional<Door> door;
};

void expect_not_yet(const http::Response& answer) {
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, R"({"code":3006,"error":{"message":"The transaction is not in a block yet"}})");
  ASSERT_EQ(answer.headers.size(), 1U);
  EXPECT_EQ(answer.headers[0].name, "Retry-After");
  EXPECT_EQ(answer.headers[0].value, "1");
}

TEST_F(DoorRoutesTest, AReceiptWaitsForItsBlock) {
  open({});
  record();
  const auto asked = ask_receipt();
  finish_reads();
  wait(Duration::milliseconds(2999));
  EXPECT_FALSE(asked->is_answered);
  seal_block();
  ASSERT_TRUE(asked->is_answered);
  EXPECT_THAT(asked->answer().body, HasSubstr(R"("proof")"));
}

TEST_F(DoorRoutesTest, AReceiptWhoseBlockDoesNotComeIsToldSo) {
  open({});
  record();
  const auto early = ask_receipt();
  wait(Duration::seconds(1));
  const auto late = ask_receipt();
  finish_reads();
  wait(Duration::milliseconds(1999));
  EXPECT_FALSE(early->is_answered);
  wait(Duration::milliseconds(1));
  ASSERT_TRUE(early->is_answered);
  expect_not_yet(early->answer());
  EXPECT_FALSE(late->is_answered) << "it has a second left";
  wait(Duration::seconds(1));
  ASSERT_TRUE(late->is_answered);
  expect_not_yet(late->answer());
  seal_block();  // answers nobody twice
}

TEST_F(DoorRoutesTest, ReceiptsThatGaveUpMakeRoom) {
  engine::EngineOptions options;
  options.max_waiting_reads = 4096;
  open(options);
  record();
  std::vector<std::shared_ptr<Asked>> waiting;
  for (int i = 0; i < 1000; ++i) waiting.push_back(ask_receipt());
  const auto one_too_many = ask_receipt();
  finish_reads();
  ASSERT_TRUE(one_too_many->is_answered);
  expect_not_yet(one_too_many->answer());
  EXPECT_FALSE(waiting.back()->is_answered);
  wait(Duration::seconds(3));
  for (const auto& asked : waiting) {
    ASSERT_TRUE(asked->is_answered);
    expect_not_yet(asked->answer());
  }
  const auto again = ask_receipt();
  finish_reads();
  EXPECT_FALSE(again->is_answered) << "there is room";
  seal_block();
  ASSERT_TRUE(again->is_answered);
  EXPECT_EQ(again->answer().headers.size(), 0U);
}

TEST_F(DoorRoutesTest, AFaultSaysWhereItIs) {
  open({});
  EXPECT_EQ(ask(http::Method::get, "/v1/tx/purchase?limit=0&foo=1")->answer().body,
            R"({"code":2001,"error":{"message":"Failed to check the validity of parameters","validation":[)"
            R"({"value":"0","msg":"Invalid value","param":"limit","location":"query"},)"
            R"({"value":"1","msg":"Unknown parameter","param":"foo","location":"query"}]}})");
  EXPECT_EQ(ask(http::Method::get, "/v1/blocks/first")->answer().body,
            R"({"code":2001,"error":{"message":"Failed to check the validity of parameters","validation":[)"
            R"({"value":"first","msg":"Invalid value","param":"height","location":"params"}]}})");
  for (const auto& [bytes, value] : {std::pair<std::size_t, bool>{1022, true}, {1023, false}}) {
    const std::string answer =
        ask(http::Method::get, "/v1/tx/purchase?foo=" + std::string(bytes, 'a'))->answer().body;
    EXPECT_EQ(answer.find("\"value\":") != std::string::npos, value) << bytes;
  }
  EXPECT_THAT(ask(http::Method::post, "/v1/tx/purchase/cancel", "{}")->answer().body,
              HasSubstr(R"({"msg":"Invalid value","param":"purchaseId","location":"body"})"));
}

TEST_F(DoorRoutesTest, AFullQueueIsSaidInTheDoorsWords) {
  engine::EngineOptions options;
  options.max_queue_commands = 1;
  open(options);
  http::ServerOptions server_options;
  server_options.port = 0;
  const auto server = http::Server::start(server_options, router).value();
  const auto post = [&](const char* path, const std::string& body) {
    return http::test::curl(server->port(), path, "POST", body, {"Authorization: key 1"});
  };
  const auto sequence = [&] { return http::test::curl(server->port(), "/v1/tx/sequence").body; };
  EXPECT_THAT(post("/v1/tx/purchase/new", body_of_purchase("p")).body, HasSubstr(R"({"code":0,)"));

  std::latch reached{1};
  std::latch opened{1};
  ASSERT_TRUE(engine
                  ->submit(std::make_unique<Holding>([&] {
                    reached.count_down();
                    opened.wait();
                  }))
                  .ok());
  reached.wait();
  ASSERT_TRUE(engine->submit(std::make_unique<Holding>([] {})).ok());
  const std::pair<const char*, std::string> requests[] = {
      {"/v1/tx/purchase/new", body_of_purchase("q")},
      {"/v1/tx/purchase/new", body_of_purchase("p")},  // a repeat, too, is the writer's to recognise
      {"/v1/tx/purchase/cancel", R"({"purchaseId":"p","timestamp":"1705292051"})"}};
  for (const auto& [path, body] : requests) {
    SCOPED_TRACE(body);
    const auto refused = post(path, body);
    EXPECT_EQ(refused.status, 503);
    EXPECT_EQ(refused.body, R"({"code":503,"error":{"message":")" +
                                std::string(error_message(Errc::overloaded)) + R"("}})");
    EXPECT_THAT(refused.headers, HasSubstr("Retry-After: 1\r\n"));
  }
  EXPECT_EQ(sequence(), R"({"code":0,"data":{"sequence":"1"}})") << "reads go on";
  opened.count_down();

  // The queue empties in a moment; until then clients are told to ask again, and nothing else.
  auto accepted = post("/v1/tx/purchase/new", body_of_purchase("q"));
  while (accepted.status == 503) accepted = post("/v1/tx/purchase/new", body_of_purchase("q"));
  EXPECT_THAT(accepted.body, HasSubstr(R"("sequence":"2")"));
  EXPECT_EQ(sequence(), R"({"code":0,"data":{"sequence":"2"}})");
  EXPECT_TRUE(server->drain_and_stop(10'000));
}

}  // namespace
}  // namespace jangbu::purchase
