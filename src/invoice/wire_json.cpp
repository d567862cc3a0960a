#include "invoice/wire_json.h"

#include <algorithm>
#include <utility>

#include "base/ascii.h"
#include "base/calendar.h"

namespace jangbu::invoice {
namespace {

using json::Kind;

/// What invoices may be about: answers write these times, and months are added to them.
constexpr Instant first_instant{946'684'800'000'000};    // 2000-01-01T00:00:00Z
constexpr Instant last_instant{32'503'680'000'000'000};  // 3000-01-01T00:00:00Z

constexpr std::string_view invalid_type = "invalid_type";
constexpr std::string_view too_big = "too_big";
constexpr std::string_view too_small = "too_small";

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }
bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

}  // namespace

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

bool is_web_url(std::string_view text) {
  if (text.size() > max_url_bytes) return false;
  if (std::any_of(text.begin(), text.end(), [](char c) { return is_control(c) || c == ' '; })) return false;
  const std::size_t scheme = text.starts_with("https://") ? 8 : text.starts_with("http://") ? 7 : 0;
  const std::string_view host = text.substr(scheme, text.find_first_of("/?#", scheme) - scheme);
  return scheme != 0 && !host.empty() && host.find_first_of("@\\<>\"") == std::string_view::npos;
}

std::optional<Instant> parse_moment(std::string_view text, std::string_view zone, bool end_of_day) {
  constexpr std::size_t day_size = 10;
  constexpr std::size_t minute_size = 16;
  const auto within = [](const Result<Instant>& moment) -> std::optional<Instant> {
    if (!moment || *moment < first_instant || *moment >= last_instant) return std::nullopt;
    return *moment;
  };
  if (text.size() == day_size) return within(start_of_day(text, end_of_day ? 1 : 0, zone));
  if (const auto moment = parse_rfc3339(text)) return within(moment);
  std::string local(text);
  if (local.size() < minute_size || !is_digit(local.back())) return std::nullopt;
  if (local[day_size] == ' ') local[day_size] = 'T';
  if (local.size() == minute_size) local += ":00";
  const auto shown = parse_rfc3339(local + "Z");
  if (!shown) return std::nullopt;
  return within(from_local(*shown, zone));
}

std::string Fields::path_of(std::string_view name) const {
  if (path_.empty()) return std::string(name);
  return name.empty() ? path_ : path_ + "." + std::string(name);
}

void Fields::add(std::string_view name, std::string_view code, std::string message) {
  add_at(path_of(name), code, std::move(message));
}

void Fields::add_at(std::string path, std::string_view code, std::string message) {
  if (issues_.size() < max_issues) {
    issues_.push_back({std::move(path), std::string(code), std::move(message)});
  } else if (issues_.size() == max_issues) {
    issues_.push_back({"", "too_many", "there are more faults than the first " + std::to_string(max_issues)});
  }
}

const json::Value* Fields::find(std::string_view name) const {
  const json::Value* const value = object_.find(name);
  return value == nullptr || value->kind == Kind::null ? nullptr : value;
}

std::string Fields::text(std::string_view name, std::size_t max) {
  const json::Value* const value = find(name);
  if (value == nullptr) return {};
  if (!value->is_string() && !value->is_number()) {
    add(name, invalid_type, "must be a text");
    return {};
  }
  const std::string_view inner = trimmed(value->text);
  if (inner.size() > max) add(name, too_big, "must have at most " + std::to_string(max) + " bytes");
  if (std::any_of(inner.begin(), inner.end(), is_control))
    add(name, "invalid_text", "must not have control characters");
  return std::string(inner);
}

std::string Fields::prose(std::string_view name, std::size_t max) {
  const json::Value* const value = find(name);
  if (value == nullptr) return {};
  if (!value->is_string()) {
    add(name, invalid_type, "must be a text");
    return {};
  }
  if (value->text.size() > max) add(name, too_big, "must have at most " + std::to_string(max) + " bytes");
  return std::string(value->text);
}

std::string Fields::url(std::string_view name) {
  std::string text = this->text(name, max_url_bytes);
  if (!text.empty() && !is_web_url(text)) add(name, "invalid_url", "must be an http or https URL");
  return text;
}

std::optional<Money> Fields::decimal(std::string_view name, int scale, std::int64_t min, std::int64_t max) {
  const json::Value* const value = find(name);
  if (value == nullptr) return std::nullopt;
  if (!value->is_number() && !value->is_string()) {
    add(name, invalid_type, "must be a number");
    return std::nullopt;
  }
  Money unit = Money::from_units(1);
  for (int i = 0; i < scale; ++i)
    unit = unit.times_ratio(Money::from_units(10), Money::from_units(1), Rounding::down).value();
  const auto scaled = [&](std::int64_t bound) {
    return unit.times_ratio(Money::from_units(bound), Money::from_units(1), Rounding::down).value();
  };
  const auto number = parse_decimal(trimmed(value->text), scale, Exponent::allowed);
  if (!number && number.error().code == Errc::too_many_fraction_digits) {
    add(name, "too_precise",
        scale == 0 ? "must be a whole number"
                   : "must have at most " + std::to_string(scale) + " decimal places");
  } else if (!number && number.error().code != Errc::amount_overflow) {
    add(name, invalid_type, "must be a number");
  } else if (number ? *number < scaled(min) : trimmed(value->text).starts_with('-')) {
    add(name, too_small, "must be at least " + std::to_string(min));
  } else if (!number || *number > scaled(max)) {
    add(name, too_big, "must be at most " + std::to_string(max));
  } else {
    return *number;
  }
  return std::nullopt;
}

std::optional<std::int64_t> Fields::integer(std::string_view name, std::int64_t min, std::int64_t max) {
  const auto number = decimal(name, 0, min, max);
  if (!number) return std::nullopt;
  return static_cast<std::int64_t>(number->units());
}

std::optional<Money> Fields::won(std::string_view name) { return decimal(name, 0, 0, max_amount); }

std::optional<bool> Fields::boolean(std::string_view name) {
  const json::Value* const value = find(name);
  if (value == nullptr) return std::nullopt;
  if (value->kind == Kind::boolean) return value->boolean;
  add(name, invalid_type, "must be true or false");
  return std::nullopt;
}

std::optional<Instant> Fields::moment(std::string_view name, std::string_view zone, bool end_of_day) {
  const json::Value* const value = find(name);
  if (value == nullptr) return std::nullopt;
  if (value->is_string() && value->text.empty()) return std::nullopt;
  const auto moment =
      value->is_string() ? parse_moment(trimmed(value->text), zone, end_of_day) : std::nullopt;
  if (!moment)
    add(name, "invalid_time",
        "must be a time such as 2026-05-25T10:00:00+09:00, or a day such as 2026-05-25");
  return moment;
}

std::string Fields::object_text(std::string_view name, std::size_t max) {
  const json::Value* const value = find(name);
  if (value == nullptr) return {};
  if (value->kind != Kind::object) {
    add(name, invalid_type, "must be an object");
    return {};
  }
  std::string text;
  json::append_value(text, *value);
  if (text.size() > max) add(name, too_big, "must have at most " + std::to_string(max) + " bytes");
  return text;
}

void Fields::object(std::string_view name, const std::function<void(Fields&)>& each) {
  const json::Value* const value = find(name);
  if (value == nullptr) return;
  if (value->kind != Kind::object) return add(name, invalid_type, "must be an object");
  Fields fields(*value, issues_, path_of(name));
  each(fields);
}

const json::Value* Fields::list(std::string_view name, std::size_t max) {
  const json::Value* const value = find(name);
  if (value == nullptr) return nullptr;
  if (value->kind != Kind::array) {
    add(name, invalid_type, "must be a list");
    return nullptr;
  }
  if (value->size > max) {
    add(name, too_big, "must have at most " + std::to_string(max) + " items");
    return nullptr;
  }
  return value;
}

void Fields::objects(std::string_view name, std::size_t max, const std::function<void(Fields&)>& each) {
  values(name, max, [&](const json::Value& item, const std::string& path) {
    if (item.kind != Kind::object) return add_at(path, invalid_type, "must be an object");
    Fields fields(item, issues_, path);
    each(fields);
  });
}

void Fields::values(std::string_view name, std::size_t max,
                    const std::function<void(const json::Value&, const std::string& path)>& each) {
  const json::Value* const items = list(name, max);
  if (items == nullptr) return;
  for (std::uint32_t i = 0; i < items->size && issues_.size() <= max_issues; ++i)
    each(items->items[i], path_of(name) + "[" + std::to_string(i) + "]");
}

}  // namespace jangbu::invoice
