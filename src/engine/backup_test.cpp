#include "engine/backup.h"

#include <array>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "engine/secrets.h"
#include "engine/testing/book.h"
#include "engine/verify.h"
#include "engine/writer.h"
#include "store/test_database.h"

namespace jangbu::engine {
namespace {

using store::Value;
using store::test::code_of;
using store::test::must;
using store::test::TestDatabase;

constexpr RecordKind note_kind = 200;
constexpr std::string_view good_seal = "signed";

/// The smallest book: notes, each with a key and a row; its seal is a word.
class Notes final : public Projection {
 public:
  [[nodiscard]] std::string_view name() const override { return "notes"; }
  [[nodiscard]] std::span<const store::Migration> migrations() const override {
    static constexpr std::array list = {store::Migration{
        "notes", 1,
        "CREATE TABLE notes (record {ROWID_KEY}, text {BLOB} NOT NULL, noted_at BIGINT NOT NULL)"}};
    return list;
  }
  [[nodiscard]] std::span<const TableSpec> tables() const override {
    static constexpr std::array list = {TableSpec{"notes", "record, text*, noted_at"}};
    return list;
  }
  [[nodiscard]] bool owns(RecordKind kind) const override { return kind == note_kind; }
  [[nodiscard]] bool seals(RecordKind) const override { return true; }
  void apply(Unit&, const Record& record) override { added_.push_back(record); }
  void keys_of(const Record& record, std::vector<KeyDigest>& out) const override {
    out.push_back(key_digest(KeyScope::purchase, 0, record.payload));
  }
  void flush(Unit& unit) override {
    static const store::Sql sql{"INSERT INTO notes (record, text, noted_at) VALUES ($1, $2, $3)"};
    for (const Record& record : added_)
      throw_if_failed(unit.session().execute(sql, {Value::number(record.number), Value::blob(record.payload),
                                                   Value::integer(record.recorded_at.us)}));
  }
  void committed() override { added_.clear(); }
  void discard() override { added_.clear(); }
  [[nodiscard]] Status check(const Record& record) const override {
    if (record.seal == good_seal) return {};
    return Error(Errc::verification_failed, "record " + std::to_string(record.number) + ": not signed");
  }

 private:
  std::vector<Record> added_;
};

class AddNote final : public Command {
 public:
  explicit AddNote(std::string text) : text_(std::move(text)) {}
  Decision decide(Unit&) override { return Accept{note_kind, text_}; }
  Status write_beside(store::Session& session) override {
    return write_secret(session, "of " + text_, "sealed " + text_);
  }
  Bytes seal(const Record&) override { return Bytes(good_seal); }

 private:
  std::string text_;
};

Projections only_notes() {
  Projections list;
  list.push_back(std::make_unique<Notes>());
  return list;
}

void no_progress(std::uint64_t, std::uint64_t) {}

/// A writer on a database, as a node has one.
struct Node {
  explicit Node(store::Database& database, const Clock& clock)
      : projections(only_notes()), writer(database, projections, clock, random, fork_join, {}) {
    INVARIANT(must(writer.acquire()), "the test's node is the writer");
  }
  void add(const std::string& text) {
    std::vector<std::unique_ptr<Command>> commands;
    commands.push_back(std::make_unique<AddNote>(text));
    writer.run(std::move(commands));
  }
  testing::CountingRandom random;
  ForkJoin fork_join{0};
  Projections projections;
  Writer writer;
};

std::string read_all(const std::string& path) {
  std::ostringstream out;
  out << std::ifstream(path, std::ios::binary).rdbuf();
  return out.str();
}

void write_all(const std::string& path, const std::string& content) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << content;
}

/// A book of a few notes on SQLite, and room for its backup.
struct BackupTest : ::testing::TestWithParam<const char*> {
  void SetUp() override {
    ASSERT_TRUE(source.open("sqlite"));
    Node node(source.database(), clock);
    for (const char* text : {"one", "two", "three"}) {
      node.add(text);
      clock.advance(Duration::seconds(60));
    }
    root = node.writer.head();
    file = source.directory() + "/backup";
  }
  Result<BackupManifest> back_up(Overwrite overwrite = Overwrite::no) {
    return backup(source.database(), clock, file, overwrite, no_progress);
  }
  Result<Restored> restore_into(store::Database& database, Commits commits = Commits::now_and_then) {
    const auto session = must(database.open_writer());
    Projections projections = only_notes();
    ForkJoin fork_join(1);
    return restore(file, *session, projections, fork_join, clock, commits, no_progress);
  }
  [[nodiscard]] Result<BackupManifest> verify_file() const {
    ForkJoin fork_join(1);
    return verify_backup(file, only_notes(), fork_join, no_progress);
  }
  static std::string verify_book(store::Database& database) {
    ForkJoin fork_join(0);
    Projections projections = only_notes();
    const auto verified =
        verify(database, projections, fork_join, [](std::string_view, std::uint64_t, std::uint64_t) {});
    return verified ? std::string() : to_string(verified.error());
  }
  static bool has_book(store::Database& database) {
    const auto session = database.open_reader();
    return session.ok() && load_head(**session).ok();
  }

