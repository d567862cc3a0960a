// Bytes, hexadecimal text, and the canonical little encodings that records and signed formats are written in.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"

namespace jangbu {

/// An owned run of bytes. std::string, because every database and HTTP interface takes it without a copy.
using Bytes = std::string;
using ByteView = std::string_view;

/// 32 bytes: a SHA-256 or Keccak-256 digest.
struct Hash {
  std::array<std::uint8_t, 32> bytes{};

  friend bool operator==(const Hash&, const Hash&) = default;
  friend auto operator<=>(const Hash&, const Hash&) = default;
  [[nodiscard]] ByteView view() const { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }
  /// Error invalid_encoding unless `view` has 32 bytes.
  static Result<Hash> from_bytes(ByteView view);
};

/// Lower-case hex, two digits a byte, no prefix.
std::string to_hex(ByteView bytes);
/// The same with "0x" in front.
std::string to_hex_0x(ByteView bytes);
/// Either case, even length, no prefix. Error: invalid_hex.
Result<Bytes> from_hex(std::string_view text);
/// "0x" or "0X" in front is required. Error: invalid_hex.
Result<Bytes> from_hex_0x(std::string_view text);

/// Writes the encodings of docs/formats: integers little-endian, text as varint length + bytes.
class ByteWriter {
 public:
  explicit ByteWriter(Bytes& out) : out_(out) {}

  void u8(std::uint8_t value) { out_.push_back(static_cast<char>(value)); }
  void u16(std::uint16_t value);
  void u32(std::uint32_t value);
  void u64(std::uint64_t value);
  void i64(std::int64_t value) { u64(static_cast<std::uint64_t>(value)); }
  /// <= 0xfc one byte, 0xfd + u16, 0xfe + u32, 0xff + u64: always the shortest form.
  void varint(std::uint64_t value);
  /// varint length, then the bytes.
  void text(ByteView value);
  /// The bytes as they are.
  void raw(ByteView value) { out_.append(value); }

 private:
  Bytes& out_;
};

/// Reads what ByteWriter wrote. After the first failure every read returns zero or empty and ok() stays
/// false, so a decoder reads all its fields and asks once.
class ByteReader {
 public:
  explicit ByteReader(ByteView in) : in_(in) {}

  std::uint8_t u8();
  std::uint16_t u16();
  std::uint32_t u32();
  std::uint64_t u64();
  std::int64_t i64() { return static_cast<std::int64_t>(u64()); }
  /// Refuses a form that is not the shortest.
  std::uint64_t varint();
  /// A view into the input: it lives as long as the input does.
  ByteView text();
  ByteView raw(std::size_t size);

  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] bool at_end() const { return position_ == in_.size(); }
  [[nodiscard]] std::size_t position() const { return position_; }
  [[nodiscard]] std::size_t remaining() const { return in_.size() - position_; }
  /// Success when every read succeeded and nothing is left over; else invalid_encoding.
  [[nodiscard]] Status finish() const;
  /// Marks the input as wrong, for rules that only the caller knows.
  void fail() { ok_ = false; }

 private:
  std::uint64_t little_endian(std::size_t size);

  ByteView in_;
  std::size_t position_ = 0;
  bool ok_ = true;
};

}  // namespace jangbu
