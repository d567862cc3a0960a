#include "crypto/short_hash.h"

#include <algorithm>

#include <sodium.h>

namespace jangbu::crypto {

static_assert(std::tuple_size_v<ShortHashKey> == crypto_shorthash_KEYBYTES);
static_assert(sizeof(std::uint64_t) == crypto_shorthash_BYTES);

ShortHashKey short_hash_key(const Hash& derived) {
  ShortHashKey key;
  std::copy_n(derived.bytes.begin(), key.size(), key.begin());
  return key;
}

std::uint64_t short_hash(const ShortHashKey& key, ByteView data) {
  std::array<unsigned char, crypto_shorthash_BYTES> out;
  crypto_shorthash(out.data(), reinterpret_cast<const unsigned char*>(data.data()), data.size(), key.data());
  std::uint64_t value = 0;
  for (std::size_t i = out.size(); i > 0; --i) value = value << 8U | out[i - 1];
  return value;
}

}  // namespace jangbu::crypto
