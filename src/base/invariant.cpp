#include "base/invariant.h"

#include <cstring>

namespace jangbu {

void invariant_failed(const char* condition, const char* file, int line, const std::string& message) {
  const char* name = std::strrchr(file, '/');
  throw InvariantViolation(std::string(name == nullptr ? file : name + 1) + ":" + std::to_string(line) +
                           ": " + condition + " does not hold: " + message);
}

}  // namespace jangbu
