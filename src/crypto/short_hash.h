// A hash of 64 bits under a key, for what must not be guessed back and is met too often for HMAC: SipHash-2-4
// (libsodium).
#pragma once

#include <array>
#include <cstdint>

#include "base/bytes.h"

namespace jangbu::crypto {

using ShortHashKey = std::array<unsigned char, 16>;

/// The first half of a derived key (MasterKey::derive, hmac_sha256).
ShortHashKey short_hash_key(const Hash& derived);
std::uint64_t short_hash(const ShortHashKey& key, ByteView data);

}  // namespace jangbu::crypto
