#include "purchase/config.h"

#include "crypto/digest.h"
#include "engine/store_failure.h"
#include "purchase/columns.h"

namespace jangbu::purchase {
namespace {

const store::Sql holders_sql{
    "SELECT id, system, currency, waiting_s, signer, open_registration FROM purchase_holders"};
const store::Sql keys_sql{"SELECT digest, holder, revoked, label FROM purchase_access_keys"};
const store::Sql rates_sql{"SELECT code, points_per_unit FROM purchase_rates"};
const store::Sql settings_sql{"SELECT block_signer FROM purchase_settings WHERE id = 1"};

Money money_from(ByteView bytes) { return engine::value_or_throw(Money::from_sortable_bytes(bytes)); }

}  // namespace

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

Result<Config> load_config(store::Session& session) try {
  Config config;
  RETURN_IF_ERROR(session.query(holders_sql, {}, [&](const store::Row& row) {
    config.holders[row.number(0)] =
        HolderSet{row.number(0), std::string(row.bytes(1)),  std::string(row.bytes(2)),
                  row.number(3), address_from(row.bytes(4)), row.integer(5) != 0};
    return true;
  }));
  RETURN_IF_ERROR(session.query(keys_sql, {}, [&](const store::Row& row) {
    config.keys[hash_from(row.bytes(0))] =
        AccessKey{row.number(1), row.integer(2) != 0, std::string(row.bytes(3))};
    return true;
  }));
  RETURN_IF_ERROR(session.query(rates_sql, {}, [&](const store::Row& row) {
    config.rates[std::string(row.bytes(0))] = money_from(row.bytes(1));
    return true;
  }));
  RETURN_IF_ERROR(session.query(settings_sql, {}, [&](const store::Row& row) {
    config.settings = SettingsSet{address_from(row.bytes(0))};
    return true;
  }));
  return config;
} catch (const engine::StoreFailure& failure) {
  return failure.error();
}

std::shared_ptr<const Config> ConfigBoard::current() const {
  const std::lock_guard lock(mutex_);
  return config_;
}

void ConfigBoard::publish(std::shared_ptr<const Config> config) {
  const std::lock_guard lock(mutex_);
  config_ = std::move(config);
}

}  // namespace jangbu::purchase
