// Charges and refunds from the form to the books, with every test card and every way to lose an answer.
#include <gtest/gtest.h>

#include "payment/test_payment.h"

namespace jangbu::payment {
namespace {

using Kind = PayAnswer::Kind;
using CS = CheckoutStatus;

constexpr const char* good = "4242424242424242";
constexpr const char* declines = "4000000000000002";
constexpr const char* authenticates = "4000002760003184";
constexpr const char* lost_charged = "4000000000000119";
constexpr const char* lost_not_charged = "4000000000000127";
constexpr const char* twice = "4000000000000135";

struct CashierTest : PaymentTest {
  std::optional<PayAnswer> authenticate(CheckoutNumber number, AttemptNumber attempt_number,
                                        const char* code) {
    std::optional<PayAnswer> answer;
    cashier->authenticate(number, attempt_number, SecretText(code),
                          [&](PayAnswer is) { answer = std::move(is); });
    work();
    return answer;
  }
};

TEST_P(CashierTest, EveryTestCardDoesWhatItsNameSays) {
  struct Row {
    const char* card;
    Kind kind;
    std::string_view code;
    CS status;
    CS later;  // after a minute and a half
  };
  for (const Row& row : {
           Row{good, Kind::paid, "", CS::paid, CS::paid},
           Row{declines, Kind::declined, decline::card_declined, CS::open, CS::open},
           Row{"4000000000000069", Kind::declined, decline::expired_card, CS::open, CS::open},
           Row{"4000000000009995", Kind::declined, decline::insufficient_funds, CS::open, CS::open},
           Row{authenticates, Kind::needs_authentication, "", CS::paying, CS::paying},
           Row{lost_charged, Kind::pending, "", CS::paying, CS::paid},
           Row{lost_not_charged, Kind::pending, "", CS::paying, CS::open},
           Row{twice, Kind::paid, "", CS::paid, CS::paid},
           Row{"5555555555554444", Kind::declined, decline::not_a_test_card, CS::open, CS::open},
       }) {
    SCOPED_TRACE(row.card);
    const auto number = open_checkout();
    const PayAnswer answer = pay(number, row.card);
    EXPECT_EQ(answer.kind, row.kind);
    EXPECT_EQ(answer.code, row.code);
    EXPECT_EQ(answer.message.empty(), row.code.empty());
    EXPECT_EQ(checkout(number).status, row.status);
    for (int i = 0; i < 10; ++i) advance(12);
    EXPECT_EQ(checkout(number).status, row.later);
  }
  EXPECT_EQ(clearing(), -30'000);
  EXPECT_EQ(deposit(), 30'000);
}

/// Takes the money, and then lacks the memory to say so.
class Breathless final : public Acquirer {
 public:
  [[nodiscard]] std::string_view name() const override { return "breathless"; }
  Outcome charge(const ChargeRequest&) override { throw std::bad_alloc(); }
  Outcome authenticate(const Question& question, const std::string&) override { return find(question); }
  Outcome refund(const RefundRequest&) override { return Outcome::unknown(); }
  Outcome find(const Question&) override {
    if (++asked_ == 1) throw std::bad_alloc();
    Outcome outcome;
    outcome.kind = Outcome::Kind::approved;
    return outcome;
  }
  Result<BillingKey> issue_billing_key(const BillingKeyRequest&) override {
    return Errc::acquirer_unavailable;
  }
  Status delete_billing_key(const std::string&) override { return Errc::acquirer_unavailable; }

 private:
  int asked_ = 0;
};

TEST_P(CashierTest, WorkThatBreaksOffIsAskedFor) {
  cashier->add(std::make_unique<Breathless>());
  const auto number = open_checkout();
  PayRequest request;
  request.checkout = number;
  request.acquirer = "breathless";
  request.form_key = "form";
  std::optional<PayAnswer> answer;
  cashier->pay(std::move(request), [&](PayAnswer is) { answer = std::move(is); });
  work();
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer->kind, Kind::pending);
  advance(1);
  EXPECT_EQ(checkout(number).status, CS::paying);
  advance(2);
  EXPECT_EQ(checkout(number).status, CS::paid);
  EXPECT_EQ(cashier->open(), 0U);
}

TEST_P(CashierTest, OfACardTheBooksKeepBrandAndLastFour) {
  const auto number = open_checkout();
  const PayAnswer answer = pay(number);
  EXPECT_EQ(attempt(answer.attempt).card_brand, "visa");
  EXPECT_EQ(attempt(answer.attempt).card_last4, "4242");
  const auto session = place.database().open_reader().value();
  std::size_t seen = 0;
  for (const char* sql : {"SELECT body FROM engine_records", "SELECT content FROM payment_sandbox_charges"}) {
    ASSERT_TRUE(session
                    ->query_text(sql, {},
                                 [&](const store::Row& row) {
                                   ++seen;
                                   EXPECT_EQ(row.bytes(0).find("424242424242"), std::string_view::npos);
                                   return true;
                                 })
                    .ok());
  }
  EXPECT_GT(seen, 3U);
}

TEST_P(CashierTest, AuthenticationGoesOnWhereTheChargeStopped) {
  struct Row {
    const char* code;
    bool crash_between;
    Kind kind;
    CS status;
  };
  for (const Row& row :
       {Row{"123456", false, Kind::paid, CS::paid}, Row{"123456", true, Kind::paid, CS::paid},
        Row{"654321", false, Kind::declined, CS::open}}) {
    const auto number = open_checkout();
    const PayAnswer first = pay(number, authenticates);
    ASSERT_EQ(first.kind, Kind::needs_authentication);
    EXPECT_EQ(authenticate(open_checkout(), first.attempt, "123456")->error.code, Errc::not_found)
        << "of another checkout";
    if (row.crash_between) {
      crash();
      work();
    }
    const auto answer = authenticate(number, first.attempt, row.code);
    ASSERT_TRUE(answer.has_value());
    EXPECT_EQ(answer->kind, row.kind);
    EXPECT_EQ(checkout(number).status, row.status);
    EXPECT_EQ(authenticate(number, first.attempt, "123456")->kind, row.kind) << "what ended has ended";
  }
  EXPECT_EQ(authenticate(1, 999, "123456")->error.code, Errc::not_found);
}

TEST_P(CashierTest, WhoDoesNotAuthenticateHasDeclined) {
  const auto number = open_checkout();
  const PayAnswer first = pay(number, authenticates);
  for (int i = 0; i < 9; ++i) advance(61);
  EXPECT_EQ(checkout(number).status, CS::paying);
  for (int i = 0; i < 3; ++i) advance(61);
  EXPECT_EQ(checkout(number).status, CS::open);
  EXPECT_EQ(attempt(first.attempt).code, decline::authentication_failed);
}

TEST_P(CashierTest, OneFormIsOneAttempt) {
  const auto number = open_checkout();
  auto& first = begin_pay(number, good, "form");
  auto& again = begin_pay(number, good, "form");
  EXPECT_FALSE(first || again);
  work();
  ASSERT_TRUE(first && again);
  EXPECT_EQ(first->kind, Kind::paid);
  EXPECT_EQ(again->kind, Kind::paid);
  EXPECT_EQ(again->attempt, first->attempt);
  auto& later = begin_pay(number, declines, "form");
  work();
  EXPECT_EQ(later->kind, Kind::paid) << "the key decides, not the card";
  auto& other = begin_pay(open_checkout(), declines, "form");
  work();
  EXPECT_EQ(other->kind, Kind::declined) << "keys are a checkout's own";
  EXPECT_EQ(clearing(), -10'000);
}

TEST_P(CashierTest, SixtyFourRacingFormsAreOneCharge) {
  const auto number = open_checkout();
  std::vector<std::optional<PayAnswer>*> all;
  for (int i = 0; i < 64; ++i) all.push_back(&begin_pay(number, good, "racer " + std::to_string(i)));
  work();
  int paid = 0;
  for (const auto* answer : all) {
    ASSERT_TRUE(answer->has_value());
    if ((*answer)->kind == Kind::paid) {
      ++paid;
    } else {
      EXPECT_EQ((*answer)->error.code, Errc::payment_in_progress);
    }
  }
  EXPECT_EQ(paid, 1);
  EXPECT_EQ(clearing(), -10'000);
  EXPECT_EQ(door->events, (std::vector<std::string>{"paid ORDER-1 note"}));
}

TEST_P(CashierTest, WhatCannotBePaidIsRefused) {
  const auto paid = open_checkout();
  pay(paid);
  EXPECT_EQ(pay(paid).error.code, Errc::already_paid);
  const auto cancelled = open_checkout();
  EXPECT_TRUE(cancel(cancelled).ok());
  EXPECT_EQ(pay(cancelled).error.code, Errc::checkout_closed);
  const auto expired = open_checkout();
  advance(3600);
  EXPECT_EQ(pay(expired).error.code, Errc::checkout_closed);
  EXPECT_EQ(pay(999).error.code, Errc::not_found);
  const auto tried = open_checkout();
  for (std::uint64_t i = 0; i < max_declines; ++i) EXPECT_EQ(pay(tried, declines).kind, Kind::declined);
  EXPECT_EQ(pay(tried).error.code, Errc::too_many_attempts);
  EXPECT_EQ(checkout(tried).declines, max_declines);
}

TEST_P(CashierTest, WhoWasDeclinedTooOftenPaysAfterTheWindow) {
  const auto number = open_checkout(10'000, "goods", 86'400);
  const std::int64_t window = declines_window.us / 1'000'000;
  EXPECT_EQ(pay(number, declines).kind, Kind::declined);
  advance(60);
  for (std::uint64_t i = 1; i < max_declines; ++i) EXPECT_EQ(pay(number, declines).kind, Kind::declined);
  advance(window - 61);
  EXPECT_EQ(pay(number).error.code, Errc::too_many_attempts);
  advance(1);
  EXPECT_EQ(pay(number, declines).kind, Kind::declined) << "the first is an hour old";
  EXPECT_EQ(pay(number).error.code, Errc::too_many_attempts);
  advance(window);
  EXPECT_EQ(pay(number).kind, Kind::paid);
}

TEST_P(CashierTest, AWindowThatIsOutOfDateIsRefused) {
  struct Row {
    const char* name;
    bool right_order;
    std::int64_t amount;
    bool refused;
  };
  for (const Row& row : {Row{"right", true, 10'000, false}, Row{"other order", false, 10'000, true},
                         Row{"less", true, 9'999, true}, Row{"more", true, 10'001, true}}) {
    SCOPED_TRACE(row.name);
    const auto number = open_checkout();
    PayRequest request;
    request.checkout = number;
    request.acquirer = "sandbox";
    request.form_key = "window";
    request.window_order_id = row.right_order ? next_order_id(checkout(number)) : "jb-1-1-0";
    request.window_amount = Money::from_units(row.amount);
    std::optional<PayAnswer> answer;
    cashier->pay(std::move(request), [&](PayAnswer is) { answer = std::move(is); });
    work();
    ASSERT_TRUE(answer.has_value());
    EXPECT_EQ(answer->kind == Kind::refused, row.refused);
    if (row.refused) {
      EXPECT_EQ(answer->error.code, Errc::invalid_parameters);
    }
  }
}

TEST_P(CashierTest, ACrashBetweenAnswerAndCommitIsHealedByAsking) {
  const auto number = open_checkout();
  auto& answer = begin_pay(number, good, "form");
  // The intent is durable and the acquirer charges; what it says finds no database.
  faulty.fail_commit(engine::testing::CommitFault::rolled_back, Errc::database_unavailable, 2);
  work();
  EXPECT_EQ(answer->kind, Kind::pending);
  EXPECT_EQ(checkout(number).status, CS::paying);
  crash();
  advance(2);
  EXPECT_EQ(checkout(number).status, CS::paid);
  EXPECT_EQ(clearing(), -10'000);
  auto& again = begin_pay(number, good, "form");
  work();
  EXPECT_EQ(again->kind, Kind::paid);
}

TEST_P(CashierTest, ACrashBeforeTheChargeGivesItUp) {
  const auto number = open_checkout();
  begin_pay(number, good, "form");
  crash();
  advance(30);
  EXPECT_EQ(checkout(number).status, CS::paying) << "who knows what is still under way";
  advance(59);
  EXPECT_EQ(checkout(number).status, CS::paying);
  advance(1);
  EXPECT_EQ(checkout(number).status, CS::open) << "asked as soon as the answer counts";
  EXPECT_EQ(clearing(), 0);
  auto& again = begin_pay(number, good, "form");
  work();
  EXPECT_EQ(again->kind, Kind::declined) << "that form was not charged; another one may be";
  EXPECT_EQ(pay(number).kind, Kind::paid);
}

TEST_P(CashierTest, AnIntentThatWaitedTooLongIsNotCharged) {
  const auto number = open_checkout();
  auto& answer = begin_pay(number, good, "form");
  fixture->clock.advance(Duration::seconds(11));
  work();
  EXPECT_EQ(answer->kind, Kind::declined);
  EXPECT_EQ(checkout(number).status, CS::open) << "nobody else has the card";
  EXPECT_EQ(clearing(), 0);
}

TEST_P(CashierTest, ANodeThatIsNotTheWriterLeavesAttemptsAlone) {
  const auto number = open_checkout();
  begin_pay(number, lost_charged, "form");
  is_writer = false;
  work();
  advance(100);
  EXPECT_EQ(checkout(number).status, CS::paying);
  EXPECT_EQ(cashier->open(), 0U);
  is_writer = true;
  cashier->books_loaded();  // as with a take-over
  advance(10);
  EXPECT_EQ(checkout(number).status, CS::open) << "it was never charged";
}

TEST_P(CashierTest, TheRightToWriteMayBeKnownAfterTheBooks) {
  const auto number = open_checkout();
  begin_pay(number, good, "form");
  is_writer = false;
  work();
  advance(100);
  cashier->books_loaded();  // as with a take-over,
  work();
  EXPECT_EQ(checkout(number).status, CS::paying);
  is_writer = true;  // of which the engine tells a moment later
  advance(2);
  EXPECT_EQ(checkout(number).status, CS::open) << "what was left open is asked for";
}

TEST_P(CashierTest, ALateSuccessRefundsItself) {
  struct Row {
    const char* name;
    bool cancels;
    CS status;
  };
  for (const Row& row : {Row{"cancelled", true, CS::cancelled}, Row{"expired", false, CS::expired}}) {
    SCOPED_TRACE(row.name);
    const auto number = open_checkout();
    auto& answer = begin_pay(number, lost_charged, "form");
    work();
    const AttemptNumber charge = answer->attempt;
    if (row.cancels) {
      EXPECT_TRUE(cancel(number).ok());
    } else {
      // The acquirer does not know of it for so long that it is given up, and the time passes.
      fixture->run_each(std::make_unique<EndAttempt>(*state, charge, Outcome::absent(), [](auto&&) {}));
      fixture->clock.advance(Duration::seconds(3600));
      fixture->run_due_work();
      cashier->hear(attempt(charge).order_id);
    }
    advance(5);
    EXPECT_EQ(checkout(number).status, row.status);
    EXPECT_EQ(attempt(charge).status, AttemptStatus::approved);
    EXPECT_EQ(attempt(charge + 1).status, AttemptStatus::approved);
    EXPECT_TRUE(attempt(charge + 1).automatic);
    EXPECT_EQ(clearing(), 0);
    EXPECT_EQ(balance(returning_account), 0);
    EXPECT_EQ(deposit(), 0);
  }
}

TEST_P(CashierTest, APaymentThatItsDoorCannotTakeGoesBack) {
  const auto number = open_checkout(10'000, "refused");
  EXPECT_EQ(pay(number).kind, Kind::declined);
  EXPECT_EQ(checkout(number).status, CS::open);
  EXPECT_EQ(clearing(), 0);
  EXPECT_TRUE(door->events.empty());
}

TEST_P(CashierTest, AnExpiringCheckoutWaitsForItsPayment) {
  const auto paid = open_checkout(10'000, "goods", 60);
  const auto lost = open_checkout(10'000, "goods", 60);
  begin_pay(paid, good, "form");
  begin_pay(lost, lost_not_charged, "form");
  fixture->clock.advance(Duration::seconds(61));
  fixture->run_due_work();
  EXPECT_EQ(checkout(paid).status, CS::paying);
  crash();
  for (int i = 0; i < 20; ++i) advance(10);
  EXPECT_EQ(checkout(paid).status, CS::expired) << "nobody charged it";
  EXPECT_EQ(checkout(lost).status, CS::expired);
  EXPECT_EQ(door->events.size(), 2U);
}

TEST_P(CashierTest, RefundsInWholeAndInPartAndNeverMore) {
  const auto number = open_checkout();
  EXPECT_EQ(refund(number, 1).error().code, Errc::not_paid);
  EXPECT_EQ(refund(999, 1).error().code, Errc::not_found);
  pay(number);
  EXPECT_EQ(refund(number, 0).error().code, Errc::invalid_parameters);
  EXPECT_EQ(refund(number, 10'001).error().code, Errc::refund_exceeds_payment);
  EXPECT_TRUE(refund(number, 4'000).ok());
  EXPECT_EQ(checkout(number).status, CS::refunding);
  EXPECT_EQ(refund(number, 1).error().code, Errc::payment_in_progress);
  EXPECT_EQ(deposit(), 10'000) << "it goes when it has gone";
  work();
  EXPECT_EQ(checkout(number).status, CS::paid);
  EXPECT_EQ(deposit(), 6'000);
  EXPECT_EQ(refund(number, 6'001).error().code, Errc::refund_exceeds_payment);
  EXPECT_TRUE(refund(number, 6'000).ok());
  crash();  // the intent is enough
  work();
  EXPECT_EQ(checkout(number).status, CS::refunded);
  EXPECT_EQ(refund(number, 1).error().code, Errc::refund_exceeds_payment);
  EXPECT_EQ(cancel(number).error().code, Errc::already_paid);
  EXPECT_EQ(clearing(), 0);
  EXPECT_EQ(deposit(), 0);
}

TEST_P(CashierTest, ARefundThatFailsGivesBackWhatWasHeld) {
  const auto number = open_checkout();
  const PayAnswer paid = pay(number);
  ASSERT_TRUE(refund(number, 10'000).ok());
  fixture->run_each(std::make_unique<EndAttempt>(*state, paid.attempt + 1,
                                                 Outcome::declined("processing_error", "no"), [](auto&&) {}));
  EXPECT_EQ(checkout(number).status, CS::paid);
  EXPECT_EQ(door->events.back(), "refund failed ORDER-1 processing_error");
  ASSERT_TRUE(run([&](engine::Unit& unit) -> engine::Decision {
                EXPECT_EQ(state->book().available(unit, deposit_account, "KRW"), Money::from_units(10'000));
                return engine::Refuse{Errc::not_found};
              })
                  .error()
                  .code == Errc::not_found);
}

TEST_P(CashierTest, AnUnknownCommitOfARefundIsStillWorkedOn) {
  const auto number = open_checkout();
  pay(number);
  faulty.fail_commit(engine::testing::CommitFault::unknown_stored);
  ASSERT_TRUE(refund(number, 10'000).ok());
  fixture->run({});  // loads the books anew
  advance(2);
  EXPECT_EQ(checkout(number).status, CS::refunded);
}

TEST_P(CashierTest, WhatARequestSetsGoingStaysInItsTrace) {
  const auto number = open_checkout();
  {
    const TraceScope scope(trace_named(1));
    EXPECT_EQ(pay(number, lost_charged).kind, Kind::pending);
  }
  for (int i = 0; i < 10; ++i) advance(12);
  EXPECT_EQ(checkout(number).status, CS::paid);
  EXPECT_EQ(take_submitted(), std::set{trace_named(1)});
  {
    const TraceScope scope(trace_named(2));
    ASSERT_TRUE(refund(number, 10'000).ok());
  }
  work();
  EXPECT_EQ(checkout(number).status, CS::refunded);
  EXPECT_EQ(take_submitted(), std::set{trace_named(2)});

  const auto other = open_checkout();
  {
    const TraceScope scope(trace_named(3));
    EXPECT_EQ(pay(other, lost_charged).kind, Kind::pending);
    (void)take_submitted();
    crash();
  }
  for (int i = 0; i < 10; ++i) advance(12);
  EXPECT_EQ(checkout(other).status, CS::paid);
  EXPECT_EQ(take_submitted(), std::set{Trace{}}) << "nobody knows any more who asked";
}

/// Approves charges, or says nothing of them, and counts what it hears.
class CountingAcquirer final : public Acquirer {
 public:
  CountingAcquirer(int& finds, int& refunds, Outcome::Kind charged)
      : finds_(finds), refunds_(refunds), charged_(charged) {}
  [[nodiscard]] std::string_view name() const override { return "sandbox"; }
  Outcome charge(const ChargeRequest&) override { return of(charged_); }
  Outcome authenticate(const Question& question, const std::string&) override { return find(question); }
  Outcome refund(const RefundRequest&) override {
    ++refunds_;
    return of(Outcome::Kind::approved);
  }
  Outcome find(const Question&) override {
    ++finds_;
    return Outcome::unknown();
  }
  Result<BillingKey> issue_billing_key(const BillingKeyRequest&) override { return Errc::card_refused; }
  Status delete_billing_key(const std::string&) override { return {}; }

 private:
  static Outcome of(Outcome::Kind kind) {
    Outcome outcome;
    outcome.kind = kind;
    outcome.reference = "ref";
    return outcome;
  }
  int& finds_;
  int& refunds_;
  Outcome::Kind charged_;
};

TEST_P(CashierTest, AHintAsksOnlyWhatBecameOfAChargeThatIsNotPaid) {
  int finds = 0;
  int refunds = 0;
  open_cashier(std::make_unique<CountingAcquirer>(finds, refunds, Outcome::Kind::approved));
  const auto number = open_checkout();
  const AttemptNumber charge = pay(number).attempt;
  ASSERT_TRUE(refund(number, 3'000).ok());
  work();
  EXPECT_EQ(refunds, 1);
  for (int i = 0; i < 3; ++i) {
    cashier->hear(attempt(charge).order_id);
    cashier->hear(attempt(charge + 1).order_id);
    work();
  }
  EXPECT_EQ(refunds, 1) << "a forged notice gives nothing back";
  EXPECT_EQ(finds, 0);
  EXPECT_EQ(clearing(), -7'000);
}

TEST_P(CashierTest, OneQuestionOfAnAttemptWaits) {
  int finds = 0;
  int refunds = 0;
  open_cashier(std::make_unique<CountingAcquirer>(finds, refunds, Outcome::Kind::unknown));
  const auto number = open_checkout();
  const AttemptNumber charge = pay(number).attempt;
  for (int i = 0; i < 50; ++i) authenticate(number, charge, "123456");
  EXPECT_EQ(finds, 50);
  for (int minute = 0; minute < 5; ++minute) advance(60);
  EXPECT_LE(finds, 55) << "one a minute, however often somebody asked";
  EXPECT_GE(finds, 54);
}

TEST_P(CashierTest, TheQueueIsBounded) {
  const auto number = open_checkout();
  for (int i = 0; i < 100; ++i) begin_pay(open_checkout(), good, "form");
  EXPECT_EQ(begin_pay(number, good, "form")->error.code, Errc::overloaded);
  work();
  EXPECT_EQ(pay(number).kind, Kind::paid);
}

TEST_P(CashierTest, KeptCardsAreChargedUntilTheyAreDeleted) {
  Acquirer* sandbox = cashier->acquirer("sandbox");
  BillingKeyRequest request;
  request.customer_key = "customer";
  EXPECT_TRUE(read_card(good, "12/99", "123", "", fixture->clock.wall_now(), request.card).empty());
  const auto key = sandbox->issue_billing_key(request);
  ASSERT_TRUE(key.ok());
  EXPECT_EQ(key->card_last4, "4242");
  const auto charge = [&](const char* order) {
    ChargeRequest by_key;
    by_key.order_id = order;
    by_key.amount = Money::from_units(1000);
    by_key.billing_key = key->key;
    return sandbox->charge(by_key).kind;
  };
  EXPECT_EQ(charge("month 1"), Outcome::Kind::approved);
  EXPECT_EQ(charge("month 1"), Outcome::Kind::approved) << "the same order is the same charge";
  EXPECT_TRUE(sandbox->delete_billing_key(key->key).ok());
  EXPECT_TRUE(sandbox->delete_billing_key(key->key).ok());
  EXPECT_EQ(charge("month 2"), Outcome::Kind::declined);
  BillingKeyRequest other;
  EXPECT_TRUE(
      read_card("5555555555554444", "12/99", "123", "", fixture->clock.wall_now(), other.card).empty());
  EXPECT_EQ(sandbox->issue_billing_key(other).error().code, Errc::card_refused);
}

INSTANTIATE_TEST_SUITE_P(Databases, CashierTest, ::testing::ValuesIn(store::test::book_kinds),
                         [](const auto& each) { return std::string(each.param); });

}  // namespace
}  // namespace jangbu::payment
