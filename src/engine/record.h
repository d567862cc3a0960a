// Records: the only truth. Append-only, numbered without gaps, each hash covering the one before.
// Format: docs/formats/record.md.
#pragma once

#include <cstdint>
#include <memory>

#include "base/bytes.h"
#include "base/time.h"

namespace jangbu::engine {

/// What a record says. Each projection owns a range: engine 1-15, ledger 16-31, purchase 100-119.
using RecordKind = std::uint16_t;

inline constexpr RecordKind genesis_kind = 1;      // the first record of every book
inline constexpr RecordKind clock_moved_kind = 2;  // business time was moved forward (sandbox)
inline constexpr RecordKind epoch_kind = 3;        // the book goes on from a restored backup

struct Record {
  std::uint64_t number = 0;  // 1, 2, 3 ...
  RecordKind kind = 0;
  std::uint64_t batch = 0;  // records of one batch became durable together
  Instant recorded_at;      // business time of the batch
  Instant wall_at;          // wall time of the batch
  Bytes payload;            // the owner's canonical bytes
  Bytes seal;               // made after the chain (signatures); proves itself, so the hash does not cover it
  Hash hash;
  /// What the payload says, already read, when whoever made the record had it at hand; of the type that
  /// belongs to `kind`. A shortcut in memory: it is never stored, and a record read back has none.
  std::shared_ptr<const void> decoded;

  /// The stored body: everything the hash covers but number and predecessor.
  [[nodiscard]] Bytes body() const;
};

/// SHA-256(previous hash || number as u64le || SHA-256(body)).
Hash chain_hash(const Hash& previous, std::uint64_t number, ByteView body);
/// Its two halves: the part that may be computed in parallel, and the link.
Hash body_hash(ByteView body);
Hash chain_hash_of(const Hash& previous, std::uint64_t number, const Hash& body_hash);

/// Reads a stored row back. Error: invalid_encoding.
Result<Record> decode_record(std::uint64_t number, ByteView hash, ByteView body, ByteView seal);

}  // namespace jangbu::engine
