#include "http/server.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <utility>
#include <vector>

#include "http/lane.h"
#include "http/listen_socket.h"

namespace jangbu::http {
namespace {

class LaneServer final : public Server {
 public:
  LaneServer(const ServerOptions& options, Router router, const ListenSockets& sockets)
      : port_(sockets.port) {
    const auto shared_router = std::make_shared<const Router>(std::move(router));
    LaneSettings settings;
    settings.options = options;
    settings.max_connections = (options.max_connections + options.lanes - 1) / options.lanes;
    settings.max_buffered_bytes = options.max_buffered_bytes / static_cast<std::size_t>(options.lanes);
    for (const int socket : sockets.descriptors)
      lanes_.push_back(Lane::start(settings, shared_router, socket));
  }
  ~LaneServer() override { drain_and_stop(0); }
  LaneServer(const LaneServer&) = delete;
  LaneServer& operator=(const LaneServer&) = delete;

  [[nodiscard]] std::uint16_t port() const override { return port_; }

  [[nodiscard]] ServerCounters counters() const override {
    ServerCounters sum;
    for (const auto& lane : lanes_) {
      const ServerCounters part = lane->counters();
      sum.requests += part.requests;
      sum.open_connections += part.open_connections;
      sum.in_flight += part.in_flight;
      sum.buffered_bytes += part.buffered_bytes;
      sum.responses_2xx += part.responses_2xx;
      sum.responses_4xx += part.responses_4xx;
      sum.responses_5xx += part.responses_5xx;
    }
    return sum;
  }

  bool drain_and_stop(std::int64_t patience_ms) override {
    const std::lock_guard stopping(stop_mutex_);
    if (stopped_) return true;
    stopped_ = true;
    for (const auto& lane : lanes_) {
      lane->begin_drain([this] {
        const std::lock_guard lock(idle_mutex_);
        idle_.notify_all();
      });
    }
    const auto all_idle = [this] {
      return std::all_of(lanes_.begin(), lanes_.end(), [](const auto& lane) { return lane->idle(); });
    };
    bool nothing_cut = false;
    {
      std::unique_lock lock(idle_mutex_);
      nothing_cut = idle_.wait_for(lock, std::chrono::milliseconds(patience_ms), all_idle);
    }
    for (const auto& lane : lanes_) lane->stop();
    return nothing_cut;
  }

 private:
  std::uint16_t port_;
  std::mutex stop_mutex_;
  bool stopped_ = false;
  std::mutex idle_mutex_;
  std::condition_variable idle_;
  std::vector<std::unique_ptr<Lane>> lanes_;
};

}  // namespace

Result<std::unique_ptr<Server>> Server::start(const ServerOptions& options, Router router) {
  if (options.lanes < 1 || options.max_connections < 1 || options.read_timeout_ms < 1 ||
      options.write_timeout_ms < 1 || options.handle_timeout_ms < 1) {
    return Error(Errc::invalid_configuration,
                 "lanes, connections and time limits of the server must be positive");
  }
  ASSIGN_OR_RETURN(const ListenSockets sockets, listen_on(options.address, options.port, options.lanes));
  return std::unique_ptr<Server>(std::make_unique<LaneServer>(options, std::move(router), sockets));
}

}  // namespace jangbu::http
