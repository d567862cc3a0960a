#include "base/bytes.h"

#include <algorithm>
#include <array>

namespace jangbu {
namespace {

constexpr char hex_digits[] = "0123456789abcdef";
constexpr std::uint8_t not_hex = 0xff;

constexpr std::array<std::uint8_t, 256> make_nibble_table() {
  std::array<std::uint8_t, 256> table{};
  table.fill(not_hex);
  for (std::uint8_t i = 0; i < 10; ++i) table[static_cast<std::size_t>('0' + i)] = i;
  for (std::uint8_t i = 0; i < 6; ++i) {
    table[static_cast<std::size_t>('a' + i)] = static_cast<std::uint8_t>(10 + i);
    table[static_cast<std::size_t>('A' + i)] = static_cast<std::uint8_t>(10 + i);
  }
  return table;
}

constexpr std::array<std::uint8_t, 256> nibbles = make_nibble_table();

void append_hex(std::string& out, ByteView bytes) {
  const std::size_t start = out.size();
  out.resize(start + 2 * bytes.size());
  char* to = out.data() + start;
  for (const char c : bytes) {
    const auto byte = static_cast<std::uint8_t>(c);
    *to++ = hex_digits[byte >> 4];
    *to++ = hex_digits[byte & 0x0f];
  }
}

void append_little_endian(Bytes& out, std::uint64_t value, std::size_t size) {
  std::array<char, 8> encoded{};
  for (std::size_t i = 0; i < size; ++i) encoded[i] = static_cast<char>((value >> (8 * i)) & 0xff);
  out.append(encoded.data(), size);
}

}  // namespace

Result<Hash> Hash::from_bytes(ByteView view) {
  Hash hash;
  if (view.size() != hash.bytes.size()) return Errc::invalid_encoding;
  std::copy(view.begin(), view.end(), reinterpret_cast<char*>(hash.bytes.data()));
  return hash;
}

std::string to_hex(ByteView bytes) {
  std::string text;
  append_hex(text, bytes);
  return text;
}

std::string to_hex_0x(ByteView bytes) {
  std::string text;
  text.reserve(2 + 2 * bytes.size());
  text = "0x";
  append_hex(text, bytes);
  return text;
}

Result<Bytes> from_hex(std::string_view text) {
  if (text.size() % 2 != 0) return Errc::invalid_hex;
  Bytes bytes(text.size() / 2, '\0');
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const std::uint8_t high = nibbles[static_cast<std::uint8_t>(text[2 * i])];
    const std::uint8_t low = nibbles[static_cast<std::uint8_t>(text[2 * i + 1])];
    if (high == not_hex || low == not_hex) return Errc::invalid_hex;
    bytes[i] = static_cast<char>(high << 4 | low);
  }
  return bytes;
}

Result<Bytes> from_hex_0x(std::string_view text) {
  if (text.size() < 2 || text[0] != '0' || (text[1] != 'x' && text[1] != 'X')) return Errc::invalid_hex;
  return from_hex(text.substr(2));
}

void ByteWriter::u16(std::uint16_t value) { append_little_endian(out_, value, 2); }
void ByteWriter::u32(std::uint32_t value) { append_little_endian(out_, value, 4); }
void ByteWriter::u64(std::uint64_t value) { append_little_endian(out_, value, 8); }

void ByteWriter::varint(std::uint64_t value) {
  if (value <= 0xfc) {
    u8(static_cast<std::uint8_t>(value));
  } else if (value <= 0xffff) {
    u8(0xfd);
    u16(static_cast<std::uint16_t>(value));
  } else if (value <= 0xffff'ffff) {
    u8(0xfe);
    u32(static_cast<std::uint32_t>(value));
  } else {
    u8(0xff);
    u64(value);
  }
}

void ByteWriter::text(ByteView value) {
  varint(value.size());
  out_.append(value);
}

std::uint64_t ByteReader::little_endian(std::size_t size) {
  if (!ok_ || size > remaining()) {
    ok_ = false;
    return 0;
  }
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < size; ++i) {
    value |= std::uint64_t{static_cast<std::uint8_t>(in_[position_ + i])} << (8 * i);
  }
  position_ += size;
  return value;
}

std::uint8_t ByteReader::u8() { return static_cast<std::uint8_t>(little_endian(1)); }
std::uint16_t ByteReader::u16() { return static_cast<std::uint16_t>(little_endian(2)); }
std::uint32_t ByteReader::u32() { return static_cast<std::uint32_t>(little_endian(4)); }
std::uint64_t ByteReader::u64() { return little_endian(8); }

std::uint64_t ByteReader::varint() {
  const std::uint8_t first = u8();
  if (first <= 0xfc) return first;
  const std::size_t size = first == 0xfd ? 2 : first == 0xfe ? 4 : 8;
  const std::uint64_t smallest = first == 0xfd ? 0xfd : first == 0xfe ? 0x1'0000 : 0x1'0000'0000;
  const std::uint64_t value = little_endian(size);
  if (value < smallest) {
    ok_ = false;
    return 0;
  }
  return value;
}

ByteView ByteReader::text() {
  const std::uint64_t size = varint();
  if (size > remaining()) {
    ok_ = false;
    return {};
  }
  return raw(size);
}

ByteView ByteReader::raw(std::size_t size) {
  if (!ok_ || size > remaining()) {
    ok_ = false;
    return {};
  }
  const ByteView view = in_.substr(position_, size);
  position_ += size;
  return view;
}

Status ByteReader::finish() const {
  if (!ok_ || !at_end()) return Errc::invalid_encoding;
  return {};
}

}  // namespace jangbu
