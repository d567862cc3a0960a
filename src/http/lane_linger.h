// Connections whose last answer is out while their clients still send: they are read dry for a while, because
// a reset would take the answer with it. Internal to lane.cpp, for the lane's thread.
#pragma once

#include <array>
#include <chrono>
#include <exception>
#include <memory>
#include <utility>
#include <vector>

#include <restinio/asio_include.hpp>

namespace jangbu::http {

class Lingering {
 public:
  using SteadyClock = std::chrono::steady_clock;

  /// Takes the socket over. It is reset when there are too many already, or no memory.
  void add(asio::ip::tcp::socket&& socket) noexcept {
    asio::ip::tcp::socket taken = std::move(socket);
    if (closed_ || sockets_.size() >= most) return;
    try {
      asio::error_code ignored;
      taken.shutdown(asio::socket_base::shutdown_send, ignored);
      const auto one = std::make_shared<One>(One{std::move(taken), SteadyClock::now() + patience});
      sockets_.push_back(one);
      read_dry(one);
    } catch (const std::exception&) {
      // Out of memory: the connection is reset.
    }
  }

  /// Gives up those whose time is over.
  void expire(SteadyClock::time_point now) {
    asio::error_code ignored;
    for (const auto& one : sockets_)
      if (one->end <= now) one->socket.cancel(ignored);
  }

  /// Gives up all, and those that come.
  void close() {
    closed_ = true;
    asio::error_code ignored;
    for (const auto& one : sockets_) one->socket.close(ignored);
  }

 private:
  static constexpr auto patience = std::chrono::seconds(2);
  static constexpr std::size_t most = 256;

  struct One {
    asio::ip::tcp::socket socket;
    SteadyClock::time_point end;
  };

  void read_dry(const std::shared_ptr<One>& one) {
    one->socket.async_read_some(asio::buffer(waste_),
                                [this, one](const asio::error_code& error, std::size_t) {
                                  if (!error && !closed_ && SteadyClock::now() < one->end) {
                                    read_dry(one);
                                    return;
                                  }
                                  asio::error_code ignored;
                                  one->socket.close(ignored);
                                  std::erase(sockets_, one);
                                });
  }

  std::vector<std::shared_ptr<One>> sockets_;
  std::array<char, 16 << 10> waste_{};
  bool closed_ = false;
};

}  // namespace jangbu::http
