#include "store/migration.h"

#include <string>
#include <thread>
#include <vector>

#include "store/test_database.h"

namespace jangbu::store {
namespace {

using test::code_of;
using test::integer_of;
using test::must;

struct Portable {
  const char* name;
  const char* sql;
  bool allowed;
};

TEST(CheckPortable, Parameters) {
  const Portable rows[] = {
      {"none", "SELECT 1", true},
      {"empty", "", true},
      {"ascending", "SELECT $1, $2, $3", true},
      {"repeated", "SELECT $1, $2, $1, $2, $3", true},
      {"two digits", "SELECT $1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11", true},
      {"first is not 1", "SELECT $2", false},
      {"descending", "SELECT $2, $1", false},
      {"gap", "SELECT $1, $3", false},
      {"zero", "SELECT $0", false},
      {"huge number", "SELECT $99999999999999999999", false},
      {"bare dollar", "SELECT $", false},
      {"dollar name", "SELECT $a", false},
      {"question mark", "SELECT ?", false},
      {"numbered question mark", "SELECT ?1", false},
      {"in a literal", "SELECT '$2 ? it''s ?'", true},
      {"after a literal", "SELECT '' , $2", false},
      {"in a quoted name", "SELECT \"a?b\"", true},
      {"in a line comment", "SELECT 1 -- why ? $7\n, $1", true},
      {"in a comment at the end", "SELECT 1 -- ?", true},
      {"in a block comment", "SELECT /* ? $7 */ $1", true},
      {"open comment", "SELECT 1 /* ?", true},
      {"open literal", "SELECT '?", true},
  };
  for (const Portable& row : rows) {
    const Status status = check_portable(row.sql);
    EXPECT_EQ(status.ok(), row.allowed) << row.name;
    if (!status) {
      EXPECT_EQ(status.error().code, Errc::database_error) << row.name;
      EXPECT_NE(status.error().detail.find(row.sql), std::string::npos) << row.name;
    }
  }
}

TEST(ExpandMacros, EachOnBoth) {
  struct Case {
    const char* sql;
    const char* sqlite;
    const char* postgres;
  };
  const Case rows[] = {
      {"", "", ""},
      {"a {BLOB}, b {BLOB}", "a BLOB, b BLOB", "a BYTEA, b BYTEA"},
      {"{ROWID_KEY}", "INTEGER PRIMARY KEY", "BIGINT PRIMARY KEY"},
      {") {WITHOUT_ROWID};", ") WITHOUT ROWID;", ") ;"},
      {"FROM t {NOT_INDEXED} WHERE", "FROM t NOT INDEXED WHERE", "FROM t  WHERE"},
      {"t {TEXT_C}", "t TEXT", "t TEXT COLLATE \"C\""},
      {"{OTHER} {BLOB", "{OTHER} {BLOB", "{OTHER} {BLOB"},
  };
  for (const Case& row : rows) {
    EXPECT_EQ(expand_macros(row.sql, Engine::sqlite), row.sqlite);
    EXPECT_EQ(expand_macros(row.sql, Engine::postgres), row.postgres);
  }
}

constexpr Migration engine_1{"engine", 1,
                             "CREATE TABLE head (id {ROWID_KEY}, n BIGINT); INSERT INTO head VALUES (1, 0)"};
constexpr Migration engine_2{"engine", 2, "UPDATE head SET n = n + 1"};
constexpr Migration ledger_1{"ledger", 1,
                             "CREATE TABLE account (id {ROWID_KEY}, name {TEXT_C}, data {BLOB})"};
constexpr Sql select_head("SELECT n FROM head");
constexpr Sql count_applied("SELECT COUNT(*) FROM schema_migration");

class MigrateTest : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    if (!server_.open(GetParam())) GTEST_SKIP() << "JANGBU_TEST_POSTGRES is not set";
    writer_ = must(server_.database().open_writer());
  }
  Status apply(std::initializer_list<Migration> migrations) {
    return migrate(*writer_, std::span<const Migration>(migrations.begin(), migrations.size()));
  }

  test::TestDatabase server_;
  std::unique_ptr<WriterSession> writer_;
};

TEST_P(MigrateTest, FreshAgainAndNext) {
  must(apply({}));
  EXPECT_EQ(integer_of(*writer_, count_applied), 0);
  must(apply({engine_1, ledger_1}));
  EXPECT_EQ(integer_of(*writer_, select_head), 0);
  must(apply({engine_1, ledger_1}));
  EXPECT_EQ(integer_of(*writer_, count_applied), 2);
  must(apply({engine_1, ledger_1, engine_2}));
  must(apply({engine_1, engine_2, ledger_1}));
  EXPECT_EQ(integer_of(*writer_, select_head), 1) << "each is applied once";
  EXPECT_EQ(integer_of(*writer_, count_applied), 3);
}

