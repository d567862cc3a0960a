// An affiliate door for tests of money: merchants, an affiliate, orders in few words. Batches are run by
// hand; the book verifies at the end of every test.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "affiliate/conversions.h"
#include "affiliate/judgements.h"
#include "affiliate/payouts.h"
#include "affiliate/reward_api.h"
#include "affiliate/settlement.h"
#include "affiliate/settlement_calendar.h"
#include "engine/testing/book.h"
#include "ledger/said.h"
#include "store/test_database.h"

namespace jangbu::affiliate {

inline Money won_of(std::int64_t amount) { return Money::from_units(amount); }
inline Instant at(std::string_view text) { return *parse_rfc3339(text); }

/// Records a fact as it is.
template <typename T>
class Put final : public engine::Command {
 public:
  Put(engine::RecordKind kind, T value) : kind_(kind), value_(std::move(value)) {}
  engine::Decision decide(engine::Unit&) override { return ledger::accept(kind_, value_); }

 private:
  engine::RecordKind kind_;
  T value_;
};

/// On each of store::test::book_kinds.
struct MoneyTest : ::testing::TestWithParam<const char*> {
  static constexpr MerchantNumber shop = 1;   // pays 8% + 1%, fee 2%
  static constexpr MerchantNumber batch = 2;  // the same, settled in a batch
  static constexpr AffiliateNumber blog = 1;

  MoneyTest() : is_there(place.open_or_memory(GetParam())) {
    engine::WriterOptions options;
    options.deferred_keys = 0;
    fixture.emplace([this] { return projections(true); }, place.database(), options,
                    [this] { return projections(false); });
    if (!is_there) return;
    put(merchant_kind, merchant_of(shop, "sandshop", false));
    put(merchant_kind, merchant_of(batch, "travel", true));
    put(program_kind, program_of(1, shop));
    put(program_kind, program_of(2, batch));
    AffiliateSet affiliate;
    affiliate.number = blog;
    affiliate.name = "Blog";
    put(affiliate_kind, affiliate);
  }
  void SetUp() override {
    if (!is_there) GTEST_SKIP() << "that database is not here";
  }
  void TearDown() override {
    if (is_there) {
      EXPECT_EQ(fixture->verify(), "");
    }
  }

  engine::Projections projections(bool served) {
    auto ledger = std::make_unique<ledger::Book>();
    auto affiliates = std::make_unique<State>(*ledger, nullptr, Surroundings{delivery::Reach::loopback_too});
    auto settlement = std::make_unique<SettlementBook>(*ledger, *affiliates);
    if (served) {
      state = affiliates.get();
      book = settlement.get();
      accounts = ledger.get();
      book->observe([this](const std::vector<WantedLists>& lists) {
        wanted.insert(wanted.end(), lists.begin(), lists.end());
      });
    }
    engine::Projections list;
    list.push_back(std::move(ledger));
    list.push_back(std::move(affiliates));
    list.push_back(std::move(settlement));
    return list;
  }

  static MerchantSet merchant_of(MerchantNumber number, std::string id, bool in_batch) {
    MerchantSet merchant;
    merchant.number = number;
    merchant.id = std::move(id);
    merchant.batch = in_batch;
    return merchant;
  }
  static ProgramSet program_of(ProgramNumber number, MerchantNumber merchant) {
    ProgramSet program;
    program.number = number;
    program.merchant = merchant;
    program.code = "000" + std::to_string(number);
    program.base = *parse_rate("8%");
    program.incentive = *parse_rate("1%");
    program.fee = *parse_rate("2%");
    program.window_days = 30;
    return program;
  }

  template <typename T>
  void put(engine::RecordKind kind, T value) {
    fixture->run_each(std::make_unique<Put<T>>(kind, std::move(value)));
  }

