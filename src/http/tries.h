// How often somebody may try a password.
#pragma once

#include <map>
#include <mutex>
#include <string>

#include "base/time.h"
#include "http/message.h"

namespace jangbu::http {

/// Counts tries by a name (an address, an account) within windows of time. Bounded in memory: when too many
/// names are known, all are forgotten. Thread-safe.
class Tries {
 public:
  /// `most`: tries of one name within `window`.
  Tries(const Clock& clock, int most, Duration window = Duration::seconds(60))
      : clock_(clock), most_(most), window_(window) {}

  /// Counts a try; false when there were too many before it.
  bool take(const std::string& name);
  /// A try that came to nothing counts no more.
  void give_back(const std::string& name);
  /// 429, with Retry-After.
  [[nodiscard]] Response too_many() const;

 private:
  struct Count {
    Instant since;
    int tries = 0;
  };

  const Clock& clock_;
  int most_;
  Duration window_;
  std::mutex mutex_;
  std::map<std::string, Count> counts_;
};

}  // namespace jangbu::http
