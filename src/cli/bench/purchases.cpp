#include "cli/bench/purchases.h"

#include <fmt/format.h>

namespace jangbu::cli::bench {
namespace {

constexpr std::size_t id_digits = 18;
/// Ids of one second; more purchases than a run can make.
constexpr std::uint64_t ids_per_second = 100'000'000;
constexpr std::size_t account_bytes = 20;
constexpr std::string_view example_account = "89e3b2D91ecaf08016eEDb966c1fecA1e326714e";
constexpr std::string_view details =
    R"([{"productId":"2020051310000674","amount":6600,"providePercent":1.7},)"
    R"({"productId":"2020051310000124","amount":6300,"providePercent":8.5},)"
    R"({"productId":"2020051310000997","amount":900,"providePercent":5.7},)"
    R"({"productId":"2020051310000893","amount":15200,"providePercent":4.2},)"
    R"({"productId":"2020051310000032","amount":6800,"providePercent":1},)"
    R"({"productId":"2020051310000103","amount":8600,"providePercent":5.7}])";

/// SplitMix64: the same numbers in every run.
std::uint64_t mix(std::uint64_t value) {
  value += 0x9e3779b97f4a7c15U;
  value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9U;
  value = (value ^ (value >> 27)) * 0x94d049bb133111ebU;
  return value ^ (value >> 31);
}

}  // namespace

Purchases::Purchases(const PurchaseOptions& options)
    : users_(options.users), next_id_(static_cast<std::uint64_t>(options.unix_seconds) * ids_per_second) {
  std::string body = R"({"purchaseId":")";
  const std::size_t id_in_body = body.size();
  body += std::string(id_digits, '0') + R"(","timestamp":")" + std::to_string(options.unix_seconds);
  body += R"(","totalAmount":44400,"cashAmount":44400,"currency":"krw","shopId":")" + options.shop_id;
  body += R"(","userAccount":"0x)";
  const std::size_t account_in_body = body.size();
  body += std::string(example_account) + R"(","userPhone":"","details":)" + std::string(details) + "}";
  text_ = fmt::format(
      "POST /v1/tx/purchase/new HTTP/1.1\r\nHost: {}\r\nAuthorization: {}\r\n"
      "Content-Type: application/json\r\nContent-Length: {}\r\n\r\n",
      options.host, options.access_key, body.size());
  id_at_ = text_.size() + id_in_body;
  account_at_ = text_.size() + account_in_body;
  text_ += body;
}

std::string_view Purchases::next() {
  std::uint64_t rest = next_id_++;
  for (std::size_t i = id_digits; i-- > 0; rest /= 10) text_[id_at_ + i] = static_cast<char>('0' + rest % 10);
  if (users_ > 1) draw_account();
  return text_;
}

void Purchases::draw_account() {
  constexpr std::string_view digits = "0123456789abcdef";
  constexpr std::size_t digits_per_word = 16;
  const std::uint64_t user = mix(drawn_++) % users_;
  std::uint64_t word = 0;
  for (std::size_t i = 0; i < 2 * account_bytes; ++i, word >>= 4) {
    if (i % digits_per_word == 0) word = mix(mix(user) + i);
    text_[account_at_ + i] = digits[word & 0xf];
  }
}

}  // namespace jangbu::cli::bench
