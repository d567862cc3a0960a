// The key index for who knows no engine.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "engine/keys.h"

namespace jangbu::engine {

/// Finds the record for a digest on any session; nothing when there is none, or when it is not in the table
/// yet and whoever looks does not see what waits in memory (Engine::peek_key does).
using PeekKey = std::function<Result<std::optional<std::uint64_t>>(store::Session&, const KeyDigest&)>;

}  // namespace jangbu::engine
