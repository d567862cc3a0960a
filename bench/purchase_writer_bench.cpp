// What the writer's thread spends on a purchase, stage by stage, in a book that holds many already: processor
// time, and bytes written to the log and by checkpoints, which what else runs on the machine changes far less
// than a rate.
//
//   purchase_writer_bench DIRECTORY [--prefill N] [--purchases N] [--users N] [--batch N] [--deferred-keys N]
//                        [--page-cache KIB]
//
// DIRECTORY takes a new book, or is an earlier run's, which grows by this one's: --purchases follow
// --prefill. Signing is done on the writer's thread, too.
#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "purchase/test_door.h"

namespace jangbu::purchase {
namespace {

struct Load {
  std::string directory;
  std::uint64_t prefill = 0;
  std::uint64_t purchases = 100'000;
  std::uint64_t users = 100'000;
  std::uint64_t batch = 30;
  std::int64_t page_cache_kib = store::SqliteOptions().page_cache_kib;
  engine::WriterOptions writer;
};

template <typename T>
T must(Result<T> result) {
  if (result) return std::move(result).value();
  fmt::print(stderr, "{}\n", to_string(result.error()));
  std::exit(1);
}

/// The writer's stages are measured by the monotonic clock: here the processor time of the calling thread.
class ProcessorClock final : public Clock {
 public:
  Instant wall_now() const override { return system_.wall_now(); }
  std::int64_t monotonic_us() const override {
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return time.tv_sec * 1'000'000 + time.tv_nsec / 1000;
  }

 private:
  SystemClock system_;
};

store::SqliteOptions options_of(const Load& load) {
  store::SqliteOptions options;
  options.directory = load.directory;
  options.page_cache_kib = load.page_cache_kib;
  return options;
}

/// What this process has handed to the kernel to be written.
std::uint64_t written_bytes() {
  std::ifstream file("/proc/self/io");
  std::string name;
  std::uint64_t value = 0;
  while (file >> name >> value)
    if (name == "wchar:") return value;
  return 0;
}

class Till {
 public:
  explicit Till(const Load& load)
      : load_(load),
        database_(must(store::open_sqlite(options_of(load)))),
        projections_(house_.projections(state_)),
        writer_(*database_, projections_, clock_, house_.random, alone_, load.writer) {
    const std::int64_t start_us = clock_.monotonic_us();
    if (!must(writer_.acquire())) std::exit(1);
    fmt::print("start of {} records, ms: {}\n", writer_.head().number,
               (clock_.monotonic_us() - start_us) / 1000);
    if (writer_.head().number == 1) configure();
    random_.seed(writer_.head().number);
  }

  void run(const char* name, std::uint64_t purchases) {
    engine::BatchTimes sum;
    const std::int64_t start_us = clock_.monotonic_us();
    const std::uint64_t written_before = written_bytes();
    for (std::uint64_t done = 0; done < purchases;) {
      std::vector<std::unique_ptr<engine::Command>> commands;
      for (std::uint64_t i = 0; i < load_.batch; ++i) commands.push_back(next());
      done += commands.size();
      writer_.run(std::move(commands));
      writer_.maintain();
      const engine::BatchTimes& times = writer_.last_times();
      sum.commands += times.commands;
      sum.decide_us += times.decide_us;
      sum.seal_us += times.seal_us;
      sum.flush_us += times.flush_us;
      sum.commit_us += times.commit_us;
    }
    const auto each = [&](std::int64_t us) {
      return static_cast<double>(us) / static_cast<double>(sum.commands);
    };
    fmt::print(
        "{}: {} purchases, {} refused; us each: decide {:.2f} seal {:.2f} flush {:.2f} commit {:.2f}; with "
        "all "
        "around {:.2f}; bytes written each: {}\n",
        name, sum.commands, refused_, each(sum.decide_us), each(sum.seal_us), each(sum.flush_us),
        each(sum.commit_us), each(clock_.monotonic_us() - start_us),
        (written_bytes() - written_before) / sum.commands);
  }

 private:
  void configure() {
    const auto ignore = [](const auto&) {};
    std::vector<std::unique_ptr<engine::Command>> changes;
    changes.push_back(
        std::make_unique<SetSettings>(*state_, house_.signers, SettingsSet{house_.addresses[0]}, ignore));
    changes.push_back(std::make_unique<SetHolder>(
        *state_, house_.signers,
        HolderSet{0, "shop system", "krw", default_waiting_s, house_.addresses[1], true}, ignore));
    changes.push_back(std::make_unique<SetKey>(*state_, KeySet{key_of(1), 1, false, "bench"}, ignore));
    changes.push_back(std::make_unique<SetRate>(*state_, RateSet{"krw", whole(1)}, ignore));
    for (auto& change : changes) {
      std::vector<std::unique_ptr<engine::Command>> one;
      one.push_back(std::move(change));
      writer_.run(std::move(one));
    }
  }

  std::unique_ptr<engine::Command> next() {
    NewPurchase request = purchase_of(fmt::format("{:016x}", random_()), 6, 1000,
                                      fmt::format("0x{:040x}", random_() % load_.users + 1));
    request.details.clear();
    for (int i = 0; i < 6; ++i) request.details.push_back({fmt::format("product{}", i), whole(1), 1000});
    return std::make_unique<RecordPurchase>(
        *state_, std::move(request), key_of(1), 1,
        [this](const Result<std::string>& body) { refused_ += body ? 0U : 1U; });
  }

  const Load& load_;
  ProcessorClock clock_;
  Installation house_;
  engine::ForkJoin alone_{0};
  std::unique_ptr<store::Database> database_;
  State* state_ = nullptr;
  engine::Projections projections_;
  engine::Writer writer_;
  std::mt19937_64 random_;
  std::uint64_t refused_ = 0;
};

int run(int count, char** arguments) {
  Load load;
  load.directory = arguments[1];
  for (int i = 2; i < count; ++i) {
    const std::string_view name = arguments[i];
    const std::uint64_t value = i + 1 < count ? std::strtoull(arguments[++i], nullptr, 10) : 0;
    if (name == "--prefill") load.prefill = value;
    if (name == "--purchases") load.purchases = value;
    if (name == "--users") load.users = std::max<std::uint64_t>(1, value);
    if (name == "--batch") load.batch = std::clamp<std::uint64_t>(value, 1, 256);
    if (name == "--page-cache") load.page_cache_kib = static_cast<std::int64_t>(value);
    if (name == "--deferred-keys") load.writer.deferred_keys = value;
  }
  Till till(load);
  if (load.prefill != 0) till.run("prefill", load.prefill);
  till.run("measured", load.purchases);
  return 0;
}

}  // namespace
}  // namespace jangbu::purchase

int main(int count, char** arguments) {
  if (count >= 2) return jangbu::purchase::run(count, arguments);
  fmt::print(stderr, "purchase_writer_bench DIRECTORY [OPTION...]: see the head of its source\n");
  return 2;
}
