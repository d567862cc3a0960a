// Sign-in over an engine whose writer is held.
#include "console/account_routes.h"

#include <chrono>
#include <future>
#include <latch>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "console/decide.h"
#include "console/queries.h"
#include "engine/testing/book.h"
#include "store/test_database.h"

namespace jangbu::console {
namespace {

using store::test::must;

class SignInRequest final : public http::Request {
 public:
  explicit SignInRequest(const std::string& email)
      : body_(R"({"email":")" + email + R"(","password":"wrong"})") {}
  [[nodiscard]] http::Method method() const override { return http::Method::post; }
  [[nodiscard]] std::string_view path() const override { return "/api/session"; }
  [[nodiscard]] std::string_view query() const override { return {}; }
  [[nodiscard]] std::string_view body() const override { return body_; }
  [[nodiscard]] const std::string* header(std::string_view) const override { return nullptr; }
  [[nodiscard]] std::vector<http::Header> headers() const override { return {}; }
  [[nodiscard]] std::string peer() const override { return "192.0.2.7"; }
  [[nodiscard]] std::string_view path_parameter(std::string_view) const override { return {}; }

 private:
  std::string body_;
};

class PromisedChannel final : public http::Responder::Channel {
 public:
  explicit PromisedChannel(const std::string& email) : request_(email) {}
  [[nodiscard]] const http::Request& request() const override { return request_; }
  void deliver(http::Response&& response) noexcept override { status_.set_value(response.status); }
  std::future<int> status() { return status_.get_future(); }

 private:
  SignInRequest request_;
  std::promise<int> status_;
};

/// Holds the writer's thread until it is let go.
class Held final : public engine::Command {
 public:
  Held(std::latch& reached, std::latch& opened) : reached_(reached), opened_(opened) {}
  engine::Decision decide(engine::Unit&) override {
    reached_.count_down();
    opened_.wait();
    return engine::Refuse{Errc::not_found};
  }

 private:
  std::latch& reached_;
  std::latch& opened_;
};

class AccountRoutesTest : public ::testing::Test {
 protected:
  AccountRoutesTest() {
    must(place_.open("sqlite") ? Status() : Status(Errc::internal));
    engine::Projections projections;
    projections.push_back(std::make_unique<State>());
    state_ = dynamic_cast<State*>(projections.front().get());
    engine::EngineOptions options;
    options.max_queue_commands = 1;
    engine_ =
        must(engine::Engine::start(place_.database(), std::move(projections), clock_, random_, options));
    access_ = std::make_unique<Access>(*engine_, *state_, sessions_, "local");
    routes_ = std::make_unique<AccountRoutes>(*engine_, *state_, *access_, sessions_, passwords_, clock_,
                                              random_, metrics_);
    routes_->add_routes(router_);
  }
  ~AccountRoutesTest() override {
    passwords_.stop();
    engine_.reset();
  }

  OperatorId add(const std::string& email) {
    std::promise<OperatorId> made;
    const auto change = [&](OperatorSet& account) {
      account.email = email;
      account.password_hash = "of another password";
      return Status();
    };
    must(engine_->submit(std::make_unique<SetOperator>(
        *state_, 0, change, [&](Result<OperatorSet> set) { made.set_value(set ? set->id : 0); })));
    return made.get_future().get();
  }
  /// The status of the answer; 0: none comes.
  int sign_in(const std::string& email) {
    auto channel = std::make_shared<PromisedChannel>(email);
    std::future<int> status = channel->status();
    router_.match(http::Method::post, "/api/session").route->handler(http::Responder(channel));
    return status.wait_for(std::chrono::seconds(10)) == std::future_status::ready ? status.get() : 0;
  }
  /// What is recorded of an account: the statuses of its sign-ins.
  std::vector<std::uint64_t> recorded(OperatorId actor) {
    auto session = must(place_.database().open_reader());
    must(session->begin_snapshot());
    AuditList list;
    list.actor = actor;
    list.text = "/api/session";
    std::vector<std::uint64_t> statuses;
    for (const AuditLine& line : must(audit_of(*session, list)).lines) statuses.push_back(line.status);
    session->end_snapshot();
    return statuses;
  }

  engine::testing::ManualClock clock_{engine::testing::example_moment};
  engine::testing::CountingRandom random_;
  store::test::TestDatabase place_;
  crypto::Passwords passwords_{random_};
  Sessions sessions_{Hash(), clock_, random_, [] { return false; }};
  State* state_ = nullptr;
  std::unique_ptr<engine::Engine> engine_;
  std::unique_ptr<Access> access_;
  std::unique_ptr<AccountRoutes> routes_;
  http::Metrics metrics_;
  http::Router router_;
};

TEST_F(AccountRoutesTest, ARefusalWaitsForNoRecordAndIsRecordedAllTheSame) {
  const OperatorId one = add("one@example.com");
  const OperatorId other = add("other@example.com");
  std::latch reached{1};
  std::latch opened{1};
  must(engine_->submit(std::make_unique<Held>(reached, opened)));
  reached.wait();
  EXPECT_EQ(sign_in("one@example.com"), 401) << "although nothing can be recorded now";
  EXPECT_EQ(sign_in("other@example.com"), 401) << "nor wait to be: the queue is full";
  EXPECT_EQ(sign_in("nobody@example.com"), 401);
  opened.count_down();
  // A command that comes after them: by then the queue is empty again.
  std::promise<void> passed;
  while (!engine_->submit(
      std::make_unique<NoteSignIn>(SignIn{one, 200, ""}, [&](const Status&) { passed.set_value(); })))
    std::this_thread::yield();
  passed.get_future().wait();
  EXPECT_EQ(sign_in("one@example.com"), 401);
  EXPECT_EQ(sign_in("other@example.com"), 401);
  passwords_.stop();  // whoever was answered is recorded a moment later
  EXPECT_TRUE(engine_->drain(10'000));
  EXPECT_THAT(recorded(one), testing::ElementsAre(200, 401)) << "once in a quarter of an hour";
  EXPECT_THAT(recorded(other), testing::ElementsAre(401)) << "what could not be recorded is made up for";
}

}  // namespace
}  // namespace jangbu::console
