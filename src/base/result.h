// Result<T>: a value or an Error. std::expected is not available to every compiler this project builds with.
#pragma once

#include <optional>
#include <utility>
#include <variant>

#include "base/error.h"
#include "base/invariant.h"

namespace jangbu {

/// Holds either a T or an Error. Reading the one that is not there breaks an INVARIANT.
template <typename T>
class [[nodiscard]] Result {
 public:
  using value_type = T;

  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}      // NOLINT: `return value;`
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT: `return Error{...};`
  Result(Errc code) : state_(std::in_place_index<1>, Error(code)) {}         // NOLINT: `return Errc::...;`

  [[nodiscard]] bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  T& value() & {
    INVARIANT(ok(), "value() of an error");
    return *std::get_if<0>(&state_);
  }
  const T& value() const& {
    INVARIANT(ok(), "value() of an error");
    return *std::get_if<0>(&state_);
  }
  T&& value() && {
    INVARIANT(ok(), "value() of an error");
    return std::move(*std::get_if<0>(&state_));
  }
  T value_or(T other) const { return ok() ? value() : std::move(other); }

  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  const Error& error() const {
    INVARIANT(!ok(), "error() of a value");
    return *std::get_if<1>(&state_);
  }

 private:
  std::variant<T, Error> state_;
};

/// Success without a value, or an Error.
template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)) {}  // NOLINT
  Result(Errc code) : error_(Error(code)) {}         // NOLINT

  [[nodiscard]] bool ok() const { return !error_.has_value(); }
  explicit operator bool() const { return ok(); }
  const Error& error() const {
    INVARIANT(error_.has_value(), "error() of a success");
    return *error_;
  }

 private:
  std::optional<Error> error_;
};

using Status = Result<void>;

}  // namespace jangbu

// NOLINTBEGIN(bugprone-macro-parentheses): names and declarations take none.
/// Returns the error of `expression` (a Result or Status) from the enclosing function, if it is one.
#define RETURN_IF_ERROR(expression)                                     \
  do {                                                                  \
    auto&& return_if_error_result = (expression);                       \
    if (!return_if_error_result) return return_if_error_result.error(); \
  } while (false)

/// ASSIGN_OR_RETURN(auto x, f()): declares x with f()'s value, or returns f()'s error.
#define ASSIGN_OR_RETURN(declaration, expression) \
  ASSIGN_OR_RETURN_NAMED(ASSIGN_OR_RETURN_JOIN(assign_or_return_, __LINE__), declaration, expression)
#define ASSIGN_OR_RETURN_JOIN(a, b) ASSIGN_OR_RETURN_JOIN2(a, b)
#define ASSIGN_OR_RETURN_JOIN2(a, b) a##b
#define ASSIGN_OR_RETURN_NAMED(name, declaration, expression) \
  auto name = (expression);                                   \
  if (!name) return name.error();                             \
  declaration = std::move(name).value()
// NOLINTEND(bugprone-macro-parentheses)
