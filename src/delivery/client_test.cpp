#include "delivery/client.h"

#include <future>

#include <gtest/gtest.h>

#include "delivery/test_receiver.h"

namespace jangbu::delivery {
namespace {

using testing::Received;
using testing::Receiver;
using testing::Stop;

struct TestSender {
  explicit TestSender(ClientOptions options) : client(Client::start(options).value()) {}
  Answer post(const std::string& url, std::string body = "{}") {
    std::promise<Answer> promise;
    client->post({.url = url, .headers = {{"webhook-id", "msg_1"}}, .body = std::move(body)},
                 [&](Answer answer) { promise.set_value(std::move(answer)); });
    return promise.get_future().get();
  }
  Answer get(const std::string& url) {
    std::promise<Answer> promise;
    client->get(url, [&](Answer answer) { promise.set_value(std::move(answer)); });
    return promise.get_future().get();
  }
  std::unique_ptr<Client> client;
};

ClientOptions sandbox(long timeout_ms = 10'000) {
  ClientOptions options;
  options.reach = Reach::loopback_too;
  options.timeout_ms = timeout_ms;
  options.connect_timeout_ms = timeout_ms;
  return options;
}

TEST(Client, SendsTheBodyAndReadsTheAnswer) {
  Receiver receiver([](const Received&, const Receiver::Send& send, const auto&) {
    send(Receiver::answer(201, "{\"success\":true}"));
  });
  TestSender sender(sandbox());
  const Answer answer = sender.post(receiver.url(), "{\"a\":\"김\"}");
  EXPECT_EQ(answer.status, 201);
  EXPECT_EQ(answer.error, "");
  EXPECT_EQ(answer.body, "{\"success\":true}");
  const auto received = receiver.received();
  ASSERT_EQ(received.size(), 1U);
  EXPECT_TRUE(received[0].head.starts_with("POST /hook HTTP/1.1\r\n"));
  EXPECT_EQ(received[0].body, "{\"a\":\"김\"}");
  EXPECT_EQ(received[0].header("Content-Type"), "application/json; charset=utf-8");
  EXPECT_EQ(received[0].header("webhook-id"), "msg_1");
  EXPECT_EQ(received[0].header("Accept-Encoding"), "");
}

TEST(Client, Gets) {
  Receiver receiver([](const Received&, const Receiver::Send& send, const auto&) {
    send(Receiver::answer(200, "[{\"a\":1}]"));
  });
  ClientOptions options = sandbox();
  options.max_answer_bytes = 9;
  TestSender sender(options);
  const Answer answer = sender.get(receiver.url() + "?paid_ymd=20260525");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "[{\"a\":1}]");
  EXPECT_FALSE(answer.cut_off);
  const auto received = receiver.received();
  ASSERT_EQ(received.size(), 1U);
  EXPECT_TRUE(received[0].head.starts_with("GET /hook?paid_ymd=20260525 HTTP/1.1\r\n"));
  EXPECT_EQ(received[0].header("Content-Type"), "");
  EXPECT_EQ(received[0].body, "");

