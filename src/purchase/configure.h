// Changes of the purchase door's configuration, as commands: holders, keys, shops, rates, wallets, phones.
#pragma once

#include <functional>
#include <string>

#include "engine/command.h"
#include "purchase/signers.h"
#include "purchase/state.h"

namespace jangbu::purchase {

/// What became of a change. Called once, on the writer thread.
using Configured = std::function<void(Result<std::uint64_t> id)>;

/// A change of the configuration; the subclasses say which. succeeded() hands the id of what was made (a
/// holder) or 0.
class Configure : public engine::Command {
 public:
  Configure(State& state, Configured done) : state_(state), done_(std::move(done)) {}
  void succeeded() noexcept override { done_(id_); }
  void failed(const Error& error) noexcept override { done_(error); }

 protected:
  State& state_;          // NOLINT: for the subclasses of this file
  std::uint64_t id_ = 0;  // NOLINT

 private:
  Configured done_;
};

/// A new holder (id 0), or new data for one that exists. Its signing key is written beside the record. Error:
/// not_found.
class SetHolder final : public Configure {
 public:
  SetHolder(State& state, const Signers& signers, HolderSet holder, Configured done)
      : Configure(state, std::move(done)), signers_(signers), holder_(std::move(holder)) {}
  engine::Decision decide(engine::Unit& unit) override;
  Status write_beside(store::Session& session) override { return signers_.write(session, holder_.signer); }

 private:
  const Signers& signers_;
  const HolderSet holder_;
};

/// Errors: not_found (no such holder, or no such key to revoke), already_exists (the key is known).
class SetKey final : public Configure {
 public:
  SetKey(State& state, KeySet key, Configured done)
      : Configure(state, std::move(done)), key_(std::move(key)) {}
  engine::Decision decide(engine::Unit& unit) override;

 private:
  const KeySet key_;
};

/// Error: invalid_parameters (a rate that is not positive, a code that is not 1-16 of a-z 0-9).
class SetRate final : public Configure {
 public:
  SetRate(State& state, RateSet rate, Configured done)
      : Configure(state, std::move(done)), rate_(std::move(rate)) {}
  engine::Decision decide(engine::Unit& unit) override;

 private:
  RateSet rate_;
};

/// Registers a shop, gives it to a holder, or switches it off and on. Error: not_found (no such holder).
class SetShop final : public Configure {
 public:
  SetShop(State& state, ShopSet shop, Configured done)
      : Configure(state, std::move(done)), shop_(std::move(shop)) {}
  engine::Decision decide(engine::Unit& unit) override;

 private:
  ShopSet shop_;
};

/// What a wallet earns from now on; its balance is exchanged at the rate of the moment. `wallet` is
/// lower-case. Errors: invalid_parameters (a type that there is not), invalid_configuration (no rate for
/// tokens).
class SetWallet final : public Configure {
 public:
  SetWallet(State& state, std::string wallet, std::uint8_t loyalty_type, Configured done)
      : Configure(state, std::move(done)), wallet_{std::move(wallet), loyalty_type, {}} {}
  engine::Decision decide(engine::Unit& unit) override;

 private:
  WalletSet wallet_;
};

/// Links a phone hash to a wallet and moves its points there. Error: already_exists (it belongs to another
/// wallet).
class LinkPhone final : public Configure {
 public:
  LinkPhone(State& state, const Hash& phone_hash, std::string wallet, Configured done)
      : Configure(state, std::move(done)), phone_{phone_hash, std::move(wallet), {}} {}
  engine::Decision decide(engine::Unit& unit) override;

 private:
  PhoneLinked phone_;
};

class SetSettings final : public Configure {
 public:
  SetSettings(State& state, const Signers& signers, SettingsSet settings, Configured done)
      : Configure(state, std::move(done)), signers_(signers), settings_(settings) {}
  engine::Decision decide(engine::Unit& unit) override;
  Status write_beside(store::Session& session) override {
    return signers_.write(session, settings_.block_signer);
  }

 private:
  const Signers& signers_;
  SettingsSet settings_;
};

}  // namespace jangbu::purchase
