// What every session promises, on both databases.
#include <limits>
#include <map>
#include <string>
#include <vector>

#include "store/migration.h"
#include "store/test_database.h"

namespace jangbu::store {
namespace {

using test::code_of;
using test::integer_of;
using test::must;
using test::must_commit;

constexpr std::string_view create_item =
    "CREATE TABLE item (id {ROWID_KEY}, name {TEXT_C}, data {BLOB}, n BIGINT CHECK (n <> -666));"
    "CREATE TABLE key_only (key {BLOB} PRIMARY KEY, id BIGINT NOT NULL) {WITHOUT_ROWID}";

constexpr Sql insert_item("INSERT INTO item (id, name, data, n) VALUES ($1, $2, $3, $4)");
constexpr Sql select_item("SELECT name, data, n FROM item WHERE id = $1");
constexpr Sql insert_n("INSERT INTO item (id, n) VALUES ($1, $2)");
constexpr Sql select_n("SELECT n FROM item WHERE id = $1");
constexpr Sql count_items("SELECT COUNT(*) FROM item");
constexpr Sql sum_items("SELECT CAST(COALESCE(SUM(n), 0) AS BIGINT) FROM item");
constexpr Sql select_ids("SELECT id FROM item ORDER BY id");

class SessionTest : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    if (!server_.open(GetParam())) GTEST_SKIP() << "JANGBU_TEST_POSTGRES is not set";
    writer_ = must(server_.database().open_writer());
    ASSERT_TRUE(must(writer_->try_write_lock()));
    must(writer_->run_script(create_item));
  }
  [[nodiscard]] bool is_postgres() { return server_.database().engine() == Engine::postgres; }

  void insert(std::int64_t id, std::int64_t n) {
    must(writer_->begin());
    must(writer_->execute(insert_n, {Value::integer(id), Value::integer(n)}));
    must_commit(*writer_);
  }

  test::TestDatabase server_;
  std::unique_ptr<WriterSession> writer_;
};

struct RoundTrip {
  const char* name;
  Value text;
  Value blob;
  Value integer;
};

