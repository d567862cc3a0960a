#include "engine/verify.h"

#include <algorithm>
#include <chrono>
#include <fstream>
#include <iterator>
#include <thread>

#include <gtest/gtest.h>

#include "engine/engine.h"
#include "engine/rebuild.h"
#include "engine/schema.h"
#include "engine/secrets.h"
#include "engine/testing/book.h"
#include "engine/testing/shelf.h"
#include "store/test_database.h"

namespace jangbu::engine {
namespace {

using testing::Outcome;
using testing::Put;

/// A book with rows in every table: things, taken and not, tallies, events, keys that wait and keys that do
/// not.
struct VerifyTest : ::testing::TestWithParam<const char*> {
  void SetUp() override {
    if (!place.open(GetParam())) GTEST_SKIP() << "no " << GetParam() << " here";
    WriterOptions options;
    options.deferred_keys = 8;
    options.recovered_at_once = 5;
    fixture.emplace(testing::only_a_shelf(faults), place.database(), options);
    for (int i = 0; i < 24; ++i) {
      Outcome outcome;
      fixture->run_each(std::make_unique<Put>(
          testing::Thing{"thing " + std::to_string(i), i, i < 6 ? 1 : 1000 + i, i % 4 == 0 ? "mail" : ""},
          outcome));
      ASSERT_TRUE(outcome.succeeded());
    }
    fixture->clock.advance(Duration::seconds(10));
    fixture->run_due_work();
    ASSERT_EQ(fixture->verify(), "");
    ASSERT_TRUE(fixture->writer->publish_url("http://127.0.0.1:1").ok());
    fixture->writer->release();
    {
      const auto session = place.database().open_writer().value();
      store::test::must(session->begin());
      store::test::must(write_secret(*session, "signer:x", "sealed"));
      store::test::must_commit(*session);
    }
    ASSERT_EQ(fixture->verify(), "");
  }
  /// Changes the database behind the engine's back.
  void tamper(const std::string& sql) {
    const auto session = place.database().open_writer().value();
    store::test::must(session->begin());
    const Status changed = session->run_script(sql);
    ASSERT_TRUE(changed.ok()) << to_string(changed.error()) << "\n" << sql;
    store::test::must_commit(*session);
  }
  /// Whether verify fails and says all of `words`.
  void expect_found(const std::vector<std::string>& words) {
    const std::string found = fixture->verify();
    EXPECT_NE(found, "") << "nothing was found";
    for (const std::string& word : words) EXPECT_NE(found.find(word), std::string::npos) << found;
  }
  [[nodiscard]] bool on_sqlite() const { return std::string(GetParam()) == "sqlite"; }
  /// The bytes of `column` with the last one changed.
  [[nodiscard]] std::string changed_bytes(const std::string& column) const {
    const std::string n = "length(" + column + ")";
    if (on_sqlite())
      return "CAST(substr(" + column + ", 1, " + n + " - 1) || CASE WHEN hex(substr(" + column + ", " + n +
             ", 1)) = '58' THEN x'59' ELSE x'58' END AS BLOB)";
    return "set_byte(" + column + ", " + n + " - 1, (get_byte(" + column + ", " + n + " - 1) + 1) % 256)";
  }

