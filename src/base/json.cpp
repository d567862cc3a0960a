#include "base/json.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <type_traits>
#include <vector>

#include <rapidjson/error/en.h>
#include <rapidjson/reader.h>

namespace jangbu::json {

const Value* Value::find(std::string_view name) const {
  if (kind != Kind::object) return nullptr;
  for (std::uint32_t i = size; i > 0; --i) {
    if (members[i - 1].name == name) return &members[i - 1].value;
  }
  return nullptr;
}

/// One block holds the copy of the text, in which strings are unescaped in place, and usually all the nodes
/// behind it.
struct Document::Arena {
  explicit Arena(std::string_view source) {
    const std::size_t text_size = source.size() + 1;
    reserve(text_size + std::clamp<std::size_t>(2 * source.size(), 1024, 65536));
    text = allocate<char>(text_size);
    std::memcpy(text, source.data(), source.size());
    text[source.size()] = '\0';
  }

  template <typename T>
  T* allocate(std::size_t count) {
    static_assert(std::is_trivially_copyable_v<T> && alignof(T) <= alignof(std::max_align_t));
    next += (alignof(T) - reinterpret_cast<std::uintptr_t>(next) % alignof(T)) % alignof(T);
    const std::size_t size = count * sizeof(T);
    if (size > remaining()) reserve(std::max<std::size_t>(size, 65536));
    T* const place = reinterpret_cast<T*>(next);
    next += size;
    return place;
  }

  char* text = nullptr;
  Value root;

 private:
  [[nodiscard]] std::size_t remaining() const {
    return next < end ? static_cast<std::size_t>(end - next) : 0;
  }
  void reserve(std::size_t size) {
    blocks.push_back(std::unique_ptr<std::byte[]>(new std::byte[size]));
    next = blocks.back().get();
    end = next + size;
  }

