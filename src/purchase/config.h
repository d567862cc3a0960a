// What the purchase door is configured with: holders, access keys, currencies, settings. Small, held in
// memory, changed by records.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "crypto/signature.h"
#include "purchase/records.h"
#include "store/database.h"

namespace jangbu::purchase {

struct AccessKey {
  HolderId holder = 0;
  bool revoked = false;
  std::string label;
};

/// A configuration of one moment. Immutable once published.
struct Config {
  std::map<HolderId, HolderSet> holders;
  std::map<Hash, AccessKey> keys;                   // by SHA-256 of the access key
  std::map<std::string, Money, std::less<>> rates;  // points per unit, 18 decimals
  SettingsSet settings;

  /// Whether purchases may be in this currency.
  [[nodiscard]] bool is_currency(std::string_view code) const;
  [[nodiscard]] std::optional<Money> rate(std::string_view code) const;
  /// The holder of a key that is not revoked.
  [[nodiscard]] const HolderSet* holder_of(const Hash& key_digest) const;
};

/// The configuration as the database of the session has it.
Result<Config> load_config(store::Session& session);

/// SHA-256 of the key as it is sent.
Hash access_key_digest(std::string_view access_key);

/// Hands the current configuration from the writer to every thread.
class ConfigBoard {
 public:
  [[nodiscard]] std::shared_ptr<const Config> current() const;
  void publish(std::shared_ptr<const Config> config);

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const Config> config_ = std::make_shared<Config>();
};

}  // namespace jangbu::purchase
