#include "purchase/config.h"

#include <gtest/gtest.h>

#include "base/ascii.h"
#include "crypto/digest.h"
#include "purchase/test_door.h"

namespace jangbu::purchase {
namespace {

TEST(ConfigTest, KnowsHoldersOfKeysThatAreNotRevoked) {
  Config config;
  config.holders[1] = HolderSet{1, "system", "krw", 60, {}, true};
  config.keys[access_key_digest("good")] = AccessKey{1, false, ""};
  config.keys[access_key_digest("revoked")] = AccessKey{1, true, ""};
  config.keys[access_key_digest("orphan")] = AccessKey{2, false, ""};
  EXPECT_EQ(access_key_digest("good"), crypto::sha256("good"));
  ASSERT_NE(config.holder_of(access_key_digest("good")), nullptr);
  EXPECT_EQ(config.holder_of(access_key_digest("good"))->id, 1U);
  for (const char* key : {"revoked", "orphan", "unknown", ""})
    EXPECT_EQ(config.holder_of(access_key_digest(key)), nullptr) << key;
}

TEST(ConfigTest, TheTokensRateIsNoCurrency) {
  Config config;
  config.rates["krw"] = whole(1);
  config.rates[std::string(token_code)] = whole(100);
  EXPECT_TRUE(config.is_currency("krw"));
  EXPECT_FALSE(config.is_currency(token_code));
  EXPECT_FALSE(config.is_currency("usd"));
  EXPECT_EQ(config.rate(token_code), whole(100));
  EXPECT_EQ(config.rate("usd"), std::nullopt);
}

struct ConfigureTest : EachDoorTest {};

TEST_P(ConfigureTest, RefusesWhatCannotBe) {
  const auto number = head();
  const auto code = [](const Result<std::uint64_t>& result) {
    return result ? std::nullopt : std::optional(result.error().code);
  };
  EXPECT_EQ(code(configure<SetHolder>(house.signers, HolderSet{9, "x", "krw", 1, house.addresses[1], true})),
            Errc::not_found);
  EXPECT_EQ(code(configure<SetKey>(KeySet{key_of(1), 1, false, ""})), Errc::already_exists);
  EXPECT_EQ(code(configure<SetKey>(KeySet{key_of(8), 9, false, ""})), Errc::not_found);
  EXPECT_EQ(code(configure<SetKey>(KeySet{key_of(8), 1, true, ""})), Errc::not_found);
  EXPECT_EQ(code(configure<SetShop>(ShopSet{"0xab", 9, true, {}})), Errc::not_found);
  struct Rate {
    const char* code;
    std::int64_t rate;
    bool right;
  };
  for (const Rate& rate :
       {Rate{"", 1, false}, Rate{"KRW", 1, false}, Rate{"a b", 1, false}, Rate{"krw", 0, false},
        Rate{"krw", -1, false}, Rate{"a2345678901234567", 1, false}})
    EXPECT_EQ(code(configure<SetRate>(RateSet{rate.code, whole(rate.rate)})), Errc::invalid_parameters)
        << rate.code;
  EXPECT_EQ(code(configure<SetWallet>(to_lower(wallet_of(1)), std::uint8_t{2})), Errc::invalid_parameters);
  EXPECT_EQ(head(), number) << "nothing is stored";
  EXPECT_TRUE(configure<SetRate>(RateSet{"a234567890123456", whole(1)}).ok()) << "sixteen letters and digits";
}

TEST_P(ConfigureTest, ChangesAreSeenAtOnceAndAfterARestart) {
  EXPECT_EQ(
      configure<SetHolder>(house.signers, HolderSet{0, "third", "usd", 5, house.addresses[1], true}).value(),
      3U);
  EXPECT_EQ(
      configure<SetHolder>(house.signers, HolderSet{3, "third, renamed", "usd", 6, house.addresses[2], false})
          .value(),
      3U);
  EXPECT_TRUE(configure<SetKey>(KeySet{key_of(3), 3, false, "a till"}).ok());
  EXPECT_TRUE(configure<SetKey>(KeySet{key_of(2), 0, true, ""}).ok());
  EXPECT_TRUE(configure<SetSettings>(house.signers, SettingsSet{house.addresses[1]}).ok());
  for (int restarted = 0; restarted < 2; ++restarted) {
    const auto config = house.board.current();
    ASSERT_NE(config->holder_of(key_of(3)), nullptr);
    EXPECT_EQ(config->holder_of(key_of(3))->system, "third, renamed");
    EXPECT_EQ(config->holder_of(key_of(3))->signer, house.addresses[2]);
    EXPECT_EQ(config->keys.at(key_of(3)).label, "a till");
    EXPECT_EQ(config->holder_of(key_of(2)), nullptr);
    EXPECT_EQ(config->keys.at(key_of(2)).holder, 2U) << "a revoked key keeps its holder";
    EXPECT_FALSE(config->holder_of(key_of(3))->open_registration);
    EXPECT_EQ(config->settings.block_signer, house.addresses[1]);
    EXPECT_EQ(config->rate("usd"), whole(1330));
    fixture.restart();
  }
}

TEST_P(ConfigureTest, WithoutATokenRateNobodyEarnsTokens) {
  Installation other;
  State* at = nullptr;
  engine::testing::WriterFixture bare([&] { return other.projections(at); }, {},
                                      [&] { return other.rebuild_projections(); });
  std::optional<Errc> refused;
  bare.run_each(
      std::make_unique<SetWallet>(*at, to_lower(wallet_of(1)), std::uint8_t{1},
                                  [&](const Result<std::uint64_t>& id) { refused = id.error().code; }));
  EXPECT_EQ(refused, Errc::invalid_configuration);
  EXPECT_EQ(bare.verify(), "");
}

TEST_P(ConfigureTest, ExchangesRoundInFavourOfTheHouse) {
  NewPurchase request = purchase_of("p", 1000, 1000, wallet_of(1));
  request.waiting_s = 0;
  ASSERT_TRUE(record_now(request).ok());
  set<SetRate>(RateSet{std::string(token_code), whole(3)});
  const std::string user = user_account(to_lower(wallet_of(1)));
  ASSERT_TRUE(configure<SetWallet>(to_lower(wallet_of(1)), std::uint8_t{1}).ok());
  EXPECT_EQ(available(user), Money());
  EXPECT_EQ(available(user, token_currency).to_units_text(), "33333333333333333333");
  ASSERT_TRUE(configure<SetWallet>(to_lower(wallet_of(1)), std::uint8_t{1}).ok());
  EXPECT_EQ(available(user, token_currency).to_units_text(), "33333333333333333333") << "chosen twice";
  ASSERT_TRUE(configure<SetWallet>(to_lower(wallet_of(1)), std::uint8_t{0}).ok());
  EXPECT_EQ(available(user).to_units_text(), "99999999999999999999");
}

INSTANTIATE_TEST_SUITE_P(Databases, ConfigureTest, ::testing::ValuesIn(store::test::book_kinds),
                         [](const auto& each) { return std::string(each.param); });

}  // namespace
}  // namespace jangbu::purchase
