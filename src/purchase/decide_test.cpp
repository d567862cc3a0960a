#include "purchase/decide.h"

#include <gtest/gtest.h>

#include "base/ascii.h"
#include "purchase/test_door.h"

namespace jangbu::purchase {
namespace {

struct DecideTest : EachDoorTest {};

// ---- what is refused, in the order of the checks

TEST_P(DecideTest, RefusesInOrder) {
  ASSERT_TRUE(record_now(purchase_of("first", 10)).ok());
  set<SetShop>(ShopSet{to_lower(shop_of(1)), 2, true, {}});
  set<SetShop>(ShopSet{to_lower(shop_of(2)), 1, false, {}});
  set<SetHolder>(house.signers, HolderSet{1, "closed to unknown shops", "krw", default_waiting_s,
                                          house.addresses[1], false});
  struct Row {
    const char* name;
    std::function<void(NewPurchase&)> change;
    Errc expected;
  };
  // Each row is wrong in all that later checks look at, too.
  const Row rows[] = {
      {"unknown shop", [](NewPurchase& p) { p.shop_id = shop_of(9), p.sum_matches = false; },
       Errc::shop_unregistered},
      {"another holder's shop", [](NewPurchase& p) { p.shop_id = shop_of(1), p.sum_matches = false; },
       Errc::shop_not_allowed},
      {"inactive shop", [](NewPurchase& p) { p.shop_id = shop_of(2), p.sum_matches = false; },
       Errc::shop_unregistered},
      {"sum", [](NewPurchase& p) { p.sum_matches = false; }, Errc::sum_mismatch},
      {"other content", [](NewPurchase&) {}, Errc::purchase_conflict},
  };
  const auto number = head();
  for (const Row& row : rows) {
    NewPurchase request = purchase_of("first", 11);
    row.change(request);
    EXPECT_EQ(record_now(request).refusal(), row.expected) << row.name;
  }
  EXPECT_EQ(record_now(purchase_of("second", 1), 7).refusal(), Errc::access_key_invalid) << "an unknown key";
  Answered answered;
  fixture.run_each(
      std::make_unique<RecordPurchase>(*state, purchase_of("second", 1), key_of(1), 2,
                                       [&](Result<std::string> body) { answered.result = body; }));
  EXPECT_EQ(answered.refusal(), Errc::access_key_invalid) << "a key of another holder";
  NewPurchase foreign = purchase_of("second", 1);
  foreign.currency = "eur";
  EXPECT_EQ(record_now(foreign).refusal(), Errc::invalid_parameters) << "a currency that went away";
  EXPECT_EQ(head(), number) << "nothing is stored";
  EXPECT_TRUE(record_now(purchase_of("first", 10)).ok());
  set<SetKey>(KeySet{key_of(1), 0, true, ""});
  EXPECT_EQ(record_now(purchase_of("first", 10)).refusal(), Errc::access_key_invalid)
      << "a revoked key hears no answer, not even an old one";
  EXPECT_EQ(cancel_now("first").refusal(), Errc::access_key_invalid);
}

TEST_P(DecideTest, ARepeatComesBeforeTheChecksOfTheShop) {
  const Answered first = record_now(purchase_of("p", 10));
  set<SetShop>(ShopSet{to_lower(shop_of(0)), 1, false, {}});
  EXPECT_EQ(record_now(purchase_of("p", 10)).body(), first.body());
  EXPECT_EQ(record_now(purchase_of("q", 10)).refusal(), Errc::shop_unregistered);
  set<SetShop>(ShopSet{to_lower(shop_of(0)), 2, true, {}});
  EXPECT_EQ(record_now(purchase_of("p", 10)).body(), first.body());
  EXPECT_EQ(record_now(purchase_of("q", 10)).refusal(), Errc::shop_not_allowed);
  EXPECT_TRUE(record_now(purchase_of("p", 10), 2).ok()) << "purchase ids are the holder's own";
}

TEST_P(DecideTest, AnyOtherContentIsAConflict) {
  NewPurchase first = purchase_of("p", 10);
  first.phone = phone_of(1);
  ASSERT_TRUE(record_now(first).ok());
  struct Row {
    const char* name;
    std::function<void(NewPurchase&)> change;
  };
  const Row rows[] = {
      {"timestamp", [](NewPurchase& p) { ++p.timestamp; }},
      {"total", [](NewPurchase& p) { p.total_amount = whole(11); }},
      {"cash", [](NewPurchase& p) { p.cash_amount = whole(9); }},
      {"currency", [](NewPurchase& p) { p.currency = "usd"; }},
      {"shop's letter case", [](NewPurchase& p) { p.shop_id = to_lower(p.shop_id); }},
      {"account", [](NewPurchase& p) { p.user_account = wallet_of(1); }},
      {"phone", [](NewPurchase& p) { p.phone = phone_of(2); }},
      {"details", [](NewPurchase& p) { p.details[0].product_id = "other"; }},
      {"percent", [](NewPurchase& p) { ++p.details[0].provide_percent; }},
      {"waiting", [](NewPurchase& p) { p.waiting_s = default_waiting_s; }},
  };
  for (const Row& row : rows) {
    NewPurchase request = first;
    row.change(request);
    EXPECT_EQ(record_now(request).refusal(), Errc::purchase_conflict) << row.name;
  }
  NewPurchase same = first;
  same.user_account = zero_wallet;
  EXPECT_TRUE(record_now(same).ok()) << "the zero address is no address";
}

TEST_P(DecideTest, TheFirstAnswerIsRepeatedByteForByte) {
  NewPurchase request = purchase_of("p", 1000, 1000, wallet_of(1));
  request.waiting_s = 60;
  Answered first, inside;
  fixture.run_each(record(request, first), record(request, inside));
  ASSERT_TRUE(first.ok());
  EXPECT_EQ(inside.body(), first.body()) << "in the same batch";
  const auto same_after = [&](const char* what) {
    EXPECT_EQ(record_now(request).body(), first.body()) << what;
  };
  const auto number = head();
  same_after("in the next batch");
  EXPECT_EQ(head(), number);
  fixture.restart();
  same_after("after a restart");
  advance(Duration::seconds(61));
  EXPECT_EQ(available(user_account(to_lower(wallet_of(1)))), whole(100));
  same_after("after its points were provided");
  set<SetRate>(RateSet{"krw", whole(3)});
  same_after("after the rate changed");
  set<SetWallet>(to_lower(wallet_of(1)), std::uint8_t{1});
  same_after("after the wallet changed");
  ASSERT_TRUE(record_now(purchase_of("other", 5)).ok());
  same_after("after other purchases");
  fixture.writer->settle();
  fixture.restart();
  same_after("after a clean stop");
}

TEST_P(DecideTest, SequencesHaveNoGaps) {
  Answered a, refused, b, c;
  NewPurchase wrong = purchase_of("wrong", 1);
  wrong.sum_matches = false;
  fixture.run_each(record(purchase_of("a", 1), a), record(wrong, refused), cancel("a", 5, b),
                   record(purchase_of("c", 1), c));
  EXPECT_EQ(member(a.body(), "tx.sequence"), "1");
  EXPECT_EQ(member(b.body(), "tx.sequence"), "2");
  EXPECT_EQ(member(c.body(), "tx.sequence"), "3");
}

TEST_P(DecideTest, AnswersAreSignedByTheHoldersKey) {
  const Answered first = record_now(purchase_of("p", 10), 1);
  EXPECT_EQ(member(first.body(), "tx.signer"), house.addresses[1].to_checksum_text());
  NewPurchase other = purchase_of("p", 10, 1000, "", shop_of(5));
  EXPECT_EQ(member(record_now(other, 2).body(), "tx.signer"), house.addresses[2].to_checksum_text());
}

// ---- who earns what

TEST_P(DecideTest, WhoEarns) {
  set<LinkPhone>(phone_of(2).hash, wallet_of(2));
  set<SetWallet>(to_lower(wallet_of(3)), std::uint8_t{1});
  struct Row {
    const char* name;
    std::string account;
    Phone phone;
    const char* type;
    std::string answered;
    const char* loyalty_type;
    std::string provided;
  };
  const std::string hundred = whole(100).to_units_text();
  const Row rows[] = {
      {"a wallet", wallet_of(1), no_phone(), "address", wallet_of(1), "0", hundred},
      {"a phone", "", phone_of(1), "phone", to_hex_0x(phone_of(1).hash.view()), "0", hundred},
      {"a phone that belongs to a wallet", "", phone_of(2), "address", wallet_of(2), "0", hundred},
      {"a wallet before a phone", wallet_of(1), phone_of(2), "address", wallet_of(1), "0", hundred},
      {"the zero address with a phone", zero_wallet, phone_of(1), "phone", to_hex_0x(phone_of(1).hash.view()),
       "0", hundred},
      {"a wallet that earns tokens", wallet_of(3), no_phone(), "address", wallet_of(3), "1",
       whole(1).to_units_text()},
      {"nobody", "", no_phone(), "address", zero_wallet, "0", "0"},
  };
  int i = 0;
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    NewPurchase request = purchase_of("p" + std::to_string(i++), 1000, 1000, row.account);
    request.phone = row.phone;
    const Answered answered = record_now(request);
    EXPECT_EQ(member(answered.body(), "loyalty.loyaltyValue"), hundred);
    EXPECT_EQ(member(answered.body(), "loyalty.loyaltyPoint"), hundred);
    EXPECT_EQ(member(answered.body(), "loyalty.account.accountType"), row.type);
    EXPECT_EQ(member(answered.body(), "loyalty.account.account"), row.answered);
    EXPECT_EQ(member(answered.body(), "loyalty.account.loyaltyType"), row.loyalty_type);
    EXPECT_EQ(member(answered.body(), "loyalty.account.currentBalance"), "0");
    EXPECT_EQ(member(answered.body(), "loyalty.account.loyaltyToBeProvided"), row.provided);
  }
  EXPECT_EQ(held(shop_of(0)), whole(600)) << "for nobody nothing is held";
  advance(Duration::days(8));
  EXPECT_EQ(held(shop_of(0)), Money());
  EXPECT_EQ(available(user_account(to_lower(wallet_of(1)))), whole(200));
  EXPECT_EQ(available(user_account(to_hex_0x(phone_of(1).hash.view()))), whole(200));
  EXPECT_EQ(available(user_account(to_lower(wallet_of(2)))), whole(100));
  EXPECT_EQ(available(user_account(to_lower(wallet_of(3)))), Money());
  EXPECT_EQ(available(user_account(to_lower(wallet_of(3))), token_currency), whole(1));
  EXPECT_EQ(available(issued_account(to_lower(shop_of(0)))), whole(-600));
}

TEST_P(DecideTest, OnlyWhatIsProvidedIsInTheBalance) {
  const auto balance = [&](const std::string& id) {
    return member(record_now(purchase_of(id, 1000, 1000, wallet_of(1))).body(),
                  "loyalty.account.currentBalance");
  };
  EXPECT_EQ(balance("p1"), "0");
  advance(Duration::days(6));
  EXPECT_EQ(balance("p2"), "0") << "pending points are not there yet";
  EXPECT_EQ(held(shop_of(0)), whole(200));
  advance(Duration::days(1));
  EXPECT_EQ(balance("p3"), whole(100).to_units_text());
  advance(Duration::days(30));
  EXPECT_EQ(balance("p4"), whole(300).to_units_text());
}

TEST_P(DecideTest, RatesOfCurrencies) {
  NewPurchase request = purchase_of("p", 2, 1000, wallet_of(1));
  request.currency = "usd";
  const Answered answered = record_now(request);
  EXPECT_EQ(member(answered.body(), "loyalty.loyaltyValue"), "200000000000000000");
  EXPECT_EQ(member(answered.body(), "loyalty.loyaltyPoint"), whole(266).to_units_text());
}

TEST_P(DecideTest, WhatEarnsNothingWaitsForNothing) {
  struct Row {
    const char* name;
    NewPurchase request;
  };
  NewPurchase no_cash = purchase_of("no cash", 100, 1000, wallet_of(1));
  no_cash.cash_amount = Money();
  const Row rows[] = {{"percent zero", purchase_of("zero", 100, 0, wallet_of(1))},
                      {"no cash", no_cash},
                      {"nobody", purchase_of("nobody", 100)}};
  for (const Row& row : rows) {
    EXPECT_TRUE(record_now(row.request).ok()) << row.name;
    EXPECT_EQ(count("engine_due"), 0) << row.name;
    EXPECT_TRUE(cancel_now(row.request.purchase_id).ok()) << row.name;
  }
  EXPECT_EQ(held(shop_of(0)), Money());
}

TEST_P(DecideTest, WaitingTimes) {
  NewPurchase at_once = purchase_of("at once", 1000, 1000, wallet_of(1));
  at_once.waiting_s = 0;
  NewPurchase soon = purchase_of("soon", 1000, 1000, wallet_of(1));
  soon.waiting_s = 10;
  Answered a, b, c;
  fixture.run_each(record(at_once, a), record(soon, b),
                   record(purchase_of("holder's", 1000, 1000, wallet_of(1)), c));
  EXPECT_EQ(member(a.body(), "loyalty.account.currentBalance"), "0");
  EXPECT_EQ(available(user_account(to_lower(wallet_of(1)))), whole(100)) << "provided by its own batch";
  EXPECT_EQ(count("engine_due"), 2);
  fixture.clock.advance(Duration::microseconds(9'999'999));
  EXPECT_FALSE(fixture.writer->due_work_waits());
  advance(Duration::microseconds(1));
  EXPECT_EQ(available(user_account(to_lower(wallet_of(1)))), whole(200));
  advance(Duration::days(7));
  EXPECT_EQ(available(user_account(to_lower(wallet_of(1)))), whole(300));
}

TEST_P(DecideTest, HoldersWithDifferentWaitingInOneBatch) {
  set<SetHolder>(house.signers, HolderSet{2, "fast", "krw", 5, house.addresses[2], true});
  Answered answers[6];
  fixture.run_each(record(purchase_of("a", 1000, 1000, wallet_of(1), shop_of(1)), answers[0], 1),
                   record(purchase_of("a", 2000, 1000, wallet_of(1), shop_of(2)), answers[1], 2),
                   record(purchase_of("b", 4000, 1000, wallet_of(2), shop_of(1)), answers[2], 1),
                   record(purchase_of("b", 8000, 1000, wallet_of(2), shop_of(2)), answers[3], 2),
                   cancel("a", 1, answers[4], 1), cancel("b", 1, answers[5], 2));
  for (const Answered& answered : answers) EXPECT_TRUE(answered.ok());
  EXPECT_EQ(count("engine_due"), 2);
  EXPECT_EQ(count("purchase_voids"), 2);
  advance(Duration::seconds(5));
  EXPECT_EQ(available(user_account(to_lower(wallet_of(1)))), whole(200));
  EXPECT_EQ(available(user_account(to_lower(wallet_of(2)))), Money());
  EXPECT_EQ(held(shop_of(1)), whole(400));
  EXPECT_EQ(held(shop_of(2)), Money());
  EXPECT_EQ(count("purchase_voids"), 1) << "of the run that was provided none is left";
  advance(Duration::days(7));
  EXPECT_EQ(available(user_account(to_lower(wallet_of(1)))), whole(200));
  EXPECT_EQ(available(user_account(to_lower(wallet_of(2)))), whole(400));
  EXPECT_EQ(count("purchase_voids"), 0);
  EXPECT_EQ(count("engine_due"), 0);
}

TEST_P(DecideTest, AShopIsOpenedOnce) {
  Answered a, b, taken;
  fixture.run_each(record(purchase_of("a", 1), a),
                   record(purchase_of("b", 1, 1000, "", to_lower(shop_of(0))), b),
                   record(purchase_of("c", 1), taken, 2));
  EXPECT_TRUE(a.ok());
  EXPECT_TRUE(b.ok()) << "letter case is no difference";
  EXPECT_EQ(taken.refusal(), Errc::shop_not_allowed);
  EXPECT_EQ(count("purchase_shops"), 1);
}

TEST_P(DecideTest, AmountsAtTheEdge) {
  // 10^15 of a currency is the most that a request may hold, and 10^15 points the most that it may earn.
  NewPurchase request = purchase_of("p", 1'000'000'000'000'000, 10'000, wallet_of(1));
  EXPECT_TRUE(record_now(request).ok());
  request.purchase_id = "q";
  request.currency = "usd";
  EXPECT_EQ(record_now(request).refusal(), Errc::amount_overflow) << "times 1330";
  request.user_account.clear();
  EXPECT_TRUE(record_now(request).ok()) << "nobody earns it";
  request = purchase_of("r", 1'000'000'000'000'000, 10'000, wallet_of(2));
  set<SetWallet>(to_lower(wallet_of(2)), std::uint8_t{1});
  EXPECT_TRUE(record_now(request).ok());
  set<SetRate>(RateSet{std::string(token_code), Money::from_units(1'000'000'000'000)});
  request.purchase_id = "s";
  EXPECT_EQ(record_now(request).refusal(), Errc::amount_overflow) << "a million tokens for a point";
}

// Once 128 of a wallet's, in two shops, were too much for its account, and could not be provided.
TEST_P(DecideTest, WhatLargePurchasesPromisedIsProvided) {
  const auto large = [](int i) {
    return purchase_of("p" + std::to_string(i), 1'000'000'000'000'000, 10'000, wallet_of(1), shop_of(i % 2));
  };
  for (int i = 0; i < 200; ++i) ASSERT_TRUE(record_now(large(i)).ok()) << i;
  ASSERT_TRUE(record_now(purchase_of("small", 1'000'000'000, 10'000, wallet_of(1))).ok());
  look([](engine::Unit& unit) { EXPECT_EQ(unit.counters().last(engine::Counter::purchase_large), 200U); });
  advance(Duration::days(8));
  EXPECT_EQ(count("engine_due"), 0);
  EXPECT_EQ(available(user_account(to_lower(wallet_of(1)))),
            *whole(200'000'000'000'000'000).plus(whole(1'000'000'000)));
}

