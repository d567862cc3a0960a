#include "affiliate/visitors.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

namespace jangbu::affiliate {
namespace {

constexpr std::size_t visitor_bytes = 8;
constexpr unsigned index_bits = 10;
static_assert(Visitors::registers == std::size_t{1} << index_bits);

using Packed = std::array<char, visitor_bytes>;

Packed pack(std::uint64_t visitor) {
  Packed packed;
  for (std::size_t i = 0; i < visitor_bytes; ++i)
    packed[i] = static_cast<char>(visitor >> (8 * (visitor_bytes - 1 - i)));
  return packed;
}
std::uint64_t unpack(ByteView packed) {
  std::uint64_t visitor = 0;
  for (const char c : packed) visitor = visitor << 8U | static_cast<unsigned char>(c);
  return visitor;
}

/// How far the first set bit is, of those that the index leaves: 1 to 55.
unsigned rank_of(std::uint64_t visitor) {
  const std::uint64_t rest = visitor << index_bits;
  return rest == 0 ? 64 - index_bits + 1 : static_cast<unsigned>(std::countl_zero(rest)) + 1;
}

}  // namespace

void Visitors::note(std::uint64_t visitor) {
  char& known = bytes_[visitor >> (64 - index_bits)];
  known = std::max(known, static_cast<char>(rank_of(visitor)));
}

void Visitors::add(std::uint64_t visitor) {
  if (!is_exact()) return note(visitor);
  const Packed packed = pack(visitor);
  const ByteView wanted(packed.data(), packed.size());
  std::size_t low = 0;
  std::size_t high = bytes_.size() / visitor_bytes;
  while (low < high) {
    const std::size_t middle = (low + high) / 2;
    const ByteView there = ByteView(bytes_).substr(middle * visitor_bytes, visitor_bytes);
    if (there == wanted) return;
    (there < wanted ? low : high) = there < wanted ? middle + 1 : middle;
  }
  if (bytes_.size() / visitor_bytes < max_exact) {
    bytes_.insert(low * visitor_bytes, wanted);
    return;
  }
  const Bytes exact = std::exchange(bytes_, Bytes(registers, '\0'));
  for (std::size_t at = 0; at < exact.size(); at += visitor_bytes)
    note(unpack(ByteView(exact).substr(at, visitor_bytes)));
  note(visitor);
}

void Visitors::add(const Visitors& others) {
  if (others.is_exact()) {
    for (std::size_t at = 0; at < others.bytes_.size(); at += visitor_bytes)
      add(unpack(ByteView(others.bytes_).substr(at, visitor_bytes)));
    return;
  }
  if (is_exact()) {
    const Bytes exact = std::exchange(bytes_, others.bytes_);
    for (std::size_t at = 0; at < exact.size(); at += visitor_bytes)
      note(unpack(ByteView(exact).substr(at, visitor_bytes)));
    return;
  }
  for (std::size_t i = 0; i < registers; ++i) bytes_[i] = std::max(bytes_[i], others.bytes_[i]);
}

std::uint64_t Visitors::count() const {
  if (is_exact()) return bytes_.size() / visitor_bytes;
  // Flajolet, Fusy, Gandouet, Meunier: HyperLogLog (2007). 64 bits need no correction for large counts.
  constexpr double m = registers;
  double sum = 0;
  double empty = 0;
  for (const char rank : bytes_) {
    sum += std::ldexp(1.0, -rank);
    if (rank == 0) ++empty;
  }
  double estimate = 0.7213 / (1 + 1.079 / m) * m * m / sum;
  if (estimate <= 2.5 * m && empty > 0) estimate = m * std::log(m / empty);
  return static_cast<std::uint64_t>(std::llround(estimate));
}

Result<Visitors> Visitors::from_bytes(ByteView bytes) {
  Visitors visitors;
  visitors.bytes_ = bytes;
  if (bytes.size() == registers) {
    const bool sound = std::all_of(bytes.begin(), bytes.end(), [](char rank) {
      return rank >= 0 && rank <= static_cast<char>(64 - index_bits + 1);
    });
    if (!sound) return Errc::invalid_encoding;
    return visitors;
  }
  if (bytes.size() > max_exact * visitor_bytes || bytes.size() % visitor_bytes != 0)
    return Errc::invalid_encoding;
  for (std::size_t at = visitor_bytes; at < bytes.size(); at += visitor_bytes)
    if (bytes.substr(at - visitor_bytes, visitor_bytes) >= bytes.substr(at, visitor_bytes))
      return Errc::invalid_encoding;
  return visitors;
}

}  // namespace jangbu::affiliate
