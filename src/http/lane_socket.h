// The socket type that RESTinio's connections run on. It knows which connection a parser callback belongs to,
// and what RESTinio closes silently is told to the client here first. Where the server speaks TLS itself,
// what RESTinio reads and writes here is what goes on inside of it. Internal to lane.cpp.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>
#include <utility>

#include <restinio/asio_include.hpp>
#include <sys/socket.h>

#include "http/line_ends.h"
#include "http/tls_session.h"

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

  /// `tls`: null where the connection is in the clear.
  LaneSocket(Base&& socket, LaneSocketOwner* owner, std::unique_ptr<TlsSession> tls)
      : Base(std::move(socket)), owner_(owner), tls_(std::move(tls)) {}
  LaneSocket(LaneSocket&& other) noexcept
      : Base(std::move(other)), owner_(other.owner_), tls_(std::move(other.tls_)) {}
  LaneSocket& operator=(LaneSocket&&) = delete;
  ~LaneSocket() { close(); }

  template <typename Buffers, typename Callback>
  void async_read_some(const Buffers& buffers, Callback&& callback) {
    if (!registered_) {
      registered_ = true;
      owner_->opened(*this);
    }
    const asio::mutable_buffer into(*asio::buffer_sequence_begin(buffers));
    line_ends.leave();
    if (tls_) {
      read_tls(tls_->has_input() ? TlsSession::Next::again : TlsSession::Next::readable, into,
               within(std::forward<Callback>(callback), into));
    } else {
      Base::async_read_some(buffers, within(std::forward<Callback>(callback), into));
    }
  }

  template <typename Buffers, typename Callback>
  void async_write_some(const Buffers& buffers, Callback&& callback) {
    if (tls_) {
      write_tls(buffers, within(std::forward<Callback>(callback)));
    } else {
      Base::async_write_some(buffers, within(std::forward<Callback>(callback)));
    }
  }

  /// Sends a short text while no answer is under way. False when nothing of it went. Of what the kernel does
  /// not take at once, TLS sends the rest before the next answer; in the clear it is lost.
  bool send_now(std::string_view text) {
    if (tls_) return tls_->send_now(text);
    return ::send(native_handle(), text.data(), text.size(), MSG_DONTWAIT | MSG_NOSIGNAL) > 0;
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
    // Operations that are still to be completed find no session.
    if (const std::unique_ptr<TlsSession> tls = std::move(tls_)) tls->end();
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
  LineEnds line_ends;

  std::string_view input;       // what was read last, for as long as this is the current connection
  bool input_is_sound = true;   // the last completed operation did not fail
  bool answered_close = false;  // the answer under way ends the connection
  bool unread_input = false;    // the client may still be sending what nobody will read

 private:
  /// Marks this as the current connection for the time of the callback, which keeps the connection alive.
  /// `into`: where a read puts what it gets.
  template <typename Callback>
  auto within(Callback&& callback, asio::mutable_buffer into = {}) {
    return [this, into, owner = owner_, held = std::decay_t<Callback>(std::forward<Callback>(callback))](
               const asio::error_code& error, std::size_t length) mutable {
      LaneSocket* const outer = std::exchange(owner->current, this);
      input_is_sound = !error;
      input = std::string_view(static_cast<const char*>(into.data()), std::min(length, into.size()));
      if (into.data() != nullptr) line_ends.take(input);
      held(error, length);
      owner->current = outer;
    };
  }

  /// Goes on with `then` when the socket is ready.
  template <typename Then>
  void when_ready(TlsSession::Next wanted, Then then) {
    if (wanted == TlsSession::Next::again) {
      asio::post(Base::get_executor(), [held = std::move(then)]() mutable { held(asio::error_code()); });
    } else {
      Base::async_wait(wanted == TlsSession::Next::readable ? Base::wait_read : Base::wait_write,
                       std::move(then));
    }
  }

  static asio::error_code error_of(const TlsSession::Step& step) {
    if (step.next == TlsSession::Next::nothing) return {};
    return step.next == TlsSession::Next::ended ? asio::error_code(asio::error::eof)
                                                : asio::error_code(asio::error::connection_aborted);
  }

  // `done` keeps the connection alive, and with it this socket.

  template <typename Done>
  void read_tls(TlsSession::Next wanted, asio::mutable_buffer into, Done done) {
    when_ready(wanted, [this, into, held = std::move(done)](const asio::error_code& error) mutable {
      if (error || !tls_) return held(error ? error : asio::error::operation_aborted, 0);
      const TlsSession::Step step = tls_->read(into.data(), into.size());
      if (step.is_waiting()) return read_tls(step.next, into, std::move(held));
      held(error_of(step), step.bytes);
    });
  }

  template <typename Buffers, typename Done>
  void write_tls(const Buffers& buffers, Done done) {
    const TlsSession::Step step = write_what_goes(buffers);
    if (step.is_waiting()) {
      when_ready(step.next, [this, buffers, held = std::move(done)](const asio::error_code& error) mutable {
        if (error || !tls_) return held(error ? error : asio::error::operation_aborted, 0);
        write_tls(buffers, std::move(held));
      });
      return;
    }
    // Not from here: who writes is told later.
    asio::post(Base::get_executor(), [this, step, held = std::move(done)]() mutable {
      if (!tls_) return held(asio::error::operation_aborted, 0);
      held(error_of(step), step.bytes);
    });
  }

  /// Waits or fails only when nothing went.
  template <typename Buffers>
  TlsSession::Step write_what_goes(const Buffers& buffers) {
    std::size_t total = 0;
    const auto end = asio::buffer_sequence_end(buffers);
    for (auto at = asio::buffer_sequence_begin(buffers); at != end; ++at) {
      asio::const_buffer part(*at);
      while (part.size() > 0) {
        const TlsSession::Step step = tls_->write(part.data(), part.size());
        if (step.next != TlsSession::Next::nothing)
          return total > 0 ? TlsSession::Step{TlsSession::Next::nothing, total} : step;
        total += step.bytes;
        part += step.bytes;
      }
    }
    return {TlsSession::Next::nothing, total};
  }

  LaneSocketOwner* owner_;
  std::unique_ptr<TlsSession> tls_;
  bool registered_ = false;
};

}  // namespace jangbu::http
