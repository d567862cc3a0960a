#include "http/tries.h"

#include "crypto/digest.h"
#include "http/api.h"

namespace jangbu::http {

bool Tries::take(const std::string& name) {
  const Hash key = crypto::sha256(name);
  const std::lock_guard lock(mutex_);
  const Instant now = clock_.wall_now();
  auto found = counts_.find(key);
  if (found == counts_.end()) {
    forget(now);
    found = counts_.emplace(key, Count{now, 0, by_age_.insert(by_age_.end(), key)}).first;
  }
  Count& count = found->second;
  if (now - count.since >= window_) {
    count.since = now;
    count.tries = 0;
    by_age_.splice(by_age_.end(), by_age_, count.place);
  }
  if (count.tries >= most_) return false;
  ++count.tries;
  return true;
}

void Tries::forget(Instant now) {
  while (!by_age_.empty()) {
    const auto oldest = counts_.find(by_age_.front());
    if (counts_.size() < max_names_ && now - oldest->second.since < window_) return;
    counts_.erase(oldest);
    by_age_.pop_front();
  }
}

void Tries::give_back(const std::string& name) {
  const Hash key = crypto::sha256(name);
  const std::lock_guard lock(mutex_);
  const auto found = counts_.find(key);
  if (found != counts_.end() && found->second.tries > 0) --found->second.tries;
}

bool Tries::counts(const std::string& name) const {
  const Hash key = crypto::sha256(name);
  const std::lock_guard lock(mutex_);
  const auto found = counts_.find(key);
  return found != counts_.end() && found->second.tries > 0 &&
         clock_.wall_now() - found->second.since < window_;
}

Response Tries::too_many() const {
  Response response = api_error(Error(Errc::overloaded, "too many tries: wait as long as Retry-After says"));
  response.status = 429;
  response.headers = {{"Retry-After", std::to_string(window_.us / 1'000'000)}};
  return response;
}

}  // namespace jangbu::http
