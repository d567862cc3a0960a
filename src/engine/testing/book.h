// What tests of the engine share.
#pragma once

#include <cstdlib>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/random.h"
#include "base/time.h"
#include "engine/engine.h"
#include "engine/fork_join.h"
#include "engine/writer.h"
#include "store/database.h"

namespace jangbu::engine::testing {

/// Stands still until it is moved. Thread-safe.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(Instant start) : now_(start) {}
  Instant wall_now() const override;
  std::int64_t monotonic_us() const override;
  void advance(Duration by);

 private:
  mutable std::mutex mutex_;
  Instant now_;
};

/// The same bytes in every run.
class CountingRandom final : public Random {
 public:
  Bytes bytes(std::size_t count) override;

 private:
  std::mutex mutex_;
  unsigned char next_ = 1;
};

/// 2024-01-15T04:14:10Z, the moment of the purchase seed's example.
inline constexpr Instant example_moment{1'705'292'050'000'000};

/// A writer over a database in memory or any other, driven batch by batch on the test's own thread.
struct WriterFixture {
  /// `make`: fresh projections, for the writer and, unless `make_for_verify` is given, for verify().
  explicit WriterFixture(std::function<Projections()> make, WriterOptions options = {},
                         std::function<Projections()> make_for_verify = {});
  /// The same over a database that outlives the fixture.
  WriterFixture(std::function<Projections()> make, store::Database& database, WriterOptions options = {},
                std::function<Projections()> make_for_verify = {});

  /// Runs one batch of commands. Each decides twice, and must decide alike: a batch that fails asks again.
  void run(std::vector<std::unique_ptr<Command>> commands);
  template <typename... Commands>
  void run_each(Commands... commands) {
    std::vector<std::unique_ptr<Command>> list;
    (list.push_back(std::move(commands)), ...);
    run(std::move(list));
  }
  /// Runs background batches until no due work waits.
  void run_due_work();
  /// Moves business and wall time, and does what has fallen due.
  void advance(Duration by);
  /// Looks at the book as decide does.
  void look(std::function<void(Unit&)> at);
  /// As after a crash: forgets everything in memory and starts over from the database.
  void restart();
  /// Verifies the book; the error's text, or empty.
  std::string verify();

  std::function<Projections()> make_projections;
  std::function<Projections()> make_for_verify;
  ManualClock clock{example_moment};
  CountingRandom random;
  ForkJoin fork_join{1};
  std::unique_ptr<store::Database> own_database;
  store::Database& database;
  WriterOptions options;
  Projections projections;
  std::unique_ptr<Writer> writer;
};

}  // namespace jangbu::engine::testing
