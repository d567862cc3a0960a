// The writer on a disk whose sync fails and forgets, and the power that goes some time later.
#include <map>
#include <string>

#include <gtest/gtest.h>

#include "engine/testing/book.h"
#include "engine/testing/faulty_database.h"
#include "engine/testing/shelf.h"
#include "store/sqlite/fault_vfs.h"
#include "store/sqlite/open.h"
#include "store/test_database.h"

namespace jangbu::engine {
namespace {

using store::test::Fault;
using store::test::FaultVfs;
using store::test::must;
using testing::Outcome;
using testing::Put;

// Checkpoints on the writer's thread, every few commits, so that a run has the same syncs each time.
constexpr store::sqlite::CheckpointPolicy often{.helper_thread = false, .start_pages = 40};
constexpr int things = 8;

/// Who finds the batch whose sync failed.
enum class Finder : std::uint8_t { the_writer_itself, the_next_process };

Outcome put_now(testing::WriterFixture& fixture, const std::string& name) {
  Outcome outcome;
  fixture.run_each(std::make_unique<Put>(testing::Thing{name, 1, {}, {}}, outcome));
  EXPECT_EQ(outcome.calls, 1);
  return outcome;
}

std::unique_ptr<store::Database> open_in(const std::string& directory, const FaultVfs& vfs) {
  store::SqliteOptions options;
  options.directory = directory;
  options.vfs = vfs.name();
  return must(store::sqlite::open_with_policy(options, often));
}

/// Whether the power, going now, leaves a sound book with all that was acknowledged.
bool survives_power_loss(const FaultVfs& vfs, const std::map<std::string, Bytes>& acknowledged,
                         std::uint64_t seed) {
  const store::test::TemporaryDirectory after;
  vfs.save_after_power_loss(after.path(), seed);
  const FaultVfs healthy("jangbu-healthy");  // it never waits for the real disk
  const auto database = open_in(after.path(), healthy);
  const testing::ShelfFaults none;
  testing::WriterFixture survivor(testing::only_a_shelf(none), *database);
  if (!survivor.verify().empty()) return false;
  // A thing that was lost would be put again, and would get the same answer: it is told by its record.
  const std::uint64_t head = survivor.writer->head().number;
  for (const auto& [name, answer] : acknowledged) {
    const Outcome again = put_now(survivor, name);
    if (again.answer != answer || again.record > head) return false;
  }
  return true;
}

struct Losses {
  int syncs = 0;     // at which a run was disturbed
  int unknowns = 0;  // clients who were told that nobody knows
  int losses = 0;    // power losses that took something
};

/// For every N: the Nth sync of a short run fails, and all others until that command has its answer; after
/// it, and after each that follows, the power goes.
Losses count_losses(Finder finder, bool pretend_durable) {
  Losses found;
  for (int nth = 1;; ++nth) {
    SCOPED_TRACE(nth);
    FaultVfs vfs("jangbu-sync");
    const store::test::TemporaryDirectory place;
    const auto disk = open_in(place.path(), vfs);
    testing::FaultyDatabase database(*disk);
    database.pretend_durable(pretend_durable);
    WriterOptions options;
    options.resolve_patience_ms = 0;  // one look
    const testing::ShelfFaults none;
    testing::WriterFixture fixture(testing::only_a_shelf(none), database, options);

    vfs.fail(Fault::sync_error, nth, true);
    std::map<std::string, Bytes> acknowledged;
    for (int i = 0; i < things; ++i) {
      const std::string name = "thing " + std::to_string(i);
      database.refuse_sessions(finder == Finder::the_next_process && !vfs.struck());
      Outcome outcome = put_now(fixture, name);
      database.refuse_sessions(false);
      if (vfs.struck()) vfs.heal();
      if (!outcome.succeeded()) {
        EXPECT_TRUE(outcome.failed_with(Errc::outcome_unknown)) << to_string(*outcome.error);
        ++found.unknowns;
        if (finder == Finder::the_next_process) fixture.restart();
        outcome = put_now(fixture, name);
      }
      EXPECT_TRUE(outcome.succeeded());
      acknowledged[name] = outcome.answer;
      fixture.writer->maintain();
      if (vfs.struck() &&
          !survives_power_loss(vfs, acknowledged, static_cast<std::uint64_t>(nth * things + i)))
        ++found.losses;
    }
    if (!vfs.struck()) return found;  // the run is shorter than that
    ++found.syncs;
  }
}

TEST(WriterDurability, NothingAcknowledgedIsLostAfterAFailedSync) {
  const Losses found = count_losses(Finder::the_writer_itself, false);
  EXPECT_EQ(found.losses, 0);
  EXPECT_GT(found.syncs, things);
}

TEST(WriterDurability, NothingIsLostThatTheNextProcessFindsInTheLog) {
  const Losses found = count_losses(Finder::the_next_process, false);
  EXPECT_EQ(found.losses, 0);
  EXPECT_GT(found.unknowns, 0);
}

TEST(WriterDurability, TheTestBites) {
  for (const Finder finder : {Finder::the_writer_itself, Finder::the_next_process})
    EXPECT_GT(count_losses(finder, true).losses, 0);
}

}  // namespace
}  // namespace jangbu::engine
