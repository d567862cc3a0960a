// How the invoice door reads query strings; included by the wire alone.
#pragma once

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "http/message.h"
#include "invoice/wire.h"
#include "invoice/wire_json.h"

namespace jangbu::invoice {

inline constexpr std::uint64_t max_limit = 100;
inline constexpr std::uint64_t max_order_limit = 50;
inline constexpr std::uint64_t max_page = 1'000'000;

/// The parameters of a list, each looked at once; those that are not known are ignored.
class Query {
 public:
  explicit Query(std::string_view query) : pairs_(http::parse_query(query)) {}

  /// The last value of that name; nullptr when there is none, or it is empty.
  [[nodiscard]] const std::string* find(std::string_view name) const {
    const std::string* found = nullptr;
    for (const auto& [key, value] : pairs_)
      if (key == name) found = &value;
    return found == nullptr || found->empty() ? nullptr : found;
  }
  [[nodiscard]] std::string text(std::string_view name) const {
    const std::string* value = find(name);
    return value == nullptr ? std::string() : std::string(trimmed(*value));
  }
  /// A whole number; too large a one is cut to `max`.
  std::uint64_t number(std::string_view name, std::uint64_t min, std::uint64_t max, std::uint64_t otherwise) {
    const std::string* value = find(name);
    if (value == nullptr) return otherwise;
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(value->data(), value->data() + value->size(), number);
    const bool is_number = end == value->data() + value->size() && error != std::errc::invalid_argument;
    if (!is_number || (error == std::errc() && number < min)) {
      fault(name, "must be a whole number of at least " + std::to_string(min));
      return otherwise;
    }
    return error == std::errc() ? std::min(number, max) : max;
  }
  std::optional<Instant> moment(std::string_view name, std::string_view zone, bool end_of_day) {
    const std::string* value = find(name);
    if (value == nullptr) return std::nullopt;
    const auto moment = parse_moment(trimmed(*value), zone, end_of_day);
    if (!moment) fault(name, "must be a day such as 2026-05-25, or a time");
    return moment;
  }
  void fault(std::string_view name, std::string message) {
    issues_.push_back({std::string(name), "invalid_value", std::move(message)});
  }
  template <typename T>
  Parsed<T> finish(T value) {
    if (!issues_.empty()) return std::move(issues_);
    return value;
  }

 private:
  std::vector<std::pair<std::string, std::string>> pairs_;
  Issues issues_;
};

/// "1,2,10"
inline std::vector<std::int64_t> read_statuses(Query& query) {
  std::vector<std::int64_t> statuses;
  const std::string text = query.text("status");
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t comma = std::min(text.find(',', at), text.size());
    std::int64_t status = 0;
    const auto [end, error] = std::from_chars(text.data() + at, text.data() + comma, status);
    if (error != std::errc() || end != text.data() + comma) {
      query.fault("status", "must be numbers with commas between them");
      break;
    }
    statuses.push_back(status);
    at = comma + 1;
  }
  return statuses;
}

}  // namespace jangbu::invoice
