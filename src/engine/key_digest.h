// The digest by which the key index knows a key.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>

#include "base/bytes.h"

namespace jangbu::engine {

/// The first 16 bytes of SHA-256(scope u16le || owner u64le || text): what is indexed. The whole key stands
/// in the record it leads to, and whoever finds a record by a digest compares the whole.
struct KeyDigest {
  std::array<std::uint8_t, 16> bytes{};

  friend bool operator==(const KeyDigest&, const KeyDigest&) = default;
  friend auto operator<=>(const KeyDigest&, const KeyDigest&) = default;
  [[nodiscard]] ByteView view() const { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }
  struct Hasher {
    std::size_t operator()(const KeyDigest& digest) const {
      std::size_t value = 0;
      std::memcpy(&value, digest.bytes.data(), sizeof value);
      return value;
    }
  };
};

}  // namespace jangbu::engine
