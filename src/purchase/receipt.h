// Receipts, checked without any server or database. Format: docs/formats/blocks.md.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace jangbu::purchase {

/// What a receipt proves.
struct VerifiedReceipt {
  std::string purchase_id;
  std::string signer;        // who signed the purchase
  std::string block_signer;  // who signed the block
  std::uint64_t height = 0;
  std::uint64_t index = 0;
};

/// `json`: the answer of GET /v1/tx/purchase/{purchaseId}/receipt, or its `data` alone. Checks the
/// transaction's hash and signature, the path from it to the block's Merkle root, the header's hash and its
/// signature. Error: verification_failed with the first thing that is wrong, malformed_json.
Result<VerifiedReceipt> verify_receipt(std::string_view json);

}  // namespace jangbu::purchase
