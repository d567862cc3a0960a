// What affiliates ask about their conversions, and how they are answered: GET /affiliate/translist.php. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "affiliate/types.h"
#include "base/json.h"
#include "base/money.h"

namespace jangbu::affiliate {

/// The answer's `result`, as text.
enum class ListResult : std::uint16_t {
  ok = 0,
  no_affiliate = 100,
  bad_page = 101,
  no_day = 200,
  bad_day = 210,
  bad_key = 300,
  bad_currency = 400,
};

inline constexpr std::uint64_t default_per_page = 1000;
inline constexpr std::uint64_t max_per_page = 10'000;  // more are answered with so many

enum class CancelFlag : std::uint8_t { any, only, without };

struct ListQuery {
  std::string affiliate_id;
  std::string auth_key;
  Day first = 0;  // of the purchase, both included
  Day last = 0;
  CancelFlag cancelled = CancelFlag::any;
  std::string currency{won};
  std::string merchant_id;  // empty: of all
  std::uint64_t page = 1;
  std::uint64_t per_page = default_per_page;
  bool test = false;
  std::string test_uid;

  friend bool operator==(const ListQuery&, const ListQuery&) = default;
};

/// Reads the query string; of several faults the one with the lowest number is told, but for the key, which
/// the caller checks. The order of checks is the order of the numbers.
std::variant<ListQuery, ListResult> read_list_query(std::string_view query);

/// A row of the answer. Amounts in the currency that was asked for, in units of 10^-amount_scale.
struct ListRow {
  std::uint64_t trlog_id = 0;
  std::string merchant_id;
  std::string order_code;
  std::string product_code;
  std::string product_name;
  std::int64_t quantity = 0;
  std::string user_id;
  ConversionStatus status = ConversionStatus::normal;
  std::string category_code;
  Day made_on = 0;  // when the network heard of it
  std::string program_code;
  Day day = 0;  // of the purchase
  std::string time;
  std::string comment;
  Money sales;
  Money commission;
  std::string program_name;
  DeviceType device = DeviceType::unknown;
  std::string rate;
};

std::string list_answer(ListResult result, std::uint64_t list_count, const std::vector<ListRow>& rows,
                        int amount_scale);

/// Digits after the point of amounts in a currency, as they are told: of KRW, JPY and VND none, of the others
/// two.
int amount_scale(std::string_view currency);
/// An amount in won as one in a currency, in units of 10^-amount_scale, rounded towards zero. `won_per_unit`
/// is in units of 10^-exchange_scale and above zero (INVARIANT). Error: amount_overflow.
Result<Money> in_currency(Money won_amount, Money won_per_unit, int scale);

/// What was paid, as one text: "9%", "500원"; of two kinds "8%+500원".
std::string paid_rate_text(const Rate& base, const Rate& incentive);
/// "mobile", "pc", "ios", "android".
std::string_view platform_name(DeviceType device);

/// What `test=Y` is answered with: ten rows that are always the same, of every status, for `user_id`. In won.
std::vector<ListRow> sample_rows(const ListQuery& query);
/// Whether a row of that status belongs to the answer.
bool matches(CancelFlag flag, ConversionStatus status);

}  // namespace jangbu::affiliate
