#include "door/apps.h"

#include <gtest/gtest.h>

#include "store/test_database.h"

namespace jangbu::door {
namespace {

using store::test::must;

struct TestApp {
  std::uint64_t id = 0;
  std::string code;
  std::string label;

  [[nodiscard]] const std::string& handle() const { return code; }
  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(id, code, label);
  }
};

TEST(Apps, AreFoundByIdAndByHandle) {
  Apps<TestApp> apps;
  EXPECT_EQ(apps.next_id(), 1U);
  apps.put({3, "sales", "old"});
  apps.put({3, "sales", "new"});
  ASSERT_NE(apps.find(3), nullptr);
  EXPECT_EQ(apps.find(3)->label, "new");
  EXPECT_EQ(apps.find("sales"), apps.find(3));
  EXPECT_EQ(apps.find(4), nullptr);
  EXPECT_EQ(apps.find("SALES"), nullptr);
  EXPECT_EQ(apps.next_id(), 4U);
}

TEST(Board, HandsOutWhatWasPublishedLast) {
  Board<int> board;
  const auto before = board.current();
  ASSERT_NE(before, nullptr);
  EXPECT_EQ(*before, 0);
  board.publish(std::make_shared<const int>(1));
  EXPECT_EQ(*board.current(), 1);
  EXPECT_EQ(*before, 0);
}

const store::Sql load_sql{"SELECT fields FROM apps ORDER BY id"};
const store::Sql write_sql{
    "INSERT INTO apps (id, fields) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET fields = excluded.fields"};

struct Tables : engine::TableSet {
  explicit Tables(AppBoard<TestApp>* board) : apps(*this, board, load_sql, write_sql) {}
  AppTable<TestApp> apps;
};

struct AppTableOnBoth : ::testing::TestWithParam<const char*> {
  void SetUp() override {
    if (!database.open(GetParam())) GTEST_SKIP() << "no " << GetParam() << " here";
    session = must(database.database().open_writer());
    must(session->begin());
    must(session->run_script("CREATE TABLE apps (id {ROWID_KEY}, fields {BLOB} NOT NULL)"));
    store::test::must_commit(*session);
  }
  void flush(Tables& tables) {
    must(session->begin());
    tables.flush(*session);
    store::test::must_commit(*session);
  }

  store::test::TestDatabase database;
  std::unique_ptr<store::Session> session;
  AppBoard<TestApp> board;
};

TEST_P(AppTableOnBoth, PublishesWhatIsDurable) {
  Tables tables(&board);
  tables.apps.load(*session);
  tables.apps.put({1, "one", "first"});
  tables.apps.put({2, "two", "second"});
  EXPECT_EQ(tables.apps.current().by_id.size(), 2U) << "the batch sees its own";
  EXPECT_EQ(board.current()->find(1), nullptr) << "others do not";
  flush(tables);
  tables.committed();
  ASSERT_NE(board.current()->find(1), nullptr);

  tables.apps.put({1, "one", "changed"});
  EXPECT_EQ(board.current()->find(1)->label, "first");
  tables.discard();
  tables.apps.load(*session);
  EXPECT_EQ(tables.apps.current().find("one")->label, "first");
  tables.apps.put({1, "one", "changed"});
  flush(tables);
  tables.committed();
  EXPECT_EQ(board.current()->find("one")->label, "changed");

  Tables fresh(nullptr);
  fresh.apps.load(*session);
  EXPECT_EQ(fresh.apps.current().find("one")->label, "changed");
  EXPECT_EQ(fresh.apps.current().find("two")->label, "second");
}

TEST_P(AppTableOnBoth, FindsRowsThatDoNotRead) {
  must(session->begin());
  must(session->execute(write_sql, {store::Value::number(1), store::Value::blob("?")}));
  store::test::must_commit(*session);
  const auto apps = read_apps<TestApp>(*session, load_sql);
  ASSERT_FALSE(apps.ok());
  EXPECT_EQ(apps.error().code, Errc::database_corrupt);
}

INSTANTIATE_TEST_SUITE_P(Databases, AppTableOnBoth, ::testing::ValuesIn(store::test::database_kinds));

}  // namespace
}  // namespace jangbu::door
