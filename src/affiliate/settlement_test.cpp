#include <set>

#include "affiliate/list_queries.h"
#include "affiliate/test_settlement.h"
#include "delivery/events.h"

namespace jangbu::affiliate {
namespace {

using S = ConversionStatus;

/// The example moment is 2024-01-15 in Seoul: January is processed from February 20th and final on March 6th.
constexpr const char* begin_of_january = "2024-02-19T15:00:00Z";
constexpr const char* end_of_january = "2024-03-05T15:00:00Z";
constexpr const char* end_of_february = "2024-04-05T15:00:00Z";
constexpr const char* end_of_march = "2024-05-05T15:00:00Z";

struct SettlementTest : MoneyTest {};
INSTANTIATE_TEST_SUITE_P(Databases, SettlementTest, ::testing::ValuesIn(store::test::book_kinds),
                         [](const auto& kind) { return std::string(kind.param); });

TEST_P(SettlementTest, GoesByTheCalendar) {
  const ConversionNumber kept = sell(shop, "a", 20'000);
  const ConversionNumber asked = sell(shop, "b", 10'000);
  const ConversionNumber gone = sell(shop, "c", 5'000);
  ProductForm cancelled = product_of("p", 10'000);
  cancelled.canceled_at = fixture->clock.wall_now();
  say_again(shop, "b", cancelled);
  ASSERT_TRUE(std::holds_alternative<JudgedState>(judge(gone, Verdict::cancel)));
  EXPECT_EQ(status(kept), S::normal);
  EXPECT_EQ(status(asked), S::cancel_requested);
  EXPECT_EQ(status(gone), S::cancelled);
  EXPECT_EQ(pending(), 1800 + 900) << "what the office cancels is gone at once, what is asked for stays";

  go_to("2024-02-19T14:59:59Z");
  EXPECT_EQ(status(kept), S::normal) << "a second before";
  go_to(begin_of_january);
  EXPECT_EQ(status(kept), S::settling);
  EXPECT_EQ(status(asked), S::cancel_requested);
  EXPECT_EQ(payable(), 0);

  go_to("2024-03-05T14:59:59Z");
  EXPECT_EQ(status(kept), S::settling);
  EXPECT_EQ(statement(202401).settled, 0U);
  go_to(end_of_january);
  EXPECT_EQ(status(kept), S::settled);
  EXPECT_EQ(status(asked), S::cancelled);
  EXPECT_EQ(status(gone), S::cancelled);
  EXPECT_EQ(pending(), 0);
  EXPECT_EQ(payable(), 1800);
  EXPECT_EQ(posted(adcost_account("sandshop")), -2200) << "with the house's 2%";
  EXPECT_EQ(posted(std::string(fee_account)), 400);
  const StatementRow january = statement(202401);
  EXPECT_EQ(january.settled, 1U);
  EXPECT_EQ(january.cancelled, 1U);
  EXPECT_EQ(january.sales, won_of(20'000));
  EXPECT_EQ(january.commission, won_of(1800));
}

TEST_P(SettlementTest, TheMerchantMayConfirmAndCancelWhileTheMonthIsProcessed) {
  const ConversionNumber whole = sell(shop, "a", 20'000);
  const ConversionNumber part = sell(shop, "b", 10'000);
  go_to(begin_of_january);
  ProductForm cancelled = product_of("p", 20'000);
  cancelled.canceled_at = fixture->clock.wall_now();
  say_again(shop, "a", cancelled);
  EXPECT_EQ(status(whole), S::cancel_requested);
  ProductForm some = product_of("p", 10'000);
  some.canceled_at = fixture->clock.wall_now();
  some.canceled_price = won_of(4'000 * 10'000);
  say_again(shop, "b", some);
  EXPECT_EQ(status(part), S::settling);
  EXPECT_EQ(row(part).now.price, won_of(6'000));
  go_to(end_of_january);
  EXPECT_EQ(status(whole), S::cancelled);
  EXPECT_EQ(status(part), S::settled);
  EXPECT_EQ(payable(), 540);
}

TEST_P(SettlementTest, APartThatIsSaidAgainChangesNothing) {
  struct Sale {
    const char* order;
    MerchantNumber merchant;
    bool at_once;   // the first request says that a part is cancelled
    bool by_price;  // and how much it was, not how many
    ConversionNumber number = 0;
    ProductForm part = {};
  };
  Sale sales[] = {{"a", shop, false, false}, {"b", shop, false, true},   {"c", shop, true, false},
                  {"d", shop, true, true},   {"e", batch, false, false}, {"f", batch, false, true},
                  {"g", batch, true, false}, {"h", batch, true, true}};
  for (Sale& sale : sales) {
    SCOPED_TRACE(sale.order);
    ProductForm whole = product_of("p", 20'000);
    whole.quantity = 2;
    whole.confirmed_at = fixture->clock.wall_now();
    sale.part = whole;
    sale.part.canceled_at = fixture->clock.wall_now();
    if (sale.by_price) {
      sale.part.canceled_price = won_of(6'000 * 10'000);
    } else {
      sale.part.canceled_quantity = 1;
    }
    sale.number = take(order_of(sale.merchant, sale.order, {sale.at_once ? sale.part : whole})).at(0);
    say_again(sale.merchant, sale.order, sale.part);
    const ConversionRow once = row(sale.number);
    EXPECT_EQ(once.now.price, won_of(sale.by_price ? 14'000 : 10'000));
    EXPECT_EQ(once.now.quantity, sale.by_price ? 2U : 1U);
    EXPECT_EQ(once.status, S::normal);
    EXPECT_EQ(once.canceled_at, *sale.part.canceled_at);
    say_again(sale.merchant, sale.order, sale.part);
    EXPECT_EQ(row(sale.number).changed, once.changed);
  }
  EXPECT_EQ(pending(), 4 * (900 + 1260));
  go_to(end_of_january);
  EXPECT_EQ(payable(), 4 * (900 + 1260));
  for (const Sale& sale : sales) {
    SCOPED_TRACE(sale.order);
    EXPECT_EQ(row(successor(sale.number)).status, S::settled);
    const ConversionNumber last = conversions();
    say_again(sale.merchant, sale.order, sale.part);
    EXPECT_EQ(conversions(), last);
    ProductForm more = sale.part;
    if (sale.by_price) {
      more.canceled_price = won_of(7'000 * 10'000);
    } else {
      more.canceled_quantity = 2;
    }
    say_again(sale.merchant, sale.order, more);
    EXPECT_EQ(conversions(), last + 1) << "more was cancelled since";
    say_again(sale.merchant, sale.order, more);
    EXPECT_EQ(conversions(), last + 1);
  }
  EXPECT_EQ(pending(), -4 * (900 + 90));
}

TEST_P(SettlementTest, AReceiverHearsOfWhatIsLeftOfASale) {
  approve();
  ProductForm part = product_of("p", 20'000);
  part.quantity = 2;
  part.canceled_at = fixture->clock.wall_now();
  part.canceled_quantity = 1;
  take(order_of(shop, "a", {part}));
  ASSERT_EQ(events().size(), 1U);
  EXPECT_NE(events().at(0).event.payload.find("900"), std::string::npos);
}

TEST_P(SettlementTest, AListNamesWhatTheConfigurationAtHandDoesNotKnowYet) {
  sell(shop, "a", 20'000);
  const auto session = place.database().open_reader().value();
  ListQuery query;
  query.first = 20240101;
  query.last = 20241231;
  const auto page = list_conversions(*session, Config(), blog, query);
  ASSERT_TRUE(page.ok());
  ASSERT_EQ(page->rows.size(), 1U);
  EXPECT_EQ(page->rows[0].merchant_id, "sandshop");
  EXPECT_EQ(page->rows[0].program_code, "0001");
}

TEST_P(SettlementTest, AWordOfTheOfficeUndoesARequestToCancel) {
  const ConversionNumber number = sell(shop, "a", 20'000);
  ProductForm cancelled = product_of("p", 20'000);
  cancelled.canceled_at = fixture->clock.wall_now();
  say_again(shop, "a", cancelled);
  ASSERT_EQ(status(number), S::cancel_requested);
  judge(number, Verdict::confirm);
  EXPECT_EQ(status(number), S::normal);
  go_to(begin_of_january);
  EXPECT_EQ(status(number), S::settling);
  go_to(end_of_january);
  EXPECT_EQ(status(number), S::settled);
}

TEST_P(SettlementTest, ABatchIsCancelledAndWhatWasConfirmedIsMadeAgain) {
  approve();
  const ConversionNumber confirmed = sell(batch, "a", 20'000);
  const ConversionNumber unconfirmed = sell(batch, "b", 10'000);
  ProductForm word = product_of("p", 20'000);
  word.confirmed_at = fixture->clock.wall_now();
  say_again(batch, "a", word);
  EXPECT_EQ(events().size(), 2U);
  go_to(end_of_january);
  EXPECT_EQ(status(confirmed), S::cancelled);
  EXPECT_EQ(status(unconfirmed), S::cancelled);
  const ConversionNumber again = successor(confirmed);
  ASSERT_EQ(again, 3U) << "a new number";
  EXPECT_EQ(status(again), S::settled);
  EXPECT_EQ(row(again).day, row(confirmed).day);
  EXPECT_EQ(row(again).now, row(confirmed).now);
  EXPECT_EQ(successor(unconfirmed), unconfirmed);
  EXPECT_EQ(pending(), 0);
  EXPECT_EQ(payable(), 1800);
  EXPECT_EQ(posted(adcost_account("travel")), -2200);
  const auto told = events();
  ASSERT_EQ(told.size(), 3U) << "and its receiver hears of it";
  EXPECT_EQ(told[2].event.document, "trlog:10000000000003");

  // The merchant takes back a part of it later: of the row that is paid for.
  ProductForm later = product_of("p", 20'000);
  later.canceled_at = fixture->clock.wall_now();
  later.canceled_price = won_of(5'000 * 10'000);
  say_again(batch, "a", later);
  ASSERT_EQ(conversions(), 4U);
  EXPECT_EQ(row(4).origin, again);
  EXPECT_EQ(row(4).now.price, won_of(-5'000));
  EXPECT_EQ(pending(), -450);
}

TEST_P(SettlementTest, LaterCorrectionsAreNegativeRowsOfTheirOwnMonth) {
  const ConversionNumber number = sell(shop, "a", 20'000);
  go_to(end_of_january);
  EXPECT_EQ(payable(), 1800);
  ProductForm some = product_of("p", 20'000);
  some.canceled_at = fixture->clock.wall_now();
  some.canceled_price = won_of(5'000 * 10'000);
  say_again(shop, "a", some);
  say_again(shop, "a", some);
  ASSERT_EQ(conversions(), 2U) << "said twice, taken back once";
  EXPECT_EQ(status(number), S::settled);
  EXPECT_EQ(row(2).now.price, won_of(-5'000));
  EXPECT_EQ(row(2).now.commission(), won_of(-450));
  EXPECT_EQ(row(2).day, 20240306U);
  EXPECT_EQ(row(2).order_code, "a");
  EXPECT_EQ(pending(), -450);

  // Then all of it: what is left goes, to the won.
  const auto judged = judge(number, Verdict::cancel);
  ASSERT_TRUE(std::holds_alternative<JudgedState>(judged));
  EXPECT_EQ(std::get<JudgedState>(judged).correction, 3U);
  EXPECT_EQ(row(3).now.price, won_of(-15'000));
  EXPECT_EQ(row(3).now.commission(), won_of(-1350));
  EXPECT_EQ(pending(), -1800);
  judge(number, Verdict::cancel);
  EXPECT_EQ(conversions(), 3U) << "nothing is left";
  EXPECT_EQ(payable(), 1800) << "until their month is over";
  go_to(end_of_march);
  EXPECT_EQ(status(2), S::settled);
  EXPECT_EQ(payable(), 0);
  EXPECT_EQ(posted(adcost_account("sandshop")), 0);
  EXPECT_EQ(posted(std::string(fee_account)), 0);
  EXPECT_EQ(statement(202403).commission, won_of(-1800));
}

TEST_P(SettlementTest, ARequestTakesBackOnceFromWhatIsSettled) {
  sell(shop, "a", 20'000);
  sell(shop, "b", 20'000);
  go_to(end_of_january);
  ASSERT_EQ(payable(), 3600);
  ProductForm back = product_of("p", -20'000);
  ProductForm canceled = product_of("p", 20'000);
  back.canceled_at = canceled.canceled_at = fixture->clock.wall_now();
  take(order_of(shop, "a", {back, canceled}));
  EXPECT_EQ(pending(), -1800);
  take(order_of(shop, "b", {canceled, back}));
  EXPECT_EQ(pending(), -3600);
  EXPECT_EQ(conversions(), 4U);
}

TEST_P(SettlementTest, ACorrectionGoesTheWayOfWhatItCorrects) {
  const ConversionNumber number = sell(shop, "a", 20'000);
  ProductForm back = product_of("p", -5'000);
  back.canceled_at = fixture->clock.wall_now();
  say_again(shop, "a", back);
  ASSERT_EQ(conversions(), 2U);
  EXPECT_EQ(pending(), 1350);
  judge(number, Verdict::cancel);
  EXPECT_EQ(pending(), -450) << "the correction is still open";
  EXPECT_EQ(std::get<Error>(judge(2, Verdict::cancel)).code, Errc::order_state);
  go_to(end_of_january);
  EXPECT_EQ(status(2), S::cancelled);
  EXPECT_EQ(pending(), 0);
  EXPECT_EQ(payable(), 0);
  EXPECT_EQ(posted(adcost_account("sandshop")), 0);
}

TEST_P(SettlementTest, WhatWasFreeIsTakenBackOnce) {
  ProgramSet program = program_of(1, shop);
  program.base = *parse_rate("500KRW");
  put(program_kind, program);
  const ConversionNumber number = sell(shop, "a", 0);
  go_to(end_of_january);
  ASSERT_EQ(payable(), 500);
  ProductForm cancelled = product_of("p", 0);
  cancelled.canceled_at = fixture->clock.wall_now();
  say_again(shop, "a", cancelled);
  EXPECT_EQ(pending(), -500);
  const ConversionNumber correction = conversions();
  EXPECT_EQ(row(correction).origin, number);
  EXPECT_EQ(std::get<Error>(judge(correction, Verdict::cancel)).code, Errc::order_state);
  say_again(shop, "a", cancelled);
  judge(number, Verdict::cancel);
  EXPECT_EQ(pending(), -500) << "once";
  go_to(end_of_march);
  EXPECT_EQ(payable(), 0);
}

TEST_P(SettlementTest, ARequestTakesBackInOneWayFromWhatIsSettled) {
  sell(shop, "a", 20'000);
  go_to(end_of_january);
  ProductForm cancelled = product_of("p", 20'000);
  ProductForm back = product_of("p", -5'000);
  back.canceled_at = cancelled.canceled_at = fixture->clock.wall_now();
  const auto numbers = take(order_of(shop, "a", {back, cancelled}));
  EXPECT_EQ(pending(), -450);
  EXPECT_EQ(numbers.at(1), 0U) << "whether all is meant or that much nobody can tell";
  EXPECT_NE(take(order_of(shop, "a", {cancelled})).at(0), 0U);
  EXPECT_EQ(pending(), -1800);
}

TEST_P(SettlementTest, WhatComesLateIsSettledWithTheMonthInWhichItCame) {
  go_to("2024-02-20T00:00:00Z");
  OrderForm form = order_of(shop, "late", {product_of("p", 20'000)});
  form.products[0].paid_at = at("2024-01-10T00:00:00Z");
  const ConversionNumber late = take(form).at(0);
  form = order_of(shop, "in time", {product_of("p", 10'000)});
  form.products[0].paid_at = at("2024-02-10T00:00:00Z");
  const ConversionNumber in_time = take(form).at(0);
  go_to(end_of_january);
  EXPECT_EQ(status(late), S::normal);
  go_to(end_of_february);
  EXPECT_EQ(status(late), S::settled);
  EXPECT_EQ(status(in_time), S::settled);
  EXPECT_EQ(statement(202401).settled, 0U);
  EXPECT_EQ(statement(202402).settled, 2U);
}

TEST_P(SettlementTest, IsDoneOnceOverRestartsAndJumps) {
  // More than a record takes; some of them cancelled.
  constexpr std::size_t count = 450;
  std::vector<ProductForm> products;
  for (std::size_t i = 0; i < 225; ++i) products.push_back(product_of("p" + std::to_string(i), 1'000));
  for (const char* code : {"a", "b"}) ASSERT_EQ(take(order_of(shop, code, products)).size(), count / 2);
  judge(7, Verdict::cancel);
  const auto settle = [&](std::string_view moment) {
    fixture->clock.advance(at(moment) - fixture->clock.wall_now());
    // Chunk by chunk, with a crash after each.
    for (int i = 0; i < 4; ++i) {
      fixture->run({});
      fixture->restart();
    }
    fixture->run_due_work();
    fixture->run_due_work();
  };
  settle("2024-03-01T00:00:00Z");
  settle("2025-03-01T00:00:00Z");
  fixture->restart();
  fixture->run_due_work();
  for (ConversionNumber number = 1; number <= count; ++number)
    EXPECT_EQ(status(number), number == 7 ? S::cancelled : S::settled) << number;
  EXPECT_EQ(pending(), 0);
  EXPECT_EQ(payable(), 449 * 90);
  EXPECT_EQ(statement(202401).settled, 449U);
  EXPECT_EQ(statement(202401).commission, won_of(449 * 90));
}

// ---- payouts

TEST_P(SettlementTest, AMonthIsPaidOnce) {
  sell(shop, "a", 20'000);
  EXPECT_EQ(std::get<Error>(pay(202401)).code, Errc::not_found) << "it is open";
  go_to("2024-03-05T14:59:59Z");
  EXPECT_EQ(std::get<Error>(pay(202401)).code, Errc::not_found) << "a second before it is final";
  go_to(end_of_january);
  EXPECT_EQ(std::get<Error>(pay(202402)).code, Errc::not_found);
  const auto first = pay(202401);
  ASSERT_TRUE(std::holds_alternative<PayoutState>(first));
  EXPECT_EQ(std::get<PayoutState>(first).number, 1U);
  EXPECT_EQ(std::get<PayoutState>(first).amount, won_of(1800));
  EXPECT_EQ(std::get<PayoutState>(first).status, PayoutStatus::held);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(std::get<PayoutState>(pay(202401)).number, 1U) << "asked again";
  EXPECT_EQ(payable(), 1800);
  EXPECT_EQ(std::get<PayoutState>(close(1, PayoutStatus::paid)).status, PayoutStatus::paid);
  EXPECT_EQ(payable(), 0);
  EXPECT_EQ(posted(std::string(bank_account)), 1800);
  EXPECT_EQ(std::get<PayoutState>(close(1, PayoutStatus::paid)).status, PayoutStatus::paid) << "said again";
  EXPECT_EQ(std::get<Error>(close(1, PayoutStatus::failed)).code, Errc::already_paid);
  EXPECT_EQ(std::get<PayoutState>(pay(202401)).status, PayoutStatus::paid);
  EXPECT_EQ(std::get<Error>(close(2, PayoutStatus::paid)).code, Errc::not_found);
}

TEST_P(SettlementTest, WhatTheBankRefusedIsPaidAgain) {
  sell(shop, "a", 20'000);
  go_to(end_of_january);
  pay(202401);
  EXPECT_EQ(std::get<PayoutState>(close(1, PayoutStatus::failed)).status, PayoutStatus::failed);
  EXPECT_EQ(payable(), 1800);
  EXPECT_EQ(std::get<Error>(close(1, PayoutStatus::paid)).code, Errc::not_paid);
  EXPECT_EQ(std::get<PayoutState>(pay(202401)).number, 2U);
  EXPECT_EQ(std::get<PayoutState>(close(2, PayoutStatus::paid)).status, PayoutStatus::paid);
  EXPECT_EQ(payable(), 0);
  EXPECT_EQ(posted(std::string(bank_account)), 1800);
}

TEST_P(SettlementTest, CorrectionsComeOffWhatIsPaid) {
  const ConversionNumber number = sell(shop, "a", 20'000);
  go_to("2024-03-10T00:00:00Z");
  judge(number, Verdict::cancel);
  sell(shop, "b", 30'000);
  go_to(end_of_march);
  EXPECT_EQ(payable(), 2700);
  EXPECT_EQ(std::get<PayoutState>(pay(202401)).amount, won_of(1800));
  EXPECT_EQ(std::get<PayoutState>(pay(202403)).amount, won_of(900)) << "2700 - 1800";
}

TEST_P(SettlementTest, NothingIsPaidThatIsNotThere) {
  const ConversionNumber number = sell(shop, "a", 20'000);
  go_to("2024-03-10T00:00:00Z");
  judge(number, Verdict::cancel);
  go_to(end_of_march);
  EXPECT_EQ(payable(), 0);
  EXPECT_EQ(std::get<Error>(pay(202401)).code, Errc::insufficient_balance);
  EXPECT_EQ(std::get<Error>(pay(202403)).code, Errc::insufficient_balance) << "a month below zero";
}

// ---- all four say the same

TEST_P(SettlementTest, PostbacksRowsStatementsAndLedgerAgreeToTheWon) {
  approve();
  const std::int64_t prices[] = {1, 9, 11, 99, 101, 999, 12'345, 99'999, 1'234'567};
  int orders = 0;
  for (const MerchantNumber merchant : {shop, batch}) {
    for (const std::int64_t price : prices) {
      const std::string code = "o" + std::to_string(++orders);
      const ConversionNumber number = sell(merchant, code, price);
      ProductForm again = product_of("p", price);
      if (orders % 3 == 0) again.confirmed_at = fixture->clock.wall_now();
      if (orders % 4 == 0) again.canceled_at = fixture->clock.wall_now();
      if (orders % 4 == 0 && orders % 8 != 0) again.canceled_price = won_of(price / 3 * 10'000);
      say_again(merchant, code, again);
      if (orders % 5 == 0) judge(number, Verdict::cancel);
    }
  }
  go_to("2024-03-20T00:00:00Z");
  // After the end: corrections, in part and whole.
  for (int order = 1; order <= orders; order += 2) {
    const std::int64_t price = prices[(order - 1) % 9];
    ProductForm back = product_of("p", price);
    back.canceled_at = fixture->clock.wall_now();
    if (order % 3 != 0) back.canceled_price = won_of((price + 1) / 2 * 10'000);
    say_again(order <= 9 ? shop : batch, "o" + std::to_string(order), back);
  }
  sell(shop, "march", 77'777);
  for (const char* moment : {"2024-03-20T00:00:01Z", end_of_march}) {
    go_to(moment);
    // Rows, as the affiliate reads them.
    std::int64_t open = 0;
    std::map<Month, std::int64_t> settled;
    for (ConversionNumber number = 1; number <= conversions(); ++number) {
      const ConversionRow found = row(number);
      const auto commission = static_cast<std::int64_t>(found.now.commission().units());
      if (found.status == S::settled) settled[month_of(found.day)] += commission;
      if (!is_final(found.status)) open += commission;
    }
    EXPECT_EQ(pending(), open);
    std::int64_t all = 0;
    for (const auto& [month, commission] : settled) {
      EXPECT_EQ(statement(month).commission, won_of(commission)) << month;
      all += commission;
    }
    EXPECT_EQ(payable(), all);
    const std::int64_t cost = posted(adcost_account("sandshop")) + posted(adcost_account("travel"));
    EXPECT_EQ(cost + pending() + payable() + posted(std::string(fee_account)), 0);
  }
  // Every row was told once, with what it earned when it began.
  std::set<std::string> documents;
  for (const engine::PlacedEvent& placed : events()) {
    EXPECT_TRUE(documents.insert(placed.event.document).second) << placed.event.document;
    const auto delivery = delivery::decode(placed.event.payload);
    ASSERT_TRUE(delivery.ok());
    const auto& fields = delivery->content().fields;
    const ConversionNumber number =
        conversion_of_trlog_id(std::stoull(std::string(delivery::field(fields, "trlog_id"))));
    Money first;
    fixture->look([&](engine::Unit& unit) {
      const Conversion conversion = state->details(unit, number);
      const bool is_again = conversion.row.origin != 0 && !conversion.row.now.price.is_negative();
      first = is_again ? conversion.row.now.commission() : conversion.part().at_first.commission();
    });
    EXPECT_EQ(delivery::field(fields, "commision"), first.to_units_text()) << number;
  }
  EXPECT_EQ(documents.size(), conversions());
}

// ---- rewards and lists

TEST_P(SettlementTest, RewardsAreAskedForApprovedAndTried) {
  const auto set = [&](By by, RewardForm form) {
    return change<SetReward, RewardSet>(std::ref(*state), blog, by, form);
  };
  EXPECT_EQ(std::get<Error>(set(By::affiliate, {{}, RewardStatus::requested, {}})).code,
            Errc::invalid_parameters);
  EXPECT_EQ((std::get<Error>(change<TestReward, RewardTested>(std::ref(*state), blog, By::affiliate)).code),
            Errc::invalid_parameters);
  sell(shop, "before", 20'000);
  set(By::affiliate, {"https://blog.example/reward", RewardStatus::requested, {}});
  sell(shop, "asked", 20'000);
  EXPECT_TRUE(events().empty()) << "nothing goes out before it is approved";
  set(By::office, {{}, RewardStatus::approved, {}});
  EXPECT_TRUE(events().empty()) << "and approval sends nothing of what came before it";
  sell(shop, "after", 20'000);
  ASSERT_EQ(events().size(), 1U);
  EXPECT_EQ(events()[0].event.document, "trlog:10000000000003");
  const auto tested = change<TestReward, RewardTested>(std::ref(*state), blog, By::affiliate);
  ASSERT_TRUE(std::holds_alternative<RewardTested>(tested));
  ASSERT_EQ(events().size(), 2U);
  EXPECT_EQ(events()[1].id, std::get<RewardTested>(tested).event) << "the event that its route waits for";
  set(By::office, {{}, RewardStatus::rejected, {}});
  sell(shop, "rejected", 20'000);
  EXPECT_EQ(events().size(), 2U);
}

TEST_P(SettlementTest, MerchantsAreAskedForTheirListsEveryDay) {
  MerchantSet merchant = merchant_of(shop, "sandshop", false);
  merchant.list_url = "https://shop.example/list";
  put(merchant_kind, merchant);
  put(merchant_kind, merchant);  // again: it is asked once all the same
  EXPECT_TRUE(wanted.empty());
  go_to("2024-01-15T18:59:59Z");
  EXPECT_TRUE(wanted.empty()) << "a second before four";
  go_to("2024-01-15T19:00:00Z");
  ASSERT_EQ(wanted.size(), 1U);
  EXPECT_EQ(wanted[0], (WantedLists{shop, 20240114, 20240115}));
  go_to("2024-01-17T19:00:00Z");
  ASSERT_EQ(wanted.size(), 3U);
  EXPECT_EQ(wanted[2], (WantedLists{shop, 20240114, 20240117})) << "what was not fetched is asked for again";
  put(list_fetched_kind, ListFetched{shop, 20240117, 0, 0});
  wanted.clear();
  go_to("2024-01-18T19:00:00Z");
  ASSERT_EQ(wanted.size(), 1U);
  EXPECT_EQ(wanted[0], (WantedLists{shop, 20240117, 20240118}));
  wanted.clear();
  fixture->restart();
  ASSERT_EQ(wanted.size(), 1U) << "and after a restart";
  EXPECT_EQ(wanted[0], (WantedLists{shop, 20240117, 20240118}));
  merchant.list_url = "";
  put(merchant_kind, merchant);
  wanted.clear();
  go_to("2024-01-20T19:00:00Z");
  EXPECT_TRUE(wanted.empty()) << "it has no list any more";
  merchant.list_url = "https://shop.example/list";
  put(merchant_kind, merchant);
  go_to("2024-01-21T19:00:00Z");
  ASSERT_EQ(wanted.size(), 1U);
  EXPECT_EQ(wanted[0].asked, 20240121U);
}

}  // namespace
}  // namespace jangbu::affiliate
