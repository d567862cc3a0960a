// A hub for tests: apps, orders that get paid, requests in few words. Batches are run by hand; the book
// verifies at the end of every test.
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
#include "hub/decide.h"
#include "payment/decide.h"

namespace jangbu::hub {

inline Money won_of(std::int64_t amount) { return Money::from_units(amount); }

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
  [[nodiscard]] const Refused& refused() const { return std::get<1>(*outcome); }
};

struct OnboardResult {
  std::optional<std::variant<OnboardCampaign::Done, Refused>> outcome;

  [[nodiscard]] bool ok() const { return outcome && outcome->index() == 0; }
  [[nodiscard]] const OnboardAnswer& answer() const { return std::get<0>(*outcome).answer; }
  [[nodiscard]] const Onboarded& operator*() const { return *answer().onboarded; }
  [[nodiscard]] const Onboarded* operator->() const { return answer().onboarded.get(); }
  [[nodiscard]] bool replayed() const { return ok() && std::get<0>(*outcome).replayed; }
  [[nodiscard]] std::optional<Errc> refusal() const {
    return outcome && outcome->index() == 1 ? std::optional(std::get<1>(*outcome).error.code) : std::nullopt;
  }
};

inline PartnerForm brand(const std::string& email = "ceo@abc.com",
                         const std::string& business_number = "123-45-67890") {
  return {
      "주식회사 ABC", "KR", business_number, email, "홍길동", "010-1234-5678", "2024-01-15T00:00:00+09:00"};
}