TEST_P(DecideTest, LargePurchasesAreBounded) {
  // The batch sees as many as there may be.
  class ManyLarge final : public engine::Command {
   public:
    engine::Decision decide(engine::Unit& unit) override {
      unit.counters().set(engine::Counter::purchase_large, most_large);
      return engine::Refuse{Errc::not_found};
    }
  };
  Answered large;
  fixture.run_each(std::make_unique<ManyLarge>(),
                   record(purchase_of("large", 1'000'000'001, 10'000, wallet_of(1)), large));
  EXPECT_EQ(large.refusal(), Errc::amount_overflow);
  fixture.restart();
  EXPECT_TRUE(record_now(purchase_of("large", 1'000'000'001, 10'000, wallet_of(1))).ok());
}

// ---- cancelling

TEST_P(DecideTest, CancelBeforeItsPointsAreProvidedVoids) {
  ASSERT_TRUE(record_now(purchase_of("p", 1000, 1000, wallet_of(1))).ok());
  const Answered first = cancel_now("p", 77);
  ASSERT_TRUE(first.ok());
  EXPECT_EQ(member(first.body(), "tx.purchaseId"), "p");
  EXPECT_EQ(held(shop_of(0)), Money());
  EXPECT_EQ(count("purchase_voids"), 1);
  EXPECT_EQ(cancel_now("p", 77).body(), first.body());
  const Answered other = cancel_now("p", 78);
  EXPECT_EQ(other.refusal(), Errc::cancel_refused);
  EXPECT_NE(other.detail().find("already cancelled"), std::string::npos);
  advance(Duration::days(8));
  EXPECT_EQ(available(user_account(to_lower(wallet_of(1)))), Money());
  EXPECT_EQ(count("purchase_voids"), 0);
  EXPECT_EQ(count("engine_due"), 0);
  fixture.restart();
  EXPECT_EQ(cancel_now("p", 77).body(), first.body()) << "after its time and a restart";
  EXPECT_TRUE(record_now(purchase_of("p", 1000, 1000, wallet_of(1))).ok())
      << "the purchase itself is repeated";
  EXPECT_EQ(held(shop_of(0)), Money());
}