  std::vector<std::unique_ptr<std::byte[]>> blocks;
  std::byte* next = nullptr;
  std::byte* end = nullptr;
};

namespace {

/// The length of the well-formed UTF-8 character at the start of `text`, whose first byte is not ASCII; 0
/// when it is none (table 3-7 of the Unicode standard).
std::size_t character_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
  const auto is_tail = [&](std::size_t i) { return (byte(i) & 0xc0) == 0x80; };
  const unsigned lead = byte(0);
  if (lead >= 0xc2 && lead <= 0xdf) return is_tail(1) ? 2 : 0;
  if (lead >= 0xe0 && lead <= 0xef) {
    const bool overlong = lead == 0xe0 && byte(1) < 0xa0;
    const bool surrogate = lead == 0xed && byte(1) > 0x9f;
    return is_tail(1) && is_tail(2) && !overlong && !surrogate ? 3 : 0;
  }
  if (lead >= 0xf0 && lead <= 0xf4) {
    const bool overlong = lead == 0xf0 && byte(1) < 0x90;
    const bool beyond_unicode = lead == 0xf4 && byte(1) > 0x8f;
    return is_tail(1) && is_tail(2) && is_tail(3) && !overlong && !beyond_unicode ? 4 : 0;
  }
  return 0;
}

bool is_control(unsigned char byte) { return byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r'; }

/// The offset of the first byte that no JSON text can hold, or npos: a control character (a zero byte would
/// end RapidJSON's reading), or what is not UTF-8.
std::size_t find_bad_byte(std::string_view text) {
  constexpr std::size_t step = 16;  // compilers make one vector of it
  std::size_t at = 0;
  while (at < text.size()) {
    if (at + step <= text.size()) {
      std::array<std::uint8_t, step> bytes;
      std::memcpy(bytes.data(), text.data() + at, step);
      std::uint8_t needs_a_look = 0;
      for (const std::uint8_t byte : bytes) {
        const bool is_space = (byte == '\t') | (byte == '\n') | (byte == '\r');
        needs_a_look |=
            static_cast<std::uint8_t>((byte < 0x20) & !is_space) | static_cast<std::uint8_t>(byte & 0x80);
      }
      if (needs_a_look == 0) [[likely]] {
        at += step;
        continue;
      }
    }
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte < 0x80) {
      if (is_control(byte)) return at;
      ++at;
    } else {
      const std::size_t length = character_length(text.substr(at));
      if (length == 0) return at;
      at += length;
    }
  }
  return std::string_view::npos;
}

/// UTF-8 of a surrogate, which only an escape such as "\ud800" without its partner can have produced.
bool has_lone_surrogate(std::string_view text) {
  for (std::size_t at = text.find('\xed'); at != std::string_view::npos; at = text.find('\xed', at + 1)) {
    if (at + 1 < text.size() && static_cast<unsigned char>(text[at + 1]) >= 0xa0) return true;
  }
  return false;
}

/// The length of the JSON number at the start of `text`, or 0 when none stands there.
std::size_t number_length(std::string_view text) {
  std::size_t at = 0;
  const auto peek = [&](std::size_t ahead) { return at + ahead < text.size() ? text[at + ahead] : '\0'; };
  const auto digit = [&](std::size_t ahead) { return peek(ahead) >= '0' && peek(ahead) <= '9'; };
  if (peek(0) == '-') ++at;
  if (!digit(0)) return 0;
  if (peek(0) == '0') {
    ++at;
  } else {
    while (digit(0)) ++at;
  }
  if (peek(0) == '.' && digit(1)) {
    ++at;
    while (digit(0)) ++at;
  }
  const std::size_t sign = peek(1) == '+' || peek(1) == '-' ? 1 : 0;
  if ((peek(0) == 'e' || peek(0) == 'E') && digit(1 + sign)) {
    at += 1 + sign;
    while (digit(0)) ++at;
  }
  return at;
}

/// Writes zeros of the same length ("0e000") over the numbers in `copy`, a copy of `text`. RapidJSON refuses
/// numbers beyond a double's range even when it hands them out as text; the builder puts the true digits
/// back. What was no JSON must not become JSON: so a "-" stays ("1-12345"), and the zero has an exponent,
/// which can have no second one behind it ("1e309E0").
void mask_numbers(std::string_view text, char* copy) {
  constexpr std::size_t shortest_beyond_double = 5;  // 1e309
  std::size_t at = 0;
  while (at < text.size()) {
    if (text[at] == '"') {
      for (++at; at < text.size() && text[at] != '"'; ++at) {
        if (text[at] == '\\') ++at;
      }
      ++at;
      continue;
    }
    if (text[at] == '-') ++at;
    const std::size_t length = number_length(text.substr(std::min(at, text.size())));
    if (length >= shortest_beyond_double && text[at] != '-') {
      std::memset(copy + at, '0', length);
      copy[at + 1] = 'e';
    }
    at += std::max<std::size_t>(length, 1);
  }
}

Value scalar(Kind kind, std::string_view text) {
  Value value;
  value.kind = kind;
  value.text = text;
  return value;
}

/// Takes RapidJSON's events and builds the tree in the arena.
template <typename Arena>
class Builder {
 public:
  /// `source`: the text as it came, while arena.text is being unescaped in place.
  Builder(Arena& arena, std::string_view source, bool numbers_are_masked)
      : arena_(arena),
        source_(source),
        numbers_are_masked_(numbers_are_masked),
        has_unicode_escape_(find_escape(source)) {
    pending_.reserve(32);
  }

  /// Why the last event was refused; empty when none was.
  [[nodiscard]] std::string_view refusal() const { return refusal_; }

  bool Null() { return add({}); }
  bool Bool(bool boolean) {
    Value value = scalar(Kind::boolean, {});
    value.boolean = boolean;
    return add(value);
  }
  // Numbers come as text, so these are not called.
  bool Int(int) { return false; }
  bool Uint(unsigned) { return false; }
  bool Int64(std::int64_t) { return false; }
  bool Uint64(std::uint64_t) { return false; }
  bool Double(double) { return false; }

