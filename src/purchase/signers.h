// The signing keys of the house: sealed in the database, open in memory.
#pragma once

#include <map>
#include <memory>
#include <mutex>

#include "crypto/secret.h"
#include "crypto/signature.h"
#include "store/database.h"

namespace jangbu::purchase {

/// Thread-safe.
class Signers {
 public:
  Signers(const crypto::MasterKey& master, Random& random) : master_(master), random_(random) {}

  /// Reads all keys of the database. Error: invalid_configuration when one does not open with this master
  /// key.
  Status load(store::Session& session);
  /// A new key, known to this object at once; write() must make it durable with the record that first names
  /// it.
  std::shared_ptr<const crypto::Signer> generate();
  /// Takes over a key that exists (32 bytes). Error: invalid_configuration.
  Result<std::shared_ptr<const crypto::Signer>> adopt(ByteView private_key);
  /// Writes the sealed key of `address`; in the transaction of the session.
  Status write(store::Session& session, const crypto::Address& address) const;
  /// nullptr when there is no such key.
  [[nodiscard]] std::shared_ptr<const crypto::Signer> find(const crypto::Address& address) const;

 private:
  struct Known {
    std::shared_ptr<const crypto::Signer> signer;
    Bytes sealed;
  };
  std::shared_ptr<const crypto::Signer> keep(std::shared_ptr<const crypto::Signer> signer,
                                             ByteView private_key);

  const crypto::MasterKey& master_;
  Random& random_;
  mutable std::mutex mutex_;
  std::map<crypto::Address, Known> known_;
};

}  // namespace jangbu::purchase
