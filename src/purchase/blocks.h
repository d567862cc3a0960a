// Blocks: transactions in order under one Merkle root. Format: docs/formats/blocks.md.
#pragma once

#include <cstdint>
#include <vector>

#include "base/bytes.h"

namespace jangbu::purchase {

/// A block has at most this many transactions.
inline constexpr std::size_t block_capacity = 1000;

struct BlockHeader {
  Hash previous;  // the header hash of the block below; zeros for the first
  Hash merkle_root;
  std::uint64_t height = 0;     // 1, 2, 3 ...
  std::uint64_t timestamp = 0;  // business time in seconds

  friend bool operator==(const BlockHeader&, const BlockHeader&) = default;
  /// SHA-256(previous || merkle_root || height u64le || timestamp u64le): what is signed, and what the next
  /// block names.
  [[nodiscard]] Hash hash() const;
};

/// The root of the tree over the transaction hashes: SHA-256(left || right) upwards, an odd last node paired
/// with itself, a single leaf too. INVARIANT: at least one leaf.
Hash merkle_root(std::vector<Hash> leaves);

/// The siblings from leaf to root. Bit i of `index` says whether the node of level i is the right one.
/// INVARIANT: index < leaves.
std::vector<Hash> merkle_path(std::vector<Hash> leaves, std::size_t index);

/// The root that a leaf and its path lead to.
Hash merkle_root_of_path(const Hash& leaf, std::size_t index, const std::vector<Hash>& path);

}  // namespace jangbu::purchase
