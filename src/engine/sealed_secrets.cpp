#include "engine/sealed_secrets.h"

#include <utility>
#include <vector>

#include "engine/secrets.h"

namespace jangbu::engine {

Status SealedSecrets::load(store::Session& session) {
  std::vector<std::pair<std::string, Bytes>> found;
  RETURN_IF_ERROR(each_secret(
      session, prefix_, [&](std::string_view name, ByteView sealed) { found.emplace_back(name, sealed); }));
  for (auto& [name, sealed] : found) {
    auto open = master_.open(sealed);
    if (!open)
      return Error(Errc::invalid_configuration, "a secret of an app does not open with this master key");
    const std::lock_guard lock(mutex_);
    known_.insert_or_assign(std::move(name), Known{std::move(*open), std::move(sealed)});
  }
  return {};
}

void SealedSecrets::keep(std::string name, std::string secret) {
  Bytes sealed = master_.seal(secret, random_);
  const std::lock_guard lock(mutex_);
  known_.insert_or_assign(std::move(name), Known{std::move(secret), std::move(sealed)});
}

Status SealedSecrets::write(store::Session& session, std::string_view names) const {
  const std::lock_guard lock(mutex_);
  for (auto it = known_.lower_bound(names); it != known_.end() && it->first.starts_with(names); ++it)
    RETURN_IF_ERROR(write_secret(session, it->first, it->second.sealed));
  return {};
}

std::optional<std::string> SealedSecrets::find(std::string_view name) const {
  const std::lock_guard lock(mutex_);
  const auto it = known_.find(name);
  return it == known_.end() ? std::nullopt : std::optional(it->second.open);
}

}  // namespace jangbu::engine
