// How long requests took: counted in buckets that are narrow in proportion, so that memory is small and
// fixed.
#pragma once

#include <cstdint>
#include <vector>

namespace jangbu::cli::bench {

class LatencyHistogram {
 public:
  LatencyHistogram();

  /// Negative latencies count as zero.
  void record_us(std::int64_t latency_us);
  /// The latency that `permille` of all stayed at or below, at most 1/128 too high; 0 when there is none.
  [[nodiscard]] std::int64_t at_permille_us(std::uint64_t permille) const;
  [[nodiscard]] std::int64_t max_us() const { return max_us_; }

 private:
  std::vector<std::uint64_t> buckets_;
  std::uint64_t count_ = 0;
  std::int64_t max_us_ = 0;
};

}  // namespace jangbu::cli::bench
