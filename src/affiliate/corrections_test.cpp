// What negative lines take back of a sale that was recorded, on both databases.
#include <gtest/gtest.h>

#include "affiliate/conversions.h"
#include "affiliate/test_network.h"

namespace jangbu::affiliate {
namespace {

TEST_P(NetworkTest, ANegativeRowTakesBack) {
  take("o", product_of("p", "20000", 2));
  ProductForm back = product_of("p", "-5000", 1);
  const Item item = take("o", back);
  EXPECT_EQ(item.trlog_id, 10'000'000'000'002U);
  EXPECT_EQ(item.sale, in_units(-5'000));
  EXPECT_EQ(item.commission, in_units(-450));
  EXPECT_EQ(take("o", back), item) << "the same again is the same";
  EXPECT_EQ(pending(), 1'350);
  EXPECT_EQ(row(2).origin, 1U);
  EXPECT_EQ(row(1).corrected, in_units(5'000));
  back.canceled_at = fixture->clock.wall_now();
  EXPECT_EQ(take("o", back).trlog_id, 10'000'000'000'003U) << "at another moment it is another one";
  back.price = price_of("-10001");
  EXPECT_FALSE(take("o", back).success) << "no more than there was";
  back.price = price_of("-10000");
  EXPECT_TRUE(take("o", back).success);
  EXPECT_EQ(pending(), 0);
  EXPECT_EQ(postbacks(), 4U);
  ProductForm canceled = product_of("p", "20000", 2);
  canceled.canceled_at = fixture->clock.wall_now();
  take("o", canceled);
  EXPECT_EQ(row(1).status, ConversionStatus::normal) << "it was taken back by rows of its own";
}

TEST_P(NetworkTest, ASaleAndWhatTakesBackFromItComeTogether) {
  const OrderForm form = order_of("o", {product_of("p", "-5000"), product_of("p", "20000", 2),
                                        product_of("q", "-1"), product_of("p", "-16000")});
  const auto told = take(form);
  EXPECT_EQ(told.items[1].commission, in_units(1'800));
  EXPECT_EQ(told.items[0].commission, in_units(-450)) << "wherever the sale stands";
  EXPECT_EQ(told.items[2].message, message::problem) << "of that one there is no sale";
  EXPECT_EQ(told.items[3].message, message::problem) << "no more than there was";
  EXPECT_EQ(pending(), 1'350);
  EXPECT_EQ(row(2).origin, 1U);
  EXPECT_EQ(row(1).corrected, in_units(5'000));
  EXPECT_EQ(postbacks(), 2U);
  EXPECT_EQ(take(form).items, told.items) << "the same again is the same";
  ProductForm canceled = product_of("p");
  canceled.canceled_at = fixture->clock.wall_now();
  const auto gone = take(order_of("gone", {canceled, product_of("p", "-1")}));
  EXPECT_TRUE(gone.items[0].success);
  EXPECT_EQ(gone.items[1].message, message::problem) << "it is cancelled as a whole";
  canceled.canceled_price = price_of("5000");
  const auto left = take(order_of("left", {canceled, product_of("p", "-15001"), product_of("p", "-15000")}));
  EXPECT_EQ(left.items[0].sale, in_units(15'000));
  EXPECT_EQ(left.items[1].message, message::problem) << "no more than is left";
  EXPECT_EQ(left.items[2].commission, in_units(-1'350));
}

TEST_P(NetworkTest, ManySmallRowsTakeBackWhatOneWould) {
  const auto take_back = [&](const std::string& order, const char* price, int times) {
    for (int i = 0; i < times; ++i) {
      fixture->clock.advance(Duration::seconds(1));
      ProductForm back = product_of("p", price);
      back.canceled_at = fixture->clock.wall_now();
      ASSERT_TRUE(take(order, back).success);
    }
  };
  take("o", product_of("p", "1000"));
  EXPECT_EQ(pending(), 80 + 10);
  EXPECT_EQ(balance("network:fee"), 5);
  take_back("o", "-10", 55);  // 0.8, 0.1 and 0.05 won each
  EXPECT_EQ(pending(), (80 - 44) + (10 - 5));
  EXPECT_EQ(balance("network:fee"), 5 - 2);
  take_back("o", "-9", 50);
  EXPECT_EQ(pending(), 0) << "all of it is cancelled";
  EXPECT_EQ(balance("network:fee"), 0);
  EXPECT_EQ(balance("merchant:shop:adcost"), 0);
  const auto told =
      take(order_of("q", {product_of("p", "33"), product_of("p", "-16"), product_of("p", "-17")}));
  EXPECT_EQ(told.items[0].commission, in_units(2));
  EXPECT_EQ(told.items[1].commission, in_units(-1));
  EXPECT_EQ(told.items[2].commission, in_units(-1)) << "also within one request";
  EXPECT_EQ(pending(), 0);
}

TEST_P(NetworkTest, APriceBelowAWonTakesNothingBack) {
  ProgramSet program = program_of(1, "500KRW", "0%");
  program.number = 1;
  ASSERT_TRUE(set<SetProgram>(program));
  const ExchangeRateSet rate{"USD", day_of(fixture->clock.wall_now()),
                             parse_decimal("1330.5", exchange_scale, Exponent::refused).value()};
  ASSERT_TRUE(set<SetExchangeRate>(rate));
  OrderForm form = order_of("o", {product_of("p", "10")});
  form.currency = "USD";
  ASSERT_TRUE(take(form).items[0].success);
  form.products[0].price = price_of("-0.0001");
  EXPECT_FALSE(take(form).items[0].success);
  EXPECT_EQ(pending(), 500);
}

TEST_P(NetworkTest, ARepeatUnderAnotherNameIsStillTheFirstOnes) {
  ASSERT_TRUE(set<SetAffiliate>(affiliate_of("other")));
  take("o", product_of("p", "20000", 4));
  OrderForm form = order_of("o", {product_of("p", "20000", 4), product_of("q", "100")});
  form.lpinfo = lpinfo_now(2);
  form.products[0].canceled_at = fixture->clock.wall_now();
  form.products[0].canceled_quantity = 1;
  EXPECT_EQ(take(form).items[0].sale, in_units(15'000));
  EXPECT_EQ(row(1).affiliate, 1U);
  EXPECT_EQ(pending(1), 1'350) << "what goes back is the first one's";
  EXPECT_EQ(pending(2), 9) << "what is new is the other's";
}

TEST_P(NetworkTest, OneRequestTakesBackOnce) {
  take("o", product_of("p", "20000"));
  ProductForm canceled = product_of("p", "20000");
  canceled.canceled_at = fixture->clock.wall_now();
  const auto first = take(order_of("o", {canceled, product_of("p", "-5000")}));
  EXPECT_TRUE(first.items[0].success);
  EXPECT_FALSE(first.items[1].success) << "it is cancelled as a whole";
  take("q", product_of("p", "20000"));
  const auto second = take(order_of("q", {product_of("p", "-12000"), product_of("p", "-12000"), canceled}));
  EXPECT_TRUE(second.items[0].success);
  EXPECT_EQ(second.items[1], second.items[0]) << "the same line twice is the same row";
  EXPECT_TRUE(second.items[2].success);
  EXPECT_EQ(row(2).status, ConversionStatus::normal) << "a part of it went back by a row of its own";
  EXPECT_EQ(pending(), 1'800 + 720);
}

}  // namespace
}  // namespace jangbu::affiliate
