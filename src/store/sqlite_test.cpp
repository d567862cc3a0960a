// What only SQLite does: the data directory with its lock, reading what a server left behind, checkpoints.
#include <filesystem>
#include <fstream>
#include <string>

#include <sys/stat.h>

#include "store/sqlite/open.h"
#include "store/test_database.h"

namespace jangbu::store {
namespace {

using test::code_of;
using test::integer_of;
using test::must;
using test::must_commit;
namespace fs = std::filesystem;

constexpr Sql insert_one("INSERT INTO item (id, n) VALUES ($1, $2)");
constexpr Sql insert_data("INSERT INTO item (id, data) VALUES ($1, $2)");
constexpr Sql count_all("SELECT COUNT(*) FROM item");
constexpr std::string_view create_table = "CREATE TABLE item (id {ROWID_KEY}, n BIGINT, data {BLOB})";

class SqliteTest : public testing::Test {
 protected:
  [[nodiscard]] std::string directory() const { return temporary_.path() + "/data"; }
  [[nodiscard]] SqliteOptions options(bool read_only = false) const {
    SqliteOptions made;
    made.directory = directory();
    made.read_only = read_only;
    return made;
  }
  static void insert(WriterSession& writer, std::int64_t id) {
    must(writer.begin());
    must(writer.execute(insert_one, {Value::integer(id), Value::integer(id)}));
    must_commit(writer);
  }
  /// What a server that was killed leaves: the same files without their owner.
  [[nodiscard]] SqliteOptions copy_of_files(const std::string& name, bool with_index) const {
    SqliteOptions made;
    made.directory = temporary_.path() + "/" + name;
    made.read_only = true;
    fs::create_directory(made.directory);
    for (const char* file : {"jangbu.db", "jangbu.db-wal", "jangbu.db-shm", "lock"}) {
      if (!with_index && std::string_view(file) == "jangbu.db-shm") continue;
      fs::copy_file(directory() + "/" + file, made.directory + "/" + file);
    }
    return made;
  }