  options.max_answer_bytes = 8;
  EXPECT_TRUE(TestSender(options).get(receiver.url()).cut_off) << "one byte more than may be read";
  EXPECT_EQ(TestSender({}).get(receiver.url()).status, 0) << "not on this machine outside the sandbox";
}

TEST(Client, HostileReceivers) {
  const std::string gzip_bomb("\x1f\x8b\x08\0\0\0\0\0\0\x03", 10);
  const struct {
    const char* name;
    Receiver::Behave behave;
    int status;         // what is taken for the answer's
    const char* error;  // a part of it; empty: none
  } rows[] = {
      {"hangs", [](const Received&, const Receiver::Send&, const Stop& stop) { stop.wait(); }, 0, "imed out"},
      {"drips its headers",
       [](const Received&, const Receiver::Send& send, const Stop& stop) {
         send("HTTP/1.1 200 OK\r\n");
         while (send("X") && !stop.within(20)) {
         }
       },
       0, "imed out"},
      {"drips its body",
       [](const Received&, const Receiver::Send& send, const Stop& stop) {
         send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
         while (send("x") && !stop.within(20)) {
         }
       },
       0, "imed out"},
      {"never ends its body",
       [](const Received&, const Receiver::Send& send, const Stop& stop) {
         send("HTTP/1.1 200 OK\r\n\r\n");
         const std::string piece(65536, 'x');
         while (!stop.within(0) && send(piece)) {
         }
       },
       200, ""},
      {"never ends its headers",
       [](const Received&, const Receiver::Send& send, const Stop& stop) {
         send("HTTP/1.1 200 OK\r\n");
         const std::string line = "X-Line: " + std::string(4000, 'x') + "\r\n";
         while (!stop.within(0) && send(line)) {
         }
       },
       0, "headers are too long"},
      {"hangs up",
       [](const Received&, const Receiver::Send& send, const auto&) {
         send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\nConnection: close\r\n\r\nx");
         throw std::runtime_error("close");
       },
       0, ""},
      {"redirects to the metadata of a cloud",
       [](const Received&, const Receiver::Send& send, const auto&) {
         send(Receiver::answer(302, "", "Location: http://169.254.169.254/latest/meta-data\r\n"));
       },
       302, ""},
      {"redirects to itself",
       [](const Received&, const Receiver::Send& send, const auto&) {
         send(Receiver::answer(307, "", "Location: /again\r\n"));
       },
       307, ""},
      {"sends a gzip bomb",
       [&](const Received&, const Receiver::Send& send, const auto&) {
         send(Receiver::answer(200, gzip_bomb, "Content-Encoding: gzip\r\n"));
       },
       200, ""},
      {"is no HTTP",
       [](const Received&, const Receiver::Send& send, const Stop& stop) {
         send("SSH-2.0-OpenSSH_9.2\r\n");
         stop.wait();
       },
       0, "HTTP/0.9"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    Receiver receiver([&](const Received& received, const Receiver::Send& send, const Stop& stop) {
      try {
        row.behave(received, send, stop);
      } catch (const std::runtime_error&) {
        stop.wait();
      }
    });
    TestSender sender(sandbox(300));
    const Answer answer = sender.post(receiver.url());
    EXPECT_EQ(answer.status, row.status);
    EXPECT_NE(answer.error.find(row.error), std::string::npos) << answer.error;
    EXPECT_EQ(answer.error.empty(), answer.status != 0);
    EXPECT_LE(answer.body.size(), 64U * 1024);
    EXPECT_EQ(receiver.received().size(), 1U);
  }
}

TEST(Client, ReadsNoMoreThanItMay) {
  for (const std::size_t size : std::vector<std::size_t>{65'535, 65'536, 65'537}) {
    Receiver receiver([size](const Received&, const Receiver::Send& send, const auto&) {
      send(Receiver::answer(200, std::string(size, 'x')));
    });
    TestSender sender(sandbox());
    const Answer answer = sender.post(receiver.url());
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body.size(), std::min<std::size_t>(size, 64 * 1024));
  }
}

TEST(Client, KeepsAwayFromAddressesThatAreNotPublic) {
  Receiver receiver(
      [](const Received&, const Receiver::Send& send, const auto&) { send(Receiver::answer(200, "")); });
  const std::string port = ":" + std::to_string(receiver.port()) + "/";
  ClientOptions options = sandbox(2'000);
  const struct {
    std::string url;
    Reach reach;
  } rows[] = {
      // "localhost" is a name: it is refused for what it resolves to.
      {"https://localhost" + port, Reach::public_https},
      {"https://127.0.0.1" + port, Reach::public_https},
      {"https://2130706433" + port, Reach::public_https},
      {"https://0x7f.1" + port, Reach::public_https},
      {"https://0177.0.0.1" + port, Reach::public_https},
      {"https://[::1]" + port, Reach::public_https},
      {"https://[::ffff:127.0.0.1]" + port, Reach::public_https},
      {"https://0.0.0.0" + port, Reach::public_https},
      {"http://example.invalid" + port, Reach::public_https},
      {"http://0.0.0.0" + port, Reach::loopback_too},
      {"http://169.254.169.254/latest", Reach::loopback_too},
      {"http://0xa9fea9fe/latest", Reach::loopback_too},
      {"http://10.0.0.1/", Reach::loopback_too},
      {"http://[fc00::1]/", Reach::loopback_too},
      {"http://[::ffff:192.168.0.1]/", Reach::loopback_too},
      {"ftp://127.0.0.1" + port, Reach::loopback_too},
      {"file:///etc/passwd", Reach::loopback_too},
  };
  for (const auto& row : rows) {
    options.reach = row.reach;
    TestSender sender(options);
    const Answer answer = sender.post(row.url);
    EXPECT_EQ(answer.status, 0) << row.url;
    EXPECT_NE(answer.error, "") << row.url;
  }
  options.reach = Reach::public_https;
  EXPECT_EQ(TestSender(options).post("https://localhost" + port).error, "the address is not public");
  EXPECT_EQ(receiver.accepted(), 0U);
}

TEST(Client, TakesNoProxyFromTheEnvironment) {
  Receiver proxy(
      [](const Received&, const Receiver::Send& send, const auto&) { send(Receiver::answer(200, "")); });
  Receiver receiver(
      [](const Received&, const Receiver::Send& send, const auto&) { send(Receiver::answer(204, "")); });
  setenv("http_proxy", ("http://127.0.0.1:" + std::to_string(proxy.port())).c_str(), 1);  // NOLINT
  TestSender sender(sandbox());
  EXPECT_EQ(sender.post(receiver.url()).status, 204);
  unsetenv("http_proxy");  // NOLINT
  EXPECT_EQ(proxy.accepted(), 0U);
}

TEST(Client, OneThatHangsHoldsUpNobody) {
  Receiver hanging([](const Received&, const Receiver::Send&, const Stop& stop) { stop.wait(); });
  Receiver healthy(
      [](const Received&, const Receiver::Send& send, const auto&) { send(Receiver::answer(200, "")); });
  TestSender sender(sandbox());
  std::atomic<int> ended{0};
  for (int i = 0; i < 20; ++i)
    sender.client->post({.url = hanging.url(), .headers = {}, .body = "{}"}, [&](const Answer&) { ++ended; });
  for (int i = 0; i < 20; ++i) EXPECT_EQ(sender.post(healthy.url()).status, 200);
  EXPECT_EQ(ended, 0);
  // What is under way when the client goes is answered, too.
  sender.client.reset();
  EXPECT_EQ(ended, 20);
}

}  // namespace
}  // namespace jangbu::delivery
