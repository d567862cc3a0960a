// How the invoice door reads the members of a JSON object: every fault is noted with its path and reading
// goes on, so that a client learns of all of them at once, up to max_issues.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/json.h"
#include "base/money.h"
#include "base/time.h"
#include "invoice/wire.h"

namespace jangbu::invoice {

/// So many faults of a body are told; at the next one reading of lists ends, and the last issue says that
/// there are more.
inline constexpr std::size_t max_issues = 50;

/// Reads the members of one object; a null is like a member that is not there. What is wrong is added to
/// `issues`, and a value of that type is returned all the same; it means nothing then.
class Fields {
 public:
  /// `path` stands in front of the names in the issues: "products[0]".
  Fields(const json::Value& object, Issues& issues, std::string path = {})
      : object_(object), issues_(issues), path_(std::move(path)) {}

  [[nodiscard]] bool has(std::string_view name) const { return find(name) != nullptr; }
  /// Text without white space around it, at most `max` bytes and without control characters; empty when it is
  /// not there. A number is taken as its text: some clients send ids so.
  std::string text(std::string_view name, std::size_t max);
  /// As it stands; lines may end in it.
  std::string prose(std::string_view name, std::size_t max);
  /// http or https, with a host; empty when it is not there.
  std::string url(std::string_view name);
  /// A whole number or its text, also written as 1000.0.
  std::optional<std::int64_t> integer(std::string_view name, std::int64_t min, std::int64_t max);
  /// Units of 10^-scale, within bounds in whole units.
  std::optional<Money> decimal(std::string_view name, int scale, std::int64_t min, std::int64_t max);
  /// Whole won, from nothing to max_amount.
  std::optional<Money> won(std::string_view name);
  std::optional<bool> boolean(std::string_view name);
  /// RFC 3339; or a time without an offset, or a day alone, in `zone`. `end_of_day`: a day alone is meant to
  /// its end.
  std::optional<Instant> moment(std::string_view name, std::string_view zone, bool end_of_day = false);
  /// The compact JSON of an object, at most `max` bytes; empty when it is not there.
  std::string object_text(std::string_view name, std::size_t max);
  /// Calls `each` with the object of that name, when it is there.
  void object(std::string_view name, const std::function<void(Fields&)>& each);
  /// Calls `each` with every item of a list of objects, at most `max` of them.
  void objects(std::string_view name, std::size_t max, const std::function<void(Fields&)>& each);
  /// Calls `each` with every item of a list of values, with its path.
  void values(std::string_view name, std::size_t max,
              const std::function<void(const json::Value&, const std::string& path)>& each);

  [[nodiscard]] const json::Value& value() const { return object_; }
  [[nodiscard]] std::string path_of(std::string_view name) const;
  void add(std::string_view name, std::string_view code, std::string message);

 private:
  /// nullptr when it is not there or null.
  [[nodiscard]] const json::Value* find(std::string_view name) const;
  [[nodiscard]] const json::Value* list(std::string_view name, std::size_t max);
  void add_at(std::string path, std::string_view code, std::string message);

  const json::Value& object_;
  Issues& issues_;
  std::string path_;
};

/// http or https, with a host, without user or password, white space and control characters; at most
/// max_url_bytes.
bool is_web_url(std::string_view text);
/// The moment that a text means, as Fields::moment().
std::optional<Instant> parse_moment(std::string_view text, std::string_view zone, bool end_of_day);
/// White space around it removed (ASCII).
std::string_view trimmed(std::string_view text);

/// Reads the object that a body is; `read` gets its members.
template <typename T>
Parsed<T> parse_object(std::string_view body, const std::function<T(Fields&)>& read) {
  const auto document = json::Document::parse(trimmed(body).empty() ? "{}" : body);
  if (!document) return Issues{{"", "malformed_json", document.error().detail}};
  if (document->root().kind != json::Kind::object)
    return Issues{{"", "invalid_type", "the body must be an object"}};
  Issues issues;
  Fields fields(document->root(), issues);
  T value = read(fields);
  if (!issues.empty()) return issues;
  return value;
}

}  // namespace jangbu::invoice
