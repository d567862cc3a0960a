// Orders from the intake's door to the ledger, on both databases.
#include "affiliate/conversions.h"

#include <gmock/gmock.h>

#include "affiliate/judgements.h"
#include "affiliate/test_network.h"

namespace jangbu::affiliate {
namespace {

using testing::ElementsAre;

INSTANTIATE_TEST_SUITE_P(Databases, NetworkTest, ::testing::ValuesIn(store::test::book_kinds),
                         [](const auto& kind) { return std::string(kind.param); });

TEST_P(NetworkTest, AnOrderEarns) {
  const auto told = take(order_of("o-1", {product_of("p-1"), product_of("p-2", "100", 2)}));
  EXPECT_EQ(told.failure, "");
  ASSERT_EQ(told.items.size(), 2U);
  EXPECT_EQ(told.items[0],
            (Item{true, "", "o-1", "p-1", 10'000'000'000'001, in_units(20'000), in_units(1'800)}));
  EXPECT_EQ(told.items[1], (Item{true, "", "o-1", "p-2", 10'000'000'000'002, in_units(100), in_units(9)}));
  EXPECT_EQ(pending(), 1'809);
  EXPECT_EQ(balance("network:fee"), 100);
  EXPECT_EQ(balance("merchant:shop:adcost"), -1'909);
  EXPECT_EQ(postbacks(), 2U);
  EXPECT_EQ(row(1).status, ConversionStatus::normal);
  EXPECT_EQ(row(1).day, day_of(fixture->clock.wall_now()));
  const Month month = month_of(row(1).day);
  look([&](engine::Unit& unit) {
    const auto total = state->month_total(unit, 1, 1, month);
    EXPECT_EQ(total.sales, in_units(20'100));
    EXPECT_EQ(total.rows, 2U);
    EXPECT_EQ(state->details(unit, 2).part().product_name, "product p-2");
  });
}

TEST_P(NetworkTest, TheSameProductOfAnOrderIsTheSameConversion) {
  const Item first = take("o-1", product_of("p"));
  EXPECT_EQ(take("o-1", product_of("p")), first);
  EXPECT_EQ(take("o-1", product_of("p", "30000")), first) << "whatever its price says now";
  fixture->restart();
  EXPECT_EQ(take("o-1", product_of("p")), first) << "also after a restart";
  EXPECT_NE(take("o-2", product_of("p")).trlog_id, first.trlog_id);
  EXPECT_NE(take("o-1", product_of("q")).trlog_id, first.trlog_id);
  EXPECT_NE(take("o-1p", product_of("")).trlog_id, first.trlog_id) << "an order code ends where it ends";
  EXPECT_EQ(postbacks(), 4U);
  EXPECT_EQ(pending(), 4 * 1'800);
}

TEST_P(NetworkTest, TheSameOrderTwiceInABatchIsOne) {
  std::optional<Result<TakeOrder::Told>> first, second, third;
  fixture->run_each(command_of(order_of("o", {product_of("p")}), first),
                    command_of(order_of("o", {product_of("p")}), second),
                    command_of(order_of("o", {product_of("p"), product_of("q")}), third));
  EXPECT_EQ((*first)->items, (*second)->items);
  EXPECT_EQ((*third)->items[0], (*first)->items[0]);
  EXPECT_EQ((*third)->items[1].trlog_id, 10'000'000'000'002U);
  EXPECT_EQ(postbacks(), 2U);
}

TEST_P(NetworkTest, LinesOfOneProductAreOneConversion) {
  const auto told =
      take(order_of("o", {product_of("p", "100", 1), product_of("q"), product_of("p", "300", 2)}));
  EXPECT_EQ(told.items[0], told.items[2]);
  EXPECT_EQ(told.items[0].sale, in_units(400));
  EXPECT_EQ(row(1).now.quantity, 3U);
  EXPECT_EQ(postbacks(), 2U);
}

TEST_P(NetworkTest, OneOfTwoLinesIsCancelled) {
  const auto canceled = [&](const char* price, std::uint64_t quantity) {
    ProductForm product = product_of("p", price, quantity);
    product.canceled_at = fixture->clock.wall_now();
    return product;
  };
  ProductForm of_a_part = canceled("9000", 3);
  of_a_part.canceled_quantity = 1;
  ProductForm of_a_price = canceled("9000", 3);
  of_a_price.canceled_price = price_of("500");
  const struct {
    const char* name;
    std::vector<ProductForm> products;
    std::int64_t price;
    std::uint64_t quantity;
    ConversionStatus status;
  } rows[] = {
      {"the first", {canceled("100", 1), product_of("p", "300", 2)}, 300, 2, ConversionStatus::normal},
      {"the second", {product_of("p", "100", 1), canceled("300", 2)}, 100, 1, ConversionStatus::normal},
      {"both", {canceled("100", 1), canceled("300", 2)}, 400, 3, ConversionStatus::cancel_requested},
      {"a part of one", {of_a_part, product_of("p", "300", 2)}, 6'300, 4, ConversionStatus::normal},
      {"a part of one's price", {product_of("p", "300", 2), of_a_price}, 8'800, 5, ConversionStatus::normal},
      {"one and a part", {canceled("300", 2), of_a_part}, 6'000, 2, ConversionStatus::normal},
      {"one without a quantity",
       {canceled("100", 0), product_of("p", "300", 0)},
       300,
       0,
       ConversionStatus::normal},
      {"all that has one", {canceled("100", 1), product_of("p", "300", 0)}, 300, 1, ConversionStatus::normal},
      {"one of nothing", {canceled("0", 1), product_of("p", "300", 2)}, 300, 2, ConversionStatus::normal},
  };
  for (const auto& each : rows) {
    SCOPED_TRACE(each.name);
    const auto check = [&](const TakeOrder::Told& told) {
      ASSERT_TRUE(told.items[0].success);
      EXPECT_EQ(told.items[0], told.items[1]);
      const ConversionRow found = row(conversion_of_trlog_id(told.items[0].trlog_id));
      EXPECT_EQ(found.now.price, in_units(each.price));
      EXPECT_EQ(found.now.quantity, each.quantity);
      EXPECT_EQ(found.status, each.status);
    };
    check(take(order_of(each.name, each.products)));
    check(take(order_of(each.name, each.products)));
    std::vector<ProductForm> before = each.products;
    for (ProductForm& product : before) product.canceled_at.reset();
    const std::string later = std::string(each.name) + ", later";
    take(order_of(later, before));
    check(take(order_of(later, each.products)));
  }
}

TEST_P(NetworkTest, WhatIsNotTaken) {
  ASSERT_TRUE(set<SetMerchant>([] {
    MerchantSet closed = merchant_of("closed");
    closed.active = false;
    return closed;
  }()));
  ASSERT_TRUE(set<SetMerchant>(merchant_of("bare")));
  AffiliateSet away = affiliate_of("away");
  away.active = false;
  ASSERT_TRUE(set<SetAffiliate>(away));
  AffiliateSet other = affiliate_of("other");
  other.all_merchants = false;
  other.merchants = {2};
  ASSERT_TRUE(set<SetAffiliate>(other));
  const struct {
    const char* name;
    std::function<void(OrderForm&)> change;
    std::string_view why;
  } rows[] = {
      {"no such merchant", [](OrderForm& form) { form.merchant_id = "nobody"; }, message::problem},
      {"a merchant that is closed", [](OrderForm& form) { form.merchant_id = "closed"; }, message::problem},
      {"a merchant without a programme", [](OrderForm& form) { form.merchant_id = "bare"; },
       message::problem},
      {"a programme of another kind", [](OrderForm& form) { form.kind = ProgramKind::cpa; },
       message::problem},
      {"no such affiliate", [&](OrderForm& form) { form.lpinfo = lpinfo_now(99); }, message::problem},
      {"an affiliate that is closed", [&](OrderForm& form) { form.lpinfo = lpinfo_now(2); },
       message::problem},
      {"an affiliate of others", [&](OrderForm& form) { form.lpinfo = lpinfo_now(3); }, message::problem},
      {"no LPINFO", [](OrderForm& form) { form.lpinfo = "hello"; }, message::lpinfo_format},
      {"no such currency", [](OrderForm& form) { form.currency = "XXX"; }, message::problem},
      {"no rate of that day", [](OrderForm& form) { form.currency = "USD"; }, message::problem},
      {"no such promotion",
       [](OrderForm& form) {
         form.by_promo = true;
         form.event_code = "spring";
         form.promo_code = "X";
       },
       message::no_event},
  };
  for (const auto& each : rows) {
    SCOPED_TRACE(each.name);
    OrderForm form = order_of("o", {product_of("p")});
    each.change(form);
    const auto told = take(form);
    ASSERT_EQ(told.items.size(), 1U);
    EXPECT_FALSE(told.items[0].success);
    EXPECT_EQ(told.items[0].message, each.why);
    EXPECT_EQ(told.items[0].order_code, "o");
    EXPECT_EQ(told.items[0].product_code, "p");
  }
  EXPECT_EQ(postbacks(), 0U);
  EXPECT_EQ(pending(), 0);
}

TEST_P(NetworkTest, AnItemMayFailByItself) {
  ASSERT_TRUE(take("o", product_of("p")).success);
  const auto told = take(order_of("o", {product_of("p"), product_of("q", "-5")}));
  EXPECT_TRUE(told.items[0].success);
  EXPECT_EQ(told.items[1].message, message::problem) << "there is nothing to take back from";
  EXPECT_EQ(told.failure, "");
}

TEST_P(NetworkTest, APurchaseCountsWithinTheWindow) {
  const std::string lpinfo = lpinfo_now();
  const Instant clicked = fixture->clock.wall_now();
  const Instant minute{clicked.us / 60'000'000 * 60'000'000};
  fixture->advance(Duration::days(40));
  const struct {
    const char* name;
    Instant paid_at;
    bool counts;
  } rows[] = {
      {"in the minute of the click", clicked, true},
      {"at the end of the last minute", minute + Duration::days(30) + Duration::microseconds(59'999'999),
       true},
      {"a minute later", minute + Duration::days(30) + Duration::seconds(60), false},
      {"before the click, by clocks that differ", minute - Duration::seconds(600), true},
      {"long before the click", minute - Duration::seconds(601), false},
      {"not told, so now", Instant(), false},
  };
  for (const auto& each : rows) {
    SCOPED_TRACE(each.name);
    ProductForm product = product_of(each.name);
    if (each.paid_at != Instant()) product.paid_at = each.paid_at;
    OrderForm form = order_of("o", {product});
    form.lpinfo = lpinfo;
    EXPECT_EQ(take(form).items[0].success, each.counts);
  }
  OrderForm form = order_of("o", {product_of("p")});
  form.lpinfo = lpinfo_text({1, {click_minute(fixture->clock.wall_now()) + 11, 7}, "0000", "", ""});
  EXPECT_FALSE(take(form).items[0].success) << "a click that is still to come";
  form.lpinfo = "A100000001|9832|A|m|x";
  EXPECT_TRUE(take(form).items[0].success) << "another system's click has no minute";
}

TEST_P(NetworkTest, APromotionNamesTheAffiliate) {
  ASSERT_TRUE(set<SetAffiliate>(affiliate_of("star")));
  PromoSet promo;
  promo.merchant = 1;
  promo.event_code = "spring";
  promo.promo_code = "STAR10";
  promo.affiliate = 2;
  promo.ends_at = fixture->clock.wall_now() + Duration::days(1);
  ASSERT_TRUE(set<SetPromo>(promo));
  OrderForm form = order_of("o", {product_of("p")});
  form.by_promo = true;
  form.event_code = "spring";
  form.promo_code = "STAR10";
  EXPECT_TRUE(take(form).items[0].success);
  EXPECT_EQ(row(1).affiliate, 2U) << "whatever its LPINFO says";
  EXPECT_EQ(pending(2), 1'800);
  fixture->advance(Duration::days(1));
  form.order_code = "later";
  EXPECT_EQ(take(form).failure, message::no_event);
  form.products.push_back(product_of("q"));
  form.products[0].paid_at = *promo.ends_at - Duration{1};
  const auto restored = take(form);
  EXPECT_TRUE(restored.items[0].success) << "it was bought in time, and comes late";
  EXPECT_EQ(restored.items[1].message, message::no_event);
}

TEST_P(NetworkTest, AForeignPriceIsThatDays) {
  const Instant today = fixture->clock.wall_now();
  ExchangeRateSet rate{"USD", day_of(today),
                       parse_decimal("1330.5", exchange_scale, Exponent::refused).value()};
  ASSERT_TRUE(set<SetExchangeRate>(rate));
  OrderForm form = order_of("o", {product_of("p", "12.34")});
  form.currency = "USD";
  const Item item = take(form).items[0];
  EXPECT_EQ(item.sale, in_units(16'418));
  EXPECT_EQ(item.commission, in_units(1'313 + 164));
  fixture->advance(Duration::days(1));
  form.order_code = "tomorrow's";
  EXPECT_FALSE(take(form).items[0].success) << "that day has no rate";
}

TEST_P(NetworkTest, ProductCategoryAndTier) {
  ProgramSet program = program_of(1, "1%", "0%");
  program.number = 1;
  program.by_product = {{"gold", parse_rate("500KRW").value(), parse_rate("1%").value()}};
  program.by_category = {{"shoes", parse_rate("2%").value(), Rate()}};
  program.tiers = {{in_units(1'000), parse_rate("10%").value(), Rate()}};
  ASSERT_TRUE(set<SetProgram>(program));
  EXPECT_EQ(take("a", product_of("p", "999")).commission, in_units(9));
  EXPECT_EQ(take("b", product_of("p", "1")).commission, in_units(0)) << "999 won were sold before";
  EXPECT_EQ(take("c", product_of("p", "100")).commission, in_units(10));
  ProductForm gold = product_of("gold", "100", 3);
  gold.category_code = "shoes";
  EXPECT_EQ(take("d", gold).commission, in_units(1'501));
  ProductForm shoes = product_of("boot", "100");
  shoes.category_code = "shoes";
  EXPECT_EQ(take("e", shoes).commission, in_units(2));
  const auto two = take(order_of("f", {product_of("x", "100"), product_of("y", "100")}));
  EXPECT_EQ(two.items[1].commission, in_units(10));
}

TEST_P(NetworkTest, TheTierIsReachedWithinARequest) {
  ProgramSet program = program_of(1, "1%", "0%");
  program.number = 1;
  program.tiers = {{in_units(1'000), parse_rate("10%").value(), Rate()}};
  ASSERT_TRUE(set<SetProgram>(program));
  const auto told = take(order_of("o", {product_of("a", "1000"), product_of("b", "1000")}));
  EXPECT_EQ(told.items[0].commission, in_units(10));
  EXPECT_EQ(told.items[1].commission, in_units(100));
}

TEST_P(NetworkTest, ACancellationIsAskedFor) {
  const Item first = take("o", product_of("p"));
  ProductForm canceled = product_of("p");
  canceled.canceled_at = fixture->clock.wall_now();
  EXPECT_EQ(take("o", canceled), first);
  EXPECT_EQ(row(1).status, ConversionStatus::cancel_requested);
  EXPECT_EQ(row(1).canceled_at, *canceled.canceled_at);
  EXPECT_EQ(pending(), 1'800) << "it goes back when the month is settled";
  EXPECT_EQ(take("o", product_of("p")), first) << "and stays asked for";
  EXPECT_EQ(row(1).status, ConversionStatus::cancel_requested);
  EXPECT_EQ(postbacks(), 1U);
  EXPECT_TRUE(take("new", canceled).success);
  EXPECT_EQ(row(2).status, ConversionStatus::cancel_requested) << "also when it comes so";
  EXPECT_EQ(postbacks(), 1U) << "and nobody is rewarded for it";
}

TEST_P(NetworkTest, APartIsCancelled) {
  take("o", product_of("p", "20000", 4));
  ProductForm canceled = product_of("p", "20000", 4);
  canceled.canceled_at = fixture->clock.wall_now();
  canceled.canceled_quantity = 1;
  const Item left = take("o", canceled);
  EXPECT_EQ(left.sale, in_units(15'000));
  EXPECT_EQ(left.commission, in_units(1'350));
  EXPECT_EQ(pending(), 1'350);
  EXPECT_EQ(balance("network:fee"), 75);
  EXPECT_EQ(take("o", canceled), left) << "said again it changes nothing";
  canceled.canceled_quantity = 2;
  canceled.canceled_price = price_of("13000");
  EXPECT_EQ(take("o", canceled).sale, in_units(7'000)) << "all that was cancelled so far";
  EXPECT_EQ(row(1).now.quantity, 2U);
  EXPECT_EQ(row(1).status, ConversionStatus::normal);
  canceled.canceled_quantity = 1;
  canceled.canceled_price = price_of("5000");
  EXPECT_EQ(take("o", canceled).sale, in_units(7'000)) << "nothing comes back";
  canceled.canceled_quantity = 4;
  canceled.canceled_price.reset();
  take("o", canceled);
  EXPECT_EQ(row(1).status, ConversionStatus::cancel_requested);
  EXPECT_EQ(pending(), 630);
}

TEST_P(NetworkTest, AConfirmationIsKept) {
  take("o", product_of("p"));
  ProductForm confirmed = product_of("p");
  confirmed.confirmed_at = fixture->clock.wall_now() - Duration::days(1);
  take("o", confirmed);
  EXPECT_EQ(row(1).confirmed_at, *confirmed.confirmed_at);
  const auto changed = row(1).changed;
  take("o", confirmed);
  EXPECT_EQ(row(1).changed, changed) << "said again it is no record";
}

TEST_P(NetworkTest, AClickThatIsKnownHasAMember) {
  const auto click = [&](AffiliateNumber affiliate, MerchantNumber merchant, std::uint64_t marks) {
    ClickView view;
    view.affiliate = affiliate;
    view.merchant = merchant;
    view.l = "0000";
    view.user_id = "회원 1";
    view.at = fixture->clock.wall_now();
    view.marks = marks;
    ClickRun run({click_minute(view.at), ++sequence});
    const ClickId id = run.add(view);
    fixture->run_each(std::make_unique<RecordClicks>(*clicks, run, [](const Error*) {}));
    return lpinfo_text({affiliate, id, "0000", "", ""});
  };
  const auto taken = [&](const std::string& lpinfo) {
    OrderForm form = order_of("order " + std::to_string(sequence), {product_of("p")});
    form.lpinfo = lpinfo;
    const Item item = take(form).items[0];
    EXPECT_TRUE(item.success);
    std::shared_ptr<const ConversionsTaken> order;
    look([&](engine::Unit& unit) {
      order = state->details(unit, conversion_of_trlog_id(item.trlog_id)).order;
    });
    return order;
  };
  const auto known = taken(click(1, 1, 0));
  EXPECT_EQ(known->u_id, "회원 1");
  EXPECT_EQ(known->marks, 0U);
  EXPECT_EQ(known->clicked_at, fixture->clock.wall_now());
  EXPECT_EQ(row(1).u_id, "회원 1");
  EXPECT_EQ(taken(click(1, 1, click_bot))->marks, mark_robot);
  const auto elsewhere = taken(click(1, 9, 0));
  EXPECT_EQ(elsewhere->marks, mark_click_lost) << "a click for another merchant";
  EXPECT_EQ(elsewhere->u_id, "");
}

TEST_P(NetworkTest, ItemsArePaidBackOnce) {
  ProgramSet program = program_of(1, "500KRW", "1%", "100KRW");
  program.number = 1;
  ASSERT_TRUE(set<SetProgram>(program));
  take("o", product_of("p", "20000", 2));
  EXPECT_EQ(pending(), 1'000 + 200);
  const Item item = take("o", product_of("p", "-1", 1'000'000));
  EXPECT_EQ(item.commission, in_units(-1'000)) << "there were two";
  EXPECT_EQ(pending(), 200);
  EXPECT_EQ(balance("network:fee"), 0);
  const auto told = take(order_of("q", {product_of("r", "100", 3)}));
  ASSERT_TRUE(told.items[0].success);
  const auto back = take(order_of("q", {product_of("r", "-10", 2), product_of("r", "-20", 2)}));
  EXPECT_EQ(back.items[0].commission, in_units(-1'000));
  EXPECT_EQ(back.items[1].commission, in_units(-500));
  EXPECT_EQ(take(order_of("q", {product_of("r", "-20", 2)})).items[0], back.items[1])
      << "each line by itself, also when they came together";
}

TEST_P(NetworkTest, WhatCameBeforeIsCancelledWhateverBecameOfItsSender) {
  PromoSet promo;
  promo.merchant = promo.affiliate = 1;
  promo.event_code = "spring";
  promo.promo_code = "X";
  promo.active = true;
  ASSERT_TRUE(set<SetPromo>(promo));
  AffiliateSet away = affiliate_of("blog");
  away.number = 1;
  away.active = false;
  MerchantSet closed = merchant_of("shop");
  closed.number = 1;
  closed.active = false;
  const struct {
    const char* name;
    std::function<void(OrderForm&)> change;
    std::function<void()> end;
    std::function<void()> begin;
    std::string_view why;
  } rows[] = {
      {"a promotion that is over",
       [](OrderForm& form) {
         form.by_promo = true;
         form.event_code = "spring";
         form.promo_code = "X";
       },
       [&] {
         promo.active = false;
         ASSERT_TRUE(set<SetPromo>(promo));
       },
       [] {}, message::no_event},
      {"an affiliate that is closed", [](OrderForm&) {}, [&] { ASSERT_TRUE(set<SetAffiliate>(away)); },
       [&] {
         away.active = true;
         ASSERT_TRUE(set<SetAffiliate>(away));
       },
       message::problem},
      {"a merchant that is closed", [](OrderForm&) {}, [&] { ASSERT_TRUE(set<SetMerchant>(closed)); }, [] {},
       message::problem},
  };
  for (const auto& each : rows) {
    SCOPED_TRACE(each.name);
    const std::int64_t before = pending();
    OrderForm form = order_of(each.name, {product_of("p"), product_of("q"), product_of("r", "30000")});
    each.change(form);
    const auto first = take(form);
    ASSERT_TRUE(first.items[0].success);
    each.end();
    form.products[0].canceled_at = fixture->clock.wall_now();
    form.products[1].canceled_at = fixture->clock.wall_now();
    form.products[1].canceled_price = price_of("10000");
    form.products[2].price = price_of("-10000");
    form.products.push_back(product_of("new"));
    const auto told = take(form);
    EXPECT_TRUE(told.items[0].success);
    EXPECT_EQ(row(conversion_of_trlog_id(first.items[0].trlog_id)).status,
              ConversionStatus::cancel_requested);
    EXPECT_EQ(told.items[1].commission, in_units(900));
    EXPECT_EQ(told.items[2].commission, in_units(-900));
    EXPECT_FALSE(told.items[3].success) << "nothing new is taken";
    EXPECT_EQ(pending(), before + 1'800 + 900 + 1'800);
    EXPECT_EQ(told.items[3].message, each.why);
    form.order_code += " again";
    EXPECT_EQ(take(form).failure, each.why);
    each.begin();
  }
}

TEST_P(NetworkTest, WhatWasPaidBeforeItsClickCountsWhenItComes) {
  const Instant now = fixture->clock.wall_now();
  struct Case {
    Duration before;
    bool early;
  };
  for (const Case& each : {Case{Duration::seconds(9 * 60), false}, Case{Duration::seconds(11 * 60), true},
                           Case{Duration::days(400), true}}) {
    OrderForm form = order_of("o" + std::to_string(each.before.us), {product_of("p")});
    form.products[0].paid_at = now - each.before;
    const Item item = take(form).items[0];
    ASSERT_TRUE(item.success) << each.before.us;
    const ConversionNumber number = conversion_of_trlog_id(item.trlog_id);
    EXPECT_EQ(row(number).happened_at, each.early ? now : now - each.before);
    look([&](engine::Unit& unit) {
      EXPECT_EQ((state->details(unit, number).order->marks & mark_paid_early) != 0, each.early);
    });
  }
}

TEST_P(NetworkTest, TheOperatorCancels) {
  take("o", product_of("p"));
  const auto cancel = [&](ConversionNumber number) {
    std::optional<Errc> refused;
    fixture->run_each(std::make_unique<JudgeConversion>(
        *state, number, Verdict::cancel, "by hand", [](const JudgedState&) { return door::Answer{}; },
        [&](auto outcome) {
          if (const auto* why = std::get_if<Refused>(&outcome)) refused = why->error.code;
        }));
    return refused;
  };
  EXPECT_EQ(cancel(1), std::nullopt);
  EXPECT_EQ(row(1).status, ConversionStatus::cancelled);
  EXPECT_EQ(pending(), 0);
  EXPECT_EQ(balance("network:fee"), 0);
  EXPECT_EQ(balance("merchant:shop:adcost"), 0);
  const Month month = month_of(row(1).day);
  look([&](engine::Unit& unit) { EXPECT_EQ(state->month_total(unit, 1, 1, month).rows, 0U); });
  EXPECT_EQ(cancel(1), std::nullopt) << "said again, it is the same";
  EXPECT_EQ(cancel(2), Errc::not_found);
  EXPECT_FALSE(take("o", product_of("p", "-1")).success) << "nothing is left to take back";
  EXPECT_EQ(take("o", product_of("p")).trlog_id, 10'000'000'000'001U) << "and it is known for ever";
}

TEST_P(NetworkTest, NobodyHearsOfWhatCameBeforeApproval) {
  AffiliateSet plain = affiliate_of("plain");
  plain.reward = {};
  ASSERT_TRUE(set<SetAffiliate>(plain));
  OrderForm form = order_of("o", {product_of("p")});
  form.lpinfo = lpinfo_now(2);
  EXPECT_TRUE(take(form).items[0].success);
  EXPECT_EQ(postbacks(), 0U);
  EXPECT_EQ(pending(2), 1'800);
}

TEST_P(NetworkTest, ALateRestorationCountsWhenItComes) {
  const std::string lpinfo = lpinfo_now();
  const Instant paid_at = fixture->clock.wall_now();  // on January 15th
  const auto restored = [&](const char* order) {
    OrderForm form = order_of(order, {product_of("p")});
    form.lpinfo = lpinfo;
    form.source = Source::restored;
    form.products[0].paid_at = paid_at;
    return take(form);
  };
  const auto until = [&](const char* when) {
    fixture->advance(parse_rfc3339(when).value() - fixture->clock.wall_now());
  };
  until("2024-02-19T14:59:59Z");
  EXPECT_TRUE(restored("in time").items[0].success);
  EXPECT_EQ(row(1).day, 20240115U);
  until("2024-02-19T15:00:00Z");
  EXPECT_TRUE(restored("too late").items[0].success);
  EXPECT_EQ(row(2).day, 20240220U);
  EXPECT_EQ(row(2).happened_at, paid_at);
}

}  // namespace
}  // namespace jangbu::affiliate
