#include <limits>

#include "base/invariant.h"
#include "store/database.h"

namespace jangbu::store {

Value Value::number(std::uint64_t v) {
  INVARIANT(v <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()),
            "a number above 2^63-1 cannot be stored");
  return integer(static_cast<std::int64_t>(v));
}

}  // namespace jangbu::store