TEST_P(DecideTest, CancelAfterwardsTakesBack) {
  ASSERT_TRUE(record_now(purchase_of("p", 1000, 1000, wallet_of(1))).ok());
  ASSERT_TRUE(record_now(purchase_of("q", 500, 1000, wallet_of(1))).ok());
  advance(Duration::days(8));
  EXPECT_EQ(available(user_account(to_lower(wallet_of(1)))), whole(150));
  EXPECT_TRUE(cancel_now("p").ok());
  EXPECT_EQ(available(user_account(to_lower(wallet_of(1)))), whole(50));
  EXPECT_EQ(available(issued_account(to_lower(shop_of(0)))), whole(-50));
}

TEST_P(DecideTest, TokensAreTakenBackAsTokens) {
  set<SetWallet>(to_lower(wallet_of(1)), std::uint8_t{1});
  ASSERT_TRUE(record_now(purchase_of("p", 1000, 1000, wallet_of(1))).ok());
  advance(Duration::days(8));
  set<SetRate>(RateSet{std::string(token_code), whole(7)});
  EXPECT_TRUE(cancel_now("p").ok());
  EXPECT_EQ(available(user_account(to_lower(wallet_of(1))), token_currency), Money());
  EXPECT_EQ(available(std::string(exchange_account), token_currency), Money());
  EXPECT_EQ(available(std::string(exchange_account)), Money());
}

