#include "purchase/config.h"

#include "crypto/digest.h"

namespace jangbu::purchase {

bool Config::is_currency(std::string_view code) const { return code != token_code && rates.contains(code); }

std::optional<Money> Config::rate(std::string_view code) const {
  const auto it = rates.find(code);
  return it == rates.end() ? std::nullopt : std::optional(it->second);
}

const HolderSet* Config::holder_of(const Hash& key_digest) const {
  const auto key = keys.find(key_digest);
  if (key == keys.end() || key->second.revoked) return nullptr;
  const auto holder = holders.find(key->second.holder);
  return holder == holders.end() ? nullptr : &holder->second;
}

Hash access_key_digest(std::string_view access_key) { return crypto::sha256(access_key); }

std::shared_ptr<const Config> ConfigBoard::current() const {
  const std::lock_guard lock(mutex_);
  return config_;
}

void ConfigBoard::publish(std::shared_ptr<const Config> config) {
  const std::lock_guard lock(mutex_);
  config_ = std::move(config);
}

}  // namespace jangbu::purchase
