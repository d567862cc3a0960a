// One lane of the server: a thread, an event loop, an acceptor, and the connections that it accepted.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "http/server.h"

namespace jangbu::http {

struct LaneSettings {
  ServerOptions options;
  int max_connections = 0;             // this lane's share
  std::size_t max_buffered_bytes = 0;  // this lane's share
};

class Lane {
 public:
  /// Takes over `listening_socket` (bound, listening, non-blocking) and starts the thread.
  static std::unique_ptr<Lane> start(const LaneSettings& settings, std::shared_ptr<const Router> router,
                                     int listening_socket);
  virtual ~Lane() = default;

  [[nodiscard]] virtual ServerCounters counters() const = 0;
  /// Accepts what already waits, then no more. From then on requests are answered 503 and connections closed
  /// after their answer. `on_idle` is called from the lane's thread whenever idle() may have become true.
  virtual void begin_drain(std::function<void()> on_idle) = 0;
  /// Draining, and every request that came has its answer with the kernel.
  [[nodiscard]] virtual bool idle() const = 0;
  /// Closes all connections, answered or not, and ends the thread. Later answers are dropped.
  virtual void stop() = 0;
};

}  // namespace jangbu::http
