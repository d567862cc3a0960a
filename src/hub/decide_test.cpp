// One call makes everything from a paid order, and what apps may do; the legacy calls.
#include "crypto/digest.h"
#include "hub/test_site.h"

namespace jangbu::hub {
namespace {

using payment::Outcome;

struct HubTest : SiteTest {};

TEST_F(HubTest, AnOnboardingMakesEverythingOfAPaidOrder) {
  const std::string code = paid_order(206'000);
  EXPECT_EQ(code, "HUBPAY-20240115-0001");
  EXPECT_EQ(balance(prepaid_account(1)), (Balance{206'000, 0}));
  const auto done = onboard(code);
  ASSERT_TRUE(done.ok());
  EXPECT_EQ(done->status, CampaignStatus::live);
  EXPECT_EQ(done->gate.available, won_of(206'000));
  EXPECT_EQ(done->gate.shortfall(), Money());
  EXPECT_EQ(done->due_at, done->form.end_at + Duration::days(14));
  EXPECT_TRUE(done->invite.mail);
  EXPECT_EQ(done->invite.expires_at, fixture.writer->head().business_at + Duration::days(1));
  EXPECT_EQ(balance(prepaid_account(1)), (Balance{0, 0}));
  EXPECT_EQ(balance(deposit_account(1)), (Balance{206'000, 206'000}));
  EXPECT_EQ(balance("acquirer:sandbox:clearing"), (Balance{-206'000, 0}));
  EXPECT_EQ(order(code).status, OrderStatus::consumed);
}

TEST_F(HubTest, TheGateIsExact) {
  struct Row {
    const char* name;
    std::int64_t paid;
    CampaignStatus status;
    std::int64_t shortfall;
  };
  int i = 0;
  for (const Row& row : {Row{"one won short", 205'999, CampaignStatus::temporary_saved, 1},
                         Row{"exact", 206'000, CampaignStatus::live, 0},
                         Row{"one won over", 206'001, CampaignStatus::live, 0}}) {
    SCOPED_TRACE(row.name);
    const std::string n = std::to_string(++i);
    const auto done = onboard(paid_order(row.paid), brand("ceo" + n + "@abc.com", "1-" + n));
    ASSERT_TRUE(done.ok());
    EXPECT_EQ(done->status, row.status);
    EXPECT_EQ(done->gate.shortfall(), won_of(row.shortfall));
    EXPECT_EQ(balance(deposit_account(done->partner.id)),
              (Balance{row.paid, row.shortfall == 0 ? 206'000 : 0}));
  }
}

TEST_F(HubTest, TheSameKeyGetsTheFirstAnswer) {
  const std::string code = paid_order(206'000);
  const Keyed key = keyed("lead-1", "body");
  const auto first = onboard(code, brand(), offer(), 1, key);
  ASSERT_TRUE(first.ok());
  const auto again = onboard(code, brand(), offer(), 1, key);
  ASSERT_TRUE(again.ok());
  EXPECT_TRUE(again.replayed());
  EXPECT_EQ(again.answer().record, first.answer().record);
  EXPECT_EQ(onboard(code, brand(), offer(), 1, keyed("lead-1", "other body")).refusal(),
            Errc::idempotency_conflict);
  EXPECT_EQ(onboard(code, brand(), offer(), 1, keyed("lead-2", "body")).refusal(), Errc::invalid_order)
      << "another key consumes nothing twice";
  fixture.restart();
  EXPECT_TRUE(onboard(code, brand(), offer(), 1, key).replayed());
}

TEST_F(HubTest, ARefusedRequestDoesNotBlockItsKey) {
  const auto created = create_order(order_of(206'000));
  const Keyed key = keyed("lead-1", "body");
  EXPECT_EQ(onboard(created.value->code, brand(), offer(), 1, key).refusal(), Errc::invalid_order);
  ASSERT_TRUE(pay(created.value->checkout).ok());
  EXPECT_TRUE(onboard(created.value->code, brand(), offer(), 1, key).ok());
}

TEST_F(HubTest, ATokenIsUsedOnce) {
  const Caller same = caller();
  std::vector<Status> answers;
  const auto use = [&] {
    return std::make_unique<UseToken>(*state, same, [&](Status status) { answers.push_back(status); });
  };
  fixture.run_each(use(), use(), use());
  ASSERT_EQ(answers.size(), 3U);
  EXPECT_TRUE(answers[0].ok());
  EXPECT_EQ(answers[1].error().code, Errc::token_replayed);
  EXPECT_EQ(answers[2].error().code, Errc::token_replayed);
  fixture.restart();
  fixture.run_each(use());
  EXPECT_EQ(answers[3].error().code, Errc::token_replayed);
}

TEST_F(HubTest, AnOrderRunsTheOnboardingThatItCarries) {
  NewOrder order = order_of(206'000, "lead-1");
  order.onboard = Onboard{brand(), offer(), ""};
  onboard_body = crypto::sha256("partner and campaign");
  const auto created = create_order(order);
  ASSERT_TRUE(pay(created.value->checkout).ok());
  EXPECT_EQ(this->order(created.value->code).status, OrderStatus::consumed);
  EXPECT_EQ(balance(deposit_account(1)), (Balance{206'000, 206'000}));
  const auto later = onboard(created.value->code);
  ASSERT_TRUE(later.ok()) << "the later call gets the same result";
  EXPECT_EQ(later->campaign, 1U);
  onboard_body = crypto::sha256("another");
  EXPECT_EQ(onboard(created.value->code).refusal(), Errc::invalid_order);
}

TEST_F(HubTest, ACarriedOnboardingThatFailsIsShownToPeople) {
  ASSERT_TRUE(onboard(paid_order(206'000, 2), brand("taken@abc.com", "100-00-00005"), offer(), 2).ok());
  NewOrder order = order_of(206'000);
  order.onboard = Onboard{brand("taken@abc.com", "100-00-00006"), offer(), ""};
  const auto created = create_order(order);
  ASSERT_TRUE(pay(created.value->checkout).ok());
  const OrderRow row = this->order(created.value->code);
  EXPECT_EQ(row.status, OrderStatus::paid);
  EXPECT_EQ(row.attention, Attention::onboard_failed);
  EXPECT_TRUE(onboard(created.value->code, brand("mine@abc.com", "100-00-00006")).ok())
      << "the order is still good";
  EXPECT_EQ(this->order(created.value->code).attention, Attention::none);
}

TEST_F(HubTest, TheLegacyCallsFundAndActivate) {
  ASSERT_TRUE((run<EnsurePartner, PartnerEnsured>(caller(), unkeyed(), brand()).ok()));
  const auto create = [&](std::uint64_t offers) {
    return run<CreateCampaign, CampaignCreated>(caller(), unkeyed(),
                                                NewCampaign{1, "KR", offer(offers, 20'000)});
  };
  const auto saved = create(10);
  ASSERT_TRUE(saved.ok());
  EXPECT_EQ(saved.value->status, CampaignStatus::temporary_saved);
  EXPECT_EQ(saved.value->gate.shortfall(), won_of(200'000));
  const auto activate = [&](CampaignId id, AppId app = 1) {
    return run<ActivateCampaign, CampaignActivated>(caller(app), unkeyed(app), id);
  };
  const auto refused = activate(1);
  EXPECT_EQ(refused.refusal(), Errc::insufficient_deposit);
  EXPECT_EQ(refused.refused().gate->shortfall(), won_of(200'000));
  NewOrder top_up = order_of(200'000);
  top_up.partner = 1;
  const auto order = create_order(top_up);
  ASSERT_TRUE(pay(order.value->checkout).ok());
  EXPECT_EQ(this->order(order.value->code).status, OrderStatus::consumed);
  const auto activated = activate(1);
  ASSERT_TRUE(activated.ok());
  EXPECT_EQ(activated.value->status, CampaignStatus::live);
  EXPECT_EQ(balance(deposit_account(1)), (Balance{200'000, 200'000}));
  const auto again = activate(1);
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again.value->gate.available, won_of(200'000)) << "its own hold counts as available to it";
  EXPECT_EQ(create(1).value->status, CampaignStatus::temporary_saved) << "the rest is held by the first";
  EXPECT_EQ(activate(99).refusal(), Errc::campaign_not_found);
  EXPECT_EQ(activate(1, 2).refusal(), Errc::campaign_not_owned);
  EXPECT_EQ(
      (run<CreateCampaign, CampaignCreated>(caller(2), unkeyed(2), NewCampaign{1, "KR", offer()}).refusal()),
      Errc::partner_not_owned);
  EXPECT_EQ(
      (run<CreateCampaign, CampaignCreated>(caller(), unkeyed(), NewCampaign{9, "KR", offer()}).refusal()),
      Errc::partner_not_found);
}

TEST_F(HubTest, SixtyFourCampaignsAtTheBoundaryOfADeposit) {
  ASSERT_TRUE((run<EnsurePartner, PartnerEnsured>(caller(), unkeyed(), brand()).ok()));
  NewOrder top_up = order_of(7 * 206'000 + 205'999);
  top_up.partner = 1;
  ASSERT_TRUE(pay(create_order(top_up).value->checkout).ok());
  std::vector<WriteResult<CampaignCreated>> results(64);
  std::vector<std::unique_ptr<engine::Command>> commands;
  for (auto& result : results)
    commands.push_back(
        make<CreateCampaign, CampaignCreated>(result, caller(), unkeyed(), NewCampaign{1, "KR", offer()}));
  fixture.run(std::move(commands));
  const auto live = std::count_if(results.begin(), results.end(), [](const auto& result) {
    return result.value->status == CampaignStatus::live;
  });
  EXPECT_EQ(live, 7);
  EXPECT_EQ(balance(deposit_account(1)), (Balance{7 * 206'000 + 205'999, 7 * 206'000}));
}

TEST_F(HubTest, AnAppMayAskForReviewOfItsCampaigns) {
  AppSet app = *state->apps().find(1);
  app.review_required = true;
  ASSERT_TRUE(run_app(app).ok());
  const auto done = onboard(paid_order(206'000));
  ASSERT_TRUE(done.ok());
  EXPECT_EQ(done->status, CampaignStatus::under_review);
  EXPECT_EQ(balance(deposit_account(1)), (Balance{206'000, 0})) << "held when it goes live only";
  ASSERT_TRUE(
      (run<JudgeCampaign, CampaignJudged>(CampaignId{1}, CampaignStatus::revision_requested, std::string())
           .ok()));
  ASSERT_TRUE((run<JudgeCampaign, CampaignJudged>(CampaignId{1}, CampaignStatus::ready, std::string()).ok()));
  EXPECT_EQ(balance(deposit_account(1)), (Balance{206'000, 206'000}));
  advance(Duration::days(1));
  EXPECT_EQ(campaign(1).status, CampaignStatus::recruiting);
}

TEST_F(HubTest, ACarriedOnboardingWaitsForNoOtherCommand) {
  class Broken final : public engine::Command {
    engine::Decision decide(engine::Unit&) override { INVARIANT(false, "broken on purpose"); }
  };
  NewOrder carries = order_of(206'000);
  carries.onboard = Onboard{brand(), offer(), ""};
  const auto created = create_order(carries);
  std::unique_ptr<engine::Command> ends;
  fixture.run_each(std::make_unique<payment::StartCharge>(
      *payments, payment::StartCharge::Request{created.value->checkout, "sandbox", "form", {}, {}},
      [&](const Result<payment::StartCharge::Started>& started) {
        Outcome outcome;
        outcome.kind = Outcome::Kind::approved;
        ends = std::make_unique<payment::EndAttempt>(*payments, started->attempt, outcome,
                                                     [](const Result<payment::EndAttempt::Ended>&) {});
      }));
  // Each command of a batch that failed goes alone, without the work of projections.
  fixture.run_each(std::make_unique<Broken>(), std::move(ends));
  const auto wake = fixture.writer->next_wake();
  ASSERT_TRUE(wake);
  EXPECT_LE(*wake, fixture.clock.wall_now());
  fixture.run({});
  EXPECT_EQ(order(created.value->code).status, OrderStatus::consumed);
}

TEST_F(HubTest, ASuspendedAppIsRefusedInTheBooksToo) {
  AppSet app = *state->apps().find(1);
  app.suspended = true;
  ASSERT_TRUE(run_app(app).ok());
  EXPECT_EQ(create_order(order_of(1000)).refusal(), Errc::service_not_allowed);
  AppSet other = app;
  other.id = 9;
  other.code = "app-9";
  EXPECT_EQ(run_app(other).refusal(), Errc::already_exists) << "ids are handed out in order";
  other.id = 4;
  other.code = "app-1";
  EXPECT_EQ(run_app(other).refusal(), Errc::already_exists);
}

TEST_F(HubTest, EveryTableIsRebuiltFromTheRecords) {
  // Whatever the other tests do is verified when they end; here in one book, after a restart.
  const std::string code = paid_order(206'000);
  ASSERT_TRUE(onboard(code).ok());
  fixture.restart();
  EXPECT_EQ(fixture.verify(), "");
  EXPECT_EQ(order(code).status, OrderStatus::consumed);
}

}  // namespace
}  // namespace jangbu::hub