  bool RawNumber(const char* digits, rapidjson::SizeType length, bool) {
    if (numbers_are_masked_) {
      const auto offset = static_cast<std::size_t>(digits - arena_.text);
      std::memcpy(arena_.text + offset, source_.data() + offset, length);
    }
    return add(scalar(Kind::number, {digits, length}));
  }
  bool String(const char* characters, rapidjson::SizeType length, bool) {
    const std::string_view text(characters, length);
    return is_unicode(text) && add(scalar(Kind::string, text));
  }
  bool Key(const char* characters, rapidjson::SizeType length, bool) {
    const std::string_view name(characters, length);
    if (!is_unicode(name)) return false;
    pending_.push_back({name, {}});
    return true;
  }
  bool StartObject() { return open(true); }
  bool StartArray() { return open(false); }
  bool EndObject(rapidjson::SizeType count) {
    Member* const members = arena_.template allocate<Member>(count);
    std::uninitialized_copy_n(pending_.end() - static_cast<std::ptrdiff_t>(count), count, members);
    Value value = scalar(Kind::object, {});
    value.members = members;
    value.size = count;
    return close(value);
  }
  bool EndArray(rapidjson::SizeType count) {
    Value* const items = arena_.template allocate<Value>(count);
    std::transform(pending_.end() - static_cast<std::ptrdiff_t>(count), pending_.end(), items,
                   [](const Member& member) { return member.value; });
    Value value = scalar(Kind::array, {});
    value.items = items;
    value.size = count;
    return close(value);
  }

 private:
  static bool find_escape(std::string_view source) { return source.find("\\u") != std::string_view::npos; }

  bool refuse(std::string_view reason) {
    refusal_ = reason;
    return false;
  }
  bool is_unicode(std::string_view text) {
    if (has_unicode_escape_ && has_lone_surrogate(text))
      return refuse("A surrogate stands alone in a string.");
    return true;
  }
  bool open(bool is_object) {
    if (depth_ == static_cast<std::size_t>(max_depth))
      return refuse("Arrays and objects are nested too deeply.");
    in_object_[depth_++] = is_object;
    return true;
  }
  bool close(const Value& value) {
    pending_.resize(pending_.size() - value.size);
    --depth_;
    return add(value);
  }
  bool add(const Value& value) {
    if (depth_ == 0) {
      arena_.root = value;
    } else if (in_object_[depth_ - 1]) {
      pending_.back().value = value;
    } else {
      pending_.push_back({{}, value});
    }
    return true;
  }

  Arena& arena_;
  std::string_view source_;
  bool numbers_are_masked_;
  bool has_unicode_escape_;
  std::string_view refusal_;
  std::vector<Member> pending_;  // members and items (without names) of what is still open
  std::array<bool, max_depth> in_object_{};
  std::size_t depth_ = 0;
};

/// RapidJSON may recurse: the builder stops it at max_depth. (Its iterative way keeps a stack that starts
/// with arithmetic on a null pointer.)
constexpr unsigned parse_flags = rapidjson::kParseInsituFlag | rapidjson::kParseNumbersAsStringsFlag;

Error malformed(std::size_t offset, std::string_view reason) {
  std::string detail = "at offset " + std::to_string(offset) + ": ";
  detail += reason;
  return {Errc::malformed_json, std::move(detail)};
}

}  // namespace

Document::Document(std::unique_ptr<Arena> arena) : arena_(std::move(arena)) {}
Document::Document(Document&&) noexcept = default;
Document& Document::operator=(Document&&) noexcept = default;
Document::~Document() = default;
const Value& Document::root() const { return arena_->root; }

Result<Document> Document::parse(std::string_view text) {
  if (const std::size_t bad = find_bad_byte(text); bad != std::string_view::npos) {
    return malformed(bad, "A control character, or not UTF-8.");
  }
  for (const bool mask : {false, true}) {
    auto arena = std::make_unique<Arena>(text);
    if (mask) mask_numbers(text, arena->text);
    Builder<Arena> builder(*arena, text, mask);
    rapidjson::InsituStringStream stream(arena->text);
    rapidjson::Reader reader;
    const rapidjson::ParseResult result = reader.Parse<parse_flags>(stream, builder);
    if (!result.IsError()) return Document(std::move(arena));
    if (result.Code() == rapidjson::kParseErrorNumberTooBig && !mask) continue;
    return malformed(result.Offset(), builder.refusal().empty() ? rapidjson::GetParseError_En(result.Code())
                                                                : builder.refusal());
  }
  INVARIANT(false, "a masked number was too big");
}

