// The engine's own tables.
#pragma once

#include <span>

#include "engine/projection.h"
#include "store/migration.h"

namespace jangbu::engine {

std::span<const store::Migration> migrations();
/// Whether a migration of this program is missing in the database, which may hold nothing yet.
Result<bool> is_behind(store::Session& session, const Projections& projections);
/// The engine's tables that verify compares. engine_keys and the outbox are compared in their own way (see
/// verify.h).
std::span<const TableSpec> tables();
/// Tables that are no truth: verify checks each row against the proof in its last column (proof.h).
std::span<const TableSpec> proven_tables();

}  // namespace jangbu::engine
