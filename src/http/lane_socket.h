// The socket type that RESTinio's connections run on. It knows which connection a parser callback belongs to,
// and what RESTinio closes silently is told to the client here first. Internal to lane.cpp.
#pragma once

#include <cstddef>
#include <utility>

#include <restinio/asio_include.hpp>

namespace restinio::impl {
struct http_parser_ctx_t;
}

namespace jangbu::http {

class LaneSocket;

/// What the lane does for its sockets; all on the lane's thread.
class LaneSocketOwner {
 public:
  virtual ~LaneSocketOwner() = default;
  virtual void opened(LaneSocket& socket) noexcept = 0;
  /// RESTinio gives the connection up; the socket is still open. What the client should hear is sent here.
  virtual void closing(LaneSocket& socket) noexcept = 0;
  virtual void closed(LaneSocket& socket) noexcept = 0;
  /// Takes a socket whose client is still sending: reads it dry for a while so that the answer is not lost in
  /// a reset.
  virtual void linger(asio::ip::tcp::socket&& socket) noexcept = 0;

  /// The connection whose bytes are being handled, if any.
  LaneSocket* current = nullptr;
};

/// Hides exactly the members of the base that RESTinio's connection uses. Moved only before its first read;
/// from then on its address is its identity. Whatever RESTinio does with it happens on the lane's thread.
class LaneSocket : public asio::ip::tcp::socket {
 public:
  using Base = asio::ip::tcp::socket;

  LaneSocket(Base&& socket, LaneSocketOwner* owner) : Base(std::move(socket)), owner_(owner) {}
  LaneSocket(LaneSocket&& other) noexcept : Base(std::move(other)), owner_(other.owner_) {}
  LaneSocket& operator=(LaneSocket&&) = delete;
  ~LaneSocket() { close(); }

  template <typename Buffers, typename Callback>
  void async_read_some(const Buffers& buffers, Callback&& callback) {
    if (!registered_) {
      registered_ = true;
      owner_->opened(*this);
    }
    Base::async_read_some(buffers, within(std::forward<Callback>(callback)));
  }

  template <typename Buffers, typename Callback>
  void async_write_some(const Buffers& buffers, Callback&& callback) {
    Base::async_write_some(buffers, within(std::forward<Callback>(callback)));
  }

  /// RESTinio shuts down right before it closes; close() does what is needed of both.
  template <typename What>
  void shutdown(What /*what*/, asio::error_code& error) {
    error.clear();
  }

  void close() noexcept {
    if (registered_) {
      registered_ = false;
      if (is_open()) owner_->closing(*this);
      owner_->closed(*this);
    }
    if (!is_open()) return;
    if (unread_input) {
      owner_->linger(std::move(static_cast<Base&>(*this)));
      return;
    }
    asio::error_code ignored;
    Base::shutdown(Base::shutdown_both, ignored);
    Base::close(ignored);
  }

  /// Leaves the owner without telling it, when the owner ends before the connection.
  void forget_owner() noexcept { registered_ = false; }

  // The lane's list of open connections.
  LaneSocket* previous = nullptr;
  LaneSocket* next = nullptr;

  // The message that is being read.
  restinio::impl::http_parser_ctx_t* message = nullptr;  // from its first byte to its last
  std::size_t header_bytes = 0;
  std::size_t body_bytes = 0;

  bool input_is_sound = true;   // the last completed operation did not fail
  bool answered_close = false;  // the answer under way ends the connection
  bool unread_input = false;    // the client may still be sending what nobody will read

 private:
  /// Marks this as the current connection for the time of the callback, which keeps the connection alive.
  template <typename Callback>
  auto within(Callback&& callback) {
    return [this, owner = owner_, held = std::decay_t<Callback>(std::forward<Callback>(callback))](
               const asio::error_code& error, std::size_t length) mutable {
      LaneSocket* const outer = std::exchange(owner->current, this);
      input_is_sound = !error;
      held(error, length);
      owner->current = outer;
    };
  }

  LaneSocketOwner* owner_;
  bool registered_ = false;
};

}  // namespace jangbu::http
