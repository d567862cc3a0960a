#include "affiliate/list_wire.h"

#include <algorithm>
#include <charconv>

#include "base/invariant.h"
#include "delivery/utf8.h"
#include "http/message.h"

namespace jangbu::affiliate {
namespace {

constexpr std::size_t day_digits = 8;
constexpr std::size_t month_digits = 6;
constexpr std::uint64_t max_page = 1'000'000'000;
constexpr std::size_t sample_count = 10;

std::optional<std::uint64_t> positive_number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value == 0) return std::nullopt;
  return value;
}

/// Sets the days that are asked for: one, or a whole month.
bool read_days(std::string_view text, ListQuery& query) {
  const auto number = positive_number(text);
  if (!number) return false;
  if (text.size() == day_digits) {
    query.first = query.last = static_cast<Day>(*number);
    return start_of(query.first).ok();
  }
  if (text.size() != month_digits) return false;
  query.first = static_cast<Day>(*number) * 100 + 1;
  query.last = static_cast<Day>(*number) * 100 + 31;  // numbers of days compare as days do
  return start_of(query.first).ok();
}

bool read_pages(std::string_view page, std::string_view per_page, ListQuery& query) {
  const auto number = page.empty() ? std::optional<std::uint64_t>(1) : positive_number(page);
  const auto size = per_page.empty() ? std::optional(default_per_page) : positive_number(per_page);
  if (!number || *number > max_page || !size) return false;
  query.page = *number;
  query.per_page = std::min(*size, max_per_page);
  return true;
}

std::string upper_case(std::string text) {
  for (char& c : text)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return text;
}

std::string short_rate(const Rate& rate) {
  if (rate.unit == Rate::Unit::won_per_item) return std::to_string(rate.value) + "원";
  return rate_text(rate);
}

void put_row(json::Writer& out, const ListRow& row, int scale) {
  out.begin_object();
  out.key("trlog_id").string(std::to_string(row.trlog_id)).key("m_id").string(row.merchant_id);
  out.key("o_cd").string(row.order_code).key("p_cd").string(row.product_code);
  out.key("p_nm").string(row.product_name).key("it_cnt").string(std::to_string(row.quantity));
  out.key("user_id").string(row.user_id);
  out.key("status").string(std::to_string(static_cast<std::uint16_t>(row.status)));
  out.key("c_cd").string(row.category_code).key("create_time_stamp").string(std::to_string(row.made_on));
  out.key("applied_pgm_id").string(row.program_code).key("yyyymmdd").string(std::to_string(row.day));
  out.key("hhmiss").string(row.time).key("trans_comment").string(row.comment);
  out.key("sales").raw(row.sales.to_decimal_text(scale));
  out.key("commission").raw(row.commission.to_decimal_text(scale));
  out.key("pgm_name").string(row.program_name).key("is_pc").string(platform_name(row.device));
  out.key("pur_rate").string(row.rate);
  out.end_object();
}

}  // namespace

std::variant<ListQuery, ListResult> read_list_query(std::string_view query) {
  ListQuery read;
  std::string day;
  std::string page;
  std::string per_page;
  for (auto& [name, value] : http::parse_query(query)) {
    if (name == "a_id") read.affiliate_id = std::move(value);
    if (name == "auth_key") read.auth_key = std::move(value);
    if (name == "yyyymmdd") day = std::move(value);
    if (name == "cancel_flag")
      read.cancelled = value == "Y" ? CancelFlag::only : value == "N" ? CancelFlag::without : CancelFlag::any;
    if (name == "currency" && !value.empty()) read.currency = upper_case(std::move(value));
    if (name == "merchant_id") read.merchant_id = delivery::valid_utf8(value);
    if (name == "page") page = std::move(value);
    if (name == "per_page") per_page = std::move(value);
    if (name == "test") read.test = value == "Y";
    if (name == "test_uid") read.test_uid = delivery::valid_utf8(value);
  }
  if (read.affiliate_id.empty()) return ListResult::no_affiliate;
  if (!read_pages(page, per_page, read)) return ListResult::bad_page;
  if (day.empty()) return ListResult::no_day;
  if (!read_days(day, read)) return ListResult::bad_day;
  if (read.auth_key.empty()) return ListResult::bad_key;
  return read;
}

