// Passes requests on to another node of the same installation, the one that is the writer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "base/result.h"
#include "http/router.h"

namespace jangbu::http {

struct ForwarderOptions {
  std::int64_t connect_timeout_ms = 2'000;
  std::int64_t total_timeout_ms = 30'000;
  std::size_t max_active = 256;    // on their way at one time; also the connections kept to one node
  std::size_t max_waiting = 1024;  // beyond it a request is answered 503
  std::size_t max_answer_bytes = 64 << 20;
  /// A file of authorities in PEM, besides those of the system, for nodes that are reached over https.
  std::string authorities;
};

/// One thread with keep-alive connections to the nodes. A request is sent with its method, path, query,
/// headers (except those of the connection) and body; the answer comes back with its status, headers and
/// body. A node that does not answer gives 503 with Retry-After, which leaves open whether the request took
/// effect: the client repeats it with the same key.
///
/// Forwarded requests go on with this node's part of their trace, and carry `Jangbu-Forwarded: 1`. One that
/// carries it already has come to a node that is not the writer any more or not yet: it is answered 503 with
/// Retry-After: 1 instead of going round in a circle.
class Forwarder {
 public:
  /// `dialects` says the errors; it is copied. Error: internal when libcurl cannot start.
  static Result<std::unique_ptr<Forwarder>> start(const Router& dialects,
                                                  const ForwarderOptions& options = {});
  /// Answers 503 to everything that is still under way.
  virtual ~Forwarder() = default;

  /// From any thread. `base_url`: "http://10.0.0.2:8080", without a path. Over https a node must prove its
  /// host name.
  virtual void forward(Responder responder, std::string base_url) = 0;
};

}  // namespace jangbu::http
