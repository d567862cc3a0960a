// Lists of one wallet or shop among many purchases: what they pass over and what they find.
#include "purchase/spans.h"

#include <algorithm>
#include <set>

#include <gtest/gtest.h>

#include "purchase/test_door.h"

namespace jangbu::purchase {
namespace {

TEST(Marks, TellHoldersKindsAndTextsApart) {
  const std::set<Mark> marks = {account_mark(1, "0xab"), account_mark(2, "0xab"), shop_mark(1, "0xab"),
                                account_mark(1, "0xac"), account_mark(1, "")};
  EXPECT_EQ(marks.size(), 5U);
  EXPECT_EQ(account_mark(1, "0xAB"), account_mark(1, "0xab")) << "whatever the case of its letters";
  EXPECT_EQ(account_mark(1, "0xab"), static_cast<Mark>(0x3a6c43f2)) << "rows hold them: they never change";
}

struct SpansTest : EachDoorTest {
  /// The records of the runs that a list of the mark's purchases looks at.
  std::set<std::uint64_t> looked_at(HolderId holder, Mark mark) {
    static const store::Sql run_sql{
        "SELECT first, last FROM purchase_runs WHERE holder = $1 AND first < $2 ORDER BY first DESC LIMIT 1"};
    std::set<std::uint64_t> records;
    const auto session = place.database().open_reader().value();
    SpanWalk walk(mark);
    for (std::uint64_t before = INT64_MAX;;) {
      std::uint64_t first = 0;
      std::uint64_t last = 0;
      store::test::must(session->query(run_sql, {store::Value::number(holder), store::Value::number(before)},
                                       [&](const store::Row& row) {
                                         first = row.number(0);
                                         last = row.number(1);
                                         return false;
                                       }));
      if (first == 0) return records;
      const std::uint64_t next = walk.pass(*session, first, before).value();
      EXPECT_LE(next, before);
      before = next;
      if (before <= first) continue;
      for (std::uint64_t record = first; record <= std::min(last, before - 1); ++record)
        records.insert(record);
      before = first;
    }
  }
};

TEST_P(SpansTest, PassOverWhatTheyDoNotHold) {
  // 1,200 purchases in batches of 1 to 90, of two holders; every 97th is of the wallet that is looked for.
  int made = 0;
  for (int batch = 1; made < 1200; batch = batch % 90 + 7) {
    std::vector<Answered> answers(static_cast<std::size_t>(batch));
    std::vector<std::unique_ptr<engine::Command>> commands;
    for (Answered& answered : answers) {
      const bool is_wanted = ++made % 97 == 0;
      const HolderId holder = made % 3 == 0 && !is_wanted ? 2 : 1;
      commands.push_back(
          record(purchase_of("p" + std::to_string(made), 1, 0, wallet_of(is_wanted ? 7 : made % 5),
                             shop_of(static_cast<int>(holder))),
                 answered, holder));
    }
    fixture.run(std::move(commands));
    for (const Answered& answered : answers) ASSERT_TRUE(answered.ok()) << answered.detail();
    if (batch % 4 == 0) fixture.restart();  // what is open is read again
  }
  EXPECT_GE(count("purchase_spans"), 3);
  std::set<std::uint64_t> wanted;
  const auto session = place.database().open_reader().value();
  store::test::must(engine::each_stored_record(*session, 1, head(), [&](const engine::Record& record) {
    if (record.kind != recorded_kind) return true;
    const Recorded purchase = decode<Recorded>(record.payload).value();
    if (purchase.tx.user_account == wallet_of(7)) wanted.insert(record.number);
    return true;
  }));
  EXPECT_EQ(wanted.size(), 12U);
  const std::set<std::uint64_t> rare = looked_at(1, account_mark(1, wallet_of(7)));
  EXPECT_TRUE(std::includes(rare.begin(), rare.end(), wanted.begin(), wanted.end()));
  // Nobody's: the open span alone is looked at.
  const std::set<std::uint64_t> nobody = looked_at(1, account_mark(1, "nobody"));
  EXPECT_LT(nobody.size(), 400U);
  EXPECT_GT(looked_at(1, shop_mark(1, shop_of(1))).size(), 1100U) << "a shop that is in every span";
  EXPECT_LT(looked_at(2, shop_mark(2, shop_of(1))).size(), 400U) << "another holder's shop";
}

INSTANTIATE_TEST_SUITE_P(Databases, SpansTest, ::testing::ValuesIn(store::test::book_kinds),
                         [](const auto& each) { return std::string(each.param); });

}  // namespace
}  // namespace jangbu::purchase