  static ProductForm product_of(std::string code, std::int64_t price) {
    ProductForm product;
    product.product_code = std::move(code);
    product.product_name = "상품 " + product.product_code;
    product.price = won_of(price * 10'000);  // price_scale
    return product;
  }
  static OrderForm order_of(MerchantNumber merchant, std::string code, std::vector<ProductForm> products) {
    OrderForm form;
    form.merchant_id = merchant == shop ? "sandshop" : "travel";
    form.order_code = std::move(code);
    form.currency = "KRW";
    form.lpinfo = "A100000001|of another system|0000||";
    form.products = std::move(products);
    return form;
  }
  /// Takes an order; the conversions of its products, 0 where one was refused.
  std::vector<ConversionNumber> take(OrderForm form) {
    std::vector<ConversionNumber> numbers;
    fixture->run_each(
        std::make_unique<TakeOrder>(*state, std::move(form), nullptr, [&](Result<TakeOrder::Told> told) {
          ASSERT_TRUE(told.ok());
          for (const Item& item : told->items) numbers.push_back(conversion_of_trlog_id(item.trlog_id));
        }));
    return numbers;
  }
  ConversionNumber sell(MerchantNumber merchant, const std::string& order, std::int64_t price) {
    return take(order_of(merchant, order, {product_of("p", price)})).at(0);
  }
  /// The merchant says again what it sold, with what became of it.
  void say_again(MerchantNumber merchant, const std::string& order, ProductForm product) {
    take(order_of(merchant, order, {std::move(product)}));
  }

  template <typename Command, typename T, typename... Arguments>
  std::variant<T, Error> change(Arguments... arguments) {
    std::variant<T, Error> outcome = Error(Errc::internal);
    std::optional<T> rendered;
    fixture->run_each(std::make_unique<Command>(
        arguments...,
        [&](const T& value) {
          rendered = value;
          return door::Answer{};
        },
        [&](std::variant<door::Done, Refused> done) {
          if (const auto* refused = std::get_if<Refused>(&done)) {
            outcome = refused->error;
          } else {
            outcome = *rendered;
          }
        }));
    return outcome;
  }
  std::variant<JudgedState, Error> judge(ConversionNumber number, Verdict verdict) {
    return change<JudgeConversion, JudgedState>(std::ref(*state), number, verdict, std::string("because"));
  }
  std::variant<PayoutState, Error> pay(Month month) {
    return change<MakePayout, PayoutState>(std::ref(*book), blog, month);
  }
  std::variant<PayoutState, Error> close(PayoutNumber number, PayoutStatus status) {
    return change<ClosePayout, PayoutState>(std::ref(*book), number, status, std::string("note"));
  }

  void go_to(std::string_view moment) {
    const Duration by = at(moment) - fixture->clock.wall_now();
    ASSERT_GT(by.us, 0) << moment;
    fixture->advance(by);
  }
  ConversionRow row(ConversionNumber number) {
    ConversionRow found;
    fixture->look([&](engine::Unit& unit) { found = *state->conversion(unit, number); });
    return found;
  }
  ConversionStatus status(ConversionNumber number) { return row(number).status; }
  ConversionNumber successor(ConversionNumber number) {
    ConversionNumber found = 0;
    fixture->look([&](engine::Unit& unit) { found = state->successor(unit, number); });
    return found;
  }
  StatementRow statement(Month month) {
    StatementRow found;
    fixture->look([&](engine::Unit& unit) { found = book->statement(unit, blog, month); });
    return found;
  }
  std::int64_t posted(const std::string& account) {
    Money found;
    fixture->look([&](engine::Unit& unit) {
      const auto ref = accounts->find(unit, account, won);
      if (ref) found = accounts->account(unit, *ref)->posted;
    });
    return static_cast<std::int64_t>(found.units());
  }
  std::int64_t pending() { return posted(pending_account(blog)); }
  std::int64_t payable() { return posted(payable_account(blog)); }
  std::uint64_t conversions() {
    std::uint64_t last = 0;
    fixture->look(
        [&](engine::Unit& unit) { last = unit.counters().last(engine::Counter::affiliate_conversion); });
    return last;
  }
  /// Whatever the outbox holds of postbacks.
  std::vector<engine::PlacedEvent> events() {
    const auto session = place.database().open_reader().value();
    return engine::Outbox::peek(*session, 0, 10'000).value();
  }
  void approve() {
    AffiliateSet affiliate;
    affiliate.number = blog;
    affiliate.name = "Blog";
    affiliate.reward = {RewardStatus::approved, "http://127.0.0.1:9/reward", false, {}};
    put(reward_set_kind, RewardSet{blog, By::office, affiliate.reward});
  }

  store::test::TestDatabase place;
  bool is_there;
  State* state = nullptr;
  SettlementBook* book = nullptr;
  ledger::Book* accounts = nullptr;
  std::vector<WantedLists> wanted;
  std::optional<engine::testing::WriterFixture> fixture;
};

}  // namespace jangbu::affiliate
