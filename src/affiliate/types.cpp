#include "affiliate/types.h"

#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "base/calendar.h"
#include "base/invariant.h"

namespace jangbu::affiliate {
namespace {

constexpr std::uint64_t first_affiliate_id = 100'000'000;
constexpr std::size_t affiliate_id_digits = 9;
constexpr std::size_t max_merchant_id_bytes = 10;
// Korea has had no daylight saving since 1988, and no conversion is older.

constexpr std::array<std::string_view, 23> currencies = {
    "KRW", "CNY", "USD", "EUR", "JPY", "AUD", "GBP", "VND", "CHF", "HKD", "PHP", "SGD",
    "TWD", "BRL", "IDR", "MYR", "PLN", "THB", "CAD", "INR", "NZD", "RUB", "TRY"};

std::optional<std::uint64_t> digits(std::string_view text) {
  std::uint64_t value = 0;
  if (text.empty() || text.size() > 18) return std::nullopt;
  for (const char c : text) {
    if (!is_digit(c)) return std::nullopt;
    value = value * 10 + static_cast<std::uint64_t>(c - '0');
  }
  return value;
}

/// The moment as clocks in Seoul show it, read as UTC: "2026-05-25T11:27:19Z".
std::string local_text(Instant at) { return to_rfc3339(at + korean_offset); }

}  // namespace

std::string affiliate_id(AffiliateNumber number) {
  INVARIANT(number < 9 * first_affiliate_id, "an affiliate's id has nine digits");
  return "A" + std::to_string(first_affiliate_id + number);
}

AffiliateNumber affiliate_of_id(std::string_view id) {
  if (id.size() != 1 + affiliate_id_digits || id[0] != 'A') return 0;
  const auto number = digits(id.substr(1));
  return number && *number > first_affiliate_id ? *number - first_affiliate_id : 0;
}

bool is_merchant_id(std::string_view id) {
  return !id.empty() && id.size() <= max_merchant_id_bytes && std::all_of(id.begin(), id.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || is_digit(c) || c == '_' || c == '-';
  });
}

std::string rate_text(const Rate& rate) {
  if (rate.unit == Rate::Unit::won_per_item) return std::to_string(rate.value) + "KRW";
  return Money::from_units(static_cast<int128>(rate.value)).to_decimal_text(percent_scale) + "%";
}

Result<Rate> parse_rate(std::string_view text) {
  const Error fault(Errc::invalid_parameters, "must be a rate such as \"8%\", \"0.5%\" or \"500KRW\"");
  Rate rate;
  if (text.ends_with("KRW")) {
    const auto won_per_item = digits(text.substr(0, text.size() - 3));
    if (!won_per_item || *won_per_item > max_won_per_item) return fault;
    rate.unit = Rate::Unit::won_per_item;
    rate.value = *won_per_item;
    return rate;
  }
  if (!text.ends_with('%')) return fault;
  const auto percent = parse_decimal(text.substr(0, text.size() - 1), percent_scale, Exponent::refused);
  if (!percent || percent->is_negative() || percent->units() > static_cast<int128>(max_percent_value))
    return fault;
  rate.value = static_cast<std::uint64_t>(percent->units());
  return rate;
}

std::optional<ConversionStatus> status_of(std::uint64_t number) {
  for (const ConversionStatus status :
       {ConversionStatus::normal, ConversionStatus::settling, ConversionStatus::settled,
        ConversionStatus::cancel_requested, ConversionStatus::cancelled})
    if (static_cast<std::uint64_t>(status) == number) return status;
  return std::nullopt;
}

std::string_view device_name(DeviceType device) {
  switch (device) {
    case DeviceType::web_pc:
      return "web-pc";
    case DeviceType::web_mobile:
      return "web-mobile";
    case DeviceType::app_ios:
      return "app-ios";
    case DeviceType::app_android:
      return "app-android";
    case DeviceType::unknown:
      break;
  }
  return "";
}

DeviceType device_of_name(std::string_view name) {
  for (const DeviceType device :
       {DeviceType::web_pc, DeviceType::web_mobile, DeviceType::app_ios, DeviceType::app_android})
    if (device_name(device) == name) return device;
  return DeviceType::unknown;
}

Day day_of(Instant at) {
  const std::string text = local_text(at);
  return static_cast<Day>(*digits(text.substr(0, 4) + text.substr(5, 2) + text.substr(8, 2)));
}

std::string time_of_day(Instant at) {
  const std::string text = local_text(at);
  return text.substr(11, 2) + text.substr(14, 2) + text.substr(17, 2);
}

Result<Instant> start_of(Day day) {
  const std::string text = std::to_string(day);
  if (text.size() != 8) return Errc::invalid_parameters;
  return start_of_day(text.substr(0, 4) + "-" + text.substr(4, 2) + "-" + text.substr(6, 2), 0, time_zone);
}

Day in_month_after(Day day, std::uint32_t months) {
  INVARIANT(day % 100 >= 1 && day % 100 <= 28, "every month has the day");
  const std::uint32_t month = day / 10'000 * 12 + (day / 100 % 100 - 1) + months;
  return (month / 12 * 100 + month % 12 + 1) * 100 + day % 100;
}

bool is_currency(std::string_view code) {
  return std::find(currencies.begin(), currencies.end(), code) != currencies.end();
}

std::string adcost_account(std::string_view merchant_id) {
  return "merchant:" + std::string(merchant_id) + ":adcost";
}
std::string pending_account(AffiliateNumber affiliate) {
  return "affiliate:" + affiliate_id(affiliate) + ":pending";
}
std::string payable_account(AffiliateNumber affiliate) {
  return "affiliate:" + affiliate_id(affiliate) + ":payable";
}

}  // namespace jangbu::affiliate
