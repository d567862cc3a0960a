// The HTTP server: RESTinio behind a small header (19 s a file that includes it).
//
// What RESTinio closes without a word is answered here, in the dialect of the path as far as it is known:
// malformed requests (400), slow ones (408), targets over 8 KiB (414), headers over 32 KiB or 100 fields
// (431), bodies over the route's limit (413, before the body is read when Content-Length tells) or over the
// memory for all bodies (503). Such an answer ends the connection; what its client still sends is read and
// dropped for two seconds, so that the answer arrives before the reset. `Expect: 100-continue` is answered
// when the body will be read. Upgrades are not offered: such requests are served as ordinary ones. Trailers
// of chunked bodies are dropped.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "base/result.h"
#include "http/proxies.h"
#include "http/router.h"
#include "http/tls.h"

namespace jangbu::http {

struct ServerOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 8080;  // 0: any free port
  /// Each lane is one thread with an event loop and an acceptor of its own on the shared port.
  int lanes = 1;
  /// Connections beyond this wait in the accept queue.
  int max_connections = 4096;
  /// Headers and body must have arrived this long after the connection or the previous answer; then it is
  /// closed.
  std::int64_t read_timeout_ms = 15'000;
  std::int64_t write_timeout_ms = 15'000;
  /// A handler that has not answered by then is answered for with 503.
  std::int64_t handle_timeout_ms = 60'000;
  /// Whose X-Forwarded-For is believed.
  TrustedProxies trusted_proxies;
  /// Where it is set, the server speaks TLS and nothing else. The handshake is part of the time in which the
  /// first request must have arrived.
  std::shared_ptr<TlsIdentity> tls;
  /// Answers tell browsers to come over TLS alone for a year, whatever the port.
  bool strict_transport = false;
  /// Request bodies in memory, arriving and in work together; beyond it a body is answered 503.
  std::size_t max_buffered_bytes = 256 << 20;
};

struct ServerCounters {
  std::uint64_t requests = 0;
  std::uint64_t open_connections = 0;
  std::uint64_t in_flight = 0;       // requests whose Responder lives
  std::uint64_t buffered_bytes = 0;  // request bodies in memory
  std::uint64_t responses_2xx = 0, responses_4xx = 0, responses_5xx = 0;
};

/// Keep-alive, `Connection: close` honoured. One request of a connection is in work at a time: pipelined ones
/// wait in the socket and are answered in order. Answers are handed to the lane in bulk: one wake-up for all
/// answers that became ready together.
class Server {
 public:
  /// Binds and listens. Errors: invalid_configuration (the address is not a numeric IPv4 or IPv6 address, a
  /// limit is not positive), io_error (the address is taken).
  static Result<std::unique_ptr<Server>> start(const ServerOptions& options, Router router);
  virtual ~Server() = default;

  [[nodiscard]] virtual std::uint16_t port() const = 0;
  [[nodiscard]] virtual ServerCounters counters() const = 0;
  /// Stops accepting, answers `Connection: close` to what still comes on open connections, waits until
  /// nothing is in flight or `patience_ms` has passed, then closes everything. Requests that come meanwhile
  /// are answered 503. Returns true when nothing was cut off. Answers given later are dropped. A second call
  /// does nothing and returns true.
  virtual bool drain_and_stop(std::int64_t patience_ms) = 0;
};

}  // namespace jangbu::http
