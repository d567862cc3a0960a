// Payment for tests: a door with a deposit, the writer driven by hand, and a cashier whose clock is moved.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "engine/testing/book.h"
#include "engine/testing/faulty_database.h"
#include "payment/cashier.h"
#include "payment/sandbox.h"
#include "store/test_database.h"

namespace jangbu::payment {

inline constexpr engine::RecordKind opened_kind = 210;
inline constexpr engine::RecordKind cancelled_kind = 211;
inline constexpr engine::RecordKind refund_kind = 212;
inline constexpr engine::RecordKind bills_kind = 213;  // checkouts, each charged by one kept card
inline constexpr engine::RecordKind charge_again_kind = 214;
inline constexpr engine::RecordKind forget_kind = 215;
inline constexpr std::string_view deposit_account = "door:deposit";

/// The smallest door: what is paid goes to one deposit, what is refunded is held there until it is gone.
class TestDoor final : public engine::Projection, public Listener {
 public:
  TestDoor(ledger::Book& book, State& state) : book_(book), state_(state) {
    for (const Door each : {Door::hub, Door::invoice, Door::subscription}) state.listen(each, *this);
  }

  [[nodiscard]] std::string_view name() const override { return "door"; }
  [[nodiscard]] std::span<const store::Migration> migrations() const override { return {}; }
  [[nodiscard]] std::span<const engine::TableSpec> tables() const override { return {}; }
  using engine::Projection::owns;
  [[nodiscard]] bool owns(engine::RecordKind kind) const override {
    return kind >= opened_kind && kind <= forget_kind;
  }
  void apply(engine::Unit& unit, const engine::Record& record) override {
    ByteReader in(record.payload);
    if (record.kind == opened_kind) return state_.open(unit, record, read_checkout(in));
    if (record.kind == bills_kind) return apply_bills(unit, record, in);
    if (record.kind == forget_kind) return state_.forget_card(unit, record, in.varint());
    const CheckoutNumber number = in.varint();
    if (record.kind == charge_again_kind) {
      const BillingKeyNumber key = in.varint();
      return state_.begin_charge(unit, record, number, key, in.varint());
    }
    if (record.kind == cancelled_kind) return state_.cancel(unit, record, number);
    const AttemptNumber attempt = in.varint();
    const auto amount = Money::from_sortable_bytes(in.raw(16));
    book_.post(unit, ledger::read_entry(in));
    state_.begin_refund(unit, record, number, *amount, attempt);
  }
  void flush(engine::Unit&) override {}
  void committed() override {}
  void discard() override {}

  Status may_pay(engine::Unit&, const Checkout&) override { return {}; }
  Result<Bytes> decide_paid(engine::Unit&, const Checkout& checkout, ledger::EntryBuilder& entry) override {
    if (checkout.name == "refused") return Errc::not_found;
    const auto deposit = entry.account(deposit_account, checkout.currency, ledger::Floor::zero);
    RETURN_IF_ERROR(entry.post(deposit, checkout.amount));
    return Bytes("note");
  }
  void apply_paid(engine::Unit&, const engine::Record&, const Checkout& checkout, ByteView note) override {
    events.push_back("paid " + checkout.reference + " " + std::string(note));
  }
  Bytes decide_refunded(engine::Unit&, const Checkout& checkout, const Attempt& refund,
                        ledger::EntryBuilder& entry) override {
    move(checkout, refund, entry, true);
    return "back";
  }
  void apply_refunded(engine::Unit&, const engine::Record&, const Checkout& checkout, const Attempt& refund,
                      ByteView) override {
    events.push_back("refunded " + checkout.reference + " " + refund.amount.to_units_text());
  }
  Bytes decide_refund_failed(engine::Unit&, const Checkout& checkout, const Attempt& refund,
                             ledger::EntryBuilder& entry) override {
    move(checkout, refund, entry, false);
    return {};
  }
  void apply_refund_failed(engine::Unit&, const engine::Record&, const Checkout& checkout,
                           const Attempt& refund, ByteView) override {
    events.push_back("refund failed " + checkout.reference + " " + refund.code);
  }
  void apply_declined(engine::Unit&, const engine::Record&, const Checkout& checkout,
                      const Attempt& charge) override {
    events.push_back("declined " + checkout.reference + " " + charge.code);
  }
  void apply_expired(engine::Unit&, const engine::Record&, const Checkout& checkout) override {
    events.push_back("expired " + checkout.reference);
  }
  void apply_card_kept(engine::Unit&, const engine::Record&, const Checkout& checkout,
                       const KeptCard& card) override {
    events.push_back("kept " + checkout.reference + " " + card.card_last4);
  }
  void apply_not_charged(engine::Unit&, const engine::Record&, const Checkout& checkout,
                         const Attempt& attempt) override {
    events.push_back(
        "not charged " + checkout.reference + " " +
        (attempt.code.empty() ? std::string(attempt_status_name(attempt.status)) : attempt.code));
  }

