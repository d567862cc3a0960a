// What a record says, as a struct that lists its fields (ledger/fields.h).
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "base/invariant.h"
#include "engine/command.h"
#include "ledger/fields.h"

namespace jangbu::ledger {

/// As its command left it there, or read anew. `T` is what records of this kind say. INVARIANT: it reads.
template <typename T>
std::shared_ptr<const T> said(const engine::Record& record) {
  if (record.decoded) return std::static_pointer_cast<const T>(record.decoded);
  auto value = std::make_shared<T>();
  INVARIANT(decode_fields_into(record.payload, *value).ok(), "record " + std::to_string(record.number) +
                                                                 " of kind " + std::to_string(record.kind) +
                                                                 " does not read");
  return value;
}

/// The record of a decision; what it says goes along, already decoded.
template <typename T>
engine::Accept accept(engine::RecordKind kind, T value) {
  Bytes payload = encode_fields(value);
  return {kind, std::move(payload), std::make_shared<const T>(std::move(value))};
}

}  // namespace jangbu::ledger
