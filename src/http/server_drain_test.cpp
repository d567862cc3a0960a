// Stopping without losing an answer.
#include <future>
#include <optional>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "http/server.h"
#include "http/test_client.h"
#include "http/test_server.h"

namespace jangbu::http {
namespace {

using test::Fixture;
using test::RawClient;
using test::text;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

constexpr const char* get_held = "GET /held HTTP/1.1\r\nHost: a\r\n\r\n";
constexpr const char* get_hello = "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n";

/// The accept queue is closed once new connections are refused.
bool refuses_connections(std::uint16_t port) {
  return test::eventually([port] { return !RawClient(port).connected(); });
}

TEST(ServerDrain, AnIdleServerStopsAtOnce) {
  for (const int lanes : {1, 2}) {
    ServerOptions options;
    options.lanes = lanes;
    const Fixture fixture(options);
    RawClient idle(fixture.port());
    idle.send(get_hello);
    EXPECT_THAT(idle.read_answer(), EndsWith("hello"));
    EXPECT_TRUE(fixture.server->drain_and_stop(10'000));
    EXPECT_TRUE(idle.closed_by_server());
    EXPECT_TRUE(fixture.server->drain_and_stop(10'000));
    EXPECT_FALSE(RawClient(fixture.port()).connected());
    EXPECT_EQ(fixture.server->counters().open_connections, 0U);
  }
}

TEST(ServerDrain, WhatIsInFlightIsAnswered) {
  Fixture fixture;
  RawClient busy(fixture.port());
  RawClient other(fixture.port());
  other.send(get_hello);
  EXPECT_THAT(other.read_answer(), EndsWith("hello"));
  busy.send(get_held);
  Responder responder = fixture.held.take();

  auto drained = std::async(std::launch::async, [&] { return fixture.server->drain_and_stop(30'000); });
  ASSERT_TRUE(refuses_connections(fixture.port()));
  other.send("GET /door/x HTTP/1.1\r\nHost: a\r\n\r\n");
  const std::string refused = other.read_answer();
  EXPECT_THAT(refused, StartsWith("HTTP/1.1 503 "));
  EXPECT_THAT(refused, HasSubstr("Connection: close\r\n"));
  EXPECT_THAT(refused, HasSubstr("Retry-After: 1\r\n"));
  EXPECT_THAT(refused, EndsWith("door 503"));
  EXPECT_TRUE(other.closed_by_server());

  responder.respond(text(std::string(4 << 20, 'x')));
  const std::string answer = busy.read_answer();
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 "));
  EXPECT_THAT(answer, HasSubstr("Connection: close\r\n"));
  EXPECT_GT(answer.size(), 4U << 20);
  EXPECT_TRUE(drained.get());
}

TEST(ServerDrain, PatienceEnds) {
  Fixture fixture;
  RawClient busy(fixture.port());
  busy.send(get_held);
  Responder responder = fixture.held.take();
  EXPECT_FALSE(fixture.server->drain_and_stop(50));
  EXPECT_TRUE(busy.closed_by_server());
  responder.respond(text("late"));  // harmless
  EXPECT_EQ(responder.request().path(), "/held");
}

TEST(ServerDrain, SlowReadersDoNotOutliveIt) {
  const Fixture fixture;
  RawClient slow(fixture.port());
  const int small = 4096;
  ::setsockopt(slow.descriptor(), SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
  slow.send("GET /large HTTP/1.1\r\nHost: a\r\n\r\n");
  ASSERT_TRUE(test::eventually([&] { return fixture.server->counters().responses_2xx == 1; }));
  EXPECT_FALSE(fixture.server->drain_and_stop(50));
  EXPECT_EQ(fixture.server->counters().open_connections, 0U);
}

TEST(ServerDrain, SlowSendersDoNotHoldItUp) {
  const Fixture fixture;
  RawClient slow(fixture.port());
  slow.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nabc");
  ASSERT_TRUE(test::eventually([&] { return fixture.server->counters().open_connections == 1; }));
  EXPECT_TRUE(fixture.server->drain_and_stop(30'000));
  EXPECT_TRUE(slow.closed_by_server());
}

TEST(ServerDrain, AnswersAfterTheServerIsGoneAreHarmless) {
  std::optional<Responder> answered;
  std::optional<Responder> dropped;
  {
    Fixture fixture;
    RawClient first(fixture.port());
    RawClient second(fixture.port());
    first.send(get_held);
    answered.emplace(fixture.held.take());
    second.send(get_held);
    dropped.emplace(fixture.held.take());
  }
  answered->respond(text("late"));
  EXPECT_EQ(answered->request().method(), Method::get);
  answered.reset();
  dropped.reset();
}

TEST(ServerDrain, AnswersFromManyThreadsWhileItStops) {
  for (int round = 0; round < 10; ++round) {
    Fixture fixture;
    std::vector<std::unique_ptr<RawClient>> clients;
    std::vector<Responder> responders;
    for (int i = 0; i < 16; ++i) {
      clients.push_back(std::make_unique<RawClient>(fixture.port()));
      clients.back()->send(get_held);
      responders.push_back(fixture.held.take());
    }
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&responders, t] {
        for (std::size_t i = static_cast<std::size_t>(t); i < responders.size(); i += 4) {
          if (i % 2 == 0) {
            responders[i].respond(text("x"));
          } else {
            const Responder gone = std::move(responders[i]);
          }
        }
      });
    }
    fixture.server->drain_and_stop(round % 2);
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(fixture.server->counters().in_flight, 0U);
  }
}

}  // namespace
}  // namespace jangbu::http
