#include "base/trace.h"

#include <algorithm>
#include <cstring>
#include <span>

#include "base/bytes.h"
#include "base/invariant.h"

namespace jangbu {
namespace {

constexpr std::size_t traceparent_length = 55;

thread_local Trace trace_of_thread;

void append_digits(std::span<const std::uint8_t> bytes, std::string& out) {
  constexpr std::string_view digits = "0123456789abcdef";
  for (const std::uint8_t byte : bytes) {
    out += digits[byte >> 4];
    out += digits[byte & 15];
  }
}

bool is_lower_hex(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

/// Of a digit of is_lower_hex().
std::uint8_t value_of(char digit) {
  return static_cast<std::uint8_t>(digit <= '9' ? digit - '0' : digit - 'a' + 10);
}

bool has_only_zeros(std::string_view text) { return text.find_first_not_of('0') == std::string_view::npos; }

void append_span(std::uint64_t span, std::string& out) {
  std::array<std::uint8_t, 8> bytes{};
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(span >> (56 - 8 * i));
  append_digits(bytes, out);
}

}  // namespace

std::string to_text(const Trace& trace) {
  std::string text;
  text.reserve(2 * trace.id.size());
  append_digits(trace.id, text);
  return text;
}

std::string to_traceparent(const Trace& trace, std::uint64_t span) {
  INVARIANT(trace && span != 0, "a traceparent has no id of zeros");
  std::string text;
  text.reserve(traceparent_length);
  text += "00-";
  append_digits(trace.id, text);
  text += '-';
  append_span(span, text);
  text += trace.is_sampled ? "-01" : "-00";
  return text;
}

std::optional<Trace> parse_traceparent(std::string_view text) {
  if (text.size() < traceparent_length) return std::nullopt;
  const std::string_view version = text.substr(0, 2);
  const std::string_view id = text.substr(3, 32);
  const std::string_view parent = text.substr(36, 16);
  const std::string_view flags = text.substr(53, 2);
  const bool ends_there =
      text.size() == traceparent_length || (version != "00" && text[traceparent_length] == '-');
  const bool has_form = ends_there && text[2] == '-' && text[35] == '-' && text[52] == '-' &&
                        is_lower_hex(version) && is_lower_hex(id) && is_lower_hex(parent) &&
                        is_lower_hex(flags);
  if (!has_form || version == "ff" || has_only_zeros(id) || has_only_zeros(parent)) return std::nullopt;
  Trace trace;
  for (std::size_t i = 0; i < trace.id.size(); ++i)
    trace.id[i] = static_cast<std::uint8_t>(value_of(id[2 * i]) << 4 | value_of(id[2 * i + 1]));
  trace.is_sampled = (value_of(flags[1]) & 1) != 0;
  return trace;
}

TraceSource::TraceSource(Random& random) {
  const Bytes seed = random.bytes(first_.size() + sizeof state_);
  std::memcpy(first_.data(), seed.data(), first_.size());
  std::memcpy(&state_, seed.data() + first_.size(), sizeof state_);
}

/// SplitMix64.
std::uint64_t TraceSource::span() {
  std::uint64_t mixed = (state_ += 0x9e3779b97f4a7c15);
  mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
  mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
  mixed ^= mixed >> 31;
  return mixed == 0 ? 1 : mixed;
}

Trace TraceSource::begin() {
  Trace trace;
  const std::uint64_t second = span();
  std::memcpy(trace.id.data(), first_.data(), first_.size());
  std::memcpy(trace.id.data() + first_.size(), &second, sizeof second);
  return trace;
}

Trace current_trace() { return trace_of_thread; }

TraceScope::TraceScope(const Trace& trace) : outer_(trace_of_thread) { trace_of_thread = trace; }
TraceScope::~TraceScope() { trace_of_thread = outer_; }

}  // namespace jangbu
