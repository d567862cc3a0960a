// How long a commit takes on the embedded database while checkpoints go on, under the writer's usual load:
// per commit 64 rows of 750 bytes appended to a table by number, and 64 random 16-byte keys put into an index
// of a million.
//
//   store_bench DIRECTORY [--writer-only] [--start PAGES] [--finish PAGES] [--limit PAGES] [--rate COMMITS]
//   [--seconds N]
//   [--rows N]
//
// DIRECTORY is filled on first use and kept. A commit's latency counts from the moment it was due, so that a
// stall is charged to every commit that it holds up.
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <random>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <fmt/format.h>

#include "store/sqlite/open.h"

namespace {

using jangbu::Result;
using jangbu::Status;
using jangbu::store::CommitOutcome;
using jangbu::store::Sql;
using jangbu::store::Value;
using jangbu::store::WriterSession;
using SteadyClock = std::chrono::steady_clock;

constexpr Sql insert_record("INSERT INTO record (id, data) VALUES ($1, $2)");
constexpr Sql insert_key("INSERT INTO record_key (key, id) VALUES ($1, $2)");
constexpr Sql last_record("SELECT COALESCE(MAX(id), 0) FROM record");

struct Load {
  std::string directory;
  jangbu::store::sqlite::CheckpointPolicy policy;
  std::int64_t commits_per_s = 300;
  std::int64_t seconds = 20;
  std::int64_t rows = 1'000'000;
};

template <typename T>
T must(Result<T> result) {
  if (result) return std::move(result).value();
  fmt::print(stderr, "{}\n", to_string(result.error()));
  std::exit(1);
}
void must(const Status& status) {
  if (status) return;
  fmt::print(stderr, "{}\n", to_string(status.error()));
  std::exit(1);
}

/// Records with keys, one commit at a time.
class Feeder {
 public:
  explicit Feeder(WriterSession& writer) : writer_(writer) {
    must(writer_.query(last_record, {}, [this](const jangbu::store::Row& row) {
      last_ = row.integer(0);
      return true;
    }));
    generator_.seed(static_cast<std::uint64_t>(last_) + 1);
  }
  [[nodiscard]] std::int64_t last() const { return last_; }

  void commit(int records) {
    must(writer_.begin());
    for (int i = 0; i < records; ++i) {
      std::uint64_t key[2] = {generator_(), generator_()};
      const std::string_view key_bytes(reinterpret_cast<const char*>(key), sizeof key);
      must(writer_.execute(insert_record, {Value::integer(++last_), Value::blob(data_)}));
      must(writer_.execute(insert_key, {Value::blob(key_bytes), Value::integer(last_)}));
    }
    const auto result = writer_.commit();
    if (result.outcome != CommitOutcome::committed) must(Status(*result.error));
    writer_.after_commit();
  }

 private:
  WriterSession& writer_;
  std::int64_t last_ = 0;
  std::mt19937_64 generator_;
  const std::string data_ = std::string(750, 'd');
};

Load parse(int count, char** arguments) {
  Load load;
  load.directory = arguments[1];
  for (int i = 2; i < count; ++i) {
    const std::string_view name = arguments[i];
    if (name == "--writer-only") {
      load.policy.helper_thread = false;
      continue;
    }
    const std::int64_t value = i + 1 < count ? std::atoll(arguments[++i]) : 0;
    if (name == "--start") load.policy.start_pages = static_cast<int>(value);
    if (name == "--finish") load.policy.finish_pages = static_cast<int>(value);
    if (name == "--limit") load.policy.limit_pages = static_cast<int>(value);
    if (name == "--rate") load.commits_per_s = value;
    if (name == "--seconds") load.seconds = value;
    if (name == "--rows") load.rows = value;
  }
  return load;
}

void run(const Load& load) {
  jangbu::store::SqliteOptions options;
  options.directory = load.directory;
  const auto database = must(jangbu::store::sqlite::open_with_policy(options, load.policy));
  const auto writer = must(database->open_writer());
  must(
      writer->run_script("CREATE TABLE IF NOT EXISTS record (id {ROWID_KEY}, data {BLOB} NOT NULL);"
                         "CREATE TABLE IF NOT EXISTS record_key (key {BLOB} PRIMARY KEY, id BIGINT NOT NULL)"
                         " {WITHOUT_ROWID}"));
  Feeder feeder(*writer);
  while (feeder.last() < load.rows) feeder.commit(10'000);

  std::vector<std::int64_t> latencies_us;
  const std::int64_t commits = load.commits_per_s * load.seconds;
  latencies_us.reserve(static_cast<std::size_t>(commits));
  const auto start = SteadyClock::now();
  std::uint64_t log_bytes = 0;
  for (std::int64_t i = 0; i < commits; ++i) {
    const auto due = start + std::chrono::microseconds(i * 1'000'000 / load.commits_per_s);
    std::this_thread::sleep_until(due);
    feeder.commit(64);
    const auto spent = SteadyClock::now() - due;
    latencies_us.push_back(std::chrono::duration_cast<std::chrono::microseconds>(spent).count());
    if (i % 100 == 0) log_bytes = std::max(log_bytes, database->size_bytes());
  }
  std::sort(latencies_us.begin(), latencies_us.end());
  const auto at = [&latencies_us](std::size_t per_mille) {
    return latencies_us[std::min(latencies_us.size() - 1, latencies_us.size() * per_mille / 1000)];
  };
  fmt::print(
      "{} start={} finish={}: p50 {} us, p90 {} us, p99 {} us, p99.9 {} us, max {} us; {} MB on disk\n",
      load.policy.helper_thread ? "helper" : "writer", load.policy.start_pages, load.policy.finish_pages,
      at(500), at(900), at(990), at(999), latencies_us.back(), log_bytes / 1'000'000);
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 2) {
    fmt::print(stderr,
               "usage: store_bench DIRECTORY [--writer-only] [--start PAGES] [--finish PAGES] [--limit "
               "PAGES] [--rate COMMITS]"
               " [--seconds N] [--rows N]\n");
    return 2;
  }
  run(parse(count, arguments));
}