TEST_P(DecideTest, SpentPointsCannotBeTakenBack) {
  ASSERT_TRUE(record_now(purchase_of("p", 1000, 1000, wallet_of(1))).ok());
  advance(Duration::days(8));
  ASSERT_TRUE(configure<SetWallet>(to_lower(wallet_of(1)), std::uint8_t{1}).ok());
  const auto number = head();
  const Answered refused = cancel_now("p");
  EXPECT_EQ(refused.refusal(), Errc::cancel_refused);
  EXPECT_NE(refused.detail().find("spent"), std::string::npos);
  EXPECT_EQ(head(), number);
  ASSERT_TRUE(configure<SetWallet>(to_lower(wallet_of(1)), std::uint8_t{0}).ok());
  EXPECT_TRUE(cancel_now("p").ok()) << "they came back";
}

TEST_P(DecideTest, PointsOfAPhoneFollowItToItsWallet) {
  NewPurchase before = purchase_of("before", 1000);
  before.phone = phone_of(1);
  NewPurchase pending = purchase_of("pending", 500);
  pending.phone = phone_of(1);
  pending.waiting_s = 30 * 86'400;
  ASSERT_TRUE(record_now(before).ok());
  ASSERT_TRUE(record_now(pending).ok());
  advance(Duration::days(8));
  const std::string phone_account = user_account(to_hex_0x(phone_of(1).hash.view()));
  EXPECT_EQ(available(phone_account), whole(100));
  ASSERT_TRUE(configure<LinkPhone>(phone_of(1).hash, wallet_of(1)).ok());
  EXPECT_EQ(available(phone_account), Money());
  EXPECT_EQ(available(user_account(to_lower(wallet_of(1)))), whole(100));
  advance(Duration::days(30));
  EXPECT_EQ(available(user_account(to_lower(wallet_of(1)))), whole(150))
      << "what was pending comes there too";
  EXPECT_TRUE(cancel_now("before").ok());
  EXPECT_TRUE(cancel_now("pending").ok());
  EXPECT_EQ(available(user_account(to_lower(wallet_of(1)))), Money());
  EXPECT_EQ(configure<LinkPhone>(phone_of(1).hash, wallet_of(2)).error().code, Errc::already_exists);
  EXPECT_TRUE(configure<LinkPhone>(phone_of(1).hash, to_lower(wallet_of(1))).ok());
}

