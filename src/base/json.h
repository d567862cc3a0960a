// JSON, both ways. Reading keeps each number's own text, so that decimals stay exact; writing appends to a
// buffer. RapidJSON (SAX, raw numbers) stays in json.cpp.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace jangbu::json {

enum class Kind : std::uint8_t { null, boolean, number, string, array, object };

struct Member;

/// A node of a parsed document; plain data that lives as long as its Document.
struct Value {
  Kind kind = Kind::null;
  bool boolean = false;
  /// string: the unescaped text; number: its text as it stood in the document.
  std::string_view text;
  const Value* items = nullptr;     // array: `size` of them
  const Member* members = nullptr;  // object: `size` of them, in document order
  std::uint32_t size = 0;

  [[nodiscard]] bool is_string() const { return kind == Kind::string; }
  [[nodiscard]] bool is_number() const { return kind == Kind::number; }
  /// The member of that name, or nullptr when this is no object or has none. Of repeated names the last one
  /// counts, as in every common JSON reader.
  [[nodiscard]] const Value* find(std::string_view name) const;
};

struct Member {
  std::string_view name;
  Value value;
};

/// Deepest nesting of arrays and objects, both ways.
inline constexpr int max_depth = 64;

/// A parsed text: RFC 8259, one value, valid UTF-8 without a byte order mark, no lone surrogates, at most
/// max_depth levels.
class Document {
 public:
  /// Copies what it needs from `text`. Error: malformed_json with the offset. Numbers of any size and length
  /// are taken.
  static Result<Document> parse(std::string_view text);
  Document(Document&&) noexcept;
  Document& operator=(Document&&) noexcept;
  ~Document();
  [[nodiscard]] const Value& root() const;

 private:
  struct Arena;
  explicit Document(std::unique_ptr<Arena> arena);
  std::unique_ptr<Arena> arena_;
};

/// Appends `text` as a JSON string with quotes, as JavaScript's JSON.stringify writes it: `"`, `\` and
/// control characters escaped, all other UTF-8 as it is.
void append_string(std::string& out, std::string_view text);

/// Appends a parsed value as compact JSON: members in their order (repeated ones too), numbers as they stood.
void append_value(std::string& out, const Value& value);

/// Writes one compact JSON text piece by piece: commas and quotes are its business, nesting is checked
/// (INVARIANT).
class Writer {
 public:
  explicit Writer(std::string& out) : out_(out) {}
  Writer& begin_object();
  Writer& end_object();
  Writer& begin_array();
  Writer& end_array();
  Writer& key(std::string_view name);
  Writer& string(std::string_view value);
  Writer& number(std::int64_t value);
  Writer& unsigned_number(std::uint64_t value);
  Writer& boolean(bool value);
  Writer& null();
  /// A finished JSON text, inserted as it is (a number kept as text, a cached fragment).
  Writer& raw(std::string_view json);

 private:
  enum class Place : std::uint8_t { array, object, object_after_key };

  void before_value();
  Writer& open(Place place, char bracket);
  Writer& close(Place place, char bracket);

  std::string& out_;
  std::array<Place, max_depth> nesting_{};
  std::size_t depth_ = 0;
  bool need_comma_ = false;
};

}  // namespace jangbu::json
