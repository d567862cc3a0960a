// Where the secrets of receivers are found by their names.
#pragma once

#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace jangbu::delivery {

/// Doors put in how secrets are found whose names begin with theirs; the postman asks. A finder must not
/// block for long. Thread-safe.
class SecretBook {
 public:
  using Finder = std::function<std::optional<std::string>(std::string_view rest_of_name)>;

  /// `prefix`: "hub-app:"; the finder gets what follows it.
  void add(std::string prefix, Finder finder) {
    const std::lock_guard lock(mutex_);
    finders_.emplace_back(std::move(prefix), std::move(finder));
  }
  [[nodiscard]] std::optional<std::string> find(std::string_view name) const {
    const std::lock_guard lock(mutex_);
    for (const auto& [prefix, finder] : finders_)
      if (name.starts_with(prefix)) return finder(name.substr(prefix.size()));
    return std::nullopt;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<std::pair<std::string, Finder>> finders_;
};

}  // namespace jangbu::delivery
