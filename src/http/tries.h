// How often somebody may try a password.
#pragma once

#include <cstddef>
#include <list>
#include <map>
#include <mutex>
#include <string>

#include "base/bytes.h"
#include "base/time.h"
#include "http/message.h"

namespace jangbu::http {

/// Counts tries by a name (an address, an account) within windows of time. Bounded in memory, however long
/// the names are: a new one too many takes the place of the one whose window began first. Thread-safe.
class Tries {
 public:
  static constexpr std::size_t usual_names = 100'000;

  /// `most`: tries of one name within `window`.
  Tries(const Clock& clock, int most, Duration window = Duration::seconds(60),
        std::size_t max_names = usual_names)
      : clock_(clock), most_(most), window_(window), max_names_(max_names) {}

  /// Counts a try; false when there were too many before it.
  bool take(const std::string& name);
  /// A try that came to nothing counts no more.
  void give_back(const std::string& name);
  /// Whether a try of that name counts now.
  [[nodiscard]] bool counts(const std::string& name) const;
  /// 429, with Retry-After.
  [[nodiscard]] Response too_many() const;

 private:
  struct Count {
    Instant since;
    int tries = 0;
    std::list<Hash>::iterator place;  // in `by_age_`
  };
  /// Makes room for a name.
  void forget(Instant now);

  const Clock& clock_;
  int most_;
  Duration window_;
  std::size_t max_names_;
  mutable std::mutex mutex_;
  std::map<Hash, Count> counts_;  // by the name's digest
  std::list<Hash> by_age_;        // the window that began first is in front
};

}  // namespace jangbu::http