void append_string(std::string& out, std::string_view text) {
  constexpr std::string_view hex_digits = "0123456789abcdef";
  out.push_back('"');
  std::size_t plain_from = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte >= 0x20 && byte != '"' && byte != '\\') [[likely]]
      continue;
    out.append(text, plain_from, at - plain_from);
    plain_from = at + 1;
    out.push_back('\\');
    switch (byte) {
      case '"':
        out.push_back('"');
        break;
      case '\\':
        out.push_back('\\');
        break;
      case '\b':
        out.push_back('b');
        break;
      case '\t':
        out.push_back('t');
        break;
      case '\n':
        out.push_back('n');
        break;
      case '\f':
        out.push_back('f');
        break;
      case '\r':
        out.push_back('r');
        break;
      default:
        out.append("u00");
        out.push_back(hex_digits[byte >> 4]);
        out.push_back(hex_digits[byte & 0xf]);
    }
  }
  out.append(text, plain_from);
  out.push_back('"');
}

void append_value(std::string& out, const Value& value) {
  switch (value.kind) {
    case Kind::null:
      out.append("null");
      return;
    case Kind::boolean:
      out.append(value.boolean ? "true" : "false");
      return;
    case Kind::number:
      out.append(value.text);
      return;
    case Kind::string:
      append_string(out, value.text);
      return;
    case Kind::array:
      out.push_back('[');
      for (std::uint32_t i = 0; i < value.size; ++i) {
        if (i > 0) out.push_back(',');
        append_value(out, value.items[i]);
      }
      out.push_back(']');
      return;
    case Kind::object:
      out.push_back('{');
      for (std::uint32_t i = 0; i < value.size; ++i) {
        if (i > 0) out.push_back(',');
        append_string(out, value.members[i].name);
        out.push_back(':');
        append_value(out, value.members[i].value);
      }
      out.push_back('}');
      return;
  }
}

void Writer::before_value() {
  if (depth_ == 0) {
    INVARIANT(!need_comma_, "a second value at the top of a JSON text");
  } else if (Place& place = nesting_[depth_ - 1]; place == Place::array) {
    if (need_comma_) out_.push_back(',');
  } else {
    INVARIANT(place == Place::object_after_key, "a value without a key in a JSON object");
    place = Place::object;
  }
  need_comma_ = true;
}

Writer& Writer::open(Place place, char bracket) {
  before_value();
  INVARIANT(depth_ < nesting_.size(), "JSON nested too deeply");
  nesting_[depth_++] = place;
  out_.push_back(bracket);
  need_comma_ = false;
  return *this;
}

Writer& Writer::close(Place place, char bracket) {
  INVARIANT(depth_ > 0 && nesting_[depth_ - 1] == place, "a JSON bracket closed that is not open");
  --depth_;
  out_.push_back(bracket);
  need_comma_ = true;
  return *this;
}

Writer& Writer::begin_object() { return open(Place::object, '{'); }
Writer& Writer::end_object() { return close(Place::object, '}'); }
Writer& Writer::begin_array() { return open(Place::array, '['); }
Writer& Writer::end_array() { return close(Place::array, ']'); }

Writer& Writer::key(std::string_view name) {
  INVARIANT(depth_ > 0 && nesting_[depth_ - 1] == Place::object, "a JSON key where none can stand");
  if (need_comma_) out_.push_back(',');
  nesting_[depth_ - 1] = Place::object_after_key;
  append_string(out_, name);
  out_.push_back(':');
  return *this;
}

Writer& Writer::string(std::string_view value) {
  before_value();
  append_string(out_, value);
  return *this;
}

Writer& Writer::number(std::int64_t value) {
  std::array<char, 24> digits;
  const auto end = std::to_chars(digits.begin(), digits.end(), value).ptr;
  return raw({digits.data(), static_cast<std::size_t>(end - digits.data())});
}

Writer& Writer::unsigned_number(std::uint64_t value) {
  std::array<char, 24> digits;
  const auto end = std::to_chars(digits.begin(), digits.end(), value).ptr;
  return raw({digits.data(), static_cast<std::size_t>(end - digits.data())});
}

Writer& Writer::boolean(bool value) { return raw(value ? "true" : "false"); }
Writer& Writer::null() { return raw("null"); }

Writer& Writer::raw(std::string_view json) {
  before_value();
  out_.append(json);
  return *this;
}

}  // namespace jangbu::json
