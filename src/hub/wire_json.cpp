#include "hub/wire_json.h"

#include <algorithm>
#include <utility>

#include "base/ascii.h"

namespace jangbu::hub {
namespace {

using json::Kind;

constexpr std::string_view invalid_type = "invalid_type";
constexpr std::string_view invalid_string = "invalid_string";
constexpr std::string_view too_small = "too_small";
constexpr std::string_view too_big = "too_big";

/// What campaigns may be about: answers write these times with an offset and days added to them.
constexpr Instant first_instant{946'684'800'000'000};    // 2000-01-01T00:00:00Z
constexpr Instant last_instant{32'503'680'000'000'000};  // 3000-01-01T00:00:00Z

std::string_view kind_name(Kind kind) {
  switch (kind) {
    case Kind::null:
      return "null";
    case Kind::boolean:
      return "boolean";
    case Kind::number:
      return "number";
    case Kind::string:
      return "string";
    case Kind::array:
      return "array";
    case Kind::object:
      return "object";
  }
  return "";
}

std::string expected(std::string_view type, const json::Value& value) {
  return std::string("Expected ").append(type).append(", received ").append(kind_name(value.kind));
}

/// Characters of a text that is UTF-8.
std::size_t length_of(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

}  // namespace

void Fields::add(std::string_view name, std::string_view code, std::string message) {
  Issue issue{path_, std::string(code), std::move(message)};
  if (!name.empty()) issue.path.emplace_back(name);
  issues_.push_back(std::move(issue));
}

bool Fields::fine(std::initializer_list<std::string_view> names) const {
  return std::none_of(issues_.begin(), issues_.end(), [&](const Issue& issue) {
    return issue.path.size() > path_.size() && std::equal(path_.begin(), path_.end(), issue.path.begin()) &&
           std::find(names.begin(), names.end(), issue.path[path_.size()]) != names.end();
  });
}

const json::Value* Fields::find(std::string_view name) const {
  const json::Value* const value = object_.find(name);
  return value == nullptr || value->kind == Kind::null ? nullptr : value;
}

const json::Value* Fields::require(std::string_view name, std::string_view type) {
  const json::Value* const value = object_.find(name);
  if (value == nullptr) {
    add(name, invalid_type, "Required");
  } else if (value->kind == Kind::null) {
    add(name, invalid_type, expected(type, *value));
    return nullptr;
  }
  return value;
}

std::optional<std::string_view> Fields::string_of(std::string_view name, const json::Value& value) {
  if (value.is_string()) return value.text;
  add(name, invalid_type, expected("string", value));
  return std::nullopt;
}

std::string Fields::bounded(std::string_view name, std::string_view text, std::size_t min, std::size_t max) {
  const std::string_view inner = trimmed(text);
  const std::size_t length = length_of(inner);
  if (length < min) {
    add(name, too_small, "String must contain at least " + std::to_string(min) + " character(s)");
  } else if (length > max) {
    add(name, too_big, "String must contain at most " + std::to_string(max) + " character(s)");
  } else if (inner.size() > max_text_bytes) {
    add(name, too_big, "String must contain at most " + std::to_string(max_text_bytes) + " byte(s)");
  } else if (has_control(inner)) {
    add(name, invalid_string, "String must not contain control characters");
  }
  return std::string(inner);
}

std::string Fields::text(std::string_view name, std::size_t min, std::size_t max) {
  const json::Value* const value = require(name, "string");
  const auto text = value == nullptr ? std::nullopt : string_of(name, *value);
  return text ? bounded(name, *text, min, max) : std::string();
}

std::string Fields::optional_text(std::string_view name, std::size_t max) {
  const json::Value* const value = find(name);
  const auto text = value == nullptr ? std::nullopt : string_of(name, *value);
  return text ? bounded(name, *text, 0, max) : std::string();
}

std::string Fields::optional_prose(std::string_view name, std::size_t max) {
  const json::Value* const value = find(name);
  const auto text = value == nullptr ? std::nullopt : string_of(name, *value);
  if (!text) return {};
  if (text->size() > max)
    add(name, too_big, "String must contain at most " + std::to_string(max) + " byte(s)");
  return std::string(*text);
}

std::string Fields::email(std::string_view name) {
  const json::Value* const value = require(name, "string");
  const auto text = value == nullptr ? std::nullopt : string_of(name, *value);
  if (!text) return {};
  const std::string_view inner = trimmed(*text);
  if (!is_email(inner)) add(name, invalid_string, "Invalid email");
  return to_lower(inner);
}

std::string Fields::country(std::string_view name) {
  const json::Value* const value = require(name, "string");
  const auto text = value == nullptr ? std::nullopt : string_of(name, *value);
  if (!text) return {};
  if (!is_country(*text))
    add(name, "invalid_enum_value", "Invalid enum value. Expected an ISO 3166-1 alpha-2 code");
  return std::string(*text);
}

std::string Fields::checked_url(std::string_view name, std::string_view text) {
  const std::string_view inner = trimmed(text);
  if (inner.size() > max_url_bytes) {
    add(name, too_big, "String must contain at most " + std::to_string(max_url_bytes) + " byte(s)");
  } else if (!is_web_url(inner)) {
    add(name, invalid_string, "Invalid url");
  }
  return std::string(inner);
}

std::string Fields::url(std::string_view name) {
  const json::Value* const value = require(name, "string");
  const auto text = value == nullptr ? std::nullopt : string_of(name, *value);
  return text ? checked_url(name, *text) : std::string();
}

std::string Fields::optional_url(std::string_view name) {
  const json::Value* const value = find(name);
  const auto text = value == nullptr ? std::nullopt : string_of(name, *value);
  return text && !trimmed(*text).empty() ? checked_url(name, *text) : std::string();
}

std::int64_t Fields::whole(std::string_view name, const json::Value& value, std::int64_t min,
                           std::int64_t max) {
  if (!value.is_number()) {
    add(name, invalid_type, expected("number", value));
    return min;
  }
  const Result<Money> number = parse_decimal(value.text, 0, Exponent::allowed);
  const bool is_out_of_range = !number && number.error().code == Errc::amount_overflow;
  if (!number && !is_out_of_range) {
    add(name, invalid_type, "Expected integer, received float");
  } else if (is_out_of_range ? value.text.front() == '-' : *number < Money::from_units(min)) {
    add(name, too_small, "Number must be greater than or equal to " + std::to_string(min));
  } else if (is_out_of_range || *number > Money::from_units(max)) {
    add(name, too_big, "Number must be less than or equal to " + std::to_string(max));
  } else {
    return static_cast<std::int64_t>(number->units());
  }
  return min;
}

Money Fields::won(std::string_view name, std::int64_t min) {
  const json::Value* const value = require(name, "number");
  return Money::from_units(value == nullptr ? min : whole(name, *value, min, max_won));
}

std::optional<Money> Fields::optional_won(std::string_view name, std::int64_t min) {
  const json::Value* const value = find(name);
  if (value == nullptr) return std::nullopt;
  return Money::from_units(whole(name, *value, min, max_won));
}

std::uint64_t Fields::integer(std::string_view name, std::int64_t min, std::int64_t max) {
  const json::Value* const value = require(name, "number");
  return static_cast<std::uint64_t>(value == nullptr ? min : whole(name, *value, min, max));
}

std::optional<std::uint64_t> Fields::optional_integer(std::string_view name, std::int64_t min,
                                                      std::int64_t max) {
  const json::Value* const value = find(name);
  if (value == nullptr) return std::nullopt;
  return static_cast<std::uint64_t>(whole(name, *value, min, max));
}

Instant Fields::instant(std::string_view name) {
  const json::Value* const value = require(name, "string");
  const auto text = value == nullptr ? std::nullopt : string_of(name, *value);
  if (!text) return {};
  const Result<Instant> moment = parse_rfc3339(*text);
  if (!moment) {
    add(name, invalid_string, "Invalid datetime");
    return {};
  }
  if (*moment < first_instant) add(name, too_small, "Date must be greater than or equal to 2000-01-01");
  if (*moment >= last_instant) add(name, too_big, "Date must be smaller than 3000-01-01");
  return *moment;
}

std::string Fields::one_of(std::string_view name, std::initializer_list<std::string_view> choices) {
  const json::Value* const value = require(name, "string");
  const auto text = value == nullptr ? std::nullopt : string_of(name, *value);
  if (!text) return {};
  if (std::find(choices.begin(), choices.end(), *text) == choices.end()) {
    std::string message = "Invalid enum value. Expected ";
    bool is_first = true;
    for (const std::string_view choice : choices) {
      message.append(is_first ? "'" : " | '").append(choice).append("'");
      is_first = false;
    }
    add(name, "invalid_enum_value", std::move(message));
  }
  return std::string(*text);
}

std::optional<std::uint64_t> Fields::optional_id(std::string_view name) {
  const json::Value* const value = find(name);
  if (value == nullptr) return std::nullopt;
  if (!value->is_string() && !value->is_number()) {
    add(name, invalid_type, expected("string", *value));
    return std::nullopt;
  }
  const Result<std::uint64_t> id = parse_id(value->text);
  if (!id) add(name, invalid_string, "Invalid id");
  return id ? std::optional(*id) : std::nullopt;
}

std::uint64_t Fields::id(std::string_view name) {
  if (require(name, "string") == nullptr) return 0;
  return optional_id(name).value_or(0);
}

std::optional<Fields> Fields::members_of(std::string_view name, const json::Value* value) {
  if (value == nullptr) return std::nullopt;
  if (value->kind != Kind::object) {
    add(name, invalid_type, expected("object", *value));
    return std::nullopt;
  }
  std::vector<std::string> path = path_;
  path.emplace_back(name);
  return Fields(*value, issues_, std::move(path));
}

std::optional<Fields> Fields::object(std::string_view name) {
  return members_of(name, require(name, "object"));
}
std::optional<Fields> Fields::optional_object(std::string_view name) { return members_of(name, find(name)); }

}  // namespace jangbu::hub
