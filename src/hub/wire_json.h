// How the hub reads the members of a JSON object: every fault is noted and reading goes on, so that a client
// learns of all of them at once.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/money.h"
#include "base/time.h"
#include "hub/wire.h"

namespace jangbu::hub {

/// Reads the members of one object. What is wrong is added to `issues`, and a value of that type is returned
/// all the same; it means nothing then.
class Fields {
 public:
  /// `path` stands in front of the names in the issues.
  Fields(const json::Value& object, Issues& issues, std::vector<std::string> path = {})
      : object_(object), issues_(issues), path_(std::move(path)) {}

  /// Text without white space around it, `min` to `max` characters of UTF-8 and no more than max_text_bytes.
  std::string text(std::string_view name, std::size_t min = 1, std::size_t max = max_text_bytes);
  /// The same, empty when the member is not there or blank.
  std::string optional_text(std::string_view name, std::size_t max = max_text_bytes);
  /// As it stands, at most `max` bytes; lines may end in it.
  std::string optional_prose(std::string_view name, std::size_t max);
  std::string email(std::string_view name);  // in lower case
  std::string phone(std::string_view name) { return text(name, 4, 20); }
  std::string country(std::string_view name);
  std::string url(std::string_view name);
  std::string optional_url(std::string_view name);
  Money won(std::string_view name, std::int64_t min);
  std::optional<Money> optional_won(std::string_view name, std::int64_t min);
  std::uint64_t integer(std::string_view name, std::int64_t min, std::int64_t max);
  std::optional<std::uint64_t> optional_integer(std::string_view name, std::int64_t min, std::int64_t max);
  Instant instant(std::string_view name);
  /// The text of a member that must be one of these.
  std::string one_of(std::string_view name, std::initializer_list<std::string_view> choices);
  std::optional<std::uint64_t> optional_id(std::string_view name);
  std::uint64_t id(std::string_view name);
  /// The members of an object; nullopt when it is not there (an issue) or something else.
  std::optional<Fields> object(std::string_view name);
  std::optional<Fields> optional_object(std::string_view name);
  [[nodiscard]] const json::Value& value() const { return object_; }

  void add(std::string_view name, std::string_view code, std::string message);
  /// Whether nothing was wrong with the members of these names.
  [[nodiscard]] bool fine(std::initializer_list<std::string_view> names) const;

 private:
  /// nullptr when it is not there or null.
  [[nodiscard]] const json::Value* find(std::string_view name) const;
  /// The same; not there is an issue.
  const json::Value* require(std::string_view name, std::string_view type);
  /// Its text; an issue and nullopt when it is no string.
  std::optional<std::string_view> string_of(std::string_view name, const json::Value& value);
  std::string bounded(std::string_view name, std::string_view text, std::size_t min, std::size_t max);
  std::string checked_url(std::string_view name, std::string_view text);
  /// A whole number between two bounds.
  std::int64_t whole(std::string_view name, const json::Value& value, std::int64_t min, std::int64_t max);
  std::optional<Fields> members_of(std::string_view name, const json::Value* value);

  const json::Value& object_;
  Issues& issues_;
  std::vector<std::string> path_;
};

/// White space around it removed (ASCII).
std::string_view trimmed(std::string_view text);

/// Syntax alone, of the addresses that people have: local@domain.tld in ASCII.
bool is_email(std::string_view text);
/// http or https, with a host, without user or password, white space and control characters; at most
/// max_url_bytes.
bool is_web_url(std::string_view text);
/// ISO 3166-1 alpha-2, upper case, officially assigned.
bool is_country(std::string_view code);

}  // namespace jangbu::hub
