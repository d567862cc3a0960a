#include "http/forwarder.h"

#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/trace.h"
#include "http/test_client.h"
#include "http/test_server.h"
#include "http/test_tls.h"

namespace jangbu::http {
namespace {

using test::curl;
using test::CurlAnswer;
using test::Fixture;
using test::text;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

Router dialects() {
  Router router;
  router.add_dialect({"/", [](int status, std::string_view message) {
                        return text("forwarder says " + std::to_string(status) + " " + std::string(message),
                                    status);
                      }});
  return router;
}

/// The writer: says what it got.
void add_writer_routes(Router& router) {
  const auto say = [](Responder r) {
    const Request& q = r.request();
    std::string said =
        std::string(method_name(q.method())) + " " + std::string(q.path()) + "?" + std::string(q.query());
    for (const char* name : {"Host", "Authorization", "X-Empty", "X-Hop", "Connection", "Accept",
                             "Content-Type", "Expect", "Jangbu-Forwarded", "X-Forwarded-For"}) {
      const std::string* value = q.header(name);
      said += std::string("\n") + name + "=" + (value == nullptr ? "(none)" : *value);
    }
    said += "\n" + std::to_string(q.body().size());
    Response response = text(std::move(said), 201);
    response.headers.push_back({"Location", "/writer/1"});
    response.headers.push_back({"X-Two", "a"});
    response.headers.push_back({"X-Two", "b"});
    r.respond(std::move(response));
  };
  for (const Method method :
       {Method::get, Method::post, Method::put, Method::del, Method::patch, Method::options}) {
    router.add({method, "/writer/{x}", Effect::write, say, 8 << 20});
  }
}

/// A node that forwards everything under /writer.
struct Node {
  std::string writer_url;
  std::unique_ptr<Forwarder> forwarder;
  Fixture fixture;