  testing::ShelfFaults faults;
  store::test::TestDatabase place;
  std::optional<testing::WriterFixture> fixture;
};

struct Compared {
  std::string table;
  std::string column;
  bool is_bytes;
  bool is_key;
};

/// Every column of every compared table, from the same specification that verify reads.
std::vector<Compared> compared_columns(std::span<const TableSpec> specs) {
  std::vector<Compared> found;
  for (const TableSpec& spec : specs) {
    std::string name;
    std::size_t index = 0;
    const auto end_column = [&] {
      const bool is_bytes = name.ends_with('*');
      if (is_bytes) name.pop_back();
      found.push_back({std::string(spec.name), name, is_bytes, index++ < spec.key_columns});
      name.clear();
    };
    for (const char c : spec.columns) {
      if (c == ',') {
        end_column();
      } else if (c != ' ') {
        name += c;
      }
    }
    end_column();
  }
  return found;
}

TEST_P(VerifyTest, EveryColumnOfEveryTable) {
  auto columns = compared_columns(tables());
  const auto proven = compared_columns(proven_tables());
  columns.insert(columns.end(), proven.begin(), proven.end());
  for (const auto& each : compared_columns(testing::Shelf(faults).tables())) columns.push_back(each);
  ASSERT_GT(columns.size(), 25U);
  for (const Compared& each : columns) {
    SCOPED_TRACE(each.table + "." + each.column);
    const std::string first_key = std::find_if(columns.begin(), columns.end(), [&](const Compared& other) {
                                    return other.table == each.table;
                                  })->column;
    const std::string table = each.table;
    if (table == "engine_recovery" && !on_sqlite()) continue;  // no entry waits there, so nothing is noted
    // One row, the last by its key; and a change that stays within the column's type and constraints.
    const std::string where = " WHERE " + first_key + " = (SELECT " + first_key + " FROM " + table +
                              " ORDER BY " + first_key + " DESC LIMIT 1)";
    const std::string change = each.column == "module" ? "'moduls'"
                               : each.is_bytes         ? changed_bytes(each.column)
                                                       : each.column + " + 1";
    tamper("CREATE TABLE kept AS SELECT * FROM " + table + "; UPDATE " + table + " SET " + each.column +
           " = " + change + where);
    if (table == "engine_head" && each.column == "id") {
      expect_found({"engine_head"});
    } else if (table == "engine_head" && each.column == "number") {
      expect_found({"engine_records", "is missing"});
    } else if (table == "engine_head" && each.column == "hash") {
      expect_found({"engine_head", "hash"});
    } else if (std::any_of(proven.begin(), proven.end(),
                           [&](const Compared& other) { return other.table == table; })) {
      expect_found({table + ": the row ", "was changed"});
    } else if (each.is_key) {
      expect_found({table + ": the row ", each.column + " "});
    } else {
      expect_found({table + ": row ", ": " + each.column + " is ", "the records say"});
    }
    tamper("DELETE FROM " + table + "; INSERT INTO " + table + " SELECT * FROM kept; DROP TABLE kept");
    ASSERT_EQ(fixture->verify(), "") << "the change was taken back";
  }
}

struct Tampering {
  const char* name;
  const char* sql;  // {BLOB 58} is a blob of this byte
  std::vector<std::string> words;
};

TEST_P(VerifyTest, RowsAndRecords) {
  const std::vector<Tampering> rows = {
      {"a missing record",
       "DELETE FROM engine_records WHERE number = 5",
       {"engine_records: record 5 is missing"}},
      {"the first record missing",
       "DELETE FROM engine_records WHERE number = 1",
       {"engine_records: record 1 is missing"}},
      {"the last record missing",
       "DELETE FROM engine_records WHERE number = (SELECT MAX(number) FROM engine_records)",
       {"engine_records", "is missing"}},
      {"a record beyond the head",
       "INSERT INTO engine_records SELECT number + 1, hash, body, seal FROM engine_records WHERE number = "
       "(SELECT MAX(number) FROM engine_records)",
       {"engine_records: it has "}},
      {"a record before the first",
       "INSERT INTO engine_records SELECT 0, hash, body, seal FROM engine_records WHERE number = 1",
       {"engine_records: it has "}},
      {"a body", "UPDATE engine_records SET body = {CHANGED body} WHERE number = 7", {"record 7", "hash"}},
      {"the genesis' body",
       "UPDATE engine_records SET body = {CHANGED body} WHERE number = 1",
       {"record 1", "hash"}},
      {"a body that does not read", "UPDATE engine_records SET body = {BLOB} WHERE number = 7", {"record 7"}},
      {"a hash", "UPDATE engine_records SET hash = {CHANGED hash} WHERE number = 7", {"record 7", "hash"}},
      {"a hash of another length",
       "UPDATE engine_records SET hash = {BLOB} WHERE number = 7",
       {"record 7", "hash"}},
      {"a seal", "UPDATE engine_records SET seal = {CHANGED seal} WHERE number = 7", {"record 7", "seal"}},
      {"no seal", "UPDATE engine_records SET seal = {EMPTY} WHERE number = 7", {"record 7", "seal"}},
      {"a seal where there is none to be",
       "UPDATE engine_records SET seal = {BLOB} WHERE number = 1",
       {"record 1", "seal"}},
      {"a seal on a projection's record that carries none",
       "UPDATE engine_records SET seal = {BLOB} WHERE number = (SELECT MAX(number) FROM "
       "engine_records WHERE seal = {EMPTY})",
       {"a seal where there is none to be"}},
      {"two records swapped",
       "UPDATE engine_records SET number = -1 WHERE number = 4; UPDATE engine_records SET number = 4 WHERE "
       "number = 5; "
       "UPDATE engine_records SET number = 5 WHERE number = -1",
       {"record 4"}},
      {"a row too many",
       "INSERT INTO shelf_things (record, sequence, name, value) VALUES (999, 999, {BLOB}, 1)",
       {"shelf_things: the row record 999 comes from no record"}},
      {"a row too few",
       "DELETE FROM shelf_things WHERE record = 3",
       {"shelf_things: the row record 3 is missing"}},
      {"all rows", "DELETE FROM shelf_taken", {"shelf_taken: the row", "is missing"}},
      {"a counter too many",
       "INSERT INTO engine_counters (id, value) VALUES (9, 1)",
       {"engine_counters: the row id 9 comes from no record"}},
      {"due work done in secret", "DELETE FROM engine_due", {"engine_due: the row", "is missing"}},
      {"an event that nobody sent",
       "DELETE FROM engine_outbox WHERE id = 2",
       {"engine_outbox: the row id 2 is missing"}},
      {"the head", "DELETE FROM engine_head", {"engine_head: there is no head"}},
      {"a key too many",
       "INSERT INTO engine_keys (digest, number) VALUES ({BLOB}, 3)",
       {"engine_keys: the digest 0x58 comes from no record"}},
      {"a key that leads astray",
       "UPDATE engine_keys SET number = number + 1 WHERE number = (SELECT MIN(number) FROM engine_keys)",
       {"engine_keys", "leads to record"}},
      {"a missing key",
       "DELETE FROM engine_keys WHERE number = (SELECT MIN(number) FROM engine_keys)",
       {"engine_keys", "is missing"}},
      {"another key", "UPDATE engine_keys SET digest = {CHANGED digest} WHERE number = 2", {"engine_keys"}},
  };
  for (const Tampering& row : rows) {
    SCOPED_TRACE(row.name);
    std::string sql = row.sql;
    const auto replace = [&](const std::string& what, const std::string& with) {
      for (auto at = sql.find(what); at != std::string::npos; at = sql.find(what))
        sql.replace(at, what.size(), with);
    };
    replace("{BLOB}", on_sqlite() ? "x'58'" : "'\\x58'::bytea");
    replace("{EMPTY}", on_sqlite() ? "x''" : "'\\x'::bytea");
    for (const char* column : {"body", "hash", "seal", "digest"})
      replace("{CHANGED " + std::string(column) + "}", changed_bytes(column));
    std::vector<std::string> tables_kept = {"engine_records", "engine_head",   "engine_counters",
                                            "engine_due",     "engine_outbox", "engine_keys",
                                            "shelf_things",   "shelf_taken"};
    std::string keep;
    std::string restore;
    for (const std::string& table : tables_kept) {
      keep += "CREATE TABLE kept_" + table + " AS SELECT * FROM " + table + ";";
      restore += "DELETE FROM " + table + "; INSERT INTO " + table + " SELECT * FROM kept_" + table +
                 "; DROP TABLE kept_" + table + ";";
    }
    tamper(keep + sql);
    expect_found(row.words);
    tamper(restore);
    ASSERT_EQ(fixture->verify(), "") << "the change was taken back";
  }
}

TEST_P(VerifyTest, ABookOfAnotherVersionSaysSo) {
  const std::string kept = on_sqlite() ? "x'58'" : "'\\x58'::bytea";
  tamper("CREATE TABLE kept AS SELECT * FROM schema_migration");
  const auto back = [&] {
    tamper("DELETE FROM schema_migration; INSERT INTO schema_migration SELECT * FROM kept; DROP TABLE kept");
    ASSERT_EQ(fixture->verify(), "");
    tamper("CREATE TABLE kept AS SELECT * FROM schema_migration");
  };
  const auto engine = static_cast<int>(migrations().size());
  const std::string all = std::to_string(engine + 1);
  tamper("DELETE FROM schema_migration WHERE module = 'shelf'");
  expect_found({"invalid_configuration",
                "the book has schema " + std::to_string(engine) + ", this program schema " + all,
                "(shelf 0 against 1)", "start `jangbu serve` of this program on it first"});
  back();
  tamper("INSERT INTO schema_migration (module, version, script) VALUES ('shelf', 2, " + kept + ")");
  expect_found({"the book has schema " + std::to_string(engine + 2) + ", this program schema " + all,
                "(shelf 2 against 1)", "verify it with the program that serves it"});
  tamper("DELETE FROM schema_migration WHERE module = 'engine'");
  expect_found({"verification_failed", "schema_migration: the row module"});
  back();
  tamper("INSERT INTO schema_migration (module, version, script) VALUES ('attic', 1, " + kept + ")");
  expect_found({"(attic 1 against 0)"});
  back();
  tamper("UPDATE schema_migration SET script = " + kept + " WHERE module = 'shelf'");
  expect_found({"verification_failed", "schema_migration: row module", "script"});
}

TEST_P(VerifyTest, ValuesOfAnotherType) {
  if (!on_sqlite()) GTEST_SKIP() << "PostgreSQL's columns have their types";
  const std::vector<Tampering> rows = {
      {"a number", "UPDATE shelf_taken SET at = 'soon'", {"shelf_taken", "at"}},
      {"a blob", "UPDATE shelf_things SET name = 12 WHERE record = 2", {"shelf_things", "name"}},
      {"a fraction", "UPDATE engine_counters SET value = 0.5", {"engine_counters", "value"}},
      {"a key's number", "UPDATE engine_keys SET number = 'x'", {"verification_failed", "engine_keys"}},
      {"the head", "UPDATE engine_head SET number = 'x'", {"verification_failed", "engine_head"}},
      {"a body",
       "UPDATE engine_records SET body = 1 WHERE number = 3",
       {"engine_records: record 3 is not stored as bytes"}},
      {"a body's text",
       "UPDATE engine_records SET body = CAST(body AS TEXT) WHERE number = 3",
       {"engine_records: record 3 is not stored as bytes"}},
      {"a seal's text",
       "UPDATE engine_records SET seal = '' WHERE seal = x''",
       {"engine_records: record", "is not stored as bytes"}},
      {"a text in place of bytes",
       "UPDATE shelf_things SET name = CAST(name AS TEXT) WHERE record = 2",
       {"shelf_things: row record 2: name is the text 0x"}},
      {"bytes in place of a text",
       "UPDATE schema_migration SET module = CAST(module AS BLOB) WHERE module = 'shelf'",
       {"schema_migration: the row module"}},
      {"the head's hash as a text", "UPDATE engine_head SET hash = CAST(hash AS TEXT)", {"engine_head"}},
      {"a digest's text",
       "UPDATE engine_keys SET digest = CAST(digest AS TEXT) WHERE number = 3",
       {"engine_keys: a value is of another type"}},
      {"a proven key's text",
       "UPDATE engine_secrets SET name = CAST(name AS TEXT)",
       {"engine_secrets: the row name the text 0x", "was changed"}},
      {"a proof's text",
       "UPDATE engine_secrets SET proof = CAST(proof AS TEXT)",
       {"engine_secrets: the row", "was changed"}},
  };
  for (const Tampering& row : rows) {
    SCOPED_TRACE(row.name);
    const std::string table = std::string(row.sql).substr(7, std::string(row.sql).find(' ', 7) - 7);
    tamper("CREATE TABLE kept AS SELECT * FROM " + table);
    tamper(row.sql);
    expect_found(row.words);
    tamper("DELETE FROM " + table + "; INSERT INTO " + table + " SELECT * FROM kept; DROP TABLE kept");
    ASSERT_EQ(fixture->verify(), "");
  }
}

TEST_P(VerifyTest, TheSchema) {
  struct Change {
    const char* name;
    std::string sql;
    std::string back;
    std::string words;
  };
  const std::string queue = "CREATE INDEX engine_outbox_queue ON engine_outbox (id) WHERE state = 0;";
  std::vector<Change> rows = {
      {"an index less", "DROP INDEX engine_outbox_queue", queue,
       "engine_outbox: the index engine_outbox_queue is missing"},
      {"an index more", "CREATE UNIQUE INDEX spare ON shelf_things (sequence)", "DROP INDEX spare",
       "shelf_things: the index spare comes from no migration"},
      {"a view", "CREATE VIEW seen AS SELECT * FROM shelf_things", "DROP VIEW seen",
       "seen: the view seen comes from no migration"},
      {"a table", "CREATE TABLE attic (id BIGINT PRIMARY KEY)", "DROP TABLE attic",
       "attic: the table comes from no migration"},
      {"an index of the same name on another table",
       "DROP INDEX engine_outbox_queue; CREATE INDEX engine_outbox_queue ON shelf_things (sequence)",
       "DROP INDEX engine_outbox_queue;" + queue,
       "engine_outbox: the index engine_outbox_queue is not the one that this program's migrations make"},
      {"a table's name", "ALTER TABLE shelf_taken RENAME TO shelf_lost", "",
       "shelf_taken: the table is missing"},
  };
  if (on_sqlite()) {
    rows.insert(
        rows.begin(),
        {{"an index over other columns",
          "DROP INDEX engine_outbox_queue; CREATE INDEX engine_outbox_queue ON engine_outbox (record)",
          "DROP INDEX engine_outbox_queue;" + queue,
          "engine_outbox: the index engine_outbox_queue is not the one that this program's "
          "migrations make"},
         {"a trigger", "CREATE TRIGGER quiet AFTER INSERT ON shelf_things BEGIN SELECT 1; END",
          "DROP TRIGGER quiet", "shelf_things: the trigger quiet comes from no migration"}});
  } else {
    rows.insert(
        rows.begin(),
        {"a trigger",
         "CREATE FUNCTION quiet() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; CREATE "
         "TRIGGER quiet AFTER INSERT ON shelf_things FOR EACH ROW EXECUTE FUNCTION quiet()",
         "DROP TRIGGER quiet ON shelf_things; DROP FUNCTION quiet()",
         "shelf_things: the trigger quiet comes from no migration"});
  }
  tamper("ANALYZE");
  ASSERT_EQ(fixture->verify(), "") << "statistics are the database's own";
  for (const Change& row : rows) {
    SCOPED_TRACE(row.name);
    tamper(row.sql);
    expect_found({"verification_failed", row.words});
    if (row.back.empty()) return;
    tamper(row.back);
    ASSERT_EQ(fixture->verify(), "") << "the change was taken back";
  }
}

TEST_P(VerifyTest, AChangedBitInTheFile) {
  if (!on_sqlite()) GTEST_SKIP() << "PostgreSQL's files are its own";
  const std::string path = place.directory() + "/data/jangbu.db";
  const auto read = [&] {
    std::ifstream file(path, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(file), {});
  };
  const std::string before = read();
  // The table has the key, and so has the table's index: SQLite reads whichever it likes.
  std::size_t places = 0;
  for (std::size_t at = before.find("signer:x"); at != std::string::npos;
       at = before.find("signer:x", at + 1)) {
    SCOPED_TRACE(at);
    const auto write = [&](char byte) {
      std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
      file.seekp(static_cast<std::streamoff>(at));
      file.put(byte);
    };
    write('t');
    expect_found({"verification_failed", "engine_secrets"});
    write('s');
    ++places;
  }
  EXPECT_EQ(places, 2U);
  EXPECT_EQ(read(), before);
  EXPECT_EQ(fixture->verify(), "");
}

TEST_P(VerifyTest, ARebuiltBookVerifiesAndGoesOn) {
  store::test::TestDatabase other;
  ASSERT_TRUE(other.open(GetParam()));
  const auto source = place.database().open_reader().value();
  {
    const auto target = other.database().open_writer().value();
    ASSERT_TRUE(target->try_write_lock().value());
    Projections fresh = testing::only_a_shelf(faults)();
    Rebuild rebuild(*target, fresh, Records::kept);
    store::test::must(rebuild.begin());
    store::test::must(each_stored_record(*source, 1, 9999, [&](const Record& record) {
      store::test::must(rebuild.apply(record));
      return true;
    }));
    store::test::must(rebuild.finish());
    EXPECT_EQ(rebuild.head().hash, load_head(*source)->hash);
    Projections again = testing::only_a_shelf(faults)();
    Rebuild second(*target, again, Records::kept);
    const Status refused = second.begin();
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().code, Errc::already_exists);
    target->rollback();
  }
  testing::WriterFixture rebuilt(testing::only_a_shelf(faults), other.database());
  EXPECT_EQ(rebuilt.verify(), "");
  Outcome repeat, conflict, fresh;
  rebuilt.clock.advance(Duration::seconds(10));
  rebuilt.run_each(std::make_unique<Put>(testing::Thing{"thing 1", 1, 1, ""}, repeat),
                   std::make_unique<Put>(testing::Thing{"thing 1", 2, 1, ""}, conflict),
                   std::make_unique<Put>(testing::Thing{"new", 2, 1, ""}, fresh));
  EXPECT_TRUE(repeat.succeeded());
  EXPECT_TRUE(conflict.failed_with(Errc::already_exists));
  EXPECT_TRUE(fresh.succeeded());
  EXPECT_EQ(rebuilt.verify(), "");
}

TEST_P(VerifyTest, ARestartKnowsEveryKey) {
  fixture->restart();
  for (int i = 0; i < 24; ++i) {
    Outcome repeat, conflict;
    fixture->run_each(
        std::make_unique<Put>(
            testing::Thing{"thing " + std::to_string(i), i, i < 6 ? 1 : 1000 + i, i % 4 == 0 ? "mail" : ""},
            repeat),
        std::make_unique<Put>(testing::Thing{"thing " + std::to_string(i), i + 1, 1, ""}, conflict));
    EXPECT_TRUE(repeat.succeeded()) << i;
    EXPECT_TRUE(conflict.failed_with(Errc::already_exists)) << i;
  }
  EXPECT_EQ(fixture->verify(), "");
}

/// The shelf of the next version, which keeps a table that old books have not.
class NextShelf final : public testing::Shelf {
 public:
  using Shelf::Shelf;
  [[nodiscard]] std::span<const store::Migration> migrations() const override {
    static const std::vector<store::Migration> list = [this] {
      std::vector<store::Migration> all(Shelf::migrations().begin(), Shelf::migrations().end());
      all.push_back({"shelf", 2, R"sql(
DROP TABLE shelf_things;
CREATE TABLE shelf_things (record {ROWID_KEY}, sequence BIGINT NOT NULL, name {BLOB} NOT NULL, value BIGINT NOT NULL);
CREATE UNIQUE INDEX shelf_sequence ON shelf_things (sequence);
)sql",
                     store::Tables::made_anew});
      return all;
    }();
    return list;
  }
};

