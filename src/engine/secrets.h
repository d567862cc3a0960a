// The table engine_secrets: sealed bytes by name. No truth of the book, but without them nothing can be
// signed.
#pragma once

#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "store/database.h"

namespace jangbu::engine {

/// Keeps what is there under that name already. In the transaction of the session.
Status write_secret(store::Session& session, std::string_view name, ByteView sealed);
/// Removes it; nothing when it is gone already. In the transaction of the session.
Status erase_secret(store::Session& session, std::string_view name);
/// The sealed bytes under that name, or nothing.
Result<std::optional<Bytes>> find_secret(store::Session& session, std::string_view name);
/// Calls `on_secret` for every name that begins with `prefix`.
Status each_secret(store::Session& session, std::string_view prefix,
                   const std::function<void(std::string_view name, ByteView sealed)>& on_secret);

struct Secret {
  Bytes name;
  Bytes sealed;
};
/// All of them in the order of their names, each checked against its row's proof. Error: verification_failed
/// naming the one that was changed.
Result<std::vector<Secret>> read_secrets(store::Session& session);

}  // namespace jangbu::engine
