// The load generator: one thread, keep-alive connections, one purchase at a time on each.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "cli/bench/answer.h"
#include "cli/bench/latency.h"
#include "cli/bench/purchases.h"

namespace jangbu::cli::bench {

/// When to stop: whichever comes first; 0 is no bound.
struct Goal {
  std::int64_t duration_us = 0;
  std::uint64_t purchases = 0;
};

struct LoadResult {
  std::uint64_t accepted = 0;
  std::uint64_t unknown = 0;  // answered 503, or the connection ended before the answer
  std::uint64_t failed = 0;
  std::string first_failure;    // the answer to the first one that failed
  std::int64_t elapsed_us = 0;  // from the first request to the last answer
  LatencyHistogram latencies;

  [[nodiscard]] std::uint64_t accepted_per_s() const;
};

class Load {
 public:
  /// `port` is one of this machine's loopback: the load goes nowhere else.
  Load(const Clock& clock, std::uint16_t port, int connections, const PurchaseOptions& purchases);
  ~Load();
  Load(const Load&) = delete;
  Load& operator=(const Load&) = delete;

  /// Connects what is not connected, and makes purchases until the goal is reached and everything is
  /// answered. Error: io_error when the server cannot be reached, falls silent, or on an interrupt.
  using OnAnswers = std::function<void(std::uint64_t accepted)>;
  Result<LoadResult> run(const Goal& goal, const OnAnswers& on_answers = {});

 private:
  struct Connection {
    int socket = -1;
    bool waits = false;  // a request has no answer yet
    std::int64_t sent_us = 0;
    std::string unsent;
    std::string unread;
  };
  struct Run;

  Status open(Connection& connection);
  Status watch(Connection& connection, int operation, std::uint32_t events) const;
  static void close(Connection& connection);
  Status reopen(Run& run, Connection& connection);
  Status send_next(Run& run, Connection& connection);
  Status send_rest(Connection& connection, std::string_view bytes);
  Status send_unsent(Connection& connection);
  Status receive(Run& run, Connection& connection);
  Status take_answer(Run& run, Connection& connection, const Answer& answer);
  Status wait(Run& run);

  const Clock& clock_;
  std::uint16_t port_;
  Purchases purchases_;
  int epoll_;
  std::vector<Connection> connections_;
};

}  // namespace jangbu::cli::bench