/// Ten offers of 20,600 won; recruits for ten days from tomorrow.
inline CampaignForm offer(std::uint64_t offers = 10, std::int64_t reward = 20'600) {
  CampaignForm form;
  form.product_name = "피카소 젤 아이라이너";
  form.product_price = won_of(19'900);
  form.channel = "Coupang";
  form.purchase_url = "https://www.coupang.com/vp/products/12345";
  form.thumbnail_url = "https://cdn.example.com/p1.jpg";
  form.offers = offers;
  form.reward = won_of(reward);
  form.review_price = won_of(reward / 10);
  form.start_at = engine::testing::example_moment + Duration::days(1);
  form.end_at = engine::testing::example_moment + Duration::days(11);
  return form;
}

struct SiteTest : ::testing::Test {
  SiteTest() : fixture([this] { return projections(&board); }, {}, [this] { return projections(nullptr); }) {
    issue(1, Scope::sales);
    issue(2, Scope::sales);
    issue(3, Scope::reviewer);
  }
  void TearDown() override { EXPECT_EQ(fixture.verify(), ""); }

  engine::Projections projections(AppBoard* to) {
    auto book = std::make_unique<ledger::Book>();
    auto payment = std::make_unique<payment::State>(*book);
    auto hub = std::make_unique<State>(*book, *payment, to, to == nullptr ? nullptr : &secrets,
                                       Surroundings{true, delivery::Reach::loopback_too});
    if (to != nullptr) {
      state = hub.get();
      payments = payment.get();
      state->set_links(&links);
    }
    engine::Projections list;
    list.push_back(std::move(book));
    list.push_back(std::move(payment));
    list.push_back(std::move(hub));
    return list;
  }

  template <typename Command, typename T, typename... Arguments>
  WriteResult<T> run(Arguments&&... arguments) {
    WriteResult<T> result;
    fixture.run_each(make<Command, T>(result, std::forward<Arguments>(arguments)...));
    return result;
  }
  template <typename Command, typename T, typename... Arguments>
  std::unique_ptr<engine::Command> make(WriteResult<T>& result, Arguments&&... arguments) {
    return std::make_unique<Command>(
        *state, std::forward<Arguments>(arguments)...,
        [&result](const T& value) {
          result.value = std::make_shared<const T>(value);
          return Answer{};
        },
        [&result](auto outcome) { result.outcome = std::move(outcome); });
  }

  void issue(AppId id, Scope scope, bool review_required = false) {
    AppSet app;
    app.id = id;
    app.code = "app-" + std::to_string(id);
    app.scope = scope;
    app.review_required = review_required;
    app.secrets = {{1, {}}};
    const auto set = run_app(app);
    EXPECT_TRUE(set.ok());
  }
  WriteResult<AppSet> run_app(const AppSet& app) {
    WriteResult<AppSet> result;
    fixture.run_each(std::make_unique<SetApp>(
        *state, app, secrets, [](const AppSet&) { return Answer{}; },
        [&result](auto outcome) { result.outcome = std::move(outcome); }));
    return result;
  }

  /// A caller with a token that was never used.
  Caller caller(AppId app = 1) {
    return {app, "app-" + std::to_string(app),
            engine::key_digest(engine::KeyScope::hub_token, app, "jti " + std::to_string(++tokens)),
            fixture.clock.wall_now() + Duration::seconds(300)};
  }
  static Keyed keyed(const std::string& key, const std::string& body = "", AppId app = 1,
                     const std::string& route = "route") {
    return {app, route, key, crypto::sha256(body)};
  }
  static Keyed unkeyed(AppId app = 1) { return {app, "route", "", {}}; }

  WriteResult<OrderCreated> create_order(NewOrder order, AppId app = 1, Keyed with = unkeyed()) {
    with.app = app;
    return run<CreateOrder, OrderCreated>(caller(app), with, std::move(order), onboard_body);
  }
  static NewOrder order_of(std::int64_t amount, const std::string& lead = "") {
    NewOrder order;
    order.amount = won_of(amount);
    order.product_name = "구매평 캠페인";
    order.lead_ref = lead;
    return order;
  }
  /// The customer pays; what the payment said.
  Result<payment::AttemptStatus> pay(std::uint64_t checkout) {
    std::optional<Result<payment::StartCharge::Started>> started;
    fixture.run_each(std::make_unique<payment::StartCharge>(
        *payments,
        payment::StartCharge::Request{checkout, "sandbox", "form " + std::to_string(++tokens), {}, {}},
        [&](Result<payment::StartCharge::Started> result) { started = std::move(result); }));
    if (!*started) return started->error();
    return end((*started)->attempt, payment::Outcome::Kind::approved);
  }
  Result<payment::AttemptStatus> end(payment::AttemptNumber attempt, payment::Outcome::Kind kind) {
    std::optional<Result<payment::EndAttempt::Ended>> ended;
    payment::Outcome outcome;
    outcome.kind = kind;
    outcome.reference = "reference " + std::to_string(attempt);
    fixture.run_each(std::make_unique<payment::EndAttempt>(
        *payments, attempt, outcome,
        [&](Result<payment::EndAttempt::Ended> result) { ended = std::move(result); }));
    if (!*ended) return ended->error();
    return (*ended)->status;
  }
  /// A paid order's code.
  std::string paid_order(std::int64_t amount, AppId app = 1, const std::string& lead = "") {
    const auto created = create_order(order_of(amount, lead), app);
    EXPECT_TRUE(created.ok());
    EXPECT_TRUE(pay(created.value->checkout).ok());
    return created.value->code;
  }
  OnboardResult onboard(const std::string& order_code, PartnerForm partner = brand(),
                        CampaignForm campaign = offer(), AppId app = 1, Keyed with = unkeyed()) {
    OnboardResult result;
    with.app = app;
    fixture.run_each(std::make_unique<OnboardCampaign>(
        *state, caller(app), with, Onboard{std::move(partner), std::move(campaign), order_code}, onboard_body,
        [&result](auto outcome) { result.outcome = std::move(outcome); }));
    return result;
  }
  void advance(Duration by) { fixture.advance(by); }
  void look(std::function<void(engine::Unit&)> at) { fixture.look(std::move(at)); }
  struct Balance {
    std::int64_t posted = 0;
    std::int64_t held = 0;
    friend bool operator==(const Balance&, const Balance&) = default;
  };
  Balance balance(const std::string& account) {
    Balance found;
    look([&](engine::Unit& unit) {
      const auto ref = state->book().find(unit, account, won);
      if (!ref) return;
      const ledger::Account* row = state->book().account(unit, *ref);
      found = {static_cast<std::int64_t>(row->posted.units()), static_cast<std::int64_t>(row->held.units())};
    });
    return found;
  }
  CampaignRow campaign(CampaignId id) {
    CampaignRow found;
    look([&](engine::Unit& unit) { found = *state->campaign(unit, id); });
    return found;
  }
  OrderRow order(const std::string& code) {
    OrderRow found;
    look([&](engine::Unit& unit) { found = *state->order(unit, order_number_of(code)); });
    return found;
  }

  engine::testing::CountingRandom random;
  crypto::MasterKey master = crypto::MasterKey::from_bytes(Bytes(32, 'm')).value();
  AppSecrets secrets{master, random};
  AppBoard board;
  http::Links links{"https://hub.example.com", Hash()};
  State* state = nullptr;
  payment::State* payments = nullptr;
  int tokens = 0;
  Hash onboard_body;
  engine::testing::WriterFixture fixture;
};

}  // namespace jangbu::hub
