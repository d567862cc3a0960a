#include "cli/bench/latency.h"

#include <algorithm>
#include <bit>

namespace jangbu::cli::bench {
namespace {

// A bucket is told by its latency's highest eight bits and the number of bits below them. Latencies under
// 2^8 us have a bucket each; every further power of two has 2^7.
constexpr int precision_bits = 8;
constexpr std::size_t half = std::size_t{1} << (precision_bits - 1);
constexpr std::size_t bucket_count = (64 - precision_bits + 2) * half;

std::size_t bucket_of(std::uint64_t latency_us) {
  const int dropped = std::max(0, static_cast<int>(std::bit_width(latency_us)) - precision_bits);
  return static_cast<std::size_t>(dropped) * half + static_cast<std::size_t>(latency_us >> dropped);
}

/// The highest latency that the bucket counts.
std::int64_t upper_bound_us(std::size_t bucket) {
  const std::size_t dropped = bucket < 2 * half ? 0 : bucket / half - 1;
  const std::uint64_t leading = bucket - dropped * half;
  return static_cast<std::int64_t>(((leading + 1) << dropped) - 1);
}

}  // namespace

LatencyHistogram::LatencyHistogram() : buckets_(bucket_count) {}

void LatencyHistogram::record_us(std::int64_t latency_us) {
  latency_us = std::max<std::int64_t>(0, latency_us);
  ++buckets_[bucket_of(static_cast<std::uint64_t>(latency_us))];
  ++count_;
  max_us_ = std::max(max_us_, latency_us);
}

std::int64_t LatencyHistogram::at_permille_us(std::uint64_t permille) const {
  const std::uint64_t wanted = (count_ * permille + 999) / 1000;
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < buckets_.size() && count_ != 0; ++i) {
    seen += buckets_[i];
    if (seen >= wanted) return std::min(upper_bound_us(i), max_us_);
  }
  return 0;
}

}  // namespace jangbu::cli::bench
