// W3C Trace Context: by what the log lines of one request, and the calls made for it, are known to belong
// together, across threads and programs.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/random.h"

namespace jangbu {

/// It goes along by value, in memory alone: no record and no row has one.
struct Trace {
  std::array<std::uint8_t, 16> id{};  // all zeros: there is none
  bool is_sampled = false;            // whoever called keeps what is told of it

  explicit operator bool() const { return id != std::array<std::uint8_t, 16>{}; }
  friend bool operator==(const Trace&, const Trace&) = default;
  friend auto operator<=>(const Trace&, const Trace&) = default;
};

/// The 32 digits of its id.
std::string to_text(const Trace& trace);
/// "00-{32 digits}-{16 digits of the span}-{flags}". INVARIANT: there is a trace, and the span is not zero.
std::string to_traceparent(const Trace& trace, std::uint64_t span);
/// Of version 00, or of a later one, in which these parts are to be read the same. Nothing: it is not valid.
std::optional<Trace> parse_traceparent(std::string_view text);

/// Makes ids that are different, and no secret. One thread.
class TraceSource {
 public:
  explicit TraceSource(Random& random);
  Trace begin();
  /// For one part of a trace; never zero.
  std::uint64_t span();

 private:
  std::array<std::uint8_t, 8> first_{};  // half of every trace's id
  std::uint64_t state_ = 0;
};

/// Whose work this thread does, for its log lines; none when it is nobody's.
Trace current_trace();

/// Makes a trace the thread's, for as long as it lives. Whoever hands work to another thread takes
/// current_trace() along.
class TraceScope {
 public:
  explicit TraceScope(const Trace& trace);
  ~TraceScope();
  TraceScope(const TraceScope&) = delete;
  TraceScope& operator=(const TraceScope&) = delete;

 private:
  Trace outer_;
};

}  // namespace jangbu
