// Reviews of a live campaign: what they are paid from, and how the campaign ends.
#include "hub/portal_queries.h"
#include "hub/portal_wire.h"
#include "hub/test_site.h"

namespace jangbu::hub {
namespace {

/// A live campaign of two offers, and reviewers in every state of it.
struct ReviewTest : SiteTest {
  ReviewTest() {
    const auto done = onboard(paid_order(41'200), brand(), offer(2));
    EXPECT_TRUE(done.ok());
  }
  WriteResult<Applied> apply(const std::string& reviewer) {
    return run<Apply, Applied>(caller(3), unkeyed(3), CampaignId{1}, reviewer);
  }
  WriteResult<ApplySet> set(ApplyId id, ApplyState to) {
    return run<SetApply, ApplySet>(caller(3), unkeyed(3), id, to);
  }
  WriteResult<ReviewWritten> write(ApplyId id, ReviewState to = ReviewState::pending) {
    return run<WriteReview, ReviewWritten>(caller(3), unkeyed(3), id, ReviewForm{to, "", "좋아요"});
  }
  WriteResult<ReviewJudged> judge(ReviewId id, ReviewState to) {
    return run<JudgeReview, ReviewJudged>(caller(3), unkeyed(3), id, to);
  }
};

TEST_F(ReviewTest, AnApprovedReviewIsPaidOnce) {
  ASSERT_TRUE(apply("kim").ok());
  EXPECT_EQ(apply("kim").refusal(), Errc::already_applied);
  EXPECT_EQ(write(1).refusal(), Errc::campaign_state) << "not selected yet";
  ASSERT_TRUE(set(1, ApplyState::selected).ok());
  ASSERT_TRUE(write(1, ReviewState::draft).ok());
  EXPECT_EQ(judge(1, ReviewState::approved).refusal(), Errc::campaign_state) << "a draft is not judged";
  ASSERT_TRUE(write(1).ok());
  const auto approved = judge(1, ReviewState::approved);
  ASSERT_TRUE(approved.ok());
  EXPECT_EQ(approved.value->reward, won_of(20'600));
  ASSERT_TRUE(judge(1, ReviewState::approved).ok()) << "said again, it is true already";
  EXPECT_EQ(judge(1, ReviewState::rejected).refusal(), Errc::campaign_state);
  EXPECT_EQ(judge(1, ReviewState::deleted).refusal(), Errc::campaign_state);
  EXPECT_EQ(balance(deposit_account(1)), (Balance{20'600, 20'600}));
  EXPECT_EQ(balance(reviewer_account("kim")), (Balance{20'600, 0}));
  const CampaignRow row = campaign(1);
  EXPECT_EQ(row.a0802, 1U);
  EXPECT_EQ(row.r1214, 1U);
  EXPECT_EQ(row.r1218, 0U);
  EXPECT_EQ(row.paid, 1U);
}

TEST_F(ReviewTest, ABrandSeesWhatWasHandedIn) {
  const auto ids = [&](const ReviewFilter& filter, PartnerId partner = 1) {
    std::vector<ReviewId> found;
    look([&](engine::Unit& unit) {
      const auto reviews = reviews_of_partner(unit.session(), partner, filter, 0, 10);
      ASSERT_TRUE(reviews.ok());
      for (const ReviewView& review : *reviews) found.push_back(review.id);
    });
    return found;
  };
  using Ids = std::vector<ReviewId>;
  for (const char* reviewer : {"kim@abc.com", "lee"}) ASSERT_TRUE(apply(reviewer).ok());
  for (const ApplyId id : {ApplyId{1}, ApplyId{2}}) ASSERT_TRUE(set(id, ApplyState::selected).ok());
  ASSERT_TRUE(write(1, ReviewState::draft).ok());
  ASSERT_TRUE(write(2).ok());
  EXPECT_EQ(ids({}), Ids{2}) << "a draft is its reviewer's own";
  ASSERT_TRUE(write(1).ok());
  ASSERT_TRUE(judge(1, ReviewState::rejected).ok());
  EXPECT_EQ(ids({}), (Ids{2, 1}));
  EXPECT_EQ(ids({ReviewState::rejected, 0}), Ids{1});
  EXPECT_EQ(ids({ReviewState::pending, 1}), Ids{2});
  EXPECT_EQ(ids({}, 2), Ids{}) << "another brand";
  // Written again, it waits as if nobody had judged it.
  ASSERT_TRUE(write(1).ok());
  look([&](engine::Unit& unit) { EXPECT_EQ(state->review(unit, 1)->judged, 0U); });
  ASSERT_TRUE(judge(1, ReviewState::approved).ok());
  look([&](engine::Unit& unit) {
    const auto review = review_of_partner(unit.session(), 1, 1);
    ASSERT_TRUE(review.ok());
    EXPECT_EQ(review->paid, won_of(20'600));
    EXPECT_EQ(review->row.judged, fixture.writer->head().number);
    EXPECT_EQ(review_of_partner(unit.session(), 2, 1).error().code, Errc::review_not_found);
  });
  ASSERT_TRUE(judge(2, ReviewState::deleted).ok());
  EXPECT_EQ(ids({}), Ids{1});
  look([&](engine::Unit& unit) {
    EXPECT_EQ(review_of_partner(unit.session(), 1, 2).error().code, Errc::review_not_found);
  });
}

TEST_F(ReviewTest, OfAnAddressABrandSeesHowItBegins) {
  struct Row {
    const char* reviewer;
    const char* shown;
  };
  for (const Row& row : {Row{"kim@abc.com", "ki***@abc.com"}, Row{"k@abc.com", "k***@abc.com"},
                         Row{"@abc.com", "***@abc.com"}, Row{"reader-7", "reader-7"}, Row{"", ""}})
    EXPECT_EQ(masked_reviewer(row.reviewer), row.shown);
}

TEST_F(ReviewTest, NoMoreAreSelectedThanOffered) {
  for (const char* reviewer : {"a", "b", "c"}) ASSERT_TRUE(apply(reviewer).ok());
  ASSERT_TRUE(set(1, ApplyState::selected).ok());
  ASSERT_TRUE(set(2, ApplyState::selected_by_purchase).ok());
  EXPECT_EQ(set(3, ApplyState::selected).refusal(), Errc::offer_full);
  ASSERT_TRUE(set(1, ApplyState::not_selected).ok());
  ASSERT_TRUE(set(3, ApplyState::selected).ok());
  EXPECT_EQ(set(9, ApplyState::selected).refusal(), Errc::apply_not_found);
  EXPECT_EQ(judge(9, ReviewState::approved).refusal(), Errc::review_not_found);
  EXPECT_EQ(write(9).refusal(), Errc::apply_not_found);
}

TEST_F(ReviewTest, TheClockWalksACampaignToItsEnd) {
  const CampaignForm form = offer(2);
  ASSERT_TRUE(apply("kim").ok());
  ASSERT_TRUE(set(1, ApplyState::selected).ok());
  EXPECT_EQ(campaign(1).status, CampaignStatus::live);
  advance(Duration::days(1));
  EXPECT_EQ(campaign(1).status, CampaignStatus::recruiting);
  ASSERT_TRUE(write(1).ok());
  advance(Duration::days(10));
  EXPECT_EQ(campaign(1).status, CampaignStatus::reviewing);
  EXPECT_EQ(apply("late").refusal(), Errc::campaign_state);
  advance(Duration::days(14));
  EXPECT_EQ(campaign(1).status, CampaignStatus::judging) << "a review waits to be judged";
  EXPECT_EQ(balance(deposit_account(1)), (Balance{41'200, 41'200}));
  const auto last = judge(1, ReviewState::approved);
  ASSERT_TRUE(last.ok());
  ASSERT_TRUE(last.value->settled);
  EXPECT_EQ(campaign(1).status, CampaignStatus::completed);
  EXPECT_EQ(balance(deposit_account(1)), (Balance{20'600, 0})) << "the rest is free again";
}

TEST_F(ReviewTest, AYearAtOnceEndsTheCampaignToo) {
  advance(Duration::days(365));
  EXPECT_EQ(campaign(1).status, CampaignStatus::completed);
  EXPECT_EQ(balance(deposit_account(1)), (Balance{41'200, 0}));
}

TEST_F(ReviewTest, OperatorsMayStopACampaign) {
  const auto judge_campaign = [&](CampaignStatus to) {
    return run<JudgeCampaign, CampaignJudged>(CampaignId{1}, to, std::string("why"));
  };
  EXPECT_EQ(judge_campaign(CampaignStatus::ready).refusal(), Errc::campaign_state);
  EXPECT_EQ(judge_campaign(CampaignStatus::revision_requested).refusal(), Errc::campaign_state);
  ASSERT_TRUE(judge_campaign(CampaignStatus::rejected).ok());
  EXPECT_EQ(balance(deposit_account(1)), (Balance{41'200, 0}));
  EXPECT_EQ(judge_campaign(CampaignStatus::rejected).refusal(), Errc::campaign_state);
}

TEST_F(ReviewTest, WhatPaidARewardIsNotRefunded) {
  ASSERT_TRUE(apply("kim").ok());
  ASSERT_TRUE(set(1, ApplyState::selected).ok());
  ASSERT_TRUE(write(1).ok());
  ASSERT_TRUE(judge(1, ReviewState::approved).ok());
  const auto refund = run<CloseOrder, OrderClosed>(std::optional<Caller>(), unkeyed(),
                                                   CancelOrder{"HUBPAY-20240115-0001", {}, ""}, true);
  EXPECT_EQ(refund.refusal(), Errc::reward_paid);
}

}  // namespace
}  // namespace jangbu::hub
