#include "purchase/blocks.h"

#include "base/invariant.h"
#include "crypto/digest.h"

namespace jangbu::purchase {
namespace {

Hash parent(const Hash& left, const Hash& right) { return crypto::sha256_pair(left.view(), right.view()); }

/// One level up, in place.
void climb(std::vector<Hash>& level) {
  const std::size_t parents = (level.size() + 1) / 2;
  for (std::size_t i = 0; i < parents; ++i) {
    const Hash& left = level[2 * i];
    const Hash& right = 2 * i + 1 < level.size() ? level[2 * i + 1] : left;
    level[i] = parent(left, right);
  }
  level.resize(parents);
}

}  // namespace

Hash BlockHeader::hash() const {
  Bytes bytes;
  bytes.reserve(80);
  ByteWriter writer(bytes);
  writer.raw(previous.view());
  writer.raw(merkle_root.view());
  writer.u64(height);
  writer.u64(timestamp);
  return crypto::sha256(bytes);
}

Hash merkle_root(std::vector<Hash> leaves) {
  INVARIANT(!leaves.empty(), "a block has transactions");
  do {
    climb(leaves);
  } while (leaves.size() > 1);
  return leaves.front();
}

std::vector<Hash> merkle_path(std::vector<Hash> leaves, std::size_t index) {
  INVARIANT(index < leaves.size(), "the transaction is in the block");
  std::vector<Hash> path;
  do {
    const std::size_t sibling = index ^ 1;
    path.push_back(sibling < leaves.size() ? leaves[sibling] : leaves[index]);
    climb(leaves);
    index /= 2;
  } while (leaves.size() > 1);
  return path;
}

Hash merkle_root_of_path(const Hash& leaf, std::size_t index, const std::vector<Hash>& path) {
  Hash node = leaf;
  for (const Hash& sibling : path) {
    node = index % 2 == 0 ? parent(node, sibling) : parent(sibling, node);
    index /= 2;
  }
  return node;
}

}  // namespace jangbu::purchase
