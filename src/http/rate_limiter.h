// How many requests a client may make.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>

#include "base/time.h"

namespace jangbu::http {

/// Token buckets, one for each client of a door: `burst` requests at once, `rate_per_s` in the long run.
/// Clients are those that the door knows, so that their number is bounded. Thread-safe.
class RateLimiter {
 public:
  explicit RateLimiter(const Clock& clock) : clock_(clock) {}

  /// Whether one more request of the client fits; then it is counted.
  bool admit(std::uint64_t client, std::uint64_t rate_per_s, std::uint64_t burst);

 private:
  struct Bucket {
    std::uint64_t credit = 0;    // millionths of a request
    std::int64_t filled_us = 0;  // on the monotonic clock
  };

  const Clock& clock_;
  std::mutex mutex_;
  std::map<std::uint64_t, Bucket> buckets_;
};

}  // namespace jangbu::http
