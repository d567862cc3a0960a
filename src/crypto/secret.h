// Secrets at rest: sealed with a master key, or hashed so that they can be recognised but not read.
#pragma once

#include <string>

#include "base/bytes.h"
#include "base/random.h"

namespace jangbu::crypto {

/// Seals small secrets (signing keys, shared secrets) with XSalsa20-Poly1305 (libsodium secretbox), nonce in
/// front. Thread-safe after construction; wiped when it goes.
class MasterKey {
 public:
  /// 32 bytes. Error: invalid_configuration.
  static Result<MasterKey> from_bytes(ByteView key);
  /// Reads the key (64 hex digits) from `path`; when there is no such file, makes one with mode 0600,
  /// durably. Errors: io_error, invalid_configuration (also when the file can be read by others).
  static Result<MasterKey> load_or_create(const std::string& path, Random& random);
  MasterKey(MasterKey&&) noexcept;
  MasterKey& operator=(MasterKey&&) noexcept;
  ~MasterKey();

  /// A key for one purpose, from which this one cannot be found (HMAC-SHA-256 over the purpose's name).
  [[nodiscard]] Hash derive(std::string_view purpose) const;
  [[nodiscard]] Bytes seal(ByteView secret, Random& random) const;
  /// Error: invalid_encoding when the bytes were not sealed with this key or were changed.
  [[nodiscard]] Result<Bytes> open(ByteView sealed) const;

 private:
  MasterKey() = default;
  std::array<unsigned char, 32> key_{};
};

/// argon2id at 19 MiB, 2 passes, as libsodium's text form. Slow by intent (tens of ms); one runs at a time.
std::string hash_password(std::string_view password);
bool verify_password(std::string_view hashed, std::string_view password);

}  // namespace jangbu::crypto
