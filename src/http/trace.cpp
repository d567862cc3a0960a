#include "http/trace.h"

#include <algorithm>
#include <cstring>

namespace jangbu::http {
namespace {

constexpr std::size_t traceparent_length = 55;
constexpr std::size_t max_request_id = 128;

thread_local std::string_view trace_of_thread;

bool is_hex(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool is_zero(std::string_view text) { return text.find_first_not_of('0') == std::string_view::npos; }

/// Version 00, or a later one, of which these parts are to be read the same.
bool is_traceparent(std::string_view text) {
  if (text.size() < traceparent_length) return false;
  const std::string_view version = text.substr(0, 2);
  if (!is_hex(version) || version == "ff") return false;
  if (text.size() > traceparent_length && (version == "00" || text[traceparent_length] != '-')) return false;
  const std::string_view trace = text.substr(3, 32);
  const std::string_view parent = text.substr(36, 16);
  return text[2] == '-' && text[35] == '-' && text[52] == '-' && is_hex(trace) && !is_zero(trace) &&
         is_hex(parent) && !is_zero(parent) && is_hex(text.substr(53, 2));
}

bool is_request_id(std::string_view text) {
  return !text.empty() && text.size() <= max_request_id &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f; });
}

void append_hex(std::uint64_t number, std::string& out) {
  constexpr std::string_view digits = "0123456789abcdef";
  for (int shift = 60; shift >= 0; shift -= 4) out += digits[(number >> shift) & 15];
}

bool has_header(const Response& response, std::string_view name) {
  return std::any_of(response.headers.begin(), response.headers.end(),
                     [&](const Header& header) { return equals_caseless(header.name, name); });
}

}  // namespace

Traces::Traces(Random& random) {
  const Bytes seed = random.bytes(sizeof first_ + sizeof state_);
  std::memcpy(&first_, seed.data(), sizeof first_);
  std::memcpy(&state_, seed.data() + sizeof first_, sizeof state_);
}

/// SplitMix64: ids are to be different, and no secret.
std::uint64_t Traces::number() {
  std::uint64_t mixed = (state_ += 0x9e3779b97f4a7c15);
  mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
  mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
  mixed ^= mixed >> 31;
  return mixed == 0 ? 1 : mixed;  // no id is all zeros
}

Trace Traces::next(const std::string* traceparent, const std::string* request_id) {
  Trace trace;
  trace.traceparent.reserve(traceparent_length);
  trace.traceparent += "00-";
  if (traceparent != nullptr && is_traceparent(*traceparent)) {
    trace.traceparent.append(*traceparent, 3, 33);
    append_hex(number(), trace.traceparent);
    trace.traceparent.append(*traceparent, 52, 3);
  } else {
    append_hex(first_, trace.traceparent);
    append_hex(number(), trace.traceparent);
    trace.traceparent += '-';
    append_hex(number(), trace.traceparent);
    trace.traceparent += "-00";
  }
  trace.request_id =
      request_id != nullptr && is_request_id(*request_id) ? *request_id : std::string(trace.id());
  return trace;
}

void add_trace(const Trace& trace, Response& response) {
  if (!has_header(response, "traceparent")) response.headers.push_back({"traceparent", trace.traceparent});
  if (!has_header(response, "X-Request-Id")) response.headers.push_back({"X-Request-Id", trace.request_id});
}

std::string_view current_trace() { return trace_of_thread; }

TraceScope::TraceScope(std::string_view id) : outer_(trace_of_thread) { trace_of_thread = id; }
TraceScope::~TraceScope() { trace_of_thread = outer_; }

}  // namespace jangbu::http
