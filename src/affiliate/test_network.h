// An affiliate door for tests: merchants, programmes, affiliates, clicks and orders in few words. Batches are
// run by hand; the book verifies at the end of every test.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "affiliate/clicks.h"
#include "affiliate/configure.h"
#include "affiliate/conversions.h"
#include "crypto/digest.h"
#include "delivery/events.h"
#include "engine/testing/book.h"
#include "ledger/queries.h"
#include "store/test_database.h"

namespace jangbu::affiliate {

/// Corrections as settlement would have them in its tables, for a door without months.
class Corrections final : public ConversionListener {
 public:
  explicit Corrections(State& state) : state_(state) { state.listen(*this); }
  void conversion_begun(engine::Unit&, ConversionNumber, const ConversionRow&) override {}
  void merchant_set(engine::Unit&, const MerchantSet&) override {}
  ConversionNumber successor(engine::Unit&, ConversionNumber number) override { return number; }
  Amounts taken_back(engine::Unit& unit, ConversionNumber number) override {
    Amounts back;
    const ConversionNumber last = unit.counters().last(engine::Counter::affiliate_conversion);
    for (ConversionNumber each = number + 1; each <= last; ++each) {
      const ConversionRow& row = *state_.conversion(unit, each);
      if (row.origin != number) continue;
      back.quantity += row.now.quantity;
      back.price = back.price.minus(row.now.price).value();
      back.base = back.base.minus(row.now.base).value();
      back.incentive = back.incentive.minus(row.now.incentive).value();
      back.fee = back.fee.minus(row.now.fee).value();
    }
    return back;
  }

 private:
  State& state_;
};

inline Money in_units(std::int64_t units) { return Money::from_units(units); }

/// On each of store::test::book_kinds. The first merchant is "shop" with a programme of 8 % and 1 % within 30
/// days and a fee of 0.5 %; the first affiliate may promote all, and its receiver is approved.
struct NetworkTest : ::testing::TestWithParam<const char*> {
  NetworkTest() : is_there(place.open_or_memory(GetParam())) {
    engine::WriterOptions options;
    options.deferred_keys = 0;
    fixture.emplace([this] { return projections(&board); }, place.database(), options,
                    [this] { return projections(nullptr); });
    if (!is_there) return;
    EXPECT_TRUE(set<SetMerchant>(merchant_of("shop")));
    EXPECT_TRUE(set<SetProgram>(program_of(1, "8%", "1%", "0.5%")));
    EXPECT_TRUE(set<SetAffiliate>(affiliate_of("blog")));
  }
  void SetUp() override {
    if (!is_there) GTEST_SKIP() << "that database is not here";
  }
  void TearDown() override {
    if (is_there) {
      EXPECT_EQ(fixture->verify(), "");
    }
  }

  engine::Projections projections(ConfigBoard* to) {
    auto book = std::make_unique<ledger::Book>();
    auto own = std::make_unique<State>(*book, to, Surroundings{delivery::Reach::loopback_too});
    auto click_book = std::make_unique<ClickBook>();
    own->find_clicks_in(*click_book);
    corrections.push_back(std::make_unique<Corrections>(*own));
    if (to != nullptr) {
      state = own.get();
      clicks = click_book.get();
    }
    engine::Projections list;
    list.push_back(std::move(book));
    list.push_back(std::move(click_book));
    list.push_back(std::move(own));
    return list;
  }

  static MerchantSet merchant_of(const std::string& id) {
    MerchantSet merchant;
    merchant.id = id;
    merchant.name = id;
    merchant.gateway_template = "https://" + id + ".example/gate?lpinfo={lpinfo}&url={url}";
    return merchant;
  }
  static ProgramSet program_of(MerchantNumber merchant, const char* base, const char* incentive,
                               const char* fee = "0%") {
    ProgramSet program;
    program.merchant = merchant;
    program.code = "0000";
    program.name = "sales";
    program.window_days = 30;
    program.base = parse_rate(base).value();
    program.incentive = parse_rate(incentive).value();
    program.fee = parse_rate(fee).value();
    return program;
  }
  static AffiliateSet affiliate_of(const std::string& name) {
    AffiliateSet affiliate;
    affiliate.name = name;
    affiliate.key_digest = crypto::sha256(name);
    affiliate.reward = {RewardStatus::approved, "http://127.0.0.1:1/reward", false, Instant{1}};
    return affiliate;
  }

