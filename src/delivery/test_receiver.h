// A receiver for tests: a socket on this machine that answers as it is told, byte for byte.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <functional>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

namespace jangbu::delivery::testing {

/// One request as it came.
struct Received {
  std::string head;
  std::string body;

  [[nodiscard]] std::string header(const std::string& name) const {
    const std::size_t at = head.find("\r\n" + name + ": ");
    if (at == std::string::npos) return {};
    const std::size_t begin = at + name.size() + 4;
    return head.substr(begin, head.find("\r\n", begin) - begin);
  }
};

/// Rings when something has happened that a test may wait for. Thread-safe.
class Bell {
 public:
  void ring() {
    {
      const std::lock_guard lock(mutex_);
      ++rings_;
    }
    rung_.notify_all();
  }
  /// Waits until it holds, looking again after each ring; 20 seconds at most.
  template <typename Condition>
  bool until(Condition condition) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    for (;;) {
      std::uint64_t heard = 0;
      {
        const std::lock_guard lock(mutex_);
        heard = rings_;
      }
      if (condition()) return true;
      std::unique_lock lock(mutex_);
      if (!rung_.wait_until(lock, deadline, [&] { return rings_ != heard; })) return false;
    }
  }

 private:
  std::mutex mutex_;
  std::condition_variable rung_;
  std::uint64_t rings_ = 0;
};

/// Whether the receiver is coming to its end. Thread-safe.
class Stop {
 public:
  Stop() : event_(::eventfd(0, EFD_CLOEXEC)) {}
  Stop(const Stop&) = delete;
  Stop& operator=(const Stop&) = delete;
  ~Stop() { ::close(event_); }
  void set() {
    const std::uint64_t one = 1;
    if (::write(event_, &one, sizeof one) != sizeof one) std::abort();
  }
  /// Waits for it, at most so long (-1: until it comes); whether it has come.
  [[nodiscard]] bool within(int timeout_ms) const {
    pollfd readable{event_, POLLIN, 0};
    return ::poll(&readable, 1, timeout_ms) > 0;
  }
  void wait() const { (void)within(-1); }
  /// Waits until the socket can be read; false when it stops first.
  [[nodiscard]] bool or_readable(int socket) const {
    pollfd both[] = {{socket, POLLIN, 0}, {event_, POLLIN, 0}};
    while (::poll(both, 2, -1) < 0) {
    }
    return both[1].revents == 0;
  }

 private:
  int event_;
};

class Receiver {
 public:
  /// What is done with one request on its connection. `send` writes and says whether the peer is still there.
  using Send = std::function<bool(std::string_view)>;
  using Behave = std::function<void(const Received&, const Send&, const Stop& stop)>;

  explicit Receiver(Behave behave)
      : behave_(std::move(behave)), listener_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(listener_, 64) != 0 ||
        ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0)
      throw std::runtime_error("the receiver cannot listen");
    port_ = ntohs(address.sin_port);
    acceptor_ = std::thread([this] { accept_all(); });
  }
  Receiver(const Receiver&) = delete;
  Receiver& operator=(const Receiver&) = delete;
  ~Receiver() {
    stopping_ = true;
    stop_.set();
    ::shutdown(listener_, SHUT_RDWR);
    acceptor_.join();
    ::close(listener_);
    for (std::thread& thread : connections_) thread.join();
  }

  [[nodiscard]] int port() const { return port_; }
  [[nodiscard]] std::string url(const std::string& host = "127.0.0.1") const {
    return "http://" + host + ":" + std::to_string(port_) + "/hook";
  }
  [[nodiscard]] std::vector<Received> received() const {
    const std::lock_guard lock(mutex_);
    return received_;
  }
  [[nodiscard]] std::size_t accepted() const { return accepted_; }

  static std::string answer(int status, const std::string& body, const std::string& headers = {}) {
    return "HTTP/1.1 " + std::to_string(status) + " X\r\n" + headers +
           "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
  }

 private:
  void accept_all() {
    while (!stopping_) {
      const int connection = ::accept(listener_, nullptr, nullptr);
      if (connection < 0) continue;
      ++accepted_;
      connections_.emplace_back([this, connection] {
        serve(connection);
        ::close(connection);
      });
    }
  }

  void serve(int connection) {
    std::string in;
    const Send send = [connection](std::string_view bytes) {
      return ::send(connection, bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
             static_cast<ssize_t>(bytes.size());
    };
    while (!stopping_) {
      std::size_t end = std::string::npos;
      std::size_t length = 0;
      while (true) {
        end = in.find("\r\n\r\n");
        if (end != std::string::npos) {
          const std::string text = Received{in.substr(0, end + 2), {}}.header("Content-Length");
          length = text.empty() ? 0 : std::stoul(text);
          if (in.size() >= end + 4 + length) break;
        }
        if (!stop_.or_readable(connection)) return;
        char buffer[16384];
        const ssize_t count = ::recv(connection, buffer, sizeof buffer, 0);
        if (count <= 0) return;
        in.append(buffer, static_cast<std::size_t>(count));
      }
      const Received received{in.substr(0, end + 2), in.substr(end + 4, length)};
      in.erase(0, end + 4 + length);
      {
        const std::lock_guard lock(mutex_);
        received_.push_back(received);
      }
      behave_(received, send, stop_);
    }
  }

  Behave behave_;
  Stop stop_;
  int listener_;
  int port_ = 0;
  std::atomic<bool> stopping_{false};
  std::atomic<std::size_t> accepted_{0};
  mutable std::mutex mutex_;
  std::vector<Received> received_;
  std::vector<std::thread> connections_;  // of the acceptor's thread until it is joined
  std::thread acceptor_;
};

}  // namespace jangbu::delivery::testing
