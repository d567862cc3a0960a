#include "http/rate_limiter.h"

#include <algorithm>

namespace jangbu::http {
namespace {

constexpr std::uint64_t one_request = 1'000'000;  // of a bucket's credit

}  // namespace

bool RateLimiter::admit(std::uint64_t client, std::uint64_t rate_per_s, std::uint64_t burst) {
  const std::int64_t now_us = clock_.monotonic_us();
  // The settings of a client are bounded when it is set; here they only must not overflow.
  constexpr std::uint64_t most = 1'000'000;
  const std::uint64_t full = std::clamp<std::uint64_t>(burst, 1, most) * one_request;
  const std::uint64_t rate = std::clamp<std::uint64_t>(rate_per_s, 1, most);
  const std::lock_guard lock(mutex_);
  const auto [it, is_new] = buckets_.try_emplace(client, Bucket{full, now_us});
  Bucket& bucket = it->second;
  if (!is_new) {
    const auto elapsed_us = static_cast<std::uint64_t>(std::max<std::int64_t>(now_us - bucket.filled_us, 0));
    // A rate of one a second gives a millionth of a request each microsecond.
    bucket.credit = elapsed_us >= full / rate ? full : std::min(full, bucket.credit + elapsed_us * rate);
    bucket.filled_us = now_us;
  }
  if (bucket.credit < one_request) return false;
  bucket.credit -= one_request;
  return true;
}

}  // namespace jangbu::http
