#include "hub/apps.h"

#include <gtest/gtest.h>

#include "engine/schema.h"
#include "engine/testing/book.h"
#include "store/migration.h"
#include "store/test_database.h"

namespace jangbu::hub {
namespace {

using engine::testing::CountingRandom;
using store::test::must;

class AppSecretsOnBoth : public ::testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    if (!database_.open(GetParam())) GTEST_SKIP() << "no " << GetParam() << " here";
    session_ = must(database_.database().open_writer());
    must(store::migrate(*session_, engine::migrations()));
  }

  /// Writes what `secrets` knows of the app.
  void write(const AppSecrets& secrets, AppId id) {
    must(session_->begin());
    must(secrets.write(*session_, id));
    store::test::must_commit(*session_);
  }

  store::test::TestDatabase database_;
  std::unique_ptr<store::WriterSession> session_;
  CountingRandom random_;
  crypto::MasterKey master_ = must(crypto::MasterKey::from_bytes(Bytes(32, 'm')));
};

TEST_P(AppSecretsOnBoth, AreKnownAgainAfterARestart) {
  AppSecrets secrets(master_, random_);
  const std::string first = secrets.generate(1, 1);
  const std::string webhook = secrets.generate_webhook_key(1);
  const std::string of_another = secrets.generate(12, 1);
  EXPECT_EQ(first.size(), 64u);
  EXPECT_TRUE(from_hex(first).ok());
  EXPECT_TRUE(webhook.starts_with("whsec_"));
  EXPECT_NE(first, of_another);
  EXPECT_EQ(secrets.find(1, 1), first);
  write(secrets, 1);
  const std::string second = secrets.generate(1, 2);
  write(secrets, 1);  // what is there already stays

  AppSecrets again(master_, random_);
  must(again.load(*session_));
  EXPECT_EQ(again.find(1, 1), first);
  EXPECT_EQ(again.find(1, 2), second);
  EXPECT_EQ(again.webhook_key(1), webhook);
  EXPECT_EQ(again.find(1, 3), std::nullopt);
  EXPECT_EQ(again.find(12, 1), std::nullopt) << "was never written: only its beginning is the same";
  EXPECT_EQ(again.webhook_key(12), std::nullopt);
}

TEST_P(AppSecretsOnBoth, DoNotOpenWithAnotherMasterKey) {
  AppSecrets secrets(master_, random_);
  (void)secrets.generate(1, 1);
  write(secrets, 1);
  const auto other = must(crypto::MasterKey::from_bytes(Bytes(32, 'o')));
  AppSecrets again(other, random_);
  const Status loaded = again.load(*session_);
  ASSERT_FALSE(loaded.ok());
  EXPECT_EQ(loaded.error().code, Errc::invalid_configuration);
}

TEST_P(AppSecretsOnBoth, RestSealed) {
  AppSecrets secrets(master_, random_);
  const std::string secret = secrets.generate(1, 1);
  write(secrets, 1);
  static const store::Sql sql{"SELECT sealed FROM engine_secrets WHERE name = $1"};
  Bytes stored;
  must(session_->query(sql, {store::Value::blob("hub/app/1/1")}, [&](const store::Row& row) {
    stored = row.bytes(0);
    return false;
  }));
  EXPECT_FALSE(stored.empty());
  EXPECT_EQ(stored.find(secret), Bytes::npos);
}

INSTANTIATE_TEST_SUITE_P(Databases, AppSecretsOnBoth, ::testing::ValuesIn(store::test::database_kinds));

}  // namespace
}  // namespace jangbu::hub
