// What came of the attempts made last, and who waits to hear of one.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <unordered_map>
#include <unordered_set>

namespace jangbu::delivery {

/// One thread.
class TryWatch {
 public:
  using Tried = std::function<void(bool sent)>;

  /// Calls `tried` once: at once when the event was tried a moment ago (`logged`: and that stands in the
  /// log), or when nobody may wait; else with its next attempt, or with false when the deadline is over.
  void when_tried(std::uint64_t event, std::int64_t deadline_us, bool logged, bool may_wait, Tried tried);

  /// An attempt has ended.
  void answered(std::uint64_t event, bool sent);
  /// It stands in the log.
  void logged(std::uint64_t event, bool sent);
  /// Those whose deadline is over hear false.
  void expire(std::int64_t now_us);
  /// Nobody logs any more what was answered, and everybody who waits hears false.
  void give_up();

 private:
  struct Waiter {
    std::int64_t deadline_us;
    Tried tried;
    bool logged;  // waits for the log
  };

  void tell(std::uint64_t event, bool sent, bool logged);

  std::unordered_multimap<std::uint64_t, Waiter> waiters_;
  std::unordered_map<std::uint64_t, bool> tried_;  // the events tried last, and whether they were delivered
  std::deque<std::uint64_t> tried_order_;
  std::unordered_set<std::uint64_t> unlogged_;  // those whose last attempt is not in the log yet
};

}  // namespace jangbu::delivery
