// Contracts for tests: a seller whose invoices become subscriptions, a cashier and an acquirer that are
// driven step by step on the test's own thread, and a process that can die between any two steps.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "crypto/digest.h"
#include "engine/testing/book.h"
#include "invoice/messages.h"
#include "invoice/subscription_decide.h"
#include "invoice/subscription_due.h"
#include "payment/cashier.h"
#include "payment/sandbox.h"
#include "store/test_database.h"

namespace jangbu::invoice {

/// Cards of the sandbox: of which some decline later, or every other time, or answer late.
inline constexpr const char* cards[] = {"4242424242424242", "4000000000000341", "4000000000000366",
                                        "4000000000000135", "4000000000000119"};

struct Street {
  explicit Street(store::Database& database) {
    engine::WriterOptions options;
    options.deferred_keys = 0;
    fixture.emplace([this] { return projections(true); }, database, options,
                    [this] { return projections(false); });
    webhooks.generate(1);
    AppSet app;
    app.id = 1;
    app.client_key = "client";
    app.name = "Seller";
    app.secrets = {{1, crypto::sha256("secret"), {}}};
    fixture->run_each(std::make_unique<SetApp>(
        *invoices, app, webhooks, [](const AppSet&) { return Answer{}; }, [](const auto&) {}));
    open_cashier();
  }

  engine::Projections projections(bool keep) {
    auto book = std::make_unique<ledger::Book>();
    auto payment = std::make_unique<payment::State>(*book);
    auto invoice =
        std::make_unique<State>(*book, *payment, keep ? &board : nullptr, keep ? &webhooks : nullptr,
                                Surroundings{false, false, delivery::Reach::loopback_too, true});
    auto subscription = std::make_unique<SubscriptionBook>(*book, *payment, *invoice);
    if (keep) {
      payments = payment.get();
      invoices = invoice.get();
      subscriptions = subscription.get();
    }
    engine::Projections list;
    list.push_back(std::move(book));
    list.push_back(std::move(payment));
    list.push_back(std::move(invoice));
    list.push_back(std::move(subscription));
    return list;
  }

  payment::Books books() {
    payment::Books books;
    books.submit = [this](std::unique_ptr<engine::Command> command) -> Status {
      std::vector<std::unique_ptr<engine::Command>> batch;
      batch.push_back(std::move(command));
      fixture->run(std::move(batch));
      return {};
    };
    books.read = [this](const engine::Engine::ReadJob& job, const engine::Engine::ReadFailed&) {
      const auto session = fixture->database.open_reader().value();
      job(*session);
    };
    books.is_writer = [] { return true; };
    return books;
  }
  void open_cashier() {
    payment::CashierOptions options;
    options.pay_threads = options.bill_threads = options.ask_threads = 0;
    cashier = std::make_unique<payment::Cashier>(books(), *payments, keys, fixture->clock, options);
    cashier->add(std::make_unique<payment::SandboxAcquirer>(books(), fixture->clock, fixture->random));
    cashier->start();
  }
  void crash() {
    cashier.reset();
    fixture->restart();
    open_cashier();
  }

  /// `dies_at`: after so many steps of the cashier the process dies once; negative: it does not.
  void settle(int dies_at = -1) {
    for (bool again = true; again;) {
      fixture->run_due_work();
      again = false;
      while (cashier->step()) {
        again = true;
        if (dies_at-- == 0) crash();
      }
    }
  }
  void advance(Duration by, int dies_at = -1) {
    fixture->clock.advance(by);
    settle(dies_at);
  }

  template <typename Command, typename T, typename... Arguments>
  std::optional<Error> run(Arguments&&... arguments) {
    std::optional<Error> error;
    fixture->run_each(std::make_unique<Command>(
        *subscriptions, Keyed{1, "", "", {}}, std::forward<Arguments>(arguments)...,
        [](const T&) { return Answer{}; },
        [&error](const auto& outcome) {
          if (outcome.index() == 1) error = std::get<1>(outcome).error;
        }));
    return error;
  }

  void suspend(bool suspended) {
    AppSet app = *invoices->apps().find(AppId{1});
    app.suspended = suspended;
    fixture->run_each(std::make_unique<SetApp>(
        *invoices, app, webhooks, [](const AppSet&) { return Answer{}; },
        [](const auto& outcome) { EXPECT_EQ(outcome.index(), 0U); }));
  }
  /// A customer sends the form of a page; the acquirer has not heard of it yet.
  std::shared_ptr<payment::PayAnswer> send(std::uint64_t checkout, const char* number) {
    payment::PayRequest request;
    request.checkout = checkout;
    request.acquirer = "sandbox";
    request.form_key = "form " + std::to_string(++forms);
    EXPECT_TRUE(
        payment::read_card(number, "12/99", "123", "", fixture->clock.wall_now(), request.card).empty());
    auto answer = std::make_shared<payment::PayAnswer>();
    cashier->pay(std::move(request), [answer](const payment::PayAnswer& is) { *answer = is; });
    return answer;
  }
  payment::PayAnswer pay(std::uint64_t checkout, const char* number) {
    const auto answer = send(checkout, number);
    settle();
    advance(Duration::seconds(3));
    return *answer;
  }
  void subscribe(std::uint32_t months, std::int64_t price, const char* card) {
    NewInvoice form;
    form.request_id = "request " + std::to_string(++forms);
    form.name = "Pro";
    form.price = Money::from_units(price);
    ProductForm product;
    product.product_id = "pro";
    product.months = months;
    form.products = {product};
    std::uint64_t checkout = 0;
    fixture->run_each(std::make_unique<CreateInvoice>(
        *invoices, Keyed{1, "POST /v1/invoices", "", crypto::sha256(form.request_id)}, form, 0,
        [&checkout](const InvoiceCreated& created) {
          checkout = created.checkout;
          return Answer{};
        },
        [](const auto& outcome) { EXPECT_EQ(outcome.index(), 0U); }));
    pay(checkout, card);
  }
  /// The checkout of a page for another card; 0: it was refused.
  std::uint64_t ask_card(SubscriptionNumber number) {
    std::uint64_t checkout = 0;
    fixture->run_each(std::make_unique<AskCard>(
        *subscriptions, Keyed{1, "", "", {}}, number, "",
        [&checkout](const CardAsked& asked) {
          checkout = asked.checkout;
          return Answer{};
        },
        [](const auto&) {}));
    return checkout;
  }
  void other_card(SubscriptionNumber number, const char* card) {
    if (const std::uint64_t checkout = ask_card(number); checkout != 0) pay(checkout, card);
  }