  std::vector<std::string> events;

 private:
  void apply_bills(engine::Unit& unit, const engine::Record& record, ByteReader& in) {
    const std::uint64_t count = in.varint();
    const BillingKeyNumber key = in.varint();
    const AttemptNumber first = in.varint();
    for (std::uint64_t i = 0; i < count; ++i) {
      const Checkout bill = read_checkout(in);
      state_.open(unit, record, bill);
      state_.begin_charge(unit, record, bill.number, key, first + i);
    }
  }
  static void move(const Checkout& checkout, const Attempt& refund, ledger::EntryBuilder& entry, bool goes) {
    const auto deposit = entry.account(deposit_account, checkout.currency, ledger::Floor::zero);
    const Money minus = Money::from_units(-refund.amount.units());
    INVARIANT(entry.hold(deposit, minus).ok(), "small amounts");
    if (goes) INVARIANT(entry.post(deposit, minus).ok(), "small amounts");
  }
  ledger::Book& book_;
  State& state_;
};

/// Runs what it is given as decide; says what became of it.
class TestCommand final : public engine::Command {
 public:
  using Decide = std::function<engine::Decision(engine::Unit&)>;
  TestCommand(Decide decide, std::optional<Status>& result) : decide_(std::move(decide)), result_(result) {}
  engine::Decision decide(engine::Unit& unit) override { return decide_(unit); }
  void succeeded() noexcept override { result_ = Status(); }
  void failed(const Error& error) noexcept override { result_ = Status(error); }

 private:
  Decide decide_;
  std::optional<Status>& result_;
};

/// Driven step by step, on each of store::test::book_kinds; the book verifies at the end of every test.
struct PaymentTest : ::testing::TestWithParam<const char*> {
  PaymentTest() : is_there(place.open_or_memory(GetParam())), faulty(place.database()) {
    engine::WriterOptions options;
    options.deferred_keys = 0;
    fixture.emplace([this] { return make(true); }, faulty, options, [this] { return make(false); });
    open_cashier();
  }
  void SetUp() override {
    if (!is_there) GTEST_SKIP() << "that database is not here";
  }
  void TearDown() override { EXPECT_EQ(fixture->verify(), ""); }

  engine::Projections make(bool keep) {
    auto book = std::make_unique<ledger::Book>();
    auto made = std::make_unique<State>(*book);
    auto made_door = std::make_unique<TestDoor>(*book, *made);
    if (keep) {
      state = made.get();
      door = made_door.get();
    }
    engine::Projections list;
    list.push_back(std::move(book));
    list.push_back(std::move(made));
    list.push_back(std::move(made_door));
    return list;
  }
  Books books() {
    Books books;
    books.submit = [this](std::unique_ptr<engine::Command> command) -> Status {
      submitted.insert(command->trace = current_trace());
      std::vector<std::unique_ptr<engine::Command>> batch;
      batch.push_back(std::move(command));
      fixture->run(std::move(batch));
      return {};
    };
    books.read = [this](const engine::Engine::ReadJob& job, const engine::Engine::ReadFailed&) {
      const auto session = place.database().open_reader().value();
      job(*session);
    };
    books.is_writer = [this] { return is_writer; };
    return books;
  }
  static Trace trace_named(std::uint8_t number) {
    Trace trace;
    trace.id[0] = number;
    return trace;
  }
  /// The traces of what the cashier and the acquirers have submitted since the last call.
  std::set<Trace> take_submitted() { return std::exchange(submitted, {}); }
  void open_cashier(std::unique_ptr<Acquirer> acquirer = nullptr) {
    cashier.reset();
    CashierOptions options;
    options.pay_threads = options.bill_threads = options.ask_threads = 0;
    options.max_waiting = 100;
    cashier = std::make_unique<Cashier>(books(), *state, keys, fixture->clock, options);
    if (!acquirer) acquirer = std::make_unique<SandboxAcquirer>(books(), fixture->clock, fixture->random);
    cashier->add(std::move(acquirer));
    cashier->start();
  }
  /// As after kill -9: what was in memory is gone.
  void crash() {
    cashier.reset();
    fixture->restart();
    open_cashier();
  }
  Status run(TestCommand::Decide decide) {
    std::optional<Status> result;
    auto command = std::make_unique<TestCommand>(std::move(decide), result);
    command->trace = current_trace();
    fixture->run_each(std::move(command));
    return result.value_or(Errc::internal);
  }
  /// Does all payment work whose time has come.
  void work() {
    while (cashier->step()) {
    }
  }
  /// Moves both clocks and does what has fallen due, piece by piece.
  void advance(std::int64_t seconds) {
    fixture->clock.advance(Duration::seconds(seconds));
    fixture->run_due_work();
    work();
  }

