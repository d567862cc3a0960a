// An invoice door for tests: sellers, invoices that get paid, requests in few words. Batches are run by hand;
// the book verifies at the end of every test.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "crypto/digest.h"
#include "engine/testing/book.h"
#include "invoice/decide.h"
#include "invoice/messages.h"
#include "invoice/test_values.h"
#include "payment/decide.h"
#include "payment/queries.h"
#include "store/test_database.h"

namespace jangbu::invoice {

/// What became of a write.
template <typename T>
struct WriteResult {
  std::optional<std::variant<typename Write<T>::Done, Refused>> outcome;
  std::shared_ptr<const T> value;

  [[nodiscard]] bool ok() const { return outcome && outcome->index() == 0; }
  [[nodiscard]] bool replayed() const { return ok() && std::get<0>(*outcome).replayed; }
  [[nodiscard]] std::optional<Errc> refusal() const {
    return outcome && outcome->index() == 1 ? std::optional(std::get<1>(*outcome).error.code) : std::nullopt;
  }
  [[nodiscard]] std::vector<std::string> paths() const {
    std::vector<std::string> paths;
    if (outcome && outcome->index() == 1)
      for (const Issue& issue : std::get<1>(*outcome).issues) paths.push_back(issue.path);
    return paths;
  }
};

/// On each of store::test::book_kinds.
struct ShopTest : ::testing::TestWithParam<const char*> {
  explicit ShopTest(Surroundings around = {true, true, delivery::Reach::loopback_too, true})
      : surroundings(around), is_there(place.open_or_memory(GetParam())) {
    engine::WriterOptions options;
    options.deferred_keys = 0;
    fixture.emplace([this] { return projections(&board); }, place.database(), options,
                    [this] { return projections(nullptr); });
    if (!is_there) return;
    issue(1);
    issue(2);
  }
  void SetUp() override {
    if (!is_there) GTEST_SKIP() << "that database is not here";
  }
  void TearDown() override {
    if (is_there) {
      EXPECT_EQ(fixture->verify(), "");
    }
  }

  engine::Projections projections(AppBoard* to) {
    auto book = std::make_unique<ledger::Book>();
    auto payment = std::make_unique<payment::State>(*book);
    auto invoice =
        std::make_unique<State>(*book, *payment, to, to == nullptr ? nullptr : &keys, surroundings);
    if (to != nullptr) {
      state = invoice.get();
      payments = payment.get();
      state->set_links(&links);
      if (subscriptions != nullptr) state->listen(*subscriptions);
    }
    engine::Projections list;
    list.push_back(std::move(book));
    list.push_back(std::move(payment));
    list.push_back(std::move(invoice));
    return list;
  }

  template <typename Command, typename T, typename... Arguments>
  WriteResult<T> run(Arguments&&... arguments) {
    WriteResult<T> result;
    fixture->run_each(std::make_unique<Command>(
        *state, std::forward<Arguments>(arguments)...,
        [&result](const T& value) {
          result.value = std::make_shared<const T>(value);
          return Answer{};
        },
        [&result](auto outcome) { result.outcome = std::move(outcome); }));
    return result;
  }

  static AppSet app_of(AppId id) {
    AppSet app;
    app.id = id;
    app.client_key = "client-" + std::to_string(id);
    app.name = "Seller " + std::to_string(id);
    app.secrets = {{1, crypto::sha256("secret-" + std::to_string(id)), {}}};
    return app;
  }
  WriteResult<AppSet> set_app(const AppSet& app) {
    WriteResult<AppSet> result;
    fixture->run_each(std::make_unique<SetApp>(
        *state, app, keys, [](const AppSet&) { return Answer{}; },
        [&result](auto outcome) { result.outcome = std::move(outcome); }));
    return result;
  }
  void issue(AppId id) {
    keys.generate(id);
    EXPECT_TRUE(set_app(app_of(id)).ok());
  }

  /// The body stands for the form: the same text is the same body.
  static Keyed keyed(std::string_view body, AppId app = 1, std::string key = "") {
    return {app, "POST /v1/invoices", std::move(key), crypto::sha256(body)};
  }
  static NewInvoice form_of(const std::string& request_id, std::int64_t price = 10'000) {
    NewInvoice form;
    form.request_id = request_id;
    form.name = "shirt";
    form.price = won_of(price);
    form.user.id = "user-1";
    form.user.email = "kim@example.com";
    return form;
  }
  WriteResult<InvoiceCreated> create(const NewInvoice& form, const Keyed& with) {
    return run<CreateInvoice, InvoiceCreated>(with, form, std::size_t{0});
  }
  WriteResult<InvoiceCreated> create(const std::string& request_id, std::int64_t price = 10'000,
                                     AppId app = 1) {
    return create(form_of(request_id, price), keyed(request_id + std::to_string(price), app));
  }

