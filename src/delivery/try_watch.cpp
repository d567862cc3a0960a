#include "delivery/try_watch.h"

#include <utility>

namespace jangbu::delivery {
namespace {

constexpr std::size_t remembered_tries = 4096;

}  // namespace

void TryWatch::when_tried(std::uint64_t event, std::int64_t deadline_us, bool logged, bool may_wait,
                       Tried tried) {
  const auto known = tried_.find(event);
  if (known != tried_.end() && !(logged && unlogged_.contains(event))) return tried(known->second);
  if (!may_wait) return tried(false);
  waiters_.emplace(event, Waiter{deadline_us, std::move(tried), logged});
}

void TryWatch::answered(std::uint64_t event, bool sent) {
  unlogged_.insert(event);
  if (tried_.insert_or_assign(event, sent).second) tried_order_.push_back(event);
  if (tried_order_.size() > remembered_tries) {
    tried_.erase(tried_order_.front());
    tried_order_.pop_front();
  }
  tell(event, sent, false);
}

void TryWatch::logged(std::uint64_t event, bool sent) {
  unlogged_.erase(event);
  tell(event, sent, true);
}

/// Those that wait for the attempt, or for its place in the log.
void TryWatch::tell(std::uint64_t event, bool sent, bool logged) {
  for (auto [it, last] = waiters_.equal_range(event); it != last;) {
    if (it->second.logged != logged) {
      ++it;
      continue;
    }
    const Tried tried = std::move(it->second.tried);
    it = waiters_.erase(it);
    tried(sent);
  }
}

void TryWatch::expire(std::int64_t now_us) {
  for (auto it = waiters_.begin(); it != waiters_.end();) {
    if (it->second.deadline_us > now_us) {
      ++it;
      continue;
    }
    const Tried tried = std::move(it->second.tried);
    it = waiters_.erase(it);
    tried(false);
  }
}

void TryWatch::give_up() {
  unlogged_.clear();
  for (auto& [event, waiter] : std::exchange(waiters_, {})) waiter.tried(false);
}

}  // namespace jangbu::delivery
