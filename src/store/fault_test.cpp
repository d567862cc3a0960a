// The embedded database on a disk that fails, and after the power went.
#include <filesystem>
#include <string>

#include "store/sqlite/fault_vfs.h"
#include "store/sqlite/open.h"
#include "store/test_database.h"

namespace jangbu::store {
namespace {

using test::Fault;
using test::FaultVfs;
using test::integer_of;
using test::must;

constexpr Sql insert_left("INSERT INTO lhs (id, data) VALUES ($1, $2)");
constexpr Sql insert_right("INSERT INTO rhs (id, data) VALUES ($1, $2)");
constexpr Sql count_left("SELECT COUNT(*) FROM lhs");
constexpr Sql highest_left("SELECT COALESCE(MAX(id), 0) FROM lhs");
// A transaction writes one row to each side: a row without its counterpart is half a transaction.
constexpr Sql count_halves(
    "SELECT (SELECT COUNT(*) FROM lhs WHERE id NOT IN (SELECT id FROM rhs))"
    " + (SELECT COUNT(*) FROM rhs WHERE id NOT IN (SELECT id FROM lhs))");
constexpr std::string_view create_sides =
    "CREATE TABLE lhs (id {ROWID_KEY}, data {BLOB}); CREATE TABLE rhs (id {ROWID_KEY}, data {BLOB})";

// Checkpoints on the writer's thread, every few commits, so that a run has the same operations each time.
constexpr sqlite::CheckpointPolicy often{.helper_thread = false, .start_pages = 12};

SqliteOptions options_in(const std::string& directory) {
  SqliteOptions options;
  options.directory = directory;
  return options;
}

CommitResult commit_pair(WriterSession& writer, std::int64_t id) {
  const std::string data(3000, static_cast<char>('a' + id % 26));
  Status status = writer.begin();
  if (status) status = writer.execute(insert_left, {Value::integer(id), Value::blob(data)});
  if (status) status = writer.execute(insert_right, {Value::integer(id), Value::blob(data)});
  if (!status) {
    writer.rollback();
    return {CommitOutcome::rolled_back, status.error()};
  }
  CommitResult result = writer.commit();
  if (result.outcome == CommitOutcome::committed) writer.after_commit();
  return result;
}

void expect_sound(Session& session) {
  EXPECT_EQ(integer_of(session, count_halves), 0);
  EXPECT_EQ(integer_of(session, count_left), integer_of(session, highest_left))
      << "no transaction is missing between";
  std::string verdict;
  must(session.query_text("PRAGMA integrity_check", {}, [&](const Row& row) {
    verdict = row.bytes(0);
    return false;
  }));
  EXPECT_EQ(verdict, "ok");
}

struct FaultCase {
  const char* name;
  Fault fault;
  bool for_good;
};

class FaultTest : public testing::TestWithParam<FaultCase> {};

// For every N: the Nth write, sync or truncate of a short run fails. An error is reported, nothing
// acknowledged is lost, nothing is half there, and all works again when the fault has gone.
TEST_P(FaultTest, AtEveryOperation) {
  constexpr std::int64_t pairs = 12;
  FaultVfs vfs("jangbu-fault");
  int unknowns = 0;
  int checked = 0;
  for (int nth = 1; nth < 10'000; ++nth) {
    SCOPED_TRACE(nth);
    const test::TemporaryDirectory place;
    SqliteOptions options = options_in(place.path());
    options.vfs = vfs.name();
    const auto database = must(sqlite::open_with_policy(options, often));
    auto writer = must(database->open_writer());
    must(writer->run_script(create_sides));

    vfs.fail(GetParam().fault, nth, GetParam().for_good);
    std::int64_t acknowledged = 0;
    std::optional<CommitResult> failed;
    while (acknowledged < pairs && !failed) {
      CommitResult result = commit_pair(*writer, acknowledged + 1);
      if (result.outcome == CommitOutcome::committed) {
        ++acknowledged;
      } else {
        failed = std::move(result);
      }
    }
    const bool struck = vfs.struck();
    vfs.heal();
    if (!struck) break;  // the run is shorter than that
    ++checked;
    // A fault inside a checkpoint fails no commit: the log still holds everything.
    if (failed) {
      const Errc expected = GetParam().fault == Fault::disk_full ? Errc::disk_full : Errc::io_error;
      EXPECT_EQ(failed->error->code, expected);
      if (failed->outcome == CommitOutcome::unknown) {
        ++unknowns;
        EXPECT_EQ(writer->begin().error().code, Errc::database_unavailable);
        EXPECT_FALSE(writer->holds_write_lock());
        writer.reset();
        writer = must(database->open_writer());
      }
    }
    const std::int64_t found = integer_of(*writer, count_left);
    const bool in_doubt = failed && failed->outcome == CommitOutcome::unknown;
    EXPECT_TRUE(found == acknowledged || (in_doubt && found == acknowledged + 1))
        << found << " of " << acknowledged;
    for (std::int64_t id = found + 1; id <= pairs + 5; ++id) {
      EXPECT_EQ(commit_pair(*writer, id).outcome, CommitOutcome::committed);
    }
    expect_sound(*writer);
    writer.reset();
    // What is in the files, read by the system's own VFS.
    const auto reopened = must(open_sqlite(options_in(place.path())));
    const auto again = must(reopened->open_writer());
    EXPECT_EQ(integer_of(*again, count_left), pairs + 5);
    expect_sound(*again);
  }
  EXPECT_GT(checked, 50);
  // A full disk shows when the log is written, before anything could count.
  EXPECT_EQ(unknowns > 0, GetParam().fault == Fault::io_error);
}

INSTANTIATE_TEST_SUITE_P(Faults, FaultTest,
                         testing::Values(FaultCase{"io_error_once", Fault::io_error, false},
                                         FaultCase{"io_error_for_good", Fault::io_error, true},
                                         FaultCase{"disk_full_once", Fault::disk_full, false},
                                         FaultCase{"disk_full_for_good", Fault::disk_full, true}),
                         [](const auto& tested) { return std::string(tested.param.name); });

/// Lets the power go at every operation of a run, and counts the images in which an acknowledged transaction
/// is missing.
int count_losses(bool synchronous_full) {
  FaultVfs vfs("jangbu-power");
  // It never waits for the real disk, and thousands of images are opened below.
  FaultVfs healthy("jangbu-healthy");
  const test::TemporaryDirectory place;
  SqliteOptions options = options_in(place.path() + "/data");
  options.vfs = vfs.name();
  options.synchronous_full = synchronous_full;
  const auto database = must(sqlite::open_with_policy(options, often));
  const auto writer = must(database->open_writer());
  must(writer->run_script(create_sides));
  // The schema is not what is being tested: it is committed and copied before.
  for (std::int64_t id = 1; id <= 20; ++id)
    EXPECT_EQ(commit_pair(*writer, id).outcome, CommitOutcome::committed);

  std::int64_t acknowledged = 20;
  int images = 0;
  int losses = 0;
  vfs.before_each_operation([&] {
    const test::TemporaryDirectory after;
    vfs.save_after_power_loss(after.path(), static_cast<std::uint64_t>(++images));
    SqliteOptions restarted = options_in(after.path());
    restarted.vfs = healthy.name();
    const auto survivor = must(sqlite::open_with_policy(restarted, often));
    const auto session = must(survivor->open_writer());
    const std::int64_t found = integer_of(*session, count_left);
    EXPECT_LE(found, acknowledged + 1);
    if (found < acknowledged) ++losses;
    expect_sound(*session);
  });
  for (std::int64_t id = 21; id <= 50; ++id) {
    EXPECT_EQ(commit_pair(*writer, id).outcome, CommitOutcome::committed);
    acknowledged = id;
  }
  vfs.before_each_operation(nullptr);
  EXPECT_GT(images, 300);
  return losses;
}

TEST(PowerLoss, NothingAcknowledgedIsLost) { EXPECT_EQ(count_losses(true), 0); }

TEST(PowerLoss, TheTestBites) { EXPECT_GT(count_losses(false), 0); }

}  // namespace
}  // namespace jangbu::store
