#include "http/server.h"

#include <atomic>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "http/test_client.h"
#include "http/test_server.h"

namespace jangbu::http {
namespace {

using test::curl;
using test::CurlAnswer;
using test::eventually;
using test::Fixture;
using test::RawClient;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

TEST(Server, Answers) {
  struct Row {
    const char* name;
    const char* method;
    const char* path;
    const char* body;
    int status;
    const char* answer;
  };
  const Row rows[] = {
      {"at once", "GET", "/hello", "", 200, "hello"},
      {"from another thread", "POST", "/echo", "{\"a\":1}", 200, "{\"a\":1}"},
      {"empty body", "POST", "/echo", "", 200, ""},
      {"request parts", "GET", "/things/a%2Fb?x=1&y=%20", "", 200,
       "GET|/things/a%2Fb|x=1&y=%20|a/b||127.0.0.1|-"},
      {"query is not path", "GET", "/hello?/door", "", 200, "hello"},
      {"no content", "GET", "/empty", "", 204, ""},
      {"unknown path", "GET", "/nothing", "", 404, "root says 404 there is nothing at this path"},
      {"unknown path of a door", "GET", "/door/nothing", "", 404, "door 404"},
      {"wrong method", "DELETE", "/hello", "", 405, "root says 405 this path does not take this method"},
      {"exotic method", "PURGE", "/hello", "", 405, "root says 405 this path does not take this method"},
      {"malformed escape", "GET", "/door/%zz", "", 400, "door 400"},
      {"handler throws", "GET", "/throws", "", 500, "root says 500 internal error"},
      {"responder dropped", "GET", "/drops", "", 500, "root says 500 internal error"},
      {"header injection", "GET", "/injects", "", 500, "root says 500 internal error"},
      {"body at the limit", "POST", "/small", "0123456789abcdef", 200, "0123456789abcdef"},
      {"body over the limit", "POST", "/small", "0123456789abcdefg", 413,
       "root says 413 the body is too long"},
      {"long body to an unknown path", "POST", "/nothing", "0123456789abcdefg", 404,
       "root says 404 there is nothing at this path"},
  };
  const Fixture fixture;
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    const CurlAnswer answer = curl(fixture.port(), row.path, row.method, row.body);
    EXPECT_EQ(answer.code, CURLE_OK);
    EXPECT_EQ(answer.status, row.status);
    EXPECT_EQ(answer.body, row.answer);
  }
  const ServerCounters counters = fixture.server->counters();
  EXPECT_EQ(counters.requests, std::size(rows));
  EXPECT_EQ(counters.in_flight, 0U);
  EXPECT_EQ(counters.responses_2xx, 7U);
  EXPECT_EQ(counters.responses_4xx, 7U);
  EXPECT_EQ(counters.responses_5xx, 3U);
}

TEST(Server, WrongMethodNamesTheRightOnes) {
  const Fixture fixture;
  EXPECT_THAT(curl(fixture.port(), "/echo", "GET").headers, HasSubstr("Allow: POST\r\n"));
}

TEST(Server, HeadersReachTheHandlerInAnyCase) {
  const Fixture fixture;
  EXPECT_THAT(curl(fixture.port(), "/things/1", "GET", "", {"X-Test: yes"}).body, EndsWith("|yes"));
}

TEST(Server, ThePeerIsWhomTrustedProxiesName) {
  const auto peer_of = [](const ServerOptions& options, const std::vector<std::string>& headers) {
    const Fixture fixture(options);
    const std::string parts = curl(fixture.port(), "/things/1", "GET", "", headers).body;
    return parts.substr(std::string("GET|/things/1||1||").size());
  };
  ServerOptions trusting;
  ASSERT_TRUE(trusting.trusted_proxies.add("127.0.0.1"));
  EXPECT_EQ(peer_of({}, {"X-Forwarded-For: 203.0.113.7"}), "127.0.0.1|-") << "nobody is trusted by default";
  EXPECT_EQ(peer_of(trusting, {}), "127.0.0.1|-");
  EXPECT_EQ(peer_of(trusting, {"X-Forwarded-For: 198.51.100.1, 203.0.113.7"}), "203.0.113.7|-");
  EXPECT_EQ(peer_of(trusting, {"X-Forwarded-For: 198.51.100.1", "X-Forwarded-For: 203.0.113.7"}),
            "203.0.113.7|-")
      << "a repeated header is one list, and its last word counts";
}

TEST(Server, HeadHasTheHeadersOfGetWithoutItsBody) {
  const Fixture fixture;
  RawClient client(fixture.port());
  client.send("HEAD /hello HTTP/1.1\r\nHost: a\r\n\r\nGET /hello HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_THAT(client.read_answer(true), HasSubstr("Content-Length: 5\r\n"));
  const std::string second = client.read_answer();
  EXPECT_THAT(second, StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(second, EndsWith("\r\n\r\nhello"));
}

TEST(Server, ConnectionsAreKeptAsTheClientAsks) {
  struct Row {
    const char* name;
    const char* request;
    bool kept;
    const char* says;
  };
  const Row rows[] = {
      {"1.1", "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n", true, ""},
      {"1.1 close", "GET /hello HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", false,
       "Connection: close\r\n"},
      {"1.0", "GET /hello HTTP/1.0\r\n\r\n", false, "Connection: close\r\n"},
      {"1.0 keep-alive", "GET /hello HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", true,
       "Connection: keep-alive\r\n"},
      {"upgrade is not offered",
       "GET /hello HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n", true, ""},
      {"absolute form", "GET http://example.org/hello HTTP/1.1\r\nHost: a\r\n\r\n", true, ""},
  };
  const Fixture fixture;
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    RawClient client(fixture.port());
    client.send(row.request);
    const std::string answer = client.read_answer();
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 OK\r\n"));
    EXPECT_THAT(answer, HasSubstr(row.says));
    if (row.kept) {
      client.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n");
      EXPECT_THAT(client.read_answer(), EndsWith("hello"));
    } else {
      EXPECT_TRUE(client.closed_by_server());
    }
  }
}

TEST(Server, PipelinedRequestsAreAnsweredInOrder) {
  const Fixture fixture;
  RawClient client(fixture.port());
  std::string all;
  constexpr int count = 200;
  for (int i = 0; i < count; ++i) {
    const std::string body = std::to_string(i);
    all += i % 3 == 0 ? "GET /things/" + body + " HTTP/1.1\r\nHost: a\r\n\r\n"
                      : "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(body.size()) +
                            "\r\n\r\n" + body;
  }
  // In pieces that end in the middle of requests.
  std::thread sender([&] {
    for (std::size_t at = 0; at < all.size(); at += 97) client.send(std::string_view(all).substr(at, 97));
  });
  for (int i = 0; i < count; ++i) {
    const std::string answer = client.read_answer();
    const std::string expected =
        i % 3 == 0 ? "|" + std::to_string(i) + "||127.0.0.1|-" : "\r\n\r\n" + std::to_string(i);
    ASSERT_THAT(answer, EndsWith(expected)) << i;
  }
  sender.join();
}

// A segment may end anywhere; one that ended right before a header's colon was once refused.
TEST(Server, ARequestMayBeCutAnywhere) {
  const Fixture fixture;
  const std::string request =
      "POST /echo?a=b HTTP/1.1\r\nHost: a\r\nX-Test:  yes\r\nContent-Length: 3\r\n\r\nabc";
  for (std::size_t cut = 1; cut < request.size(); ++cut) {
    SCOPED_TRACE(request.substr(0, cut));
    // The first half has been read before the second is sent: an answer to what stands before it says so.
    RawClient client(fixture.port());
    client.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n" + request.substr(0, cut));
    ASSERT_THAT(client.read_answer(), EndsWith("hello"));
    client.send(std::string_view(request).substr(cut));
    ASSERT_THAT(client.read_answer(), EndsWith("\r\n\r\nabc"));
  }
}

TEST(Server, ManyClientsAtOnce) {
  ServerOptions options;
  options.lanes = 2;
  const Fixture fixture(options);
  std::atomic<int> good{0};
  std::vector<std::thread> clients;
  for (int i = 0; i < 200; ++i) {
    clients.emplace_back([&, i] {
      for (int n = 0; n < 5; ++n) {
        const std::string body(static_cast<std::size_t>(1 + i * 37 + n), static_cast<char>('a' + i % 26));
        const CurlAnswer answer = curl(fixture.port(), "/echo", "POST", body);
        if (answer.status == 200 && answer.body == body) ++good;
      }
    });
  }
  for (auto& client : clients) client.join();
  EXPECT_EQ(good.load(), 1000);
  EXPECT_EQ(fixture.server->counters().responses_2xx, 1000U);
}

TEST(Server, LargeAnswersArriveWhole) {
  const Fixture fixture;
  EXPECT_EQ(curl(fixture.port(), "/large").body.size(), 16U << 20);
}

TEST(Server, ChunkedBodiesAreJoinedAndTheirTrailersDropped) {
  const Fixture fixture;
  RawClient client(fixture.port());
  client.send(
      "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
      "3\r\nabc\r\n4;ext=1\r\ndefg\r\n0\r\nX-Test: trailer\r\n\r\n"
      "GET /things/1 HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_THAT(client.read_answer(), EndsWith("\r\n\r\nabcdefg"));
  EXPECT_THAT(client.read_answer(), EndsWith("|-"));
}

TEST(Server, AClientThatLeavesIsNotMissed) {
  Fixture fixture;
  for (int i = 0; i < 20; ++i) {
    auto client = std::make_unique<RawClient>(fixture.port());
    client->send("GET /held HTTP/1.1\r\nHost: a\r\n\r\n");
    Responder responder = fixture.held.take();
    client.reset();
    responder.respond(test::text(std::string(1 << 20, 'x')));
  }
  EXPECT_TRUE(eventually([&] { return fixture.server->counters().open_connections == 0; }));
  EXPECT_EQ(fixture.server->counters().in_flight, 0U);
  EXPECT_EQ(curl(fixture.port(), "/hello").body, "hello");
}

TEST(Server, ARequestOutlivesItsConnection) {
  Fixture fixture;
  auto client = std::make_unique<RawClient>(fixture.port());
  client->send("GET /held HTTP/1.1\r\nHost: a\r\nX-Test: kept\r\n\r\n");
  Responder responder = fixture.held.take();
  client.reset();
  responder.respond(test::text("x"));
  EXPECT_EQ(responder.request().path(), "/held");
  EXPECT_EQ(*responder.request().header("X-Test"), "kept");
}

TEST(Server, StartRefusesWhatCannotWork) {
  const Fixture fixture;
  ServerOptions taken;
  taken.port = fixture.port();
  EXPECT_EQ(Server::start(taken, Router()).error().code, Errc::io_error);
  taken.lanes = 2;
  EXPECT_EQ(Server::start(taken, Router()).error().code, Errc::io_error);
  ServerOptions named;
  named.address = "localhost";
  EXPECT_EQ(Server::start(named, Router()).error().code, Errc::invalid_configuration);
  ServerOptions none;
  none.lanes = 0;
  EXPECT_EQ(Server::start(none, Router()).error().code, Errc::invalid_configuration);
}

TEST(Server, ListensOnIpv6) {
  ServerOptions options;
  options.address = "::1";
  options.port = 0;
  auto server = Server::start(options, Router());
  if (!server) GTEST_SKIP() << "no IPv6 here: " << to_string(server.error());
  EXPECT_GT(server.value()->port(), 0);
}

}  // namespace
}  // namespace jangbu::http