  /// The customer pays; what the payment said.
  Result<payment::AttemptStatus> pay(std::uint64_t checkout,
                                     payment::Outcome::Kind kind = payment::Outcome::Kind::approved) {
    std::optional<Result<payment::StartCharge::Started>> started;
    payment::StartCharge::Request request;
    request.checkout = checkout;
    request.acquirer = "sandbox";
    request.form_key = "form " + std::to_string(++forms);
    fixture->run_each(std::make_unique<payment::StartCharge>(
        *payments, request,
        [&](Result<payment::StartCharge::Started> result) { started = std::move(result); }));
    if (!*started) return started->error();
    return end((*started)->attempt, kind);
  }
  Result<payment::AttemptStatus> end(payment::AttemptNumber attempt, payment::Outcome::Kind kind) {
    std::optional<Result<payment::EndAttempt::Ended>> ended;
    payment::Outcome outcome;
    outcome.kind = kind;
    outcome.reference = "reference " + std::to_string(attempt);
    outcome.code = kind == payment::Outcome::Kind::declined ? "card_declined" : "";
    outcome.card_brand = "visa";
    fixture->run_each(std::make_unique<payment::EndAttempt>(
        *payments, attempt, outcome,
        [&](Result<payment::EndAttempt::Ended> result) { ended = std::move(result); }));
    if (!*ended) return ended->error();
    return (*ended)->status;
  }
  InvoiceNumber paid(const std::string& request_id, std::int64_t price = 10'000) {
    const auto created = create(request_id, price);
    EXPECT_TRUE(created.ok());
    EXPECT_TRUE(pay(created.value->checkout).ok());
    return created.value->number;
  }
  WriteResult<InvoiceClosed> close(InvoiceNumber number, std::optional<std::int64_t> amount = {},
                                   AppId app = 1) {
    CancelRequest request;
    if (amount) request.amount = won_of(*amount);
    request.reason = "why";
    return run<CloseInvoice, InvoiceClosed>(keyed("", app), number, request);
  }
  void advance(Duration by) {
    fixture->clock.advance(by);
    fixture->run_due_work();
  }

  /// Looks at the book as decide does.
  void look(std::function<void(engine::Unit&)> at) {
    class Look final : public engine::Command {
     public:
      explicit Look(std::function<void(engine::Unit&)> look) : look_(std::move(look)) {}
      engine::Decision decide(engine::Unit& unit) override {
        look_(unit);
        return engine::Refuse{Errc::not_found};
      }

     private:
      std::function<void(engine::Unit&)> look_;
    };
    fixture->run_each(std::make_unique<Look>(std::move(at)));
  }
  std::pair<std::int64_t, std::int64_t> balance(const std::string& account) {
    std::pair<std::int64_t, std::int64_t> found{0, 0};
    look([&](engine::Unit& unit) {
      const auto ref = state->book().find(unit, account, won);
      if (!ref) return;
      const ledger::Account* row = state->book().account(unit, *ref);
      found = {static_cast<std::int64_t>(row->posted.units()), static_cast<std::int64_t>(row->held.units())};
    });
    return found;
  }
  InvoiceRow invoice(InvoiceNumber number) {
    InvoiceRow found;
    look([&](engine::Unit& unit) { found = *state->invoice(unit, number); });
    return found;
  }
  OrderRow order(OrderNumber number) {
    OrderRow found;
    look([&](engine::Unit& unit) { found = *state->order(unit, number); });
    return found;
  }
  /// The attempt of the refund under way.
  payment::AttemptNumber refund_of(InvoiceNumber number) {
    payment::AttemptNumber attempt = 0;
    look([&](engine::Unit& unit) {
      const OrderNumber of = state->invoice(unit, number)->order;
      attempt = state->cancel(unit, state->order(unit, of)->refunding)->attempt;
    });
    return attempt;
  }
  /// Topics of what waits in the outbox.
  std::vector<std::string> topics() {
    const auto session = place.database().open_reader().value();
    std::vector<std::string> topics;
    const auto waiting = engine::Outbox::peek(*session, 0, 1000);
    for (const engine::PlacedEvent& placed : *waiting) topics.push_back(placed.event.topic);
    return topics;
  }

  Surroundings surroundings;
  store::test::TestDatabase place;
  bool is_there;
  engine::testing::CountingRandom random;
  crypto::MasterKey master = crypto::MasterKey::from_bytes(Bytes(32, 'm')).value();
  WebhookKeys keys{master, random};
  AppBoard board;
  http::Links links{"https://pay.example.com", Hash()};
  State* state = nullptr;
  payment::State* payments = nullptr;
  Subscriptions* subscriptions = nullptr;
  int forms = 0;
  std::optional<engine::testing::WriterFixture> fixture;
};

}  // namespace jangbu::invoice