std::string list_answer(ListResult result, std::uint64_t list_count, const std::vector<ListRow>& rows,
                        int scale) {
  std::string body;
  json::Writer out(body);
  out.begin_object().key("result").string(std::to_string(static_cast<std::uint16_t>(result)));
  out.key("list_count").unsigned_number(list_count).key("order_list").begin_array();
  for (const ListRow& row : rows) put_row(out, row, scale);
  out.end_array().end_object();
  return body;
}

int amount_scale(std::string_view currency) {
  return currency == "KRW" || currency == "JPY" || currency == "VND" ? 0 : 2;
}

Result<Money> in_currency(Money won_amount, Money won_per_unit, int scale) {
  INVARIANT(won_per_unit.is_positive() && scale >= 0 && scale <= 2, "a rate is above zero");
  int128 units_of_one = 1;
  for (int i = 0; i < exchange_scale + scale; ++i) units_of_one *= 10;
  return won_amount.times_ratio(Money::from_units(units_of_one), won_per_unit, Rounding::down);
}

std::string paid_rate_text(const Rate& base, const Rate& incentive) {
  if (incentive.value == 0) return short_rate(base);
  if (base.value == 0) return short_rate(incentive);
  if (base.unit == incentive.unit) return short_rate({base.unit, base.value + incentive.value});
  return short_rate(base) + "+" + short_rate(incentive);
}

std::string_view platform_name(DeviceType device) {
  switch (device) {
    case DeviceType::web_mobile:
      return "mobile";
    case DeviceType::app_ios:
      return "ios";
    case DeviceType::app_android:
      return "android";
    case DeviceType::web_pc:
    case DeviceType::unknown:
      break;
  }
  return "pc";
}

bool matches(CancelFlag flag, ConversionStatus status) {
  const bool is_cancel =
      status == ConversionStatus::cancel_requested || status == ConversionStatus::cancelled;
  return flag == CancelFlag::any || is_cancel == (flag == CancelFlag::only);
}

std::vector<ListRow> sample_rows(const ListQuery& query) {
  constexpr ConversionStatus statuses[] = {ConversionStatus::normal, ConversionStatus::settling,
                                           ConversionStatus::settled, ConversionStatus::cancel_requested,
                                           ConversionStatus::cancelled};
  constexpr DeviceType devices[] = {DeviceType::web_pc, DeviceType::web_mobile, DeviceType::app_ios,
                                    DeviceType::app_android};
  std::vector<ListRow> rows;
  for (std::size_t i = 0; i < sample_count; ++i) {
    const std::string number = std::to_string(i + 1);
    ListRow row;
    row.trlog_id = i + 1;  // no conversion's
    row.merchant_id = query.merchant_id.empty() ? "sample" : query.merchant_id;
    row.order_code = "test-order-" + number;
    row.product_code = "test-product-" + number;
    row.product_name = "테스트 상품 " + number;
    row.quantity = 1;
    row.user_id = query.test_uid.empty() ? "test-user" : query.test_uid;
    row.status = statuses[i % std::size(statuses)];
    row.category_code = "test";
    row.made_on = row.day = query.first;
    row.program_code = "0000";
    row.time = "112719";
    if (row.status == ConversionStatus::cancel_requested || row.status == ConversionStatus::cancelled)
      row.comment = "테스트 취소";
    row.sales = Money::from_units(static_cast<int128>(20'000 * (i + 1)));
    row.commission = Money::from_units(static_cast<int128>(1'800 * (i + 1)));
    row.program_name = "테스트";
    row.device = devices[i % std::size(devices)];
    row.rate = "9%";
    if (matches(query.cancelled, row.status)) rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace jangbu::affiliate
