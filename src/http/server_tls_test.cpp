// The server that speaks TLS itself: it serves as the other does, within the same limits.
#include <atomic>
#include <future>
#include <memory>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>

#include "http/server.h"
#include "http/test_client.h"
#include "http/test_server.h"
#include "http/test_tls.h"
#include "http/tls.h"
#include "http/tls_session.h"
#include "http/tls_tickets.h"

namespace jangbu::http {
namespace {

using test::eventually;
using test::Fixture;
using test::make_certificate;
using test::PemFiles;
using test::RawClient;
using test::text;
using test::TlsClient;
using test::TlsManner;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr const char* get_hello_tls = "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n";

class MovedClock final : public Clock {
 public:
  [[nodiscard]] Instant wall_now() const override { return Instant{monotonic_us()}; }
  [[nodiscard]] std::int64_t monotonic_us() const override { return now_us_; }
  void advance(Duration by) { now_us_ += by.us; }

 private:
  std::atomic<std::int64_t> now_us_{1};
};

/// A server with a certificate of its own.
struct TlsFixture {
  MovedClock clock;
  PemFiles files{make_certificate("localhost")};
  std::shared_ptr<TlsIdentity> identity;
  std::unique_ptr<Fixture> fixture;

  explicit TlsFixture(ServerOptions options = {}) {
    identity = TlsIdentity::load(files.certificate(), files.key(), clock).value();
    options.tls = identity;
    fixture = std::make_unique<Fixture>(options);
  }
  [[nodiscard]] std::uint16_t port() const { return fixture->port(); }
  [[nodiscard]] ServerCounters counters() const { return fixture->server->counters(); }
};

std::string post(const std::string& path, std::size_t announced) {
  return "POST " + path + " HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(announced) + "\r\n\r\n";
}

TEST(ServerTls, AConnectionServesOneRequestAfterTheOther) {
  const TlsFixture server;
  TlsClient client(server.port());
  ASSERT_TRUE(client.secure());
  EXPECT_EQ(client.server(), "localhost");
  client.send(get_hello_tls);
  EXPECT_THAT(client.read_answer(), EndsWith("\r\n\r\nhello"));
  client.send(post("/echo", 3) + "abc");
  EXPECT_THAT(client.read_answer(), EndsWith("\r\n\r\nabc"));
  client.send(std::string(get_hello_tls) + get_hello_tls + post("/echo", 1) + "x");
  EXPECT_THAT(client.read_answer(), EndsWith("hello"));
  EXPECT_THAT(client.read_answer(), EndsWith("hello"));
  EXPECT_THAT(client.read_answer(), EndsWith("\r\n\r\nx"));
  client.send("GET /hello HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  const std::string last = client.read_to_end();
  EXPECT_THAT(last, HasSubstr("Connection: close\r\n"));
  EXPECT_THAT(last, Not(HasSubstr("Strict-Transport-Security"))) << "unless that is asked for";
  EXPECT_TRUE(client.told_the_end());
  EXPECT_EQ(server.counters().requests, 6U);
  EXPECT_TRUE(eventually([&] { return server.counters().open_connections == 0; }));
  EXPECT_EQ(server.identity->failed_handshakes(), 0U);
}

TEST(ServerTls, LongBodiesComeAndGoWhole) {
  const TlsFixture server;
  TlsClient client(server.port());
  client.send(post("/big", 20 << 20) + std::string(20 << 20, 'x'));
  EXPECT_THAT(client.read_answer(), EndsWith(std::to_string(20 << 20)));
  client.send("GET /large HTTP/1.1\r\nHost: a\r\n\r\n");
  const std::string answer = client.read_answer();
  EXPECT_EQ(answer.substr(answer.find("\r\n\r\n") + 4), std::string(16 << 20, 'x'));
  client.send(get_hello_tls);
  EXPECT_THAT(client.read_answer(), EndsWith("hello"));
}

TEST(ServerTls, BrowsersAreToldToStayWithTls) {
  ServerOptions options;
  options.strict_transport = true;
  options.read_timeout_ms = 500;
  const TlsFixture server(options);
  for (const char* request :
       {get_hello_tls, "GET /nothing HTTP/1.1\r\n\r\n", "nonsense\r\n\r\n", "GET /hello"}) {
    TlsClient client(server.port());
    client.send(request);
    EXPECT_THAT(client.read_answer(), HasSubstr("\r\nStrict-Transport-Security: max-age=31536000\r\n"))
        << request;
  }
}

TEST(ServerTls, WhatIsOverALimitIsToldSo) {
  struct Row {
    const char* name;
    std::string request;
    const char* status_line;
  };
  const Row rows[] = {
      {"not HTTP", "hello\r\n\r\n", "HTTP/1.1 400 "},
      {"long target", "GET /" + std::string(8 << 10, 'a') + " HTTP/1.1\r\n\r\n", "HTTP/1.1 414 "},
      {"long header", "GET / HTTP/1.1\r\nX: " + std::string(33 << 10, 'a') + "\r\n\r\n", "HTTP/1.1 431 "},
      {"announced length", post("/small", 1 << 30), "HTTP/1.1 413 "},
      {"a body that goes on coming", post("/small", 3 << 20) + std::string(3 << 20, 'x'), "HTTP/1.1 413 "},
  };
  const TlsFixture server;
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    TlsClient client(server.port());
    client.send(row.request);
    const std::string answer = client.read_answer();
    EXPECT_THAT(answer, StartsWith(row.status_line));
    EXPECT_THAT(answer, HasSubstr("Connection: close\r\n"));
    EXPECT_TRUE(client.closed_by_server());
    EXPECT_TRUE(client.told_the_end());
  }
  TlsClient client(server.port());
  client.send(get_hello_tls);
  EXPECT_THAT(client.read_answer(), EndsWith("hello"));
}

TEST(ServerTls, ExpectIsAnsweredBeforeTheBody) {
  const TlsFixture server;
  TlsClient client(server.port());
  client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-Continue\r\n\r\n");
  EXPECT_EQ(client.read_answer(), "HTTP/1.1 100 Continue\r\n\r\n");
  client.send("abc");
  EXPECT_THAT(client.read_answer(), EndsWith("\r\n\r\nabc"));
}

TEST(ServerTls, SlowHandshakesAndRequestsAreCut) {
  ServerOptions options;
  options.read_timeout_ms = 800;
  const TlsFixture server(options);
  const std::string hello_of_tls("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11);
  struct Row {
    const char* name;
    std::string start;
    const char* drip;
  };
  const Row in_the_clear[] = {
      {"silent", "", ""},
      {"the first bytes of a handshake", hello_of_tls, ""},
      {"a handshake that drips", hello_of_tls, "a"},
  };
  const Row secure[] = {
      {"silent after the handshake", "", ""},
      {"headers", "GET /hello HTTP/1.1\r\nX: ", "a"},
      {"body", "POST /echo HTTP/1.1\r\nContent-Length: 100000\r\n\r\n", "a"},
      {"second request", "GET /hello HTTP/1.1\r\n\r\nGET /hello HTTP/1.1\r\nX: ", "a"},
  };
  const auto is_cut = [](RawClient& client, const Row& row) {
    client.send(row.start);
    if (*row.drip == '\0') return client.read_to_end().empty() && client.closed_by_server();
    // A server that does not cut would let this go on for ten seconds.
    for (int i = 0; i < 200; ++i) {
      pollfd connection{client.descriptor(), POLLRDHUP, 0};
      if (::poll(&connection, 1, 50) > 0 && (connection.revents & (POLLRDHUP | POLLHUP)) != 0) return true;
      if (!client.send(row.drip)) return true;
    }
    return false;
  };
  for (const Row& row : in_the_clear) {
    RawClient client(server.port());
    EXPECT_TRUE(is_cut(client, row)) << row.name;
  }
  EXPECT_EQ(server.identity->failed_handshakes(), std::size(in_the_clear));
  for (const Row& row : secure) {
    TlsClient client(server.port());
    EXPECT_TRUE(is_cut(client, row)) << row.name;
  }
  EXPECT_TRUE(eventually([&] { return server.counters().open_connections == 0; }));
  EXPECT_EQ(server.identity->failed_handshakes(), std::size(in_the_clear));
}

TEST(ServerTls, AHalfRequestIsToldThatItWasTooSlow) {
  ServerOptions options;
  options.read_timeout_ms = 500;
  const TlsFixture server(options);
  TlsClient client(server.port());
  client.send("POST /door/a HTTP/1.1\r\nContent-Length: 10\r\n\r\nabc");
  const std::string answer = client.read_to_end();
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 408 "));
  EXPECT_THAT(answer, EndsWith("door 408"));
  EXPECT_TRUE(client.told_the_end());
}

TEST(ServerTls, AClientThatDoesNotReadIsCut) {
  ServerOptions options;
  options.write_timeout_ms = 200;
  const TlsFixture server(options);
  TlsClient client(server.port());
  const int small = 4096;
  ::setsockopt(client.descriptor(), SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
  client.send("GET /large HTTP/1.1\r\nHost: a\r\n\r\n");
  ASSERT_TRUE(eventually([&] { return server.counters().responses_2xx == 1; }));
  EXPECT_TRUE(eventually([&] { return server.counters().open_connections == 0; }));
}

TEST(ServerTls, ConnectionsOverTheLimitWait) {
  ServerOptions options;
  options.max_connections = 2;
  const TlsFixture server(options);
  auto first = std::make_unique<RawClient>(server.port());  // its handshake has not even begun
  TlsClient second(server.port());
  ASSERT_TRUE(second.secure());
  ASSERT_TRUE(eventually([&] { return server.counters().open_connections == 2; }));
  auto third = std::async(std::launch::async, [&] {
    TlsClient client(server.port());
    client.send(get_hello_tls);
    return client.read_answer();
  });
  second.send(get_hello_tls);
  EXPECT_THAT(second.read_answer(), EndsWith("hello"));
  EXPECT_EQ(server.counters().open_connections, 2U);
  EXPECT_EQ(server.counters().requests, 1U);
  first.reset();
  EXPECT_THAT(third.get(), EndsWith("hello"));
}

TEST(ServerTls, OthersThanTlsAreClosedAndCounted) {
  const std::string rows[] = {
      get_hello_tls,
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
      "SSH-2.0-OpenSSH_9.2\r\n",
      std::string(4096, '\0'),
      std::string("\x16\x03\x01\xff\xff", 5) + std::string(1 << 16, 'a'),
      std::string("\x15\x03\x01\x00\x02\x02\x28", 7),
      std::string("\x17\x03\x03\x00\x05hello", 10),
      std::string("\x80\x2e\x01\x00\x02", 5) + std::string(64, 'a'),
  };
  const TlsFixture server;
  std::uint64_t failed = 0;
  for (const std::string& row : rows) {
    SCOPED_TRACE(row.substr(0, 16));
    RawClient client(server.port());
    client.send(row);
    EXPECT_THAT(client.read_to_end(), Not(HasSubstr("HTTP/1.1")));
    EXPECT_TRUE(client.closed_by_server());
    ++failed;
    EXPECT_TRUE(eventually([&] { return server.identity->failed_handshakes() == failed; }));
  }
  { const RawClient leaves(server.port()); }
  EXPECT_TRUE(eventually([&] { return server.identity->failed_handshakes() == failed + 1; }));
  EXPECT_TRUE(eventually([&] { return server.counters().open_connections == 0; }));
  EXPECT_EQ(server.counters().requests, 0U);
  TlsClient client(server.port());
  client.send(get_hello_tls);
  EXPECT_THAT(client.read_answer(), EndsWith("hello"));
}

TEST(ServerTls, AgreesOnWhatIsSafeAndSpokenHere) {
  struct Row {
    const char* name;
    TlsManner manner;
    bool agreed;
    const char* protocol;
    int version;
  };
  const Row rows[] = {
      {"the newest", {}, true, "", TLS1_3_VERSION},
      {"TLS 1.2", {TLS1_2_VERSION, "", nullptr}, true, "", TLS1_2_VERSION},
      {"TLS 1.1", {TLS1_1_VERSION, "", nullptr}, false, "", 0},
      {"HTTP/1.1", {0, "\x08http/1.1", nullptr}, true, "http/1.1", TLS1_3_VERSION},
      {"HTTP/2 first", {0, "\x02h2\x08http/1.1", nullptr}, true, "http/1.1", TLS1_3_VERSION},
      {"HTTP/2 alone", {0, "\x02h2", nullptr}, false, "", 0},
  };
  const TlsFixture server;
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    const TlsClient client(server.port(), row.manner);
    EXPECT_EQ(client.secure(), row.agreed);
    if (!row.agreed) continue;
    EXPECT_EQ(client.protocol(), row.protocol);
    EXPECT_EQ(SSL_version(client.ssl()), row.version);
  }
}

TEST(ServerTls, KeysMayChangeButNothingIsNegotiatedAnew) {
  const TlsFixture server;
  TlsClient modern(server.port());
  for (int i = 0; i < 3; ++i) {
    ASSERT_EQ(SSL_key_update(modern.ssl(), SSL_KEY_UPDATE_REQUESTED), 1);
    modern.send(get_hello_tls);
    EXPECT_THAT(modern.read_answer(), EndsWith("hello"));
  }
  TlsClient older(server.port(), {TLS1_2_VERSION, "", nullptr});
  older.send(get_hello_tls);
  EXPECT_THAT(older.read_answer(), EndsWith("hello"));
  ASSERT_EQ(SSL_renegotiate(older.ssl()), 1);
  EXPECT_NE(SSL_do_handshake(older.ssl()), 1);
}

/// A client whose bytes are carried by hand.
class CarriedClient {
 public:
  CarriedClient() : context_(SSL_CTX_new(TLS_client_method())), ssl_(SSL_new(context_.get())) {
    SSL_set_bio(ssl_.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
    SSL_set_connect_state(ssl_.get());
  }
  [[nodiscard]] SSL* ssl() const { return ssl_.get(); }
  [[nodiscard]] std::string sent() const {
    std::string bytes = test::text_of(SSL_get_wbio(ssl_.get()));
    static_cast<void>(BIO_reset(SSL_get_wbio(ssl_.get())));
    return bytes;
  }
  void take(std::string_view bytes) const {
    BIO_write(SSL_get_rbio(ssl_.get()), bytes.data(), static_cast<int>(bytes.size()));
  }

 private:
  std::unique_ptr<SSL_CTX, test::Release<SSL_CTX_free>> context_;
  std::unique_ptr<SSL, test::Release<SSL_free>> ssl_;
};

TEST(TlsSession, MessagesThatHoldNothingLeaveOthersTheirTurn) {
  const PemFiles files(make_certificate("localhost"));
  const SystemClock clock;
  const auto identity = TlsIdentity::load(files.certificate(), files.key(), clock).value();
  int sockets[2] = {-1, -1};
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, sockets), 0);
  const int room = 1 << 20;
  ::setsockopt(sockets[1], SOL_SOCKET, SO_SNDBUF, &room, sizeof room);
  const auto session = identity->accept(sockets[0]);
  const CarriedClient client;
  const auto carry = [&](const std::string& bytes) {
    return ::send(sockets[1], bytes.data(), bytes.size(), 0) == static_cast<ssize_t>(bytes.size());
  };
  char bytes[16 << 10];
  for (int i = 0; i < 10 && SSL_do_handshake(client.ssl()) != 1; ++i) {
    ASSERT_TRUE(carry(client.sent()));
    ASSERT_EQ(session->read(bytes, sizeof bytes).next, TlsSession::Next::readable);
    const auto got = ::recv(sockets[1], bytes, sizeof bytes, 0);
    if (got > 0) client.take({bytes, static_cast<std::size_t>(got)});
  }
  ASSERT_TRUE(carry(client.sent()));
  ASSERT_EQ(session->read(bytes, sizeof bytes).next, TlsSession::Next::readable);

  // 5,000 times "my key is another one now", which is far more than one turn, and then a word.
  for (int i = 0; i < 5'000; ++i) {
    ASSERT_EQ(SSL_key_update(client.ssl(), SSL_KEY_UPDATE_NOT_REQUESTED), 1);
    ASSERT_EQ(SSL_do_handshake(client.ssl()), 1);
  }
  ASSERT_EQ(SSL_write(client.ssl(), "word", 4), 4);
  ASSERT_TRUE(carry(client.sent()));
  int turns = 0;
  TlsSession::Step step;
  while ((step = session->read(bytes, sizeof bytes)).next == TlsSession::Next::again) ++turns;
  EXPECT_EQ(step.next, TlsSession::Next::nothing);
  EXPECT_EQ(std::string(bytes, step.bytes), "word");
  EXPECT_GE(turns, 1);
  EXPECT_EQ(session->read(bytes, sizeof bytes).next, TlsSession::Next::readable);
  ::close(sockets[0]);
  EXPECT_EQ(session->read(bytes, sizeof bytes).next, TlsSession::Next::failed);
  ::close(sockets[1]);
}

TEST(ServerTls, SessionsGoOnUntilTheCertificateIsAnother) {
  TlsFixture server;
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    TlsClient first(server.port(), {version, "", nullptr});
    first.send(get_hello_tls);
    EXPECT_THAT(first.read_answer(), EndsWith("hello"));
    const std::unique_ptr<SSL_SESSION, test::Release<SSL_SESSION_free>> session(
        SSL_get1_session(first.ssl()));
    TlsClient again(server.port(), {version, "", session.get()});
    EXPECT_TRUE(again.resumed());
    again.send(get_hello_tls);
    EXPECT_THAT(again.read_answer(), EndsWith("hello"));
    server.files.write(make_certificate("other.example"));
    ASSERT_TRUE(server.identity->reload());
    const TlsClient later(server.port(), {version, "", session.get()});
    EXPECT_TRUE(later.secure());
    EXPECT_FALSE(later.resumed());
  }
}

TEST(ServerTls, KeysOfTicketsGoAfterTwoPeriods) {
  using Session = std::unique_ptr<SSL_SESSION, test::Release<SSL_SESSION_free>>;
  TlsFixture server;
  const auto greets = [](TlsClient& client) {
    client.send(get_hello_tls);
    return client.read_answer().ends_with("hello");
  };
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    SCOPED_TRACE(version);
    TlsClient first(server.port(), {version, "", nullptr});
    ASSERT_TRUE(greets(first));
    const Session session(SSL_get1_session(first.ssl()));
    server.clock.advance(TicketKeys::period);
    // Others are given tickets under the next key already.
    TlsClient second(server.port(), {version, "", nullptr});
    ASSERT_TRUE(greets(second));
    const Session newer(SSL_get1_session(second.ssl()));
    TlsClient late(server.port(), {version, "", session.get()});
    EXPECT_TRUE(late.resumed());
    ASSERT_TRUE(greets(late));
    const Session renewed(SSL_get1_session(late.ssl()));
    server.clock.advance(TicketKeys::period);
    for (SSL_SESSION* const lives : {newer.get(), renewed.get()})
      EXPECT_TRUE(TlsClient(server.port(), {version, "", lives}).resumed());
    TlsClient too_late(server.port(), {version, "", session.get()});
    EXPECT_FALSE(too_late.resumed());
    EXPECT_TRUE(greets(too_late));
    // A key that nobody has renewed since opens nothing either.
    server.clock.advance(TicketKeys::period);
    server.clock.advance(TicketKeys::period);
    EXPECT_FALSE(TlsClient(server.port(), {version, "", newer.get()}).resumed());
  }
}

