// How a failing database leaves decide and apply.
#pragma once

#include <stdexcept>

#include "base/result.h"

namespace jangbu::engine {

/// Thrown when the database fails under decide, apply or load: by the unit of work, by cached tables and by
/// readers of columns that meet bytes they did not write. decide and apply are written as if reading could
/// not fail, and the engine, which runs them, catches it and drops the whole batch. Of all exceptions this
/// one alone, and a broken INVARIANT, go from a door's code into the engine; a query that a door runs on a
/// reader's thread returns its error.
class StoreFailure : public std::runtime_error {
 public:
  explicit StoreFailure(Error error) : std::runtime_error(to_string(error)), error_(std::move(error)) {}
  [[nodiscard]] const Error& error() const { return error_; }

 private:
  Error error_;
};

inline void throw_if_failed(const Status& status) {
  if (!status) throw StoreFailure(status.error());
}

template <typename T>
T value_or_throw(Result<T> result) {
  if (!result) throw StoreFailure(result.error());
  return std::move(result).value();
}

}  // namespace jangbu::engine