  std::vector<std::vector<std::int64_t>> rows(const char* sql) {
    std::vector<std::vector<std::int64_t>> found;
    const auto session = fixture->database.open_reader().value();
    EXPECT_TRUE(session
                    ->query_text(sql, {},
                                 [&](const store::Row& row) {
                                   found.push_back({row.integer(0), row.integer(1), row.integer(2)});
                                   return true;
                                 })
                    .ok());
    return found;
  }
  std::int64_t balance(const std::string& account) {
    class Look final : public engine::Command {
     public:
      Look(State& state, const std::string& account, std::int64_t& out)
          : state_(state), account_(account), out_(out) {}
      engine::Decision decide(engine::Unit& unit) override {
        if (const auto ref = state_.book().find(unit, account_, won))
          out_ = static_cast<std::int64_t>(state_.book().account(unit, *ref)->posted.units());
        return engine::Refuse{Errc::not_found};
      }

     private:
      State& state_;
      const std::string& account_;
      std::int64_t& out_;
    };
    std::int64_t found = 0;
    fixture->run_each(std::make_unique<Look>(*invoices, account, found));
    return found;
  }

  engine::testing::CountingRandom random;
  crypto::MasterKey master = crypto::MasterKey::from_bytes(Bytes(32, 'k')).value();
  payment::BillingKeys keys{master, random};
  WebhookKeys webhooks{master, random};
  AppBoard board;
  payment::State* payments = nullptr;
  State* invoices = nullptr;
  SubscriptionBook* subscriptions = nullptr;
  std::optional<engine::testing::WriterFixture> fixture;
  std::unique_ptr<payment::Cashier> cashier;
  int forms = 0;
};

/// What must hold whatever happened.
inline void check(Street& street) {
  // Bills come one after the other.
  const auto open = street.rows(
      "SELECT subscription, count(*), count(*) FROM invoice_subscription_bills WHERE kind = 1 AND status IN "
      "(2, "
      "4) GROUP BY subscription HAVING count(*) > 1");
  EXPECT_TRUE(open.empty()) << "subscription " << open[0][0] << " owes two bills at one time";
  const auto lost = street.rows(
      "SELECT s.number, b.number, b.due_at FROM invoice_subscriptions s JOIN invoice_subscription_bills b ON "
      "b.number = s.ready JOIN invoice_subscription_bills l ON l.number = s.last_bill WHERE s.status = 1 AND "
      "s.failed = 0 AND l.status <> 2 AND NOT EXISTS (SELECT 1 FROM engine_due d WHERE d.kind = 25 AND "
      "d.due_at = "
      "b.due_at AND d.first <= b.number AND d.last >= b.number)");
  EXPECT_TRUE(lost.empty()) << "bill " << lost[0][1] << " is never due";
  std::map<std::int64_t, std::set<std::int64_t>> months;
  for (const auto& row : street.rows(
           "SELECT subscription, month, kind FROM invoice_subscription_bills WHERE kind = 1 ORDER BY number"))
    EXPECT_TRUE(months[row[0]].insert(row[1]).second) << "subscription " << row[0] << ", month " << row[1];
  for (const auto& [subscription, billed] : months)
    EXPECT_EQ(static_cast<std::size_t>(*billed.rbegin()), billed.size())
        << "a month is missing in " << subscription;
  // Whatever is to happen by itself is scheduled.
  const auto forgotten = street.rows(
      "SELECT b.number, b.retry_at, b.status FROM invoice_subscription_bills b WHERE b.status = 4 AND "
      "b.retry_at > 0 "
      "AND NOT EXISTS (SELECT 1 FROM engine_due d WHERE d.kind = 26 AND d.due_at = b.retry_at AND d.first <= "
      "b.number AND d.last >= b.number)");
  EXPECT_TRUE(forgotten.empty()) << "bill " << forgotten[0][0] << " is never tried again";
  // Each bill that is done was charged by one attempt, and no attempt that took money is without its bill.
  const auto paid = street.rows(
      "SELECT count(*), count(DISTINCT attempt), count(*) FROM invoice_subscription_bills WHERE status IN "
      "(3, 5) AND "
      "attempt > 0");
  const auto taken =
      street.rows("SELECT count(*), count(*), count(*) FROM payment_attempts WHERE status = 1 AND kind = 0");
  EXPECT_EQ(paid[0][0], paid[0][1]);
  EXPECT_EQ(paid[0][0], taken[0][0]);
  EXPECT_EQ(street.balance(payable_account(1)), -street.balance(payment::clearing_account("sandbox")));
}

}  // namespace jangbu::invoice
