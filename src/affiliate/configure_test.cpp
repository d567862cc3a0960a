// What operators configure of merchants, programmes and affiliates, on both databases.
#include "affiliate/configure.h"

#include <gtest/gtest.h>

#include "affiliate/test_network.h"

namespace jangbu::affiliate {
namespace {

TEST_P(NetworkTest, ConfigurationIsKeptInOrder) {
  Errc why{};
  EXPECT_FALSE(set<SetMerchant>(merchant_of("shop"), &why));
  EXPECT_EQ(why, Errc::already_exists);
  ProgramSet second = program_of(1, "5%", "0%");
  EXPECT_FALSE(set<SetProgram>(second, &why)) << "the code is taken";
  EXPECT_EQ(why, Errc::already_exists);
  second.code = "0001";
  EXPECT_FALSE(set<SetProgram>(second, &why)) << "the other is in force";
  second.kind = ProgramKind::cpa;
  EXPECT_EQ(set<SetProgram>(second)->number, 2U);
  ProgramSet action = second;
  action.number = 0;
  action.code = "0002";
  action.action = "join";
  action.base = parse_rate("700KRW").value();
  EXPECT_EQ(set<SetProgram>(action)->number, 3U);
  ProgramSet first = program_of(1, "8%", "1%");
  first.number = 1;
  first.ends_at = fixture->clock.wall_now() + Duration::days(1);
  EXPECT_TRUE(set<SetProgram>(first));
  ProgramSet next = program_of(1, "5%", "0%");
  next.code = "0003";
  next.starts_at = *first.ends_at;
  EXPECT_TRUE(set<SetProgram>(next)) << "one after the other";
  second = program_of(9, "1%", "0%");
  EXPECT_FALSE(set<SetProgram>(second, &why));
  EXPECT_EQ(why, Errc::not_found);
  EXPECT_EQ(take("o", product_of("p")).commission, in_units(1'800));
  fixture->advance(Duration::days(1));
  EXPECT_EQ(take("p", product_of("p")).commission, in_units(1'000));
  OrderForm join = order_of("member", {product_of("join", "0")});
  join.kind = ProgramKind::cpa;
  join.action_name = "join";
  EXPECT_EQ(take(join).items[0].commission, in_units(700));
  fixture->restart();
  EXPECT_EQ(board.current()->programs.size(), 4U);
  EXPECT_EQ(board.current()->merchant("shop")->number, 1U);
  AffiliateSet changed = affiliate_of("blog");
  changed.number = 1;
  changed.reward = {};
  EXPECT_EQ(set<SetAffiliate>(changed)->reward.status, RewardStatus::approved)
      << "rewards are judged elsewhere";
}

TEST_P(NetworkTest, ThereIsAnEndToWhatIsConfigured) {
  if (GetParam() != store::test::book_kinds[0]) GTEST_SKIP() << "the same on every database";
  std::vector<std::unique_ptr<engine::Command>> merchants;
  std::size_t made = 1;
  for (std::size_t i = made; i < max_merchants; ++i)
    merchants.push_back(std::make_unique<SetMerchant>(
        *state, merchant_of("m" + std::to_string(i)), [](const MerchantSet&) { return door::Answer{}; },
        [&](auto outcome) { made += outcome.index() == 0 ? 1U : 0U; }));
  fixture->run(std::move(merchants));
  EXPECT_EQ(made, max_merchants);
  Errc why{};
  EXPECT_FALSE(set<SetMerchant>(merchant_of("more"), &why));
  EXPECT_EQ(why, Errc::already_exists);
  MerchantSet changed = merchant_of("shop");
  changed.number = 1;
  EXPECT_TRUE(set<SetMerchant>(changed)) << "those that are there can be changed";
}

}  // namespace
}  // namespace jangbu::affiliate