  Node(std::string url, const ForwarderOptions& options)
      : writer_url(std::move(url)),
        forwarder(std::move(Forwarder::start(dialects(), options)).value()),
        fixture({}, [this](Router& router) {
          const auto pass_on = [this](Responder r) { forwarder->forward(std::move(r), writer_url); };
          for (const Method method :
               {Method::get, Method::post, Method::put, Method::del, Method::patch, Method::options}) {
            router.add({method, "/writer/{x}", Effect::write, pass_on, 8 << 20});
          }
          router.add({Method::get, "/writer-held", Effect::write, pass_on});
        }) {}
};

/// Answers nothing by itself.
struct HoldingWriter {
  test::Held held;
  Fixture fixture{{}, [this](Router& router) {
                    router.add({Method::get, "/writer-held", Effect::write,
                                [this](Responder r) { held.put(std::move(r)); }});
                  }};
};

std::string url_of(const Fixture& fixture) { return "http://127.0.0.1:" + std::to_string(fixture.port()); }

TEST(Forwarder, PassesTheRequestOnAndTheAnswerBack) {
  struct Row {
    const char* name;
    const char* method;
    const char* path;
    std::string body;
    std::vector<std::string> headers;
    std::vector<std::string> writer_saw;
  };
  const Row rows[] = {
      {"GET",
       "GET",
       "/writer/a%2Fb?x=1&y=%20",
       "",
       {"Host: shop.example", "Authorization: Bearer x", "X-Empty;"},
       {"GET /writer/a%2Fb?x=1&y=%20\nHost=shop.example\nAuthorization=Bearer x\nX-Empty=\n",
        "Jangbu-Forwarded=1\nX-Forwarded-For=127.0.0.1\n0"}},
      {"a client's word of whom it speaks for",
       "GET",
       "/writer/a",
       "",
       {"X-Forwarded-For: 203.0.113.7"},
       {"X-Forwarded-For=127.0.0.1\n"}},
      {"dots stay", "GET", "/writer/..?", "", {}, {"GET /writer/..?\n"}},
      {"POST",
       "POST",
       "/writer/a",
       "{\"a\":1}",
       {"Content-Type: application/json"},
       {"POST /writer/a?", "Content-Type=application/json\n", "\n7"}},
      {"large POST", "POST", "/writer/a", std::string(3 << 20, 'x'), {}, {"Expect=(none)", "\n3145728"}},
      {"empty POST",
       "POST",
       "/writer/a",
       "",
       {"Content-Type:", "Accept:"},
       {"Accept=(none)\nContent-Type=(none)", "\n0"}},
      {"PUT", "PUT", "/writer/a", "abc", {}, {"PUT ", "\n3"}},
      {"DELETE", "DELETE", "/writer/a", "", {}, {"DELETE ", "\n0"}},
      {"PATCH", "PATCH", "/writer/a", "ab", {}, {"PATCH ", "\n2"}},
      {"hop by hop",
       "GET",
       "/writer/a",
       "",
       {"Connection: close, X-Hop", "X-Hop: 1"},
       {"X-Hop=(none)", "Connection=(none)"}},
  };
  const Fixture writer({}, add_writer_routes);
  const Node node(url_of(writer), {});
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    const CurlAnswer answer = curl(node.fixture.port(), row.path, row.method, row.body, row.headers);
    EXPECT_EQ(answer.status, 201);
    for (const std::string& seen : row.writer_saw) EXPECT_THAT(answer.body, HasSubstr(seen));
    EXPECT_THAT(answer.headers, HasSubstr("Location: /writer/1\r\nX-Two: a\r\nX-Two: b\r\n"));
    EXPECT_THAT(answer.headers, HasSubstr("Content-Type: text/plain\r\n"));
  }
  const CurlAnswer head = curl(node.fixture.port(), "/writer/a", "HEAD");
  EXPECT_EQ(head.status, 201);
  EXPECT_EQ(head.body, "");
  EXPECT_EQ(writer.server->counters().open_connections, 1U) << "connections are kept";
}

TEST(Forwarder, BothNodesAreInOneTrace) {
  const std::string client = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  const Fixture writer({}, [](Router& router) {
    router.add({Method::get, "/writer/{x}", Effect::write, [](Responder r) {
                  std::string said;
                  for (const Header& header : r.request().headers())
                    if (equals_caseless(header.name, "traceparent")) said += header.value + "\n";
                  r.respond(text(said + to_text(current_trace())));
                }});
  });
  const Node node(url_of(writer), {});
  for (const bool begun_by_client : {false, true}) {
    SCOPED_TRACE(begun_by_client);
    const auto headers =
        begun_by_client ? std::vector<std::string>{"Traceparent: " + client} : std::vector<std::string>{};
    const CurlAnswer answer = curl(node.fixture.port(), "/writer/a", "GET", "", headers);
    EXPECT_EQ(answer.status, 200);
    // One header, of the node that was asked, and the writer's log goes on with its trace.
    ASSERT_THAT(answer.body, testing::MatchesRegex("00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]\n[0-9a-f]{32}"));
    EXPECT_EQ(answer.body.substr(3, 32), answer.body.substr(56));
    EXPECT_EQ(answer.body.substr(3, 32) == client.substr(3, 32), begun_by_client);
    EXPECT_THAT(answer.body, Not(HasSubstr(client.substr(36, 16))));
    EXPECT_THAT(answer.headers, HasSubstr("traceparent: 00-" + answer.body.substr(3, 32)));
  }
}

TEST(Forwarder, TheWritersRefusalsComeBackAsTheyAre) {
  const Fixture writer;
  const Node node(url_of(writer), {});
  const CurlAnswer answer = curl(node.fixture.port(), "/writer/a");
  EXPECT_EQ(answer.status, 404);
  EXPECT_THAT(answer.body, StartsWith("root says 404"));
}

TEST(Forwarder, DoesNotGoRoundInACircle) {
  const Fixture writer({}, add_writer_routes);
  const Node second(url_of(writer), {});
  const Node first(url_of(second.fixture), {});
  const CurlAnswer answer = curl(first.fixture.port(), "/writer/a");
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.body, "forwarder says 503 this node is not the writer");
  EXPECT_THAT(answer.headers, HasSubstr("Retry-After: 1\r\n"));
  EXPECT_EQ(writer.server->counters().requests, 0U);
}

TEST(Forwarder, AWriterThatIsGoneGives503) {
  std::string url;
  {
    const Fixture gone;
    url = url_of(gone);
  }
  const Node node(url, {});
  const CurlAnswer answer = curl(node.fixture.port(), "/writer/a", "POST", "x");
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.body, "forwarder says 503 the writer cannot be reached");
  EXPECT_THAT(answer.headers, HasSubstr("Retry-After: 1\r\n"));
}

TEST(Forwarder, AWriterThatDoesNotAnswerGives503) {
  HoldingWriter writer;
  ForwarderOptions options;
  options.total_timeout_ms = 100;
  const Node node(url_of(writer.fixture), options);
  const CurlAnswer answer = curl(node.fixture.port(), "/writer-held");
  EXPECT_EQ(answer.status, 503);
  EXPECT_THAT(answer.body, HasSubstr("the outcome is unknown"));
}

