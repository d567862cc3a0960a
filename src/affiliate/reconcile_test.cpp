#include "affiliate/reconcile.h"

#include <gtest/gtest.h>

namespace jangbu::affiliate {
namespace {

TEST(MerchantList, Urls) {
  EXPECT_EQ(list_url("https://shop.example/list", ListKind::paid, 20260524),
            "https://shop.example/list?paid_ymd=20260524");
  EXPECT_EQ(list_url("https://shop.example/list?key=1", ListKind::confirmed, 20260524),
            "https://shop.example/list?key=1&confirmed_ymd=20260524&comfirmed_ymd=20260524");
  EXPECT_EQ(list_url("https://shop.example/list", ListKind::canceled, 20260524),
            "https://shop.example/list?canceled_ymd=20260524");
}

constexpr const char* order =
    R"({"order":{"order_id":"o1","final_paid_price":20000,"currency":"KRW","user_name":"김"},
  "products":[{"product_id":"p1","product_name":"n","category_code":"c","category_name":["c"],"quantity":2,
  "product_final_price":20000,"paid_at":"2026-05-24T10:00:00+09:00","confirmed_at":"","canceled_at":"2026-05-24T12:00:00+09:00",
  "canceled_quantity":1,"canceled_price":10000}],
  "linkprice":{"merchant_id":"sandshop","lpinfo":"A100000001|26734561abcdef|0000||","user_agent":"a","remote_addr":"1.2.3.4",
  "device_type":"web-pc"}})";

/// The order with a member that nobody reads, of so many bytes in all.
std::string padded(std::size_t bytes) {
  std::string text = order;
  const std::string_view begin = R"({"padding":"",)";
  text.insert(1, begin.substr(1));
  text.insert(begin.size() - 2, bytes - text.size(), 'x');
  return text;
}

struct Read {
  std::vector<OrderForm> orders;
  std::uint64_t refused = 0;
  bool is_whole = false;
};
Read read_all(std::string_view body, std::string_view merchant_id) {
  Read read;
  ListedOrders listed(body, merchant_id);
  while (true) {
    auto item = listed.next();
    read.refused = listed.refused();
    read.is_whole = item.ok();
    if (!item || item->is_end) break;
    if (item->order) read.orders.push_back(std::move(*item->order));
  }
  EXPECT_TRUE(!read.is_whole || listed.count() == read.orders.size() + read.refused);
  return read;
}

TEST(MerchantList, Reads) {
  struct Row {
    const char* what;
    std::string body;
    bool ok;
    std::size_t orders;
    std::uint64_t refused;
  };
  const std::string one = order;
  const Row rows[] = {
      {"nothing", "", true, 0, 0},
      {"white space", " \r\n", true, 0, 0},
      {"white space around all", " \r\n[ " + one + " , " + one + " ]" + std::string(1 << 20, ' '), true, 2,
       0},
      {"null in white space", " null ", true, 0, 0},
      {"null", "null", true, 0, 0},
      {"an empty list", "[]", true, 0, 0},
      {"an order", "[" + one + "]", true, 1, 0},
      {"what is no order does not keep the others out", "[1," + one + ",{}]", true, 1, 2},
      {"no JSON", "<html>", false, 0, 0},
      {"no list", one, false, 0, 0},
      {"what is cut off has good orders before", "[" + one + "," + one.substr(0, 100), false, 1, 0},
      {"no JSON behind an order", "[" + one + ",{]", false, 1, 0},
      {"an order as long as may be", "[" + padded(max_listed_order_bytes) + "]", true, 1, 0},
      {"one that is longer", "[" + padded(max_listed_order_bytes + 1) + "," + one + "]", true, 1, 1},
  };
  for (const Row& row : rows) {
    const Read read = read_all(row.body, "sandshop");
    EXPECT_EQ(read.is_whole, row.ok) << row.what;
    EXPECT_EQ(read.orders.size(), row.orders) << row.what;
    EXPECT_EQ(read.refused, row.refused) << row.what;
  }
  const Read others = read_all("[" + one + "]", "other");
  EXPECT_TRUE(others.is_whole);
  EXPECT_TRUE(others.orders.empty());
  EXPECT_EQ(others.refused, 1U);
}

TEST(MerchantList, AnOrderIsRestoredWithAllThatItSays) {
  const Read read = read_all("[" + std::string(order) + "]", "sandshop");
  ASSERT_EQ(read.orders.size(), 1U);
  const OrderForm& form = read.orders[0];
  EXPECT_EQ(form.source, Source::restored);
  EXPECT_EQ(form.order_code, "o1");
  ASSERT_EQ(form.products.size(), 1U);
  EXPECT_EQ(form.products[0].canceled_quantity, 1U);
  EXPECT_EQ(form.products[0].canceled_price, Money::from_units(10'000 * 10'000));
  EXPECT_TRUE(form.products[0].canceled_at.has_value());
  EXPECT_FALSE(form.products[0].confirmed_at.has_value());
}

}  // namespace
}  // namespace jangbu::affiliate