  testing::ManualClock clock{testing::example_moment};
  TestDatabase source;
  Head root;
  std::string file;
};

TEST_F(BackupTest, AManifestSaysWhatIsInTheFile) {
  const BackupManifest manifest = must(back_up());
  EXPECT_EQ(manifest.database, "sqlite");
  EXPECT_EQ(manifest.created_at, clock.wall_now());
  EXPECT_EQ(manifest.epoch, 1U);
  EXPECT_EQ(manifest.records, 4U);  // the genesis and three notes
  EXPECT_EQ(manifest.root_hash, root.hash);
  EXPECT_EQ(manifest.business_at, root.business_at);
  EXPECT_EQ(must(verify_file()), manifest);
  EXPECT_TRUE(is_backup_file(file));
  EXPECT_FALSE(std::filesystem::exists(file + ".new"));
  EXPECT_EQ(std::filesystem::status(file).permissions(),
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

TEST_P(BackupTest, ARestoredBookGoesOnInANewEpoch) {
  must(back_up());
  TestDatabase target;
  if (!target.open(GetParam())) GTEST_SKIP() << "no " << GetParam() << " here";
  clock.advance(Duration::days(30));
  const Head head = must(restore_into(target.database(), Commits::once)).head;
  EXPECT_EQ(head.epoch, 2U);
  EXPECT_EQ(head.number, root.number + 1);
  EXPECT_EQ(head.business_at, root.business_at) << "what fell due since would be late";
  EXPECT_EQ(head.offset, root.offset);
  EXPECT_EQ(code_of(restore_into(target.database())), Errc::already_exists) << "restored over a book";
  EXPECT_EQ(verify_book(target.database()), "");
  const auto session = must(target.database().open_reader());
  EXPECT_EQ(must(load_record(*session, root.number)).hash, root.hash);
  EXPECT_EQ(must(load_record(*session, root.number + 1)).kind, epoch_kind);
  const auto secrets = must(read_secrets(*session));
  ASSERT_EQ(secrets.size(), 3U);
  EXPECT_EQ(secrets.front().name, "of one");
  EXPECT_EQ(secrets.front().sealed, "sealed one");
  const store::Sql through{"SELECT keys_through FROM engine_recovery"};
  EXPECT_EQ(store::test::integer_of(*session, through), static_cast<std::int64_t>(root.number + 1));

  // It is a book like any other: it takes notes, is backed up and restored again.
  {
    Node node(target.database(), clock);
    node.add("four");
    EXPECT_EQ(node.writer.head().number, root.number + 2);
    node.writer.settle();
  }
  EXPECT_EQ(verify_book(target.database()), "");
  const auto again = backup(target.database(), clock, file, Overwrite::yes, no_progress);
  EXPECT_EQ(must(again).database, GetParam());
  EXPECT_EQ(must(again).epoch, 2U);
  const auto third = must(store::open_sqlite_in_memory());
  EXPECT_EQ(must(restore_into(*third)).head.epoch, 3U);
  EXPECT_EQ(verify_book(*third), "");
}
INSTANTIATE_TEST_SUITE_P(Targets, BackupTest, ::testing::ValuesIn(store::test::database_kinds));

TEST_F(BackupTest, NothingIsOverwrittenUnasked) {
  write_all(file, "precious");
  EXPECT_EQ(code_of(back_up()), Errc::already_exists);
  EXPECT_EQ(read_all(file), "precious");
  must(back_up(Overwrite::yes));
  must(verify_file());
}

TEST_F(BackupTest, WhatAKilledBackupLeftIsWrittenAnew) {
  write_all(file + ".new", std::string(100'000, 'x'));
  must(back_up());
  must(verify_file());
}

TEST_F(BackupTest, TwoBackupsDoNotWriteOneFile) {
  const auto first = must(BackupWriter::create(file, Overwrite::no));
  EXPECT_EQ(code_of(back_up()), Errc::database_busy);
}

TEST_F(BackupTest, ANameThatWasTakenMeanwhileIsLeftAlone) {
  const auto writer = must(BackupWriter::create(file, Overwrite::no));
  must(writer->begin({}, {}));
  write_all(file, "precious");
  EXPECT_EQ(code_of(writer->finish()), Errc::already_exists);
  EXPECT_EQ(read_all(file), "precious");
}

TEST_F(BackupTest, APlaceThatCannotBeWrittenIsAnError) {
  file = source.directory() + "/no/such/directory";
  EXPECT_EQ(code_of(back_up()), Errc::io_error);
}

TEST_F(BackupTest, ADatabaseWithoutABookIsNotBackedUp) {
  const auto empty = must(store::open_sqlite_in_memory());
  must(store::migrate(*must(empty->open_writer()), {}));
  EXPECT_FALSE(backup(*empty, clock, file, Overwrite::no, no_progress).ok());
  EXPECT_FALSE(std::filesystem::exists(file));
}

TEST_F(BackupTest, AnEmptyPostgresDatabaseIsNamed) {
  TestDatabase empty;
  if (!empty.open("postgres")) GTEST_SKIP() << "no postgres here";
  const auto said = [&] { return "there is no database in " + empty.database().display_name(); };
  // Without a schema, and with one that a server which never got further has left.
  for (const bool with_schema : {false, true}) {
    if (with_schema) must(empty.database().open_writer());
    const auto backed_up = backup(empty.database(), clock, file, Overwrite::no, no_progress);
    ASSERT_EQ(code_of(backed_up), Errc::database_unavailable);
    EXPECT_EQ(backed_up.error().detail, said());
    Projections none;
    ForkJoin fork_join(0);
    const auto verified =
        verify(empty.database(), none, fork_join, [](std::string_view, std::uint64_t, std::uint64_t) {});
    ASSERT_EQ(code_of(verified), Errc::database_unavailable);
    EXPECT_EQ(verified.error().detail, said());
  }
  EXPECT_FALSE(std::filesystem::exists(file));
}

TEST_F(BackupTest, ADamagedBookIsNotBackedUp) {
  const struct {
    const char* name;
    const char* damage;
    const char* word;
  } rows[] = {
      {"a body", "UPDATE engine_records SET body = CAST(body || 'x' AS BLOB) WHERE number = 2", "record 2"},
      {"a body that does not read", "UPDATE engine_records SET body = x'00' WHERE number = 3", "record 3"},
      {"a hash", "UPDATE engine_records SET hash = zeroblob(32) WHERE number = 4", "record 4"},
      {"a record in the middle", "DELETE FROM engine_records WHERE number = 2", "record 2 is missing"},
      {"the last record", "DELETE FROM engine_records WHERE number = 4", "record 4 is missing"},
      {"the head", "UPDATE engine_head SET hash = zeroblob(32)", "engine_head"},
      {"a secret", "UPDATE engine_secrets SET sealed = x'00' WHERE name = CAST('of two' AS BLOB)",
       "engine_secrets"},
  };
  must(back_up());
  const auto copy = file;
  for (const auto& row : rows) {
    const auto database = must(store::open_sqlite_in_memory());
    file = copy;
    must(restore_into(*database));
    {
      const auto session = must(database->open_writer());
      must(session->begin());
      must(session->run_script(row.damage));
      // The last record of a restored book is that of its epoch: cut it off, so that the rows above count.
      if (std::string_view(row.name) == "the last record")
        must(session->run_script("UPDATE engine_head SET number = 4"));
      store::test::must_commit(*session);
    }
    const auto made = backup(*database, clock, source.directory() + "/damaged", Overwrite::no, no_progress);
    ASSERT_EQ(code_of(made), Errc::verification_failed) << row.name;
    EXPECT_NE(made.error().detail.find(row.word), std::string::npos)
        << row.name << ": " << made.error().detail;
    EXPECT_FALSE(std::filesystem::exists(source.directory() + "/damaged")) << row.name;
    EXPECT_FALSE(std::filesystem::exists(source.directory() + "/damaged.new")) << row.name;
  }
}

TEST_F(BackupTest, AChangedByteAnywhereIsFoundAndNothingIsRestored) {
  must(back_up());
  const std::string good = read_all(file);
  for (std::size_t at = 0; at < good.size(); ++at) {
    std::string bad = good;
    bad[at] = static_cast<char>(bad[at] ^ 0x01);
    write_all(file, bad);
    const auto found = verify_file();
    ASSERT_FALSE(found.ok()) << "byte " << at;
    EXPECT_FALSE(found.error().detail.empty()) << "byte " << at;
    const Errc expected = at < 16 ? Errc::invalid_encoding : Errc::verification_failed;
    EXPECT_EQ(found.error().code, expected) << "byte " << at << ": " << found.error().detail;
    if (at % 5 != 0) continue;
    const auto target = must(store::open_sqlite_in_memory());
    EXPECT_EQ(code_of(restore_into(*target, Commits::once)), expected) << "byte " << at;
    EXPECT_FALSE(has_book(*target)) << "byte " << at;
  }
}

TEST_F(BackupTest, ATruncatedFileIsFoundAndNothingIsRestored) {
  must(back_up());
  const std::string good = read_all(file);
  for (std::size_t size = 0; size < good.size(); size += size < 64 ? 1 : 7) {
    write_all(file, good.substr(0, size));
    const auto target = must(store::open_sqlite_in_memory());
    const auto restored = restore_into(*target, Commits::once);
    EXPECT_EQ(code_of(restored), size < 16 ? Errc::invalid_encoding : Errc::verification_failed) << size;
    EXPECT_FALSE(has_book(*target)) << size;
  }
  write_all(file, good + "x");
  EXPECT_EQ(code_of(verify_file()), Errc::verification_failed);
}

TEST_F(BackupTest, AFaultIsNamed) {
  must(back_up());
  const std::string good = read_all(file);
  const auto changed_at = [&](std::string_view what, std::size_t offset) {
    std::string bad = good;
    const std::size_t at = bad.rfind(what) + offset;
    bad[at] = static_cast<char>(bad[at] ^ 0x01);
    return bad;
  };
  const struct {
    const char* name;
    std::string content;
    const char* word;
  } rows[] = {
      {"another format", changed_at("JANGBU-BACKUP\n", 14), "format 0"},
      {"a note", changed_at("three", 0), "record 4: its hash does not follow"},
      {"a seal", changed_at("signed", 0), "digest"},
      {"a secret", changed_at("sealed one", 0), "digest"},
      {"the manifest", changed_at("sqlite", 0), "digest"},
      {"cut in a record", good.substr(0, good.rfind("three")), "it ends in the middle of record 4"},
      {"more behind", good + "x", "behind its end"},
      {"no backup", std::string(1000, 'x'), "no backup"},
  };
  for (const auto& row : rows) {
    write_all(file, row.content);
    const auto found = verify_file();
    ASSERT_FALSE(found.ok()) << row.name;
    EXPECT_NE(found.error().detail.find(row.word), std::string::npos)
        << row.name << ": " << found.error().detail;
  }
  EXPECT_FALSE(is_backup_file(file));
  std::filesystem::remove(file);
  EXPECT_EQ(code_of(verify_file()), Errc::io_error);
  EXPECT_FALSE(is_backup_file(file));
}

TEST_F(BackupTest, AManifestThatIsNotTheRecordsIsFound) {
  // A whole file with a good digest, written by somebody who lies about one thing.
  const auto session = must(source.database().open_reader());
  const BackupManifest honest = must(back_up());
  const struct {
    const char* name;
    void (*lie)(BackupManifest&);
  } rows[] = {
      {"one record more", [](BackupManifest& m) { ++m.records; }},
      {"another root", [](BackupManifest& m) { m.root_hash = {}; }},
      {"another epoch", [](BackupManifest& m) { ++m.epoch; }},
      {"another business time", [](BackupManifest& m) { m.business_at = m.business_at + Duration::days(1); }},
  };
  for (const auto& row : rows) {
    BackupManifest manifest = honest;
    row.lie(manifest);
    {
      const auto writer = must(BackupWriter::create(file, Overwrite::yes));
      must(writer->begin(manifest, {}));
      must(each_stored_record(*session, 1, honest.records, [&](const Record& record) {
        must(writer->add(record));
        return true;
      }));
      must(writer->finish());
    }
    const auto target = must(store::open_sqlite_in_memory());
    EXPECT_EQ(code_of(restore_into(*target, Commits::once)), Errc::verification_failed) << row.name;
    EXPECT_FALSE(has_book(*target)) << row.name;
  }
}

TEST_F(BackupTest, ASignatureThatIsNoneIsNotRestored) {
  {
    const auto session = must(source.database().open_writer());
    must(session->begin());
    must(session->run_script("UPDATE engine_records SET seal = x'00' WHERE number = 3"));
    store::test::must_commit(*session);
  }
  must(back_up());
  const auto found = verify_file();
  ASSERT_EQ(code_of(found), Errc::verification_failed);
  EXPECT_EQ(found.error().detail, "record 3: not signed");
  const auto target = must(store::open_sqlite_in_memory());
  const auto restored = restore_into(*target, Commits::once);
  ASSERT_EQ(code_of(restored), Errc::verification_failed);
  EXPECT_EQ(restored.error().detail, "record 3: not signed");
  EXPECT_FALSE(has_book(*target));
}

TEST_F(BackupTest, WhatAnEarlierBackupHasMustBeInTheBook) {
  const std::string earlier = file + ".earlier";
  must(backup(source.database(), clock, earlier, Overwrite::no, no_progress));
  const auto since = [&](const std::string& path) {
    Checkpoints checkpoints;
    must(checkpoints.add_backup(path));
    return checkpoints;
  };
  const auto verify_since = [&](store::Database& database, const std::string& path) {
    ForkJoin fork_join(0);
    Projections projections = only_notes();
    const auto verified = verify(
        database, projections, fork_join, [](std::string_view, std::uint64_t, std::uint64_t) {}, since(path));
    return verified ? std::string() : verified.error().detail;
  };
  EXPECT_EQ(verify_since(source.database(), earlier), "") << "nothing was added";
  {
    Node node(source.database(), clock);
    node.add("four");
    node.writer.settle();
  }
  EXPECT_EQ(verify_since(source.database(), earlier), "") << "a record was added";
  must(back_up());
  ForkJoin fork_join(0);
  must(verify_backup(file, only_notes(), fork_join, no_progress, since(earlier)));

  // A book of the same length and form with other notes, and one whose newest record was left out.
  const auto other = must(store::open_sqlite_in_memory());
  {
    Node node(*other, clock);
    for (const char* text : {"one", "another", "three", "four"}) node.add(text);
    node.writer.settle();
  }
  EXPECT_EQ(verify_book(*other), "");
  EXPECT_NE(verify_since(*other, file).find("engine_records: record 1 has the hash "), std::string::npos);
  EXPECT_NE(verify_since(*other, file).find(", that of " + file + " is "), std::string::npos);
  const auto cut = verify_backup(earlier, only_notes(), fork_join, no_progress, since(file));
  ASSERT_FALSE(cut.ok());
  EXPECT_EQ(cut.error().detail,
            "engine_records: record 5, which is in " + file + ", is missing: the book ends with record 4");

  // What is compared with must be whole itself.
  write_all(file, read_all(file) + "x");
  EXPECT_NE(verify_since(source.database(), file).find("behind its end"), std::string::npos);
}

TEST_F(BackupTest, ADatabaseThatIsServedIsNotRestoredInto) {
  TestDatabase target;
  if (!target.open("postgres")) GTEST_SKIP() << "no postgres here";
  must(back_up());
  const auto other = must(target.database().open_writer());
  ASSERT_TRUE(must(other->try_write_lock()));
  EXPECT_EQ(code_of(restore_into(target.database(), Commits::once)), Errc::database_busy);
}

}  // namespace
}  // namespace jangbu::engine
