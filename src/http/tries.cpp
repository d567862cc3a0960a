#include "http/tries.h"

#include "http/api.h"

namespace jangbu::http {
namespace {

constexpr std::size_t max_names = 10'000;

}  // namespace

bool Tries::take(const std::string& name) {
  const std::lock_guard lock(mutex_);
  const Instant now = clock_.wall_now();
  if (counts_.size() >= max_names && !counts_.contains(name)) counts_.clear();
  Count& count = counts_[name];
  if (now - count.since >= window_) count = {now, 0};
  if (count.tries >= most_) return false;
  ++count.tries;
  return true;
}

void Tries::give_back(const std::string& name) {
  const std::lock_guard lock(mutex_);
  const auto found = counts_.find(name);
  if (found != counts_.end() && found->second.tries > 0) --found->second.tries;
}

Response Tries::too_many() const {
  Response response = api_error(Error(Errc::overloaded, "too many tries: wait as long as Retry-After says"));
  response.status = 429;
  response.headers = {{"Retry-After", std::to_string(window_.us / 1'000'000)}};
  return response;
}

}  // namespace jangbu::http