TEST(ServerTls, ACertificateIsReadAgainWhileConnectionsStand) {
  TlsFixture server;
  TlsClient stays(server.port());
  stays.send(get_hello_tls);
  EXPECT_THAT(stays.read_answer(), EndsWith("hello"));
  const std::string pin = server.identity->certificate().pin;

  server.files.write(make_certificate("renewed.example"));
  ASSERT_TRUE(server.identity->reload());
  EXPECT_EQ(TlsClient(server.port()).server(), "renewed.example");
  EXPECT_EQ(server.identity->certificate().names.front(), "renewed.example");
  EXPECT_NE(server.identity->certificate().pin, pin);
  stays.send(get_hello_tls);
  EXPECT_THAT(stays.read_answer(), EndsWith("hello"));

  server.files.write("key.pem", make_certificate("another.example").key);
  const Status refused = server.identity->reload();
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().detail, HasSubstr("does not belong to"));
  EXPECT_EQ(TlsClient(server.port()).server(), "renewed.example");
  std::filesystem::remove(server.files.certificate());
  EXPECT_FALSE(server.identity->reload());
  EXPECT_EQ(TlsClient(server.port()).server(), "renewed.example");
}

TEST(ServerTls, CertificatesMayChangeWhileClientsCome) {
  ServerOptions options;
  options.lanes = 2;
  TlsFixture server(options);
  std::atomic<bool> done{false};
  std::atomic<int> answered{0};
  std::vector<std::thread> clients;
  for (int i = 0; i < 3; ++i) {
    clients.emplace_back([&] {
      while (!done) {
        TlsClient client(server.port());
        client.send(get_hello_tls);
        if (client.read_answer().ends_with("hello")) ++answered;
      }
    });
  }
  int reloaded = 0;
  EXPECT_TRUE(eventually([&] {
    server.files.write(make_certificate("localhost"));
    if (server.identity->reload()) ++reloaded;
    return reloaded >= 20 && answered >= 20;
  }));
  done = true;
  for (std::thread& client : clients) client.join();
  EXPECT_EQ(server.identity->failed_handshakes(), 0U);
}

