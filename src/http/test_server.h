// A server with the routes that the tests need.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "http/server.h"

namespace jangbu::http::test {

/// Where a handler leaves its Responder for the test to answer.
class Held {
 public:
  void put(Responder responder) {
    const std::lock_guard lock(mutex_);
    responders_.push_back(std::move(responder));
    arrived_.notify_all();
  }
  Responder take() {
    std::unique_lock lock(mutex_);
    arrived_.wait(lock, [this] { return !responders_.empty(); });
    Responder responder = std::move(responders_.front());
    responders_.erase(responders_.begin());
    return responder;
  }

 private:
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::vector<Responder> responders_;
};

/// Answers from a thread of its own, everything that waits at once.
class Worker {
 public:
  Worker() : thread_([this] { run(); }) {}
  ~Worker() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    changed_.notify_all();
    thread_.join();
  }
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  void put(Responder responder) {
    const std::lock_guard lock(mutex_);
    waiting_.push_back(std::move(responder));
    changed_.notify_all();
  }

 private:
  void run() {
    std::unique_lock lock(mutex_);
    while (!stopping_) {
      std::vector<Responder> batch = std::exchange(waiting_, {});
      lock.unlock();
      for (Responder& responder : batch) {
        Response response;
        response.body = std::string(responder.request().body());
        responder.respond(std::move(response));
      }
      batch.clear();
      lock.lock();
      changed_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
    }
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  std::vector<Responder> waiting_;
  std::thread thread_;
};

inline Response text(std::string body, int status = 200) {
  Response response;
  response.status = status;
  response.body = std::move(body);
  response.content_type = "text/plain";
  return response;
}

struct Fixture {
  Held held;
  Worker worker;
  std::unique_ptr<Server> server;  // first to go

  explicit Fixture(ServerOptions options = {}, std::function<void(Router&)> more = {}) {
    Router router;
    const auto add = [&router](Method method, const char* pattern, Handler handler,
                               std::size_t limit = 1 << 20) {
      router.add({method, pattern, Effect::write, std::move(handler), limit});
    };
    add(Method::get, "/hello", [](Responder r) { r.respond(text("hello")); });
    add(Method::post, "/echo", [this](Responder r) { worker.put(std::move(r)); });
    add(
        Method::post, "/small", [](Responder r) { r.respond(text(std::string(r.request().body()))); }, 16);
    add(
        Method::post, "/big", [](Responder r) { r.respond(text(std::to_string(r.request().body().size()))); },
        32 << 20);
    add(Method::get, "/held", [this](Responder r) { held.put(std::move(r)); });
    add(Method::get, "/large", [](Responder r) { r.respond(text(std::string(16 << 20, 'x'))); });
    add(Method::get, "/throws", [](Responder) { throw std::runtime_error("on purpose"); });
    add(Method::get, "/drops", [](Responder) {});
    add(Method::get, "/injects", [](Responder r) {
      Response response = text("x");
      response.headers.push_back({"X-Name", "a\r\nSet-Cookie: b=c"});
      r.respond(std::move(response));
    });
    add(Method::get, "/empty", [](Responder r) { r.respond(text("", 204)); });
    add(Method::get, "/things/{id}", [](Responder r) {
      const Request& q = r.request();
      std::string said = std::string(method_name(q.method())) + "|" + std::string(q.path()) + "|" +
                         std::string(q.query()) + "|" + std::string(q.path_parameter("id")) + "|" +
                         std::string(q.path_parameter("none")) + "|" + q.peer() + "|" +
                         (q.header("x-TEST") == nullptr ? "-" : *q.header("x-TEST"));
      r.respond(text(std::move(said)));
    });
    router.add_dialect({"/", [](int status, std::string_view message) {
                          return text("root says " + std::to_string(status) + " " + std::string(message),
                                      status);
                        }});
    router.add_dialect({"/door", [](int status, std::string_view) {
                          return text("door " + std::to_string(status), status);
                        }});
    if (more) more(router);
    options.port = 0;
    auto started = Server::start(options, std::move(router));
    if (!started) throw std::runtime_error(to_string(started.error()));
    server = std::move(started).value();
  }

  [[nodiscard]] std::uint16_t port() const { return server->port(); }
};

/// Waits for what another thread will bring about soon; the time limit is only there to end a failing test.
template <typename Condition>
bool eventually(Condition condition) {
  for (int i = 0; i < 2000; ++i) {
    if (condition()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return false;
}

}  // namespace jangbu::http::test
