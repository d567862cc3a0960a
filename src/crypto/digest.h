// SHA-256, Keccak-256 and HMAC-SHA-256.
#pragma once

#include <memory>

#include "base/bytes.h"

namespace jangbu::crypto {

/// FIPS 180-4 (OpenSSL).
Hash sha256(ByteView data);
/// SHA-256 of `left || right`, without joining them first.
Hash sha256_pair(ByteView left, ByteView right);
/// SHA-256 of what comes piece by piece: files that do not fit into memory.
class Sha256Stream {
 public:
  Sha256Stream();
  ~Sha256Stream();
  void add(ByteView data);
  /// The digest of all that was added. To be called once, last.
  Hash finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};
/// Keccak-256 as Ethereum uses it: the padding of the original submission, not of SHA-3 (Botan).
Hash keccak256(ByteView data);
/// RFC 2104 over SHA-256.
Hash hmac_sha256(ByteView key, ByteView data);
/// Compares in time that depends only on the lengths.
bool equal_constant_time(ByteView a, ByteView b);

}  // namespace jangbu::crypto
