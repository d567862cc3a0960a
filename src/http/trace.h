// Who a request is, between programs: W3C Trace Context (traceparent), and X-Request-Id for everybody else.
#pragma once

#include <string>

#include "base/trace.h"
#include "http/message.h"

namespace jangbu::http {

struct RequestTrace {
  Trace trace;
  std::string traceparent;  // of this server's part
  std::string request_id;   // what the client called it, or the trace's id
};

/// Goes on with the trace of a valid `traceparent`, and begins one where there is none. A `request_id` of up
/// to 128 visible ASCII characters is kept. Either may be null.
RequestTrace trace_request(TraceSource& source, const std::string* traceparent,
                           const std::string* request_id);

/// Adds the headers to an answer that does not have them: one that another node gave has its own.
void add_trace(const RequestTrace& trace, Response& response);

}  // namespace jangbu::http
