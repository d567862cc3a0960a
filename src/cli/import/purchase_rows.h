// Purchases in a file, one body of the purchase door's POST /v1/tx/purchase/new after the other.
#pragma once

#include <cstdint>
#include <istream>
#include <memory>
#include <optional>
#include <string>

#include "base/result.h"

namespace jangbu::cli {

struct PurchaseBody {
  std::uint64_t line = 0;  // on which it begins, from 1
  std::string json;
};

class PurchaseRows {
 public:
  virtual ~PurchaseRows() = default;
  /// The next one; nothing at the end. Errors: invalid_encoding, malformed_json, invalid_parameters, each
  /// naming the line.
  virtual Result<std::optional<PurchaseBody>> next() = 0;
};

/// A JSON object on each line; empty lines are passed over. What stands in it is the door's to judge.
std::unique_ptr<PurchaseRows> purchases_of_json_lines(std::istream& in);

/// CSV whose header names the body's fields. productId, amount and providePercent make one of its details;
/// lines with the same purchaseId that follow each other are one purchase with a detail each, and the first
/// of them says the rest. An empty `waiting` is left out. Error of the first next(): invalid_parameters for a
/// header without purchaseId or with a name that is no field.
std::unique_ptr<PurchaseRows> purchases_of_csv(std::istream& in);

}  // namespace jangbu::cli
