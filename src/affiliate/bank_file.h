// The list of payouts that is given to the bank, as CSV. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/money.h"

namespace jangbu::affiliate {

/// One transfer.
struct Transfer {
  std::uint64_t payout = 0;
  std::uint32_t month = 0;  // yyyymm
  std::string affiliate_id;
  std::string affiliate_name;
  std::string bank;
  std::string account;
  std::string holder;
  Money amount;  // won

  friend bool operator==(const Transfer&, const Transfer&) = default;
};

/// RFC 4180 in UTF-8 with a byte order mark and a line of names, which is what spreadsheets take. Every text
/// stands in quotes, and nothing is a formula (see base/csv.h).
std::string bank_file(const std::vector<Transfer>& transfers);

}  // namespace jangbu::affiliate
