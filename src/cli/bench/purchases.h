// The requests of the load: the example of the purchase door's public documentation, six details, each with
// an id of its own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace jangbu::cli::bench {

struct PurchaseOptions {
  std::string host;
  std::string access_key;
  std::string shop_id;
  /// Accounts that get the points, drawn at random; 1: the example's.
  std::uint64_t users = 1;
  /// The seconds that the purchases carry, and the beginning of their ids: runs that start in different
  /// seconds make different purchases.
  std::int64_t unix_seconds = 0;
};

class Purchases {
 public:
  explicit Purchases(const PurchaseOptions& options);
  /// A whole HTTP request; the view lives until the next call.
  std::string_view next();

 private:
  void draw_account();

  std::uint64_t users_;
  std::uint64_t next_id_;
  std::uint64_t drawn_ = 0;
  std::string text_;
  std::size_t id_at_ = 0;
  std::size_t account_at_ = 0;
};

}  // namespace jangbu::cli::bench
