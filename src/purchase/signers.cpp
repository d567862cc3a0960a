#include "purchase/signers.h"

#include <vector>

#include "engine/secrets.h"

namespace jangbu::purchase {
namespace {

constexpr std::string_view name_prefix = "signer:";

}  // namespace

Status Signers::load(store::Session& session) {
  std::vector<Bytes> sealed_keys;
  RETURN_IF_ERROR(engine::each_secret(
      session, name_prefix, [&](std::string_view, ByteView sealed) { sealed_keys.emplace_back(sealed); }));
  for (const Bytes& sealed : sealed_keys) {
    auto private_key = master_.open(sealed);
    if (!private_key)
      return Error(Errc::invalid_configuration, "a signing key does not open with this master key");
    RETURN_IF_ERROR([&]() -> Status {
      auto signer = crypto::Signer::from_private_key(*private_key, random_);
      if (!signer) return signer.error();
      const std::lock_guard lock(mutex_);
      known_.insert_or_assign((*signer)->address(), Known{*signer, sealed});
      return {};
    }());
  }
  return {};
}

std::shared_ptr<const crypto::Signer> Signers::keep(std::shared_ptr<const crypto::Signer> signer,
                                                    ByteView private_key) {
  Bytes sealed = master_.seal(private_key, random_);
  const std::lock_guard lock(mutex_);
  known_.insert_or_assign(signer->address(), Known{signer, std::move(sealed)});
  return signer;
}

std::shared_ptr<const crypto::Signer> Signers::generate() {
  Bytes private_key;
  auto signer = crypto::Signer::generate(random_, private_key);
  return keep(std::move(signer), private_key);
}

Result<std::shared_ptr<const crypto::Signer>> Signers::adopt(ByteView private_key) {
  ASSIGN_OR_RETURN(auto signer, crypto::Signer::from_private_key(private_key, random_));
  return keep(std::move(signer), private_key);
}

Status Signers::write(store::Session& session, const crypto::Address& address) const {
  Bytes sealed;
  {
    const std::lock_guard lock(mutex_);
    const auto it = known_.find(address);
    INVARIANT(it != known_.end(), "a signing key is known before it is written");
    sealed = it->second.sealed;
  }
  return engine::write_secret(session, std::string(name_prefix) + address.to_checksum_text(), sealed);
}

std::shared_ptr<const crypto::Signer> Signers::find(const crypto::Address& address) const {
  const std::lock_guard lock(mutex_);
  const auto it = known_.find(address);
  return it == known_.end() ? nullptr : it->second.signer;
}

}  // namespace jangbu::purchase
