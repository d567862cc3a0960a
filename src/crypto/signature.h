// Ethereum-style signatures: EIP-191 personal messages over a 32-byte hash, secp256k1 with recovery.
#pragma once

#include <array>
#include <memory>
#include <string>

#include "base/bytes.h"
#include "base/random.h"

namespace jangbu::crypto {

/// The last 20 bytes of the Keccak-256 of a public key.
struct Address {
  std::array<std::uint8_t, 20> bytes{};

  friend bool operator==(const Address&, const Address&) = default;
  friend auto operator<=>(const Address&, const Address&) = default;
  /// "0x" + 40 hex digits with the EIP-55 checksum in their case.
  [[nodiscard]] std::string to_checksum_text() const;
  /// "0x"/"0X" + 40 hex digits in any case; the checksum is not tested. Error: invalid_wallet.
  static Result<Address> from_text(std::string_view text);
};

/// r (32) || s (32, low) || v (27 or 28).
struct Signature {
  std::array<std::uint8_t, 65> bytes{};

  friend bool operator==(const Signature&, const Signature&) = default;
  [[nodiscard]] ByteView view() const { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }
  static Result<Signature> from_bytes(ByteView view);
};

/// Signs with one private key. Nonces follow RFC 6979, so the same hash always gets the same signature. The
/// key is wiped when the signer goes. Thread-safe: sign() may run on many threads at once.
class Signer {
 public:
  /// `private_key`: 32 bytes. Error: invalid_configuration when they are no key of the curve.
  static Result<std::shared_ptr<const Signer>> from_private_key(ByteView private_key, Random& random);
  /// A new key. `private_key` receives it, for the key store.
  static std::shared_ptr<const Signer> generate(Random& random, Bytes& private_key);
  ~Signer();
  Signer(const Signer&) = delete;
  Signer& operator=(const Signer&) = delete;

  [[nodiscard]] const Address& address() const { return address_; }
  /// address().to_checksum_text(), computed once.
  [[nodiscard]] const std::string& address_text() const { return address_text_; }
  /// Keccak-256("\x19Ethereum Signed Message:\n32" || hash), signed; low s; v is 27 or 28.
  [[nodiscard]] Signature sign_personal(const Hash& hash) const;

 private:
  Signer() = default;
  struct Impl;
  std::unique_ptr<Impl> impl_;
  Address address_;
  std::string address_text_;
};

/// The address whose key made `signature` over the personal message of `hash`. Error: invalid_signature, also
/// for a high s or a v other than 27 and 28. Thread-safe.
Result<Address> recover_personal(const Hash& hash, const Signature& signature);

}  // namespace jangbu::crypto
