#include "affiliate/types.h"

#include <gtest/gtest.h>

namespace jangbu::affiliate {
namespace {

TEST(AffiliateTypes, RatesReadAndWrite) {
  const struct {
    const char* name;
    const char* text;
    std::optional<Rate> rate;
    const char* back;
  } rows[] = {
      {"percent", "8%", Rate{Rate::Unit::percent, 80'000}, "8%"},
      {"half a percent", "0.5%", Rate{Rate::Unit::percent, 5'000}, "0.5%"},
      {"the smallest", "0.0001%", Rate{Rate::Unit::percent, 1}, "0.0001%"},
      {"nothing", "0%", Rate{}, "0%"},
      {"all of it", "100%", Rate{Rate::Unit::percent, 1'000'000}, "100%"},
      {"won", "500KRW", Rate{Rate::Unit::won_per_item, 500}, "500KRW"},
      {"no won", "0KRW", Rate{Rate::Unit::won_per_item, 0}, "0KRW"},
      {"the most won", "100000000KRW", Rate{Rate::Unit::won_per_item, 100'000'000}, "100000000KRW"},
      {"one won too much", "100000001KRW", {}, ""},
      {"above all", "100.0001%", {}, ""},
      {"too fine", "0.00001%", {}, ""},
      {"negative", "-1%", {}, ""},
      {"no number", "%", {}, ""},
      {"won without a number", "KRW", {}, ""},
      {"won with a fraction", "1.5KRW", {}, ""},
      {"no unit", "8", {}, ""},
      {"an exponent", "1e1%", {}, ""},
      {"nothing at all", "", {}, ""},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    const auto rate = parse_rate(row.text);
    ASSERT_EQ(rate.ok(), row.rate.has_value());
    if (!rate) continue;
    EXPECT_EQ(*rate, *row.rate);
    EXPECT_EQ(rate_text(*rate), row.back);
  }
}

TEST(AffiliateTypes, IdsReadAndWrite) {
  EXPECT_EQ(affiliate_id(1), "A100000001");
  EXPECT_EQ(affiliate_of_id("A100000001"), 1U);
  EXPECT_EQ(affiliate_of_id("A999999999"), 899'999'999U);
  for (const char* text :
       {"A100000000", "A000000001", "a100000001", "A10000001", "A1000000010", "A10000000x", ""})
    EXPECT_EQ(affiliate_of_id(text), 0U) << text;
  EXPECT_EQ(trlog_id(255), 10'000'000'000'255U);
  EXPECT_EQ(conversion_of_trlog_id(10'000'000'000'255), 255U);
  EXPECT_EQ(conversion_of_trlog_id(10'000'000'000'000), 0U);
  EXPECT_TRUE(is_merchant_id("sand-shop_"));
  for (const char* text : {"", "sandshop123", "Sandshop", "sand shop", "샵"})
    EXPECT_FALSE(is_merchant_id(text)) << text;
}

TEST(AffiliateTypes, DaysAreKorean) {
  const auto at = parse_rfc3339("2020-07-01T02:27:19Z").value();
  EXPECT_EQ(day_of(at), 20200701U);
  EXPECT_EQ(time_of_day(at), "112719");
  EXPECT_EQ(day_of(parse_rfc3339("2020-12-31T14:59:59Z").value()), 20201231U);
  EXPECT_EQ(day_of(parse_rfc3339("2020-12-31T15:00:00Z").value()), 20210101U);
  EXPECT_EQ(start_of(20210101).value(), parse_rfc3339("2020-12-31T15:00:00Z").value());
  EXPECT_FALSE(start_of(20210229).ok());
  EXPECT_FALSE(start_of(2021).ok());
  EXPECT_EQ(month_of(20210105), 202101U);
  EXPECT_EQ(in_month_after(20201105, 1), 20201205U);
  EXPECT_EQ(in_month_after(20201106, 2), 20210106U);
  EXPECT_EQ(in_month_after(20211220, 14), 20230220U);
}

TEST(AffiliateTypes, NamesReadAndWrite) {
  for (const auto device :
       {DeviceType::web_pc, DeviceType::web_mobile, DeviceType::app_ios, DeviceType::app_android})
    EXPECT_EQ(device_of_name(device_name(device)), device);
  EXPECT_EQ(device_of_name("toaster"), DeviceType::unknown);
  EXPECT_EQ(status_of(210), ConversionStatus::settled);
  EXPECT_EQ(status_of(211), std::nullopt);
  EXPECT_TRUE(is_final(ConversionStatus::cancelled));
  EXPECT_FALSE(is_final(ConversionStatus::cancel_requested));
  for (const char* code : {"KRW", "USD", "TRY"}) EXPECT_TRUE(is_currency(code)) << code;
  for (const char* code : {"", "krw", "XXX"}) EXPECT_FALSE(is_currency(code)) << code;
  EXPECT_EQ(adcost_account("sandshop"), "merchant:sandshop:adcost");
  EXPECT_EQ(pending_account(1), "affiliate:A100000001:pending");
  EXPECT_EQ(payable_account(1), "affiliate:A100000001:payable");
}

}  // namespace
}  // namespace jangbu::affiliate