TEST_P(SessionTest, ValuesRoundTrip) {
  const std::string with_zero("a\0b\0", 4);
  std::string all_bytes;
  for (int i = 0; i < 256; ++i) all_bytes.push_back(static_cast<char>(i));
  std::string megabyte;
  while (megabyte.size() < 1024 * 1024) megabyte += all_bytes;
  const std::string long_text(100'000, 'x');
  const RoundTrip rows[] = {
      {"nulls", Value::null(), Value::null(), Value::null()},
      {"empty is not null", Value::text(""), Value::blob(""), Value::integer(0)},
      {"empty views without memory", Value::text({}), Value::blob({}), Value::integer(-1)},
      {"lowest integer", Value::text("a"), Value::blob("b"),
       Value::integer(std::numeric_limits<std::int64_t>::min())},
      {"highest integer", Value::text("a"), Value::blob("b"),
       Value::integer(std::numeric_limits<std::int64_t>::max())},
      {"zero bytes", Value::text("장부 ✓ 'quoted' $1 ?"), Value::blob(with_zero), Value::integer(1)},
      {"all bytes", Value::text("x"), Value::blob(all_bytes), Value::integer(2)},
      {"a megabyte", Value::text(long_text), Value::blob(megabyte), Value::integer(3)},
      {"numbers as text stay text", Value::text("0012"), Value::blob("12"), Value::integer(12)},
  };
  std::int64_t id = 0;
  for (const RoundTrip& expected : rows) {
    SCOPED_TRACE(expected.name);
    must(writer_->begin());
    must(writer_->execute(insert_item,
                          {Value::integer(++id), expected.text, expected.blob, expected.integer}));
    must_commit(*writer_);
    const auto reader = must(server_.database().open_reader());
    int found = 0;
    must(reader->query(select_item, {Value::integer(id)}, [&](const Row& row) {
      ++found;
      EXPECT_EQ(row.columns(), 3);
      EXPECT_EQ(row.is_null(0), expected.text.type() == Value::Type::null);
      EXPECT_EQ(row.is_null(1), expected.blob.type() == Value::Type::null);
      EXPECT_EQ(row.bytes(0), expected.text.as_bytes());
      EXPECT_TRUE(row.bytes(1) == expected.blob.as_bytes());
      EXPECT_FALSE(row.is_blob(0));
      EXPECT_EQ(row.is_blob(1), expected.blob.type() == Value::Type::blob);
      EXPECT_FALSE(row.is_blob(2));
      if (expected.integer.type() == Value::Type::null) {
        EXPECT_TRUE(row.is_null(2));
      } else {
        EXPECT_EQ(row.integer(2), expected.integer.as_integer());
      }
      return true;
    }));
    EXPECT_EQ(found, 1);
  }
}

TEST_P(SessionTest, WrongTypesBreakAnInvariant) {
  must(writer_->begin());
  must(writer_->execute(insert_item,
                        {Value::integer(1), Value::text("12"), Value::null(), Value::integer(5)}));
  must_commit(*writer_);
  struct Case {
    const char* name;
    void (*ask)(const Row&);
  };
  const Case cases[] = {
      {"integer of text", [](const Row& row) { static_cast<void>(row.integer(0)); }},
      {"integer of null", [](const Row& row) { static_cast<void>(row.integer(1)); }},
      {"bytes of an integer", [](const Row& row) { static_cast<void>(row.bytes(2)); }},
      {"a column too many", [](const Row& row) { static_cast<void>(row.is_null(3)); }},
  };
  for (const Case& c : cases) {
    EXPECT_THROW(static_cast<void>(writer_->query(select_item, {Value::integer(1)},
                                                  [&](const Row& row) {
                                                    c.ask(row);
                                                    return true;
                                                  })),
                 InvariantViolation)
        << c.name;
    EXPECT_EQ(integer_of(*writer_, count_items), 1) << "the session is usable after " << c.name;
  }
  EXPECT_THROW(static_cast<void>(Value::number(1ULL << 63)), InvariantViolation);
  EXPECT_EQ(Value::number((1ULL << 63) - 1).as_integer(), std::numeric_limits<std::int64_t>::max());
}

TEST_P(SessionTest, StatementsAreReusedWithOtherValuesAndNulls) {
  must(writer_->begin());
  must(writer_->execute(insert_item, {Value::integer(1), Value::null(), Value::null(), Value::integer(1)}));
  must(writer_->execute(insert_item,
                        {Value::integer(2), Value::text("t"), Value::blob("b"), Value::integer(2)}));
  must(writer_->execute(insert_item, {Value::integer(3), Value::null(), Value::blob("b"), Value::null()}));
  must_commit(*writer_);
  std::string seen;
  for (std::int64_t id = 1; id <= 3; ++id) {
    must(writer_->query(select_item, {Value::integer(id)}, [&](const Row& row) {
      for (int column = 0; column < 3; ++column) seen += row.is_null(column) ? '-' : 'v';
      return true;
    }));
  }
  EXPECT_EQ(seen, "--vvvv-v-");
}

TEST_P(SessionTest, RollbackLeavesNothing) {
  insert(1, 10);
  must(writer_->begin());
  must(writer_->execute(insert_n, {Value::integer(2), Value::integer(20)}));
  EXPECT_EQ(integer_of(*writer_, count_items), 2);
  writer_->rollback();
  writer_->rollback();  // safe when nothing is open
  EXPECT_EQ(integer_of(*writer_, count_items), 1);
  insert(2, 20);
  EXPECT_EQ(integer_of(*writer_, count_items), 2);
}

TEST_P(SessionTest, DestroyingASessionRollsBack) {
  must(writer_->begin());
  must(writer_->execute(insert_n, {Value::integer(1), Value::integer(10)}));
  writer_.reset();
  writer_ = must(server_.database().open_writer());
  EXPECT_EQ(integer_of(*writer_, count_items), 0);
}

TEST_P(SessionTest, SnapshotKeepsItsMoment) {
  insert(1, 10);
  const auto reader = must(server_.database().open_reader());
  must(reader->begin_snapshot());
  EXPECT_EQ(integer_of(*reader, count_items), 1);
  insert(2, 20);
  must(writer_->begin());
  must(writer_->execute(insert_n, {Value::integer(3), Value::integer(30)}));
  EXPECT_EQ(integer_of(*reader, count_items), 1) << "a snapshot sees no later commit";
  EXPECT_EQ(integer_of(*reader, sum_items), 10);
  reader->end_snapshot();
  EXPECT_EQ(integer_of(*reader, count_items), 2) << "nor does anybody see what is not committed";
  must_commit(*writer_);
  EXPECT_EQ(integer_of(*reader, count_items), 3);
}

TEST_P(SessionTest, ReadersCannotWrite) {
  const auto reader = must(server_.database().open_reader());
  EXPECT_EQ(code_of(reader->begin()), Errc::database_error);
  EXPECT_EQ(code_of(reader->run_script("INSERT INTO item (id) VALUES (1)")), Errc::database_error);
  EXPECT_EQ(integer_of(*reader, count_items), 0);
}

TEST_P(SessionTest, QuerySeesQueuedWrites) {
  must(writer_->begin());
  for (std::int64_t id = 1; id <= 10; ++id) {
    must(writer_->execute(insert_n, {Value::integer(id), Value::integer(id * 100)}));
    EXPECT_EQ(integer_of(*writer_, select_n, {Value::integer(id)}), id * 100);
  }
  must_commit(*writer_);
}

TEST_P(SessionTest, StoppingEarlyAndNestedQueries) {
  for (std::int64_t id = 1; id <= 3; ++id) insert(id, id);
  std::vector<std::int64_t> seen;
  must(writer_->query(select_ids, {}, [&](const Row& outer) {
    seen.push_back(outer.integer(0));
    // The same statement inside its own callback, and another one.
    must(writer_->query(select_ids, {}, [&](const Row& inner) {
      seen.push_back(inner.integer(0) + 10);
      return false;
    }));
    seen.push_back(integer_of(*writer_, select_n, {Value::integer(outer.integer(0))}) + 100);
    return outer.integer(0) < 2;
  }));
  EXPECT_EQ(seen, (std::vector<std::int64_t>{1, 11, 101, 2, 11, 102}));
}

TEST_P(SessionTest, CallbackThatThrowsLeavesTheSessionUsable) {
  insert(1, 10);
  must(writer_->begin());
  must(writer_->execute(insert_n, {Value::integer(2), Value::integer(20)}));
  EXPECT_THROW(static_cast<void>(writer_->query(select_ids, {}, [](const Row&) -> bool { throw 1; })), int);
  EXPECT_EQ(integer_of(*writer_, count_items), 2);
  must_commit(*writer_);
  EXPECT_EQ(integer_of(*writer_, count_items), 2);
}

TEST_P(SessionTest, ConstraintErrorsSurfaceAndTheSessionRecovers) {
  insert(1, 10);
  struct Case {
    const char* name;
    std::int64_t id;
    std::int64_t n;
  };
  for (const Case& c : {Case{"primary key", 1, 11}, Case{"check", 2, -666}}) {
    SCOPED_TRACE(c.name);
    must(writer_->begin());
    // It may surface here, at the next query, or at the commit: but it does, and nothing is stored.
    static_cast<void>(writer_->execute(insert_n, {Value::integer(c.id), Value::integer(c.n)}));
    static_cast<void>(writer_->execute(insert_n, {Value::integer(3), Value::integer(30)}));
    const CommitResult result = writer_->commit();
    EXPECT_EQ(result.outcome, CommitOutcome::rolled_back);
    ASSERT_TRUE(result.error.has_value());
    EXPECT_EQ(result.error->code, Errc::database_constraint);
    EXPECT_EQ(integer_of(*writer_, count_items), 1);
  }
  must(writer_->begin());
  static_cast<void>(writer_->execute(insert_n, {Value::integer(1), Value::integer(10)}));
  EXPECT_EQ(code_of(writer_->query(count_items, {}, [](const Row&) { return true; })),
            Errc::database_constraint);
  EXPECT_EQ(code_of(writer_->query(count_items, {}, [](const Row&) { return true; })),
            Errc::database_constraint)
      << "after an error only rollback is allowed";
  EXPECT_EQ(code_of(writer_->execute(insert_n, {Value::integer(4), Value::integer(40)})),
            Errc::database_constraint);
  writer_->rollback();
  insert(2, 20);
  EXPECT_EQ(integer_of(*writer_, count_items), 2);
}

TEST_P(SessionTest, WrongSqlIsAnErrorAndTheSessionRecovers) {
  static constexpr Sql no_table("SELECT 1 FROM nowhere");
  static constexpr Sql two_statements("SELECT 1; SELECT 2");
  static constexpr Sql wrong_order("SELECT n FROM item WHERE n = $2 AND id = $1");
  for (int turn = 0; turn < 2; ++turn) {
    for (const Sql* sql : {&no_table, &two_statements}) {
      EXPECT_EQ(code_of(writer_->query(*sql, {}, [](const Row&) { return true; })), Errc::database_error)
          << sql->text;
    }
  }
  EXPECT_EQ(code_of(writer_->query(wrong_order, {Value::integer(1), Value::integer(2)},
                                   [](const Row&) { return true; })),
            Errc::database_error);
  EXPECT_EQ(code_of(writer_->run_script("CREATE TABLE item (id {ROWID_KEY})")), Errc::database_error);
  EXPECT_EQ(code_of(writer_->query_text("SELECT nothing", {}, [](const Row&) { return true; })),
            Errc::database_error);
  insert(1, 10);
  EXPECT_THROW(static_cast<void>(writer_->query(select_n, {}, [](const Row&) { return true; })),
               InvariantViolation);
  EXPECT_EQ(integer_of(*writer_, select_n, {Value::integer(1)}), 10);
}

TEST_P(SessionTest, TransactionsHaveAnOrder) {
  EXPECT_THROW(static_cast<void>(writer_->commit()), InvariantViolation);
  EXPECT_THROW(static_cast<void>(writer_->execute(insert_n, {Value::integer(1), Value::integer(1)})),
               InvariantViolation);
  must(writer_->begin());
  EXPECT_THROW(static_cast<void>(writer_->begin()), InvariantViolation);
  EXPECT_THROW(static_cast<void>(writer_->begin_snapshot()), InvariantViolation);
  writer_->rollback();
  must(writer_->begin());
  must_commit(*writer_);
  writer_->after_commit();
}

TEST_P(SessionTest, QueryEachTellsWhichSetARowBelongsTo) {
  for (std::int64_t id = 1; id <= 5; ++id) insert(id, id * 10);
  std::vector<std::vector<Value>> sets;
  for (const std::int64_t id : {5, 99, 1, 3, 1}) sets.push_back({Value::integer(id)});
  std::multimap<std::size_t, std::int64_t> seen;
  const auto collect = [&](std::size_t index, const Row& row) { seen.emplace(index, row.integer(0)); };
  must(writer_->query_each(select_n, sets, collect));
  EXPECT_EQ(seen, (std::multimap<std::size_t, std::int64_t>{{0, 50}, {2, 10}, {3, 30}, {4, 10}}));
  seen.clear();
  must(writer_->query_each(select_n, {}, collect));
  EXPECT_TRUE(seen.empty());
  must(writer_->begin());
  must(writer_->execute(insert_n, {Value::integer(99), Value::integer(990)}));
  must(writer_->query_each(select_n, sets, collect));
  EXPECT_EQ(seen.find(1)->second, 990);
  must_commit(*writer_);
}

TEST_P(SessionTest, QueryEachOfManySets) {
  must(writer_->begin());
  for (std::int64_t id = 0; id < 2000; ++id) {
    must(writer_->execute(insert_item, {Value::integer(id), Value::text(std::string(500, 'x')), Value::null(),
                                        Value::integer(id)}));
  }
  must_commit(*writer_);
  static constexpr Sql select_both("SELECT n, name FROM item WHERE id = $1");
  std::vector<std::vector<Value>> sets;
  for (std::int64_t id = 0; id < 4000; ++id) sets.push_back({Value::integer(id)});
  std::size_t rows = 0;
  must(writer_->query_each(select_both, sets, [&](std::size_t index, const Row& row) {
    EXPECT_EQ(static_cast<std::int64_t>(index), row.integer(0));
    ++rows;
  }));
  EXPECT_EQ(rows, 2000U);
}

TEST_P(SessionTest, ReturningWritesAllRowsEvenWhenNotAllAreWanted) {
  for (std::int64_t id = 1; id <= 5; ++id) insert(id, 1);
  static constexpr Sql update_all("UPDATE item SET n = $1 WHERE id <= $2 RETURNING id");
  must(writer_->begin());
  int called = 0;
  must(writer_->query(update_all, {Value::integer(7), Value::integer(4)}, [&](const Row&) {
    ++called;
    return false;
  }));
  must_commit(*writer_);
  EXPECT_EQ(called, 1);
  EXPECT_EQ(integer_of(*writer_, sum_items), 4 * 7 + 1);
}

TEST_P(SessionTest, ManyQueuedWritesInOneTransaction) {
  const std::string data(700, 'd');
  must(writer_->begin());
  for (std::int64_t id = 1; id <= 20'000; ++id) {
    must(writer_->execute(insert_item,
                          {Value::integer(id), Value::null(), Value::blob(data), Value::integer(1)}));
  }
  must_commit(*writer_);
  EXPECT_EQ(integer_of(*writer_, sum_items), 20'000);
}

TEST_P(SessionTest, TextMadeAtRunTimeWithMacros) {
  must(writer_->begin());
  must(writer_->run_script(
      "CREATE TABLE other (id {ROWID_KEY}, data {BLOB}); INSERT INTO other (id) VALUES (4)"));
  std::int64_t found = 0;
  must(writer_->query_text("SELECT id FROM other WHERE id = $1", std::vector<Value>{Value::integer(4)},
                           [&](const Row& row) {
                             found = row.integer(0);
                             return true;
                           }));
  EXPECT_EQ(found, 4);
  must_commit(*writer_);
}

TEST_P(SessionTest, ADatabaseSaysWhatItIs) {
  insert(1, 1);
  EXPECT_GT(server_.database().size_bytes(), 0U);
  EXPECT_FALSE(server_.database().display_name().empty());
  EXPECT_TRUE(writer_->holds_write_lock());
  EXPECT_TRUE(must(writer_->try_write_lock())) << "asking again is no harm";
}

INSTANTIATE_TEST_SUITE_P(Databases, SessionTest, testing::ValuesIn(test::database_kinds),
                         [](const auto& kind) { return std::string(kind.param); });

}  // namespace
}  // namespace jangbu::store
