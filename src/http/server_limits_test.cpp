// What is over a limit gets an answer, in time.
#include <memory>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>

#include "http/server.h"
#include "http/test_client.h"
#include "http/test_server.h"

namespace jangbu::http {
namespace {

using test::curl;
using test::CurlAnswer;
using test::eventually;
using test::Fixture;
using test::RawClient;
using test::text;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

std::string repeated(std::size_t count, std::string_view part) {
  std::string all;
  for (std::size_t i = 0; i < count; ++i) all += part;
  return all;
}

TEST(ServerLimits, RefusedRequestsAreToldWhy) {
  struct Row {
    const char* name;
    std::string request;
    const char* status_line;
    const char* body;
  };
  const std::string head = "GET /door/a HTTP/1.1\r\nHost: a\r\n";
  const std::string chunked = "Transfer-Encoding: chunked\r\n\r\n";
  const Row rows[] = {
      {"not HTTP", "\x16\x03\x01\x02hello\r\n\r\n", "HTTP/1.1 400 ",
       "root says 400 the request is not valid HTTP"},
      {"HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "HTTP/1.1 400 ",
       "root says 400 the request is not valid HTTP"},
      {"unknown method", "FOO /door/a HTTP/1.1\r\nHost: a\r\n\r\n", "HTTP/1.1 405 ", "door 405"},
      {"almost a known method", "GETS /door/a?b=c HTTP/1.1\r\n\r\n", "HTTP/1.1 405 ", "door 405"},
      {"unknown method, unknown path", "FOO /nowhere HTTP/1.1\r\n\r\n", "HTTP/1.1 404 ",
       "root says 404 there is nothing at this path"},
      {"unknown method, bad path", "FOO /door/%zz HTTP/1.1\r\n\r\n", "HTTP/1.1 400 ",
       "root says 400 the request is not valid HTTP"},
      {"no method", " /door/a HTTP/1.1\r\n\r\n", "HTTP/1.1 400 ",
       "root says 400 the request is not valid HTTP"},
      {"unknown method without a version", "FOO /door/a\r\n\r\n", "HTTP/1.1 400 ",
       "root says 400 the request is not valid HTTP"},
      {"bad version", "GET /door/a HTTP/x.1\r\n\r\n", "HTTP/1.1 400 ", "door 400"},
      {"other version", "GET /door/a HTTP/2.0\r\n\r\n", "HTTP/1.1 400 ", "door 400"},
      {"space before the colon", head + "Content-Length : 1\r\n\r\n", "HTTP/1.1 400 ", "door 400"},
      {"bad header", head + "a b: c\r\n\r\n", "HTTP/1.1 400 ", "door 400"},
      {"bad length", head + "Content-Length: 1x\r\n\r\n", "HTTP/1.1 400 ", "door 400"},
      {"two lengths", head + "Content-Length: 1\r\nContent-Length: 2\r\n\r\n", "HTTP/1.1 400 ", "door 400"},
      {"length and chunks", head + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", "HTTP/1.1 400 ",
       "door 400"},
      {"the same length twice", head + "Content-Length: 1\r\nContent-Length: 1\r\n\r\na", "HTTP/1.1 400 ",
       "door 400"},
      {"two lengths in one field", head + "Content-Length: 1, 2\r\n\r\na", "HTTP/1.1 400 ", "door 400"},
      {"chunks and length", head + "Transfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n", "HTTP/1.1 400 ",
       "door 400"},
      {"another coding", head + "Transfer-Encoding: identity\r\n\r\n", "HTTP/1.1 400 ", "door 400"},
      {"chunks that are not the last coding", head + "Transfer-Encoding: chunked, identity\r\n\r\n",
       "HTTP/1.1 400 ", "door 400"},
      {"two hosts", head + "host: b\r\n\r\n", "HTTP/1.1 400 ", "door 400"},
      {"the same host twice", head + "X: b\r\nHOST: a\r\n\r\n", "HTTP/1.1 400 ", "door 400"},
      {"a folded value", head + "X: a\r\n b\r\n\r\n", "HTTP/1.1 400 ", "door 400"},
      {"a value folded with a tab", head + "X: a\r\n\tb\r\n\r\n", "HTTP/1.1 400 ", "door 400"},
      {"a value that begins on the next line", head + "X:\r\n b\r\n\r\n", "HTTP/1.1 400 ", "door 400"},
      {"a value folded with nothing", head + "X: a\r\n \r\nY: b\r\n\r\n", "HTTP/1.1 400 ", "door 400"},
      {"nothing folded with nothing", head + "X:\r\n \r\n\r\n", "HTTP/1.1 400 ", "door 400"},
      {"a folded first line", "GET /door/a HTTP/1.1\r\n X: a\r\n\r\n", "HTTP/1.1 400 ", "door 400"},
      {"a bare LF behind the first line", "GET /door/a HTTP/1.1\nHost: a\r\n\r\n", "HTTP/1.1 400 ",
       "door 400"},
      {"a bare LF behind a value", "GET /door/a HTTP/1.1\r\nHost: a\nX: a\r\n\r\n", "HTTP/1.1 400 ",
       "door 400"},
      {"a bare LF behind the last value", head + "X: a\n\r\n", "HTTP/1.1 400 ", "door 400"},
      {"a bare LF behind no value", head + "X:\nY: a\r\n\r\n", "HTTP/1.1 400 ", "door 400"},
      {"a bare LF behind no last value", head + "X:\n\r\n", "HTTP/1.1 400 ", "door 400"},
      {"bare LFs alone", "GET /door/a HTTP/1.1\nHost: a\n\n", "HTTP/1.1 400 ", "door 400"},
      {"a bare CR behind a value", head + "X: a\rY: b\r\n\r\n", "HTTP/1.1 400 ", "door 400"},
      {"a bare CR behind no value", head + "X:\rYZ: b\r\n\r\n", "HTTP/1.1 400 ", "door 400"},
      {"a bare LF behind the headers", head + "\n", "HTTP/1.1 400 ", "door 400"},
      {"a bare LF behind a first line alone", "GET /door/a HTTP/1.1\r\n\n", "HTTP/1.1 400 ", "door 400"},
      {"a bare LF behind a chunk's size", head + chunked + "1;a\na\r\n0\r\n\r\n", "HTTP/1.1 400 ",
       "door 400"},
      {"no line behind a chunk", head + chunked + "1\r\nabc0\r\n\r\n", "HTTP/1.1 400 ", "door 400"},
      {"a bare LF behind the last chunk", head + chunked + "1\r\na\r\n0\r\n\n", "HTTP/1.1 400 ", "door 400"},
      {"a folded trailer", head + chunked + "0\r\nX: a\r\n b\r\n\r\n", "HTTP/1.1 400 ", "door 400"},
      {"a bare LF behind a trailer that says it is no chunks",
       head + chunked + "1\r\na\r\n0\r\nTransfer-Encoding: x\n\n", "HTTP/1.1 400 ", "door 400"},
      {"no line behind a chunk, and such a trailer",
       head + chunked + "1\r\naXY0\r\nTransfer-Encoding: x\r\n\r\n", "HTTP/1.1 400 ", "door 400"},
      {"a folded trailer of that name", head + chunked + "0\r\nTransfer-Encoding: x\r\n y\r\n\r\n",
       "HTTP/1.1 400 ", "door 400"},
      {"bad chunk", head + "Transfer-Encoding: chunked\r\n\r\nzz\r\n", "HTTP/1.1 400 ", "door 400"},
      {"long target", "GET /door/" + std::string(8 << 10, 'a') + " HTTP/1.1\r\n\r\n", "HTTP/1.1 414 ",
       "door 414"},
      {"long header", head + "X: " + std::string(33 << 10, 'a') + "\r\n\r\n", "HTTP/1.1 431 ", "door 431"},
      {"long header name", head + std::string(33 << 10, 'a') + ": a\r\n\r\n", "HTTP/1.1 431 ", "door 431"},
      {"many headers", head + repeated(101, "X: a\r\n") + "\r\n", "HTTP/1.1 431 ", "door 431"},
      {"announced length", "POST /small HTTP/1.1\r\nContent-Length: 1073741824\r\n\r\n", "HTTP/1.1 413 ",
       "root says 413 the body is too long"},
      {"announced length of no number's size",
       "POST /small HTTP/1.1\r\nContent-Length: 18446744073709551614\r\n\r\n", "HTTP/1.1 4", "root says 4"},
      {"chunks over the limit",
       "POST /small HTTP/1.1\r\nTransfer-Encoding: "
       "chunked\r\n\r\n10\r\n0123456789abcdef\r\n1\r\ng\r\n0\r\n\r\n",
       "HTTP/1.1 413 ", "root says 413 the body is too long"},
      {"endless trailers",
       "POST /small HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n" +
           repeated(4 << 10, "X-Y: aaaaaa\r\n"),
       "HTTP/1.1 431 ", "root says 431 the header fields are too long"},
  };
  const Fixture fixture({}, [](Router& router) {
    router.add({Method::get, "/door/{x}", Effect::read, [](Responder r) { r.respond(text("served")); }});
  });
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    RawClient client(fixture.port());
    client.send(row.request);
    const std::string answer = client.read_answer();
    EXPECT_THAT(answer, StartsWith(row.status_line));
    EXPECT_THAT(answer, HasSubstr("\r\n\r\n" + std::string(row.body)));
    EXPECT_THAT(answer, HasSubstr("Connection: close\r\n"));
    EXPECT_TRUE(client.closed_by_server());
  }
  EXPECT_EQ(curl(fixture.port(), "/hello").body, "hello");
}

TEST(ServerLimits, LinesAreReadTheSameInPieces) {
  const std::string head = "GET /hello HTTP/1.1\r\nHost: a\r\n";
  const struct {
    const char* name;
    std::string request;
    bool good;
  } rows[] = {
      {"whole lines", head + "X:a\r\nY:  b c \r\nZ:\r\nA: \t\r\n\r\n", true},
      {"a folded value", head + "X: a\r\n   b\r\n\r\n", false},
      {"a value that begins on the next line", head + "X:\r\n   b\r\n\r\n", false},
      {"a bare LF", head + "X: a\nY: b\r\n\r\n", false},
      {"a bare LF behind no last value", head + "X:\n\r\n", false},
      {"two hosts", head + "Host: b\r\n\r\n", false},
      {"chunks", head + "Transfer-Encoding: chunked\r\n\r\n2;x=y\r\na\n\r\n1\r\n \r\n0\r\nX: a\r\n\r\n",
       true},
      {"a bare LF behind a chunk", head + "Transfer-Encoding: chunked\r\n\r\n1\r\na\n0\r\n\r\n", false},
  };
  const Fixture fixture;
  RawClient other(fixture.port());
  for (const auto& row : rows) {
    // From the method on: what is left of one is another, which is said first.
    for (std::size_t cut = head.find(' '); cut < row.request.size(); ++cut) {
      SCOPED_TRACE(std::string(row.name) + " cut at " + std::to_string(cut));
      RawClient client(fixture.port());
      client.send(row.request.substr(0, cut));
      // The lane reads in order: what is before the cut was read when this is answered.
      other.send(head + "\r\n");
      EXPECT_THAT(other.read_answer(), EndsWith("hello"));
      client.send(row.request.substr(cut));
      EXPECT_THAT(client.read_answer(), StartsWith(row.good ? "HTTP/1.1 200 " : "HTTP/1.1 400 "));
    }
    // Behind another request in the same segment: it is read when that was answered.
    RawClient client(fixture.port());
    client.send(head + "\r\n" + row.request);
    EXPECT_THAT(client.read_answer(), StartsWith("HTTP/1.1 200 ")) << row.name;
    EXPECT_THAT(client.read_answer(), StartsWith(row.good ? "HTTP/1.1 200 " : "HTTP/1.1 400 ")) << row.name;
  }
}

TEST(ServerLimits, GarbageAfterAGoodRequestIsRefusedAfterItsAnswer) {
  const Fixture fixture;
  RawClient client(fixture.port());
  client.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n\x01garbage");
  EXPECT_THAT(client.read_answer(), EndsWith("hello"));
  EXPECT_THAT(client.read_answer(), StartsWith("HTTP/1.1 400 "));
  EXPECT_TRUE(client.closed_by_server());
}

TEST(ServerLimits, UnknownMethodsAreToldWhatThePathTakes) {
  const Fixture fixture;
  RawClient client(fixture.port());
  client.send("FOO /things/1 HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_THAT(client.read_answer(), HasSubstr("\r\nAllow: GET"));
  EXPECT_TRUE(client.closed_by_server());
}

TEST(ServerLimits, HeadersAtTheLimitsPass) {
  const Fixture fixture;
  RawClient client(fixture.port());
  client.send("GET /hello HTTP/1.1\r\n" + repeated(100, "X: a\r\n") + "\r\n");
  EXPECT_THAT(client.read_answer(), EndsWith("hello"));
  client.send("GET /hello?" + std::string((8 << 10) - 7, 'a') +
              " HTTP/1.1\r\nX: " + std::string(30 << 10, 'a') + "\r\n\r\n");
  EXPECT_THAT(client.read_answer(), EndsWith("hello"));
}

TEST(ServerLimits, AnswersReachClientsThatAreStillSending) {
  const Fixture fixture;
  // libcurl asks for "100 Continue" first with a body of this size; once with and once without.
  for (const std::vector<std::string>& headers : {std::vector<std::string>{}, {"Expect:"}}) {
    const CurlAnswer answer = curl(fixture.port(), "/small", "POST", std::string(3 << 20, 'x'), headers);
    EXPECT_EQ(answer.status, 413);
    EXPECT_EQ(answer.body, "root says 413 the body is too long");
    const CurlAnswer chunked =
        curl(fixture.port(), "/small", "POST", std::string(3 << 20, 'x'),
             headers.empty() ? std::vector<std::string>{"Transfer-Encoding: chunked"}
                             : std::vector<std::string>{"Transfer-Encoding: chunked", "Expect:"});
    EXPECT_EQ(chunked.status, 413);
  }
}

TEST(ServerLimits, ExpectIsAnsweredBeforeTheBody) {
  const Fixture fixture;
  RawClient client(fixture.port());
  client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-Continue\r\n\r\n");
  EXPECT_EQ(client.read_answer(), "HTTP/1.1 100 Continue\r\n\r\n");
  client.send("abc");
  EXPECT_THAT(client.read_answer(), EndsWith("\r\n\r\nabc"));
  client.send("POST /small HTTP/1.1\r\nHost: a\r\nContent-Length: 17\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_THAT(client.read_answer(), StartsWith("HTTP/1.1 413 "));

  const CurlAnswer answer = curl(fixture.port(), "/big", "POST", std::string(20 << 20, 'x'));
  EXPECT_EQ(answer.body, std::to_string(20 << 20));
  EXPECT_THAT(answer.headers, HasSubstr("100 Continue"));
}

TEST(ServerLimits, BodiesTogetherStayInTheirMemory) {
  ServerOptions options;
  options.max_buffered_bytes = 1 << 20;
  const Fixture fixture(options);
  const auto buffered = [&] { return fixture.server->counters().buffered_bytes; };
  RawClient half(fixture.port());
  half.send("POST /big HTTP/1.1\r\nHost: a\r\nContent-Length: 800000\r\n\r\n" + std::string(700'000, 'x'));
  ASSERT_TRUE(eventually([&] { return buffered() == 700'000; }));
  const CurlAnswer refused = curl(fixture.port(), "/big", "POST", std::string(400'000, 'x'));
  EXPECT_EQ(refused.status, 503);
  EXPECT_THAT(refused.headers, HasSubstr("Retry-After: 1\r\n"));
  EXPECT_TRUE(eventually([&] { return buffered() == 700'000; }));
  half.send(std::string(100'000, 'x'));
  EXPECT_THAT(half.read_answer(), EndsWith("800000"));
  EXPECT_TRUE(eventually([&] { return buffered() == 0; }));
  {
    RawClient leaves(fixture.port());
    leaves.send("POST /big HTTP/1.1\r\nHost: a\r\nContent-Length: 900000\r\n\r\n" +
                std::string(850'000, 'x'));
    ASSERT_TRUE(eventually([&] { return buffered() == 850'000; }));
  }
  EXPECT_TRUE(eventually([&] { return buffered() == 0; }));
  EXPECT_EQ(curl(fixture.port(), "/big", "POST", std::string(1 << 20, 'x')).status, 200);
}

TEST(ServerLimits, SlowClientsAreCutEvenWhenTheyDrip) {
  ServerOptions options;
  options.read_timeout_ms = 400;
  const Fixture fixture(options);
  struct Row {
    const char* name;
    const char* start;
    const char* drip;
  };
  const Row rows[] = {
      {"silent", "", ""},
      {"headers", "GET /hello HTTP/1.1\r\nX: ", "a"},
      {"header lines", "GET /hello HTTP/1.1\r\n", "X: a\r\n"},
      {"body", "POST /echo HTTP/1.1\r\nContent-Length: 100000\r\n\r\n", "a"},
      {"chunks", "POST /echo HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", "1\r\na\r\n"},
      {"second request", "GET /hello HTTP/1.1\r\n\r\nGET /hello HTTP/1.1\r\nX: ", "a"},
      {"upgrade", "GET /hello HTTP/1.1\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\nGET /", "a"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    RawClient client(fixture.port());
    client.send(row.start);
    bool cut = false;
    if (*row.drip == '\0') cut = client.closed_by_server();
    // A server that does not cut would let this go on for ten seconds.
    for (int i = 0; i < 200 && !cut; ++i) {
      pollfd connection{client.descriptor(), POLLRDHUP, 0};
      cut = ::poll(&connection, 1, 50) > 0 || !client.send(row.drip);
    }
    EXPECT_TRUE(cut);
  }
  EXPECT_TRUE(eventually([&] { return fixture.server->counters().open_connections == 0; }));
}

TEST(ServerLimits, AHalfRequestIsToldThatItWasTooSlow) {
  ServerOptions options;
  options.read_timeout_ms = 100;
  const Fixture fixture(options);
  RawClient client(fixture.port());
  client.send("POST /door/a HTTP/1.1\r\nContent-Length: 10\r\n\r\nabc");
  const std::string answer = client.read_to_end();
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 408 "));
  EXPECT_THAT(answer, EndsWith("door 408"));
}

TEST(ServerLimits, AClientThatDoesNotReadIsCut) {
  ServerOptions options;
  options.write_timeout_ms = 200;
  const Fixture fixture(options);
  RawClient client(fixture.port());
  const int small = 4096;
  ::setsockopt(client.descriptor(), SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
  client.send("GET /large HTTP/1.1\r\nHost: a\r\n\r\n");
  ASSERT_TRUE(eventually([&] { return fixture.server->counters().responses_2xx == 1; }));
  EXPECT_TRUE(eventually([&] { return fixture.server->counters().open_connections == 0; }));
}

TEST(ServerLimits, AHandlerThatDoesNotAnswerIsAnsweredFor) {
  ServerOptions options;
  options.handle_timeout_ms = 100;
  Fixture fixture(options, {});
  RawClient client(fixture.port());
  client.send("GET /held HTTP/1.1\r\nHost: a\r\n\r\n");
  const std::string answer = client.read_answer();
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 503 "));
  EXPECT_THAT(answer, HasSubstr("Retry-After: 1\r\n"));
  EXPECT_EQ(fixture.server->counters().in_flight, 1U);
  client.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_THAT(client.read_answer(), EndsWith("hello"));
  fixture.held.take().respond(text("late"));
  client.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_THAT(client.read_answer(), EndsWith("hello"));
  EXPECT_EQ(fixture.server->counters().in_flight, 0U);
}

TEST(ServerLimits, TheLanesTickWhateverATaskDoes) {
  ServerOptions options;
  options.handle_timeout_ms = 80;
  options.lanes = 2;
  std::atomic<int> ticks = 0;
  const Fixture fixture(options, [&](Router& router) {
    router.add_tick([&] {
      if (++ticks % 2 == 0) throw std::runtime_error("on purpose");
    });
  });
  EXPECT_TRUE(eventually([&] { return ticks > 20; }));
  EXPECT_EQ(curl(fixture.port(), "/hello").body, "hello");
}

TEST(ServerLimits, AnswersMayRaceWithTheTimeLimit) {
  ServerOptions options;
  options.handle_timeout_ms = 10;
  Fixture fixture(options);
  std::vector<std::unique_ptr<RawClient>> clients;
  for (int i = 0; i < 16; ++i) clients.push_back(std::make_unique<RawClient>(fixture.port()));
  for (int round = 0; round < 20; ++round) {
    const auto timed_out = fixture.server->counters().responses_5xx;
    for (auto& client : clients) client->send("GET /held HTTP/1.1\r\nHost: a\r\n\r\n");
    std::vector<Responder> responders;
    for (std::size_t i = 0; i < clients.size(); ++i) responders.push_back(fixture.held.take());
    ASSERT_TRUE(
        eventually([&] { return fixture.server->counters().responses_5xx > timed_out || round % 2 == 0; }));
    for (Responder& responder : responders) {
      if (round % 4 < 2) responder.respond(text("x"));
      const Responder gone = std::move(responder);
    }
    for (auto& client : clients) {
      EXPECT_THAT(client->read_answer(),
                  testing::AnyOf(StartsWith("HTTP/1.1 200"), StartsWith("HTTP/1.1 50")));
    }
  }
  EXPECT_EQ(fixture.server->counters().in_flight, 0U);
}

TEST(ServerLimits, ConnectionsOverTheLimitWait) {
  ServerOptions options;
  options.max_connections = 2;
  const Fixture fixture(options);
  auto first = std::make_unique<RawClient>(fixture.port());
  RawClient second(fixture.port());
  RawClient third(fixture.port());
  first->send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n");
  second.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_THAT(first->read_answer(), EndsWith("hello"));
  EXPECT_THAT(second.read_answer(), EndsWith("hello"));
  third.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n");
  second.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_THAT(second.read_answer(), EndsWith("hello"));
  EXPECT_EQ(fixture.server->counters().requests, 3U);
  EXPECT_EQ(fixture.server->counters().open_connections, 2U);
  first.reset();
  EXPECT_THAT(third.read_answer(), EndsWith("hello"));
}

}  // namespace
}  // namespace jangbu::http
