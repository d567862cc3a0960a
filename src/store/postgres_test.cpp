// What only PostgreSQL does: connections that die, and the server's own error codes.
#include <string>
#include <vector>

#include "store/test_database.h"

namespace jangbu::store {
namespace {

using test::code_of;
using test::integer_of;
using test::must;
using test::must_commit;

constexpr Sql own_pid("SELECT CAST(pg_backend_pid() AS BIGINT)");
constexpr Sql terminate("SELECT pg_terminate_backend(CAST($1 AS INTEGER), 5000)");
constexpr Sql insert_row("INSERT INTO item (id, n) VALUES ($1, $2)");
constexpr Sql update_n("UPDATE item SET n = $1 WHERE id = $2");
constexpr Sql count_rows("SELECT COUNT(*) FROM item");

const RowHandler ignore_rows = [](const Row&) { return true; };

class PostgresTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!server_.open("postgres")) GTEST_SKIP() << "JANGBU_TEST_POSTGRES is not set";
    writer_ = must(server_.database().open_writer());
    other_ = must(server_.database().open_writer());
    must(
        writer_->run_script("CREATE TABLE item (id {ROWID_KEY}, n BIGINT); INSERT INTO item VALUES (1, 10)"));
  }
  /// The server ends the session and has ended it when this returns.
  void kill(std::int64_t pid) { must(other_->query(terminate, {Value::integer(pid)}, ignore_rows)); }

  test::TestDatabase server_;
  std::unique_ptr<WriterSession> writer_;
  std::unique_ptr<WriterSession> other_;
};

TEST_F(PostgresTest, TheRightToWriteHasOneHolderAndEndsWithItsSession) {
  EXPECT_FALSE(writer_->holds_write_lock());
  EXPECT_TRUE(must(writer_->try_write_lock()));
  EXPECT_TRUE(writer_->holds_write_lock());
  EXPECT_FALSE(must(other_->try_write_lock()));
  EXPECT_FALSE(other_->holds_write_lock());

  must(writer_->begin());
  must(writer_->execute(insert_row, {Value::integer(2), Value::integer(20)}));
  kill(integer_of(*writer_, own_pid));
  EXPECT_TRUE(must(other_->try_write_lock()));

  must(writer_->execute(insert_row, {Value::integer(3), Value::integer(30)}));
  const CommitResult result = writer_->commit();
  EXPECT_EQ(result.outcome, CommitOutcome::rolled_back)
      << "the server said that it ended the session before the COMMIT";
  EXPECT_EQ(result.error->code, Errc::database_unavailable);
  EXPECT_FALSE(writer_->holds_write_lock());
  EXPECT_EQ(code_of(writer_->begin()), Errc::database_unavailable);
  EXPECT_EQ(code_of(writer_->query(count_rows, {}, ignore_rows)), Errc::database_unavailable);
  EXPECT_EQ(code_of(writer_->try_write_lock()), Errc::database_unavailable);
  EXPECT_EQ(code_of(writer_->run_script("SELECT 1")), Errc::database_unavailable);
  EXPECT_EQ(integer_of(*other_, count_rows), 1);
}

TEST_F(PostgresTest, ASessionThatDiesInItsTransactionSaysSoAtTheNextQuery) {
  must(writer_->begin());
  must(writer_->execute(insert_row, {Value::integer(2), Value::integer(20)}));
  kill(integer_of(*writer_, own_pid));
  EXPECT_EQ(code_of(writer_->query(count_rows, {}, ignore_rows)), Errc::database_unavailable);
  const CommitResult result = writer_->commit();
  EXPECT_EQ(result.outcome, CommitOutcome::rolled_back);
  EXPECT_EQ(result.error->code, Errc::database_unavailable);
  writer_->rollback();
}

TEST_F(PostgresTest, ASessionThatIsEndedDuringItsCommitHasAnUnknownOutcome) {
  must(writer_->run_script(
      "CREATE FUNCTION end_me() RETURNS trigger LANGUAGE plpgsql AS"
      " 'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(5); RETURN NULL; END';"
      "CREATE CONSTRAINT TRIGGER at_commit AFTER INSERT ON item DEFERRABLE INITIALLY DEFERRED"
      " FOR EACH ROW EXECUTE FUNCTION end_me()"));
  must(writer_->begin());
  must(writer_->execute(insert_row, {Value::integer(2), Value::integer(20)}));
  const CommitResult result = writer_->commit();
  EXPECT_EQ(result.outcome, CommitOutcome::unknown);
  EXPECT_EQ(result.error->code, Errc::database_unavailable);
  EXPECT_EQ(code_of(writer_->begin()), Errc::database_unavailable);
  EXPECT_EQ(integer_of(*other_, count_rows), 1);
}

