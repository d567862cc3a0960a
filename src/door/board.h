// A door's configuration of the moment, handed from the writer to every thread.
#pragma once

#include <memory>
#include <mutex>
#include <utility>

namespace jangbu::door {

/// `T` is immutable once published. Thread-safe.
template <typename T>
class Board {
 public:
  [[nodiscard]] std::shared_ptr<const T> current() const {
    const std::lock_guard lock(mutex_);
    return current_;
  }
  void publish(std::shared_ptr<const T> next) {
    const std::lock_guard lock(mutex_);
    current_ = std::move(next);
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const T> current_ = std::make_shared<T>();
};

}  // namespace jangbu::door
