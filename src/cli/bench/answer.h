// What the load generator reads of an answer: where it ends, and whether it says that the purchase is stored.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace jangbu::cli::bench {

enum class Verdict : std::uint8_t {
  accepted,  // 200 and code 0: stored, durably
  unknown,   // 503: not stored, or not known to be
  failed,    // anything else
};

struct Answer {
  std::size_t size = 0;  // header and body
  Verdict verdict = Verdict::failed;
  bool closes = false;  // the server ends the connection after it
};

/// The answer that `bytes` begin with; nothing while some of it is missing. A text that is no answer with a
/// Content-Length counts, all of it, as one that failed and closes.
std::optional<Answer> read_answer(std::string_view bytes);

}  // namespace jangbu::cli::bench
