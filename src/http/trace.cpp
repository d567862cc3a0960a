#include "http/trace.h"

#include <algorithm>
#include <optional>

namespace jangbu::http {
namespace {

constexpr std::size_t max_request_id = 128;

bool is_request_id(std::string_view text) {
  return !text.empty() && text.size() <= max_request_id &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f; });
}

bool has_header(const Response& response, std::string_view name) {
  return std::any_of(response.headers.begin(), response.headers.end(),
                     [&](const Header& header) { return equals_caseless(header.name, name); });
}

}  // namespace

RequestTrace trace_request(TraceSource& source, const std::string* traceparent,
                           const std::string* request_id) {
  const std::optional<Trace> said = traceparent == nullptr ? std::nullopt : parse_traceparent(*traceparent);
  RequestTrace made;
  made.trace = said ? *said : source.begin();
  made.traceparent = to_traceparent(made.trace, source.span());
  made.request_id = request_id != nullptr && is_request_id(*request_id) ? *request_id : to_text(made.trace);
  return made;
}

void add_trace(const RequestTrace& trace, Response& response) {
  if (!has_header(response, "traceparent")) response.headers.push_back({"traceparent", trace.traceparent});
  if (!has_header(response, "X-Request-Id")) response.headers.push_back({"X-Request-Id", trace.request_id});
}

}  // namespace jangbu::http
