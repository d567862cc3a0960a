#include "http/json_body.h"

#include <charconv>

namespace jangbu::http {

std::optional<std::uint64_t> whole_number(std::string_view text, std::uint64_t low, std::uint64_t high) {
  std::uint64_t parsed = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), parsed);
  if (error != std::errc() || end != text.data() + text.size() || parsed < low || parsed > high)
    return std::nullopt;
  return parsed;
}

JsonBody::JsonBody(std::string_view text) : document_(json::Document::parse(text.empty() ? "{}" : text)) {
  if (!document_) {
    error_ = document_.error();
  } else if (document_->root().kind != json::Kind::object) {
    error_ = Error(Errc::invalid_parameters, "the body must be a JSON object");
  }
}

const json::Value* JsonBody::find(std::string_view name) const {
  return document_ && document_->root().kind == json::Kind::object ? document_->root().find(name) : nullptr;
}

std::string JsonBody::string(std::string_view name, std::optional<std::string> otherwise,
                             std::size_t max_bytes) {
  const json::Value* value = find(name);
  if (value != nullptr && value->is_string() && !value->text.empty()) {
    if (value->text.size() <= max_bytes) return std::string(value->text);
    fail(name, "must have at most " + std::to_string(max_bytes) + " bytes");
    return {};
  }
  if (value == nullptr && otherwise) return *otherwise;
  fail(name, "must be a text");
  return {};
}

std::string JsonBody::text(std::string_view name, std::string otherwise, std::size_t max_bytes) {
  const json::Value* value = find(name);
  if (value != nullptr && value->is_string() && value->text.empty()) return {};
  return string(name, std::move(otherwise), max_bytes);
}

std::uint64_t JsonBody::number(std::string_view name, std::uint64_t low, std::uint64_t high,
                               std::optional<std::uint64_t> otherwise) {
  const json::Value* value = find(name);
  if (value == nullptr && otherwise) return *otherwise;
  if (value != nullptr && (value->is_number() || value->is_string())) {
    if (const auto parsed = whole_number(value->text, low, high)) return *parsed;
  }
  fail(name, "must be a whole number from " + std::to_string(low) + " to " + std::to_string(high));
  return 0;
}

Money JsonBody::amount(std::string_view name, int scale) {
  const json::Value* value = find(name);
  if (value != nullptr && (value->is_number() || value->is_string())) {
    const auto parsed = parse_decimal(value->text, scale, Exponent::refused);
    if (parsed) return *parsed;
  }
  fail(name, "must be a decimal number with at most " + std::to_string(scale) + " places");
  return {};
}

bool JsonBody::boolean(std::string_view name, std::optional<bool> otherwise) {
  const json::Value* value = find(name);
  if (value == nullptr && otherwise) return *otherwise;
  if (value != nullptr && value->kind == json::Kind::boolean) return value->boolean;
  fail(name, "must be true or false");
  return false;
}

void JsonBody::fail(std::string_view name, std::string_view message) {
  const std::string text = std::string(name) + " " + std::string(message);
  if (!error_) {
    error_ = Error(Errc::invalid_parameters, text);
  } else if (error_->code == Errc::invalid_parameters) {
    error_->detail += "; " + text;
  }
}

}  // namespace jangbu::http
