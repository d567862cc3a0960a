// The words of the affiliate door: numbers inside, ids outside; rates, statuses, days.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/money.h"
#include "base/result.h"
#include "base/time.h"

namespace jangbu::affiliate {

/// Numbers that the book hands out, from 1; 0 stands for none.
using MerchantNumber = std::uint64_t;
using ProgramNumber = std::uint64_t;
using AffiliateNumber = std::uint64_t;
using ConversionNumber = std::uint64_t;
using PromoNumber = std::uint64_t;
using PayoutNumber = std::uint64_t;

/// "A100000001": A and nine digits, A100000000 + number.
std::string affiliate_id(AffiliateNumber number);
/// 0 when the text is no such id.
AffiliateNumber affiliate_of_id(std::string_view id);

/// 10'000'000'000'001: 14 digits, which a JSON number of any reader keeps exactly.
inline constexpr std::uint64_t first_trlog_id = 10'000'000'000'000;
constexpr std::uint64_t trlog_id(ConversionNumber number) { return first_trlog_id + number; }
/// 0 when it is none.
constexpr ConversionNumber conversion_of_trlog_id(std::uint64_t id) {
  return id > first_trlog_id ? id - first_trlog_id : 0;
}

/// 1 to 10 of a-z, 0-9, "_" and "-".
bool is_merchant_id(std::string_view id);

/// What is paid for a sale: a share of what was paid for it, or so many won for each item.
struct Rate {
  /// Stored.
  enum class Unit : std::uint8_t { percent = 1, won_per_item = 2 };
  Unit unit = Unit::percent;
  std::uint64_t value = 0;  // percent: units of 1/10000 %; won_per_item: won

  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(unit, value);
  }
  friend bool operator==(const Rate&, const Rate&) = default;
};
inline constexpr int percent_scale = 4;                        // digits after the point
inline constexpr std::uint64_t max_percent_value = 1'000'000;  // 100 %
inline constexpr std::uint64_t max_won_per_item = 100'000'000;

/// "8%", "0.5%", "500KRW".
std::string rate_text(const Rate& rate);
/// Error: invalid_parameters, also above 100 % or 100,000,000 won.
Result<Rate> parse_rate(std::string_view text);

/// Stored.
enum class ProgramKind : std::uint8_t { cps = 1, cpa = 2 };

/// What the incumbent calls the states of a conversion; the numbers are stored and stand in answers.
enum class ConversionStatus : std::uint16_t {
  normal = 100,
  settling = 200,
  settled = 210,  // final
  cancel_requested = 300,
  cancelled = 310,  // final
};
constexpr bool is_final(ConversionStatus status) {
  return status == ConversionStatus::settled || status == ConversionStatus::cancelled;
}
std::optional<ConversionStatus> status_of(std::uint64_t number);

/// Stored.
enum class DeviceType : std::uint8_t {
  unknown = 0,
  web_pc = 1,
  web_mobile = 2,
  app_ios = 3,
  app_android = 4
};
/// "web-pc", "web-mobile", "app-ios", "app-android"; unknown is "".
std::string_view device_name(DeviceType device);
DeviceType device_of_name(std::string_view name);

/// How a merchant is answered; stored.
enum class AnswerShape : std::uint8_t { object = 1, array = 2 };

/// Where an affiliate's reward postbacks stand; stored.
enum class RewardStatus : std::uint8_t { none = 0, requested = 1, approved = 2, rejected = 3 };

/// How a conversion came; stored.
enum class Source : std::uint8_t {
  cps = 1,
  cpa = 2,
  promo = 3,
  restored = 4,  // from the merchant's list
};

/// Marks of a conversion, as bits; stored.
enum Mark : std::uint64_t {
  mark_click_lost = 1,     // the click id is of our form, and no such click is known
  mark_click_foreign = 2,  // it is of another form: neither click nor window is known
  mark_robot = 4,          // the click's agent is a robot's
  mark_paid_early = 8,     // it was paid before the click, says the merchant: it counts when it came
};

/// Days and months of the business, in Asia/Seoul: 20260525, 202605.
using Day = std::uint32_t;
using Month = std::uint32_t;
inline constexpr std::string_view time_zone = "Asia/Seoul";
Day day_of(Instant at);
constexpr Month month_of(Day day) { return day / 100; }
/// "112719"
std::string time_of_day(Instant at);
/// Midnight at which the day begins. Error: invalid_parameters (there is no such day).
Result<Instant> start_of(Day day);
/// The same day of a month that many months later; the day must be 1 to 28.
Day in_month_after(Day day, std::uint32_t months);

/// Digits after the point of what merchants send as a price.
inline constexpr int price_scale = 4;
/// Digits after the point of an exchange rate: won for one unit of a currency.
inline constexpr int exchange_scale = 6;
inline constexpr std::int64_t exchange_units = 1'000'000;  // 10^exchange_scale
/// Whether conversions may come in this currency: KRW, or one of those that the incumbent lists.
bool is_currency(std::string_view code);

/// Names of ledger accounts; all in KRW, without a floor: corrections may outweigh what is there.
std::string adcost_account(std::string_view merchant_id);
std::string pending_account(AffiliateNumber affiliate);
std::string payable_account(AffiliateNumber affiliate);
inline constexpr std::string_view fee_account = "network:fee";
inline constexpr std::string_view bank_account = "network:bank";
inline constexpr std::string_view won = "KRW";

}  // namespace jangbu::affiliate
