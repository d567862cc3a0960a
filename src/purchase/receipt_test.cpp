#include "purchase/receipt.h"

#include <future>

#include <gtest/gtest.h>

#include "base/ascii.h"
#include "purchase/queries.h"
#include "purchase/test_engine.h"

namespace jangbu::purchase {
namespace {

struct ReceiptTest : EngineTest, ::testing::WithParamInterface<const char*> {
  void SetUp() override {
    if (!start(GetParam(), clock)) GTEST_SKIP() << "no " << GetParam() << " here";
    queries.emplace(*engine);
  }
  void record(const NewPurchase& request) { submit<RecordPurchase>(request, key_of(1), HolderId{1}); }
  void cancel(const std::string& id) {
    submit<CancelRecorded>(CancelPurchase{id, 1, ""}, key_of(1), HolderId{1});
  }
  Result<std::string> read(std::function<Result<std::string>(store::Session&)> query) {
    std::promise<Result<std::string>> promise;
    engine->read([&](store::Session& session) { promise.set_value(query(session)); },
                 [&](const Error& error) { promise.set_value(error); });
    return promise.get_future().get();
  }
  Result<std::string> receipt(const std::string& id) {
    return read([&](store::Session& session) { return queries->receipt(session, 1, id); });
  }
  std::string status(const std::string& id) {
    const auto body = read([&](store::Session& session) { return queries->purchase(session, 1, id); });
    return body ? member(*body, "status") : std::string(error_text(body.error().code));
  }
  /// Wall time moves by a second, and the next batch seals what is there.
  void seal_block() {
    clock.advance(Duration::seconds(1));
    move_on(Duration::microseconds(1));
  }

  engine::testing::ManualClock clock{engine::testing::example_moment};
  std::optional<Queries> queries;
};

TEST_P(ReceiptTest, ProveEveryPurchaseOfABlock) {
  for (int i = 0; i < 5; ++i) record(purchase_of("p" + std::to_string(i), 100 + i, 1000, wallet_of(i)));
  cancel("p1");
  EXPECT_EQ(receipt("p0").error().code, Errc::not_in_a_block_yet);
  EXPECT_EQ(receipt("unknown").error().code, Errc::not_found);
  seal_block();
  record(purchase_of("p5", 1));
  seal_block();
  const char* const expected[] = {"0", "1", "2", "3", "4", "0"};
  for (int i = 0; i < 6; ++i) {
    const auto body = receipt("p" + std::to_string(i));
    ASSERT_TRUE(body.ok()) << to_string(body.error());
    const auto verified = verify_receipt(*body);
    ASSERT_TRUE(verified.ok()) << to_string(verified.error());
    EXPECT_EQ(verified->purchase_id, "p" + std::to_string(i));
    EXPECT_EQ(std::to_string(verified->index), expected[i]);
    EXPECT_EQ(verified->height, i < 5 ? 1U : 2U);
    EXPECT_EQ(verified->signer, house.addresses[1].to_checksum_text());
    EXPECT_EQ(verified->block_signer, house.addresses[0].to_checksum_text());
  }
}

TEST_P(ReceiptTest, AnyChangeIsFound) {
  for (int i = 0; i < 3; ++i) record(purchase_of("p" + std::to_string(i), 100, 1000, wallet_of(i)));
  seal_block();
  const std::string body = receipt("p1").value();
  ASSERT_TRUE(verify_receipt(body).ok());
  // Every digit, and every letter of a name or value, once.
  int refused = 0;
  for (std::size_t i = 10; i < body.size(); ++i) {
    std::string changed = body;
    if ((changed[i] >= '0' && changed[i] <= '8') || (changed[i] >= 'a' && changed[i] <= 'e')) {
      ++changed[i];
    } else if (changed[i] == '9') {
      changed[i] = '0';
    } else {
      continue;
    }
    const auto verified = verify_receipt(changed);
    if (verified) {
      ADD_FAILURE() << "a change at " << i << " was not found: " << changed.substr(i - 10, 30);
      continue;
    }
    ++refused;
  }
  EXPECT_GT(refused, 500);
}

TEST_P(ReceiptTest, RefusesWhatIsNoReceipt) {
  for (const char* text : {"", "{", "[]", "{}", "{\"data\":{}}", "{\"code\":0,\"data\":{\"tx\":{}}}", "7"}) {
    const auto verified = verify_receipt(text);
    ASSERT_FALSE(verified.ok()) << text;
    EXPECT_TRUE(verified.error().code == Errc::verification_failed ||
                verified.error().code == Errc::malformed_json)
        << text;
  }
}

TEST_P(ReceiptTest, StandsOfPurchases) {
  record(purchase_of("pending", 100, 1000, wallet_of(1)));
  record(purchase_of("nothing", 100));
  record(purchase_of("voided", 100, 1000, wallet_of(1)));
  cancel("voided");
  EXPECT_EQ(status("pending"), "pending");
  EXPECT_EQ(status("nothing"), "provided");
  EXPECT_EQ(status("voided"), "cancelled");
  EXPECT_EQ(status("unknown"), "not_found");
  move_on(Duration::seconds(60));
  EXPECT_EQ(status("pending"), "provided");
  cancel("pending");
  EXPECT_EQ(status("pending"), "cancelled");
}

TEST_P(ReceiptTest, ListsPageThroughAll) {
  for (int i = 0; i < 7; ++i)
    record(purchase_of("p" + std::to_string(i), 100 + i, 1000, wallet_of(i % 2), shop_of(i % 3)));
  const auto list = [&](ListFilter filter) {
    std::vector<std::string> ids;
    while (true) {
      const std::string body =
          read([&](store::Session& session) { return queries->list(session, 1, filter); }).value();
      const auto document = json::Document::parse(body).value();
      const json::Value& data = *document.root().find("data");
      const json::Value& items = *data.find("items");
      EXPECT_LE(items.size, filter.limit);
      for (std::uint32_t i = 0; i < items.size; ++i)
        ids.emplace_back(items.items[i].find("tx")->find("purchaseId")->text);
      if (!data.find("next")->is_string()) return ids;
      filter.before_record = std::stoull(std::string(data.find("next")->text));
    }
  };
  using Ids = std::vector<std::string>;
  ListFilter filter;
  for (const std::size_t limit : {1U, 2U, 7U, 100U}) {
    filter.limit = limit;
    EXPECT_EQ(list(filter), (Ids{"p6", "p5", "p4", "p3", "p2", "p1", "p0"})) << limit;
  }
  filter.shop_id = to_lower(shop_of(1));
  EXPECT_EQ(list(filter), (Ids{"p4", "p1"}));
  filter.user_account = to_lower(wallet_of(0));
  EXPECT_EQ(list(filter), (Ids{"p4"}));
  filter = {};
  cancel("p3");
  filter.status = PurchaseStatus::cancelled;
  EXPECT_EQ(list(filter), (Ids{"p3"}));
}

INSTANTIATE_TEST_SUITE_P(Databases, ReceiptTest, ::testing::ValuesIn(store::test::book_kinds),
                         [](const auto& each) { return std::string(each.param); });

}  // namespace
}  // namespace jangbu::purchase