TEST_P(VerifyTest, AnUpgradeMakesTheTablesAnew) {
  const Head before = load_head(*place.database().open_reader().value()).value();
  const auto next = [this] {
    Projections list;
    list.push_back(std::make_unique<NextShelf>(faults));
    return list;
  };
  {
    // A node that takes over while others run does not do it: those who look at its projections are there
    // already.
    Projections waiting = next();
    Writer follower(place.database(), waiting, fixture->clock, fixture->random, fixture->fork_join, {});
    Result<bool> refused = follower.acquire();
    while (refused.ok() && !*refused) refused = follower.acquire();
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().code, Errc::invalid_configuration);
  }
  testing::WriterFixture upgraded(next, place.database());
  EXPECT_EQ(upgraded.verify(), "");
  EXPECT_EQ(upgraded.writer->head().hash, before.hash) << "the records stay as they are";
  Outcome repeat, fresh;
  upgraded.clock.advance(Duration::seconds(10));
  upgraded.run_each(std::make_unique<Put>(testing::Thing{"thing 1", 1, 1, ""}, repeat),
                    std::make_unique<Put>(testing::Thing{"new", 2, 1, ""}, fresh));
  EXPECT_TRUE(repeat.succeeded());
  EXPECT_TRUE(fresh.succeeded());
  upgraded.restart();
  EXPECT_EQ(upgraded.verify(), "");
}