  CheckoutNumber open_checkout(std::int64_t amount = 10'000, std::string name = "goods",
                               std::int64_t seconds = 3600, Purpose purpose = Purpose::pay) {
    CheckoutNumber number = 0;
    const Status opened = run([&](engine::Unit& unit) -> engine::Decision {
      Checkout checkout;
      checkout.number = number = State::next_checkout(unit);
      checkout.door = purpose == Purpose::pay ? Door::hub : Door::invoice;
      checkout.purpose = purpose;
      checkout.reference = "ORDER-" + std::to_string(number);
      checkout.amount = Money::from_units(amount);
      checkout.name = name;
      checkout.items = {{"a thing", 2, Money::from_units(amount)}};
      checkout.buyer = {"Kim", "kim@example.com", "010"};
      checkout.return_url = "https://shop.example/done";
      checkout.expires_at = unit.now() + Duration::seconds(seconds);
      Bytes payload;
      append_checkout(checkout, payload);
      return engine::Accept{opened_kind, payload};
    });
    EXPECT_TRUE(opened.ok());
    return number;
  }
  Status cancel(CheckoutNumber number) {
    return run([&](engine::Unit& unit) -> engine::Decision {
      if (const Status may = state->may_cancel(unit, number); !may) return engine::Refuse{may.error()};
      Bytes payload;
      ByteWriter(payload).varint(number);
      return engine::Accept{cancelled_kind, payload};
    });
  }
  Status refund(CheckoutNumber number, std::int64_t amount) {
    return run([&](engine::Unit& unit) -> engine::Decision {
      const Money money = Money::from_units(amount);
      if (const Status may = state->may_refund(unit, number, money); !may) return engine::Refuse{may.error()};
      ledger::EntryBuilder entry(unit, state->book());
      const Status held = entry.hold(entry.account(deposit_account, "KRW", ledger::Floor::zero), money);
      if (!held) return engine::Refuse{held.error()};
      const auto built = entry.build();
      if (!built) return engine::Refuse{built.error()};
      Bytes payload;
      ByteWriter writer(payload);
      writer.varint(number);
      writer.varint(State::next_attempt(unit));
      const auto bytes = money.to_sortable_bytes();
      writer.raw({bytes.data(), bytes.size()});
      ledger::append_entry(*built, payload);
      return engine::Accept{refund_kind, payload};
    });
  }

  /// Sends a form; the answer may come later.
  std::optional<PayAnswer>& begin_pay(CheckoutNumber number, std::string_view card, std::string key) {
    std::optional<PayAnswer>& answer = answers.emplace_back();
    PayRequest request;
    request.checkout = number;
    request.acquirer = "sandbox";
    request.form_key = std::move(key);
    EXPECT_TRUE(read_card(card, "12/99", "123", "", fixture->clock.wall_now(), request.card).empty());
    cashier->pay(std::move(request), [&answer](PayAnswer is) {
      EXPECT_FALSE(answer.has_value()) << "answered once";
      answer = std::move(is);
    });
    return answer;
  }
  PayAnswer pay(CheckoutNumber number, std::string_view card = "4242424242424242") {
    auto& answer = begin_pay(number, card, "form " + std::to_string(++forms));
    work();
    EXPECT_TRUE(answer.has_value());
    return answer.value_or(PayAnswer());
  }
  Checkout checkout(CheckoutNumber number) {
    const auto session = place.database().open_reader().value();
    return find_checkout(*session, number).value();
  }
  Attempt attempt(AttemptNumber number) {
    const auto session = place.database().open_reader().value();
    return find_attempt(*session, number).value();
  }
  std::int64_t balance(std::string_view account) {
    Money found;
    (void)run([&](engine::Unit& unit) -> engine::Decision {
      const auto ref = state->book().find(unit, account, "KRW");
      if (ref) found = state->book().account(unit, *ref)->posted;
      return engine::Refuse{Errc::not_found};
    });
    return static_cast<std::int64_t>(found.units());
  }
  std::int64_t clearing() { return balance(clearing_account("sandbox")); }
  std::int64_t deposit() { return balance(deposit_account); }

  engine::testing::CountingRandom nonces;
  crypto::MasterKey master = crypto::MasterKey::from_bytes(Bytes(32, 'k')).value();
  BillingKeys keys{master, nonces};
  store::test::TestDatabase place;
  bool is_there;
  engine::testing::FaultyDatabase faulty;
  State* state = nullptr;
  TestDoor* door = nullptr;
  bool is_writer = true;
  std::optional<engine::testing::WriterFixture> fixture;
  std::deque<std::optional<PayAnswer>> answers;
  std::unique_ptr<Cashier> cashier;
  int forms = 0;
  std::set<Trace> submitted;
};

}  // namespace jangbu::payment
