// The JSON object that an operator or a page sends, and what is wrong with its members.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/json.h"
#include "base/money.h"
#include "base/result.h"

namespace jangbu::http {

/// Asked for each member in turn; what is wrong is collected, so that one answer names all of it. A member
/// that has a value for `otherwise` may be absent.
class JsonBody {
 public:
  /// An empty text stands for an object without members.
  explicit JsonBody(std::string_view text);

  /// malformed_json, or invalid_parameters naming every member that is wrong.
  [[nodiscard]] const std::optional<Error>& error() const { return error_; }

  /// At least one byte, at most `max_bytes`.
  std::string string(std::string_view name, std::optional<std::string> otherwise = std::nullopt,
                     std::size_t max_bytes = 4096);
  /// May be empty.
  std::string text(std::string_view name, std::string otherwise, std::size_t max_bytes = 4096);
  /// A number or its text.
  std::uint64_t number(std::string_view name, std::uint64_t low, std::uint64_t high,
                       std::optional<std::uint64_t> otherwise = std::nullopt);
  /// A decimal number or its text, in units of 10^-scale.
  Money amount(std::string_view name, int scale);
  bool boolean(std::string_view name, std::optional<bool> otherwise = std::nullopt);
  /// Fails a member whose text has control characters or marks that turn the direction of what follows: what
  /// people are to read and believe.
  void check_line(std::string_view name);
  void fail(std::string_view name, std::string_view message);
  /// A member of any form, for those that the functions above do not read; nullptr when there is none.
  [[nodiscard]] const json::Value* find(std::string_view name) const;

 private:
  Result<json::Document> document_;
  std::optional<Error> error_;
};

/// A whole number in decimal digits within the bounds, or nothing: ids in paths, cursors, limits.
std::optional<std::uint64_t> whole_number(std::string_view text, std::uint64_t low, std::uint64_t high);

}  // namespace jangbu::http