TEST_P(MigrateTest, RefusesANewerDatabaseAndChangedText) {
  must(apply({engine_1, engine_2, ledger_1}));
  struct Case {
    const char* name;
    std::vector<Migration> migrations;
    const char* detail;
  };
  const Case cases[] = {
      {"older version", {engine_1, ledger_1}, "engine 2"},
      {"module not known", {engine_1, engine_2}, "ledger 1"},
      {"nothing known", {}, "engine 2"},
      {"changed text", {{"engine", 1, "SELECT 1"}, engine_2, ledger_1}, "engine 1"},
  };
  for (const Case& c : cases) {
    const Status status = migrate(*writer_, c.migrations);
    ASSERT_FALSE(status) << c.name;
    EXPECT_EQ(status.error().code, Errc::invalid_configuration) << c.name;
    EXPECT_NE(status.error().detail.find(c.detail), std::string::npos) << status.error().detail;
  }
  must(apply({engine_1, engine_2, ledger_1}));
}

TEST_P(MigrateTest, TablesAreMadeAnewInTheSameTransaction) {
  constexpr Migration empties{"ledger", 2, "DELETE FROM account; UPDATE head SET n = 7", Tables::made_anew};
  constexpr Migration later{"ledger", 3, "UPDATE head SET n = n + 1"};
  const std::vector<Migration> all = {engine_1, ledger_1, empties, later};
  int calls = 0;
  const auto make_anew = [&]() -> Status {
    ++calls;
    EXPECT_EQ(integer_of(*writer_, select_head), 8) << "after all scripts";
    return writer_->run_script("UPDATE head SET n = n + 100");
  };
  must(apply({engine_1, ledger_1}));
  const Status failed = migrate(*writer_, all, [] { return Status(Error(Errc::verification_failed, "no")); });
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, Errc::verification_failed);
  EXPECT_EQ(integer_of(*writer_, select_head), 0);
  EXPECT_EQ(integer_of(*writer_, count_applied), 2);
  must(migrate(*writer_, all, make_anew));
  EXPECT_EQ(integer_of(*writer_, select_head), 108);
  must(migrate(*writer_, all, make_anew));
  EXPECT_EQ(calls, 1) << "only when the script is applied";
}

TEST_P(MigrateTest, AFailingScriptLeavesEverythingAsItWas) {
  constexpr Migration broken{"engine", 2,
                             "CREATE TABLE half (id {ROWID_KEY}); INSERT INTO nowhere VALUES (1)"};
  must(apply({engine_1}));
  const Status status = apply({engine_1, ledger_1, broken});
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, Errc::database_error);
  EXPECT_NE(status.error().detail.find("engine 2"), std::string::npos);
  EXPECT_EQ(integer_of(*writer_, count_applied), 1);
  static constexpr Sql select_half("SELECT COUNT(*) FROM half");
  EXPECT_EQ(code_of(writer_->query(select_half, {}, [](const Row&) { return true; })), Errc::database_error);
  must(apply({engine_1, engine_2}));
}

TEST_P(MigrateTest, ABadListIsABug) {
  EXPECT_THROW(static_cast<void>(apply({engine_2})), InvariantViolation);
  EXPECT_THROW(static_cast<void>(apply({engine_1, engine_1})), InvariantViolation);
}

TEST_P(MigrateTest, NodesMayRace) {
  if (server_.database().engine() == Engine::sqlite) GTEST_SKIP() << "one writer session at a time";
  std::vector<std::thread> nodes;
  std::vector<std::string> errors(4);
  for (std::string& error : errors) {
    nodes.emplace_back([this, &error] {
      const auto session = must(server_.database().open_writer());
      const std::vector<Migration> all = {engine_1, ledger_1, engine_2};
      if (const Status status = migrate(*session, all); !status) error = to_string(status.error());
    });
  }
  for (std::thread& node : nodes) node.join();
  for (const std::string& error : errors) EXPECT_EQ(error, "");
  EXPECT_EQ(integer_of(*writer_, select_head), 1);
  EXPECT_EQ(integer_of(*writer_, count_applied), 3);
}

INSTANTIATE_TEST_SUITE_P(Databases, MigrateTest, testing::ValuesIn(test::database_kinds),
                         [](const auto& kind) { return std::string(kind.param); });

}  // namespace
}  // namespace jangbu::store
