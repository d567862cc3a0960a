// Values of the purchase door's tables and their columns. A column of the wrong length is a damaged database:
// StoreFailure.
#pragma once

#include <algorithm>

#include "base/bytes.h"
#include "crypto/signature.h"
#include "engine/store_failure.h"

namespace jangbu::purchase {

inline ByteView address_view(const crypto::Address& address) {
  return {reinterpret_cast<const char*>(address.bytes.data()), address.bytes.size()};
}
inline crypto::Address address_from(ByteView bytes) {
  crypto::Address address;
  if (bytes.size() != address.bytes.size())
    throw engine::StoreFailure(Error(Errc::database_corrupt, "an address is not 20 bytes"));
  std::copy(bytes.begin(), bytes.end(), reinterpret_cast<char*>(address.bytes.data()));
  return address;
}
inline Hash hash_from(ByteView bytes) {
  auto hash = Hash::from_bytes(bytes);
  if (!hash) throw engine::StoreFailure(Error(Errc::database_corrupt, "a hash is not 32 bytes"));
  return *hash;
}

}  // namespace jangbu::purchase
