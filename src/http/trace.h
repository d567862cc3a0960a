// Who a request is, in logs and between programs: W3C Trace Context (traceparent), and X-Request-Id for
// everybody else.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/random.h"
#include "http/message.h"

namespace jangbu::http {

struct Trace {
  std::string traceparent;  // "00-{32 hex digits}-{16 hex digits}-{flags}": of this server's part
  std::string request_id;   // what the client called it, or the trace's id

  /// The 32 digits that all parts of a trace share.
  [[nodiscard]] std::string_view id() const {
    return traceparent.empty() ? std::string_view() : std::string_view(traceparent).substr(3, 32);
  }
};

/// Gives each request its ids. One thread.
class Traces {
 public:
  explicit Traces(Random& random);
  /// Goes on with the trace of a valid `traceparent`, and begins one where there is none. A `request_id` of
  /// up to 128 visible ASCII characters is kept. Either may be null.
  Trace next(const std::string* traceparent, const std::string* request_id);

 private:
  std::uint64_t number();

  std::uint64_t first_ = 0;  // half of every trace id of this server
  std::uint64_t state_ = 0;
};

/// Adds the headers to an answer that does not have them: one that another node gave has its own.
void add_trace(const Trace& trace, Response& response);

/// The trace of the request that this thread is handing over, for its log lines; empty when there is none.
std::string_view current_trace();

/// Makes a trace the thread's, for as long as it lives.
class TraceScope {
 public:
  explicit TraceScope(std::string_view id);
  ~TraceScope();
  TraceScope(const TraceScope&) = delete;
  TraceScope& operator=(const TraceScope&) = delete;

 private:
  std::string_view outer_;
};

}  // namespace jangbu::http