TEST(Forwarder, AnAnswerThatIsTooLongGives503) {
  const Fixture writer({}, add_writer_routes);
  ForwarderOptions options;
  options.max_answer_bytes = 10;
  const Node node(url_of(writer), options);
  EXPECT_EQ(curl(node.fixture.port(), "/writer/a").status, 503);
}

TEST(Forwarder, BelievesNodesThatProveWhoTheyAre) {
  const test::PemFiles files(test::make_certificate("writer.example"));
  const test::PemFiles others(test::make_certificate("writer.example"));
  const SystemClock clock;
  ServerOptions secure;
  secure.tls = TlsIdentity::load(files.certificate(), files.key(), clock).value();
  const Fixture writer(secure, add_writer_routes);
  const std::string port = ":" + std::to_string(writer.port());
  struct Row {
    const char* name;
    std::string writer_url;
    std::string authorities;
    int status;
  };
  const Row rows[] = {
      {"a certificate that is known", "https://127.0.0.1" + port, files.certificate(), 201},
      {"another name", "https://localhost" + port, files.certificate(), 503},
      {"a certificate of nobody's", "https://127.0.0.1" + port, "", 503},
      {"another one's certificate", "https://127.0.0.1" + port, others.certificate(), 503},
      {"in the clear", "http://127.0.0.1" + port, files.certificate(), 503},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    ForwarderOptions options;
    options.authorities = row.authorities;
    const Node node(row.writer_url, options);
    for (int i = 0; i < 2; ++i) {
      const CurlAnswer answer = curl(node.fixture.port(), "/writer/a", "POST", "{}");
      EXPECT_EQ(answer.status, row.status);
      if (row.status == 503 && row.writer_url.starts_with("https")) {
        EXPECT_EQ(answer.body, "forwarder says 503 the writer cannot be reached") << "nothing was sent";
      }
    }
  }
  EXPECT_EQ(writer.server->counters().requests, 2U);
}

TEST(Forwarder, TheQueueIsBounded) {
  HoldingWriter writer;
  ForwarderOptions options;
  options.max_active = 1;
  options.max_waiting = 1;
  const Node node(url_of(writer.fixture), options);
  CurlAnswer active;
  std::thread first([&] { active = curl(node.fixture.port(), "/writer-held"); });
  Responder at_the_writer = writer.held.take();  // the only place on the way is taken
  CurlAnswer waiting;
  std::thread second([&] { waiting = curl(node.fixture.port(), "/writer-held"); });
  ASSERT_TRUE(test::eventually([&] { return node.fixture.server->counters().in_flight == 2; }));
  const CurlAnswer refused = curl(node.fixture.port(), "/writer-held");
  EXPECT_EQ(refused.status, 503);
  EXPECT_EQ(refused.body, "forwarder says 503 too many requests wait for the writer");
  at_the_writer.respond(text("one"));
  writer.held.take().respond(text("two"));
  first.join();
  second.join();
  EXPECT_EQ(active.body, "one");
  EXPECT_EQ(waiting.body, "two");
}

TEST(Forwarder, ItsEndAnswersWhatIsUnderWay) {
  HoldingWriter writer;
  Node node(url_of(writer.fixture), {});
  CurlAnswer answer;
  std::thread client([&] { answer = curl(node.fixture.port(), "/writer-held"); });
  const Responder at_the_writer = writer.held.take();
  node.forwarder.reset();
  client.join();
  EXPECT_EQ(answer.status, 503);
  EXPECT_THAT(answer.body, HasSubstr("shutting down"));
}

TEST(Forwarder, ManyAtOnce) {
  const Fixture writer({}, add_writer_routes);
  const Node node(url_of(writer), {});
  std::atomic<int> good{0};
  std::vector<std::thread> clients;
  for (int i = 0; i < 32; ++i) {
    clients.emplace_back([&, i] {
      for (int n = 0; n < 10; ++n) {
        const std::string path = "/writer/" + std::to_string(i * 100 + n);
        const CurlAnswer answer =
            curl(node.fixture.port(), path, "POST", std::string(static_cast<std::size_t>(i * n), 'x'));
        if (answer.status == 201 && answer.body.starts_with("POST " + path + "?\n")) ++good;
      }
    });
  }
  for (auto& client : clients) client.join();
  EXPECT_EQ(good.load(), 320);
}

}  // namespace
}  // namespace jangbu::http
