// Invoices from their making to the money that goes back, on both databases.
#include <gmock/gmock.h>

#include "delivery/events.h"
#include "invoice/test_shop.h"

namespace jangbu::invoice {
namespace {

using payment::AttemptStatus;
using Kind = payment::Outcome::Kind;
using Balance = std::pair<std::int64_t, std::int64_t>;
using testing::ElementsAre;

struct InvoiceTest : ShopTest {};
INSTANTIATE_TEST_SUITE_P(Databases, InvoiceTest, ::testing::ValuesIn(store::test::book_kinds),
                         [](const auto& kind) { return std::string(kind.param); });

TEST_P(InvoiceTest, IsPaidOnce) {
  const auto created = create("a");
  ASSERT_TRUE(created.ok());
  EXPECT_EQ(created.value->amount, won_of(10'000));
  EXPECT_EQ(*pay(created.value->checkout, Kind::declined), AttemptStatus::declined);
  EXPECT_EQ(invoice(1).status, InvoiceStatus::ready);
  EXPECT_EQ(*pay(created.value->checkout), AttemptStatus::approved);
  EXPECT_EQ(invoice(1).status, InvoiceStatus::paid);
  EXPECT_EQ(order(1).amount, won_of(10'000));
  EXPECT_EQ(balance(payable_account(1)), (Balance{10'000, 0}));
  EXPECT_EQ(balance("acquirer:sandbox:clearing"), (Balance{-10'000, 0}));
  EXPECT_EQ(pay(created.value->checkout).error().code, Errc::already_paid);
}

TEST_P(InvoiceTest, ARequestIdStandsForOneContent) {
  const auto first = create("a");
  const auto again = create("a");
  EXPECT_TRUE(again.replayed());
  EXPECT_EQ(again.value->number, first.value->number);
  EXPECT_EQ(create("a", 9'000).refusal(), Errc::request_id_conflict);
  EXPECT_EQ(create("a", 10'000, 2).value->number, 2U) << "each app has its own";
  fixture->restart();
  EXPECT_TRUE(create("a").replayed()) << "also after a restart";
  EXPECT_TRUE(pay(first.value->checkout).ok());
  EXPECT_TRUE(create("a").replayed()) << "and when it is paid";
}

TEST_P(InvoiceTest, AKeyStandsForOneBody) {
  const Keyed key = keyed("body", 1, "key");
  const auto first = create(form_of(""), key);
  EXPECT_TRUE(create(form_of(""), key).replayed());
  EXPECT_EQ(create(form_of(""), keyed("other", 1, "key")).refusal(), Errc::idempotency_conflict);
  EXPECT_EQ(create(form_of(""), keyed("body", 2, "key")).value->number, first.value->number + 1);
}

TEST_P(InvoiceTest, RefusesWhatItCannotPrice) {
  NewInvoice form = form_of("a");
  form.webhook_url = "http://10.0.0.1/hook";
  form.expires_at = fixture->clock.wall_now();
  form.price.reset();
  const auto refused = create(form, keyed("a"));
  EXPECT_EQ(refused.refusal(), Errc::invalid_parameters);
  EXPECT_THAT(refused.paths(), ElementsAre("webhook_url", "expired_at", "price"));
  const auto nobody =
      run<NotifyInvoice, InvoiceNotified>(keyed(""), InvoiceNumber{1}, std::vector<SendType>());
  EXPECT_EQ(nobody.refusal(), Errc::invoice_not_found);
}

TEST_P(InvoiceTest, NoBillIsAboveTheLimit) {
  NewInvoice form = form_of("a", 1);
  Adjustment& fees = form.products.emplace_back().adjustments.emplace_back();
  fees.cycles = {{AdjustmentType::setup_fee, "", 1, won_of(max_amount - 1), {}, {}}};
  EXPECT_EQ(create(form, keyed("a")).value->amount, won_of(max_amount));
  form.request_id = "b";
  fees.cycles.push_back({AdjustmentType::setup_fee, "", 1, won_of(1), {}, {}});
  EXPECT_THAT(create(form, keyed("b")).paths(), ElementsAre("products"));
}

TEST_P(InvoiceTest, ItsScheduleIsOfALengthThatCanBeShown) {
  NewInvoice form = form_of("a");
  form.price.reset();
  ProductForm product;
  product.price = won_of(1);
  product.months = max_months;
  form.products.assign(max_schedule_lines / max_months, product);
  EXPECT_TRUE(create(form, keyed("a")).ok());
  form.request_id = "b";
  form.products.back().adjustments.emplace_back();
  EXPECT_THAT(create(form, keyed("b")).paths(), ElementsAre("products"));
  form.products.assign(1, product);
  EXPECT_TRUE(create(form, keyed("b")).ok());
}

TEST_P(InvoiceTest, ASuspendedAppIsRefused) {
  AppSet app = app_of(1);
  app.suspended = true;
  ASSERT_TRUE(set_app(app).ok());
  EXPECT_EQ(create("a").refusal(), Errc::service_not_allowed);
  EXPECT_EQ(create("a", 1, 3).refusal(), Errc::service_not_allowed) << "there is no such app";
  app = app_of(4);
  EXPECT_EQ(set_app(app).refusal(), Errc::already_exists) << "the next app is the third";
  app = app_of(3);
  app.client_key = "client-1";
  EXPECT_EQ(set_app(app).refusal(), Errc::already_exists);
}

TEST_P(InvoiceTest, ASuspendedAppTakesNoMoney) {
  const auto created = create("a");
  ASSERT_TRUE(created.ok());
  std::optional<Result<payment::StartCharge::Started>> started;
  payment::StartCharge::Request request;
  request.checkout = create("b").value->checkout;
  request.acquirer = "sandbox";
  request.form_key = "under way";
  fixture->run_each(std::make_unique<payment::StartCharge>(
      *payments, request,
      [&](Result<payment::StartCharge::Started> result) { started = std::move(result); }));
  ASSERT_TRUE(started && *started);
  AppSet app = app_of(1);
  app.suspended = true;
  ASSERT_TRUE(set_app(app).ok());
  EXPECT_EQ(pay(created.value->checkout).error().code, Errc::checkout_closed);
  EXPECT_EQ(*end((*started)->attempt, Kind::approved), AttemptStatus::approved) << "it was charged before";
  EXPECT_EQ(balance(payable_account(1)), (Balance{10'000, 0}));
  app.suspended = false;
  ASSERT_TRUE(set_app(app).ok());
  EXPECT_EQ(*pay(created.value->checkout), AttemptStatus::approved);
}

TEST_P(InvoiceTest, ExpiresByTheClock) {
  NewInvoice form = form_of("a");
  form.expires_in = Duration::seconds(60);
  form.webhook_url = "http://127.0.0.1:1/hook";
  const auto created = create(form, keyed("a"));
  ASSERT_TRUE(created.ok());
  advance(Duration::microseconds(59'999'999));
  EXPECT_EQ(invoice(1).status, InvoiceStatus::ready);
  advance(Duration::microseconds(1));
  EXPECT_EQ(invoice(1).status, InvoiceStatus::expired);
  EXPECT_EQ(pay(created.value->checkout).error().code, Errc::checkout_closed);
  EXPECT_EQ(close(1).refusal(), Errc::invoice_expired);
  EXPECT_THAT(topics(), ElementsAre("PAYMENT_EXPIRED"));
}

TEST(InvoiceEvents, ADeclineThatEndsAnInvoiceIsTwoEvents) {
  // The last attempt was under way when the time to pay passed: one record tells of both.
  const auto id_of = [](std::string_view webhook_type) {
    InvoiceEvent event;
    event.created = std::make_shared<const InvoiceCreated>();
    event.record = 12;
    event.webhook_type = webhook_type;
    const auto told = delivery::decode(invoice_event(event).payload);
    return std::string(delivery::field(told->content().fields, "event_id"));
  };
  EXPECT_EQ(id_of("PAYMENT_EXPIRED"), id_of("PAYMENT_EXPIRED"));
  EXPECT_NE(id_of("PAYMENT_REQUEST_FAILED"), id_of("PAYMENT_EXPIRED"));
}

TEST_P(InvoiceTest, IsCancelledUnpaid) {
  const auto created = create("a");
  EXPECT_EQ(close(1, 100).refusal(), Errc::invalid_parameters) << "no part of what nobody paid";
  EXPECT_EQ(close(1, {}, 2).refusal(), Errc::invoice_not_found) << "another seller's";
  ASSERT_TRUE(close(1).ok());
  EXPECT_EQ(invoice(1).status, InvoiceStatus::cancelled);
  EXPECT_EQ(close(1).refusal(), Errc::invoice_cancelled);
  EXPECT_FALSE(pay(created.value->checkout).ok());
  EXPECT_EQ(balance(payable_account(1)), (Balance{0, 0}));
}

TEST_P(InvoiceTest, GoesBackInPartsAndNeverMore) {
  const InvoiceNumber number = paid("a");
  EXPECT_EQ(close(number, 10'001).refusal(), Errc::refund_exceeds_payment);
  EXPECT_EQ(close(number, 0).refusal(), Errc::invalid_parameters);
  ASSERT_TRUE(close(number, 4'000).ok());
  EXPECT_EQ(balance(payable_account(1)), (Balance{10'000, 4'000}));
  EXPECT_EQ(invoice(number).status, InvoiceStatus::refunding);
  EXPECT_EQ(close(number, 1).refusal(), Errc::payment_in_progress);
  EXPECT_TRUE(end(refund_of(number), Kind::approved).ok());
  EXPECT_EQ(balance(payable_account(1)), (Balance{6'000, 0}));
  EXPECT_EQ(invoice(number).status, InvoiceStatus::paid);
  EXPECT_EQ(order(1).refunded, won_of(4'000));
  EXPECT_EQ(close(number, 6'001).refusal(), Errc::refund_exceeds_payment);
  ASSERT_TRUE(close(number).ok());
  EXPECT_TRUE(end(refund_of(number), Kind::approved).ok());
  EXPECT_EQ(invoice(number).status, InvoiceStatus::refunded);
  EXPECT_EQ(balance(payable_account(1)), (Balance{0, 0}));
  EXPECT_EQ(close(number).refusal(), Errc::refund_exceeds_payment);
}

TEST_P(InvoiceTest, ARefundThatTheAcquirerRefusesChangesNothing) {
  const InvoiceNumber number = paid("a");
  ASSERT_TRUE(close(number).ok());
  EXPECT_TRUE(end(refund_of(number), Kind::declined).ok());
  EXPECT_EQ(invoice(number).status, InvoiceStatus::paid);
  EXPECT_EQ(balance(payable_account(1)), (Balance{10'000, 0}));
  const auto again = run<ApproveCancel, CancelTold>(keyed(""), CancelNumber{1}, std::optional<Money>());
  EXPECT_TRUE(again.ok()) << "and may be tried again";
}

TEST_P(InvoiceTest, ARequestToCancelWaitsForAWord) {
  paid("a");
  const auto ask = [&](std::int64_t amount, AppId app = 1) {
    return run<RequestCancel, CancelTold>(keyed("", app), OrderNumber{1},
                                          CancelRequest{won_of(amount), "size"}, false);
  };
  const auto decide = [&](CancelNumber number, CancelStatus status, AppId app = 1) {
    return run<CloseCancel, CancelTold>(keyed("", app), number, status, std::string("no"));
  };
  EXPECT_EQ(ask(1, 2).refusal(), Errc::order_not_found);
  EXPECT_EQ(ask(10'001).refusal(), Errc::refund_exceeds_payment);
  EXPECT_EQ(ask(0).refusal(), Errc::invalid_parameters);
  ASSERT_TRUE(ask(1'000).ok());
  EXPECT_EQ(balance(payable_account(1)), (Balance{10'000, 0})) << "nothing moves yet";
  EXPECT_EQ(decide(1, CancelStatus::rejected, 2).refusal(), Errc::cancel_not_found);
  ASSERT_TRUE(decide(1, CancelStatus::rejected).ok());
  EXPECT_EQ(decide(1, CancelStatus::withdrawn).refusal(), Errc::cancel_closed);
  ASSERT_TRUE(ask(1'000).ok());
  const auto granted = run<ApproveCancel, CancelTold>(keyed(""), CancelNumber{2}, std::optional(won_of(500)));
  ASSERT_TRUE(granted.ok());
  EXPECT_EQ(balance(payable_account(1)), (Balance{10'000, 500}));
  EXPECT_EQ(decide(2, CancelStatus::rejected).refusal(), Errc::cancel_closed);
}

/// Asks for products of the first order to be cancelled, and takes the request back.
struct PartsTest : ShopTest {
  static CancelledPart part(const std::string& id, std::optional<std::uint64_t> quantity = {},
                            std::optional<std::int64_t> price = {}) {
    CancelledPart part;
    part.path = id;
    part.id = id;
    part.quantity = quantity;
    if (price) part.price = won_of(*price);
    return part;
  }
  WriteResult<CancelTold> ask(std::vector<CancelledPart> parts, bool at_once = false) {
    return run<RequestCancel, CancelTold>(keyed(""), OrderNumber{1}, CancelRequest{{}, "", std::move(parts)},
                                          at_once);
  }
  std::int64_t amount_of(std::vector<CancelledPart> parts) {
    const auto told = ask(std::move(parts));
    return told.ok() && told.value->cancel.amount
               ? static_cast<std::int64_t>(told.value->cancel.amount->units())
               : -1;
  }
  static ProductForm product(const std::string& id, std::int64_t price, std::uint64_t quantity) {
    ProductForm product;
    product.product_id = id;
    product.price = won_of(price);
    product.quantity = quantity;
    return product;
  }
  void order(std::vector<ProductForm> products) {
    NewInvoice form = form_of("a");
    form.price.reset();
    form.products = std::move(products);
    const auto created = create(form, keyed("a"));
    ASSERT_TRUE(created.ok());
    ASSERT_TRUE(pay(created.value->checkout).ok());
  }
};
INSTANTIATE_TEST_SUITE_P(Databases, PartsTest, ::testing::ValuesIn(store::test::book_kinds),
                         [](const auto& kind) { return std::string(kind.param); });

TEST_P(PartsTest, AProductCostsWhatWasPaidForIt) {
  order({product("A", 1'000, 1), product("B", 4'500, 2), product("A", 700, 1)});
  EXPECT_EQ(amount_of({part("A", 1)}), 1'000);
  EXPECT_EQ(amount_of({part("B", 1)}), 4'500);
  EXPECT_EQ(amount_of({part("B")}), 9'000) << "all of it";
  EXPECT_EQ(amount_of({part("A")}), 1'700) << "in each line";
  EXPECT_EQ(amount_of({part("A", 1), part("A", 1), part("B", 1)}), 6'200);
  EXPECT_EQ(amount_of({part("B", 1, 300), part("A", 1)}), 1'300) << "or what the call says";
  ASSERT_TRUE(ask({part("A", 1)}, true).ok());
  EXPECT_EQ(balance(payable_account(1)), (Balance{10'700, 1'000}));
}

TEST_P(PartsTest, WhatIsNotInTheOrderIsRefused) {
  order({product("A", 1'000, 2), product("", 9'000, 1)});
  EXPECT_THAT(ask({part("C", 1, 500), part("A", 3), part("A", 1)}).paths(), ElementsAre("C", "A"));
  EXPECT_THAT(ask({part("A"), part("A", 1, 10)}).paths(), ElementsAre("A")) << "more than there are";
  EXPECT_EQ(ask({part("A", 1, 11'001)}).refusal(), Errc::refund_exceeds_payment);
  EXPECT_EQ(ask({part("A", 1, 0)}).refusal(), Errc::invalid_parameters);
}

TEST_P(PartsTest, DiscountsAndFeesGoBackInProportion) {
  ProductForm three = product("A", 1'000, 3);
  three.adjustments.push_back(
      {"", "", {}, {}, {{AdjustmentType::discount_price, "", 1, won_of(500), {}, {}}}});
  ProductForm gift = product("B", 100, 1);
  gift.adjustments.push_back(
      {"", "", {}, {}, {{AdjustmentType::discount_price, "", 1, won_of(900), {}, {}}}});
  order({three, gift, product("C", 5'000, 1)});
  EXPECT_EQ(amount_of({part("A", 1)}), 833) << "rounded down";
  EXPECT_EQ(amount_of({part("A")}), 2'500);
  EXPECT_EQ(ask({part("B")}).refusal(), Errc::invalid_parameters) << "nothing was paid for it";
}

TEST_P(PartsTest, AnyIdOfAProductNamesIt) {
  CatalogueProduct pen;
  pen.seller_id = "pen";
  pen.name = "pen";
  pen.price = won_of(1'000);
  const auto set = run<SetProduct, ProductSet>(
      keyed("", 1), ProductNumber{0}, SetProduct::Change([pen](CatalogueProduct& to) { to = pen; }), false);
  ASSERT_TRUE(set.ok());
  const std::string ours = object_id(IdKind::product, set.value->created_at, set.value->number);
  ProductForm pens;
  pens.product_id = ours;
  pens.quantity = 2;
  order({pens, product("B", 9'000, 1)});
  EXPECT_EQ(amount_of({part("pen", 1)}), 1'000);
  EXPECT_EQ(amount_of({part(ours, 2)}), 2'000);
}

TEST_P(PartsTest, TheBillOfTheOrderIsWhatIsLeftOfIt) {
  order({product("A", 1'000, 1)});
  CancelledPart bill = part("bill");
  bill.is_bill = true;
  EXPECT_EQ(amount_of({bill}), 1'000);
  bill.price = won_of(400);
  EXPECT_EQ(amount_of({bill}), 400);
}

TEST_P(InvoiceTest, WhatCostsNothingIsPaidAsItIsMade) {
  NewInvoice form = form_of("a");
  form.webhook_url = "http://127.0.0.1:1/hook";
  form.products.emplace_back().adjustments.push_back(
      {"", "", {}, {}, {{AdjustmentType::discount_price, "", 1, won_of(20'000), {}, {}}}});
  const auto created = create(form, keyed("a"));
  ASSERT_TRUE(created.ok());
  EXPECT_EQ(created.value->checkout, 0U);
  EXPECT_EQ(invoice(1).status, InvoiceStatus::paid);
  EXPECT_EQ(order(1).amount, Money());
  EXPECT_EQ(close(1).refusal(), Errc::not_paid);
  EXPECT_THAT(topics(), ElementsAre("PAYMENT_COMPLETED"));
}

TEST_P(InvoiceTest, SellersAndCustomersHearOfIt) {
  NewInvoice form = form_of("a");
  form.webhook_url = "http://127.0.0.1:1/hook";
  form.send_types = {SendType::email, SendType::sms};
  form.user.phone = "010-1234-5678";
  form.notify = true;
  const auto created = create(form, keyed("a"));
  ASSERT_TRUE(created.ok());
  EXPECT_EQ(topics(), (std::vector<std::string>{"invoice.notice", "invoice.notice"}));
  const auto told = run<NotifyInvoice, InvoiceNotified>(keyed(""), InvoiceNumber{1},
                                                        std::vector{SendType::push, SendType::email});
  ASSERT_EQ(told.value->notices.size(), 2U);
  EXPECT_EQ(told.value->notices[0].state, NoticeState::no_address);
  EXPECT_EQ(told.value->notices[1].state, NoticeState::queued);
  (void)pay(created.value->checkout, Kind::declined);
  (void)pay(created.value->checkout);
  // Of each receiver the oldest that waits.
  EXPECT_THAT(topics(), ElementsAre("invoice.notice", "invoice.notice", "PAYMENT_REQUEST_FAILED"));
}

TEST_P(InvoiceTest, ACustomerIsAskedSoOftenADay) {
  NewInvoice form = form_of("a");
  form.user.phone = "010-1234-5678";
  create(form, keyed("a"));
  create("b");
  const auto ask = [&](InvoiceNumber number, std::vector<SendType> types) {
    return run<NotifyInvoice, InvoiceNotified>(keyed(""), number, std::move(types));
  };
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(ask(1, {SendType::email}).ok()) << i;
  EXPECT_EQ(ask(1, {SendType::email}).refusal(), Errc::too_many_attempts);
  EXPECT_EQ(ask(1, {SendType::sms, SendType::email}).refusal(), Errc::too_many_attempts) << "nor in part";
  EXPECT_TRUE(ask(1, {SendType::sms}).ok()) << "another channel";
  EXPECT_TRUE(ask(2, {SendType::email}).ok()) << "another invoice";
  fixture->restart();
  EXPECT_EQ(ask(1, {SendType::email}).refusal(), Errc::too_many_attempts) << "whatever has happened since";
  // It is 13:14 in Seoul.
  advance(Duration::seconds(10 * 3600));
  EXPECT_EQ(ask(1, {SendType::email}).refusal(), Errc::too_many_attempts) << "a day ends at Seoul's midnight";
  advance(Duration::seconds(3600));
  EXPECT_TRUE(ask(1, {SendType::email}).ok()) << "another day";
}

TEST_P(InvoiceTest, NobodyIsAskedToPayWhatIsClosed) {
  paid("paid");
  create("cancelled");
  ASSERT_TRUE(close(2).ok());
  create("expired");
  advance(Duration::days(31));
  for (const InvoiceNumber number : {1U, 2U, 3U}) {
    const auto told = run<NotifyInvoice, InvoiceNotified>(keyed(""), number, std::vector{SendType::email});
    ASSERT_TRUE(told.ok());
    EXPECT_EQ(told.value->notices.at(0).state, NoticeState::nothing_to_pay) << number;
  }
  EXPECT_THAT(topics(), ElementsAre("invoice.receipt")) << "and no notice";
}

// ---- the page's calls

struct PageTest : ShopTest {
  using ShopTest::ShopTest;
  std::variant<OpenFromBrowser::Opened, Refused> open(BrowserCall call, const std::string& body = "") {
    std::optional<std::variant<OpenFromBrowser::Opened, Refused>> outcome;
    fixture->run_each(std::make_unique<OpenFromBrowser>(*state, std::move(call), crypto::sha256(body), faults,
                                                        0,
                                                        [&](auto result) { outcome = std::move(result); }));
    return std::move(*outcome);
  }
  static BrowserCall call_of(const std::string& request_id, std::optional<std::int64_t> price = {}) {
    BrowserCall call;
    call.client_key = "client-1";
    call.request_id = request_id;
    call.origin = "https://shop.example";
    call.form = form_of("", price.value_or(0));
    if (!price) call.form.price.reset();
    call.says_price = price.has_value();
    return call;
  }
  static std::optional<Errc> refusal(const std::variant<OpenFromBrowser::Opened, Refused>& outcome) {
    const auto* refused = std::get_if<Refused>(&outcome);
    return refused == nullptr ? std::nullopt : std::optional(refused->error.code);
  }
  static InvoiceNumber number(const std::variant<OpenFromBrowser::Opened, Refused>& outcome) {
    const auto* opened = std::get_if<OpenFromBrowser::Opened>(&outcome);
    return opened == nullptr ? 0 : opened->invoice;
  }
  Issues faults;
};
INSTANTIATE_TEST_SUITE_P(Databases, PageTest, ::testing::ValuesIn(store::test::book_kinds),
                         [](const auto& kind) { return std::string(kind.param); });

TEST_P(PageTest, OpensTheServersInvoiceByItsIdAlone) {
  create("a");
  EXPECT_EQ(number(open(call_of("a"))), 1U);
  EXPECT_EQ(refusal(open(call_of("a", 100))), Errc::price_from_browser) << "another price";
  EXPECT_EQ(refusal(open(call_of("a", 10'000))), Errc::price_from_browser) << "the same price, too";
  BrowserCall discount = call_of("a");
  discount.says_discount = true;
  EXPECT_EQ(refusal(open(discount)), Errc::price_from_browser);
  EXPECT_EQ(invoice(1).status, InvoiceStatus::ready);
  EXPECT_EQ(refusal(open(call_of("b"))), Errc::invoice_not_found);
}

TEST_P(PageTest, SellsAtAFixedPriceWithoutAServer) {
  EXPECT_EQ(number(open(call_of("a", 500), "500")), 1U);
  EXPECT_EQ(number(open(call_of("a", 500), "500")), 1U) << "the same call again";
  EXPECT_EQ(number(open(call_of("a"))), 1U) << "also by its id alone";
  EXPECT_EQ(refusal(open(call_of("a", 400), "400")), Errc::request_id_conflict);
  BrowserCall discount = call_of("b", 500);
  discount.says_discount = true;
  EXPECT_EQ(refusal(open(discount)), Errc::price_from_browser);
  faults = {{"name", "required", "the name is required"}};
  EXPECT_EQ(refusal(open(call_of("c", 500))), Errc::invalid_parameters);
  EXPECT_EQ(number(open(call_of("a"))), 1U) << "faults of a form that is not used do not matter";
}

TEST_P(PageTest, ACallIsAsLargeAsWhatItHolds) {
  const auto size_of = [&](std::size_t body_bytes) {
    return OpenFromBrowser(*state, call_of("a"), Hash(), {}, body_bytes, {}).size_bytes();
  };
  EXPECT_EQ(size_of(250'000) - size_of(0), 500'000U) << "as a server's call";
}

TEST_P(PageTest, WhatIsOutOfTheCatalogueIsNotSold) {
  const auto set = [&](ProductNumber number, bool deletes) {
    return run<SetProduct, ProductSet>(keyed(""), number, SetProduct::Change([](CatalogueProduct& product) {
                                         product.name = "pen";
                                         product.price = won_of(1'000);
                                       }),
                                       deletes);
  };
  const auto made = set(0, false);
  ASSERT_TRUE(made.ok());
  const std::string id = object_id(IdKind::product, made.value->created_at, made.value->number);
  const auto sell = [&](const std::string& request_id) {
    BrowserCall call = call_of(request_id, 1);
    call.form.products.emplace_back().product_id = id;
    call.form.products.back().price = won_of(1);
    return open(call, request_id);
  };
  EXPECT_EQ(refusal(sell("a")), Errc::invalid_parameters) << "the catalogue says another price";
  ASSERT_TRUE(set(made.value->number, true).ok());
  const auto gone = sell("b");
  ASSERT_EQ(refusal(gone), Errc::invalid_parameters);
  EXPECT_EQ(std::get<Refused>(gone).issues.at(0).path, "products[0].product_id");
}

TEST_P(PageTest, MakesNoInvoiceThatCostsNothing) {
  const auto outcome = open(call_of("a", 0), "0");
  ASSERT_EQ(refusal(outcome), Errc::invalid_parameters)
      << "anybody can send it, and it would be paid at once";
  EXPECT_EQ(std::get<Refused>(outcome).issues.at(0).path, "price");
  EXPECT_TRUE(create("a").ok()) << "the request_id is still the server's";
}

TEST_P(PageTest, AServersInvoiceTakesTheUnpaidOnesPlace) {
  EXPECT_EQ(number(open(call_of("a", 500), "500")), 1U);
  const auto created = create("a", 700);
  ASSERT_TRUE(created.ok());
  EXPECT_EQ(created.value->replaces, 1U);
  EXPECT_EQ(invoice(1).status, InvoiceStatus::cancelled);
  EXPECT_EQ(number(open(call_of("a"))), 2U);

  const auto other = open(call_of("b", 500), "500");
  EXPECT_TRUE(pay(std::get<OpenFromBrowser::Opened>(other).checkout).ok());
  EXPECT_EQ(create("b", 700).refusal(), Errc::request_id_conflict) << "what was paid stays";
}

TEST_P(PageTest, IsOfTheSellersOrigins) {
  create("a");
  AppSet app = app_of(1);
  app.origins = {"https://other.example"};
  ASSERT_TRUE(set_app(app).ok());
  EXPECT_EQ(refusal(open(call_of("a"))), Errc::origin_not_allowed);
  app.origins.emplace_back("https://shop.example");
  ASSERT_TRUE(set_app(app).ok());
  EXPECT_EQ(number(open(call_of("a"))), 1U);
  BrowserCall stranger = call_of("a");
  stranger.client_key = "nobody";
  EXPECT_EQ(refusal(open(stranger)), Errc::service_not_allowed);
}

/// Outside a sandbox.
struct PublicPageTest : PageTest {
  PublicPageTest() : PageTest(Surroundings{true, true, delivery::Reach::public_https, false}) {}
};
INSTANTIATE_TEST_SUITE_P(Databases, PublicPageTest, ::testing::ValuesIn(store::test::book_kinds),
                         [](const auto& kind) { return std::string(kind.param); });

TEST_P(PublicPageTest, AnAppWithoutOriginsOpensNothing) {
  create("a");
  EXPECT_EQ(refusal(open(call_of("a"))), Errc::origin_not_allowed);
  EXPECT_EQ(refusal(open(call_of("b", 500), "500")), Errc::origin_not_allowed);
  AppSet app = app_of(1);
  app.origins = {"https://shop.example"};
  ASSERT_TRUE(set_app(app).ok());
  EXPECT_EQ(number(open(call_of("a"))), 1U);
}

// ---- what subscriptions hear

struct Heard final : Subscriptions {
  void apply_first_paid(engine::Unit&, const engine::Record&, const FirstPayment& payment) override {
    orders.push_back(payment.order);
  }
  void apply_resumed(engine::Unit&, AppId app) override { resumed.push_back(app); }
  std::vector<OrderNumber> orders;
  std::vector<AppId> resumed;
};

struct HookTest : ShopTest {
  HookTest() {
    if (is_there) state->listen(heard);
  }
  Heard heard;
};
INSTANTIATE_TEST_SUITE_P(Databases, HookTest, ::testing::ValuesIn(store::test::book_kinds),
                         [](const auto& kind) { return std::string(kind.param); });

TEST_P(HookTest, TheFirstPaymentOfASubscriptionIsHandedOver) {
  paid("once");
  EXPECT_TRUE(heard.orders.empty());
  for (const std::uint32_t months : {12U, for_ever}) {
    NewInvoice form = form_of("plan " + std::to_string(months));
    form.products.emplace_back().months = months;
    const auto created = create(form, keyed(form.request_id));
    ASSERT_TRUE(created.ok());
    EXPECT_TRUE(pay(created.value->checkout).ok());
  }
  EXPECT_EQ(heard.orders, (std::vector<OrderNumber>{2, 3}));
}

TEST_P(HookTest, ASellerThatIsActiveAgainIsToldOnce) {
  AppSet app = app_of(1);
  const auto set = [&](bool suspended) {
    app.suspended = suspended;
    ASSERT_TRUE(set_app(app).ok());
  };
  set(false);
  set(true);
  set(true);
  EXPECT_TRUE(heard.resumed.empty());
  set(false);
  set(false);
  EXPECT_EQ(heard.resumed, (std::vector<AppId>{1}));
}

}  // namespace
}  // namespace jangbu::invoice
