// How many different visitors there were, in a small and bounded place: exact up to a hundred or so, then an
// estimate (HyperLogLog, with a standard error of 3.3 %). Pure.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/bytes.h"

namespace jangbu::affiliate {

/// Visitors are numbers that are spread evenly over 64 bits, as a MAC is.
class Visitors {
 public:
  static constexpr std::size_t registers = 1024;
  /// So many are kept one by one.
  static constexpr std::size_t max_exact = registers / 8 - 1;

  void add(std::uint64_t visitor);
  /// All of theirs, too.
  void add(const Visitors& others);
  [[nodiscard]] std::uint64_t count() const;

  /// The visitors in ascending order, eight big-endian bytes each; or the registers, a byte each. The length
  /// tells which. The same visitors give the same bytes, whatever their order.
  [[nodiscard]] ByteView bytes() const { return bytes_; }
  /// Error: invalid_encoding.
  static Result<Visitors> from_bytes(ByteView bytes);

 private:
  [[nodiscard]] bool is_exact() const { return bytes_.size() < registers; }
  void note(std::uint64_t visitor);  // in the registers

  Bytes bytes_;
};

}  // namespace jangbu::affiliate
