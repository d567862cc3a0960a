#include "hub/queries.h"

#include <gtest/gtest.h>

#include "crypto/digest.h"
#include "hub/test_site.h"

namespace jangbu::hub {
namespace {

class QueriesTest : public SiteTest {
 protected:
  /// Asks `query` of a snapshot.
  template <typename Query>
  auto ask(Query query) {
    const auto session = fixture.database.open_reader().value();
    EXPECT_TRUE(session->begin_snapshot().ok());
    auto answer = query(*session);
    session->end_snapshot();
    return answer;
  }
  CampaignPage page(AppId app, std::uint64_t number, std::uint64_t size, Shown status = Shown::all) {
    auto answer = ask([&](store::Session& session) {
      return campaigns_of_app(session, app, {number, size, status});
    });
    EXPECT_TRUE(answer.ok()) << (answer ? "" : to_string(answer.error()));
    return answer ? std::move(*answer) : CampaignPage();
  }
  static std::vector<CampaignId> ids(const std::vector<CampaignView>& campaigns) {
    std::vector<CampaignId> list;
    for (const CampaignView& campaign : campaigns) list.push_back(campaign.id);
    return list;
  }
  CampaignId live_campaign(AppId app, const std::string& email) {
    const auto made = onboard(paid_order(206'000, app), brand(email, "000-00-00000"), offer(), app);
    EXPECT_TRUE(made.ok());
    return made.ok() ? made->campaign : 0;
  }
  CampaignId saved_campaign(AppId app, const std::string& email) {
    const auto made = onboard(paid_order(1'000, app), brand(email, "000-00-00000"), offer(), app);
    EXPECT_TRUE(made.ok());
    return made.ok() ? made->campaign : 0;
  }
};

using Ids = std::vector<CampaignId>;

TEST_F(QueriesTest, PagesAnAppsCampaignsNewestFirst) {
  for (int i = 1; i <= 5; ++i) live_campaign(1, "a" + std::to_string(i) + "@abc.com");
  const CampaignId other = live_campaign(2, "other@abc.com");
  const CampaignId saved = saved_campaign(1, "late@abc.com");
  const CampaignPage first = page(1, 1, 4);
  EXPECT_EQ(first.total, 6u);
  EXPECT_EQ(ids(first.campaigns), (Ids{saved, 5, 4, 3}));
  EXPECT_EQ(ids(page(1, 2, 4).campaigns), (Ids{2, 1}));
  EXPECT_EQ(ids(page(1, 3, 4).campaigns), Ids{});
  EXPECT_EQ(page(1, 3, 4).total, 6u);
  EXPECT_EQ(ids(page(1, max_page, max_page_size).campaigns), Ids{});
  EXPECT_EQ(ids(page(2, 1, 25).campaigns), (Ids{other}));
  EXPECT_EQ(page(9, 1, 25).total, 0u);

  EXPECT_EQ(ids(page(1, 1, 2, Shown::in_progress).campaigns), (Ids{5, 4}));
  EXPECT_EQ(ids(page(1, 2, 2, Shown::in_progress).campaigns), (Ids{3, 2}));
  EXPECT_EQ(ids(page(1, 3, 2, Shown::in_progress).campaigns), (Ids{1})) << "counted from the oldest";
  EXPECT_EQ(page(1, 3, 2, Shown::in_progress).total, 5u);
  EXPECT_EQ(ids(page(1, 1, 25, Shown::temporary_saved).campaigns), (Ids{saved}));
  EXPECT_EQ(page(1, 1, 25, Shown::completed).total, 0u);
}

TEST_F(QueriesTest, ShowsACampaignToItsApp) {
  const std::string code = paid_order(206'000);
  const auto made = onboard(code);
  ASSERT_TRUE(made.ok());
  const auto view = ask([&](store::Session& session) { return campaign_of_app(session, 1, made->campaign); });
  ASSERT_TRUE(view.ok()) << to_string(view.error());
  EXPECT_EQ(view->id, made->campaign);
  EXPECT_EQ(view->external_ref, code);
  EXPECT_EQ(view->form.product_name, offer().product_name);
  EXPECT_EQ(view->row.status, CampaignStatus::live);
  EXPECT_EQ(view->created_at, engine::testing::example_moment);
  const auto seen_by = [&](AppId app, CampaignId id) {
    return ask([&](store::Session& session) { return campaign_of_app(session, app, id); }).error().code;
  };
  EXPECT_EQ(seen_by(2, made->campaign), Errc::campaign_not_owned);
  EXPECT_EQ(seen_by(1, made->campaign + 1), Errc::campaign_not_found);
  const auto row = ask([&](store::Session& session) { return campaign_row(session, 1, made->campaign); });
  EXPECT_EQ(row.value().offers, 10u);
}

TEST_F(QueriesTest, ShowsAPartnerItsDeposit) {
  const auto first = onboard(paid_order(206'000));
  const auto second = onboard(paid_order(100'000));
  ASSERT_TRUE(first.ok() && second.ok());
  ASSERT_EQ(first->partner.id, second->partner.id);
  const PartnerId partner = first->partner.id;
  const auto moves =
      ask([&](store::Session& session) { return deposit_moves(session, partner, 0, 25); }).value();
  ASSERT_EQ(moves.size(), 2u);
  EXPECT_EQ(moves[0].number, 2u);
  EXPECT_EQ(moves[0].row.amount, won_of(100'000));
  EXPECT_EQ(moves[0].row.kind, DepositMoveKind::charge);
  EXPECT_EQ(moves[1].row.amount, won_of(206'000));
  const auto older =
      ask([&](store::Session& session) { return deposit_moves(session, partner, 2, 25); }).value();
  ASSERT_EQ(older.size(), 1u);
  EXPECT_EQ(older[0].number, 1u);
}

TEST_F(QueriesTest, FindsOrders) {
  const auto open = create_order(order_of(1'000, "lead-1"));
  ASSERT_TRUE(open.ok());
  const std::string paid = paid_order(2'000);
  const std::string used = paid_order(206'000);
  ASSERT_TRUE(onboard(used).ok());
  const std::string of_other = paid_order(3'000, 2);
  const auto order = [&](AppId app, std::string_view code) {
    return ask([&](store::Session& session) { return order_of_app(session, app, code); });
  };
  EXPECT_EQ(order(1, paid)->row.status, OrderStatus::paid);
  EXPECT_EQ(order(1, used)->row.status, OrderStatus::consumed);
  EXPECT_EQ(order(1, open.value->code)->created.order.lead_ref, "lead-1");
  std::string other_day = paid;
  other_day[10] = other_day[10] == '1' ? '2' : '1';
  for (const std::string& code :
       {of_other, other_day, std::string("HUBPAY-20240115-ZZZZ"), std::string("x"), std::string()})
    EXPECT_EQ(order(1, code).error().code, Errc::order_not_found) << code;

  const auto codes = [&](const OrderListRequest& list) {
    const auto listed = ask([&](store::Session& session) { return orders_of_app(session, 1, list); }).value();
    std::vector<std::string> found;
    for (const OrderView& view : listed.orders) found.push_back(view.created.code);
    return std::pair(found, listed.next);
  };
  using Codes = std::vector<std::string>;
  EXPECT_EQ(codes({}), std::pair(Codes({used, paid, open.value->code}), OrderNumber{0}));
  EXPECT_EQ(codes({OrderStatus::paid}), std::pair(Codes{paid}, OrderNumber{0}));
  const auto first = codes({std::nullopt, false, 0, 2});
  EXPECT_EQ(first, std::pair(Codes({used, paid}), order_number_of(paid)));
  EXPECT_EQ(codes({std::nullopt, false, first.second, 2}),
            std::pair(Codes{open.value->code}, OrderNumber{0}));
  EXPECT_EQ(codes({std::nullopt, true}), std::pair(Codes{}, OrderNumber{0}));
  advance(Duration::seconds(31 * 60));
  EXPECT_EQ(codes({std::nullopt, true}), std::pair(Codes{paid}, OrderNumber{0}))
      << "waits for its onboarding";
  EXPECT_EQ(codes({OrderStatus::consumed, true}), std::pair(Codes{}, OrderNumber{0}));
}

TEST_F(QueriesTest, ListsApplications) {
  const CampaignId campaign = live_campaign(1, "a@abc.com");
  advance(Duration::days(2));
  for (const char* reviewer : {"r1", "r2", "r3"})
    ASSERT_TRUE((run<Apply, Applied>(caller(3), unkeyed(3), campaign, std::string(reviewer)).ok()));
  const auto applies =
      ask([&](store::Session& session) { return applies_of_campaign(session, campaign, 1, 25); }).value();
  ASSERT_EQ(applies.size(), 2u);
  EXPECT_EQ(applies[0].id, 2u);
  EXPECT_EQ(applies[0].row.reviewer, "r2");
  EXPECT_EQ(applies[0].row.state, ApplyState::under_selection);
  EXPECT_EQ(applies[0].row.campaign, campaign);
}

}  // namespace
}  // namespace jangbu::hub
