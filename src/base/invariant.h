// INVARIANT: a truth about our own code that stays checked in release builds.
#pragma once

#include <stdexcept>
#include <string>

namespace jangbu {

/// A bug was met. The engine lets it end the batch it happened in: the transaction is dropped, nothing of it
/// is written, and the command that brought it about is answered with an internal error. Elsewhere it ends
/// the request or, uncaught, the process.
class InvariantViolation : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

[[noreturn]] void invariant_failed(const char* condition, const char* file, int line,
                                   const std::string& message);

}  // namespace jangbu

#define INVARIANT(condition, message)                                        \
  do {                                                                       \
    if (!(condition)) [[unlikely]]                                           \
      ::jangbu::invariant_failed(#condition, __FILE__, __LINE__, (message)); \
  } while (false)