  /// What became of a change of the configuration; nothing when it was refused.
  template <typename Command, typename T>
  std::optional<T> set(T value, Errc* why = nullptr) {
    std::optional<T> made;
    fixture->run_each(std::make_unique<Command>(
        *state, std::move(value),
        [&](const T& told) {
          made = told;
          return door::Answer{};
        },
        [&](auto outcome) {
          const auto* refused = std::get_if<Refused>(&outcome);
          if (refused == nullptr) return;
          made.reset();
          if (why != nullptr) *why = refused->error.code;
        }));
    return made;
  }

  /// An LPINFO of a click of this moment that nobody knows.
  std::string lpinfo_now(AffiliateNumber affiliate = 1) {
    return lpinfo_text({affiliate, {click_minute(fixture->clock.wall_now()), 7}, "0000", "", ""});
  }
  static Money price_of(const char* text) {
    return parse_decimal(text, price_scale, Exponent::refused).value();
  }
  static ProductForm product_of(const std::string& code, const char* price = "20000",
                                std::uint64_t quantity = 1) {
    ProductForm product;
    product.product_code = code;
    product.product_name = "product " + code;
    product.category_code = "category";
    product.quantity = quantity;
    product.price = price_of(price);
    return product;
  }
  OrderForm order_of(const std::string& code, std::vector<ProductForm> products) {
    OrderForm form;
    form.merchant_id = "shop";
    form.order_code = code;
    form.currency = "KRW";
    form.lpinfo = lpinfo_now();
    form.device = DeviceType::web_pc;
    form.products = std::move(products);
    return form;
  }

  std::unique_ptr<TakeOrder> command_of(OrderForm form, std::optional<Result<TakeOrder::Told>>& told) {
    return std::make_unique<TakeOrder>(
        *state, std::move(form), TakeOrder::Render(),
        [&told](Result<TakeOrder::Told> outcome) { told = std::move(outcome); });
  }
  TakeOrder::Told take(OrderForm form) {
    std::optional<Result<TakeOrder::Told>> told;
    fixture->run_each(command_of(std::move(form), told));
    return told->value();
  }
  /// The only item of an order of one product.
  Item take(const std::string& order, const ProductForm& product) {
    return take(order_of(order, {product})).items.at(0);
  }

  void look(std::function<void(engine::Unit&)> at) { fixture->look(std::move(at)); }
  ConversionRow row(ConversionNumber number) {
    ConversionRow found;
    look([&](engine::Unit& unit) { found = *state->conversion(unit, number); });
    return found;
  }
  std::int64_t balance(const std::string& account) {
    std::int64_t posted = 0;
    look([&](engine::Unit& unit) {
      const auto ref = state->book().find(unit, account, won);
      if (ref) posted = static_cast<std::int64_t>(state->book().account(unit, *ref)->posted.units());
    });
    return posted;
  }
  std::int64_t pending(AffiliateNumber affiliate = 1) { return balance(pending_account(affiliate)); }
  /// The bodies of the postbacks that wait in the outbox.
  std::size_t postbacks() {
    const auto session = place.database().open_reader().value();
    return engine::Outbox::peek(*session, 0, 1000)->size();
  }

  store::test::TestDatabase place;
  bool is_there;
  ConfigBoard board;
  State* state = nullptr;
  ClickBook* clicks = nullptr;
  std::vector<std::unique_ptr<Corrections>> corrections;
  std::uint64_t sequence = 0;  // of clicks
  std::optional<engine::testing::WriterFixture> fixture;
};

}  // namespace jangbu::affiliate
