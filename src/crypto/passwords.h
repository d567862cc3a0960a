// Passwords, hashed and checked off everybody's threads.
#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "base/random.h"
#include "base/result.h"
#include "base/worker.h"

namespace jangbu::crypto {

/// One thread that works on one password at a time, each for tens of ms and 19 MiB, behind a bounded queue: a
/// flood of sign-ins costs one core, and nothing else waits. Thread-safe.
class Passwords {
 public:
  explicit Passwords(Random& random, std::size_t max_waiting = 64);

  /// Both call `done` once, on the thread of passwords; it must not block. Error, at once and without a call:
  /// overloaded.
  Status hash(std::string password, std::function<void(std::string)> done);
  /// `hashed`: of hash_password(); an empty one is of nobody, and takes the same time to be refused.
  Status verify(std::string hashed, std::string password, std::function<void(bool)> done);
  /// Finishes the one that is being worked on and drops the others, `done` uncalled.
  void stop() { worker_.stop(); }

 private:
  std::string nobodys_password_;
  std::string nobody_;  // its hash, made with the first check; the worker's
  Worker worker_;
};

}  // namespace jangbu::crypto
