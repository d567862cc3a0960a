// Proofs of rows that come from no record: hints, leases, sealed secrets. Verification cannot rebuild them; a
// digest over each row at least tells that a byte of it was changed.
#pragma once

#include <span>
#include <string_view>

#include "base/bytes.h"
#include "store/database.h"

namespace jangbu::engine {

/// SHA-256 over the table's name and the row's values, each with its kind and length.
Hash row_proof(std::string_view table, std::span<const store::Value> values);

}  // namespace jangbu::engine