TEST_F(PostgresTest, ACommitThatTheServerRefusesIsRolledBack) {
  must(writer_->run_script(
      "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS"
      " 'BEGIN RAISE EXCEPTION ''no'' USING ERRCODE = ''23514''; END';"
      "CREATE CONSTRAINT TRIGGER at_commit AFTER INSERT ON item DEFERRABLE INITIALLY DEFERRED"
      " FOR EACH ROW EXECUTE FUNCTION refuse()"));
  must(writer_->begin());
  must(writer_->execute(insert_row, {Value::integer(2), Value::integer(20)}));
  const CommitResult result = writer_->commit();
  EXPECT_EQ(result.outcome, CommitOutcome::rolled_back);
  EXPECT_EQ(result.error->code, Errc::database_constraint);
  must(writer_->begin());
  must(writer_->execute(update_n, {Value::integer(11), Value::integer(1)}));
  must_commit(*writer_);
  EXPECT_EQ(integer_of(*writer_, count_rows), 1);
}

TEST_F(PostgresTest, LocksAndStatementsHaveLimits) {
  must(other_->begin());
  must(other_->execute(update_n, {Value::integer(11), Value::integer(1)}));
  EXPECT_EQ(integer_of(*other_, count_rows), 1);
  must(writer_->run_script("SET lock_timeout = '20ms'"));
  must(writer_->begin());
  must(writer_->execute(update_n, {Value::integer(12), Value::integer(1)}));
  const CommitResult result = writer_->commit();
  EXPECT_EQ(result.outcome, CommitOutcome::rolled_back);
  EXPECT_EQ(result.error->code, Errc::database_busy);
  must_commit(*other_);
  must(writer_->run_script("SET statement_timeout = '20ms'"));
  static constexpr Sql sleep("SELECT pg_sleep(60)");
  EXPECT_EQ(code_of(writer_->query(sleep, {}, ignore_rows)), Errc::database_busy);
  EXPECT_EQ(integer_of(*writer_, count_rows), 1);
}

TEST_F(PostgresTest, ErrorCodesOfTheServer) {
  struct Case {
    const char* state;
    Errc expected;
  };
  const Case cases[] = {
      {"40001", Errc::database_busy},
      {"40P01", Errc::database_busy},
      {"55P03", Errc::database_busy},
      {"57014", Errc::database_busy},
      {"53100", Errc::disk_full},
      {"53200", Errc::database_unavailable},
      {"08006", Errc::database_unavailable},
      {"57P01", Errc::database_unavailable},
      {"25P03", Errc::database_unavailable},
      {"23505", Errc::database_constraint},
      {"23514", Errc::database_constraint},
      {"58030", Errc::io_error},
      {"XX001", Errc::database_corrupt},
      {"XX000", Errc::database_error},
      {"22003", Errc::database_error},
      {"42601", Errc::database_error},
  };
  for (const Case& c : cases) {
    const std::string state = c.state;
    const Status status = writer_->run_script("DO $$ BEGIN RAISE EXCEPTION 'said' USING ERRCODE = '" + state +
                                              "', DETAIL = 'a secret row'; END $$");
    ASSERT_FALSE(status) << state;
    EXPECT_EQ(status.error().code, c.expected) << state;
    EXPECT_EQ(status.error().detail, "said (postgresql " + state + ")");
  }
}

TEST_F(PostgresTest, AParameterKeepsItsType) {
  must(writer_->begin());
  must(writer_->execute(insert_row, {Value::integer(2), Value::integer(20)}));
  EXPECT_THROW(static_cast<void>(writer_->execute(insert_row, {Value::integer(3), Value::text("20")})),
               InvariantViolation);
  must(writer_->execute(insert_row, {Value::integer(3), Value::null()}));
  must_commit(*writer_);
  EXPECT_EQ(integer_of(*writer_, count_rows), 3);
}

TEST(PostgresConnection, WhatCannotBeOpened) {
  struct Case {
    const char* name;
    const char* connection;
    const char* schema;
    Errc expected;
  };
  const Case cases[] = {
      {"not a connection string", "host secret", "jangbu", Errc::invalid_configuration},
      {"schema with a quote", "postgresql://127.0.0.1/x", "a\"b", Errc::invalid_configuration},
      {"schema in capitals", "postgresql://127.0.0.1/x", "Jangbu", Errc::invalid_configuration},
      {"schema with a digit first", "postgresql://127.0.0.1/x", "1a", Errc::invalid_configuration},
      {"no schema", "postgresql://127.0.0.1/x", "", Errc::invalid_configuration},
      {"nobody listens", "postgresql://me:secret@127.0.0.1:1/x", "jangbu", Errc::database_unavailable},
  };
  for (const Case& c : cases) {
    PostgresOptions options;
    options.connection = c.connection;
    options.schema = c.schema;
    const Result<std::unique_ptr<Database>> database = open_postgres(options);
    if (!database) {
      EXPECT_EQ(database.error().code, c.expected) << c.name;
      EXPECT_EQ(database.error().detail.find("secret"), std::string::npos) << c.name;
      continue;
    }
    EXPECT_EQ(database.value()->display_name(), "postgresql://127.0.0.1:1/x schema jangbu");
    EXPECT_EQ(database.value()->size_bytes(), 0U);
    const auto session = database.value()->open_writer();
    ASSERT_FALSE(session) << c.name;
    EXPECT_EQ(session.error().code, c.expected) << c.name;
    EXPECT_EQ(session.error().detail.find("secret"), std::string::npos) << c.name;
  }
}

}  // namespace
}  // namespace jangbu::store
