// How a failing database leaves decide and apply.
#pragma once

#include <stdexcept>

#include "base/result.h"

namespace jangbu::engine {

/// Thrown by the unit of work when the database fails under it and caught by the engine, which drops the
/// whole batch. It never leaves the engine: decide and apply are written as if reading could not fail.
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
