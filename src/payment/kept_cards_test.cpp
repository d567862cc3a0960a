// Cards that are kept, charged without the customer, and let go; and every crash in between.
#include "payment/kept_cards.h"

#include <gtest/gtest.h>

#include "engine/secrets.h"
#include "payment/test_payment.h"

namespace jangbu::payment {
namespace {

using Kind = PayAnswer::Kind;
using CS = CheckoutStatus;
using KS = KeptCardStatus;

constexpr const char* good_card = "4242424242424242";
constexpr const char* other_good = "4000000000000135";
constexpr const char* declining_card = "4000000000000002";
constexpr const char* asking_card = "4000002760003184";
constexpr const char* lost_charged_card = "4000000000000119";
constexpr const char* lost_uncharged_card = "4000000000000127";
constexpr const char* poor_later = "4000000000000341";
constexpr const char* every_other = "4000000000000366";

struct KeptCardsTest : PaymentTest {
  KeptCard card(BillingKeyNumber number) {
    const auto session = place.database().open_reader().value();
    return find_kept_card(*session, number).value();
  }
  Result<BillingSecret> secret(BillingKeyNumber number) {
    const auto session = place.database().open_reader().value();
    return keys.read(*session, number);
  }
  /// A checkout that was paid with this card, which is kept.
  BillingKeyNumber keep(const char* number) {
    const auto checkout_number = open_checkout(10'000, "goods", 3600, Purpose::pay_and_keep);
    EXPECT_EQ(pay(checkout_number, number).kind, Kind::paid);
    return checkout(checkout_number).billing_key;
  }
  /// A door's record that opens `count` checkouts and charges them.
  CheckoutNumber begin_bills(BillingKeyNumber key, std::uint64_t count = 1, std::int64_t amount = 500) {
    CheckoutNumber first = 0;
    const Status begun = run([&](engine::Unit& unit) -> engine::Decision {
      first = State::next_checkout(unit);
      Bytes payload;
      ByteWriter writer(payload);
      writer.varint(count);
      writer.varint(key);
      writer.varint(State::next_attempt(unit));
      for (std::uint64_t i = 0; i < count; ++i) {
        Checkout bill;
        bill.number = first + i;
        bill.door = Door::subscription;
        bill.reference = "BILL-" + std::to_string(bill.number);
        bill.amount = Money::from_units(amount);
        bill.name = "month";
        bill.expires_at = never;
        append_checkout(bill, payload);
      }
      return engine::Accept{bills_kind, payload};
    });
    EXPECT_TRUE(begun.ok());
    return first;
  }
  Status may_charge(CheckoutNumber number, BillingKeyNumber key) {
    Status may;
    (void)run([&](engine::Unit& unit) -> engine::Decision {
      may = state->may_charge(unit, number, key);
      return engine::Refuse{Errc::not_found};
    });
    return may;
  }
  Status charge_again(CheckoutNumber number, BillingKeyNumber key) {
    return run([&](engine::Unit& unit) -> engine::Decision {
      if (const Status may = state->may_charge(unit, number, key); !may) return engine::Refuse{may.error()};
      Bytes payload;
      ByteWriter writer(payload);
      writer.varint(number);
      writer.varint(key);
      writer.varint(State::next_attempt(unit));
      return engine::Accept{charge_again_kind, payload};
    });
  }
  void forget(BillingKeyNumber key) {
    EXPECT_TRUE(run([&](engine::Unit&) -> engine::Decision {
                  Bytes payload;
                  ByteWriter(payload).varint(key);
                  return engine::Accept{forget_kind, payload};
                }).ok());
  }
};

TEST_P(KeptCardsTest, TheCardThatPaysIsKept) {
  const auto number = open_checkout(10'000, "goods", 3600, Purpose::pay_and_keep);
  const PayAnswer answer = pay(number);
  EXPECT_EQ(answer.kind, Kind::paid) << to_string(answer.error);
  EXPECT_EQ(clearing(), -10'000);
  const BillingKeyNumber key = checkout(number).billing_key;
  ASSERT_EQ(key, 1U);
  EXPECT_EQ(attempt(answer.attempt).billing_key, key);
  EXPECT_FALSE(attempt(answer.attempt).unattended);
  EXPECT_EQ(card(key).card_brand, "visa");
  EXPECT_EQ(card(key).card_last4, "4242");
  EXPECT_EQ(card(key).status, KS::kept);
  EXPECT_EQ(card(key).checkout, number);
  const auto open = secret(key);
  ASSERT_TRUE(open.ok());
  EXPECT_EQ(open->customer_key, customer_key_of(checkout(number)));
  // The key is nowhere but in the sandbox's own memory and sealed.
  const auto session = place.database().open_reader().value();
  std::size_t seen = 0;
  for (const char* sql : {"SELECT body FROM engine_records", "SELECT sealed FROM engine_secrets"}) {
    ASSERT_TRUE(session
                    ->query_text(sql, {},
                                 [&](const store::Row& row) {
                                   ++seen;
                                   EXPECT_EQ(row.bytes(0).find(open->key), std::string_view::npos);
                                   EXPECT_EQ(row.bytes(0).find("424242424242"), std::string_view::npos);
                                   return true;
                                 })
                    .ok());
  }
  EXPECT_GT(seen, 4U);
}

TEST_P(KeptCardsTest, ACardThatDoesNotPayIsLetGo) {
  const auto number = open_checkout(10'000, "goods", 3600, Purpose::pay_and_keep);
  EXPECT_EQ(pay(number, declining_card).kind, Kind::declined);
  EXPECT_EQ(card(1).status, KS::forgotten);
  EXPECT_EQ(secret(1).error().code, Errc::card_not_kept);
  EXPECT_EQ(pay(number, "5555555555554444").kind, Kind::declined) << "the sandbox keeps test cards only";
  EXPECT_EQ(pay(number).kind, Kind::paid);
  EXPECT_EQ(checkout(number).billing_key, 2U);
  EXPECT_EQ(card(2).status, KS::kept);
}

TEST_P(KeptCardsTest, ACheckoutMayKeepACardAndNothingElse) {
  const auto number = open_checkout(0, "goods", 3600, Purpose::keep);
  EXPECT_EQ(may_charge(number, 1).error().code, Errc::invalid_parameters);
  EXPECT_EQ(pay(number, "5555555555554444").kind, Kind::declined);
  EXPECT_EQ(pay(number).kind, Kind::paid);
  EXPECT_EQ(checkout(number).status, CS::paid);
  EXPECT_EQ(checkout(number).billing_key, 1U);
  EXPECT_EQ(checkout(number).charge, 0U);
  EXPECT_EQ(clearing(), 0);
  EXPECT_EQ(pay(number).error.code, Errc::already_paid);
  EXPECT_EQ(refund(number, 1).error().code, Errc::refund_exceeds_payment);
  EXPECT_EQ(door->events, (std::vector<std::string>{"kept ORDER-1 4242"}));
}

TEST_P(KeptCardsTest, KeptCardsAreChargedWithoutTheCustomer) {
  struct Row {
    const char* name;
    const char* card;
    std::int64_t later_s;
    CS status;
    std::string_view event;
  };
  for (const Row& row : {
           Row{"good_card", good_card, 0, CS::paid, "paid"},
           Row{"answered twice", other_good, 0, CS::paid, "paid"},
           Row{"poor", poor_later, 0, CS::open, "not charged insufficient_funds"},
           Row{"lost, charged", lost_charged_card, 2, CS::paid, "paid"},
       }) {
    SCOPED_TRACE(row.name);
    const auto bought = open_checkout(10'000, "goods", 3600, Purpose::pay_and_keep);
    pay(bought, row.card);
    advance(2);
    const BillingKeyNumber key = checkout(bought).billing_key;
    ASSERT_NE(key, 0U);
    door->events.clear();
    const auto bill = begin_bills(key);
    EXPECT_EQ(checkout(bill).status, CS::paying);
    EXPECT_EQ(may_charge(bill, key).error().code, Errc::payment_in_progress);
    work();
    if (row.later_s != 0) advance(row.later_s);
    EXPECT_EQ(checkout(bill).status, row.status);
    ASSERT_EQ(door->events.size(), 1U);
    const std::string expected = row.event == "paid"
                                     ? "paid BILL-" + std::to_string(bill) + " note"
                                     : "not charged BILL-" + std::to_string(bill) + " insufficient_funds";
    EXPECT_EQ(door->events.front(), expected);
    EXPECT_FALSE(cashier->is_billing());
  }
}

TEST_P(KeptCardsTest, WhoIsNotThereCannotAuthenticate) {
  const auto bought = open_checkout(10'000, "goods", 3600, Purpose::pay_and_keep);
  const PayAnswer first = pay(bought, asking_card);
  ASSERT_EQ(first.kind, Kind::needs_authentication);
  cashier->authenticate(bought, first.attempt, SecretText("123456"), [](const PayAnswer&) {});
  work();
  const BillingKeyNumber key = checkout(bought).billing_key;
  ASSERT_NE(key, 0U);
  const auto bill = begin_bills(key);
  work();
  EXPECT_EQ(door->events.back(), "not charged BILL-" + std::to_string(bill) + " authentication_failed");
}

TEST_P(KeptCardsTest, ADeclineThenSuccess) {
  const BillingKeyNumber key = keep(every_other);
  const auto bill = begin_bills(key);
  work();
  EXPECT_EQ(checkout(bill).status, CS::open);
  EXPECT_EQ(checkout(bill).declines, 1U);
  EXPECT_TRUE(charge_again(bill, key).ok());
  work();
  EXPECT_EQ(checkout(bill).status, CS::paid);
  EXPECT_EQ(charge_again(bill, key).error().code, Errc::already_paid);
  EXPECT_EQ(clearing(), -10'500);
}

TEST_P(KeptCardsTest, ACrashAnywhereIsOneCharge) {
  struct Row {
    const char* name;
    int commits_before;  // of the cashier's own, that still succeed
  };
  for (const Row& row : {Row{"before the acquirer heard", 0}, Row{"before its answer was recorded", 1}}) {
    SCOPED_TRACE(row.name);
    const BillingKeyNumber key = keep(good_card);
    const std::int64_t before = clearing();
    const auto bill = begin_bills(key, 3);
    if (row.commits_before != 0) {
      faulty.fail_commit(engine::testing::CommitFault::rolled_back, Errc::database_unavailable, 2);
      cashier->step();
      cashier->step();
    }
    crash();
    work();
    advance(1);  // no two minutes: the same order id may be charged again
    for (CheckoutNumber each = bill; each < bill + 3; ++each) EXPECT_EQ(checkout(each).status, CS::paid);
    EXPECT_EQ(clearing() - before, -1'500);
  }
}

TEST_P(KeptCardsTest, ACrashWhileACardIsKeptLeavesNothing) {
  // The commits of a payment that keeps its card: intent, the sandbox's key, our record of it, the sandbox's
  // charge, the outcome. Each is the last one of its process once.
  for (int step = 1; step <= 4; ++step) {
    SCOPED_TRACE(step);
    const auto number = open_checkout(10'000, "goods", 36'000, Purpose::pay_and_keep);
    const std::int64_t before = clearing();
    begin_pay(number, good_card, "crashed " + std::to_string(step));
    faulty.fail_commit(engine::testing::CommitFault::rolled_back, Errc::database_unavailable, step);
    work();
    crash();
    work();
    advance(2);
    work();
    if (checkout(number).status != CS::paid) {
      EXPECT_EQ(checkout(number).status, CS::open) << "and not two minutes later";
      EXPECT_EQ(clearing(), before);
      EXPECT_EQ(pay(number).kind, Kind::paid);
    }
    EXPECT_EQ(clearing() - before, -10'000);
    EXPECT_NE(checkout(number).billing_key, 0U);
  }
}

TEST_P(KeptCardsTest, ACheckoutThatIsCancelledMeanwhileKeepsNothing) {
  const auto number = open_checkout(10'000, "goods", 3600, Purpose::pay_and_keep);
  auto& answer = begin_pay(number, good_card, "form");
  EXPECT_TRUE(cancel(number).ok());
  work();
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer->kind, Kind::declined);
  EXPECT_EQ(checkout(number).status, CS::cancelled);
  EXPECT_EQ(clearing(), 0);
  EXPECT_EQ(cashier->open(), 0U);
}

TEST_P(KeptCardsTest, WhatIsCancelledIsNotChargedAnyMore) {
  const BillingKeyNumber key = keep(good_card);
  const auto bill = begin_bills(key);
  EXPECT_TRUE(cancel(bill).ok());
  work();
  EXPECT_EQ(clearing(), -10'000);
  for (int i = 0; i < 20; ++i) advance(10);
  EXPECT_EQ(door->events.back(), "not charged BILL-" + std::to_string(bill) + " abandoned");
  EXPECT_EQ(cashier->open(), 0U);
}

TEST_P(KeptCardsTest, ACardThatNeverAnswersIsGivenUp) {
  const auto bought = open_checkout(0, "goods", 3600, Purpose::keep);
  EXPECT_EQ(pay(bought, lost_uncharged_card).kind, Kind::paid);
  const auto bill = begin_bills(checkout(bought).billing_key);
  work();
  EXPECT_FALSE(cashier->is_billing()) << "its first word was silence";
  for (int i = 0; i < 6; ++i) advance(10);
  EXPECT_EQ(checkout(bill).status, CS::paying);
  for (int i = 0; i < 20; ++i) advance(10);
  EXPECT_EQ(checkout(bill).status, CS::open);
  EXPECT_EQ(door->events.back(), "not charged BILL-" + std::to_string(bill) + " abandoned");
}

TEST_P(KeptCardsTest, AKeptCardIsChargedAndForgottenInTheTraceOfTheRequest) {
  const BillingKeyNumber key = keep(good);
  (void)take_submitted();
  {
    const TraceScope scope(trace_named(1));
    begin_bills(key);
  }
  work();
  EXPECT_EQ(take_submitted(), std::set{trace_named(1)});
  {
    const TraceScope scope(trace_named(2));
    forget(key);
  }
  work();
  EXPECT_EQ(card(key).status, KS::forgotten);
  EXPECT_EQ(take_submitted(), std::set{trace_named(2)});
}

TEST_P(KeptCardsTest, AForgottenCardIsChargedNoMore) {
  const BillingKeyNumber key = keep(good_card);
  const std::string at_acquirer = secret(key)->key;
  const auto paid = begin_bills(key);
  work();
  forget(key);
  EXPECT_EQ(card(key).status, KS::forgetting);
  EXPECT_EQ(may_charge(paid, key).error().code, Errc::already_paid);
  const auto later = open_checkout();
  EXPECT_EQ(may_charge(later, key).error().code, Errc::card_not_kept);
  EXPECT_EQ(may_charge(later, 99).error().code, Errc::card_not_kept);
  crash();  // the intent to forget is enough
  work();
  EXPECT_EQ(card(key).status, KS::forgotten);
  EXPECT_EQ(secret(key).error().code, Errc::card_not_kept);
  forget(key);
  work();
  ChargeRequest charge;
  charge.order_id = "another";
  charge.amount = Money::from_units(1);
  charge.billing_key = at_acquirer;
  EXPECT_EQ(cashier->acquirer("sandbox")->charge(charge).kind, Outcome::Kind::declined);
}

TEST_P(KeptCardsTest, ACardIsForgottenAfterTheChargeThatIsUnderWay) {
  const auto bought = open_checkout(0, "goods", 3600, Purpose::keep);
  pay(bought, lost_charged_card);
  const BillingKeyNumber key = checkout(bought).billing_key;
  const auto bill = begin_bills(key);
  work();
  forget(key);
  work();
  EXPECT_EQ(card(key).status, KS::forgetting) << "its charge is still asked for";
  advance(2);
  EXPECT_EQ(checkout(bill).status, CS::paid);
  advance(61);
  EXPECT_EQ(card(key).status, KS::forgotten);
}

TEST_P(KeptCardsTest, ASecretInAnothersPlaceDoesNotOpen) {
  const BillingKeyNumber first = keep(good_card);
  ASSERT_TRUE(run([&](engine::Unit& unit) -> engine::Decision {
                const auto name = "payment/billing_key/" + std::to_string(first);
                const auto sealed = engine::find_secret(unit.session(), name).value();
                EXPECT_TRUE(engine::write_secret(unit.session(), "payment/billing_key/99", *sealed).ok());
                Bytes payload;
                ByteWriter(payload).varint(first);
                return engine::Accept{forget_kind, payload};
              }).ok());
  EXPECT_TRUE(secret(first).ok());
  EXPECT_EQ(secret(99).error().code, Errc::invalid_configuration);
}

TEST_P(KeptCardsTest, ManyBillsGoInOneRecordAndFewCommits) {
  const BillingKeyNumber key = keep(good_card);
  const auto first = begin_bills(key, 40, 100);
  EXPECT_TRUE(cashier->is_billing());
  work();
  EXPECT_FALSE(cashier->is_billing());
  for (CheckoutNumber bill = first; bill < first + 40; ++bill) EXPECT_EQ(checkout(bill).status, CS::paid);
  EXPECT_EQ(clearing(), -14'000);
}

TEST_P(KeptCardsTest, WhatIsTooMuchForMemoryIsFoundInTheBooks) {
  const BillingKeyNumber key = keep(good_card);
  cashier.reset();
  CashierOptions options;
  options.pay_threads = options.bill_threads = options.ask_threads = 0;
  options.max_bills = 4;
  cashier = std::make_unique<Cashier>(books(), *state, keys, fixture->clock, options);
  cashier->add(std::make_unique<SandboxAcquirer>(books(), fixture->clock, fixture->random));
  cashier->start();
  const auto first = begin_bills(key, 3);
  const auto second = begin_bills(key, 3);
  work();
  for (CheckoutNumber bill = first; bill < second + 3; ++bill) EXPECT_EQ(checkout(bill).status, CS::paid);
  EXPECT_FALSE(cashier->is_billing());
}

TEST_P(KeptCardsTest, ANodeThatIsNotTheWriterChargesNothing) {
  const BillingKeyNumber key = keep(good_card);
  const auto bill = begin_bills(key);
  is_writer = false;
  work();
  EXPECT_EQ(clearing(), -10'000);
  EXPECT_EQ(cashier->open(), 0U);
  is_writer = true;
  cashier->books_loaded();
  work();
  EXPECT_EQ(checkout(bill).status, CS::paid);
}

INSTANTIATE_TEST_SUITE_P(Databases, KeptCardsTest, ::testing::ValuesIn(store::test::book_kinds),
                         [](const auto& each) { return std::string(each.param); });

}  // namespace
}  // namespace jangbu::payment