TEST_P(DecideTest, OnlyWhatIsOnesOwnIsCancelled) {
  ASSERT_TRUE(record_now(purchase_of("p", 1000, 1000, wallet_of(1))).ok());
  EXPECT_EQ(cancel_now("unknown").refusal(), Errc::cancel_refused);
  EXPECT_EQ(cancel_now("p", 1, 2).refusal(), Errc::cancel_refused) << "another holder's";
  EXPECT_EQ(cancel_now("p", 1, 9).refusal(), Errc::access_key_invalid);
  EXPECT_EQ(held(shop_of(0)), whole(100));
}

TEST_P(DecideTest, RecordedAndCancelledInOneBatch) {
  Answered recorded, cancelled, again, other;
  fixture.run_each(record(purchase_of("p", 1000, 1000, wallet_of(1)), recorded), cancel("p", 4, cancelled),
                   cancel("p", 4, again), cancel("p", 5, other));
  EXPECT_TRUE(recorded.ok());
  EXPECT_TRUE(cancelled.ok());
  EXPECT_EQ(again.body(), cancelled.body());
  EXPECT_EQ(other.refusal(), Errc::cancel_refused);
  advance(Duration::days(8));
  EXPECT_EQ(available(user_account(to_lower(wallet_of(1)))), Money());
}

INSTANTIATE_TEST_SUITE_P(Databases, DecideTest, ::testing::ValuesIn(store::test::book_kinds),
                         [](const auto& each) { return std::string(each.param); });

}  // namespace
}  // namespace jangbu::purchase
