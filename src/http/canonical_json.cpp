#include "http/canonical_json.h"

#include <algorithm>
#include <charconv>
#include <vector>

#include "crypto/digest.h"

namespace jangbu::http {
namespace {

using json::Kind;
using json::Member;
using json::Value;

/// A number by its value: "-12.50" and "-125e-1" are both "-125e-1", a zero is "0". An exponent beyond 18
/// digits leaves the number as it stands: then only the same text is the same number.
void append_number(std::string& out, std::string_view text) {
  const std::string_view source = text;
  const bool is_negative = text.starts_with('-');
  if (is_negative) text.remove_prefix(1);
  const auto mark = text.find_first_of("eE");
  std::int64_t exponent = 0;
  if (mark != std::string_view::npos) {
    std::string_view digits = text.substr(mark + 1);
    if (digits.starts_with('+')) digits.remove_prefix(1);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), exponent);
    constexpr std::int64_t most = 999'999'999'999'999'999;
    if (error != std::errc() || exponent > most || exponent < -most) {
      out.append(source);
      return;
    }
    text = text.substr(0, mark);
  }
  std::string digits(text);
  if (const auto point = digits.find('.'); point != std::string::npos) {
    exponent -= static_cast<std::int64_t>(digits.size() - point - 1);
    digits.erase(point, 1);
  }
  digits.erase(0, digits.find_first_not_of('0'));
  const auto last = digits.find_last_not_of('0');
  if (last == std::string::npos) {
    out.push_back('0');
    return;
  }
  exponent += static_cast<std::int64_t>(digits.size() - last - 1);
  digits.resize(last + 1);
  if (is_negative) out.push_back('-');
  out.append(digits).append("e").append(std::to_string(exponent));
}

void append_canonical(std::string& out, const Value& value, std::string_view without = {});

void append_object(std::string& out, const Value& object, std::string_view without) {
  std::vector<const Member*> members;
  members.reserve(object.size);
  for (std::uint32_t i = 0; i < object.size; ++i) {
    if (without.empty() || object.members[i].name != without) members.push_back(&object.members[i]);
  }
  std::stable_sort(members.begin(), members.end(),
                   [](const Member* a, const Member* b) { return a->name < b->name; });
  out.push_back('{');
  for (std::size_t i = 0; i < members.size(); ++i) {
    if (i + 1 < members.size() && members[i + 1]->name == members[i]->name) continue;  // the last one counts
    if (out.back() != '{') out.push_back(',');
    json::append_string(out, members[i]->name);
    out.push_back(':');
    append_canonical(out, members[i]->value);
  }
  out.push_back('}');
}

void append_canonical(std::string& out, const Value& value, std::string_view without) {
  switch (value.kind) {
    case Kind::number:
      return append_number(out, value.text);
    case Kind::object:
      return append_object(out, value, without);
    case Kind::array: {
      out.push_back('[');
      for (std::uint32_t i = 0; i < value.size; ++i) {
        if (i > 0) out.push_back(',');
        append_canonical(out, value.items[i]);
      }
      out.push_back(']');
      return;
    }
    case Kind::null:
    case Kind::boolean:
    case Kind::string:
      return json::append_value(out, value);
  }
}

}  // namespace

Hash canonical_hash(const Value& value, std::string_view without) {
  std::string text;
  append_canonical(text, value, without);
  return crypto::sha256(text);
}

Result<Hash> canonical_body_hash(std::string_view body) {
  ASSIGN_OR_RETURN(const json::Document document, json::Document::parse(body.empty() ? "{}" : body));
  return canonical_hash(document.root());
}

}  // namespace jangbu::http
