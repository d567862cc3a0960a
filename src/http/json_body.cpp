#include "http/json_body.h"

#include <charconv>

namespace jangbu::http {

namespace {

/// C0, DEL and C1 controls, U+2028 and U+2029, and the bidirectional marks of Unicode, in UTF-8.
bool disguises(std::string_view text) {
  const auto byte = [&](std::size_t at) {
    return at < text.size() ? static_cast<unsigned char>(text[at]) : 0U;
  };
  for (std::size_t at = 0; at < text.size(); ++at) {
    const unsigned first = byte(at);
    const unsigned second = byte(at + 1);
    const unsigned third = byte(at + 2);
    if (first < 0x20 || first == 0x7f) return true;
    if (first == 0xc2 && second >= 0x80 && second <= 0x9f) return true;
    if (first == 0xd8 && second == 0x9c) return true;
    if (first != 0xe2) continue;
    if (second == 0x80 && (third == 0x8e || third == 0x8f || (third >= 0xa8 && third <= 0xae))) return true;
    if (second == 0x81 && third >= 0xa6 && third <= 0xa9) return true;
  }
  return false;
}

}  // namespace

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

void JsonBody::check_line(std::string_view name) {
  const json::Value* value = find(name);
  if (value != nullptr && value->is_string() && disguises(value->text))
    fail(name, "must have no control characters and no marks of direction");
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
