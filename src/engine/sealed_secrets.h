// Secrets by name that rest sealed in engine_secrets and are open in memory.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/random.h"
#include "crypto/secret.h"
#include "store/database.h"

namespace jangbu::engine {

/// Those whose names begin with one prefix ("hub/app/"). Thread-safe.
class SealedSecrets {
 public:
  SealedSecrets(std::string prefix, const crypto::MasterKey& master, Random& random)
      : prefix_(std::move(prefix)), master_(master), random_(random) {}

  /// Reads all of the database. Error: invalid_configuration when one does not open with this master key.
  Status load(store::Session& session);
  /// Known to this object at once; write() must make it durable with the record that first names it. `name`
  /// begins with the prefix.
  void keep(std::string name, std::string secret);
  /// Writes what is known under names that begin so and is not yet written; in the transaction of the
  /// session.
  Status write(store::Session& session, std::string_view names) const;
  [[nodiscard]] std::optional<std::string> find(std::string_view name) const;

 private:
  struct Known {
    std::string open;
    Bytes sealed;
  };

  std::string prefix_;
  const crypto::MasterKey& master_;
  Random& random_;
  mutable std::mutex mutex_;
  std::map<std::string, Known, std::less<>> known_;
};

}  // namespace jangbu::engine