TEST(ServerTls, WhatIsInFlightIsAnsweredBeforeTheEnd) {
  TlsFixture server;
  TlsClient busy(server.port());
  TlsClient idle(server.port());
  const RawClient silent(server.port());
  idle.send(get_hello_tls);
  EXPECT_THAT(idle.read_answer(), EndsWith("hello"));
  busy.send("GET /held HTTP/1.1\r\nHost: a\r\n\r\n");
  Responder responder = server.fixture->held.take();
  auto drained =
      std::async(std::launch::async, [&] { return server.fixture->server->drain_and_stop(30'000); });
  ASSERT_TRUE(eventually([&] { return !RawClient(server.port()).connected(); }));
  idle.send(get_hello_tls);
  EXPECT_THAT(idle.read_answer(), StartsWith("HTTP/1.1 503 "));
  EXPECT_TRUE(idle.closed_by_server());
  responder.respond(text(std::string(4 << 20, 'x')));
  EXPECT_GT(busy.read_answer().size(), 4U << 20);
  EXPECT_TRUE(drained.get());
  EXPECT_TRUE(busy.closed_by_server());
  EXPECT_TRUE(busy.told_the_end());
  EXPECT_EQ(server.counters().open_connections, 0U);
}

TEST(TlsIdentity, FilesThatAreNoGoodAreNamed) {
  const test::Pem good = make_certificate("localhost");
  const test::Pem other = make_certificate("localhost");
  const PemFiles files(good);
  struct Row {
    const char* name;
    std::string certificate;
    std::string key;
    std::string why;
  };
  const auto file = [&files](const char* name, const std::string& text) { return files.write(name, text); };
  const std::string missing = files.path("missing.pem");
  const std::string damaged = file(
      "damaged.pem", good.certificate + "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
  const std::string secret = file("secret.pem", make_certificate("localhost", -1, 1, "secret").key);
  const Row rows[] = {
      {"no certificate", missing, files.key(), "cannot read " + missing + ": No such file or directory"},
      {"no key", files.certificate(), missing, "cannot read " + missing + ": No such file or directory"},
      {"a directory", "/tmp", files.key(), "cannot read /tmp: Is a directory"},
      {"an empty certificate", file("empty.pem", ""), files.key(), "empty.pem is no certificate in PEM"},
      {"a key for a certificate", files.key(), files.key(), "key.pem is no certificate in PEM"},
      {"a certificate for a key", files.certificate(), files.certificate(),
       "certificate.pem is no private key in PEM"},
      {"a chain that breaks off", damaged, files.key(), "the chain in " + damaged + " is damaged"},
      {"another one's key", files.certificate(), file("other.pem", other.key),
       "other.pem does not belong to the certificate in " + files.certificate()},
      {"an encrypted key", files.certificate(), secret, "the key in " + secret + " is encrypted"},
      {"what never ends", "/dev/zero", files.key(), "/dev/zero is too long"},
  };
  const SystemClock clock;
  for (const Row& row : rows) {
    const auto loaded = TlsIdentity::load(row.certificate, row.key, clock);
    ASSERT_FALSE(loaded) << row.name;
    EXPECT_EQ(loaded.error().code, Errc::invalid_configuration);
    EXPECT_THAT(loaded.error().detail, HasSubstr(row.why)) << row.name;
  }
  EXPECT_TRUE(TlsIdentity::load(files.certificate(), files.key(), clock));
}

TEST(TlsIdentity, TellsWhatItsCertificateSays) {
  const PemFiles files(make_certificate("*.shop.example", -7200, -3600));
  const SystemClock clock;
  const auto identity = TlsIdentity::load(files.certificate(), files.key(), clock);
  ASSERT_TRUE(identity) << "one that is over is the operator's business";
  const Certificate certificate = (*identity)->certificate();
  EXPECT_THAT(certificate.names, testing::ElementsAre("*.shop.example", "127.0.0.1"));
  EXPECT_EQ(certificate.not_after - certificate.not_before, Duration::seconds(3600));
  EXPECT_LT(certificate.not_after, clock.wall_now());
  EXPECT_EQ(certificate.pin.size(), std::string("sha256//").size() + 44);
  EXPECT_TRUE((*identity)->is_for("pay.shop.example"));
  EXPECT_TRUE((*identity)->is_for("127.0.0.1"));
  EXPECT_FALSE((*identity)->is_for("shop.example"));
  EXPECT_FALSE((*identity)->is_for("127.0.0.2"));
}

TEST(TlsIdentity, AuthoritiesAreChecked) {
  const test::Pem one = make_certificate("a.example");
  const test::Pem two = make_certificate("b.example");
  const PemFiles files(one);
  EXPECT_TRUE(check_authorities(files.certificate()));
  EXPECT_TRUE(check_authorities(files.write("two.pem", one.certificate + two.certificate)));
  EXPECT_FALSE(check_authorities(files.path("missing.pem")));
  EXPECT_FALSE(check_authorities(files.key()));
  EXPECT_FALSE(check_authorities(files.write("cut.pem", one.certificate + two.certificate.substr(0, 200))));
}

}  // namespace
}  // namespace jangbu::http