  test::TemporaryDirectory temporary_;
};

TEST_F(SqliteTest, OneWriterSessionForADirectory) {
  const auto first = must(open_sqlite(options()));
  const auto second = must(open_sqlite(options()));
  EXPECT_EQ(code_of(first->open_reader()), Errc::database_unavailable) << "nothing was created yet";
  auto writer = must(first->open_writer());
  EXPECT_TRUE(writer->holds_write_lock());
  for (const auto& database : {first.get(), second.get()}) {
    const auto refused = database->open_writer();
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::database_busy);
    EXPECT_NE(refused.error().detail.find(directory()), std::string::npos);
    EXPECT_NE(refused.error().detail.find("is another jangbu serving"), std::string::npos);
  }
  writer.reset();
  writer = must(second->open_writer());
  struct stat found {};
  ASSERT_EQ(stat(directory().c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777U, 0700U);
}

TEST_F(SqliteTest, ReadsBesideARunningServer) {
  const auto database = must(open_sqlite(options()));
  const auto writer = must(database->open_writer());
  must(writer->run_script(create_table));
  insert(*writer, 1);
  const auto verifying = must(open_sqlite(options(true)));
  const auto reader = must(verifying->open_reader());
  EXPECT_EQ(integer_of(*reader, count_all), 1);
  insert(*writer, 2);
  EXPECT_EQ(integer_of(*reader, count_all), 2);
  EXPECT_EQ(code_of(reader->run_script("DELETE FROM item")), Errc::database_error);
  EXPECT_EQ(code_of(verifying->open_writer()), Errc::database_error);
}

TEST_F(SqliteTest, ReadsWhatAStoppedServerLeftAndLeavesNothingBehind) {
  {
    const auto database = must(open_sqlite(options()));
    const auto writer = must(database->open_writer());
    must(writer->run_script(create_table));
    insert(*writer, 1);
  }
  EXPECT_FALSE(fs::exists(directory() + "/jangbu.db-wal")) << "a clean stop leaves one file";
  {
    const auto verifying = must(open_sqlite(options(true)));
    const auto reader = must(verifying->open_reader());
    must(reader->begin_snapshot());
    EXPECT_EQ(integer_of(*reader, count_all), 1);
    reader->end_snapshot();
    EXPECT_FALSE(fs::exists(directory() + "/jangbu.db-wal"));
    EXPECT_FALSE(fs::exists(directory() + "/jangbu.db-shm"));
    EXPECT_EQ(code_of(must(open_sqlite(options()))->open_writer()), Errc::database_busy)
        << "while it is being read";
  }
  EXPECT_TRUE(must(open_sqlite(options()))->open_writer().ok());
}

TEST_F(SqliteTest, ReadsWhatAKilledServerLeft) {
  const auto database = must(open_sqlite(options()));
  const auto writer = must(database->open_writer());
  must(writer->run_script(create_table));
  insert(*writer, 1);
  for (const bool with_index : {true, false}) {
    SCOPED_TRACE(with_index);
    const SqliteOptions copy = copy_of_files(with_index ? "with" : "without", with_index);
    const auto log_bytes = fs::file_size(copy.directory + "/jangbu.db-wal");
    {
      const auto verifying = must(open_sqlite(copy));
      const auto reader = must(verifying->open_reader());
      const auto another = must(verifying->open_reader());
      EXPECT_EQ(integer_of(*reader, count_all), 1);
      EXPECT_EQ(integer_of(*another, count_all), 1);
    }
    EXPECT_EQ(fs::file_size(copy.directory + "/jangbu.db-wal"), log_bytes) << "reading copies nothing";
    SqliteOptions serving = copy;
    serving.read_only = false;
    const auto again = must(must(open_sqlite(serving))->open_writer());
    EXPECT_EQ(integer_of(*again, count_all), 1);
  }
}

TEST_F(SqliteTest, WhatCannotBeOpened) {
  EXPECT_EQ(code_of(open_sqlite(options(true))), Errc::database_unavailable) << "nothing there to read";
  EXPECT_EQ(code_of(open_sqlite(SqliteOptions{})), Errc::invalid_configuration);
  SqliteOptions below_a_file;
  below_a_file.directory = temporary_.path() + "/file/data";
  std::ofstream(temporary_.path() + "/file") << "x";
  EXPECT_EQ(code_of(open_sqlite(below_a_file)), Errc::io_error);
  fs::create_directory(directory());
  std::ofstream(directory() + "/jangbu.db") << std::string(8192, 'x');
  EXPECT_EQ(code_of(must(open_sqlite(options()))->open_writer()), Errc::database_corrupt);
}

TEST_F(SqliteTest, FullDatabaseAndBusyDatabase) {
  const auto database = must(open_sqlite(options()));
  const auto writer = must(database->open_writer());
  must(writer->run_script(create_table));
  must(writer->run_script("PRAGMA max_page_count = 10"));
  const std::string data(100'000, 'x');
  must(writer->begin());
  EXPECT_EQ(code_of(writer->execute(insert_data, {Value::integer(1), Value::blob(data)})), Errc::disk_full);
  EXPECT_EQ(writer->commit().outcome, CommitOutcome::rolled_back);
  insert(*writer, 1);

  sqlite::ConnectionOptions second;
  second.path = directory() + "/jangbu.db";
  const auto intruder = must(sqlite::Connection::open(second));
  must(intruder->pragma("BEGIN IMMEDIATE"));
  must(writer->run_script("PRAGMA busy_timeout = 10"));
  EXPECT_EQ(code_of(writer->begin()), Errc::database_busy);
  must(intruder->pragma("ROLLBACK"));
  insert(*writer, 2);
  EXPECT_EQ(integer_of(*writer, count_all), 2);
}

TEST_F(SqliteTest, CheckpointsKeepTheLogShort) {
  for (const bool helper_thread : {true, false}) {
    SCOPED_TRACE(helper_thread);
    const test::TemporaryDirectory place;
    SqliteOptions here = options();
    here.directory = place.path();
    here.synchronous_full = false;
    const auto database = must(sqlite::open_with_policy(here, {helper_thread, 20, 10, 500}));
    const auto writer = must(database->open_writer());
    must(writer->run_script(create_table));
    const std::string data(20'000, 'x');
    for (std::int64_t id = 1; id <= 400; ++id) {
      must(writer->begin());
      must(writer->execute(insert_data, {Value::integer(id), Value::blob(data)}));
      must_commit(*writer);
      writer->after_commit();
    }
    const auto reader = must(database->open_reader());
    EXPECT_EQ(integer_of(*reader, count_all), 400);
    // Without checkpoints it would be 8 MB and more. When the helper gets its turn is the scheduler's
    // business.
    if (!helper_thread) {
      EXPECT_LT(fs::file_size(place.path() + "/jangbu.db-wal"), 4'000'000U);
    }
    std::string verdict;
    must(reader->query_text("PRAGMA integrity_check", {}, [&](const Row& row) {
      verdict = row.bytes(0);
      return false;
    }));
    EXPECT_EQ(verdict, "ok");
  }
}

TEST(SqliteInMemory, SharedBySessionsAndGoneInTheEnd) {
  for (int turn = 0; turn < 2; ++turn) {
    const auto database = must(open_sqlite_in_memory());
    auto writer = must(database->open_writer());
    must(writer->run_script(create_table));
    must(writer->begin());
    for (std::int64_t id = 1; id <= 1000; ++id) {
      must(writer->execute(insert_data, {Value::integer(id), Value::blob(std::string(1000, 'x'))}));
    }
    must_commit(*writer);
    writer->after_commit();
    const auto reader = must(database->open_reader());
    EXPECT_EQ(integer_of(*reader, count_all), 1000);
    EXPECT_EQ(code_of(reader->run_script("DELETE FROM item")), Errc::database_error);
    must(writer->begin());
    must(writer->execute(insert_one, {Value::integer(2000), Value::null()}));
    writer->rollback();
    EXPECT_EQ(integer_of(*reader, count_all), 1000);
    EXPECT_TRUE(writer->holds_write_lock());
    writer.reset();
    writer = must(database->open_writer());
    EXPECT_EQ(integer_of(*writer, count_all), 1000);
    const auto another = must(open_sqlite_in_memory());
    EXPECT_EQ(code_of(must(another->open_writer())->query(count_all, {}, [](const Row&) { return true; })),
              Errc::database_error);
  }
}

}  // namespace
}  // namespace jangbu::store
