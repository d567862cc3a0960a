// What the HTTP server costs by itself: answers come in batches from one other thread, as the engine's do.
//   http_echo [lanes] [seconds] &   wrk -t1 -c64 -d5 http://127.0.0.1:8099/echo
// Prints the processor time per request when it ends.
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include <sys/resource.h>

#include "http/server.h"

namespace {

using jangbu::http::Responder;
using jangbu::http::Response;

class BatchWorker {
 public:
  BatchWorker() : thread_([this] { run(); }) {}
  ~BatchWorker() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    changed_.notify_one();
    thread_.join();
  }
  BatchWorker(const BatchWorker&) = delete;
  BatchWorker& operator=(const BatchWorker&) = delete;

  void put(Responder responder) {
    bool wake = false;
    {
      const std::lock_guard lock(mutex_);
      wake = waiting_.empty();
      waiting_.push_back(std::move(responder));
    }
    if (wake) changed_.notify_one();
  }

 private:
  void run() {
    std::vector<Responder> batch;
    std::unique_lock lock(mutex_);
    while (!stopping_) {
      std::swap(batch, waiting_);
      lock.unlock();
      for (Responder& responder : batch) {
        Response response;
        response.body = R"({"ok":true})";
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

std::int64_t processor_us() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto us = [](const timeval& t) { return std::int64_t{t.tv_sec} * 1'000'000 + t.tv_usec; };
  return us(usage.ru_utime) + us(usage.ru_stime);
}

}  // namespace

int main(int argc, char** argv) {
  BatchWorker worker;
  jangbu::http::ServerOptions options;
  options.port = 8099;
  options.lanes = argc > 1 ? std::atoi(argv[1]) : 1;
  const int run_seconds = argc > 2 ? std::atoi(argv[2]) : 10;
  jangbu::http::Router router;
  const auto deferred = [&worker](Responder responder) { worker.put(std::move(responder)); };
  router.add({jangbu::http::Method::get, "/echo", jangbu::http::Effect::read, deferred});
  router.add({jangbu::http::Method::post, "/echo", jangbu::http::Effect::write, deferred});
  auto server = jangbu::http::Server::start(options, std::move(router));
  if (!server) {
    std::fprintf(stderr, "%s\n", jangbu::to_string(server.error()).c_str());
    return 1;
  }
  std::this_thread::sleep_for(std::chrono::seconds(run_seconds));
  const bool whole = server.value()->drain_and_stop(1'000);
  const auto requests = server.value()->counters().requests;
  std::printf("%llu requests, %.2f us of processor time each%s\n", static_cast<unsigned long long>(requests),
              requests == 0 ? 0.0 : static_cast<double>(processor_us()) / static_cast<double>(requests),
              whole ? "" : " (something was cut off)");
  return 0;
}