TEST_P(VerifyTest, AnUpgradeWaitsForTheServerThatEnds) {
  if (on_sqlite()) GTEST_SKIP() << "there the second server is refused at once";
  fixture->restart();
  std::thread ending([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    fixture->writer->release();
  });
  Projections list;
  list.push_back(std::make_unique<NextShelf>(faults));
  const auto engine =
      Engine::start(place.database(), std::move(list), fixture->clock, fixture->random, {}, nullptr);
  ending.join();
  ASSERT_TRUE(engine.ok()) << to_string(engine.error());
  EXPECT_TRUE((*engine)->is_writer());
}

TEST_P(VerifyTest, RebuildRefusesRecordsThatDoNotFollow) {
  const auto source = place.database().open_reader().value();
  std::vector<Record> records;
  store::test::must(each_stored_record(*source, 1, 4, [&](const Record& record) {
    records.push_back(record);
    return true;
  }));
  struct Row {
    const char* name;
    std::function<void(Record&)> change;
    const char* word;
  };
  const std::vector<Row> rows = {
      {"number", [](Record& r) { ++r.number; }, "gaps"},
      {"batch", [](Record& r) { ++r.batch; }, "batch"},
      {"business time", [](Record& r) { r.recorded_at = Instant{0}; }, "time goes back"},
      {"times of its batch", [&](Record& r) { r.batch = records[2].batch, ++r.wall_at.us; }, "times"},
      {"kind", [](Record& r) { r.kind = 9999; }, "kind 9999"},
      {"sequence",
       [](Record& r) {
         r.payload = testing::encode_thing({"x", 1, {}, {}}, 77);
       },
       "out of order"},
      {"payload", [](Record& r) { r.payload += "x"; }, "reads back"},
      {"a constraint",
       [](Record& r) {
         r.payload = testing::encode_thing({"x", -1, {}, {}}, 3);
       },
       ""},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    const auto scratch = store::open_sqlite_in_memory().value();
    const auto session = scratch->open_writer().value();
    Projections fresh = testing::only_a_shelf(faults)();
    Rebuild rebuild(*session, fresh, Records::left_out);
    store::test::must(rebuild.begin());
    for (int i = 0; i < 3; ++i) store::test::must(rebuild.apply(records[static_cast<std::size_t>(i)]));
    Record changed = records[3];
    row.change(changed);
    Status refused = rebuild.apply(changed);
    if (refused) refused = rebuild.finish();
    ASSERT_FALSE(refused.ok());
    EXPECT_NE(refused.error().detail.find(row.word), std::string::npos) << refused.error().detail;
  }
}

INSTANTIATE_TEST_SUITE_P(Databases, VerifyTest, ::testing::ValuesIn(store::test::database_kinds),
                         [](const auto& each) { return std::string(each.param); });

}  // namespace
}  // namespace jangbu::engine
