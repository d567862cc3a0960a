// The TLS of one connection, driven by whoever waits for its socket: each call does what can be done at once
// and says what to wait for. Nothing here blocks.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "http/tls.h"

struct ssl_st;

namespace jangbu::http {

/// For one thread at a time.
class TlsSession {
 public:
  enum class Next : std::uint8_t {
    nothing,   // the call is done
    again,     // it has more to do, but others should have their turn
    readable,  // call again when the socket can be read
    writable,  // call again when it can be written
    ended,     // the client has ended its side in order
    failed,    // the connection is of no use any more
  };
  struct Step {
    Next next = Next::nothing;
    std::size_t bytes = 0;

    [[nodiscard]] bool is_waiting() const {
      return next == Next::again || next == Next::readable || next == Next::writable;
    }
  };
  /// What the session reads from and writes to.
  struct Wire {
    int socket = -1;
    std::size_t budget = 0;  // bytes that may still be read in this turn
    bool is_dry = false;     // the last read found nothing
  };

  /// Takes `ssl` over.
  TlsSession(std::shared_ptr<TlsIdentity> identity, TlsIdentity::Context context, ssl_st* ssl, int socket);
  ~TlsSession();
  TlsSession(const TlsSession&) = delete;
  TlsSession& operator=(const TlsSession&) = delete;

  /// Whether a read may find something that was taken from the socket before.
  [[nodiscard]] bool has_input() const;
  /// Makes the handshake first, when it has not been made.
  [[nodiscard]] Step read(void* into, std::size_t size);
  /// Until `next` is nothing, each further call must begin with the same bytes. After the handshake.
  [[nodiscard]] Step write(const void* from, std::size_t size);
  /// Short text while no write is under way. What the socket does not take now goes before what is written
  /// next. False when nothing of it went. Nothing goes before the handshake.
  bool send_now(std::string_view text);
  /// Tells the client that nothing more will come, as far as the socket takes that now.
  void end();

 private:
  Step judge(int returned);
  Step put(const void* from, std::size_t size);

  const std::shared_ptr<TlsIdentity> identity_;
  const TlsIdentity::Context context_;
  ssl_st* const ssl_;
  Wire wire_;
  std::string unsent_;  // of send_now()
  bool established_ = false;
  bool failed_ = false;
};

}  // namespace jangbu::http
